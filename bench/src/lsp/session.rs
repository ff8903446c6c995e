//! One file that is open in an editor, and what is typed into it.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::editor::{Edit, Editor, uri};
use super::published;
use crate::generate::Dice;

/// The letter that is typed, and taken away again.
const LETTER: &str = "x";

/// How long a server is heard after a burst, for what it may still send.
const STRAGGLERS: Duration = Duration::from_millis(400);

/// Behind these words people wait for a completion.
const COMPLETED: [&str; 5] = ["-> ", "if ", "set ", "ask ", "contact."];

pub(super) struct Session {
    pub(super) editor: Editor,
    path: PathBuf,
    pulls: bool,
    version: i64,
    /// The places in words, and those where a name is expected: lines and columns, of lines in ASCII.
    words: Vec<(usize, usize)>,
    names: Vec<(usize, usize)>,
    /// The letter that is typed and not yet taken away.
    typed: Option<Edit>,
}

impl Session {
    pub(super) fn new(editor: Editor, path: PathBuf, text: &str, pulls: bool) -> Session {
        let lines = || text.lines().enumerate().filter(|(_, line)| line.is_ascii());
        let letters = |(nth, line): (usize, &str)| {
            let bytes = line.bytes().enumerate();
            let columns: Vec<_> = bytes.filter(|(_, byte)| byte.is_ascii_lowercase()).collect();
            columns.into_iter().map(move |(column, _)| (nth, column))
        };
        let behind = |(nth, line): (usize, &str)| {
            COMPLETED.iter().find_map(|word| Some((nth, line.find(word)? + word.len())))
        };
        let (words, names) = (lines().flat_map(letters).collect(), lines().filter_map(behind).collect());
        Session { editor, path, pulls, version: 0, words, names, typed: None }
    }

    /// Opens the file; how long it takes until its findings are there.
    pub(super) fn open(&mut self, language: &str, text: &str) -> Result<Duration, String> {
        let since = Instant::now();
        self.editor.open(&self.path, language, text)?;
        self.found(since).map(|(after, _)| after)
    }

    /// Whether the server has completion.
    pub(super) fn completes(&self) -> bool {
        self.editor.capabilities.get("completionProvider").is_some()
    }

    /// Types a letter into some word, or takes it away again; how long it takes until the findings are there.
    pub(super) fn change(&mut self, dice: &mut Dice) -> Result<Duration, String> {
        let since = Instant::now();
        let edit = self.next_edit(dice)?;
        self.make(&[edit])?;
        self.found(since).map(|(after, _)| after)
    }

    /// Types a letter where a name is expected; how long it takes until the completions are there. The letter is taken away
    /// again.
    pub(super) fn complete(&mut self, dice: &mut Dice) -> Result<Duration, String> {
        if self.typed.is_some() {
            self.change(dice)?;
        }
        let (line, column) = chosen(&self.names, dice)?;
        let typed = Edit { line, from: column, to: column, text: LETTER };
        let since = Instant::now();
        self.typed = Some(typed.clone());
        self.make(&[typed])?;
        let place = json!({"line": line, "character": column + LETTER.len()});
        let document = json!({"uri": uri(&self.path)});
        let params = json!({"textDocument": document, "position": place});
        self.editor.ask("textDocument/completion", params)?;
        let after = since.elapsed();
        // The findings of the text with the letter may have come before; those of the text without it come last.
        self.change(dice)?;
        Ok(after)
    }

    /// Makes many changes at once; how long it takes until the findings of the last one are there, and how often findings
    /// were sent.
    pub(super) fn burst(&mut self, dice: &mut Dice, changes: usize) -> Result<(Duration, usize), String> {
        let edits = (0..changes).map(|_| self.next_edit(dice)).collect::<Result<Vec<_>, _>>()?;
        let since = Instant::now();
        self.make(&edits)?;
        let (after, sent) = self.found(since)?;
        let late = self.editor.hear_all(STRAGGLERS)?;
        let uri = uri(&self.path);
        let late = late.iter().filter(|message| is_of(message, &uri).is_some()).count();
        Ok((after, sent + late))
    }

    /// Types a letter somewhere, or takes the one away that was typed last.
    fn next_edit(&mut self, dice: &mut Dice) -> Result<Edit, String> {
        if let Some(typed) = self.typed.take() {
            return Ok(Edit { to: typed.from + LETTER.len(), text: "", ..typed });
        }
        let (line, column) = chosen(&self.words, dice)?;
        let typed = Edit { line, from: column, to: column, text: LETTER };
        self.typed = Some(typed.clone());
        Ok(typed)
    }

    fn make(&mut self, edits: &[Edit]) -> Result<(), String> {
        let first = self.version + 1;
        self.version += edits.len() as i64;
        self.editor.change(&self.path, first, edits)
    }

    /// Waits for the findings of the text as it is now; how long that took, and how often findings were sent meanwhile.
    fn found(&mut self, since: Instant) -> Result<(Duration, usize), String> {
        let uri = uri(&self.path);
        if self.pulls {
            self.editor.ask("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}))?;
            return Ok((since.elapsed(), 0));
        }
        let (version, sent) = (self.version, Cell::new(0));
        let came = self.editor.wait(since, |message| {
            is_of(message, &uri).is_some_and(|of| {
                sent.set(sent.get() + 1);
                of == version
            })
        })?;
        Ok((came.after, sent.get()))
    }
}

/// The version of a file that a message brings findings of.
fn is_of(message: &Value, uri: &str) -> Option<i64> {
    published(message).filter(|(of, _)| *of == uri)?.1
}

fn chosen(places: &[(usize, usize)], dice: &mut Dice) -> Result<(usize, usize), String> {
    places.get(dice.below(places.len())).copied().ok_or_else(|| "the text has no words".to_owned())
}
