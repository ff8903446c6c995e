//! Renaming.

mod catalogues;

use std::ops::Range;
use std::path::{Path, PathBuf};

use chatflow_compiler::catalogue;
use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::index::{How, Name};
use chatflow_compiler::lex::lex;
use chatflow_compiler::source::{FileId, Span};

use crate::analysis::Analysis;
use crate::navigate::is_the_projects;

/// The name at a byte, if it can be renamed: its place.
pub fn prepare(analysis: &Analysis, file: FileId, offset: u32) -> Option<Span> {
    let mention = analysis.index().at(file, offset)?;
    // `use` names a file; that is renamed with the file.
    let can = is_the_projects(&mention.name) && mention.how != How::Uses && mention.how != How::Former;
    // Of a path, the last word is the name.
    (can && mention.span.start <= offset).then_some(mention.span)
}

/// What a rename changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// The edits of flows and catalogues.
    pub edits: Vec<Edit>,
    /// Those of environments: the file, the bytes, the new text.
    pub beside: Vec<(PathBuf, Range<usize>, String)>,
}

/// What gives the name at a byte another name, wherever it stands.
///
/// # Errors
/// If it cannot be renamed to that, in words for people.
pub fn everywhere(analysis: &Analysis, file: FileId, offset: u32, new: &str) -> Result<Renamed, String> {
    let edits = rename(analysis, file, offset, new)?;
    let mention = analysis.index().at(file, offset);
    let beside = mention.map(|mention| in_environments(analysis, &mention.name, new)).unwrap_or_default();
    Ok(Renamed { edits, beside })
}

