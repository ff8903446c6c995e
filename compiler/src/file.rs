//! One file, read: its tokens, its tree, and what was wrong with its text.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalogue::{self, Catalogue};
use crate::code::Code;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::habits::{self, Place};
use crate::layout::{Layout, Problem, layout};
use crate::lex::{Note, NoteKind, lex, lex_again};
use crate::parse::{SyntaxError, parse, parse_all_but};
use crate::source::{FileId, LineIndex, Source, Span};
use crate::token::{Kind, Tokens};
use crate::tree::{At, Item, Items, Range};

/// A file of a project.
#[derive(Clone, Debug)]
pub struct File {
    /// Its number in the project.
    pub id: FileId,
    /// Its path and text.
    pub source: Source,
    /// Its lines.
    pub lines: LineIndex,
    /// Its tokens, comments and blanks among them.
    pub tokens: Tokens,
    /// What the lexer noted about them.
    pub notes: Vec<Note>,
    /// The tokens that the grammar reads.
    pub layout: Layout,
    /// The tree of each item of the layout.
    pub items: Items,
    /// Where the grammar expected something else, by positions in the layout; not all of them are worth a diagnostic.
    pub unread: Vec<u32>,
    /// What it says as a catalogue, if it is one. A catalogue has no tokens and no items.
    pub catalogue: Option<Catalogue>,
    /// What is wrong with the text, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The ending of files with settings of a project: hosts and tools read them, the compiler only shows places in them.
const SETTINGS: &str = "toml";

impl File {
    /// Whether it is a file of settings, which says nothing of its own in the language.
    pub fn is_settings(&self) -> bool {
        self.source.path.rsplit_once('.').is_some_and(|(_, ending)| ending == SETTINGS)
    }

    /// Reads a source. It never fails: what cannot be read is an error node and a diagnostic.
    pub fn read(id: FileId, source: Source) -> File {
        File::read_beside(id, source, None)
    }

    /// Reads a source of which an earlier text was read: the same as reading it alone, and faster where little has changed.
    pub fn read_again(id: FileId, source: Source, before: &File) -> File {
        File::read_beside(id, source, Some(before))
    }

