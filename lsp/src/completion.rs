//! What can be written at the cursor.

mod blocks;
pub(crate) mod context;
mod expression;
mod item;
mod left;
mod statement;

use chatflow_compiler::Role;
use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::index::{Index, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::token::Kind as Token;
use chatflow_compiler::types::Ty;
use chatflow_compiler::words::{self, Place, WordSpec};
use chatflow_compiler::workspace::{Thing, Workspace};

pub use item::{Completion, Kind, plain};

use crate::analysis::Analysis;
use crate::hover::{about, signature};
use context::{Block, Context};
use item::of_form;

/// What can be written at a byte of a file. In words of a text and in comments, that is nothing.
pub fn complete(analysis: &Analysis, file: FileId, offset: u32) -> Vec<Completion> {
    let Some(source) = analysis.file(file) else { return Vec::new() };
    let Some(context) = Context::at(source, offset) else { return Vec::new() };
    let mut offers = Offers { analysis, index: analysis.index(), file, context: &context, out: Vec::new() };
    offers.all();
    let mut found = offers.out;
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|one| seen.insert(one.label.clone()));
    found
}

/// What is offered so far.
struct Offers<'a> {
    analysis: &'a Analysis,
    index: &'a Index,
    file: FileId,
    context: &'a Context<'a>,
    out: Vec<Completion>,
}

impl<'a> Offers<'a> {
    fn all(&mut self) {
        let Some(frame) = self.context.frame() else { return };
        let line = self.context.line.clone();
        match frame.open {
            Token::StrOpen => {}
            Token::HoleOpen => self.hole(&line),
            Token::LParen => self.in_parentheses(&frame.head.clone(), &line),
            Token::LBracket => self.in_list(&frame.head.clone(), &line),
            _ => self.lines(frame.block, &line),
        }
    }

    fn replace(&self) -> Span {
        self.context.prefix
    }

    fn push(&mut self, completion: Completion) {
        self.out.push(completion);
    }

    /// A word as it is.
    fn keyword(&mut self, word: &str, rank: u8) {
        let one = Completion::new(word, Kind::Keyword, self.replace()).rank(rank);
        self.push(one);
    }

    /// Words that a setting takes.
    fn words(&mut self, words: &[&str]) {
        for word in words {
            let one = Completion::new(*word, Kind::Option, self.replace()).rank(1);
            self.push(one);
        }
    }

    /// A row of the table of words, as a snippet.
    fn row(&mut self, spec: &'static WordSpec) {
        let kind = if spec.place == Place::Question { Kind::Setting } else { Kind::Keyword };
        let one = Completion::new(spec.word, kind, self.replace())
            .detail(spec.form)
            .docs(spec.doc)
            .snippet(of_form(spec.form))
            .rank(3);
        self.push(one);
    }

    fn rows(&mut self, place: Place) {
        words::at(place).for_each(|spec| self.row(spec));
    }

    /// A name of the project, with its declaration and documentation.
    fn name(&mut self, label: &str, kind: Kind, name: &Name, rank: u8) {
        let detail = signature(self.index, name).map(|(line, _)| line).unwrap_or_default();
        let docs = about(self.analysis, self.file, name).unwrap_or_default();
        let one = Completion::new(label, kind, self.replace()).detail(detail).docs(docs).rank(rank);
        self.push(one);
    }

    /// The things of a kind.
    fn things(&mut self, thing: Thing) {
        for (file, workspace, uses) in self.workspaces() {
            let first = self.out.len();
            let names: Vec<String> = match thing {
                Thing::Function => workspace.functions.keys().cloned().collect(),
                _ => workspace.names(thing).map(str::to_owned).collect(),
            };
            for name in names {
                self.name(&name, Kind::Thing, &Name::Thing(file, thing, name.clone()), 1);
            }
            self.come_with(first, &uses);
        }
    }

    /// The workspaces whose names can be written: the one that is used; without one, all that could be, each with the
    /// edit that uses it.
    fn workspaces(&self) -> Vec<(FileId, &'a Workspace, Vec<Edit>)> {
        if let Some((file, workspace)) = self.index.workspace(self.file) {
            return vec![(file, workspace, Vec::new())];
        }
        let home = self.index.home(self.file);
        if !home.is_some_and(|home| matches!(home.role, Role::Flow | Role::Module)) {
            return Vec::new();
        }
        let all = self.index.workspaces.iter().filter_map(|(id, workspace)| {
            let uses = self.added_use(*id);
            (!uses.is_empty()).then_some((*id, workspace, uses))
        });
        all.collect()
    }

