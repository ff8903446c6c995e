//! The machine: runs a flow from one wait to the next.

use alloc::string::String;
use alloc::vec::Vec;

use crate::action::{Argument, Offer, Outcome, Waits};
use crate::answer::Locale;
use crate::awaited::waiting;
use crate::eval::{Eval, Stop};
use crate::id::{Addr, ReplyId, Site, SlotId};
use crate::image::{ActDef, Arm, AskDef, Image, MAX_CALLS, Scope, SiteDef, Wait};
use crate::language::BuiltIn;
use crate::observe::Observer;
use crate::op::Op;
use crate::program::Program;
use crate::session::{Origin, QuickReply, Session, Shown, State};
use crate::turn::{Effect, End, Named, Numbered, Reply, Timestamp, Turn};
use crate::value::{Type, Value};
use crate::world::World;
use crate::{answer, facts::Facts};

/// One turn in the making.
pub(crate) struct Machine<'a, O: Observer + ?Sized> {
    pub(crate) program: &'a Program,
    pub(crate) now: Timestamp,
    pub(crate) eval: Eval<'a>,
    pub(crate) session: Session,
    pub(crate) effects: Vec<Numbered>,
    pub(crate) observer: &'a mut O,
    /// The server's own reply that the visitor has just chosen, for the call that is done with it.
    pub(crate) picked: Option<QuickReply>,
}

/// What comes after something the machine did.
pub(crate) enum Next {
    /// It goes on at this address.
    At(usize),
    /// It waits, or is over.
    Rest,
}

