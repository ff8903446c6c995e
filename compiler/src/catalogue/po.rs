//! The format of catalogues: gettext's PO files, read with the places of everything, so that a finding can point there.
//!
//! ```text
//! # what the translator notes
//! #. what the compiler says of the text
//! #: where it stands
//! #, fuzzy
//! #| msgid "what it was before"
//! msgctxt "need / ask"
//! msgid "What brings you here?"
//! msgstr "Waarvoor kom je?"
//! ```

/// An entry: a text and its translation.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The translator's own comments, without `# `.
    pub comments: Vec<String>,
    /// What stands behind `#,`, but for `fuzzy`.
    pub flags: Vec<String>,
    /// Whether somebody must look at the translation before it is used.
    pub fuzzy: bool,
    /// Whether its text is gone: `#~`.
    pub obsolete: bool,
    /// What `#|` says the text was before.
    pub previous: Option<String>,
    /// Where the text stands in the flow.
    pub context: Quoted,
    /// The text.
    pub id: Quoted,
    /// Its translation; empty where there is none.
    pub translation: Quoted,
    /// The first line of the entry that is no comment, from 0 up to its end, in bytes.
    pub span: (u32, u32),
}

/// A string of a PO file, which may go on over several lines.
#[derive(Clone, Debug, Default)]
pub struct Quoted {
    /// What it says.
    pub text: String,
    /// Its first and last quote, in bytes of the file.
    pub span: (u32, u32),
    /// Pairs of an offset in `text` and the byte of the file it comes from, at each place where the two part.
    places: Vec<(u32, u32)>,
}

/// What cannot be read, with its place.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its bytes.
    pub span: (u32, u32),
    /// What is wrong.
    pub what: &'static str,
}

impl Entry {
    /// Whether it is the first one, which says things about the file.
    pub fn is_header(&self) -> bool {
        self.id.text.is_empty() && self.context.text.is_empty()
    }

    /// Whether its translation is used.
    pub fn is_used(&self) -> bool {
        !self.fuzzy && !self.obsolete && !self.is_header() && !self.translation.text.is_empty()
    }

    /// What it translates: the place and the text.
    pub fn key(&self) -> (&str, &str) {
        (&self.context.text, &self.id.text)
    }
}

impl Quoted {
    /// The byte of the file that a byte of the text comes from.
    pub fn place(&self, offset: u32) -> u32 {
        let at = self.places.partition_point(|(start, _)| *start <= offset);
        match at.checked_sub(1).and_then(|at| self.places.get(at)) {
            Some((start, byte)) => (byte + (offset - start)).min(self.span.1),
            None => self.span.0,
        }
    }
}

/// The entries of a PO file. What cannot be read is left out and noted.
pub fn read(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let mut reader =
        Reader { entries: Vec::new(), problems: Vec::new(), entry: Entry::default(), last: Last::Nothing };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = if at == 0 { line.len() - line.trim_start_matches('\u{feff}').len() } else { 0 };
        reader.line(line.get(start..).unwrap_or(""), (at + start) as u32);
        at += line.len();
    }
    reader.finish();
    (reader.entries, reader.problems)
}

/// What the last line of an entry was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Comment,
    Context,
    Id,
    Translation,
    /// Something that is not read; its strings belong to nothing.
    Other,
}

struct Reader {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    entry: Entry,
    last: Last,
}

impl Reader {
    fn line(&mut self, line: &str, at: u32) {
        let trimmed = line.trim();
        let at = at + (line.len() - line.trim_start().len()) as u32;
        match trimmed.strip_prefix("#~") {
            // What stands behind it is read like any other line, but `#~|`, which says what the text was before.
            Some(rest) if !rest.starts_with('|') => {
                let skipped = (trimmed.len() - rest.trim_start().len()) as u32;
                self.words(rest.trim_start(), at + skipped);
                self.entry.obsolete = true;
            }
            Some(_) => {}
            None if trimmed.is_empty() => self.finish(),
            None if trimmed.starts_with('#') => self.comment(trimmed),
            None => self.words(trimmed, at),
        }
    }

