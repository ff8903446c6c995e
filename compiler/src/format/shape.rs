//! The lines of a file as its brackets nest them: items, the rows of their blocks, the rows of blocks in those.

use std::ops::Range;

use crate::file::File;
use crate::token::Kind;

/// A statement, setting or choice with the blocks in it; an item is one too.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its significant tokens, by their positions in the layout.
    pub tokens: Range<u32>,
    /// The blocks that stand in it, in order.
    pub blocks: Vec<Block>,
    /// Whether it stays as it is.
    pub broken: bool,
}

/// `{ … }`.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The positions of its braces in the layout.
    pub braces: (u32, u32),
    /// What stands in it.
    pub rows: Vec<Row>,
}

/// A top-level item, or what stands where one should.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Its first and last significant token, by their positions in the token table.
    pub tokens: (u32, u32),
    /// How it is laid out; none where that cannot be known, so that it stays as it is.
    pub row: Option<Row>,
}

/// The items of a file. Every significant token is in one.
pub(super) fn units(file: &File) -> Vec<Unit> {
    let significant: Vec<u32> = (0_u32..)
        .zip(&file.tokens.kinds)
        .filter(|(_, kind)| is_significant(**kind))
        .map(|(at, _)| at)
        .collect();
    let mut units: Vec<Unit> = Vec::with_capacity(file.layout.items.len());
    let mut rest = significant.as_slice();
    let firsts = file.layout.items.iter().map(|item| file.layout.token(item.start).map_or(0, |(at, _)| at));
    let mut starts: Vec<(u32, Option<Range<u32>>)> =
        firsts.zip(file.layout.items.iter().cloned().map(Some)).collect();
    if let Some(first) = rest.first().filter(|first| starts.first().is_none_or(|(start, _)| start > first)) {
        starts.insert(0, (*first, None));
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([u32::MAX]).collect::<Vec<_>>();
    for ((_, item), end) in starts.into_iter().zip(ends) {
        let (own, behind) = rest.split_at(rest.partition_point(|at| *at < end));
        rest = behind;
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        let row = item.filter(|item| is_whole(file, item, own)).map(|item| {
            let mut row = Rows { file, at: item.start, end: item.end }.row();
            mark(file, &mut row, own);
            row
        });
        // Where brackets are missing, the indent says what belongs to what.
        let stays = !file.layout.problems.is_empty() && !begins_file_line(file, *first);
        let row = row.filter(|row| !row.broken && !stays);
        // Where brackets are missing, an item may end in the middle of a line, which stays whole.
        match units.last_mut().filter(|before| line_of(file, before.tokens.1) == line_of(file, *first)) {
            Some(before) => *before = Unit { tokens: (before.tokens.0, *last), row: None },
            None => units.push(Unit { tokens: (*first, *last), row }),
        }
    }
    units
}

/// Whether the grammar reads it: neither a blank nor a comment nor a line's end.
pub(super) fn is_significant(kind: Kind) -> bool {
    !kind.is_trivia() && kind != Kind::Newline
}

/// The line on which a token ends.
fn line_of(file: &File, token: u32) -> u32 {
    file.lines.line(file.tokens.range(token).end as u32)
}

/// Whether a token begins a line, without an indent.
fn begins_file_line(file: &File, token: u32) -> bool {
    token.checked_sub(1).is_none_or(|before| file.tokens.kind(before) == Some(Kind::Newline))
}

/// Whether an item has exactly these tokens: none was put in, none was left out.
fn is_whole(file: &File, item: &Range<u32>, own: &[u32]) -> bool {
    let mut own = own.iter().copied();
    for at in item.clone() {
        let newline = file.layout.kinds.get(at as usize) == Some(&Kind::Newline);
        match file.layout.token(at) {
            Some((_, false)) if newline => {}
            Some((token, false)) if own.next() == Some(token) => {}
            _ => return false,
        }
    }
    own.next().is_none()
}

/// Reads rows off the balanced tokens of an item.
struct Rows<'f> {
    file: &'f File,
    at: u32,
    end: u32,
}

