//! What the world of a test is given: facts, and the time.

use chatflow_runtime::{FactValue, Timestamp};
use jiff::civil;

use crate::chat::{Zones, zone};
use crate::testing::runner::{Outcomes, Runner};

impl Runner<'_> {
    /// The host says this of a fact; without a value, that it is unknown.
    pub(super) fn given(&mut self, fact: &str, value: Option<&FactValue>) -> Outcomes {
        self.given.insert(fact.to_owned());
        self.set(fact, value.map(|value| self.added(fact, value)));
        Ok(())
    }

    /// What a list holds after `given … includes X`: that too.
    fn added(&self, fact: &str, value: &FactValue) -> FactValue {
        match (self.facts().get(fact), value) {
            (Some(FactValue::Many(there)), FactValue::Many(more)) if more.len() == 1 => {
                let new = more.iter().filter(|option| !there.contains(option));
                FactValue::Many(there.iter().chain(new).cloned().collect())
            }
            _ => value.clone(),
        }
    }

    /// It is this date and time, in milliseconds since 1970-01-01T00:00 where the flow's inbox is.
    pub(super) fn given_now(&mut self, at: i64) -> Outcomes {
        let local = local(at);
        self.given_time(|_| local)
    }

    /// It is this day, counted from 1970-01-01, at the time of day that it is.
    pub(super) fn given_today(&mut self, days: i32) -> Outcomes {
        let midnight = local(i64::from(days) * 86_400_000);
        self.given_time(|now| midnight.map(|midnight| midnight.date().to_datetime(now.time())))
    }

    /// It is a time of the flow's zone. A test that says what time it is asks the hours of its inboxes too, but for those of
    /// which it says itself whether they are open.
    fn given_time(&mut self, at: impl FnOnce(civil::DateTime) -> Option<civil::DateTime>) -> Outcomes {
        if self.chat.is_some() {
            return Err("the chat has begun: the clock moves with `wait`".to_owned());
        }
        self.now = self.moved(at).ok_or("there is no such time")?;
        self.facts = Zones::of(self.project).said(std::mem::take(&mut self.facts), self.now);
        let inboxes = self.program.image().flow.inboxes.iter().filter(|inbox| !inbox.hours.is_empty());
        for inbox in inboxes {
            let name = format!("inbox {}", self.program.image().strings.get(inbox.name));
            if !self.given.contains(&name) {
                self.facts.remove(&name);
            }
        }
        Ok(())
    }

    /// The moment at which it is another local time than it is now.
    fn moved(&self, to: impl FnOnce(civil::DateTime) -> Option<civil::DateTime>) -> Option<Timestamp> {
        let zone = zone(self.program);
        let now = zone.to_datetime(jiff::Timestamp::from_millisecond(self.now.0).ok()?);
        let moment = zone.to_timestamp(to(now)?).ok()?;
        Some(Timestamp(moment.as_millisecond()))
    }
}

/// The local time that is so many milliseconds after 1970-01-01T00:00.
fn local(milliseconds: i64) -> Option<civil::DateTime> {
    let epoch = civil::date(1970, 1, 1).at(0, 0, 0, 0);
    epoch.checked_add(jiff::SignedDuration::from_millis(milliseconds)).ok()
}
