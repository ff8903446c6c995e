//! The header lines: what the flow is called, where it runs, and how it greets.

use chatflow_runtime::MOST_LOCALES;
use chatflow_runtime::channel::Channel;
use chatflow_runtime::setting::{Setting, SettingValue};

use super::{Checker, Room};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::near::{nearest, suggestion};
use crate::source::Span;
use crate::text::plain_text;
use crate::tree::{Expr, ExprKind, Item};
use crate::workspace::{Thing, repeated, single_word};

impl Checker<'_> {
    pub(super) fn header(&mut self) {
        let mut first: Option<Span> = None;
        for (view, item) in self.names.file.views() {
            let Item::Header { head, name, was, title } = item else { continue };
            if let Some(first) = first {
                self.found.push(repeated(view.text(*head), view.at(*head), first));
                continue;
            }
            first = Some(view.at(*head));
            let title = title.as_ref().and_then(|title| plain_text(view, title, &mut self.found));
            if self.is_library() {
                self.name_of_module(view.text(*name), view.at(*name));
            }
            let name = view.text(*name);
            self.tables.image.flow.name = self.tables.str(name);
            self.tables.image.flow.title = self.tables.str(title.as_deref().unwrap_or(name));
            for former in was {
                let former = self.tables.str(view.text(*former));
                self.tables.image.flow.was.push(former);
            }
        }
    }

    /// Without a heading, the chat shows the workspace's title.
    pub(super) fn heading(&mut self) {
        let given = self.tables.image.settings.iter().any(|(setting, _)| *setting == Setting::Heading);
        let title = self.names.workspace.map_or("", |workspace| workspace.title.as_str());
        if !given && !title.is_empty() {
            let title = self.tables.str(title);
            self.tables.image.settings.insert(0, (Setting::Heading, SettingValue::Text(title)));
        }
    }

    pub(super) fn channels(&mut self, view: View<'_>, head: Span, values: &[Expr]) {
        self.needs_value(head, "channel", values, "where the chat takes place: `channel website, whatsapp`");
        for value in values {
            let word = view.source(value.range);
            let Some(channel) = Channel::named(word) else {
                let all: Vec<&'static str> = Channel::ALL.iter().map(|channel| channel.spec().name).collect();
                self.bad_word(view, value, "channel", &all);
                // What is checked against the channels is checked against the one that is meant.
                if let Some(meant) = nearest(word, all.iter().copied()).and_then(Channel::named) {
                    self.tables.image.flow.channels |= meant.bit();
                    self.flow.channels.push((meant, view.span(value.range)));
                }
                continue;
            };
            let span = view.span(value.range);
            if let Some((_, first)) = self.flow.channels.iter().find(|(other, _)| *other == channel) {
                self.found.push(repeated(word, span, *first));
                continue;
            }
            self.tables.image.flow.channels |= channel.bit();
            self.flow.channels.push((channel, span));
        }
    }

    /// What is used is looked up by its name, before anything is checked; here is told what is no name.
    pub(super) fn use_names(&mut self, view: View<'_>, head: Span, values: &[Expr]) {
        self.needs_value(head, "use", values, "the name of a workspace: `use acme`");
        let no_name = |value: &&Expr| single_word(view, value).is_none() && value.kind != ExprKind::Error;
        for value in values.iter().filter(no_name) {
            let written = view.source(value.range);
            let mut found = Diagnostic::new(
                Code::BadSetting,
                view.span(value.range),
                "`use` takes a plain name, as in `use acme`",
            )
            .here("not a name");
            let name = written.trim_matches('"').trim_end_matches(".flow");
            found = match name.chars().all(|char| char.is_alphanumeric() || char == '_') {
                true => found.fix(format!("write `{name}`"), view.span(value.range), name),
                false => found.help("Write the name of a file beside this one or above it, without `.flow`."),
            };
            self.found.push(found);
        }
    }

    pub(super) fn bad_word(&mut self, view: View<'_>, value: &Expr, what: &str, words: &[&'static str]) {
        if value.kind == ExprKind::Error {
            return;
        }
        let (word, span) = (view.source(value.range), view.span(value.range));
        let mut found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` is no {what}"))
            .here(format!("not a {what}"));
        found.help = suggestion(word, words.iter().copied(), "It may be");
        self.found.push(found.word_meant(word, span, words.iter().copied()));
    }

    pub(super) fn languages(&mut self, view: View<'_>, head: Span, values: &[Expr]) {
        for value in values {
            let tag = view.source(value.range);
            let shaped = (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase());
            if !shaped {
                let found = Diagnostic::new(
                    Code::BadSetting,
                    view.span(value.range),
                    format!("`{tag}` is no language tag"),
                )
                .here("not a language")
                .help("Languages are named by their ISO 639 codes: `en`, `nl`, `de`.");
                self.found.push(found);
                continue;
            }
            let tag = self.tables.str(tag);
            let known = &mut self.tables.image.flow.languages;
            if known.contains(&tag) {
                let written = view.source(value.range);
                let found = Diagnostic::new(
                    Code::BadSetting,
                    view.span(value.range),
                    format!("`{written}` is named twice"),
                )
                .here("the same language again");
                self.found.push(found.help("Name each language once."));
                continue;
            }
            known.push(tag);
            self.flow.languages.push(view.span(value.range));
        }
        if values.len() > MOST_LOCALES {
            let found = Diagnostic::new(Code::BadSetting, head, "this flow speaks too many languages");
            let found = found.here(format!("more than {MOST_LOCALES}"));
            self.found.push(found.help("Write a flow of its own for some of them."));
        }
        self.needs_value(head, "languages", values, "the languages the flow speaks: `languages en, nl`");
    }

    fn needs_value(&mut self, head: Span, word: &str, values: &[Expr], takes: &str) {
        if values.is_empty() {
            let found = Diagnostic::new(Code::BadSetting, head, format!("`{word}` says nothing"))
                .here("a value belongs here");
            self.found.push(found.help(format!("`{word}` takes {takes}.")));
        }
    }

    pub(super) fn priority(&mut self, view: View<'_>, head: Span, values: &[Expr]) {
        let number =
            values.first().and_then(|value| view.source(value.range).replace(' ', "").parse::<i32>().ok());
        match (number, values) {
            (Some(number), [_]) => self.tables.image.flow.priority = number,
            (_, [Expr { kind: ExprKind::Error, .. }]) => {}
            _ => {
                let span = values.first().map_or(head, |value| view.span(value.range));
                let found = Diagnostic::new(Code::BadSetting, span, "a priority is one whole number")
                    .here("not a whole number");
                self.found
                    .push(found.help("Of the flows that fit a page, the one with the largest number shows."));
            }
        }
    }

    pub(super) fn inbox(&mut self, view: View<'_>, head: Span, values: &[Expr]) {
        let Some((name, span)) = values.first().and_then(|value| single_word(view, value)) else {
            return self.needs_value(head, "inbox", &[], "the name of an inbox of the workspace");
        };
        let Some(info) = self.declared(Thing::Inbox, name, span) else { return };
        self.tables.image.flow.inbox = Some(self.tables.inbox(name, info));
    }

    pub(super) fn welcome(&mut self, view: View<'_>, head: Span, values: &[Expr]) {
        let [text] = values else {
            return self.needs_value(head, "welcome", &[], "one text: `welcome \"Hi!\"`");
        };
        self.room = Room::Welcome;
        self.flow.welcome = self.text(view, text);
        self.welcome_text(view, text);
    }
}
