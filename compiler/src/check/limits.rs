//! What the channels of a flow have room for. A flow on several channels keeps to the limits of all of them.

use chatflow_runtime::channel::Channel;
use chatflow_runtime::id::Str;
use chatflow_runtime::image::Image;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Ask, Flow, Media, Statement, StatementKind, TextPart, TextValue};
use crate::source::Span;

/// So many further places of one finding are shown: the rest is more of the same.
const PLACES: usize = 3;

impl Checker<'_> {
    /// Reports texts, labels and numbers of replies that a channel of the flow has no room for.
    pub(super) fn within_limits(&mut self) {
        let mut limits =
            Limits { channels: &self.flow.channels, image: &self.tables.image, found: Vec::new() };
        limits.flow(&self.flow);
        self.found.append(&mut limits.found);
    }

    /// Reports what only a page has in a flow none of whose channels has one.
    pub(super) fn without_page(&mut self) {
        let named = &self.flow.channels;
        let Some((channel, channel_at)) =
            named.first().filter(|_| !named.iter().any(|(on, _)| on.spec().page))
        else {
            return;
        };
        self.of_a_page.sort_by_key(|span| span.start);
        self.of_a_page.dedup();
        let Some((first, more)) = self.of_a_page.split_first() else { return };
        let mut found =
            Diagnostic::new(Code::NoPage, *first, format!("there is no page on {}", channel.spec().title))
                .here("does nothing, or is never known")
                .label(*channel_at, "where the chat takes place")
                .help("Delete it, or add `website` to the flow's channels.");
        for place in more.iter().take(PLACES) {
            found = found.label(*place, "and here");
        }
        self.found.push(found);
    }
}

/// The channels that a flow names, and what was found.
pub(crate) struct Limits<'a> {
    pub(crate) channels: &'a [(Channel, Span)],
    pub(crate) image: &'a Image,
    pub(crate) found: Vec<Diagnostic>,
}

impl Limits<'_> {
    fn flow(&mut self, flow: &Flow) {
        // Without `channel`, only the website's limits hold, and it has none.
        if self.channels.is_empty() {
            return;
        }
        if let Some(welcome) = &flow.welcome {
            self.text(self.written(welcome), 0, welcome.span);
        }
        for (text, span) in &flow.said {
            self.text(Length { characters: self.length(*text), open: false }, 0, *span);
        }
        for step in &flow.steps {
            self.block(&step.body);
        }
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            if let StatementKind::Say(bubbles, media) = &statement.kind {
                media.iter().for_each(|media| self.media(media));
                for bubble in bubbles {
                    self.text(self.written(bubble), 0, bubble.span);
                }
            } else if let StatementKind::Ask(ask) = &statement.kind {
                self.ask(ask);
            }
            statement.blocks(&mut |body| self.block(body));
        }
    }

    fn ask(&mut self, ask: &Ask) {
        let replies = ask.replies.len();
        self.text(self.written(&ask.text), replies, ask.text.span);
        if let Some(invalid) = &ask.invalid {
            self.text(self.written(invalid), replies, invalid.span);
        }
        if self.replies(replies, ask.text.span) {
            for reply in &ask.replies {
                self.label(self.image.strings.get(reply.label), replies, reply.span);
            }
        }
    }

    /// Media that a channel does not show, but only where it is.
    fn media(&mut self, media: &Media) {
        let cannot = |(channel, _): &&(Channel, Span)| !channel.spec().shows(media.kind);
        let Some((channel, at)) = self.channels.iter().find(cannot) else { return };
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

    /// How long a text is as far as it stands in the flow.
    fn written(&self, text: &TextValue) -> Length {
        self.parts(&text.pieces)
    }

    /// How long parts are at least: of forms, the shortest counts.
    fn parts(&self, parts: &[TextPart]) -> Length {
        let mut length = Length { characters: 0, open: false };
        for part in parts {
            let forms = match part {
                TextPart::Words(words) => {
                    length.characters += self.length(*words);
                    continue;
                }
                TextPart::Hole(_) => None,
                TextPart::Plural { forms, .. } => {
                    forms.iter().map(|(_, parts)| self.parts(parts).characters).min()
                }
                TextPart::Select { forms, .. } => {
                    forms.iter().map(|(_, parts)| self.parts(parts).characters).min()
                }
            };
            length.characters += forms.unwrap_or(0);
            length.open = true;
        }
        length
    }

    fn length(&self, text: Str) -> usize {
        characters(self.image.strings.get(text))
    }

    /// A message of this length, with so many replies below it.
    pub(crate) fn text(&mut self, length: Length, replies: usize, span: Span) {
        let limit = |(channel, at): &(Channel, Span)| {
            channel.spec().longest_text(replies).map(|most| (most, *channel, *at))
        };
        let Some((most, channel, at)) = self.channels.iter().filter_map(limit).min() else { return };
        if length.characters <= most {
            return;
        }
        let least = if length.open { "at least " } else { "" };
        let below = if replies > 0 { " above replies" } else { "" };
        let title = channel.spec().title;
        let found = Diagnostic::new(Code::LongText, span, format!("this text is too long for {title}"))
            .here(format!("{least}{} characters; {title} takes {most}{below}", length.characters))
            .label(at, "where the chat takes place")
            .help("Shorten it, or split it: `say [\"…\", \"…\"]`.");
        self.found.push(found);
    }

    /// The number of replies of a question; whether they fit.
    pub(crate) fn replies(&mut self, count: usize, span: Span) -> bool {
        let most =
            |(channel, at): &(Channel, Span)| channel.spec().most_replies().map(|most| (most, *channel, *at));
        if let Some((most, channel, at)) =
            self.channels.iter().filter_map(most).min().filter(|(most, ..)| count > *most)
        {
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
    pub(crate) fn label(&mut self, label: &str, replies: usize, span: Span) {
        let limit = |(channel, at): &(Channel, Span)| {
            channel.spec().form(replies).map(|form| (form.label, *channel, *at))
        };
        let Some((most, channel, at)) = self.channels.iter().filter_map(limit).min() else { return };
        let length = characters(label);
        if length <= most {
            return;
        }
        let title = channel.spec().title;
        let found = Diagnostic::new(Code::LongLabel, span, format!("a reply is too long for {title}"))
            .here(format!("{length} characters; {title} takes {most}"))
            .label(at, "where the chat takes place")
            .help("Shorten the label; the answer that it stores may stay as it is.");
        self.found.push(found);
    }
}

/// How long a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    /// What stands in it.
    pub(crate) characters: usize,
    /// Whether holes will add to that.
    pub(crate) open: bool,
}

/// The length of a text as the platforms count it.
pub(crate) fn characters(text: &str) -> usize {
    text.chars().count()
}
