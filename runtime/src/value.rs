//! The values a flow works with, and their types.

use alloc::string::String;
use alloc::vec::Vec;
use rust_decimal::Decimal;

use crate::id::Options;

/// A known value. That a value is unknown is said by `Option<Value>`, never by a value of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text; e-mail addresses, phone numbers and URLs are text that has been validated and normalised.
    Text(String),
    /// An exact decimal number.
    Number(Decimal),
    /// Yes or no.
    Bool(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since 1970-01-01T00:00Z.
    DateTime(i64),
    /// Milliseconds.
    Duration(i64),
    /// One option, by its name.
    Option(String),
    /// Several options, by their names, in the order of the type's own list.
    Options(Vec<String>),
}

/// What a property or a local may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any text.
    Text,
    /// An exact decimal number.
    Number,
    /// Yes or no.
    Bool,
    /// A calendar date.
    Date,
    /// A moment.
    DateTime,
    /// A length of time.
    Duration,
    /// A validated e-mail address.
    Email,
    /// A validated phone number, as E.164.
    Phone,
    /// A validated http(s) address.
    Url,
    /// One of a closed list.
    OneOf(Options),
    /// Several of a closed list.
    ManyOf(Options),
}

impl Type {
    /// The type without its list of options.
    pub fn kind(self) -> TypeKind {
        match self {
            Type::Text => TypeKind::Text,
            Type::Number => TypeKind::Number,
            Type::Bool => TypeKind::Bool,
            Type::Date => TypeKind::Date,
            Type::DateTime => TypeKind::DateTime,
            Type::Duration => TypeKind::Duration,
            Type::Email => TypeKind::Email,
            Type::Phone => TypeKind::Phone,
            Type::Url => TypeKind::Url,
            Type::OneOf(_) => TypeKind::OneOf,
            Type::ManyOf(_) => TypeKind::ManyOf,
        }
    }

    /// The list of options that it takes its values from, if it has one.
    pub fn options(self) -> Option<Options> {
        match self {
            Type::OneOf(options) | Type::ManyOf(options) => Some(options),
            Type::Text
            | Type::Number
            | Type::Bool
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Email
            | Type::Phone
            | Type::Url => None,
        }
    }
}

/// A type without its list of options: what is still the same when two programs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are those of `Type`")]
pub enum TypeKind {
    Text,
    Number,
    Bool,
    Date,
    DateTime,
    Duration,
    Email,
    Phone,
    Url,
    OneOf,
    ManyOf,
}

impl TypeKind {
    /// Every kind. A session has a kind as its number in this list, so new ones go to the end.
    pub const ALL: &'static [TypeKind] = &[
        TypeKind::Text,
        TypeKind::Number,
        TypeKind::Bool,
        TypeKind::Date,
        TypeKind::DateTime,
        TypeKind::Duration,
        TypeKind::Email,
        TypeKind::Phone,
        TypeKind::Url,
        TypeKind::OneOf,
        TypeKind::ManyOf,
    ];

    /// The word for it in turns and reports: `one_of`.
    pub fn word(self) -> &'static str {
        match self {
            TypeKind::Text => "text",
            TypeKind::Number => "number",
            TypeKind::Bool => "bool",
            TypeKind::Date => "date",
            TypeKind::DateTime => "datetime",
            TypeKind::Duration => "duration",
            TypeKind::Email => "email",
            TypeKind::Phone => "phone",
            TypeKind::Url => "url",
            TypeKind::OneOf => "one_of",
            TypeKind::ManyOf => "many_of",
        }
    }

    /// The type that it is, if it needs no list of options.
    pub fn plain(self) -> Option<Type> {
        Some(match self {
            TypeKind::Text => Type::Text,
            TypeKind::Number => Type::Number,
            TypeKind::Bool => Type::Bool,
            TypeKind::Date => Type::Date,
            TypeKind::DateTime => Type::DateTime,
            TypeKind::Duration => Type::Duration,
            TypeKind::Email => Type::Email,
            TypeKind::Phone => Type::Phone,
            TypeKind::Url => Type::Url,
            TypeKind::OneOf | TypeKind::ManyOf => return None,
        })
    }

    /// Whether a question that is read as this kind takes every answer to one that was read as another: any text is
    /// one, and one option is several.
    pub fn takes_over(self, from: TypeKind) -> bool {
        self == from || self == TypeKind::Text || (self, from) == (TypeKind::ManyOf, TypeKind::OneOf)
    }
}

/// The answer of a three-valued test: a comparison with something unknown is neither true nor false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Nobody can say: a value it looks at is unknown.
    Unknown,
}

impl Truth {
    /// Both hold (Kleene's strong logic, as in SQL).
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
        }
    }

    /// At least one holds.
    pub fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// The opposite; the opposite of unknown is unknown.
    #[expect(
        clippy::should_implement_trait,
        reason = "`!` on a three-valued answer would read as two-valued"
    )]
    pub fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// Whether a statement that depends on it is carried out: only true is.
    pub fn holds(self) -> bool {
        self == Truth::True
    }
}

impl From<bool> for Truth {
    fn from(is: bool) -> Truth {
        if is { Truth::True } else { Truth::False }
    }
}
