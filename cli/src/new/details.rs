//! What a project is to be: read from the arguments, made into names.

use std::path::Path;

use crate::arguments::NewArguments;
use crate::names::{self, Taken};
use crate::new::fill::{Filling, Named, Slots};
use crate::new::template::{Language, Template, WORKSPACE};
use crate::quote::is_hidden;
use crate::trouble::Trouble;

/// What was said of a project; what was not is asked for, or as the template has it.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// What it begins with.
    pub template: Option<&'static Template>,
    /// What it speaks.
    pub language: Option<Language>,
    /// What people call it.
    pub title: Option<String>,
    /// The title of its inbox.
    pub inbox: Option<String>,
    /// The title of its meeting, the link of it, or both.
    pub meeting: Option<Meeting>,
    /// The people who answer chats.
    pub users: Vec<String>,
}

/// A meeting as it is said: `Intro=https://meet.example/intro`, or one half of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// How visitors read it.
    pub title: Option<String>,
    /// Where it is booked.
    pub link: Option<String>,
}

impl Details {
    /// What the arguments say.
    ///
    /// # Errors
    /// If they name a template or a language that there is not.
    pub fn of(arguments: &NewArguments) -> Result<Details, Trouble> {
        Ok(Details {
            template: arguments.template.as_deref().map(Template::named).transpose()?,
            language: arguments.language.as_deref().map(Language::named).transpose()?,
            title: arguments.title.clone(),
            inbox: arguments.inbox.clone(),
            meeting: arguments.meeting.as_deref().and_then(Meeting::read),
            users: people(&arguments.users.join(",")),
        })
    }

    /// Says of what was asked for and a template has not that there is none.
    ///
    /// # Errors
    /// If there is such a thing.
    pub fn fit(&self, template: &Template, slots: &Slots) -> Result<(), Trouble> {
        let lacks = [
            ("--meeting", "books no meeting", self.meeting.is_some() && slots.meeting.is_none()),
            ("--inbox", "has no inbox", self.inbox.is_some() && slots.inbox.is_none()),
            ("--users", "names no people", !self.users.is_empty() && slots.users.is_empty()),
        ];
        match lacks.iter().find(|(.., lacks)| *lacks) {
            None => Ok(()),
            Some((flag, what, _)) => Err(Trouble::new(format!("the template `{}` {what}", template.name))
                .help(format!(
                    "Leave out {flag}, or take another template: `chatflow new --list` shows them all."
                ))),
        }
    }

    /// What the project is filled with.
    pub fn filling(&self, folder: &str, slots: &Slots) -> Filling {
        let named = |title: &Option<String>, old: &Option<Named>, kind: &str| {
            let title = tidy(title.as_deref()?)?;
            // A title without a letter leaves the name as it is.
            let name = name(&title, kind).or_else(|| old.as_ref().map(|old| old.name.clone()))?;
            Some(Named { name, title })
        };
        let meeting = self.meeting.as_ref();
        Filling {
            flow: Named {
                name: flow_name(folder),
                title: self.title.as_deref().and_then(tidy).unwrap_or_else(|| title_of(folder)),
            },
            inbox: named(&self.inbox, &slots.inbox, "inbox"),
            meeting: meeting.and_then(|meeting| named(&meeting.title, &slots.meeting, "meeting")),
            link: meeting.and_then(|meeting| meeting.link.clone()),
            users: users(&self.users),
        }
    }
}

/// A title on one line, with nothing hidden in it; none if nothing is left.
pub fn tidy(text: &str) -> Option<String> {
    let shown: String = text.chars().map(|char| if is_hidden(char) { ' ' } else { char }).collect();
    let tidy = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    (!tidy.is_empty()).then_some(tidy)
}

/// The people that a list with commas names.
pub fn people(text: &str) -> Vec<String> {
    text.split(',').filter_map(tidy).collect()
}

