//! What the visitor says, and what becomes of actions, at the place where a chat waits.

use alloc::string::String;
use alloc::vec::Vec;

use crate::action::Offer;
use crate::answer;
use crate::awaited::Awaited;
use crate::eval::Stop;
use crate::id::{PlaceId, ReplyId, Site};
use crate::image::{ActDef, AskDef, SiteDef, Wait};
use crate::language::BuiltIn;
use crate::machine::{Machine, Next};
use crate::observe::{Observer, Taken};
use crate::said::in_order;
use crate::session::State;
use crate::text;
use crate::turn::{Effect, End};
use crate::value::{Type, Value};

/// What the visitor said.
#[derive(Clone, Copy)]
pub(crate) enum Said<'t> {
    /// They typed this.
    Typed(&'t str),
    /// They tapped this reply of this place.
    Tapped(PlaceId, ReplyId),
}

impl<'a, O: Observer + ?Sized> Machine<'a, O> {
    /// The place where the chat waits.
    pub(crate) fn here(&self) -> Option<(Site, &'a SiteDef)> {
        let State::At(place) = self.session.state else { return None };
        let program = self.program;
        let site = program.site(place)?;
        Some((site, program.site_def(site)?))
    }

    /// The visitor did something.
    pub(crate) fn note_activity(&mut self) {
        self.session.active = self.now;
        self.session.replied = true;
        // Where agreement is not asked for but implied, chatting is what implies it.
        if self.program.agreement_is_implied() {
            self.session.agreed = true;
        }
    }

    /// Passes on what was said after the end.
    pub(crate) fn forward(&mut self, said: Said<'_>) {
        let text = match said {
            Said::Typed(text) => Some(String::from(text)),
            Said::Tapped(place, reply) => self.label(place, reply),
        };
        if let Some(text) = text {
            self.emit(Effect::Forward { text });
        }
    }

    /// What a reply says, if the program still has it.
    pub(crate) fn label(&self, place: PlaceId, reply: ReplyId) -> Option<String> {
        let site = self.program.site(place)?;
        let def = self.program.site_def(site)?;
        match &def.wait {
            Wait::Ask(ask) => {
                let at = self.program.reply_at(ask, reply)?;
                Some(String::from(self.eval.speech.reply(site, at)))
            }
            Wait::Act(act) => {
                let replies = self.offer(act.action.spec().waits.offer()?);
                replies.into_iter().find(|known| known.id == reply).map(|known| known.label)
            }
            Wait::Pause(_) | Wait::Do(_) => None,
        }
    }

    /// Takes a message of the visitor.
    pub(crate) fn message(&mut self, said: Said<'_>) {
        let Some((site, def)) = self.here() else {
            self.session.active = self.now;
            return self.ask_consent();
        };
        self.note_activity();
        if let Wait::Pause(_) = def.wait {
            return self.said_in_pause(site, def, said);
        }
        if self.is_over(def) {
            self.time_is_up(site, def);
            return self.late(said);
        }
        let next = match def.awaited(self.session.asked) {
            Some(Awaited::Answer(ask)) => self.said_to_question(site, def, ask, said),
            Some(Awaited::Choice(act, offer)) => self.said_to_offer(site, def, act, offer, said),
            Some(Awaited::Reply(again)) => self.said_to_server(def, again, said),
            Some(Awaited::Outcome(..) | Awaited::Time(_)) | None => self.said_to_host(said),
        };
        self.after(next);
    }

    /// Takes a message while the flow waits by itself. Whether the host has noticed that the time is over does not
    /// matter: the next question takes what was said before it was shown.
    fn said_in_pause(&mut self, site: Site, def: &'a SiteDef, said: Said<'_>) {
        match self.said_to_host(said) {
            Ok(Next::Rest) if self.is_over(def) => self.time_is_up(site, def),
            next => self.after(next),
        }
    }

