//! Random statements, with what is known after them.

use std::collections::BTreeSet;

use super::conditions::{Room, Written};
use super::flow::{Author, Here, Routine, meet};
use super::names::{FUNCTIONS, Kind, NAMES, Of, quoted};
use super::words::{LABELS, TIMEOUTS};

impl Author {
    /// Writes a block's statements; what is known after it, or nothing if it never runs to its end.
    pub(super) fn block(&mut self, here: Here, depth: usize) -> Option<Here> {
        self.indent += 1;
        let mut here = Some(here);
        let most = if depth == 0 { 8 } else { 3 };
        for nth in 0..most {
            let Some(now) = here.clone() else { break };
            let on = if depth == 0 { 85 } else { 45 };
            if nth > 0 && (self.left == 0 || !self.choices.chance(on)) {
                break;
            }
            self.left = self.left.saturating_sub(1);
            here = self.statement(now, depth);
        }
        self.indent -= 1;
        here
    }

    fn statement(&mut self, here: Here, depth: usize) -> Option<Here> {
        let kinds = if depth < 3 { 31 } else { 6 };
        match self.choices.below(kinds) {
            0 | 1 => {
                let text = self.text(&here, 2);
                let media = self.media(&here);
                self.line(&format!("say {text}{media}"));
                Some(here)
            }
            2 => {
                let (first, second) = (self.text(&here, 1), self.text(&here, 2));
                self.line(&format!("say [{first},\n    {second}]"));
                Some(here)
            }
            3 if self.choices.chance(40) => self.let_(here, depth),
            3 if self.choices.chance(20) => self.clear(here),
            3 => self.set(here, depth),
            4 if self.choices.chance(50) => self.run(here),
            4 => self.leave(&here),
            5 => {
                self.told();
                Some(here)
            }
            6..=12 => self.ask(here, depth),
            13 => self.guard(here),
            14..=16 => self.branches(here, depth),
            17 => self.meeting(here, depth),
            18 => self.article(here, depth),
            22 | 23 => self.search(here, depth),
            19 => self.ticket(here, depth),
            24 => self.clear(here),
            25 => Some(self.pause(&here)),
            26 => self.run(here),
            27 => self.called(here, depth),
            28 => self.webhook(here, depth),
            29 | 30 => self.bot_server(here, depth),
            _ => self.hand_off(here, depth),
        }
    }

    fn set(&mut self, here: Here, depth: usize) -> Option<Here> {
        let all = self.names(|name| matches!(name.of, Of::Crm | Of::Flow));
        let name = self.use_one(&all);
        let Some(value) = self.stored(&here, name.kind) else {
            self.line("say \"…\"");
            return Some(here);
        };
        self.store(&format!("set {} = {value}", name.name), name.name, here, depth)
    }

    fn let_(&mut self, here: Here, depth: usize) -> Option<Here> {
        let typed = |kind| {
            matches!(kind, Kind::Text | Kind::Number | Kind::Bool | Kind::Date | Kind::Moment | Kind::Length)
        };
        let all = self.names(|name| name.of == Of::Flow && typed(name.kind));
        if all.is_empty() {
            return self.set(here, depth);
        }
        let name = self.use_one(&all);
        let value = self.stored(&here, name.kind).unwrap_or_default();
        // A value that needs no local says by itself what the local is.
        if !NAMES.iter().any(|other| other.of == Of::Flow && value.contains(other.name)) {
            self.asked.insert(name.name);
        }
        self.store(&format!("let {} = {value}", name.name), name.name, here, depth)
    }

    /// Writes a `set` or `let`, sometimes with what happens where there is nothing to store.
    fn store(&mut self, head: &str, name: &str, here: Here, depth: usize) -> Option<Here> {
        let stored = here.with(&BTreeSet::from([name.to_owned()]));
        if !self.choices.chance(30) {
            self.line(head);
            return Some(stored);
        }
        self.line(&format!("{head} {{"));
        self.indent += 1;
        let failed = self.arm("failed", &here, depth);
        self.indent -= 1;
        self.line("}");
        meet(Some(stored), failed)
    }

