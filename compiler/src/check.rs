//! Tree to checked flow: names get their meanings, expressions their types.
//!
//! A mistake is reported once and leaves a hole; whatever depends on it stays silent, so that one broken statement
//! neither hides another nor causes follow-ups.

mod action;
mod address;
mod answers;
mod arithmetic;
mod call;
mod comparison;
mod declare;
mod expression;
mod form;
mod header;
mod length;
pub(crate) mod limits;
mod media;
mod name;
mod pattern;
mod plan;
mod question;
mod readable;
mod secret;
mod settings;
mod statement;
mod suite;
mod webhook;

use std::collections::{BTreeMap, HashSet};

use chatflow_runtime::id::{Fragment, PlaceId, Step};
use chatflow_runtime::plan::{Feature, Plan};
use chatflow_runtime::setting::SESSION_TIMEOUT;

use crate::code::Code;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::file::{File, View};
use crate::hir::{Flow, Says, StepBody};
use crate::near::suggestion;
use crate::source::Span;
use crate::tables::Tables;
use crate::token::Kind;
use crate::translate::Readable;
use crate::tree::{At, Expr, ExprKind, Item, Line, LineKind, Statement};
use crate::types::Ty;
use crate::workspace::{Thing, Workspace, misplaced, repeated, unknown_setting};

pub use suite::{ExpectedRequest, Test, TestLine, TestStep};

/// A checked flow with the tables it fills.
#[derive(Debug)]
pub struct Checked {
    /// The flow.
    pub flow: Flow,
    /// The tables its indices mean, with what only the tests name at their ends.
    pub tables: Tables,
    /// The tables without what only the tests name.
    pub flow_tables: Tables,
    /// Its tests; their conditions are numbered after the flow's own fragments.
    pub tests: Vec<Test>,
    /// The conditions of its tests.
    pub test_conditions: Vec<crate::hir::Condition>,
    /// The texts that visitors read.
    pub(crate) readable: Vec<Readable>,
    /// For each question with replies, where their labels come from and what they say in the first language.
    pub(crate) questions: Vec<Vec<(Says, String)>>,
    /// What was found.
    pub found: Vec<Diagnostic>,
}

/// Where an expression stands, and so what it may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Target,
    Welcome,
    Anytime,
    Step,
    Test,
}

/// A local of the flow.
#[derive(Clone, Debug)]
struct Local {
    ty: Ty,
    span: Span,
    /// Whether it is asked but nowhere given a type, which is reported where it is asked.
    untyped: bool,
}

struct Checker<'a> {
    file: &'a File,
    workspace: Option<&'a Workspace>,
    /// Whether a `use` could not be followed; properties are then not reported one by one.
    workspace_missing: bool,
    tables: Tables,
    found: Vec<Diagnostic>,
    flow: Flow,
    steps: BTreeMap<String, (Step, Span)>,
    /// The steps by their former names.
    former: BTreeMap<String, Step>,
    locals: BTreeMap<String, Local>,
    room: Room,
    /// In how many forms the text stands that is read.
    forms_deep: usize,
    /// What is asked by a bare name without a type.
    untyped: Vec<(String, Span)>,
    /// Every step that an arrow names, in the order of the source.
    named_steps: Vec<Step>,
    /// The step whose statements are read, for the ids of its places.
    step: String,
    /// How often each kind of place was met in each step.
    places: BTreeMap<(String, String), u32>,
    used_places: HashSet<PlaceId>,
    /// What needs a plan, by the words for it, with the places where it is used.
    uses: BTreeMap<&'static str, (Plan, Vec<Span>)>,
    /// Where something stands that only a page has.
    of_a_page: Vec<Span>,
    readable: Vec<Readable>,
    questions: Vec<Vec<(Says, String)>>,
    tests: Vec<Test>,
    test_names: BTreeMap<String, Span>,
    test_conditions: Vec<crate::hir::Condition>,
}

