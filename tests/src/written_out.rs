//! A flow with its modules written out: the same chat, without a module.

use std::collections::BTreeSet;

use chatflow_compiler::lex::lex;
use chatflow_compiler::token::Kind;

use crate::random::Sources;

/// The flow with the steps of its modules among its own. Their locals and steps get names of their own.
pub fn written_out(sources: &Sources, locals: &BTreeSet<&str>) -> String {
    let uses: BTreeSet<&str> = sources.modules.iter().map(|(name, _)| name.as_str()).collect();
    let mut flow = renamed(&sources.flow, None, &uses, &BTreeSet::new());
    for (name, text) in &sources.modules {
        // The steps that only declare what is looked at stand in each file.
        let text = text.split_once("\n\n").map_or("", |(_, steps)| steps);
        flow.push('\n');
        flow += &renamed(text, Some(name), &uses, locals);
    }
    flow
}

/// The text of a file, with the names that it declares, and those of other files' steps, made names of one file.
fn renamed(text: &str, module: Option<&str>, uses: &BTreeSet<&str>, locals: &BTreeSet<&str>) -> String {
    let (tokens, _) = lex(text);
    let mut out = String::new();
    let mut before: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < tokens.kinds.len() {
        let word = piece(text, &tokens.starts, at);
        let kind = tokens.kinds.get(at).copied();
        let last = before.last().copied().unwrap_or("");
        let names_step = matches!(last, "do" | "->" | "step");
        // `do teil.tun` runs what is now called `teil_tun`; a file that is no longer there is not used.
        if last == "do" && uses.contains(word) && piece(text, &tokens.starts, at + 1) == "." {
            out += &format!("{word}_{}", piece(text, &tokens.starts, at + 2));
            before.push(word);
            at += 3;
            continue;
        }
        if last == "use" && uses.contains(word) {
            out.truncate(out.trim_end().len() - "use".len());
            before.push(word);
            at += 1;
            continue;
        }
        let is_word = kind.is_some_and(Kind::is_word);
        // Before a text, `name` is a setting of a file.
        let setting = piece(text, &tokens.starts, at + 1) == " "
            && piece(text, &tokens.starts, at + 2).starts_with('"');
        let own = is_word && last != "." && (names_step || (locals.contains(word) && !setting));
        match module {
            Some(module) if own => out += &format!("{module}_{word}"),
            _ => out += word,
        }
        if !kind.is_some_and(Kind::is_trivia) {
            before.push(word);
        }
        at += 1;
    }
    out
}

/// The text of a token.
fn piece<'t>(text: &'t str, starts: &[u32], at: usize) -> &'t str {
    let start = starts.get(at).map_or(text.len(), |start| *start as usize);
    let end = starts.get(at + 1).map_or(text.len(), |end| *end as usize);
    text.get(start..end).unwrap_or("")
}
