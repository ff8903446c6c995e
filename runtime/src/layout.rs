//! The outline of a program's bytes: the header and the numbered sections.
//!
//! ```text
//! "FLWC" | format major u8 | format minor u8 | content hash u64 | number of sections u8 | sections
//! section: id u8 | length | bytes, in ascending order of their ids
//! ```
//!
//! Sections below 0x80 every reader must know; those from 0x80 on can be skipped. There is a section of 0x81 for each
//! further language. The content hash covers everything that a chat can meet: the sections that every program has,
//! and its languages.

use alloc::vec::Vec;

use crate::id::content_hash;
use crate::program::LoadError;
use crate::wire::{Malformed, Reader, Writer};

/// The first bytes of every program.
pub(crate) const MAGIC: [u8; 4] = *b"FLWC";
/// The format this runtime reads and writes; another one is refused.
pub(crate) const MAJOR: u8 = 1;
/// A larger one only adds sections that can be skipped.
pub(crate) const MINOR: u8 = 0;
/// The first id of the sections that can be skipped.
pub(crate) const SKIPPABLE: u8 = 0x80;

/// A section that every program has, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Strings,
    Flow,
    Settings,
    Options,
    Slots,
    Facts,
    Constants,
    Texts,
    Patterns,
    Objects,
    Steps,
    Sites,
    Rules,
    Code,
}

impl Section {
    /// What the sections of further languages hold, for messages.
    pub(crate) const TRANSLATIONS: &'static str = "translations";

    pub(crate) const ALL: &'static [Section] = &[
        Section::Strings,
        Section::Flow,
        Section::Settings,
        Section::Options,
        Section::Slots,
        Section::Facts,
        Section::Constants,
        Section::Texts,
        Section::Patterns,
        Section::Objects,
        Section::Steps,
        Section::Sites,
        Section::Rules,
        Section::Code,
    ];

    /// Its number in the file: from 1.
    pub(crate) fn id(self) -> u8 {
        self as u8 + 1
    }

    /// What it holds, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Section::Strings => "strings",
            Section::Flow => "header",
            Section::Settings => "settings",
            Section::Options => "options",
            Section::Slots => "properties",
            Section::Facts => "facts",
            Section::Constants => "constants",
            Section::Texts => "texts",
            Section::Patterns => "patterns",
            Section::Objects => "objects",
            Section::Steps => "steps",
            Section::Sites => "places",
            Section::Rules => "rules",
            Section::Code => "code",
        }
    }
}

/// The section with the sources' lines; it can be skipped.
pub(crate) const DEBUG: u8 = 0x80;
/// What a program says in another language; a reader that skips it says everything in the first. There may be several.
pub(crate) const LOCALE: u8 = 0x81;
/// The most languages of a program beside the first: the number of sections is one byte.
pub const MOST_LOCALES: usize = 63;

/// A program's bytes, taken apart but not yet read.
pub(crate) struct Parts<'a> {
    /// The bytes of each section that every program has, in the order of [`Section::ALL`].
    pub(crate) sections: [&'a [u8]; Section::ALL.len()],
    /// The bytes of the section of each further language.
    pub(crate) locales: Vec<&'a [u8]>,
    /// The bytes of the debug section, if it is there.
    pub(crate) debug: Option<&'a [u8]>,
    /// The hash of what a chat can meet.
    pub(crate) hash: u64,
    /// The sections that every program has, with their ids and lengths.
    required: &'a [u8],
}

/// Takes a program's bytes apart and checks header, order and hash.
pub(crate) fn parts(bytes: &[u8]) -> Result<Parts<'_>, LoadError> {
    let outline = |what| LoadError::Malformed { part: "outline", what };
    let mut reader = Reader::new(bytes);
    if reader.raw(MAGIC.len()).ok() != Some(&MAGIC) {
        return Err(LoadError::NotAProgram);
    }
    let (major, _minor) = (reader.byte().map_err(outline)?, reader.byte().map_err(outline)?);
    if major != MAJOR {
        return Err(LoadError::Format { found: major });
    }
    let hash = reader.id64().map_err(outline)?;
    let count = reader.byte().map_err(outline)?;
    let begin = reader.position();
    let mut sections: [&[u8]; Section::ALL.len()] = [&[]; Section::ALL.len()];
    let (mut debug, mut last, mut end) = (None, 0u8, begin);
    let mut locales = Vec::new();
    for _ in 0..count {
        let at = reader.position();
        let id = reader.byte().map_err(outline)?;
        if id < last || (id == last && id != LOCALE) {
            return Err(outline(Malformed::Order(at)));
        }
        let length = reader.count(1).map_err(outline)?;
        let body = reader.raw(length).map_err(outline)?;
        if id < SKIPPABLE {
            let place = usize::from(id.wrapping_sub(1));
            let place = sections.get_mut(place).ok_or(LoadError::UnknownSection { id })?;
            *place = body;
        } else if id == DEBUG {
            debug = Some(body);
        } else if id == LOCALE {
            locales.push(body);
        }
        // Every program has all of them, so before the last of them the next one must be the next number.
        if last < Section::Code.id() && id != last + 1 {
            return Err(LoadError::MissingSection { name: section_name(last + 1) });
        }
        if id < SKIPPABLE {
            end = reader.position();
        }
        last = id;
    }
    if last < Section::Code.id() {
        return Err(LoadError::MissingSection { name: section_name(last + 1) });
    }
    reader.end().map_err(outline)?;
    let required = bytes.get(begin..end).unwrap_or(&[]);
    if hash_of(required, &locales) != hash {
        return Err(LoadError::Damaged);
    }
    Ok(Parts { sections, locales, debug, hash, required })
}

