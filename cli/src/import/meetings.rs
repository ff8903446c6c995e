//! Meetings, from the meeting links of a CRM.

use crate::import::Export;
use crate::import::hubspot::{self, MeetingJson, page};
use crate::import::ids::Ids;
use crate::import::report::Tally;
use crate::import::write::{Declared, Meeting};
use crate::names::{self, Taken};
use crate::trouble::Trouble;

/// The meetings that exports of meeting links become.
///
/// # Errors
/// If one of them is no list.
pub fn read(exports: &[Export], ids: &Ids, tally: &mut Tally) -> Result<Declared, Trouble> {
    let mut found: Vec<(String, MeetingJson)> = Vec::new();
    for export in exports {
        for entry in page(export)?.results {
            match hubspot::read::<MeetingJson>(entry) {
                Err((name, reason)) => tally.skipped(&name, &reason),
                Ok(meeting) if found.iter().any(|(_, other)| other.id == meeting.id) => {
                    tally.skipped(meeting.name.as_deref().unwrap_or(&meeting.id), "listed twice");
                }
                Ok(meeting) => match address(&meeting) {
                    Some(link) => found.push((link, meeting)),
                    None => {
                        let name = meeting.name.as_deref().unwrap_or(&meeting.id);
                        tally.skipped(name, "without a web address");
                    }
                },
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut taken = Taken::of(ids.names("meeting"));
    let meetings = found.into_iter().map(|(link, meeting)| {
        let slug = meeting.slug.as_deref().unwrap_or_default();
        // The slug of a person's meeting is `person/meeting`.
        let last = slug.rsplit('/').next().and_then(names::made);
        let title = meeting.name.clone().filter(|name| !name.trim().is_empty());
        let candidates = [last, names::made(slug), title.as_deref().and_then(names::made)];
        let mut candidates: Vec<String> = candidates.into_iter().flatten().collect();
        if candidates.is_empty() {
            candidates.extend(names::made(&format!("meeting_{}", meeting.id)));
        }
        let name = match ids.name_of("meeting", &meeting.id) {
            Some(known) => known.to_owned(),
            None => taken.take(&candidates),
        };
        let kind = match meeting.kind.as_deref() {
            Some("GROUP_CALENDAR") => Some("with all its people at once"),
            Some("ROUND_ROBIN_CALENDAR") => Some("with one of its people in turn"),
            _ => None,
        };
        tally.imported(&format!("meeting {name}"), &[]);
        Meeting { title: title.unwrap_or_else(|| names::as_title(&name)), name, link, kind, id: meeting.id }
    });
    Ok(Declared { meetings: meetings.collect(), ..Declared::default() })
}

fn address(meeting: &MeetingJson) -> Option<String> {
    meeting.link.clone().filter(|link| link.starts_with("https://") || link.starts_with("http://"))
}
