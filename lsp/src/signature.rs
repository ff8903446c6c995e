//! What the line that is being written takes: the parameters of a function, a setting, what an action names, a choice
//! among forms.

use chatflow_compiler::explain;
use chatflow_compiler::index::Name;
use chatflow_compiler::source::FileId;
use chatflow_compiler::token::Kind;
use chatflow_compiler::words::{self, Place, WordSpec};
use chatflow_compiler::workspace::Thing;
use chatflow_runtime::action::{Action, ActionSpec, Argument, ObjectSpec, Takes};
use chatflow_runtime::setting::{Setting, SettingTakes};

use crate::analysis::Analysis;
use crate::completion::context::{Block, Context, Word, head_of, statement};
use crate::hover::ty;

/// What is shown while a line is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The whole line.
    pub label: String,
    /// Markdown.
    pub docs: String,
    /// The parameters, as stretches of the label in bytes.
    pub parameters: Vec<(u32, u32)>,
    /// The one that is being written.
    pub active: u32,
}

/// What the line at a byte takes: read from the tokens, so that it shows before the line is whole.
pub fn signature(analysis: &Analysis, file: FileId, offset: u32) -> Option<Signature> {
    if let Some(found) = function(analysis, file, offset) {
        return Some(found);
    }
    let context = Context::at(analysis.file(file)?, offset)?;
    if let Some(found) = forms(&context) {
        return Some(found);
    }
    let frame = context.frame().filter(|frame| matches!(frame.open, Kind::LBrace | Kind::Newline))?;
    let (first, rest) = context.line.split_first()?;
    match frame.block {
        Block::Action(action) => of_action(action, first.text, rest),
        Block::Question => {
            let spec = words::named(Place::Question, first.text)?;
            Some(row(spec, rest))
        }
        Block::Settings(of) => {
            let setting = Setting::named(of, first.text)?;
            let spec = setting.spec();
            Some(filled(spec.word, &setting_form(&spec.takes), &explain::setting_page(&spec), rest))
        }
        Block::Statements => {
            let words = statement(&context.line);
            let (action, len) = head_of(words)?;
            let spec = action.spec();
            Some(filled(spec.head, &objects(spec)?, spec.doc, words.get(len..).unwrap_or(&[])))
        }
        _ => None,
    }
}

/// `{plural …}` and `{select …}`, also while the texts of their forms are written.
fn forms(context: &Context<'_>) -> Option<Signature> {
    let hole = context.frames.iter().rposition(|frame| frame.open == Kind::HoleOpen)?;
    let line = context.frames.get(hole + 1).map_or(context.line.as_slice(), |frame| frame.head.as_slice());
    let (head, form, docs) = match line.first()?.kind {
        Kind::Plural => (
            "plural",
            "NUMBER: one \"TEXT\", other \"TEXT\"",
            "A text by a number. The forms are those that the language has: `zero`, `one`, `two`, `few`, `many`, `other`.",
        ),
        Kind::Select => (
            "select",
            "VALUE: OPTION \"TEXT\", other \"TEXT\"",
            "A text by an option; `other` is for those that are not named, and where it is unknown.",
        ),
        _ => return None,
    };
    let mut found = filled(head, form, docs, &[]);
    // What chooses, then its forms: the first, and any further one.
    let colon = line.iter().position(|word| word.kind == Kind::Colon);
    let forms = found.parameters.len() as u32;
    found.active = colon.map_or(0, |colon| {
        let behind = line.get(colon..).unwrap_or(&[]);
        let commas = behind.iter().filter(|word| word.kind == Kind::Comma).count() as u32;
        (if head == "plural" { 1 + commas } else { 1 + 2 * commas }).min(forms.saturating_sub(1))
    });
    Some(found)
}

