//! Rows to lines: the blanks between tokens, the indent, and where comments go.

use unicode_width::UnicodeWidthStr;

use super::roles::{Class, Roles};
use super::shape::{Block, Row, Unit, units};
use crate::file::File;
use crate::token::Kind;

/// How far a level is indented, in blanks.
const INDENT: usize = 2;
/// How many blanks a tab stands for where the author's columns are measured.
const TAB: usize = 4;

/// So many columns a line can have; what is behind them nobody would see as one.
const COLUMNS: usize = 8;

/// A line to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Whether a blank line stands before it.
    pub blank: bool,
    /// How far it is indented, in blanks.
    pub indent: usize,
    /// What stands on it, without indent and comment. A text in it may hold newlines.
    pub text: String,
    /// Where columns may be.
    pub stops: Vec<Stop>,
    /// What its columns are those of.
    pub class: Option<Class>,
    /// The lines that it can share columns with.
    pub segment: Option<u32>,
    /// The comment behind it.
    pub comment: Option<Comment>,
}

/// A place in a line where a column may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    /// Where the part behind it begins, in bytes of the line's text.
    pub at: usize,
    /// Where that stood in the source, in columns from the beginning of its row.
    pub column: usize,
    /// Whether more than one blank stood before it.
    pub padded: bool,
}

/// A comment behind something.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// The comment.
    pub text: String,
    /// Its column.
    pub column: usize,
    /// Whether more than one blank stood before it.
    pub padded: bool,
}

impl Line {
    /// The column in which it ends, its comment aside.
    pub fn last_width(&self) -> usize {
        match self.text.rsplit_once('\n') {
            Some((_, last)) => last.width(),
            None => self.indent + self.text.width(),
        }
    }

    /// The line with its end.
    pub fn written(&self, newline: &str) -> String {
        let blank = if self.blank { newline } else { "" };
        let indent = if self.text.is_empty() { 0 } else { self.indent };
        let mut line = format!("{blank}{:indent$}{}", "", self.text);
        if let Some(comment) = &self.comment {
            let pad = comment.column.saturating_sub(self.last_width());
            line.push_str(&format!("{:pad$}{}", "", comment.text));
        }
        line + newline
    }
}

/// The lines of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Printed {
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// Where each item ends, and at last the file.
    pub ends: Vec<End>,
}

/// Where an item ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// How many lines it takes, those of comments above it among them.
    pub lines: usize,
    /// The byte of the source behind its last line.
    pub source: usize,
}

/// Prints a file.
pub(super) fn print(file: &File) -> Printed {
    let mut printer = Printer {
        file,
        roles: Roles::of(file),
        lines: Vec::new(),
        at: 0,
        opened: true,
        segment: 0,
        segments: 0,
    };
    let mut ends = Vec::new();
    let mut before = 0;
    for unit in units(file) {
        printer.unit(&unit);
        let source = printer.line_end(unit.tokens.1);
        ends.push(End { lines: printer.lines.len() - before, source });
        before = printer.lines.len();
    }
    printer.trivia(file.tokens.kinds.len() as u32, 0);
    // What is left behind the last item belongs to it.
    let rest = printer.lines.len() - before;
    match ends.last_mut() {
        Some(last) => *last = End { lines: last.lines + rest, source: file.source.text.len() },
        None => ends.push(End { lines: rest, source: file.source.text.len() }),
    }
    Printed { lines: printer.lines, ends }
}

struct Printer<'f> {
    file: &'f File,
    roles: Roles,
    lines: Vec<Line>,
    /// The token of the table that comes next.
    at: u32,
    /// Whether a block, or the file, has just begun: no blank line stands there.
    opened: bool,
    /// The lines that share columns with those of the current block.
    segment: u32,
    segments: u32,
}