/// Checks the flow of a file, with the files of its tests and the workspace it uses, if there is one.
pub fn check(
    file: &File,
    tests: &[&File],
    workspace: Option<&Workspace>,
    workspace_missing: bool,
) -> Checked {
    let mut checker = Checker {
        file,
        workspace,
        workspace_missing,
        tables: Tables::default(),
        found: Vec::new(),
        flow: Flow { session_timeout: SESSION_TIMEOUT, ..Flow::default() },
        steps: BTreeMap::new(),
        former: BTreeMap::new(),
        locals: BTreeMap::new(),
        room: Room::Step,
        forms_deep: 0,
        untyped: Vec::new(),
        named_steps: Vec::new(),
        step: String::new(),
        places: BTreeMap::new(),
        used_places: HashSet::new(),
        uses: BTreeMap::new(),
        of_a_page: Vec::new(),
        readable: Vec::new(),
        questions: Vec::new(),
        tests: Vec::new(),
        test_names: BTreeMap::new(),
        test_conditions: Vec::new(),
    };
    checker.run();
    let flow_tables = checker.tables.clone();
    checker.tests(tests);
    checker.local_options(&flow_tables);
    let Checker { flow, tables, tests, test_conditions, readable, questions, found, .. } = checker;
    Checked { flow, tables, flow_tables, tests, test_conditions, readable, questions, found }
}

impl<'a> Checker<'a> {
    fn run(&mut self) {
        // The empty string first, so that an index of zero is never a name by accident.
        self.tables.str("");
        self.declare();
        self.header();
        self.built_in_texts();
        if self.flow.steps.is_empty() {
            self.no_steps();
        }
        // Wherever they stand, the channels first, which say what is known of a page, and then the header's other
        // lines: steps look at the flow's language.
        let turn = |(view, item): &(View<'_>, &Item)| match item {
            Item::Declaration { head, .. } if view.kind(*head) == Some(Kind::Channel) => 0,
            Item::Step { .. } | Item::Anytime { .. } => 2,
            _ => 1,
        };
        for now in 0..=2 {
            for (view, item) in self.file.views().filter(|item| turn(item) == now) {
                self.item(view, item);
            }
        }
        self.heading();
        self.within_plan();
        self.privacy();
        self.within_limits();
        self.without_page();
    }

    /// Tests last: they see every step and local, and what they alone name comes last in the tables.
    fn tests(&mut self, files: &[&File]) {
        self.room = Room::Test;
        for (view, item) in std::iter::once(self.file).chain(files.iter().copied()).flat_map(File::views) {
            if let Item::Test { name, lines } = item {
                self.test(view, name, lines);
            }
        }
    }

    fn no_steps(&mut self) {
        let span = self
            .file
            .views()
            .find_map(|(view, item)| match item {
                Item::Header { name, .. } => Some(view.at(*name)),
                _ => None,
            })
            .unwrap_or(Span { file: self.file.id, start: 0, end: 0 });
        // A step that could not be read at all was reported as such.
        if self.file.diagnostics.iter().any(|found| found.severity() == crate::diagnostic::Severity::Error) {
            return;
        }
        let found = Diagnostic::new(Code::NoSteps, span, "this flow has no step")
            .here("nothing happens after the welcome")
            .help("Add `step start { … }`; the first step is where the chat begins.");
        self.found.push(found);
    }

    fn item(&mut self, view: View<'_>, item: &'a Item) {
        match item {
            Item::Header { .. } | Item::Test { .. } | Item::Error => {}
            Item::TestsFor { .. } => {
                let help = Some(
                    "Tests of this flow need no such line here; it begins a file of its own.".to_owned(),
                );
                self.found.push(misplaced(view.at(0), "tests for", "a flow", help));
            }
            Item::Step { name, body, .. } => self.step(view, *name, body),
            Item::Anytime { arms } => self.anytime(view, arms),
            Item::Outdated { step } => {
                self.once(view, Kind::Outdated, "outdated");
                if let Some(target) = self.step_named(view, *step) {
                    self.flow.outdated = Some((target, view.at(*step)));
                }
            }
            Item::Properties { head, .. } => {
                let help = Some("Properties are declared in the workspace file.".to_owned());
                self.found.push(misplaced(view.at(*head), view.text(*head), "a flow", help));
            }
            Item::Function { .. } => {
                let help = Some("Functions are declared in the workspace file.".to_owned());
                self.found.push(misplaced(view.at(0), "function", "a flow", help));
            }
            Item::Declaration { head, values, block } => {
                self.declaration(view, *head, values, block.as_deref())
            }
        }
    }

