//! Values as other programs write them: as JSON, and as plain text.

use alloc::string::String;
use core::fmt::Write;

use crate::dates;
use crate::value::Value;

/// Writes a value as JSON. Numbers keep all their digits; dates and moments are texts, a length of time is its
/// milliseconds.
pub(crate) fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) | Value::Option(text) => write_text(out, text),
        Value::Number(_) | Value::Bool(_) | Value::Duration(_) => out.push_str(&plain(value)),
        Value::Date(_) | Value::DateTime(_) => write_text(out, &plain(value)),
        Value::Options(names) => {
            out.push('[');
            for (at, name) in names.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_text(out, name);
            }
            out.push(']');
        }
    }
}

/// Writes an object with these entries.
pub(crate) fn write_object<'e, T: 'e>(
    out: &mut String,
    entries: impl Iterator<Item = (&'e str, T)>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('{');
    for (at, (name, value)) in entries.enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        write_text(out, name);
        out.push(':');
        write(out, value);
    }
    out.push('}');
}

/// Writes a text as JSON.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') => {
                // Writing to a text never fails.
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out.push('"');
}

/// A value as plain text, the same in every language, as a CRM's own interface writes it.
pub(crate) fn plain(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Text(text) | Value::Option(text) => out.push_str(text),
        Value::Number(number) => {
            let _ = write!(out, "{}", number.normalize());
        }
        Value::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Value::Date(days) => dates::write_iso_date(&mut out, *days),
        Value::DateTime(at) => dates::write_iso_datetime(&mut out, *at),
        Value::Duration(milliseconds) => {
            let _ = write!(out, "{milliseconds}");
        }
        Value::Options(names) => out.push_str(&names.join(";")),
    }
    out
}
