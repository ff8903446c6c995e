//! Hostile sources: every construct that nests or repeats, as often as wanted.

/// A source that repeats something: `head`, then `open` many times, `middle`, `close` as many times, `tail`.
/// `#` is the number of the repetition, always of six digits so that each one is as long, `@` the next one, `%` a
/// text that looks like it without being it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What it repeats.
    pub name: &'static str,
    head: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
    tail: &'static str,
}

impl Shape {
    /// Whether the work grows faster than the source: each place of a program lists every local that the flow relies
    /// on and that is known there, so a flow of so many locals makes a program that grows with their square.
    #[allow(dead_code, reason = "the tests ask it, the measurements print every ratio")]
    pub fn keeps_many(&self) -> bool {
        matches!(
            self.name,
            "asks of locals" | "asks of locals shown" | "steps with locals" | "steps that know less and less"
        )
    }

    /// The source with so many repetitions.
    pub fn source(&self, times: usize) -> String {
        let mut text =
            String::with_capacity(self.head.len() + times * (self.open.len() + self.close.len() + 8));
        text.push_str(self.head);
        for number in 0..times {
            push(&mut text, self.open, number);
        }
        text.push_str(self.middle);
        for number in 0..times {
            push(&mut text, self.close, number);
        }
        text.push_str(self.tail);
        text
    }
}

fn push(text: &mut String, pattern: &str, number: usize) {
    for char in pattern.chars() {
        match char {
            '#' => text.push_str(&format!("{number:06}")),
            '@' => text.push_str(&format!("{:06}", number + 1)),
            '%' => text.push_str(&format!("{:06}x", number / 2 * 3)),
            other => text.push(other),
        }
    }
}

const fn shape(
    name: &'static str,
    head: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
    tail: &'static str,
) -> Shape {
    Shape { name, head, open, middle, close, tail }
}

/// Repeated inside a step.
const fn step(name: &'static str, open: &'static str, middle: &'static str, close: &'static str) -> Shape {
    shape(name, "flow f \"F\"\nstep a {\n", open, middle, close, "\n}\n")
}

/// Repeated inside a step whose rest is missing.
const fn unclosed(name: &'static str, open: &'static str) -> Shape {
    shape(name, "flow f \"F\"\nstep a {\n", open, "", "", "")
}

