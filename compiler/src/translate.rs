//! What a checked flow says in its other languages: the texts it has, met with the entries of its catalogues.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::id::{Object, Options};
use chatflow_runtime::image::{DEEPEST_FORM, Image};
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::setting::{Setting, SettingTakes};
use chatflow_runtime::speech::is_read_by_visitors;
use chatflow_runtime::text::folded;

use crate::catalogue::form::{Choice, Form, FormPiece, Hole};
use crate::catalogue::{Catalogue, Translated, path};
use crate::check::foreign::foreign;
use crate::check::{Checked, limits};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::File;
use crate::forms::{Case, Names, plural_cases, select_cases};
use crate::hir::{Said, Says, Translation};
use crate::project::Project;
use crate::source::{FileId, Span};
use crate::tables::Tables;
use crate::workspace::Workspace;

/// A text that visitors read, with what a translator must know of it.
#[derive(Clone, Debug)]
pub(crate) struct Readable {
    /// Where it stands in its file, in words that outlive its wording: `need / ask`.
    pub(crate) context: String,
    /// What it is, as a sentence.
    pub(crate) comment: String,
    /// What it says.
    pub(crate) form: Form,
    /// What it is for the program.
    pub(crate) role: Role,
}

/// What a text is for the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A text with holes.
    Text,
    /// The label of a choice.
    Label,
    /// The text of a setting.
    Setting(Setting),
    /// The label of an option of a local.
    Option(Options, u32),
    /// Something of the workspace.
    Workspace,
}

/// What a flow wanted of the catalogues of its files.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// For each catalogue, the texts it lacks, with their places in the source.
    pub(crate) missing: BTreeMap<FileId, BTreeMap<Key, Span>>,
}

/// A place and a text.
pub(crate) type Key = (String, String);

/// Adds to a checked flow what its catalogues say. A catalogue that says nothing yet is as good as none.
pub(crate) fn translate(
    project: &Project,
    flow_file: &File,
    workspace: Option<(&str, &Workspace)>,
    checked: &mut Checked,
    wanted: &mut Wanted,
) {
    let image = &checked.flow_tables.image;
    let tags: Vec<String> =
        image.flow.languages.iter().map(|tag| image.strings.get(*tag).to_owned()).collect();
    let mut translations = Vec::new();
    for (nth, tag) in tags.iter().enumerate().skip(1) {
        let own = project.catalogue(&path(&flow_file.source.path, tag));
        // A flow that says nothing itself speaks what its modules do.
        let says_nothing = checked.readable.iter().all(|text| text.form.span.file != flow_file.id);
        let says = |file: FileId| {
            let catalogue = project.catalogue(&path(&project.file(file)?.source.path, tag))?.1;
            catalogue.says_anything().then_some(())
        };
        let begun = says(flow_file.id).is_some()
            || says_nothing && checked.linked.keys().any(|module| says(*module).is_some());
        if !begun {
            continue;
        }
        let mut translator = Translator {
            tag,
            found: Vec::new(),
            numbers: &checked.numbers,
            wanted,
            translation: Translation { language: nth as u32, tag: tag.clone(), ..Translation::default() },
        };
        translator.flow(project, flow_file.id, &checked.readable, own);
        if let Some((workspace_path, workspace)) = workspace {
            let of_workspace = project.catalogue(&path(workspace_path, tag));
            translator.workspace(&checked.flow_tables, workspace, of_workspace);
        }
        translator.equal_labels(&checked.questions);
        checked.found.append(&mut translator.found);
        translations.push(translator.translation);
    }
    checked.flow.translations = translations;
    limits::translated(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    foreign(&checked.flow, &checked.flow_tables.image, &mut checked.found);
}

/// A text and its translation, as their holes are met.
struct Meeting<'f> {
    source: &'f Form,
    holes: Vec<&'f Hole>,
    used: BTreeSet<usize>,
    /// Whether every hole of the translation is one of the text's.
    whole_holes: bool,
    /// In how many forms the translation is read.
    deep: usize,
}

