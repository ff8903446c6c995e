//! What colours flows in editors: the lists of words in queries and grammars, made from the compiler's tables, and the queries of
//! editors that have other words for colours.

use std::collections::BTreeSet;

use chatflow_compiler::types::Ty;
use chatflow_compiler::words::{Place, WORDS, WordSpec};
use chatflow_compiler::workspace::Thing;
use chatflow_runtime::action::{Action, ObjectSpec, Takes};

/// The words of a list of a query or grammar, sorted; none if there is no such list.
pub fn words(list: &str) -> Option<BTreeSet<&'static str>> {
    Some(match list {
        "things" => things(),
        "settings" => settings(),
        "action words" => action_words(),
        "setting words" => setting_words(),
        "actions" => {
            Action::ALL.iter().map(|action| action.spec().head).filter(|head| !head.is_empty()).collect()
        }
        "types" => Ty::NAMES.iter().copied().collect(),
        "items" => words_of(&[Place::Header, Place::Flow, Place::Module, Place::Workspace]),
        "blocks" => WORDS.iter().filter(|row| is_settings_block(row)).map(|row| row.word).collect(),
        "statements" => words_of(&[Place::Statement]),
        "test lines" => words_of(&[Place::Test]),
        "operators" => operators(),
        _ => return None,
    })
}

fn words_of(places: &[Place]) -> BTreeSet<&'static str> {
    let rows = WORDS.iter().filter(|row| places.contains(&row.place));
    rows.flat_map(|row| row.word.split(' ')).collect()
}

fn things() -> BTreeSet<&'static str> {
    Thing::ALL.iter().map(|(_, thing)| thing.word()).filter(|word| *word != "function").collect()
}

/// The heads of declarations whose values are words of the language.
fn settings() -> BTreeSet<&'static str> {
    let takes_word =
        |form: &str| form.split(' ').nth(1).is_some_and(|word| word.starts_with(char::is_alphabetic));
    let rows = WORDS.iter().filter(|row| matches!(row.place, Place::Flow | Place::Workspace));
    let plain = rows.filter(|row| takes_word(row.form)).map(|row| row.word);
    let things = things();
    plain.filter(|word| !things.contains(word) && !["use", "step", "function"].contains(word)).collect()
}

/// `display {}` and the like: blocks that have settings and nothing else.
fn is_settings_block(row: &WordSpec) -> bool {
    row.place == Place::Flow
        && row.form == format!("{} {{}}", row.word)
        && !["target", "anytime"].contains(&row.word)
}

/// The words of actions that name nothing.
fn action_words() -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for action in Action::ALL {
        found.extend(action.spec().head.split(' '));
        for object in action.spec().objects {
            match object {
                ObjectSpec::Named { kind, word: true } => found.extend(kind.word().split(' ')),
                ObjectSpec::Words(words, _) => found.extend(words.split(' ')),
                ObjectSpec::Address(kind) => drop(found.insert(kind.word())),
                ObjectSpec::Named { word: false, .. } | ObjectSpec::Called(_) => {}
            }
        }
    }
    found.remove("");
    found
}

/// The words that settings of actions take.
fn setting_words() -> BTreeSet<&'static str> {
    let settings = Action::ALL.iter().flat_map(|action| action.spec().settings);
    let mut found = BTreeSet::new();
    for setting in settings {
        if let Takes::Word(words) = &setting.takes {
            found.extend(words.iter().copied());
        }
    }
    found
}

/// The operators of words, each with its words.
fn operators() -> BTreeSet<&'static str> {
    let specs = chatflow_compiler::operator::Operator::ALL.iter().map(|operator| operator.spec());
    let all = specs.flat_map(|spec| [spec.words, spec.negated]);
    all.filter(|words| words.starts_with(char::is_alphabetic) && !words.contains('…')).collect()
}