    fn comment(&mut self, line: &str) {
        if matches!(self.last, Last::Translation | Last::Other) {
            self.finish();
        }
        self.last = Last::Comment;
        let rest = line.get(1..).unwrap_or("");
        match rest.chars().next() {
            // The compiler writes these anew.
            Some('.' | ':') => {}
            Some(',') => {
                for flag in
                    rest.get(1..).unwrap_or("").split(',').map(str::trim).filter(|flag| !flag.is_empty())
                {
                    if flag == "fuzzy" {
                        self.entry.fuzzy = true;
                    } else {
                        self.entry.flags.push(flag.to_owned());
                    }
                }
            }
            Some('|') => {
                let words = rest.get(1..).unwrap_or("").trim();
                let words = words.strip_prefix("msgid").unwrap_or(words).trim();
                if words.starts_with('"') && !words.starts_with("msgctxt") {
                    let mut quoted = Quoted::default();
                    unquote(&mut quoted, words, 0);
                    self.entry.previous.get_or_insert_default().push_str(&quoted.text);
                }
            }
            _ => self.entry.comments.push(rest.trim().to_owned()),
        }
    }

    fn words(&mut self, line: &str, at: u32) {
        let word_len = line.find(['"', ' ', '\t']).unwrap_or(line.len());
        let (word, rest) = line.split_at_checked(word_len).unwrap_or((line, ""));
        let begins = matches!(word, "msgctxt") || (word == "msgid" && self.last != Last::Context);
        if begins && matches!(self.last, Last::Translation | Last::Other | Last::Id | Last::Context) {
            self.finish();
        }
        let end = at + line.len() as u32;
        if !word.is_empty() && self.entry.span == (0, 0) {
            self.entry.span = (at, end);
        }
        self.entry.span.1 = end;
        self.last = match word {
            "msgctxt" => Last::Context,
            "msgid" => Last::Id,
            "msgstr" => Last::Translation,
            "" => self.last,
            "msgid_plural" => {
                self.problem(
                    (at, end),
                    "plural forms stand in the text: `{plural seats: one \"…\", other \"…\"}`",
                );
                Last::Other
            }
            _ => {
                self.problem((at, end), "expected `msgctxt`, `msgid`, `msgstr` or a comment");
                Last::Other
            }
        };
        let blanks = rest.len() - rest.trim_start().len();
        let (rest, at) = (rest.trim_start(), at + (word_len + blanks) as u32);
        let quoted = match self.last {
            Last::Context => &mut self.entry.context,
            Last::Id => &mut self.entry.id,
            Last::Translation => &mut self.entry.translation,
            Last::Other => return,
            Last::Nothing | Last::Comment => {
                return self.problem((at, end), "a string that belongs to nothing");
            }
        };
        if !unquote(quoted, rest, at) {
            self.problem((at, end), "expected a text between quotes, on one line");
        }
    }

    fn problem(&mut self, span: (u32, u32), what: &'static str) {
        self.problems.push(Problem { span, what });
    }

    /// Ends the entry that is being read.
    fn finish(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        let last = std::mem::replace(&mut self.last, Last::Nothing);
        match last {
            Last::Translation => self.entries.push(entry),
            Last::Context | Last::Id => self.problem(entry.span, "this entry has no `msgstr`"),
            // A comment by itself, or something that was noted.
            Last::Nothing | Last::Comment | Last::Other => {}
        }
    }
}

