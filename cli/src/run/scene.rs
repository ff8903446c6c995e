//! The scene of a chat: what is known, what time it is, and which page the visitor is on.

use std::collections::BTreeMap;

use chatflow_compiler::nearest;
use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::{FactValue, Facts, Program, Tag, Timestamp, facts_read, is_available, select, shows};
use jiff::tz::TimeZone;

use crate::arguments::RunArguments;
use crate::chat::Zones;
use crate::run::fits;
use crate::testing::{CLOCK, first_facts};
use crate::trouble::Trouble;

/// The page of a visitor about whom nobody said where they are.
pub const SOME_PAGE: &str = "https://example.com/";

/// A scene.
#[derive(Debug)]
pub struct Scene {
    /// What the host knows.
    pub facts: Facts,
    /// What time it is.
    pub now: Timestamp,
    /// Whether somebody said what time it is.
    pub fixed: bool,
    /// The page, if one was named.
    pub visited: Option<String>,
    /// The names of the facts that were given.
    given: Vec<String>,
    /// The names of those who could take the chat.
    available: Vec<String>,
    /// What people call the surveys of the workspace; nothing is known of those of a compiled flow.
    pub surveys: BTreeMap<String, String>,
}

impl Scene {
    /// The scene that the arguments set.
    ///
    /// # Errors
    /// If a fact has no value, or the time cannot be read.
    pub fn set(arguments: &RunArguments) -> Result<Scene, Trouble> {
        let visited = arguments.visit.as_deref().map(address).transpose()?;
        let page = visited.as_deref().unwrap_or(SOME_PAGE);
        let mut facts = Facts::new().with("page.url", page);
        let mut available = Vec::new();
        for name in arguments.available.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            if name == ObjectKind::ContactOwner.word() {
                facts.set(name, FactValue::Bool(true));
            } else {
                // A name is a team's or a user's; a flow does not read what it has no such thing for.
                facts.set(&format!("team {name}"), FactValue::Bool(true));
                facts.set(&format!("user {name}"), FactValue::Bool(true));
            }
            available.push(name.to_owned());
        }
        let mut given = Vec::new();
        for fact in &arguments.facts {
            let (name, value) = fact.split_once('=').ok_or_else(|| {
                Trouble::new(format!("`--fact {fact}` has no value"))
                    .help("Write it like --fact contact.stage=lead")
            })?;
            facts.set(name.trim(), FactValue::from(value));
            given.push(name.trim().to_owned());
        }
        if let Some(language) = &arguments.language {
            facts.set("language", FactValue::from(language.as_str()));
        }
        let now = match &arguments.at {
            Some(text) => moment(text)?,
            None => jiff::Timestamp::now().as_millisecond(),
        };
        Ok(Scene {
            facts,
            now: Timestamp(now),
            fixed: arguments.at.is_some(),
            visited,
            given,
            available,
            surveys: BTreeMap::new(),
        })
    }

    /// Makes this the world of a test, where what nobody said is as tests have it: the clock, and closed inboxes.
    pub fn be_a_test(&mut self, program: &Program) {
        let mut facts = first_facts(program);
        self.facts.iter().for_each(|(name, value)| facts.set(name, value.clone()));
        self.facts = facts;
        self.now = CLOCK;
    }

    /// The flow that the page shows.
    pub fn shown<'p>(&self, programs: &'p [Program]) -> Option<&'p Program> {
        let all: Vec<&Program> = programs.iter().collect();
        let id = select(&all, &Zones::of(programs).said(self.facts.clone(), self.now), self.now)?;
        programs.iter().find(|program| program.flow_id() == id)
    }

    /// What was said that the flow cannot read.
    pub fn misfits(&self, program: &Program) -> Vec<String> {
        let read = facts_read(program);
        let names: Vec<&str> = read.iter().map(String::as_str).collect();
        // Of a page the flow may read any part; the host says its address alone.
        let known = |name: &str| {
            names.contains(&name)
                || name.starts_with("page.")
                || matches!(name, "contact" | "contact owner" | "language")
        };
        let of_fact = |name: &String| {
            if known(name) {
                return fits::remark(program, name, self.facts.get(name)?);
            }
            let what = format!("the flow `{}` reads no fact `{name}`", program.name());
            // What it does read may be much; only a name that is near helps.
            let near = near_fact(name, &names).map(|near| format!("; did you mean `{near}`?"));
            Some(format!("{what}{}", near.unwrap_or_default()))
        };
        let given = self.given.iter().filter_map(of_fact);
        let nobody = self.available.iter().filter_map(|name| fits::nobody(program, name));
        given.chain(nobody).chain(self.unspoken(program)).collect()
    }

    /// That the flow does not speak the language that was asked for.
    fn unspoken(&self, program: &Program) -> Option<String> {
        let Some(FactValue::Text(asked)) = self.facts.get("language") else { return None };
        if program.languages().any(|tag| Some(tag) == Tag::of(asked)) {
            return None;
        }
        let spoken: Vec<String> = program.languages().map(|tag| format!("`{tag}`")).collect();
        let spoken = spoken.join(" and ");
        Some(format!("the flow `{}` speaks {spoken}, not `{asked}`", program.name()))
    }

    /// What somebody should know who expects this scene to matter.
    pub fn remarks(&self, program: &Program, programs: &[Program]) -> Vec<String> {
        let mut remarks = self.misfits(program);
        if let Some(url) = &self.visited {
            let here = program.name();
            let facts = Zones::of([program]).said(self.facts.clone(), self.now);
            if !shows(program, &facts, self.now) {
                remarks.push(format!("`{here}` would not show on {url}"));
            } else if !is_available(program, &facts, self.now) {
                remarks.push(format!("`{here}` would not show now: nobody is available"));
            } else if let Some(other) =
                self.shown(programs).filter(|other| other.flow_id() != program.flow_id())
            {
                remarks.push(format!("{url} would show `{}`, not `{here}`", other.name()));
            }
        }
        remarks
    }
}

