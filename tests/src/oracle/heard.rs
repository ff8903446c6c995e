//! What happens, and what it means where the chat stands.

use chatflow_compiler::hir::{Act, Arm, Ask, Choice};
use chatflow_runtime::action::{Action, ObjectKind, Outcome};
use chatflow_runtime::id::{Const, PlaceId, ReplyId, Step};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::value::Type;
use chatflow_runtime::{Article, Effect, End, FactValue, Facts, Input, Value, Waiting};

use super::answers::{reply_number, several};
use super::chat::{Player, Spot};
use super::places::Here;
use super::values::folded;

/// What the visitor did.
#[derive(Clone, Copy)]
pub(super) enum Said<'t> {
    Typed(&'t str),
    Tapped(PlaceId, ReplyId),
}

impl<'f> Player<'f> {
    pub(super) fn take(&mut self, input: Input<'_>) {
        let said = match input {
            Input::Text(text) => Some(Said::Typed(text)),
            Input::Tap { place, reply } => Some(Said::Tapped(place, reply)),
            _ => None,
        };
        if let Spot::Over(end) = self.chat.spot {
            match said {
                Some(said) => self.forward(said),
                None if input == Input::Closed && end == End::HandedOff => self.survey(),
                None => {}
            }
            return;
        }
        if said.is_some() && self.now.0 - self.chat.active.0 >= self.flow.session_timeout {
            return self.restart();
        }
        match (input, said) {
            (_, Some(said)) => self.message(said),
            (Input::Agree, _) if self.chat.spot == Spot::Agreement => {
                self.chat.agreed = true;
                self.chat.active = self.now;
                self.step(Step(0));
            }
            (Input::Outcome { place, outcome, data }, _) => self.outcome(place, outcome, data),
            (Input::Silence, _) if self.time_is_up() => self.late(),
            _ => {}
        }
    }

    fn forward(&mut self, said: Said<'_>) {
        let text = match said {
            Said::Typed(text) => Some(text.to_owned()),
            Said::Tapped(place, reply) => match self.found(place) {
                Some(Here::Ask(ask)) => {
                    ask.replies.iter().find(|known| known.id == reply).map(|known| self.label(known))
                }
                Some(Here::Act(act)) => {
                    let offers = self.offers(act.action);
                    offers.into_iter().find(|(_, known)| known.id == reply).map(|(_, known)| known.label)
                }
                Some(Here::Pause(_)) | None => None,
            },
        };
        if let Some(text) = text {
            self.effect(Effect::Forward { text });
        }
    }

    fn message(&mut self, said: Said<'_>) {
        self.chat.active = self.now;
        let Some(here) = self.here() else { return self.ask_consent() };
        if self.processing().is_some_and(|(_, explicit)| !explicit) {
            self.chat.agreed = true;
        }
        if self.time_is_up() && !matches!(here, Here::Pause(_)) {
            self.late();
            return self.too_late(said);
        }
        match (here, said) {
            (Here::Ask(ask), Said::Tapped(place, reply)) => {
                let known = ask.replies.iter().find(|known| known.id == reply);
                if let Some(known) = known.filter(|_| place == ask.place) {
                    self.chat.reply = Some(self.label(known));
                    let arm = self.take_reply(ask, known.value, &known.arm);
                    self.go_on(ask.place, arm);
                }
            }
            (Here::Ask(ask), Said::Typed(message)) => {
                let labelled = ask.replies.iter().any(|reply| self.is_label(reply, message));
                self.chat.reply = Some(message.to_owned());
                if !labelled && self.anytime() {
                    return;
                }
                if let Some(arm) = self.answer(ask, message) {
                    self.go_on(ask.place, arm);
                }
            }
            (Here::Act(act), said) if self.chat.asked && act.talk.is_some() => {
                self.reply_to_server(act, said)
            }
            (Here::Act(act), said) if !self.host_is_asked(act) => self.at_the_offer(act, said),
            (Here::Act(_), said) => {
                self.meanwhile(said);
            }
            // What is said before the next question is seen is kept for it, also where the time is just over.
            (Here::Pause(_), said) => {
                if !self.meanwhile(said) && self.time_is_up() {
                    self.late();
                }
            }
        }
    }

