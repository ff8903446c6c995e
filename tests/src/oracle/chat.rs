//! A chat, turn by turn.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_compiler::hir::{
    Act, Arm, Ask, Call, Choice, Flow, Pause, Says, Statement, StatementKind, Translation,
};
use chatflow_runtime::action::{Action, Outcome, Waits};
use chatflow_runtime::id::{PlaceId, ReplyId, Slot, Step};
use chatflow_runtime::image::{Image, Scope};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::setting::{Setting, SettingValue};
use chatflow_runtime::value::Type;
use chatflow_runtime::{
    Effect, End, FactValue, Facts, Input, Language, Named, Numbered, Reply, Timestamp, Value, Waiting,
};

use super::shown::plain;

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
    carried: bool,
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
    callers: Vec<PlaceId>,
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
    let wanted = flow.show.is_empty() || flow.show.iter().any(|condition| player.holds(condition));
    wanted && !flow.hide.iter().any(|condition| player.holds(condition))
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
    faults: Vec<String>,
}

/// How a stretch of statements ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It ran to its end.
    Ran,
    /// It went elsewhere, waits, or the flow is over.
    Left,
}

/// Where a chat waits.
#[derive(Clone, Copy)]
pub(super) enum Here<'f> {
    Ask(&'f Ask),
    Act(&'f Act),
    Pause(Pause),
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
        };
        let (language, said) = (Language::English, None);
        let mut player =
            Player { flow, image, facts, now, language, said, chat, effects: Vec::new(), faults: Vec::new() };
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
        if end != End::HandedOff {
            self.survey();
        }
        self.effect(Effect::Complete { end });
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

    // Statements

    /// Goes to a step for good: nobody is come back to.
    pub(super) fn step(&mut self, step: Step) {
        self.chat.callers.clear();
        if self.inside(step) == Ended::Ran {
            self.complete(End::Finished);
        }
    }

    /// Runs a step's statements.
    fn inside(&mut self, step: Step) -> Ended {
        let flow = self.flow;
        match flow.steps.get(step.index()) {
            Some(step) => self.run(&step.body),
            None => {
                self.fault("there is no such step".to_owned());
                Ended::Left
            }
        }
    }

    /// Runs a step, and is there again at its end.
    fn call(&mut self, call: Call) -> Ended {
        self.carry(call.place);
        self.chat.callers.push(call.place);
        let ended = self.inside(call.step);
        if ended == Ended::Ran {
            self.chat.callers.pop();
        }
        ended
    }

    fn run(&mut self, body: &'f [Statement]) -> Ended {
        for statement in body {
            if self.statement(statement) == Ended::Left {
                return Ended::Left;
            }
        }
        Ended::Ran
    }

    fn statement(&mut self, statement: &'f Statement) -> Ended {
        match &statement.kind {
            StatementKind::Say(bubbles, media) => {
                for bubble in bubbles {
                    let text = self.text(bubble);
                    self.effect(Effect::Say { text });
                }
                for media in media {
                    let url = self.text(&media.url);
                    let words = media.words.as_ref().map(|words| self.text(words)).unwrap_or_default();
                    self.effect(Effect::Show { media: media.kind, url, words });
                }
                Ended::Ran
            }
            StatementKind::Set { slot, value, failed } => match (self.value(value), failed) {
                (Some(value), _) => {
                    self.store(*slot, value);
                    Ended::Ran
                }
                (None, Some(arm)) => self.arm(Some(arm)),
                (None, None) => {
                    if !value.may_fail() {
                        self.fault(format!("an unknown value is stored: {value:?}"));
                    }
                    self.fail(End::Error);
                    Ended::Left
                }
            },
            StatementKind::Clear { slot } => {
                self.clear(*slot);
                Ended::Ran
            }
            StatementKind::Wait(pause) => {
                self.enter(pause.place);
                Ended::Left
            }
            StatementKind::Do(call) => self.call(*call),
            StatementKind::If { arms, otherwise, .. } => {
                for (condition, body) in arms {
                    if self.holds(condition) {
                        return self.run(body);
                    }
                }
                otherwise.as_ref().map_or(Ended::Ran, |body| self.run(body))
            }
            StatementKind::Go(step, _) => {
                self.step(*step);
                Ended::Left
            }
            StatementKind::End => {
                self.complete(End::Finished);
                Ended::Left
            }
            StatementKind::Ask(ask) => self.ask(ask),
            StatementKind::Act(act) => self.act(act),
            StatementKind::Hole => {
                self.fault("a statement with an error is run".to_owned());
                Ended::Ran
            }
        }
    }

    fn arm(&mut self, arm: Option<&'f Arm>) -> Ended {
        match arm {
            None | Some(Arm::Next) => Ended::Ran,
            Some(Arm::Step(step, _)) => {
                self.step(*step);
                Ended::Left
            }
            Some(Arm::Block(body)) => self.run(body),
        }
    }

    pub(super) fn store(&mut self, slot: Slot, value: Value) {
        let Some(def) = self.image.slots.get(slot.index()) else { return };
        // One option where several may stand is several that are one.
        let value = match (def.ty, value) {
            (Type::ManyOf(_), Value::Option(one)) => Value::Options(vec![one]),
            (_, value) => value,
        };
        if def.scope != Scope::Local {
            let property = self.string(def.name);
            let value = self.for_the_crm(def.ty, &value);
            self.effect(Effect::Set { property, value });
        }
        self.chat.cleared.remove(&slot);
        self.chat.values.insert(slot, Held { value, carried: false });
    }

    /// A property that is cleared stays unknown, whatever the host says.
    fn clear(&mut self, slot: Slot) {
        let Some(def) = self.image.slots.get(slot.index()) else { return };
        self.chat.values.remove(&slot);
        if def.scope != Scope::Local {
            let property = self.string(def.name);
            self.effect(Effect::Clear { property });
            self.chat.cleared.insert(slot);
        }
    }

    /// The value with the CRM's own names of options.
    fn for_the_crm(&self, ty: Type, value: &Value) -> Value {
        let own = |name: &String| {
            let option =
                self.image.options_of(ty)?.options.iter().find(|option| self.string(option.name) == *name)?;
            Some(self.string(option.value))
        };
        match value {
            Value::Option(name) => Value::Option(own(name).unwrap_or_default()),
            Value::Options(names) => {
                Value::Options(names.iter().map(|name| own(name).unwrap_or_default()).collect())
            }
            other => other.clone(),
        }
    }

    // Waits

    /// Comes to a place. The values that the flow relies on from here travel with the chat.
    fn enter(&mut self, place: PlaceId) {
        self.chat.spot = Spot::Place(place);
        self.chat.asked = false;
        self.chat.entered = self.now;
        self.chat.wrong = 0;
        self.carry(place);
    }

    /// Takes along what the flow relies on after a place.
    fn carry(&mut self, place: PlaceId) {
        let image = self.image;
        let keeps = image.sites.iter().find(|site| site.id == place).map(|site| site.keeps.as_slice());
        for slot in keeps.unwrap_or(&[]) {
            if self.chat.values.contains_key(slot) {
                continue;
            }
            match self.property(*slot) {
                Some(value) => {
                    self.chat.values.insert(*slot, Held { value, carried: true });
                }
                None => {
                    let name = self.slot_name(*slot);
                    self.fault(format!("`{name}` is said to be known here and is not"));
                }
            }
        }
    }

    /// What the host says by now stands above what it said before.
    fn hear_the_host(&mut self) {
        let carried: Vec<Slot> =
            self.chat.values.iter().filter(|(_, held)| held.carried).map(|(slot, _)| *slot).collect();
        for slot in carried {
            if let Some(value) = self.property(slot) {
                self.chat.values.insert(slot, Held { value, carried: true });
            }
        }
    }

    fn ask(&mut self, ask: &'f Ask) -> Ended {
        if let Some((condition, _)) = &ask.skip
            && self.holds(condition)
        {
            return Ended::Ran;
        }
        let text = self.text(&ask.text);
        self.enter(ask.place);
        self.show_question(ask, text, false);
        match self.chat.kept.take() {
            // `anytime` heard it when it came.
            Some(message) => {
                self.chat.reply = Some(message.clone());
                match self.answer(ask, &message) {
                    Some(arm) => self.arm(arm),
                    None => Ended::Left,
                }
            }
            None => Ended::Left,
        }
    }

    pub(super) fn show_question(&mut self, ask: &Ask, text: String, again: bool) {
        let replies: Vec<Reply> =
            ask.replies.iter().map(|reply| Reply { id: reply.id, label: self.label(reply) }).collect();
        let open = replies.is_empty() || ask.otherwise.is_some();
        self.effect(Effect::Ask { place: ask.place, text, ty: ask.ty, replies, open, again });
    }

    fn act(&mut self, act: &'f Act) -> Ended {
        let mut arguments = Vec::new();
        for (argument, value) in &act.arguments {
            match self.value(value) {
                Some(value) => arguments.push((*argument, plain(self, &value))),
                None => self.fault(format!("a setting is unknown: {value:?}")),
            }
        }
        let waits = act.action.spec().waits;
        if waits != Waits::Nobody {
            self.enter(act.place);
        }
        let Some(object) = self.image.objects.get(act.object.index()) else { return Ended::Left };
        let object = Named {
            kind: object.kind,
            name: self.string(object.name),
            title: self
                .said
                .and_then(|said| said.objects.get(&act.object).cloned())
                .unwrap_or_else(|| self.string(object.title)),
            link: object.link.map(|link| self.string(link)),
        };
        let at_once = matches!(waits, Waits::Visitor(_));
        let replies = if at_once { self.offers(act.action) } else { Vec::new() };
        let replies = replies.into_iter().map(|(_, reply)| reply).collect();
        self.effect(Effect::Act { place: act.place, action: act.action, object, arguments, replies });
        if waits == Waits::Nobody { Ended::Ran } else { Ended::Left }
    }

    /// What the visitor may reply to an action, and what comes of it.
    pub(super) fn offers(&self, action: Action) -> Vec<(Outcome, Reply)> {
        let reply = |(outcome, text): &(Outcome, BuiltIn)| {
            let reply = Reply { id: ReplyId::of(outcome.word()), label: self.words(*text) };
            (*outcome, reply)
        };
        action.spec().waits.offer().iter().flat_map(|offer| offer.replies).map(reply).collect()
    }

    /// Goes on from a place by an arm: runs it, and then what stands after the place in the tree.
    pub(super) fn go_on(&mut self, place: PlaceId, arm: Option<&'f Arm>) {
        let flow = self.flow;
        let mut ended = flow.steps.iter().find_map(|step| self.rest(&step.body, place, arm));
        // At the end of a step, its caller goes on.
        while ended == Some(Ended::Ran) {
            let Some(caller) = self.chat.callers.pop() else { return self.complete(End::Finished) };
            ended = flow.steps.iter().find_map(|step| self.rest(&step.body, caller, None));
            if ended.is_none() {
                self.fault("a caller is not there".to_owned());
            }
        }
    }

    /// The rest of a block after the place, if the place is in it.
    fn rest(&mut self, body: &'f [Statement], place: PlaceId, arm: Option<&'f Arm>) -> Option<Ended> {
        for (at, statement) in body.iter().enumerate() {
            if let Some(ended) = self.rest_within(statement, place, arm) {
                return Some(match (ended, body.get(at + 1..)) {
                    (Ended::Ran, Some(after)) => self.run(after),
                    (ended, _) => ended,
                });
            }
        }
        None
    }

    fn rest_within(
        &mut self,
        statement: &'f Statement,
        place: PlaceId,
        arm: Option<&'f Arm>,
    ) -> Option<Ended> {
        match here(statement) {
            Some(Here::Ask(ask)) if ask.place == place => return Some(self.arm(arm)),
            Some(Here::Act(act)) if act.place == place => return Some(self.arm(arm)),
            Some(Here::Pause(pause)) if pause.place == place => return Some(Ended::Ran),
            _ => {}
        }
        if let StatementKind::Do(call) = &statement.kind
            && call.place == place
        {
            return Some(Ended::Ran);
        }
        blocks(statement).into_iter().find_map(|block| self.rest(block, place, arm))
    }

    pub(super) fn here(&self) -> Option<Here<'f>> {
        let Spot::Place(place) = self.chat.spot else { return None };
        self.found(place)
    }

    pub(super) fn found(&self, place: PlaceId) -> Option<Here<'f>> {
        fn search<'f>(body: &'f [Statement], place: PlaceId) -> Option<Here<'f>> {
            body.iter().find_map(|statement| match here(statement) {
                Some(Here::Ask(ask)) if ask.place == place => Some(Here::Ask(ask)),
                Some(Here::Act(act)) if act.place == place => Some(Here::Act(act)),
                Some(Here::Pause(pause)) if pause.place == place => Some(Here::Pause(pause)),
                _ => blocks(statement).into_iter().find_map(|block| search(block, place)),
            })
        }
        let flow = self.flow;
        flow.steps.iter().find_map(|step| search(&step.body, place))
    }

    /// Whether it is the host that an action waits for now.
    pub(super) fn host_is_asked(&self, act: &Act) -> bool {
        act.action.spec().waits.late().is_some() && !self.chat.asked
    }

    pub(super) fn waiting(&self) -> Waiting {
        match (self.chat.spot, self.here()) {
            (Spot::Agreement, _) => Waiting::Agreement,
            (Spot::Over(_), _) => Waiting::Nothing,
            (Spot::Place(place), Some(Here::Act(act))) if self.host_is_asked(act) => {
                let time = act.deadline.unwrap_or(30_000);
                Waiting::Host { place, until: self.chat.entered.after(time) }
            }
            (Spot::Place(place), Some(Here::Act(act))) => Waiting::Visitor {
                place,
                until: act.timeout.as_ref().map(|(time, ..)| self.chat.entered.after(*time)),
            },
            (Spot::Place(place), Some(Here::Ask(ask))) => Waiting::Visitor {
                place,
                until: ask.timeout.as_ref().map(|(time, ..)| self.chat.entered.after(*time)),
            },
            (Spot::Place(place), Some(Here::Pause(pause))) => {
                Waiting::Pause { place, until: self.chat.entered.after(pause.ms) }
            }
            (Spot::Place(place), None) => Waiting::Visitor { place, until: None },
        }
    }
}

