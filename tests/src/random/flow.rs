//! Random flows that are right by construction: the author keeps account of what is known where, of what was
//! waited for, and of what each step needs.

use std::collections::BTreeSet;

use chatflow_compiler::{Project, Source};

use super::Choices;
use super::conditions::Room;
use super::modules::is_foreign_local;
use super::names::{FUNCTIONS, Function, INTERESTS, Kind, NAMES, Name, Of, quoted};
use super::words::{LABELS, WORDS};

/// A flow, its workspace and the modules it uses, as text.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The flow.
    pub flow: String,
    /// The workspace.
    pub workspace: String,
    /// The modules, by name.
    pub modules: Vec<(String, String)>,
}

impl Sources {
    /// The project of these files.
    pub fn project(&self) -> Project {
        let own = [("random", &self.flow), ("acme", &self.workspace)];
        let modules = self.modules.iter().map(|(name, text)| (name.as_str(), text));
        let source = |(name, text): (&str, &String)| Source::new(format!("{name}.flow"), text.as_str());
        Project::new(own.into_iter().chain(modules).map(source).collect())
    }
}

/// What holds on every path to a place.
#[derive(Clone, Debug)]
pub(super) struct Here {
    pub(super) known: BTreeSet<String>,
    /// Whether the visitor was waited for since the step began.
    pub(super) waited: bool,
}

impl Here {
    fn nothing() -> Here {
        Here { known: BTreeSet::new(), waited: false }
    }

    pub(super) fn with(&self, more: &BTreeSet<String>) -> Here {
        Here { known: self.known.union(more).cloned().collect(), waited: self.waited }
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// What is known after a step that is run here.
    pub(super) fn after_running(&self, routine: &Routine) -> Option<Here> {
        let end = routine.after.as_ref()?;
        let mut here = if routine.waits { self.after_a_wait() } else { self.clone() };
        here.known.retain(|name| !routine.clears.contains(name));
        here.known.extend(end.known.iter().cloned());
        here.waited |= end.waited;
        Some(here)
    }

    /// After a wait nobody is available for sure any more, and what is known of the visitor may change.
    pub(super) fn after_a_wait(&self) -> Here {
        let mut here = self.clone();
        let lasts = |name: &String| {
            NAMES.iter().any(|other| matches!(other.of, Of::Crm | Of::Flow) && other.name == *name)
        };
        here.known.retain(|name| name == "reply" || is_foreign_local(name) || lasts(name));
        here
    }
}

/// What both paths know.
pub(super) fn meet(one: Option<Here>, other: Option<Here>) -> Option<Here> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Here {
            known: one.known.intersection(&other.known).cloned().collect(),
            waited: one.waited && other.waited,
        }),
        (one, other) => one.or(other),
    }
}

/// A step that will be written.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) needs: BTreeSet<String>,
}

/// A step that others run with `do`.
#[derive(Clone, Debug)]
pub(super) struct Routine {
    pub(super) name: String,
    /// The module it stands in; none for the flow.
    pub(super) home: Option<&'static str>,
    pub(super) needs: BTreeSet<String>,
    /// What is known at its end, if it comes to it.
    pub(super) after: Option<Here>,
    /// What it may forget.
    pub(super) clears: BTreeSet<String>,
    /// Whether it, or one that it runs, waits.
    pub(super) waits: bool,
}

/// Writes one flow.
pub(super) struct Author {
    pub(super) choices: Choices,
    out: String,
    pub(super) indent: usize,
    pub(super) plans: Vec<Plan>,
    /// The steps that may be run; each runs only those before it.
    pub(super) routines: Vec<Routine>,
    /// What is cleared in the step that is written, and whether it waits.
    pub(super) clears: BTreeSet<String>,
    pub(super) waits: bool,
    /// The step that is written; none in `anytime`.
    pub(super) step: Option<usize>,
    /// The module that is written; none for the flow.
    pub(super) home: Option<&'static str>,
    /// The routine that is written, with what it needs.
    pub(super) routine: Option<(String, BTreeSet<String>)>,
    /// Statements that may still be written.
    pub(super) left: usize,
    /// The locals that this flow may use.
    locals: BTreeSet<&'static str>,
    used: BTreeSet<&'static str>,
    /// Whether it shows names here and there without knowing them. Most such flows are refused; one that is not
    /// shows whether the checker is right that they are known.
    careless: bool,
    pub(super) asked: BTreeSet<&'static str>,
}

