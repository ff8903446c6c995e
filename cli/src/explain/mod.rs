//! `chatflow explain`: what a diagnostic means, or a word of the language.

use std::io::{self, Write};

use chatflow_compiler::code::Code;
use chatflow_compiler::explain as topics;
use chatflow_compiler::nearest;

use crate::arguments::ExplainArguments;
use crate::streams::Streams;
use crate::style::{BOLD, DIM};
use crate::trouble::{Ending, Trouble};

/// Writes the page of a code or of a word, or the list of all codes.
///
/// # Errors
/// If there is no such code or word.
pub fn run(arguments: &ExplainArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    match &arguments.code {
        None => list(&mut streams.out)?,
        Some(text) => {
            let topics = topics::named(text);
            if topics.is_empty() {
                page(&mut streams.out, find(text)?.page())?;
            }
            for (nth, topic) in topics.iter().enumerate() {
                let gap = if nth == 0 { "" } else { "\n" };
                let text = format!("{gap}# {}, {}\n\n{}", topic.name, topic.kind, topic.page);
                page(&mut streams.out, &text)?;
            }
        }
    }
    Ok(Ending::Fine)
}

/// The code that is meant: `E0201`, `e0201` or `201`.
fn find(text: &str) -> Result<Code, Trouble> {
    let text = text.trim();
    let digits = text.trim_start_matches(['E', 'e']);
    Code::named(text).or_else(|| Code::named(&format!("E{digits:0>4}"))).ok_or_else(|| {
        let codes = Code::ALL.iter().map(|code| code.as_str());
        let topics = topics::all();
        let names = topics.iter().flat_map(|topic| topic.also.iter().chain([&topic.name])).copied();
        // `bokk` is near to the first word of `book meeting`.
        let words: Vec<&str> = names.flat_map(|name| std::iter::once(name).chain(name.split(' '))).collect();
        let lower = text.to_lowercase();
        // So few of many words are compared with one that the nearest is looked for in each part of them, and then among those.
        let near_words = words.chunks(50).filter_map(|words| nearest(&lower, words.iter().copied()));
        let word = || nearest(&lower, near_words.collect::<Vec<_>>()).map(|word| format!("`{word}`"));
        let near = nearest(&text.to_uppercase(), codes).map(str::to_owned).or_else(word);
        let help = match near {
            Some(near) => format!("Did you mean {near}? `chatflow explain` lists all codes."),
            None => "`chatflow explain` lists all codes.".to_owned(),
        };
        let what = if looks_like_a_code(text) { "diagnostic" } else { "diagnostic and no word" };
        Trouble::new(format!("there is no {what} `{text}`")).help(help)
    })
}

fn looks_like_a_code(text: &str) -> bool {
    text.trim_start_matches(['E', 'e']).chars().all(|char| char.is_ascii_digit())
}

fn list(to: &mut dyn Write) -> io::Result<()> {
    for code in Code::ALL {
        writeln!(to, "{BOLD}{}{BOLD:#}  {:<7}  {}", code.as_str(), code.severity().word(), code.title())?;
    }
    Ok(())
}

/// A page of Markdown as people read it in a terminal: headings stand out, code is set in.
fn page(to: &mut dyn Write, markdown: &str) -> io::Result<()> {
    let mut in_code = false;
    for line in markdown.lines() {
        if let Some(words) = line.strip_prefix("```") {
            in_code = !in_code;
            // A block of a sample of several files says which one it is.
            if let Some(file) =
                words.split([' ', ',']).find(|word| word.ends_with(".flow")).filter(|_| in_code)
            {
                writeln!(to, "    {DIM}{file}{DIM:#}")?;
            }
        } else if in_code && !line.is_empty() {
            writeln!(to, "    {DIM}│{DIM:#} {line}")?;
        } else if in_code {
            writeln!(to, "    {DIM}│{DIM:#}")?;
        } else if let Some(heading) = line.strip_prefix('#') {
            writeln!(to, "{BOLD}{}{BOLD:#}", heading.trim_start_matches('#').trim())?;
        } else {
            writeln!(to, "{line}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_however_they_are_written() {
        for text in ["E0201", "e0201", "201", "0201", " e201 "] {
            assert_eq!(find(text).unwrap(), Code::UnknownStep, "{text}");
        }
        assert!(find("E0200").unwrap_err().to_string().contains("Did you mean E0"));
        assert!(find("nonsense").is_err());
    }

    #[test]
    fn a_file_of_a_sample_has_its_name() {
        let mut out = Vec::new();
        page(&mut out, "```flow a.flow error\nx\n```\n").unwrap();
        let text = anstream::adapter::strip_bytes(&out).into_vec();
        assert_eq!(String::from_utf8(text).unwrap(), "    a.flow\n    │ x\n");
    }

    #[test]
    fn a_page_is_readable() {
        let mut out = Vec::new();
        page(&mut out, "# E1\n\nWhy `x`.\n\n```flow\nsay \"a\"\n\nend\n```\n").unwrap();
        let text = anstream::adapter::strip_bytes(&out).into_vec();
        assert_eq!(String::from_utf8(text).unwrap(), "E1\n\nWhy `x`.\n\n    │ say \"a\"\n    │\n    │ end\n");
    }
}
