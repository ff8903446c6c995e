//! Compilers that leave something out: statements, branches, lines of a block.

#![expect(clippy::wildcard_enum_match_arm, reason = "a statement of another kind has no such part")]

use chatflow_compiler::file::View;
use chatflow_compiler::tree::{ExprKind, Line, LineKind, Statement, StatementKind};

use super::{Mutant, Turn};
use crate::rewrite::{Rewrite, rewrite};

/// The statements that are none of the actions, by their words.
pub const STATEMENTS: &[&str] = &["say", "ask", "set", "let", "clear", "wait", "do", "if", "->", "end"];

fn word(kind: &StatementKind) -> Option<&'static str> {
    match kind {
        StatementKind::Say { .. } => Some("say"),
        StatementKind::Ask { .. } => Some("ask"),
        StatementKind::Set { .. } => Some("set"),
        StatementKind::Let { .. } => Some("let"),
        StatementKind::Clear { .. } => Some("clear"),
        StatementKind::Wait { .. } => Some("wait"),
        StatementKind::Do { .. } => Some("do"),
        StatementKind::If { .. } => Some("if"),
        StatementKind::Go(_) => Some("->"),
        StatementKind::End => Some("end"),
        // The table of actions has its own mutants.
        StatementKind::Action { .. } | StatementKind::Error => None,
    }
}

/// The mutant that leaves out statements of this word.
pub fn of_statement(left_out: &'static str) -> Mutant {
    Mutant::of_trees(format!("`{left_out}` is left out"), move |file, turn| {
        rewrite(file, &mut WithoutStatements { left_out, turn });
    })
}

struct WithoutStatements<'t> {
    left_out: &'static str,
    turn: &'t mut Turn,
}

impl Rewrite for WithoutStatements<'_> {
    fn statements(&mut self, _view: View<'_>, statements: &mut Vec<Statement>) {
        statements.retain(|statement| word(&statement.kind) != Some(self.left_out) || !self.turn.comes());
    }
}

/// Changes a statement, if it has what is changed.
type Change = fn(&mut Statement) -> bool;

/// The mutants of what stands in statements.
pub fn of_parts() -> Vec<Mutant> {
    let parts: [(&str, Change); 5] = [
        ("`else` is left out", |statement| match &mut statement.kind {
            StatementKind::If { otherwise, .. } => otherwise.take().is_some(),
            _ => false,
        }),
        ("`else if` is left out", |statement| match &mut statement.kind {
            StatementKind::If { arms, .. } if arms.len() > 1 => arms.pop().is_some(),
            _ => false,
        }),
        ("the last condition of an `if` comes first", |statement| match &mut statement.kind {
            StatementKind::If { arms, .. } if arms.len() > 1 => {
                arms.reverse();
                true
            }
            _ => false,
        }),
        ("the first of several bubbles is all", |statement| match &mut statement.kind {
            StatementKind::Say { text, .. } => match &mut text.kind {
                ExprKind::List(bubbles) if bubbles.len() > 1 => {
                    bubbles.truncate(1);
                    true
                }
                _ => false,
            },
            _ => false,
        }),
        ("several bubbles stand the other way round", |statement| match &mut statement.kind {
            StatementKind::Say { text, .. } => match &mut text.kind {
                ExprKind::List(bubbles) if bubbles.len() > 1 => {
                    bubbles.reverse();
                    true
                }
                _ => false,
            },
            _ => false,
        }),
    ];
    let mutant = |(what, change): (&'static str, Change)| {
        Mutant::of_trees(what, move |file, turn| rewrite(file, &mut EachStatement { change, turn }))
    };
    parts.into_iter().map(mutant).collect()
}

struct EachStatement<'t> {
    change: Change,
    turn: &'t mut Turn,
}

impl Rewrite for EachStatement<'_> {
    fn statements(&mut self, _view: View<'_>, statements: &mut Vec<Statement>) {
        for statement in statements {
            let mut changed = statement.clone();
            if (self.change)(&mut changed) && self.turn.comes() {
                *statement = changed;
            }
        }
    }
}

/// The lines of blocks that only the compiler knows: they leave no mark of their own in a program.
pub const LINES: &[&str] = &[
    "image",
    "file",
    "video",
    "skip",
    "invalid",
    "attempts",
    "timeout",
    "otherwise",
    "failed",
    "deadline",
    "headers",
    "body",
    "save",
    "next",
    "asks",
];

/// The mutant that leaves out lines that begin with this word.
pub fn of_line(left_out: &'static str) -> Mutant {
    Mutant::of_trees(format!("`{left_out}` is left out"), move |file, turn| {
        rewrite(file, &mut WithoutLines { left_out, turn });
    })
}

struct WithoutLines<'t> {
    left_out: &'static str,
    turn: &'t mut Turn,
}

impl Rewrite for WithoutLines<'_> {
    fn lines(&mut self, view: View<'_>, lines: &mut Vec<Line>) {
        let is = |line: &Line| match line.kind {
            LineKind::Entry { head, .. } => view.text(head) == self.left_out,
            LineKind::Block { head, .. } => view.text(head) == self.left_out,
            LineKind::Save { .. } => self.left_out == "save",
            LineKind::Choice { .. } | LineKind::Pair { .. } | LineKind::Error => false,
        };
        lines.retain(|line| !is(line) || !self.turn.comes());
    }
}
