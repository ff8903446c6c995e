//! What is said in other languages: it stands over the same indices, so that nothing can be missing or surplus.

use super::tables::template_fits;
use super::wrong;
use crate::id::Str;
use crate::image::{Image, Strings, Translation, Wait};
use crate::layout::{MOST_LOCALES, Section};
use crate::program::LoadError;
use crate::setting::SettingTakes;

/// Checks every translation of a program.
pub(super) fn check(image: &Image) -> Result<(), LoadError> {
    let mut last = 0;
    for (entry, translation) in image.translations.iter().enumerate() {
        if translation.language <= last || translation.language as usize >= image.flow.languages.len() {
            return wrong(Section::TRANSLATIONS, entry, "a language that is out of order or not there");
        }
        last = translation.language;
        if let Some(what) = fault(image, translation) {
            return wrong(Section::TRANSLATIONS, entry, what);
        }
    }
    match image.translations.len() <= MOST_LOCALES {
        true => Ok(()),
        false => wrong(Section::TRANSLATIONS, MOST_LOCALES, "more than a program may have"),
    }
}

fn fault(image: &Image, translation: &Translation) -> Option<&'static str> {
    let strings = &translation.strings;
    if !pool_ok(strings) {
        return Some("a string that ends where no character does");
    }
    let ordered = ascends(&translation.texts)
        && ascends(&translation.replies)
        && ascends(&translation.options)
        && ascends(&translation.settings)
        && ascends(&translation.built_in)
        && ascends(&translation.objects);
    if !ordered {
        return Some("an entry that repeats or is out of order");
    }
    let text_ok = |(text, template): &(crate::id::Text, crate::image::Template)| {
        let original = image.texts.get(text.index());
        original.is_some_and(|original| original.holes == template.holes) && template_fits(template, strings)
    };
    let reply_ok = |((site, nth), _): &((crate::id::Site, u32), Str)| match image
        .sites
        .get(site.index())
        .map(|site| &site.wait)
    {
        Some(Wait::Ask(ask)) => (*nth as usize) < ask.replies.len(),
        Some(Wait::Act(_) | Wait::Pause(_) | Wait::Do(_)) | None => false,
    };
    let option_ok = |((options, nth), _): &((crate::id::Options, u32), Str)| {
        image.options.get(options.index()).is_some_and(|list| (*nth as usize) < list.options.len())
    };
    let takes_text =
        |takes: &SettingTakes| matches!(takes, SettingTakes::Text | SettingTakes::WordAndText(_));
    if !translation.texts.iter().all(text_ok) {
        return Some("a text that does not fit the one it translates");
    }
    if !translation.replies.iter().all(reply_ok)
        || !translation.options.iter().all(option_ok)
        || !translation.settings.iter().all(|(setting, _)| takes_text(&setting.spec().takes))
        || !translation.objects.iter().all(|(object, _)| object.index() < image.objects.len())
    {
        return Some("it translates something that is not there");
    }
    let words = (translation.replies.iter().map(|(_, at)| *at))
        .chain(translation.options.iter().map(|(_, at)| *at))
        .chain(translation.settings.iter().map(|(_, at)| *at))
        .chain(translation.built_in.iter().map(|(_, at)| *at))
        .chain(translation.objects.iter().map(|(_, at)| *at));
    let mut words = words;
    (!words.all(|at| at.index() < strings.ends.len())).then_some("a string that is not there")
}

/// Whether every string of a pool ends where a character does, and all of its text belongs to one.
pub(super) fn pool_ok(strings: &Strings) -> bool {
    let mut start = 0;
    for end in &strings.ends {
        if *end < start || !strings.text.is_char_boundary(*end as usize) {
            return false;
        }
        start = *end;
    }
    start as usize == strings.text.len()
}

fn ascends<K: Ord, T>(entries: &[(K, T)]) -> bool {
    entries.windows(2).all(|pair| matches!(pair, [(one, _), (other, _)] if one < other))
}
