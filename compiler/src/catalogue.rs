//! Catalogues: what a file's texts are in another language. `leads.nl.po` stands beside `leads.flow`.
//!
//! A translation is a text of the language itself, with holes and escapes; it is read by the same lexer and parser as
//! the flow's own, in a file of its own that is made of the catalogue's texts.

pub(crate) mod form;
pub mod merge;
pub mod po;

use std::collections::BTreeMap;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::File;
use crate::source::{FileId, Source, Span};
use crate::tree::Item;
use form::Form;
use po::{Entry, Quoted};

/// The ending of a catalogue's file.
pub const ENDING: &str = "po";

/// The path of the file that a catalogue translates, and the tag of its language: `a/leads.flow` and `nl` for
/// `a/leads.nl.po`.
pub fn of(path: &str) -> Option<(String, &str)> {
    let (source, tag) = path.strip_suffix(".po")?.rsplit_once('.')?;
    let named = !source.is_empty() && !source.ends_with('/');
    (named && !tag.contains('/')).then(|| (format!("{source}.flow"), tag))
}

/// The path of the catalogue of a file.
pub fn path(source: &str, tag: &str) -> String {
    format!("{}.{tag}.{ENDING}", source.strip_suffix(".flow").unwrap_or(source))
}

/// A catalogue, read.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Its entries, in the order of the file.
    pub entries: Vec<Entry>,
    /// The translations that are used, by place and text.
    forms: BTreeMap<(String, String), Translated>,
}

/// A translation with its place in its catalogue.
#[derive(Clone, Debug)]
pub(crate) struct Translated {
    /// What it says; none where it cannot be read.
    pub(crate) form: Option<Form>,
    /// Where it stands.
    pub(crate) span: Span,
}

impl Catalogue {
    /// Reads a catalogue. What cannot be read is left out and reported.
    pub(crate) fn read(id: FileId, source: &Source, found: &mut Vec<Diagnostic>) -> Catalogue {
        let (entries, problems) = po::read(&source.text);
        let span = |(start, end): (u32, u32)| Span { file: id, start, end };
        for problem in problems {
            let broken = Diagnostic::new(Code::BrokenCatalogue, span(problem.span), problem.what)
                .here("not read")
                .help("Catalogues are gettext's PO files; `chatflow i18n extract` writes them.");
            found.push(broken);
        }
        let mut catalogue = Catalogue { entries, forms: BTreeMap::new() };
        catalogue.translations(id, found);
        catalogue
    }

    /// The translation of a text at its place.
    pub(crate) fn translation(&self, context: &str, written: &str) -> Option<&Translated> {
        self.forms.get(&(context.to_owned(), written.to_owned()))
    }

    /// The entry of a text at its place, whether or not its translation is used.
    pub(crate) fn entry(&self, context: &str, written: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| !entry.obsolete && entry.key() == (context, written))
    }

    /// Whether anything in it is used.
    pub(crate) fn says_anything(&self) -> bool {
        !self.forms.is_empty()
    }

    fn translations(&mut self, id: FileId, found: &mut Vec<Diagnostic>) {
        let used: Vec<usize> =
            (0..self.entries.len()).filter(|at| self.entries.get(*at).is_some_and(Entry::is_used)).collect();
        let quoted = |at: &usize| self.entries.get(*at).map(|entry| &entry.translation);
        let texts: Vec<&Quoted> = used.iter().filter_map(quoted).collect();
        let forms = forms(id, &texts, found);
        let mut seen: BTreeMap<(String, String), Translated> = BTreeMap::new();
        for (entry, form) in used.into_iter().zip(forms) {
            let Some(read) = self.entries.get(entry) else { continue };
            let key = (read.context.text.clone(), read.id.text.clone());
            let at = |quoted: &Quoted| Span { file: id, start: quoted.span.0, end: quoted.span.1 };
            if let Some(first) = seen.get(&key) {
                let twice =
                    Diagnostic::new(Code::BrokenCatalogue, at(&read.id), "this text is translated twice")
                        .here("the same place and text again")
                        .label(first.span, "the first translation")
                        .help("Delete one of the two entries.");
                found.push(twice);
                continue;
            }
            seen.insert(key, Translated { form, span: at(&read.translation) });
        }
        self.forms = seen;
    }
}

