//! Where the cursor stands, read from the tokens before it: it works wherever the parser gives up.

use chatflow_compiler::file::File;
use chatflow_compiler::index::action_of;
use chatflow_compiler::layout::opens_item;
use chatflow_compiler::source::Span;
use chatflow_compiler::token::Kind;
use chatflow_compiler::workspace::Thing;
use chatflow_runtime::action::Action;
use chatflow_runtime::setting::SettingBlock;

/// A token before the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'f> {
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub text: &'f str,
    /// Where.
    pub span: Span,
}

/// A bracket that is open at the cursor.
#[derive(Clone, Debug)]
pub struct Frame<'f> {
    /// The bracket: a brace, a parenthesis, a bracket, a text or a hole in one.
    pub open: Kind,
    /// What stands before it on its line.
    pub head: Vec<Word<'f>>,
    /// What stands in it on the lines above the cursor's: the first token of each.
    pub lines: Vec<Word<'f>>,
    /// What a block of braces is.
    pub block: Block,
}

/// What the lines of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// The items of a file.
    Items,
    /// Statements.
    Statements,
    /// Conditions with arrows.
    Anytime,
    /// `show when`, `hide when`.
    Target,
    /// Settings of a flow.
    Settings(SettingBlock),
    /// Choices and settings of a question.
    Question,
    /// Settings and outcomes of an action.
    Action(Action),
    /// What goes with a bubble.
    Say,
    /// What happens where a value comes to nothing.
    Stored,
    /// Lines of a test.
    Test,
    /// Properties.
    Properties,
    /// Settings of a thing of the workspace.
    Thing(Thing),
    /// Texts of the workspace.
    Texts,
    /// Anything else, of which nothing is known.
    Other,
}

/// Where the cursor stands.
#[derive(Debug)]
pub struct Context<'f> {
    /// The word that is being written; empty between words.
    pub prefix: Span,
    /// The brackets that are open, the outermost first. The first is the file.
    pub frames: Vec<Frame<'f>>,
    /// What stands before the cursor on its line, in the innermost bracket.
    pub line: Vec<Word<'f>>,
}

impl<'f> Context<'f> {
    /// Where a byte of a file stands; none in a comment or pattern, where nothing is completed.
    pub fn at(file: &'f File, offset: u32) -> Option<Context<'f>> {
        let items = Frame { open: Kind::Newline, head: Vec::new(), lines: Vec::new(), block: Block::Items };
        let empty = Span { file: file.id, start: offset, end: offset };
        let mut context = Context { prefix: empty, frames: vec![items], line: Vec::new() };
        let before = file.tokens.starts.partition_point(|start| *start < offset);
        for token in 0..before as u32 {
            let kind = file.tokens.kind(token)?;
            let span = file.tokens.span(file.id, token);
            let touches = offset <= span.end && span.start < offset;
            if touches && matches!(kind, Kind::Comment | Kind::DocComment | Kind::Regex) {
                return None;
            }
            if touches && kind.is_word() {
                context.prefix = Span { end: offset, ..span };
                break;
            }
            // `say "Hi {` without more: the lexer takes the quote as forgotten and the brace as a block's.
            let forgotten = kind == Kind::LBrace && span.end == offset && token > 0 && {
                let before = file.tokens.span(file.id, token - 1);
                file.tokens.kind(token - 1) == Some(Kind::StrClose) && before.start == before.end
            };
            if forgotten {
                context.line.pop();
                context.take(Word { kind: Kind::StrOpen, text: "\"", span }, file);
                context.take(Word { kind: Kind::HoleOpen, text: "{", span }, file);
            } else if !kind.is_trivia() {
                context.take(Word { kind, text: file.text(span), span }, file);
            }
        }
        Some(context)
    }

    /// The innermost bracket.
    pub fn frame(&self) -> Option<&Frame<'f>> {
        self.frames.last()
    }

    /// The innermost block of lines around the cursor.
    pub fn block(&self) -> Block {
        let blocks =
            self.frames.iter().rev().filter(|frame| matches!(frame.open, Kind::LBrace | Kind::Newline));
        blocks.map(|frame| frame.block).next().unwrap_or(Block::Items)
    }

