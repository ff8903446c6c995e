//! Mistakes as authors make them, written down with their correct twins.
//!
//! A page of `tests/mistakes` has a section for each mistake. A block `diff` in it is the flow of both: lines with `-` stand in
//! the wrong one alone, lines with `+` in the correct one alone. `diff NAME.flow` is another file of that project. Blocks
//! `flow NAME.flow` before the first section are files of every project of the page. A comment `//~ E0203` says that its
//! line has that finding in the wrong flow, and two codes that it has both; `//~^` is about the line above. In a catalogue
//! `#. ~v E0502` is about the line below.

use chatflow_compiler::{Code, Project, Source};

use crate::documents::{Block, blocks, pages};

/// A mistake with its correct twin.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// Where it is written: the page, and the section.
    pub title: String,
    /// The project with the mistake.
    pub wrong: Vec<Source>,
    /// The project without it.
    pub right: Vec<Source>,
    /// What is to be found: the path, the line from 1, the code.
    pub expected: Vec<(String, u32, Code)>,
}

impl Mistake {
    /// The project with the mistake.
    pub fn project(&self) -> Project {
        Project::new(self.wrong.clone())
    }

    /// The project without it.
    pub fn twin(&self) -> Project {
        Project::new(self.right.clone())
    }
}

/// Every mistake of the pages, in their order.
///
/// # Errors
/// What is wrong with a page.
pub fn mistakes() -> Result<Vec<Mistake>, String> {
    let mut all = Vec::new();
    for (path, text) in pages("tests/mistakes") {
        let blocks = blocks(&text);
        let of_page = |block: &&Block| block.is("flow");
        let shared: Vec<Source> = blocks.iter().filter(of_page).map(Block::source).collect();
        let diffs: Vec<&Block> = blocks.iter().filter(|block| block.is("diff")).collect();
        for section in diffs.chunk_by(|one, other| one.section == other.section) {
            let title = section.first().map_or("", |block| block.section.as_str());
            let title = format!("{path}: {title}");
            let mut mistake =
                Mistake { title, wrong: shared.clone(), right: shared.clone(), expected: Vec::new() };
            for block in section {
                mistake.add(block)?;
            }
            all.push(mistake);
        }
    }
    Ok(all)
}

impl Mistake {
    fn add(&mut self, block: &Block) -> Result<(), String> {
        let side = |without: char| -> String {
            let lines = block.text.lines().filter(|line| !line.starts_with(without));
            lines.map(|line| line.get(1..).unwrap_or("").to_owned() + "\n").collect()
        };
        let (wrong, right) = (side('+'), side('-'));
        for (text, nth) in wrong.lines().zip(1_u32..) {
            let Some((_, comment)) = text.split_once("//~").or_else(|| text.split_once("#. ~")) else {
                continue;
            };
            let line = match comment.chars().next() {
                Some('^') => nth - 1,
                Some('v') => nth + 1,
                _ => nth,
            };
            for code in comment.trim_start_matches(['^', 'v']).split_whitespace() {
                let code = Code::named(code).ok_or_else(|| format!("{}: no code {code}", self.title))?;
                self.expected.push((block.file().to_owned(), line, code));
            }
        }
        self.wrong.push(Source::new(block.file(), wrong));
        self.right.push(Source::new(block.file(), right));
        Ok(())
    }
}

/// Correct flows that look wrong, from the pages of `tests/correct`: a section is a project of its blocks and of those that
/// stand before the first section.
pub fn correct_flows() -> Vec<(String, Project)> {
    let mut all = Vec::new();
    for (path, text) in pages("tests/correct") {
        let blocks = blocks(&text);
        let of_page = text.lines().next().unwrap_or("").trim_start_matches('#').trim();
        let (shared, own): (Vec<&Block>, Vec<&Block>) =
            blocks.iter().partition(|block| block.section == of_page);
        for section in own.chunk_by(|one, other| one.section == other.section) {
            let title = section.first().map_or("", |block| block.section.as_str());
            let files = shared.iter().chain(section).map(|block| block.source());
            all.push((format!("{path}: {title}"), Project::new(files.collect())));
        }
    }
    all
}
