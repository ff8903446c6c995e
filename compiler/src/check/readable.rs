//! The texts that visitors read, as catalogues know them: by a place that outlives their wording.

use chatflow_runtime::id::Options;
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::setting::Setting;

use super::Checker;
use crate::catalogue::form::Form;
use crate::file::View;
use crate::tables::Tables;
use crate::translate::{Readable, Role};
use crate::tree::{Expr, ExprKind, Line, LineKind};

impl Checker<'_> {
    /// Whether anybody wants to know the texts that visitors read.
    fn reads_texts(&self) -> bool {
        self.links.reads_texts
    }

    /// Notes a text that visitors read.
    fn readable(&mut self, view: View<'_>, text: &Expr, context: String, comment: String, role: Role) {
        if let Some(form) = Form::of(view, text) {
            self.readable.push(Readable { context, comment, form, role });
        }
    }

    /// The place of what stands in the step that is read. The blocks of `anytime` share one: their numbers change.
    fn in_step(&self, what: &str) -> String {
        let step = if self.step.starts_with("anytime ") { "anytime" } else { &self.step };
        format!("{step} / {what}")
    }

    /// What the bot says: a text, or several.
    pub(super) fn said_texts(&mut self, view: View<'_>, text: &Expr) {
        if !self.reads_texts() {
            return;
        }
        let all = match &text.kind {
            ExprKind::List(members) => members.as_slice(),
            _ => std::slice::from_ref(text),
        };
        for text in all {
            let context = self.in_step("say");
            self.readable(view, text, context, "The bot says this.".to_owned(), Role::Text);
        }
    }

    /// What goes with a picture, a file or a video.
    pub(super) fn media_words(&mut self, view: View<'_>, media: MediaKind, words: &Expr) {
        if !self.reads_texts() {
            return;
        }
        let spec = media.spec();
        let context = self.in_step(&format!("{} {}", spec.word, spec.words));
        self.readable(view, words, context, spec.doc.to_owned(), Role::Text);
    }

    /// The greeting.
    pub(super) fn welcome_text(&mut self, view: View<'_>, text: &Expr) {
        if !self.reads_texts() {
            return;
        }
        self.readable(view, text, "welcome".to_owned(), "The greeting.".to_owned(), Role::Text);
    }

    /// The texts of a question.
    pub(super) fn question_texts(&mut self, view: View<'_>, what: &str, text: &Expr, lines: &[Line]) {
        if !self.reads_texts() {
            return;
        }
        let context = self.in_step(what);
        let question = Form::of(view, text).map(|form| form.written()).unwrap_or_default();
        self.readable(view, text, context.clone(), "The bot asks this.".to_owned(), Role::Text);
        for line in lines {
            match &line.kind {
                LineKind::Choice { label, .. } => {
                    let comment = format!("A reply to: {question}");
                    self.readable(view, label, format!("{context} / reply"), comment, Role::Label);
                }
                LineKind::Entry { head, values, .. } if view.text(*head) == "invalid" => {
                    let comment =
                        format!("What the bot says to an answer that it cannot read. It asked: {question}");
                    if let [text] = values.as_slice() {
                        self.readable(view, text, format!("{context} / invalid"), comment, Role::Text);
                    }
                }
                LineKind::Entry { .. }
                | LineKind::Pair { .. }
                | LineKind::Block { .. }
                | LineKind::Save { .. }
                | LineKind::Error => {}
            }
        }
    }

    /// The text of a setting, if visitors read it.
    pub(super) fn setting_text(&mut self, view: View<'_>, setting: Setting, values: &[Expr]) {
        let spec = setting.spec();
        if !self.reads_texts() || !crate::translate::setting_is_read(setting) {
            return;
        }
        for value in values {
            let context = format!("{}.{}", spec.block.word(), spec.word);
            self.readable(view, value, context, spec.doc.to_owned(), Role::Setting(setting));
        }
    }

    /// The options of the flow's own locals.
    pub(super) fn local_options(&mut self, tables: &Tables) {
        if !self.reads_texts() {
            return;
        }
        for (nth, list) in tables.option_lists.iter().enumerate() {
            let of = list.of_what();
            for (at, option) in list.options.iter().enumerate() {
                let own =
                    option.span.file == self.names.file.id || self.linked.contains_key(&option.span.file);
                if !own || of.is_empty() {
                    continue;
                }
                // Beside a module, its name says nothing.
                let of = of.rsplit('.').next().unwrap_or(of);
                let context = format!("{of}.{}", option.name);
                let form = Form::plain(&option.label, option.span);
                let role = Role::Option(Options(nth as u32), at as u32);
                let comment = format!("An option of `{of}`.");
                self.readable.push(Readable { context, comment, form, role });
            }
        }
    }

    /// What the workspace says in place of the runtime's own texts.
    pub(super) fn built_in_texts(&mut self) {
        let texts = self.names.workspace.map(|workspace| &workspace.texts);
        for (text, (words, _)) in texts.into_iter().flatten() {
            let said = self.tables.str(words);
            self.tables.image.built_in.push((*text, said));
        }
    }
}
