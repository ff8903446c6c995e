//! Walks over the tree of a file: every statement with its step, for symbols, lenses, hints and graphs.

use chatflow_compiler::file::{File, View};
use chatflow_compiler::source::Span;
use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{Branch, Expr, Item, Line, LineKind, Statement, StatementKind};

/// Calls `visit` with each statement of a body and of the blocks in it, in the order of the source.
pub fn statements<'t>(body: &'t [Statement], visit: &mut impl FnMut(&'t Statement)) {
    for statement in body {
        visit(statement);
        match &statement.kind {
            StatementKind::If { arms, otherwise } => {
                arms.iter().map(|(_, branch)| branch).chain(otherwise).for_each(|one| branch(one, visit));
            }
            StatementKind::Go(one) => branch(one, visit),
            _ => {}
        }
        for line in lines_of(statement) {
            if let Some(arrow) = arrow(line) {
                branch(arrow, visit);
            }
        }
    }
}

fn branch<'t>(one: &'t Branch, visit: &mut impl FnMut(&'t Statement)) {
    match one {
        Branch::Block { body, .. } => statements(body, visit),
        Branch::Statement(statement) => statements(std::slice::from_ref(statement), visit),
        Branch::Step(_) | Branch::Foreign { .. } | Branch::Error(_) => {}
    }
}

/// The lines of a statement's block; none without one.
pub fn lines_of(statement: &Statement) -> &[Line] {
    block_of(statement).unwrap_or(&[])
}

/// The block of a statement, if it has one.
pub fn block_of(statement: &Statement) -> Option<&[Line]> {
    match &statement.kind {
        StatementKind::Say { block, .. }
        | StatementKind::Ask { block, .. }
        | StatementKind::Set { block, .. }
        | StatementKind::Let { block, .. }
        | StatementKind::Action { block, .. } => block.as_deref(),
        StatementKind::Clear { .. }
        | StatementKind::Wait { .. }
        | StatementKind::Do { .. }
        | StatementKind::If { .. }
        | StatementKind::Go(_)
        | StatementKind::End
        | StatementKind::Error => None,
    }
}

/// What a line leads to.
pub fn arrow(line: &Line) -> Option<&Branch> {
    match &line.kind {
        LineKind::Choice { arrow, .. } | LineKind::Entry { arrow, .. } => arrow.as_ref(),
        LineKind::Pair { .. } | LineKind::Block { .. } | LineKind::Save { .. } | LineKind::Error => None,
    }
}

/// The innermost statement around a byte, with the view of its item.
pub fn statement_at(file: &File, offset: u32) -> Option<(View<'_>, &Statement)> {
    let mut found: Option<(View<'_>, &Statement)> = None;
    for (view, item) in file.views() {
        let look = |statement: &Statement| -> bool {
            let span = view.span(statement.range);
            (span.start..=span.end).contains(&offset)
        };
        match item {
            Item::Step { body, .. } => statements(body, &mut |statement| {
                if look(statement) {
                    found = Some((view, statement));
                }
            }),
            Item::Anytime { arms } => arms.iter().for_each(|(_, one)| {
                branch(one, &mut |statement| {
                    if look(statement) {
                        found = Some((view, statement));
                    }
                });
            }),
            _ => {}
        }
    }
    found
}

/// The whole of an item, from its first word to its last token.
pub fn item_span(view: View<'_>, file: &File, nth: usize) -> Option<Span> {
    let item = file.layout.items.get(nth)?;
    let last = item.end.checked_sub(item.start + 1)?;
    Some(view.at(0).to(view.at(last)))
}

/// What a statement is called in a list: `ask contact.email "What's your work email?"`.
pub fn title(view: View<'_>, statement: &Statement) -> String {
    let head = match &statement.kind {
        StatementKind::If { arms, .. } => {
            let condition = arms.first().map_or("", |(condition, _)| view.source(condition.range));
            return clipped(&format!("if {condition}"));
        }
        StatementKind::Action { words, text, .. } => {
            let text = text.as_ref().map(|text| view.source(text.range)).unwrap_or_default();
            return clipped(&format!("{} {text}", view.source(*words)));
        }
        _ => view.source(statement.range),
    };
    clipped(head.lines().next().unwrap_or("").trim_end_matches('{'))
}

/// At most so much of a line as a list has room for.
pub fn clipped(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

/// The words of a text, holes as they are written.
pub fn words(view: View<'_>, text: &Expr) -> String {
    let source = view.source(text.range);
    source.trim_matches('"').trim().to_owned()
}

/// Whether an item is a declaration that begins with this word.
pub fn begins_with(view: View<'_>, kind: Kind) -> bool {
    view.kind(0) == Some(kind)
}
