//! `// allow E0410: the form has asked for it`: a comment that allows a warning on the line of code below it.
//!
//! A warning that its author has thought about stays out of sight, with the reason beside it. Only warnings can be
//! allowed, a reason is required, and a comment that allows nothing is itself a finding: it would hide the next one.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::Code;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Severity};
use crate::file::File;
use crate::near::nearest;
use crate::project::{CheckedFlow, Project};
use crate::source::{FileId, Span};
use crate::token::Kind;

/// A warning that a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The warning.
    pub finding: Diagnostic,
    /// Why it is allowed, as the comment says; empty where it says nothing.
    pub reason: String,
}

/// A comment that allows something.
struct Allow {
    /// The whole comment.
    span: Span,
    /// The codes as written, with their places.
    codes: Vec<(String, Span)>,
    reason: Reason,
    covers: Covers,
}

enum Reason {
    Given(String),
    /// A text follows, but no colon before it.
    WithoutColon,
    Missing,
}

enum Covers {
    /// The next line with code on it.
    Line(u32),
    /// Nothing: code stands before the comment.
    BehindCode,
    /// Nothing: no code follows.
    NoCode,
}

/// Takes out of the diagnostics what comments allow, and adds what is wrong with those comments.
pub(crate) fn apply(
    project: &Project,
    flows: &[CheckedFlow],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Allowed> {
    let mut allowed = Vec::new();
    let mut wrong = Vec::new();
    let settled = settled(project, flows, diagnostics);
    for file in &project.files {
        let allows = allows(file);
        if !allows.is_empty() {
            let used = take(file, &allows, diagnostics, &mut allowed);
            wrong.extend(allows.iter().enumerate().flat_map(|(nth, allow)| {
                let unused = |code| settled.contains(&file.id) && !used.contains(&(nth, code));
                findings(file, allow, unused)
            }));
        }
    }
    diagnostics.append(&mut wrong);
    allowed
}

/// The files of which every warning is known: where something has errors, what depends on it was not looked at.
fn settled(project: &Project, flows: &[CheckedFlow], diagnostics: &[Diagnostic]) -> BTreeSet<FileId> {
    let errors = diagnostics.iter().filter(|found| found.severity() == Severity::Error);
    let broken: BTreeSet<FileId> = errors.map(|found| found.primary.span.file).collect();
    let whole: BTreeMap<FileId, bool> = flows.iter().map(|flow| (flow.file, flow.compiles)).collect();
    let all = whole.values().all(|whole| *whole);
    let files = project.files.iter().map(|file| file.id);
    files.filter(|id| !broken.contains(id) && whole.get(id).copied().unwrap_or(all)).collect()
}

/// Moves the warnings of a file that its comments allow; which comment allowed which code.
fn take(
    file: &File,
    allows: &[Allow],
    diagnostics: &mut Vec<Diagnostic>,
    allowed: &mut Vec<Allowed>,
) -> BTreeSet<(usize, Code)> {
    let mut on_line: BTreeMap<(u32, Code), usize> = BTreeMap::new();
    for (nth, allow) in allows.iter().enumerate() {
        let Covers::Line(line) = allow.covers else { continue };
        for code in allow.codes.iter().filter_map(|(text, _)| Code::named(text)) {
            if code.severity() == Severity::Warning {
                // Of two that allow the same, the first is the one that is needed.
                on_line.insert((line, code), nth);
            }
        }
    }
    let statements = statements(file);
    let mut used = BTreeSet::new();
    diagnostics.retain(|found| {
        let span = found.primary.span;
        if span.file != file.id {
            return true;
        }
        let first = statements.partition_point(|start| *start <= span.start).checked_sub(1);
        let first = first.and_then(|nth| statements.get(nth)).copied().unwrap_or(span.start);
        let lines = [file.lines.line(span.start), file.lines.line(first)];
        let Some(nth) = lines.iter().find_map(|line| on_line.get(&(*line, found.code))) else { return true };
        used.insert((*nth, found.code));
        let reason = match allows.get(*nth).map(|allow| &allow.reason) {
            Some(Reason::Given(reason)) => reason.clone(),
            Some(Reason::WithoutColon | Reason::Missing) | None => String::new(),
        };
        allowed.push(Allowed { finding: found.clone(), reason });
        false
    });
    used
}

/// Where each statement, line of a block and brace begins: what follows on further lines belongs to it.
fn statements(file: &File) -> Vec<u32> {
    let ends = |kind: &Kind| matches!(kind, Kind::Newline | Kind::LBrace | Kind::RBrace);
    let after_end = |at: &usize| *at == 0 || file.layout.kinds.get(at - 1).is_some_and(ends);
    let starts = (0..file.layout.kinds.len()).filter(after_end);
    let tokens = starts.filter_map(|at| file.layout.token(at as u32));
    tokens.map(|(token, _)| file.tokens.span(file.id, token).start).collect()
}

/// The comments of a file that allow something, from the last to the first.
fn allows(file: &File) -> Vec<Allow> {
    let mut allows = Vec::new();
    let mut next_code = None;
    for (token, kind) in file.tokens.kinds.iter().enumerate().rev() {
        if *kind == Kind::Comment {
            allows.extend(read(file, token as u32, next_code));
        } else if is_code(*kind) {
            next_code = Some(token as u32);
        }
    }
    allows
}

fn is_code(kind: Kind) -> bool {
    !kind.is_trivia() && kind != Kind::Newline
}

fn read(file: &File, token: u32, next_code: Option<u32>) -> Option<Allow> {
    let span = file.tokens.span(file.id, token);
    let text = file.text(span);
    let words = text.strip_prefix("//")?.trim_start().strip_prefix("allow")?;
    let mut rest = words.strip_prefix([' ', '\t'])?;
    let mut codes = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let len = rest.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(len)?;
        if !looks_like_a_code(word) {
            break;
        }
        let start = span.start + (text.len() - rest.len()) as u32;
        codes.push((word.to_owned(), Span { start, end: start + len as u32, ..span }));
        rest = behind;
    }
    if codes.is_empty() {
        return None;
    }
    let reason = match rest.strip_prefix(':').map(str::trim) {
        Some("") => Reason::Missing,
        Some(reason) => Reason::Given(reason.to_owned()),
        None if rest.trim().is_empty() => Reason::Missing,
        None => Reason::WithoutColon,
    };
    Some(Allow { span, codes, reason, covers: covers(file, token, next_code) })
}

