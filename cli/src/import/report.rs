//! What became of an export: counts, and each reason once.

use std::io::{self, Write};

use crate::render::mask_line;

/// So many names of one reason are enough to see what is meant.
const ENOUGH: usize = 5;

/// The count of an import.
#[derive(Debug, Default)]
pub struct Tally {
    whole: Vec<String>,
    partly: Vec<String>,
    skipped: usize,
    reasons: Vec<Reason>,
}

#[derive(Debug)]
struct Reason {
    word: &'static str,
    text: String,
    names: Vec<String>,
}

impl Tally {
    /// Something was imported; `reasons` say what of it the language cannot say.
    pub fn imported(&mut self, name: &str, reasons: &[&str]) {
        match reasons {
            [] => self.whole.push(name.to_owned()),
            _ => self.partly.push(name.to_owned()),
        }
        for reason in reasons {
            self.note("partly", reason, name);
        }
    }

    /// Something was left out.
    pub fn skipped(&mut self, name: &str, reason: &str) {
        self.skipped += 1;
        self.note("skipped", reason, name);
    }

    /// Whether there was something, and all of it was left out.
    pub fn nothing_fits(&self) -> bool {
        self.skipped > 0 && self.whole.is_empty() && self.partly.is_empty()
    }

    /// Something that was counted as imported was there already, and stays as it is.
    pub fn there_already(&mut self, name: &str) {
        let lists = self.reasons.iter_mut().map(|reason| &mut reason.names);
        lists
            .chain([&mut self.whole, &mut self.partly])
            .for_each(|names| names.retain(|other| other != name));
        self.reasons.retain(|reason| !reason.names.is_empty());
        self.note("there already", "", name);
    }

    fn note(&mut self, word: &'static str, text: &str, name: &str) {
        match self.reasons.iter_mut().find(|reason| reason.word == word && reason.text == text) {
            Some(reason) => reason.names.push(name.to_owned()),
            None => {
                let names = vec![name.to_owned()];
                self.reasons.push(Reason { word, text: text.to_owned(), names });
            }
        }
    }

    /// Writes the counts, then the reasons.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(
            to,
            "imported {}, partly {}, skipped {}",
            self.whole.len(),
            self.partly.len(),
            self.skipped
        )?;
        for Reason { word, text, names } in &self.reasons {
            let shown: Vec<&str> = names.iter().take(ENOUGH).map(String::as_str).collect();
            let more = match names.len().saturating_sub(ENOUGH) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let between = if text.is_empty() { "" } else { ", " };
            let line = format!("{word}{between}{text}: {}{more}", shown.join(", "));
            writeln!(to, "  {}", mask_line(&line))?;
        }
        Ok(())
    }
}
