//! A chat, turn by turn.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_compiler::hir::{Choice, Flow, Says, Translation};
use chatflow_runtime::id::{PlaceId, Slot, Step};
use chatflow_runtime::image::{Image, Scope};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::setting::{Setting, SettingValue};
use chatflow_runtime::{
    Effect, End, FactValue, Facts, Input, Language, Numbered, QuickReply, Timestamp, Value, Waiting,
};

/// Where a chat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Agreement,
    Place(PlaceId),
    Over(End),
}

/// A value that the chat holds.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) value: Value,
    /// It came from the host, and the host may say it anew.
    pub(super) carried: bool,
}

/// A chat between two turns.
#[derive(Clone, Debug)]
pub struct Chat {
    /// The tag of the language it is held in.
    pub language: String,
    pub(super) spot: Spot,
    /// Whether the host has answered at the place and the visitor is asked about it.
    pub(super) asked: bool,
    /// Whether the visitor agreed to the processing of what they say.
    pub agreed: bool,
    surveyed: bool,
    /// The wrong answers so far at the question.
    pub wrong: u32,
    pub(super) entered: Timestamp,
    pub(super) active: Timestamp,
    effects: u32,
    /// How often it began again.
    pub restarts: u32,
    /// The last reply.
    pub reply: Option<String>,
    /// The message that waits for the next question.
    pub kept: Option<String>,
    pub(super) values: BTreeMap<Slot, Held>,
    /// The properties that the flow has cleared.
    pub(super) cleared: BTreeSet<Slot>,
    /// The calls that the steps being run come back to, the outermost first.
    pub(super) callers: Vec<PlaceId>,
    /// What a server gave itself to know.
    pub server_state: Option<String>,
    /// The replies that a server offers.
    pub offered: Vec<QuickReply>,
}

impl Chat {
    /// The properties that the flow has cleared, by slot.
    pub fn cleared(&self) -> impl Iterator<Item = Slot> {
        self.cleared.iter().copied()
    }

    /// The calls that the steps being run come back to.
    pub fn callers(&self) -> &[PlaceId] {
        &self.callers
    }

    /// Everything that the chat holds of properties and locals, by slot.
    pub fn holds(&self) -> impl Iterator<Item = (Slot, &Value)> {
        self.values.iter().map(|(slot, held)| (*slot, &held.value))
    }
}

/// What a turn came to.
#[derive(Debug)]
pub struct Played {
    /// The chat after it.
    pub chat: Chat,
    /// What the host is asked to do.
    pub effects: Vec<Numbered>,
    /// What is waited for.
    pub waiting: Waiting,
    /// What should have been known and was not.
    pub faults: Vec<String>,
}

/// Plays one turn: the first where there is no chat and no input.
pub fn play(
    flow: &Flow,
    image: &Image,
    before: Option<(&Chat, Input<'_>)>,
    facts: &Facts,
    now: Timestamp,
) -> Played {
    let mut player = Player::new(flow, image, facts, now);
    match before {
        None => player.greet(),
        Some((chat, input)) => {
            player.chat = chat.clone();
            player.speak();
            player.hear_the_host();
            player.take(input);
        }
    }
    let waiting = player.waiting();
    Played { chat: player.chat, effects: player.effects, waiting, faults: player.faults }
}

/// Whether the flow wants to show on this page.
pub fn shows(flow: &Flow, image: &Image, facts: &Facts, now: Timestamp) -> bool {
    let mut player = Player::new(flow, image, facts, now);
    let wanted = flow.show.is_empty() || flow.show.iter().any(|(condition, _)| player.holds(condition));
    wanted && !flow.hide.iter().any(|(condition, _)| player.holds(condition))
}

/// One turn being played.
pub(super) struct Player<'f> {
    pub(super) flow: &'f Flow,
    pub(super) image: &'f Image,
    pub(super) facts: &'f Facts,
    pub(super) now: Timestamp,
    pub(super) language: Language,
    /// What the flow says in it, where that is not its first.
    pub(super) said: Option<&'f Translation>,
    pub(super) chat: Chat,
    effects: Vec<Numbered>,
    pub(super) faults: Vec<String>,
    /// The server's own reply that the visitor has just chosen.
    pub(super) picked: Option<QuickReply>,
}

