//! The tables: every index names something that is there.

use super::{MAX_STACK, wrong};
use crate::action::{Argument, DEADLINES, ObjectKind, Outcome, OutcomeSpec, Part, within};
use crate::channel::Channel;
use crate::fact::FactKind;
use crate::id::{Const, Str};
use crate::image::{
    ActDef, AskDef, DEEPEST_FORM, GivenDef, GivenFrom, GivenPiece, Image, LONGEST_PAUSE, Piece, ResultDef,
    SiteDef, Strings, TalkDef, Template, Wait,
};
use crate::program::LoadError;
use crate::setting::{Setting, SettingTakes, SettingValue};
use crate::tag::Tag;
use crate::value::Type;

/// Whether a text's words are in this pool and its holes are its own.
pub(super) fn template_fits(text: &Template, strings: &Strings) -> bool {
    text.holes <= MAX_STACK && pieces_fit(&text.pieces, text.holes, strings, 0)
}

/// The same of its pieces, or of a form's, so deep in other forms.
fn pieces_fit(pieces: &[Piece], holes: u32, strings: &Strings, depth: usize) -> bool {
    let form = |pieces: &[Piece]| depth < DEEPEST_FORM && pieces_fit(pieces, holes, strings, depth + 1);
    pieces.iter().all(|piece| match piece {
        Piece::Words(words) => words.index() < strings.ends.len(),
        Piece::Hole(hole) => *hole < holes,
        Piece::Plural { hole, forms } => *hole < holes && forms.iter().all(|(_, pieces)| form(pieces)),
        Piece::Select { hole, forms } => {
            let named = |name: &Option<Str>| name.is_none_or(|name| name.index() < strings.ends.len());
            *hole < holes && forms.iter().all(|(name, pieces)| named(name) && form(pieces))
        }
    })
}

/// The tables, checked one by one.
pub(super) struct Tables<'a> {
    pub(super) image: &'a Image,
}