    /// Goes on, or ends the chat where it cannot.
    fn after(&mut self, next: Result<Next, Stop>) {
        match next {
            Ok(next) => self.go_on(next),
            Err(Stop) => self.fail(End::Error),
        }
    }

    /// Takes a message that came after the time at its place was over: it is no answer to what came since, but
    /// `anytime` hears it.
    fn late(&mut self, said: Said<'_>) {
        if self.session.is_done() {
            return self.forward(said);
        }
        if let Said::Typed(message) = said {
            let before = self.session.reply.replace(String::from(message));
            match self.anytime() {
                Ok(Some(next)) => self.go_on(next),
                Ok(None) => self.session.reply = before,
                Err(Stop) => self.fail(End::Error),
            }
        }
    }

    /// The first line of `anytime` that holds for the last reply.
    pub(crate) fn anytime(&mut self) -> Result<Option<Next>, Stop> {
        let image = self.image();
        for (line, row) in image.anytime.iter().enumerate() {
            if self.eval.condition(row.when, &self.session, self.observer)?.holds() {
                self.observer.anytime(line);
                self.session.kept = None;
                return Ok(Some(self.leave(row.arm)));
            }
        }
        Ok(None)
    }

    fn said_to_question(
        &mut self,
        site: Site,
        def: &'a SiteDef,
        ask: &'a AskDef,
        said: Said<'_>,
    ) -> Result<Next, Stop> {
        match said {
            Said::Tapped(place, _) if place != def.id => Ok(Next::Rest),
            Said::Tapped(_, reply) => match self.program.reply_at(ask, reply) {
                Some(at) => {
                    self.session.reply = Some(String::from(self.eval.speech.reply(site, at)));
                    self.take_reply(site, def, ask, at)
                }
                None if self.was_shown(reply) => self.ask_anew(site, ask),
                None => Ok(Next::Rest),
            },
            Said::Typed(message) => {
                self.session.reply = Some(String::from(message));
                if let Some(at) = self.labelled(site, ask, message) {
                    return self.take_reply(site, def, ask, at);
                }
                match self.anytime()? {
                    Some(next) => Ok(next),
                    None => self.read_answer(site, def, ask, message),
                }
            }
        }
    }

    /// Whether the visitor has this reply before them.
    fn was_shown(&self, reply: ReplyId) -> bool {
        self.session.shown.as_ref().is_some_and(|shown| shown.replies.contains(&reply))
    }

    /// Shows the question's replies again, with what is said to an answer that cannot be taken. It counts nothing:
    /// whoever chose a reply that a new version does not have has made no mistake.
    fn ask_anew(&mut self, site: Site, ask: &AskDef) -> Result<Next, Stop> {
        let text = self.invalid_text(ask)?;
        self.ask(site, ask, text, true);
        Ok(Next::Rest)
    }

    /// The reply that the visitor saw under this number, if there still is one: `Some(None)` where it is gone.
    fn numbered(&self, ask: &AskDef, message: &str) -> Option<Option<usize>> {
        let at = answer::reply_number(message)?;
        match &self.session.shown {
            Some(shown) => shown.replies.get(at).map(|reply| self.program.reply_at(ask, *reply)),
            None => (at < ask.replies.len()).then_some(Some(at)),
        }
    }

    /// Takes a message that was kept for this question. `anytime` has heard it when it came.
    pub(crate) fn answer(&mut self, site: Site, message: String) -> Result<Next, Stop> {
        let Some(def) = self.program.site_def(site) else { return Err(Stop) };
        let Wait::Ask(ask) = &def.wait else { return Err(Stop) };
        let labelled = self.labelled(site, ask, &message);
        self.session.reply = Some(message.clone());
        match labelled {
            Some(at) => self.take_reply(site, def, ask, at),
            None => self.read_answer(site, def, ask, &message),
        }
    }

    /// The reply whose label this is, in the language of the chat.
    fn labelled(&self, site: Site, ask: &AskDef, message: &str) -> Option<usize> {
        (0..ask.replies.len()).find(|at| text::same(self.eval.speech.reply(site, *at), message))
    }

