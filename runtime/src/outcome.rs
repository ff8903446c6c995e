//! What becomes of waiting: outcomes of actions, and time that is over.

use crate::action::{Outcome, OutcomeDefault, Waits};
use crate::id::{PlaceId, Site};
use crate::image::{ActDef, SiteDef, Wait};
use crate::machine::{Machine, Next, host_deadline};
use crate::observe::{Observer, Taken};
use crate::turn::End;

impl<'a, O: Observer + ?Sized> Machine<'a, O> {
    /// Time has passed.
    pub(crate) fn silence(&mut self) {
        if let Some((site, def)) = self.here()
            && self.is_over(def)
        {
            self.time_is_up(site, def);
        }
    }

    /// Whether the time at a place is over.
    pub(crate) fn is_over(&self, def: &SiteDef) -> bool {
        let time = host_deadline(def).or(def.timeout.map(|(milliseconds, _)| milliseconds));
        time.is_some_and(|time| self.now >= self.session.entered.after(time))
    }

    pub(crate) fn time_is_up(&mut self, site: Site, def: &'a SiteDef) {
        let next = match &def.wait {
            Wait::Act(act) if let Waits::Host(_, outcome) = act.action.spec().waits => {
                self.settle(site, def, act, outcome)
            }
            Wait::Act(_) | Wait::Ask(_) => match def.timeout {
                Some((_, arm)) => {
                    self.observer.arm(site, Taken::Timeout);
                    self.arm(def, arm)
                }
                None => Next::Rest,
            },
        };
        self.go_on(next);
    }

    /// Takes what became of an action, if the chat waits for it and the action can have it.
    pub(crate) fn outcome(&mut self, place: PlaceId, outcome: Outcome) {
        let Some((site, def)) = self.here() else { return };
        let Wait::Act(act) = &def.wait else { return };
        let spec = act.action.spec();
        if place != def.id || !spec.outcomes.iter().any(|row| row.outcome == outcome) {
            return;
        }
        // What comes after the deadline comes too late, whether or not the silence was noticed before.
        if self.is_over(def) {
            return self.time_is_up(site, def);
        }
        // Who books or declines is there.
        if matches!(spec.waits, Waits::Visitor { .. }) && outcome != Outcome::Failed {
            self.note_activity();
        }
        let next = self.settle(site, def, act, outcome);
        self.go_on(next);
    }

    /// Goes on after an outcome: where the flow says, else as the action's row does.
    pub(crate) fn settle(&mut self, site: Site, def: &SiteDef, act: &ActDef, outcome: Outcome) -> Next {
        self.observer.arm(site, Taken::Outcome(outcome));
        if let Some((_, arm)) = act.outcomes.iter().find(|(said, _)| *said == outcome) {
            return self.arm(def, *arm);
        }
        let row = act.action.spec().outcomes.iter().find(|row| row.outcome == outcome);
        match row.map_or(OutcomeDefault::Error, |row| row.default) {
            OutcomeDefault::GoOn => return Next::At(def.next.index()),
            OutcomeDefault::Complete => self.complete(End::HandedOff),
            OutcomeDefault::Error => self.fail(End::Error),
            // The checker let the flow be silent because somebody was there; people find the chat in the inbox.
            OutcomeDefault::MustBeSaid => self.fail(End::HandedOff),
        }
        Next::Rest
    }
}
