//! The channels on which a chat takes place, and what each can show, declared once.
//!
//! The checker holds flows to these rows, the reference prints them, and a host reads them to show replies as the
//! platform wants them.

use crate::media::MediaKind;

/// A channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant's meaning is its row's `doc`")]
pub enum Channel {
    Website,
    Messenger,
    Whatsapp,
    Slack,
}

/// One row of the table. Lengths are in characters: Unicode code points, which is what these platforms count.
#[derive(Debug)]
pub struct ChannelSpec {
    /// The word for it in a flow; hosts supply it as the fact `channel`.
    pub name: &'static str,
    /// How people call it.
    pub title: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// The longest message; none where nothing limits it.
    pub text: Option<usize>,
    /// How replies show, the best form first; the first whose number suffices is taken, and none means that they do
    /// not fit. An empty list means that nothing limits them.
    pub replies: &'static [RepliesForm],
    /// Whether the chat is part of a page: only then are there `page.…` facts, triggers, a launcher and a cookie banner.
    pub page: bool,
    /// Whether it shows that the bot is typing.
    pub typing: bool,
    /// Whether it shows pictures in the chat; else the host sends their addresses.
    pub image: bool,
    /// Whether it takes files in the chat; else the host sends their addresses.
    pub file: bool,
    /// Whether it plays videos in the chat; else the host sends their addresses.
    pub video: bool,
}

/// A form in which replies show.
#[derive(Debug)]
pub struct RepliesForm {
    /// What it is called, in the plural: `buttons`.
    pub name: &'static str,
    /// The most replies it has.
    pub most: usize,
    /// The longest label.
    pub label: usize,
    /// The longest message above it.
    pub text: usize,
}

impl Channel {
    /// Every channel, in the order of its bit in a program.
    pub const ALL: &'static [Channel] =
        &[Channel::Website, Channel::Messenger, Channel::Whatsapp, Channel::Slack];

    /// The channel's row.
    pub const fn spec(self) -> &'static ChannelSpec {
        match self {
            Channel::Website => &ChannelSpec {
                name: "website",
                title: "the website",
                doc: "The chat on a page of a website.",
                text: None,
                replies: &[],
                page: true,
                typing: true,
                image: true,
                file: true,
                video: true,
            },
            Channel::Messenger => &ChannelSpec {
                name: "messenger",
                title: "Messenger",
                doc: "Facebook Messenger.",
                text: Some(2000),
                replies: &[RepliesForm { name: "quick replies", most: 13, label: 20, text: 2000 }],
                page: false,
                typing: true,
                image: true,
                file: true,
                video: true,
            },
            Channel::Whatsapp => &ChannelSpec {
                name: "whatsapp",
                title: "WhatsApp",
                doc: "WhatsApp, through its business platform.",
                text: Some(4096),
                replies: &[
                    RepliesForm { name: "buttons", most: 3, label: 20, text: 1024 },
                    RepliesForm { name: "a list", most: 10, label: 24, text: 1024 },
                ],
                page: false,
                typing: true,
                image: true,
                file: true,
                video: true,
            },
            Channel::Slack => &ChannelSpec {
                name: "slack",
                title: "Slack",
                doc: "Slack, with a host of one's own.",
                text: Some(3000),
                replies: &[RepliesForm { name: "buttons", most: 25, label: 75, text: 3000 }],
                page: false,
                typing: false,
                image: true,
                file: true,
                video: false,
            },
        }
    }

    /// The channel with this word.
    pub fn named(word: &str) -> Option<Channel> {
        Channel::ALL.iter().copied().find(|channel| channel.spec().name == word)
    }

    /// Its bit in a program's set of channels.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The channels of a set; an empty one means the website.
    pub fn of_bits(bits: u8) -> impl Iterator<Item = Channel> {
        let bits = if bits == 0 { Channel::Website.bit() } else { bits };
        Channel::ALL.iter().copied().filter(move |channel| bits & channel.bit() != 0)
    }
}

impl ChannelSpec {
    /// Whether it shows media of this kind in the chat; else the host sends the address.
    pub const fn shows(&self, media: MediaKind) -> bool {
        match media {
            MediaKind::Image => self.image,
            MediaKind::File => self.file,
            MediaKind::Video => self.video,
        }
    }

    /// The form in which so many replies show; none where they do not fit or nothing limits them.
    pub fn form(&self, replies: usize) -> Option<&'static RepliesForm> {
        self.replies.iter().find(|form| replies <= form.most)
    }

    /// The longest message with so many replies below it; none where nothing limits it.
    pub fn longest_text(&self, replies: usize) -> Option<usize> {
        if replies == 0 {
            return self.text;
        }
        self.form(replies).or(self.replies.last()).map(|form| form.text).or(self.text)
    }

    /// The most replies; none where nothing limits them.
    pub fn most_replies(&self) -> Option<usize> {
        self.replies.last().map(|form| form.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    use crate::action::Action;
    use crate::language::{BuiltIn, Language};

    #[test]
    fn rows_stand_in_the_order_of_their_bits() {
        for (number, channel) in Channel::ALL.iter().enumerate() {
            assert_eq!(*channel as usize, number);
            assert_eq!(Channel::named(channel.spec().name), Some(*channel));
            assert_eq!(Channel::of_bits(channel.bit()).collect::<Vec<_>>(), [*channel]);
            assert!(channel.spec().replies.is_sorted_by_key(|form| form.most));
        }
        assert_eq!(Channel::of_bits(0).next(), Some(Channel::Website));
    }

    #[test]
    fn more_replies_take_the_next_form() {
        let whatsapp = Channel::Whatsapp.spec();
        let name = |replies| whatsapp.form(replies).map(|form| form.name);
        assert_eq!(
            (name(3), name(4), name(10), name(11)),
            (Some("buttons"), Some("a list"), Some("a list"), None)
        );
        assert_eq!((whatsapp.longest_text(0), whatsapp.longest_text(4)), (Some(4096), Some(1024)));
        assert_eq!(Channel::Website.spec().longest_text(50), None);
    }

    /// The checker looks at a flow's own labels; what the runtime offers by itself must fit everywhere.
    #[test]
    fn built_in_replies_fit_on_every_channel() {
        let offered = Action::ALL.iter().filter_map(|action| action.spec().waits.offer());
        let mut texts: Vec<BuiltIn> =
            offered.flat_map(|offer| offer.replies).map(|(_, text)| *text).collect();
        texts.extend([BuiltIn::Yes, BuiltIn::No, BuiltIn::Agree]);
        let shortest =
            Channel::ALL.iter().flat_map(|channel| channel.spec().replies).map(|form| form.label).min();
        for language in Language::ALL {
            for text in &texts {
                let label = text.text(*language);
                assert!(shortest.is_none_or(|most| label.chars().count() <= most), "{label}");
            }
        }
    }
}
