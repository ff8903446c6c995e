//! The token table: every byte of a file belongs to exactly one token, comments and blanks too.

use crate::source::{FileId, Span};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $(= $word:literal)?;)*) => {
        /// What a token is: one byte.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// The words that the grammar knows, with their kinds. A word is a keyword only where one can stand;
            /// everywhere else it is a name.
            pub const KEYWORDS: &'static [(&'static str, Kind)] = &[$($(($word, Kind::$name),)?)*];

            /// The kind of a word.
            pub fn of_word(word: &str) -> Kind {
                match word { $($($word => Kind::$name,)?)* _ => Kind::Word }
            }

            /// The word, for a keyword.
            pub fn keyword(self) -> Option<&'static str> {
                match self { $($(Kind::$name => Some($word),)?)* _ => None }
            }

            /// The word in backticks, for a keyword.
            fn quoted(self) -> Option<&'static str> {
                match self { $($(Kind::$name => Some(concat!("`", $word, "`")),)?)* _ => None }
            }
        }
    };
}

kinds! {
    /// Blanks, tabs, a byte order mark; whatever separates and means nothing.
    Blank;
    /// The end of a line: `\n` or `\r\n`.
    Newline;
    /// `// …`.
    Comment;
    /// `/// …`.
    DocComment;
    /// A character that has no place here.
    Unknown;

    /// A name that is no keyword.
    Word;
    /// `12`, `1_000`, `2.5`.
    Number;
    /// `30m`, `800ms`.
    Duration;
    /// `50%`.
    Percent;
    /// `#ff7a59`.
    Colour;
    /// `2027-01-31`.
    Date;
    /// `2027-01-31T09:00`.
    DateTime;
    /// `09:00`.
    Time;

    /// The quote or three quotes that open a text.
    StrOpen;
    /// Words of a text.
    StrText;
    /// `\n` and the like.
    Escape;
    /// The quote or quotes that close a text; empty where they are missing.
    StrClose;
    /// `/regular expression/` after `matches`, with its slashes.
    Regex;
    /// `{` in a text.
    HoleOpen;
    /// `}` in a text; empty where it is missing.
    HoleClose;

    /// `{`.
    LBrace;
    /// `}`.
    RBrace;
    /// `(`.
    LParen;
    /// `)`.
    RParen;
    /// `[`.
    LBracket;
    /// `]`.
    RBracket;
    /// `,`.
    Comma;
    /// `:`.
    Colon;
    /// `.`.
    Dot;
    /// `..`.
    DotDot;
    /// `->`.
    Arrow;
    /// `=`.
    Equals;
    /// `<`.
    Less;
    /// `<=`.
    LessEqual;
    /// `>`.
    Greater;
    /// `>=`.
    GreaterEqual;
    /// `+`.
    Plus;
    /// `-`.
    Minus;
    /// `*`.
    Star;
    /// `/`.
    Slash;
    /// Stands for what was nested too deeply to be read; made by the layout pass, never by the lexer.
    TooDeep;

    #[doc = "The keyword."] Flow = "flow";
    #[doc = "The keyword."] Workspace = "workspace";
    #[doc = "The keyword."] Module = "module";
    #[doc = "The keyword."] Use = "use";
    #[doc = "The keyword."] Channel = "channel";
    #[doc = "The keyword."] Inbox = "inbox";
    #[doc = "The keyword."] Languages = "languages";
    #[doc = "The keyword."] Priority = "priority";
    #[doc = "The keyword."] Plan = "plan";
    #[doc = "The keyword."] Privacy = "privacy";
    #[doc = "The keyword."] Texts = "texts";
    #[doc = "The keyword."] Target = "target";
    #[doc = "The keyword."] Display = "display";
    #[doc = "The keyword."] Options = "options";
    #[doc = "The keyword."] Consent = "consent";
    #[doc = "The keyword."] Welcome = "welcome";
    #[doc = "The keyword."] Outdated = "outdated";
    #[doc = "The keyword."] Anytime = "anytime";
    #[doc = "The keyword."] Step = "step";
    #[doc = "The keyword."] Test = "test";
    #[doc = "The keyword."] Tests = "tests";
    #[doc = "The keyword."] For = "for";
    #[doc = "The keyword."] Contact = "contact";
    #[doc = "The keyword."] Company = "company";
    #[doc = "The keyword."] User = "user";
    #[doc = "The keyword."] Team = "team";
    #[doc = "The keyword."] Meeting = "meeting";
    #[doc = "The keyword."] Article = "article";
    #[doc = "The keyword."] Knowledge = "knowledge";
    #[doc = "The keyword."] List = "list";
    #[doc = "The keyword."] Workflow = "workflow";
    #[doc = "The keyword."] Pipeline = "pipeline";
    #[doc = "The keyword."] Survey = "survey";
    #[doc = "The keyword."] Subscription = "subscription";
    #[doc = "The keyword."] Secret = "secret";
    #[doc = "The keyword."] Function = "function";

    #[doc = "The keyword."] Say = "say";
    #[doc = "The keyword."] Ask = "ask";
    #[doc = "The keyword."] Set = "set";
    #[doc = "The keyword."] Let = "let";
    #[doc = "The keyword."] Clear = "clear";
    #[doc = "The keyword."] Do = "do";
    #[doc = "The keyword."] If = "if";
    #[doc = "The keyword."] Then = "then";
    #[doc = "The keyword."] Else = "else";
    #[doc = "The keyword."] End = "end";
    #[doc = "The keyword."] Was = "was";
    #[doc = "The keyword."] When = "when";

    #[doc = "The keyword."] One = "one";
    #[doc = "The keyword."] Many = "many";
    #[doc = "The keyword."] Of = "of";
    #[doc = "The keyword."] And = "and";
    #[doc = "The keyword."] Or = "or";
    #[doc = "The keyword."] Not = "not";
    #[doc = "The keyword."] Is = "is";
    #[doc = "The keyword."] Any = "any";
    #[doc = "The keyword."] None = "none";
    #[doc = "The keyword."] Known = "known";
    #[doc = "The keyword."] UnknownWord = "unknown";
    #[doc = "The keyword."] Exactly = "exactly";
    #[doc = "The keyword."] Contains = "contains";
    #[doc = "The keyword."] Does = "does";
    #[doc = "The keyword."] Contain = "contain";
    #[doc = "The keyword."] Starts = "starts";
    #[doc = "The keyword."] Ends = "ends";
    #[doc = "The keyword."] With = "with";
    #[doc = "The keyword."] Includes = "includes";
    #[doc = "The keyword."] All = "all";
    #[doc = "The keyword."] In = "in";
    #[doc = "The keyword."] Matches = "matches";
    #[doc = "The keyword."] Plural = "plural";
    #[doc = "The keyword."] Select = "select";
    #[doc = "The keyword."] Before = "before";
    #[doc = "The keyword."] After = "after";
    #[doc = "The keyword."] Between = "between";
    #[doc = "The keyword."] Available = "available";
    #[doc = "The keyword."] Open = "open";
    #[doc = "The keyword."] True = "true";
    #[doc = "The keyword."] False = "false";

    #[doc = "The keyword."] Given = "given";
    #[doc = "The keyword."] Visit = "visit";
    #[doc = "The keyword."] Agree = "agree";
    #[doc = "The keyword."] Bot = "bot";
    #[doc = "The keyword."] Visitor = "visitor";
    #[doc = "The keyword."] Expect = "expect";
    #[doc = "The keyword."] Shown = "shown";
    #[doc = "The keyword."] Wait = "wait";
    #[doc = "The keyword."] Fail = "fail";
    #[doc = "The keyword."] Choose = "choose";
    #[doc = "The keyword."] Completed = "completed";

    #[doc = "The keyword."] Call = "call";
    #[doc = "The keyword."] Webhook = "webhook";
    #[doc = "The keyword."] Answers = "answers";
    #[doc = "The keyword."] Save = "save";
    #[doc = "The keyword."] As = "as";
}