/// A TextMate grammar with the words of its lists made anew: behind a comment `list: NAME`, the next group of words.
pub fn renewed_textmate(grammar: &str) -> String {
    let mut out = String::new();
    let mut list = None;
    for line in grammar.lines() {
        if let Some((_, name)) = line.split_once("\"comment\": \"list: ") {
            list = words(name.trim_end_matches([',', '"']));
        }
        let group = line.match_indices("(?:").map(|(at, _)| at + 3);
        let group = group
            .into_iter()
            .find(|at| line.get(*at..).is_some_and(|rest| rest.starts_with(char::is_lowercase)));
        let written = group.and_then(|at| Some((line.get(..at)?, line.get(at..)?.split_once(')')?.1)));
        match (&list, written) {
            (Some(words), Some((before, behind))) => {
                // The longest first, so that `is` does not hide `is known`.
                let mut words: Vec<String> = words.iter().map(|word| word.replace(' ', "\\\\s+")).collect();
                words.sort_by_key(|word| std::cmp::Reverse(word.len()));
                out.push_str(&format!("{before}{}){behind}", words.join("|")));
                list = None;
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A query with the words of its lists made anew: behind `; list: NAME`, each `#any-of?` and `#not-any-of?`.
pub fn renewed(query: &str) -> String {
    let mut out = String::new();
    let mut list = None;
    for line in query.lines() {
        if let Some(name) = line.strip_prefix("; list: ") {
            list = words(name);
        } else if line == "; end" {
            list = None;
        }
        let predicate = line.find("any-of? @").filter(|_| list.is_some());
        match (predicate, &list) {
            (Some(at), Some(words)) => {
                let capture = line.get(at + 8..).unwrap_or("").split([' ', ')']).next().unwrap_or("");
                out.push_str(line.get(..at + 8).unwrap_or(""));
                out.push_str(capture);
                words.iter().for_each(|word| out.push_str(&format!(" \"{word}\"")));
                out.push_str("))");
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// An editor's words for what a query captures, each with ours; what is not listed it calls as we do.
#[derive(Debug)]
pub struct Editor {
    /// The folder of its queries.
    pub folder: &'static str,
    /// Ours and its own, without `@`.
    pub captures: &'static [(&'static str, &'static str)],
    /// The queries that are made from ours.
    pub queries: &'static [&'static str],
}

/// The editors that have queries of their own.
pub const EDITORS: &[Editor] = &[
    Editor {
        folder: "editors/neovim/queries/flow",
        captures: &[],
        queries: &["highlights", "locals", "folds", "indents", "injections", "textobjects"],
    },
    Editor {
        folder: "editors/helix/queries/flow",
        captures: &[
            ("comment.documentation", "comment.line.documentation"),
            ("comment", "comment.line"),
            ("string.escape", "constant.character.escape"),
            ("number", "constant.numeric"),
            ("boolean", "constant.builtin.boolean"),
            ("module", "namespace"),
            ("keyword.conditional", "keyword.control.conditional"),
            ("keyword.return", "keyword.control.return"),
            ("property", "variable.other.member"),
            ("local.definition.var", "local.definition.variable"),
            ("local.definition.parameter", "local.definition.variable.parameter"),
            ("local.definition.field", "local.definition.variable.other.member"),
        ],
        queries: &["highlights", "locals", "injections"],
    },
    Editor {
        folder: "editors/zed/languages/flow",
        captures: &[
            ("comment.documentation", "comment.doc"),
            ("string.regexp", "string.regex"),
            ("variable.builtin", "variable.special"),
            ("module", "namespace"),
        ],
        queries: &["highlights", "outline", "injections"],
    },
];

impl Editor {
    /// One of our queries in the words of this editor.
    pub fn translated(&self, name: &str, query: &str) -> String {
        let mut out = format!(
            "; Made from grammar/tree-sitter-flow/queries/{name}.scm, which `tests/src/queries.rs` says how.\n"
        );
        let own = |capture: &str| {
            let known = self.captures.iter().find(|(ours, _)| *ours == capture);
            known.map_or_else(|| capture.to_owned(), |(_, own)| (*own).to_owned())
        };
        let body = query.lines().skip_while(|line| line.starts_with(';'));
        for line in body.filter(|line| !line.starts_with("; list: ") && *line != "; end") {
            let mut rest = line;
            while let Some((before, after)) = rest.split_once('@') {
                let end = after.find(|char: char| !(char.is_alphanumeric() || "._-".contains(char)));
                let (capture, behind) = after.split_at(end.unwrap_or(after.len()));
                out.push_str(before);
                out.push('@');
                out.push_str(&own(capture));
                rest = behind;
            }
            out.push_str(rest);
            out.push('\n');
        }
        out
    }
}
