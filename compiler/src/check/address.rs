//! Addresses of servers, and texts that other programs read.

use chatflow_runtime::action::Part;
use chatflow_runtime::value::Type;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Given, GivenPart, GivenValue};
use crate::source::Span;
use crate::text::{TextPiece, pieces};
use crate::tree::{Expr, ExprKind};

const SCHEME: &str = "https://";

impl Checker<'_> {
    /// The address that is called; one that cannot be is reported.
    pub(super) fn address(
        &mut self,
        view: View<'_>,
        text: Option<&Expr>,
        head: Option<Span>,
    ) -> Option<Given> {
        let Some(text) = text else {
            let head = head?;
            let found = Diagnostic::new(Code::Syntax, head.at_end(), "`call webhook` does not say which")
                .here("an address belongs here")
                .help("Write `call webhook \"https://…\"`.");
            self.found.push(found);
            return None;
        };
        let parts = self.given_parts(view, text)?;
        self.address_is_one(view, text)?;
        self.personal(view, text, &parts);
        let name = self.tables.str("");
        Some(Given { part: Part::Address, name, value: GivenValue::Pieces(parts) })
    }

    /// Warns of personal data in an address, which servers and whoever stands before them write into their logs.
    fn personal(&mut self, view: View<'_>, text: &Expr, parts: &[GivenPart]) {
        let written = pieces(view, text).into_iter().flatten();
        for (piece, part) in written.zip(parts) {
            if let (TextPiece::Hole(hole), GivenPart::Value(_, Type::Email | Type::Phone)) = (piece, part) {
                let span = view.span(hole.range);
                let found = Diagnostic::new(Code::PersonalAddress, span, "personal data in an address")
                    .here("servers keep the addresses they are called by in their logs")
                    .help("Hand it over in `body`.");
                self.found.push(found);
            }
        }
    }

    /// The words and values of a text that other programs read.
    pub(super) fn given_parts(&mut self, view: View<'_>, text: &Expr) -> Option<Vec<GivenPart>> {
        let mut parts = Vec::new();
        let mut whole = true;
        for piece in pieces(view, text)? {
            match piece {
                TextPiece::Words(words) => parts.push(GivenPart::Words(self.tables.str(&words))),
                TextPiece::Hole(hole) if matches!(hole.kind, ExprKind::Forms(_)) => {
                    let span = view.span(hole.range);
                    let found = Diagnostic::new(Code::BadAddress, span, "other programs read no forms")
                        .here("a plural or a selection")
                        .help("Write the value itself, or branch with `if`.");
                    self.found.push(found);
                    whole = false;
                }
                TextPiece::Hole(hole) => match self.value(view, hole, None) {
                    Some((value, ty)) => parts.push(GivenPart::Value(value, self.tables.ty(&ty))),
                    None => whole = false,
                },
            }
        }
        whole.then_some(parts)
    }

    /// Whether an address is one, wherever its holes lead.
    fn address_is_one(&mut self, view: View<'_>, text: &Expr) -> Option<()> {
        // A hole is one letter here: it is percent-encoded, so that it stays where it stands.
        let mut written = String::new();
        let mut first_hole = None;
        for piece in pieces(view, text)? {
            match piece {
                TextPiece::Words(words) => written.push_str(&words),
                TextPiece::Hole(hole) => {
                    first_hole = first_hole.or(Some((written.len(), view.span(hole.range))));
                    written.push('x');
                }
            }
        }
        let span = view.span(text.range);
        let bad = |message: &str, here: &str, help: &str| {
            Diagnostic::new(Code::BadAddress, span, message).here(here).help(help)
        };
        let found = if let Some(rest) = written.strip_prefix("http://") {
            let found = bad("a webhook is called by `https`", "not encrypted", "Write `https://…`.");
            let source = view.source(text.range);
            match source.split_once("http://") {
                Some((before, _)) if rest.len() < source.len() => {
                    let at = span.start + before.len() as u32;
                    let word = Span { file: span.file, start: at, end: at + 4 };
                    Some(found.suggest("write `https`", word, "https"))
                }
                _ => Some(found),
            }
        } else {
            match written.strip_prefix(SCHEME) {
                None => Some(bad(
                    "an address begins with `https://`",
                    "not an address",
                    "Write the whole address: `call webhook \"https://…\"`.",
                )),
                Some(rest) => address_fault(rest).map(|(message, here, help)| bad(message, here, help)),
            }
        };
        let host = written.strip_prefix(SCHEME).and_then(|rest| rest.find(['/', '?', '#']));
        let host_ends = host.map_or(usize::MAX, |end| end + SCHEME.len());
        let found = match first_hole {
            Some((at, hole)) if at < host_ends && written.starts_with(SCHEME.get(..at.min(8)).unwrap_or("")) => {
                Some(
                    Diagnostic::new(Code::BadAddress, hole, "a flow says itself which server it calls")
                        .here("a value before the path")
                        .help("Write the server's name, and the value behind its first `/`; for several servers, branch with `if`."),
                )
            }
            _ => found,
        };
        match found {
            None => Some(()),
            Some(found) => {
                self.found.push(found);
                None
            }
        }
    }
}

/// What is wrong with an address behind `https://`, where each hole is a letter.
fn address_fault(rest: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    if host.contains('@') {
        return Some((
            "an address has no name and password",
            "would let whoever reads it in",
            "Declare a `secret` in the workspace file, and send it in a header.",
        ));
    }
    let (name, port) = host.split_once(':').map_or((host, "443"), |(name, port)| (name, port));
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && !name.split('.').any(str::is_empty);
    if !is_name || port.parse::<u16>().is_err() {
        return Some((
            "this address names no server",
            "no such server",
            "Write `https://` and the server's name in plain letters: `https://acme.example/price`.",
        ));
    }
    if path.contains('#') {
        return Some((
            "what stands behind `#` is never sent",
            "has a `#`",
            "Delete it, or write `%23` where it is part of a name.",
        ));
    }
    let plain = |char: char| char.is_ascii_graphic() && !"\"<>\\^`{|}".contains(char);
    if !path.chars().all(plain) {
        return Some((
            "a character that stands in no address",
            "has a blank, or a character that is written out",
            "Write it out: a blank is `%20`. Values in `{…}` are written out by themselves.",
        ));
    }
    let steps = path.split('?').next().unwrap_or("");
    steps.split('/').any(|step| matches!(step, "." | "..")).then_some((
        "an address that goes up again",
        "has `.` or `..` in its path",
        "Write the path that it comes to.",
    ))
}

#[cfg(test)]
mod tests {
    use super::address_fault;

    #[test]
    fn addresses_name_a_server() {
        for rest in
            ["acme.example", "acme.example:8443/a?b=c&d=%20", "localhost/x", "a-b.c/ü".trim_end_matches('ü')]
        {
            assert!(address_fault(rest).is_none(), "{rest}");
        }
        for rest in [
            "",
            "/a",
            "a b/",
            "acme..example/",
            "u:p@acme.example/",
            "acme.example:99999/",
            "a/#b",
            "a/b c",
            "a/../b",
        ] {
            assert!(address_fault(rest).is_some(), "{rest}");
        }
    }
}
