//! Random conditions, with what is known where they are true.

use std::collections::BTreeSet;

use super::flow::{Author, Here};
use super::names::{Kind, Name, Of};
use super::words::PATTERNS;

/// A condition as it is written, and the names that are known where it is true.
pub(super) type Written = (String, BTreeSet<String>);

/// Where a condition stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// In `target`: there is no chat yet.
    Target,
    /// In a step or in `anytime`.
    Chat,
}

impl Author {
    /// A condition in a place where this is known.
    pub(super) fn condition(&mut self, here: &Here, room: Room, depth: usize) -> Written {
        if depth == 0 {
            return self.test(here, room);
        }
        match self.choices.below(8) {
            6 => {
                let (left, known) = self.condition(here, room, depth - 1);
                let (right, more) = self.condition(here, room, depth - 1);
                (format!("({left}) and ({right})"), known.union(&more).cloned().collect())
            }
            5 => {
                let (guard, known) = self.test(here, room);
                let (guarded, more) = self.test(&here.with(&known), room);
                // A guard that relies on nothing itself may come second.
                let last = guard.ends_with(" is known") && self.choices.chance(40);
                let written =
                    if last { format!("{guarded} and {guard}") } else { format!("{guard} and {guarded}") };
                (written, known.union(&more).cloned().collect())
            }
            4 => {
                let (left, known) = self.condition(here, room, depth - 1);
                let (right, more) = self.test(here, room);
                (format!("({left}) or {right}"), known.intersection(&more).cloned().collect())
            }
            7 => {
                let (inner, _) = self.condition(here, room, depth - 1);
                (format!("not ({inner})"), BTreeSet::new())
            }
            3 => {
                let (inner, _) = self.test(here, room);
                (format!("not {inner}"), BTreeSet::new())
            }
            _ => self.test(here, room),
        }
    }

    /// A single test.
    fn test(&mut self, here: &Here, room: Room) -> Written {
        match self.choices.below(11) {
            10 if room == Room::Chat => self.test_of_calculation(here),
            7 => self.test_of_availability(),
            8 if room == Room::Chat => self.test_of_reply(here),
            9 => {
                let name = self.name(room);
                let left = self.defaulted(name);
                let right = name.kind.literal(&mut self.choices);
                (format!("{left} is {right}"), BTreeSet::new())
            }
            _ => self.test_of_name(here, room),
        }
    }

    /// A test of a number that is calculated.
    fn test_of_calculation(&mut self, here: &Here) -> Written {
        let left = self.calculation(here, Kind::Number, 1).unwrap_or_else(|| "1".to_owned());
        let right = self.calculation(here, Kind::Number, 0).unwrap_or_else(|| "1".to_owned());
        let literal = Kind::Number.literal(&mut self.choices);
        let written = match self.choices.below(4) {
            0 => format!("{left} is between {literal} and {right}"),
            1 => format!("{left} is {literal}"),
            2 => format!("{left} >= {right}"),
            _ => format!("{literal} < {left}"),
        };
        (written, BTreeSet::new())
    }

    fn test_of_availability(&mut self) -> Written {
        let not = self.choices.chance(20);
        let (who, state) = match self.choices.below(8) {
            0 => ("team sales", "available"),
            1 => ("user ada", "available"),
            2 => ("contact", "known"),
            3 => ("inbox sales", "open"),
            4 => ("contact", "in list newsletter"),
            5 => ("inbox night", "open"),
            6 => ("inbox always", "open"),
            _ => ("team night", "available"),
        };
        let known = if not { BTreeSet::new() } else { BTreeSet::from([who.to_owned()]) };
        (format!("{who} is {}{state}", if not { "not " } else { "" }), known)
    }

    /// A test of what the visitor said last.
    pub(super) fn test_of_reply(&mut self, here: &Here) -> Written {
        let known = BTreeSet::from(["reply".to_owned()]);
        let literal = Kind::Text.literal(&mut self.choices);
        let written = match self.choices.below(8) {
            0 => "reply is any of [\"agent\", \"human\", \"person\"]".to_owned(),
            1 => "reply contains \"help\"".to_owned(),
            2 => format!("reply is {literal}"),
            3 => format!("reply starts with {literal}"),
            6 => format!("reply matches {}", self.choices.word(PATTERNS)),
            7 => format!("not reply matches {}", self.choices.word(PATTERNS)),
            4 => {
                let text = self.text(here, 1);
                format!("reply ends with {text}")
            }
            _ => "reply is exactly \"agent\"".to_owned(),
        };
        (written, known)
    }

