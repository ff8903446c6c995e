//! The places where a chat waits.

use chatflow_compiler::hir::{Act, Arm, Ask, Pause, Statement, StatementKind};
use chatflow_runtime::action::{Action, Argument, Outcome, Waits};
use chatflow_runtime::id::{PlaceId, ReplyId, Slot};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::{Effect, End, Named, Reply, Waiting};

use super::chat::{Held, Player, Spot};
use super::servers::Handed;
use super::shown::plain;
use super::steps::Ended;

/// Where a chat waits.
#[derive(Clone, Copy)]
pub(super) enum Here<'f> {
    Ask(&'f Ask),
    Act(&'f Act),
    Pause(Pause),
}

impl<'f> Player<'f> {
    /// Comes to a place. The values that the flow relies on from here travel with the chat.
    pub(super) fn enter(&mut self, place: PlaceId) {
        self.chat.spot = Spot::Place(place);
        self.chat.asked = false;
        self.chat.entered = self.now;
        self.chat.wrong = 0;
        self.chat.offered.clear();
        self.carry(place);
    }

    /// Takes along what the flow relies on after a place.
    pub(super) fn carry(&mut self, place: PlaceId) {
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
    pub(super) fn hear_the_host(&mut self) {
        let carried: Vec<Slot> =
            self.chat.values.iter().filter(|(_, held)| held.carried).map(|(slot, _)| *slot).collect();
        for slot in carried {
            if let Some(value) = self.property(slot) {
                self.chat.values.insert(slot, Held { value, carried: true });
            }
        }
    }

    pub(super) fn ask(&mut self, ask: &'f Ask) -> Ended {
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

    pub(super) fn act(&mut self, act: &'f Act) -> Ended {
        let mut arguments = Vec::new();
        for (argument, value) in &act.arguments {
            match self.value(value) {
                Some(value) => arguments.push((*argument, plain(self, &value))),
                None => self.fault(format!("a setting is unknown: {value:?}")),
            }
        }
        let at = arguments.iter().position(|(argument, _)| *argument == Argument::Method);
        let method = at.map(|at| arguments.remove(at).1);
        // A calculation that comes to nothing is a failure, before anybody is asked.
        let Some(Handed { parameters, request }) = self.handed(act, method) else {
            return self.at_once(act, Outcome::Failed);
        };
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
        if at_once {
            self.chat.kept = None;
        }
        let replies = if at_once { self.offers(act.action) } else { Vec::new() };
        let replies = replies.into_iter().map(|(_, reply)| reply).collect();
        self.effect(Effect::Act {
            place: act.place,
            action: act.action,
            object,
            arguments,
            parameters,
            request,
            replies,
        });
        if waits == Waits::Nobody { Ended::Ran } else { Ended::Left }
    }

    /// What becomes of an action that nobody was asked for: the rest of the block follows, if it does, as it would.
    fn at_once(&mut self, act: &'f Act, outcome: Outcome) -> Ended {
        match act.outcomes.iter().find(|(said, _)| *said == outcome) {
            Some((_, arm)) => self.arm(Some(arm)),
            None => {
                self.fail(End::Error);
                Ended::Left
            }
        }
    }

    /// What the visitor may reply to an action, and what comes of it.
    pub(super) fn offers(&self, action: Action) -> Vec<(Outcome, Reply)> {
        let reply = |(outcome, text): &(Outcome, BuiltIn)| {
            let reply = Reply { id: ReplyId::of(outcome.word()), label: self.words(*text) };
            (*outcome, reply)
        };
        action.spec().waits.offer().iter().flat_map(|offer| offer.replies).map(reply).collect()
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
pub(super) fn here(statement: &Statement) -> Option<Here<'_>> {
    match &statement.kind {
        StatementKind::Ask(ask) => Some(Here::Ask(ask)),
        StatementKind::Act(act) => Some(Here::Act(act)),
        StatementKind::Wait(pause) => Some(Here::Pause(*pause)),
        _ => None,
    }
}

/// The blocks inside a statement.
pub(super) fn blocks(statement: &Statement) -> Vec<&[Statement]> {
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
            let nexts = act.talk.iter().flat_map(|talk| &talk.nexts).map(|(_, arm, _)| arm);
            outcomes.chain(nexts).chain(act.timeout.iter().map(|(_, arm, _)| arm)).filter_map(block).collect()
        }
        _ => Vec::new(),
    }
}
