//! The tree of a file: what is written, before any name has a meaning.
//!
//! Nodes hold token positions, never text, and count them from the start of their top-level item, so that an item
//! whose tokens did not change keeps its tree wherever it moves. Broken parts are `Error` nodes; the tree is whole
//! on any input.

use std::sync::Arc;

pub use crate::operator::Operator;

/// A position in an item: the number of a significant token, from the item's first.
pub type At = u32;

/// A stretch of an item's significant tokens; empty where `start == end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Range {
    /// Its first token.
    pub start: At,
    /// The token after its last.
    pub end: At,
}

/// The items of a file. An item that stays as it is when the file is read again is not copied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items(Vec<Arc<Item>>);

impl Items {
    /// Each item.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Item> + ExactSizeIterator {
        self.0.iter().map(|item| &**item)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An item, to be kept.
    pub(crate) fn shared(&self, nth: usize) -> Option<&Arc<Item>> {
        self.0.get(nth)
    }
}

impl From<Vec<Item>> for Items {
    fn from(items: Vec<Item>) -> Items {
        Items(items.into_iter().map(Arc::new).collect())
    }
}

impl FromIterator<Arc<Item>> for Items {
    fn from_iter<I: IntoIterator<Item = Arc<Item>>>(items: I) -> Items {
        Items(items.into_iter().collect())
    }
}

/// A top-level item.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum Item {
    /// `flow NAME was A, B "Title"`, `workspace NAME "Title"`, `module NAME "Title"`: the keyword, the name, former
    /// names, the title.
    Header { head: At, name: At, was: Vec<At>, title: Option<Expr> },
    /// `tests for NAME`: the whole file tests that flow.
    TestsFor { flow: At },
    /// `step NAME was A, B { … }`.
    Step { name: At, was: Vec<At>, body: Vec<Statement>, end: At },
    /// `anytime { CONDITION -> … }`.
    Anytime { arms: Vec<(Expr, Branch)> },
    /// `outdated -> STEP`; no such arrow leads to a step of a module, which has the module's name before it.
    Outdated { module: Option<At>, step: At },
    /// `contact { NAME TYPE "Label" }`, `company { … }`.
    Properties { head: At, properties: Vec<Property> },
    /// `function NAME(PARAMETER: TYPE): TYPE`.
    Function { name: At, parameters: Vec<(At, TypeExpr)>, result: TypeExpr },
    /// `test "…" { … }`.
    Test { name: Expr, lines: Vec<TestLine> },
    /// Everything that is a word, values and perhaps a block of lines: `channel website`, `team sales "Sales" { … }`.
    Declaration { head: At, values: Vec<Expr>, block: Option<Vec<Line>> },
    /// What could not be read.
    Error,
}

/// `NAME TYPE "Label"` in `contact` or `company`.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: At,
    /// Its type.
    pub ty: TypeExpr,
    /// How people read it.
    pub label: Option<Expr>,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum TypeExpr {
    /// `text`, `number`, …
    Named(At),
    /// `one of […]`, `many of […]`.
    Options { range: Range, several: bool, options: Vec<OptionExpr> },
}

/// `NAME "Label" = "CRM value"`.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionExpr {
    /// Its name.
    pub name: At,
    /// How the visitor reads it.
    pub label: Option<Expr>,
    /// What the CRM calls it.
    pub value: Option<Expr>,
}

/// A statement with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Where it stands.
    pub range: Range,
    /// What it is.
    pub kind: StatementKind,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum StatementKind {
    /// `say "…"`, `say ["…", "…"] { image "…" alt "…" }`.
    Say { text: Expr, block: Option<Vec<Line>> },
    /// `ask TARGET: TYPE "…" { … }`.
    Ask { target: Option<Expr>, ty: Option<TypeExpr>, text: Expr, block: Option<Vec<Line>> },
    /// `set PROPERTY = VALUE { failed -> … }`.
    Set { target: Expr, value: Expr, block: Option<Vec<Line>> },
    /// `let NAME = VALUE { failed -> … }`. The type that some write behind the name has no place there.
    Let { target: Expr, ty: Option<Range>, value: Expr, block: Option<Vec<Line>> },
    /// `clear PROPERTY`.
    Clear { target: Expr },
    /// `wait 2s`.
    Wait { time: Expr },
    /// `do STEP`; a step of a module has the module's name before it.
    Do { module: Option<At>, step: At },
    /// `if … then … else if … then … else …`, flat.
    If { arms: Vec<(Expr, Branch)>, otherwise: Option<Branch> },
    /// `-> STEP`, or `-> { … }`.
    Go(Branch),
    /// `end`.
    End,
    /// Every other statement: its words, perhaps a text, perhaps a block of lines.
    Action { words: Range, text: Option<Expr>, block: Option<Vec<Line>> },
    /// What could not be read.
    Error,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum Branch {
    /// A step, by name.
    Step(At),
    /// A step of a module, `-> MODULE.STEP`: no arrow leads there.
    Foreign { module: At, step: At },
    /// A block.
    Block { range: Range, body: Vec<Statement> },
    /// One statement, after `then` or `else`.
    Statement(Box<Statement>),
    /// What could not be read.
    Error(Range),
}

/// A line of a block of settings, choices and outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Where it stands.
    pub range: Range,
    /// What it is.
    pub kind: LineKind,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum LineKind {
    /// `"Label" = value -> …`.
    Choice { label: Expr, value: Option<Expr>, arrow: Option<Branch> },
    /// `"Name" value`, `"Name" secret NAME`.
    Pair { key: Expr, values: Vec<Expr> },
    /// `setting { … }`.
    Block { head: At, lines: Vec<Line> },
    /// `save "PATH" as NAME: TYPE`.
    Save { path: Expr, local: Option<(At, TypeExpr)> },
    /// `setting value value -> …`, `outcome -> …`, `show when CONDITION`.
    Entry { head: At, when: bool, values: Vec<Expr>, arrow: Option<Branch> },
    /// What could not be read.
    Error,
}

/// Where a line stands in the block of an action or question. The author may write them in any order; this is the one in
/// which the formatter writes them and the compiler reads them, so that both orders are one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// First what is set.
    Setting,
    /// Then what the visitor can choose.
    Choice,
    /// At last where the outcomes lead.
    Outcome,
}