    /// A name that may stand here.
    pub(super) fn name(&mut self, room: Room) -> Name {
        let all = self.names(|name| room == Room::Chat || name.of != Of::Flow);
        self.use_one(&all)
    }

    fn test_of_name(&mut self, here: &Here, room: Room) -> Written {
        let name = self.name(room);
        let left = name.name;
        let mut known = BTreeSet::from([left.to_owned()]);
        let known_at_all = matches!(name.of, Of::Page);
        if !known_at_all && self.choices.chance(25) {
            return match self.choices.below(3) {
                0 => (format!("{left} is known"), known),
                1 => (format!("{left} is not unknown"), known),
                _ => (format!("{left} is unknown"), BTreeSet::new()),
            };
        }
        let right = self.right_side(name, here, room);
        let more = name.kind.literal(&mut self.choices);
        let operators: &[&str] = match name.kind {
            Kind::Text | Kind::Email | Kind::Phone | Kind::Url => &[
                "is",
                "is not",
                "contains",
                "does not contain",
                "starts with",
                "ends with",
                "is exactly",
                "matches",
                "any",
                "none",
            ],
            Kind::Number => &["is", "is not", "<", "<=", ">", ">=", "between", "any", "none"],
            Kind::Bool => &["is", "is not"],
            Kind::Date | Kind::Moment => &[
                "is",
                "is before",
                "is after",
                "between",
                "is not before",
                "is not after",
                "not between",
                ">=",
            ],
            Kind::Length => &["is", "<", ">=", "between"],
            Kind::One(_) => &["is", "is not", "any", "none"],
            Kind::Many(_) => &["includes", "includes all", "is", "any", "none"],
        };
        // In a query only its plain names may follow `is`: what has `?` in it is refused.
        let url = name.name == "page.url";
        let literal = if url { "\"https://Acme.example/pricing/\"".to_owned() } else { more };
        let one = if let Kind::Many(options) = name.kind {
            self.choices.word(options).to_owned()
        } else {
            literal.clone()
        };
        let right = if url { literal.clone() } else { right };
        let written = match self.choices.word(operators) {
            "any" => format!("{left} is any of [{one}, {one}]"),
            "none" => format!("{left} is none of [{one}]"),
            "between" => format!("{left} is between {literal} and {right}"),
            "not between" => format!("{left} is not between {literal} and {right}"),
            "includes" => format!("{left} includes {one}"),
            "includes all" => format!("{left} includes all [{one}, {one}]"),
            "matches" => format!("{left} matches {}", self.choices.word(PATTERNS)),
            operator => format!("{left} {operator} {right}"),
        };
        if name.of == Of::Page {
            known.clear();
        }
        (written, known)
    }

    /// What a name is compared with: mostly a literal.
    fn right_side(&mut self, name: Name, here: &Here, room: Room) -> String {
        if self.choices.chance(70)
            || room == Room::Target
            || matches!(name.kind, Kind::One(_) | Kind::Many(_))
        {
            return name.kind.literal(&mut self.choices);
        }
        let kind = name.kind;
        let all = self.names(|other| other.kind == kind || (other.kind.is_text() && kind.is_text()));
        let other = self.use_one(&all);
        match self.choices.below(4) {
            0 => other.name.to_owned(),
            1 if kind.is_text() => "reply".to_owned(),
            2 if kind.is_text() => self.text(here, 1),
            _ => self.defaulted(other),
        }
    }

    /// `(name or literal)`.
    pub(super) fn defaulted(&mut self, name: Name) -> String {
        if !name.kind.has_literals() {
            return name.name.to_owned();
        }
        let literal = name.kind.literal(&mut self.choices);
        format!("({} or {literal})", name.name)
    }
}