impl Tables<'_> {
    fn has(&self, at: Str) -> bool {
        at.index() < self.image.strings.ends.len()
    }

    fn have(&self, all: &[Str]) -> bool {
        all.iter().all(|at| self.has(*at))
    }

    fn type_ok(&self, ty: Type) -> bool {
        ty.options().is_none_or(|options| options.index() < self.image.options.len())
    }

    /// Checks every table.
    pub(super) fn check(&self) -> Result<(), LoadError> {
        self.strings()?;
        self.flow()?;
        self.settings()?;
        self.types()?;
        self.facts_and_texts()?;
        self.objects()?;
        self.sites()?;
        self.debug()
    }

    fn strings(&self) -> Result<(), LoadError> {
        let strings = &self.image.strings;
        let mut start = 0;
        for (entry, end) in strings.ends.iter().enumerate() {
            if *end < start || !strings.text.is_char_boundary(*end as usize) {
                return wrong("strings", entry, "it ends where no character does");
            }
            start = *end;
        }
        match start as usize == strings.text.len() {
            true => Ok(()),
            false => wrong("strings", strings.ends.len(), "text that belongs to no string"),
        }
    }

    fn flow(&self) -> Result<(), LoadError> {
        let flow = &self.image.flow;
        let bad = |what| wrong("header", 0, what);
        if !self.has(flow.name)
            || !self.has(flow.title)
            || !self.have(&flow.was)
            || !self.have(&flow.languages)
        {
            return bad("a string that is not there");
        }
        if flow.inbox.is_some_and(|inbox| inbox.index() >= flow.inboxes.len()) {
            return bad("an inbox that is not there");
        }
        let is_tag = |at: &Str| {
            let text = self.image.strings.get(*at);
            Tag::of(text).is_some_and(|tag| tag.as_str() == text)
        };
        if !flow.languages.iter().all(is_tag) {
            return bad("a language that is no tag");
        }
        if usize::from(flow.channels) >> Channel::ALL.len() != 0 {
            return bad("a channel that is not known");
        }
        let mut hours = flow.inboxes.iter().flat_map(|inbox| &inbox.hours);
        if hours.clone().any(|hours| hours.days > 0x7f || hours.from >= 1440 || hours.to > 1440) {
            return bad("hours outside the week");
        }
        if flow.inboxes.iter().any(|inbox| !self.has(inbox.name)) || hours.any(|hours| !self.has(hours.zone))
        {
            return bad("a string that is not there");
        }
        if self.image.steps.is_empty() {
            return bad("a flow without steps");
        }
        if flow.outdated.is_some_and(|step| step.index() >= self.image.steps.len()) {
            return bad("a step that is not there");
        }
        if flow.max_stack > MAX_STACK {
            return bad("a stack larger than any program may have");
        }
        Ok(())
    }

    fn settings(&self) -> Result<(), LoadError> {
        let mut last: Option<Setting> = None;
        for (entry, (setting, value)) in self.image.settings.iter().enumerate() {
            let takes = setting.spec().takes;
            let repeats = matches!(takes, SettingTakes::Trigger) && last == Some(*setting);
            if last.is_some_and(|last| last >= *setting) && !repeats {
                return wrong("settings", entry, "it repeats or is out of order");
            }
            if !self.setting_ok(&takes, *value) {
                return wrong("settings", entry, "a value that the setting does not take");
            }
            last = Some(*setting);
        }
        let built_in = &self.image.built_in;
        let ordered = built_in.windows(2).all(|pair| matches!(pair, [(one, _), (other, _)] if one < other));
        if !ordered || !built_in.iter().all(|(_, said)| self.has(*said)) {
            return wrong(
                "settings",
                self.image.settings.len(),
                "a text of the runtime that repeats or is not there",
            );
        }
        Ok(())
    }

    fn setting_ok(&self, takes: &SettingTakes, value: SettingValue) -> bool {
        let word_of = |words: &[&str], at: Str| self.has(at) && words.contains(&self.image.strings.get(at));
        match (takes, value) {
            (SettingTakes::Text | SettingTakes::Url, SettingValue::Text(text)) => self.has(text),
            (SettingTakes::Colour, SettingValue::Colour(colour)) => colour <= 0xff_ffff,
            (SettingTakes::Duration, SettingValue::Duration(milliseconds)) => milliseconds >= 0,
            (SettingTakes::Survey, SettingValue::Word(name)) => self.has(name),
            (SettingTakes::Word(words), SettingValue::Word(word)) => word_of(words, word),
            (SettingTakes::WordAndText(words), SettingValue::Word(word)) => word_of(words, word),
            (SettingTakes::WordAndText(words), SettingValue::WordAndText(word, text)) => {
                word_of(words, word) && self.has(text)
            }
            (SettingTakes::Trigger, SettingValue::TriggerOnExit) => true,
            (SettingTakes::Trigger, SettingValue::TriggerAfter(milliseconds)) => milliseconds >= 0,
            (SettingTakes::Trigger, SettingValue::TriggerScrolled(percent)) => percent <= 100,
            _ => false,
        }
    }

    fn types(&self) -> Result<(), LoadError> {
        for (entry, list) in self.image.options.iter().enumerate() {
            if !list.options.iter().all(|option| self.have(&[option.name, option.label, option.value])) {
                return wrong("options", entry, "a string that is not there");
            }
        }
        for (entry, slot) in self.image.slots.iter().enumerate() {
            if !self.has(slot.name) || !self.have(&slot.was) || !self.type_ok(slot.ty) {
                return wrong("properties", entry, "a name or type that is not there");
            }
        }
        Ok(())
    }

    fn facts_and_texts(&self) -> Result<(), LoadError> {
        for (entry, fact) in self.image.facts.iter().enumerate() {
            if !self.fact_ok(*fact) {
                return wrong("facts", entry, "a name or thing that is not there");
            }
        }
        for (entry, text) in self.image.texts.iter().enumerate() {
            if !template_fits(text, &self.image.strings) {
                return wrong("texts", entry, "a string or hole that is not there");
            }
        }
        Ok(())
    }

    fn fact_ok(&self, fact: FactKind) -> bool {
        match fact {
            FactKind::PageQuery(name) => self.has(name),
            FactKind::InboxOpen(inbox) => inbox.index() < self.image.flow.inboxes.len(),
            FactKind::TeamAvailable(object) | FactKind::UserAvailable(object) | FactKind::InList(object) => {
                object.index() < self.image.objects.len()
            }
            FactKind::Today
            | FactKind::Now
            | FactKind::PageUrl
            | FactKind::PageAddress
            | FactKind::PageHost
            | FactKind::PagePath
            | FactKind::PageTitle
            | FactKind::PageLanguage
            | FactKind::PageSeconds
            | FactKind::PageScrolled
            | FactKind::VisitorDevice
            | FactKind::VisitorCountry
            | FactKind::VisitorLanguage
            | FactKind::VisitorReturning
            | FactKind::VisitorPages
            | FactKind::ContactKnown => true,
        }
    }

    fn objects(&self) -> Result<(), LoadError> {
        for (entry, object) in self.image.objects.iter().enumerate() {
            let link = object.link.is_none_or(|link| self.has(link));
            if !link || !self.have(&[object.name, object.title]) || !self.have(&object.members) {
                return wrong("objects", entry, "a string that is not there");
            }
        }
        Ok(())
    }

    fn sites(&self) -> Result<(), LoadError> {
        for (entry, site) in self.image.sites.iter().enumerate() {
            let bad = |what| wrong("places", entry, what);
            if site.step.index() >= self.image.steps.len() {
                return bad("a step that is not there");
            }
            if !site.keeps.iter().all(|slot| slot.index() < self.image.slots.len()) {
                return bad("a property that is not there");
            }
            if site.timeout.is_some_and(|(milliseconds, _)| milliseconds <= 0) {
                return bad("a timeout that is over before it begins");
            }
            let fault = match &site.wait {
                Wait::Ask(ask) => self.ask_fault(ask),
                Wait::Act(act) => self.act_fault(act, site),
                Wait::Pause(time) if !(1..=LONGEST_PAUSE).contains(time) => {
                    Some("a wait of no or too long a time")
                }
                Wait::Do(step) if step.index() >= self.image.steps.len() => Some("a step that is not there"),
                Wait::Pause(_) | Wait::Do(_) => {
                    site.timeout.is_some().then_some("a visitor's time where no visitor is waited for")
                }
            };
            if let Some(what) = fault {
                return bad(what);
            }
        }
        Ok(())
    }

    fn ask_fault(&self, ask: &AskDef) -> Option<&'static str> {
        if ask.target.is_some_and(|target| target.index() >= self.image.slots.len()) || !self.type_ok(ask.ty)
        {
            return Some("a property or type that is not there");
        }
        let value_ok = |value: Const| value.index() < self.image.constants.len();
        if !ask.replies.iter().all(|reply| self.has(reply.label) && reply.value.is_none_or(value_ok)) {
            return Some("a reply's label or value that is not there");
        }
        if ask.attempts.is_some_and(|(count, _)| count == 0) {
            return Some("an attempt before the first");
        }
        None
    }

    fn act_fault(&self, act: &ActDef, site: &SiteDef) -> Option<&'static str> {
        let spec = act.action.spec();
        let Some(object) = self.image.objects.get(act.object.index()) else {
            return Some("an object that is not there");
        };
        if !spec.objects.iter().any(|takes| takes.kind() == object.kind) {
            return Some("an object that the action does not take");
        }
        let argument_ok =
            |given: &Argument| spec.setting(*given).is_some_and(|setting| setting.takes.is_argument());
        if act.values() > MAX_STACK as usize || !act.arguments.iter().all(argument_ok) {
            return Some("a setting that the action does not have");
        }
        if let Some(what) = self.exchange_fault(act) {
            return Some(what);
        }
        let outcome_ok = |given: Outcome| spec.outcome(given).is_some_and(OutcomeSpec::is_sayable);
        if !act.outcomes.iter().all(|(given, _)| outcome_ok(*given)) {
            return Some("an outcome that the flow cannot have a say in");
        }
        if site.timeout.is_some() && !spec.waits.may_be_for_visitor() {
            return Some("a visitor's time where no visitor is waited for");
        }
        match act.deadline {
            Some(_) if spec.waits.late().is_none() => Some("a deadline where no host is waited for"),
            Some(milliseconds) if !within(DEADLINES, milliseconds) => Some("a deadline out of bounds"),
            Some(_) | None => None,
        }
    }

    /// What an action hands over and stores is what its row says, and is there.
    fn exchange_fault(&self, act: &ActDef) -> Option<&'static str> {
        let spec = act.action.spec();
        let given_ok = |given: &GivenDef| {
            spec.hands.contains(&given.part) && self.has(given.name) && self.given_ok(given)
        };
        let addresses = act.given.iter().filter(|given| given.part == Part::Address).count();
        if !act.given.iter().all(given_ok) || addresses != usize::from(spec.hands.contains(&Part::Address)) {
            return Some("a value that the action does not hand over");
        }
        let result_ok =
            |result: &ResultDef| self.has(result.path) && result.slot.index() < self.image.slots.len();
        let brings = act.results.is_empty() || spec.brings.is_some();
        if !brings || !act.results.iter().all(result_ok) {
            return Some("a value that the action does not bring");
        }
        let talk_ok = |talk: &TalkDef| {
            spec.setting(Argument::Next).is_some() && talk.nexts.iter().all(|(name, _)| self.has(*name))
        };
        (!act.talk.as_ref().is_none_or(talk_ok)).then_some("a server that the action does not talk to")
    }

    /// Whether a value is written as its part is read, and of what is there.
    fn given_ok(&self, given: &GivenDef) -> bool {
        match (&given.from, given.part) {
            (GivenFrom::Value(ty), Part::Parameter | Part::Body) => self.type_ok(*ty),
            (GivenFrom::Pieces(pieces), Part::Address | Part::Header) => {
                pieces.iter().all(|piece| match piece {
                    GivenPiece::Words(words) => self.has(*words),
                    GivenPiece::Value(ty) => self.type_ok(*ty),
                })
            }
            (GivenFrom::Secret(secret), Part::Header) => {
                let object = self.image.objects.get(secret.index());
                object.is_some_and(|object| object.kind == ObjectKind::Secret)
            }
            (GivenFrom::Value(_) | GivenFrom::Pieces(_) | GivenFrom::Secret(_), _) => false,
        }
    }

    fn debug(&self) -> Result<(), LoadError> {
        let Some(debug) = &self.image.debug else { return Ok(()) };
        if !self.has(debug.file) {
            return wrong("debug lines", 0, "a string that is not there");
        }
        let mut next = 0;
        for (entry, (at, file)) in debug.files.iter().enumerate() {
            if at.index() < next || at.index() >= self.image.code.len() || !self.has(*file) {
                return wrong("debug lines", entry, "a file out of order, or one that is not there");
            }
            next = at.index() + 1;
        }
        let mut next = 0;
        for (entry, (at, line)) in debug.lines.iter().enumerate() {
            if at.index() < next || at.index() >= self.image.code.len() || *line == 0 {
                return wrong("debug lines", entry, "an address or line out of order");
            }
            next = at.index() + 1;
        }
        Ok(())
    }
}