impl<'a, O: Observer + ?Sized> Machine<'a, O> {
    pub(crate) fn new(
        program: &'a Program,
        facts: &'a Facts,
        now: Timestamp,
        session: Session,
        observer: &'a mut O,
    ) -> Machine<'a, O> {
        let world = World { program, facts, now };
        let speech = program.speech(session.language);
        Machine {
            program,
            now,
            eval: Eval::new(world, speech),
            session,
            effects: Vec::with_capacity(4),
            observer,
            picked: None,
        }
    }

    pub(crate) fn image(&self) -> &'a Image {
        self.program.image()
    }

    /// The turn that has been made.
    pub(crate) fn finish(self) -> Turn {
        let waiting = waiting(self.program, &self.session);
        Turn { effects: self.effects, session: self.session, waiting }
    }

    pub(crate) fn emit(&mut self, effect: Effect) {
        self.effects.push(Numbered { id: self.session.next_effect, effect });
        self.session.next_effect = self.session.next_effect.saturating_add(1);
    }

    pub(crate) fn say(&mut self, text: String) {
        self.emit(Effect::Say { text });
    }

    /// Begins the flow: chooses the language, greets, asks for consent, and runs the first step unless agreement must come first.
    pub(crate) fn greet(&mut self) {
        self.session.language = self.program.language_for(self.eval.world.facts);
        self.eval.speech = self.program.speech(self.session.language);
        self.session.state = State::Agreement;
        self.session.asked = false;
        self.session.active = self.now;
        self.session.entered = self.now;
        if let Some(welcome) = self.image().flow.welcome {
            match self.eval.words(welcome, &self.session, self.observer) {
                Ok(text) => self.say(text),
                Err(Stop) => return self.fail(End::Error),
            }
        }
        if !self.session.agreed {
            self.ask_consent();
        }
        if self.session.agreed || !self.program.needs_agreement() {
            self.run_from(0);
        }
    }

    /// Shows the text about processing, if the flow has one.
    pub(crate) fn ask_consent(&mut self) {
        if let Some(processing) = self.eval.speech.processing() {
            self.emit(Effect::Consent { text: String::from(processing.text), explicit: processing.explicit });
        }
    }

    /// Runs the step with this number until the flow waits or is over. Its end comes back to the session's callers.
    pub(crate) fn run_from(&mut self, step: usize) {
        match self.image().steps.get(step) {
            Some(step) => self.run(step.code.start.index()),
            None => self.fail(End::Error),
        }
    }

    /// Goes on after a wait, if there is somewhere to go on.
    pub(crate) fn go_on(&mut self, next: Next) {
        if let Next::At(at) = next {
            self.run(at);
        }
    }

    /// Runs from this address until the flow waits or is over.
    pub(crate) fn run(&mut self, at: usize) {
        self.eval.stack.clear();
        let mut next = Next::At(at);
        while let Next::At(at) = next {
            next = match self.instruction(at) {
                Ok(next) => next,
                Err(Stop) => {
                    self.fail(End::Error);
                    Next::Rest
                }
            };
        }
    }

    fn instruction(&mut self, at: usize) -> Result<Next, Stop> {
        self.eval.budget.instruction()?;
        self.observer.instruction(Addr(at as u32));
        let (op, after) = self.program.instruction(at).ok_or(Stop)?;
        match op {
            Op::Jump(ahead) => return Ok(Next::At(after + usize::from(ahead.0))),
            Op::JumpUnless(ahead) => {
                let holds = self.eval.pop_truth()?.holds();
                self.observer.branch(Addr(at as u32), holds);
                return Ok(Next::At(if holds { after } else { after + usize::from(ahead.0) }));
            }
            Op::Go(step) => {
                return Ok(self.leave(Arm::Step(step)));
            }
            Op::Finish => return Ok(self.come_back()),
            Op::End => {
                self.complete(End::Finished);
                return Ok(Next::Rest);
            }
            Op::Return => return Err(Stop),
            Op::Say => {
                let text = self.eval.pop_text(&self.session)?.unwrap_or_default();
                self.say(text);
            }
            Op::Show(media) => {
                let words = self.eval.pop_text(&self.session)?.unwrap_or_default();
                let url = self.eval.pop_text(&self.session)?.unwrap_or_default();
                self.emit(Effect::Show { media, url, words });
            }
            Op::Set(slot) => {
                let value = self.eval.pop_value(&self.session)?.ok_or(Stop)?;
                self.store(slot, value)?;
            }
            Op::UnlessKnown(ahead) => {
                let known = self.eval.top_is_known(&self.session)?;
                self.observer.branch(Addr(at as u32), known);
                if !known {
                    self.eval.pop()?;
                    return Ok(Next::At(after + usize::from(ahead.0)));
                }
            }
            Op::Clear(slot) => self.clear(slot)?,
            Op::Wait(site) => {
                self.enter(site);
                return Ok(Next::Rest);
            }
            Op::Do(site) => return self.run_inside(site),
            Op::Ask(site) => return self.open_question(site),
            Op::Act(site) => return self.begin_action(site),
            Op::Const(_)
            | Op::Slot(_)
            | Op::Fact(_)
            | Op::Reply
            | Op::OrElse
            | Op::Label(_)
            | Op::Text(_)
            | Op::Add
            | Op::Subtract
            | Op::Multiply
            | Op::Divide
            | Op::Negate
            | Op::Is
            | Op::IsExactly
            | Op::Less
            | Op::LessOrEqual
            | Op::Contains
            | Op::StartsWith
            | Op::EndsWith
            | Op::Includes
            | Op::Matches(_)
            | Op::Known
            | Op::IsTrue
            | Op::And
            | Op::Or
            | Op::Not => self.eval.look(op, &self.session)?,
        }
        Ok(Next::At(after))
    }

    /// Where an arm of a place leads.
    pub(crate) fn arm(&mut self, site: &SiteDef, arm: Arm) -> Next {
        match arm {
            Arm::Next => Next::At(site.next.index()),
            // The block stands in the place's own step.
            Arm::Block(at) => Next::At(at.index()),
            Arm::Step(_) => self.leave(arm),
        }
    }

    /// Where an arm leads for good: nothing comes back from there to a step that was run with `do`.
    pub(crate) fn leave(&mut self, arm: Arm) -> Next {
        self.session.callers.clear();
        match arm {
            Arm::Block(at) => Next::At(at.index()),
            Arm::Step(step) => self
                .image()
                .steps
                .get(step.index())
                .map_or(Next::Rest, |step| Next::At(step.code.start.index())),
            Arm::Next => Next::Rest,
        }
    }

    /// Runs the step of a place; the session remembers where it comes back to, and what is relied on there.
    fn run_inside(&mut self, site: Site) -> Result<Next, Stop> {
        let Some(SiteDef { id, wait: Wait::Do(step), .. }) = self.program.site_def(site) else {
            return Err(Stop);
        };
        if self.session.callers.len() >= MAX_CALLS {
            return Err(Stop);
        }
        self.keep(site);
        self.session.callers.push(*id);
        let step = self.image().steps.get(step.index()).ok_or(Stop)?;
        Ok(Next::At(step.code.start.index()))
    }

    /// The end of a step: back to where it was run, else the flow is over.
    fn come_back(&mut self) -> Next {
        let Some(place) = self.session.callers.pop() else {
            self.complete(End::Finished);
            return Next::Rest;
        };
        match self.program.return_site(place).and_then(|site| self.program.site_def(site)) {
            Some(def) => Next::At(def.next.index()),
            None => {
                self.fail(End::Error);
                Next::Rest
            }
        }
    }

    /// Asks the question of a place, and takes a message that was kept for it as its answer.
    fn open_question(&mut self, site: Site) -> Result<Next, Stop> {
        let text = self.eval.pop_text(&self.session)?.unwrap_or_default();
        let Some(SiteDef { wait: Wait::Ask(ask), .. }) = self.program.site_def(site) else {
            return Err(Stop);
        };
        self.enter(site);
        self.ask(site, ask, text, false);
        match self.session.kept.take() {
            Some(message) => self.answer(site, message),
            None => Ok(Next::Rest),
        }
    }

    /// Shows a question, or what was wrong with its last answer.
    pub(crate) fn ask(&mut self, site: Site, ask: &AskDef, text: String, again: bool) {
        let Some(place) = self.program.site_def(site).map(|site| site.id) else { return };
        let label = |at| String::from(self.eval.speech.reply(site, at));
        let replies: Vec<Reply> = ask
            .replies
            .iter()
            .enumerate()
            .map(|(at, reply)| Reply { id: reply.id, label: label(at) })
            .collect();
        let open = replies.is_empty() || ask.otherwise.is_some();
        self.session.shown =
            Some(Shown { kind: ask.ty.kind(), replies: replies.iter().map(|reply| reply.id).collect() });
        self.emit(Effect::Ask { place, text, ty: ask.ty, replies, open, again });
    }

    fn begin_action(&mut self, site: Site) -> Result<Next, Stop> {
        let Some(def @ SiteDef { id, next, wait: Wait::Act(act), .. }) = self.program.site_def(site) else {
            return Err(Stop);
        };
        let handed = self.hand_over(act)?;
        let mut arguments = self.arguments(act)?;
        let Some(mut handed) = handed else {
            // Nobody is asked with a value that is not there: what was calculated has come to nothing.
            return Ok(self.settle(site, def, act, act.action.spec().failure().ok_or(Stop)?));
        };
        let request = self.request(act, &mut handed, &mut arguments)?;
        let object = self.named(act).ok_or(Stop)?;
        let waits = act.action.spec().waits;
        let replies = match waits {
            Waits::Visitor(offer) => self.offer(offer),
            Waits::Host(_) | Waits::HostThenVisitor(..) | Waits::HostThenReply(_) | Waits::Nobody => {
                Vec::new()
            }
        };
        if waits != Waits::Nobody {
            self.enter(site);
        }
        if matches!(waits, Waits::Visitor(_)) {
            // What was said before was no answer to this.
            self.session.kept = None;
        }
        let parameters = handed.parameters;
        let (place, action) = (*id, act.action);
        self.emit(Effect::Act { place, action, object, arguments, parameters, request, replies });
        Ok(if waits == Waits::Nobody { Next::At(next.index()) } else { Next::Rest })
    }

    /// Waits for the visitor where the host has answered. What was said before they were asked was no answer to it.
    pub(crate) fn ask_visitor(&mut self) {
        self.session.asked = true;
        self.session.entered = self.now;
        self.session.kept = None;
    }

    /// The settings of an action, with the texts on the stack; an unknown one is not given.
    fn arguments(&mut self, act: &ActDef) -> Result<Vec<(Argument, String)>, Stop> {
        let mut arguments = Vec::with_capacity(act.arguments.len());
        for argument in act.arguments.iter().rev() {
            if let Some(text) = self.eval.pop_text(&self.session)? {
                arguments.push((*argument, text));
            }
        }
        arguments.reverse();
        Ok(arguments)
    }

    fn named(&self, act: &ActDef) -> Option<Named> {
        let object = self.image().objects.get(act.object.index())?;
        let string = |at| String::from(self.image().strings.get(at));
        Some(Named {
            kind: object.kind,
            name: string(object.name),
            title: String::from(self.eval.speech.title(act.object)),
            link: object.link.map(string),
        })
    }

    /// The replies of an action that waits for the visitor; their ids are the names of their outcomes.
    pub(crate) fn offer(&self, offer: Offer) -> Vec<Reply> {
        let reply = |(outcome, text): &(Outcome, BuiltIn)| Reply {
            id: ReplyId::of(outcome.word()),
            label: String::from(self.eval.speech.built_in(*text)),
        };
        offer.replies.iter().map(reply).collect()
    }

    /// Comes to a place: what the flow relies on after it travels in the session from here on.
    fn enter(&mut self, site: Site) {
        let Some(def) = self.program.site_def(site) else { return };
        self.session.state = State::At(def.id);
        self.session.asked = false;
        self.session.entered = self.now;
        self.session.wrong = 0;
        self.session.offered.clear();
        self.session.shown = None;
        self.keep(site);
    }

    /// What the flow relies on after a place and only the host knows is taken into the session.
    fn keep(&mut self, site: Site) {
        let Some(def) = self.program.site_def(site) else { return };
        for slot in &def.keeps {
            let Some(id) = self.program.slot_id(*slot) else { continue };
            if self.session.position(id).is_err()
                && let Some(value) = self.eval.world.property(*slot)
            {
                self.session.hold(id, Origin::Carried, Some(value));
            }
        }
    }

    /// Ends the flow.
    pub(crate) fn complete(&mut self, end: End) {
        self.session.state = State::Done(end);
        self.session.asked = false;
        self.session.wrong = 0;
        self.session.kept = None;
        self.session.callers.clear();
        self.session.offered.clear();
        self.session.shown = None;
        self.session.server_state = None;
        if end != End::HandedOff {
            self.offer_survey();
        }
        self.emit(Effect::Complete { end });
    }

    /// Offers the survey, once.
    pub(crate) fn offer_survey(&mut self) {
        if let (false, Some(survey)) = (self.session.surveyed, self.program.survey()) {
            self.session.surveyed = true;
            self.emit(Effect::Survey { survey: String::from(survey) });
        }
    }

    /// Says the error text and ends the flow.
    pub(crate) fn fail(&mut self, end: End) {
        self.say(String::from(self.eval.speech.error_text()));
        self.complete(end);
    }

    /// Starts again at the welcome. What the CRM knows, and the visitor's agreement, stay.
    pub(crate) fn restart(&mut self) {
        let program = self.program;
        let lasting = |id: SlotId| {
            let def = program.slot(id).and_then(|slot| program.slot_def(slot));
            def.is_some_and(|def| def.scope != Scope::Local)
        };
        self.session.values.retain(|held| lasting(held.slot));
        self.begin_again();
    }

    /// Starts again at the welcome with all that is known.
    pub(crate) fn begin_again(&mut self) {
        self.session.reply = None;
        self.session.kept = None;
        self.session.replied = false;
        self.session.surveyed = false;
        self.session.wrong = 0;
        self.session.callers.clear();
        self.session.offered.clear();
        self.session.shown = None;
        self.session.server_state = None;
        self.session.restarts = self.session.restarts.saturating_add(1);
        self.greet();
    }

    /// Reads an answer as the type.
    pub(crate) fn read(&self, ty: Type, message: &str) -> Option<Value> {
        answer::read(self.eval.speech, ty, message, self.locale_of(ty))
    }

    /// How answers of the type are read here. Only a phone number's reader wants to know the country.
    pub(crate) fn locale_of(&self, ty: Type) -> Locale {
        let country = if ty == Type::Phone { self.eval.world.country() } else { None };
        Locale { country, ..self.eval.locale() }
    }
}
