//! What a test expects of the flow besides its words.

use chatflow_compiler::ExpectedRequest;
use chatflow_runtime::action::{Action, Argument, ObjectKind};
use chatflow_runtime::id::Fragment;
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::text::same_exactly;
use chatflow_runtime::{
    Effect, HeaderValue, Image, PlaceId, Program, Request, Truth, Type, Value, condition, select,
};

use crate::chat::{Chat, as_fact};
use crate::quote::quoted;
use crate::testing::runner::{Outcomes, Runner};
use crate::written;

impl Runner<'_> {
    pub(super) fn expect(&mut self, fragment: Fragment) -> Outcomes {
        let session = self.chat.as_ref().map(Chat::session);
        let now = self.chat.as_ref().map_or(self.now, |chat| chat.now);
        match condition(self.program, fragment, session, self.facts(), now) {
            Truth::True => Ok(()),
            Truth::False => Err("this does not hold".to_owned()),
            Truth::Unknown => Err("nobody can say whether this holds: a value is unknown".to_owned()),
        }
    }

    pub(super) fn expect_action(&mut self, negated: bool, wanted: &Wanted<'_>) -> Outcomes {
        self.begin();
        self.all_read("this action")?;
        let offset = self.chat.as_ref().map_or(0, Chat::utc_offset);
        let is_there = |runner: &Self| runner.recent.iter().any(|effect| wanted.is(effect, offset));
        let found = if negated { self.deliver_now_until(is_there) } else { self.deliver_until(is_there) };
        let head = wanted.name();
        match (found, negated) {
            (true, true) => Err(format!("there was a `{head}` since the visitor's last line")),
            (false, false) => {
                self.compare(wanted);
                Err(format!("no `{head}` like this since the visitor's last line"))
            }
            (true, false) | (false, true) => Ok(()),
        }
    }

    /// Notes what was expected, and what there was instead.
    fn compare(&mut self, wanted: &Wanted<'_>) {
        self.compared.clear();
        let mut done = None;
        let image = self.program.image();
        let offset = self.chat.as_ref().map_or(0, Chat::utc_offset);
        for effect in &self.recent {
            if let Effect::Act { place, action, object, arguments, parameters, request, .. } = effect
                && *action == wanted.action
            {
                let object = (object.kind, object.name.clone());
                let parameters = &written::local(parameters, offset);
                let arguments = &with_method(arguments, request.as_deref());
                let request = request.as_ref().map(|request| written::sent(request, offset));
                let request = request.as_ref();
                let was = Wanted { action: *action, object: Some(&object), arguments, parameters, request };
                self.compared.push(("there was", was.written(image, Some(*place))));
                done = Some(*place);
            }
        }
        if !self.compared.is_empty() {
            self.compared.insert(0, ("expected", wanted.written(image, done)));
        }
    }

    pub(super) fn expect_set(&mut self, negated: bool, property: &str, value: Option<&Value>) -> Outcomes {
        self.begin();
        let offset = self.chat.as_ref().map_or(0, Chat::utc_offset);
        let value = value.map(|value| as_crm(self.program.image(), property, value, offset));
        let is_there = |runner: &Self| {
            let same = |stored: &Value| value.as_ref().is_none_or(|value| value == stored);
            runner.recent.iter().any(|effect| {
                matches!(effect, Effect::Set { property: set, value: stored } if set == property && same(stored))
            })
        };
        let found = if negated { self.deliver_now_until(is_there) } else { self.deliver_until(is_there) };
        match (found, negated) {
            (true, true) => Err(format!("`{property}` was set so since the visitor's last line")),
            (false, false) => Err(format!("`{property}` was not set so since the visitor's last line")),
            (true, false) | (false, true) => Ok(()),
        }
    }

    pub(super) fn expect_media(
        &mut self,
        negated: bool,
        media: MediaKind,
        url: Option<&str>,
        words: Option<&str>,
    ) -> Outcomes {
        self.begin();
        let same = |expected: Option<&str>, shown: &str| expected.is_none_or(|expected| expected == shown);
        let is_there = |runner: &Self| {
            runner.recent.iter().any(|effect| {
                matches!(effect, Effect::Show { media: kind, url: at, words: said } if *kind == media && same(url, at) && same(words, said))
            })
        };
        let found = if negated { self.deliver_now_until(is_there) } else { self.deliver_until(is_there) };
        let word = media.spec().word;
        match (found, negated) {
            (true, true) => Err(format!("such a `{word}` was shown since the visitor's last line")),
            (false, false) => Err(format!("no `{word}` like this was shown since the visitor's last line")),
            (true, false) | (false, true) => Ok(()),
        }
    }

    pub(super) fn expect_clear(&mut self, negated: bool, property: &str) -> Outcomes {
        self.begin();
        let is_there = |runner: &Self| {
            let cleared =
                |effect: &Effect| matches!(effect, Effect::Clear { property: name } if name == property);
            runner.recent.iter().any(cleared)
        };
        let found = if negated { self.deliver_now_until(is_there) } else { self.deliver_until(is_there) };
        match (found, negated) {
            (true, true) => Err(format!("`{property}` was cleared since the visitor's last line")),
            (false, false) => Err(format!("`{property}` was not cleared since the visitor's last line")),
            (true, false) | (false, true) => Ok(()),
        }
    }

    pub(super) fn shown(&mut self, negated: bool) -> Outcomes {
        let programs: Vec<&Program> = self.project.iter().collect();
        let now = self.chat.as_ref().map_or(self.now, |chat| chat.now);
        let chosen = select(&programs, self.facts(), now);
        let shown = chosen == Some(self.program.flow_id());
        if shown != negated {
            return Ok(());
        }
        let other = self.project.iter().find(|program| Some(program.flow_id()) == chosen);
        Err(match other {
            _ if shown => "the flow shows here".to_owned(),
            Some(other) => format!("`{}` shows here instead", other.name()),
            None => "the flow does not show here".to_owned(),
        })
    }
}