/// `E0410`, and what was meant for one; not the first word of a sentence.
fn looks_like_a_code(word: &str) -> bool {
    word.strip_prefix(['E', 'e']).is_some_and(|digits| digits.starts_with(|char: char| char.is_ascii_digit()))
}

fn covers(file: &File, token: u32, next_code: Option<u32>) -> Covers {
    let mut before = (0..token).rev().map_while(|before| file.tokens.kind(before));
    if before.find(|kind| !kind.is_trivia()).is_some_and(is_code) {
        return Covers::BehindCode;
    }
    next_code
        .map_or(Covers::NoCode, |code| Covers::Line(file.lines.line(file.tokens.span(file.id, code).start)))
}

/// What is wrong with a comment; `unused` says of a code whether nothing needed it.
fn findings(file: &File, allow: &Allow, unused: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
    if matches!(allow.covers, Covers::BehindCode) {
        return vec![behind_code(file, allow)];
    }
    let mut found: Vec<Diagnostic> = without_reason(allow).into_iter().collect();
    for (nth, (text, span)) in allow.codes.iter().enumerate() {
        match Code::named(text) {
            None => found.push(unknown(text, *span)),
            Some(code) if code.severity() == Severity::Error => {
                let message = format!("`{}` is an error, which nothing can allow", code.as_str());
                let diagnostic = Diagnostic::new(Code::AllowedError, *span, message)
                    .here("an error")
                    .help("Only warnings can be allowed; mend the error.");
                found.push(diagnostic.edits(
                    Applicability::Safe,
                    deletion(allow, text),
                    removal(file, allow, nth),
                ));
            }
            Some(code) if unused(code) => {
                let message = format!("there is no `{}` here to be allowed", code.as_str());
                let diagnostic = Diagnostic::new(Code::UnusedAllow, *span, message)
                    .here("nothing needs this")
                    .help("Delete it; left here, it would hide what is found on this line one day.");
                found.push(diagnostic.edits(
                    Applicability::Safe,
                    deletion(allow, text),
                    removal(file, allow, nth),
                ));
            }
            Some(_) => {}
        }
    }
    found
}

