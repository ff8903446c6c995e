//! Leaves out what a workspace file declares already.

use std::collections::BTreeSet;
use std::path::Path;

use chatflow_compiler::file::View;
use chatflow_compiler::source::{FileId, Source};
use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{Expr, ExprKind, Item};
use chatflow_compiler::{File, Severity};

use crate::import::report::Tally;
use crate::import::write::Declared;
use crate::trouble::Trouble;

/// Leaves out of `declared` what the text of a workspace file declares already: people may have changed it there.
///
/// # Errors
/// If the text is no workspace file, or cannot be read.
pub fn leave_out(path: &Path, text: &str, declared: &mut Declared, tally: &mut Tally) -> Result<(), Trouble> {
    let file = File::read(FileId(0), Source::new(path.display().to_string(), text));
    if file.diagnostics.iter().any(|found| found.severity() == Severity::Error) {
        return Err(Trouble::new(format!("`{}` has errors", path.display()))
            .help(format!("See what they are with: chatflow check {}", path.display())));
    }
    let names = names(&file).ok_or_else(|| {
        Trouble::new(format!("`{}` is no workspace file", path.display()))
            .help("A workspace file begins with a line like: workspace acme \"Acme Inc.\"")
    })?;
    let mut is_new = |kind: &str, between: char, name: &str| {
        let known = names.contains(&(kind.to_owned(), name.to_owned()));
        if known {
            tally.there_already(&format!("{kind}{between}{name}"));
        }
        !known
    };
    for (object, properties) in &mut declared.properties {
        properties.retain(|property| is_new(object.word(), '.', &property.name));
    }
    declared.users.retain(|user| is_new("user", ' ', &user.name));
    declared.teams.retain(|team| is_new("team", ' ', &team.name));
    declared.meetings.retain(|meeting| is_new("meeting", ' ', &meeting.name));
    Ok(())
}

/// What a workspace declares, each by its kind's word and its name; nothing if the file is none.
fn names(file: &File) -> Option<BTreeSet<(String, String)>> {
    let mut names = BTreeSet::new();
    let mut is_workspace = false;
    for (view, item) in file.views() {
        match item {
            Item::Header { head, .. } => is_workspace = view.kind(*head) == Some(Kind::Workspace),
            Item::Properties { head, properties } => {
                let scope = view.text(*head);
                names.extend(
                    properties.iter().map(|property| (scope.to_owned(), view.text(property.name).to_owned())),
                );
            }
            Item::Declaration { head, values, .. } => {
                let name = values.first().and_then(|value| word(view, value));
                names.extend(name.map(|name| (view.text(*head).to_owned(), name.to_owned())));
            }
            Item::Step { .. }
            | Item::Anytime { .. }
            | Item::Outdated { .. }
            | Item::Function { .. }
            | Item::Test { .. }
            | Item::TestsFor { .. }
            | Item::Error => {}
        }
    }
    is_workspace.then_some(names)
}

/// The word that a value is.
fn word<'f>(view: View<'f>, value: &Expr) -> Option<&'f str> {
    let ExprKind::Path { words, index: None } = &value.kind else { return None };
    match words.as_slice() {
        [word] => Some(view.text(*word)),
        _ => None,
    }
}
