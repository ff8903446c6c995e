//! The lines of blocks: settings and what they take, choices, outcomes, items, lines of tests.

use chatflow_compiler::Role;
use chatflow_compiler::token::Kind as Token;
use chatflow_compiler::words::{self, Place};
use chatflow_compiler::workspace::{SEATS, Thing};
use chatflow_runtime::action::{Action, Argument, Outcome, OutcomeDefault, Takes};
use chatflow_runtime::channel::Channel;
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::plan::Plan;
use chatflow_runtime::setting::{Setting, SettingBlock, SettingTakes};

use super::context::{Block, Word, statement};
use super::expression::Wanted;
use super::item::{Completion, Kind};
use super::{Offers, stem};

impl Offers<'_> {
    /// The line of a block, of which the words before the cursor are given.
    pub(super) fn lines(&mut self, block: Block, line: &[Word<'_>]) {
        match block {
            Block::Items => self.items(line),
            Block::Statements => self.statement_line(line),
            Block::Anytime => self.arrowed(line, &Wanted::Condition),
            Block::Target => self.target(line),
            Block::Settings(of) => self.settings(of, line),
            Block::Question => self.question(line),
            Block::Action(action) => self.of_action(action, line),
            Block::Say => self.media(line),
            Block::Stored => self.outcome_line(line, &[Outcome::Failed.word()]),
            Block::Test => self.test(line),
            Block::Properties => self.properties(line),
            Block::Thing(thing) => self.of_thing(thing, line),
            Block::Texts => {
                if line.is_empty() {
                    self.built_in();
                }
            }
            // The values of a webhook's body and headers.
            Block::Other => {
                if let Some((_, rest)) = line.split_first() {
                    self.expression(rest, &Wanted::Value(None));
                }
            }
        }
    }

    fn items(&mut self, line: &[Word<'_>]) {
        let role = self.index.scope(self.file).map_or(Role::Neither, |scope| scope.role);
        let Some((first, rest)) = line.split_first() else {
            let place = match role {
                Role::Flow => Place::Flow,
                Role::Module => Place::Module,
                Role::Workspace => Place::Workspace,
                Role::Tests => return self.row_of(Place::Flow, "test"),
                Role::Neither | Role::Catalogue | Role::Settings => Place::Header,
            };
            return self.rows(place);
        };
        match (first.kind, rest) {
            (_, [.., last]) if last.kind == Token::Arrow => self.steps(),
            (_, [.., last]) if last.kind == Token::Colon => self.types(),
            (Token::Use, []) => self.files(),
            (Token::Channel, _) => {
                let names: Vec<&str> = Channel::ALL.iter().map(|channel| channel.spec().name).collect();
                self.words(&names);
            }
            (Token::Languages, _) => {
                let tags: Vec<&str> = Language::ALL.iter().map(|language| language.tag()).collect();
                self.words(&tags);
            }
            (Token::Inbox, []) if role != Role::Workspace => self.things(Thing::Inbox),
            (Token::Plan, []) => self.words(&Plan::ALL.iter().map(|plan| plan.word()).collect::<Vec<_>>()),
            (Token::Privacy, []) => self.words(&["strict"]),
            (Token::Outdated, []) => self.keyword("->", 1),
            (Token::Tests, []) => self.keyword("for", 1),
            (Token::Tests, [_]) => self.flows(),
            _ => {}
        }
    }

    fn row_of(&mut self, place: Place, word: &str) {
        words::named(place, word).into_iter().for_each(|spec| self.row(spec));
    }

    /// What `use` may name.
    fn files(&mut self) {
        for (nth, scope) in self.index.files.iter().enumerate() {
            let file = self.analysis.project.files.get(nth).filter(|file| file.id != self.file);
            if let (Role::Workspace | Role::Module, Some(file)) = (scope.role, file) {
                let detail = if scope.role == Role::Module { "module" } else { "workspace" };
                let one = Completion::new(stem(&file.source.path), Kind::File, self.replace());
                self.push(one.detail(detail).rank(1));
            }
        }
    }

    fn flows(&mut self) {
        let flows = self.index.files.iter().filter(|scope| scope.role == Role::Flow);
        for (name, _) in flows.filter_map(|scope| scope.name.clone()) {
            let one = Completion::new(name, Kind::File, self.replace()).detail("flow").rank(1);
            self.push(one);
        }
    }

    fn target(&mut self, line: &[Word<'_>]) {
        match line {
            [] => self.rows(Place::Target),
            [_] => self.keyword("when", 1),
            [_, _, rest @ ..] => self.expression(rest, &Wanted::Condition),
        }
    }

    /// Whether a line above begins with this word.
    fn is_given(&self, word: &str) -> bool {
        self.context.frame().is_some_and(|frame| frame.lines.iter().any(|line| line.text == word))
    }

    fn settings(&mut self, of: SettingBlock, line: &[Word<'_>]) {
        let Some((first, rest)) = line.split_first() else {
            for setting in Setting::ALL.iter().copied() {
                let spec = setting.spec();
                let given = self.is_given(spec.word) && setting != Setting::Trigger;
                if spec.block != of || given {
                    continue;
                }
                let takes = match &spec.takes {
                    SettingTakes::Text => " \"$0\"",
                    SettingTakes::Url => " \"https://$0\"",
                    SettingTakes::Colour => " #$0",
                    SettingTakes::Duration
                    | SettingTakes::Survey
                    | SettingTakes::Word(_)
                    | SettingTakes::WordAndText(_)
                    | SettingTakes::Trigger => " $0",
                };
                let one = Completion::new(spec.word, Kind::Setting, self.replace())
                    .detail(format!("default: {}", spec.default))
                    .docs(chatflow_compiler::explain::setting_page(&spec))
                    .snippet(format!("{}{takes}", spec.word))
                    .rank(2);
                self.push(one);
            }
            return;
        };
        let Some(setting) = Setting::named(of, first.text).filter(|_| rest.is_empty()) else { return };
        match setting.spec().takes {
            SettingTakes::Word(all) | SettingTakes::WordAndText(all) => self.words(all),
            SettingTakes::Survey => self.things(Thing::Survey),
            SettingTakes::Trigger => {
                self.words(&["on_exit"]);
                for (word, snippet) in [("after", "after ${1:8s}"), ("scrolled", "scrolled ${1:50%}")] {
                    let one = Completion::new(word, Kind::Option, self.replace()).snippet(snippet).rank(1);
                    self.push(one);
                }
            }
            SettingTakes::Duration => self.durations(),
            SettingTakes::Text | SettingTakes::Url | SettingTakes::Colour => {}
        }
    }

    fn question(&mut self, line: &[Word<'_>]) {
        let target = self.asked();
        match line {
            [] => {
                for spec in words::at(Place::Question) {
                    if !self.is_given(spec.word.split(' ').next().unwrap_or("")) {
                        self.row(spec);
                    }
                }
                let choice = Completion::new("\"…\" -> …", Kind::Snippet, self.replace());
                self.push(choice.snippet("\"${1:label}\" -> ${2:step}").detail("a choice").rank(1));
                let ty = target.as_deref().and_then(|path| self.type_of(path));
                for option in ty.iter().filter_map(|ty| ty.options()).flat_map(|list| &list.options) {
                    let label = format!("\"{}\" = {}", option.label, option.name);
                    let one = Completion::new(label, Kind::Option, self.replace()).detail("a choice").rank(2);
                    self.push(one);
                }
            }
            [first] if first.text == "skip" => self.keyword("when", 1),
            [first, _, rest @ ..] if first.text == "skip" => self.expression(rest, &Wanted::Condition),
            _ => {
                let ty = target.and_then(|path| self.type_of(&path));
                let sign = line.iter().position(|word| word.kind == Token::Equals);
                let value = sign.map_or(&[][..], |at| line.get(at + 1..).unwrap_or(&[]));
                if sign.is_some() && value.is_empty() {
                    return self.expression(value, &Wanted::Value(ty));
                }
                self.arrow_line(line);
            }
        }
    }

    /// The target of the question whose block this is.
    fn asked(&self) -> Option<String> {
        let head = statement(&self.context.frame()?.head);
        let path = head.get(1..)?.iter().take_while(|word| word.kind.is_word() || word.kind == Token::Dot);
        let path: String = path.map(|word| word.text).collect();
        (!path.is_empty()).then_some(path)
    }

    /// A line with an arrow: what follows it is a step, what stands before it is written.
    fn arrow_line(&mut self, line: &[Word<'_>]) {
        match line.last() {
            Some(last) if last.kind == Token::Arrow => self.steps(),
            Some(_) => {
                self.keyword("->", 1);
                if line.len() == 1 && line.first().is_some_and(|word| word.kind == Token::StrClose) {
                    self.keyword("=", 2);
                }
            }
            None => {}
        }
    }

    fn arrowed(&mut self, line: &[Word<'_>], wanted: &Wanted) {
        match line.last() {
            Some(last) if last.kind == Token::Arrow => self.steps(),
            _ => self.expression(line, wanted),
        }
    }

    fn outcome_line(&mut self, line: &[Word<'_>], outcomes: &[&str]) {
        if !line.is_empty() {
            return self.arrow_line(line);
        }
        for word in outcomes {
            let one = Completion::new(*word, Kind::Outcome, self.replace()).snippet(format!("{word} -> $0"));
            self.push(one.rank(1));
        }
    }

    fn of_action(&mut self, action: Action, line: &[Word<'_>]) {
        let spec = action.spec();
        let Some((first, rest)) = line.split_first() else {
            for row in spec.sayable().filter(|row| !self.is_given(row.outcome.word())).collect::<Vec<_>>() {
                let must = row.default == OutcomeDefault::MustBeSaid;
                let one = Completion::new(row.outcome.word(), Kind::Outcome, self.replace())
                    .detail(if must { "must be said" } else { "an outcome" })
                    .docs(row.doc)
                    .snippet(format!("{} -> $0", row.outcome.word()))
                    .rank(if must { 0 } else { 2 });
                self.push(one);
            }
            for setting in spec.settings {
                if setting.takes.repeats() || !self.is_given(setting.argument.word()) {
                    let one = Completion::new(setting.argument.word(), Kind::Setting, self.replace())
                        .docs(chatflow_compiler::explain::argument_page(spec, setting))
                        .snippet(format!("{}{}", setting.argument.word(), taken(setting.takes)))
                        .rank(3);
                    self.push(one);
                }
            }
            if spec.waits.may_be_for_visitor() {
                self.row_of(Place::Action, "timeout");
            }
            if spec.waits.late().is_some() {
                self.row_of(Place::Action, "deadline");
            }
            return;
        };
        let setting = Argument::named(first.text).and_then(|argument| spec.setting(argument));
        match setting.map(|setting| setting.takes) {
            Some(Takes::Word(all)) if rest.is_empty() => self.words(all),
            Some(Takes::StageOfPipeline) if rest.is_empty() => self.stages(),
            Some(Takes::Text) => self.expression(rest, &Wanted::Value(None)),
            Some(Takes::Results) if rest.last().is_some_and(|word| word.kind == Token::Colon) => self.types(),
            Some(Takes::Results) if rest.len() == 1 => self.keyword("as", 1),
            Some(_) => {}
            None if matches!(rest, []) && matches!(first.text, "timeout" | "deadline") => self.durations(),
            None => self.arrow_line(line),
        }
    }

    /// The stages of the pipeline that the action names.
    fn stages(&mut self) {
        let Some(name) = self.context.frame().and_then(|frame| frame.head.last()).map(|word| word.text)
        else {
            return;
        };
        let Some((_, workspace)) = self.index.workspace(self.file) else { return };
        let stages = workspace.thing(Thing::Pipeline, name).map(|it| it.names.clone()).unwrap_or_default();
        for (stage, _) in stages {
            let one = Completion::new(stage, Kind::Option, self.replace()).rank(0);
            self.push(one);
        }
    }

    fn media(&mut self, line: &[Word<'_>]) {
        for spec in MediaKind::ALL.iter().map(|kind| kind.spec()) {
            if line.is_empty() {
                let one = Completion::new(spec.word, Kind::Setting, self.replace()).docs(spec.doc);
                self.push(one.snippet(format!("{} \"https://$1\" {} \"$2\"", spec.word, spec.words)).rank(2));
            } else if matches!(line, [first, _] if first.text == spec.word) {
                self.keyword(spec.words, 1);
            }
        }
    }

    fn test(&mut self, line: &[Word<'_>]) {
        let Some((first, rest)) = line.split_first() else { return self.rows(Place::Test) };
        match first.kind {
            Token::Given => self.expression(rest, &Wanted::Condition),
            Token::Expect => {
                let words = statement(line);
                if rest.is_empty() {
                    self.keyword("not", 5);
                    self.actions();
                }
                if !words.is_empty() {
                    self.action(words);
                }
                self.expression(rest, &Wanted::Condition);
            }
            Token::Fail if rest.is_empty() => {
                let heads: Vec<&str> = Action::ALL
                    .iter()
                    .map(|action| action.spec())
                    .filter(|spec| spec.is_statement() && spec.failure().is_some())
                    .map(|spec| spec.head)
                    .collect();
                self.words(&heads);
                self.things(Thing::Function);
            }
            Token::Fail => self.action(rest),
            Token::Choose if rest.is_empty() => {
                let all: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
                self.words(&all);
            }
            Token::Wait if rest.is_empty() => self.durations(),
            Token::Agree if rest.is_empty() => self.words(&["cookies"]),
            Token::Not if rest.is_empty() => self.words(&["shown"]),
            _ => {}
        }
    }

    fn properties(&mut self, line: &[Word<'_>]) {
        if line.len() == 1 {
            self.types();
        }
    }

    fn of_thing(&mut self, thing: Thing, line: &[Word<'_>]) {
        let Some((first, rest)) = line.split_first() else {
            for setting in thing.settings() {
                let list = matches!(*setting, "members" | "stages");
                let one = Completion::new(*setting, Kind::Setting, self.replace());
                self.push(
                    one.snippet(if list { format!("{setting} [$0]") } else { format!("{setting} $0") })
                        .rank(1),
                );
            }
            return;
        };
        match (first.text, rest) {
            ("seat", []) => self.words(&SEATS),
            ("kind", []) => self.words(&["csat", "nps", "ces"]),
            _ => {}
        }
    }

    fn built_in(&mut self) {
        for (text, ..) in BuiltIn::ALL {
            let word = text.word();
            if !self.is_given(&word) {
                let one = Completion::new(&word, Kind::Setting, self.replace());
                let english = text.text(Language::English);
                self.push(one.detail(english).snippet(format!("{word} \"$0\"")).rank(2));
            }
        }
    }
}

/// What a snippet has behind a setting of an action.
fn taken(takes: Takes) -> &'static str {
    match takes {
        Takes::Text => " \"$0\"",
        Takes::Word(_) | Takes::StageOfPipeline => " $0",
        Takes::Named(_) => " {\n\t$0\n\\}",
        Takes::Results => " \"${1:path}\" as ${2:name}: ${3:text}",
        Takes::Nicknames => " \"${1:name}\" -> ${2:step}",
        Takes::Nothing => "",
    }
}
