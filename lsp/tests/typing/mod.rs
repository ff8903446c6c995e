//! What is typed at random: words, brackets left open, many bytes to a character, whole files undone.
#![allow(dead_code, clippy::unwrap_used, clippy::string_slice, reason = "tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chatflow_compiler::source::Source;
use chatflow_lsp::text::{Change, Encoding, Place};
use chatflow_lsp::{Disk, Loaded, Open};

pub const ACME: &str = include_str!("../../../examples/qualify_leads/acme.flow");
pub const LEADS: &str = include_str!("../../../examples/qualify_leads/qualify_leads.flow");

/// What is typed: words of the language, brackets and quotes left open, many bytes to a character, all ends of lines.
const TYPED: &[&str] = &[
    "a",
    " ",
    "\n",
    "\r\n",
    "\r",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "(",
    ")",
    "[",
    "]",
    "->",
    ".",
    ",",
    ":",
    "=",
    "//",
    "///",
    "é",
    "😀",
    "日本",
    "\u{200b}",
    "\u{feff}",
    "“",
    "step x {\n",
    "say \"Hi {contact.email}\"\n",
    "ask name: one of [a, b] \"?\"\n",
    "if contact.stage is ",
    "book meeting intro {\n",
    "use acme\n",
    "set contact.stage = lead\n",
    "test \"x\" {\n",
    "contact.",
    "page.query[\"",
    "matches /",
    "was ",
    "do ",
    "plural n: one \"",
];

/// A folder with a flow and its workspace.
pub struct Two;

impl Disk for Two {
    fn folder(&self, _: &Path, _: &[PathBuf]) -> Option<PathBuf> {
        Some(PathBuf::from("/p"))
    }

    fn load(&self, _: &Path, _: &Open) -> Result<Loaded, String> {
        let files = vec![Source::new("acme.flow", ACME), Source::new("leads.flow", LEADS)];
        let levels = Arc::new(|found: &chatflow_compiler::Diagnostic| Some(found.severity()));
        Ok(Loaded {
            root: PathBuf::from("/p"),
            files,
            whole: true,
            deployed: false,
            beside: Arc::default(),
            levels,
        })
    }
}

/// The place of a byte, counted by hand.
pub fn counted(text: &str, at: usize, encoding: Encoding) -> Place {
    let before = &text[..at];
    let in_line = before.rsplit('\n').next().unwrap();
    let column = match encoding {
        Encoding::Utf8 => in_line.len(),
        Encoding::Utf16 => in_line.encode_utf16().count(),
        Encoding::Utf32 => in_line.chars().count(),
    };
    Place { line: before.matches('\n').count() as u32, column: column as u32 }
}

/// A byte where a character begins, and no `\r\n` is cut: editors know no place in there.
pub fn boundary(text: &str, random: &mut fastrand::Rng) -> usize {
    let mut at = random.usize(0..=text.len());
    while !text.is_char_boundary(at) || text[at..].starts_with('\n') && text[..at].ends_with('\r') {
        at -= 1;
    }
    at
}

/// One change of a text, made, as the editor says it.
pub fn edit(text: &mut String, encoding: Encoding, random: &mut fastrand::Rng) -> Change {
    if random.u8(0..40) == 0 {
        // All of it, as undoing a lot does.
        *text = if random.bool() { LEADS.to_owned() } else { LEADS.replace('\n', "\r\n") };
        return Change { range: None, text: text.clone() };
    }
    let (one, other) = (boundary(text, random), boundary(text, random));
    let start = one.min(other);
    // Mostly a little is replaced.
    let end = if random.u8(0..20) == 0 { one.max(other) } else { start };
    let typed = random.choice(TYPED).unwrap().repeat(random.usize(0..3));
    let range = Some((counted(text, start, encoding), counted(text, end, encoding)));
    text.replace_range(start..end, &typed);
    Change { range, text: typed }
}
