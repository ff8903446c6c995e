//! Calls of servers: what is sent, what of the answer is stored, and which contract is spoken.

use std::collections::BTreeMap;

use chatflow_runtime::action::{Argument, Outcome, Part, Takes};

use super::Checker;
use super::statement::Given as Lines;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Act, Arm, Given, GivenValue, Saved, Talk};
use crate::source::Span;
use crate::text::plain_text;
use crate::token::Kind;
use crate::tree::{At, Branch, Expr, ExprKind, Line, LineKind, Range, TypeExpr};
use crate::workspace::{repeated, type_of};

/// The longest path into an answer, in bytes.
const LONGEST_PATH: usize = 200;

impl Checker<'_> {
    /// `headers { … }`, `body { … }`.
    pub(super) fn block_line<'v>(
        &mut self,
        view: View<'v>,
        act: &mut Act,
        (head, lines): (At, &[Line]),
        line: &Line,
        given: &mut Lines<'v>,
    ) {
        let spec = act.action.spec();
        let (word, span) = (view.text(head), view.at(head));
        let setting = spec.settings.iter().find(|setting| setting.argument.word() == word);
        let Some(Takes::Named(part)) = setting.map(|setting| setting.takes) else {
            // It is said, though not as it should be.
            act.outcomes.extend(Outcome::named(word).map(|outcome| (outcome, Arm::Next)));
            return self.not_a_setting(view, line);
        };
        if let Some((_, first)) = given.iter().find(|(other, _)| *other == word) {
            self.found.push(repeated(word, span, *first));
            return;
        }
        given.push((word, span));
        let mut names: BTreeMap<String, Span> = BTreeMap::new();
        for line in lines {
            let Some((name, at, values)) = self.named_line(view, part, line) else { continue };
            let folded = if part == Part::Header { name.to_ascii_lowercase() } else { name.clone() };
            if let Some(first) = names.get(&folded) {
                self.found.push(repeated(&name, at, *first));
                continue;
            }
            names.insert(folded, at);
            let value = match part {
                Part::Header => self.header_value(view, &name, at, values),
                Part::Parameter | Part::Address | Part::Body => self.body_value(view, &name, at, values),
            };
            if let Some(value) = value {
                act.given.push(Given { part, name: self.tables.str(&name), value });
            }
        }
    }

    /// The name and the values of a line; one that is written otherwise is reported.
    pub(super) fn named_line<'l>(
        &mut self,
        view: View<'_>,
        part: Part,
        line: &'l Line,
    ) -> Option<(String, Span, &'l [Expr])> {
        let form = if part == Part::Header { "\"NAME\" VALUE" } else { "NAME VALUE" };
        match &line.kind {
            LineKind::Entry { values, .. } if values.is_empty() && runs_on(view, line) => None,
            LineKind::Pair { key, values } => {
                let name = plain_text(view, key, &mut self.found)?;
                Some((name, view.span(key.range), values))
            }
            LineKind::Entry { head, when: false, values, arrow: None } if part != Part::Header => {
                Some((view.text(*head).to_owned(), view.at(*head), values))
            }
            LineKind::Entry { head, values, .. } if part == Part::Header => {
                // A name with a `-` in it is read as a difference.
                let before = values.last().map_or(line.range.end, |value| match &value.kind {
                    ExprKind::Text(_) => value.range.start,
                    _ => head + 1,
                });
                let range = Range { start: *head, end: before };
                let (name, at) = (view.source(range), view.span(range));
                let found = Diagnostic::new(Code::BadHeader, at, "a header's name stands in quotes")
                    .here("a bare name")
                    .help(format!("Write `\"{name}\" \"…\"`."))
                    .suggest(format!("write `\"{name}\"`"), at, format!("\"{name}\""));
                self.found.push(found);
                None
            }
            LineKind::Choice { label, value, .. } => {
                let equals = value.is_some();
                let span = view.span(if equals { line.range } else { label.range });
                let name = plain_text(view, label, &mut self.found)?;
                let (message, here, help) = match equals {
                    true => {
                        ("no `=` stands behind", "written with `=`", format!("Write `{form}`, without `=`."))
                    }
                    false => ("no value stands behind", "no value", format!("Write `{form}`.")),
                };
                let found = Diagnostic::new(Code::BadSetting, span, format!("{message} `{name}`"));
                self.found.push(found.here(here).help(help));
                None
            }
            LineKind::Entry { head, .. } => {
                self.misshapen(view.text(*head), view.at(*head), form);
                None
            }
            LineKind::Block { .. } | LineKind::Save { .. } => {
                self.not_a_setting(view, line);
                None
            }
            LineKind::Error => None,
        }
    }

    /// The one value of a line; anything else is reported.
    pub(super) fn one_value<'l>(&mut self, name: &str, at: Span, values: &'l [Expr]) -> Option<&'l Expr> {
        match values {
            [value] => Some(value),
            _ if values.iter().any(|value| value.kind == ExprKind::Error) => None,
            _ => {
                let found = Diagnostic::new(Code::BadSetting, at, format!("`{name}` has one value"))
                    .here(if values.is_empty() { "no value" } else { "several values" })
                    .help("Write each name with its value on a line of its own.");
                self.found.push(found);
                None
            }
        }
    }

    /// A key of the body: its value keeps its type.
    fn body_value(&mut self, view: View<'_>, name: &str, at: Span, values: &[Expr]) -> Option<GivenValue> {
        if self.secret_of(view, values).is_some() {
            let span = values.first().map_or(at, |value| view.span(value.range));
            self.secret_value(span, "a secret is sent in a header alone");
            return None;
        }
        let value = self.one_value(name, at, values)?;
        let (value, ty) = self.value(view, value, None)?;
        Some(GivenValue::Value(value, self.tables.ty(&ty)))
    }

    /// `save "PATH" as NAME: TYPE`.
    pub(super) fn save(
        &mut self,
        view: View<'_>,
        act: &mut Act,
        path: &Expr,
        local: Option<&(At, TypeExpr)>,
    ) {
        let written = if path.kind == ExprKind::Error { None } else { self.json_path(view, path) };
        let Some((name, said)) = local else { return };
        let (name, span) = (view.text(*name), view.at(*name));
        let Some(ty) = self.names.locals.get(name).map(|local| local.ty.clone()) else { return };
        // Two types of one local are reported where it is made.
        if type_of(view, said, &mut Vec::new()).describe() != ty.describe() {
            return;
        }
        let slot = self.local_slot(name, &ty);
        if let Some(first) = act.results.iter().find(|saved| saved.slot == slot) {
            self.found.push(repeated(name, span, first.span));
            return;
        }
        // A bad path is reported once: what it leads to counts as known.
        let path = self.tables.str(&written.unwrap_or_default());
        act.results.push(Saved { path, slot, span });
    }

    /// A path into an answer: `quote.total`, `lines[0].name`; one that is none is reported.
    pub(super) fn json_path(&mut self, view: View<'_>, path: &Expr) -> Option<String> {
        let text = plain_text(view, path, &mut self.found)?;
        if is_path(&text) {
            return Some(text);
        }
        let found = Diagnostic::new(Code::BadPath, view.span(path.range), format!("`{text}` is no path into an answer"))
            .here("names with dots between them")
            .help("Write `\"quote.total\"`, or `\"lines[0].name\"` for the first of several; a path has no blanks around its names and up to 200 letters.");
        self.found.push(found);
        None
    }

    /// `next "NAME" -> STEP`.
    pub(super) fn nickname(&mut self, view: View<'_>, act: &mut Act, name: &Expr, branch: &Branch) {
        let span = view.span(name.range);
        let arm = self.arm(view, branch);
        if !matches!(name.kind, ExprKind::Text(_)) {
            self.misshapen("next", span, "next \"NAME\" -> STEP");
            return;
        }
        let Some(text) = plain_text(view, name, &mut self.found) else { return };
        let name = self.tables.str(&text);
        let talk = act.talk.get_or_insert_default();
        if let Some((_, _, first)) = talk.nexts.iter().find(|(other, ..)| *other == name) {
            self.found.push(repeated(&text, span, *first));
            return;
        }
        talk.nexts.push((name, arm, span));
    }

    /// Which contract is spoken; settings of both at once are reported.
    pub(super) fn contract(&mut self, view: View<'_>, act: &mut Act, lines: &[Line]) {
        let mut own: Option<(&str, Span)> = None;
        let mut talks: Option<(&str, Span)> = None;
        let mut body: Option<Span> = None;
        let mut get: Option<Span> = None;
        for line in lines {
            match &line.kind {
                LineKind::Block { head, .. } if view.text(*head) == Argument::Body.word() => {
                    own = own.or(Some(("body", view.at(*head))));
                    body = body.or(Some(view.at(*head)));
                }
                LineKind::Save { .. } => own = own.or(Some(("save", view.at(line.range.start)))),
                LineKind::Entry { head, values, .. } => match (view.text(*head), values.as_slice()) {
                    ("method", [value]) if view.source(value.range) != "post" => {
                        own = own.or(Some(("method", view.span(line.range))));
                        if view.source(value.range) == "get" {
                            get = Some(view.span(line.range));
                        }
                    }
                    (word @ ("next" | "asks" | "timeout"), _) => {
                        talks = talks.or(Some((word, view.at(*head))));
                    }
                    _ => {}
                },
                LineKind::Block { .. }
                | LineKind::Choice { .. }
                | LineKind::Pair { .. }
                | LineKind::Error => {}
            }
        }
        if let (Some(get), Some(body)) = (get, body) {
            let found = Diagnostic::new(Code::MixedContracts, body, "a `get` sends no body")
                .here("sent with nothing")
                .label(get, "asked for with `get`")
                .help("Write what is asked for into the address, behind `?`, or take `method post`.");
            self.found.push(found);
        }
        match (own, talks) {
            (Some((own, own_at)), Some((word, at))) => {
                let message = format!("`{word}` and `{own}` belong to two contracts");
                let found = Diagnostic::new(Code::MixedContracts, at, message)
                    .here("what servers of HubSpot's bots may do")
                    .label(own_at, "what a server of your own is sent, or says")
                    .help("Without `body`, `save` and another `method` than `post`, the server is one of HubSpot's bots; keep the lines of one kind.");
                self.found.push(found);
                act.talk = None;
            }
            (None, _) => {
                let talk: &mut Talk = act.talk.get_or_insert_default();
                if let (Some(("timeout", at)), false) = (talks, talk.asks) {
                    let found = Diagnostic::new(Code::UnknownSetting, at, "a `timeout` is the visitor's")
                        .here("nobody waits for the visitor here")
                        .help("Add `asks`, if the server may ask something; `deadline 5s` is the server's own time.");
                    self.found.push(found);
                }
            }
            (Some(_), None) => {}
        }
    }
}

