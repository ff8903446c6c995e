//! The bracket pass: tokens to the balanced stream that the grammar reads.
//!
//! One linear pass drops what the grammar does not look at, keeps a newline only where it ends a statement, closes
//! brackets that were left open, drops those that close nothing, and bounds how deep anything nests. The grammar
//! then never meets an unbalanced bracket, so it never has to search for one.

use std::ops::Range;

use crate::token::{Kind, Tokens};

/// How deep brackets may nest. Deeper is a mistake or an attack; every later pass may recurse this far.
pub const MAX_DEPTH: usize = 64;
/// How many `not` and `-` may stand before operands in one statement: each is a level of the tree.
const MAX_PREFIXES: u32 = 64;
/// How many operators one statement may chain: each is a level of the tree.
const MAX_OPERATORS: u32 = 256;

/// Marks, in [`Layout::tokens`], a closing bracket that was put in: it is empty and stands before that token.
const INSERTED: u32 = 1 << 31;

/// The stream that the grammar reads.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The kinds of the significant tokens.
    pub kinds: Vec<Kind>,
    /// Which token of the table each one is.
    pub tokens: Vec<u32>,
    /// The top-level items, as ranges of the stream; newlines between them belong to none.
    pub items: Vec<Range<u32>>,
    /// What was mended.
    pub problems: Vec<Problem>,
}

/// Something the pass mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant's line says what its parts are")]
pub enum Problem {
    /// An opening bracket that is never closed: its token, and the token before which it was closed.
    Unclosed { open: u32, at: u32 },
    /// A closing bracket that closes nothing.
    Stray(u32),
    /// An opening brace at the beginning of a line, which belongs at the end of the one above.
    BraceBelow(u32),
    /// An opening brace that is missing before this token, by what the indent says.
    Unopened(u32),
    /// Nesting or chaining beyond the bounds begins here.
    TooDeep(u32),
}

impl Layout {
    /// The kinds of an item.
    pub(crate) fn kinds_of(&self, item: &Range<u32>) -> &[Kind] {
        self.kinds.get(item.start as usize..item.end as usize).unwrap_or(&[])
    }

    /// The token of the table, and whether it was put in and so is empty.
    pub fn token(&self, at: u32) -> Option<(u32, bool)> {
        let token = *self.tokens.get(at as usize)?;
        Some((token & !INSERTED, token & INSERTED != 0))
    }
}

/// Lays out the tokens of a file.
pub fn layout(tokens: &Tokens) -> Layout {
    let plain = Pass::new(tokens, None).run();
    let balances = |problem: &Problem| matches!(problem, Problem::TooDeep(_) | Problem::BraceBelow(_));
    let balanced = plain.problems.iter().all(balances);
    if balanced { plain } else { Pass::new(tokens, Some(unopened(tokens, &plain.problems))).run() }
}

/// Where a brace may be missing: from the beginning of the item that stands before a `}` which closes nothing, up to that.
fn unopened(tokens: &Tokens, problems: &[Problem]) -> Vec<Range<u32>> {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut at = 0;
    for problem in problems {
        let Problem::Stray(stray) = *problem else { continue };
        for token in at..stray {
            let left = token == 0 || tokens.kind(token - 1) == Some(Kind::Newline);
            if left && tokens.kind(token).is_some_and(opens_item) {
                begin = token;
            }
        }
        at = at.max(stray);
        if tokens.kind(stray) == Some(Kind::RBrace) {
            found.push(begin..stray);
        }
    }
    found.reverse();
    found
}

struct Open {
    kind: Kind,
    token: u32,
    /// The indent of the line it stands on, in bytes.
    indent: u32,
    /// Whether a line within was indented more than that.
    indented: bool,
    /// Whether it was put in: that it was missing was said, and where it ends is a guess.
    guessed: bool,
}