fn of_action(action: Action, word: &str, rest: &[Word<'_>]) -> Option<Signature> {
    let spec = action.spec();
    if let Some(setting) = Argument::named(word).and_then(|argument| spec.setting(argument)) {
        let form = argument_form(setting.takes)?;
        return Some(filled(word, &form, &explain::argument_page(spec, setting), rest));
    }
    if let Some(row) = spec.sayable().find(|row| row.outcome.word() == word) {
        return Some(filled(word, "-> STEP", row.doc, rest));
    }
    let spec = words::named(Place::Action, word)?;
    Some(row(spec, rest))
}

/// A row of the table of words.
fn row(spec: &WordSpec, rest: &[Word<'_>]) -> Signature {
    let form = spec.form.strip_prefix(spec.word).unwrap_or("").trim_start();
    filled(spec.word, form, spec.doc, rest)
}

/// What a setting of an action takes, as it is written.
fn argument_form(takes: Takes) -> Option<String> {
    Some(match takes {
        Takes::Text => "\"TEXT\"".to_owned(),
        Takes::Word(all) => all.join(" | "),
        Takes::StageOfPipeline => "STAGE".to_owned(),
        Takes::Named(_) => "{ NAME VALUE }".to_owned(),
        Takes::Results => "\"PATH\" as NAME: TYPE".to_owned(),
        Takes::Nicknames => "\"NAME\" -> STEP".to_owned(),
        Takes::Nothing => return None,
    })
}

/// What a setting of a flow takes, as it is written.
fn setting_form(takes: &SettingTakes) -> String {
    match takes {
        SettingTakes::Text => "\"TEXT\"".to_owned(),
        SettingTakes::Url => "\"URL\"".to_owned(),
        SettingTakes::Colour => "#RRGGBB".to_owned(),
        SettingTakes::Duration => "DURATION".to_owned(),
        SettingTakes::Survey => "SURVEY".to_owned(),
        SettingTakes::Word(all) => all.join(" | "),
        SettingTakes::WordAndText(all) => format!("{} \"TEXT\"", all.join(" | ")),
        SettingTakes::Trigger => "on_exit | after DURATION | scrolled PERCENT".to_owned(),
    }
}

/// What an action names, as it is written.
fn objects(spec: &ActionSpec) -> Option<String> {
    let forms = spec.objects.iter().filter_map(|object| match object {
        ObjectSpec::Named { kind, word: true } => {
            Some(format!("{} {}", kind.word(), kind.word().to_uppercase()))
        }
        ObjectSpec::Named { kind, word: false } => Some(kind.word().to_uppercase()),
        ObjectSpec::Words(words, _) => Some((*words).to_owned()),
        ObjectSpec::Address(_) => Some("\"URL\"".to_owned()),
        ObjectSpec::Called(_) => None,
    });
    let forms: Vec<String> = forms.collect();
    (!forms.is_empty()).then(|| forms.join(" | "))
}

/// A form behind its head, whose words in capitals are its parameters, and the one that is being written behind these words.
fn filled(head: &str, form: &str, docs: &str, written: &[Word<'_>]) -> Signature {
    let label = format!("{head} {form}");
    let mut parameters: Vec<(u32, u32)> = Vec::new();
    let mut start = None;
    for (at, char) in label.char_indices().chain([(label.len(), ' ')]) {
        match (start, char.is_ascii_uppercase()) {
            (None, true) => start = Some(at),
            (Some(begin), false) => {
                if at - begin > 1 {
                    parameters.push((begin as u32, at as u32));
                }
                start = None;
            }
            _ => {}
        }
    }
    // Where there is a choice of words, all of it is one parameter.
    if form.contains(" | ") {
        let text = label.rfind(" \"").filter(|_| label.ends_with("\"TEXT\""));
        let end = text.unwrap_or(label.len());
        parameters.retain(|(start, _)| *start as usize >= end);
        parameters.insert(0, (head.len() as u32 + 1, end as u32));
    }
    let joins = |word: &&Word<'_>| {
        !matches!(word.kind, Kind::As | Kind::Arrow | Kind::Colon | Kind::When | Kind::Dot)
    };
    let passed = written.iter().filter(joins).count() as u32;
    let active = passed.min((parameters.len() as u32).saturating_sub(1));
    Signature { label, docs: docs.to_owned(), parameters, active }
}

/// The signature of the function whose values are being written at a byte.
fn function(analysis: &Analysis, file: FileId, offset: u32) -> Option<Signature> {
    let source = analysis.file(file)?;
    let before = source.tokens.starts.partition_point(|start| *start < offset) as u32;
    let (mut depth, mut active) = (0_u32, 0_u32);
    for token in (0..before).rev() {
        match source.tokens.kind(token)? {
            Kind::RParen | Kind::RBracket => depth += 1,
            Kind::LBracket if depth > 0 => depth -= 1,
            Kind::LParen if depth > 0 => depth -= 1,
            Kind::Comma if depth == 0 => active += 1,
            Kind::LParen => {
                let name = source.text(source.tokens.span(file, token.checked_sub(1)?));
                return of_function(analysis, file, name, active);
            }
            Kind::Newline if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn of_function(analysis: &Analysis, file: FileId, name: &str, active: u32) -> Option<Signature> {
    let (id, workspace) = analysis.index().workspace(file)?;
    let function = workspace.functions.get(name)?;
    let mut label = format!("{name}(");
    let mut parameters = Vec::new();
    for (nth, parameter) in function.parameters.iter().enumerate() {
        if nth > 0 {
            label.push_str(", ");
        }
        let start = label.len() as u32;
        label.push_str(&format!("{}: {}", parameter.name, ty(&parameter.ty)));
        parameters.push((start, label.len() as u32));
    }
    label.push_str(&format!("): {}", ty(&function.result)));
    let declared = Name::Thing(id, Thing::Function, name.to_owned());
    let docs = crate::navigate::place(analysis, &declared);
    let docs =
        docs.and_then(|span| Some(analysis.file(span.file)?.doc_above(span.start))).unwrap_or_default();
    Some(Signature { label, docs, parameters, active })
}
