//! What is offered, and how it is inserted.

use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::source::Span;

/// What kind of thing is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of the language.
    Keyword,
    /// An action, a whole statement.
    Action,
    /// A setting.
    Setting,
    /// A step.
    Step,
    /// A property.
    Property,
    /// A local.
    Local,
    /// An option, or a word that a setting takes.
    Option,
    /// A thing of the workspace.
    Thing,
    /// A fact.
    Fact,
    /// An operator.
    Operator,
    /// An outcome.
    Outcome,
    /// A function.
    Function,
    /// A type.
    Type,
    /// A file.
    File,
    /// A text with places to fill in.
    Snippet,
}

/// Something that can be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and what the letters that are typed are compared with.
    pub label: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What is shown beside it.
    pub detail: String,
    /// Markdown.
    pub docs: String,
    /// What is inserted, as a snippet of the protocol: `$1`, `${1:NAME}`, `$0`.
    pub insert: String,
    /// What it replaces.
    pub replace: Span,
    /// What comes first has the least.
    pub rank: u8,
    /// Edits elsewhere that come with it.
    pub more: Vec<Edit>,
}

impl Completion {
    /// Something that is inserted as it is shown.
    pub fn new(label: impl Into<String>, kind: Kind, replace: Span) -> Completion {
        let label = label.into();
        let insert = escaped(&label);
        let (detail, docs, more) = (String::new(), String::new(), Vec::new());
        Completion { label, kind, detail, docs, insert, replace, rank: 5, more }
    }

    /// With a text beside it.
    pub fn detail(mut self, detail: impl Into<String>) -> Completion {
        self.detail = detail.into();
        self
    }

    /// With documentation.
    pub fn docs(mut self, docs: impl Into<String>) -> Completion {
        self.docs = docs.into();
        self
    }

    /// Inserted as a snippet.
    pub fn snippet(mut self, insert: impl Into<String>) -> Completion {
        self.insert = insert.into();
        self
    }

    /// Before those with more.
    pub fn rank(mut self, rank: u8) -> Completion {
        self.rank = rank;
        self
    }
}

/// A text with what means something in a snippet escaped.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '$' | '}' | '\\') {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

/// The snippet of a form: its words in capitals are places to fill in, `{}` is a block, `{ … }` one on a line.
pub fn of_form(form: &str) -> String {
    let mut out = String::new();
    let mut stop = 0;
    let mut rest = form;
    while let Some(char) = rest.chars().next() {
        let word: String = rest.chars().take_while(|char| char.is_ascii_uppercase()).collect();
        if let Some(after) = rest.strip_prefix("{}") {
            out.push_str("{\n\t$0\n\\}");
            rest = after;
        } else if word.len() > 1 {
            stop += 1;
            out.push_str(&format!("${{{stop}:{}}}", word.to_lowercase()));
            rest = rest.get(word.len()..).unwrap_or("");
        } else {
            out.push_str(&escaped(char.encode_utf8(&mut [0; 4])));
            rest = rest.get(char.len_utf8()..).unwrap_or("");
        }
    }
    out
}

/// What a snippet is without a client that knows them: its words, without its stops.
pub fn plain(snippet: &str) -> String {
    let mut out = String::new();
    let mut chars = snippet.chars().peekable();
    // How many `${` are open.
    let mut open = 0_u32;
    while let Some(char) = chars.next() {
        match char {
            '\\' => out.extend(chars.next()),
            '$' if chars.peek() == Some(&'{') => {
                chars.next();
                while chars.peek().is_some_and(char::is_ascii_digit) {
                    chars.next();
                }
                if chars.peek() == Some(&':') {
                    chars.next();
                }
                open += 1;
            }
            '$' => {
                while chars.peek().is_some_and(char::is_ascii_digit) {
                    chars.next();
                }
            }
            '}' if open > 0 => open -= 1,
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_snippets() {
        assert_eq!(of_form("step NAME {}"), "step ${1:name} {\n\t$0\n\\}");
        assert_eq!(of_form("say \"TEXT\""), "say \"${1:text}\"");
        assert_eq!(plain(&of_form("step NAME {}")), "step name {\n\t\n}");
        assert_eq!(plain(&escaped("a $5 {b} \\")), "a $5 {b} \\");
    }
}
