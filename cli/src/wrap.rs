//! Lines that are too long for the terminal, broken at words.

use std::io::{self, Write};

/// Narrower than this nothing is broken.
const NARROWEST: usize = 20;

/// Breaks what is written to it; what follows in a line begins below the line's first word.
pub struct Wrapped<'a> {
    to: &'a mut dyn Write,
    /// How many columns there are; none where the lines stay as they are.
    width: Option<usize>,
    line: Vec<u8>,
}

impl<'a> Wrapped<'a> {
    /// A writer to `to`, which shows so many columns.
    pub fn new(to: &'a mut dyn Write, width: Option<usize>) -> Wrapped<'a> {
        Wrapped { to, width, line: Vec::new() }
    }
}

impl Write for Wrapped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(width) = self.width else { return self.to.write(bytes) };
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.to.write_all(wrap(&String::from_utf8_lossy(&line), width).as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&std::mem::take(&mut self.line))?;
        self.to.flush()
    }
}

/// A text whose lines are broken at words, each line's rest set in as far as its first word, beyond a number: `  1. `.
pub fn wrap(text: &str, width: usize) -> String {
    if width < NARROWEST {
        return text.to_owned();
    }
    text.split_inclusive('\n').map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(line: &str, width: usize) -> String {
    let blank = line.chars().take_while(|char| *char == ' ').count();
    let numbered = blank > 0 && line.split_whitespace().next().is_some_and(|word| word.ends_with('.'));
    let number = line.split_whitespace().next().map_or(0, |word| columns(word) + 1);
    let indent = (if numbered { blank + number } else { blank }).min(width / 2);
    let mut out = String::new();
    let mut column = 0;
    // Each word with the blanks after it, so that nothing within a line changes.
    for word in line.split_inclusive(' ') {
        let wide = columns(word.trim_end());
        if column > indent && wide > 0 && column + wide > width {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        }
        out.push_str(word);
        column += columns(word.trim_end_matches('\n'));
    }
    out
}

/// How many columns a word takes: styles take none, and wide letters two.
fn columns(word: &str) -> usize {
    let mut columns = 0;
    let mut in_style = false;
    for char in word.chars() {
        match char {
            '\u{1b}' => in_style = true,
            'm' if in_style => in_style = false,
            _ if in_style => {}
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => columns += 2,
            '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' => columns += 2,
            '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe0f}' => {}
            _ => columns += 1,
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_words() {
        assert_eq!(wrap("short\n", 20), "short\n");
        assert_eq!(wrap("one two three four five six\n", 20), "one two three four\nfive six\n");
        assert_eq!(wrap("  1. one two three four five\n", 20), "  1. one two three\n     four five\n");
        assert_eq!(
            wrap("a-word-that-is-longer-than-the-line x\n", 20),
            "a-word-that-is-longer-than-the-line\nx\n"
        );
        assert_eq!(
            wrap("\u{1b}[2mone two three four\u{1b}[0m five\n", 18),
            "\u{1b}[2mone two three four\u{1b}[0m five\n"
        );
        assert_eq!(wrap("日本 日本 日本 日本 日本\n", 20), "日本 日本 日本 日本\n日本\n");
    }

    #[test]
    fn a_prompt_is_written_when_it_is_flushed() {
        let mut out = Vec::new();
        let mut wrapped = Wrapped::new(&mut out, Some(20));
        write!(wrapped, "one two three ").unwrap();
        write!(wrapped, "four five\n> ").unwrap();
        wrapped.flush().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "one two three four\nfive\n> ");
    }
}
