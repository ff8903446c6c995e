//! What each name of a project means, wherever it is written.
//!
//! Definitions, references, renaming, highlighting and hovering are made of one list: the places of each file where
//! something is named, with what that is. The list is complete also where a flow has mistakes: what cannot be read or
//! means nothing is left out, and nothing else with it.

mod expression;
mod item;
mod statement;

use std::collections::BTreeMap;

use chatflow_runtime::action::{Action, Argument, Outcome};
use chatflow_runtime::fact::FACTS;
use chatflow_runtime::setting::Setting;

use crate::check::{fact_type, locals};
use crate::file::File;
use crate::operator::Operator;
use crate::project::{Links, Project, Role, role, tests_of};
use crate::source::{FileId, Span};
use crate::tree::Item;
use crate::types::Ty;
use crate::words::WordSpec;
use crate::workspace::{Thing, Workspace};
use item::Reader;
pub use statement::action_of;

/// Something that has a name. What a project declares is told apart by the file that declares it.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum Name {
    /// A flow, module or workspace: its file.
    File(FileId),
    /// `step NAME`, by the file that declares it.
    Step(FileId, String),
    /// A local of a flow or module.
    Local(FileId, String),
    /// A property, by its workspace and its full name: `contact.email`.
    Property(FileId, String),
    /// An option, by the file and the property or local that it is declared for.
    Option { file: FileId, of: String, name: String },
    /// Anything else that a workspace declares.
    Thing(FileId, Thing, String),
    /// A stage of a pipeline.
    Stage { file: FileId, pipeline: String, name: String },
    /// A fact: `page.url`; `page.query` stands for all of its kind.
    Fact(&'static str),
    /// `reply`.
    Reply,
    /// The head of an action.
    Action(Action),
    /// A setting of an action.
    Argument(Action, Argument),
    /// An outcome of an action.
    Outcome(Action, Outcome),
    /// A setting of a flow.
    Setting(Setting),
    /// An operator.
    Operator(Operator),
    /// A type that is one word.
    Type(&'static str),
    /// A word of the language's own.
    Word(&'static WordSpec),
    /// A word that a setting or fact may be: `website`, `mobile`.
    Value,
}

/// What is done with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Declares it.
    Declares,
    /// Says what it was called before.
    Former,
    /// Stores something in it.
    Stores,
    /// Goes to the step.
    Goes,
    /// Runs the step and comes back.
    Runs,
    /// Names the file: `use NAME`.
    Uses,
    /// Anything else.
    Reads,
}

/// A place where something is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where: of a path, the word that is the name.
    pub span: Span,
    /// The whole path: `contact.email`.
    pub whole: Span,
    /// What.
    pub name: Name,
    /// To do what with it.
    pub how: How,
}

/// What the names of one file mean.
#[derive(Debug)]
pub struct Scope {
    /// What the file says it is.
    pub role: Role,
    /// The flow or module whose steps and locals count: for a file of tests the flow that it tests, else the file.
    pub home: FileId,
    /// The name that its header gives, with its place.
    pub name: Option<(String, Span)>,
    /// The workspace that it uses, or that it is.
    pub workspace: Option<FileId>,
    /// The modules that it uses, by the names that `do` gives them.
    pub modules: BTreeMap<String, FileId>,
    /// Its steps, with the places of their names, in the order of the source.
    pub steps: Vec<(String, Span)>,
    /// Its locals, with their types and where they first stand.
    pub locals: BTreeMap<String, (Ty, Span)>,
    /// Where something is named, in the order of the source.
    pub mentions: Vec<Mention>,
}

/// What the names of a project mean.
#[derive(Debug, Default)]
pub struct Index {
    /// For each file, by its number.
    pub files: Vec<Scope>,
    /// The workspaces.
    pub workspaces: BTreeMap<FileId, Workspace>,
}

