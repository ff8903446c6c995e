//! What a program says in one of its languages.

use crate::action::ObjectKind;
use crate::id::{Object, Options, Site, Str, Text};
use crate::image::{Image, Strings, Template, Translation, Wait};
use crate::language::{BuiltIn, Language};
use crate::program::Processing;
use crate::setting::{Setting, SettingValue};
use crate::tag::Tag;

/// What a program says in one of its languages. What that language lacks is said in the first one, the one that the
/// flow is written in.
#[derive(Clone, Copy, Debug)]
pub struct Speech<'a> {
    pub(crate) image: &'a Image,
    pub(crate) translation: Option<&'a Translation>,
    pub(crate) tag: Tag,
    language: Language,
}

impl<'a> Speech<'a> {
    pub(crate) fn new(image: &'a Image, translation: Option<&'a Translation>, tag: Tag) -> Speech<'a> {
        Speech { image, translation, tag, language: Language::of(tag.as_str()) }
    }

    /// The language's tag.
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// The language in which numbers and dates are written and read, and built-in texts said.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A text of the runtime, or what the workspace says in its place.
    pub fn built_in(&self, text: BuiltIn) -> &'a str {
        let said = match self.translation {
            Some(translation) => self.translated(&translation.built_in, &text),
            None => find(&self.image.built_in, &text).map(|at| self.image.strings.get(at)),
        };
        said.unwrap_or_else(|| text.text(self.language))
    }

    /// The text that the flow gives a setting.
    pub fn setting(&self, setting: Setting) -> Option<&'a str> {
        let translated =
            self.translation.and_then(|translation| self.translated(&translation.settings, &setting));
        translated.or_else(|| {
            let given = self.image.settings.iter().find(|(given, _)| *given == setting)?;
            match given.1 {
                SettingValue::Text(text) | SettingValue::WordAndText(_, text) => {
                    Some(self.image.strings.get(text))
                }
                SettingValue::Word(_)
                | SettingValue::Duration(_)
                | SettingValue::Colour(_)
                | SettingValue::TriggerOnExit
                | SettingValue::TriggerAfter(_)
                | SettingValue::TriggerScrolled(_) => None,
            }
        })
    }

    /// What is said when something fails: the flow's own text or the language's.
    pub fn error_text(&self) -> &'a str {
        self.setting(Setting::ErrorText).unwrap_or_else(|| self.built_in(BuiltIn::Error))
    }

    /// What the visitor reads about the processing of what they say, if the flow asks for consent.
    pub fn processing(&self) -> Option<Processing<'a>> {
        let given = self.image.settings.iter().find(|(given, _)| *given == Setting::Processing)?;
        let explicit = match given.1 {
            SettingValue::Word(word) | SettingValue::WordAndText(word, _) => {
                self.image.strings.get(word) == "explicit"
            }
            SettingValue::Text(_)
            | SettingValue::Duration(_)
            | SettingValue::Colour(_)
            | SettingValue::TriggerOnExit
            | SettingValue::TriggerAfter(_)
            | SettingValue::TriggerScrolled(_) => return None,
        };
        let built_in = if explicit { BuiltIn::ProcessingExplicit } else { BuiltIn::ProcessingLegitimate };
        let text = self.setting(Setting::Processing).unwrap_or_else(|| self.built_in(built_in));
        Some(Processing { explicit, text })
    }

    /// The label of a question's reply.
    pub fn reply(&self, site: Site, at: usize) -> &'a str {
        let translated = self
            .translation
            .and_then(|translation| self.translated(&translation.replies, &(site, at as u32)));
        translated.unwrap_or_else(|| match self.image.sites.get(site.index()).map(|site| &site.wait) {
            Some(Wait::Ask(ask)) => {
                ask.replies.get(at).map_or("", |reply| self.image.strings.get(reply.label))
            }
            Some(Wait::Act(_) | Wait::Pause(_) | Wait::Do(_)) | None => "",
        })
    }

    /// The label of an option.
    pub fn option(&self, options: Options, at: usize) -> &'a str {
        let translated = self
            .translation
            .and_then(|translation| self.translated(&translation.options, &(options, at as u32)));
        translated.unwrap_or_else(|| {
            let option = self.image.options.get(options.index()).and_then(|list| list.options.get(at));
            option.map_or("", |option| self.image.strings.get(option.label))
        })
    }

    /// How people read a thing of the workspace.
    pub fn title(&self, object: Object) -> &'a str {
        let translated =
            self.translation.and_then(|translation| self.translated(&translation.objects, &object));
        translated.unwrap_or_else(|| {
            self.image.objects.get(object.index()).map_or("", |object| self.image.strings.get(object.title))
        })
    }

    /// A text with holes, and the pool of its words.
    pub(crate) fn template(&self, text: Text) -> Option<(&'a Template, &'a Strings)> {
        let translated = self.translation.and_then(|translation| {
            let at = translation.texts.binary_search_by(|(entry, _)| entry.cmp(&text)).ok()?;
            Some((&translation.texts.get(at)?.1, &translation.strings))
        });
        translated.or_else(|| Some((self.image.texts.get(text.index())?, &self.image.strings)))
    }

    /// The language of the words in this pool: a text that is not translated keeps the plurals of its own.
    pub(crate) fn language_of(&self, strings: &Strings) -> Language {
        if core::ptr::eq(strings, &self.image.strings) {
            let own = self.image.flow.languages.first();
            return Language::of(own.map_or("", |tag| self.image.strings.get(*tag)));
        }
        self.language
    }

    fn translated<K: Ord>(&self, entries: &[(K, Str)], key: &K) -> Option<&'a str> {
        Some(self.translation?.strings.get(find(entries, key)?))
    }
}

/// Whether visitors read what things of this kind are called, so that a translation may say it in their language.
pub fn is_read_by_visitors(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Meeting | ObjectKind::Article | ObjectKind::Subscription | ObjectKind::Team => true,
        ObjectKind::User
        | ObjectKind::Pipeline
        | ObjectKind::Knowledge
        | ObjectKind::Function
        | ObjectKind::Webhook
        | ObjectKind::Secret
        | ObjectKind::List
        | ObjectKind::Workflow
        | ObjectKind::ContactOwner
        | ObjectKind::Unassigned => false,
    }
}

fn find<K: Ord>(entries: &[(K, Str)], key: &K) -> Option<Str> {
    let at = entries.binary_search_by(|(entry, _)| entry.cmp(key)).ok()?;
    entries.get(at).map(|(_, text)| *text)
}
