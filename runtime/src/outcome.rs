//! What becomes of waiting: outcomes of actions, and time that is over.

use alloc::string::String;
use alloc::vec::Vec;

use crate::action::{Offer, Outcome, OutcomeDefault, Waits};
use crate::awaited::Awaited;
use crate::eval::Stop;
use crate::facts::{FactValue, Facts};
use crate::id::{PlaceId, Site};
use crate::image::{ActDef, SiteDef};
use crate::machine::{Machine, Next};
use crate::observe::{Observer, Taken};
use crate::turn::{Article, Effect, End};
use crate::value::Type;

/// The most articles that a visitor is shown.
pub const MOST_ARTICLES: usize = 10;

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
        let time = def.awaited(self.session.asked).and_then(|awaited| def.time_for(awaited));
        time.is_some_and(|time| self.now >= self.session.entered.after(time))
    }

    pub(crate) fn time_is_up(&mut self, site: Site, def: &'a SiteDef) {
        let next = match (def.awaited(self.session.asked), def.timeout) {
            (Some(Awaited::Outcome(act, late)), _) => self.settle(site, def, act, late),
            (Some(Awaited::Answer(_) | Awaited::Choice(..) | Awaited::Reply(_)), Some((_, arm))) => {
                self.observer.arm(site, Taken::Timeout);
                self.arm(def, arm)
            }
            (Some(Awaited::Time(_)), _) => Next::At(def.next.index()),
            (Some(Awaited::Answer(_) | Awaited::Choice(..) | Awaited::Reply(_)) | None, _) => Next::Rest,
        };
        self.go_on(next);
    }

    /// Takes what became of an action, if the chat waits for it and the action can have it.
    pub(crate) fn outcome(&mut self, place: PlaceId, outcome: Outcome, data: &Facts) {
        let Some((site, def)) = self.here().filter(|(_, def)| def.id == place) else { return };
        let Some(Awaited::Outcome(act, _) | Awaited::Choice(act, _)) = def.awaited(self.session.asked) else {
            return;
        };
        let Some(row) = act.action.spec().outcome(outcome) else { return };
        // What was found is shown once.
        if self.session.asked && row.default == OutcomeDefault::Show {
            return;
        }
        // What comes after the deadline comes too late, whether or not the silence was noticed before.
        if self.is_over(def) {
            return self.time_is_up(site, def);
        }
        // Who books or declines is there.
        let by_visitor = self.session.asked || matches!(act.action.spec().waits, Waits::Visitor(_));
        if by_visitor && outcome != Outcome::Failed {
            self.note_activity();
        }
        let next = match (row.default, act.action.spec().waits) {
            (OutcomeDefault::Show, Waits::HostThenVisitor(_, offer)) => {
                self.show_found(site, def, act, offer, data)
            }
            _ => self.settle_with(site, def, act, outcome, data),
        };
        self.go_on(next);
    }

    /// Goes on after an outcome, with the values that it brings stored. Where one is missing or does not fit, it is a
    /// failure, and none is stored.
    fn settle_with(
        &mut self,
        site: Site,
        def: &SiteDef,
        act: &ActDef,
        outcome: Outcome,
        data: &Facts,
    ) -> Next {
        let spec = act.action.spec();
        if spec.brings != Some(outcome) {
            return self.settle(site, def, act, outcome);
        }
        if let Some(talk) = &act.talk {
            return self.talked(site, def, act, talk, data);
        }
        let Ok(results) = self.eval.world.results(act, data) else {
            return self.settle(site, def, act, spec.failure().unwrap_or(outcome));
        };
        for (slot, value) in results {
            if let Err(Stop) = self.store(slot, value) {
                self.fail(End::Error);
                return Next::Rest;
            }
        }
        self.settle(site, def, act, outcome)
    }

    /// Shows the visitor what the host has found and asks about it; nothing found is a search that solved nothing.
    fn show_found(
        &mut self,
        site: Site,
        def: &'a SiteDef,
        act: &'a ActDef,
        offer: Offer,
        data: &Facts,
    ) -> Next {
        let articles = articles(data);
        if articles.is_empty() {
            return self.settle(site, def, act, Outcome::Unsolved);
        }
        self.observer.arm(site, Taken::Outcome(Outcome::Found));
        self.ask_visitor();
        self.emit(Effect::Articles { articles });
        self.ask_choice(def, offer, false);
        Next::Rest
    }

    /// Asks for one of the replies that an action offers.
    pub(crate) fn ask_choice(&mut self, def: &SiteDef, offer: Offer, again: bool) {
        let text = String::from(self.eval.speech.built_in(offer.prompt));
        let replies = self.offer(offer);
        self.emit(Effect::Ask { place: def.id, text, ty: Type::Text, replies, open: false, again });
    }

    /// Goes on after an outcome: where the flow says, else as the action's row does.
    pub(crate) fn settle(&mut self, site: Site, def: &SiteDef, act: &ActDef, outcome: Outcome) -> Next {
        self.observer.arm(site, Taken::Outcome(outcome));
        let default =
            |outcome| act.action.spec().outcome(outcome).map_or(OutcomeDefault::Error, |row| row.default);
        let said = |outcome| act.outcomes.iter().find(|(said, _)| *said == outcome).map(|(_, arm)| *arm);
        let (arm, default) = match (said(outcome), default(outcome)) {
            (None, OutcomeDefault::As(other)) => (said(other), default(other)),
            (arm, default) => (arm, default),
        };
        if let Some(arm) = arm {
            return self.arm(def, arm);
        }
        match default {
            OutcomeDefault::GoOn => return Next::At(def.next.index()),
            OutcomeDefault::Complete => self.complete(End::HandedOff),
            OutcomeDefault::Error | OutcomeDefault::As(_) | OutcomeDefault::Show => self.fail(End::Error),
            // The checker let the flow be silent because somebody was there; people find the chat in the inbox.
            OutcomeDefault::MustBeSaid => self.fail(End::HandedOff),
        }
        Next::Rest
    }
}

/// The articles that a host has found, in its order: `articles[0].title`, `articles[0].link` and so on.
fn articles(data: &Facts) -> Vec<Article> {
    let text = |at: usize, what: &str| match data.get(&alloc::format!("articles[{at}].{what}")) {
        Some(FactValue::Text(text)) if !text.trim().is_empty() => Some(text.clone()),
        Some(FactValue::Text(_) | FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_)) | None => {
            None
        }
    };
    let article = |at| Some(Article { title: text(at, "title")?, link: text(at, "link") });
    (0..MOST_ARTICLES).map_while(article).collect()
}
