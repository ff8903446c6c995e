//! The settings of a flow's `display`, `options` and `consent` blocks, each declared once.

use crate::id::Str;

/// One setting of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant's meaning is its row's `doc`")]
pub enum Setting {
    Heading,
    Avatar,
    Accent,
    Placement,
    Desktop,
    Mobile,
    Trigger,
    TypingDelay,
    SessionTimeout,
    Availability,
    ErrorText,
    Marketing,
    Survey,
    Cookies,
    Processing,
}

/// The block a setting stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingBlock {
    /// How the chat looks.
    Display,
    /// How the chat behaves.
    Options,
    /// What the visitor agrees to.
    Consent,
}

/// What a setting takes.
#[derive(Debug)]
pub enum SettingTakes {
    /// A text without holes.
    Text,
    /// An http(s) address.
    Url,
    /// `#rgb` or `#rrggbb`.
    Colour,
    /// A length of time.
    Duration,
    /// The name of a survey of the workspace.
    Survey,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words and then, if wanted, a text.
    WordAndText(&'static [&'static str]),
    /// `on_exit`, `after DURATION` or `scrolled PERCENT`; may be given several times.
    Trigger,
}

/// One row of the table.
#[derive(Debug)]
pub struct SettingSpec {
    /// Where it stands.
    pub block: SettingBlock,
    /// The word that gives it.
    pub word: &'static str,
    /// What it takes.
    pub takes: SettingTakes,
    /// What holds where the flow does not say, for readers.
    pub default: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

/// A setting's value in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingValue {
    /// A word of the setting's own list, or the name of a thing of the workspace.
    Word(Str),
    /// A text.
    Text(Str),
    /// A word and a text.
    WordAndText(Str, Str),
    /// Milliseconds.
    Duration(i64),
    /// `0xrrggbb`.
    Colour(u32),
    /// The visitor is about to leave.
    TriggerOnExit,
    /// Milliseconds on the page.
    TriggerAfter(i64),
    /// Percent of the page scrolled.
    TriggerScrolled(u8),
}

/// Silence after which a chat starts again, in milliseconds, where the flow does not say.
pub const SESSION_TIMEOUT: i64 = 30 * 60 * 1000;

/// Delay between two messages of the bot, in milliseconds, where the flow does not say.
pub const TYPING_DELAY: i64 = 500;

impl Setting {
    /// Every setting, in the order of its number in a program.
    pub const ALL: &'static [Setting] = &[
        Setting::Heading,
        Setting::Avatar,
        Setting::Accent,
        Setting::Placement,
        Setting::Desktop,
        Setting::Mobile,
        Setting::Trigger,
        Setting::TypingDelay,
        Setting::SessionTimeout,
        Setting::Availability,
        Setting::ErrorText,
        Setting::Marketing,
        Setting::Survey,
        Setting::Cookies,
        Setting::Processing,
    ];

    /// The setting's row.
    pub const fn spec(self) -> SettingSpec {
        use SettingBlock::{Consent, Display, Options};
        const fn row(
            block: SettingBlock,
            word: &'static str,
            takes: SettingTakes,
            default: &'static str,
            doc: &'static str,
        ) -> SettingSpec {
            SettingSpec { block, word, takes, default, doc }
        }
        match self {
            Setting::Heading => row(
                Display,
                "heading",
                SettingTakes::Text,
                "the workspace's title",
                "The title at the top of the chat.",
            ),
            Setting::Avatar => {
                row(Display, "avatar", SettingTakes::Url, "none", "The picture beside the bot's messages.")
            }
            Setting::Accent => row(
                Display,
                "accent",
                SettingTakes::Colour,
                "the host's own",
                "The colour of buttons and the launcher.",
            ),
            Setting::Placement => row(
                Display,
                "placement",
                SettingTakes::Word(&["left", "right"]),
                "right",
                "The side of the page where the launcher stands.",
            ),
            Setting::Desktop => row(
                Display,
                "desktop",
                SettingTakes::Word(&["prompt", "launcher", "open"]),
                "prompt",
                "What shows on a large screen: the launcher with the welcome above it, the launcher alone, or the open chat once a trigger fires.",
            ),
            Setting::Mobile => row(
                Display,
                "mobile",
                SettingTakes::Word(&["prompt", "launcher"]),
                "launcher",
                "What shows on a small screen.",
            ),
            Setting::Trigger => row(
                Display,
                "trigger",
                SettingTakes::Trigger,
                "none",
                "When the prompt shows or the chat opens; any one trigger is enough.",
            ),
            Setting::TypingDelay => row(
                Options,
                "typing_delay",
                SettingTakes::Duration,
                "500ms",
                "The pause a host leaves between two messages of the bot.",
            ),
            Setting::SessionTimeout => row(
                Options,
                "session_timeout",
                SettingTakes::Duration,
                "30m",
                "The visitor's silence after which their next message starts the flow again.",
            ),
            Setting::Availability => row(
                Options,
                "availability",
                SettingTakes::Word(&["always", "when_available"]),
                "always",
                "Whether the flow shows when nobody could take the chat.",
            ),
            Setting::ErrorText => row(
                Options,
                "error",
                SettingTakes::Text,
                "a built-in text of the flow's language",
                "What is shown when a request fails.",
            ),
            Setting::Marketing => row(
                Options,
                "marketing",
                SettingTakes::Word(&["on", "off"]),
                "off",
                "Whether contacts that this chat creates are marketing contacts.",
            ),
            Setting::Survey => row(
                Options,
                "survey",
                SettingTakes::Survey,
                "none",
                "The survey that is offered when the chat ends.",
            ),
            Setting::Cookies => row(
                Consent,
                "cookies",
                SettingTakes::Word(&["before_chat", "on_exit"]),
                "not asked",
                "When the visitor is asked to accept the chat's cookies.",
            ),
            Setting::Processing => row(
                Consent,
                "processing",
                SettingTakes::WordAndText(&["explicit", "legitimate_interest"]),
                "not asked",
                "Whether the visitor must agree before the first answer is taken, and the text they read.",
            ),
        }
    }

    /// The setting of `block` with this word.
    pub fn named(block: SettingBlock, word: &str) -> Option<Setting> {
        Setting::ALL.iter().copied().find(|setting| {
            let spec = setting.spec();
            spec.block == block && spec.word == word
        })
    }
}

impl SettingBlock {
    /// The word that opens the block.
    pub const fn word(self) -> &'static str {
        match self {
            SettingBlock::Display => "display",
            SettingBlock::Options => "options",
            SettingBlock::Consent => "consent",
        }
    }
}