    /// `let NAME = FUNCTION(VALUE)`.
    fn called(&mut self, here: Here, depth: usize) -> Option<Here> {
        let all = self.names(|name| name.of == Of::Flow);
        if all.is_empty() {
            return self.set(here, depth);
        }
        let name = self.use_one(&all);
        let Some(function) = FUNCTIONS.iter().find(|function| function.gives == name.kind) else {
            return self.set(here, depth);
        };
        let values: Option<Vec<String>> =
            function.takes.iter().map(|kind| self.stored(&here, *kind)).collect();
        // An address that nobody has read can be given to nobody.
        let Some(values) = values else {
            self.line("say \"…\"");
            return Some(here);
        };
        self.asked.insert(name.name);
        self.waits = true;
        let later = here.after_a_wait();
        let known = later.with(&BTreeSet::from([name.name.to_owned()]));
        let head = format!("let {} = {}({})", name.name, function.name, values.join(", "));
        if self.choices.chance(40) {
            self.line(&head);
            return Some(known);
        }
        self.line(&format!("{head} {{"));
        self.indent += 1;
        let mut after = Some(known.clone());
        if self.choices.chance(20) {
            after = self.arm("returned", &known, depth);
        }
        after = meet(after, self.arm("failed", &later, depth));
        self.deadline();
        self.indent -= 1;
        self.line("}");
        after
    }

    fn clear(&mut self, here: Here) -> Option<Here> {
        let all = self.names(|name| matches!(name.of, Of::Crm | Of::Flow));
        let name = self.use_one(&all);
        self.line(&format!("clear {}", name.name));
        self.clears.insert(name.name.to_owned());
        let mut here = here;
        here.known.remove(name.name);
        Some(here)
    }

    fn pause(&mut self, here: &Here) -> Here {
        let time = self.choices.word(&["2s", "800ms", "1m", "10m", "1d"]);
        self.line(&format!("wait {time}"));
        self.waits = true;
        here.after_a_wait()
    }

    /// `do` of a step that is written already.
    fn run(&mut self, here: Here) -> Option<Here> {
        let home = self.home;
        let seen = self.routines.iter().map(|routine| routine.seen_from(home));
        let fit: Vec<Routine> = seen.filter(|routine| routine.needs.is_subset(&here.known)).collect();
        let Some(routine) = self.choices.one(&fit).cloned() else {
            self.line("say \"…\"");
            return Some(here);
        };
        self.line(&format!("do {}", routine.name));
        self.waits |= routine.waits;
        self.clears.extend(routine.clears.iter().cloned());
        here.after_running(&routine)
    }

    /// Sometimes a block with a picture, a file or a video.
    fn media(&mut self, here: &Here) -> String {
        if !self.choices.chance(20) {
            return String::new();
        }
        let kind = self.choices.word(&["image", "file", "video"]);
        let words = if kind == "file" { "name" } else { "alt" };
        // A picture without words is a warning.
        let words = match kind == "image" || self.choices.chance(60) {
            true => format!(" {words} {}", self.text(here, 1)),
            false => String::new(),
        };
        format!(" {{\n    {kind} \"https://acme.example/media\"{words}\n  }}")
    }

    /// The steps that may be gone to from here.
    fn targets(&self, here: &Here) -> Vec<String> {
        let mut targets = Vec::new();
        if self.home.is_some() {
            return self.targets_in_module(here);
        }
        for (nth, plan) in self.plans.iter().enumerate() {
            let ahead = here.waited || self.step.is_none_or(|step| nth > step);
            if ahead && plan.needs.is_subset(&here.known) {
                targets.push(plan.name.clone());
            }
        }
        // Those lead back to no step without asking. In `anytime` and in one of them, only plans are gone to.
        if self.step.is_some_and(|step| step < self.plans.len()) {
            let own = self.routines.iter().filter(|routine| routine.home.is_none());
            let fit = own.filter(|routine| routine.needs.is_subset(&here.known));
            targets.extend(fit.map(|routine| routine.name.clone()));
        }
        targets
    }

