//! What the channels of a flow have room for. A flow on several channels keeps to the limits of all of them.

use std::collections::BTreeSet;

use chatflow_runtime::channel::Channel;
use chatflow_runtime::id::Str;
use chatflow_runtime::image::Image;
use chatflow_runtime::setting::Setting;

use super::Checker;
use super::length::{Length, Measure, characters};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Ask, Choice, Flow, Media, Statement, StatementKind, TextValue, Translation};
use crate::source::Span;

/// So many further places of one finding are shown: the rest is more of the same.
const PLACES: usize = 3;

impl Checker<'_> {
    /// Reports texts, labels and numbers of replies that a channel of the flow has no room for.
    pub(super) fn within_limits(&mut self) {
        let mut limits = Limits::new(&self.flow, &self.tables.image, None);
        limits.flow(&self.flow);
        let mut found = limits.found;
        self.found.append(&mut found);
    }

    /// Reports what only a page has in a flow none of whose channels has one.
    pub(super) fn without_page(&mut self) {
        let named = &self.flow.channels;
        let Some((channel, channel_at)) =
            named.first().filter(|_| !named.iter().any(|(on, _)| on.spec().page))
        else {
            return;
        };
        self.of_a_page.sort_by_key(|span| (span.file, span.start));
        self.of_a_page.dedup();
        // A finding for the flow, and one for each module that it comes to.
        for places in self.of_a_page.chunk_by(|one, other| one.file == other.file) {
            let Some((first, more)) = places.split_first() else { continue };
            let mut found = Diagnostic::new(
                Code::NoPage,
                *first,
                format!("there is no page on {}", channel.spec().title),
            )
            .here("does nothing, or is never known")
            .label(*channel_at, "where the chat takes place")
            .help("Delete it, or add `website` to the flow's channels.");
            for place in more.iter().take(PLACES) {
                found = found.label(*place, "and here");
            }
            self.found.push(found);
        }
    }
}

/// What a flow's translations say that a channel of the flow has no room for.
pub(crate) fn translated(flow: &Flow, image: &Image, found: &mut Vec<Diagnostic>) {
    for said in &flow.translations {
        let mut limits = Limits::new(flow, image, Some(said));
        limits.flow(flow);
        found.append(&mut limits.found);
    }
}

/// The channels that a flow names, the language that is looked at, and what was found.
struct Limits<'a> {
    channels: &'a [(Channel, Span)],
    measure: Measure<'a>,
    /// The places of translations that were reported: one may serve several texts.
    reported: BTreeSet<Span>,
    found: Vec<Diagnostic>,
}

impl<'a> Limits<'a> {
    fn new(flow: &'a Flow, image: &'a Image, said: Option<&'a Translation>) -> Limits<'a> {
        let measure = Measure { image, said };
        Limits { channels: &flow.channels, measure, reported: BTreeSet::new(), found: Vec::new() }
    }

    fn flow(&mut self, flow: &Flow) {
        // Without `channel`, only the website's limits hold, and it has none.
        if self.channels.is_empty() {
            return;
        }
        if let Some(welcome) = &flow.welcome {
            self.text(welcome, 0);
        }
        for (setting, text, span) in &flow.said {
            self.setting(*setting, *text, *span);
        }
        for step in &flow.steps {
            self.block(&step.body);
        }
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            if let StatementKind::Say(bubbles, media) = &statement.kind {
                media.iter().for_each(|media| self.media(media));
                bubbles.iter().for_each(|bubble| self.text(bubble, 0));
            } else if let StatementKind::Ask(ask) = &statement.kind {
                self.ask(ask);
            }
            statement.blocks(&mut |body| self.block(body));
        }
    }

    fn ask(&mut self, ask: &Ask) {
        let replies = ask.replies.len();
        self.text(&ask.text, replies);
        if let Some(invalid) = &ask.invalid {
            self.text(invalid, replies);
        }
        if self.replies(replies, ask.text.span) {
            for reply in &ask.replies {
                self.label(reply, replies);
            }
        }
    }

    /// Media that a channel does not show, but only where it is.
    fn media(&mut self, media: &Media) {
        let cannot = |(channel, _): &&(Channel, Span)| !channel.spec().shows(media.kind);
        let Some((channel, at)) = self.channels.iter().find(cannot) else { return };
        // Its address is the same in every language.
        if self.measure.said.is_some() {
            return;
        }
        let (title, word) = (channel.spec().title, media.kind.spec().word);
        let found = Diagnostic::new(
            Code::BecomesAddress,
            media.span,
            format!("on {title} this {word} becomes its address"),
        )
        .here(format!("no {word} shows in the chat there"))
        .label(*at, "where the chat takes place")
        .help("Say in the text what it is, so that the address makes sense.");
        self.found.push(found);
    }

    /// A text that is shown as a message, with so many replies below it.
    fn text(&mut self, text: &TextValue, replies: usize) {
        if let Some(length) = self.measure.text(text) {
            self.message(length, replies, text.span);
        }
    }

