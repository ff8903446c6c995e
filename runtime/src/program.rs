//! A program that has been verified: the only thing that runs.

use alloc::vec::Vec;
use core::fmt;

use crate::action::Waits;
use crate::decode::decode;
use crate::encode::encode;
use crate::fact::FactKind;
use crate::facts::{FactValue, Facts};
use crate::id::{Addr, FlowId, PlaceId, Site, Slot, SlotId, Str};
use crate::image::{Image, PatternDef, SiteDef, SlotDef, Wait};
use crate::layout::{MAJOR, parts};
use crate::op::Op;
use crate::pattern::{MAX_PATTERNS, Pattern};
use crate::setting::{SESSION_TIMEOUT, Setting, SettingValue, TYPING_DELAY};
use crate::speech::Speech;
use crate::tag::Tag;
use crate::value::{Type, Value};
use crate::verify::{Decoded, verify};
use crate::wire::Malformed;

/// Why bytes are not taken as a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// They do not begin as a program does.
    NotAProgram,
    /// They have a format that this runtime does not read.
    Format {
        /// The format's number.
        found: u8,
    },
    /// Their content does not have the hash that they state.
    Damaged,
    /// A section that every program has is missing.
    MissingSection {
        /// What it holds.
        name: &'static str,
    },
    /// A section that this runtime does not know and that must not be skipped.
    UnknownSection {
        /// Its number.
        id: u8,
    },
    /// A part that cannot be read.
    Malformed {
        /// Which part.
        part: &'static str,
        /// What is wrong; offsets count from the part's first byte.
        what: Malformed,
    },
    /// A table names something that is not there, or that may not stand where it does.
    Table {
        /// What the table holds.
        part: &'static str,
        /// The entry's number, from 0.
        entry: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// Instructions that could make the machine fail.
    Code {
        /// Where in the code.
        at: Addr,
        /// What is wrong.
        what: &'static str,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotAProgram => {
                write!(
                    out,
                    "this is not a compiled flow; compile the `.flow` file and load the `.flowc` file"
                )
            }
            LoadError::Format { found } => write!(
                out,
                "this program was made for format {found}; this runtime reads format {MAJOR}: compile the flow again"
            ),
            LoadError::Damaged => {
                write!(
                    out,
                    "this program is damaged (its content hash does not match); copy or compile it again"
                )
            }
            LoadError::MissingSection { name } => {
                write!(out, "this program has no section for its {name}; compile the flow again")
            }
            LoadError::UnknownSection { id } => {
                write!(
                    out,
                    "this program needs section {id}, which this runtime does not know; use a newer runtime"
                )
            }
            LoadError::Malformed { part, what } => {
                write!(out, "this program cannot be read ({part}: {what}); copy or compile it again")
            }
            LoadError::Table { part, entry, what } => {
                write!(
                    out,
                    "this program is not valid ({part}, entry {entry}: {what}); compile the flow again"
                )
            }
            LoadError::Code { at, what } => {
                write!(
                    out,
                    "this program is not valid (code at byte {}: {what}); compile the flow again",
                    at.0
                )
            }
        }
    }
}

impl core::error::Error for LoadError {}

/// How a flow asks for consent to process what the visitor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Processing<'a> {
    /// Whether the visitor must agree before the first answer is taken.
    pub explicit: bool,
    /// The text they read.
    pub text: &'a str,
}

/// A verified program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    image: Image,
    code: Decoded,
    /// The patterns of `matches`, ready to use.
    patterns: Vec<Pattern>,
    hash: u64,
    flow: FlowId,
    /// The id of each slot, by its index.
    slots: Vec<SlotId>,
    /// The index of each slot, by its id.
    by_slot: Vec<(SlotId, Slot)>,
    /// The index of each place where a chat can wait, by its id.
    by_place: Vec<(PlaceId, Site)>,
    /// The languages it can speak, with their translations; the first is the one it is written in.
    languages: Vec<(Tag, Option<usize>)>,
    /// The index of each place that runs a step and comes back, by its id.
    by_return: Vec<(PlaceId, Site)>,
    session_timeout: i64,
    consent: Consent,
    moments: bool,
}