struct Pass<'a> {
    tokens: &'a Tokens,
    /// Whether some bracket is missing, so that the indent decides which.
    by_indent: bool,
    /// Where an opening brace may be missing; the next one comes last. Each is missing once.
    unopened: Vec<Range<u32>>,
    out: Layout,
    open: Vec<Open>,
    /// The indent of the current line, and whether nothing has stood on it yet.
    indent: u32,
    line_begins: bool,
    item_start: Option<u32>,
    prefixes: u32,
    operators: u32,
    /// Opening brackets met since the nesting became too deep.
    skipped: u32,
    /// Whether the rest of the statement is skipped because it chains too much.
    skip_statement: bool,
    /// Where the next line with anything on it begins, and with what.
    next_line: (u32, Option<Kind>),
    /// The brace at the beginning of a line that was told last.
    told_below: u32,
    /// Whether something was too deep: what it leaves open is then no finding of its own.
    too_deep: bool,
}

impl<'a> Pass<'a> {
    /// A pass; where brackets are missing, with the places where one may have to be opened.
    fn new(tokens: &'a Tokens, missing: Option<Vec<Range<u32>>>) -> Pass<'a> {
        Pass {
            tokens,
            by_indent: missing.is_some(),
            unopened: missing.unwrap_or_default(),
            out: Layout::default(),
            open: Vec::new(),
            indent: 0,
            line_begins: true,
            item_start: None,
            prefixes: 0,
            operators: 0,
            skipped: 0,
            skip_statement: false,
            too_deep: false,
            next_line: (0, None),
            told_below: u32::MAX,
        }
    }

    fn run(mut self) -> Layout {
        self.out.kinds.reserve(self.tokens.kinds.len());
        self.out.tokens.reserve(self.tokens.kinds.len());
        for (token, kind) in self.tokens.kinds.iter().copied().enumerate() {
            self.token(token as u32, kind);
        }
        let end = self.tokens.kinds.len() as u32;
        self.close_to(0, end);
        self.end_item();
        self.out
    }

    fn token(&mut self, token: u32, kind: Kind) {
        if kind.is_trivia() {
            if self.line_begins && kind == Kind::Blank {
                self.indent += self.tokens.range(token).len() as u32;
            }
            return;
        }
        if kind == Kind::Newline {
            self.newline(token);
            self.line_begins = true;
            self.indent = 0;
            return;
        }
        let first = std::mem::replace(&mut self.line_begins, false);
        if first && self.by_indent && self.indent == 0 && opens_item(kind) {
            self.skipped = 0;
            self.close_to(0, token);
            self.end_item();
        }
        if self.skipped > 0 {
            return self.skip(kind);
        }
        if first && self.by_indent {
            self.begin_line(token, kind);
        }
        match kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket | Kind::HoleOpen => self.opener(token, kind),
            Kind::RBrace | Kind::RParen | Kind::RBracket | Kind::HoleClose => self.closer(token, kind, first),
            _ => self.plain(token, kind),
        }
    }

    /// Where brackets are missing: a block whose lines were indented, and that this line leaves without its `}`, ends
    /// before it.
    fn begin_line(&mut self, token: u32, kind: Kind) {
        let Some(open) = self.open.last_mut().filter(|open| open.kind == Kind::LBrace) else { return };
        if self.indent > open.indent {
            open.indented = true;
            return;
        }
        let left = open.indented && !matches!(kind, Kind::RBrace | Kind::RParen | Kind::RBracket);
        if left {
            self.close_to(self.open.len() - 1, token);
            if self.open.is_empty() {
                self.end_item();
            } else if !matches!(kind, Kind::Else | Kind::And | Kind::Or) {
                self.emit(Kind::Newline, token | INSERTED);
            }
            self.begin_line(token, kind);
        }
    }

    /// Whether the next line is indented as a block of this one, in a place where a brace is missing that opens it. It is
    /// put in.
    fn opens_unopened(&mut self, token: u32) -> bool {
        let here = |range: &Range<u32>| range.contains(&token);
        while self.unopened.last().is_some_and(|range| range.end <= token) {
            self.unopened.pop();
        }
        if !self.unopened.last().is_some_and(here) || self.next_indent(token) <= self.indent {
            return false;
        }
        self.unopened.pop();
        self.out.problems.push(Problem::Unopened(token));
        let open = Open { kind: Kind::LBrace, token, indent: self.indent, indented: true, guessed: true };
        self.open.push(open);
        self.emit(Kind::LBrace, token | INSERTED);
        true
    }

