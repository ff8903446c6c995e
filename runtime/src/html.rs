//! Messages of servers that may be HTML, as the plain text that every channel can show.

use alloc::string::String;

/// The text of a message without its tags: a break, an item of a list and the end of a paragraph begin a new line, and
/// entities are the characters that they name. What only looks like HTML stays: `a < b`.
pub(crate) fn plain(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(['<', '&']) {
        let (words, marked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(words);
        rest = match marked.starts_with('<') {
            true => tag(marked, &mut out),
            false => entity(marked, &mut out),
        };
    }
    out.push_str(rest);
    String::from(out.trim())
}

/// Reads the tag that a text begins with, if it is one; what comes after it.
fn tag<'m>(marked: &'m str, out: &mut String) -> &'m str {
    let inside = marked.get(1..).unwrap_or("");
    let is_tag = inside.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '/' | '!'));
    let Some((tag, rest)) = inside.split_once('>').filter(|(tag, _)| is_tag && !tag.contains('<')) else {
        out.push('<');
        return inside;
    };
    let closes = tag.starts_with('/');
    let name = tag.trim_start_matches('/');
    let end = name.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or("");
    let is = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    if is(&["br"]) {
        out.push('\n');
    } else if is(&["li"]) && !closes {
        new_line(out);
        out.push_str("- ");
    } else if is(&["p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr"]) {
        new_line(out);
    } else if is(&["script", "style"]) && !closes {
        // Nobody reads what stands in there.
        return rest
            .split_once("</")
            .map_or("", |(_, after)| after.split_once('>').map_or("", |(_, rest)| rest));
    }
    rest
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The longest name of an entity that is read, with its `&` and `;`: `&#x10FFFF;`.
const LONGEST_ENTITY: usize = 10;

/// Reads the entity that a text begins with, if it is one; what comes after it.
fn entity<'m>(marked: &'m str, out: &mut String) -> &'m str {
    let inside = marked.get(1..).unwrap_or("");
    let end = inside.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';');
    let named = end.and_then(|end| Some((inside.get(..end)?, inside.get(end + 1..)?)));
    let read = named.and_then(|(name, rest)| Some((character(name)?, rest)));
    match read {
        Some((character, rest)) => {
            out.push(character);
            rest
        }
        None => {
            out.push('&');
            inside
        }
    }
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|char| !char.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::plain;
    use alloc::string::String;
    use proptest::prelude::*;

    #[test]
    fn tags_go_and_what_they_mean_stays() {
        for (html, text) in [
            ("Hi <b>Ada</b>!", "Hi Ada!"),
            ("<p>One</p><p>Two</p>", "One\nTwo"),
            ("One<br/>two<BR>three", "One\ntwo\nthree"),
            ("Pick:<ul><li>this</li><li>that</li></ul>Well?", "Pick:\n- this\n- that\nWell?"),
            ("Tom &amp; Jerry &lt;3 &#233;&#xe9;&nbsp;!", "Tom & Jerry <3 éé !"),
            ("<a href=\"https://x.example/?a=1&b=2\">here</a>", "here"),
            ("a < b and c > d", "a < b and c > d"),
            ("1 <2 & 3", "1 <2 & 3"),
            ("no end <b", "no end <b"),
            ("AT&T; R&D", "AT&T; R&D"),
            ("x<script>alert(1)</script>y", "xy"),
            ("x<style>p{}", "x"),
            ("&#0;&#x110000;&;", "&#0;&#x110000;&;"),
            ("<<b>>", "<>"),
            ("{{ contact.firstname }}", "{{ contact.firstname }}"),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_message_is_too_odd(message: String, marked in "[<>&;/!a-c# ]{0,40}") {
            for message in [message, marked] {
                prop_assert!(plain(&message).len() <= 2 * message.len());
            }
        }
    }
}
