//! Tree to checked flow: names get their meanings, expressions their types.
//!
//! A mistake is reported once and leaves a hole; whatever depends on it stays silent, so that one broken statement
//! neither hides another nor causes follow-ups.

mod action;
mod address;
mod advice;
mod answers;
mod arithmetic;
mod call;
mod comparison;
mod declare;
mod expression;
pub(crate) mod foreign;
mod form;
mod header;
mod length;
pub(crate) mod limits;
mod media;
mod module;
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

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use chatflow_runtime::action::Outcome;
use chatflow_runtime::id::{Fragment, PlaceId, Step};
use chatflow_runtime::plan::{Feature, Plan};
use chatflow_runtime::setting::SESSION_TIMEOUT;

use crate::code::Code;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::file::{File, View};
use crate::hir::{Flow, Says, StepBody};
use crate::near::suggestion;
use crate::project::{Links, Uses};
use crate::source::{FileId, Span};
use crate::tables::Tables;
use crate::token::Kind;
use crate::translate::Readable;
use crate::tree::{At, Expr, ExprKind, Item, Line, LineKind, Statement};
use crate::types::Ty;
use crate::workspace::{Thing, misplaced, not_taken, repeated, unknown_setting};
use module::{Names, Unlinked};

pub(crate) use action::STATEMENTS;
pub(crate) use name::fact_type;
#[cfg(test)]
pub(crate) use question::ASK_SETTINGS;
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
    /// The holes of texts that show numbers, which a translation may choose a form by.
    pub(crate) numbers: BTreeSet<Span>,
    /// The modules whose steps the flow comes to, each with the `use` line of the flow through which it does.
    pub(crate) linked: BTreeMap<FileId, Span>,
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

/// What is to be checked.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// What the project's files declare for each other.
    pub(crate) links: &'a Links<'a>,
    /// The file of a flow, or of a module that is checked for itself.
    pub(crate) file: &'a File,
    /// The files of its tests.
    pub(crate) tests: &'a [&'a File],
}

/// A local of the flow or module.
#[derive(Clone, Debug)]
struct Local {
    ty: Ty,
    span: Span,
    /// Whether it is asked but nowhere given a type, which is reported where it is asked.
    untyped: bool,
}

/// What the items of a flow begin with.
pub(crate) const KNOWN: [&str; 15] = [
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

struct Checker<'a> {
    links: &'a Links<'a>,
    /// What names mean in the file that is read, and in the modules that the flow comes to.
    names: Names<'a>,
    others: BTreeMap<FileId, Names<'a>>,
    /// What a file without a `use` line uses.
    nothing: &'a Uses,
    /// The modules that the flow comes to, each with the `use` line of the flow through which it does.
    linked: BTreeMap<FileId, Span>,
    /// The same by their names.
    called: BTreeMap<&'a str, FileId>,
    unlinked: VecDeque<Unlinked<'a>>,
    tables: Tables,
    found: Vec<Diagnostic>,
    flow: Flow,
    room: Room,
    /// In how many forms the text stands that is read.
    forms_deep: usize,
    /// Every step that an arrow names, in the order of the source.
    named_steps: Vec<Step>,
    /// The step whose statements are read, for the ids of its places.
    step: String,
    /// How often each kind of place was met in each step.
    places: BTreeMap<(String, String), u32>,
    used_places: HashSet<PlaceId>,
    /// Where each kind of question was first asked in each step, where that matters.
    asked: BTreeMap<(String, String), Span>,
    /// What needs a plan, by the words for it, with the places where it is used.
    uses: BTreeMap<&'static str, (Plan, Vec<Span>)>,
    /// Where something stands that only a page has.
    of_a_page: Vec<Span>,
    readable: Vec<Readable>,
    numbers: BTreeSet<Span>,
    questions: Vec<Vec<(Says, String)>>,
    tests: Vec<Test>,
    test_names: BTreeMap<String, Span>,
    test_conditions: Vec<crate::hir::Condition>,
}

/// Checks the flow of a file, with the files of its tests, and what it uses of its workspace and modules; or a module,
/// for itself.
pub(crate) fn check(subject: &Subject<'_>) -> Checked {
    let nothing = Uses::default();
    let mut checker = Checker::new(subject.links, &nothing, subject.file);
    checker.run();
    let flow_tables = checker.tables.clone();
    checker.tests(subject.tests);
    checker.local_options(&flow_tables);
    let Checker { flow, tables, tests, test_conditions, readable, numbers, linked, questions, found, .. } =
        checker;
    Checked { flow, tables, flow_tables, tests, test_conditions, readable, numbers, linked, questions, found }
}

/// The locals that a flow or module declares, with their types and where they first stand.
pub(crate) fn locals(links: &Links<'_>, file: &File) -> BTreeMap<String, (Ty, Span)> {
    let nothing = Uses::default();
    let mut checker = Checker::new(links, &nothing, file);
    checker.tables.str("");
    checker.declare();
    checker.names.locals.into_iter().map(|(name, local)| (name, (local.ty, local.span))).collect()
}