fn section_name(id: u8) -> &'static str {
    Section::ALL.iter().find(|section| section.id() == id).map_or("unknown", |section| section.name())
}

/// The hash of what a chat can meet.
fn hash_of(required: &[u8], locales: &[impl AsRef<[u8]>]) -> u64 {
    if locales.is_empty() {
        return content_hash(required);
    }
    let mut all = Writer::with_capacity(required.len());
    all.raw(required);
    for locale in locales {
        section(&mut all, LOCALE, locale.as_ref());
    }
    content_hash(&all.finish())
}

/// Puts a program's bytes together from the sections that every program has (already with their ids and
/// lengths) and those that can be skipped. There are at most [`MOST_LOCALES`] of further languages.
pub(crate) fn assemble(required: &[u8], locales: &[impl AsRef<[u8]>], debug: Option<&[u8]>) -> Vec<u8> {
    let locales = locales.get(..locales.len().min(MOST_LOCALES)).unwrap_or(&[]);
    let mut out = Writer::with_capacity(required.len() + debug.map_or(0, <[u8]>::len) + 24);
    out.raw(&MAGIC);
    out.byte(MAJOR);
    out.byte(MINOR);
    out.id64(hash_of(required, locales));
    out.byte(Section::Code.id() + u8::from(debug.is_some()) + locales.len() as u8);
    out.raw(required);
    if let Some(debug) = debug {
        section(&mut out, DEBUG, debug);
    }
    for locale in locales {
        section(&mut out, LOCALE, locale.as_ref());
    }
    out.finish()
}

/// Writes one section.
pub(crate) fn section(out: &mut Writer, id: u8, body: &[u8]) {
    out.byte(id);
    out.count(body.len());
    out.raw(body);
}

/// The same program without its debug section: it does and says the same and has the same content hash, but cannot
/// say where in the source an instruction comes from.
///
/// # Errors
/// If the bytes are not a program's; its tables are not looked at.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, LoadError> {
    let parts = parts(bytes)?;
    Ok(assemble(parts.required, &parts.locales, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::encode;
    use crate::samples;

    #[test]
    fn stripping_keeps_the_hash() {
        let bytes = encode(&samples::hello());
        let stripped = strip(&bytes).unwrap();
        assert!(stripped.len() < bytes.len());
        assert_eq!(parts(&stripped).unwrap().hash, parts(&bytes).unwrap().hash);
        assert_eq!(strip(&stripped), Ok(stripped));
    }

    #[test]
    fn an_unknown_section_is_skipped_only_if_it_can_be() {
        let stripped = strip(&encode(&samples::hello())).unwrap();
        let with = |id: u8| {
            let mut bytes = stripped.clone();
            bytes[14] += 1;
            bytes.extend([id, 2, 7, 7]);
            bytes
        };
        assert!(parts(&with(0x90)).is_ok());
        assert_eq!(parts(&with(LOCALE)).err(), Some(LoadError::Damaged), "what is said counts");
        assert_eq!(parts(&with(0x40)).err(), Some(LoadError::UnknownSection { id: 0x40 }));
        let next = Section::Code.id() + 1;
        assert_eq!(parts(&with(next)).err(), Some(LoadError::UnknownSection { id: next }));
        assert!(matches!(
            parts(&with(Section::Code.id())),
            Err(LoadError::Malformed { what: Malformed::Order(_), .. })
        ));
    }

    #[test]
    fn what_is_no_program_is_refused_by_name() {
        assert_eq!(parts(b"").err(), Some(LoadError::NotAProgram));
        assert_eq!(parts(b"flow hello").err(), Some(LoadError::NotAProgram));
        let mut bytes = encode(&samples::hello());
        bytes[4] = 2;
        assert_eq!(parts(&bytes).err(), Some(LoadError::Format { found: 2 }));
        let mut bytes = encode(&samples::hello());
        bytes[40] ^= 1;
        assert!(parts(&bytes).is_err());
    }
}
