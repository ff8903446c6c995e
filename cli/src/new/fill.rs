//! Puts names and titles into the texts of a template. Files are parsed, and only what the tree says is a name, a title or a
//! list is written anew: a word in the middle of a sentence stays what it is.

use std::ops::Range;
use std::path::Path;

use chatflow_compiler::file::View;
use chatflow_compiler::source::{FileId, Source, Span};
use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{Expr, ExprKind, Item, Line, LineKind};
use chatflow_compiler::{File, tree};
use unicode_width::UnicodeWidthStr;

use crate::load::MARKER;
use crate::quote::quoted;
use crate::toml_file::TomlFile;
use crate::trouble::Trouble;

/// Something with a name for flows and a title for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// How flows write it.
    pub name: String,
    /// How people read it.
    pub title: String,
}

/// What a project is filled with. What is not said stays as the template has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// The flow, and what people call the project.
    pub flow: Named,
    /// The inbox.
    pub inbox: Option<Named>,
    /// The meeting.
    pub meeting: Option<Named>,
    /// The meeting's address.
    pub link: Option<String>,
    /// The people who answer chats.
    pub users: Vec<Named>,
}

/// What a template's workspace has that can be filled, with what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// The inbox.
    pub inbox: Option<Named>,
    /// The meeting.
    pub meeting: Option<Named>,
    /// The meeting's address.
    pub link: Option<String>,
    /// The titles of the users.
    pub users: Vec<String>,
}

impl Slots {
    /// The slots of a workspace.
    pub fn of(workspace: &str) -> Slots {
        let file = read(workspace);
        let mut slots = Slots::default();
        for declaration in declarations(&file) {
            let Declaration { head, name, title, .. } = &declaration;
            let named = || {
                let title = title.map(|title| plain(file.text(title))).unwrap_or_default();
                Named { name: file.text(*name).to_owned(), title }
            };
            match *head {
                "inbox" => slots.inbox = Some(named()),
                "meeting" => {
                    slots.link = declaration.setting("link").map(|link| plain(file.text(link)));
                    slots.meeting = Some(named());
                }
                "user" => slots.users.push(named().title),
                _ => {}
            }
        }
        slots
    }
}

/// A flow or a workspace, filled. `slots` is what the template's workspace has.
pub fn flow(text: &str, slots: &Slots, filling: &Filling) -> String {
    let file = read(text);
    let mut edits = Edits::default();
    for (view, item) in file.views() {
        if let Item::Header { head, name, title, .. } = item {
            if view.kind(*head) == Some(Kind::Flow) {
                edits.put(view.at(*name), filling.flow.name.clone());
            }
            let title = title.as_ref().map(|title| view.span(title.range));
            title.into_iter().for_each(|title| edits.put(title, quoted(&filling.flow.title)));
        }
    }
    for (kind, old, new) in
        [("inbox", &slots.inbox, &filling.inbox), ("meeting", &slots.meeting, &filling.meeting)]
    {
        let (Some(old), Some(new)) = (old, new) else { continue };
        named(&file, kind, &old.name).for_each(|span| edits.put(span, new.name.clone()));
    }
    declared(&file, filling, &mut edits);
    edits.applied(text)
}

/// The titles and blocks of what a workspace declares.
fn declared(file: &File, filling: &Filling, edits: &mut Edits) {
    let mut users: Vec<Declaration<'_>> = Vec::new();
    for declaration in declarations(file) {
        let title = |edits: &mut Edits, new: &Option<Named>| {
            if let (Some(span), Some(new)) = (declaration.title, new) {
                edits.put(span, quoted(&new.title));
            }
        };
        match declaration.head {
            "inbox" => title(edits, &filling.inbox),
            "meeting" => {
                title(edits, &filling.meeting);
                if let (Some(span), Some(link)) = (declaration.setting("link"), &filling.link) {
                    edits.put(span, quoted(link));
                }
            }
            "team" if !filling.users.is_empty() => {
                let names: Vec<&str> = filling.users.iter().map(|user| user.name.as_str()).collect();
                let members = declaration.setting("members");
                members.into_iter().for_each(|span| edits.put(span, format!("[{}]", names.join(", "))));
            }
            "user" => users.push(declaration),
            _ => {}
        }
    }
    if let (Some(first), Some(last), false) = (users.first(), users.last(), filling.users.is_empty()) {
        let all = first.span.to(last.span);
        edits.put(all, people(file, first, &filling.users));
    }
}