impl<'a> Checker<'a> {
    fn new(links: &'a Links<'a>, nothing: &'a Uses, file: &'a File) -> Checker<'a> {
        let library = links.modules.contains_key(&file.id);
        Checker {
            links,
            names: Names::new(links, nothing, file, false),
            others: BTreeMap::new(),
            nothing,
            linked: BTreeMap::new(),
            called: BTreeMap::new(),
            unlinked: VecDeque::new(),
            tables: Tables::default(),
            found: Vec::new(),
            flow: Flow {
                library,
                // How long a flow waits that runs its steps, a module does not know.
                session_timeout: if library { i64::MAX } else { SESSION_TIMEOUT },
                ..Flow::default()
            },
            room: Room::Step,
            forms_deep: 0,
            named_steps: Vec::new(),
            step: String::new(),
            places: BTreeMap::new(),
            used_places: HashSet::new(),
            asked: BTreeMap::new(),
            uses: BTreeMap::new(),
            of_a_page: Vec::new(),
            readable: Vec::new(),
            numbers: BTreeSet::new(),
            questions: Vec::new(),
            tests: Vec::new(),
            test_names: BTreeMap::new(),
            test_conditions: Vec::new(),
        }
    }

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
            for (view, item) in self.names.file.views().filter(|item| turn(item) == now) {
                self.item(view, item);
            }
        }
        self.link();
        self.within_plan();
        if self.is_library() {
            return;
        }
        self.heading();
        self.privacy();
        self.within_limits();
        self.without_page();
        self.mentioned_where_it_is_broken();
    }

    /// Tests last: they see every step and local, and what they alone name comes last in the tables.
    fn tests(&mut self, files: &[&File]) {
        self.room = Room::Test;
        for (view, item) in
            std::iter::once(self.names.file).chain(files.iter().copied()).flat_map(File::views)
        {
            if let Item::Test { name, lines } = item {
                self.test(view, name, lines);
            }
        }
    }

    fn no_steps(&mut self) {
        let span = self
            .names
            .file
            .views()
            .find_map(|(view, item)| match item {
                Item::Header { name, .. } => Some(view.at(*name)),
                _ => None,
            })
            .unwrap_or(Span { file: self.names.file.id, start: 0, end: 0 });
        // A step that could not be read at all was reported as such.
        if self
            .names
            .file
            .diagnostics
            .iter()
            .any(|found| found.severity() == crate::diagnostic::Severity::Error)
        {
            return;
        }
        self.found.push(if self.is_library() {
            Diagnostic::new(Code::NoSteps, span, "this module has no step")
                .here("nothing to run")
                .help("Add a step: `step collect { … }`; a flow that uses the module runs it with `do MODULE.collect`.")
        } else {
            Diagnostic::new(Code::NoSteps, span, "this flow has no step")
                .here("nothing happens after the welcome")
                .help("Add `step start { … }`; the first step is where the chat begins.")
        });
    }

    fn item(&mut self, view: View<'a>, item: &'a Item) {
        if self.is_library() {
            self.item_of_module(view, item);
            if let Item::Step { name, body, .. } = item {
                self.step(view, *name, body);
            }
            return;
        }
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
            Item::Outdated { module: Some(module), step } => {
                self.arrow_into_module(view, *module, *step, None);
            }
            Item::Outdated { module: None, step } => {
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

    /// Whether an item is the first of its kind; a later one is reported.
    fn once(&mut self, view: View<'_>, kind: Kind, word: &str) -> bool {
        let here = view.at(0);
        let first = self
            .names
            .file
            .views()
            .map(|(view, _)| view)
            .find(|view| view.kind(0) == Some(kind))
            .map(|view| view.at(0));
        let Some(first) = first.filter(|first| *first != here) else { return true };
        self.found.push(repeated(word, here, first));
        false
    }

    fn step(&mut self, view: View<'_>, name: At, body: &[Statement]) {
        let name = view.text(name);
        let Some((Some(step), span)) = self.names.steps.get(name).map(|known| (known.step, known.span))
        else {
            return;
        };
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
                    self.flow.steps.push(StepBody { name, span, was: Vec::new(), module: false, body });
                    Some(step)
                }
                crate::tree::Branch::Foreign { module, step } => {
                    self.arrow_into_module(view, *module, *step, None);
                    None
                }
                crate::tree::Branch::Statement(_) | crate::tree::Branch::Error(_) => None,
            };
            match (condition, target) {
                (Some(condition), Some(target)) => {
                    self.flow.anytime.push((condition, target, view.span(when.range)));
                }
                (None, Some(target)) => self.flow.mentioned.push(target),
                (_, None) => {}
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
        if let Some(step) = self.own_step(name) {
            if name != self.step {
                self.named_steps.push(step);
            }
            return Some(step);
        }
        let names = self.names.steps.keys().map(String::as_str);
        let mut found = Diagnostic::new(Code::UnknownStep, span, format!("no step is called `{name}`"))
            .here("unknown step");
        let former = self.names.former.get(name);
        let near = former.cloned().or_else(|| crate::near::nearest(name, names.clone()).map(str::to_owned));
        found.help = match (&former, &near) {
            (Some(step), _) => Some(format!("It is now called `{step}`.")),
            (None, Some(near)) => Some(format!("Did you mean `{near}`?")),
            (None, None) if self.names.uses.modules.contains_key(name) => {
                Some(format!("`{name}` is a module; its steps are run by name: `do {name}.STEP`."))
            }
            (None, None) => suggestion(name, names, "The steps"),
        };
        let is_former = former.is_some();
        if let Some(near) = near {
            // It is what was meant, most likely; it should not be called unreachable for this slip.
            self.mention(&near);
            let applicability = if is_former { Applicability::Safe } else { Applicability::Unsafe };
            found = found.edit(applicability, format!("write `{near}`"), span, near);
        }
        self.found.push(found);
        None
    }

    /// Takes a step as one that something leads to, so that a slip makes no more findings.
    fn mention(&mut self, name: &str) {
        let step = self.names.steps.get(name).and_then(|known| known.step);
        self.flow.mentioned.extend(step);
    }

    fn declaration(&mut self, view: View<'_>, head: At, values: &[Expr], block: Option<&[Line]>) {
        let (word, span) = (view.text(head), view.at(head));
        let kind = view.kind(head).unwrap_or(Kind::Word);
        match kind {
            Kind::Use => {
                not_taken(view, span, &[], block, &mut self.found);
                return self.use_names(view, span, values);
            }
            Kind::Channel
            | Kind::Inbox
            | Kind::Languages
            | Kind::Priority
            | Kind::Welcome
            | Kind::Target
            | Kind::Display
            | Kind::Options
            | Kind::Consent => {
                // What a second one says is not looked at: it would only be found twice.
                if !self.once(view, kind, word) {
                    return;
                }
            }
            _ => {
                if Thing::of(kind).is_some() || kind == Kind::Plan {
                    let help = Some(format!("Declare `{word}` in the workspace file."));
                    self.found.push(misplaced(span, word, "a flow", help));
                } else {
                    self.unknown_block(word, span, "a flow", &KNOWN);
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
        match blocks {
            true if block.is_none() => {
                let found =
                    Diagnostic::new(Code::Syntax, span.at_end(), format!("expected a block after `{word}`"))
                        .here(format!("write `{word} {{ … }}`"));
                self.found.push(found);
            }
            true => not_taken(view, span, values, None, &mut self.found),
            false => not_taken(view, span, &[], block, &mut self.found),
        }
    }

    fn unknown_block(&mut self, word: &str, span: Span, of: &str, all: &[&str]) {
        let known = || all.iter().copied();
        let mut found =
            Diagnostic::new(Code::UnknownWord, span, format!("{of} has no `{word}`")).here("unknown here");
        let habit = match STATEMENTS.contains(&word) {
            true => Some("Statements stand in a step: `step NAME { … }`."),
            false => crate::habits::statement(word),
        };
        if let Some(habit) = habit {
            self.found.push(found.help(habit));
            return;
        }
        let of = of.strip_prefix("a ").unwrap_or(of);
        found.help = suggestion(word, known(), "")
            .filter(|_| crate::near::nearest(word, known()).is_some())
            .or_else(|| Some(format!("A {of} has: {}.", all.join(", "))));
        // What other languages call it.
        if matches!(word, "import" | "include" | "require") {
            let found = found.help(
                "Another file is named by `use`: `use NAME` means `NAME.flow`, a workspace or a module.",
            );
            self.found.push(found.fix("write `use`", span, "use"));
            return;
        }
        self.found.push(found.word_meant(word, span, known()));
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
            let at = view.span(condition.range);
            let Some(condition) = self.condition(view, condition) else { continue };
            if word == "show" {
                self.flow.show.push((condition, at));
            } else {
                self.flow.hide.push((condition, at));
            }
        }
    }

    fn not_a_setting(&mut self, view: View<'_>, line: &Line) {
        if let LineKind::Block { head, .. } = &line.kind
            && (Outcome::named(view.text(*head)).is_some() || view.text(*head) == "otherwise")
        {
            let (word, span) = (view.text(*head), view.at(*head));
            let found = Diagnostic::new(Code::Syntax, span, format!("an arrow is missing after `{word}`"))
                .here("what happens then?")
                .help(format!(
                    "What happens next stands behind an arrow: `{word} -> {{ … }}`, `{word} -> STEP`."
                ));
            self.found.push(found.fix("write `->`", span.at_end(), " ->"));
            return;
        }
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
