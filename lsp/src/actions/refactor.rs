//! Changes of what is written: outcomes and choices that are missing, steps made and taken apart, names.

use std::collections::BTreeSet;

use chatflow_compiler::Role;
use chatflow_compiler::diagnostic::{Diagnostic, Edit, Severity};
use chatflow_compiler::file::{File, View};
use chatflow_compiler::index::{How, Name, action_of};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::tree::{Item, Line, LineKind, Statement, StatementKind};
use chatflow_runtime::action::{Action as Act, OutcomeDefault};

use super::{Action, ActionKind};
use crate::analysis::Analysis;
use crate::outline::{block_of, item_span, lines_of, statement_at};
use crate::rename::rename_with_was;

/// How far a block is indented.
const INDENT: &str = "  ";

/// What can be done at a stretch of a file besides mending it.
pub(super) fn actions(analysis: &Analysis, file: FileId, at: Span) -> Vec<Action> {
    let Some(source) = analysis.file(file) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some((view, statement)) = statement_at(source, at.start) {
        found.extend(outcomes(view, statement));
        found.extend(choices(analysis, view, statement));
        found.extend(inline(analysis, view, statement));
        found.extend(test_to(analysis, view, statement));
    }
    found.extend(extract(analysis, source, at));
    found.extend(with_was(analysis, file, at));
    found
}

/// The lines that a block should have too, put before its end; or the block with them, where there is none.
fn added(view: View<'_>, statement: &Statement, lines: &[String]) -> Option<Edit> {
    let span = view.span(statement.range);
    let file = view.file;
    let line = file.lines.line(span.start);
    let text = file.source.text.get(file.lines.line_start(line) as usize..)?;
    let indent: String = text.chars().take_while(|char| matches!(char, ' ' | '\t')).collect();
    let inner: String = lines.iter().map(|line| format!("{indent}{INDENT}{line}\n")).collect();
    if !file.text(span).ends_with('}') || block_of(statement).is_none() {
        return Some(Edit { span: span.at_end(), text: format!(" {{\n{inner}{indent}}}") });
    }
    // A block on one line gets a line for each of its lines.
    if let [line] = lines_of(statement)
        && file.lines.line(span.start) == file.lines.line(span.end)
    {
        let line = view.span(line.range);
        let open = file.text(Span { start: span.start, end: line.start, ..span }).rfind('{')?;
        let block = Span { start: span.start + open as u32, ..span };
        let text = format!("{{\n{indent}{INDENT}{}\n{inner}{indent}}}", file.text(line));
        return Some(Edit { span: block, text });
    }
    // Before the closing brace; if that stands behind something on its line, the line is broken there.
    let brace = span.end.checked_sub(1)?;
    let begin = file.lines.line_start(file.lines.line(brace));
    let before = file.text(Span { start: begin, end: brace, ..span });
    if before.trim().is_empty() {
        let at = Span { start: begin, end: begin, ..span };
        return Some(Edit { span: at, text: inner });
    }
    let blank = (before.len() - before.trim_end().len()) as u32;
    let at = Span { start: brace - blank, end: brace, ..span };
    Some(Edit { span: at, text: format!("\n{inner}{indent}") })
}

/// The outcomes that an action does not say: those that it must, and all.
fn outcomes(view: View<'_>, statement: &Statement) -> Vec<Action> {
    let StatementKind::Action { words, .. } = &statement.kind else { return Vec::new() };
    let Some((action, _)) = action_of(&view.words(*words)) else { return Vec::new() };
    let said: BTreeSet<&str> = lines_of(statement).iter().filter_map(|line| head(view, line)).collect();
    let missing = |action: Act, must: bool| -> Vec<String> {
        let rows = action.spec().sayable().filter(|row| !said.contains(row.outcome.word()));
        let rows = rows.filter(|row| !must || row.default == OutcomeDefault::MustBeSaid);
        rows.map(|row| format!("{} -> {}", row.outcome.word(), to_fill_in(row.default))).collect()
    };
    let (must, all) = (missing(action, true), missing(action, false));
    let mut found = Vec::new();
    if let Some(edit) = added(view, statement, &must).filter(|_| !must.is_empty()) {
        found.push(Action::new("add the outcomes that must be said", ActionKind::Rewrite, vec![edit]));
    }
    if let Some(edit) = added(view, statement, &all).filter(|_| all.len() > must.len()) {
        found.push(Action::new("add every outcome", ActionKind::Rewrite, vec![edit]));
    }
    found
}

/// A block that does what happens without it, or else ends the flow: what one fills in.
fn to_fill_in(default: OutcomeDefault) -> &'static str {
    match default {
        OutcomeDefault::GoOn => "{}",
        OutcomeDefault::MustBeSaid
        | OutcomeDefault::Error
        | OutcomeDefault::As(_)
        | OutcomeDefault::Complete
        | OutcomeDefault::Show => "{ end }",
    }
}