/// The place that a statement is, if it waits.
fn here(statement: &Statement) -> Option<Here<'_>> {
    match &statement.kind {
        StatementKind::Ask(ask) => Some(Here::Ask(ask)),
        StatementKind::Act(act) => Some(Here::Act(act)),
        StatementKind::Wait(pause) => Some(Here::Pause(*pause)),
        _ => None,
    }
}

/// The blocks inside a statement.
fn blocks(statement: &Statement) -> Vec<&[Statement]> {
    fn block(arm: &Arm) -> Option<&[Statement]> {
        match arm {
            Arm::Block(body) => Some(body),
            Arm::Next | Arm::Step(..) => None,
        }
    }
    match &statement.kind {
        StatementKind::If { arms, otherwise, .. } => {
            arms.iter().map(|(_, body)| body.as_slice()).chain(otherwise.as_deref()).collect()
        }
        StatementKind::Set { failed, .. } => failed.iter().filter_map(block).collect(),
        StatementKind::Ask(ask) => {
            let replies = ask.replies.iter().map(|reply| &reply.arm);
            let attempts = ask.attempts.iter().map(|(_, arm)| arm);
            let timeout = ask.timeout.iter().map(|(_, arm, _)| arm);
            replies.chain(&ask.otherwise).chain(attempts).chain(timeout).filter_map(block).collect()
        }
        StatementKind::Act(act) => {
            let outcomes = act.outcomes.iter().map(|(_, arm)| arm);
            outcomes.chain(act.timeout.iter().map(|(_, arm, _)| arm)).filter_map(block).collect()
        }
        _ => Vec::new(),
    }
}
