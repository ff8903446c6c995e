//! Text to tokens: total and linear. Every byte ends up in a token; what is wrong is noted, never refused.

mod again;

use crate::token::{Kind, Tokens};
pub use again::lex_again;

/// Something the lexer noted about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The token.
    pub token: u32,
    /// What about it.
    pub what: NoteKind,
}

/// What the lexer can note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A control or invisible character, or one that has no meaning in a flow.
    Stray(char),
    /// A typographic character; the plain form is given.
    Lookalike(&'static str),
    /// The quote of a text as other languages have it: `'` or a backtick.
    OtherQuote,
    /// An operator of other languages; the word for it is given.
    Habit(&'static str),
    /// A comment as another language has it.
    OtherComment,
    /// Two braces around what one is enough for, as template languages have it; the token is the opening one.
    DoubledHole,
    /// A text whose closing quote is missing; the token is the (empty) close.
    UnclosedText,
    /// A pattern whose closing quote or slash is missing.
    UnclosedPattern,
    /// An escape that is none of the known ones.
    UnknownEscape,
    /// An invisible direction mark inside a text.
    HiddenDirection,
    /// A literal that is misshapen: `12abc`, `1__0`.
    BadLiteral,
}

/// How deep texts may nest in the holes of texts. Deeper, a `{` is taken as text: sixteen is beyond any sane flow
/// and keeps every later pass bounded.
const MAX_TEXT_NESTING: usize = 16;

/// How long a comment of another language may be that is looked for as a whole, in bytes. A longer one is told line by line,
/// so that looking for its end stays cheap.
const LONGEST_COMMENT: usize = 2_000;

/// The tokens of a text, with what was noted.
pub fn lex(text: &str) -> (Tokens, Vec<Note>) {
    let mut lexer = Lexer::new(text);
    while lexer.at < lexer.bytes.len() {
        lexer.step();
    }
    lexer.close_texts();
    (lexer.tokens, lexer.notes)
}

/// What surrounds the place where the lexer stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Inside quotes; `block` for three of them.
    Text { block: bool },
    /// Inside the quotes of a wildcard pattern.
    Wildcard,
    /// Inside a hole of a text.
    Hole,
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Tokens,
    notes: Vec<Note>,
    modes: Vec<Mode>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Lexer<'a> {
        let mut tokens = Tokens { len: text.len() as u32, ..Tokens::default() };
        // A token for every six bytes or so, as measured over the examples.
        tokens.kinds.reserve(text.len() / 5);
        tokens.starts.reserve(text.len() / 5);
        Lexer { text, bytes: text.as_bytes(), at: 0, tokens, notes: Vec::new(), modes: Vec::new() }
    }
}

