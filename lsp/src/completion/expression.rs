//! Values, operators, and what joins them.

use chatflow_compiler::index::Name;
use chatflow_compiler::operator::Operator;
use chatflow_compiler::token::Kind as Token;
use chatflow_compiler::types::Ty;
use chatflow_compiler::workspace::Thing;
use chatflow_runtime::fact::FACTS;

use super::Offers;
use super::context::{Block, Word, statement};
use super::item::{Completion, Kind};
use super::left::{
    before_sign, ends_test, ends_value, last_side, left_of_operator, operator_begun, path_before, rest_of,
};

/// What an expression is for.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// A condition.
    Condition,
    /// A value of a type, if that is known.
    Value(Option<Ty>),
}

impl Offers<'_> {
    /// `"Hi {…}"`.
    pub(super) fn hole(&mut self, line: &[Word<'_>]) {
        if line.is_empty() {
            for (word, snippet) in [
                ("plural", "plural ${1:number}: one \"$2\", other \"$3\""),
                ("select", "select ${1:value}: ${2:option} \"$3\", other \"$4\""),
            ] {
                let one = Completion::new(word, Kind::Snippet, self.replace()).snippet(snippet).rank(4);
                self.push(one.detail("a form by a number or an option"));
            }
        }
        self.expression(line, &Wanted::Value(None));
    }

    /// A group, or what a function is given.
    pub(super) fn in_parentheses(&mut self, head: &[Word<'_>], line: &[Word<'_>]) {
        // `function NAME(PARAMETER: …`.
        if head.first().is_some_and(|word| word.kind == Token::Function) {
            if line.last().is_some_and(|word| word.kind == Token::Colon) {
                self.types();
            }
            return;
        }
        let function = head.last().filter(|word| word.kind.is_word()).map(|word| word.text);
        let workspace = self.index.workspace(self.file).map(|(_, workspace)| workspace);
        match function.and_then(|name| workspace?.functions.get(name)) {
            Some(function) => {
                let nth = line.iter().filter(|word| word.kind == Token::Comma).count();
                let ty = function.parameters.get(nth).map(|one| one.ty.clone());
                self.expression(line, &Wanted::Value(ty));
            }
            None => self.expression(line, &Wanted::Condition),
        }
    }

    /// `[a, …]`: options of what stands left, or names.
    pub(super) fn in_list(&mut self, head: &[Word<'_>], line: &[Word<'_>]) {
        if line.last().is_some_and(|word| word.kind != Token::Comma) {
            return;
        }
        match head.first().map(|word| word.text) {
            Some("members") => return self.things(Thing::User),
            Some("bot" | "say" | "stages") => return,
            _ => {}
        }
        // In `one of [` names are made.
        if matches!(head, [.., one, of] if matches!(one.kind, Token::One | Token::Many) && of.kind == Token::Of)
        {
            return;
        }
        let ty = left_of_operator(head).or_else(|| before_sign(head)).and_then(|path| self.type_of(&path));
        match ty {
            Some(ty) => {
                self.values_of(&ty);
                if ty.options().is_none() {
                    self.names(Some(&ty));
                }
            }
            None => self.names(None),
        }
    }

    /// An expression, of which the words before the cursor are given.
    pub(super) fn expression(&mut self, words: &[Word<'_>], wanted: &Wanted) {
        let words = last_side(words);
        if let [.., before, dot] = words
            && dot.kind == Token::Dot
        {
            let path = path_before(words.get(..words.len() - 1).unwrap_or(&[]));
            return self.members(path.as_deref().unwrap_or(before.text));
        }
        let ty = match left_of_operator(words) {
            Some(path) => self.type_of(&path),
            None => match wanted {
                Wanted::Value(ty) => ty.clone(),
                Wanted::Condition => None,
            },
        };
        if let Some((left, typed)) = operator_begun(words) {
            self.operators(&left, &typed);
            if typed.is_empty() || typed == ["is"] && left.is_empty() {
                return;
            }
        }
        match words.last() {
            Some(word)
                if ends_value(word) && operator_begun(words).is_none_or(|(_, typed)| typed.is_empty()) =>
            {
                self.joints(words, wanted);
            }
            Some(word) if word.kind == Token::In => {}
            Some(word) if word.kind == Token::List => self.things(Thing::List),
            Some(word) if matches!(word.kind, Token::Team | Token::User | Token::Inbox) => {
                Thing::of(word.kind).into_iter().for_each(|thing| self.things(thing));
            }
            _ => {
                if let Some(ty) = &ty {
                    self.values_of(ty);
                }
                let first = left_of_operator(words).is_none();
                if first && matches!(wanted, Wanted::Condition) {
                    self.subjects();
                }
                self.names(ty.as_ref());
            }
        }
    }

    /// `contact.…`, `page.…`, `module.…`.
    fn members(&mut self, path: &str) {
        let begins = format!("{path}.");
        for (file, workspace, uses) in self.workspaces() {
            let first = self.out.len();
            for full in workspace.properties.keys() {
                if let Some(name) = full.strip_prefix(&begins) {
                    self.name(name, Kind::Property, &Name::Property(file, full.clone()), 1);
                }
            }
            self.come_with(first, &uses);
        }
        for spec in FACTS {
            if let Some(name) = spec.name.strip_prefix(&begins) {
                self.name(name, Kind::Fact, &Name::Fact(spec.name), 1);
            }
        }
        if path == "page" {
            let one = Completion::new("query", Kind::Fact, self.replace()).snippet("query.${1:name}");
            self.push(
                one.detail("page.query.NAME: text").docs("A value of the page's address, behind its `?`."),
            );
        }
    }

    /// Every name that is a value; those of the type that is wanted first.
    fn names(&mut self, ty: Option<&Ty>) {
        let fits = |of: &Ty| ty.is_none_or(|ty| of.compares_with(ty));
        let outside = self.is_in(Block::Target) || self.is_welcome();
        if let Some(home) = self.index.home(self.file).filter(|_| !outside) {
            for (local, (of, _)) in &home.locals {
                let rank = if fits(of) { 2 } else { 6 };
                self.name(local, Kind::Local, &Name::Local(home.home, local.clone()), rank);
            }
        }
        for (file, workspace, uses) in self.workspaces() {
            let first = self.out.len();
            for (full, property) in &workspace.properties {
                let rank = if fits(&property.ty) { 2 } else { 6 };
                self.name(full, Kind::Property, &Name::Property(file, full.clone()), rank);
            }
            self.come_with(first, &uses);
        }
        for spec in FACTS {
            let of = self.type_of(spec.name);
            let rank = if of.as_ref().is_some_and(fits) { 3 } else { 7 };
            self.name(spec.name, Kind::Fact, &Name::Fact(spec.name), rank);
        }
        if !outside {
            self.name("reply", Kind::Fact, &Name::Reply, 3);
        }
    }

    fn is_welcome(&self) -> bool {
        let line = self.context.frames.get(1).map(|frame| frame.head.as_slice()).unwrap_or(&[]);
        line.first().is_some_and(|word| word.kind == Token::Welcome)
    }

    /// What a condition says of somebody: `team sales is available`.
    fn subjects(&mut self) {
        self.keyword("not", 6);
        let one = Completion::new("contact is known", Kind::Operator, self.replace());
        self.push(one.rank(4));
        for (thing, state) in [(Thing::Team, "available"), (Thing::User, "available"), (Thing::Inbox, "open")]
        {
            for (_, workspace, uses) in self.workspaces() {
                let first = self.out.len();
                for name in workspace.names(thing) {
                    let label = format!("{} {name} is {state}", thing.word());
                    let one = Completion::new(label, Kind::Operator, self.replace()).rank(4);
                    self.push(one);
                }
                self.come_with(first, &uses);
            }
        }
    }

    /// The operators that fit what stands left, or the rest of one that is begun.
    fn operators(&mut self, left: &str, typed: &[&str]) {
        for operator in Operator::ALL {
            if !self.fits(*operator, left) {
                continue;
            }
            let spec = operator.spec();
            for words in [spec.words, spec.negated] {
                let rest = rest_of(words, typed);
                let Some(rest) = rest.filter(|rest| !rest.is_empty() && !words.contains('…')) else {
                    continue;
                };
                let one = Completion::new(&rest, Kind::Operator, self.replace())
                    .docs(chatflow_compiler::explain::operator_page(&spec))
                    .snippet(format!("{rest}{}", right_side(*operator)))
                    .rank(1);
                self.push(one);
            }
        }
    }

    fn fits(&self, operator: Operator, left: &str) -> bool {
        let first = left.split(' ').next().unwrap_or("");
        match (operator, first) {
            (Operator::IsAvailable, _) => matches!(first, "team" | "user"),
            (Operator::IsOpen, _) => first == "inbox",
            (Operator::IsIn, _) => left == "contact",
            (Operator::IsKnown, "contact") if left == "contact" => true,
            (_, "team" | "user" | "inbox") if left.contains(' ') => false,
            _ if left == "contact" => false,
            _ => self.type_of(left).is_none_or(|ty| operator.fits(&ty)),
        }
    }

    /// What may follow a whole comparison or value.
    fn joints(&mut self, words: &[Word<'_>], wanted: &Wanted) {
        match wanted {
            Wanted::Condition => {
                self.keyword("and", 2);
                self.keyword("or", 2);
                let line = &self.context.line;
                let begun = statement(line).first().is_some_and(|word| word.kind == Token::If)
                    || line.iter().any(|word| word.kind == Token::If);
                if begun && (left_of_operator(words).is_some() || ends_test(words)) {
                    self.keyword("then", 1);
                }
            }
            Wanted::Value(_) => self.keyword("or", 6),
        }
    }
}

/// What a snippet has behind an operator.
fn right_side(operator: Operator) -> &'static str {
    match operator {
        Operator::IsAnyOf | Operator::IncludesAll => " [$0]",
        Operator::IsBetween => " $1 and $2",
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => " \"$0\"",
        Operator::Matches => " \"*$0*\"",
        Operator::IsKnown | Operator::IsAvailable | Operator::IsOpen => "",
        Operator::Is
        | Operator::IsExactly
        | Operator::IsBefore
        | Operator::IsAfter
        | Operator::Includes
        | Operator::IsIn
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual => " $0",
    }
}
