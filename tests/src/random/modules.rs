//! Random modules: steps that the flow and other modules run, whose locals have the names of the flow's.

use std::collections::BTreeSet;

use super::flow::{Author, Here, Routine};
use super::names::{NAMES, Of};

/// The modules there may be, each with those that it may use.
pub(super) const MODULES: &[&str] = &["teil", "modul"];

/// Whether a name is a local's that its file uses by this name.
fn is_own_local(name: &str) -> bool {
    NAMES.iter().any(|other| other.of == Of::Flow && other.name == name)
}

/// Whether a name is that of a module's local, as others keep account of it.
pub(super) fn is_foreign_local(name: &str) -> bool {
    name.split_once('.').is_some_and(|(module, _)| MODULES.contains(&module))
}

impl Routine {
    /// The routine as the steps of this home see it: the locals of another are none of theirs.
    pub(super) fn seen_from(&self, home: Option<&'static str>) -> Routine {
        let Some(own) = self.home.filter(|own| Some(*own) != home) else { return self.clone() };
        let all = |names: &BTreeSet<String>| -> BTreeSet<String> {
            let seen =
                |name: &String| if is_own_local(name) { format!("{own}.{name}") } else { name.clone() };
            names.iter().map(seen).collect()
        };
        Routine {
            name: format!("{own}.{}", self.name),
            home: self.home,
            needs: all(&self.needs),
            after: self.after.as_ref().map(|after| Here { known: all(&after.known), waited: after.waited }),
            clears: all(&self.clears),
            waits: self.waits,
        }
    }
}

impl Author {
    /// Writes the modules: their names and texts.
    pub(super) fn modules(&mut self) -> Vec<(String, String)> {
        let mut written = Vec::new();
        for (nth, name) in MODULES.iter().enumerate() {
            if self.choices.chance(50) {
                continue;
            }
            let before = self.begin_file();
            self.home = Some(name);
            self.line(&format!("module {name} \"Ein Modul\""));
            self.line("use acme");
            for used in MODULES.iter().take(nth) {
                if written.iter().any(|(other, _): &(String, String)| other == used) {
                    self.line(&format!("use {used}"));
                }
            }
            self.line("");
            let routines = self.routines();
            self.line(&routines);
            if routines.is_empty() {
                self.line("step tun {\n  say \"…\"\n}");
            }
            self.missing_locals();
            self.home = None;
            written.push(((*name).to_owned(), self.end_file(before)));
        }
        written
    }
}
