//! What an editor offers to do: fixes of findings, and changes of what is written.

mod refactor;

use chatflow_compiler::diagnostic::{Applicability, Diagnostic, Edit};
use chatflow_compiler::fix::mend;
use chatflow_compiler::source::{FileId, Span};

use crate::analysis::Analysis;

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// It mends a finding.
    QuickFix,
    /// It moves something into a step of its own.
    Extract,
    /// It puts a step where it is run.
    Inline,
    /// It writes the same in another way, or more of it.
    Rewrite,
    /// It mends all that can be mended without a look.
    FixAll,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an order.
    pub title: String,
    /// What kind of change it is.
    pub kind: ActionKind,
    /// The finding that it mends.
    pub mends: Option<Diagnostic>,
    /// Whether it is what was meant, most likely.
    pub preferred: bool,
    /// The edits.
    pub edits: Vec<Edit>,
    /// For an action that adds a test, the statement that it shall talk to: the edits are made by whoever plays chats.
    pub test_to: Option<Span>,
}

impl Action {
    fn new(title: impl Into<String>, kind: ActionKind, edits: Vec<Edit>) -> Action {
        Action { title: title.into(), kind, mends: None, preferred: false, edits, test_to: None }
    }
}

/// What can be done at a stretch of a file.
pub fn actions(analysis: &Analysis, file: FileId, at: Span) -> Vec<Action> {
    let mut found = fixes(analysis, file, at);
    found.extend(refactor::actions(analysis, file, at));
    found
}

/// The fixes of the findings that touch a stretch of a file.
pub fn fixes(analysis: &Analysis, file: FileId, at: Span) -> Vec<Action> {
    let findings = analysis.findings(file).iter().map(|(found, _)| found);
    let touched =
        findings.filter(|found| found.primary.span.start <= at.end && at.start <= found.primary.span.end);
    let mut actions = Vec::new();
    for found in touched {
        for fix in &found.fixes {
            actions.push(Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                mends: Some(found.clone()),
                preferred: fix.applicability == Applicability::Safe && found.fixes.len() == 1,
                edits: fix.edits.clone(),
                test_to: None,
            });
        }
    }
    actions
}

/// All fixes of a file that need no look, and those of what comes to light then.
pub fn fix_all(analysis: &Analysis, file: FileId) -> Option<Action> {
    let safe = |found: &Diagnostic| found.fixes.iter().any(|fix| fix.applicability == Applicability::Safe);
    if !analysis.findings(file).iter().any(|(found, _)| safe(found)) {
        return None;
    }
    let mended = mend(&analysis.project, |_, fix| {
        fix.applicability == Applicability::Safe && fix.edits.iter().all(|edit| edit.span.file == file)
    });
    let (old, new) = (&analysis.file(file)?.source.text, &mended.project.file(file)?.source.text);
    let edit = difference(file, old, new)?;
    Some(Action::new("fix all that can only have been meant so", ActionKind::FixAll, vec![edit]))
}

/// One edit that makes a text another: what they have in common at both ends stays.
pub fn difference(file: FileId, old: &str, new: &str) -> Option<Edit> {
    if old == new {
        return None;
    }
    let same = |(one, other): &(char, char)| one == other;
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(char, _)| char.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let end: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(same)
        .map(|(char, _)| char.len_utf8())
        .sum();
    let text = new_rest.get(..new_rest.len() - end)?.to_owned();
    let span = Span { file, start: start as u32, end: (old.len() - end) as u32 };
    Some(Edit { span, text })
}