    fn read_beside(id: FileId, source: Source, before: Option<&File>) -> File {
        match source.path.rsplit_once('.') {
            Some((_, catalogue::ENDING)) => return File::catalogue(id, source),
            Some((_, SETTINGS)) => return File::plain(id, source),
            _ => {}
        }
        let (tokens, notes) = match before {
            Some(before) => lex_again(&source.text, &before.source.text, &before.tokens, &before.notes),
            None => lex(&source.text),
        };
        let layout = layout(&tokens);
        let (items, errors) = match before {
            Some(before) => {
                let trees = before.trees(layout.items.len());
                parse_all_but(&layout, trees)
            }
            None => parse(&layout),
        };
        let lines = LineIndex::new(&source.text);
        let start = |error: &SyntaxError| layout.items.get(error.item as usize).map_or(0, |item| item.start);
        let unread = errors.iter().map(|error| start(error) + error.at).collect();
        let mut file = File {
            id,
            source,
            lines,
            tokens,
            notes,
            layout,
            items,
            unread,
            catalogue: None,
            diagnostics: Vec::new(),
        };
        let mut found: Vec<Diagnostic> = Vec::new();
        found.extend(file.source.invalid_utf8.map(|offset| file.invalid_utf8(offset)));
        if file.is_no_text() {
            file.diagnostics = found;
            return file;
        }
        found.extend(file.noted(&file.notes));
        found.extend(file.layout.problems.iter().filter_map(|problem| file.problem(*problem)));
        let mended: BTreeSet<u32> =
            found.iter().map(|diagnostic| file.lines.line(diagnostic.primary.span.start)).collect();
        let mut last = None;
        for error in &errors {
            let diagnostic = file.syntax_error(error);
            // A `then` that begins a line was missed at the end of the one before.
            let at = diagnostic.primary.span.start;
            let line = file.lines.line(at);
            let begins = || {
                let before = Span { start: file.lines.line_start(line), end: at, ..diagnostic.primary.span };
                file.text(before).trim().is_empty()
            };
            if error.found == Some(Kind::Then) && last == Some(line.saturating_sub(1)) && begins() {
                continue;
            }
            last = Some(line);
            // What the text or the brackets already explain is not said again on the same line.
            if !mended.contains(&file.lines.line(diagnostic.primary.span.start)) {
                found.push(diagnostic);
            }
        }
        found.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.code));
        file.diagnostics = found;
        file
    }

    /// The trees of this file's items that a text of so many items may have again, looked for where they stood, counted
    /// from the first and from the last. Only those without a mistake: what is wrong with the others is to be said again.
    fn trees(&self, items: usize) -> impl FnMut(usize, &[Kind]) -> Option<Arc<Item>> {
        move |nth, kinds| {
            let from_last = (nth + self.layout.items.len()).checked_sub(items);
            let same = |at: usize| {
                let range = self.layout.items.get(at)?;
                // They ascend.
                let next = self.unread.partition_point(|place| *place < range.start);
                let read = self.unread.get(next).is_none_or(|place| *place > range.end);
                (read && self.layout.kinds_of(range) == kinds).then(|| self.items.shared(at).cloned())?
            };
            same(nth).or_else(|| same(from_last.filter(|at| *at != nth)?))
        }
    }

    /// A file that is none of the language's own: its text and its lines, without tokens and items.
    fn plain(id: FileId, source: Source) -> File {
        let (tokens, _) = lex("");
        let layout = layout(&tokens);
        let lines = LineIndex::new(&source.text);
        File {
            id,
            source,
            lines,
            tokens,
            notes: Vec::new(),
            layout,
            items: Items::default(),
            unread: Vec::new(),
            catalogue: None,
            diagnostics: Vec::new(),
        }
    }

    fn catalogue(id: FileId, source: Source) -> File {
        let mut file = File::plain(id, source);
        let mut found: Vec<Diagnostic> =
            file.source.invalid_utf8.map(|offset| file.invalid_utf8(offset)).into_iter().collect();
        file.catalogue = Some(Catalogue::read(id, &file.source, &mut found));
        file.diagnostics = found;
        file
    }

    /// The items, each with the view that gives its nodes text and places.
    pub fn views(&self) -> impl Iterator<Item = (View<'_>, &Item)> {
        let bases = self.layout.items.iter().map(|range| range.start);
        bases.zip(self.items.iter()).map(|(base, item)| (View { file: self, base }, item))
    }

    /// What the item that a byte stands in is called: its first word, and its name or the beginning of its text, where
    /// it has one. Empty before the first item and in a catalogue.
    pub fn item_name(&self, offset: u32) -> String {
        let after = self.layout.items.partition_point(|item| self.span_of(item.start).start <= offset);
        let Some(item) = after.checked_sub(1).and_then(|nth| self.layout.items.get(nth)) else {
            return String::new();
        };
        let kind = |at: u32| self.layout.kinds.get(at as usize).copied().filter(|_| at < item.end);
        let name = match (kind(item.start + 1), kind(item.start + 2)) {
            (Some(Kind::StrOpen), Some(Kind::StrText)) => Some(item.start + 2),
            (Some(word), _) if word.is_word() => Some(item.start + 1),
            _ => None,
        };
        let words = std::iter::once(item.start).chain(name);
        words.map(|at| self.text(self.span_of(at))).collect::<Vec<_>>().join(" ")
    }

    /// The text of a span of this file.
    pub fn text(&self, span: Span) -> &str {
        self.source.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// What the `///` comments say that stand right above the line of a byte; empty where there are none.
    pub fn doc_above(&self, offset: u32) -> String {
        let mut lines = Vec::new();
        let mut line = self.lines.line(offset);
        while let Some(above) = line.checked_sub(1) {
            let start = self.lines.line_start(above) as usize;
            let text = self.source.text.get(start..self.lines.line_start(line) as usize).unwrap_or("");
            let Some(words) = text.trim().strip_prefix("///") else { break };
            lines.push(words.strip_prefix(' ').unwrap_or(words));
            line = above;
        }
        lines.reverse();
        lines.join("\n")
    }

    /// The words of a line, by its number from 0; those in texts and comments are none.
    pub(crate) fn words_of_line(&self, line: u32) -> impl Iterator<Item = &str> {
        let end = self.tokens.starts.partition_point(|at| *at < self.line_end(line));
        self.words_of(self.first_of_line(line)..end as u32)
    }

    /// The words of a line and of the brackets that are open at its end, up to the end of the line that closes them; and
    /// the line behind that.
    pub(crate) fn words_of_statement(&self, line: u32) -> (impl Iterator<Item = &str>, u32) {
        let first = self.first_of_line(line);
        let mut depth = 0_usize;
        let mut end = self.tokens.kinds.len() as u32;
        for (kind, token) in self.tokens.kinds.get(first as usize..).unwrap_or(&[]).iter().zip(first..) {
            match kind {
                Kind::LBrace | Kind::LParen | Kind::LBracket => depth += 1,
                Kind::RBrace | Kind::RParen | Kind::RBracket => depth = depth.saturating_sub(1),
                Kind::Newline if depth == 0 => {
                    end = token;
                    break;
                }
                _ => {}
            }
        }
        let behind = self.lines.line(self.tokens.range(end).start as u32) + 1;
        (self.words_of(first..end), behind)
    }

    fn words_of(&self, tokens: std::ops::Range<u32>) -> impl Iterator<Item = &str> {
        let words = tokens.filter(|token| self.tokens.kind(*token).is_some_and(Kind::is_word));
        words.map(|token| self.text(self.tokens.span(self.id, token)))
    }

    fn first_of_line(&self, line: u32) -> u32 {
        let start = self.lines.line_start(line);
        self.tokens.starts.partition_point(|at| *at < start) as u32
    }

    fn line_end(&self, line: u32) -> u32 {
        if line + 1 < self.lines.lines() { self.lines.line_start(line + 1) } else { u32::MAX }
    }

    /// Whatever could be a word on a line, in texts too.
    pub(crate) fn letters_of_line(&self, line: u32) -> impl Iterator<Item = &str> {
        let rest = self.source.text.get(self.lines.line_start(line) as usize..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        line.split(|char: char| !char.is_alphanumeric() && char != '_')
    }

    /// The span of a significant token, by its position in the layout.
    fn span_of(&self, at: u32) -> Span {
        match self.layout.token(at) {
            Some((token, false)) => self.tokens.span(self.id, token),
            Some((token, true)) => self.tokens.span(self.id, token).at_start(),
            None => Span { file: self.id, start: self.tokens.len, end: self.tokens.len },
        }
    }

    /// Whether so little of the file is text that whatever else is wrong with it says nothing.
    fn is_no_text(&self) -> bool {
        const FEW: usize = 8;
        self.source.invalid_utf8.is_some()
            && self.source.text.chars().filter(|char| matches!(char, '\u{fffd}' | '\0')).nth(FEW).is_some()
    }

    fn invalid_utf8(&self, offset: u32) -> Diagnostic {
        let span = Span { file: self.id, start: offset, end: offset + '\u{fffd}'.len_utf8() as u32 };
        Diagnostic::new(Code::InvalidUtf8, span, "this file is not UTF-8")
            .here("the first bytes that are not UTF-8 stand here")
            .help("Save the file as UTF-8; most editors offer it under \"save with encoding\".")
    }

    fn noted(&self, notes: &[Note]) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = Vec::new();
        let mut last_line = None;
        // The findings of typographic quotes that open a text.
        let mut quotes: Vec<usize> = Vec::new();
        for note in notes {
            let span = self.tokens.span(self.id, note.token);
            let line = self.lines.line(span.start);
            // One unclosed text closes every hole and text of its line: one finding, at the outermost opening.
            if note.what == NoteKind::UnclosedText && last_line == Some(line) {
                continue;
            }
            last_line = (note.what == NoteKind::UnclosedText).then_some(line);
            // A replacement character is the decoder's; it was reported as such.
            if self.source.invalid_utf8.is_some() && note.what == NoteKind::Stray('\u{fffd}') {
                continue;
            }
            match (note.what, self.tokens.kind(note.token)) {
                (NoteKind::Lookalike(_) | NoteKind::OtherQuote, Some(Kind::StrOpen)) => {
                    quotes.push(found.len());
                }
                // The quote that closes the text is the same mistake, and mended with it.
                (NoteKind::Lookalike(_) | NoteKind::OtherQuote, Some(Kind::StrClose)) => {
                    let opened = quotes.pop().and_then(|at| found.get_mut(at));
                    if let Some(fix) = opened.and_then(|found| found.fixes.first_mut()) {
                        fix.edits.push(Edit { span, text: "\"".to_owned() });
                        continue;
                    }
                }
                _ => {}
            }
            found.push(self.note(*note, span));
        }
        found
    }

    fn note(&self, note: Note, span: Span) -> Diagnostic {
        match note.what {
            NoteKind::Stray('\r') => {
                Diagnostic::new(Code::InvisibleCharacter, span, "a line ends with a carriage return alone")
                    .here("no line ends here")
                    .help("Save the file with the line ends of Unix or Windows.")
                    .fix("end the line", span, "\n")
            }
            NoteKind::Stray(char) => {
                let message = format!("an invisible character: {}", name_of(char));
                Diagnostic::new(Code::InvisibleCharacter, span, message)
                    .here("nobody can see it")
                    .help("Delete it.")
                    .fix("delete the character", span, "")
            }
            NoteKind::Lookalike(plain) => {
                let message =
                    format!("`{}` looks like `{plain}` but is another character", self.text(span).trim());
                let message =
                    if plain == " " { "a no-break space where a plain one belongs".into() } else { message };
                Diagnostic::new(Code::LookalikeCharacter, span, message)
                    .here(if plain == " " { "this is no plain space".into() } else { format!("write `{plain}`") })
                    .help("Word processors and chat programs put such characters in; turn off their smart punctuation.")
                    .fix(if plain == " " { "write a plain space".into() } else { format!("write `{plain}`") }, span, plain)
            }
            NoteKind::OtherQuote => {
                Diagnostic::new(Code::Syntax, span, "a text stands in double quotes here")
                    .here("no quote in a flow")
                    .fix("write double quotes", span, "\"")
            }
            NoteKind::Habit(word) => {
                let written = self.text(span);
                let word = if written == "==" && self.stores(note.token) { "=" } else { word };
                Diagnostic::new(Code::Syntax, span, format!("`{written}` is written `{word}` here"))
                    .here(format!("write `{word}`"))
                    .fix(format!("write `{word}`"), span, word)
            }
            NoteKind::OtherComment => Diagnostic::new(Code::Syntax, span, "a comment begins with `//` here")
                .here("a comment of another language")
                .help("Write `//` before each line of a comment."),
            NoteKind::DoubledHole => {
                let rest = self.source.text.get(span.end as usize..).unwrap_or("");
                let len = rest.find("}}").unwrap_or(0) as u32;
                let close = Span { start: span.end + len, end: span.end + len + 2, ..span };
                let name = self.text(Span { start: span.end, end: close.start, ..span }).trim();
                let whole = span.to(close);
                Diagnostic::new(
                    Code::Syntax,
                    whole,
                    format!("`{}` is written `{{{name}}}` here", self.text(whole)),
                )
                .here("one brace is enough")
                .fix(format!("write `{{{name}}}`"), whole, format!("{{{name}}}"))
            }
            NoteKind::UnclosedText => {
                let open = self.opening_of_text(note.token);
                Diagnostic::new(Code::UnclosedText, open, "a text that is never closed")
                    .here("opened here")
                    .label(span, "the line ends here")
                    .help("Close the text with `\"`; a text over several lines stands between `\"\"\"` and `\"\"\"`.")
                    .edit(self.closing(open.to(span)), "close the text", span, "\"")
            }
            NoteKind::UnclosedPattern => {
                let mark = if self.text(span).starts_with('/') { "/" } else { "\"" };
                Diagnostic::new(Code::UnclosedText, span, "a pattern that is never closed")
                    .here("opened here, and the line ends")
                    .help(format!(
                        "Close the pattern with `{mark}`; inside of it, that is written `\\{mark}`."
                    ))
                    .suggest("close the pattern", span.at_end(), mark)
            }
            NoteKind::UnknownEscape => {
                let after = self.source.text.get(span.end as usize..).and_then(|rest| rest.chars().next());
                let whole = span.end - span.start > 1;
                let end = span.end + after.filter(|_| !whole).map_or(0, |char| char.len_utf8() as u32);
                let span = Span { end, ..span };
                Diagnostic::new(
                    Code::UnknownEscape,
                    span,
                    format!("`{}` is no escape", self.text(span).trim()),
                )
                .here("not an escape")
                .help("The escapes are \\\" \\\\ \\n \\t \\{ \\} and \\u{…}; a plain backslash is `\\\\`.")
                .suggest("write `\\\\`", span.at_start(), "\\")
            }
            NoteKind::HiddenDirection => {
                Diagnostic::new(Code::HiddenDirection, span, "an invisible direction mark in this text")
                    .here("what it shows may differ from what it says")
                    .help("Delete the mark; browsers find the direction of a message by themselves.")
            }
            NoteKind::BadLiteral => Diagnostic::new(
                Code::BadLiteral,
                span,
                format!("`{}` is no number", self.text(span)),
            )
            .here("not a number, a duration or a name")
            .help(
                "A duration is a number with one unit: 800ms, 8s, 30m, 2h, 1d. A name begins with a letter.",
            ),
        }
    }

    /// How sure it is that a text without its closing quote reaches to the end of its line: not where code may follow it.
    fn closing(&self, unclosed: Span) -> Applicability {
        const CODE: [&str; 8] = ["->", "//", "{", "}", "[", "]", "=", "\""];
        let words = self.text(unclosed).trim_start_matches('"');
        // Nothing behind the quote: it may be the end of a text, and the beginning is what is missing.
        let nothing = words.trim().is_empty();
        let code = CODE.iter().any(|sign| words.contains(sign));
        if nothing || code { Applicability::Unsafe } else { Applicability::Safe }
    }

    /// Whether the line of a token begins with `set` or `let`, and the token is the first sign on it.
    fn stores(&self, token: u32) -> bool {
        let before =
            (0..token).rev().map(|at| self.tokens.kind(at)).take_while(|kind| *kind != Some(Kind::Newline));
        // What is stored into is a short name; a long line of such signs is not read again for each of them.
        const FEW: usize = 16;
        let mut first = None;
        for (nth, kind) in before.flatten().enumerate() {
            if nth == FEW || !(kind.is_trivia() || kind.is_word() || kind == Kind::Dot) {
                return false;
            }
            first = if kind.is_trivia() { first } else { Some(kind) };
        }
        matches!(first, Some(Kind::Set | Kind::Let))
    }

    /// The opening quote of the outermost text that an (empty) close belongs to.
    fn opening_of_text(&self, close: u32) -> Span {
        let line_start = self.lines.line_start(self.lines.line(self.tokens.span(self.id, close).start));
        let mut depth = 0_usize;
        let mut best = self.tokens.span(self.id, close);
        for token in (0..=close).rev() {
            let span = self.tokens.span(self.id, token);
            if span.start < line_start {
                break;
            }
            match self.tokens.kind(token) {
                Some(Kind::StrClose) if span.start != span.end => depth += 1,
                Some(Kind::StrOpen) if depth == 0 => best = span,
                Some(Kind::StrOpen) => depth -= 1,
                _ => {}
            }
        }
        best
    }

    fn problem(&self, problem: Problem) -> Option<Diagnostic> {
        match problem {
            Problem::Unclosed { open, at } => {
                let span = self.tokens.span(self.id, open);
                // The quotes that a hole stands in were reported already.
                if self.tokens.kind(open) == Some(Kind::HoleOpen) {
                    return None;
                }
                let before = self.tokens.span(self.id, at).at_start();
                let bracket = self.text(span);
                let close = match bracket {
                    "(" => ")",
                    "[" => "]",
                    _ => "}",
                };
                Some(
                    Diagnostic::new(Code::UnclosedBracket, span, format!("this `{bracket}` is never closed"))
                        .here("opened here")
                        .label(before, format!("a `{close}` is missing before this"))
                        .help(format!("Add a `{close}` where the part that it opens ends.")),
                )
            }
            Problem::Stray(token) => {
                let span = self.tokens.span(self.id, token);
                let bracket = self.text(span).to_owned();
                Some(
                    Diagnostic::new(Code::StrayBracket, span, format!("this `{bracket}` closes nothing"))
                        .here("no bracket is open here")
                        .help("Delete it, or open the bracket that it should close.")
                        .suggest(format!("delete the `{bracket}`"), span, ""),
                )
            }
            Problem::BraceBelow(token) => {
                let span = self.tokens.span(self.id, token);
                let before = self.source.text.get(..span.start as usize).unwrap_or("").trim_end().len() as u32;
                let found = Diagnostic::new(Code::Syntax, span, "a `{` stands at the end of its line, not below it")
                    .here("belongs on the line above");
                // A comment at the end of that line would swallow the brace.
                let above = self.lines.line(before);
                let begin = self.lines.line_start(above) as usize;
                let comment = self.source.text.get(begin..before as usize).is_some_and(|line| line.contains("//"));
                Some(match comment {
                    true => found.help("Write the `{` at the end of the line above, before its comment."),
                    false => found.fix("move the `{` up", Span { start: before, ..span }, " {"),
                })
            }
            Problem::Unopened(token) => {
                let span = self.tokens.span(self.id, token).at_start();
                Some(
                    Diagnostic::new(Code::StrayBracket, span, "a `{` is missing here")
                        .here("the lines below are indented as a block of this one")
                        .help("A block begins with `{` at the end of its line, and ends with `}` on a line of its own.")
                        .suggest("open the block", span, " {"),
                )
            }
            Problem::TooDeep(token) => Some(
                Diagnostic::new(Code::TooDeep, self.tokens.span(self.id, token), "this is nested too deeply")
                    .here("the limit is reached here")
                    .help("Brackets nest up to 64 deep, a statement chains up to 256 operators; move a part into a step of its own."),
            ),
        }
    }

    fn syntax_error(&self, error: &SyntaxError) -> Diagnostic {
        let item = self.layout.items.get(error.item as usize).cloned().unwrap_or(0..0);
        let at = item.start + error.at;
        let found = (at < item.end).then(|| self.span_of(at));
        let previous = self.span_of(at.saturating_sub(1).max(item.start));
        let at_line_end = found.is_none() || error.found == Some(Kind::Newline);
        let span = match found {
            Some(found) if !at_line_end => found,
            _ => previous.at_end(),
        };
        // At the start of an item, nearly every keyword would fit.
        let expected = if error.at == 0 {
            "a header line or a block".to_owned()
        } else {
            list(&without_signs(&error.expected))
        };
        let begins = error.found.is_some_and(begins_line) && error.at > 0;
        if begins && error.expected.contains(&"the end of the line") {
            let span = match error.found {
                Some(Kind::StrOpen) => self.whole_text(at, span),
                _ => span,
            };
            return Diagnostic::new(Code::OneStatementPerLine, span, "two statements stand on one line")
                .here("the second one begins here")
                .help("Write each statement, choice and setting on a line of its own.")
                // The blanks between the two go.
                .fix(
                    "begin a new line",
                    Span { start: previous.end, end: span.start, ..span },
                    format!("\n{}", self.indent_of(span)),
                );
        }
        let found_text = if at_line_end {
            "the line ends here".to_owned()
        } else {
            format!("found {}", self.quote(error.found, span))
        };
        if expected.is_empty() {
            return Diagnostic::new(Code::Syntax, span, format!("this cannot be read: {found_text}"))
                .here("not expected here");
        }
        let message = if at_line_end {
            format!("expected {expected}, but {found_text}")
        } else {
            format!("expected {expected}, {found_text}")
        };
        let found = Diagnostic::new(Code::Syntax, span, message).here(format!("expected {expected}"));
        if error.found == Some(Kind::Unknown) && self.text(span) == "%" {
            return Diagnostic::new(Code::Syntax, span, "there is no `%` here").here("no operator").help(
                "Arithmetic has `+`, `-`, `*` and `/`; a percentage like `50%` stands only in settings.",
            );
        }
        match error.expected.as_slice() {
            ["`contain`"] => {
                found.help("`does not` stands only before `contain`; otherwise write `not` first: `not name matches \"…\"`.")
            }
            ["a text"] if error.found.is_some_and(Kind::is_word) => {
                found.help("Texts stand in quotes: `\"Hello\"`.")
            }
            _ if at_line_end => found,
            expected => {
                let place = Place {
                    written: self.text(span),
                    span,
                    before: self.text(previous),
                    before_span: previous,
                    head: self.text(self.span_of(item.start)),
                    expected,
                };
                habits::syntax(found, &place)
            }
        }
    }

    /// The span of the text that opens at a position of the layout.
    fn whole_text(&self, at: u32, open: Span) -> Span {
        let rest = self.layout.kinds.get(at as usize..).unwrap_or(&[]);
        let close = rest.iter().position(|kind| *kind == Kind::StrClose).unwrap_or(0);
        open.to(self.span_of(at + close as u32))
    }

    fn quote(&self, kind: Option<Kind>, span: Span) -> String {
        let text = self.text(span);
        match kind {
            Some(Kind::StrOpen) => "a text".to_owned(),
            _ if text.is_empty() => kind.map_or("nothing", Kind::describe).to_owned(),
            _ => format!("`{text}`"),
        }
    }

    pub(crate) fn indent_of(&self, span: Span) -> String {
        let start = self.lines.line_start(self.lines.line(span.start)) as usize;
        let line = self.source.text.get(start..).unwrap_or("");
        line.chars().take_while(|char| matches!(char, ' ' | '\t')).collect()
    }
}

