//! For GitHub: workflow commands, which become annotations of a change.
//!
//! `::error file=bot.flow,line=3,col=5,endLine=3,endColumn=9,title=E0201::message`, with `%`, line ends and, before the
//! message, `:` and `,` as percent codes. GitHub shows ten of a kind for a step, so errors come first.

use chatflow_compiler::diagnostic::{Diagnostic, Severity};

use crate::render::mask::mask_line;
use crate::render::{Shown, mask};

/// All findings, a command on a line each.
pub(crate) fn commands(shown: &Shown<'_>, found: &[Diagnostic]) -> String {
    let mut found: Vec<&Diagnostic> = found.iter().collect();
    found.sort_by_key(|found| shown.severity(found));
    found.into_iter().map(|found| command(shown, found)).collect()
}

fn command(shown: &Shown<'_>, found: &Diagnostic) -> String {
    let kind = match shown.severity(found) {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let path = shown.file(found.primary.span.file).map_or("", |file| &file.source.path);
    let (start, end) = shown.places(found.primary.span);
    let mut fields = format!("file={},line={},endLine={}", property(path), start.line, end.line);
    // Columns of several lines mean nothing to GitHub.
    if start.line == end.line {
        fields.push_str(&format!(",col={},endColumn={}", start.column, end.column));
    }
    let help = found.help.as_ref().map(|help| format!("\n{}", mask(help))).unwrap_or_default();
    let message = data(&format!("{}{help}", mask_line(&found.message)));
    format!("::{kind} {fields},title={}::{message}\n", found.code.as_str())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&mask_line(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_message_or_a_property_is_escaped() {
        assert_eq!(data("100%\r\n::error::"), "100%25%0D%0A::error::");
        assert_eq!(property("a:b,c%\n.flow"), "a%3Ab%2Cc%25 .flow");
    }
}
