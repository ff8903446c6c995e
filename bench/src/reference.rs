//! The reference: a recursive-descent parser of the same grammar, written by hand.
//!
//! It reads the same tokens and builds the same tree, node for node, on everything that is without a mistake; on a
//! mistake it gives up. It exists to say what the grammar costs when nobody has to read it as one.

use chatflow_compiler::layout::Layout;
use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{
    Arithmetic, At, Branch, Comparison, Expr, ExprKind, Item, Line, LineKind, Operator, OptionExpr, Part,
    Property, Range, Statement, StatementKind, TestLine, TestLineKind, TypeExpr,
};

/// The tree of each item of a file, or nothing if there is a mistake in one.
pub fn parse(layout: &Layout) -> Option<Vec<Item>> {
    let mut items = Vec::with_capacity(layout.items.len());
    for range in &layout.items {
        let kinds = layout.kinds.get(range.start as usize..range.end as usize)?;
        let mut parser = Parser { kinds, at: 0 };
        let item = parser.item()?;
        if parser.at as usize != kinds.len() {
            return None;
        }
        items.push(item);
    }
    Some(items)
}

/// What stands behind the last token.
const END: Kind = Kind::Unknown;

struct Parser<'a> {
    kinds: &'a [Kind],
    at: At,
}

impl Parser<'_> {
    fn peek(&self) -> Kind {
        self.kinds.get(self.at as usize).copied().unwrap_or(END)
    }

    fn ahead(&self, by: At) -> Kind {
        self.kinds.get((self.at + by) as usize).copied().unwrap_or(END)
    }

    fn take(&mut self, kind: Kind) -> bool {
        let is = self.peek() == kind;
        self.at += At::from(is);
        is
    }

    fn need(&mut self, kind: Kind) -> Option<()> {
        self.take(kind).then_some(())
    }

    fn range(&self, start: At) -> Range {
        Range { start, end: self.at }
    }

    fn name(&mut self) -> Option<At> {
        is_name(self.peek()).then(|| self.next())
    }

    /// A step's name, perhaps with its module's before it.
    fn qualified(&mut self) -> Option<(Option<At>, At)> {
        let first = self.name()?;
        let second = if self.take(Kind::Dot) { Some(self.name()?) } else { None };
        Some(second.map_or((None, first), |step| (Some(first), step)))
    }

    fn next(&mut self) -> At {
        let at = self.at;
        self.at += 1;
        at
    }

    /// What `read` reads, or nothing read at all.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let found = read(self);
        if found.is_none() {
            self.at = start;
        }
        found
    }

    // Items.

    fn item(&mut self) -> Option<Item> {
        match self.peek() {
            Kind::Step => self.step(),
            Kind::Flow | Kind::Workspace | Kind::Module => self.header(),
            Kind::Test => self.test(),
            Kind::Anytime => self.anytime(),
            Kind::Outdated => {
                self.at += 1;
                self.need(Kind::Arrow)?;
                let (module, step) = self.qualified()?;
                Some(Item::Outdated { module, step })
            }
            Kind::Contact | Kind::Company => self.properties(),
            Kind::Function => self.function(),
            kind if is_name(kind) => self.declaration(),
            _ => None,
        }
    }

    fn was(&mut self) -> Option<Vec<At>> {
        let mut names = Vec::new();
        if self.take(Kind::Was) {
            names.push(self.name()?);
            while self.take(Kind::Comma) {
                names.push(self.name()?);
            }
        }
        Some(names)
    }

    fn step(&mut self) -> Option<Item> {
        self.at += 1;
        let name = self.name()?;
        let was = self.was()?;
        let body = self.block()?;
        Some(Item::Step { name, was, body, end: self.at })
    }

    fn header(&mut self) -> Option<Item> {
        let head = self.next();
        let name = self.name()?;
        let was = self.was()?;
        let title = self.text_if_any()?;
        Some(Item::Header { head, name, was, title })
    }

    fn anytime(&mut self) -> Option<Item> {
        self.at += 1;
        let arms = self.lines(|parser| Some((parser.expression()?, parser.arrow()?)))?;
        Some(Item::Anytime { arms })
    }

    fn properties(&mut self) -> Option<Item> {
        let head = self.next();
        let properties = self.lines(|parser| {
            let name = parser.name()?;
            let ty = parser.ty()?;
            Some(Property { name, ty, label: parser.text_if_any()? })
        })?;
        Some(Item::Properties { head, properties })
    }

    fn function(&mut self) -> Option<Item> {
        self.at += 1;
        let name = self.name()?;
        self.need(Kind::LParen)?;
        let mut parameters = Vec::new();
        while !self.take(Kind::RParen) {
            let parameter = self.name()?;
            self.need(Kind::Colon)?;
            parameters.push((parameter, self.ty()?));
            if self.peek() != Kind::RParen {
                self.need(Kind::Comma)?;
            }
        }
        self.need(Kind::Colon)?;
        Some(Item::Function { name, parameters, result: self.ty()? })
    }

    fn declaration(&mut self) -> Option<Item> {
        let head = self.next();
        let mut values = Vec::new();
        while begins_value(self.peek()) {
            values.push(self.value()?);
            self.take(Kind::Comma);
        }
        let block = self.entries_if_any()?;
        Some(Item::Declaration { head, values, block })
    }

    fn test(&mut self) -> Option<Item> {
        self.at += 1;
        let name = self.text()?;
        let lines = self.lines(Parser::test_line)?;
        Some(Item::Test { name, lines })
    }

    fn test_line(&mut self) -> Option<TestLine> {
        let start = self.at;
        let first = self.peek();
        if !first.is_word() {
            return None;
        }
        self.at += 1;
        let kind = match first {
            Kind::Given => TestLineKind::Given(self.expression()?),
            Kind::Visit => TestLineKind::Visit(self.text()?),
            Kind::Agree => TestLineKind::Agree,
            Kind::Bot => {
                let text = self.text()?;
                let replies = if self.peek() == Kind::LBracket { Some(self.list()?) } else { None };
                TestLineKind::Bot { text, replies }
            }
            Kind::Visitor => TestLineKind::Visitor(self.text()?),
            Kind::Expect => self.expectation()?,
            Kind::Not => {
                self.need(Kind::Shown)?;
                TestLineKind::Shown { negated: true }
            }
            Kind::Shown => TestLineKind::Shown { negated: false },
            Kind::Wait => TestLineKind::Wait(self.expression()?),
            Kind::Fail => TestLineKind::Fail { words: self.words()? },
            Kind::Choose => TestLineKind::Choose(self.name()?),
            Kind::Completed => TestLineKind::Completed,
            _ => return None,
        };
        Some(TestLine { range: self.range(start), kind })
    }

    /// A condition, if one reaches to the end of the line; else an action.
    fn expectation(&mut self) -> Option<TestLineKind> {
        let condition = self.attempt(|parser| {
            let condition = parser.expression()?;
            matches!(parser.peek(), Kind::Newline | Kind::RBrace).then_some(condition)
        });
        if let Some(condition) = condition {
            return Some(TestLineKind::Expect(condition));
        }
        let negated = self.take(Kind::Not);
        let action = self.statement()?;
        let named = matches!(
            action.kind,
            StatementKind::Action { .. } | StatementKind::Set { .. } | StatementKind::Clear { .. }
        );
        named.then(|| TestLineKind::ExpectAction { negated, action: Box::new(action) })
    }

    // Statements.

    /// `{ … }` of lines.
    fn lines<T>(&mut self, mut line: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.need(Kind::LBrace)?;
        self.take(Kind::Newline);
        let mut lines = Vec::new();
        while !self.take(Kind::RBrace) {
            lines.push(line(self)?);
            if self.peek() != Kind::RBrace {
                self.need(Kind::Newline)?;
            }
        }
        Some(lines)
    }

    fn block(&mut self) -> Option<Vec<Statement>> {
        self.lines(Parser::statement)
    }

    fn statement(&mut self) -> Option<Statement> {
        if self.peek() == Kind::If { self.conditional() } else { self.simple() }
    }

    fn simple(&mut self) -> Option<Statement> {
        let start = self.at;
        let kind = match self.peek() {
            Kind::Say => {
                self.at += 1;
                let text = if self.peek() == Kind::LBracket { self.list()? } else { self.text()? };
                StatementKind::Say { text, block: self.entries_if_any()? }
            }
            Kind::Ask => self.ask()?,
            Kind::Set => {
                self.at += 1;
                let target = self.path()?;
                self.need(Kind::Equals)?;
                StatementKind::Set { target, value: self.expression()?, block: self.entries_if_any()? }
            }
            Kind::Let => {
                self.at += 1;
                let target = self.path()?;
                let start = self.at;
                let ty = if self.take(Kind::Colon) {
                    self.ty()?;
                    Some(self.range(start))
                } else {
                    None
                };
                self.need(Kind::Equals)?;
                StatementKind::Let { target, ty, value: self.expression()?, block: self.entries_if_any()? }
            }
            Kind::Clear => {
                self.at += 1;
                StatementKind::Clear { target: self.path()? }
            }
            Kind::Wait => {
                self.at += 1;
                StatementKind::Wait { time: self.expression()? }
            }
            Kind::Do => {
                self.at += 1;
                let (module, step) = self.qualified()?;
                StatementKind::Do { module, step }
            }
            Kind::Arrow => StatementKind::Go(self.arrow()?),
            Kind::End => {
                self.at += 1;
                StatementKind::End
            }
            Kind::If => return None,
            kind if is_name(kind) => {
                let words = self.words()?;
                let text = self.text_if_any()?;
                StatementKind::Action { words, text, block: self.entries_if_any()? }
            }
            _ => return None,
        };
        Some(Statement { range: self.range(start), kind })
    }

    fn ask(&mut self) -> Option<StatementKind> {
        self.at += 1;
        let mut target = None;
        let mut ty = None;
        if is_name(self.peek()) {
            target = Some(self.path()?);
            if self.take(Kind::Colon) {
                ty = Some(self.ty()?);
            }
        }
        let text = self.text()?;
        Some(StatementKind::Ask { target, ty, text, block: self.entries_if_any()? })
    }

    fn words(&mut self) -> Option<Range> {
        let start = self.at;
        let first = self.peek();
        let known = matches!(
            first,
            Kind::Say | Kind::Ask | Kind::Set | Kind::Clear | Kind::Wait | Kind::Do | Kind::If | Kind::End
        );
        if !is_name(first) || known {
            return None;
        }
        while is_name(self.peek()) || self.peek() == Kind::Dot {
            self.at += 1;
        }
        Some(self.range(start))
    }

    fn conditional(&mut self) -> Option<Statement> {
        let start = self.at;
        let mut arms = Vec::with_capacity(1);
        let mut otherwise = None;
        self.at += 1;
        arms.push(self.arm()?);
        while self.take(Kind::Else) {
            if self.take(Kind::If) {
                arms.push(self.arm()?);
                continue;
            }
            otherwise = Some(self.branch()?);
            break;
        }
        Some(Statement { range: self.range(start), kind: StatementKind::If { arms, otherwise } })
    }

    fn arm(&mut self) -> Option<(Expr, Branch)> {
        let condition = self.expression()?;
        self.need(Kind::Then)?;
        Some((condition, self.branch()?))
    }

    fn branch(&mut self) -> Option<Branch> {
        if self.peek() == Kind::LBrace {
            self.block_branch()
        } else {
            Some(Branch::Statement(Box::new(self.simple()?)))
        }
    }

    fn block_branch(&mut self) -> Option<Branch> {
        let start = self.at;
        let body = self.block()?;
        Some(Branch::Block { range: self.range(start), body })
    }

    fn arrow(&mut self) -> Option<Branch> {
        self.need(Kind::Arrow)?;
        if self.peek() == Kind::LBrace {
            return self.block_branch();
        }
        let (module, step) = self.qualified()?;
        Some(module.map_or(Branch::Step(step), |module| Branch::Foreign { module, step }))
    }

    fn arrow_if_any(&mut self) -> Option<Option<Branch>> {
        Some(if self.peek() == Kind::Arrow { Some(self.arrow()?) } else { None })
    }

    fn entries_if_any(&mut self) -> Option<Option<Vec<Line>>> {
        Some(if self.peek() == Kind::LBrace { Some(self.lines(Parser::entry)?) } else { None })
    }

    fn entry(&mut self) -> Option<Line> {
        let start = self.at;
        let kind = if self.peek() == Kind::StrOpen {
            let label = self.text()?;
            let value = if self.take(Kind::Equals) { Some(self.expression()?) } else { None };
            LineKind::Choice { label, value, arrow: self.arrow_if_any()? }
        } else {
            let head = self.name()?;
            let when = self.take(Kind::When);
            let mut values = Vec::new();
            while begins_value(self.peek()) {
                values.push(self.value()?);
            }
            LineKind::Entry { head, when, values, arrow: self.arrow_if_any()? }
        };
        Some(Line { range: self.range(start), kind })
    }

    fn value(&mut self) -> Option<Expr> {
        let start = self.at;
        let first = self.expression()?;
        if !self.take(Kind::DotDot) {
            return Some(first);
        }
        let last = self.expression()?;
        Some(self.node(start, ExprKind::Span(Box::new((first, last)))))
    }

    fn ty(&mut self) -> Option<TypeExpr> {
        let start = self.at;
        let several = self.peek() == Kind::Many;
        if !(several || self.peek() == Kind::One) || self.ahead(1) != Kind::Of {
            return self.name().map(TypeExpr::Named);
        }
        self.at += 2;
        self.need(Kind::LBracket)?;
        let mut options = Vec::new();
        while !self.take(Kind::RBracket) {
            let name = self.name()?;
            let label = self.text_if_any()?;
            let value = if self.take(Kind::Equals) { Some(self.text()?) } else { None };
            options.push(OptionExpr { name, label, value });
            if self.peek() != Kind::RBracket {
                self.need(Kind::Comma)?;
            }
        }
        Some(TypeExpr::Options { range: self.range(start), several, options })
    }

    // Expressions.

    fn node(&self, start: At, kind: ExprKind) -> Expr {
        Expr { range: self.range(start), kind }
    }

    fn expression(&mut self) -> Option<Expr> {
        self.climb(0)
    }

    /// Precedence climbing: `or` is 1, `and` 2, `not` 3.
    fn climb(&mut self, least: u8) -> Option<Expr> {
        let start = self.at;
        let mut left = if self.take(Kind::Not) {
            let inner = self.climb(3)?;
            self.node(start, ExprKind::Not(Box::new(inner)))
        } else {
            self.comparison()?
        };
        loop {
            let kind = self.peek();
            let power = match kind {
                Kind::Or => 1,
                Kind::And => 2,
                _ => return Some(left),
            };
            if power <= least {
                return Some(left);
            }
            self.at += 1;
            let both = Box::new((left, self.climb(power)?));
            left = self.node(start, if kind == Kind::Or { ExprKind::Or(both) } else { ExprKind::And(both) });
        }
    }

    fn comparison(&mut self) -> Option<Expr> {
        let start = self.at;
        let left = self.sum(0)?;
        let Some((operator, negated, words, right)) = self.attempt(Parser::tail) else { return Some(left) };
        let comparison = Comparison { left, operator, negated, words, right };
        let first = self.node(start, ExprKind::Compare(Box::new(comparison)));
        let second = self.at;
        if self.attempt(Parser::tail).is_none() {
            return Some(first);
        }
        let chained = self.range(second);
        while self.attempt(Parser::tail).is_some() {}
        Some(self.node(start, ExprKind::Chain(Box::new((first, chained)))))
    }

    fn tail(&mut self) -> Option<(Operator, bool, Range, Vec<Expr>)> {
        let start = self.at;
        let (operator, len, negated) = match self.peek() {
            Kind::Is => return self.after_is(),
            Kind::Contains => (Operator::Contains, 1, false),
            Kind::Does if self.ahead(1) == Kind::Not && self.ahead(2) == Kind::Contain => {
                (Operator::Contains, 3, true)
            }
            Kind::Less => (Operator::Less, 1, false),
            Kind::LessEqual => (Operator::LessOrEqual, 1, false),
            Kind::Greater => (Operator::Greater, 1, false),
            Kind::GreaterEqual => (Operator::GreaterOrEqual, 1, false),
            Kind::Starts if self.ahead(1) == Kind::With => (Operator::StartsWith, 2, false),
            Kind::Ends if self.ahead(1) == Kind::With => (Operator::EndsWith, 2, false),
            Kind::Includes => (Operator::Includes, 1, false),
            _ => return None,
        };
        self.at += len;
        let words = self.range(start);
        Some((operator, negated, words, vec![self.sum(0)?]))
    }

    fn after_is(&mut self) -> Option<(Operator, bool, Range, Vec<Expr>)> {
        let start = self.at;
        self.at += 1;
        let not = self.take(Kind::Not);
        let bare = match self.peek() {
            Kind::Known => Some((Operator::IsKnown, false)),
            Kind::UnknownWord => Some((Operator::IsKnown, true)),
            Kind::Available => Some((Operator::IsAvailable, false)),
            Kind::Open => Some((Operator::IsOpen, false)),
            _ => None,
        };
        if let Some((operator, inner)) = bare {
            self.at += 1;
            return Some((operator, not != inner, self.range(start), Vec::new()));
        }
        let (operator, len, inner) = match self.peek() {
            Kind::Any if self.ahead(1) == Kind::Of => (Operator::IsAnyOf, 2, false),
            Kind::None if self.ahead(1) == Kind::Of => (Operator::IsAnyOf, 2, true),
            Kind::Exactly => (Operator::IsExactly, 1, false),
            Kind::Before => (Operator::IsBefore, 1, false),
            Kind::After => (Operator::IsAfter, 1, false),
            Kind::Between => (Operator::IsBetween, 1, false),
            _ => (Operator::Is, 0, false),
        };
        let at = self.at;
        let right = self.attempt(|parser| {
            parser.at += len;
            let low = parser.operand()?;
            if operator != Operator::IsBetween {
                return Some((parser.at, vec![low]));
            }
            parser.need(Kind::And)?;
            Some((parser.at, vec![low, parser.operand()?]))
        });
        if let Some((_, right)) = right {
            return Some((operator, not != inner, Range { start, end: at + len }, right));
        }
        // The word was a name after all.
        let right = vec![self.sum(0)?];
        Some((Operator::Is, not, Range { start, end: at }, right))
    }

    /// `+` and `-` are 1, `*` and `/` are 2, a sign is 3.
    fn sum(&mut self, least: u8) -> Option<Expr> {
        let start = self.at;
        let mut left = if self.take(Kind::Minus) {
            let inner = self.sum(3)?;
            self.node(start, ExprKind::Minus(Box::new(inner)))
        } else {
            self.operand()?
        };
        loop {
            let (operator, power) = match self.peek() {
                Kind::Plus => (Arithmetic::Add, 1),
                Kind::Minus => (Arithmetic::Subtract, 1),
                Kind::Star => (Arithmetic::Multiply, 2),
                Kind::Slash => (Arithmetic::Divide, 2),
                _ => return Some(left),
            };
            if power <= least {
                return Some(left);
            }
            self.at += 1;
            let both = Box::new((left, self.sum(power)?));
            left = self.node(start, ExprKind::Arithmetic(operator, both));
        }
    }

    fn operand(&mut self) -> Option<Expr> {
        let start = self.at;
        let kind = match self.peek() {
            Kind::StrOpen => return self.text(),
            Kind::LBracket => return self.list(),
            Kind::LParen => {
                self.at += 1;
                let inner = self.expression()?;
                self.need(Kind::RParen)?;
                return Some(inner);
            }
            Kind::Number
            | Kind::Duration
            | Kind::Percent
            | Kind::Colour
            | Kind::Date
            | Kind::DateTime
            | Kind::Time => {
                self.at += 1;
                ExprKind::Literal
            }
            Kind::True | Kind::False => {
                ExprKind::Bool(self.kinds.get(self.next() as usize) == Some(&Kind::True))
            }
            Kind::Team | Kind::User | Kind::Inbox if names_subject(self.ahead(1)) => {
                let kind = self.next();
                ExprKind::Subject { kind, name: self.next() }
            }
            kind if is_name(kind) => return self.path(),
            _ => return None,
        };
        Some(self.node(start, kind))
    }

    fn path(&mut self) -> Option<Expr> {
        let start = self.at;
        let first = self.name()?;
        let mut words = Vec::with_capacity(1);
        words.push(first);
        while self.peek() == Kind::Dot && self.ahead(1).is_word() {
            self.at += 1;
            words.push(self.next());
        }
        let mut index = None;
        if self.peek() == Kind::LBracket && self.ahead(1) == Kind::StrOpen {
            index = self.attempt(|parser| {
                parser.at += 1;
                let text = parser.text()?;
                parser.need(Kind::RBracket)?;
                Some(Box::new(text))
            });
        }
        Some(self.node(start, ExprKind::Path { words, index }))
    }

    fn list(&mut self) -> Option<Expr> {
        let start = self.at;
        self.need(Kind::LBracket)?;
        let mut members = Vec::new();
        while !self.take(Kind::RBracket) {
            members.push(self.expression()?);
            if self.peek() != Kind::RBracket {
                self.need(Kind::Comma)?;
            }
        }
        Some(self.node(start, ExprKind::List(members)))
    }

    fn text_if_any(&mut self) -> Option<Option<Expr>> {
        Some(if self.peek() == Kind::StrOpen { Some(self.text()?) } else { None })
    }

    fn text(&mut self) -> Option<Expr> {
        let start = self.at;
        self.need(Kind::StrOpen)?;
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                Kind::StrText | Kind::Escape => parts.push(Part::Words(self.next())),
                Kind::HoleOpen => {
                    self.at += 1;
                    parts.push(Part::Hole(self.expression()?));
                    self.need(Kind::HoleClose)?;
                }
                _ => break,
            }
        }
        self.need(Kind::StrClose)?;
        Some(self.node(start, ExprKind::Text(parts)))
    }
}

fn is_joint(kind: Kind) -> bool {
    matches!(kind, Kind::And | Kind::Or | Kind::Not | Kind::Is | Kind::Then | Kind::Else)
}

fn is_name(kind: Kind) -> bool {
    kind.is_word() && !is_joint(kind)
}

fn names_subject(kind: Kind) -> bool {
    is_name(kind) && !matches!(kind, Kind::Contains | Kind::Does | Kind::Starts | Kind::Ends | Kind::Includes)
}

fn begins_value(kind: Kind) -> bool {
    is_name(kind)
        || matches!(
            kind,
            Kind::Not
                | Kind::StrOpen
                | Kind::LBracket
                | Kind::LParen
                | Kind::Number
                | Kind::Duration
                | Kind::Percent
                | Kind::Colour
                | Kind::Date
                | Kind::DateTime
                | Kind::Time
                | Kind::Minus
        )
}