fn head<'a>(view: View<'a>, line: &Line) -> Option<&'a str> {
    match &line.kind {
        LineKind::Entry { head, .. } | LineKind::Block { head, .. } => Some(view.text(*head)),
        LineKind::Choice { .. } | LineKind::Pair { .. } | LineKind::Save { .. } | LineKind::Error => None,
    }
}

/// The choices that a question about options does not have.
fn choices(analysis: &Analysis, view: View<'_>, statement: &Statement) -> Option<Action> {
    let StatementKind::Ask { target: Some(target), .. } = &statement.kind else { return None };
    let ty = analysis.index().type_of(view.file.id, view.source(target.range))?;
    let list = ty.options()?;
    let mut labels = BTreeSet::new();
    for line in lines_of(statement) {
        if let LineKind::Choice { label, value, .. } = &line.kind {
            labels.insert(view.source(label.range).trim_matches('"'));
            labels.extend(value.as_ref().map(|value| view.source(value.range)));
        }
    }
    let has = |name: &str, label: &str| labels.contains(name) || labels.contains(label);
    let missing = list.options.iter().filter(|option| !has(&option.name, &option.label));
    let lines: Vec<String> =
        missing.map(|option| format!("\"{}\" = {}", option.label, option.name)).collect();
    let edit = added(view, statement, &lines).filter(|_| !lines.is_empty())?;
    let title =
        if labels.is_empty() { "write the options as choices" } else { "add the choices that are missing" };
    Some(Action::new(title, ActionKind::Rewrite, vec![edit]))
}

/// `do STEP` becomes what the step does; a step that nothing else leads to goes.
fn inline(analysis: &Analysis, view: View<'_>, statement: &Statement) -> Option<Action> {
    let StatementKind::Do { module: None, step } = &statement.kind else { return None };
    let file = view.file;
    let name = view.text(*step);
    let span = view.span(statement.range);
    let begin = file.lines.line_start(file.lines.line(span.start));
    let indent = file.text(Span { start: begin, end: span.start, ..span });
    // Behind `then` one statement stands, not several.
    if !indent.trim().is_empty() {
        return None;
    }
    let (nth, declared) = step_named(file, name)?;
    if declared.start <= span.start && span.end <= declared.end {
        return None;
    }
    let body = body_of(file, declared)?;
    let edit = Edit { span, text: reindented(body, indent) };
    let mut edits = vec![edit];
    let step = Name::Step(file.id, name.to_owned());
    let uses = analysis.index().mentions(&step).filter(|mention| mention.how != How::Declares).count();
    if uses == 1 && nth > 0 {
        edits.push(Edit { span: with_blank_line(file, declared), text: String::new() });
    }
    Some(Action::new(format!("put the step `{name}` here"), ActionKind::Inline, edits))
}

/// A test that talks to a statement of a flow that runs.
fn test_to(analysis: &Analysis, view: View<'_>, statement: &Statement) -> Option<Action> {
    let file = view.file.id;
    let broken = |found: &Diagnostic| found.severity() == Severity::Error && found.primary.span.file == file;
    let is_flow = analysis.index().scope(file)?.role == Role::Flow;
    if !is_flow || analysis.checked().diagnostics.iter().any(broken) {
        return None;
    }
    let title = "add a test that talks to this statement";
    let to = view.span(statement.range);
    Some(Action { test_to: Some(to), ..Action::new(title, ActionKind::Rewrite, Vec::new()) })
}

/// The step of this name: its number among the steps, and all of it.
fn step_named(file: &File, wanted: &str) -> Option<(usize, Span)> {
    let steps = file.views().enumerate().filter_map(|(nth, (view, item))| match item {
        Item::Step { name, .. } => Some((view.text(*name), item_span(view, file, nth)?)),
        _ => None,
    });
    steps.enumerate().find(|(_, (name, _))| *name == wanted).map(|(nth, (_, span))| (nth, span))
}

/// What stands between the braces of a step.
fn body_of(file: &File, step: Span) -> Option<&str> {
    let text = file.text(step);
    let body = text.get(text.find('{')? + 1..text.rfind('}')?)?;
    Some(body.trim_matches(['\n', '\r']).trim_end())
}

/// Lines with another indent; the first has none, it stands where something stood before.
fn reindented(body: &str, indent: &str) -> String {
    let own = body.lines().filter(|line| !line.trim().is_empty());
    let own = own.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let lines = body.lines().map(|line| match line.get(own..) {
        Some(rest) if !rest.trim().is_empty() => format!("{indent}{rest}"),
        _ => String::new(),
    });
    lines.collect::<Vec<_>>().join("\n").trim_start().to_owned()
}