    /// The indent of the next line with anything on it; 0 where none follows at once.
    fn next_indent(&self, newline: u32) -> u32 {
        let next = newline + 1;
        let blank = self.tokens.kind(next) == Some(Kind::Blank);
        let first = if blank { next + 1 } else { next };
        let is_code = self.tokens.kind(first).is_some_and(|kind| !kind.is_trivia() && kind != Kind::Newline);
        if blank && is_code { self.tokens.range(next).len() as u32 } else { 0 }
    }

    fn emit(&mut self, kind: Kind, token: u32) {
        if self.item_start.is_none() && kind != Kind::Newline {
            self.item_start = Some(self.out.kinds.len() as u32);
        }
        self.out.kinds.push(kind);
        self.out.tokens.push(token);
    }

    fn plain(&mut self, token: u32, kind: Kind) {
        if self.skip_statement {
            return;
        }
        let bounded = match kind {
            Kind::Not | Kind::Minus if !self.after_operand() => {
                self.prefixes += 1;
                self.prefixes <= MAX_PREFIXES
            }
            Kind::And | Kind::Or | Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash => {
                self.operators += 1;
                self.operators <= MAX_OPERATORS
            }
            _ => true,
        };
        if bounded {
            return self.emit(kind, token);
        }
        self.too_deep(token);
        self.skip_statement = true;
    }

    fn too_deep(&mut self, token: u32) {
        self.too_deep = true;
        self.out.problems.push(Problem::TooDeep(token));
        self.emit(Kind::TooDeep, token);
    }

    fn after_operand(&self) -> bool {
        self.out.kinds.last().is_some_and(|kind| {
            matches!(kind, Kind::RParen | Kind::RBracket | Kind::StrClose | Kind::Number | Kind::Duration)
                || (kind.is_word()
                    && !matches!(kind, Kind::And | Kind::Or | Kind::Not | Kind::When | Kind::If))
        })
    }

    fn opener(&mut self, token: u32, kind: Kind) {
        if kind == Kind::LBrace {
            self.end_statement();
        }
        if self.open.len() >= MAX_DEPTH {
            self.too_deep(token);
            self.skipped = 1;
            return;
        }
        self.open.push(Open { kind, token, indent: self.indent, indented: false, guessed: false });
        self.emit(kind, token);
    }