/// Whether more stands behind what was read of a line, and so is reported there.
pub(super) fn runs_on(view: View<'_>, line: &Line) -> bool {
    let next = view.kind(line.range.end);
    !matches!(next, None | Some(Kind::Newline | Kind::RBrace))
}

/// Whether a text is a path into an answer.
fn is_path(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.trim() == name && !name.contains(['[', ']']);
    let is_step = |step: &str| {
        let (name, indices) =
            step.find('[').map_or((step, ""), |at| step.split_at_checked(at).unwrap_or((step, "")));
        let is_index = |index: &str| {
            let plain = index.len() < 6 && index.bytes().all(|byte| byte.is_ascii_digit());
            plain && !index.is_empty() && (index == "0" || !index.starts_with('0'))
        };
        let whole = indices.is_empty()
            || indices
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .is_some_and(|inside| inside.split("][").all(is_index));
        is_name(name) && whole
    };
    text.len() <= LONGEST_PATH && text.split('.').all(is_step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_names_with_dots_and_numbers() {
        for path in ["total", "quote.total", "lines[0].name", "a[10][2]", "größe", "a b.c"] {
            assert!(is_path(path), "{path}");
        }
        for path in ["", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[01]", "[0]", "a]b", " a", "a[0]b"] {
            assert!(!is_path(path), "{path}");
        }
        assert!(!is_path(&"a".repeat(201)));
    }
}
