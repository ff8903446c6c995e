//! Who could take a chat: one reading of what the host says of teams, users and inboxes, for the machine, for
//! targeting and for whoever plays the host.

use crate::action::ObjectKind;
use crate::facts::{Facts, hand_off_objects};
use crate::image::{Hours, InboxDef, ObjectDef};
use crate::program::Program;
use crate::said::said_bool;
use crate::setting::Setting;
use crate::turn::{Named, Timestamp};
use crate::world::World;

/// Whether somebody could take a chat that the flow hands to this: what the host says of a team or a user stands
/// above all; else a team is there when a member is and the flow's inbox is open. The inbox itself, `unassigned`, always takes a chat. What no chat can be
/// handed to is never there, and neither is what the program does not name.
pub fn is_there(program: &Program, object: &Named, facts: &Facts, now: Timestamp) -> bool {
    let image = program.image();
    let mut objects = image.objects.iter();
    let named = objects
        .find(|other| other.kind == object.kind && image.strings.get(other.name) == object.name.as_str());
    named.is_some_and(|named| World { program, facts, now }.available(named))
}

/// Whether a flow that shows only `when_available` may show now; any other always may.
pub fn is_available(program: &Program, facts: &Facts, now: Timestamp) -> bool {
    let always = program.word(Setting::Availability) != Some("when_available");
    always || World { program, facts, now }.somebody_available()
}

impl World<'_> {
    /// Whether somebody could take a chat for this team or user.
    pub(crate) fn available(&self, object: &ObjectDef) -> bool {
        let word = |prefix, name| self.facts.under(prefix, self.name(name)).and_then(said_bool);
        match object.kind {
            ObjectKind::User => word("user ", object.name).unwrap_or(false),
            ObjectKind::Team => word("team ", object.name).unwrap_or_else(|| {
                self.own_inbox_open()
                    && object.members.iter().any(|member| word("user ", *member).unwrap_or(false))
            }),
            ObjectKind::ContactOwner => self.facts.get("contact owner").and_then(said_bool).unwrap_or(false),
            ObjectKind::Unassigned => true,
            ObjectKind::Meeting
            | ObjectKind::Pipeline
            | ObjectKind::List
            | ObjectKind::Subscription
            | ObjectKind::Workflow
            | ObjectKind::Article
            | ObjectKind::Knowledge
            | ObjectKind::Function
            | ObjectKind::Webhook
            | ObjectKind::Secret => false,
        }
    }

    /// Whether an inbox is open: the host's word stands above the hours, and an inbox without hours is always open.
    pub(crate) fn inbox_open(&self, inbox: &InboxDef) -> bool {
        let said = self.facts.under("inbox ", self.name(inbox.name)).and_then(said_bool);
        said.unwrap_or_else(|| inbox.hours.is_empty() || inbox.hours.iter().any(|hours| self.within(hours)))
    }

    /// Whether the inbox that the flow's chats go to is open; the host's own always is.
    fn own_inbox_open(&self) -> bool {
        self.program.image().own_inbox().is_none_or(|inbox| self.inbox_open(inbox))
    }

    /// Whether now is within a stretch of opening hours.
    fn within(&self, hours: &Hours) -> bool {
        const DAY: i64 = 24 * 60;
        let offset = self.offset_in(self.name(hours.zone));
        let local = self.now.0.div_euclid(60_000).saturating_add(i64::from(offset));
        // 1970-01-01 was a Thursday: bit 3.
        let today = (local.div_euclid(DAY) + 3).rem_euclid(7);
        let yesterday = (today + 6).rem_euclid(7);
        let minute = local.rem_euclid(DAY);
        let on = |day: i64| hours.days >> day & 1 == 1;
        let (from, to) = (i64::from(hours.from), i64::from(hours.to));
        match from < to {
            true => on(today) && from <= minute && minute < to,
            false => (on(today) && from <= minute) || (on(yesterday) && minute < to),
        }
    }

    /// Whether somebody could take a chat of this flow: its inbox is open and some team or user that it may
    /// hand to is available. With nobody to hand to, the hours alone decide.
    pub(crate) fn somebody_available(&self) -> bool {
        let image = self.program.image();
        let people = |object: &&ObjectDef| matches!(object.kind, ObjectKind::Team | ObjectKind::User);
        let mut objects = hand_off_objects(image).filter(people).peekable();
        match objects.peek() {
            None => self.own_inbox_open(),
            Some(_) => objects.any(|object| self.available(object)),
        }
    }
}