    /// What was offered since then needs a `use` line, and comes behind what needs none.
    fn come_with(&mut self, first: usize, uses: &[Edit]) {
        if uses.is_empty() {
            return;
        }
        for one in self.out.iter_mut().skip(first) {
            one.more = uses.to_vec();
            one.rank = one.rank.saturating_add(4);
        }
    }

    /// The steps that an arrow may lead to.
    fn steps(&mut self) {
        let Some(home) = self.index.home(self.file) else { return };
        let (file, steps) = (home.home, home.steps.clone());
        for (step, _) in steps {
            self.name(&step, Kind::Step, &Name::Step(file, step.clone()), 1);
        }
        let block = Completion::new("{ … }", Kind::Snippet, self.replace()).snippet("{\n\t$0\n\\}").rank(4);
        self.push(block.detail("a block"));
    }

    /// The steps that `do` may run: its own, and those of modules, also of those that are not used yet.
    fn runnable(&mut self) {
        let Some(home) = self.index.home(self.file) else { return };
        let (own, modules) = (home.home, home.modules.clone());
        for (step, _) in &home.steps.clone() {
            self.name(step, Kind::Step, &Name::Step(own, step.clone()), 1);
        }
        for (module, id) in &modules {
            self.steps_of(module, *id, false);
        }
        let others = self.index.files.iter().enumerate().filter(|(_, scope)| scope.role == Role::Module);
        for (nth, scope) in others.collect::<Vec<_>>() {
            let id = FileId(nth as u32);
            let stem = self.analysis.file(id).map_or("", |file| stem(&file.source.path)).to_owned();
            if scope.name.is_some() && id != own && !modules.values().any(|used| *used == id) {
                self.steps_of(&stem, id, true);
            }
        }
    }

    fn steps_of(&mut self, module: &str, id: FileId, unused: bool) {
        let Some(scope) = self.index.scope(id) else { return };
        let more = if unused { self.added_use(id) } else { Vec::new() };
        if unused && more.is_empty() {
            return;
        }
        for (step, _) in scope.steps.clone() {
            self.name(
                &format!("{module}.{step}"),
                Kind::Step,
                &Name::Step(id, step),
                if unused { 4 } else { 2 },
            );
            if let Some(last) = self.out.last_mut() {
                last.more.clone_from(&more);
            }
        }
    }

    /// The edit that adds a line that uses a file, below the last such line or below the header; none where it would
    /// not be found: it must stand beside this one or in a folder above.
    fn added_use(&self, used: FileId) -> Vec<Edit> {
        let home = self.index.home(self.file).and_then(|home| self.analysis.file(home.home));
        let (Some(file), Some(used)) = (home, self.analysis.file(used)) else { return Vec::new() };
        let folder =
            |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        if file.id == used.id || !file.source.path.starts_with(&folder(&used.source.path)) {
            return Vec::new();
        }
        let name = stem(&used.source.path);
        let mut after = None;
        for (view, _) in file.views() {
            if matches!(view.kind(0), Some(Token::Use | Token::Flow | Token::Module)) {
                after = Some(view.at(0));
            }
        }
        let Some(after) = after else { return Vec::new() };
        let line = file.lines.line(after.start) + 1;
        let gap = if file.text(after) == "use" { "" } else { "\n" };
        let at = if line < file.lines.lines() { file.lines.line_start(line) } else { file.tokens.len };
        let span = Span { file: file.id, start: at, end: at };
        vec![Edit { span, text: format!("{gap}use {name}\n") }]
    }

    /// The type of what is written left of an operator or sign.
    fn type_of(&self, path: &str) -> Option<Ty> {
        self.index.type_of(self.file, path)
    }

    /// The options of a type, first of all.
    fn values_of(&mut self, ty: &Ty) {
        if let Some(list) = ty.options() {
            for option in &list.options {
                let label =
                    if option.label == option.name { String::new() } else { format!("\"{}\"", option.label) };
                let one = Completion::new(&option.name, Kind::Option, self.replace()).detail(label).rank(0);
                self.push(one);
            }
        }
        match ty {
            Ty::Bool => self.words(&["true", "false"]),
            Ty::Date | Ty::DateTime => self.words(&["today", "now"]),
            _ => {}
        }
    }

    fn is_in(&self, block: Block) -> bool {
        self.context.frames.iter().any(|frame| frame.block == block)
    }
}

/// The name that `use` gives a file.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".flow").unwrap_or(name)
}
