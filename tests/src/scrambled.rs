//! A flow's text in another layout: it means the same, and looks as if nobody had cared.

use chatflow_compiler::lex::lex;
use chatflow_compiler::token::Kind;

use crate::random::Choices;

/// The text with other blanks, indents and empty lines, line breaks in its brackets, and comments where a line may have one.
pub fn scrambled(text: &str, choices: &mut Choices) -> String {
    let (tokens, _) = lex(text);
    let mut out = String::new();
    let (mut quotes, mut brackets) = (0_usize, 0_usize);
    let mut comments = 0;
    let mut before = None;
    for (kind, token) in tokens.kinds.iter().copied().zip(0_u32..) {
        let piece = text.get(tokens.range(token)).unwrap_or("");
        let in_text = quotes > 0;
        if kind == Kind::StrOpen {
            quotes += 1;
        } else if kind == Kind::StrClose {
            quotes = quotes.saturating_sub(1);
        } else if !in_text && matches!(kind, Kind::LParen | Kind::LBracket) {
            brackets += 1;
        } else if !in_text && matches!(kind, Kind::RParen | Kind::RBracket) {
            brackets = brackets.saturating_sub(1);
        }
        if in_text {
            out.push_str(piece);
        } else if kind == Kind::Blank {
            let len = choices.below(6) + usize::from(before != Some(Kind::Newline));
            out.push_str(&" ".repeat(len));
        } else if kind == Kind::Newline {
            newline(&mut out, before, &mut comments, choices);
        } else {
            out.push_str(piece);
            let opens = matches!(kind, Kind::LParen | Kind::LBracket | Kind::Comma) && brackets > 0;
            if opens && choices.chance(15) {
                newline(&mut out, Some(kind), &mut comments, choices);
            }
        }
        before = Some(kind);
    }
    out
}

/// A line's end, perhaps with a comment before it, and empty lines and comments behind it.
fn newline(out: &mut String, before: Option<Kind>, comments: &mut usize, choices: &mut Choices) {
    let mut comment = |out: &mut String| {
        *comments += 1;
        out.push_str(&format!("// comment {comments}"));
    };
    let commented = matches!(before, Some(Kind::Comment | Kind::DocComment));
    if !commented && choices.chance(10) {
        out.push_str(&" ".repeat(choices.below(12)));
        comment(out);
    }
    out.push('\n');
    while choices.chance(15) {
        out.push('\n');
        if choices.chance(30) {
            out.push_str(&" ".repeat(choices.below(8)));
            comment(out);
            out.push('\n');
        }
    }
}