/// An action that a test expects.
pub(super) struct Wanted<'t> {
    pub(super) action: Action,
    pub(super) object: Option<&'t (ObjectKind, String)>,
    pub(super) arguments: &'t [(Argument, String)],
    /// The values of a function's parameters; empty where they do not matter.
    pub(super) parameters: &'t [(String, Value)],
    /// What a server is sent, as far as it matters.
    pub(super) request: Option<&'t ExpectedRequest>,
}

impl Wanted<'_> {
    /// What it is called in a message: what is called goes by its own name.
    fn name(&self) -> &str {
        let spec = self.action.spec();
        match self.object {
            Some((_, name)) if !spec.is_statement() => name,
            _ => spec.head,
        }
    }

    fn is(&self, effect: &Effect, utc_offset: i32) -> bool {
        let Effect::Act { action, object, arguments, parameters, request, .. } = effect else {
            return false;
        };
        let parameters = written::local(parameters, utc_offset);
        let arguments = with_method(arguments, request.as_deref());
        let sent = request.as_ref().map(|request| written::sent(request, utc_offset)).unwrap_or_default();
        let has = |(argument, text): &(Argument, String)| {
            arguments.iter().any(|(other, said)| other == argument && same_exactly(said.trim(), text.trim()))
        };
        *action == self.action
            && self.object.is_none_or(|(kind, name)| object.kind == *kind && object.name == *name)
            && self.arguments.iter().all(has)
            && self.parameters.iter().all(|given| parameters.contains(given))
            && self.request.is_none_or(|wanted| is_sent(wanted, &sent))
    }

    /// The action with what it is given, as a test writes it; `place` is one that does such an action.
    fn written(&self, image: &Image, place: Option<PlaceId>) -> String {
        let spec = self.action.spec();
        if let (false, Some((_, name)), Some(place)) = (spec.is_statement(), self.object, place) {
            return written::call(image, place, name, self.parameters);
        }
        let object = self.object.and_then(|(kind, name)| spec.object_words(*kind, name));
        let object = object.map(|words| format!(" {words}"));
        let url = self.request.and_then(|request| request.url.as_ref());
        let url = url.map(|url| format!(" {}", quoted(url)));
        let given = self.arguments.iter().map(|(argument, text)| format!("{} \"{text}\"", argument.word()));
        let blocks = self.request.map(|request| written::blocks(image, request)).unwrap_or_default();
        let given = given.chain(blocks).collect::<Vec<_>>().join(", ");
        let block = if given.is_empty() { given } else { format!(" {{ {given} }}") };
        format!("{}{}{block}", spec.head, url.or(object).unwrap_or_default())
    }
}

/// The settings of an action, with what is done at an address.
fn with_method(arguments: &[(Argument, String)], request: Option<&Request>) -> Vec<(Argument, String)> {
    let method = request.map(|request| (Argument::Method, request.method.clone()));
    arguments.iter().cloned().chain(method).collect()
}

/// Whether a message has all that a test looks at.
fn is_sent(wanted: &ExpectedRequest, sent: &ExpectedRequest) -> bool {
    let header = |(name, value): &(String, HeaderValue)| {
        sent.headers.iter().any(|(other, said)| other.eq_ignore_ascii_case(name) && said == value)
    };
    // An option is sent as the CRM's own text.
    let key = |(name, value): &(String, Value)| {
        sent.body.iter().any(|(other, said)| other == name && as_fact(said) == as_fact(value))
    };
    (wanted.url.is_none() || wanted.url == sent.url)
        && wanted.headers.iter().all(header)
        && wanted.body.iter().all(key)
}

/// A value as the CRM knows it: its own names of options, and moments instead of times where the flow's inbox is.
fn as_crm(image: &Image, property: &str, value: &Value, utc_offset: i32) -> Value {
    let ty = image
        .slots
        .iter()
        .find(|slot| image.strings.get(slot.name) == property)
        .map_or(Type::Text, |slot| slot.ty);
    let options = image.options_of(ty).map(|options| options.options.as_slice()).unwrap_or_default();
    let crm = |name: &String| {
        let option = options.iter().find(|option| image.strings.get(option.name) == name);
        option.map_or_else(|| name.clone(), |option| image.strings.get(option.value).to_owned())
    };
    match value {
        Value::Option(name) => Value::Option(crm(name)),
        Value::Options(names) => Value::Options(names.iter().map(crm).collect()),
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Date(_) | Value::Duration(_) => {
            value.clone()
        }
        Value::DateTime(at) => Value::DateTime(at.saturating_sub(i64::from(utc_offset) * 60_000)),
    }
}