/// The fact that was meant. What stands before the dot says nothing of what stands behind it: `contact.stage` is not nearly
/// `contact.email`.
fn near_fact(name: &str, names: &[&str]) -> Option<String> {
    let whole = || nearest(name, names.iter().copied()).map(str::to_owned);
    let Some((scope, last)) = name.rsplit_once('.') else { return whole() };
    let inside: Vec<&str> =
        names.iter().filter_map(|known| known.strip_prefix(scope)?.strip_prefix('.')).collect();
    if inside.is_empty() {
        return whole();
    }
    nearest(last, inside).map(|near| format!("{scope}.{near}"))
}

/// The address of a page as people write it; without a scheme it is one of the web.
fn address(text: &str) -> Result<String, Trouble> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    if !is_web || host.is_empty() || text.contains(char::is_whitespace) {
        return Err(Trouble::new(format!("`{text}` is no address of a page"))
            .help("Write it like --visit https://acme.example/pricing"));
    }
    Ok(format!("{scheme}://{rest}"))
}

/// The milliseconds of a time as people write it; without a zone it is one of the zone they are in.
fn moment(text: &str) -> Result<i64, Trouble> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(at.as_millisecond());
    }
    let local = text.parse::<jiff::civil::DateTime>().and_then(|at| at.to_zoned(TimeZone::system()));
    local.map(|at| at.timestamp().as_millisecond()).map_err(|_| {
        Trouble::new(format!("`{text}` is no time"))
            .help("Write it like --at 2026-01-05T10:00 or --at 2026-01-05T10:00Z")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_completed() {
        assert_eq!(address("https://a.example/b?c#d").unwrap(), "https://a.example/b?c#d");
        assert_eq!(address("a.example/b").unwrap(), "https://a.example/b");
        assert_eq!(address("localhost:8080").unwrap(), "https://localhost:8080");
        for wrong in ["", "/pricing", "ftp://a.example", "https://", "a b"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fact_is_near_by_what_stands_behind_its_dot() {
        let names = ["contact.email", "contact.firstname", "inbox sales"];
        assert_eq!(near_fact("contact.emial", &names).as_deref(), Some("contact.email"));
        assert_eq!(near_fact("contact.stage", &names), None);
        assert_eq!(near_fact("contct.email", &names).as_deref(), Some("contact.email"));
        assert_eq!(near_fact("inbox sale", &names).as_deref(), Some("inbox sales"));
    }

    #[test]
    fn times_are_read() {
        assert_eq!(moment("1970-01-01T00:00:01Z").unwrap(), 1000);
        assert_eq!(moment("1970-01-01T01:00+01:00").unwrap(), 0);
        assert!(moment("2026-01-05T10:00").is_ok());
        assert!(moment("2026-01-05").is_ok());
        assert!(moment("tomorrow").is_err());
    }
}