impl Meeting {
    /// Reads `TITLE=LINK`, or a title or a link alone; none if nothing is said.
    pub fn read(text: &str) -> Option<Meeting> {
        let text = tidy(text)?;
        let (title, link) = match scheme(&text).and_then(|at| text.split_at_checked(at)) {
            Some((title, link)) => (title, link.to_owned()),
            None => match text.split_once('=').unwrap_or(("", &text)) {
                // An address without its scheme, as people type it.
                (title, link) if link.contains('.') && !link.contains(' ') => {
                    (title, format!("https://{}", link.trim()))
                }
                _ => (text.as_str(), String::new()),
            },
        };
        let title = tidy(title.trim().trim_end_matches('='));
        Some(Meeting { title, link: Some(link).filter(|link| !link.is_empty()) })
    }
}

/// Where an address begins, by its scheme.
fn scheme(text: &str) -> Option<usize> {
    let (before, _) = text.split_once("://")?;
    Some(before.trim_end_matches(|char: char| char.is_ascii_alphanumeric()).len())
}

/// The folder's name as people write it: `my-shop` is `My shop`.
pub fn title_of(folder: &str) -> String {
    let words = folder.replace(['-', '_'], " ");
    tidy(&names::as_title(words.trim())).unwrap_or_else(|| "Bot".to_owned())
}

/// A name for something of a kind with this title.
fn name(title: &str, kind: &str) -> Option<String> {
    let fits = |text: &str| names::made(text).filter(|name| names::is_option(name));
    fits(title).or_else(|| fits(&format!("{kind} {title}")).filter(|name| name != kind))
}

/// The flow's name: the folder's, which must not be the workspace's too, whose file stands beside it.
fn flow_name(folder: &str) -> String {
    let candidates = [folder.to_owned(), format!("{folder} bot"), format!("bot {folder}")];
    let fits = |text: &String| names::made(text).filter(|name| names::is_option(name) && name != WORKSPACE);
    candidates.iter().find_map(fits).unwrap_or_else(|| "bot".to_owned())
}

/// The people with their names, each of which is another.
fn users(titles: &[String]) -> Vec<Named> {
    let mut taken = Taken::default();
    let user = |title: String| {
        let name = name(&title, "user").unwrap_or_else(|| "user".to_owned());
        Named { name: taken.take(&[name]), title }
    };
    titles.iter().filter_map(|title| tidy(title)).map(user).collect()
}

/// The last part of a folder's path, which may not be there yet: that of `.` is where we are.
pub fn folder_name(dir: &Path) -> String {
    let own = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let absolute = || std::fs::canonicalize(dir).ok().and_then(|path| own(&path));
    own(dir).or_else(absolute).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meetings_are_a_title_a_link_or_both() {
        let read = |text: &str| Meeting::read(text).map(|meeting| (meeting.title, meeting.link));
        let both = |title: Option<&str>, link: Option<&str>| {
            Some((title.map(str::to_owned), link.map(str::to_owned)))
        };
        let link = "https://meet.example/a?b=c";
        assert_eq!(read(link), both(None, Some(link)));
        assert_eq!(read(&format!("A talk = {link}")), both(Some("A talk"), Some(link)));
        assert_eq!(read("A talk"), both(Some("A talk"), None));
        assert_eq!(read("A talk=meet.example/a"), both(Some("A talk"), Some("https://meet.example/a")));
        assert_eq!(read("meet.example/a"), both(None, Some("https://meet.example/a")));
        assert_eq!(read("a=ftp://b"), both(Some("a"), Some("ftp://b")));
        assert_eq!(read("  "), None);
    }

    #[test]
    fn flows_are_named_after_their_folder() {
        let of = |folder: &str| (flow_name(folder), title_of(folder));
        let pair = |name: &str, title: &str| (name.to_owned(), title.to_owned());
        assert_eq!(of("shop"), pair("shop", "Shop"));
        assert_eq!(of("my-shop"), pair("my_shop", "My shop"));
        assert_eq!(of("24"), pair("bot_24", "24"));
        assert_eq!(of("crm"), pair("crm_bot", "Crm"));
        assert_eq!(of("or"), pair("or_bot", "Or"));
        assert_eq!(of("--"), pair("bot", "Bot"));
        assert_eq!(of("Größe"), pair("größe", "Größe"));
    }

    #[test]
    fn users_have_names_of_their_own() {
        let named = users(&people("Ada Lovelace, Ada Lovelace,, 李, 007, true, …"));
        let names: Vec<&str> = named.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, ["ada_lovelace", "ada_lovelace_2", "李", "user_007", "user_true", "user"]);
    }
}
