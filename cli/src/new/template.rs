//! The templates: the projects of `examples/templates`, as they stand there. They come with the command.

use std::fmt;

use chatflow_compiler::{nearest, suggestion};

use crate::trouble::Trouble;

/// A bot to begin with.
#[derive(Debug)]
pub struct Template {
    /// How it is asked for: `qualify-leads`.
    pub name: &'static str,
    /// What its flow is called, and its flow's file.
    pub flow: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    english: Edition,
    dutch: Edition,
}

/// A template in a language: the texts of its files.
#[derive(Debug)]
pub struct Edition {
    /// The flow, with its tests.
    pub flow: &'static str,
    /// The workspace.
    pub workspace: &'static str,
    /// What the project says of itself.
    pub readme: &'static str,
    /// Its `chatflow.toml`.
    pub config: &'static str,
}

macro_rules! file {
    ($name:literal, $language:literal, $file:expr) => {
        include_str!(concat!("../../../examples/templates/", $name, "/", $language, "/", $file))
    };
}

macro_rules! edition {
    ($name:literal, $language:literal, $flow:literal) => {
        Edition {
            flow: file!($name, $language, concat!($flow, ".flow")),
            workspace: file!($name, $language, "crm.flow"),
            readme: file!($name, $language, "README.md"),
            config: file!($name, $language, "chatflow.toml"),
        }
    };
}

macro_rules! templates {
    ($($name:literal $flow:literal $about:literal,)*) => {
        &[$(Template {
            name: $name,
            flow: $flow,
            about: $about,
            english: edition!($name, "en", $flow),
            dutch: edition!($name, "nl", $flow),
        }),*]
    };
}

/// Every template; the first is taken where nobody says which.
pub const TEMPLATES: &[Template] = templates! {
    "concierge" "concierge" "Greets visitors and brings them to a person, a meeting or an article",
    "qualify-leads" "qualify_leads" "Finds out what visitors need, and brings those who fit to sales",
    "meetings" "meetings" "Learns what a visitor wants to talk about, then books a meeting",
    "tickets" "tickets" "Writes down what is wrong, and makes a ticket of it",
    "knowledge-base" "knowledge_base" "Looks for answers first, then brings in a person or makes a ticket",
    "offline" "offline" "Takes a message while nobody is there",
    "blank" "blank" "Says hello: the smallest project",
};

/// The workspace of every template: `use crm`.
pub const WORKSPACE: &str = "crm";

macro_rules! common {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../../examples/templates/common/", $path)))),*]
    };
}

/// What every project gets besides: paths, with the texts that stand there.
pub const COMMON: &[(&str, &str)] = common! {
    ".editorconfig",
    ".gitignore",
    ".github/workflows/chatflow.yml",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    ".vscode/tasks.json",
};

impl Template {
    /// The template of this name, whichever way its words are joined.
    ///
    /// # Errors
    /// If there is none.
    pub fn named(name: &str) -> Result<&'static Template, Trouble> {
        let wanted = name.trim().to_lowercase().replace(['_', ' '], "-");
        TEMPLATES.iter().find(|template| template.name == wanted).ok_or_else(|| {
            let names = || TEMPLATES.iter().map(|template| template.name);
            let help = match nearest(&wanted, names()) {
                Some(near) => format!("Did you mean `{near}`? `chatflow new --list` shows all templates."),
                None => suggestion(&wanted, names(), "The templates").unwrap_or_else(all),
            };
            Trouble::new(format!("there is no template `{name}`")).help(help)
        })
    }

    /// Its texts in a language.
    pub fn edition(&self, language: Language) -> &Edition {
        match language {
            Language::English => &self.english,
            Language::Dutch => &self.dutch,
        }
    }
}

fn all() -> String {
    let names: Vec<String> = TEMPLATES.iter().map(|template| format!("`{}`", template.name)).collect();
    format!("The templates: {}.", names.join(", "))
}

/// A language that templates come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// Each of them; the first is taken where nobody says which.
    pub const ALL: &'static [Language] = &[Language::English, Language::Dutch];

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Dutch => "nl",
        }
    }

    /// Its name in English.
    pub const fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Dutch => "Dutch",
        }
    }

    /// The language that a tag or a name means: `nl`, `nl-BE`, `Dutch`.
    ///
    /// # Errors
    /// If no template speaks it.
    pub fn named(text: &str) -> Result<Language, Trouble> {
        let first = text.trim().split(['-', '_', '.']).next().unwrap_or_default();
        let of = |language: &Language| [language.tag(), language.name(), language.own_name()];
        let found = Language::ALL
            .iter()
            .find(|language| of(language).iter().any(|name| name.eq_ignore_ascii_case(first)));
        found.copied().ok_or_else(|| {
            let near = nearest(&first.to_lowercase(), ["english", "dutch", "nederlands"]);
            let near = near.map(|near| format!("Did you mean `{near}`? ")).unwrap_or_default();
            Trouble::new(format!("no template speaks `{text}`")).help(format!(
                "{near}They come in English (en) and Dutch (nl); make one of these, and translate its texts."
            ))
        })
    }

    /// Its name in itself, as its speakers look for it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Dutch => "Nederlands",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.own_name())
    }
}