impl Lexer<'_> {
    /// Reads a token, or a few that belong together.
    fn step(&mut self) {
        match self.modes.last().copied() {
            Some(Mode::Text { block }) => self.in_text(block),
            Some(Mode::Wildcard) => self.in_wildcard(),
            Some(Mode::Hole) | None => self.in_code(),
        }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn char(&self) -> char {
        self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or('\0')
    }

    /// Ends a token of `len` bytes that begins where the lexer stands.
    fn push(&mut self, kind: Kind, len: usize) {
        self.tokens.kinds.push(kind);
        self.tokens.starts.push(self.at as u32);
        self.at += len;
    }

    fn note(&mut self, what: NoteKind) {
        let token = self.tokens.kinds.len().saturating_sub(1) as u32;
        self.notes.push(Note { token, what });
    }

    /// Ends a token whose last byte is the last for which `more` holds.
    fn push_while(&mut self, kind: Kind, from: usize, more: impl Fn(u8) -> bool) {
        let mut len = from;
        while self.at + len < self.bytes.len() && more(self.byte(len)) {
            len += 1;
        }
        self.push(kind, len);
    }

    fn in_code(&mut self) {
        match self.byte(0) {
            b' ' | b'\t' => self.push_while(Kind::Blank, 1, |byte| byte == b' ' || byte == b'\t'),
            b'\n' => self.newline(1),
            b'\r' if self.byte(1) == b'\n' => self.newline(2),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'"' if self.after_matches() => {
                self.push(Kind::StrOpen, 1);
                self.modes.push(Mode::Wildcard);
            }
            b'"' => self.open_text(),
            b'\'' | b'`' if self.is_other_quote() => {
                self.push(Kind::StrOpen, 1);
                self.note(NoteKind::OtherQuote);
                self.modes.push(Mode::Text { block: false });
            }
            b'/' if self.byte(1) == b'/' => self.comment(),
            b'/' if self.after_matches() => self.regex(),
            b'/' | b'#' | b'-' | b'<' if let Some(len) = self.other_comment() => {
                self.push(Kind::Comment, len);
                self.note(NoteKind::OtherComment);
            }
            b'#' => self.colour(),
            b'{' => self.push(Kind::LBrace, 1),
            b'}' if self.modes.last() == Some(&Mode::Hole) => {
                self.modes.pop();
                let doubled = self.byte(1) == b'}' && self.opened_with_two();
                self.push(Kind::HoleClose, if doubled { 2 } else { 1 });
            }
            b'}' => self.push(Kind::RBrace, 1),
            b'(' => self.push(Kind::LParen, 1),
            b')' => self.push(Kind::RParen, 1),
            b'[' => self.push(Kind::LBracket, 1),
            b']' => self.push(Kind::RBracket, 1),
            b',' => self.push(Kind::Comma, 1),
            b':' => self.push(Kind::Colon, 1),
            b'.' if self.byte(1) == b'.' => self.push(Kind::DotDot, 2),
            b'.' => self.push(Kind::Dot, 1),
            b'-' if self.byte(1) == b'>' => self.push(Kind::Arrow, 2),
            b'-' => self.push(Kind::Minus, 1),
            b'=' if self.byte(1) == b'=' => self.push_habit(Kind::Is, "is"),
            b'!' if self.byte(1) == b'=' => {
                self.push_habit(Kind::Is, "is not");
                self.push(Kind::Not, 0);
            }
            b'&' if self.byte(1) == b'&' => self.push_habit(Kind::And, "and"),
            b'|' if self.byte(1) == b'|' => self.push_habit(Kind::Or, "or"),
            b'=' => self.push(Kind::Equals, 1),
            b'<' if self.byte(1) == b'=' => self.push(Kind::LessEqual, 2),
            b'<' => self.push(Kind::Less, 1),
            b'>' if self.byte(1) == b'=' => self.push(Kind::GreaterEqual, 2),
            b'>' => self.push(Kind::Greater, 1),
            b'+' => self.push(Kind::Plus, 1),
            b'*' => self.push(Kind::Star, 1),
            b'/' => self.push(Kind::Slash, 1),
            0x80.. => self.beyond_ascii(),
            other => self.stray(char::from(other)),
        }
    }

    /// A newline ends every text and hole that is still open on its line.
    fn newline(&mut self, len: usize) {
        if self.modes.iter().any(|mode| *mode != Mode::Text { block: true }) {
            self.close_line();
        }
        if self.modes.is_empty() {
            self.push(Kind::Newline, len);
        } else {
            self.push(Kind::StrText, len);
        }
    }

    /// Closes, with empty tokens, what may not pass the end of a line: everything above the outermost block text
    /// that has no hole open.
    fn close_line(&mut self) {
        let keep = match self.modes.first() {
            Some(Mode::Text { block: true }) => 1,
            _ => 0,
        };
        if keep == 0 && self.give_back() {
            return;
        }
        self.close_down_to(keep);
    }

    /// Where a text that is never closed has swallowed the brackets at the end of its line, takes them out of it again, so
    /// that the lines below keep their meaning; whether it did. The lexer then stands before them.
    fn give_back(&mut self) -> bool {
        let end = self.at;
        let Some(at) = self.swallowed() else { return false };
        while self.tokens.starts.last().is_some_and(|start| *start as usize >= at) {
            self.tokens.starts.pop();
            if self.tokens.kinds.pop() == Some(Kind::HoleOpen) {
                self.modes.pop();
            }
        }
        self.at = at;
        self.close_down_to(0);
        while self.at < end {
            self.in_code();
        }
        true
    }

    /// Where the brackets begin that an open text swallowed: a brace that opens a block, or those that close what was
    /// opened on this line before the text.
    fn swallowed(&self) -> Option<usize> {
        let mut opened = 0_usize;
        let mut texts = Vec::new();
        let kinds = self.tokens.kinds.iter().zip(&self.tokens.starts).rev();
        let line: Vec<_> = kinds.take_while(|(kind, _)| **kind != Kind::Newline).collect();
        for (kind, start) in line.iter().rev() {
            match kind {
                Kind::StrOpen => texts.push(**start as usize + 1),
                Kind::StrClose => drop(texts.pop()),
                Kind::LBrace | Kind::LBracket | Kind::LParen if texts.is_empty() => opened += 1,
                Kind::RBrace | Kind::RBracket | Kind::RParen if texts.is_empty() => {
                    opened = opened.saturating_sub(1);
                }
                _ => {}
            }
        }
        let (last, start) = line.iter().find(|(kind, _)| **kind != Kind::Blank)?;
        if **last == Kind::HoleOpen {
            return Some(**start as usize).filter(|_| self.modes.last() == Some(&Mode::Hole));
        }
        let from = texts.last()?.max(&(**start as usize)).to_owned();
        let words = self.text.get(from..self.at).filter(|_| **last == Kind::StrText)?;
        let mut left = words;
        while opened > 0 && left.trim_end().ends_with(['}', ']', ')']) {
            left = left.trim_end();
            left = left.get(..left.len() - 1)?;
            opened -= 1;
        }
        (left.len() < words.len()).then(|| from + left.len())
    }

    fn close_texts(&mut self) {
        self.close_down_to(0);
    }

    fn close_down_to(&mut self, keep: usize) {
        while self.modes.len() > keep {
            match self.modes.pop() {
                Some(Mode::Text { .. } | Mode::Wildcard) => {
                    self.push(Kind::StrClose, 0);
                    self.note(NoteKind::UnclosedText);
                }
                Some(Mode::Hole) => {
                    self.push(Kind::HoleClose, 0);
                    self.note(NoteKind::UnclosedText);
                }
                None => {}
            }
        }
    }

    fn word(&mut self) {
        let mut len = self.char().len_utf8();
        loop {
            match self.byte(len) {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' => len += 1,
                0x80.. => {
                    let rest = self.text.get(self.at + len..).unwrap_or("");
                    match rest.chars().next() {
                        Some(char) if unicode_ident::is_xid_continue(char) => len += char.len_utf8(),
                        _ => break,
                    }
                }
                _ => break,
            }
        }
        let word = self.text.get(self.at..self.at + len).unwrap_or("");
        self.push(Kind::of_word(word), len);
    }

    /// Numbers and the literals that begin with one: durations, percentages, dates, times.
    fn number(&mut self) {
        let digits = self.count(0, |byte| byte.is_ascii_digit() || byte == b'_');
        if let Some((kind, len)) = self.date_or_time(digits) {
            return self.push(kind, len);
        }
        let mut len = digits;
        if self.byte(len) == b'.' && self.byte(len + 1).is_ascii_digit() {
            len += 1 + self.count(len + 1, |byte| byte.is_ascii_digit() || byte == b'_');
        }
        if self.byte(len) == b'%' {
            return self.push(Kind::Percent, len + 1);
        }
        let letters = self.count(len, |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80);
        let unit = self.text.get(self.at + len..self.at + len + letters).unwrap_or("");
        match unit {
            "" => self.push(Kind::Number, len),
            "ms" | "s" | "m" | "h" | "d" => self.push(Kind::Duration, len + letters),
            _ => {
                self.push(Kind::Number, len + letters);
                self.note(NoteKind::BadLiteral);
            }
        }
    }

    fn count(&self, from: usize, more: impl Fn(u8) -> bool) -> usize {
        self.bytes.get(self.at + from..).unwrap_or(&[]).iter().take_while(|byte| more(**byte)).count()
    }

    /// `2027-01-31`, `2027-01-31T09:00`, `09:00`: told apart by their shape alone; the checker reads their values.
    fn date_or_time(&self, digits: usize) -> Option<(Kind, usize)> {
        let shape = |from: usize, form: &[u8]| {
            form.iter().enumerate().all(|(nth, expected)| match expected {
                b'0' => self.byte(from + nth).is_ascii_digit(),
                other => self.byte(from + nth) == *other,
            })
        };
        let ends = |at: usize| !self.byte(at).is_ascii_alphanumeric();
        if digits == 4 && shape(4, b"-00-00") {
            if shape(10, b"T00:00") && ends(16) {
                return Some((Kind::DateTime, 16));
            }
            return ends(10).then_some((Kind::Date, 10));
        }
        (digits == 2 && shape(2, b":00") && ends(5)).then_some((Kind::Time, 5))
    }

    fn colour(&mut self) {
        let len = 1 + self.count(1, |byte| byte.is_ascii_hexdigit());
        if len > 1 {
            self.push(Kind::Colour, len);
        } else {
            self.stray('#');
        }
    }

    /// How long the comment is that another language would see here: `/* … */`, and on a line of its own `# …`, `-- …` and
    /// `<!-- … -->`.
    fn other_comment(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let until = |from: usize, end: &[u8]| {
            let most = rest.get(from..rest.len().min(LONGEST_COMMENT))?;
            most.windows(end.len()).position(|bytes| bytes == end).map(|at| from + at + end.len())
        };
        let line = || self.count(0, |byte| byte != b'\n' && byte != b'\r');
        if rest.starts_with(b"/*") {
            return Some(until(2, b"*/").unwrap_or_else(line));
        }
        let mut before = self.tokens.kinds.iter().rev().skip_while(|kind| **kind == Kind::Blank);
        let alone = matches!(before.next(), None | Some(Kind::Newline)) && self.modes.is_empty();
        if alone && rest.starts_with(b"<!--") {
            return Some(until(4, b"-->").unwrap_or_else(line));
        }
        let marks: [&[u8]; 3] = [b"# ", b"## ", b"-- "];
        (alone && marks.iter().any(|mark| rest.starts_with(mark))).then(line)
    }

    fn comment(&mut self) {
        // `////` is a ruler, not documentation.
        let kind =
            if self.byte(2) == b'/' && self.byte(3) != b'/' { Kind::DocComment } else { Kind::Comment };
        let len = self.count(0, |byte| byte != b'\n');
        let len = if self.byte(len.saturating_sub(1)) == b'\r' { len.saturating_sub(1) } else { len };
        let body = self.text.get(self.at..self.at + len).unwrap_or("");
        let hidden = body.chars().find(|char| is_direction_mark(*char));
        // Inside a hole, a comment would swallow the close of the text with it.
        self.push(kind, len);
        if let Some(mark) = hidden {
            self.note(NoteKind::Stray(mark));
        }
    }

    /// Whether `matches` is the last word before, and no name: behind a dot, or of what is asked.
    fn after_matches(&self) -> bool {
        let mut before = self.tokens.kinds.iter().rev().filter(|kind| **kind != Kind::Blank);
        before.next() == Some(&Kind::Matches) && !matches!(before.next(), Some(Kind::Dot | Kind::Ask))
    }

    /// A regular expression up to its closing slash; a backslash takes the character behind it along.
    fn regex(&mut self) {
        let len = self.pattern_end(1, b'/');
        if self.byte(len) == b'/' && self.at + len < self.bytes.len() {
            return self.push(Kind::Regex, len + 1);
        }
        self.push(Kind::Regex, len);
        self.note(NoteKind::UnclosedPattern);
    }

    /// How far it is to the mark that closes a pattern, or to the end of the line.
    fn pattern_end(&self, from: usize, mark: u8) -> usize {
        let mut len = from;
        while self.at + len < self.bytes.len() {
            match self.byte(len) {
                b'\n' => break,
                b'\r' if self.byte(len + 1) == b'\n' => break,
                b'\\' if self.byte(len + 1) == mark || self.byte(len + 1) == b'\\' => len += 2,
                byte if byte == mark => break,
                _ => len += 1,
            }
        }
        len
    }

    /// The text behind `matches` has no holes, and escapes of its own.
    fn in_wildcard(&mut self) {
        match self.byte(0) {
            b'"' => self.end_text(1),
            b'\n' => self.newline(1),
            b'\r' if self.byte(1) == b'\n' => self.newline(2),
            _ => {
                let len = self.pattern_end(0, b'"');
                let words = self.text.get(self.at..self.at + len).unwrap_or("");
                let hidden = words.chars().any(is_direction_mark);
                self.push(Kind::StrText, len);
                if hidden {
                    self.note(NoteKind::HiddenDirection);
                }
            }
        }
    }

    fn open_text(&mut self) {
        let block = self.byte(1) == b'"' && self.byte(2) == b'"' && !self.modes.contains(&Mode::Hole);
        self.push(Kind::StrOpen, if block { 3 } else { 1 });
        self.modes.push(Mode::Text { block });
    }

    fn in_text(&mut self, block: bool) {
        match self.byte(0) {
            b'"' if !block => self.end_text(1),
            b'"' if self.byte(1) == b'"' && self.byte(2) == b'"' => self.end_text(3),
            b'\n' => self.newline(1),
            b'\r' if self.byte(1) == b'\n' => self.newline(2),
            b'{' if self.modes.len() < MAX_TEXT_NESTING * 2 => {
                let doubled = self.is_doubled_hole();
                self.push(Kind::HoleOpen, if doubled { 2 } else { 1 });
                if doubled {
                    self.note(NoteKind::DoubledHole);
                }
                self.modes.push(Mode::Hole);
            }
            b'\\' => self.escape(),
            byte if byte < 0x20 && byte != b'\t' || byte == 0x7f => {
                self.push(Kind::StrText, 1);
                self.note(NoteKind::Stray(char::from(byte)));
            }
            b'\'' | b'`' if self.closes_lookalike(0) => {
                self.push(Kind::StrClose, 1);
                self.note(NoteKind::OtherQuote);
                self.modes.pop();
            }
            0xc2 | 0xe2 | 0xef if self.closes_lookalike(0) => {
                self.push_lookalike(Kind::StrClose, "\"");
                self.modes.pop();
            }
            _ => self.words_of_text(),
        }
    }

    /// Whether the hole that stands open was opened by two braces.
    fn opened_with_two(&self) -> bool {
        self.notes.last().is_some_and(|note| {
            let between = self.tokens.kinds.get(note.token as usize + 1..).unwrap_or(&[]);
            note.what == NoteKind::DoubledHole
                && between.iter().all(|kind| kind.is_word() || matches!(kind, Kind::Dot | Kind::Blank))
        })
    }

    /// Whether `{{name}}` begins here, with nothing between but what can stand in a name or a path.
    fn is_doubled_hole(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b' ' | 0x80..);
        let len = self.count(2, plain);
        self.byte(1) == b'{' && len > 0 && self.byte(2 + len) == b'}' && self.byte(3 + len) == b'}'
    }

    /// Blanks that are no plain ones, as many as stand side by side: one slip.
    fn wide_blanks(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let wide = |char: &char| matches!(char, '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{3000}');
        let len = rest.chars().take_while(wide).map(char::len_utf8).sum();
        self.push(Kind::Blank, len);
        self.note(NoteKind::Lookalike(" "));
    }

    fn end_text(&mut self, len: usize) {
        self.modes.pop();
        self.push(Kind::StrClose, len);
    }

    /// Words up to the next byte that means something in a text.
    fn words_of_text(&mut self) {
        let plain = |byte: u8| {
            !matches!(byte, b'"' | b'\n' | b'\r' | b'{' | b'\\' | 0x7f) && (byte >= 0x20 || byte == b'\t')
        };
        let may_close = |byte: u8| matches!(byte, 0xc2 | 0xe2 | 0xef | b'\'' | b'`');
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let next = |from: usize| {
            let matters = |byte: &u8| !plain(*byte) || may_close(*byte);
            let ahead = rest.get(from..).unwrap_or(&[]);
            ahead.iter().position(matters).map_or(rest.len().max(from), |at| from + at)
        };
        let mut len = next(1);
        while rest.get(len).is_some_and(|byte| plain(*byte)) && !self.closes_lookalike(len) {
            len = next(len + 1);
        }
        // The first byte may be half of a character that was refused as special.
        while !self.text.is_char_boundary(self.at + len) {
            len += 1;
        }
        let words = self.text.get(self.at..self.at + len).unwrap_or("");
        let hidden = !words.is_ascii() && words.chars().any(is_direction_mark);
        self.push(Kind::StrText, len);
        if hidden {
            self.note(NoteKind::HiddenDirection);
        }
    }

    /// Whether the quote here, which is none in a flow, opens what looks like a text: it begins a word, and one like it
    /// ends a word of the same line.
    fn is_other_quote(&self) -> bool {
        let before = self.text.get(..self.at).and_then(|text| text.chars().next_back());
        let rest = self.text.get(self.at + 1..).unwrap_or("");
        let rest = rest.lines().next().unwrap_or("");
        let quote = if self.byte(0) == b'`' { '`' } else { '\'' };
        // A quote within, doubled or behind a backslash, is not read, nor is one that another kind of quote crosses.
        let Some((words, behind)) = rest.split_once(quote) else { return false };
        let ends = !behind.starts_with(|next: char| next.is_alphanumeric() || next == quote);
        ends && !before.is_some_and(char::is_alphanumeric) && !words.ends_with('\\') && !words.contains('"')
    }

    /// Whether a typographic quote stands there that closes a text which one opened.
    fn closes_lookalike(&self, ahead: usize) -> bool {
        let rest = self.text.get(self.at + ahead..).unwrap_or("");
        let closing = match rest.chars().next() {
            Some(closing @ ('”' | '“' | '»' | '«' | '＂' | '\'' | '`')) => closing,
            _ => return false,
        };
        match self.opening_lookalike() {
            Some('“' | '”' | '‟') => closing == '”',
            Some('„') => matches!(closing, '“' | '”'),
            Some('«') => closing == '»',
            Some('»') => closing == '«',
            Some(open @ ('＂' | '\'' | '`')) => closing == open,
            _ => false,
        }
    }

    /// The quote that opened the innermost text, if it is a typographic one.
    fn opening_lookalike(&self) -> Option<char> {
        let mut depth = 0_usize;
        for (kind, start) in self.tokens.kinds.iter().zip(&self.tokens.starts).rev().take(64) {
            match kind {
                Kind::StrClose => depth += 1,
                Kind::StrOpen if depth == 0 => {
                    return self.text.get(*start as usize..)?.chars().next().filter(|open| *open != '"');
                }
                Kind::StrOpen => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    fn escape(&mut self) {
        let len = match self.byte(1) {
            b'"' | b'\\' | b'n' | b't' | b'{' | b'}' => 2,
            b'u' if self.byte(2) == b'{' => {
                let digits = self.count(3, |byte| byte.is_ascii_hexdigit());
                let digits_text = self.text.get(self.at + 3..self.at + 3 + digits).unwrap_or("");
                let exists = u32::from_str_radix(digits_text, 16).ok().and_then(char::from_u32).is_some();
                if (1..=6).contains(&digits) && self.byte(3 + digits) == b'}' && exists {
                    4 + digits
                } else {
                    0
                }
            }
            _ => 0,
        };
        if len > 0 {
            return self.push(Kind::Escape, len);
        }
        // The braces of a misshapen `\u{…}` are no hole.
        let braces = if self.byte(1) == b'u' && self.byte(2) == b'{' {
            let inside = self.count(3, |byte| byte.is_ascii_alphanumeric());
            if self.byte(3 + inside) == b'}' { 4 + inside } else { 1 }
        } else {
            1
        };
        self.push(Kind::StrText, braces);
        self.note(NoteKind::UnknownEscape);
    }

    fn beyond_ascii(&mut self) {
        let char = self.char();
        match char {
            _ if unicode_ident::is_xid_start(char) => self.word(),
            '\u{feff}' if self.at == 0 => self.push(Kind::Blank, char.len_utf8()),
            '“' | '”' | '„' | '‟' | '＂' | '«' | '»' => {
                self.push_lookalike(Kind::StrOpen, "\"");
                self.modes.push(Mode::Text { block: false });
            }
            '→' | '⟶' | '➔' | '➜' => self.push_lookalike(Kind::Arrow, "->"),
            '–' | '—' | '−'
                if self.text.get(self.at + char.len_utf8()..).is_some_and(|rest| rest.starts_with('>')) =>
            {
                self.push(Kind::Arrow, char.len_utf8() + 1);
                self.note(NoteKind::Lookalike("->"));
            }
            '−' | '–' => self.push_lookalike(Kind::Minus, "-"),
            '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{3000}' => self.wide_blanks(),
            '｛' => self.push_lookalike(Kind::LBrace, "{"),
            '｝' => self.push_lookalike(Kind::RBrace, "}"),
            '（' => self.push_lookalike(Kind::LParen, "("),
            '）' => self.push_lookalike(Kind::RParen, ")"),
            '［' => self.push_lookalike(Kind::LBracket, "["),
            '］' => self.push_lookalike(Kind::RBracket, "]"),
            '，' | '、' | '،' => self.push_lookalike(Kind::Comma, ","),
            '：' => self.push_lookalike(Kind::Colon, ":"),
            '＝' => self.push_lookalike(Kind::Equals, "="),
            '≤' => self.push_lookalike(Kind::LessEqual, "<="),
            '≥' => self.push_lookalike(Kind::GreaterEqual, ">="),
            other => self.stray(other),
        }
    }

    /// An operator of two characters that other languages use.
    fn push_habit(&mut self, kind: Kind, plain: &'static str) {
        self.push(kind, 2);
        self.note(NoteKind::Habit(plain));
    }

    fn push_lookalike(&mut self, kind: Kind, plain: &'static str) {
        self.push(kind, self.char().len_utf8());
        self.note(NoteKind::Lookalike(plain));
    }

    /// A character without meaning here. One that nobody sees is skipped like a blank, so that it is one finding
    /// and no syntax error besides.
    fn stray(&mut self, char: char) {
        let invisible = char.is_control() || is_direction_mark(char) || is_zero_width(char);
        self.push(if invisible { Kind::Blank } else { Kind::Unknown }, char.len_utf8());
        if invisible {
            self.note(NoteKind::Stray(char));
        }
    }
}

/// The marks that change the direction in which a text is shown, and so can hide what it says.
pub fn is_direction_mark(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn is_zero_width(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{85}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds(text: &str) -> Vec<Kind> {
        lex(text).0.kinds.into_iter().filter(|kind| *kind != Kind::Blank).collect()
    }

    #[test]
    fn literals_are_told_apart_by_shape() {
        use Kind::*;
        let found =
            kinds("12 2.5 30m 800ms 50% #ff7a59 2027-01-31 2027-01-31T09:00 09:00..17:30 5 monday..friday");
        let expected = [
            Number, Number, Duration, Duration, Percent, Colour, Date, DateTime, Time, DotDot, Time, Number,
            Word, DotDot, Word,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn texts_hold_holes_and_holes_hold_texts() {
        use Kind::*;
        let found = kinds(r#"say "Hi {name or "you"}!""#);
        let expected = [
            Say, StrOpen, StrText, HoleOpen, Word, Or, StrOpen, StrText, StrClose, HoleClose, StrText,
            StrClose,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_unclosed_text_ends_with_its_line() {
        let (tokens, notes) = lex("say \"Hi {name\nsay \"you\"");
        assert_eq!(notes.len(), 2);
        assert_eq!(tokens.kinds.iter().filter(|kind| **kind == Kind::Newline).count(), 1);
        assert_eq!(tokens.kinds.iter().filter(|kind| **kind == Kind::StrClose).count(), 2);
    }

    #[test]
    fn typographic_quotes_make_a_text() {
        let (tokens, notes) = lex("say “Hi”");
        assert_eq!(tokens.kinds, [Kind::Say, Kind::Blank, Kind::StrOpen, Kind::StrText, Kind::StrClose]);
        assert_eq!(notes.len(), 2);
    }

    proptest! {
        #[test]
        fn tokens_cover_any_text(text in "\\PC*|[\\x00-\\x7f“”\"{}\\\\\n]*|(matches|[\"/\\\\{}aé \r\n])*") {
            let (tokens, _) = lex(&text);
            prop_assert!(tokens.starts.is_sorted());
            let whole: String = (0..tokens.kinds.len() as u32).map(|token| &text[tokens.range(token)]).collect();
            prop_assert_eq!(whole, text.clone());
            let opens = tokens.kinds.iter().filter(|kind| **kind == Kind::StrOpen).count();
            let closes = tokens.kinds.iter().filter(|kind| **kind == Kind::StrClose).count();
            prop_assert_eq!(opens, closes);
        }
    }
}