/// A line for each user, each with the block that the template's first user has.
fn people(file: &File, first: &Declaration<'_>, users: &[Named]) -> String {
    let block = first.title.map(|title| Span { start: title.end, ..first.span });
    let block = block.map(|block| file.text(block).trim()).unwrap_or_default();
    let names = users.iter().map(|user| user.name.width()).max().unwrap_or(0);
    let titles = users.iter().map(|user| quoted(&user.title).width()).max().unwrap_or(0);
    // Names of some scripts are wider than they have characters.
    let filled =
        |text: &str, width: usize| format!("{text}{:blank$}", "", blank = width.saturating_sub(text.width()));
    let line = |user: &Named| {
        let line =
            format!("user {} {} {block}", filled(&user.name, names), filled(&quoted(&user.title), titles));
        line.trim_end().to_owned()
    };
    users.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `chatflow.toml` with the project's name.
///
/// # Errors
/// Never: it is TOML.
pub fn config(text: &str, title: &str) -> Result<String, Trouble> {
    let file = TomlFile { path: Path::new(MARKER), text };
    let mut edits = Edits::default();
    for (table, entries) in file.tables()? {
        for entry in entries.iter().filter(|entry| table.key == "project" && entry.key == "name") {
            // What JSON writes between quotes, TOML reads.
            edits.0.push((entry.value.span(), serde_json::Value::from(title).to_string()));
        }
    }
    Ok(edits.applied(text))
}

/// The README with the project's title as its heading, and its own file where the template's is named.
pub fn readme(text: &str, old: &str, flow: &Named) -> String {
    let (_, body) = text.split_once('\n').unwrap_or((text, ""));
    let file = |name: &str| format!("`{name}.flow`");
    format!("# {}\n{}", escaped(&flow.title), body.replace(&file(old), &file(&flow.name)))
}

/// A text as Markdown shows it, letter by letter.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if matches!(char, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '|' | '~') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// What is to be written anew, by bytes.
#[derive(Debug, Default)]
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    fn put(&mut self, span: Span, text: String) {
        self.0.push((span.start as usize..span.end as usize, text));
    }

    fn applied(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| range.start);
        let mut filled = String::new();
        let mut at = 0;
        for (range, new) in &self.0 {
            filled.push_str(text.get(at..range.start).unwrap_or_default());
            filled.push_str(new);
            at = range.end;
        }
        filled.push_str(text.get(at..).unwrap_or_default());
        filled
    }
}

fn read(text: &str) -> File {
    File::read(FileId(0), Source::new("template.flow", text))
}

/// `team sales "Sales" { members [ada] }`.
struct Declaration<'f> {
    view: View<'f>,
    head: &'f str,
    name: Span,
    title: Option<Span>,
    block: &'f [Line],
    /// From its first word to the end of its block.
    span: Span,
}

impl Declaration<'_> {
    /// Where the first value of a setting stands.
    fn setting(&self, word: &str) -> Option<Span> {
        self.block.iter().find_map(|line| match &line.kind {
            LineKind::Entry { head, values, .. } if self.view.text(*head) == word => {
                values.first().map(|value| self.view.span(value.range))
            }
            LineKind::Entry { .. }
            | LineKind::Choice { .. }
            | LineKind::Pair { .. }
            | LineKind::Block { .. }
            | LineKind::Save { .. }
            | LineKind::Error => None,
        })
    }
}

/// What a file declares by a name.
fn declarations(file: &File) -> Vec<Declaration<'_>> {
    let mut found = Vec::new();
    for (view, item) in file.views() {
        let Item::Declaration { head, values, block } = item else { continue };
        let Some(name) = values.first().and_then(word) else { continue };
        let is_text = |value: &&Expr| matches!(value.kind, ExprKind::Text(_));
        let title = values.iter().find(is_text).map(|title| view.span(title.range));
        let block = block.as_deref().unwrap_or_default();
        let inside = block.last().map(|line| view.span(line.range));
        let end = match inside {
            // The brace that closes the block.
            Some(last) => closing(file, last.end).unwrap_or(last),
            None => title.unwrap_or_else(|| view.at(name)),
        };
        let span = view.at(*head).to(end);
        found.push(Declaration { view, head: view.text(*head), name: view.at(name), title, block, span });
    }
    found
}

/// The first closing brace from here on.
fn closing(file: &File, from: u32) -> Option<Span> {
    let numbers = 0..file.tokens.kinds.len() as u32;
    numbers
        .filter(|token| file.tokens.kind(*token) == Some(Kind::RBrace))
        .map(|token| file.tokens.span(file.id, token))
        .find(|span| span.start >= from)
}

/// The word that a value is.
fn word(value: &Expr) -> Option<tree::At> {
    let ExprKind::Path { words, index: None } = &value.kind else { return None };
    match words.as_slice() {
        [word] => Some(*word),
        _ => None,
    }
}

/// Where something of a kind is named, as a declaration or later: `inbox sales`. Texts are no words.
fn named<'f>(file: &'f File, kind: &'f str, name: &'f str) -> impl Iterator<Item = Span> + 'f {
    let tokens = (0..file.tokens.kinds.len() as u32)
        .filter(|token| !file.tokens.kind(*token).is_some_and(Kind::is_trivia))
        .collect::<Vec<u32>>();
    let is = |token: u32, word: &str| {
        file.tokens.kind(token).is_some_and(Kind::is_word)
            && file.text(file.tokens.span(file.id, token)) == word
    };
    let pairs: Vec<(u32, u32)> = tokens.iter().copied().zip(tokens.iter().copied().skip(1)).collect();
    pairs
        .into_iter()
        .filter(move |(first, second)| is(*first, kind) && is(*second, name))
        .map(|(_, second)| file.tokens.span(file.id, second))
}

/// A text without its quotes. The templates' have no escapes.
fn plain(text: &str) -> String {
    text.trim_matches('"').to_owned()
}
