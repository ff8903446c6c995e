//! Texts as catalogues compare them: words, and holes that are the same hole where only the texts inside them differ.

use crate::file::View;
use crate::source::Span;
use crate::text::{TextPiece, pieces};
use crate::tree::{Expr, ExprKind};

/// A text of a flow, or its translation.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// Where it stands.
    pub(crate) span: Span,
    /// Its pieces.
    pub(crate) pieces: Vec<FormPiece>,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(crate) enum FormPiece {
    /// Words.
    Words(String),
    /// A hole.
    Hole(Hole),
}

/// A hole.
#[derive(Clone, Debug)]
pub(crate) struct Hole {
    /// Where it stands.
    pub(crate) span: Span,
    /// As it is written.
    pub(crate) written: String,
    /// The same without the texts in it: holes with equal keys show the same value.
    key: String,
    /// The texts in it: those that stand in for what is unknown.
    pub(crate) texts: Vec<Form>,
}

impl Form {
    /// The form of a text; none for anything else.
    pub(crate) fn of(view: View<'_>, text: &Expr) -> Option<Form> {
        let pieces = pieces(view, text)?.into_iter().map(|piece| match piece {
            TextPiece::Words(words) => FormPiece::Words(words),
            TextPiece::Hole(hole) => FormPiece::Hole(Hole::of(view, hole)),
        });
        Some(Form { span: view.span(text.range), pieces: pieces.collect() })
    }

    /// The form of plain words.
    pub(crate) fn plain(words: &str, span: Span) -> Form {
        Form { span, pieces: vec![FormPiece::Words(words.to_owned())] }
    }

    /// The text as catalogues have it: as it is written between its quotes, whatever kind of quotes and escapes the
    /// flow uses for it.
    pub(crate) fn written(&self) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                FormPiece::Words(words) => out.push_str(&words.replace('\\', "\\\\").replace('{', "\\{")),
                FormPiece::Hole(hole) => {
                    out.push('{');
                    out.push_str(&hole.written);
                    out.push('}');
                }
            }
        }
        out
    }

    /// Its words, if it has no holes.
    pub(crate) fn words(&self) -> Option<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                FormPiece::Words(words) => out.push_str(words),
                FormPiece::Hole(_) => return None,
            }
        }
        Some(out)
    }

    /// Its holes, in order.
    pub(crate) fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            FormPiece::Words(_) => None,
            FormPiece::Hole(hole) => Some(hole),
        })
    }
}

impl Hole {
    fn of(view: View<'_>, expr: &Expr) -> Hole {
        let mut texts = Vec::new();
        let key = key(view, expr, &mut texts);
        Hole { span: view.span(expr.range), written: view.source(expr.range).to_owned(), key, texts }
    }

    /// Whether it shows the same value as another.
    pub(crate) fn is_like(&self, other: &Hole) -> bool {
        self.key == other.key && self.texts.len() == other.texts.len()
    }
}

/// An expression without the texts in it, which are collected.
fn key(view: View<'_>, expr: &Expr, texts: &mut Vec<Form>) -> String {
    match &expr.kind {
        ExprKind::Or(both) => {
            let first = key(view, &both.0, texts);
            format!("{first} or {}", key(view, &both.1, texts))
        }
        ExprKind::Text(_) => {
            texts.extend(Form::of(view, expr));
            "\"\"".to_owned()
        }
        _ => view.words(expr.range).iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" "),
    }
}