impl Rows<'_> {
    fn kind(&self) -> Option<Kind> {
        self.file.layout.kinds.get(self.at as usize).copied().filter(|_| self.at < self.end)
    }

    /// A row up to the end of its line or of the block around it. Within brackets no line ends.
    fn row(&mut self) -> Row {
        let start = self.at;
        let mut blocks = Vec::new();
        while let Some(kind) = self.kind() {
            match kind {
                Kind::Newline | Kind::RBrace => break,
                Kind::LBrace => blocks.push(self.block()),
                _ => self.at += 1,
            }
        }
        Row { tokens: start..self.at, blocks, broken: false }
    }

    fn block(&mut self) -> Block {
        let open = self.at;
        self.at += 1;
        let mut rows = Vec::new();
        loop {
            match self.kind() {
                Some(Kind::Newline) => self.at += 1,
                Some(Kind::RBrace) | None => break,
                Some(_) => rows.push(self.row()),
            }
        }
        let close = self.at;
        self.at += 1;
        Block { braces: (open, close), rows }
    }
}

/// Marks the rows in which the text or the grammar found something wrong; `own` are the item's tokens. A row that stays as
/// it is must begin and end its line; where it does not, the row around it stays.
fn mark(file: &File, row: &mut Row, own: &[u32]) {
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return };
    let (start, end) = (file.tokens.range(*first).start as u32, file.tokens.range(*last).end);
    // What is wrong with the indent stands before the item.
    let begin = file.lines.line_start(file.lines.line(start)) as usize;
    let found = &file.diagnostics;
    let from = found.partition_point(|found| (found.primary.span.start as usize) < begin);
    let found = found.get(from..).unwrap_or(&[]).iter().map(|found| found.primary.span.start);
    let wrong = found.take_while(|start| *start as usize <= end).filter_map(|start| {
        let behind = own.partition_point(|token| file.tokens.range(*token).start <= start as usize);
        // What is missing at the end of a line is reported behind its last token, what stands in its indent before its
        // first. A character that nobody sees, on a line of its own, is no part of an item; it goes with the blanks.
        let line = file.lines.line(start);
        let begins = |token: &&u32| file.lines.line(file.tokens.range(**token).start as u32) == line;
        let before =
            behind.checked_sub(1).and_then(|at| own.get(at)).filter(|at| line_of(file, **at) == line);
        let token = before.or_else(|| own.get(behind).filter(begins))?;
        Some(file.layout.tokens.partition_point(|known| known < token) as u32)
    });
    let from = file.unread.partition_point(|at| *at < row.tokens.start);
    let unread = file.unread.get(from..).unwrap_or(&[]).iter().copied();
    let unread = unread.take_while(|at| *at <= row.tokens.end).map(|at| {
        // The end of a line belongs to what stands before it.
        let kind = |at: u32| file.layout.kinds.get(at as usize).copied();
        let ends = at >= row.tokens.end || matches!(kind(at), Some(Kind::Newline | Kind::RBrace));
        let before = (row.tokens.start..at).rev().find(|at| kind(*at) != Some(Kind::Newline));
        before.filter(|_| ends).unwrap_or(at)
    });
    let mut places: Vec<u32> = wrong.chain(unread).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().for_each(|at| {
        break_at(file, row, at);
    });
}

/// Breaks the innermost row around a token. Gives whether a row did not take it, being no whole lines.
fn break_at(file: &File, row: &mut Row, at: u32) -> bool {
    let nth = row.blocks.partition_point(|block| block.braces.1 < at);
    let rows = row.blocks.get_mut(nth).map(|block| block.rows.as_mut_slice()).unwrap_or_default();
    let nth = rows.partition_point(|row| row.tokens.end <= at);
    let inner = rows.get_mut(nth).filter(|row| row.tokens.contains(&at));
    let left = inner.is_none_or(|inner| break_at(file, inner, at));
    if left {
        row.broken = true;
    }
    left && !is_lines(file, &row.tokens)
}

/// Whether tokens begin their line and end it, comments aside.
fn is_lines(file: &File, tokens: &Range<u32>) -> bool {
    let token = |at: u32| file.layout.token(at).map(|(token, _)| token);
    let (Some(first), Some(last)) = (token(tokens.start), tokens.end.checked_sub(1).and_then(token)) else {
        return false;
    };
    let is_blank = |kind: &Option<Kind>| kind.is_some_and(Kind::is_trivia);
    let before = (0..first).rev().map(|at| file.tokens.kind(at)).find(|kind| !is_blank(kind)).flatten();
    let behind = (last + 1..).map(|at| file.tokens.kind(at)).find(|kind| !is_blank(kind)).flatten();
    let ends = |kind: Option<Kind>| kind.is_none_or(|kind| kind == Kind::Newline);
    ends(before) && ends(behind)
}