/// The sources that these choices make, and the choices.
pub fn sources(choices: Choices) -> (Sources, Choices) {
    let mut author = Author {
        choices,
        out: String::new(),
        indent: 0,
        plans: Vec::new(),
        routines: Vec::new(),
        clears: BTreeSet::new(),
        waits: false,
        step: None,
        home: None,
        routine: None,
        left: 0,
        locals: BTreeSet::new(),
        used: BTreeSet::new(),
        careless: false,
        asked: BTreeSet::new(),
    };
    let workspace = author.workspace();
    let modules = author.modules();
    author.flow(&modules);
    (Sources { flow: author.out, workspace, modules }, author.choices)
}

impl Author {
    pub(super) fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out += "  ";
        }
        self.out += text;
        self.out.push('\n');
    }

    /// The names for which this holds, without locals that the flow does not use.
    pub(super) fn names(&self, fits: impl Fn(&Name) -> bool) -> Vec<Name> {
        NAMES
            .iter()
            .filter(|name| name.of != Of::Flow || self.locals.contains(name.name))
            .filter(|name| fits(name))
            .copied()
            .collect()
    }

    pub(super) fn use_one(&mut self, all: &[Name]) -> Name {
        let at = self.choices.below(all.len());
        let name = all.get(at).copied().unwrap_or(Name { name: "page.path", kind: Kind::Text, of: Of::Page });
        if name.of == Of::Flow {
            self.used.insert(name.name);
        }
        name
    }

    // The workspace

    fn workspace(&mut self) -> String {
        let mut label = || self.choices.word(LABELS).to_owned();
        let (lead, api, gross) = (label(), label(), label());
        let hours = match self.choices.below(4) {
            0 => String::new(),
            1 => "hours monday..friday 09:00..17:30 in \"Europe/Amsterdam\"".to_owned(),
            2 => "hours saturday..monday 22:00..06:00 in \"UTC\"".to_owned(),
            _ => "hours sunday 00:00..12:00 in \"UTC\"\n  hours sunday 12:00..13:00 in \"UTC\"".to_owned(),
        };
        let inbox = if hours.is_empty() { String::new() } else { format!(" {{\n  {hours}\n}}") };
        let [_, second, _, last] = INTERESTS else { return String::new() };
        let functions: String = FUNCTIONS
            .iter()
            .map(|function| {
                let Function { name, declared, gives, .. } = function;
                format!("function {name}({declared}): {}\n", gives.written())
            })
            .collect();
        format!(
            r#"workspace acme "Acme Inc."

contact {{
  email      email
  firstname  text       "First name"
  phone      phone
  site       url
  stage      one of [subscriber, lead "{lead}", customer "Customer" = "Paying Customer"]
  interests  many of [pricing "Pricing", {second} "{api}" = "API", security, {last} "Bits and pieces"]
  budget     number
  vip        bool
  renewal    date
  seen       datetime
  span       duration
}}

company {{
  name       text
  employees  number
  sector     one of [klein "Klein", gross "{gross}" = "BIG"]
}}

user ada "Ada" {{ seat sales }}
user bo "Bo" {{ seat service }}
team sales "Sales" {{ members [ada, bo] }}
team night "Night" {{ members [bo] }}
inbox sales "Sales"{inbox}
inbox night "Night" {{
  hours monday..saturday 21:30..08:00 in "UTC"
  hours sunday 10:00..18:00 in "Asia/Tokyo"
}}
inbox always "Always"
meeting intro "30-minute intro" {{ link "https://meet.example/intro" }}
pipeline support "Support" {{ stages [new, waiting, closed] }}
knowledge help "Help centre"
article reset "Reset your password" {{ link "https://help.example/reset" }}
list newsletter "Newsletter"
workflow nurture "Nurture new leads"
subscription product_news "Product news"
survey post_chat "How was this chat?" {{ kind csat }}
secret api_key "The key of our servers"
{functions}"#
        )
    }

    // The flow

    fn flow(&mut self, modules: &[(String, String)]) {
        self.begin_file();
        self.careless = self.choices.chance(40);
        self.line("/// A random flow.");
        self.line("flow random \"A random flow\"");
        self.line("use acme");
        for (name, _) in modules {
            self.line(&format!("use {name}"));
        }
        self.header();
        let count = 1 + self.choices.below(4);
        self.plans = (0..count)
            .map(|nth| Plan {
                name: ["start", "zwei", "drei", "viertes"].get(nth).copied().unwrap_or("weiter").to_owned(),
                needs: BTreeSet::new(),
            })
            .collect();
        for nth in 1..count {
            let mut needs = BTreeSet::new();
            while self.choices.chance(35) {
                let all = self.names(|name| matches!(name.of, Of::Crm | Of::Flow));
                needs.insert(self.use_one(&all).name.to_owned());
            }
            if let Some(plan) = self.plans.get_mut(nth) {
                plan.needs = needs;
            }
        }
        let routines = self.routines();
        self.outside();
        for nth in 0..count {
            self.step = Some(nth);
            self.left = 4 + self.choices.below(10);
            let Some(plan) = self.plans.get(nth).cloned() else { continue };
            let was =
                if self.choices.chance(5) { format!(" was old_{nth}, older_{nth}") } else { String::new() };
            self.line(&format!("step {}{was} {{", plan.name));
            self.block(Here { known: plan.needs, waited: false }, 0);
            self.line("}");
            self.line("");
        }
        self.out += &routines;
        self.missing_locals();
    }

    /// Begins a file, with locals of its own; what was written so far.
    pub(super) fn begin_file(&mut self) -> String {
        (self.locals, self.used, self.asked) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let some: Vec<&Name> = NAMES.iter().filter(|name| name.of == Of::Flow).collect();
        for name in some {
            if self.choices.chance(40) {
                self.locals.insert(name.name);
            }
        }
        std::mem::take(&mut self.out)
    }

    /// Ends a file: its text.
    pub(super) fn end_file(&mut self, before: String) -> String {
        std::mem::replace(&mut self.out, before)
    }

    /// Writes the steps that others run, which must be known before those are written.
    pub(super) fn routines(&mut self) -> String {
        let before = std::mem::take(&mut self.out);
        for name in ["tun", "machen", "lassen", "sein"].iter().take(self.choices.below(5)) {
            let mut needs = BTreeSet::new();
            while self.choices.chance(25) {
                let all = self.names(|name| matches!(name.of, Of::Crm | Of::Flow));
                needs.insert(self.use_one(&all).name.to_owned());
            }
            self.step = Some(usize::MAX);
            self.left = 2 + self.choices.below(5);
            (self.clears, self.waits) = (BTreeSet::new(), false);
            self.routine = Some(((*name).to_owned(), needs.clone()));
            self.line(&format!("step {name} {{"));
            let after = self.block(Here { known: needs.clone(), waited: false }, 1);
            self.line("}");
            self.line("");
            let (clears, waits) = (std::mem::take(&mut self.clears), self.waits);
            let home = self.home;
            self.routines.push(Routine { name: (*name).to_owned(), home, needs, after, clears, waits });
            self.routine = None;
        }
        std::mem::replace(&mut self.out, before)
    }

    /// A local is one where it is asked: those that are only looked at are asked in a step of their own.
    pub(super) fn missing_locals(&mut self) {
        let missing: Vec<&Name> = NAMES
            .iter()
            .filter(|name| self.used.contains(name.name) && !self.asked.contains(name.name))
            .collect();
        if missing.is_empty() {
            return;
        }
        self.line("step never {");
        for name in missing {
            self.line(&format!("  ask {}: {} \"?\"", name.name, name.kind.written()));
        }
        self.line("}");
    }

    fn header(&mut self) {
        if self.choices.chance(20) {
            self.line("channel website, whatsapp // and no other");
        }
        if self.choices.chance(50) {
            self.line("inbox sales");
        }
        match self.choices.below(4) {
            1 => self.line("languages en, nl"),
            3 => self.line("languages nl, en"),
            2 => {
                let tags = ["nl", "de", "fr", "es", "it", "pt", "pl", "sv", "ja", "zh", "ar", "fi"];
                let line = format!("languages {}", self.choices.word(&tags));
                self.line(&line);
            }
            _ => {}
        }
        if self.choices.chance(20) {
            self.line("priority 20");
        }
        if self.choices.chance(20) {
            self.line(
                "display {\n  heading \"Häding\"\n  accent #ff7a59\n  trigger on_exit\n  trigger after 8s\n}",
            );
        }
        if self.choices.chance(60) {
            self.line("options {");
            for setting in [
                "session_timeout 30m",
                "session_timeout 2m",
                "error \"Ups.\"",
                "survey post_chat",
                "typing_delay 800ms",
            ] {
                let repeated = setting == "session_timeout 2m" && self.out.contains("session_timeout");
                if !repeated && self.choices.chance(50) {
                    self.line(&format!("  {setting}"));
                }
            }
            self.line("}");
        }
        match self.choices.below(6) {
            2 => self.line("consent {\n  processing explicit \"We use your answers.\"\n}"),
            3 => self.line("consent {\n  cookies before_chat\n  processing explicit\n}"),
            4 => self.line("consent {\n  processing legitimate_interest \"Chatting is agreeing.\"\n}"),
            5 => self.line("consent {\n  processing legitimate_interest\n}"),
            _ => {}
        }
    }

    /// Targeting, the welcome, `outdated` and `anytime`.
    fn outside(&mut self) {
        let nothing = Here::nothing();
        if self.choices.chance(40) {
            self.line("target {");
            for word in ["show", "hide", "show", "hide"] {
                if self.choices.chance(50) {
                    let (condition, _) = self.condition(&nothing, Room::Target, 2);
                    self.line(&format!("  {word} when {condition}"));
                }
            }
            self.line("}");
        }
        if self.choices.chance(70) {
            let locals = std::mem::take(&mut self.locals);
            let text = self.text(&nothing, 2);
            self.locals = locals;
            self.line(&format!("welcome {text}"));
        }
        if self.choices.chance(20) {
            self.line("outdated -> start");
        }
        if self.choices.chance(50) {
            self.step = None;
            self.left = 5;
            self.line("anytime {");
            self.indent += 1;
            for _ in 0..=self.choices.below(2) {
                let replied = nothing.with(&BTreeSet::from(["reply".to_owned()]));
                let (mut condition, mut known) = self.test_of_reply(&replied);
                if self.choices.chance(30) {
                    let (other, more) = self.condition(&replied, Room::Chat, 1);
                    condition = format!("{condition} and ({other})");
                    known.extend(more);
                }
                self.arm(&condition, &replied.with(&known), 1);
            }
            self.indent -= 1;
            self.line("}");
        }
        self.line("");
    }

    // Texts and values

    /// A text in quotes, with holes where this is known.
    pub(super) fn text(&mut self, here: &Here, depth: usize) -> String {
        let mut text = self.choices.word(WORDS).to_owned();
        while depth > 0 && self.choices.chance(40) {
            if self.choices.chance(15) {
                let forms = self.forms(here, depth - 1);
                text += &forms;
                continue;
            }
            let hole = self.shown(here, depth - 1);
            text += &format!(" {{{hole}}}");
            text += self.choices.word(&["", ".", " \\{x\\} \\n", " \\u{e9}", " }"]);
        }
        quoted(&text)
    }

    /// An expression that is known here.
    pub(super) fn shown(&mut self, here: &Here, depth: usize) -> String {
        if self.careless && self.choices.chance(5) {
            let all = self.names(|_| true);
            return self.use_one(&all).name.to_owned();
        }
        let here_known: Vec<Name> =
            self.names(|name| here.knows(name.name) || (name.of == Of::Page && depth > 0));
        if self.choices.chance(60) && !here_known.is_empty() {
            return self.use_one(&here_known).name.to_owned();
        }
        if here.knows("reply") && self.choices.chance(10) {
            return "reply".to_owned();
        }
        if self.choices.chance(10)
            && let Some(calculation) = self.calculation(here, Kind::Number, depth)
        {
            return format!("{calculation} or {}", Kind::Number.literal(&mut self.choices));
        }
        let all = self.names(|_| true);
        let name = self.use_one(&all);
        let default = match self.choices.below(3) {
            1 if name.kind.has_literals() => name.kind.literal(&mut self.choices),
            2 if depth > 0 => self.text(here, depth - 1),
            _ => quoted(self.choices.word(WORDS)),
        };
        format!("{} or {default}", name.name)
    }

    /// A value of the type that is known here, if one can be written.
    pub(super) fn stored(&mut self, here: &Here, kind: Kind) -> Option<String> {
        let known = self.names(|name| name.kind == kind && here.knows(name.name));
        if !known.is_empty() && self.choices.chance(40) {
            return Some(self.use_one(&known).name.to_owned());
        }
        if !kind.has_literals() {
            return None;
        }
        if self.choices.chance(40)
            && let Some(calculation) = self.calculation(here, kind, 2)
        {
            return Some(calculation);
        }
        if kind == Kind::Text {
            return Some(match self.choices.below(3) {
                1 => self.text(here, 2),
                2 if here.knows("reply") => "reply".to_owned(),
                _ => kind.literal(&mut self.choices),
            });
        }
        let same = self.names(|name| name.kind == kind);
        if !same.is_empty() && self.choices.chance(30) {
            let name = self.use_one(&same);
            return Some(self.defaulted(name));
        }
        Some(kind.literal(&mut self.choices))
    }
}