struct Translator<'a> {
    tag: &'a str,
    found: Vec<Diagnostic>,
    /// The holes that show numbers.
    numbers: &'a BTreeSet<Span>,
    wanted: &'a mut Wanted,
    translation: Translation,
}

impl Translator<'_> {
    fn flow(
        &mut self,
        project: &Project,
        flow_file: FileId,
        readable: &[Readable],
        own: Option<(FileId, &Catalogue)>,
    ) {
        for text in readable {
            // A text of a module is translated beside the module.
            let file = text.form.span.file;
            let elsewhere = || project.catalogue(&path(&project.file(file)?.source.path, self.tag));
            let catalogue = if file == flow_file { own } else { elsewhere() };
            let Some(found) = self.entry(catalogue, &text.context, &text.form) else { continue };
            match text.role {
                Role::Text => self.text(&text.form, found),
                Role::Label => {
                    if let Some((words, at)) = self.plain(&text.form, found) {
                        self.translation.labels.insert(text.form.span, words);
                        self.translation.places.insert(text.form.span, at);
                    }
                }
                Role::Setting(setting) => {
                    if let Some((words, at)) = self.plain(&text.form, found) {
                        self.translation.settings.insert(setting, words);
                        self.translation.places.insert(text.form.span, at);
                    }
                }
                Role::Option(options, at) => {
                    if let Some((words, _)) = self.plain(&text.form, found) {
                        self.translation.options.insert((options, at), words);
                    }
                }
                Role::Workspace => {}
            }
        }
    }

    fn workspace(&mut self, tables: &Tables, workspace: &Workspace, catalogue: Option<(FileId, &Catalogue)>) {
        let image = &tables.image;
        let readable = workspace_texts(workspace);
        let by_context: BTreeMap<&str, &Readable> =
            readable.iter().map(|text| (text.context.as_str(), text)).collect();
        let text_at = |context: &str| by_context.get(context).copied();
        for (nth, list) in tables.option_lists.iter().enumerate() {
            for (at, option) in list.options.iter().enumerate() {
                let text = text_at(&format!("{}.{}", list.of_what(), option.name));
                let text = text.filter(|text| text.form.span == option.span);
                if let Some(words) = text.and_then(|text| self.words_of(catalogue, text)) {
                    self.translation.options.insert((Options(nth as u32), at as u32), words);
                }
            }
        }
        for (nth, object) in image.objects.iter().enumerate() {
            let context = format!("{}.{}", object.kind.word(), image.strings.get(object.name));
            let text = text_at(&context);
            if let Some(words) = text.and_then(|text| self.words_of(catalogue, text)) {
                self.translation.objects.insert(Object(nth as u32), words);
            }
        }
        let heading = text_at("workspace");
        let given = image.settings.iter().any(|(setting, _)| *setting == Setting::Heading);
        if let (true, Some(text)) =
            (given && !self.translation.settings.contains_key(&Setting::Heading), heading)
            && workspace_heads(image, workspace)
            && let Some(words) = self.words_of(catalogue, text)
        {
            self.translation.settings.insert(Setting::Heading, words);
        }
        for text in workspace.texts.keys() {
            let context = format!("texts.{}", text.word());
            if let Some(words) = text_at(&context).and_then(|text| self.words_of(catalogue, text)) {
                self.translation.built_in.insert(*text, words);
            }
        }
    }

    fn words_of(&mut self, catalogue: Option<(FileId, &Catalogue)>, text: &Readable) -> Option<String> {
        let found = self.entry(catalogue, &text.context, &text.form)?;
        self.plain(&text.form, found).map(|(words, _)| words)
    }

    /// The translation of a text; a text that the catalogue lacks is noted.
    fn entry<'c>(
        &mut self,
        catalogue: Option<(FileId, &'c Catalogue)>,
        context: &str,
        form: &Form,
    ) -> Option<&'c Translated> {
        let (id, catalogue) = catalogue?;
        let written = form.written();
        let found = catalogue.translation(context, &written);
        // What has no letter is the same in every language.
        if found.is_none() && form_has_letters(form) {
            let missing = self.wanted.missing.entry(id).or_default();
            missing.entry((context.to_owned(), written)).or_insert(form.span);
        }
        found
    }

    /// The words of the translation of a text without holes.
    fn plain(&mut self, source: &Form, found: &Translated) -> Option<(String, Span)> {
        let form = found.form.as_ref()?;
        for hole in form.holes() {
            self.unknown_hole(source, hole);
        }
        Some((form.words()?, found.span))
    }

    /// A text with holes, and the texts in its holes.
    fn text(&mut self, source: &Form, found: &Translated) {
        if let Some(form) = &found.form {
            self.pieces(source, form, found.span);
        }
    }

    fn pieces(&mut self, source: &Form, translated: &Form, whole: Span) {
        let holes = source.holes();
        let mut meeting = Meeting { source, holes, used: BTreeSet::new(), whole_holes: true, deep: 0 };
        let pieces = self.met(&mut meeting, translated);
        let Meeting { holes, used, whole_holes, .. } = meeting;
        for (at, hole) in holes.iter().enumerate() {
            let shown = used.contains(&at)
                || used.iter().any(|other| holes.get(*other).is_some_and(|other| other.is_like(hole)));
            if !shown && whole_holes {
                let written = &hole.written;
                let found = Diagnostic::new(Code::MissingHole, whole, format!("this translation does not show `{{{written}}}`"))
                    .here(format!("`{{{written}}}` is missing"))
                    .label(hole.span, "the text shows it here")
                    .help("Write it where it belongs in this language; if it is left out on purpose, leave it out of the text too.");
                self.found.push(found);
            }
        }
        self.translation.texts.insert(source.span, pieces);
        self.translation.places.insert(source.span, whole);
    }

    /// The pieces of a translation, or of a form in one, over the holes of the text.
    fn met(&mut self, meeting: &mut Meeting<'_>, translated: &Form) -> Vec<Said> {
        let mut pieces = Vec::with_capacity(translated.pieces.len());
        for piece in &translated.pieces {
            match piece {
                FormPiece::Words(words) => pieces.push(Said::Words(words.clone())),
                FormPiece::Hole(hole) => pieces.extend(self.met_hole(meeting, hole).map(Said::Hole)),
                FormPiece::Choice(choice) => pieces.extend(self.met_choice(meeting, choice)),
            }
        }
        pieces
    }

    /// The number of the hole of the text that this one is.
    fn met_hole(&mut self, meeting: &mut Meeting<'_>, hole: &Hole) -> Option<u32> {
        let holes = &meeting.holes;
        let alike: Vec<usize> =
            (0..holes.len()).filter(|at| holes.get(*at).is_some_and(|other| other.is_like(hole))).collect();
        let at = alike.iter().find(|at| !meeting.used.contains(at)).or(alike.first()).copied();
        let Some(at) = at else {
            self.unknown_hole(meeting.source, hole);
            // An unknown hole is a known one misspelt: it is not missed as well.
            meeting.whole_holes = false;
            return None;
        };
        meeting.used.insert(at);
        let inner = meeting.holes.get(at).map_or(&[][..], |hole| hole.texts.as_slice());
        for (source, translated) in inner.iter().zip(&hole.texts) {
            self.pieces(source, translated, hole.span);
        }
        Some(at as u32)
    }

    /// A choice among forms: a plural in the cases of this language, or a selection among the names of the text's own.
    fn met_choice(&mut self, meeting: &mut Meeting<'_>, choice: &Choice) -> Option<Said> {
        if meeting.deep == DEEPEST_FORM {
            let found = Diagnostic::new(Code::TooDeep, choice.span, "forms stand too deep in forms")
                .here(format!("more than {DEEPEST_FORM}"));
            self.found.push(found);
            return None;
        }
        let hole = self.met_hole(meeting, &choice.of);
        meeting.deep += 1;
        let forms: Vec<Vec<Said>> = choice.forms.iter().map(|(_, _, form)| self.met(meeting, form)).collect();
        meeting.deep -= 1;
        let cases: Vec<Case<'_>> =
            choice.forms.iter().map(|(case, span, _)| (case.as_str(), *span)).collect();
        let hole = hole?;
        let own = meeting.holes.get(hole as usize).map(|hole| hole.span);
        if !choice.select && own.is_some_and(|own| !self.numbers.contains(&own)) {
            let written = &choice.of.written;
            let misfit =
                Diagnostic::new(Code::OperatorMisfit, choice.of.span, "`plural` chooses by a number")
                    .here(format!("`{written}` is none"))
                    .label(meeting.source.span, "the text")
                    .help(format!("Show it as it is, with `{{{written}}}`."));
            self.found.push(misfit);
            return None;
        }
        if !choice.select {
            let cases = plural_cases(&cases, Language::of(self.tag), choice.span, &mut self.found)?;
            return Some(Said::Plural(hole, cases.into_iter().zip(forms).collect()));
        }
        let mut selections = Vec::new();
        meeting.source.selections(&mut selections);
        let own = selections.into_iter().find(|own| own.of.is_like(&choice.of))?;
        let names: Vec<&str> =
            own.forms.iter().map(|(case, ..)| case.as_str()).filter(|case| *case != "other").collect();
        let names = Names { all: &names, only: true, closed: names.len() == own.forms.len() };
        let cases = select_cases(&cases, names, choice.span, &mut self.found)?;
        Some(Said::Select(hole, cases.into_iter().zip(forms).collect()))
    }

    fn unknown_hole(&mut self, source: &Form, hole: &Hole) {
        let written = &hole.written;
        if hole.selects() {
            let found = Diagnostic::new(
                Code::UnknownHole,
                hole.span,
                format!("the text does not select by `{written}`"),
            )
            .here("nothing to select by")
            .label(source.span, "the text")
            .help("A translation selects by what its text selects by: give the text a `{select …}` as well.");
            self.found.push(found);
            return;
        }
        let mut found =
            Diagnostic::new(Code::UnknownHole, hole.span, format!("the text has no hole `{{{written}}}`"))
                .here("not in the text")
                .label(source.span, "the text");
        let mut known: Vec<&str> = source.holes().into_iter().map(|hole| hole.written.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        found.help = Some(match (crate::near::nearest(written, known.iter().copied()), known.as_slice()) {
            (Some(near), _) => format!("Did you mean `{{{near}}}`? Only the texts in a hole are translated."),
            (None, []) => "It has none; write words, or `\\{` for a brace.".to_owned(),
            (None, known) => {
                let known: Vec<String> = known.iter().map(|hole| format!("`{{{hole}}}`")).collect();
                format!("Its holes: {}. Only the texts in them are translated.", known.join(", "))
            }
        });
        if let Some(near) = crate::near::nearest(written, known.iter().copied())
            && !near.contains('"')
        {
            found = found.suggest(format!("write `{near}`"), hole.span, near);
        }
        self.found.push(found);
    }

    /// Two replies of a question with one label could not be told apart.
    fn equal_labels(&mut self, questions: &[Vec<(Says, String)>]) {
        let language = Language::of(self.tag);
        for replies in questions {
            let mut labels: BTreeMap<String, (Span, bool)> = BTreeMap::new();
            for (says, original) in replies {
                let translation = &self.translation;
                let (label, span) = match says {
                    Says::Written(span) => {
                        let words = translation.labels.get(span).cloned();
                        (words, translation.places.get(span).copied().unwrap_or(*span))
                    }
                    Says::Option(options, at, span) => {
                        (translation.options.get(&(*options, *at)).cloned(), *span)
                    }
                    Says::BuiltIn(text, span) => {
                        let words = translation.built_in.get(text).cloned();
                        (words.or_else(|| Some(text.text(language).to_owned())), *span)
                    }
                };
                let translated = label.is_some();
                let label = label.unwrap_or_else(|| original.clone());
                let Some((first, other)) = labels.insert(folded(&label), (span, translated)) else {
                    continue;
                };
                // Labels that nobody has translated are the flow's own; equal ones were reported there.
                if translated || other {
                    let tag = self.tag;
                    let found = Diagnostic::new(
                        Code::EqualTranslations,
                        span,
                        format!("two replies are called \"{label}\" in `{tag}`"),
                    )
                    .here("the same label again")
                    .label(first, "the first one")
                    .help("A typed reply could mean either; translate them differently.");
                    self.found.push(found);
                }
            }
        }
    }
}

