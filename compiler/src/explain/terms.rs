//! The words that stand within others: types, what joins conditions, arithmetic, the settings of things, punctuation. No table of
//! the language has a row for them; a test walks the keywords, so that none is forgotten.

/// One row of the table.
#[derive(Debug)]
pub struct TermSpec {
    /// How people ask for it; the first is what it is called.
    pub names: &'static [&'static str],
    /// What it is: `a type`.
    pub kind: &'static str,
    /// One to three sentences: what it means.
    pub doc: &'static str,
    /// How it is written.
    pub form: &'static str,
}

macro_rules! terms {
    ($($kind:literal { $($name:literal $(| $other:literal)*, $form:literal: $doc:literal;)* })*) => {
        /// Every term.
        pub const TERMS: &[TermSpec] = &[
            $($(TermSpec { names: &[$name $(, $other)*], kind: $kind, form: $form, doc: $doc },)*)*
        ];
    };
}

terms! {
    "a type" {
        "text", "ask issue: text \"What is wrong?\"": "Any text. It is written in double quotes.";
        "number", "ask seats: number \"How many seats?\"": "An exact decimal number with up to 28 digits, as 12, 1_000 or 2.5. In a text it shows no more decimals than it has: 49.50 is 49.5.";
        "bool" | "true" | "false" | "yes" | "no", "ask agrees: bool \"Is that right?\"": "Yes or no: `true` or `false`. As it is a value and no condition, it is compared: `agrees is true`.";
        "date", "ask day: date \"When does it begin?\"": "A day. It is written without quotes, as 2027-01-31, and read from an answer as the language writes dates.";
        "datetime", "ask at: datetime \"When shall we call?\"": "A day and a time. It is written as 2027-01-31T09:00; without a zone it is in that of the inbox.";
        "duration" | "ms" | "s" | "m" | "h" | "d", "wait 2s": "A length of time, with one unit: `ms`, `s`, `m` (minutes), `h` or `d`.";
        "email", "ask contact.email \"What's your e-mail address?\"": "An e-mail address. It is read from an answer; a text does not become one by `set`.";
        "phone", "ask contact.phone \"What's your number?\"": "A phone number with its country's code, or one of the visitor's own country. It is stored as +31201234567.";
        "url", "ask site: url \"What is your site?\"": "An address of the web. `https://` is added where nothing stands there.";
        "one of", "ask size: one of [small \"Small\", large \"Large\"] \"Which size?\"": "One of a closed list of options: each has a name, a label if it should read otherwise, and the CRM's own value behind `=`.";
        "many of", "ask interests: many of [pricing, api] \"What interests you?\"": "Several of a closed list of options.";
    }
    "a word of conditions" {
        "then", "if CONDITION then STATEMENT": "Stands between a condition and what happens where it is true: a statement, an arrow or a block.";
        "else" | "else if", "else STATEMENT": "What happens where no condition above is true; an unknown one is not. `else if CONDITION then` tests another.";
        "and", "A and B": "True where both sides are. Where one is false the whole is; else an unknown side makes it unknown.";
        "or", "contact.firstname or \"there\"": "Between conditions: true where one side is. Between values: the right one where the left one is unknown.";
        "not", "not CONDITION": "The opposite; of an unknown condition it is unknown too.";
    }
    "an operator of arithmetic" {
        "+" | "-" | "*" | "/", "let total = seats * 49.50 - 10": "Calculates with numbers, durations and dates. Every value must be known; dividing by zero is the `failed` of `let` and `set`.";
    }
    "a form of a text" {
        "{…}" | "{" | "}" | "{}" | "hole", "say \"Hello {contact.firstname or \"there\"}.\"": "A hole in a text: it shows a value, which must be known there. `\\{` is a brace.";
        "plural" | "zero" | "two" | "few" | "other", "say \"{plural seats: one \"{seats} seat\", other \"{seats} seats\"}\"": "Chooses a form of a text by a number, in the way of the language.";
        "select", "say \"{select contact.stage or lead: customer \"Welcome back\", other \"Welcome\"}\"": "Chooses a form of a text by an option, a text, or yes and no.";
        "\"\"\"", "say \"\"\"": "A text over several lines; the indent that they share is left out.";
    }
    "a value" {
        "reply", "if reply contains \"price\" then -> prices": "What the visitor typed last, as a text; known after a question, and in `anytime`.";
        "page.query" | "page", "page.query.utm_source is \"ads\"": "A value of the page's address, behind its `?`; `page.query[\"any name\"]` for names with other letters. The other facts of a page: `page.url`, `page.path` and more.";
    }
    "whom a chat is handed to" {
        "contact owner" | "owner", "hand off to contact owner": "Whoever the CRM says owns the contact; `unavailable` where nobody does, or they are away.";
        "unassigned", "hand off to unassigned": "Nobody in particular: the chat stands in the inbox until somebody takes it.";
    }
    "a setting of a thing" {
        "seat", "user ada \"Ada\" { seat sales }": "What a user's licence is for: `sales` or `service`. Only who has a seat can take chats.";
        "members", "team sales \"Sales\" { members [ada, bo] }": "The users of a team.";
        "hours" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday", "inbox sales \"Sales\" { hours monday..friday 09:00..17:30 in \"Europe/Amsterdam\" }": "When an inbox is open. It may be repeated; days that are not named are closed.";
        "link", "meeting intro \"Intro\" { link \"https://meet.example/intro\" }": "Where a meeting is booked, or an article stands.";
        "stages", "pipeline support \"Support\" { stages [new, waiting, closed] }": "The stages of a pipeline; a ticket starts in the first.";
        "kind" | "csat" | "nps" | "ces", "survey post_chat \"How was this chat?\" { kind csat }": "What a survey asks: `csat` how satisfied the visitor is, `nps` whether they would recommend you, `ces` how easy it was.";
    }
    "a word of `say`" {
        "alt", "image \"https://acme.example/hello.png\" alt \"A waving bot\"": "What a picture or a video shows, in words, for people who do not see it.";
        "name", "file \"https://acme.example/prices.pdf\" name \"Price list\"": "How a file to download is called.";
    }
    "a former name" {
        "was", "step qualify was triage, filter {}": "Names that a step or a flow had before, so that chats which wait there, and texts of translators, still find it.";
    }
    "a line of `given`" {
        "answers", "given call webhook \"https://acme.example/quotes\" answers { \"quote.total\" 49.5 }": "What a server answers in a test.";
    }
    "a line of a test" {
        "agree cookies" | "cookies", "agree cookies": "The visitor agrees to cookies, which is asked for on its own.";
        "not", "expect not hand off to team sales": "Before what must not be so: `expect not …`, `not shown`.";
    }
    "a part of `save`" {
        "as", "save \"quote.total\" as total: number": "Names the local in which a part of a server's answer is stored, with its type.";
    }
    "punctuation" {
        "->", "\"See a demo\" -> demo": "Leads to a step, or to a block. It never comes back; `do STEP` does.";
        "=", "set contact.stage = lead": "Stores in `set` and `let`; behind a choice, what it stands for; in an option, the CRM's own value. Equality is `is`.";
        ":", "ask name: text \"What's your name?\"": "Stands before a type.";
        "..", "monday..friday 09:00..17:30": "From the left to the right, both included: days and times.";
        "[ ]" | "[" | "]" | "[]", "[sales, support]": "A list.";
        "( )" | "(" | ")" | "()", "(seats + 1) * 2": "What is calculated or tested first; around the values of a function.";
        "//" | "comment", "// what follows is for people": "A comment, up to the end of the line.";
        "///", "/// Gets visitors to the right team.": "Documents what stands below it; editors show it.";
        "allow", "// allow E0408: the session's own end does the same": "Allows a warning on the line below, with the reason.";
    }
}
