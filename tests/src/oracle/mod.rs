//! A slow interpreter of checked flows, to hold the machine against.
//!
//! It walks the flow as the checker left it and plays one turn after the other by the meaning of the language,
//! always in the plainest way. It shares the plain data of the runtime (values, effects, waits, the tables of
//! names and types, the words and signs of each language), so that results compare with `==`, and none of its code: not how values compare and fold,
//! how texts are filled, how answers are read, where a chat goes on.
//!
//! One thing it takes from the compiler: which values travel in a session (`keeps`). It holds the compiler to
//! what that is for instead: whatever a flow shows, stores or computes without a default must be known where it
//! does so. Where it is not, the turn has a *fault*.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the plainest way: what is not named takes no part; a new kind of value or effect shows as a disagreement"
)]

mod answers;
mod chat;
mod decimal;
mod heard;
mod moments;
mod patterns;
mod places;
mod servers;
mod shown;
mod steps;
mod values;
mod world;

pub use chat::{Chat, Played, play, shows};