    /// In a module, the steps that are written already, and the same one again once somebody was asked.
    fn targets_in_module(&self, here: &Here) -> Vec<String> {
        let own = self.routines.iter().filter(|routine| routine.home == self.home);
        let fit = own.filter(|routine| routine.needs.is_subset(&here.known));
        let again = self.routine.iter().filter(|(_, needs)| here.waited && needs.is_subset(&here.known));
        fit.map(|routine| routine.name.clone()).chain(again.map(|(name, _)| name.clone())).collect()
    }

    fn leave(&mut self, here: &Here) -> Option<Here> {
        let targets = self.targets(here);
        match self.choices.one(&targets) {
            Some(target) if self.choices.chance(80) => {
                let line = format!("-> {target}");
                self.line(&line);
            }
            _ => self.line("end"),
        }
        None
    }

    /// `HEAD -> step` or `HEAD -> { … }`.
    pub(super) fn arm(&mut self, head: &str, here: &Here, depth: usize) -> Option<Here> {
        let targets = self.targets(here);
        let target = self.choices.one(&targets).cloned();
        match (self.choices.below(4), target) {
            (0 | 1, Some(target)) => {
                self.line(&format!("{head} -> {target}"));
                None
            }
            (0, None) => {
                self.line(&format!("{head} -> {{ end }}"));
                None
            }
            _ => {
                self.line(&format!("{head} -> {{"));
                let after = self.block(here.clone(), depth + 1);
                self.line("}");
                after
            }
        }
    }

    /// `if x is unknown then …`, after which it is known.
    fn guard(&mut self, here: Here) -> Option<Here> {
        let all = self.names(|name| name.of != Of::Page);
        let name = self.use_one(&all);
        let targets = self.targets(&here);
        let way = match self.choices.one(&targets) {
            Some(target) => format!("-> {target}"),
            None => "end".to_owned(),
        };
        self.line(&format!("if {} is unknown then {way}", name.name));
        let known = BTreeSet::from([name.name.to_owned()]);
        Some(here.with(&known))
    }

    fn branches(&mut self, here: Here, depth: usize) -> Option<Here> {
        let mut after = None;
        let mut before: Option<Written> = None;
        for nth in 0..=self.choices.below(3) {
            // What was tested above once more, which then never holds.
            let again = before.filter(|_| self.choices.chance(15));
            let (condition, known) = again.unwrap_or_else(|| self.condition(&here, Room::Chat, 2));
            before = Some((condition.clone(), known.clone()));
            let inside = here.with(&known);
            let word = if nth == 0 { "if" } else { "else if" };
            if self.choices.chance(25) {
                let text = self.text(&inside, 1);
                self.line(&format!("{word} {condition} then say {text}"));
                after = meet(after, Some(inside));
                continue;
            }
            self.line(&format!("{word} {condition} then {{"));
            after = meet(after, self.block(inside, depth + 1));
            self.line("}");
        }
        if self.choices.chance(50) {
            self.line("else {");
            after = meet(after, self.block(here, depth + 1));
            self.line("}");
        } else {
            after = meet(after, Some(here));
        }
        after
    }

    fn ask(&mut self, here: Here, depth: usize) -> Option<Here> {
        let target = if self.choices.chance(75) {
            let all = self.names(|name| matches!(name.of, Of::Crm | Of::Flow));
            Some(self.use_one(&all))
        } else {
            None
        };
        let stores: BTreeSet<String> = target.iter().map(|name| name.name.to_owned()).collect();
        let kind = target.map(|name| name.kind);
        let text = self.text(&here, 1);
        let head = match target {
            Some(name) if name.of == Of::Flow => {
                self.asked.insert(name.name);
                format!("ask {}: {} {text}", name.name, name.kind.written())
            }
            Some(name) => format!("ask {} {text}", name.name),
            None => format!("ask {text}"),
        };
        if self.choices.chance(20) {
            self.line(&head);
            return Some(self.answered(&here).with(&stores));
        }
        self.line(&format!("{head} {{"));
        self.indent += 1;
        let after = self.ask_lines(&here, kind, &stores, depth);
        self.indent -= 1;
        self.line("}");
        after
    }