    fn take(&mut self, word: Word<'f>, file: &File) {
        match word.kind {
            Kind::Newline => {
                if self.frame().is_some_and(|frame| matches!(frame.open, Kind::LBrace | Kind::Newline)) {
                    self.end_line();
                }
            }
            Kind::LBrace | Kind::LParen | Kind::LBracket | Kind::StrOpen | Kind::HoleOpen => {
                let head = std::mem::take(&mut self.line);
                let block = self.block_of(&head);
                self.frames.push(Frame { open: word.kind, head, lines: Vec::new(), block });
            }
            Kind::RBrace | Kind::RParen | Kind::RBracket | Kind::StrClose | Kind::HoleClose => {
                self.close(word)
            }
            kind => {
                let column = word.span.start - file.lines.line_start(file.lines.line(word.span.start));
                // Where a brace is missing, a new item ends all.
                if column == 0 && self.line.is_empty() && opens_item(kind) {
                    self.frames.truncate(1);
                }
                self.line.push(word);
            }
        }
    }

    fn end_line(&mut self) {
        let first = self.line.first().copied();
        self.line.clear();
        if let Some(frame) = self.frames.last_mut() {
            frame.lines.extend(first);
        }
    }

    /// A closed bracket is one word of the line before it.
    fn close(&mut self, word: Word<'f>) {
        let opener = match word.kind {
            Kind::RBrace => Kind::LBrace,
            Kind::RParen => Kind::LParen,
            Kind::RBracket => Kind::LBracket,
            Kind::StrClose => Kind::StrOpen,
            _ => Kind::HoleOpen,
        };
        let Some(at) = self.frames.iter().rposition(|frame| frame.open == opener) else { return };
        let head = self.frames.get(at).map(|frame| frame.head.clone()).unwrap_or_default();
        self.frames.truncate(at);
        self.line = head;
        self.line.push(word);
    }

    /// What a block is that such words stand before.
    fn block_of(&self, head: &[Word<'f>]) -> Block {
        let kind = |at: usize| head.get(at).map(|word| word.kind);
        let last = head.last().map(|word| word.kind);
        match self.block() {
            Block::Items => match kind(0) {
                Some(Kind::Step) => Block::Statements,
                Some(Kind::Anytime) => Block::Anytime,
                Some(Kind::Target) => Block::Target,
                Some(Kind::Display) => Block::Settings(SettingBlock::Display),
                Some(Kind::Options) => Block::Settings(SettingBlock::Options),
                Some(Kind::Consent) => Block::Settings(SettingBlock::Consent),
                Some(Kind::Test) => Block::Test,
                Some(Kind::Contact | Kind::Company) => Block::Properties,
                Some(Kind::Texts) => Block::Texts,
                Some(kind) => Thing::of(kind).map_or(Block::Other, Block::Thing),
                None => Block::Other,
            },
            _ if matches!(last, Some(Kind::Arrow | Kind::Then | Kind::Else)) => Block::Statements,
            Block::Statements | Block::Test => block_of_statement(statement(head)),
            Block::Anytime
            | Block::Target
            | Block::Settings(_)
            | Block::Question
            | Block::Action(_)
            | Block::Say
            | Block::Stored
            | Block::Properties
            | Block::Thing(_)
            | Block::Texts
            | Block::Other => Block::Other,
        }
    }
}

fn block_of_statement(words: &[Word<'_>]) -> Block {
    match words.first().map(|word| word.kind) {
        Some(Kind::Ask) => Block::Question,
        Some(Kind::Say) => Block::Say,
        Some(Kind::Set | Kind::Let) => Block::Stored,
        _ => head_of(words).map_or(Block::Other, |(action, _)| Block::Action(action)),
    }
}

/// The action that words begin with.
pub fn head_of(words: &[Word<'_>]) -> Option<(Action, usize)> {
    action_of(&words.iter().map(|word| (word.text, word.span)).collect::<Vec<_>>())
}

/// The last statement of a line: what stands behind `then`, `else` or, in a test, `expect` and `not`.
pub fn statement<'w, 'f>(line: &'w [Word<'f>]) -> &'w [Word<'f>] {
    let begins = |word: &Word<'_>| matches!(word.kind, Kind::Then | Kind::Else);
    let after = line.iter().rposition(begins).map_or(0, |at| at + 1);
    let rest = line.get(after..).unwrap_or(&[]);
    let skip = match rest {
        [first, second, ..] if first.kind == Kind::Expect && second.kind == Kind::Not => 2,
        [first, ..] if first.kind == Kind::Expect => 1,
        _ => 0,
    };
    rest.get(skip..).unwrap_or(&[])
}