fn behind_code(file: &File, allow: &Allow) -> Diagnostic {
    let line = file.lines.line_start(file.lines.line(allow.span.start));
    let before = Span { start: line, end: allow.span.start, ..allow.span };
    let written = file.text(before);
    let indent: String = written.chars().take_while(|char| matches!(char, ' ' | '\t')).collect();
    let code_end = line + written.trim_end().len() as u32;
    let moved = Edit { span: before.at_start(), text: format!("{indent}{}\n", file.text(allow.span)) };
    let removed = Edit { span: Span { start: code_end, ..allow.span }, text: String::new() };
    Diagnostic::new(Code::UnusedAllow, allow.span, "this `allow` stands behind code and covers nothing")
        .here("belongs on a line of its own")
        .help("Write it on the line above the code that it is for.")
        .edits(Applicability::Safe, "move it to the line above", vec![moved, removed])
}

fn without_reason(allow: &Allow) -> Option<Diagnostic> {
    let (code, last) = allow.codes.last()?;
    let found = |message: &str| Diagnostic::new(Code::AllowWithoutReason, allow.span, message.to_owned());
    match allow.reason {
        Reason::Given(_) => None,
        Reason::Missing => Some(
            found("this `allow` does not say why")
                .here("no reason")
                .help(format!("Write the reason behind a colon: `// allow {code}: because …`.")),
        ),
        Reason::WithoutColon => Some(
            found("a colon is missing before the reason of this `allow`")
                .here("no `:` behind the code")
                .help(format!("Write `// allow {code}: because …`."))
                .fix("write `:`", last.at_end(), ":"),
        ),
    }
}

fn unknown(text: &str, span: Span) -> Diagnostic {
    let warnings = Code::ALL.iter().filter(|code| code.severity() == Severity::Warning);
    let warnings = warnings.map(|code| code.as_str());
    let mut found = Diagnostic::new(Code::UnknownAllow, span, format!("there is no `{text}` to allow"))
        .here("unknown code");
    found.help = Some(match nearest(text, warnings.clone()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => {
            "The list of diagnostics has all codes; copy the one of the warning that you mean.".to_owned()
        }
    });
    found.name_meant(text, span, warnings)
}

/// What takes a code out of a comment: the code with its comma, or the comment with its line where it is the last.
/// What the fix does that takes a code out of a comment.
fn deletion(allow: &Allow, text: &str) -> String {
    if allow.codes.len() > 1 { format!("delete `{text}`") } else { "delete the comment".to_owned() }
}

fn removal(file: &File, allow: &Allow, nth: usize) -> Vec<Edit> {
    let span_of = |at: usize| allow.codes.get(at).map(|(_, span)| *span);
    let delete = |span| vec![Edit { span, text: String::new() }];
    let Some(own) = span_of(nth) else { return Vec::new() };
    if let Some(next) = span_of(nth + 1) {
        return delete(Span { end: next.start, ..own });
    }
    if let Some(previous) = nth.checked_sub(1).and_then(span_of) {
        return delete(Span { start: previous.end, ..own });
    }
    let line = file.lines.line(allow.span.start);
    let end = file.source.text.get(allow.span.end as usize..).unwrap_or("");
    let newline = end.find('\n').map_or(end.len(), |at| at + 1) as u32;
    delete(Span { start: file.lines.line_start(line), end: allow.span.end + newline, ..allow.span })
}
