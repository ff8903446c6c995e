//! What a program says in its other languages: the flow's translations, with the indices of what they translate.

use std::collections::{BTreeMap, HashMap};

use chatflow_runtime::id::{Site, Str, Text};
use chatflow_runtime::image::{Piece, Template, Translation};

use crate::hir::{self, Ask, Flow, Said};
use crate::source::Span;

/// The translation of one language that is being made.
pub(super) struct Locale<'a> {
    said: &'a hir::Translation,
    made: Translation,
    strings: HashMap<&'a str, Str>,
}

impl<'a> Locale<'a> {
    /// The languages of a flow; what is not said in steps is in them already.
    pub(super) fn all(flow: &'a Flow) -> Vec<Locale<'a>> {
        flow.translations.iter().map(Locale::new).collect()
    }

    fn new(said: &'a hir::Translation) -> Locale<'a> {
        let made = Translation { language: said.language, ..Translation::default() };
        let mut locale = Locale { said, made, strings: HashMap::new() };
        locale.made.options = locale.table(&said.options);
        locale.made.settings = locale.table(&said.settings);
        locale.made.built_in = locale.table(&said.built_in);
        locale.made.objects = locale.table(&said.objects);
        locale
    }

    fn table<K: Copy>(&mut self, said: &'a BTreeMap<K, String>) -> Vec<(K, Str)> {
        said.iter().map(|(key, words)| (*key, self.str(words))).collect()
    }

    fn str(&mut self, text: &'a str) -> Str {
        let strings = &mut self.made.strings;
        *self.strings.entry(text).or_insert_with(|| strings.push(text))
    }

    /// Says a text that stands at this place of the source; its number is larger than that of any before.
    pub(super) fn text(&mut self, at: Text, span: Span, holes: u32) {
        let Some(pieces) = self.said.texts.get(&span) else { return };
        let pieces = self.pieces(pieces);
        self.made.texts.push((at, Template { holes, pieces }));
    }

    fn pieces(&mut self, said: &'a [Said]) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(said.len());
        for piece in said {
            pieces.push(match piece {
                Said::Words(words) => Piece::Words(self.str(words)),
                Said::Hole(hole) => Piece::Hole(*hole),
                Said::Plural(hole, forms) => {
                    let form = |(case, said): &'a (_, Vec<Said>)| (*case, self.pieces(said));
                    Piece::Plural { hole: *hole, forms: forms.iter().map(form).collect() }
                }
                Said::Select(hole, forms) => {
                    let mut made = Vec::with_capacity(forms.len());
                    for (name, said) in forms {
                        let name = name.as_deref().map(|name| self.str(name));
                        made.push((name, self.pieces(said)));
                    }
                    Piece::Select { hole: *hole, forms: made }
                }
            });
        }
        pieces
    }

    /// Says the labels of a question's replies.
    pub(super) fn replies(&mut self, site: Site, ask: &Ask) {
        let said = self.said;
        for (nth, reply) in ask.replies.iter().enumerate() {
            if let Some(label) = said.label(reply.says) {
                let label = self.str(label);
                self.made.replies.push(((site, nth as u32), label));
            }
        }
    }

    /// The translation, whole.
    pub(super) fn finish(mut self) -> Translation {
        // The questions in the arms of a question come before it.
        self.made.replies.sort_by_key(|(reply, _)| *reply);
        self.made
    }
}
