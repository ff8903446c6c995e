//! Questions: where the answer goes, the choices, and what becomes of other answers.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::action::TIMEOUTS;
use chatflow_runtime::id::{Const, PlaceId, ReplyId, Slot, Str};
use chatflow_runtime::image::Scope;
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::text::{folded, same};
use chatflow_runtime::value::{Type, Value as Constant};

use super::Checker;
use super::statement::Given;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Arm, Ask, Choice, Says, TextValue, Value};
use crate::literal::number;
use crate::source::Span;
use crate::tree::{Branch, Expr, ExprKind, Line, LineKind, in_order};
use crate::types::Ty;
use crate::workspace::{repeated, single_word, unknown_setting};

/// The settings of a question.
pub(crate) const ASK_SETTINGS: [&str; 5] = ["skip", "invalid", "attempts", "timeout", "otherwise"];

impl Checker<'_> {
    pub(super) fn ask(
        &mut self,
        view: View<'_>,
        span: Span,
        target: Option<&Expr>,
        typed: bool,
        text: &Expr,
        lines: &[Line],
    ) -> Option<Ask> {
        let written = text;
        let text = self.text(view, written);
        let target_at = target.map(|target| view.span(target.range));
        let stored = match target {
            None => Some(None),
            Some(target) => self.ask_target(view, target, typed).map(Some),
        };
        let name = target.map(|target| view.source(target.range));
        let ty = stored.as_ref().and_then(|stored| stored.as_ref()).map(|(_, ty)| ty.clone());
        let what = name.map_or("ask".to_owned(), |name| format!("ask {name}"));
        if self.links.deployed {
            self.told_apart(&what, view.span(written.range));
        }
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
        let whole = self.ask_lines(view, &mut ask, name.unwrap_or("the answer"), target, lines);
        self.missed_options(&ask, view.span(written.range));
        self.offered(&mut ask, target, target_at.unwrap_or(span));
        self.question_texts(view, &ask.what, written, lines);
        ask.text = text?;
        stored?;
        whole.then_some(ask)
    }

    /// Choices for a local's own options that leave some of them out, where nothing else can be typed. Of a property
    /// of the CRM, whose list serves many purposes, a flow may well offer a part.
    fn missed_options(&mut self, ask: &Ask, question: Span) {
        let image = &self.tables.image;
        let (Some(choice), None) = (ask.replies.first(), &ask.otherwise) else { return };
        let target = ask.target.and_then(|slot| image.slots.get(slot.index()));
        let Some(Type::OneOf(_)) = target.filter(|slot| slot.scope == Scope::Local).map(|slot| slot.ty)
        else {
            return;
        };
        let constant = |reply: &Choice| image.constants.get(reply.value?.index());
        let offered: BTreeSet<&str> = ask
            .replies
            .iter()
            .filter_map(|reply| match constant(reply) {
                Some(Constant::Option(name)) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let text = |at: Str| image.strings.get(at);
        let missed: Vec<(&str, &str)> = image
            .options_of(ask.ty)
            .map_or(&[][..], |list| &list.options)
            .iter()
            .map(|option| (text(option.name), text(option.label)))
            .filter(|(name, _)| !offered.contains(name))
            .collect();
        let Some((first, _)) = missed.first() else { return };
        // A reply whose value was reported may be the one that is missed.
        if offered.len() < ask.replies.len() {
            return;
        }
        let message = match missed.len() {
            1 => format!("no choice stands for `{first}`"),
            more => format!("no choice stands for `{first}` and {} more", more - 1),
        };
        let lines: String = missed.iter().map(|(name, label)| format!("{label:?} = {name}\n    ")).collect();
        let found = Diagnostic::new(Code::MissedOption, question, message)
            .here("nobody can answer that")
            .help("Add a choice for it, or `otherwise` for everything else; without any choices, all options are offered.")
            .suggest("add a choice for each", choice.span.at_start(), lines);
        self.found.push(found);
    }

    fn ask_target(&mut self, view: View<'_>, target: &Expr, typed: bool) -> Option<(Slot, Ty)> {
        let written = view.source(target.range);
        let span = view.span(target.range);
        if let Some((name, span)) = single_word(view, target) {
            if typed && !self.names.locals.contains_key(name) {
                // A reserved name was reported where the locals were declared.
                return None;
            }
            if self.names.locals.get(name).is_none_or(|local| local.untyped) {
                let property = self.names.workspace.and_then(|workspace| {
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
                    Some(property) => found.suggest(format!("write `{property}`"), span, property.clone()),
                    None => found.suggest(format!("write `{name}: text`"), span.at_end(), ": text"),
                };
                self.found.push(found);
                return None;
            }
        } else if typed {
            let found = Diagnostic::new(Code::Syntax, span, format!("`{written}` has its type already"))
                .here("declared in the workspace")
                .help("Only locals are given a type where they are asked.");
            self.found.push(found);
        }
        self.stored_into(view, target)
    }

    /// Reads the lines of a question; whether none of its choices was lost to a mistake.
    fn ask_lines(
        &mut self,
        view: View<'_>,
        ask: &mut Ask,
        name: &str,
        target: Option<&Ty>,
        lines: &[Line],
    ) -> bool {
        let mut whole = true;
        let mut given: Given<'_> = Vec::new();
        let mut labels: BTreeMap<String, Span> = BTreeMap::new();
        for line in in_order(lines) {
            match &line.kind {
                LineKind::Error => {}
                LineKind::Pair { key, values } => {
                    self.two_choices(view, key, values);
                    whole = false;
                }
                LineKind::Block { .. } | LineKind::Save { .. } => self.not_a_setting(view, line),
                LineKind::Choice { label, value, arrow } => {
                    let choice = self.choice(view, name, target, label, value.as_ref(), arrow.as_ref());
                    let Some((choice, words)) = choice else {
                        whole = false;
                        continue;
                    };
                    let folded = folded(&words);
                    if let Some(first) = labels.get(&folded) {
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
                    labels.entry(folded).or_insert(choice.span);
                    ask.replies.push(choice);
                }
                LineKind::Entry { head, when, values, arrow } => {
                    let (word, span) = (view.text(*head), view.at(*head));
                    if !ASK_SETTINGS.contains(&word) {
                        self.arm_or_next(view, arrow.as_ref());
                        self.found.push(unknown_setting(word, span, "ask", &ASK_SETTINGS));
                        continue;
                    }
                    if let Some((_, first)) = given.iter().find(|(other, _)| *other == word) {
                        self.found.push(repeated(word, span, *first));
                        self.arm_or_next(view, arrow.as_ref());
                        whole = false;
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
        whole
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
            ("timeout", false, [value], Some(branch)) => {
                let at = view.span(value.range);
                let arm = self.arm(view, branch);
                let time = self.time(view, value, TIMEOUTS, "timeout 10m -> STEP");
                ask.timeout = time.map(|time| (time, arm, at));
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
        Some((Choice { id, label, says: Says::Written(span), value: stored, arm, span }, words))
    }

    /// What a choice without a value stores: its label in a text, the option of that label in a list.
    #[expect(clippy::option_option, reason = "none: reported; some none: it stores nothing")]
    fn implied(&mut self, target: &Ty, words: &str, span: Span) -> Option<Option<Const>> {
        match target {
            Ty::Text => Some(Some(self.tables.constant(Constant::Text(words.to_owned())))),
            Ty::Error => Some(None),
            Ty::OneOf(list) => match list.options.iter().find(|option| same(&option.label, words)) {
                Some(option) => Some(Some(self.tables.constant(Constant::Option(option.name.clone())))),
                None => {
                    let names = list.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
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
            },
            _ => {
                let found = Diagnostic::new(
                    Code::ChoiceWithoutValue,
                    span,
                    format!(
                        "this choice stores no {}",
                        target.describe().trim_start_matches("an ").trim_start_matches("a ")
                    ),
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
            // A text that is not the label is what the choice stores, whatever it is called.
            (Some(Constant::Text(text)), _) if text != label => ReplyId::of(&format!("= text {text}")),
            (Some(Constant::Text(_)) | None, Arm::Step(step, _)) => {
                // A module keeps to itself, so its name tells nothing, and may change.
                let name = self.flow.steps.get(step.index()).map_or("", |step| step.name.as_str());
                ReplyId::leading_to(name.rsplit('.').next().unwrap_or(name))
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
            let options = self.tables.options(list);
            for (nth, option) in list.options.iter().enumerate() {
                let value = match target {
                    Some(Ty::ManyOf(_)) => Constant::Options(vec![option.name.clone()]),
                    _ => Constant::Option(option.name.clone()),
                };
                let value = self.tables.constant(value);
                let label = self.tables.str(&option.label);
                let id = ReplyId::of(&format!("= {}", option.name));
                let says = Says::Option(options, nth as u32, span);
                ask.replies.push(Choice { id, label, says, value: Some(value), arm: Arm::Next, span });
            }
        }
        if let (true, None, Some(Ty::Bool)) = (ask.replies.is_empty(), &ask.otherwise, target) {
            let language = self.tables.image.flow.languages.first().copied();
            let language = Language::of(language.map_or("", |tag| self.tables.image.strings.get(tag)));
            for (is, word) in [(true, BuiltIn::Yes), (false, BuiltIn::No)] {
                let value = self.tables.constant(Constant::Bool(is));
                let own = self.names.workspace.and_then(|workspace| workspace.texts.get(&word));
                let label = self.tables.str(own.map_or(word.text(language), |(words, _)| words));
                let id = ReplyId::of(&format!("= {is}"));
                let says = Says::BuiltIn(word, span);
                ask.replies.push(Choice { id, label, says, value: Some(value), arm: Arm::Next, span });
            }
        }
        let label = |reply: &Choice| (reply.says, self.tables.image.strings.get(reply.label).to_owned());
        self.questions.push(ask.replies.iter().map(label).collect());
        self.tell_apart(&mut ask.replies);
    }

    /// Replies that would share an id go by their labels as well, all of them: if the first kept the plain one, it
    /// would be another's after the lines have changed places.
    fn tell_apart(&self, replies: &mut [Choice]) {
        let mut counts: BTreeMap<ReplyId, u32> = BTreeMap::new();
        for reply in replies.iter() {
            *counts.entry(reply.id).or_default() += 1;
        }
        let mut seen: BTreeSet<ReplyId> = BTreeSet::new();
        for reply in replies {
            let label = self.tables.image.strings.get(reply.label);
            if counts.get(&reply.id).is_some_and(|count| *count > 1) {
                reply.id = reply.id.beside(label);
            }
            // Half an id may be another's by chance.
            let mut salt = 0u32;
            while !seen.insert(reply.id) {
                reply.id = ReplyId::of(&format!("{label} {salt}"));
                salt += 1;
            }
        }
    }

    /// Warns of a question whose place has nothing but a number to tell it from one before it.
    fn told_apart(&mut self, what: &str, text: Span) {
        let key = (self.names.full(&self.step), what.to_owned());
        let Some(first) = self.asked.get(&key).copied() else {
            self.asked.insert(key, text);
            return;
        };
        let found =
            Diagnostic::new(Code::NumberedQuestion, text, "only a number tells this question from another")
                .here("chats that wait here are found by a count")
                .label(first, "the first of its kind in this step");
        self.found.push(match what {
            "ask" => {
                let free = (2..).map(|nth| format!("answer_{nth}")).find(|name| !self.names.locals.contains_key(name));
                let name = free.unwrap_or_default();
                found
                    .help("With another one above it, chats would come to the wrong one. Store its answer under a name, or give it a step of its own.")
                    .suggest(format!("name it `{name}`"), text.at_start(), format!("{name}: text "))
            }
            _ => found.help("With another one above it, chats would come to the wrong one. Give it a step of its own."),
        });
    }

    /// The id of the next place of this kind in this step.
    pub(super) fn place(&mut self, what: &str) -> PlaceId {
        let step = self.names.full(&self.step);
        let count = self.places.entry((step.clone(), what.to_owned())).or_insert(0);
        let mut id = PlaceId::of(&step, what, *count);
        *count += 1;
        // Two of a hundred thousand steps may share half an id; their places are told apart by numbers that no count
        // reaches.
        let mut salt = u32::MAX;
        while !self.used_places.insert(id) {
            id = PlaceId::of(&step, what, salt);
            salt -= 1;
        }
        id
    }

    /// Reports a choice behind which something else stands that is no value.
    fn two_choices(&mut self, view: View<'_>, label: &Expr, rest: &[Expr]) {
        let Some(next) = rest.first() else { return };
        let (label, span) = (view.span(label.range), view.span(next.range));
        let found = if matches!(next.kind, ExprKind::Text(_)) {
            let between = Span { start: label.end, end: span.start, ..span };
            Diagnostic::new(Code::OneStatementPerLine, span, "two choices stand on one line")
                .here("the second one begins here")
                .help("Write each statement, choice and setting on a line of its own.")
                .fix("begin a new line", between, format!("\n{}", view.file.indent_of(label)))
        } else {
            let found = Diagnostic::new(Code::Syntax, span, "something else stands behind a choice")
                .here("not expected here")
                .help("Write `\"Label\"`, `\"Label\" = VALUE` or `\"Label\" -> STEP`.");
            let leads = rest.len() > 1 && matches!(view.source(next.range), "do" | "go" | "goto" | "then");
            if leads { found.fix("write `->`", span, "->") } else { found }
        };
        self.found.push(found);
    }
}

fn whole(written: Option<&str>) -> Option<u32> {
    number(written?).and_then(|number| u32::try_from(number).ok())
}
