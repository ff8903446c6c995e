//! Types as the checker sees them, and how they read in a message.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::source::Span;
use crate::tree::Arithmetic;

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Ty {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A date.
    Date,
    /// A date and time.
    DateTime,
    /// A length of time.
    Duration,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A URL.
    Url,
    /// One of a closed list.
    OneOf(Arc<OptionList>),
    /// Several of a closed list.
    ManyOf(Arc<OptionList>),
    /// Something that was reported already; it fits everywhere, so that one mistake is one finding.
    Error,
}

/// A closed list of options.
#[derive(Debug, Default)]
pub struct OptionList {
    /// The options, in their order.
    pub options: Vec<OptionInfo>,
    /// The property or local that it was declared for.
    of: OnceLock<String>,
    /// Their places by their names, made when one is first looked for.
    by_name: OnceLock<HashMap<String, usize>>,
}

/// An option.
#[derive(Clone, Debug)]
pub struct OptionInfo {
    /// How flows name it.
    pub name: String,
    /// How visitors read it.
    pub label: String,
    /// What the CRM calls it.
    pub value: String,
    /// Where it is declared.
    pub span: Span,
}

impl OptionList {
    /// The list of these options.
    pub fn of(options: Vec<OptionInfo>) -> OptionList {
        OptionList { options, ..OptionList::default() }
    }

    /// The property or local that it was declared for; nothing for the words of a fact.
    pub fn of_what(&self) -> &str {
        self.of.get().map_or("", String::as_str)
    }

    /// The option of this name.
    pub fn named(&self, name: &str) -> Option<&OptionInfo> {
        let places =
            || self.options.iter().enumerate().map(|(at, option)| (option.name.clone(), at)).collect();
        self.options.get(*self.by_name.get_or_init(places).get(name)?)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.options.iter().map(|option| option.name.as_str())
    }
}

impl Ty {
    /// The names of the plain types.
    pub const NAMES: &'static [&'static str] =
        &["text", "number", "bool", "date", "datetime", "duration", "email", "phone", "url"];

    /// The plain type of this name.
    pub fn named(word: &str) -> Option<Ty> {
        Some(match word {
            "text" => Ty::Text,
            "number" => Ty::Number,
            "bool" => Ty::Bool,
            "date" => Ty::Date,
            "datetime" => Ty::DateTime,
            "duration" => Ty::Duration,
            "email" => Ty::Email,
            "phone" => Ty::Phone,
            "url" => Ty::Url,
            _ => return None,
        })
    }

    /// How a message calls it.
    pub fn describe(&self) -> &'static str {
        match self {
            Ty::Text => "a text",
            Ty::Number => "a number",
            Ty::Bool => "yes or no",
            Ty::Date => "a date",
            Ty::DateTime => "a date and time",
            Ty::Duration => "a duration",
            Ty::Email => "an e-mail address",
            Ty::Phone => "a phone number",
            Ty::Url => "a URL",
            Ty::OneOf(_) => "one of a list of options",
            Ty::ManyOf(_) => "several of a list of options",
            Ty::Error => "something unknown",
        }
    }

    /// Says for which property or local the type was written.
    pub fn declared_for(&self, name: &str) {
        if let Some(list) = self.options() {
            list.of.get_or_init(|| name.to_owned());
        }
    }

    /// Whether it is compared as text is.
    pub fn is_text(&self) -> bool {
        matches!(self, Ty::Text | Ty::Email | Ty::Phone | Ty::Url | Ty::Error)
    }

    /// Whether it has an order.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Ty::Number | Ty::Date | Ty::DateTime | Ty::Duration | Ty::Error)
    }

    /// The options it is made of.
    pub fn options(&self) -> Option<&Arc<OptionList>> {
        match self {
            Ty::OneOf(list) | Ty::ManyOf(list) => Some(list),
            Ty::Text
            | Ty::Number
            | Ty::Bool
            | Ty::Date
            | Ty::DateTime
            | Ty::Duration
            | Ty::Email
            | Ty::Phone
            | Ty::Url
            | Ty::Error => None,
        }
    }

    /// Whether two values of these types can be the same.
    pub fn compares_with(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Error, _) | (_, Ty::Error) => true,
            (Ty::OneOf(left) | Ty::ManyOf(left), Ty::OneOf(right) | Ty::ManyOf(right)) => {
                Arc::ptr_eq(left, right) || left.names().eq(right.names())
            }
            _ => {
                (self.is_text() && other.is_text())
                    || std::mem::discriminant(self) == std::mem::discriminant(other)
            }
        }
    }

    /// What arithmetic with two values of these types gives; none where it means nothing.
    pub fn arithmetic(operator: Arithmetic, left: &Ty, right: &Ty) -> Option<Ty> {
        use Arithmetic::{Add, Divide, Multiply, Subtract};
        Some(match (operator, left, right) {
            (_, Ty::Error, _) | (_, _, Ty::Error) => Ty::Error,
            (_, Ty::Number, Ty::Number) => Ty::Number,
            (Add | Subtract, Ty::Duration, Ty::Duration) => Ty::Duration,
            (Add | Subtract, Ty::Date, Ty::Duration) | (Add, Ty::Duration, Ty::Date) => Ty::Date,
            (Add | Subtract, Ty::DateTime, Ty::Duration) | (Add, Ty::Duration, Ty::DateTime) => Ty::DateTime,
            (Subtract, Ty::Date, Ty::Date) | (Subtract, Ty::DateTime, Ty::DateTime) => Ty::Duration,
            (Multiply | Divide, Ty::Duration, Ty::Number) | (Multiply, Ty::Number, Ty::Duration) => {
                Ty::Duration
            }
            (Divide, Ty::Duration, Ty::Duration) => Ty::Number,
            _ => return None,
        })
    }

    /// Whether a value of this type may be stored where `target` is wanted.
    pub fn fits(&self, target: &Ty) -> bool {
        match (self, target) {
            (Ty::OneOf(_), Ty::ManyOf(_)) | (Ty::ManyOf(_), Ty::OneOf(_)) => false,
            // Text was not read as an address, so it cannot become one.
            (Ty::Text, Ty::Email | Ty::Phone | Ty::Url) => false,
            (Ty::Email | Ty::Phone | Ty::Url, Ty::Email | Ty::Phone | Ty::Url) => {
                std::mem::discriminant(self) == std::mem::discriminant(target)
            }
            _ => self.compares_with(target),
        }
    }
}
