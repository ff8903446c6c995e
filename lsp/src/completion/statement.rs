//! Statements, and what may stand in their heads.

use chatflow_compiler::index::Name;
use chatflow_compiler::token::Kind as Token;
use chatflow_compiler::types::Ty;
use chatflow_compiler::words::Place;
use chatflow_compiler::workspace::Thing;
use chatflow_runtime::action::{Action, ActionSpec, ObjectSpec, OutcomeDefault};

use super::Offers;
use super::context::{Word, head_of, statement};
use super::expression::Wanted;
use super::item::{Completion, Kind, escaped};

impl Offers<'_> {
    /// The line of a block of statements.
    pub(super) fn statement_line(&mut self, line: &[Word<'_>]) {
        let words = statement(line);
        match words {
            [] => self.any_statement(line),
            [.., last] if last.kind == Token::Arrow => self.steps(),
            [first, rest @ ..] => match first.kind {
                Token::Ask => self.ask(rest),
                Token::Set => self.set(rest),
                Token::Let => self.made(rest),
                Token::Clear => self.stored(),
                Token::Do => self.run(rest),
                Token::If => self.expression(rest, &Wanted::Condition),
                Token::Say if rest.is_empty() => self.text("a text"),
                Token::Wait if rest.is_empty() => self.durations(),
                _ => self.action(words),
            },
        }
    }

    fn any_statement(&mut self, line: &[Word<'_>]) {
        self.rows(Place::Statement);
        let arrow = Completion::new("->", Kind::Keyword, self.replace()).snippet("-> $0").rank(3);
        self.push(arrow.detail("-> STEP").docs("Goes to a step and does not come back."));
        if line.is_empty() {
            let otherwise = Completion::new("else", Kind::Keyword, self.replace()).rank(6);
            self.push(otherwise.docs("What runs where the `if` above it is not true."));
        } else if line.last().is_some_and(|word| word.kind == Token::Else) {
            self.keyword("if", 1);
        }
        self.actions();
    }

    /// Every action, with the outcomes that must be said.
    pub(super) fn actions(&mut self) {
        for action in Action::ALL.iter().map(|action| action.spec()).filter(|spec| spec.is_statement()) {
            let one = Completion::new(action.head, Kind::Action, self.replace())
                .detail(action.doc)
                .docs(chatflow_compiler::explain::action_page(action))
                .snippet(snippet_of(action))
                .rank(4);
            self.push(one);
        }
    }

    fn text(&mut self, what: &str) {
        let one =
            Completion::new("\"…\"", Kind::Snippet, self.replace()).detail(what).snippet("\"$0\"").rank(1);
        self.push(one);
    }

    pub(super) fn durations(&mut self) {
        for (word, what) in [("2s", "seconds"), ("10m", "minutes"), ("1h", "hours"), ("1d", "days")] {
            let one = Completion::new(word, Kind::Snippet, self.replace()).detail(what).rank(5);
            self.push(one);
        }
    }

    /// `ask …`: what the answer is stored in, its type, the question.
    fn ask(&mut self, rest: &[Word<'_>]) {
        match rest {
            [] => {
                self.text("a question whose answer is only `reply`");
                self.stored();
                let one = Completion::new("name: type", Kind::Snippet, self.replace());
                self.push(one.snippet("${1:name}: ${2:text} \"$0\"").detail("a new local").rank(3));
            }
            [.., last] if last.kind == Token::Colon => self.types(),
            [.., last] if last.kind == Token::Dot => self.expression(rest, &Wanted::Value(None)),
            [.., last] if last.kind.is_word() => self.text("the question"),
            _ => {}
        }
    }

    /// Types, as they are written behind a colon.
    pub(super) fn types(&mut self) {
        for name in Ty::NAMES {
            let about = Ty::named(name).map(|ty| ty.describe()).unwrap_or_default();
            let one = Completion::new(*name, Kind::Type, self.replace()).detail(about).rank(2);
            self.push(one);
        }
        for word in ["one of", "many of"] {
            let one = Completion::new(word, Kind::Type, self.replace()).snippet(format!("{word} [$0]"));
            self.push(one.detail("a list of options").rank(3));
        }
    }

    /// What can be stored in.
    fn stored(&mut self) {
        if let Some(home) = self.index.home(self.file) {
            for local in home.locals.keys() {
                self.name(local, Kind::Local, &Name::Local(home.home, local.clone()), 2);
            }
        }
        for (file, workspace, uses) in self.workspaces() {
            let first = self.out.len();
            for full in workspace.properties.keys() {
                self.name(full, Kind::Property, &Name::Property(file, full.clone()), 1);
            }
            self.come_with(first, &uses);
        }
    }

    fn set(&mut self, rest: &[Word<'_>]) {
        let Some(sign) = rest.iter().position(|word| word.kind == Token::Equals) else {
            return match rest.last() {
                None => self.stored(),
                Some(word) if word.kind == Token::Dot => self.expression(rest, &Wanted::Value(None)),
                Some(_) => self.keyword("=", 1),
            };
        };
        let path: String = rest.iter().take(sign).map(|word| word.text).collect();
        let ty = self.type_of(&path);
        self.expression(rest.get(sign + 1..).unwrap_or(&[]), &Wanted::Value(ty));
    }

    fn made(&mut self, rest: &[Word<'_>]) {
        let Some(sign) = rest.iter().position(|word| word.kind == Token::Equals) else {
            if !rest.is_empty() {
                self.keyword("=", 1);
            }
            return;
        };
        let value = rest.get(sign + 1..).unwrap_or(&[]);
        if value.is_empty() {
            self.functions();
        }
        self.expression(value, &Wanted::Value(None));
    }

    fn functions(&mut self) {
        for (file, workspace, uses) in self.workspaces() {
            let first = self.out.len();
            for (name, function) in &workspace.functions {
                self.name(name, Kind::Function, &Name::Thing(file, Thing::Function, name.clone()), 1);
                let stops = function.parameters.iter().enumerate();
                let stops: Vec<String> =
                    stops.map(|(nth, one)| format!("${{{}:{}}}", nth + 1, escaped(&one.name))).collect();
                if let Some(last) = self.out.last_mut() {
                    last.insert = format!("{name}({})", stops.join(", "));
                }
            }
            self.come_with(first, &uses);
        }
    }

    fn run(&mut self, rest: &[Word<'_>]) {
        match rest {
            [] => self.runnable(),
            [module, dot] if dot.kind == Token::Dot => {
                let id = self.index.home(self.file).and_then(|home| home.modules.get(module.text).copied());
                let steps = id.and_then(|id| Some((id, self.index.scope(id)?.steps.clone())));
                for (id, (step, _)) in
                    steps.into_iter().flat_map(|(id, steps)| steps.into_iter().map(move |s| (id, s)))
                {
                    self.name(&step, Kind::Step, &Name::Step(id, step.clone()), 1);
                }
            }
            _ => {}
        }
    }

    /// The head of an action, as far as it is written: its other words, then what it names.
    pub(super) fn action(&mut self, words: &[Word<'_>]) {
        let typed: Vec<&str> = words.iter().map(|word| word.text).collect();
        for spec in Action::ALL.iter().map(|action| action.spec()).filter(|spec| spec.is_statement()) {
            let head: Vec<&str> = spec.head.split(' ').collect();
            let begins =
                head.len() > typed.len() && head.iter().zip(&typed).all(|(word, typed)| word == typed);
            if let Some(rest) = head.get(typed.len()..).filter(|_| begins) {
                let one =
                    Completion::new(rest.join(" "), Kind::Action, self.replace()).docs(spec.doc).rank(1);
                self.push(one);
            }
        }
        if let Some((action, len)) = head_of(words) {
            self.objects(action.spec(), typed.get(len..).unwrap_or(&[]));
        }
    }

    fn objects(&mut self, spec: &ActionSpec, rest: &[&str]) {
        for object in spec.objects {
            match (object, rest) {
                (ObjectSpec::Named { kind, word: true }, []) => {
                    let Some(thing) = Thing::named(*kind) else { continue };
                    for (_, workspace, uses) in self.workspaces() {
                        let first = self.out.len();
                        for name in workspace.names(thing) {
                            let label = format!("{} {name}", kind.word());
                            self.push(Completion::new(label, Kind::Thing, self.replace()).rank(1));
                        }
                        self.come_with(first, &uses);
                    }
                    self.keyword(kind.word(), 2);
                }
                (ObjectSpec::Named { kind, word: true }, [word]) if *word == kind.word() => {
                    Thing::named(*kind).into_iter().for_each(|thing| self.things(thing));
                }
                (ObjectSpec::Named { kind, word: false }, []) => {
                    Thing::named(*kind).into_iter().for_each(|thing| self.things(thing));
                }
                (ObjectSpec::Words(words, _), []) => self.keyword(words, 2),
                (ObjectSpec::Address(_), []) => self.text("an address"),
                _ => {}
            }
        }
    }
}

/// An action as a snippet: its head, what it names, and a line for each outcome that must be said.
fn snippet_of(spec: &ActionSpec) -> String {
    let object = match spec.objects.first() {
        Some(ObjectSpec::Named { kind, word: true }) => format!(" {} ${{1:{}}}", kind.word(), kind.word()),
        Some(ObjectSpec::Named { kind, word: false }) => format!(" ${{1:{}}}", kind.word()),
        Some(ObjectSpec::Address(_)) => " \"${1:https://}\"".to_owned(),
        Some(ObjectSpec::Words(words, _)) => format!(" {words}"),
        Some(ObjectSpec::Called(_)) | None => String::new(),
    };
    let must = spec.outcomes.iter().filter(|row| row.default == OutcomeDefault::MustBeSaid);
    let lines: Vec<String> = must
        .enumerate()
        .map(|(nth, row)| format!("\n\t{} -> ${{{}:step}}", row.outcome.word(), nth + 2))
        .collect();
    let block = if lines.is_empty() { String::new() } else { format!(" {{{}\n\\}}", lines.concat()) };
    format!("{}{object}{block}", spec.head)
}