/// Whether a flow asks for consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Consent {
    NotAsked,
    Implied,
    Explicit,
}

impl Program {
    /// Reads and verifies a program's bytes.
    ///
    /// # Errors
    /// If they are no program, one of another format, damaged, or one that could make the machine fail.
    pub fn load(bytes: &[u8]) -> Result<Program, LoadError> {
        let (image, hash) = decode(bytes)?;
        Program::verified(image, hash)
    }

    /// Verifies tables that have not been written yet.
    ///
    /// # Errors
    /// If they could make the machine fail.
    pub fn from_image(image: Image) -> Result<Program, LoadError> {
        let hash = parts(&encode(&image))?.hash;
        Program::verified(image, hash)
    }

    fn verified(image: Image, hash: u64) -> Result<Program, LoadError> {
        let code = verify(&image)?;
        let patterns = compiled(&image)?;
        let slots: Vec<SlotId> =
            image.slots.iter().map(|slot| SlotId::of(image.strings.get(slot.name))).collect();
        let by_slot = sorted(&slots, Slot).map_err(|entry| LoadError::Table {
            part: "properties",
            entry,
            what: "two entries have the same name",
        })?;
        let places: Vec<PlaceId> = image.sites.iter().map(|site| site.id).collect();
        let by_place = sorted(&places, Site).map_err(|entry| LoadError::Table {
            part: "places",
            entry,
            what: "two entries have the same id",
        })?;
        // A chat never waits where nobody is waited for; a session that says so is of another version.
        let (by_return, by_place): (Vec<_>, Vec<_>) =
            by_place.into_iter().partition(|(_, site)| returns(&image, *site));
        let by_place = by_place.into_iter().filter(|(_, site)| waits(&image, *site)).collect();
        let languages = spoken(&image);
        let mut program = Program {
            flow: FlowId::of(image.strings.get(image.flow.name)),
            languages,
            session_timeout: SESSION_TIMEOUT,
            consent: Consent::NotAsked,
            moments: has_moments(&image),
            image,
            code,
            patterns,
            hash,
            slots,
            by_slot,
            by_place,
            by_return,
        };
        program.session_timeout = program.duration(Setting::SessionTimeout, SESSION_TIMEOUT);
        program.consent = match program.word(Setting::Processing) {
            None => Consent::NotAsked,
            Some("explicit") => Consent::Explicit,
            Some(_) => Consent::Implied,
        };
        Ok(program)
    }

    /// The hash of everything the program does: the same source gives the same hash, stripped or not.
    pub fn content_hash(&self) -> u64 {
        self.hash
    }

    /// The tables.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The instruction that begins at this address, and the address after it.
    #[inline]
    pub(crate) fn instruction(&self, at: usize) -> Option<(Op, usize)> {
        self.code.get(at)
    }

    /// The pattern with this index.
    pub(crate) fn pattern(&self, at: crate::id::Pattern) -> Option<&Pattern> {
        self.patterns.get(at.index())
    }

    /// The id of the flow.
    pub fn flow_id(&self) -> FlowId {
        self.flow
    }

    /// The flow's name.
    pub fn name(&self) -> &str {
        self.image.strings.get(self.image.flow.name)
    }

    /// The flow's former names.
    pub fn was(&self) -> impl Iterator<Item = &str> {
        self.image.flow.was.iter().map(|name| self.image.strings.get(*name))
    }

    /// The flow's title.
    pub fn title(&self) -> &str {
        self.image.strings.get(self.image.flow.title)
    }