    fn answered(&mut self, here: &Here) -> Here {
        self.waits = true;
        let mut here = here.after_a_wait();
        here.waited = true;
        here.known.insert("reply".to_owned());
        here
    }

    fn ask_lines(
        &mut self,
        here: &Here,
        kind: Option<Kind>,
        stores: &BTreeSet<String>,
        depth: usize,
    ) -> Option<Here> {
        let mut after = None;
        if self.choices.chance(25) {
            let (condition, known) = match stores.first() {
                Some(name) if self.choices.chance(60) => {
                    (format!("{name} is known"), BTreeSet::from([name.clone()]))
                }
                _ => self.condition(here, Room::Chat, 1),
            };
            self.line(&format!("skip when {condition}"));
            after = Some(here.with(&known));
        }
        let waited = self.answered(here);
        let answered = waited.with(stores);
        let mut silent = waited.clone();
        if !here.knows("reply") {
            silent.known.remove("reply");
        }
        let mut offers = false;
        let may_have_choices = kind.is_none_or(Kind::has_literals);
        if may_have_choices && self.choices.chance(60) {
            let first = self.choices.below(LABELS.len());
            for nth in 0..=self.choices.below(4) {
                let at = (first + nth * 5) % LABELS.len();
                let label = quoted(LABELS.get(at).copied().unwrap_or("?"));
                let value = match kind {
                    None => None,
                    Some(Kind::Text) if self.choices.chance(50) => None,
                    Some(Kind::Many(options)) if self.choices.chance(50) => {
                        Some(self.choices.word(options).to_owned())
                    }
                    Some(kind) => Some(kind.literal(&mut self.choices)),
                };
                let head = value.map_or(label.clone(), |value| format!("{label} = {value}"));
                offers = true;
                if self.choices.chance(50) {
                    self.line(&head);
                    after = meet(after, Some(answered.clone()));
                } else {
                    after = meet(after, self.arm(&head, &answered, depth));
                }
            }
        }
        let mut otherwise = false;
        if self.choices.chance(25) {
            otherwise = true;
            let state = if kind.is_none() || kind == Some(Kind::Text) { &answered } else { &waited };
            after = meet(after, self.arm("otherwise", state, depth));
        } else if self.choices.chance(30) {
            let text = self.text(&here.after_a_wait(), 1);
            self.line(&format!("invalid {text}"));
        }
        if self.choices.chance(25) {
            let count = 1 + self.choices.below(3);
            after = meet(after, self.arm(&format!("attempts {count}"), &waited, depth));
        }
        if self.choices.chance(25) {
            let time = self.choices.word(TIMEOUTS);
            after = meet(after, self.arm(&format!("timeout {time}"), &silent, depth));
        }
        let own_options = matches!(kind, Some(Kind::One(_) | Kind::Many(_))) && !otherwise;
        // An open question, several ticks, and the options of the type itself all go on.
        if !offers || own_options || matches!(kind, Some(Kind::Many(_))) {
            after = meet(after, Some(answered));
        }
        after
    }

    fn meeting(&mut self, here: Here, depth: usize) -> Option<Here> {
        self.waits = true;
        let later = here.after_a_wait();
        self.line("book meeting intro {");
        self.indent += 1;
        let mut after =
            if self.choices.chance(50) { self.arm("booked", &later, depth) } else { Some(later.clone()) };
        after = meet(after, self.arm("declined", &later, depth));
        if self.choices.chance(30) {
            after = meet(after, self.arm("failed", &later, depth));
        }
        if self.choices.chance(40) {
            let time = self.choices.word(TIMEOUTS);
            after = meet(after, self.arm(&format!("timeout {time}"), &later, depth));
        }
        self.indent -= 1;
        self.line("}");
        after
    }