const OPEN: &str = "text \"\"\"\n";
const CLOSE: &str = "\n\"\"\"\n";

/// What translations say. They are read together; only where something is wrong, one by one.
fn forms(id: FileId, texts: &[&Quoted], found: &mut Vec<Diagnostic>) -> Vec<Option<Form>> {
    let all: String = texts.iter().flat_map(|quoted| [OPEN, &quoted.text, CLOSE]).collect();
    let file = File::read(id, Source::new("", all));
    if file.diagnostics.is_empty() && file.items.len() == texts.len() {
        let mut start = OPEN.len() as u32;
        let mut forms = Vec::with_capacity(texts.len());
        for (nth, quoted) in texts.iter().enumerate() {
            forms.push(nth_form(&file, nth).map(|form| placed(form, quoted, start)));
            start += (quoted.text.len() + CLOSE.len() + OPEN.len()) as u32;
        }
        return forms;
    }
    texts.iter().map(|quoted| form_alone(id, quoted, found)).collect()
}

fn form_alone(id: FileId, quoted: &Quoted, found: &mut Vec<Diagnostic>) -> Option<Form> {
    let file = File::read(id, Source::new("", format!("{OPEN}{}{CLOSE}", quoted.text)));
    let start = OPEN.len() as u32;
    let form = nth_form(&file, 0).filter(|_| file.items.len() == 1);
    let broken = file.diagnostics.first();
    if let (Some(form), None) = (&form, broken) {
        return Some(placed(form.clone(), quoted, start));
    }
    let whole = Span { file: id, start: quoted.span.0, end: quoted.span.1 };
    let inside = |span: Span| {
        span.start < span.end && span.start >= start && span.start <= start + quoted.text.len() as u32
    };
    let span = broken.map(|broken| broken.primary.span).filter(|span| inside(*span));
    let span = span.map_or(whole, |span| place(span, quoted, start));
    let why = broken.map_or("a text does not go on behind `\"\"\"`", |broken| broken.message.as_str());
    let message = format!("this translation cannot be read: {why}");
    let mut report = Diagnostic::new(Code::BrokenTranslation, span, message).here("here");
    report.help = Some(broken.and_then(|broken| broken.help.clone()).unwrap_or_else(|| {
        "Write it as a text of the flow is written; a brace that is no hole is `\\{`.".to_owned()
    }));
    found.push(report);
    None
}

fn nth_form(file: &File, nth: usize) -> Option<Form> {
    let (view, item) = file.views().nth(nth)?;
    match item {
        Item::Declaration { values, block: None, .. } => match values.as_slice() {
            [text] => Form::of(view, text),
            _ => None,
        },
        _ => None,
    }
}

/// A form with the places of its holes in the catalogue, where it was read from a text that begins at `start`.
fn placed(mut form: Form, quoted: &Quoted, start: u32) -> Form {
    form.span = place(form.span, quoted, start);
    for piece in &mut form.pieces {
        match piece {
            form::FormPiece::Words(_) => {}
            form::FormPiece::Hole(hole) => place_hole(hole, quoted, start),
            form::FormPiece::Choice(choice) => {
                choice.span = place(choice.span, quoted, start);
                place_hole(&mut choice.of, quoted, start);
                let forms = std::mem::take(&mut choice.forms);
                let form =
                    |(case, span, form)| (case, place(span, quoted, start), placed(form, quoted, start));
                choice.forms = forms.into_iter().map(form).collect();
            }
        }
    }
    form
}

fn place_hole(hole: &mut form::Hole, quoted: &Quoted, start: u32) {
    hole.span = place(hole.span, quoted, start);
    let texts = std::mem::take(&mut hole.texts);
    hole.texts = texts.into_iter().map(|text| placed(text, quoted, start)).collect();
}

fn place(span: Span, quoted: &Quoted, start: u32) -> Span {
    let at = |byte: u32| quoted.place(byte.saturating_sub(start).min(quoted.text.len() as u32));
    let begin = at(span.start);
    Span { start: begin, end: at(span.end).max(begin), ..span }
}
