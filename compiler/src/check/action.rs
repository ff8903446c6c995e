//! Actions: the row of the table, what it names, its settings and outcomes.

use chatflow_runtime::action::{
    Action, ActionSpec, Argument, ArgumentDefault, ArgumentSpec, DEADLINES, ObjectSpec, Outcome, Part,
    TIMEOUTS, Takes, within,
};
use chatflow_runtime::id::{Object, Str};
use chatflow_runtime::image::ObjectDef;
use chatflow_runtime::value::Value as Constant;

use super::Checker;
use super::statement::Given;
use crate::code::Code;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::file::View;
use crate::habits;
use crate::hir::{Act, Arm, Value};
use crate::literal::{duration, written_duration};
use crate::near::nearest;
use crate::source::Span;
use crate::token::Kind;
use crate::tree::{Expr, ExprKind, Line, LineKind, Range, in_order};
use crate::workspace::{Thing, repeated, single_word, unknown_setting};

/// What every action may say that waits for the visitor.
const TIMEOUT: &str = "timeout";
/// What every action may say that waits for the host.
const DEADLINE: &str = "deadline";

/// The words that begin the statements of the language itself; those of actions stand in their table.
pub(crate) const STATEMENTS: [&str; 9] = ["say", "ask", "set", "let", "clear", "if", "do", "wait", "end"];