impl Printer<'_> {
    fn unit(&mut self, unit: &Unit) {
        let (first, last) = unit.tokens;
        match &unit.row {
            Some(row) => {
                self.row(row, 0);
                self.trailing();
            }
            None => {
                let blank = self.trivia(first, 0).blank;
                self.verbatim(first, last, blank);
            }
        }
    }

    /// A row on lines of its own.
    fn row(&mut self, row: &Row, indent: usize) {
        let Some(first) = self.token(row.tokens.start) else { return };
        let blank = self.trivia(first, indent).blank;
        if row.broken {
            let last = row.tokens.end.checked_sub(1).and_then(|last| self.token(last)).unwrap_or(first);
            return self.verbatim(first, last, blank);
        }
        if blank {
            self.new_segment();
        }
        let role = self.roles.rows.get(&row.tokens.start).cloned();
        self.push(Line {
            blank,
            indent,
            class: role.as_ref().map(|role| role.class),
            segment: Some(self.segment),
            ..Line::default()
        });
        let mut stops = role.map(|role| role.stops).unwrap_or_default();
        stops.truncate(COLUMNS);
        Printing { printer: self, row, indent, stops, depth: 0, first_line: true }.run();
    }

    /// The token of the table at a position of the layout.
    fn token(&self, at: u32) -> Option<u32> {
        self.file.layout.token(at).map(|(token, _)| token)
    }

    fn kind(&self, token: u32) -> Option<Kind> {
        self.file.tokens.kind(token)
    }

    fn text(&self, tokens: std::ops::Range<u32>) -> &str {
        let range = self.file.tokens.range(tokens.start).start..self.file.tokens.range(tokens.end).start;
        self.file.source.text.get(range).unwrap_or("")
    }

    fn push(&mut self, line: Line) {
        self.opened = false;
        self.lines.push(line);
    }

    fn new_segment(&mut self) {
        self.segments += 1;
        self.segment = self.segments;
    }

    /// Writes the comments up to a token, and goes there.
    fn trivia(&mut self, to: u32, indent: usize) -> Trivia {
        let mut newlines = 0;
        let mut found = Trivia { blank: false, broken: false };
        while self.at < to {
            match self.kind(self.at) {
                Some(Kind::Newline) => {
                    newlines += 1;
                    found.broken = true;
                }
                Some(Kind::Comment | Kind::DocComment) => {
                    self.comment(newlines, indent);
                    newlines = 0;
                    found.broken = true;
                }
                _ => {}
            }
            self.at += 1;
        }
        found.blank = newlines > 1 && !self.opened;
        found
    }

    /// A comment: behind what stands on its line, else on a line of its own.
    fn comment(&mut self, newlines: usize, indent: usize) {
        let text = self.text(self.at..self.at + 1).trim_end().to_owned();
        let begins_line = newlines > 0 || self.begins_line(self.at);
        let start = self.file.tokens.range(self.at).start;
        let (column, padded) = (self.column(start), self.is_padded(self.at));
        match self.lines.last_mut().filter(|line| !begins_line && line.comment.is_none()) {
            Some(line) => line.comment = Some(Comment { text, column, padded }),
            None => {
                let blank = newlines > 1 && !self.opened;
                if blank {
                    self.new_segment();
                }
                self.push(Line { blank, indent, text, ..Line::default() });
            }
        }
    }

    /// Writes the comment behind the token that was written last, if there is one.
    fn trailing(&mut self) {
        let is_blank = |kind| matches!(kind, Some(Kind::Blank));
        let ahead = (self.at..).take_while(|at| is_blank(self.kind(*at))).count() as u32;
        if matches!(self.kind(self.at + ahead), Some(Kind::Comment | Kind::DocComment)) {
            self.trivia(self.at + ahead + 1, 0);
        }
    }

    /// The lines of these tokens as they are.
    fn verbatim(&mut self, first: u32, last: u32, blank: bool) {
        let start = self.line_start(first);
        let end = self.line_end(last);
        let text = self.file.source.text.get(start..end).unwrap_or("");
        let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
        self.push(Line { blank, text: text.to_owned(), ..Line::default() });
        // The newline at the end is met again, so that a blank line behind it is one.
        self.at = last + 1;
        while self.kind(self.at).is_some_and(|kind| kind != Kind::Newline) {
            self.at += 1;
        }
    }

    fn line_start(&self, token: u32) -> usize {
        let start = self.file.tokens.range(token).start as u32;
        self.file.lines.line_start(self.file.lines.line(start)) as usize
    }

    /// The byte behind the newline that ends the line of a token.
    fn line_end(&self, token: u32) -> usize {
        let text = &self.file.source.text;
        let end = self.file.tokens.range(token).end;
        text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |len| end + len + 1)
    }

    /// Whether only blanks stand before a token on its line.
    fn begins_line(&self, token: u32) -> bool {
        let start = self.line_start(token)..self.file.tokens.range(token).start;
        self.file
            .source
            .text
            .get(start)
            .is_some_and(|before| before.trim_start_matches('\u{feff}').trim().is_empty())
    }

    /// The column of a byte of the source.
    fn column(&self, byte: usize) -> usize {
        let start = self.file.lines.line_start(self.file.lines.line(byte as u32)) as usize;
        let before = self.file.source.text.get(start..byte).unwrap_or("");
        before
            .split('\t')
            .map(UnicodeWidthStr::width)
            .reduce(|all, part| (all / TAB + 1) * TAB + part)
            .unwrap_or(0)
    }

    /// Whether more than one blank stands before a token, which does not begin its line.
    fn is_padded(&self, token: u32) -> bool {
        let before = token.checked_sub(1).filter(|before| self.kind(*before) == Some(Kind::Blank));
        before.is_some_and(|before| self.text(before..token).len() > 1) && !self.begins_line(token)
    }
}

