//! What a failed test should say today: its `bot` lines, rewritten to what the bot says.
//!
//! The test is played once more, and where the bot says something else it is taken at its word. Only `bot` lines change:
//! what a visitor says and what a test expects is the author's.

use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::{Test, TestStep};
use chatflow_runtime::Program;

use crate::quote::{newline, quoted};
use crate::testing::coverage::Seen;
use crate::testing::runner::Runner;
use crate::testing::transcript::Bubble;

/// A change of a `bot` line.
#[derive(Debug)]
pub struct Correction {
    /// The test's file.
    pub file: FileId,
    /// The test's name.
    pub test: String,
    /// The change.
    pub edit: Edit,
}

/// What becomes of a line.
#[derive(Debug)]
pub enum Edit {
    /// The bot says this instead.
    Replace(Span, Bubble),
    /// The bot says nothing any more.
    Remove(Span),
    /// The bot says this before the line.
    Insert(Span, Bubble),
}

impl Edit {
    fn span(&self) -> Span {
        match self {
            Edit::Replace(span, _) | Edit::Remove(span) | Edit::Insert(span, _) => *span,
        }
    }
}

/// The corrections that a test needs; none where it fails for another reason.
pub(super) fn corrections(program: &Program, project: &[Program], test: &Test) -> Vec<Correction> {
    let mut seen = Seen::default();
    let mut runner = Runner::new(program, project, &mut seen);
    let mut edits = Vec::new();
    for line in &test.lines {
        match &line.what {
            TestStep::Bot { text, replies } => {
                let expected = Bubble { text: text.clone(), replies: replies.clone() };
                runner.begin();
                runner.deliver_until(Runner::has_unread);
                if runner.lacks_a_line() {
                    return Vec::new();
                }
                match runner.read_next() {
                    None => edits.push(Edit::Remove(line.span)),
                    Some(said) if expected.fits(&said) => {}
                    Some(said) => {
                        // Replies are looked at where the test did, and nowhere else.
                        let replies = said.replies.filter(|_| replies.is_some());
                        edits.push(Edit::Replace(line.span, Bubble { text: said.text, replies }));
                    }
                }
                continue;
            }
            TestStep::Visitor(_) | TestStep::Wait(_) | TestStep::Completed => {
                runner.begin();
                read_all(&mut runner, line.span, &mut edits);
                let ends = matches!(line.what, TestStep::Completed);
                while runner.deliver() || ends && runner.pass_pause() {
                    read_all(&mut runner, line.span, &mut edits);
                }
                if runner.lacks_a_line() {
                    return Vec::new();
                }
            }
            TestStep::ExpectAct { .. } | TestStep::Choose(_) => {
                runner.begin();
                read_all(&mut runner, line.span, &mut edits);
            }
            TestStep::Given { .. }
            | TestStep::GivenNow(_)
            | TestStep::GivenToday(_)
            | TestStep::GivenValue { .. }
            | TestStep::GivenAnswer { .. }
            | TestStep::Visit(_)
            | TestStep::Agree
            | TestStep::Expect(_)
            | TestStep::ExpectSet { .. }
            | TestStep::ExpectMedia { .. }
            | TestStep::ExpectClear { .. }
            | TestStep::Shown { .. }
            | TestStep::Fail { .. } => {}
        }
        let moves = matches!(line.what, TestStep::Agree | TestStep::Choose(_));
        if runner.line(line).is_err() && moves {
            // What follows would be another conversation.
            break;
        }
    }
    let correction = |edit: Edit| Correction { file: test.span.file, test: test.name.clone(), edit };
    edits.into_iter().map(correction).collect()
}

fn read_all(runner: &mut Runner<'_>, before: Span, edits: &mut Vec<Edit>) {
    while let Some(said) = runner.read_next() {
        edits.push(Edit::Insert(before, Bubble { text: said.text, replies: None }));
    }
}

/// The text of a file with the corrections made; they stand in the order of the text.
pub fn edited(text: &str, corrections: &[&Correction]) -> String {
    let mut edited = String::with_capacity(text.len());
    let newline = newline(text);
    let mut at = 0;
    for correction in corrections {
        let span = correction.edit.span();
        let (start, end) = (span.start as usize, span.end as usize);
        let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let (until, put, next) = match &correction.edit {
            Edit::Replace(_, said) => {
                let head = text.get(start..end).and_then(|line| line.split('"').next()).unwrap_or("bot ");
                (start, format!("{head}{}", spoken(said)), end)
            }
            Edit::Insert(_, said) => {
                let indent = text.get(line_start..start).unwrap_or_default();
                (line_start, format!("{indent}bot {}{newline}", spoken(said)), line_start)
            }
            Edit::Remove(_) => {
                let rest = text.get(end..).unwrap_or_default();
                (line_start, String::new(), end + rest.find('\n').map_or(rest.len(), |end| end + 1))
            }
        };
        edited.push_str(text.get(at..until).unwrap_or_default());
        edited.push_str(&put);
        at = next.max(at);
    }
    edited.push_str(text.get(at..).unwrap_or_default());
    edited
}

/// A text with its replies, as a test's line has them.
fn spoken(bubble: &Bubble) -> String {
    match &bubble.replies {
        Some(replies) => {
            let replies: Vec<String> = replies.iter().map(|reply| quoted(reply)).collect();
            format!("{} [{}]", quoted(&bubble.text), replies.join(", "))
        }
        None => quoted(&bubble.text),
    }
}