    fn article(&mut self, here: Here, depth: usize) -> Option<Here> {
        self.waits = true;
        let later = here.after_a_wait();
        if self.choices.chance(20) {
            self.line("share article reset");
            return Some(later);
        }
        self.line("share article reset {");
        self.indent += 1;
        let mut after =
            if self.choices.chance(50) { self.arm("helpful", &later, depth) } else { Some(later.clone()) };
        after = if self.choices.chance(70) {
            meet(after, self.arm("not_helpful", &later, depth))
        } else {
            meet(after, Some(later.clone()))
        };
        if self.choices.chance(30) {
            let time = self.choices.word(TIMEOUTS);
            after = meet(after, self.arm(&format!("timeout {time}"), &later, depth));
        }
        self.indent -= 1;
        self.line("}");
        after
    }

    fn search(&mut self, here: Here, depth: usize) -> Option<Here> {
        self.waits = true;
        let later = here.after_a_wait();
        self.line("search knowledge help {");
        self.indent += 1;
        if !here.knows("reply") || self.choices.chance(50) {
            let value = if self.choices.chance(50) { self.text(&here, 2) } else { self.shown(&here, 1) };
            self.line(&format!("question {value}"));
        }
        let mut after =
            if self.choices.chance(50) { self.arm("solved", &later, depth) } else { Some(later.clone()) };
        after = meet(after, self.arm("unsolved", &later, depth));
        for outcome in ["failed", "timeout 1m", "timeout 30s"] {
            if self.choices.chance(30) {
                after = meet(after, self.arm(outcome, &later, depth));
                if outcome == "timeout 1m" {
                    break;
                }
            }
        }
        self.deadline();
        self.indent -= 1;
        self.line("}");
        after
    }

    /// How long the host has, sometimes.
    pub(super) fn deadline(&mut self) {
        if self.choices.chance(30) {
            let time = self.choices.word(&["5s", "100ms", "1m"]);
            self.line(&format!("deadline {time}"));
        }
    }

    /// What the CRM is told and nobody waits for.
    fn told(&mut self) {
        let line = self.choices.word(&[
            "add contact to list newsletter",
            "remove contact from list newsletter",
            "subscribe contact to product_news",
            "enroll contact in workflow nurture",
        ]);
        self.line(line);
    }

    fn ticket(&mut self, here: Here, depth: usize) -> Option<Here> {
        self.waits = true;
        let later = here.after_a_wait();
        if self.choices.chance(20) {
            self.line("create ticket support");
            return Some(later);
        }
        self.line("create ticket support {");
        self.indent += 1;
        for setting in ["subject", "body"] {
            if self.choices.chance(50) {
                let value = if self.choices.chance(50) { self.text(&here, 2) } else { self.shown(&here, 1) };
                self.line(&format!("{setting} {value}"));
            }
        }
        if self.choices.chance(30) {
            let word = self.choices.word(&["low", "medium", "high", "urgent"]);
            self.line(&format!("priority {word}"));
        }
        if self.choices.chance(30) {
            let word = self.choices.word(&["new", "waiting", "closed"]);
            self.line(&format!("stage {word}"));
        }
        let mut after =
            if self.choices.chance(40) { self.arm("created", &later, depth) } else { Some(later.clone()) };
        if self.choices.chance(40) {
            after = meet(after, self.arm("failed", &later, depth));
        }
        self.deadline();
        self.indent -= 1;
        self.line("}");
        after
    }

    fn hand_off(&mut self, here: Here, depth: usize) -> Option<Here> {
        self.waits = true;
        let who = self.choices.word(&["team sales", "user ada", "unassigned", "contact owner", "team night"]);
        let said = (here.knows(who) || who == "unassigned") && self.choices.chance(60);
        if said {
            self.line(&format!("hand off to {who}"));
            return None;
        }
        let later = here.after_a_wait();
        self.line(&format!("hand off to {who} {{"));
        self.indent += 1;
        if self.choices.chance(50) {
            let note = self.text(&here, 2);
            self.line(&format!("note {note}"));
        }
        let after = self.arm("unavailable", &later, depth);
        self.deadline();
        self.indent -= 1;
        self.line("}");
        after
    }
}