    /// Reports an item that the file has already.
    fn once(&mut self, view: View<'_>, kind: Kind, word: &str) {
        let here = view.at(0);
        let first = self
            .file
            .views()
            .map(|(view, _)| view)
            .find(|view| view.kind(0) == Some(kind))
            .map(|view| view.at(0));
        if let Some(first) = first.filter(|first| *first != here) {
            self.found.push(repeated(word, here, first));
        }
    }

    fn step(&mut self, view: View<'_>, name: At, body: &[Statement]) {
        let name = view.text(name);
        let Some((step, span)) = self.steps.get(name).copied() else { return };
        // A second step of this name was reported; its body is checked all the same, and goes nowhere.
        self.room = Room::Step;
        self.step = name.to_owned();
        let body = self.body(view, body);
        if span == view.at(1)
            && let Some(slot) = self.flow.steps.get_mut(step.index())
        {
            slot.body = body;
        }
    }

    fn anytime(&mut self, view: View<'_>, arms: &[(Expr, crate::tree::Branch)]) {
        self.once(view, Kind::Anytime, "anytime");
        self.uses_feature(Feature::Anytime, view.at(0));
        for (nth, (when, branch)) in arms.iter().enumerate() {
            self.room = Room::Anytime;
            let condition = self.condition(view, when);
            if let Some(condition) = &condition {
                self.looks_at_reply(view, when, condition);
            }
            self.room = Room::Step;
            self.step = format!("anytime {}", nth + 1);
            let target = match branch {
                crate::tree::Branch::Step(at) => self.step_named(view, *at),
                crate::tree::Branch::Block { body, range } => {
                    let body = self.body(view, body);
                    let step = Step(self.flow.steps.len() as u32);
                    let (name, span) = (self.step.clone(), view.span(*range));
                    self.flow.steps.push(StepBody { name, span, was: Vec::new(), body });
                    Some(step)
                }
                crate::tree::Branch::Statement(_) | crate::tree::Branch::Error => None,
            };
            if let (Some(condition), Some(target)) = (condition, target) {
                self.flow.anytime.push((condition, target, view.span(when.range)));
            }
        }
    }

    fn looks_at_reply(&mut self, view: View<'_>, when: &Expr, condition: &crate::hir::Condition) {
        let mut looks = false;
        condition.values(&mut |value| looks |= matches!(value, crate::hir::Value::Reply(_)));
        if !looks {
            let found = Diagnostic::new(Code::AnytimeWithoutReply, view.span(when.range), "this does not look at what the visitor said")
                .here("no `reply` in it")
                .help("`anytime` is tested on each message of the visitor: write `reply is …` or `reply contains …`.");
            self.found.push(found);
        }
    }

    /// The step that a name means; an unknown one is reported.
    fn step_named(&mut self, view: View<'_>, at: At) -> Option<Step> {
        let (name, span) = (view.text(at), view.at(at));
        if let Some((step, _)) = self.steps.get(name) {
            self.named_steps.push(*step);
            return Some(*step);
        }
        let names = self.steps.keys().map(String::as_str);
        let mut found = Diagnostic::new(Code::UnknownStep, span, format!("no step is called `{name}`"))
            .here("unknown step");
        let former = self.former.get(name).and_then(|step| self.flow.steps.get(step.index()));
        let near = former
            .map(|step| step.name.clone())
            .or_else(|| crate::near::nearest(name, names.clone()).map(str::to_owned));
        found.help = match (&former, &near) {
            (Some(step), _) => Some(format!("It is now called `{}`.", step.name)),
            (None, Some(near)) => Some(format!("Did you mean `{near}`?")),
            (None, None) => suggestion(name, names, "The steps"),
        };
        if let Some(near) = near {
            // It is what was meant, most likely; it should not be called unreachable for this slip.
            self.flow.mentioned.extend(self.steps.get(&near).map(|(step, _)| *step));
            let applicability = if former.is_some() { Applicability::Safe } else { Applicability::Unsafe };
            found = found.edit(applicability, format!("write `{near}`"), span, near);
        }
        self.found.push(found);
        None
    }

