//! Languages that the runtime does not know: it says its own texts in English there, and reads what is the same everywhere.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::action::OutcomeDefault;
use chatflow_runtime::answer::{Locale, invalid};
use chatflow_runtime::image::Image;
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::setting::{Setting, SettingValue};
use chatflow_runtime::value::Type;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Act, Ask, Flow, Says, Statement, StatementKind};

/// Reports the languages of a flow that the runtime does not know, where that matters: where it would say something of its
/// own in English, or read an answer.
pub(crate) fn foreign(flow: &Flow, image: &Image, found: &mut Vec<Diagnostic>) {
    let Some(first) = flow.languages.first() else { return };
    let mut needs = None;
    for (nth, (tag, span)) in image.flow.languages.iter().zip(&flow.languages).enumerate() {
        let tag = image.strings.get(*tag);
        if Language::of(tag) != Language::Other {
            continue;
        }
        let of_catalogue = flow.translations.iter().find(|said| said.language as usize == nth);
        if span != first && of_catalogue.is_none() {
            // Nobody is spoken to in it yet.
            continue;
        }
        let own: BTreeSet<BuiltIn> = match of_catalogue {
            Some(said) => said.built_in.keys().copied().collect(),
            None => image.built_in.iter().map(|(text, _)| *text).collect(),
        };
        let needs = needs.get_or_insert_with(|| Needs::of(flow, image));
        let english: Vec<BuiltIn> = needs.texts.difference(&own).copied().collect();
        if needs.read.is_empty() && english.is_empty() {
            continue;
        }
        let mut help = Vec::new();
        if !needs.read.is_empty() {
            let forms = needs.read.values().copied().collect::<Vec<_>>().join(", ");
            help.push(format!("Answers are read in the forms that are the same everywhere: {forms}."));
        }
        if !english.is_empty() {
            let names =
                english.iter().map(|text| format!("`{}`", text.word())).collect::<Vec<_>>().join(", ");
            help.push(format!("The runtime says these in English: {names}. Say them in the workspace, in `texts {{ … }}`, and in its catalogue."));
        }
        let message = format!("the runtime does not know the language `{tag}`");
        found.push(
            Diagnostic::new(Code::ForeignLanguage, *span, message)
                .here("not one of those it reads and speaks")
                .help(help.join(" ")),
        );
    }
}

/// What a flow needs of a language.
#[derive(Default)]
struct Needs {
    /// The answers that are read, with the form that is read in every language.
    read: BTreeMap<u8, &'static str>,
    /// The runtime's own texts that may be said.
    texts: BTreeSet<BuiltIn>,
}

impl Needs {
    fn of(flow: &Flow, image: &Image) -> Needs {
        let mut needs = Needs::default();
        for (setting, value) in &image.settings {
            if let (Setting::Processing, SettingValue::Word(kind) | SettingValue::WordAndText(kind, _)) =
                (setting, value)
            {
                let explicit = image.strings.get(*kind) == "explicit";
                if explicit {
                    needs.texts.extend([BuiltIn::Agree, BuiltIn::AgreeFirst]);
                }
                if let SettingValue::Word(_) = value {
                    let text =
                        if explicit { BuiltIn::ProcessingExplicit } else { BuiltIn::ProcessingLegitimate };
                    needs.texts.insert(text);
                }
            }
        }
        for step in &flow.steps {
            needs.block(&step.body);
        }
        if image.settings.iter().any(|(setting, _)| *setting == Setting::ErrorText) {
            needs.texts.remove(&BuiltIn::Error);
        }
        needs
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            match &statement.kind {
                StatementKind::Ask(ask) => self.ask(ask),
                StatementKind::Act(act) => self.act(act),
                StatementKind::Say(..)
                | StatementKind::If { .. }
                | StatementKind::Set { .. }
                | StatementKind::Clear { .. }
                | StatementKind::Wait(_)
                | StatementKind::Do(_)
                | StatementKind::Go(..)
                | StatementKind::End
                | StatementKind::Hole => {}
            }
            statement.blocks(&mut |body| self.block(body));
        }
    }

    fn ask(&mut self, ask: &Ask) {
        let open = ask.replies.is_empty();
        let read = match ask.ty {
            Type::Number => Some((0, "numbers like `12345.6`")),
            Type::Date => Some((1, "dates like `2027-01-31`")),
            Type::DateTime => Some((2, "dates and times like `2027-01-31 09:00`")),
            Type::Duration => Some((3, "lengths of time like `30m`")),
            // Yes and no are replies, which the texts of the runtime name.
            Type::Bool
            | Type::Text
            | Type::Email
            | Type::Phone
            | Type::Url
            | Type::OneOf(_)
            | Type::ManyOf(_) => None,
        };
        self.read.extend(read.filter(|_| open || ask.otherwise.is_some()));
        for reply in &ask.replies {
            if let Says::BuiltIn(text, _) = reply.says {
                self.texts.insert(text);
            }
        }
        if matches!(ask.ty, Type::ManyOf(_)) {
            self.texts.insert(BuiltIn::Done);
        }
        // A text is only wrong where it is empty, which no host sends.
        let never_wrong = open && ask.ty == Type::Text || ask.otherwise.is_some();
        if ask.invalid.is_none() && !never_wrong {
            self.texts.insert(if open { invalid(ask.ty, Locale::default()) } else { BuiltIn::InvalidReply });
            self.texts.extend((open && ask.ty == Type::Phone).then_some(BuiltIn::InvalidPhone));
        }
    }

    fn act(&mut self, act: &Act) {
        let spec = act.action.spec();
        if let Some(offer) = spec.waits.offer() {
            self.texts.insert(offer.prompt);
            self.texts.extend(offer.replies.iter().map(|(_, text)| *text));
        }
        let says = |outcome| act.outcomes.iter().any(|(said, _)| *said == outcome);
        if spec.outcomes.iter().any(|row| row.default == OutcomeDefault::Error && !says(row.outcome)) {
            self.texts.insert(BuiltIn::Error);
        }
    }
}
