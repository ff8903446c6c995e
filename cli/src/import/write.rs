//! Declarations as text.

use std::fmt::Write;

use crate::import::hubspot::Object;
use crate::quote::{is_hidden, quoted};

/// What an import declares.
#[derive(Debug, Default)]
pub struct Declared {
    /// The properties, by what they belong to.
    pub properties: Vec<(Object, Vec<Property>)>,
    /// The users.
    pub users: Vec<User>,
    /// The teams.
    pub teams: Vec<Team>,
    /// The meetings.
    pub meetings: Vec<Meeting>,
    /// Whether the ids stand elsewhere, and not in comments.
    pub without_ids: bool,
}

impl Declared {
    /// Whether there is nothing to declare.
    pub fn is_empty(&self) -> bool {
        let properties = self.properties.iter().all(|(_, properties)| properties.is_empty());
        properties && self.users.is_empty() && self.teams.is_empty() && self.meetings.is_empty()
    }
}

/// A property.
#[derive(Debug)]
pub struct Property {
    /// Its name in flows.
    pub name: String,
    /// Its name in the CRM.
    pub id: String,
    /// Its type.
    pub shape: Shape,
    /// How people read it.
    pub label: Option<String>,
    /// What the CRM says of it.
    pub about: Option<String>,
    /// What the language cannot say of it.
    pub notes: Vec<String>,
}

/// A type.
#[derive(Debug)]
pub enum Shape {
    /// One with a name of its own.
    Plain(&'static str),
    /// A closed list.
    Options {
        /// Whether it holds several of them.
        several: bool,
        /// The list.
        options: Vec<Choice>,
    },
}

/// An option of a list.
#[derive(Debug)]
pub struct Choice {
    /// Its name in flows.
    pub name: String,
    /// How visitors read it.
    pub label: Option<String>,
    /// What the CRM calls it.
    pub value: String,
}

/// A user.
#[derive(Debug)]
pub struct User {
    /// Their name in flows.
    pub name: String,
    /// How people call them.
    pub title: String,
    /// What the CRM calls them.
    pub id: String,
}

/// A team.
#[derive(Debug)]
pub struct Team {
    /// Its name in flows.
    pub name: String,
    /// How people call it.
    pub title: String,
    /// The names of its members.
    pub members: Vec<String>,
    /// What the CRM calls it.
    pub id: String,
}

/// A meeting.
#[derive(Debug)]
pub struct Meeting {
    /// Its name in flows.
    pub name: String,
    /// How visitors read it.
    pub title: String,
    /// Where it is booked.
    pub link: String,
    /// Whom it is with, where that must be said.
    pub kind: Option<&'static str>,
    /// What the CRM calls it.
    pub id: String,
}

/// Lines are no longer than this where that can be helped.
const WIDTH: usize = 100;

/// A type that is longer than this does not make its neighbours' labels move.
const WIDE: usize = 24;

impl Declared {
    /// A workspace file.
    pub fn file(&self, name: &str, title: &str) -> String {
        let body = self.text();
        let between = if body.is_empty() { "" } else { "\n" };
        format!("workspace {name} {}\n{between}{body}", quoted(title))
    }

    /// The declarations, without a header.
    pub fn text(&self) -> String {
        let mut parts = Vec::new();
        for (object, properties) in self.properties.iter().filter(|(_, properties)| !properties.is_empty()) {
            parts.push(format!("{} {{\n{}}}\n", object.word(), properties_text(properties)));
        }
        let width = self.users.iter().map(|user| user.name.chars().count()).max().unwrap_or(0);
        let users = self.users.iter().map(|user| {
            let line = format!("user {:<width$} {}", user.name, quoted(&user.title));
            self.line(line, &format!("owner {}", user.id))
        });
        parts.push(users.collect());
        parts.push(self.teams.iter().map(|team| self.team(team)).collect());
        parts.push(self.meetings.iter().map(|meeting| self.meeting(meeting)).collect());
        parts.retain(|part: &String| !part.is_empty());
        parts.join("\n")
    }

    fn team(&self, team: &Team) -> String {
        let Team { name, title, members, id } = team;
        let line = format!("team {name} {} {{ members [{}] }}", quoted(title), members.join(", "));
        self.line(line, &format!("team {id}"))
    }

    fn meeting(&self, meeting: &Meeting) -> String {
        let Meeting { name, title, link, kind, id } = meeting;
        let line = format!("meeting {name} {} {{ link {} }}", quoted(title), quoted(link));
        match (kind, self.without_ids) {
            (Some(kind), true) => format!("{line} // {kind}\n"),
            (Some(kind), false) => self.line(line, &format!("meeting {id}, {kind}")),
            (None, _) => self.line(line, &format!("meeting {id}")),
        }
    }

    /// A line with what the CRM calls it.
    fn line(&self, line: String, id: &str) -> String {
        if self.without_ids { line + "\n" } else { format!("{line} // {}\n", remark(id)) }
    }
}

fn properties_text(properties: &[Property]) -> String {
    let names = properties.iter().map(|property| property.name.chars().count()).max().unwrap_or(0);
    let types: Vec<String> = properties.iter().map(|property| one_line(&property.shape)).collect();
    let narrow = types.iter().map(|ty| ty.chars().count()).filter(|width| *width <= WIDE);
    let width = narrow.max().unwrap_or(0);
    let mut text = String::new();
    for (property, ty) in properties.iter().zip(types) {
        let about = property.about.iter().flat_map(|about| wrapped(about));
        about.for_each(|line| text.push_str(&format!("  /// {line}\n")));
        property.notes.iter().for_each(|note| text.push_str(&format!("  // {}\n", remark(note))));
        let label = property.label.as_deref().map(quoted).unwrap_or_default();
        let line = format!("  {:<names$} {ty:<width$} {label}", property.name);
        let long = line.trim_end().chars().count() > WIDTH;
        match &property.shape {
            Shape::Options { several, options } if long => {
                let _ = writeln!(text, "  {:<names$} {} [", property.name, listed(*several));
                options.iter().for_each(|option| text.push_str(&format!("    {},\n", option_text(option))));
                let _ = writeln!(text, "{}", format!("  ] {label}").trim_end());
            }
            Shape::Options { .. } | Shape::Plain(_) => {
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
    }
    text
}

fn listed(several: bool) -> &'static str {
    if several { "many of" } else { "one of" }
}

fn one_line(shape: &Shape) -> String {
    match shape {
        Shape::Plain(name) => (*name).to_owned(),
        Shape::Options { several, options } => {
            let options = options.iter().map(option_text).collect::<Vec<_>>().join(", ");
            format!("{} [{options}]", listed(*several))
        }
    }
}

fn option_text(option: &Choice) -> String {
    let mut text = option.name.clone();
    if let Some(label) = option.label.as_ref().filter(|label| **label != option.name) {
        let _ = write!(text, " {}", quoted(label));
    }
    if option.value != option.name {
        let _ = write!(text, " = {}", quoted(&option.value));
    }
    text
}

/// A text as it can stand in a comment: on one line, with nothing hidden in it.
fn remark(text: &str) -> String {
    let shown: String = text.chars().map(|char| if is_hidden(char) { ' ' } else { char }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text over lines of a comment.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in remark(text).split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH - 6 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