impl LineKind {
    /// Where such a line stands.
    pub fn rank(&self) -> Rank {
        match self {
            LineKind::Choice { .. } => Rank::Choice,
            LineKind::Entry { when: false, values, arrow: Some(_), .. } if values.is_empty() => Rank::Outcome,
            LineKind::Pair { .. }
            | LineKind::Block { .. }
            | LineKind::Save { .. }
            | LineKind::Entry { .. }
            | LineKind::Error => Rank::Setting,
        }
    }
}

/// The lines of the block of an action or question by their rank; those of one rank as they are written.
pub fn in_order(lines: &[Line]) -> Vec<&Line> {
    let mut ordered: Vec<&Line> = lines.iter().collect();
    ordered.sort_by_key(|line| line.kind.rank());
    ordered
}

/// A line of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestLine {
    /// Where it stands.
    pub range: Range,
    /// What it is.
    pub kind: TestLineKind,
}

/// What a test line is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum TestLineKind {
    /// `given CONDITION`.
    Given(Expr),
    /// `given call webhook "URL" answers { … }`.
    GivenAnswer { url: Option<Expr>, lines: Option<Vec<Line>> },
    /// `visit "URL"`.
    Visit(Expr),
    /// `agree`.
    Agree,
    /// `bot "…" ["…", "…"]`.
    Bot { text: Expr, replies: Option<Expr> },
    /// `visitor "…"`.
    Visitor(Expr),
    /// `expect CONDITION`.
    Expect(Expr),
    /// `expect not hand off to team sales`, `expect set contact.stage = lead`.
    ExpectAction { negated: bool, action: Box<Statement> },
    /// `shown`, `not shown`.
    Shown { negated: bool },
    /// `wait 31m`.
    Wait(Expr),
    /// `fail create ticket`.
    Fail { words: Range },
    /// `choose booked`.
    Choose(At),
    /// `completed`.
    Completed,
    /// A line that begins with a word no test line begins with.
    Other,
    /// What could not be read.
    Error,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands.
    pub range: Range,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum ExprKind {
    /// `"words {hole} words"`.
    Text(Vec<Part>),
    /// A literal of one token: number, duration, percentage, colour, date, time.
    Literal,
    /// `true`, `false`.
    Bool(bool),
    /// `contact.email`, `name`, `page.query["any name"]`: the words; the text of an index comes last.
    Path { words: Vec<At>, index: Option<Box<Expr>> },
    /// `price_for(seats)`: the words of the function's name, and its values.
    Call { words: Vec<At>, arguments: Vec<Expr> },
    /// `team sales`, `user ada`, `inbox sales`: the kind's word and the name.
    Subject { kind: At, name: At },
    /// A pattern, behind `matches`.
    Pattern,
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `a..b`.
    Span(Box<(Expr, Expr)>),
    /// `-x`.
    Minus(Box<Expr>),
    /// `a + b`, `a - b`, `a * b`, `a / b`.
    Arithmetic(Arithmetic, Box<(Expr, Expr)>),
    /// `not x`.
    Not(Box<Expr>),
    /// `a and b`.
    And(Box<(Expr, Expr)>),
    /// `a or b`: the logical one, or a default; types tell them apart.
    Or(Box<(Expr, Expr)>),
    /// A comparison.
    Compare(Box<Comparison>),
    /// `a < b < c`: the first comparison, and the range of the second operator and its operand.
    Chain(Box<(Expr, Range)>),
    /// `plural seats: one "…", other "…"`, `select contact.stage: lead "…", other "…"`: only in the hole of a text.
    Forms(Box<Forms>),
    /// What could not be read.
    Error,
}

/// The forms that a text chooses from.
#[derive(Clone, Debug, PartialEq)]
pub struct Forms {
    /// Whether a name chooses, not a number.
    pub select: bool,
    /// What chooses.
    pub of: Expr,
    /// The forms.
    pub forms: Vec<FormExpr>,
}

/// `one "…"`, `=0 "…"`.
#[derive(Clone, Debug, PartialEq)]
pub struct FormExpr {
    /// What it is for: a word, or `=` and a number.
    pub case: Range,
    /// The form.
    pub text: Expr,
}

/// `LEFT is not any of RIGHT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What is tested.
    pub left: Expr,
    /// The operator.
    pub operator: Operator,
    /// Whether `not` stands in it.
    pub negated: bool,
    /// The operator's words.
    pub words: Range,
    /// What it is compared with: none, one, or the two ends of `between`.
    pub right: Vec<Expr>,
}

/// The operators of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
}

impl Arithmetic {
    /// Every operator.
    pub const ALL: &'static [Arithmetic] =
        &[Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply, Arithmetic::Divide];

    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
        }
    }
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Words or an escape, as they stand.
    Words(At),
    /// `{expression}`.
    Hole(Expr),
}