    /// A message while nobody asks anything: `anytime` hears it, else it is kept. Whether it led elsewhere.
    fn meanwhile(&mut self, said: Said<'_>) -> bool {
        let Said::Typed(message) = said else { return false };
        let before = self.chat.reply.replace(message.to_owned());
        let heard = self.anytime();
        if !heard {
            self.chat.reply = before;
            self.chat.kept = Some(message.to_owned());
        }
        heard
    }

    fn is_label(&self, reply: &Choice, message: &str) -> bool {
        folded(&self.label(reply)) == folded(message)
    }

    /// Whether it is so in the language of the flow.
    fn is_first_label(&self, reply: &Choice, message: &str) -> bool {
        folded(&self.string(reply.label)) == folded(message)
    }

    /// Goes where the first line of `anytime` leads that holds, if one does.
    pub(super) fn anytime(&mut self) -> bool {
        let flow = self.flow;
        for (condition, step, _) in &flow.anytime {
            if self.holds(condition) {
                self.chat.kept = None;
                self.step(*step);
                return true;
            }
        }
        false
    }

    /// Takes a message as the answer of a question: the arm that it leads to (none for the next statement), or
    /// nothing where it cannot be taken and the chat stays.
    #[expect(clippy::option_option, reason = "outside: whether the chat goes on; inside: by which arm")]
    pub(super) fn answer(&mut self, ask: &'f Ask, message: &str) -> Option<Option<&'f Arm>> {
        let labelled = ask.replies.iter().find(|reply| self.is_label(reply, message));
        let at_first = || ask.replies.iter().find(|reply| self.is_first_label(reply, message));
        let numbered = || ask.replies.get(reply_number(message)?.checked_sub(1)?);
        if let Some(reply) = labelled.or_else(numbered).or_else(at_first) {
            return Some(self.take_reply(ask, reply.value, &reply.arm));
        }
        match (ask.ty, ask.replies.is_empty()) {
            (Type::Bool | Type::OneOf(_), false) => {
                let value = self.read(ask.ty, message);
                let reply = ask.replies.iter().find(|reply| {
                    value.is_some() && reply.value.and_then(|value| self.constant(value)) == value
                });
                if let Some(reply) = reply {
                    return Some(self.take_reply(ask, reply.value, &reply.arm));
                }
            }
            (Type::ManyOf(_), false) => {
                let meant = several(message, self.language, &|part| self.meant(ask, part));
                match meant.as_deref() {
                    Some([one]) => {
                        let reply = ask.replies.get(*one)?;
                        return Some(self.take_reply(ask, reply.value, &reply.arm));
                    }
                    Some(some) => {
                        if let Some(value) = self.together(ask, some) {
                            self.store_answer(ask, value);
                            return Some(None);
                        }
                    }
                    None => {}
                }
            }
            _ => {}
        }
        let value = self.read(ask.ty, message);
        if let (Some(value), true) = (&value, ask.replies.is_empty()) {
            self.store_answer(ask, value.clone());
            return Some(None);
        }
        if let (Some(arm), false) = (&ask.otherwise, message.trim().is_empty()) {
            if let Some(value) = value {
                self.store_answer(ask, value);
            }
            return Some(Some(arm));
        }
        self.wrong_answer(ask)
    }

    /// The reply that a part of an answer means at a question that takes several.
    fn meant(&self, ask: &Ask, part: &str) -> Option<usize> {
        let labelled = ask.replies.iter().position(|reply| self.is_label(reply, part));
        let at_first = || ask.replies.iter().position(|reply| self.is_first_label(reply, part));
        let numbered =
            || reply_number(part).filter(|number| *number <= ask.replies.len()).map(|number| number - 1);
        let named = || {
            let (Type::OneOf(list) | Type::ManyOf(list)) = ask.ty else { return None };
            let name = self.option(list, part)?;
            let stores = |wanted: Value| {
                ask.replies.iter().position(|reply| {
                    reply.value.and_then(|value| self.constant(value)).is_some_and(|value| value == wanted)
                })
            };
            stores(Value::Option(name.clone())).or_else(|| stores(Value::Options(vec![name])))
        };
        labelled.or_else(numbered).or_else(at_first).or_else(named)
    }

    /// What several replies store together, if each of them stores options.
    fn together(&self, ask: &Ask, replies: &[usize]) -> Option<Value> {
        let mut names = Vec::new();
        for at in replies {
            match self.constant(ask.replies.get(*at)?.value?)? {
                Value::Option(name) => names.push(name),
                Value::Options(some) => names.extend(some),
                _ => return None,
            }
        }
        Some(Value::Options(self.in_order(self.image.options_of(ask.ty)?, &names)))
    }

    fn store_answer(&mut self, ask: &Ask, value: Value) {
        if let Some(target) = ask.target {
            self.store(target, value);
        }
    }

    fn take_reply(&mut self, ask: &Ask, value: Option<Const>, arm: &'f Arm) -> Option<&'f Arm> {
        if let Some(value) = value.and_then(|value| self.constant(value)) {
            self.store_answer(ask, value);
        }
        Some(arm)
    }

    #[expect(clippy::option_option, reason = "as in `answer`")]
    fn wrong_answer(&mut self, ask: &'f Ask) -> Option<Option<&'f Arm>> {
        self.chat.wrong += 1;
        if let Some((allowed, arm)) = &ask.attempts
            && self.chat.wrong >= *allowed
        {
            return Some(Some(arm));
        }
        let text = match &ask.invalid {
            Some(text) => self.text(text),
            None => self.cannot_read(ask),
        };
        self.show_question(ask, text, true);
        None
    }

    fn cannot_read(&self, ask: &Ask) -> String {
        let text = match ask.ty {
            _ if !ask.replies.is_empty() => BuiltIn::InvalidReply,
            Type::OneOf(_) | Type::ManyOf(_) => BuiltIn::InvalidReply,
            Type::Text => BuiltIn::InvalidText,
            Type::Number => BuiltIn::InvalidNumber,
            Type::Bool => BuiltIn::InvalidBool,
            Type::Date => BuiltIn::InvalidDate,
            Type::DateTime => BuiltIn::InvalidDateTime,
            Type::Duration => BuiltIn::InvalidDuration,
            Type::Email => BuiltIn::InvalidEmail,
            Type::Phone if self.home().is_some() => BuiltIn::InvalidPhone,
            Type::Phone => BuiltIn::InvalidPhoneAbroad,
            Type::Url => BuiltIn::InvalidUrl,
        };
        self.words(text)
    }

    /// A message while a meeting's slots are offered.
    fn at_the_offer(&mut self, act: &'f Act, said: Said<'_>) {
        let offers = self.offers(act.action);
        match said {
            Said::Tapped(place, id) => {
                if let Some((outcome, reply)) = offers.into_iter().find(|(_, reply)| reply.id == id)
                    && place == act.place
                {
                    self.chat.reply = Some(reply.label);
                    self.settle(act, outcome);
                }
            }
            Said::Typed(message) => {
                self.chat.reply = Some(message.to_owned());
                let meant = offers.iter().find(|(_, reply)| folded(message) == folded(&reply.label));
                if let Some((outcome, _)) = meant {
                    return self.settle(act, *outcome);
                }
                if self.anytime() {
                    return;
                }
                let numbered = reply_number(message).and_then(|number| offers.get(number.checked_sub(1)?));
                if let Some((outcome, _)) = numbered {
                    return self.settle(act, *outcome);
                }
                self.ask_about_it(act, true);
            }
        }
    }

    /// Asks for one of the replies that an action offers.
    fn ask_about_it(&mut self, act: &Act, again: bool) {
        let text = self.words(match act.action {
            Action::ShareArticle => BuiltIn::ArticlePrompt,
            Action::SearchKnowledge => BuiltIn::SearchPrompt,
            _ => BuiltIn::MeetingPrompt,
        });
        let replies = self.offers(act.action).into_iter().map(|(_, reply)| reply).collect();
        self.effect(Effect::Ask { place: act.place, text, ty: Type::Text, replies, open: false, again });
    }

    /// Whether the time at the place is over.
    fn time_is_up(&self) -> bool {
        match self.waiting() {
            Waiting::Host { until, .. }
            | Waiting::Visitor { until: Some(until), .. }
            | Waiting::Pause { until, .. } => self.now >= until,
            _ => false,
        }
    }

    /// Does what happens when the time is over.
    fn late(&mut self) {
        match self.here() {
            Some(Here::Act(act)) if self.host_is_asked(act) => {
                let hand_off = act.action == Action::HandOff;
                self.settle(act, if hand_off { Outcome::Unavailable } else { Outcome::Failed });
            }
            Some(Here::Act(act)) => {
                let arm = act.timeout.as_ref().map(|(_, arm, _)| arm);
                self.go_on(act.place, arm);
            }
            Some(Here::Ask(ask)) => {
                let arm = ask.timeout.as_ref().map(|(_, arm, _)| arm);
                self.go_on(ask.place, arm);
            }
            Some(Here::Pause(pause)) => self.go_on(pause.place, None),
            None => {}
        }
    }

    /// A message after the time was over answers nothing; `anytime` hears it.
    fn too_late(&mut self, said: Said<'_>) {
        if matches!(self.chat.spot, Spot::Over(_)) {
            return self.forward(said);
        }
        if let Said::Typed(message) = said {
            let before = self.chat.reply.replace(message.to_owned());
            if !self.anytime() {
                self.chat.reply = before;
            }
        }
    }

    fn outcome(&mut self, at: PlaceId, outcome: Outcome, data: &Facts) {
        let Some(Here::Act(act)) = self.here() else { return };
        let may_be = act.action.spec().outcomes.iter().any(|row| row.outcome == outcome);
        let host_is_done = self.chat.asked && (outcome == Outcome::Found || act.talk.is_some());
        if at != act.place || !may_be || host_is_done {
            return;
        }
        if self.time_is_up() {
            return self.late();
        }
        if !self.host_is_asked(act) && outcome != Outcome::Failed {
            self.chat.active = self.now;
            if self.processing().is_some_and(|(_, explicit)| !explicit) {
                self.chat.agreed = true;
            }
        }
        if let (Some(talk), Outcome::Ok) = (&act.talk, outcome) {
            return self.server_said(act, talk, data);
        }
        if matches!(outcome, Outcome::Returned | Outcome::Ok) {
            return self.returned(act, outcome, data);
        }
        if outcome != Outcome::Found {
            return self.settle(act, outcome);
        }
        let said = |name: &str| match data.get(name) {
            Some(FactValue::Text(text)) if !text.trim().is_empty() => Some(text.clone()),
            _ => None,
        };
        let mut articles = Vec::new();
        while let Some(title) = said(&format!("articles[{}].title", articles.len())) {
            let link = said(&format!("articles[{}].link", articles.len()));
            articles.push(Article { title, link });
        }
        if articles.is_empty() {
            return self.settle(act, Outcome::Unsolved);
        }
        self.chat.asked = true;
        self.chat.kept = None;
        self.chat.entered = self.now;
        self.effect(Effect::Articles { articles });
        self.ask_about_it(act, false);
    }

    /// Stores what the host says, if all of it can be stored.
    fn returned(&mut self, act: &'f Act, outcome: Outcome, data: &Facts) {
        let mut values = Vec::new();
        for saved in &act.results {
            let ty = self.image.slots.get(saved.slot.index()).map_or(Type::Text, |slot| slot.ty);
            let said = data.get(&self.string(saved.path));
            match said.and_then(|said| self.as_answered(said, ty)) {
                Some(value) => values.push((saved.slot, value)),
                None => return self.settle(act, Outcome::Failed),
            }
        }
        for (slot, value) in values {
            self.store(slot, value);
        }
        self.settle(act, outcome);
    }

    /// Goes on after an outcome.
    pub(super) fn settle(&mut self, act: &'f Act, outcome: Outcome) {
        if let Some((_, arm)) = act.outcomes.iter().find(|(said, _)| *said == outcome) {
            return self.go_on(act.place, Some(arm));
        }
        match outcome {
            Outcome::Booked
            | Outcome::Created
            | Outcome::Helpful
            | Outcome::NotHelpful
            | Outcome::Solved
            | Outcome::Returned
            | Outcome::Ok => {
                self.go_on(act.place, None);
            }
            Outcome::Failed if act.action == Action::SearchKnowledge => self.settle(act, Outcome::Unsolved),
            Outcome::Taken => self.complete(End::HandedOff),
            Outcome::Failed => self.fail(End::Error),
            // Somebody was there a moment ago, or it goes to nobody in particular: the inbox has it.
            Outcome::Unavailable => {
                let object = self.image.objects.get(act.object.index()).map(|object| object.kind);
                if object.is_none_or(|kind| {
                    !matches!(kind, ObjectKind::Team | ObjectKind::User | ObjectKind::Unassigned)
                }) {
                    self.fault("`unavailable` is not said".to_owned());
                }
                self.fail(End::HandedOff);
            }
            Outcome::Declined | Outcome::Unsolved | Outcome::Found => {
                self.fault(format!("`{}` is not said", outcome.word()));
            }
        }
    }
}
