//! Statements: questions with their choices, actions with their outcomes.

use chatflow_runtime::action::{
    Action, ActionSpec, ArgumentSpec, ObjectKind, ObjectSpec, Outcome, OutcomeDefault, Takes, Waits,
};
use chatflow_runtime::id::{Const, PlaceId, ReplyId};
use chatflow_runtime::image::ObjectDef;
use chatflow_runtime::value::Value as Constant;

use super::{Checker, Local};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{self, Act, Arm, Ask, Choice, TextValue, Value};
use crate::literal::{duration, number};
use crate::near::nearest;
use crate::source::Span;
use crate::tree::{Branch, Expr, ExprKind, Line, LineKind, Range, Statement, StatementKind};
use crate::types::Ty;
use crate::workspace::{Thing, repeated, single_word, unknown_setting};

/// The settings of a question.
const ASK_SETTINGS: [&str; 5] = ["skip", "invalid", "attempts", "timeout", "otherwise"];

/// Why a line that is given twice is refused, with the place of the first.
type Given<'a> = Vec<(&'a str, Span)>;

impl Checker<'_> {
    pub(super) fn body(&mut self, view: View<'_>, body: &[Statement]) -> Vec<hir::Statement> {
        body.iter().filter_map(|statement| self.statement(view, statement)).collect()
    }

    fn statement(&mut self, view: View<'_>, statement: &Statement) -> Option<hir::Statement> {
        let span = view.span(statement.range);
        let kind = match &statement.kind {
            StatementKind::Error => return None,
            StatementKind::Say { text } => hir::StatementKind::Say(self.bubbles(view, text)?),
            StatementKind::Ask { target, ty, text, block } => {
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Ask(Box::new(self.ask(
                    view,
                    span,
                    target.as_ref(),
                    ty.is_some(),
                    text,
                    lines,
                )?))
            }
            StatementKind::Set { target, value } => self.set(view, target, value)?,
            StatementKind::If { arms, otherwise } => {
                let mut checked = Vec::with_capacity(arms.len());
                let mut whole = true;
                for (condition, branch) in arms {
                    let condition = self.condition(view, condition);
                    let body = self.branch_body(view, branch);
                    match condition {
                        Some(condition) => checked.push((condition, body)),
                        None => whole = false,
                    }
                }
                let otherwise = otherwise.as_ref().map(|branch| self.branch_body(view, branch));
                if !whole {
                    return None;
                }
                hir::StatementKind::If { arms: checked, otherwise }
            }
            StatementKind::Go(branch) => match self.arm(view, branch) {
                Arm::Step(step, span) => hir::StatementKind::Go(step, span),
                // A bare block is no statement of its own; it reads like one and costs nothing.
                Arm::Block(body) => hir::StatementKind::If { arms: Vec::new(), otherwise: Some(body) },
                Arm::Next => return None,
            },
            StatementKind::End => hir::StatementKind::End,
            StatementKind::Action { words, text, block } => {
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Act(Box::new(self.action(view, *words, text.as_ref(), lines)?))
            }
        };
        Some(hir::Statement { span, kind })
    }

    /// The statements after `then` or `else`.
    fn branch_body(&mut self, view: View<'_>, branch: &Branch) -> Vec<hir::Statement> {
        match branch {
            Branch::Block { body, .. } => self.body(view, body),
            Branch::Statement(statement) => self.statement(view, statement).into_iter().collect(),
            Branch::Step(_) | Branch::Error => Vec::new(),
        }
    }

    /// What stands after `->`; what cannot be read goes on to the next statement.
    fn arm(&mut self, view: View<'_>, branch: &Branch) -> Arm {
        match branch {
            Branch::Step(at) => match self.step_named(view, *at) {
                Some(step) => Arm::Step(step, view.at(*at)),
                None => Arm::Next,
            },
            Branch::Block { body, .. } => Arm::Block(self.body(view, body)),
            Branch::Statement(statement) => Arm::Block(self.statement(view, statement).into_iter().collect()),
            Branch::Error => Arm::Next,
        }
    }

    fn arm_or_next(&mut self, view: View<'_>, branch: Option<&Branch>) -> Arm {
        branch.map_or(Arm::Next, |branch| self.arm(view, branch))
    }

    fn bubbles(&mut self, view: View<'_>, text: &Expr) -> Option<Vec<TextValue>> {
        match &text.kind {
            ExprKind::List(members) => members.iter().map(|member| self.text(view, member)).collect(),
            _ => Some(vec![self.text(view, text)?]),
        }
    }

    fn set(&mut self, view: View<'_>, target: &Expr, value: &Expr) -> Option<hir::StatementKind> {
        let (slot, ty) = self.stored_into(view, target)?;
        let written = view.source(target.range);
        let value = self.value_for(view, value, &ty, written)?;
        Some(hir::StatementKind::Set { slot, value })
    }

    /// The property or local that is stored into.
    fn stored_into(&mut self, view: View<'_>, target: &Expr) -> Option<(chatflow_runtime::id::Slot, Ty)> {
        let span = view.span(target.range);
        match self.value(view, target, None)? {
            (Value::Slot(slot, _), ty) => Some((slot, ty)),
            _ => {
                let written = view.source(target.range);
                let found =
                    Diagnostic::new(Code::WrongValue, span, format!("`{written}` cannot be stored into"))
                        .here("only properties and locals hold values")
                        .help(
                            "Facts of the page and the visitor come from the host; a flow only reads them.",
                        );
                self.found.push(found);
                None
            }
        }
    }

    // Questions

    fn ask(
        &mut self,
        view: View<'_>,
        span: Span,
        target: Option<&Expr>,
        typed: bool,
        text: &Expr,
        lines: &[Line],
    ) -> Option<Ask> {
        let text = self.text(view, text);
        let target_at = target.map(|target| view.span(target.range));
        let stored = match target {
            None => Some(None),
            Some(target) => self.ask_target(view, target, typed).map(Some),
        };
        let name = target.map(|target| view.source(target.range));
        let ty = stored.as_ref().and_then(|stored| stored.as_ref()).map(|(_, ty)| ty.clone());
        let what = name.map_or("ask".to_owned(), |name| format!("ask {name}"));
        let place = self.place(&what);
        let mut ask = Ask {
            place,
            what,
            target: stored.as_ref().and_then(|stored| stored.as_ref()).map(|(slot, _)| *slot),
            ty: self.tables.ty(ty.as_ref().unwrap_or(&Ty::Text)),
            text: TextValue { span, pieces: Vec::new() },
            replies: Vec::new(),
            skip: None,
            invalid: None,
            attempts: None,
            timeout: None,
            otherwise: None,
        };
        let target = if stored.is_none() { Some(&Ty::Error) } else { ty.as_ref() };
        self.ask_lines(view, &mut ask, name.unwrap_or("the answer"), target, lines);
        self.offered(&mut ask, target, target_at.unwrap_or(span));
        ask.text = text?;
        stored?;
        Some(ask)
    }

    fn ask_target(
        &mut self,
        view: View<'_>,
        target: &Expr,
        typed: bool,
    ) -> Option<(chatflow_runtime::id::Slot, Ty)> {
        let written = view.source(target.range);
        let span = view.span(target.range);
        if let Some((name, span)) = single_word(view, target) {
            if typed && !self.locals.contains_key(name) {
                // A reserved name was reported where the locals were declared.
                return None;
            }
            let Some(Local { .. }) = self.locals.get(name) else {
                let property = self.workspace.and_then(|workspace| {
                    workspace.properties.keys().find(|property| property.ends_with(&format!(".{name}")))
                });
                let mut found = Diagnostic::new(Code::UnknownName, span, format!("`{name}` has no type"))
                    .here("asked, but as what?");
                found.help = Some(match property {
                    Some(property) => format!(
                        "Write `ask {property} …` for the property, or `ask {name}: text …` for a local."
                    ),
                    None => format!("Write `ask {name}: text …`, or another type."),
                });
                found = match property {
                    Some(property) => found.fix(format!("write `{property}`"), span, property.clone()),
                    None => found.fix(format!("write `{name}: text`"), span.at_end(), ": text"),
                };
                self.found.push(found);
                return None;
            };
        } else if typed {
            let found = Diagnostic::new(Code::Syntax, span, format!("`{written}` has its type already"))
                .here("declared in the workspace")
                .help("Only locals are given a type where they are asked.");
            self.found.push(found);
        }
        self.stored_into(view, target)
    }

    fn ask_lines(&mut self, view: View<'_>, ask: &mut Ask, name: &str, target: Option<&Ty>, lines: &[Line]) {
        let mut given: Given<'_> = Vec::new();
        let mut labels: Vec<(String, Span)> = Vec::new();
        for line in lines {
            match &line.kind {
                LineKind::Error => {}
                LineKind::Choice { label, value, arrow } => {
                    let choice = self.choice(view, name, target, label, value.as_ref(), arrow.as_ref());
                    let Some((choice, words)) = choice else { continue };
                    let folded = words.trim().to_lowercase();
                    if let Some((_, first)) = labels.iter().find(|(other, _)| *other == folded) {
                        let found = Diagnostic::new(
                            Code::EqualChoices,
                            choice.span,
                            format!("two choices are called \"{words}\""),
                        )
                        .here("the same label again")
                        .label(*first, "the first one")
                        .help("A typed reply could mean either; word them differently.");
                        self.found.push(found);
                        continue;
                    }
                    labels.push((folded, choice.span));
                    ask.replies.push(choice);
                }
                LineKind::Entry { head, when, values, arrow } => {
                    let (word, span) = (view.text(*head), view.at(*head));
                    if !ASK_SETTINGS.contains(&word) {
                        self.found.push(unknown_setting(word, span, "ask", &ASK_SETTINGS));
                        continue;
                    }
                    if let Some((_, first)) = given.iter().find(|(other, _)| *other == word) {
                        self.found.push(repeated(word, span, *first));
                        continue;
                    }
                    given.push((word, span));
                    self.ask_setting(view, ask, word, span, *when, values, arrow.as_ref());
                }
            }
        }
        if let (Some((_, otherwise)), Some((_, invalid)), false) = (
            given.iter().find(|(word, _)| *word == "otherwise"),
            given.iter().find(|(word, _)| *word == "invalid"),
            labels.is_empty(),
        ) {
            let found = Diagnostic::new(
                Code::RepeatedSetting,
                *otherwise,
                "`otherwise` and `invalid` exclude each other",
            )
            .here("takes every other answer")
            .label(*invalid, "so this is never shown")
            .help("Keep one of them.");
            self.found.push(found);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a line's parts, each once")]
    fn ask_setting(
        &mut self,
        view: View<'_>,
        ask: &mut Ask,
        word: &str,
        span: Span,
        when: bool,
        values: &[Expr],
        arrow: Option<&Branch>,
    ) {
        let written = values.first().map(|value| view.source(value.range));
        let has_error = values.iter().any(|value| value.kind == ExprKind::Error);
        match (word, when, values, arrow) {
            ("skip", true, [condition], None) => {
                let at = view.span(condition.range);
                ask.skip = self.condition(view, condition).map(|condition| (condition, at));
            }
            ("invalid", false, [text], None) => ask.invalid = self.text(view, text),
            ("attempts", false, [_], Some(branch)) if whole(written).is_some_and(|count| count > 0) => {
                let arm = self.arm(view, branch);
                ask.attempts = whole(written).map(|count| (count, arm));
            }
            ("timeout", false, [value], Some(branch))
                if written.and_then(duration).is_some_and(|ms| ms > 0) =>
            {
                let at = view.span(value.range);
                let arm = self.arm(view, branch);
                ask.timeout = written.and_then(duration).map(|ms| (ms, arm, at));
            }
            ("otherwise", false, [], Some(branch)) => ask.otherwise = Some(self.arm(view, branch)),
            _ if has_error => {}
            _ => {
                let form = match word {
                    "skip" => "skip when CONDITION",
                    "invalid" => "invalid \"TEXT\"",
                    "attempts" => "attempts 3 -> STEP",
                    "timeout" => "timeout 10m -> STEP",
                    _ => "otherwise -> STEP",
                };
                let found =
                    Diagnostic::new(Code::BadSetting, span, format!("`{word}` is not written like this"))
                        .here("does not fit")
                        .help(format!("Write `{form}`."));
                self.found.push(found);
            }
        }
    }

    /// One choice, with the words of its label.
    fn choice(
        &mut self,
        view: View<'_>,
        name: &str,
        target: Option<&Ty>,
        label: &Expr,
        value: Option<&Expr>,
        arrow: Option<&Branch>,
    ) -> Option<(Choice, String)> {
        let span = view.span(label.range);
        let words = crate::text::plain_text(view, label, &mut self.found);
        let arm = self.arm_or_next(view, arrow);
        let words = words?;
        let stored = match (value, target) {
            (Some(value), Some(target)) => match self.value_for(view, value, target, name)? {
                Value::Const(constant) => Some(constant),
                _ => {
                    let found = Diagnostic::new(
                        Code::WrongValue,
                        view.span(value.range),
                        "a choice stores a fixed value",
                    )
                    .here("not fixed")
                    .help("Write a literal or an option here; a `set` after the question can calculate.");
                    self.found.push(found);
                    return None;
                }
            },
            (Some(value), None) => {
                let found =
                    Diagnostic::new(Code::WrongValue, view.span(value.range), "this question stores nothing")
                        .here("a value without a place to go")
                        .help("Name a property or a local after `ask`, or delete the value.");
                self.found.push(found);
                return None;
            }
            (None, Some(target)) => self.implied(target, &words, span)?,
            (None, None) => None,
        };
        let label = self.tables.str(&words);
        let id = self.reply_id(stored, &arm, &words);
        Some((Choice { id, label, value: stored, arm, span }, words))
    }

    /// What a choice without a value stores: its label in a text, the option of that label in a list.
    #[expect(clippy::option_option, reason = "none: reported; some none: it stores nothing")]
    fn implied(&mut self, target: &Ty, words: &str, span: Span) -> Option<Option<Const>> {
        match target {
            Ty::Text => Some(Some(self.tables.constant(Constant::Text(words.to_owned())))),
            Ty::Error => Some(None),
            Ty::OneOf(list) => {
                match list.options.iter().find(|option| option.label.eq_ignore_ascii_case(words.trim())) {
                    Some(option) => Some(Some(self.tables.constant(Constant::Option(option.name.clone())))),
                    None => {
                        let names =
                            list.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                        let found = Diagnostic::new(
                            Code::ChoiceWithoutValue,
                            span,
                            format!("no option is labelled \"{words}\""),
                        )
                        .here("which option does it mean?")
                        .help(format!("Write `\"{words}\" = OPTION`. The options: {names}."));
                        self.found.push(found);
                        None
                    }
                }
            }
            _ => {
                let found = Diagnostic::new(
                    Code::ChoiceWithoutValue,
                    span,
                    format!("this choice stores no {}", target.describe().trim_start_matches("a ")),
                )
                .here("has no value")
                .help(format!("Write `\"{words}\" = VALUE`, where the value is {}.", target.describe()));
                self.found.push(found);
                None
            }
        }
    }

    /// The name that outlives a reply's wording: its value, else where it goes, else its label.
    fn reply_id(&self, value: Option<Const>, arm: &Arm, label: &str) -> ReplyId {
        let value = value.and_then(|value| self.tables.image.constants.get(value.index()));
        match (value, arm) {
            (Some(Constant::Text(_)) | None, Arm::Step(step, _)) => {
                let name = self.flow.steps.get(step.index()).map_or("", |step| step.name.as_str());
                ReplyId::of(&format!("-> {name}"))
            }
            (Some(Constant::Option(name)), _) => ReplyId::of(&format!("= {name}")),
            (Some(Constant::Number(number)), _) => ReplyId::of(&format!("= {number}")),
            (Some(Constant::Bool(is)), _) => ReplyId::of(&format!("= {is}")),
            (Some(Constant::Options(names)), _) => ReplyId::of(&format!("= {}", names.join(","))),
            (Some(Constant::Date(at)), _) => ReplyId::of(&format!("= date {at}")),
            (Some(Constant::DateTime(at) | Constant::Duration(at)), _) => {
                ReplyId::of(&format!("= time {at}"))
            }
            (Some(Constant::Text(_)) | None, Arm::Next | Arm::Block(_)) => ReplyId::of(label),
        }
    }

    /// Completes the replies: those of the target's options where the question has none of its own, and ids that
    /// tell any two of them apart.
    fn offered(&mut self, ask: &mut Ask, target: Option<&Ty>, span: Span) {
        if let (true, None, Some(Ty::OneOf(list) | Ty::ManyOf(list))) =
            (ask.replies.is_empty(), &ask.otherwise, target)
        {
            for option in &list.options {
                let value = match target {
                    Some(Ty::ManyOf(_)) => Constant::Options(vec![option.name.clone()]),
                    _ => Constant::Option(option.name.clone()),
                };
                let value = self.tables.constant(value);
                let label = self.tables.str(&option.label);
                let id = ReplyId::of(&format!("= {}", option.name));
                ask.replies.push(Choice { id, label, value: Some(value), arm: Arm::Next, span });
            }
            // Several may be ticked in one answer, which is read by the type and not by one reply.
            if matches!(target, Some(Ty::ManyOf(_))) {
                ask.otherwise = Some(Arm::Next);
            }
        }
        let mut seen: Vec<ReplyId> = Vec::new();
        for (nth, reply) in ask.replies.iter_mut().enumerate() {
            if seen.contains(&reply.id) {
                let label = self.tables.image.strings.get(reply.label);
                reply.id = ReplyId::of(&format!("{label} {nth}"));
            }
            seen.push(reply.id);
        }
    }

    /// The id of the next place of this kind in this step.
    fn place(&mut self, what: &str) -> PlaceId {
        let count = self.places.entry((self.step.clone(), what.to_owned())).or_insert(0);
        let id = PlaceId::of(&self.step, what, *count);
        *count += 1;
        id
    }

    // Actions

    fn action(&mut self, view: View<'_>, words: Range, text: Option<&Expr>, lines: &[Line]) -> Option<Act> {
        let (action, object) = self.head(view, words)?;
        let spec = action.spec();
        if let Some(text) = text {
            let found = Diagnostic::new(
                Code::Syntax,
                view.span(text.range),
                format!("`{}` takes no text", spec.head),
            )
            .here("not expected here");
            self.found.push(found);
        }
        let what = view.source(words).split_whitespace().collect::<Vec<_>>().join(" ");
        let place = self.place(&what);
        let mut act = Act {
            place,
            what,
            action,
            object: chatflow_runtime::id::Object(0),
            arguments: Vec::new(),
            outcomes: Vec::new(),
            timeout: None,
        };
        let stages = object.as_ref().map(|object| object.name);
        self.action_lines(view, &mut act, stages, lines);
        act.object = self.tables.object(object?);
        Some(act)
    }

    /// The action whose head the words begin with, and what it names. What is unknown is reported.
    pub(super) fn head(&mut self, view: View<'_>, range: Range) -> Option<(Action, Option<ObjectDef>)> {
        let words = view.words(range);
        let heads = |spec: &ActionSpec| spec.head.split(' ').collect::<Vec<_>>();
        let found = Action::ALL.iter().copied().find(|action| {
            let head = heads(action.spec());
            words.len() >= head.len() && head.iter().zip(&words).all(|(head, (word, _))| head == word)
        });
        let Some(action) = found else {
            self.unknown_statement(&words);
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
    fn kind_of_name(&self, spec: &ActionSpec, name: &str) -> Option<&'static str> {
        let workspace = self.workspace?;
        spec.objects.iter().find_map(|object| match object {
            ObjectSpec::Named { kind: ObjectKind::Team, word: true } => {
                workspace.thing(Thing::Team, name).map(|_| "team")
            }
            ObjectSpec::Named { kind: ObjectKind::User, word: true } => {
                workspace.thing(Thing::User, name).map(|_| "user")
            }
            _ => None,
        })
    }

    fn unknown_statement(&mut self, words: &[(&str, Span)]) {
        let Some((first, span)) = words.first() else { return };
        let heads = Action::ALL.iter().map(|action| action.spec().head);
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
                    .fix(format!("write `{near}`"), span, near);
            self.found.push(found);
            return;
        }
        const STATEMENTS: [&str; 5] = ["say", "ask", "set", "if", "end"];
        let firsts = heads.clone().filter_map(|head| head.split(' ').next());
        let near = nearest(first, STATEMENTS.into_iter().chain(firsts));
        let mut found = Diagnostic::new(Code::UnknownWord, *span, format!("there is no statement `{first}`"))
            .here("unknown statement");
        found.help = Some(match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => {
                let all: Vec<&str> = STATEMENTS.into_iter().chain(heads).collect();
                format!(
                    "The statements: {}, `-> STEP`.",
                    all.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
                )
            }
        });
        if let Some(near) = near {
            found = found.fix(format!("write `{near}`"), *span, near);
        }
        self.found.push(found);
    }

    fn action_lines(
        &mut self,
        view: View<'_>,
        act: &mut Act,
        pipeline: Option<chatflow_runtime::id::Str>,
        lines: &[Line],
    ) {
        let spec = act.action.spec();
        let mut all: Vec<&'static str> =
            spec.settings.iter().map(|setting| setting.argument.word()).collect();
        all.extend(sayable(spec));
        if matches!(spec.waits, Waits::Visitor(_)) {
            all.push("timeout");
        }
        let mut given: Given<'_> = Vec::new();
        for line in lines {
            let LineKind::Entry { head, when, values, arrow } = &line.kind else {
                self.not_a_setting(view, line);
                continue;
            };
            let (word, span) = (view.text(*head), view.at(*head));
            if !all.contains(&word) {
                // A block behind the arrow is still read, so that its own mistakes show in the same run.
                self.arm_or_next(view, arrow.as_ref());
                self.found.push(unknown_setting(word, span, spec.head, &all));
                continue;
            }
            if let Some((_, first)) = given.iter().find(|(other, _)| *other == word) {
                self.found.push(repeated(word, span, *first));
                continue;
            }
            given.push((word, span));
            let setting = spec.settings.iter().find(|setting| setting.argument.word() == word);
            match (setting, values.as_slice(), arrow, *when) {
                (Some(setting), [value], None, false) => {
                    if let Some(value) = self.argument(view, setting, value, pipeline) {
                        act.arguments.push((setting.argument, value));
                    }
                }
                (None, [], Some(branch), false) => {
                    let arm = self.arm(view, branch);
                    if let Some(outcome) = Outcome::named(word) {
                        act.outcomes.push((outcome, arm));
                    }
                }
                (None, [value], Some(branch), false) if word == "timeout" => {
                    let at = view.span(value.range);
                    let arm = self.arm(view, branch);
                    match duration(view.source(value.range)) {
                        Some(ms) if ms > 0 => act.timeout = Some((ms, arm, at)),
                        _ => self.misshapen(word, at, "timeout 10m -> STEP"),
                    }
                }
                _ if values.iter().any(|value| value.kind == ExprKind::Error) => {}
                (Some(_), ..) => self.misshapen(word, span, &format!("{word} VALUE")),
                (None, ..) => self.misshapen(word, span, &format!("{word} -> STEP")),
            }
        }
        act.arguments.sort_by_key(|(argument, _)| {
            chatflow_runtime::action::Argument::ALL.iter().position(|other| other == argument)
        });
        act.outcomes.sort_by_key(|(outcome, _)| *outcome);
    }

    fn misshapen(&mut self, word: &str, span: Span, form: &str) {
        let found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` is not written like this"))
            .here("does not fit")
            .help(format!("Write `{form}`."));
        self.found.push(found);
    }

    /// The value of an action's setting.
    pub(super) fn argument(
        &mut self,
        view: View<'_>,
        setting: &ArgumentSpec,
        value: &Expr,
        pipeline: Option<chatflow_runtime::id::Str>,
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
            Takes::StageOfPipeline => {
                let written = view.source(value.range);
                let name = pipeline.map(|name| self.tables.image.strings.get(name).to_owned())?;
                let info = self.workspace?.thing(Thing::Pipeline, &name)?;
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

/// The outcomes that a flow may mention.
fn sayable(spec: &ActionSpec) -> impl Iterator<Item = &'static str> {
    spec.outcomes
        .iter()
        .filter(|outcome| outcome.default != OutcomeDefault::Complete)
        .map(|outcome| outcome.outcome.word())
}

fn whole(written: Option<&str>) -> Option<u32> {
    number(written?).and_then(|number| u32::try_from(number).ok())
}
