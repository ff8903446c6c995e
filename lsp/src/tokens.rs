//! What each word is, for editors that colour by meaning.

use chatflow_compiler::index::{How, Mention, Name};
use chatflow_compiler::parse::is_joint;
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::token::Kind;

use crate::analysis::Analysis;

/// Declares the kinds of tokens, in the order of their numbers on the wire, with the protocol's words for them.
macro_rules! token_types {
    ($($(#[doc = $doc:literal])* $name:ident $word:literal;)*) => {
        /// What a word is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum TokenType { $($(#[doc = $doc])* $name,)* }

        impl TokenType {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [(TokenType, &'static str)] = &[$((TokenType::$name, $word),)*];
        }
    };
}

token_types! {
    /// A word of the language.
    Keyword "keyword";
    /// A flow, module or workspace.
    File "namespace";
    /// A step.
    Step "function";
    /// The head of an action.
    Action "method";
    /// A property.
    Property "property";
    /// A local.
    Local "variable";
    /// A setting.
    Setting "parameter";
    /// An outcome.
    Outcome "event";
    /// An option, or a word that a setting takes.
    Option "enumMember";
    /// A thing of the workspace.
    Thing "class";
    /// A type.
    Type "type";
    /// An operator of words.
    Operator "operator";
    /// A text.
    Text "string";
    /// A number, a duration, a date.
    Number "number";
    /// A comment.
    Comment "comment";
    /// A regular expression.
    Pattern "regexp";
}

/// What else is said of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Modifiers {
    /// It is declared here.
    pub declaration: bool,
    /// It is stored in here.
    pub modification: bool,
    /// It is the language's own, or a host's.
    pub library: bool,
    /// It is a comment that documents.
    pub documentation: bool,
}

impl Modifiers {
    /// The protocol's words for them, in the order of their bits.
    pub const WORDS: [&'static str; 4] = ["declaration", "modification", "defaultLibrary", "documentation"];

    /// The bits.
    pub fn bits(self) -> u32 {
        let all = [self.declaration, self.modification, self.library, self.documentation];
        all.iter().enumerate().map(|(nth, set)| u32::from(*set) << nth).sum()
    }
}

/// A word with what it is. It stands on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: TokenType,
    /// What else.
    pub modifiers: Modifiers,
}

/// The tokens of a file, in order, none over another; those that touch `within`, or all.
pub fn tokens(analysis: &Analysis, file: FileId, within: Option<Span>) -> Vec<Token> {
    let (Some(source), Some(scope)) = (analysis.file(file), analysis.index().scope(file)) else {
        return Vec::new();
    };
    let mut mentions = scope.mentions.iter().peekable();
    let mut found = Vec::new();
    for token in 0..source.tokens.kinds.len() as u32 {
        let Some(kind) = source.tokens.kind(token) else { break };
        let span = source.tokens.span(file, token);
        while mentions.peek().is_some_and(|mention| mention.span.end <= span.start) {
            mentions.next();
        }
        if within.is_some_and(|within| span.end < within.start || within.end < span.start) {
            continue;
        }
        let named = mentions
            .peek()
            .filter(|mention| mention.span.start <= span.start && span.end <= mention.span.end);
        let meaning = match named.filter(|_| kind.is_word() || kind == Kind::Dot) {
            Some(mention) => meaning(mention),
            None => lexical(kind).map(|kind| (kind, Modifiers::default())),
        };
        let Some((kind_of, mut modifiers)) = meaning else { continue };
        modifiers.documentation = kind == Kind::DocComment;
        push_lines(&mut found, source.text(span), Token { span, kind: kind_of, modifiers });
    }
    found
}

/// A token over several lines is one for each.
fn push_lines(found: &mut Vec<Token>, text: &str, token: Token) {
    let mut start = token.span.start;
    for line in text.split_inclusive('\n') {
        let len = line.trim_end_matches(['\n', '\r']).len() as u32;
        if len > 0 {
            found.push(Token { span: Span { start, end: start + len, ..token.span }, ..token });
        }
        start += line.len() as u32;
    }
}

fn meaning(mention: &Mention) -> Option<(TokenType, Modifiers)> {
    let own = Modifiers {
        declaration: mention.how == How::Declares,
        modification: mention.how == How::Stores,
        ..Modifiers::default()
    };
    let library = Modifiers { library: true, ..own };
    Some(match &mention.name {
        Name::File(_) => (TokenType::File, own),
        Name::Step(..) => (TokenType::Step, own),
        Name::Local(..) => (TokenType::Local, own),
        Name::Property(..) => (TokenType::Property, own),
        Name::Option { .. } | Name::Stage { .. } => (TokenType::Option, own),
        Name::Thing(..) => (TokenType::Thing, own),
        Name::Fact(_) | Name::Reply => (TokenType::Local, library),
        Name::Action(_) => (TokenType::Action, library),
        Name::Argument(..) | Name::Setting(_) => (TokenType::Setting, library),
        Name::Outcome(..) => (TokenType::Outcome, library),
        Name::Operator(_) => (TokenType::Operator, own),
        Name::Type(_) => (TokenType::Type, library),
        Name::Word(_) => (TokenType::Keyword, own),
        Name::Value => (TokenType::Option, library),
    })
}

/// What a token is by itself.
fn lexical(kind: Kind) -> Option<TokenType> {
    Some(match kind {
        Kind::StrOpen | Kind::StrText | Kind::Escape | Kind::StrClose => TokenType::Text,
        Kind::Number
        | Kind::Duration
        | Kind::Percent
        | Kind::Colour
        | Kind::Date
        | Kind::DateTime
        | Kind::Time => TokenType::Number,
        Kind::Comment | Kind::DocComment => TokenType::Comment,
        Kind::Regex => TokenType::Pattern,
        Kind::When | Kind::Was | Kind::For | Kind::As | Kind::Plural | Kind::Select => TokenType::Keyword,
        Kind::One | Kind::Many | Kind::Of => TokenType::Type,
        Kind::True | Kind::False => TokenType::Option,
        kind if is_joint(kind) => TokenType::Keyword,
        _ => return None,
    })
}
