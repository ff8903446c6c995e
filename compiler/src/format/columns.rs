//! Columns: what stands below each other in lines that follow each other.
//!
//! Choices and outcomes always have one. Elsewhere it is the author who makes columns, by two or more blanks, and the
//! formatter who makes them straight: the column is where most of such parts begin, and a line that is too long for
//! it sticks out.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::print::{Line, Stop};
use super::roles::Class;

/// Puts blanks before the parts of lines that stand in columns, and before comments.
pub(super) fn align(lines: &mut [Line]) {
    let mut segments: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(segment) = line.segment {
            segments.entry(segment).or_default().push(at);
        }
    }
    for segment in segments.values() {
        align_segment(lines, segment);
    }
    align_comments(lines);
}

/// The columns of lines of one block without a blank line between them.
fn align_segment(lines: &mut [Line], segment: &[usize]) {
    let choices = of_class(lines, segment, 0, |class| class == Class::Choice);
    let outcomes = of_class(lines, segment, 0, |class| class == Class::Outcome);
    let mut taken = Vec::new();
    if let Some(column) = narrowest(lines, &choices) {
        choices.iter().for_each(|at| pad(lines.get_mut(*at), 0, column));
        taken.extend(choices.iter().map(|_| column));
    }
    // Outcomes may share a column with what stands above or below them: then the author's is kept.
    let narrow = narrowest(lines, &outcomes);
    let written = outcomes.iter().filter_map(|at| lines.get(*at)?.stops.first());
    let wide = most_common(written).filter(|column| narrow.is_some_and(|narrow| narrow <= *column));
    let beside: Vec<usize> =
        taken.iter().copied().chain(outcomes.iter().filter_map(|_| wide.or(narrow))).collect();
    let stops = segment.iter().filter_map(|at| Some(lines.get(*at)?.stops.len())).max().unwrap_or(0);
    for stop in 0..stops {
        let mut families: Vec<Class> =
            segment.iter().filter_map(|at| Some(lines.get(*at)?.class?.family())).collect();
        families.sort_unstable();
        families.dedup();
        families.retain(|class| stop > 0 || !class.is_forced());
        for family in families {
            let cells = of_class(lines, segment, stop, |class| class.family() == family);
            align_cells(lines, &cells, stop, segment.len() > 1, &beside);
        }
    }
    let others =
        segment.iter().filter_map(|at| lines.get(*at)).filter(|line| line.class != Some(Class::Outcome));
    taken.extend(others.flat_map(|line| {
        (0..line.stops.len()).filter_map(|stop| Some(line.text.get(..line.stops.get(stop)?.at)?.width()))
    }));
    if let Some(column) = wide.filter(|column| taken.contains(column)).or(narrow) {
        outcomes.iter().for_each(|at| pad(lines.get_mut(*at), 0, column));
    }
}

/// The first column that all of these lines reach with their first stop.
fn narrowest(lines: &[Line], cells: &[usize]) -> Option<usize> {
    cells.iter().filter_map(|at| width_before(lines.get(*at)?, 0)).max().map(|width| width + 1)
}

/// The lines of a segment that have a column there and are of a class.
fn of_class(lines: &[Line], segment: &[usize], stop: usize, is: impl Fn(Class) -> bool) -> Vec<usize> {
    let fits = |at: &&usize| {
        lines.get(**at).is_some_and(|line| line.stops.len() > stop && line.class.is_some_and(&is))
    };
    segment.iter().filter(fits).copied().collect()
}

/// Makes straight what the author put below each other; `taken` are columns of other lines beside them.
fn align_cells(lines: &mut [Line], cells: &[usize], nth: usize, several: bool, taken: &[usize]) {
    let stops: Vec<Stop> = cells.iter().filter_map(|at| lines.get(*at)?.stops.get(nth)).copied().collect();
    let made: BTreeSet<usize> = stops.iter().filter(|stop| stop.padded).map(|stop| stop.column).collect();
    let Some(column) = most_common(stops.iter().filter(|stop| made.contains(&stop.column))) else { return };
    let joins = |at: &usize| {
        let Some(line) = lines.get(*at) else { return false };
        let own = line.stops.get(nth).is_some_and(|stop| stop.padded || stop.column == column);
        let reaches = width_before(line, nth).is_some_and(|width| width < column);
        reaches && (own || line.class.is_some_and(Class::joins))
    };
    let joined: Vec<usize> = cells.iter().copied().filter(joins).collect();
    let alone =
        nth > 0 && cells.first().and_then(|at| lines.get(*at)?.class).is_some_and(Class::may_stand_alone);
    let beside = joined.len() + taken.iter().filter(|other| **other == column).count();
    if several && (beside > 1 || alone) {
        joined.iter().for_each(|at| pad(lines.get_mut(*at), nth, column));
    }
}

/// Where most of these begin; of several such columns the one farthest to the right.
fn most_common<'s>(stops: impl Iterator<Item = &'s Stop>) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for stop in stops {
        *counts.entry(stop.column).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(column, count)| (*count, *column)).map(|(column, _)| column)
}

/// How wide a line is before the blank in front of one of its stops.
fn width_before(line: &Line, stop: usize) -> Option<usize> {
    let at = line.stops.get(stop)?.at;
    Some(line.text.get(..at)?.trim_end().width())
}

/// Puts as many blanks before a stop that it begins in a column, or one where the line is too long.
fn pad(line: Option<&mut Line>, nth: usize, column: usize) {
    let Some(line) = line else { return };
    let Some(more) = width_before(line, nth).map(|width| column.saturating_sub(width + 1)) else { return };
    let Some(at) = line.stops.get(nth).map(|stop| stop.at).filter(|at| line.text.is_char_boundary(*at))
    else {
        return;
    };
    line.text.insert_str(at, &" ".repeat(more));
    for stop in line.stops.iter_mut().skip(nth) {
        stop.at += more;
    }
}

/// A comment behind something keeps its column; where only one blank was before it, and no comment above or below
/// stands in the same column with more, it has one.
fn align_comments(lines: &mut [Line]) {
    let columns: Vec<Option<(usize, bool)>> = lines
        .iter()
        .map(|line| line.comment.as_ref().map(|comment| (comment.column, comment.padded)))
        .collect();
    let beside = |at: Option<usize>, column: usize| {
        at.and_then(|at| *columns.get(at)?).is_some_and(|(other, padded)| padded && other == column)
    };
    for (at, line) in lines.iter_mut().enumerate() {
        let width = line.last_width();
        let Some(comment) = &mut line.comment else { continue };
        let kept = comment.padded
            || beside(at.checked_sub(1), comment.column)
            || beside(Some(at + 1), comment.column);
        comment.column = if kept { comment.column.max(width + 1) } else { width + 1 };
    }
}
