//! Where a name is declared and used, and the places that lead elsewhere.

use chatflow_compiler::file::File;
use chatflow_compiler::index::{How, Mention, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::token::Kind;

use crate::analysis::Analysis;

/// Where the name at a byte is declared.
pub fn definition(analysis: &Analysis, file: FileId, offset: u32) -> Option<Span> {
    let index = analysis.index();
    let mention = index.at(file, offset)?;
    match (&mention.name, mention.how) {
        // The file itself is what `use` names.
        (Name::File(id), How::Uses) => Some(index.scope(*id)?.name.as_ref()?.1),
        (name, _) => place(analysis, name),
    }
}

/// Where something is declared.
pub fn place(analysis: &Analysis, name: &Name) -> Option<Span> {
    let index = analysis.index();
    match name {
        Name::File(id) => Some(index.scope(*id)?.name.as_ref()?.1),
        Name::Local(id, local) => Some(index.scope(*id)?.locals.get(local)?.1),
        name => index.declaration(name),
    }
}

/// Where the type of the name at a byte is declared: the first of its options.
pub fn type_definition(analysis: &Analysis, file: FileId, offset: u32) -> Option<Span> {
    let index = analysis.index();
    let mention = index.at(file, offset)?;
    let path = match &mention.name {
        Name::Property(_, path) | Name::Local(_, path) => path,
        _ => return None,
    };
    let ty = index.type_of(file, path)?;
    Some(ty.options()?.options.first()?.span)
}

/// Every place where the name at a byte stands; with its declaration if that is wanted.
pub fn references(analysis: &Analysis, file: FileId, offset: u32, declaration: bool) -> Vec<Span> {
    let index = analysis.index();
    let Some(mention) = index.at(file, offset).filter(|mention| is_the_projects(&mention.name)) else {
        return Vec::new();
    };
    let wanted = |mention: &&Mention| declaration || mention.how != How::Declares;
    index.mentions(&mention.name).filter(wanted).map(|mention| mention.span).collect()
}

/// Whether a project declares it, and not the language.
pub fn is_the_projects(name: &Name) -> bool {
    match name {
        Name::File(_)
        | Name::Step(..)
        | Name::Local(..)
        | Name::Property(..)
        | Name::Option { .. }
        | Name::Thing(..)
        | Name::Stage { .. } => true,
        Name::Fact(_)
        | Name::Reply
        | Name::Action(_)
        | Name::Argument(..)
        | Name::Outcome(..)
        | Name::Setting(_)
        | Name::Operator(_)
        | Name::Type(_)
        | Name::Word(_)
        | Name::Value => false,
    }
}

/// The places of a file where the same is named as at a byte, and whether it is stored there.
pub fn highlights(analysis: &Analysis, file: FileId, offset: u32) -> Vec<(Span, bool)> {
    let index = analysis.index();
    let Some(mention) = index.at(file, offset).filter(|mention| mention.name != Name::Value) else {
        return Vec::new();
    };
    // A keyword says nothing by standing elsewhere too.
    if matches!(mention.name, Name::Word(_) | Name::Type(_) | Name::Operator(_)) {
        return Vec::new();
    }
    let Some(scope) = index.scope(file) else { return Vec::new() };
    let same = scope.mentions.iter().filter(|other| other.name == mention.name);
    same.map(|other| (other.span, matches!(other.how, How::Declares | How::Stores))).collect()
}

/// Where a place of a file leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of the project.
    File(FileId),
    /// An address of the web.
    Address(String),
}

/// The places of a file that lead elsewhere: `use` lines, and addresses in texts.
pub fn links(analysis: &Analysis, file: FileId) -> Vec<(Span, Target)> {
    let (Some(scope), Some(source)) = (analysis.index().scope(file), analysis.file(file)) else {
        return Vec::new();
    };
    let used = scope.mentions.iter().filter(|mention| mention.how == How::Uses);
    let used = used.filter_map(|mention| match &mention.name {
        Name::File(id) => Some((mention.span, Target::File(*id))),
        _ => None,
    });
    let mut found: Vec<(Span, Target)> = used.chain(addresses(source)).collect();
    found.sort_by_key(|(span, _)| span.start);
    found
}

fn addresses(file: &File) -> impl Iterator<Item = (Span, Target)> + '_ {
    let tokens = &file.tokens;
    let texts = (0..tokens.kinds.len() as u32).filter(|token| tokens.kind(*token) == Some(Kind::StrText));
    texts.filter_map(|token| {
        let span = tokens.span(file.id, token);
        let text = file.text(span);
        let whole = text.starts_with("https://") || text.starts_with("http://");
        let plain = whole && !text.contains(char::is_whitespace);
        plain.then(|| (span, Target::Address(text.to_owned())))
    })
}