fn form_has_letters(form: &Form) -> bool {
    form.pieces.iter().any(|piece| match piece {
        FormPiece::Words(words) => words.chars().any(char::is_alphabetic),
        FormPiece::Hole(hole) => hole.texts.iter().any(form_has_letters),
        FormPiece::Choice(choice) => {
            let of = choice.of.texts.iter();
            of.chain(choice.forms.iter().map(|(_, _, form)| form)).any(form_has_letters)
        }
    })
}

/// Whether the heading is the workspace's title, because the flow gives none.
fn workspace_heads(image: &Image, workspace: &Workspace) -> bool {
    use chatflow_runtime::setting::SettingValue;
    image.settings.iter().any(|(setting, value)| {
        *setting == Setting::Heading
            && matches!(value, SettingValue::Text(text) if image.strings.get(*text) == workspace.title)
    })
}

/// The texts of a workspace that visitors read.
pub(crate) fn workspace_texts(workspace: &Workspace) -> Vec<Readable> {
    let mut texts = Vec::new();
    let mut add = |context: String, comment: String, words: &str, span: Span| {
        texts.push(Readable { context, comment, form: Form::plain(words, span), role: Role::Workspace });
    };
    if let Some(span) = workspace.title_span {
        let comment = "The heading of chats whose flow gives none.".to_owned();
        add("workspace".to_owned(), comment, &workspace.title, span);
    }
    for (name, property) in &workspace.properties {
        for option in property.ty.options().iter().flat_map(|list| &list.options) {
            let comment = format!("An option of `{name}`.");
            add(format!("{name}.{}", option.name), comment, &option.label, option.span);
        }
    }
    for ((thing, name), info) in &workspace.things {
        let word = thing.word();
        let read = chatflow_runtime::action::ObjectKind::ALL
            .iter()
            .any(|kind| kind.word() == word && is_read_by_visitors(*kind));
        if read && info.title != *name {
            add(
                format!("{word}.{name}"),
                format!("The title of the {word} `{name}`."),
                &info.title,
                info.span,
            );
        }
    }
    for (text, (words, span)) in &workspace.texts {
        let doc = BuiltIn::ALL.iter().find(|(other, ..)| other == text).map_or("", |(_, _, doc)| doc.trim());
        add(format!("texts.{}", text.word()), doc.to_owned(), words, *span);
    }
    texts.sort_by_key(|text| text.form.span);
    texts
}

/// Whether a setting's text is read by visitors.
pub(crate) fn setting_is_read(setting: Setting) -> bool {
    match setting.spec().takes {
        SettingTakes::Text | SettingTakes::WordAndText(_) => true,
        SettingTakes::Url
        | SettingTakes::Colour
        | SettingTakes::Duration
        | SettingTakes::Survey
        | SettingTakes::Word(_)
        | SettingTakes::Trigger => false,
    }
}