    fn skip(&mut self, kind: Kind) {
        match kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket | Kind::HoleOpen => self.skipped += 1,
            Kind::RBrace | Kind::RParen | Kind::RBracket | Kind::HoleClose => self.skipped -= 1,
            _ => {}
        }
    }

    fn closer(&mut self, token: u32, kind: Kind, first: bool) {
        let opening = opening(kind);
        let within_hole = |open: &Open| kind != Kind::HoleClose && open.kind == Kind::HoleOpen;
        let mut found = None;
        for (depth, open) in self.open.iter().enumerate().rev() {
            if within_hole(open) {
                break;
            }
            if open.kind == opening {
                // A `}` that begins its line belongs to the block whose line is indented as it is.
                let other_block =
                    self.by_indent && first && kind == Kind::RBrace && open.indent > self.indent;
                let aligned = |open: &Open| open.kind == Kind::LBrace && open.indent == self.indent;
                if other_block && self.open.get(..depth).unwrap_or(&[]).iter().any(aligned) {
                    continue;
                }
                found = Some(depth);
                break;
            }
        }
        // One that begins its line further in than that of the bracket it would close, closes nothing: else it would
        // end the block around it, and everything below would stand in the wrong one.
        let deeper = |depth: &usize| {
            let at_its_place = !first || kind != Kind::RBrace || !self.by_indent;
            at_its_place || self.open.get(*depth).is_none_or(|open| open.indent >= self.indent)
        };
        let Some(depth) = found.filter(deeper) else {
            self.out.problems.push(Problem::Stray(token));
            return;
        };
        self.close_to(depth + 1, token);
        self.open.pop();
        if kind == Kind::RBrace {
            self.end_statement();
        }
        self.emit(kind, token);
    }

    /// Closes everything from `depth` on, before `token`.
    fn close_to(&mut self, depth: usize, token: u32) {
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else { return };
            if !self.too_deep && !open.guessed {
                self.out.problems.push(Problem::Unclosed { open: open.token, at: token });
            }
            self.skip_statement = false;
            let at = if open.kind == Kind::LBrace { token } else { self.after_last(token) };
            self.emit(closing(open.kind), at | INSERTED);
        }
    }

    /// The token after the last one that was emitted: where a bracket that closes on its line is put in.
    fn after_last(&self, token: u32) -> u32 {
        self.out.tokens.last().map_or(token, |last| (last & !INSERTED) + 1).min(token)
    }

    fn end_statement(&mut self) {
        self.prefixes = 0;
        self.operators = 0;
        self.skip_statement = false;
    }

    fn newline(&mut self, token: u32) {
        if self.skipped > 0 || self.within_brackets(token) || self.continues(token) {
            return;
        }
        self.end_statement();
        let ends = !matches!(self.out.kinds.last(), Some(Kind::Newline | Kind::LBrace) | None);
        if ends && self.by_indent && self.opens_unopened(token) {
            return;
        }
        if ends {
            self.emit(Kind::Newline, token);
        }
        if self.open.is_empty() {
            self.end_item();
        }
    }

    /// Whether the innermost bracket is one in which newlines mean nothing. Where brackets are missing, one that is
    /// still open at the end of its line, with a line after it that begins a statement, is closed there.
    fn within_brackets(&mut self, token: u32) -> bool {
        let within = |open: &Open| matches!(open.kind, Kind::LParen | Kind::LBracket | Kind::HoleOpen);
        if !self.open.last().is_some_and(within) {
            return false;
        }
        let next = self.next_kind(token);
        let left = self.open.last().is_some_and(|open| self.next_indent(token) <= open.indent)
            && !next.is_some_and(|kind| matches!(kind, Kind::RParen | Kind::RBracket));
        if self.by_indent && next.is_none_or(|kind| left || begins_statement(kind) || kind == Kind::RBrace) {
            let outer = self.open.iter().rposition(|open| !within(open)).map_or(0, |depth| depth + 1);
            self.close_to(outer, token);
            return false;
        }
        true
    }

    fn continues(&mut self, token: u32) -> bool {
        let after = |kind: Kind| matches!(kind, Kind::Else | Kind::And | Kind::Or);
        let before = |kind: Kind| {
            matches!(
                kind,
                Kind::Comma
                    | Kind::Arrow
                    | Kind::Equals
                    | Kind::Then
                    | Kind::Else
                    | Kind::And
                    | Kind::Or
                    | Kind::Not
                    | Kind::Plus
                    | Kind::Minus
                    | Kind::Star
                    | Kind::Slash
                    | Kind::Less
                    | Kind::LessEqual
                    | Kind::Greater
                    | Kind::GreaterEqual
            )
        };
        let last = self.out.kinds.last().copied();
        if last == Some(Kind::Arrow) {
            return self.is_target(token);
        }
        if last.is_some_and(before) {
            return true;
        }
        let next = self.next_line(token);
        // No line begins with a brace; one that does belongs to the line above.
        let below = next == Some(Kind::LBrace)
            && last.is_some_and(|last| !matches!(last, Kind::LBrace | Kind::Newline));
        if below && self.told_below != self.next_line.0 {
            self.told_below = self.next_line.0;
            self.out.problems.push(Problem::BraceBelow(self.next_line.0));
        }
        below || next.is_some_and(after)
    }

    /// Whether the line behind an arrow is what that leads to: a block, or a name and nothing else. Any other line is one
    /// of its own, and the arrow leads nowhere.
    fn is_target(&mut self, newline: u32) -> bool {
        match self.next_line(newline) {
            Some(Kind::LBrace) => true,
            Some(kind) if kind.is_word() => {
                let rest = self.tokens.kinds.get(self.next_line.0 as usize + 1..).unwrap_or(&[]);
                let behind = rest.iter().copied().find(|kind| !kind.is_trivia());
                matches!(behind, None | Some(Kind::Newline | Kind::RBrace | Kind::Comma))
            }
            _ => false,
        }
    }

    /// The first significant kind after a newline; none where a blank line or the end comes first.
    fn next_kind(&self, token: u32) -> Option<Kind> {
        let rest = self.tokens.kinds.get(token as usize + 1..).unwrap_or(&[]);
        rest.iter().copied().find(|kind| !kind.is_trivia()).filter(|kind| *kind != Kind::Newline)
    }

    /// The kind that the next line with anything on it begins with. Blank lines are met one by one but looked past once.
    fn next_line(&mut self, token: u32) -> Option<Kind> {
        if self.next_line.0 <= token {
            let rest = self.tokens.kinds.get(token as usize + 1..).unwrap_or(&[]);
            let next = rest.iter().position(|kind| !kind.is_trivia() && *kind != Kind::Newline);
            let at = next.map_or(u32::MAX, |ahead| token + 1 + ahead as u32);
            self.next_line = (at, next.and_then(|ahead| rest.get(ahead).copied()));
        }
        self.next_line.1
    }

    fn end_item(&mut self) {
        let Some(start) = self.item_start.take() else { return };
        let mut end = self.out.kinds.len() as u32;
        while end > start && self.out.kinds.get(end as usize - 1) == Some(&Kind::Newline) {
            end -= 1;
        }
        self.out.items.push(start..end);
    }
}