    /// The languages that the flow can speak: the one it is written in, and each that has a translation.
    pub fn languages(&self) -> impl Iterator<Item = Tag> + '_ {
        self.languages.iter().map(|(tag, _)| *tag)
    }

    /// What the flow says in a language; in one that it does not speak, what it says in its first.
    pub fn speech(&self, language: Tag) -> Speech<'_> {
        let spoken = self.languages.iter().find(|(tag, _)| *tag == language).or(self.languages.first());
        let (tag, translation) = spoken.copied().unwrap_or_default();
        let translation = translation.and_then(|at| self.image.translations.get(at));
        Speech::new(&self.image, translation, tag)
    }

    /// What the flow says to whom the host tells of: in the first language that it speaks of the facts `language`,
    /// `page.language` and `visitor.language`, else in the one it is written in.
    pub fn speech_for(&self, facts: &Facts) -> Speech<'_> {
        self.speech(self.language_for(facts))
    }

    pub(crate) fn language_for(&self, facts: &Facts) -> Tag {
        let first = self.languages.first().map(|(tag, _)| *tag).unwrap_or_default();
        if self.languages.len() <= 1 {
            return first;
        }
        let said = LANGUAGE_FACTS.iter().filter_map(|name| match facts.get(name) {
            Some(FactValue::Text(text)) => Tag::of(text),
            Some(FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_)) | None => None,
        });
        let mut said = said.filter(|tag| self.languages.iter().any(|(spoken, _)| spoken == tag));
        said.next().unwrap_or(first)
    }

    /// The place with this id, if the program has it.
    pub fn site(&self, place: PlaceId) -> Option<Site> {
        find(&self.by_place, place)
    }

    /// The place with this id that runs a step and comes back, if the program has it.
    pub(crate) fn return_site(&self, place: PlaceId) -> Option<Site> {
        find(&self.by_return, place)
    }

    /// The place with this index.
    pub(crate) fn site_def(&self, site: Site) -> Option<&SiteDef> {
        self.image.sites.get(site.index())
    }

    /// The property or local with this id, if the program has it.
    pub fn slot(&self, id: SlotId) -> Option<Slot> {
        find(&self.by_slot, id)
    }

    /// The local that has taken over from one of this id, whose module was renamed since.
    pub(crate) fn heir(&self, id: SlotId) -> Option<SlotId> {
        if self.slot(id).is_some() {
            return None;
        }
        let was = |name: &Str| SlotId::of(self.image.strings.get(*name)) == id;
        let heir = self.image.slots.iter().position(|slot| slot.was.iter().any(was))?;
        self.slots.get(heir).copied()
    }

    /// The property or local with this index.
    pub(crate) fn slot_def(&self, slot: Slot) -> Option<&SlotDef> {
        self.image.slots.get(slot.index())
    }

    /// The id of the property or local with this index.
    pub(crate) fn slot_id(&self, slot: Slot) -> Option<SlotId> {
        self.slots.get(slot.index()).copied()
    }

    /// Every value the flow gives a setting, in its order; only triggers have several.
    pub fn settings(&self, setting: Setting) -> impl Iterator<Item = SettingValue> + '_ {
        self.image.settings.iter().filter(move |(given, _)| *given == setting).map(|(_, value)| *value)
    }

    /// The word the flow gives a setting: of the setting's own list, or a name of the workspace.
    pub fn word(&self, setting: Setting) -> Option<&str> {
        self.settings(setting).find_map(|value| match value {
            SettingValue::Word(word) | SettingValue::WordAndText(word, _) => {
                Some(self.image.strings.get(word))
            }
            SettingValue::Text(_)
            | SettingValue::Duration(_)
            | SettingValue::Colour(_)
            | SettingValue::TriggerOnExit
            | SettingValue::TriggerAfter(_)
            | SettingValue::TriggerScrolled(_) => None,
        })
    }

    /// The milliseconds the flow gives a setting, or these.
    fn duration(&self, setting: Setting, otherwise: i64) -> i64 {
        let given = self.settings(setting).find_map(|value| match value {
            SettingValue::Duration(milliseconds) => Some(milliseconds),
            SettingValue::Word(_)
            | SettingValue::Text(_)
            | SettingValue::WordAndText(..)
            | SettingValue::Colour(_)
            | SettingValue::TriggerOnExit
            | SettingValue::TriggerAfter(_)
            | SettingValue::TriggerScrolled(_) => None,
        });
        given.unwrap_or(otherwise)
    }

    /// The visitor's silence, in milliseconds, after which their next message starts the flow again.
    pub fn session_timeout(&self) -> i64 {
        self.session_timeout
    }

    /// The pause, in milliseconds, that a host leaves between two messages of the bot.
    pub fn typing_delay(&self) -> i64 {
        self.duration(Setting::TypingDelay, TYPING_DELAY)
    }

    /// The name of the survey that is offered when the chat ends.
    pub fn survey(&self) -> Option<&str> {
        self.word(Setting::Survey)
    }

    /// Whether the visitor must agree before the first answer is taken.
    pub(crate) fn needs_agreement(&self) -> bool {
        self.consent == Consent::Explicit
    }

    /// Whether chatting is agreeing.
    pub(crate) fn agreement_is_implied(&self) -> bool {
        self.consent == Consent::Implied
    }

    /// Whether the flow works with moments, so that it matters how far from UTC it is.
    pub(crate) fn has_moments(&self) -> bool {
        self.moments
    }
}