    /// The reply whose label this is in the language of the flow: people quote what they know from elsewhere.
    fn labelled_at_first(&self, ask: &AskDef, message: &str) -> Option<usize> {
        let strings = &self.image().strings;
        ask.replies.iter().position(|reply| text::same(strings.get(reply.label), message))
    }

    /// Reads a message that is no reply's label.
    fn read_answer(
        &mut self,
        site: Site,
        def: &'a SiteDef,
        ask: &'a AskDef,
        message: &str,
    ) -> Result<Next, Stop> {
        match self.numbered(ask, message) {
            Some(Some(at)) => return self.take_reply(site, def, ask, at),
            Some(None) => return self.ask_anew(site, ask),
            None => {}
        }
        if !ask.replies.is_empty() {
            if let Some(at) = self.labelled_at_first(ask, message) {
                return self.take_reply(site, def, ask, at);
            }
            match self.reply_meant(site, ask, message) {
                Some(Meant::Reply(at)) => return self.take_reply(site, def, ask, at),
                Some(Meant::Several(value)) => return self.take_answer(site, def, ask, value),
                None => {}
            }
        }
        let value = self.read(ask.ty, message);
        match (value, ask.otherwise) {
            (Some(value), _) if ask.replies.is_empty() => self.take_answer(site, def, ask, value),
            // A message without any text says nothing, so it is not what the flow expects here either.
            (value, Some(arm)) if !message.trim().is_empty() => {
                self.observer.arm(site, Taken::Otherwise);
                if let (Some(target), Some(value)) = (ask.target, value) {
                    self.store(target, value)?;
                }
                Ok(self.arm(def, arm))
            }
            (_, _) => self.wrong_answer(site, def, ask),
        }
    }

    fn take_answer(&mut self, site: Site, def: &SiteDef, ask: &AskDef, value: Value) -> Result<Next, Stop> {
        self.observer.arm(site, Taken::Answered);
        if let Some(target) = ask.target {
            self.store(target, value)?;
        }
        Ok(Next::At(def.next.index()))
    }

    fn take_reply(&mut self, site: Site, def: &SiteDef, ask: &AskDef, at: usize) -> Result<Next, Stop> {
        let reply = ask.replies.get(at).ok_or(Stop)?;
        self.observer.arm(site, Taken::Reply(at as u32));
        if let (Some(target), Some(value)) = (ask.target, reply.value) {
            let said = || self.image().constants.get(value.index()).cloned();
            if let Some(value) = self.eval.world.moment(value).or_else(said) {
                self.store(target, value)?;
            }
        }
        Ok(self.arm(def, reply.arm))
    }

    /// The replies that a message means without naming one by label or number: `yep`, an option's name, several
    /// options.
    fn reply_meant(&self, site: Site, ask: &AskDef, message: &str) -> Option<Meant> {
        let image = self.image();
        let value_of = |at: usize| image.constants.get(ask.replies.get(at)?.value?.index());
        let with_value = |value: &Value| (0..ask.replies.len()).find(|at| value_of(*at) == Some(value));
        match ask.ty {
            Type::Bool | Type::OneOf(_) => with_value(&self.read(ask.ty, message)?).map(Meant::Reply),
            Type::ManyOf(list) => {
                let options = image.options_of(ask.ty)?;
                let mut find = |part: &str| {
                    let numbered = || self.numbered(ask, part).flatten();
                    let named = || {
                        let name = answer::option(part, list, self.eval.speech)?;
                        with_value(&Value::Option(String::from(name)))
                            .or_else(|| with_value(&Value::Options(alloc::vec![String::from(name)])))
                    };
                    self.labelled(site, ask, part)
                        .or_else(numbered)
                        .or_else(|| self.labelled_at_first(ask, part))
                        .or_else(named)
                };
                let meant = answer::several(message, self.eval.speech.language(), &mut find)?;
                if let [one] = meant.as_slice() {
                    return Some(Meant::Reply(*one));
                }
                let mut names: Vec<&str> = Vec::new();
                for at in meant {
                    match value_of(at)? {
                        Value::Option(name) => names.push(name),
                        Value::Options(some) => names.extend(some.iter().map(String::as_str)),
                        Value::Text(_)
                        | Value::Number(_)
                        | Value::Bool(_)
                        | Value::Date(_)
                        | Value::DateTime(_)
                        | Value::Duration(_) => return None,
                    }
                }
                Some(Meant::Several(Value::Options(in_order(&names, options, &image.strings))))
            }
            Type::Text
            | Type::Number
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Email
            | Type::Phone
            | Type::Url => None,
        }
    }

