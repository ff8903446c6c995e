//! Opening hours as a workspace writes them.

use super::HoursInfo;
use crate::file::View;
use crate::text::plain_text;
use crate::tree::{Expr, ExprKind};

/// `monday..friday 09:00..17:30 in "Europe/Amsterdam"`; a single day may stand alone. Whether there is such a zone is
/// not looked at.
pub(super) fn hours(view: View<'_>, values: &[Expr]) -> Option<HoursInfo> {
    let [days, times, word, zone] = values else { return None };
    let days = match &days.kind {
        ExprKind::Span(ends) => days_between(day(view, &ends.0)?, day(view, &ends.1)?),
        _ => 1 << day(view, days)?,
    };
    let ExprKind::Span(ends) = &times.kind else { return None };
    let (from, to) = (minutes(view.source(ends.0.range))?, minutes(view.source(ends.1.range))?);
    if view.source(word.range) != "in" {
        return None;
    }
    let zone = plain_text(view, zone, &mut Vec::new())?;
    // A stretch may end with the day, but none begins there.
    (from < 24 * 60).then_some(HoursInfo { days, from, to, zone })
}

fn day(view: View<'_>, value: &Expr) -> Option<u8> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = view.source(value.range);
    DAYS.iter().position(|day| *day == word).map(|day| day as u8)
}

/// The days from one to another, over the week's end where the second comes first.
fn days_between(first: u8, last: u8) -> u8 {
    let span = (last + 7 - first) % 7;
    (0..=span).fold(0, |days, ahead| days | (1 << ((first + ahead) % 7)))
}

fn minutes(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}