impl Checker<'_> {
    pub(super) fn action(
        &mut self,
        view: View<'_>,
        words: Range,
        text: Option<&Expr>,
        lines: &[Line],
    ) -> Option<Act> {
        let Some((action, object)) = self.head(view, words) else {
            self.arms_of(view, lines);
            return None;
        };
        let spec = action.spec();
        self.uses(spec.plan, spec.head, view.span(words));
        if let Some(object) = &object {
            self.seats(object, view.span(words));
        }
        let takes_address = spec.objects.iter().any(|object| matches!(object, ObjectSpec::Address(_)));
        // Where something else stands in its place, that is reported.
        let head = object.as_ref().map(|_| view.span(words));
        let address = if takes_address { Some(self.address(view, text, head)) } else { None };
        if let (Some(text), None) = (text, &address) {
            let found = Diagnostic::new(
                Code::Syntax,
                view.span(text.range),
                format!("`{}` takes no text", spec.head),
            )
            .here("not expected here");
            self.found.push(found);
        }
        // Two calls of a step are told apart by their addresses.
        let address_words = text.filter(|_| takes_address).map(|text| view.source(text.range));
        let what = view.source(words).split_whitespace().chain(address_words).collect::<Vec<_>>().join(" ");
        let place = self.place(&what);
        let mut act = Act {
            place,
            what,
            action,
            object: Object(0),
            arguments: Vec::new(),
            given: Vec::new(),
            results: Vec::new(),
            talk: None,
            outcomes: Vec::new(),
            timeout: None,
            deadline: None,
        };
        let stages = object.as_ref().map(|object| object.name);
        self.action_lines(view, &mut act, stages, lines);
        self.argument_defaults(&mut act, view.span(words));
        if let Some(address) = address {
            act.given.insert(0, address?);
        }
        act.object = self.tables.object(object?);
        Some(act)
    }

    /// What the arrows of a block lead to, where nobody knows what the block belongs to: its own mistakes show in the same
    /// run, and the steps that it names are named.
    pub(super) fn arms_of(&mut self, view: View<'_>, lines: &[Line]) {
        for line in lines {
            match &line.kind {
                LineKind::Choice { arrow, .. } | LineKind::Entry { arrow, .. } => {
                    self.arm_or_next(view, arrow.as_ref());
                }
                LineKind::Pair { .. } | LineKind::Block { .. } | LineKind::Save { .. } | LineKind::Error => {}
            }
        }
    }

    /// The action whose head the words begin with, and what it names. What is unknown is reported.
    pub(super) fn head(&mut self, view: View<'_>, range: Range) -> Option<(Action, Option<ObjectDef>)> {
        let words = view.words(range);
        let heads = |spec: &ActionSpec| spec.head.split(' ').collect::<Vec<_>>();
        let found =
            Action::ALL.iter().copied().filter(|action| action.spec().is_statement()).find(|action| {
                let head = heads(action.spec());
                words.len() >= head.len() && head.iter().zip(&words).all(|(head, (word, _))| head == word)
            });
        let Some(action) = found else {
            let written = view.source(range);
            if !self.storing_habit(view, range) && !self.call_as_statement(written, view.span(range)) {
                self.unknown_statement(&words);
            }
            return None;
        };
        let rest = words.get(heads(action.spec()).len()..).unwrap_or(&[]);
        let after = words.last().map_or(view.span(range), |(_, span)| span.at_end());
        Some((action, self.action_object(action.spec(), rest, after)))
    }

    fn action_object(&mut self, spec: &ActionSpec, rest: &[(&str, Span)], after: Span) -> Option<ObjectDef> {
        for object in spec.objects {
            match (object, rest) {
                (ObjectSpec::Words(words, kind), _)
                    if rest.iter().map(|(word, _)| *word).eq(words.split(' ')) =>
                {
                    let title = self.tables.str(words);
                    let name = self.tables.str("");
                    return Some(ObjectDef { kind: *kind, name, title, link: None, members: Vec::new() });
                }
                (ObjectSpec::Named { kind, word: true }, [(word, _), (name, span)])
                    if *word == kind.word() =>
                {
                    return self.object(*kind, name, *span);
                }
                (ObjectSpec::Address(kind), []) => {
                    let nothing = self.tables.str("");
                    let (name, title) = (nothing, nothing);
                    return Some(ObjectDef { kind: *kind, name, title, link: None, members: Vec::new() });
                }
                (ObjectSpec::Named { kind, word: false }, [(name, span)]) => {
                    return self.object(*kind, name, *span);
                }
                _ => {}
            }
        }
        let forms: Vec<String> = spec
            .objects
            .iter()
            .map(|object| match object {
                ObjectSpec::Named { kind, word: true } => format!("`{} {} NAME`", spec.head, kind.word()),
                ObjectSpec::Named { .. } => format!("`{} NAME`", spec.head),
                ObjectSpec::Words(words, _) => format!("`{} {words}`", spec.head),
                ObjectSpec::Called(_) => "`let NAME = FUNCTION(VALUE)`".to_owned(),
                ObjectSpec::Address(_) => format!("`{} \"https://…\"`", spec.head),
            })
            .collect();
        let span = match (rest.first(), rest.last()) {
            (Some((_, first)), Some((_, last))) => first.to(*last),
            _ => after,
        };
        let message = format!(
            "`{}` does not say {}",
            spec.head,
            if spec.objects.len() > 1 { "to whom" } else { "which" }
        );
        let mut found = Diagnostic::new(Code::Syntax, span, message).here("unclear");
        found.help = Some(format!("Write {}.", forms.join(", ")));
        if let [(name, span)] = rest
            && let Some(word) = self.kind_of_name(spec, name)
        {
            found = found.fix(format!("write `{word} {name}`"), span.at_start(), format!("{word} "));
        }
        self.found.push(found);
        None
    }

    /// The word that is missing before a name that the workspace knows: `team` in `hand off to sales`.
    /// None where it could be either of two things.
    fn kind_of_name(&self, spec: &ActionSpec, name: &str) -> Option<&'static str> {
        let workspace = self.names.workspace?;
        let mut kinds = spec.objects.iter().filter_map(|object| match object {
            ObjectSpec::Named { kind, word: true } => {
                workspace.thing(Thing::named(*kind)?, name).map(|_| kind.word())
            }
            ObjectSpec::Named { .. }
            | ObjectSpec::Words(..)
            | ObjectSpec::Called(_)
            | ObjectSpec::Address(_) => None,
        });
        kinds.next().filter(|_| kinds.next().is_none())
    }

    /// `x = 5` and `x += 1`, as other languages store; whether it was one of them.
    fn storing_habit(&mut self, view: View<'_>, range: Range) -> bool {
        let (name, span) = (view.source(range), view.span(range));
        let (sign, equals) = match (view.kind(range.end), view.kind(range.end + 1)) {
            (Some(Kind::Equals), _) => (None, range.end),
            (Some(Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash), Some(Kind::Equals)) => {
                (Some(view.text(range.end)), range.end + 1)
            }
            _ => return false,
        };
        let known = self.names.locals.contains_key(name) || name.contains('.');
        let word = if known || sign.is_some() { "set" } else { "let" };
        let (message, written) = match sign {
            None => (
                "a value is stored with `set`, a new local made with `let`".to_owned(),
                format!("{word} {name} ="),
            ),
            Some(sign) => (format!("`{sign}=` is written out here"), format!("set {name} = {name} {sign}")),
        };
        // A new local may be a misspelt one; `x *= 1 + 2` would need parentheses.
        let certain = known && sign.is_none_or(|sign| sign == "+");
        let applicability = if certain { Applicability::Safe } else { Applicability::Unsafe };
        let found = Diagnostic::new(Code::UnknownWord, span, message)
            .here("no statement")
            .help(format!("Write `{written} …`."))
            .edit(applicability, format!("write `{written}`"), span.to(view.at(equals)), written);
        self.found.push(found);
        true
    }

    fn unknown_statement(&mut self, words: &[(&str, Span)]) {
        let Some((first, span)) = words.first() else { return };
        if words.len() == 1 && self.names.steps.contains_key(*first) {
            let found = Diagnostic::new(Code::UnknownWord, *span, format!("there is no statement `{first}`"))
                .here("the name of a step")
                .help(format!("`-> {first}` goes to the step, `do {first}` runs it and comes back."))
                .suggest("go to the step", span.at_start(), "-> ");
            self.found.push(found);
            return;
        }
        let statements = Action::ALL.iter().map(|action| action.spec()).filter(|spec| spec.is_statement());
        let heads = statements.map(|spec| spec.head);
        let written: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        // An action whose first word fits, with a slip in a later one.
        let slip = heads.clone().find_map(|head| {
            let head_words: Vec<&str> = head.split(' ').collect();
            let begin = written.get(..head_words.len())?;
            (begin.first() == head_words.first()
                || nearest(begin.first()?, head_words.first().copied()).is_some())
            .then(|| nearest(&begin.join(" "), [head]).map(|near| (near, head_words.len())))
            .flatten()
        });
        if let Some((near, len)) = slip {
            let end = words.get(len - 1).map_or(*span, |(_, span)| *span);
            let span = span.to(end);
            let written = written.get(..len).unwrap_or(&[]).join(" ");
            let found =
                Diagnostic::new(Code::UnknownWord, span, format!("there is no statement `{written}`"))
                    .here("unknown statement")
                    .help(format!("Did you mean `{near}`?"))
                    .word_meant(&written, span, heads);
            self.found.push(found);
            return;
        }
        let firsts = heads.clone().filter_map(|head| head.split(' ').next());
        let firsts = STATEMENTS.into_iter().chain(firsts);
        let near = nearest(first, firsts.clone());
        let mut found = Diagnostic::new(Code::UnknownWord, *span, format!("there is no statement `{first}`"))
            .here("unknown statement");
        let to_people = written.iter().any(|word| matches!(*word, "team" | "user" | "agent" | "human"));
        let habit = if to_people { Some(habits::TO_PEOPLE) } else { habits::statement(first) };
        if let Some(habit) = habit {
            self.found.push(found.help(habit));
            return;
        }
        let sayable = |outcome| {
            Action::ALL
                .iter()
                .map(|action| action.spec())
                .find(|spec| spec.sayable().any(|row| row.outcome == outcome))
        };
        if let Some(spec) = Outcome::named(first).filter(|_| near.is_none()).and_then(sayable) {
            let head = spec.head;
            self.found.push(found.help(format!("It is one of the ways on which an action goes on, and stands in its block: `{head} … {{ {first} -> STEP }}`.")));
            return;
        }
        // An action that ends with a word of what is written: `trigger webhook`.
        let last = |head: &&str| {
            head.rsplit(' ')
                .next()
                .is_some_and(|last| written.contains(&last) && !matches!(last, "to" | "in" | "from"))
        };
        let alike = heads.clone().find(last).filter(|_| near.is_none());
        found.help = Some(match near.or(alike) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => {
                let all: Vec<&str> = STATEMENTS.into_iter().chain(heads).collect();
                format!(
                    "The statements: {}, `-> STEP`.",
                    all.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
                )
            }
        });
        self.found.push(found.word_meant(first, *span, firsts));
    }

    pub(super) fn action_lines(
        &mut self,
        view: View<'_>,
        act: &mut Act,
        pipeline: Option<Str>,
        lines: &[Line],
    ) {
        let spec = act.action.spec();
        let mut all: Vec<&'static str> =
            spec.settings.iter().map(|setting| setting.argument.word()).collect();
        all.extend(spec.sayable().map(|row| row.outcome.word()));
        all.extend(spec.waits.may_be_for_visitor().then_some(TIMEOUT));
        all.extend(spec.waits.late().map(|_| DEADLINE));
        let mut given: Given<'_> = Vec::new();
        for line in in_order(lines) {
            let (head, when, values, arrow) = match &line.kind {
                LineKind::Entry { head, when, values, arrow } => (head, when, values, arrow),
                LineKind::Block { head, lines } => {
                    self.block_line(view, act, (*head, lines), line, &mut given);
                    continue;
                }
                LineKind::Save { path, local } if spec.brings.is_some() && spec.is_statement() => {
                    self.save(view, act, path, local.as_ref());
                    continue;
                }
                LineKind::Choice { .. } | LineKind::Pair { .. } | LineKind::Save { .. } | LineKind::Error => {
                    self.not_a_setting(view, line);
                    continue;
                }
            };
            let (word, span) = (view.text(*head), view.at(*head));
            if !all.contains(&word) {
                // A block behind the arrow is still read, so that its own mistakes show in the same run.
                let arm = self.arm_or_next(view, arrow.as_ref());
                // What was meant is said, most likely, and not missing as well.
                let meant = nearest(word, all.iter().copied()).and_then(Outcome::named);
                act.outcomes.extend(meant.map(|outcome| (outcome, arm)));
                self.found.push(unknown_setting(word, span, spec.head, &all));
                continue;
            }
            let said = act.outcomes.len();
            let setting = spec.settings.iter().find(|setting| setting.argument.word() == word);
            if !setting.is_some_and(|setting| setting.takes.repeats()) {
                if let Some((_, first)) = given.iter().find(|(other, _)| *other == word) {
                    self.found.push(repeated(word, span, *first));
                    continue;
                }
                given.push((word, span));
            }
            let takes = setting.map(|setting| setting.takes);
            match (takes, setting, values.as_slice(), arrow, *when) {
                (Some(takes), Some(setting), [value], None, false) if takes.is_argument() => {
                    if let Some(value) = self.argument(view, setting, value, pipeline) {
                        act.arguments.push((setting.argument, value));
                    }
                }
                (Some(Takes::Nicknames), _, [name], Some(branch), false) => {
                    self.nickname(view, act, name, branch);
                }
                (Some(Takes::Nothing), _, [], None, false) => {
                    act.talk.get_or_insert_default().asks = true;
                }
                (None, _, [], Some(branch), false) => {
                    let arm = self.arm(view, branch);
                    if let Some(outcome) = Outcome::named(word) {
                        act.outcomes.push((outcome, arm));
                    }
                }
                (None, _, [value], Some(branch), false) if word == TIMEOUT => {
                    let at = view.span(value.range);
                    let arm = self.arm(view, branch);
                    let time = self.time(view, value, TIMEOUTS, "timeout 10m -> STEP");
                    act.timeout = time.map(|time| (time, arm, at));
                }
                (None, _, [value], None, false) if word == DEADLINE => {
                    act.deadline = self.time(view, value, DEADLINES, "deadline 5s");
                }
                _ if values.iter().any(|value| value.kind == ExprKind::Error) => {}
                _ if self.runs_on(view, values, &all) => {}
                _ => self.misshapen(word, span, &form_of(word, takes)),
            }
            if let Some(outcome) = Outcome::named(word).filter(|_| act.outcomes.len() == said) {
                // It is said, though not as it should be.
                act.outcomes.push((outcome, Arm::Next));
            }
        }
        if spec.setting(Argument::Next).is_some() {
            self.contract(view, act, lines);
        }
        act.arguments.sort_by_key(|(argument, _)| Argument::ALL.iter().position(|other| other == argument));
        act.outcomes.sort_by_key(|(outcome, _)| *outcome);
    }

    /// What is given where the flow gives nothing.
    fn argument_defaults(&mut self, act: &mut Act, span: Span) {
        for setting in act.action.spec().settings {
            let given = act.arguments.iter().any(|(argument, _)| *argument == setting.argument);
            match setting.default {
                ArgumentDefault::Reply if !given => {
                    act.arguments.push((setting.argument, Value::Reply(span)));
                }
                ArgumentDefault::Word(word) if !given => {
                    let word = self.tables.constant(Constant::Text(word.to_owned()));
                    act.arguments.push((setting.argument, Value::Const(word)));
                }
                ArgumentDefault::Reply | ArgumentDefault::Word(_) | ArgumentDefault::Host => {}
            }
        }
    }

    /// A length of time within bounds; anything else is reported.
    pub(super) fn time(
        &mut self,
        view: View<'_>,
        value: &Expr,
        bounds: (i64, i64),
        form: &str,
    ) -> Option<i64> {
        let span = view.span(value.range);
        let word = form.split(' ').next().unwrap_or(form);
        let time = duration(view.source(value.range));
        match time {
            Some(time) if within(bounds, time) => return Some(time),
            _ if value.kind == ExprKind::Error => {}
            None => self.misshapen(word, span, form),
            Some(_) => {
                let (least, most) = (written_duration(bounds.0), written_duration(bounds.1));
                let found = Diagnostic::new(
                    Code::BadSetting,
                    span,
                    format!("`{word}` is at least {least} and at most {most}"),
                )
                .here("out of bounds")
                .help(format!("Write `{form}`, or another time between the two."));
                self.found.push(found);
            }
        }
        None
    }

    /// Reports a setting that stands on the line of the one before it.
    pub(super) fn runs_on(&mut self, view: View<'_>, values: &[Expr], all: &[&str]) -> bool {
        let next = values
            .iter()
            .skip(1)
            .filter_map(|value| single_word(view, value))
            .find(|(word, _)| all.contains(word));
        let Some((_, span)) = next else { return false };
        let found = Diagnostic::new(Code::OneStatementPerLine, span, "two settings stand on one line")
            .here("the second one begins here")
            .help("Write each setting on a line of its own.");
        self.found.push(found);
        true
    }

    pub(super) fn misshapen(&mut self, word: &str, span: Span, form: &str) {
        let found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` is not written like this"))
            .here("does not fit")
            .help(format!("Write `{form}`, on a line of its own."));
        self.found.push(found);
    }

    /// The value of an action's setting.
    pub(super) fn argument(
        &mut self,
        view: View<'_>,
        setting: &ArgumentSpec,
        value: &Expr,
        pipeline: Option<Str>,
    ) -> Option<Value> {
        match &setting.takes {
            Takes::Text => self.shown(view, value),
            Takes::Word(words) => {
                let written = view.source(value.range);
                if words.contains(&written) {
                    return Some(Value::Const(self.tables.constant(Constant::Text(written.to_owned()))));
                }
                self.bad_word(view, value, setting.argument.word(), words);
                None
            }
            // None of these is one value.
            Takes::Named(_) | Takes::Results | Takes::Nicknames | Takes::Nothing => None,
            Takes::StageOfPipeline => {
                let written = view.source(value.range);
                let name = pipeline.map(|name| self.tables.image.strings.get(name).to_owned())?;
                let info = self.names.workspace?.thing(Thing::Pipeline, &name)?;
                if info.names.iter().any(|(stage, _)| stage == written) {
                    return Some(Value::Const(self.tables.constant(Constant::Text(written.to_owned()))));
                }
                let stages = info.names.iter().map(|(stage, _)| stage.as_str());
                let mut found = Diagnostic::new(
                    Code::UnknownOption,
                    view.span(value.range),
                    format!("`{name}` has no stage `{written}`"),
                )
                .here("unknown stage");
                found.help = crate::near::suggestion(written, stages, "The stages");
                self.found.push(found);
                None
            }
        }
    }
}

/// How a line of an action's block is written.
fn form_of(word: &str, takes: Option<Takes>) -> String {
    match takes {
        Some(Takes::Text | Takes::Word(_) | Takes::StageOfPipeline) => format!("{word} VALUE"),
        Some(Takes::Named(Part::Header)) => format!("{word} {{ \"NAME\" VALUE }}"),
        Some(Takes::Named(_)) => format!("{word} {{ NAME VALUE }}"),
        Some(Takes::Results) => format!("{word} \"PATH\" as NAME: TYPE"),
        Some(Takes::Nicknames) => format!("{word} \"NAME\" -> STEP"),
        Some(Takes::Nothing) => word.to_owned(),
        None => format!("{word} -> STEP"),
    }
}
