//! Findings that only say again what another one says: they are left out, so that one mistake is one finding.

use std::collections::{BTreeMap, BTreeSet};

use super::{Project, Role};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::token::Kind;

/// A line of a file, from 0.
type Line = (FileId, u32);

/// Leaves out what only follows from another finding.
pub(super) fn leave_out(project: &Project, roles: &[Role], diagnostics: &mut Vec<Diagnostic>) {
    let broken = Broken::new(project, roles, diagnostics);
    if broken.lines.is_empty() {
        return;
    }
    let mut places = BTreeSet::new();
    let mut lines = BTreeSet::new();
    diagnostics.retain(|found| {
        let line = line(project, found);
        let again = found.code == Code::Syntax && !lines.insert(line) && found.fixes.is_empty();
        let known = broken.hides(found, line)
            || broken.explains(project, found, line)
            || broken.may_lead_to(project, found, line);
        !again && !known && places.insert((found.primary.span, found.code))
    });
}

fn line(project: &Project, found: &Diagnostic) -> Line {
    let span = found.primary.span;
    (span.file, project.file(span.file).map_or(0, |file| file.lines.line(span.start)))
}

/// What could not be read.
struct Broken<'p> {
    /// The lines, each with the codes that say why.
    lines: BTreeMap<Line, BTreeSet<Code>>,
    /// The words on these lines: what they would have declared. Those of workspaces are known to every file.
    words: BTreeMap<(FileId, &'p str), BTreeSet<Line>>,
    shared: BTreeSet<&'p str>,
    /// The items that begin with an unknown word: where what is behind it begins, and where it ends.
    items: BTreeMap<(FileId, u32), u32>,
}

impl<'p> Broken<'p> {
    fn new(project: &'p Project, roles: &[Role], diagnostics: &[Diagnostic]) -> Broken<'p> {
        let mut broken = Broken {
            lines: BTreeMap::new(),
            words: BTreeMap::new(),
            shared: BTreeSet::new(),
            items: BTreeMap::new(),
        };
        // What has a fix was read as what the fix says.
        let read = |found: &&Diagnostic| found.code == Code::Syntax && !found.fixes.is_empty();
        for found in diagnostics.iter().filter(|found| hinders_reading(found.code) && !read(found)) {
            let at = line(project, found);
            if broken.lines.entry(at).or_default().insert(found.code) {
                broken.declared(project, roles, at);
            }
            if found.code == Code::UnknownWord {
                broken.items.extend(item(project, found));
            }
        }
        broken
    }

    /// Notes what a line may have declared.
    fn declared(&mut self, project: &'p Project, roles: &[Role], at: Line) {
        let Some(file) = project.file(at.0) else { return };
        let of_all = matches!(roles.get(at.0.0 as usize), Some(Role::Workspace | Role::Neither));
        for word in file.words_of_line(at.1) {
            self.words.entry((at.0, word)).or_default().insert(at);
            if of_all {
                self.shared.insert(word);
            }
        }
    }

    /// Whether a line could not be read, so that what else is said of it says nothing.
    fn hides(&self, found: &Diagnostic, line: Line) -> bool {
        let span = found.primary.span;
        let before = self.items.range(..=(span.file, span.start)).next_back();
        if before.is_some_and(|((file, _), end)| *file == span.file && span.start < *end) {
            return true;
        }
        let Some(why) = self.lines.get(&line) else { return false };
        let says = |codes: &[Code]| codes.iter().any(|code| why.contains(code));
        match found.code {
            Code::Syntax => {
                says(&[Code::UnknownWord, Code::UnknownType, Code::UnclosedText, Code::StrayBracket])
            }
            Code::UnclosedBracket | Code::StrayBracket => says(&[Code::UnclosedText]),
            code if code <= Code::LAST_OF_TEXT => false,
            Code::UnknownType => says(&[Code::StrayBracket]),
            _ => says(&[
                Code::UnclosedText,
                Code::StrayBracket,
                Code::Syntax,
                Code::UnknownWord,
                Code::BadLiteral,
            ]),
        }
    }

    /// Whether a statement that is called unreachable stands behind a line of its item that could not be read.
    fn may_lead_to(&self, project: &Project, found: &Diagnostic, line: Line) -> bool {
        let before = self.lines.range(..line).next_back().filter(|((file, _), _)| *file == line.0);
        let (Some(((_, broken), _)), Code::UnreachableStatement) = (before, found.code) else { return false };
        let Some(file) = project.file(line.0) else { return false };
        let start =
            |at: u32| file.layout.token(at).map_or(0, |(token, _)| file.tokens.range(token).start as u32);
        let items = &file.layout.items;
        let behind = items.partition_point(|range| start(range.start) <= found.primary.span.start);
        let item = behind.checked_sub(1).and_then(|item| items.get(item));
        item.is_some_and(|range| file.lines.line(start(range.start)) <= *broken)
    }

    /// Whether what is unknown stands on another line, which could not be read and may have declared it.
    fn explains(&self, project: &Project, found: &Diagnostic, line: Line) -> bool {
        let unknown = matches!(
            found.code,
            Code::UnknownStep | Code::UnknownName | Code::UnknownObject | Code::UnknownOption
        );
        let Some(file) = project.file(line.0).filter(|_| unknown) else { return false };
        let name = file.text(found.primary.span);
        let last = name.rsplit('.').next().unwrap_or(name);
        let elsewhere =
            self.words.get(&(line.0, last)).is_some_and(|lines| lines.iter().any(|other| *other != line));
        elsewhere || self.shared.contains(last)
    }
}

/// Whether what a line means cannot be told after this.
fn hinders_reading(code: Code) -> bool {
    matches!(
        code,
        Code::UnclosedText
            | Code::UnclosedBracket
            | Code::StrayBracket
            | Code::Syntax
            | Code::UnknownWord
            | Code::UnknownType
            | Code::BadLiteral
            | Code::OneStatementPerLine
    )
}

/// The rest of the item that a finding is at the beginning of, if it is a block.
fn item(project: &Project, found: &Diagnostic) -> Option<((FileId, u32), u32)> {
    let span = found.primary.span;
    let file = project.file(span.file)?;
    let start = |at: u32| file.layout.token(at).map_or(0, |(token, _)| file.tokens.range(token).start as u32);
    let items = &file.layout.items;
    let range = items.get(items.partition_point(|range| start(range.start) < span.start))?;
    let last =
        range.end.checked_sub(1).filter(|last| *last > range.start && start(range.start) == span.start)?;
    let is_block = file.layout.kinds.get(last as usize) == Some(&Kind::RBrace);
    is_block.then(|| ((span.file, span.end), start(last) + 1))
}