    fn declaration(&mut self, view: View<'_>, head: At, values: &[Expr], block: Option<&[Line]>) {
        let (word, span) = (view.text(head), view.at(head));
        let kind = view.kind(head).unwrap_or(Kind::Word);
        match kind {
            Kind::Use => {}
            Kind::Channel
            | Kind::Inbox
            | Kind::Languages
            | Kind::Priority
            | Kind::Welcome
            | Kind::Target
            | Kind::Display
            | Kind::Options
            | Kind::Consent => self.once(view, kind, word),
            _ => {
                if Thing::of(kind).is_some() || kind == Kind::Plan {
                    let help = Some(format!("Declare `{word}` in the workspace file."));
                    self.found.push(misplaced(span, word, "a flow", help));
                } else {
                    self.unknown_block(word, span);
                }
                return;
            }
        }
        match kind {
            Kind::Channel => self.channels(view, span, values),
            Kind::Languages => self.languages(view, span, values),
            Kind::Priority => self.priority(view, span, values),
            Kind::Inbox => self.inbox(view, span, values),
            Kind::Welcome => self.welcome(view, span, values),
            Kind::Target => self.target(view, block.unwrap_or(&[])),
            Kind::Display | Kind::Options | Kind::Consent => self.settings(view, kind, block.unwrap_or(&[])),
            _ => {}
        }
        let blocks = matches!(kind, Kind::Target | Kind::Display | Kind::Options | Kind::Consent);
        if blocks && block.is_none() {
            let found =
                Diagnostic::new(Code::Syntax, span.at_end(), format!("expected a block after `{word}`"))
                    .here(format!("write `{word} {{ … }}`"));
            self.found.push(found);
        }
    }

    fn unknown_block(&mut self, word: &str, span: Span) {
        const KNOWN: [&str; 15] = [
            "flow",
            "use",
            "channel",
            "inbox",
            "languages",
            "priority",
            "target",
            "display",
            "options",
            "consent",
            "welcome",
            "outdated",
            "anytime",
            "step",
            "test",
        ];
        let mut found =
            Diagnostic::new(Code::UnknownWord, span, format!("a flow has no `{word}`")).here("unknown here");
        found.help =
            suggestion(word, KNOWN, "").or_else(|| Some(format!("A flow has: {}.", KNOWN.join(", "))));
        self.found.push(found.word_meant(word, span, KNOWN));
    }

    /// `show when …`, `hide when …`.
    fn target(&mut self, view: View<'_>, lines: &[Line]) {
        self.room = Room::Target;
        for line in lines {
            let LineKind::Entry { head, when, values, arrow } = &line.kind else {
                self.not_a_setting(view, line);
                continue;
            };
            let (word, span) = (view.text(*head), view.at(*head));
            if !matches!(word, "show" | "hide") {
                self.found.push(unknown_setting(word, span, "target", &["show", "hide"]));
                continue;
            }
            if !when || arrow.is_some() {
                let found =
                    Diagnostic::new(Code::Syntax, span, format!("`{word}` needs `when` and a condition"))
                        .here(format!("write `{word} when …`"));
                self.found.push(found);
                continue;
            }
            let [condition] = values.as_slice() else {
                if !values.iter().any(|value| value.kind == ExprKind::Error) {
                    let found = Diagnostic::new(
                        Code::Syntax,
                        span,
                        format!("expected one condition after `{word} when`"),
                    );
                    self.found.push(found.here("one condition belongs here"));
                }
                continue;
            };
            let Some(condition) = self.condition(view, condition) else { continue };
            if word == "show" {
                self.flow.show.push(condition);
            } else {
                self.flow.hide.push(condition);
            }
        }
    }

    fn not_a_setting(&mut self, view: View<'_>, line: &Line) {
        let (message, here) = match &line.kind {
            LineKind::Choice { .. } => {
                ("a choice does not belong here".to_owned(), "choices belong to `ask`")
            }
            LineKind::Pair { .. } => {
                ("a name in quotes with a value does not belong here".to_owned(), "not a setting")
            }
            LineKind::Block { head, .. } => {
                (format!("`{}` has no block here", view.text(*head)), "not a block of this one")
            }
            LineKind::Save { .. } => {
                ("`save` does not belong here".to_owned(), "answers are saved by `call webhook`")
            }
            LineKind::Entry { .. } | LineKind::Error => return,
        };
        let found = Diagnostic::new(Code::UnknownSetting, view.span(line.range), message).here(here);
        self.found.push(found);
    }

    /// The number that the next test condition gets, after the flow's own fragments; `emit` keeps to it.
    fn test_condition(&mut self, condition: crate::hir::Condition) -> Fragment {
        let at = Fragment(self.test_conditions.len() as u32);
        self.test_conditions.push(condition);
        at
    }
}
