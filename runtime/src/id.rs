//! Stable ids of places and replies, and the typed indices of a program's tables.
//!
//! A waiting chat remembers *where* it waits by an id that is made of names, never of a text or a position,
//! so that rewording, reordering and translating a flow leave every waiting chat where it is.

use xxhash_rust::xxh3::xxh3_64;

/// Where a chat can wait: a question, or an action that waits for its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u64);

/// One reply of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyId(pub u32);

/// A flow, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u64);

/// A property or a local, by its full name (`contact.email`, `name`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u32);

impl FlowId {
    /// The id of the flow called `name`.
    pub fn of(name: &str) -> FlowId {
        FlowId(xxh3_64(name.as_bytes()))
    }
}

impl SlotId {
    /// The id of the property or local with this full name.
    pub fn of(name: &str) -> SlotId {
        SlotId(low_half(xxh3_64(name.as_bytes())))
    }
}

impl PlaceId {
    /// The id of the `nth` place (from 0) of the kind `what` in `step`: `what` is `ask contact.email`, `ask`,
    /// `book meeting intro`. The count only tells places of one kind in one step apart.
    ///
    /// The upper half is the step's and the lower half the place's in it, so that a place can follow its step when
    /// that is renamed.
    pub fn of(step: &str, what: &str, nth: u32) -> PlaceId {
        let place = if nth == 0 { low_half(xxh3_64(what.as_bytes())) } else { numbered(what, nth) };
        PlaceId(PlaceId::upper(step) | u64::from(place))
    }

    /// Whether the place is in a step of this name.
    pub fn is_in(self, step: &str) -> bool {
        self.0 & !0xffff_ffff == PlaceId::upper(step)
    }

    /// The same place in a step of another name.
    pub fn moved_to(self, step: &str) -> PlaceId {
        PlaceId(PlaceId::upper(step) | (self.0 & 0xffff_ffff))
    }

    fn upper(step: &str) -> u64 {
        xxh3_64(step.as_bytes()) << 32
    }
}

fn numbered(what: &str, nth: u32) -> u32 {
    low_half(xxh3_64(alloc::format!("{what}\u{0}{nth}").as_bytes()))
}

impl ReplyId {
    /// The id of a reply from the name that outlives its wording: its value, else where it goes, else its label.
    pub fn of(name: &str) -> ReplyId {
        ReplyId(low_half(xxh3_64(name.as_bytes())))
    }

    /// The id of a reply that stores nothing and leads to the step of this name.
    pub fn leading_to(step: &str) -> ReplyId {
        ReplyId::of(&alloc::format!("-> {step}"))
    }

    /// The id of a reply beside another that would have this same one: its label tells them apart.
    pub fn beside(self, label: &str) -> ReplyId {
        ReplyId::of(&alloc::format!("{:08x} {label}", self.0))
    }
}

/// The content hash of a program: the same bytes, the same number, on every machine.
pub(crate) fn content_hash(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

fn low_half(hash: u64) -> u32 {
    (hash & 0xffff_ffff) as u32
}

/// Declares each index of a program's tables as a type of its own, so that a step is never taken for a text.
macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The index as a position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! {
    /// A string of the pool.
    Str;
    /// A pattern of `matches`.
    Pattern;
    /// A constant value.
    Const;
    /// A property or a local.
    Slot;
    /// A fact that the host supplies.
    Fact;
    /// A text with holes.
    Text;
    /// A step of the flow.
    Step;
    /// A place where a chat can wait, with what it needs there.
    Site;
    /// A condition or a text that is evaluated on its own.
    Fragment;
    /// A closed list of options.
    Options;
    /// A thing of the workspace that an action names.
    Object;
    /// An inbox that the flow names.
    Inbox;
    /// A byte offset in the code.
    Addr;
}