impl<'f> Player<'f> {
    fn new(flow: &'f Flow, image: &'f Image, facts: &'f Facts, now: Timestamp) -> Player<'f> {
        let chat = Chat {
            language: String::new(),
            spot: Spot::Agreement,
            asked: false,
            agreed: false,
            surveyed: false,
            wrong: 0,
            entered: now,
            active: now,
            effects: 0,
            restarts: 0,
            reply: None,
            kept: None,
            values: BTreeMap::new(),
            cleared: BTreeSet::new(),
            callers: Vec::new(),
            server_state: None,
            offered: Vec::new(),
        };
        let (language, said) = (Language::English, None);
        let (effects, faults, picked) = (Vec::new(), Vec::new(), None);
        let mut player = Player { flow, image, facts, now, language, said, chat, effects, faults, picked };
        player.choose_language();
        player
    }

    fn first_language(&self) -> String {
        self.image.flow.languages.first().map(|tag| self.string(*tag)).unwrap_or_default()
    }

    /// Chooses the language: the first one spoken of those that the host names.
    fn choose_language(&mut self) {
        let mut chosen = self.first_language();
        for fact in ["visitor.language", "page.language", "language"] {
            let Some(FactValue::Text(said)) = self.facts.get(fact) else { continue };
            let said = said.trim().to_lowercase();
            let said = said.split(['-', '_']).next().unwrap_or("").to_owned();
            if said == self.first_language() || self.flow.translations.iter().any(|known| known.tag == said) {
                chosen = said;
            }
        }
        self.chat.language = chosen;
        self.speak();
    }

    /// Speaks the chat's language, or the first where that is none of the flow's.
    fn speak(&mut self) {
        self.said = self.flow.translations.iter().find(|known| known.tag == self.chat.language);
        let tag = self.said.map_or_else(|| self.first_language(), |said| said.tag.clone());
        let known = Language::ALL.iter().find(|language| language.tag() == tag);
        self.language =
            known.copied().unwrap_or(if tag.is_empty() { Language::English } else { Language::Other });
    }

    /// The label of a reply.
    pub(super) fn label(&self, reply: &Choice) -> String {
        let translated = self.said.and_then(|said| match reply.says {
            Says::Written(span) => said.labels.get(&span).cloned(),
            Says::Option(options, at, _) => said.options.get(&(options, at)).cloned(),
            Says::BuiltIn(text, _) => Some(self.words(text)),
        });
        translated.unwrap_or_else(|| self.string(reply.label))
    }

    fn translated(&self, setting: Setting) -> Option<String> {
        self.said?.settings.get(&setting).cloned()
    }

    pub(super) fn fault(&mut self, what: String) {
        self.faults.push(what);
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push(Numbered { id: self.chat.effects, effect });
        self.chat.effects += 1;
    }

    pub(super) fn words(&self, text: BuiltIn) -> String {
        text.text(self.language).to_owned()
    }

    // Settings

    fn setting(&self, wanted: Setting) -> Option<SettingValue> {
        self.image.settings.iter().find(|(setting, _)| *setting == wanted).map(|(_, value)| *value)
    }

    /// The text about processing, and whether the visitor must agree.
    pub(super) fn processing(&self) -> Option<(String, bool)> {
        let (word, text) = match self.setting(Setting::Processing)? {
            SettingValue::Word(word) => (word, None),
            SettingValue::WordAndText(word, text) => (word, Some(text)),
            _ => return None,
        };
        let explicit = self.string(word) == "explicit";
        let built_in = if explicit { BuiltIn::ProcessingExplicit } else { BuiltIn::ProcessingLegitimate };
        let own = text.map(|text| self.string(text));
        Some((self.translated(Setting::Processing).or(own).unwrap_or_else(|| self.words(built_in)), explicit))
    }

    fn error_text(&self) -> String {
        if let Some(text) = self.translated(Setting::ErrorText) {
            return text;
        }
        match self.setting(Setting::ErrorText) {
            Some(SettingValue::Text(text)) => self.string(text),
            _ => self.words(BuiltIn::Error),
        }
    }

    // The beginning and the end

    fn greet(&mut self) {
        self.choose_language();
        self.chat.spot = Spot::Agreement;
        self.chat.active = self.now;
        if let Some(welcome) = &self.flow.welcome {
            let text = self.text(welcome);
            self.effect(Effect::Say { text });
        }
        let must_agree = self.processing().is_some_and(|(_, explicit)| explicit);
        if !self.chat.agreed {
            self.ask_consent();
        }
        if self.chat.agreed || !must_agree {
            self.step(Step(0));
        }
    }

    pub(super) fn ask_consent(&mut self) {
        if let Some((text, explicit)) = self.processing() {
            self.effect(Effect::Consent { text, explicit });
        }
    }

    /// Begins again: what the CRM has, and the visitor's agreement, stay.
    pub(super) fn restart(&mut self) {
        let image = self.image;
        let lasts =
            |slot: &Slot| image.slots.get(slot.index()).is_some_and(|slot| slot.scope != Scope::Local);
        self.chat.values.retain(|slot, _| lasts(slot));
        self.chat.reply = None;
        self.chat.kept = None;
        self.chat.callers.clear();
        self.forget_servers();
        self.chat.surveyed = false;
        self.chat.wrong = 0;
        self.chat.restarts += 1;
        self.greet();
    }

    pub(super) fn complete(&mut self, end: End) {
        self.chat.spot = Spot::Over(end);
        self.chat.wrong = 0;
        self.chat.kept = None;
        self.chat.callers.clear();
        self.forget_servers();
        if end != End::HandedOff {
            self.survey();
        }
        self.effect(Effect::Complete { end });
    }

    fn forget_servers(&mut self) {
        self.chat.server_state = None;
        self.chat.offered.clear();
    }

    pub(super) fn survey(&mut self) {
        if let (false, Some(SettingValue::Word(survey))) = (self.chat.surveyed, self.setting(Setting::Survey))
        {
            self.chat.surveyed = true;
            let survey = self.string(survey);
            self.effect(Effect::Survey { survey });
        }
    }

    pub(super) fn fail(&mut self, end: End) {
        let text = self.error_text();
        self.effect(Effect::Say { text });
        self.complete(end);
    }
}
