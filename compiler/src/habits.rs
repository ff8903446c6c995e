//! What people who know another language write, and what to write here instead.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How people take over.
pub(crate) const TO_PEOPLE: &str = "Give the chat to people with `hand off to team NAME { … }`.";

/// What to write instead of a statement or a block that begins with a word of another language.
pub(crate) fn statement(word: &str) -> Option<&'static str> {
    Some(match word {
        "goto" | "go" | "jump" | "redirect" | "next" | "continue" => "Go to a step with `-> STEP`.",
        "return" | "exit" | "stop" | "quit" | "break" | "finish" => {
            "`end` ends the flow; a step that was run with `do` comes back at its own end."
        }
        "print" | "echo" | "send" | "message" | "reply" | "write" | "text" | "console" | "log" => {
            "The bot speaks with `say \"…\"`."
        }
        "prompt" | "input" | "question" | "quick_replies" | "buttons" => {
            "The bot asks with `ask NAME: TYPE \"…\"`; choices stand in its block."
        }
        "for" | "foreach" | "while" | "loop" | "repeat" => {
            "There are no loops: to ask again, go back to the step that asks, with `-> STEP`."
        }
        "switch" | "case" | "match" | "when" | "unless" | "branch" => {
            "Write `if … then … else if … then …`, or an `ask` whose choices have arrows."
        }
        "elif" | "elsif" | "elseif" | "elsewhere" => "Write `else if … then …`.",
        "function" | "def" | "fn" | "func" | "proc" | "class" | "intent" | "node" | "state" | "block" => {
            "The parts of a flow are steps: `step NAME { … }`, run with `do NAME` or gone to with `-> NAME`."
        }
        "await" | "async" => "Leave it out: every statement waits for what it needs.",
        "try" | "catch" | "throw" | "raise" | "except" => {
            "What may fail has outcomes in its block: `failed -> STEP`."
        }
        "sleep" | "delay" | "pause" => "Let time pass with `wait 2s`.",
        "del" | "delete" | "unset" | "remove" => "Forget a value with `clear PROPERTY`.",
        "transfer" | "assign" | "handoff" | "escalate" => TO_PEOPLE,
        "import" | "include" | "require" | "from" => "Use a workspace with `use NAME`, above the steps.",
        "pass" | "noop" => "Leave it out: a block may be empty.",
        _ => return None,
    })
}

/// The type that another language calls so.
pub(crate) fn type_name(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "boolean" | "flag" | "yesno" | "checkbox" => "bool",
        "string" | "str" | "varchar" | "char" | "textarea" => "text",
        "int" | "integer" | "float" | "double" | "decimal" | "numeric" | "money" | "currency" | "amount" => {
            "number"
        }
        "mail" | "emailaddress" | "e_mail" | "email_address" => "email",
        "telephone" | "tel" | "mobile" | "phonenumber" | "phone_number" => "phone",
        "link" | "uri" | "website" => "url",
        "timestamp" | "time" | "date_time" => "datetime",
        "interval" | "timespan" => "duration",
        _ => return None,
    })
}

/// What to write instead of a word for what is not there.
pub(crate) fn value(word: &str) -> Option<&'static str> {
    match word {
        "null" | "nil" | "none" | "None" | "NULL" | "undefined" | "empty" | "blank" | "set" | "exists"
        | "defined" | "missing" => {
            Some("Whether there is a value is tested with `is known` and `is unknown`.")
        }
        "plural" => Some("A plural is written `{plural seats: one \"a seat\", other \"{seats} seats\"}`."),
        "select" => Some(
            "A choice by a value is written `{select contact.stage: lead \"dear reader\", other \"you\"}`.",
        ),
        _ => None,
    }
}

/// Where something stands that cannot be read.
pub(crate) struct Place<'t> {
    /// What stands there.
    pub(crate) written: &'t str,
    /// Where.
    pub(crate) span: Span,
    /// What stands before it.
    pub(crate) before: &'t str,
    /// Where.
    pub(crate) before_span: Span,
    /// The first word of its line's item or block.
    pub(crate) head: &'t str,
    /// What would fit.
    pub(crate) expected: &'t [&'t str],
}

/// The finding with what to write instead, where what stands there is a habit.
pub(crate) fn syntax(found: Diagnostic, place: &Place<'_>) -> Diagnostic {
    let fits = |what: &str| place.expected.contains(&what);
    let replaced = |found: Diagnostic, with: &str| found.suggest(format!("write `{with}`"), place.span, with);
    match place.written {
        "." if fits("a value") => found
            .help("A number begins with a digit: `0.5`.")
            .suggest("write a `0` before it", place.span.at_start(), "0"),
        "." if place.before.bytes().all(|byte| byte.is_ascii_digit()) => {
            found.help("A number ends with a digit: `5` or `5.0`.").suggest("delete the `.`", place.span, "")
        }
        ";" => found
            .help("A statement ends with its line.")
            .suggest("delete the `;`", place.span, ""),
        "'" | "`" | "‘" => found.help("Texts stand in double quotes: `\"Hello\"`."),
        "!" => found.help("Write `not`: `not x is …`, or `x is not …`."),
        "#" => found.help("A comment begins with `//`."),
        "/" => found.help("A comment begins with `//` and ends with its line."),
        "?" => found.help("Write `if … then … else …`."),
        "{" if fits("`then`") => {
            found.help("Write `then` before the block.").suggest("write `then`", place.span.at_start(), "then ")
        }
        "{" if place.head == "function" => found.help(statement("function").unwrap_or_default()),
        ">" if place.before == "=" => found
            .help("What happens next stands behind an arrow: `->`.")
            .suggest("write `->`", place.before_span.to(place.span), "->"),
        "(" if fits("a text") => found.help("Statements take no parentheses: `say \"Hello\"`."),
        "(" => found.help("Nothing is called like a function here; the bot asks with `ask NAME: TYPE \"…\"`."),
        "[" if fits("`{`") => found.help("Choices stand in a block: `ask \"…\" { \"One\" -> a … }`, each on its line."),
        "," if fits("`{`") => found.help("Several messages stand in a list: `say [\"…\", \"…\"]`."),
        "+" if fits("`{`") => found.help("Values stand in the text itself, between `{` and `}`: `\"Hi {name}\"`."),
        "-" if fits("a setting") => found
            .help("A choice begins with its label: `\"Label\" -> STEP`.")
            .suggest("delete the `-`", place.span, ""),
        ":" if fits("`=`") => replaced(found.help("A value is stored with `set NAME = VALUE`."), " ="),
        ":" => found.help(
            "No colon stands here: settings are `NAME VALUE`, choices `\"Label\" -> STEP`, and blocks stand in `{` and `}`.",
        ),
        "elif" | "elsif" | "elseif" => replaced(found.help("Write `else if … then …`."), "else if"),
        "in" if fits("`then`") => replaced(found.help("One of several is tested with `is any of […]`."), "is any of"),
        "between" if fits("`then`") => replaced(found.help("Write `is between … and …`."), "is between"),
        "than" => found.help("Numbers are compared with `<`, `<=`, `>` and `>=`."),
        "to" if fits("`=`") => replaced(found.help("A value is stored with `set NAME = VALUE`."), "="),
        "<" | "<=" | ">" | ">=" | "is" if matches!(place.before, "and" | "or") => found.help(
            "Each side of `and` and `or` is a whole condition: name the value again, or write `is between … and …`.",
        ),
        _ if fits("`=`") && !fits("the end of the line") => found
            .help("A value is stored with `set NAME = VALUE`.")
            .suggest("write `=`", place.span.at_start(), "= "),
        _ => found,
    }
}
