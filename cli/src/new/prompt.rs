//! Asks at a terminal for what the arguments do not say.

use std::fmt;
use std::path::PathBuf;

use inquire::error::InquireError;
use inquire::ui::RenderConfig;
use inquire::validator::Validation;
use inquire::{Select, Text};

use crate::new::details::{Details, Meeting, people, tidy, title_of};
use crate::new::fill::Slots;
use crate::new::template::{Language, TEMPLATES, Template, WORKSPACE};
use crate::trouble::Trouble;

/// A template as a row of the list.
struct Row(&'static Template);

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = TEMPLATES.iter().map(|template| template.name.len()).max().unwrap_or(0);
        write!(out, "{:<width$}  {}", self.0.name, self.0.about)
    }
}

/// Asks where the project goes.
///
/// # Errors
/// If the person at the terminal stops.
pub fn folder(colour: bool) -> Result<PathBuf, Trouble> {
    use_colour(colour);
    line("Which folder should it go to?", "bot", "it is made, and the flow is named after it")
        .map(PathBuf::from)
}

fn use_colour(colour: bool) {
    inquire::set_global_render_config(if colour {
        RenderConfig::default_colored()
    } else {
        RenderConfig::empty()
    });
}

/// Asks for what is not said yet. `folder` is the name of the project's folder.
///
/// # Errors
/// If the person at the terminal stops, or what they said before does not fit.
pub fn complete(details: &mut Details, folder: &str, colour: bool) -> Result<(), Trouble> {
    use_colour(colour);
    let template = match details.template {
        Some(template) => template,
        None => template()?,
    };
    details.template = Some(template);
    // What a template has can be known once its language is; its slots are the same in each.
    details.fit(template, &Slots::of(template.edition(Language::English).workspace))?;
    let language = match details.language {
        Some(language) => language,
        None => language()?,
    };
    details.language = Some(language);
    let slots = Slots::of(template.edition(language).workspace);
    if details.title.is_none() {
        details.title =
            Some(line("What is it called?", &title_of(folder), "visitors read this above the chat")?);
    }
    if let (Some(inbox), None) = (&slots.inbox, &details.inbox) {
        details.inbox = Some(line("Which inbox do its chats go to?", &inbox.title, "")?);
    }
    if !slots.users.is_empty() && details.users.is_empty() {
        details.users =
            people(&line("Who answers chats?", &slots.users.join(", "), "names with commas between")?);
    }
    if let (Some(link), None) = (&slots.link, &details.meeting) {
        let help = format!("a link; {WORKSPACE}.flow has the meeting's title");
        details.meeting = Meeting::read(&checked_line(
            "Where is the meeting booked?",
            link,
            &help,
            has_link,
            "A link is needed, like https://meet.example/intro.",
        )?);
    }
    Ok(())
}

fn template() -> Result<&'static Template, Trouble> {
    let rows = TEMPLATES.iter().map(Row).collect();
    let asked = Select::new("What should the bot do?", rows)
        .without_filtering()
        .with_help_message("↑ and ↓ to move, Enter to take one")
        .with_formatter(&|row| row.value.0.name.to_owned());
    asked.prompt().map(|row| row.0).map_err(stopped)
}

fn language() -> Result<Language, Trouble> {
    let at = Language::ALL.iter().position(|language| speaks(*language)).unwrap_or(0);
    let asked = Select::new("Which language does it speak?", Language::ALL.to_vec())
        .with_starting_cursor(at)
        .without_filtering()
        .without_help_message();
    asked.prompt().map_err(stopped)
}

/// Whether the person at the terminal reads this language, by what the system says.
fn speaks(language: Language) -> bool {
    let said = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(said).unwrap_or_default();
    locale.to_lowercase().starts_with(language.tag())
}

fn line(question: &str, suggested: &str, help: &str) -> Result<String, Trouble> {
    checked_line(question, suggested, help, |text| tidy(text).is_some(), "Type something, please.")
}

/// Asks until what is typed fits.
fn checked_line(
    question: &str,
    suggested: &str,
    help: &str,
    fits: impl Fn(&str) -> bool + Clone,
    otherwise: &'static str,
) -> Result<String, Trouble> {
    let asked = Text::new(question).with_default(suggested);
    let asked = if help.is_empty() { asked } else { asked.with_help_message(help) };
    let validator = move |text: &str| {
        Ok(if fits(text) { Validation::Valid } else { Validation::Invalid(otherwise.into()) })
    };
    asked.with_validator(validator).prompt().map_err(stopped)
}

/// Whether a text has the link of a meeting in it.
fn has_link(text: &str) -> bool {
    let link = Meeting::read(text).and_then(|meeting| meeting.link);
    link.is_some_and(|link| link.starts_with("http") && link.contains('.'))
}

fn stopped(error: InquireError) -> Trouble {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            Trouble::new("stopped; nothing was made")
        }
        InquireError::NotTTY
        | InquireError::InvalidConfiguration(_)
        | InquireError::IO(_)
        | InquireError::Custom(_) => Trouble::new(format!("cannot ask at this terminal: {error}"))
            .help("Say --yes to take what is suggested, and the rest with flags."),
    }
}