/// What stood between two tokens.
#[derive(Clone, Copy)]
struct Trivia {
    /// Whether a blank line stands before the second.
    blank: bool,
    /// Whether they stand on different lines.
    broken: bool,
}

/// A row that is being printed.
struct Printing<'p, 'f, 'r> {
    printer: &'p mut Printer<'f>,
    row: &'r Row,
    indent: usize,
    stops: Vec<u32>,
    /// How many brackets are open.
    depth: usize,
    /// Whether the row is still on its first line.
    first_line: bool,
}

impl Printing<'_, '_, '_> {
    fn run(mut self) {
        let mut at = self.row.tokens.start;
        let mut blocks = self.row.blocks.iter().peekable();
        while at < self.row.tokens.end {
            if let Some(block) = blocks.next_if(|block| block.braces.0 == at)
                && !self.is_inline(block)
            {
                self.block(block);
                at = block.braces.1 + 1;
                continue;
            }
            let end = self.unit_end(at);
            self.tokens(at, end);
            at = end + 1;
        }
    }

    /// The last token of the text that begins at a token, or the token itself.
    fn unit_end(&self, at: u32) -> u32 {
        let kinds = &self.printer.file.layout.kinds;
        let mut depth = 0_usize;
        for (kind, at) in kinds.get(at as usize..).unwrap_or(&[]).iter().zip(at..) {
            match kind {
                Kind::StrOpen => depth += 1,
                Kind::StrClose => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at;
            }
        }
        at
    }

    /// One token, or all those of a text.
    fn tokens(&mut self, at: u32, end: u32) {
        let (Some(first), Some(last), Some(kind)) =
            (self.printer.token(at), self.printer.token(end), self.kind(at))
        else {
            return;
        };
        if matches!(kind, Kind::RParen | Kind::RBracket) {
            self.depth = self.depth.saturating_sub(1);
        }
        self.go_to(at, first, kind);
        if self.is_column(at) {
            let start = |token| self.printer.file.tokens.range(token).start;
            let row = self.printer.token(self.row.tokens.start).map_or(0, start);
            let column = self.printer.column(start(first)).saturating_sub(self.printer.column(row));
            let padded = self.printer.is_padded(first);
            if let Some(line) = self.line() {
                line.stops.push(Stop { at: line.text.len(), column, padded });
            }
        }
        let text = self.printer.text(first..last + 1);
        let text = if text.contains('\n') { self.shifted(text) } else { text.to_owned() };
        self.first_line &= !text.contains('\n');
        if let Some(line) = self.line() {
            line.text.push_str(&text);
        }
        self.printer.at = last + 1;
        if matches!(kind, Kind::LParen | Kind::LBracket) {
            self.depth += 1;
        }
    }

    /// Whether a column may be before a token. The brace of a block over several lines ends its line.
    fn is_column(&self, at: u32) -> bool {
        let blocks = &self.row.blocks;
        let opens =
            || blocks.binary_search_by_key(&at, |block| block.braces.0).ok().and_then(|nth| blocks.get(nth));
        self.first_line
            && self.stops.binary_search(&at).is_ok()
            && opens().is_none_or(|block| self.is_inline(block))
    }

    /// Writes what stands between a token and the one before it: a blank, nothing, or the end of a line.
    fn go_to(&mut self, at: u32, token: u32, kind: Kind) {
        if at == self.row.tokens.start {
            return;
        }
        let closes = matches!(kind, Kind::RParen | Kind::RBracket);
        let levels = match kind {
            Kind::Else => 0,
            _ if closes => self.depth,
            _ => self.depth.max(1),
        };
        let indent = self.indent + levels * INDENT;
        // A comment before a bracket that closes belongs to what stands in it.
        let trivia = self.printer.trivia(token, if closes { indent + INDENT } else { indent });
        let behind_block = self.line().is_some_and(|line| line.text == "}") && kind == Kind::Else;
        let commented = self.line().is_none_or(|line| line.comment.is_some() || is_comment(&line.text));
        let empty = kind == Kind::RBrace && self.line().is_some_and(|line| line.text.ends_with('{'));
        // A brace stays behind its statement, unless a comment would swallow it.
        if commented || behind_block || (trivia.broken && kind != Kind::LBrace && !empty) {
            self.printer.push(Line { blank: trivia.blank, indent, ..Line::default() });
            self.first_line = false;
        } else if self.has_blank(at, kind)
            && let Some(line) = self.line()
        {
            line.text.push(' ');
        }
    }

    /// Whether a blank stands before a token.
    fn has_blank(&self, at: u32, kind: Kind) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.kind(before));
        let hugs = matches!(
            kind,
            Kind::Comma | Kind::Colon | Kind::RParen | Kind::RBracket | Kind::Dot | Kind::DotDot
        );
        let hugged = matches!(before, Some(Kind::LParen | Kind::LBracket | Kind::Dot | Kind::DotDot));
        let empty = before == Some(Kind::LBrace) && kind == Kind::RBrace;
        !hugs && !hugged && !empty && !self.printer.roles.glued.contains(&at)
    }

    /// Whether a block stands on one line.
    fn is_inline(&self, block: &Block) -> bool {
        let (open, close) = block.braces;
        let (Some(open), Some(close)) = (self.printer.token(open), self.printer.token(close)) else {
            return true;
        };
        let kinds = self.printer.file.tokens.kinds.get(open as usize..close as usize).unwrap_or(&[]);
        let commented = kinds.iter().any(|kind| matches!(kind, Kind::Comment | Kind::DocComment));
        let broken = block.rows.iter().any(|row| row.broken);
        let one_line = !self.printer.text(open..close).contains('\n');
        !commented && !broken && (one_line || block.rows.is_empty())
    }

    fn block(&mut self, block: &Block) {
        let (open, close) = block.braces;
        let Some(close_token) = self.printer.token(close) else {
            return;
        };
        self.tokens(open, open);
        self.printer.trailing();
        let outside = self.printer.segment;
        self.printer.new_segment();
        self.printer.opened = true;
        let indent = self.indent + INDENT;
        for (row, start) in self.ordered(block) {
            self.printer.at = start;
            self.printer.row(row, indent);
            self.printer.trailing();
        }
        // Whichever was written last: what is left stands behind the one that is last in the source.
        if let Some(last) = block.rows.last() {
            self.printer.at = self.end_of(last);
        }
        self.printer.trivia(close_token, indent);
        self.printer.segment = outside;
        self.printer.push(Line { indent: self.indent, ..Line::default() });
        self.first_line = false;
        if let Some(line) = self.line() {
            line.text.push('}');
        }
        self.printer.at = close_token + 1;
    }

    /// The rows of a block in the order in which they are written, each with the token of the table behind the row
    /// that stood before it.
    fn ordered<'b>(&self, block: &'b Block) -> Vec<(&'b Row, u32)> {
        let ends = block.rows.iter().map(|row| self.end_of(row));
        let starts = std::iter::once(self.printer.at).chain(ends);
        let mut rows: Vec<(&Row, u32)> = block.rows.iter().zip(starts).collect();
        let rank = |row: &Row| self.printer.roles.ranks.get(&row.tokens.start).copied();
        // What cannot be read may be anything, so nothing moves past it.
        if !block.rows.iter().any(|row| row.broken) {
            rows.sort_by_key(|(row, _)| rank(row));
        }
        rows
    }

    /// The token of the table behind a row and the comment on its line.
    fn end_of(&self, row: &Row) -> u32 {
        let last = row.tokens.end.checked_sub(1).and_then(|last| self.printer.token(last)).unwrap_or(0);
        let behind = (last + 1..).take_while(|at| self.printer.kind(*at).is_some_and(Kind::is_trivia));
        last + 1 + behind.count() as u32
    }

    fn line(&mut self) -> Option<&mut Line> {
        self.printer.lines.last_mut()
    }

    fn kind(&self, at: u32) -> Option<Kind> {
        self.printer.file.layout.kinds.get(at as usize).copied()
    }

    /// A text over several lines, moved as far as its statement is. It says the same: the indent that all its lines
    /// share is no part of it.
    fn shifted(&self, text: &str) -> String {
        let begin =
            self.printer.token(self.row.tokens.start).map_or(0, |first| self.printer.line_start(first));
        let source = self.printer.file.source.text.get(begin..).unwrap_or("");
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let is_blank = |line: &str| line.trim().is_empty();
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or("");
        let rest: Vec<&str> = lines.collect();
        let last = rest.len().saturating_sub(1);
        let tabs = source.trim_start_matches(' ').starts_with('\t')
            || rest.iter().any(|line| line.trim_start_matches(' ').starts_with('\t'));
        let counted = rest.iter().enumerate().filter(|(nth, line)| *nth == last || !is_blank(line));
        let shared = counted.map(|(_, line)| indent(line)).min().unwrap_or(0);
        let (old, new) = (indent(source), self.indent);
        if tabs || old == new {
            return text.to_owned();
        }
        let moved = if new > old { shared + (new - old) } else { shared.saturating_sub(old - new) };
        let mut shifted = first.to_owned();
        for line in rest {
            let own = line.get(shared.min(indent(line))..).unwrap_or("");
            // A blank line that is shorter than the others has no indent at all.
            let indent = if is_blank(line) && indent(line) < shared { 0 } else { moved };
            shifted.push_str(&format!("\n{:indent$}{own}", ""));
        }
        shifted
    }
}

/// Whether a line is a comment and nothing else.
fn is_comment(line: &str) -> bool {
    line.starts_with("//")
}