    /// The text of a setting that is shown as a message.
    fn setting(&mut self, setting: Setting, text: Str, span: Span) {
        let words = match self.measure.said {
            None => Some(self.measure.image.strings.get(text)),
            Some(said) => said.settings.get(&setting).map(String::as_str),
        };
        if let Some(words) = words {
            self.message(Length::of(words), 0, span);
        }
    }

    /// A message of this length, with so many replies below it.
    fn message(&mut self, length: Length, replies: usize, span: Span) {
        let limit = |(channel, at): &(Channel, Span)| {
            channel.spec().longest_text(replies).map(|most| (most, *channel, *at))
        };
        let Some((limit, channel, at)) = self.channels.iter().filter_map(limit).min() else { return };
        let below = if replies > 0 { " above replies" } else { "" };
        let title = channel.spec().title;
        let takes = format!("{title} takes {limit}{below}");
        if length.least > limit {
            let least = if length.is_fixed() { "" } else { "at least " };
            let found = self.finding(Code::LongText, span, &format!("too long for {title}"), "this text");
            let found = found
                .here(format!("{least}{} characters; {takes}", length.least))
                .label(at, "where the chat takes place")
                .help("Shorten it, or split it: `say [\"…\", \"…\"]`.");
            self.report(found);
        } else if let Some(most) = length.most.filter(|most| *most > limit) {
            let found = self.finding(
                Code::MayBeLong,
                span,
                &format!("too long for {title} at its longest"),
                "this text",
            );
            let found = found
                .here(format!("up to {most} characters; {takes}"))
                .label(at, "where the chat takes place")
                .help("Shorten it, or split it; what passes the limit is cut off or refused there.");
            self.report(found);
        }
    }

    /// A finding of a text at this place of the flow: where a translation says it, there.
    fn finding(&self, code: Code, span: Span, what: &str, source: &str) -> Diagnostic {
        let Some(said) = self.measure.said else {
            return Diagnostic::new(code, span, format!("{source} is {what}"));
        };
        match said.places.get(&span) {
            Some(place) => Diagnostic::new(code, *place, format!("this translation is {what}"))
                .label(span, format!("{source} in its first language")),
            None => Diagnostic::new(code, span, format!("{source} is {what} in `{}`", said.tag)),
        }
    }

    fn report(&mut self, found: Diagnostic) {
        if self.reported.insert(found.primary.span) {
            self.found.push(found);
        }
    }

    /// The number of replies of a question; whether they fit.
    fn replies(&mut self, count: usize, span: Span) -> bool {
        let most =
            |(channel, at): &(Channel, Span)| channel.spec().most_replies().map(|most| (most, *channel, *at));
        let too_many = self.channels.iter().filter_map(most).min().filter(|(most, ..)| count > *most);
        // There are as many in every language.
        if self.measure.said.is_some() {
            return too_many.is_none();
        }
        if let Some((most, channel, at)) = too_many {
            let title = channel.spec().title;
            let found =
                Diagnostic::new(Code::TooManyReplies, span, format!("so many replies do not fit on {title}"))
                    .here(format!("{count} replies; {title} takes {most}"))
                    .label(at, "where the chat takes place")
                    .help("Offer fewer, or ask in two steps: first the kind, then which.");
            self.found.push(found);
            return false;
        }
        for (channel, at) in self.channels {
            let spec = channel.spec();
            let (Some(usual), Some(form)) = (spec.replies.first(), spec.form(count)) else { continue };
            if usual.most < count {
                let title = spec.title;
                let found = Diagnostic::new(
                    Code::OtherForm,
                    span,
                    format!("on {title} these replies become {}", form.name),
                )
                .here(format!("{count} replies; up to {} are {}", usual.most, usual.name))
                .label(*at, "where the chat takes place")
                .help("Offer fewer if they should show at once.");
                self.found.push(found);
            }
        }
        true
    }

    /// The label of one of so many replies.
    fn label(&mut self, reply: &Choice, replies: usize) {
        let limit = |(channel, at): &(Channel, Span)| {
            channel.spec().form(replies).map(|form| (form.label, *channel, *at))
        };
        let Some((most, channel, at)) = self.channels.iter().filter_map(limit).min() else { return };
        let label = match self.measure.said {
            None => Some(self.measure.image.strings.get(reply.label)),
            Some(said) => said.label(reply.says),
        };
        let Some(length) = label.map(characters).filter(|length| *length > most) else { return };
        let title = channel.spec().title;
        let found = self.finding(Code::LongLabel, reply.span, &format!("too long for {title}"), "this reply");
        let found = found
            .here(format!("{length} characters; {title} takes {most}"))
            .label(at, "where the chat takes place")
            .help("Shorten the label; the answer that it stores may stay as it is.");
        self.report(found);
    }
}