fn opening(kind: Kind) -> Kind {
    match kind {
        Kind::RParen => Kind::LParen,
        Kind::RBracket => Kind::LBracket,
        Kind::HoleClose => Kind::HoleOpen,
        _ => Kind::LBrace,
    }
}

fn closing(kind: Kind) -> Kind {
    match kind {
        Kind::LParen => Kind::RParen,
        Kind::LBracket => Kind::RBracket,
        Kind::HoleOpen => Kind::HoleClose,
        _ => Kind::RBrace,
    }
}

/// Whether a line at the left edge that begins with this word is a top-level item, whatever is still open.
pub fn opens_item(kind: Kind) -> bool {
    kind >= Kind::Flow && kind <= Kind::Function
}

fn begins_statement(kind: Kind) -> bool {
    matches!(kind, Kind::Say | Kind::Ask | Kind::Set | Kind::Let | Kind::If | Kind::End | Kind::Arrow)
        || opens_item(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lex::lex;
    use proptest::prelude::*;

    fn lay(text: &str) -> Layout {
        let (tokens, _) = lex(text);
        layout(&tokens)
    }

    fn balanced(layout: &Layout) -> bool {
        let mut open = Vec::new();
        for kind in &layout.kinds {
            match kind {
                Kind::LBrace | Kind::LParen | Kind::LBracket | Kind::HoleOpen => open.push(closing(*kind)),
                Kind::RBrace | Kind::RParen | Kind::RBracket | Kind::HoleClose
                    if open.pop() != Some(*kind) =>
                {
                    return false;
                }
                _ => {}
            }
        }
        open.is_empty()
    }

    #[test]
    fn newlines_end_statements_only() {
        let layout =
            lay("step a {\n  if x is y and\n     z is y\n  then -> b\n  else -> c\n}\n\nstep b {\n}\n");
        let newlines = layout.kinds.iter().filter(|kind| **kind == Kind::Newline).count();
        assert_eq!(newlines, 4, "{:?}", layout.kinds);
        assert_eq!(layout.items.len(), 2);
    }

    #[test]
    fn the_indent_says_which_brace_is_missing() {
        let text = "step a {\n  if x is y then {\n    say \"b\"\n}\n\nstep b {\n  end\n}\n";
        let layout = lay(text);
        let unclosed: Vec<_> = layout.problems.iter().collect();
        assert_eq!(unclosed.len(), 1, "{unclosed:?}");
        assert_eq!(layout.items.len(), 2);
        assert!(balanced(&layout));
    }

    #[test]
    fn ten_thousand_braces_are_one_finding() {
        let layout = lay(&"{".repeat(10_000));
        assert_eq!(layout.problems.len(), 1);
        assert!(balanced(&layout));
    }

    proptest! {
        #[test]
        fn any_text_becomes_balanced(text in "[a-z {}()\\[\\]\"\n,=-]*|(step|say|if|else|and|[a ]|[{}()\\[\\]\"\n])*") {
            let layout = lay(&text);
            prop_assert!(balanced(&layout), "{:?}", layout);
            prop_assert!(layout.items.iter().all(|item| item.start < item.end));
        }
    }
}
