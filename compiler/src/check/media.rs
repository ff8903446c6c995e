//! The media in the block of `say`.

use chatflow_runtime::media::MediaKind;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::Media;
use crate::source::Span;
use crate::text::plain_text;
use crate::tree::{Expr, ExprKind, Line, LineKind};
use crate::workspace::{repeated, single_word, unknown_setting};

impl Checker<'_> {
    /// `{ image "https://…" alt "…" }`.
    pub(super) fn media(&mut self, view: View<'_>, lines: &[Line]) -> Vec<Media> {
        let all: Vec<&'static str> = MediaKind::ALL.iter().map(|kind| kind.spec().word).collect();
        let mut shown: Vec<Media> = Vec::new();
        let mut given: Vec<(MediaKind, Span)> = Vec::new();
        for line in lines {
            let LineKind::Entry { head, when, values, arrow } = &line.kind else {
                self.not_a_setting(view, line);
                continue;
            };
            let (word, span) = (view.text(*head), view.at(*head));
            let Some(kind) = MediaKind::named(word) else {
                self.arm_or_next(view, arrow.as_ref());
                self.found.push(unknown_setting(word, span, "say", &all));
                continue;
            };
            if let Some((_, first)) = given.iter().find(|(other, _)| *other == kind) {
                self.found.push(repeated(word, span, *first));
                continue;
            }
            given.push((kind, span));
            let (address, words) = match values.as_slice() {
                [address] if !when && arrow.is_none() => (address, None),
                [address, word, words]
                    if !when
                        && arrow.is_none()
                        && single_word(view, word).is_some_and(|(word, _)| word == kind.spec().words) =>
                {
                    (address, Some(words))
                }
                _ if values.iter().any(|value| value.kind == ExprKind::Error) => continue,
                _ if self.runs_on(view, values, &all) => continue,
                _ => {
                    self.misshapen(word, span, &media_form(kind));
                    continue;
                }
            };
            let at = view.span(line.range);
            shown.extend(self.one_medium(view, kind, address, words, at));
        }
        shown
    }

    fn one_medium(
        &mut self,
        view: View<'_>,
        kind: MediaKind,
        address: &Expr,
        words: Option<&Expr>,
        span: Span,
    ) -> Option<Media> {
        let at = view.span(address.range);
        let ExprKind::Text(_) = address.kind else {
            self.misshapen(kind.spec().word, at, &media_form(kind));
            return None;
        };
        let url = plain_text(view, address, &mut self.found)?;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            let word = kind.spec().word;
            let found = Diagnostic::new(Code::BadSetting, at, format!("`{word}` cannot have this value"))
                .here("no address")
                .help(format!("`{word}` takes an address in quotes that begins with `https://`."));
            self.found.push(found);
            return None;
        }
        if kind == MediaKind::Image && words.is_none() {
            let found = Diagnostic::new(
                Code::NoAlternative,
                span,
                "this picture says nothing to people who do not see it",
            )
            .here("no `alt`")
            .help(
                "Add `alt \"…\"` with what it shows; `alt \"\"` says that it is there for decoration only.",
            );
            self.found.push(found);
        }
        let url = self.text(view, address)?;
        let words = match words {
            Some(words) => {
                self.media_words(view, kind, words);
                Some(self.text(view, words)?)
            }
            None => None,
        };
        Some(Media { kind, url, words, span })
    }
}

/// How a line of this kind is written.
fn media_form(kind: MediaKind) -> String {
    let spec = kind.spec();
    format!("{} \"https://…\" {} \"…\"", spec.word, spec.words)
}