/// The facts that say in which language a chat is held, the strongest first.
pub(crate) const LANGUAGE_FACTS: [&str; 3] = ["language", "page.language", "visitor.language"];

/// The languages that a program can speak. One that the header names and nobody has translated into is none of them.
fn spoken(image: &Image) -> Vec<(Tag, Option<usize>)> {
    let tag = |nth: usize| {
        let text = image.flow.languages.get(nth).map_or("", |at| image.strings.get(*at));
        Tag::of(text).unwrap_or_default()
    };
    let translated = image
        .translations
        .iter()
        .enumerate()
        .map(|(at, translation)| (tag(translation.language as usize), Some(at)));
    core::iter::once((tag(0), None)).chain(translated).collect()
}

/// The patterns, ready to use.
fn compiled(image: &Image) -> Result<Vec<Pattern>, LoadError> {
    let pattern = |(entry, def): (usize, &PatternDef)| {
        let what = "a pattern that cannot be read, or is too large";
        let wrong = LoadError::Table { part: "patterns", entry, what };
        if image.patterns.len() > MAX_PATTERNS || def.source.index() >= image.strings.ends.len() {
            return Err(wrong);
        }
        Pattern::new(def.kind, image.strings.get(def.source)).map_err(|_| wrong)
    };
    image.patterns.iter().enumerate().map(pattern).collect()
}

fn has_moments(image: &Image) -> bool {
    image.slots.iter().any(|slot| slot.ty == Type::DateTime)
        || image.facts.contains(&FactKind::Now)
        || image.constants.iter().any(|value| matches!(value, Value::DateTime(_)))
        || image.sites.iter().any(|site| matches!(&site.wait, Wait::Ask(ask) if ask.ty == Type::DateTime))
}

/// Whether a place runs a step and comes back.
fn returns(image: &Image, site: Site) -> bool {
    image.sites.get(site.index()).is_some_and(|site| matches!(site.wait, Wait::Do(_)))
}

/// Whether somebody, or time, is waited for at a place.
fn waits(image: &Image, site: Site) -> bool {
    image.sites.get(site.index()).is_some_and(|site| match &site.wait {
        Wait::Ask(_) | Wait::Pause(_) => true,
        Wait::Do(_) => false,
        Wait::Act(act) => act.action.spec().waits != Waits::Nobody,
    })
}

/// The entries' indices by their ids, or the index of an entry whose id another one has.
fn sorted<Id: Copy + Ord, Index: Copy + Ord>(
    ids: &[Id],
    index: impl Fn(u32) -> Index,
) -> Result<Vec<(Id, Index)>, usize> {
    let mut by_id: Vec<(Id, u32)> = ids.iter().copied().zip(0..).collect();
    by_id.sort_unstable();
    let repeated = by_id.windows(2).find_map(|pair| match pair {
        [(one, _), (other, at)] if one == other => Some(*at as usize),
        _ => None,
    });
    match repeated {
        Some(entry) => Err(entry),
        None => Ok(by_id.into_iter().map(|(id, at)| (id, index(at))).collect()),
    }
}

fn find<Id: Copy + Ord, Index: Copy>(by_id: &[(Id, Index)], id: Id) -> Option<Index> {
    let at = by_id.binary_search_by(|(entry, _)| entry.cmp(&id)).ok()?;
    by_id.get(at).map(|(_, index)| *index)
}
