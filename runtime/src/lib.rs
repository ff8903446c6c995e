//! Runs Chatflow programs: bytecode in, turns out.
//!
//! [`Program::load`] checks the bytes; [`select`] says which flow a page shows; [`start`] and [`resume`] run one
//! turn, from one wait to the next. The runtime never waits, reads a clock or calls out: time, facts and outcomes
//! come in, [`Effect`]s go out, as values, so the same inputs give the same turn. It knows nothing of `.flow`
//! source, files or networks.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")
)]

extern crate alloc;

// The vocabulary, which the compiler targets.
pub mod action;
pub mod channel;
pub mod fact;
pub mod id;
pub mod image;
pub mod media;
pub mod op;
pub mod plan;
pub mod setting;
pub mod tag;
pub mod value;

// A program's bytes, and what makes them a program.
mod decode;
mod encode;
mod layout;
mod program;
mod verify;
pub mod wire;

// What a host says, and how people write and read it.
mod address;
pub mod answer;
mod arithmetic;
mod availability;
mod dates;
mod digits;
mod durations;
mod facts;
pub mod language;
mod numbers;
pub mod page;
pub mod pattern;
pub mod plural;
mod said;
mod show;
pub mod speech;
pub mod text;
mod view;
mod world;
mod written_date;
mod written_json;

// One turn.
mod awaited;
mod converse;
mod eval;
mod fill;
mod html;
mod machine;
mod message;
mod migrate;
mod observe;
mod outcome;
mod request;
mod result;
mod select;
mod session;
mod store;
mod succession;
mod talk;
mod turn;

// Turns and facts as data for other programs.
#[cfg(feature = "serde")]
mod json;

#[cfg(test)]
mod tests;
#[cfg(test)]
use tests::samples;

pub use crate::answer::{Country, Locale};
pub use crate::availability::{is_available, is_there};
pub use crate::awaited::waiting;
pub use crate::converse::{condition, resume, resume_observed, start, start_observed, welcome};
pub use crate::encode::encode;
pub use crate::facts::{FactValue, Facts, facts_read, offset_name};
pub use crate::id::{FlowId, PlaceId, ReplyId, SlotId};
pub use crate::image::Image;
#[cfg(feature = "serde")]
pub use crate::json::{Data, OwnedInput};
pub use crate::language::Language;
pub use crate::layout::{MOST_LOCALES, strip};
pub use crate::migrate::{Destination, Migration, Reason, migrate};
pub use crate::observe::{Observer, Taken};
pub use crate::outcome::MOST_ARTICLES;
pub use crate::program::{LoadError, Processing, Program};
pub use crate::request::{Body, ChatBody, Header, HeaderValue, LONGEST_ADDRESS, Request};
pub use crate::result::{FUNCTION_VALUE, LONGEST_RESULT, Unstored, unstored};
pub use crate::said::{Misfit, misfit};
pub use crate::select::{candidates, select, shows};
pub use crate::session::{Origin, QuickReply, Session, SessionError, Shown, State};
pub use crate::show::{show, show_plain};
pub use crate::speech::Speech;
pub use crate::tag::Tag;
pub use crate::talk::{LONGEST_QUICK_REPLY, LONGEST_SERVER_STATE, MOST_QUICK_REPLIES, Refused, refused};
pub use crate::turn::{Article, Effect, End, Input, Named, Numbered, Reply, Timestamp, Turn, Waiting};
pub use crate::value::{Truth, Type, TypeKind, Value};
pub use crate::verify::MAX_STACK;
pub use rust_decimal::Decimal;
