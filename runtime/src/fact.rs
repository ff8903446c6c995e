//! The facts a flow can test, each declared once, and what a host says of them.

use crate::id::{Inbox, Object, Str};

/// A fact that the host supplies and a program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant's meaning is its row's `doc`")]
pub enum FactKind {
    PageUrl,
    /// `page.url` without its query string: what `is` looks at.
    PageAddress,
    PageHost,
    PagePath,
    PageTitle,
    PageLanguage,
    PageSeconds,
    PageScrolled,
    PageQuery(Str),
    VisitorDevice,
    VisitorCountry,
    VisitorLanguage,
    VisitorReturning,
    VisitorPages,
    ContactKnown,
    TeamAvailable(Object),
    UserAvailable(Object),
    InboxOpen(Inbox),
    InList(Object),
    Today,
    Now,
}

/// What a fact's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A condition of its own: `contact is known`, `team sales is available`.
    Condition,
    /// Yes or no.
    Bool,
    /// A date that the runtime tells from the turn's time.
    Date,
    /// A moment: the turn's time.
    DateTime,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// A fact that is a plain name: `page.url`, `visitor.device`.
#[derive(Debug)]
pub struct FactSpec {
    /// How a flow writes it; hosts supply it under the same name.
    pub name: &'static str,
    /// Which.
    pub kind: FactKind,
    /// What its value is.
    pub value: FactType,
    /// One sentence.
    pub doc: &'static str,
}

impl FactKind {
    /// Its number in a program, and the index of the name or thing that it is about.
    pub const fn number(self) -> (u8, Option<u32>) {
        match self {
            FactKind::PageUrl => (0, None),
            FactKind::PageAddress => (1, None),
            FactKind::PageHost => (2, None),
            FactKind::PagePath => (3, None),
            FactKind::PageTitle => (4, None),
            FactKind::PageLanguage => (5, None),
            FactKind::PageSeconds => (6, None),
            FactKind::PageScrolled => (7, None),
            FactKind::PageQuery(name) => (8, Some(name.0)),
            FactKind::VisitorDevice => (9, None),
            FactKind::VisitorCountry => (10, None),
            FactKind::VisitorLanguage => (11, None),
            FactKind::VisitorReturning => (12, None),
            FactKind::VisitorPages => (13, None),
            FactKind::ContactKnown => (14, None),
            FactKind::TeamAvailable(team) => (15, Some(team.0)),
            FactKind::UserAvailable(user) => (16, Some(user.0)),
            FactKind::InboxOpen(inbox) => (17, Some(inbox.0)),
            FactKind::Today => (18, None),
            FactKind::Now => (19, None),
            FactKind::InList(list) => (20, Some(list.0)),
        }
    }
}

/// The facts that are plain names. `today` and `now` come with each turn's time; the others are the host's. `page.query.NAME` and the tests of teams, users and inboxes are made of names
/// of the flow's own and so are not listed.
pub const FACTS: &[FactSpec] = &[
    FactSpec {
        name: "page.url",
        kind: FactKind::PageUrl,
        value: FactType::Text,
        doc: "The page's address in its normal form.",
    },
    FactSpec {
        name: "page.host",
        kind: FactKind::PageHost,
        value: FactType::Text,
        doc: "The host of the page's address.",
    },
    FactSpec {
        name: "page.path",
        kind: FactKind::PagePath,
        value: FactType::Text,
        doc: "The path of the page's address, without query.",
    },
    FactSpec {
        name: "page.title",
        kind: FactKind::PageTitle,
        value: FactType::Text,
        doc: "The page's title.",
    },
    FactSpec {
        name: "page.language",
        kind: FactKind::PageLanguage,
        value: FactType::Text,
        doc: "The page's language tag.",
    },
    FactSpec {
        name: "page.seconds",
        kind: FactKind::PageSeconds,
        value: FactType::Number,
        doc: "Seconds since the page was opened.",
    },
    FactSpec {
        name: "page.scrolled",
        kind: FactKind::PageScrolled,
        value: FactType::Number,
        doc: "Percent of the page that was scrolled past.",
    },
    FactSpec {
        name: "visitor.device",
        kind: FactKind::VisitorDevice,
        value: FactType::Word(&["desktop", "mobile", "tablet"]),
        doc: "The kind of device.",
    },
    FactSpec {
        name: "visitor.country",
        kind: FactKind::VisitorCountry,
        value: FactType::Text,
        doc: "The visitor's country, as two letters.",
    },
    FactSpec {
        name: "visitor.language",
        kind: FactKind::VisitorLanguage,
        value: FactType::Text,
        doc: "The language the visitor's browser prefers.",
    },
    FactSpec {
        name: "visitor.returning",
        kind: FactKind::VisitorReturning,
        value: FactType::Bool,
        doc: "Whether the visitor was here before.",
    },
    FactSpec {
        name: "visitor.pages",
        kind: FactKind::VisitorPages,
        value: FactType::Number,
        doc: "Pages seen in this visit.",
    },
    FactSpec {
        name: "today",
        kind: FactKind::Today,
        value: FactType::Date,
        doc: "The date, where the inbox's hours are, else in UTC.",
    },
    FactSpec {
        name: "now",
        kind: FactKind::Now,
        value: FactType::DateTime,
        doc: "The date and time; written where the inbox's hours are, else in UTC.",
    },
];
