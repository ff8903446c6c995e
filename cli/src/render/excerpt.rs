//! The lines that a finding shows: those of its labels, and of long ones only what stands around the label.
//!
//! A line may be a megabyte; nobody reads it, and to write it for each of many findings on it would take for ever.

use std::ops::Range;

use chatflow_compiler::source::FileId;

use crate::render::Shown;

/// A line of more bytes than this is clipped: it fills a terminal several times.
pub(crate) const LONGEST: usize = 500;

/// What is shown of a clipped line before and after the beginning of a label, in bytes.
const BEFORE: usize = 100;
const AFTER: usize = 300;

/// What stands where a line is cut.
const CUT: &str = "…";

/// Lines further from a label than this are not shown by any renderer, and stand here without their words.
const CONTEXT: u32 = 4;

/// Some lines of a file, with the way from the file's bytes to theirs.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// The number of the first line, from 0.
    pub(crate) first: u32,
    /// The lines.
    pub(crate) text: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Where it begins in the excerpt.
    start: usize,
    /// How long the mark before it is.
    mark: usize,
    /// The bytes of the file that it shows.
    shows: Range<usize>,
}

impl Excerpt {
    /// The lines of these places of a file; long ones are clipped around the first place on them.
    pub(crate) fn new(shown: &Shown<'_>, id: FileId, places: &[Range<usize>]) -> Option<Excerpt> {
        let file = shown.file(id)?;
        let text = shown.shown(id)?.text.text();
        let line_of = |at: usize| file.lines.line(at as u32);
        let ends = || places.iter().flat_map(|place| [place.start, place.end]);
        let (first, last) = (ends().map(line_of).min()?, ends().map(line_of).max()?);
        let mut excerpt = Excerpt { first, text: String::new(), lines: Vec::new() };
        for line in first..=last {
            let start = file.lines.line_start(line) as usize;
            let next = if line + 1 < file.lines.lines() {
                file.lines.line_start(line + 1) as usize
            } else {
                text.len()
            };
            let whole = text.get(start..next).unwrap_or("");
            let end = start + whole.strip_suffix('\n').unwrap_or(whole).len();
            let near = ends().any(|at| line_of(at).abs_diff(line) <= CONTEXT);
            let on_it = ends().find(|at| line_of(*at) == line).unwrap_or(start);
            let shows = match end - start {
                _ if !near => start..start,
                ..=LONGEST => start..end,
                _ => clipped(text, start..end, on_it),
            };
            excerpt.push(text, shows.clone(), near && shows.start > start, near && shows.end < end);
            if next > end {
                excerpt.text.push('\n');
            }
        }
        Some(excerpt)
    }

    fn push(&mut self, text: &str, shows: Range<usize>, cut_before: bool, cut_after: bool) {
        let mark = if cut_before { CUT } else { "" };
        self.lines.push(Line { start: self.text.len(), mark: mark.len(), shows: shows.clone() });
        self.text.push_str(mark);
        self.text.push_str(text.get(shows).unwrap_or(""));
        if cut_after {
            self.text.push_str(CUT);
        }
    }

    /// Where a place of the file stands in the excerpt; what was cut off stands at the cut.
    pub(crate) fn range(&self, lines: impl Fn(usize) -> u32, place: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| {
            let line = self.lines.get(lines(offset).saturating_sub(self.first) as usize);
            line.map_or(self.text.len(), |line| {
                line.start + line.mark + offset.clamp(line.shows.start, line.shows.end) - line.shows.start
            })
        };
        at(place.start)..at(place.end)
    }

    /// The line, from the excerpt's first, that holds a byte of the excerpt.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }

    /// The bytes of a line, with its end.
    pub(crate) fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let start = self.lines.get(line)?.start;
        Some(start..self.lines.get(line + 1).map_or(self.text.len(), |next| next.start))
    }

    /// The byte of the file that a byte of the excerpt stands for.
    pub(crate) fn origin(&self, at: usize) -> usize {
        self.lines.get(self.line(at)).map_or(0, |line| {
            (line.shows.start + at.saturating_sub(line.start + line.mark)).min(line.shows.end)
        })
    }

    /// How many lines there are.
    pub(crate) fn lines(&self) -> usize {
        self.lines.len()
    }
}

/// What is shown of a long line around a place on it.
fn clipped(text: &str, line: Range<usize>, at: usize) -> Range<usize> {
    let floor = |at: usize| (line.start..=at.min(line.end)).rev().find(|at| text.is_char_boundary(*at));
    let from = floor(at.saturating_sub(BEFORE).max(line.start)).unwrap_or(line.start);
    let to = floor(at + AFTER).unwrap_or(line.end);
    from..to.max(from)
}