/// The places of environments that map a name to an id.
fn in_environments(analysis: &Analysis, name: &Name, new: &str) -> Vec<(PathBuf, Range<usize>, String)> {
    let (kind, old) = match name {
        Name::Thing(_, thing, old) => (thing.word(), old.as_str()),
        Name::Property(_, full) => match full.split_once('.') {
            Some(parts) => parts,
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    // TOML takes other letters only in quotes.
    let bare = new.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    let new = if bare { new.to_owned() } else { format!("\"{new}\"") };
    let places = analysis.beside.iter().flat_map(|file| {
        let same = file.names.iter().filter(|(of, name, _)| of == kind && name == old);
        same.map(|(.., at)| (file.path.clone(), at.clone()))
    });
    places.map(|(path, at)| (path, at, new.clone())).collect()
}

/// The edits that give the name at a byte another name, in every flow and catalogue.
///
/// # Errors
/// If it cannot be renamed to that, in words for people.
pub fn rename(analysis: &Analysis, file: FileId, offset: u32, new: &str) -> Result<Vec<Edit>, String> {
    let index = analysis.index();
    prepare(analysis, file, offset).ok_or("nothing here can be renamed")?;
    let mention = index.at(file, offset).ok_or("nothing here can be renamed")?;
    if !is_a_name(new) {
        return Err(format!("`{new}` is no name: a name is one word of letters, digits and `_`"));
    }
    let old = analysis.text(mention.span);
    if let Some(taken) = taken(analysis, &mention.name, new) {
        return Err(format!("`{new}` is already {taken}"));
    }
    // What was called so before keeps its former name, and `use` names the file.
    let same = index.mentions(&mention.name).filter(|other| !matches!(other.how, How::Former | How::Uses));
    // A module goes by the name of its file as well.
    let same = same.filter(|other| analysis.text(other.span) == old);
    let mut edits: Vec<Edit> = same.map(|other| Edit { span: other.span, text: new.to_owned() }).collect();
    edits.extend(catalogues::follow(analysis, &edits));
    Ok(edits)
}

/// The edits of a rename that keeps the old name as a former one, so that chats find their place: for steps and flows.
pub fn rename_with_was(
    analysis: &Analysis,
    file: FileId,
    offset: u32,
    new: &str,
) -> Result<Vec<Edit>, String> {
    let mut edits = rename(analysis, file, offset, new)?;
    let index = analysis.index();
    let Some(mention) = index.at(file, offset) else { return Ok(edits) };
    let old = analysis.text(mention.span).to_owned();
    let Some(declared) = crate::navigate::place(analysis, &mention.name) else { return Ok(edits) };
    let former = index.mentions(&mention.name).find(|other| other.how == How::Former);
    let keeps = match former {
        Some(first) => Edit { span: first.span.at_start(), text: format!("{old}, ") },
        None => Edit { span: declared.at_end(), text: format!(" was {old}") },
    };
    // One edit for the name and what comes right behind it: two that meet would have no order.
    match edits.iter_mut().find(|edit| edit.span == declared && keeps.span.start == declared.end) {
        Some(edit) => edit.text.push_str(&keeps.text),
        None => edits.push(keeps),
    }
    Ok(edits)
}

/// Whether a text is one word that can be a name.
pub fn is_a_name(text: &str) -> bool {
    const NEVER: [&str; 6] = ["and", "or", "not", "is", "then", "else"];
    let (tokens, notes) = lex(text);
    let word = matches!(tokens.kinds.as_slice(), [kind] if kind.is_word());
    word && notes.is_empty() && !NEVER.contains(&text)
}

/// What else has this name already, where both could be meant.
fn taken(analysis: &Analysis, name: &Name, new: &str) -> Option<&'static str> {
    let index = analysis.index();
    let workspace = |file: &FileId| index.workspaces.get(file);
    match name {
        Name::Step(file, _) => {
            index.scope(*file)?.steps.iter().any(|(step, _)| step == new).then_some("the name of a step")
        }
        Name::Local(file, _) => index.scope(*file)?.locals.contains_key(new).then_some("the name of a local"),
        Name::Property(file, full) => {
            let scope = full.split('.').next()?;
            let full = format!("{scope}.{new}");
            workspace(file)?.properties.contains_key(&full).then_some("the name of a property")
        }
        Name::Thing(file, thing, _) => {
            let workspace = workspace(file)?;
            let taken = workspace.thing(*thing, new).is_some() || workspace.functions.contains_key(new);
            taken.then_some("declared")
        }
        Name::Option { file, of, .. } => {
            let ty = match of.contains('.') {
                true => workspace(file)?.properties.get(of).map(|property| &property.ty),
                false => index.scope(*file)?.locals.get(of).map(|(ty, _)| ty),
            };
            ty?.options()?.named(new).map(|_| "an option")
        }
        Name::File(_) => {
            let same = |scope: &chatflow_compiler::index::Scope| {
                scope.name.as_ref().is_some_and(|(name, _)| name == new)
            };
            index.files.iter().any(same).then_some("the name of a file of this project")
        }
        _ => None,
    }
}

/// The edits that keep `use` lines right when a file gets another name: the stems before and after.
pub fn file_renamed(analysis: &Analysis, file: FileId, new: &str) -> Vec<Edit> {
    let mentions = analysis.index().files.iter().flat_map(|scope| &scope.mentions);
    let uses = mentions.filter(|mention| mention.name == Name::File(file) && mention.how == How::Uses);
    uses.map(|mention| Edit { span: mention.span, text: new.to_owned() }).collect()
}

/// The catalogues of a file that gets another path, each with the one that it should have then.
pub fn catalogues_moved(analysis: &Analysis, file: FileId, new: &Path) -> Vec<(PathBuf, PathBuf)> {
    let Some(source) = analysis.file(file).map(|file| file.source.path.as_str()) else { return Vec::new() };
    let moved = analysis.project.files.iter().filter_map(|other| {
        let (of, tag) = catalogue::of(&other.source.path)?;
        let new = PathBuf::from(catalogue::path(&new.to_string_lossy(), tag));
        (of == source).then_some((analysis.path_of(other.id)?, new))
    });
    moved.collect()
}
