//! How large the sections of a program's bytes are.

use chatflow_runtime::wire::Reader;

/// What the sections from 1 on hold; the runtime's layout has the same order.
const NAMES: [&str; 14] = [
    "strings",
    "header",
    "settings",
    "options",
    "properties",
    "facts",
    "constants",
    "texts",
    "patterns",
    "objects",
    "steps",
    "places",
    "rules",
    "code",
];

/// The number of the section with the sources' lines.
const DEBUG: u8 = 0x80;
/// That of those with the texts of further languages.
const TRANSLATION: u8 = 0x81;

/// The bytes before the first section: magic, format, content hash.
const HEADER: usize = 4 + 2 + 8;

/// The name and length of each section, in the order of the file.
pub fn sections(bytes: &[u8]) -> Vec<(String, usize)> {
    let mut reader = Reader::new(bytes);
    let mut found = Vec::new();
    // Whoever asks has loaded the program, so nothing here fails; and if it does, there is nothing more to list.
    let count = reader.raw(HEADER).and_then(|_| reader.byte()).unwrap_or(0);
    for _ in 0..count {
        let section = reader.byte().and_then(|id| {
            let length = reader.count(1)?;
            reader.raw(length).map(|body| (name(id), body.len()))
        });
        found.extend(section);
    }
    found
}

fn name(id: u8) -> String {
    let known = usize::from(id).checked_sub(1).and_then(|at| NAMES.get(at));
    match (known, id) {
        (Some(name), _) => (*name).to_owned(),
        (None, DEBUG) => "debug".to_owned(),
        (None, TRANSLATION) => "translations".to_owned(),
        (None, id) => format!("0x{id:02x}"),
    }
}