/// An item with the comments above it and the blank line before them.
fn with_blank_line(file: &File, item: Span) -> Span {
    let text = &file.source.text;
    let mut start = file.lines.line_start(file.lines.line(item.start));
    while let Some(line) = file.lines.line(start).checked_sub(1) {
        let above = text.get(file.lines.line_start(line) as usize..start as usize).unwrap_or("").trim();
        if !above.is_empty() && !above.starts_with("//") {
            break;
        }
        start = file.lines.line_start(line);
        if above.is_empty() {
            break;
        }
    }
    let rest = text.get(item.end as usize..).unwrap_or("");
    let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1) as u32;
    Span { start, end: item.end + line_end, ..item }
}

/// The selected statements become a step of their own, which is run where they stood.
fn extract(analysis: &Analysis, file: &File, at: Span) -> Option<Action> {
    if at.start == at.end || file.text(at).trim().is_empty() {
        return None;
    }
    let (step, body) = file.views().enumerate().find_map(|(nth, (view, item))| {
        let span = item_span(view, file, nth)?;
        let inside = span.start <= at.start && at.end <= span.end;
        match item {
            Item::Step { body, .. } if inside => Some((span, (view, body))),
            _ => None,
        }
    })?;
    let (view, body) = body;
    let whole = selected(view, body, at)?;
    let begin = file.lines.line_start(file.lines.line(whole.start));
    if !file.text(Span { start: begin, end: whole.start, ..whole }).trim().is_empty() {
        return None;
    }
    let name = free_name(analysis, file.id);
    let text = file.text(Span { start: begin, end: whole.end, ..whole });
    let moved = format!("\n\nstep {name} {{\n{INDENT}{}\n}}", reindented(text, INDENT));
    let edits =
        vec![Edit { span: whole, text: format!("do {name}") }, Edit { span: step.at_end(), text: moved }];
    Some(Action::new("move these statements into a step of their own", ActionKind::Extract, edits))
}

/// The statements of one block that a selection holds whole, if it holds nothing else but blanks.
fn selected(view: View<'_>, body: &[Statement], at: Span) -> Option<Span> {
    let spans: Vec<Span> = all_bodies(view, body, at);
    let first = *spans.first()?;
    let last = *spans.last()?;
    let whole = first.to(last);
    let text = view.file.text(at);
    let start = at.start + (text.len() - text.trim_start().len()) as u32;
    let end = at.start + text.trim_end().len() as u32;
    (whole.start == start && whole.end == end).then_some(whole)
}

/// The outermost statements inside a selection.
fn all_bodies(view: View<'_>, body: &[Statement], at: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    crate::outline::statements(body, &mut |statement| {
        let span = view.span(statement.range);
        let inside = at.start <= span.start && span.end <= at.end;
        let deeper = found.last().is_some_and(|last| span.end <= last.end);
        if inside && !deeper {
            found.push(span);
        }
    });
    found
}

/// A name that no step has.
fn free_name(analysis: &Analysis, file: FileId) -> String {
    let steps = analysis.index().scope(file).map(|scope| scope.steps.as_slice()).unwrap_or(&[]);
    let taken = |name: &str| steps.iter().any(|(step, _)| step == name);
    let names = std::iter::once("extracted".to_owned()).chain((2..).map(|nth| format!("extracted_{nth}")));
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

/// A step gets a new name and keeps the old one as a former name, so that chats that wait in it are found.
fn with_was(analysis: &Analysis, file: FileId, at: Span) -> Option<Action> {
    let mention = analysis.index().at(file, at.start)?;
    let old = match (&mention.name, mention.how) {
        (Name::Step(_, name), How::Declares) => name.clone(),
        // A flow too is found by its former name; nothing waits in a module or a workspace by theirs.
        (Name::File(id), How::Declares) if analysis.index().scope(*id)?.role == Role::Flow => {
            analysis.text(mention.span).to_owned()
        }
        _ => return None,
    };
    let taken = |name: &str| match mention.name {
        Name::File(_) => {
            analysis.index().files.iter().any(|of| of.name.as_ref().is_some_and(|of| of.0 == name))
        }
        _ => analysis.index().scope(file).is_some_and(|of| of.steps.iter().any(|(step, _)| step == name)),
    };
    let mut names = (2..).map(|nth| format!("{old}_{nth}"));
    let new = names.find(|name| !taken(name))?;
    let edits = rename_with_was(analysis, file, at.start, &new).ok()?;
    let title = format!("rename to `{new}`, and keep `{old}` for the chats that wait there");
    Some(Action::new(title, ActionKind::Rewrite, edits))
}