/// Repeated at the top.
const fn top(name: &'static str, open: &'static str) -> Shape {
    shape(name, "flow f \"F\"\n", open, "", "", "\nstep a {\n  end\n}\n")
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    // Nesting.
    step("blocks", "if reply is \"y\" then {\n", "end\n", "}\n"),
    unclosed("blocks unclosed", "if reply is \"y\" then {\n"),
    unclosed("blocks unclosed on a line", "if x is y then { "),
    step("choices", "ask \"a\" {\n\"b\" -> {\n", "end\n", "}\n}\n"),
    unclosed("choices unclosed", "ask \"a\" {\n\"b\" -> {\n"),
    step("outcomes", "create ticket support {\ncreated -> {\n", "end\n", "}\n}\n"),
    step("arrows", "-> {\n", "end\n", "}\n"),
    unclosed("arrows unclosed", "-> { "),
    unclosed("else blocks", "else { "),
    step("parentheses", "(", "x is y", ")"),
    shape(
        "parentheses in a condition",
        "flow f \"F\"\nstep a {\nif ",
        "(",
        "reply is \"y\"",
        ")",
        " then end\n}\n",
    ),
    shape("parentheses unclosed", "flow f \"F\"\nstep a {\nif ", "(", "", "", " then end\n}\n"),
    shape("lists", "flow f \"F\"\nstep a {\nsay ", "[", "\"a\"", "]", "\n}\n"),
    shape("lists unclosed", "flow f \"F\"\nstep a {\nsay ", "[", "", "", "\n}\n"),
    shape("holes in holes", "flow f \"F\"\nstep a {\nsay \"", "{\"", "a", "\"}", "\"\n}\n"),
    shape("holes in holes unclosed", "flow f \"F\"\nstep a {\nsay \"", "{\"", "", "", "\n}\n"),
    shape("mixed nesting", "flow f \"F\"\nstep a {\n", "if (x [ \"{ ask \"b\" { ", "", "", ""),
    shape("mixed nesting by lines", "flow f \"F\"\nstep a {\n", "if (x [ {\n  ask \"{ {\n", "", "", ""),
    top("braces", "{"),
    top("braces and lines", "{\n"),
    top("steps in steps", "step s# { "),
    // Closers.
    top("stray braces", "}"),
    top("stray braces by lines", "}\n"),
    step("stray parentheses", ") ", "", ""),
    step("stray mixture", "} ) ]\n", "", ""),
    step("crossed brackets", "( [ ) ]\n", "", ""),
    step("crossed braces", "( { ) }\n", "", ""),
    unclosed("crossed unclosed", "( { [\n) "),
    // Chains.
    step("calls", "let a# = f(#)\n", "", ""),
    shape("values of a call", "flow f \"F\"\nstep a {\nlet a = f(1", ", #", "", "", ")\n}\n"),
    shape("calls in calls", "flow f \"F\"\nstep a {\nlet a = ", "f(", "1", ")", "\n}\n"),
    shape("calls in calls unclosed", "flow f \"F\"\nstep a {\nlet a = ", "f(", "", "", "\n}\n"),
    shape("not", "flow f \"F\"\nstep a {\nif ", "not ", "reply is \"y\"", "", " then end\n}\n"),
    shape(
        "and",
        "flow f \"F\"\nstep a {\nif reply is \"z\"",
        " and reply is \"y#\"",
        "",
        "",
        " then end\n}\n",
    ),
    shape("or", "flow f \"F\"\nstep a {\nif reply is \"z\"", " or reply is \"y#\"", "", "", " then end\n}\n"),
    shape(
        "or by lines",
        "flow f \"F\"\nstep a {\nif reply is \"z\"\n",
        "or reply is \"y#\"\n",
        "",
        "",
        " then end\n}\n",
    ),
    shape(
        "default chains",
        "flow f \"F\"\nstep a {\nsay \"{page.title",
        " or page.title",
        "",
        "",
        "}\"\n}\n",
    ),
    shape("minus", "flow f \"F\"\nstep a {\nset x = ", "- ", "1", "", "\n}\n"),
    shape("comparisons", "flow f \"F\"\nstep a {\nif 1", " < 2", "", "", " then end\n}\n"),
    shape("is not", "flow f \"F\"\nstep a {\nif x", " is not", "", "", " then end\n}\n"),
    shape("paths", "flow f \"F\"\nstep a {\nset a", ".b", "", "", " = 1\n}\n"),
    shape("words", "flow f \"F\"\nstep a {\n", "word ", "", "", "\n}\n"),
    shape(
        "else if",
        "flow f \"F\"\nstep a {\nif reply is \"z\" then end\n",
        "else if reply is \"y#\" then end\n",
        "",
        "",
        "}\n",
    ),
    shape("else if broken", "flow f \"F\"\nstep a {\nif then\n", "else if then\n", "", "", "}\n"),
    shape("former names", "flow f \"F\"\nstep a was z", ", w#", "", "", " {\n  end\n}\n"),
    shape("ranges", "flow f \"F\"\nstep a {\ncreate ticket support { subject ", "a..", "", "", " }\n}\n"),
    // Repetition inside a step.
    step("statements", "say \"a#\"\n", "", ""),
    step("statements broken", "say 5\n", "", ""),
    step("statements on a line", "say \"a\" ", "", ""),
    step("actions unknown", "dance tango#\n", "", ""),
    step("asks", "ask \"a#\"\n", "", ""),
    step("asks of one local", "ask l: text \"a#\"\n", "", ""),
    step("asks of locals", "ask l#: text \"a#\"\n", "", ""),
    step("asks of locals shown", "ask l#: text \"a#\"\nsay \"{l#}\"\n", "", ""),
    step("locals of two types", "ask l: text \"a#\"\nask l: number \"a#\"\n", "", ""),
    step("locals unknown", "say \"{l#}\"\n", "", ""),
    step("properties unknown", "say \"{contact.p#}\"\n", "", ""),
    step("ifs", "if reply is \"y#\" then end\n", "", ""),
    step("ifs known", "if l# is known then say \"a\"\n", "", ""),
    step("tickets", "create ticket support {\n subject \"a#\"\n}\n", "", ""),
    step("goes unknown", "if reply is \"a\" then -> s%\n", "", ""),
    shape("choices in an ask", "flow f \"F\"\nstep a {\nask \"q\" {\n", "\"c#\"\n", "", "", "}\n}\n"),
    shape(
        "choices with values",
        "flow f \"F\"\nstep a {\nask l: number \"q\" {\n",
        "\"c#\" = # -> a\n",
        "",
        "",
        "}\n}\n",
    ),
    shape("choices alike", "flow f \"F\"\nstep a {\nask \"q\" {\n", "\"c\"\n", "", "", "}\n}\n"),
    shape(
        "choices with blocks",
        "flow f \"F\"\nstep a {\nask \"q\" {\n",
        "\"c#\" -> {\nsay \"a\"\n}\n",
        "",
        "",
        "}\n}\n",
    ),
    shape(
        "settings alike",
        "flow f \"F\"\nstep a {\nask l: text \"q\" {\n",
        "invalid \"c#\"\n",
        "",
        "",
        "}\n}\n",
    ),
    shape(
        "settings unknown",
        "flow f \"F\"\nstep a {\nask l: text \"q\" {\n",
        "invalit# \"c#\"\n",
        "",
        "",
        "}\n}\n",
    ),
    shape("options", "flow f \"F\"\nstep a {\nask l: one of [z", ", o# \"O#\"", "", "", "] \"q\"\n}\n"),
    shape("options alike", "flow f \"F\"\nstep a {\nask l: one of [z", ", o", "", "", "] \"q\"\n}\n"),
    shape("options broken", "flow f \"F\"\nstep a {\nask l: one of [z", " = = ,", "", "", "] \"q\"\n}\n"),
    shape(
        "options compared",
        "flow f \"F\"\nstep a {\nask l: one of [z",
        ", o#",
        "] \"q\"\n",
        "if l is o# then end\n",
        "}\n",
    ),
    shape(
        "options misspelt",
        "flow f \"F\"\nstep a {\nask l: one of [z",
        ", o#",
        "] \"q\"\n",
        "if l is o% then end\n",
        "}\n",
    ),
    shape("bubbles", "flow f \"F\"\nstep a {\nsay [\"z\"", ", \"a#\"", "", "", "]\n}\n"),
    shape(
        "members",
        "flow f \"F\"\nstep a {\nif reply is any of [\"z\"",
        ", \"a#\"",
        "",
        "",
        "] then end\n}\n",
    ),
    // Texts.
    shape("holes", "flow f \"F\"\nstep a {\nask l: text \"q\"\nsay \"", "{l} a# ", "", "", "\"\n}\n"),
    shape("holes unclosed", "flow f \"F\"\nstep a {\nsay \"", "{l a# ", "", "", "\"\n}\n"),
    shape("holes empty", "flow f \"F\"\nstep a {\nsay \"", "{} ", "", "", "\"\n}\n"),
    shape("escapes", "flow f \"F\"\nstep a {\nsay \"", "\\n\\q", "", "", "\"\n}\n"),
    shape(
        "lines of a block text",
        "flow f \"F\"\nstep a {\nsay \"\"\"\n",
        "   line # {reply or \"x\"}\n",
        "",
        "",
        "   \"\"\"\n}\n",
    ),
    shape("block text unclosed", "flow f \"F\"\nstep a {\nsay \"\"\"\n", "   line # {\n", "", "", ""),
    step("quotes unclosed", "say \"a#\n", "", ""),
    step("quotes and holes unclosed", "say \"a# {x \"b {\n", "", ""),
    step("quotes", "\"", "", ""),
    step("quotes and holes on a line", "\"{", "", ""),
    step("typographic quotes", "“a# ", "", ""),
    step("typographic quotes closed", "say “a#”\n", "", ""),
    shape("a long text", "flow f \"F\"\nstep a {\nsay \"", "words and € # ", "", "", "\"\n}\n"),
    shape("a long name", "flow f \"F\"\nstep a {\n-> ", "name_", "", "", "\n}\n"),
    shape("a long number", "flow f \"F\"\nstep a {\nset x = ", "12_", "", "", "\n}\n"),
    // Repetition at the top.
    top("steps", "step s# {\n  say \"a#\"\n}\n"),
    top("steps alike", "step s {\n  say \"a#\"\n}\n"),
    shape(
        "steps in a row",
        "flow f \"F\"\n",
        "step s# {\n  ask \"a\"\n  -> s@\n}\n",
        "",
        "",
        "step z {\n  end\n}\n",
    ),
    shape(
        "steps in a silent row",
        "flow f \"F\"\n",
        "step s# {\n  if reply is \"x\" then -> s@\n  else -> z\n}\n",
        "",
        "",
        "step z {\n  end\n}\n",
    ),
    shape(
        "steps that all lead back",
        "flow f \"F\"\n",
        "step s# {\n  if reply is \"x\" then -> s0\n  -> s@\n}\n",
        "",
        "",
        "step z {\n  end\n}\n",
    ),
    shape(
        "steps with locals",
        "flow f \"F\"\n",
        "step s# {\n  ask l#: text \"a\"\n  say \"{l#}\"\n  -> s@\n}\n",
        "",
        "",
        "step z {\n  end\n}\n",
    ),
    shape(
        "steps that know less and less",
        "flow f \"F\"\n",
        "step s# {\n  ask l#: text \"a\"\n  if l# is \"x\" then -> s0\n  -> s@\n}\n",
        "",
        "",
        "step z {\n  end\n}\n",
    ),
    shape(
        "steps misspelt",
        "flow f \"F\"\n",
        "step s# {\n  ask \"a\"\n  -> s%\n}\n",
        "",
        "",
        "step z {\n  end\n}\n",
    ),
    top("steps broken", "step {\n  say\n}\n"),
    top("steps unclosed", "step s# {\n  if x {\n"),
    top("channels", "channel website\n"),
    shape("a channel list", "flow f \"F\"\nchannel website", ", website", "", "", "\nstep a {\n  end\n}\n"),
    top("languages", "languages en\n"),
    top("uses", "use w#\n"),
    top("headers", "flow f# \"F\"\n"),
    top("targets", "target {\n  show when page.url contains \"#\"\n}\n"),
    shape(
        "rules",
        "flow f \"F\"\ntarget {\n",
        "  show when page.url contains \"#\"\n",
        "",
        "",
        "}\nstep a {\n  end\n}\n",
    ),
    shape(
        "rules over queries",
        "flow f \"F\"\ntarget {\n",
        "  show when page.query.q# is \"#\"\n",
        "",
        "",
        "}\nstep a {\n  end\n}\n",
    ),
    shape("triggers", "flow f \"F\"\ndisplay {\n", "  trigger after 8s\n", "", "", "}\nstep a {\n  end\n}\n"),
    shape(
        "settings of a block",
        "flow f \"F\"\noptions {\n",
        "  typing_delay 800ms\n",
        "",
        "",
        "}\nstep a {\n  end\n}\n",
    ),
    shape(
        "anytime arms",
        "flow f \"F\"\nanytime {\n",
        "  reply is \"#\" -> a\n",
        "",
        "",
        "}\nstep a {\n  end\n}\n",
    ),
    top("words at the top", "nothing#\n"),
    top("outdated", "outdated -> a\n"),
    shape(
        "tests",
        "flow f \"F\"\nstep a {\n  ask \"q\"\n}\n",
        "test \"t#\" {\n  bot \"q\"\n  visitor \"x#\"\n  expect reply is \"x#\"\n}\n",
        "",
        "",
        "",
    ),
    shape(
        "lines of a test",
        "flow f \"F\"\nstep a {\n  ask \"q\"\n}\ntest \"t\" {\n",
        "  bot \"q\"\n  visitor \"x#\"\n  expect reply is \"x#\"\n",
        "",
        "",
        "}\n",
    ),
    shape(
        "lines of a test broken",
        "flow f \"F\"\nstep a {\n  ask \"q\"\n}\ntest \"t\" {\n",
        "  bott \"q\"\n  expect\n  expect not a b c\n",
        "",
        "",
        "}\n",
    ),
    // Workspaces.
    shape("properties", "workspace w \"W\"\ncontact {\n", "  p# text \"P#\"\n", "", "", "}\n"),
    shape("properties alike", "workspace w \"W\"\ncontact {\n", "  p text \"P#\"\n", "", "", "}\n"),
    shape("types unknown", "workspace w \"W\"\ncontact {\n", "  p# txet \"P#\"\n", "", "", "}\n"),
    shape("users", "workspace w \"W\"\n", "user u# \"U#\" { seat sales }\n", "", "", ""),
    shape(
        "teams",
        "workspace w \"W\"\n",
        "user u# \"U#\"\nteam t# \"T#\" { members [u#, u@, u%] }\n",
        "",
        "",
        "",
    ),
    shape("members of a team", "workspace w \"W\"\nteam t \"T\" { members [z", ", u#", "", "", "] }\n"),
    shape(
        "hours",
        "workspace w \"W\"\ninbox i \"I\" {\n",
        "  hours monday..friday 09:00..17:30 in \"UTC\"\n",
        "",
        "",
        "}\n",
    ),
    shape("functions", "workspace w \"W\"\n", "function f#(a: number, b: text): number\n", "", "", ""),
    shape("parameters", "workspace w \"W\"\nfunction f(z: number", ", a#: number", "", "", "): number\n"),
    // What means nothing.
    top("comments", "// comment # \" { (\n"),
    top("documentation", "/// comment # \" { (\n"),
    top("blank lines", "\n   \n"),
    top("carriage returns", "\r"),
    top("no-break spaces", "\u{a0}"),
    top("direction marks", "\u{202e}"),
    top("nothing readable", "\u{0}\u{1b}§"),
    top("operators", "= < > <= >= + - * / . .. , : -> "),
    top("numbers", "12 2.5 30m 50% #ff7a59 2027-01-31 09:00 12abc "),
];
