//! What is said of the word under the cursor: what it is, its documentation, and what is known here.

use std::fmt::Write;

use chatflow_compiler::index::{How, Index, Mention, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::types::Ty;
use chatflow_compiler::workspace::{Thing, Workspace};
use chatflow_compiler::{explain, known_at};
use chatflow_runtime::fact::FACTS;

use crate::analysis::Analysis;

/// What is said of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// What is said of the word at a byte.
pub fn hover(analysis: &Analysis, file: FileId, offset: u32) -> Option<Hover> {
    let mention = analysis.index().at(file, offset)?;
    let mut text = about(analysis, file, &mention.name)?;
    if let Some(known) = known_here(analysis, file, mention) {
        let _ = write!(text, "\n\n{known}");
    }
    Some(Hover { span: mention.whole, text })
}

/// What a name is, in Markdown: its declaration, then what is written above it.
pub fn about(analysis: &Analysis, file: FileId, name: &Name) -> Option<String> {
    let index = analysis.index();
    Some(match name {
        Name::Fact("page.query") => {
            fenced("page.query.NAME: text", "A value of the page's address, behind its `?`.")
        }
        Name::Fact(fact) => {
            let spec = FACTS.iter().find(|spec| spec.name == *fact)?;
            fenced(&format!("{fact}: {}", ty(&index.type_of(file, fact)?)), &explain::fact_page(spec))
        }
        Name::Reply => fenced("reply: text", "The visitor's last answer, as they typed it."),
        Name::Action(action) => explain::action_page(action.spec()),
        Name::Argument(action, argument) => {
            explain::argument_page(action.spec(), action.spec().setting(*argument)?)
        }
        Name::Outcome(action, outcome) => {
            let row = action.spec().outcome(*outcome)?;
            let head = action.spec().head;
            format!(
                "An outcome of `{head}`. {} If the flow does not say what then, {}.",
                row.doc,
                explain::default(row.default)
            )
        }
        Name::Setting(setting) => explain::setting_page(&setting.spec()),
        Name::Operator(operator) => explain::operator_page(&operator.spec()),
        Name::Word(spec) => explain::word_page(spec),
        Name::Type(word) => format!("A type: {}.", Ty::named(word)?.describe()),
        Name::Value => return None,
        Name::File(id) => file_about(analysis, *id)?,
        Name::Step(..)
        | Name::Local(..)
        | Name::Property(..)
        | Name::Option { .. }
        | Name::Thing(..)
        | Name::Stage { .. } => declared(analysis, name)?,
    })
}

/// What a project declares.
fn declared(analysis: &Analysis, name: &Name) -> Option<String> {
    let index = analysis.index();
    let (line, place) = signature(index, name)?;
    let docs =
        place.and_then(|span| Some(analysis.file(span.file)?.doc_above(span.start))).unwrap_or_default();
    Some(fenced(&line, &docs))
}

/// How a name is declared, on one line, and where.
pub fn signature(index: &Index, name: &Name) -> Option<(String, Option<Span>)> {
    let workspace = |file: &FileId| index.workspaces.get(file);
    Some(match name {
        Name::Step(file, step) => {
            let scope = index.scope(*file)?;
            let span = scope.steps.iter().find(|(name, _)| name == step).map(|(_, span)| *span);
            (format!("step {step}"), span)
        }
        Name::Local(file, local) => {
            let (of, span) = index.scope(*file)?.locals.get(local)?;
            (format!("{local}: {}", ty(of)), Some(*span))
        }
        Name::Property(file, full) => {
            let property = workspace(file)?.properties.get(full)?;
            (format!("{full}: {}", ty(&property.ty)), Some(property.span))
        }
        Name::Option { file, of, name } => {
            let owner = match of.contains('.') {
                true => workspace(file)?.properties.get(of).map(|property| &property.ty),
                false => index.scope(*file)?.locals.get(of).map(|(ty, _)| ty),
            };
            let option = owner?.options()?.named(name)?;
            (format!("{name} \"{}\"", option.label), Some(option.span))
        }
        Name::Thing(file, Thing::Function, function) => {
            (function_line(workspace(file)?, function)?, index.declaration(name))
        }
        Name::Thing(file, thing, word) => {
            let info = workspace(file)?.thing(*thing, word)?;
            (format!("{} {word} \"{}\"", thing.word(), info.title), Some(info.span))
        }
        Name::Stage { pipeline, name: stage, .. } => {
            (format!("{stage}: a stage of {pipeline}"), index.declaration(name))
        }
        Name::File(_)
        | Name::Fact(_)
        | Name::Reply
        | Name::Action(_)
        | Name::Argument(..)
        | Name::Outcome(..)
        | Name::Setting(_)
        | Name::Operator(_)
        | Name::Type(_)
        | Name::Word(_)
        | Name::Value => return None,
    })
}

/// `function price_for(seats: number): number`.
pub fn function_line(workspace: &Workspace, name: &str) -> Option<String> {
    let function = workspace.functions.get(name)?;
    let parameters = function.parameters.iter().map(|one| format!("{}: {}", one.name, ty(&one.ty)));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    Some(format!("function {name}({parameters}): {}", ty(&function.result)))
}

fn file_about(analysis: &Analysis, id: FileId) -> Option<String> {
    let file = analysis.file(id)?;
    let (_, span) = analysis.index().scope(id)?.name.as_ref()?;
    let line = file.lines.line(span.start);
    let start = file.lines.line_start(line) as usize;
    let written = file.source.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    Some(fenced(written.trim(), &file.doc_above(span.start)))
}

/// A type as it is written.
pub fn ty(of: &Ty) -> String {
    let listed = |several: &str, of: &Ty| {
        let names: Vec<&str> = of.options().map(|list| list.names().collect()).unwrap_or_default();
        format!("{several} of [{}]", names.join(", "))
    };
    match of {
        Ty::OneOf(_) => listed("one", of),
        Ty::ManyOf(_) => listed("many", of),
        Ty::Error => "?".to_owned(),
        Ty::Text
        | Ty::Number
        | Ty::Bool
        | Ty::Date
        | Ty::DateTime
        | Ty::Duration
        | Ty::Email
        | Ty::Phone
        | Ty::Url => {
            let same = |name: &&&str| {
                Ty::named(name)
                    .is_some_and(|other| std::mem::discriminant(&other) == std::mem::discriminant(of))
            };
            Ty::NAMES.iter().find(same).copied().unwrap_or("?").to_owned()
        }
    }
}

fn fenced(line: &str, docs: &str) -> String {
    let docs = docs.trim();
    let gap = if docs.is_empty() { "" } else { "\n\n" };
    format!("```flow\n{line}\n```{gap}{docs}")
}

/// Whether a property or local is known at a place, and why.
fn known_here(analysis: &Analysis, file: FileId, mention: &Mention) -> Option<String> {
    let (Name::Property(_, name) | Name::Local(_, name)) = &mention.name else { return None };
    // Of a workspace nothing flows, and in a module everything counts as known.
    let scope = analysis.index().scope(file)?;
    if scope.role != chatflow_compiler::Role::Flow {
        return None;
    }
    let known = known_at(&analysis.project, file, mention.span.start)?;
    let is_it = |known: &&chatflow_compiler::KnownHere| {
        known.name == *name || known.name.rsplit_once('.').is_some_and(|(_, local)| local == name)
    };
    let Some(known) = known.iter().find(is_it) else {
        return (mention.how != How::Declares && mention.how != How::Stores)
            .then(|| "May be unknown where this statement begins.".to_owned());
    };
    let since = known.since.filter(|since| {
        let before = since.file == file && since.start < mention.span.start;
        before && !(since.start..=since.end).contains(&mention.span.start)
    });
    Some(match since.and_then(|since| Some((analysis.file(since.file)?, since))) {
        Some((file, since)) => {
            let line = file.lines.line(since.start);
            let first = file.text(since).lines().next().unwrap_or("").trim_end_matches('{').trim_end();
            format!("Known here: line {}, `{first}`.", line + 1)
        }
        None => "Known here: every way to this statement tests it or stores it.".to_owned(),
    })
}
