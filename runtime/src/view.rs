//! A value looked at where it lies, and how two of them compare.

use alloc::string::String;

use rust_decimal::Decimal;

use crate::text;
use crate::value::{Truth, Value};

/// A value that somebody else owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View<'a> {
    Text(&'a str),
    Number(Decimal),
    Bool(bool),
    Date(i32),
    DateTime(i64),
    Duration(i64),
    Option(&'a str),
    Options(&'a [String]),
}

impl<'a> View<'a> {
    pub(crate) fn of(value: &'a Value) -> View<'a> {
        match value {
            Value::Text(text) => View::Text(text),
            Value::Number(number) => View::Number(*number),
            Value::Bool(is) => View::Bool(*is),
            Value::Date(days) => View::Date(*days),
            Value::DateTime(at) => View::DateTime(*at),
            Value::Duration(length) => View::Duration(*length),
            Value::Option(name) => View::Option(name),
            Value::Options(names) => View::Options(names),
        }
    }

    pub(crate) fn to_value(self) -> Value {
        match self {
            View::Text(text) => Value::Text(String::from(text)),
            View::Number(number) => Value::Number(number),
            View::Bool(is) => Value::Bool(is),
            View::Date(days) => Value::Date(days),
            View::DateTime(at) => Value::DateTime(at),
            View::Duration(length) => Value::Duration(length),
            View::Option(name) => Value::Option(String::from(name)),
            View::Options(names) => Value::Options(names.to_vec()),
        }
    }

    /// What tests of text look at.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            View::Text(text) | View::Option(text) => Some(text),
            View::Number(_)
            | View::Bool(_)
            | View::Date(_)
            | View::DateTime(_)
            | View::Duration(_)
            | View::Options(_) => None,
        }
    }

    /// How many bytes its texts have.
    pub(crate) fn size(self) -> usize {
        match self {
            View::Text(text) | View::Option(text) => text.len(),
            View::Options(names) => names.iter().map(|name| name.len() + 1).sum(),
            View::Number(_) | View::Bool(_) | View::Date(_) | View::DateTime(_) | View::Duration(_) => 0,
        }
    }
}

/// How much work a test of the two values may be, in bytes looked at.
pub(crate) fn work(a: View<'_>, b: View<'_>) -> usize {
    match (a, b) {
        (View::Options(_), View::Options(_)) => a.size().saturating_mul(b.size()),
        _ => a.size().saturating_add(b.size()),
    }
}

/// Whether two values are equal; nobody can say of values of different types.
pub(crate) fn is(a: View<'_>, b: View<'_>) -> Truth {
    match (a, b) {
        (View::Option(a), View::Option(b)) => Truth::from(a == b),
        _ => equal(a, b, text::same),
    }
}

/// Whether two values are equal, texts to the letter.
pub(crate) fn is_exactly(a: View<'_>, b: View<'_>) -> Truth {
    equal(a, b, text::same_exactly)
}

fn equal(a: View<'_>, b: View<'_>, texts: fn(&str, &str) -> bool) -> Truth {
    if let (Some(a), Some(b)) = (a.text(), b.text()) {
        return Truth::from(texts(a, b));
    }
    match (a, b) {
        (View::Number(a), View::Number(b)) => Truth::from(a == b),
        (View::Bool(a), View::Bool(b)) => Truth::from(a == b),
        (View::Date(a), View::Date(b)) => Truth::from(a == b),
        (View::DateTime(a), View::DateTime(b)) | (View::Duration(a), View::Duration(b)) => {
            Truth::from(a == b)
        }
        (View::Options(a), View::Options(b)) => {
            Truth::from(a.len() == b.len() && a.iter().all(|name| b.contains(name)))
        }
        _ => Truth::Unknown,
    }
}

/// Whether the first value comes before the second, or is it where `or_equal`.
pub(crate) fn less(a: View<'_>, b: View<'_>, or_equal: bool) -> Truth {
    fn of<T: PartialOrd>(a: T, b: T, or_equal: bool) -> Truth {
        Truth::from(if or_equal { a <= b } else { a < b })
    }
    match (a, b) {
        (View::Number(a), View::Number(b)) => of(a, b, or_equal),
        (View::Date(a), View::Date(b)) => of(a, b, or_equal),
        (View::DateTime(a), View::DateTime(b)) | (View::Duration(a), View::Duration(b)) => of(a, b, or_equal),
        _ => Truth::Unknown,
    }
}

/// A test of two texts.
pub(crate) fn texts(a: View<'_>, b: View<'_>, test: fn(&str, &str) -> bool) -> Truth {
    match (a.text(), b.text()) {
        (Some(a), Some(b)) => Truth::from(test(a, b)),
        _ => Truth::Unknown,
    }
}

/// Whether several options include one, or all of several.
pub(crate) fn includes(a: View<'_>, b: View<'_>) -> Truth {
    let View::Options(names) = a else { return Truth::Unknown };
    match b {
        View::Option(name) | View::Text(name) => Truth::from(names.iter().any(|known| known == name)),
        View::Options(all) => Truth::from(all.iter().all(|name| names.contains(name))),
        View::Number(_) | View::Bool(_) | View::Date(_) | View::DateTime(_) | View::Duration(_) => {
            Truth::Unknown
        }
    }
}

/// Whether a value that is yes or no is yes.
pub(crate) fn is_true(a: View<'_>) -> Truth {
    match a {
        View::Bool(is) => Truth::from(is),
        View::Text(_)
        | View::Number(_)
        | View::Date(_)
        | View::DateTime(_)
        | View::Duration(_)
        | View::Option(_)
        | View::Options(_) => Truth::Unknown,
    }
}
