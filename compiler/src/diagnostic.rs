//! What the compiler has to say about a source, as data. Renderers are functions of it and live elsewhere.

use crate::code::Code;
use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The flow cannot run as it is written.
    Error,
    /// The flow runs, but would surprise its author.
    Warning,
}

impl Severity {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code; the code has the severity and a page of its own.
    pub code: Code,
    /// One line that can stand alone: a lower-case fragment, names of the flow in backticks, no full stop.
    pub message: String,
    /// The one place it is about, with what to read there.
    pub primary: Label,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// The way out, as a sentence.
    pub help: Option<String>,
    /// Edits that mend it.
    pub fixes: Vec<Fix>,
}

/// A place and what to read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A fragment; may be empty.
    pub text: String,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "write `say`".
    pub title: String,
    /// Whether it may be applied without a look.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied by a machine alone; the words are those of other checkers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// What is written can only have been meant so: applying it says the same in the language's own words.
    Safe,
    /// It may have been meant otherwise; somebody has to look at it.
    Unsafe,
}

impl Applicability {
    /// The word that other programs read.
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }
    }
}

/// One edit: the text of `span` becomes `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Diagnostic {
    /// A finding at a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            primary: Label { span, text: String::new() },
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// What to read at the primary place.
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Another place that explains it.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The way out.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// An edit that mends it and is safe: it can only have been meant so.
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.edit(Applicability::Safe, title, span, text)
    }

    /// An edit that mends it, but needs a look: something else may have been meant.
    pub fn suggest(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.edit(Applicability::Unsafe, title, span, text)
    }

    /// An edit that mends it.
    pub fn edit(
        self,
        applicability: Applicability,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Diagnostic {
        self.edits(applicability, title, vec![Edit { span, text: text.into() }])
    }

    /// Edits that together mend it; they do not overlap.
    pub fn edits(
        mut self,
        applicability: Applicability,
        title: impl Into<String>,
        edits: Vec<Edit>,
    ) -> Diagnostic {
        self.fixes.push(Fix { title: title.into(), applicability, edits });
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
