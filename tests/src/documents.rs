//! The documents as data: their code blocks, and the projects that these stand for.
//!
//! What follows the word `flow` behind a fence says how the block is meant; CONTRIBUTING.md has the legend.

use std::fs;
use std::path::{Path, PathBuf};

use chatflow_compiler::Project;
use chatflow_compiler::source::Source;

/// The folder of the whole repository.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A file of the repository, as text.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// The Markdown files below a folder of the repository, with their paths from its root, in order.
pub fn pages(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                found.push((name.clone(), read(&name)));
            }
        }
    }
    found.sort();
    found
}

/// A fenced block of a Markdown text.
#[derive(Clone, Debug)]
pub struct Block {
    /// The line of its first fence, from 1.
    pub line: usize,
    /// The heading it stands under, without its marks.
    pub section: String,
    /// What follows the fence, taken apart at commas and blanks: `flow`, `fragment`.
    pub words: Vec<String>,
    /// What stands between the fences.
    pub text: String,
}

impl Block {
    /// Whether this word follows the fence.
    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }

    /// What stands behind `key=`.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// The name of the file that the block is.
    pub fn file(&self) -> &str {
        let is_file = |word: &&String| [".flow", ".po", ".toml"].iter().any(|ending| word.ends_with(ending));
        self.words.iter().find(is_file).map_or("sample.flow", String::as_str)
    }

    /// The bytes that the block stands for.
    pub fn source(&self) -> Source {
        if self.is("escaped") {
            Source::from_bytes(self.file(), unescaped(&self.text))
        } else {
            Source::new(self.file(), self.text.as_str())
        }
    }
}

/// The fenced blocks of a Markdown text, in order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut section = String::new();
    // The open block, its fence, and how far that is indented.
    let mut open: Option<(Block, String, usize)> = None;
    for (nth, line) in markdown.lines().enumerate() {
        match open.take() {
            Some((block, fence, _)) if line.trim() == fence => blocks.push(block),
            Some((mut block, fence, indent)) => {
                let own = line
                    .get(indent..)
                    .filter(|_| line.get(..indent).is_some_and(|blank| blank.trim().is_empty()));
                block.text.push_str(own.unwrap_or(line));
                block.text.push('\n');
                open = Some((block, fence, indent));
            }
            None if line.trim_start().starts_with("```") => {
                let trimmed = line.trim_start();
                let info = trimmed.trim_start_matches('`');
                let fence = "`".repeat(trimmed.len() - info.len());
                let words =
                    info.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
                let block = Block { line: nth + 1, section: section.clone(), words, text: String::new() };
                open = Some((block, fence, line.len() - trimmed.len()));
            }
            None if line.starts_with('#') => line.trim_start_matches('#').trim().clone_into(&mut section),
            None => {}
        }
    }
    blocks
}

/// Bytes from text in which `\x{ff}` is a byte (one or two digits) or a character (more digits).
pub fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x{") {
        bytes.extend(before.bytes());
        let (digits, behind) = after.split_once('}').unwrap_or((after, ""));
        let number = u32::from_str_radix(digits, 16).unwrap_or(0xfffd);
        match u8::try_from(number) {
            Ok(byte) if digits.len() <= 2 => bytes.push(byte),
            _ => bytes.extend(char::from_u32(number).unwrap_or('\u{fffd}').to_string().bytes()),
        }
        rest = behind;
    }
    bytes.extend(rest.bytes());
    bytes
}

/// The project that files of a page stand for; a later file of a name takes the place of an earlier one.
pub fn project<'b>(files: impl IntoIterator<Item = &'b Block>) -> Project {
    let mut sources: Vec<Source> = Vec::new();
    let mut deployed = false;
    for block in files {
        deployed |= block.is("deployed");
        let source = block.source();
        sources.retain(|known| known.path != source.path);
        sources.push(source);
    }
    Project { deployed, ..Project::new(sources) }
}

/// A text without the colours of a terminal.
pub fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// Whether a path is there.
pub fn exists(path: impl AsRef<Path>) -> bool {
    root().join(path).exists()
}