impl Index {
    /// Reads the names of a project.
    pub fn new(project: &Project) -> Index {
        let links = Links::read(project, &mut Vec::new());
        let mut files: Vec<Scope> = project.files.iter().map(|file| scope(project, &links, file)).collect();
        let workspaces = links.workspaces;
        let mut index = Index { files: Vec::new(), workspaces };
        std::mem::swap(&mut index.files, &mut files);
        let mentions: Vec<Vec<Mention>> =
            project.files.iter().map(|file| Reader::new(&index, file.id).read(file)).collect();
        for (scope, mentions) in index.files.iter_mut().zip(mentions) {
            scope.mentions = mentions;
        }
        index
    }

    /// What the names of a file mean.
    pub fn scope(&self, file: FileId) -> Option<&Scope> {
        self.files.get(file.0 as usize)
    }

    /// The scope whose steps and locals count in a file.
    pub fn home(&self, file: FileId) -> Option<&Scope> {
        self.scope(self.scope(file)?.home)
    }

    /// The workspace whose names count in a file.
    pub fn workspace(&self, file: FileId) -> Option<(FileId, &Workspace)> {
        let id = self.home(file)?.workspace?;
        Some((id, self.workspaces.get(&id)?))
    }

    /// What is named at a byte; where two names meet there, the one behind it.
    pub fn at(&self, file: FileId, offset: u32) -> Option<&Mention> {
        let mentions = &self.scope(file)?.mentions;
        let after = mentions.partition_point(|mention| mention.span.start <= offset);
        // A word inside of several others' span, such as a text's, is the last that begins before.
        let before = mentions.get(..after)?.iter().rev().take(4).find(|mention| offset <= mention.span.end);
        // On a word before the last one of a path, that path is meant.
        let path = || mentions.get(after..)?.first().filter(|mention| mention.whole.start <= offset);
        before.or_else(path)
    }

    /// Every place where something is named.
    pub fn mentions<'i>(&'i self, name: &'i Name) -> impl Iterator<Item = &'i Mention> {
        self.files.iter().flat_map(|scope| &scope.mentions).filter(move |mention| mention.name == *name)
    }

    /// Where something is declared, or first stands.
    pub fn declaration(&self, name: &Name) -> Option<Span> {
        let declares = |mention: &&Mention| mention.how == How::Declares;
        self.mentions(name).find(declares).map(|mention| mention.span)
    }

    /// The type of a name as an expression has it in a file: `contact.email`, `name`, `page.url`.
    pub fn type_of(&self, file: FileId, path: &str) -> Option<Ty> {
        let property = || Some(self.workspace(file)?.1.properties.get(path)?.ty.clone());
        let local = || Some(self.home(file)?.locals.get(path)?.0.clone());
        let fact = || {
            let spec = FACTS.iter().find(|spec| spec.name == path)?;
            Some(fact_type(spec.value, Span { file, start: 0, end: 0 }))
        };
        match path {
            "reply" => Some(Ty::Text),
            _ if path.starts_with("page.query") => Some(Ty::Text),
            _ => property().or_else(local).or_else(fact),
        }
    }
}

fn scope(project: &Project, links: &Links<'_>, file: &File) -> Scope {
    let role = role(file);
    let uses = links.uses.get(&file.id);
    let mut scope = Scope {
        role,
        home: tests_of(project, file).unwrap_or(file.id),
        name: None,
        workspace: match role {
            Role::Workspace => Some(file.id),
            _ => uses.and_then(|uses| uses.workspace).map(|(workspace, _)| workspace),
        },
        modules: uses
            .into_iter()
            .flat_map(|uses| &uses.modules)
            .map(|(n, (id, _))| (n.clone(), *id))
            .collect(),
        steps: Vec::new(),
        locals: BTreeMap::new(),
        mentions: Vec::new(),
    };
    for (view, item) in file.views() {
        match item {
            Item::Header { name, .. } if scope.name.is_none() => {
                scope.name = Some((view.text(*name).to_owned(), view.at(*name)));
            }
            Item::Step { name, .. } => scope.steps.push((view.text(*name).to_owned(), view.at(*name))),
            _ => {}
        }
    }
    if matches!(role, Role::Flow | Role::Module) {
        scope.locals = locals(links, file);
    }
    scope
}
