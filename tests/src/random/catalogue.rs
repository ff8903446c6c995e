//! Catalogues of random flows: each text in a language that is easily made, with its holes in another order.

use chatflow_compiler::catalogue::merge::Original;
use chatflow_compiler::catalogue::po::quote;

/// A catalogue in which some texts are missing.
pub fn catalogue(originals: &[Original]) -> String {
    let mut out = String::new();
    for (nth, original) in originals.iter().enumerate() {
        if (originals.len() + nth) % 7 == 3 {
            continue;
        }
        quote(&mut out, "", "msgctxt", &original.context);
        quote(&mut out, "", "msgid", &original.text);
        quote(&mut out, "", "msgstr", &translated(&original.text));
        out.push('\n');
    }
    out
}

/// The pieces of a text from the last to the first, with the words of defaults changed.
fn translated(text: &str) -> String {
    let mut pieces = vec![String::new()];
    // Whether each hole and text that is open is a hole; the whole is a text.
    let mut open = vec![false];
    let mut escaped = false;
    for char in text.chars() {
        let in_hole = open.last() == Some(&true);
        let opens = !escaped && ((char == '{' && !in_hole) || (char == '"' && in_hole));
        let closes = !escaped && ((char == '}' && in_hole) || (char == '"' && !in_hole && open.len() > 1));
        if opens && open.len() == 1 {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(char);
        }
        if opens {
            open.push(char == '{');
        } else if closes {
            open.pop();
        }
        if closes && open.len() == 1 {
            pieces.push(String::new());
        }
        escaped = char == '\\' && !escaped;
    }
    pieces.reverse();
    let hole = |piece: &String| piece.starts_with('{');
    let changed = pieces.iter().map(|piece| match hole(piece) {
        true => piece.replace(" or \"", " or \"Ñ "),
        false => piece.clone(),
    });
    format!("Nl {}", changed.collect::<String>())
}