impl Kind {
    /// Whether a name can be written with this token.
    pub fn is_word(self) -> bool {
        self == Kind::Word || self >= Kind::Flow
    }

    /// Whether the parser never sees it.
    pub fn is_trivia(self) -> bool {
        matches!(self, Kind::Blank | Kind::Comment | Kind::DocComment)
    }

    /// How a message calls it.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Blank | Kind::Comment | Kind::DocComment => "a comment or blank",
            Kind::Newline => "the end of the line",
            Kind::Unknown => "an unknown character",
            Kind::Word => "a name",
            Kind::Number => "a number",
            Kind::Duration => "a duration",
            Kind::Percent => "a percentage",
            Kind::Colour => "a colour",
            Kind::Date => "a date",
            Kind::DateTime => "a date and time",
            Kind::Time => "a time of day",
            Kind::StrOpen | Kind::StrText | Kind::Escape | Kind::StrClose => "a text",
            Kind::Regex => "a pattern",
            Kind::HoleOpen => "`{`",
            Kind::HoleClose => "`}`",
            Kind::LBrace => "`{`",
            Kind::RBrace => "`}`",
            Kind::LParen => "`(`",
            Kind::RParen => "`)`",
            Kind::LBracket => "`[`",
            Kind::RBracket => "`]`",
            Kind::Comma => "`,`",
            Kind::Colon => "`:`",
            Kind::Dot => "`.`",
            Kind::DotDot => "`..`",
            Kind::Arrow => "`->`",
            Kind::Equals => "`=`",
            Kind::Less => "`<`",
            Kind::LessEqual => "`<=`",
            Kind::Greater => "`>`",
            Kind::GreaterEqual => "`>=`",
            Kind::Plus => "`+`",
            Kind::Minus => "`-`",
            Kind::Star => "`*`",
            Kind::Slash => "`/`",
            Kind::TooDeep => "something nested too deeply",
            keyword => keyword.quoted().unwrap_or("a word"),
        }
    }
}

/// The tokens of a file. `starts` ascends; a token ends where the next begins, the last one with the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// What each token is.
    pub kinds: Vec<Kind>,
    /// Where each token begins, in bytes.
    pub starts: Vec<u32>,
    /// The length of the text.
    pub len: u32,
}

impl Tokens {
    /// The bytes of a token.
    pub fn range(&self, token: u32) -> std::ops::Range<usize> {
        let start = self.starts.get(token as usize).copied().unwrap_or(self.len);
        let end = self.starts.get(token as usize + 1).copied().unwrap_or(self.len);
        start as usize..end as usize
    }

    /// What a token is.
    pub fn kind(&self, token: u32) -> Option<Kind> {
        self.kinds.get(token as usize).copied()
    }

    /// The span of a token.
    pub fn span(&self, file: FileId, token: u32) -> Span {
        let range = self.range(token);
        Span { file, start: range.start as u32, end: range.end as u32 }
    }
}
