//! Texts as catalogues compare them: words, and holes that are the same hole where only the texts inside them differ.

use crate::file::View;
use crate::source::Span;
use crate::text::{TextPiece, pieces};
use crate::tree::{Expr, ExprKind, FormExpr, Forms};

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
    /// A choice among forms.
    Choice(Choice),
}

/// A choice among forms, by the value of a hole.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Where it stands.
    pub(crate) span: Span,
    /// As it is written.
    written: String,
    /// Whether a name chooses, not a number.
    pub(crate) select: bool,
    /// What chooses.
    pub(crate) of: Hole,
    /// The forms, with their cases as they are written.
    pub(crate) forms: Vec<(String, Span, Form)>,
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
            TextPiece::Hole(hole) => match &hole.kind {
                ExprKind::Forms(forms) => FormPiece::Choice(Choice::of(view, hole, forms)),
                _ => FormPiece::Hole(Hole::of(view, hole)),
            },
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
                FormPiece::Hole(Hole { written, .. }) | FormPiece::Choice(Choice { written, .. }) => {
                    out.push('{');
                    out.push_str(written);
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
                FormPiece::Hole(_) | FormPiece::Choice(_) => return None,
            }
        }
        Some(out)
    }

    /// Its holes, those of its forms too, in the order of their numbers.
    pub(crate) fn holes(&self) -> Vec<&Hole> {
        let mut holes = Vec::new();
        self.collect_holes(&mut holes);
        holes
    }

    fn collect_holes<'f>(&'f self, holes: &mut Vec<&'f Hole>) {
        for piece in &self.pieces {
            match piece {
                FormPiece::Words(_) => {}
                FormPiece::Hole(hole) => holes.push(hole),
                FormPiece::Choice(choice) => {
                    holes.push(&choice.of);
                    choice.forms.iter().for_each(|(_, _, form)| form.collect_holes(holes));
                }
            }
        }
    }

    /// The choices by name in it, those in its forms too.
    pub(crate) fn selections<'f>(&'f self, found: &mut Vec<&'f Choice>) {
        for piece in &self.pieces {
            if let FormPiece::Choice(choice) = piece {
                found.extend(choice.select.then_some(choice));
                choice.forms.iter().for_each(|(_, _, form)| form.selections(found));
            }
        }
    }
}

/// How the key of what chooses by name begins.
const SELECTS: &str = "select ";

impl Choice {
    fn of(view: View<'_>, whole: &Expr, forms: &Forms) -> Choice {
        let mut of = Hole::of(view, &forms.of);
        // What chooses by name has no label yet, so it is not what a hole shows.
        if forms.select {
            of.key = format!("{SELECTS}{}", of.key);
        }
        let form = |form: &FormExpr| {
            let text = Form::of(view, &form.text)?;
            Some((view.source(form.case).to_owned(), view.span(form.case), text))
        };
        Choice {
            span: view.span(whole.range),
            written: view.source(whole.range).to_owned(),
            select: forms.select,
            of,
            forms: forms.forms.iter().filter_map(form).collect(),
        }
    }
}

impl Hole {
    fn of(view: View<'_>, expr: &Expr) -> Hole {
        let mut texts = Vec::new();
        let key = key(view, expr, &mut texts);
        Hole { span: view.span(expr.range), written: view.source(expr.range).to_owned(), key, texts }
    }

    /// Whether it stands in a choice by name.
    pub(crate) fn selects(&self) -> bool {
        self.key.starts_with(SELECTS)
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