    /// Counts a wrong answer, and asks again or takes the arm of the last one allowed.
    fn wrong_answer(&mut self, site: Site, def: &SiteDef, ask: &AskDef) -> Result<Next, Stop> {
        self.session.wrong = self.session.wrong.saturating_add(1);
        if let Some((_, arm)) = ask.attempts.filter(|(allowed, _)| self.session.wrong >= *allowed) {
            self.observer.arm(site, Taken::Attempts);
            return Ok(self.arm(def, arm));
        }
        self.observer.arm(site, Taken::Invalid);
        self.ask_anew(site, ask)
    }

    /// What is said to an answer that cannot be taken.
    fn invalid_text(&mut self, ask: &AskDef) -> Result<String, Stop> {
        if let Some(invalid) = ask.invalid {
            return self.eval.words(invalid, &self.session, self.observer);
        }
        let kind = match ask.replies.is_empty() {
            true => answer::invalid(ask.ty, self.locale_of(ask.ty)),
            false => BuiltIn::InvalidReply,
        };
        Ok(String::from(self.eval.speech.built_in(kind)))
    }

    /// A message while the host is waited for: it is kept for the next question, unless `anytime` takes it.
    fn said_to_host(&mut self, said: Said<'_>) -> Result<Next, Stop> {
        let Said::Typed(message) = said else { return Ok(Next::Rest) };
        let before = self.session.reply.replace(String::from(message));
        match self.anytime()? {
            Some(next) => Ok(next),
            None => {
                self.session.kept = core::mem::replace(&mut self.session.reply, before);
                Ok(Next::Rest)
            }
        }
    }

    /// What the visitor says where an action waits for them: one of its replies, or something for `anytime`, or it is
    /// offered again.
    fn said_to_offer(
        &mut self,
        site: Site,
        def: &'a SiteDef,
        act: &'a ActDef,
        offer: Offer,
        said: Said<'_>,
    ) -> Result<Next, Stop> {
        let replies = self.offer(offer);
        let outcome = |at: usize| offer.replies.get(at).map(|(outcome, _)| *outcome);
        let message = match said {
            Said::Tapped(place, tapped) => {
                let known = replies.iter().position(|reply| place == def.id && reply.id == tapped);
                let Some((reply, outcome)) = known.and_then(|at| Some((replies.get(at)?, outcome(at)?)))
                else {
                    return Ok(Next::Rest);
                };
                self.session.reply = Some(reply.label.clone());
                return Ok(self.settle(site, def, act, outcome));
            }
            Said::Typed(message) => message,
        };
        self.session.reply = Some(String::from(message));
        let labelled = replies.iter().position(|reply| text::same(&reply.label, message));
        if let Some(outcome) = labelled.and_then(outcome) {
            return Ok(self.settle(site, def, act, outcome));
        }
        if let Some(next) = self.anytime()? {
            return Ok(next);
        }
        if let Some(outcome) = answer::reply_number(message).and_then(outcome) {
            return Ok(self.settle(site, def, act, outcome));
        }
        self.ask_choice(def, offer, true);
        Ok(Next::Rest)
    }
}

/// What a message means at a question with replies.
enum Meant {
    /// The reply with this number.
    Reply(usize),
    /// Several, as one value.
    Several(Value),
}