/// Whether a line of a block often begins with it: where a line should have ended, the next one begins here.
fn begins_line(kind: Kind) -> bool {
    let statement = matches!(
        kind,
        Kind::Say
            | Kind::Ask
            | Kind::Set
            | Kind::Let
            | Kind::Clear
            | Kind::Do
            | Kind::If
            | Kind::End
            | Kind::StrOpen
    );
    statement || (kind >= Kind::Given && kind <= Kind::Completed)
}

/// What fits without the signs that go on with a name, unless nothing else fits: hardly anybody means those.
fn without_signs<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let plain: Vec<&str> = words.iter().copied().filter(|word| !matches!(*word, "`.`" | "`[`")).collect();
    if plain.is_empty() { words.to_vec() } else { plain }
}

/// `a, b or c`; at most four, so that a message stays a line.
fn list(words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().copied().take(4).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn name_of(char: char) -> String {
    match char {
        '\0' => "NUL".to_owned(),
        '\r' => "a carriage return without a line feed".to_owned(),
        '\u{200b}' => "a zero-width space (U+200B)".to_owned(),
        other => format!("U+{:04X}", other as u32),
    }
}

/// One item of a file: gives its nodes their text and places.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The file.
    pub file: &'a File,
    base: u32,
}

impl<'a> View<'a> {
    /// The text of a token.
    pub fn text(self, at: At) -> &'a str {
        self.file.text(self.file.span_of(self.base + at))
    }

    /// What a token is.
    pub fn kind(self, at: At) -> Option<Kind> {
        self.file.layout.kinds.get((self.base + at) as usize).copied()
    }

    /// The place of a token.
    pub fn at(self, at: At) -> Span {
        self.file.span_of(self.base + at)
    }

    /// The place of a range; an empty one stands after the token before it.
    pub fn span(self, range: Range) -> Span {
        if range.start >= range.end {
            return match range.start.checked_sub(1) {
                Some(before) => self.at(before).at_end(),
                None => self.at(range.start).at_start(),
            };
        }
        self.at(range.start).to(self.at(range.end - 1))
    }

    /// The text of a range, as written.
    pub fn source(self, range: Range) -> &'a str {
        self.file.text(self.span(range))
    }

    /// The words of a range, with one space between them: how an action's head is compared.
    pub fn words(self, range: Range) -> Vec<(&'a str, Span)> {
        (range.start..range.end).map(|at| (self.text(at), self.at(at))).collect()
    }
}