/// Reads `"…"` to the end of what a string says so far; whether it was one.
fn unquote(quoted: &mut Quoted, line: &str, at: u32) -> bool {
    let Some(inner) = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    if quoted.places.is_empty() {
        quoted.span.0 = at;
    }
    quoted.span.1 = at + line.len() as u32;
    quoted.places.push((quoted.text.len() as u32, at + 1));
    let mut chars = inner.char_indices();
    while let Some((nth, char)) = chars.next() {
        match char {
            '\\' => {
                let Some((_, escaped)) = chars.next() else { return false };
                quoted.text.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
                let after = nth + 1 + escaped.len_utf8();
                quoted.places.push((quoted.text.len() as u32, at + 1 + after as u32));
            }
            '"' => return false,
            other => quoted.text.push(other),
        }
    }
    true
}

/// Writes a string as PO files have it: over several lines where it has several.
pub fn quote(out: &mut String, prefix: &str, word: &str, text: &str) {
    use std::fmt::Write;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() > 1 {
        let _ = writeln!(out, "{prefix}{word} \"\"");
        for line in lines {
            let _ = writeln!(out, "{prefix}\"{}\"", escaped(line));
        }
    } else {
        let _ = writeln!(out, "{prefix}{word} \"{}\"", escaped(text));
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn entries_are_read_with_their_places() {
        let text = "# mine\n#. theirs\n#: a.flow:3\n#, fuzzy, keep\n#| msgid \"Old\"\nmsgctxt \"need / ask\"\nmsgid \"\"\n\"What \"\n\"now?\"\nmsgstr \"Wat \\\"nu\\\"?\"\n\n#~ msgctxt \"x\"\n#~ msgid \"Gone\"\n#~ msgstr \"Weg\"\n";
        let (entries, problems) = read(text);
        assert!(problems.is_empty(), "{problems:?}");
        let [first, second] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!(first.key(), ("need / ask", "What now?"));
        assert_eq!(first.comments, ["mine"]);
        assert_eq!((first.fuzzy, first.flags.as_slice()), (true, ["keep".to_owned()].as_slice()));
        assert_eq!(first.previous.as_deref(), Some("Old"));
        assert_eq!(first.translation.text, "Wat \"nu\"?");
        let at = |offset: usize| first.translation.place(offset as u32) as usize;
        for (offset, char) in first.translation.text.char_indices() {
            let file = if char == '"' { &text[at(offset) + 1..] } else { &text[at(offset)..] };
            assert!(file.starts_with(char), "{offset} {char}");
        }
        assert!(second.obsolete);
        assert_eq!(second.key(), ("x", "Gone"));
    }

    #[test]
    fn what_cannot_be_read_is_noted_once() {
        for broken in [
            "msgid \"a\n",
            "msgid a\nmsgstr \"b\"\n",
            "msgid \"a\"\n",
            "hello\n",
            "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n",
            "\"a\"\n",
            "msgid \"a\" \"b\"\nmsgstr \"c\"\n",
        ] {
            let (_, problems) = read(broken);
            assert!((1..=2).contains(&problems.len()), "{broken}: {problems:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(msgid|msgstr|msgctxt|#[,.:|~ ]|[\"a \\\\\n])*") {
            let (entries, problems) = read(&text);
            let inside = |span: (u32, u32)| span.0 <= span.1 && span.1 as usize <= text.len();
            prop_assert!(problems.iter().all(|problem| inside(problem.span)));
            prop_assert!(entries.iter().all(|entry| inside(entry.translation.span) && inside(entry.span)));
        }

        #[test]
        fn what_is_written_is_read(context in any::<String>(), id in "\\PC{1,12}|a\nb\n", said: String) {
            let mut text = String::new();
            quote(&mut text, "", "msgctxt", &context);
            quote(&mut text, "", "msgid", &id);
            quote(&mut text, "", "msgstr", &said);
            let (entries, problems) = read(&text);
            prop_assert!(problems.is_empty(), "{problems:?} {text}");
            prop_assert_eq!(entries.len(), 1);
            prop_assert_eq!(entries[0].key(), (context.as_str(), id.as_str()));
            prop_assert_eq!(&entries[0].translation.text, &said);
        }
    }
}
