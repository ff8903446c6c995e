//! Chats in the languages of one program.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::conversations::Chat;
use super::samples;
use crate::id::{Object, Options, Site, Text};
use crate::image::{Image, Piece, Template, Translation};
use crate::language::BuiltIn;
use crate::setting::Setting;
use crate::{Effect, Facts, Input, LoadError, Program, Timestamp, encode, facts_read, start, strip, welcome};

/// [`samples::qualify_program`] with some of it in Dutch.
fn image() -> Image {
    let mut image = samples::qualify_program().image().clone();
    let dutch = image.strings.push("nl");
    let german = image.strings.push("de");
    image.flow.languages.extend([german, dutch]);
    let text_of = |image: &Image, words: &str| {
        let has = |template: &Template| {
            template
                .pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Words(at) if image.strings.get(*at) == words))
        };
        Text(image.texts.iter().position(has).unwrap() as u32)
    };
    let mut nl = Translation { language: 2, ..Translation::default() };
    let mut words = |text: &str| Piece::Words(nl.strings.push(text));
    let welcome = vec![words("Zoek je een abonnement, "), Piece::Hole(0), words("?")];
    let need = vec![words("Waarvoor kom je?")];
    let mut texts = vec![
        (text_of(&image, "! Looking for a plan?"), Template { holes: 1, pieces: welcome }),
        (text_of(&image, "What brings you here?"), Template { holes: 0, pieces: need }),
    ];
    texts.sort_by_key(|(text, _)| *text);
    nl.texts = texts;
    nl.replies =
        vec![((Site(0), 0), nl.strings.push("Demo zien")), ((Site(0), 2), nl.strings.push("Rondkijken"))];
    nl.options = vec![((Options(0), 2), nl.strings.push("Klant"))];
    nl.settings = vec![(Setting::ErrorText, nl.strings.push("Er ging iets mis."))];
    nl.built_in = vec![(BuiltIn::InvalidReply, nl.strings.push("Kies er een."))];
    nl.objects = vec![(Object(1), nl.strings.push("Kennismaking"))];
    image.translations = vec![nl];
    image
}

fn chat(facts: Facts) -> Chat {
    Chat::new(Program::from_image(image()).unwrap(), facts)
}

fn language(facts: Facts) -> String {
    chat(facts).turn.session.language().to_string()
}

#[test]
fn the_first_language_that_is_spoken_is_chosen() {
    let facts =
        |said: &[(&str, &str)]| said.iter().fold(Facts::new(), |facts, (name, tag)| facts.with(name, *tag));
    assert_eq!(language(facts(&[])), "en");
    assert_eq!(language(facts(&[("visitor.language", "nl-BE")])), "nl");
    assert_eq!(language(facts(&[("visitor.language", "nl"), ("page.language", "en-GB")])), "en");
    assert_eq!(language(facts(&[("visitor.language", "nl"), ("page.language", "fr")])), "nl");
    assert_eq!(language(facts(&[("language", "NL"), ("page.language", "en")])), "nl");
    assert_eq!(language(facts(&[("language", "de")])), "en", "nobody has translated into it yet");
    let reads = facts_read(&Program::from_image(image()).unwrap());
    assert!(
        ["language", "page.language", "visitor.language"]
            .iter()
            .all(|fact| reads.iter().any(|read| read == fact))
    );
}

#[test]
fn a_chat_is_held_in_its_language() {
    let mut chat = chat(Facts::new().with("visitor.language", "nl"));
    assert_eq!(chat.shown()[0], "bot: Zoek je een abonnement, there?");
    assert_eq!(
        chat.turn(Input::Agree),
        [r#"ask: Waarvoor kom je? ["Demo zien", "Get support", "Rondkijken"]"#]
    );
    chat.facts = Facts::new().with("visitor.language", "en");
    assert_eq!(chat.say("een demo")[0], r#"again: Kies er een. ["Demo zien", "Get support", "Rondkijken"]"#);
    assert_eq!(chat.say("demo zien"), ["ask: What's your work email?"], "untranslated, so as it is written");
    assert_eq!(chat.turn.session.reply(), Some("demo zien"));
    chat.now = 31 * 60_000;
    assert_eq!(chat.say("hello?")[0], "bot: Hi there! Looking for a plan?", "a restart chooses anew");
}

#[test]
fn a_reply_is_taken_by_its_first_label_too() {
    for said in ["Demo zien", "See a demo", "1"] {
        let mut chat = chat(Facts::new().with("language", "nl"));
        chat.turn(Input::Agree);
        assert_eq!(chat.say(said), ["ask: What's your work email?"], "{said}");
    }
    let mut chat = chat(Facts::new());
    chat.turn(Input::Agree);
    assert_eq!(chat.say("Demo zien").len(), 1, "an English chat speaks no Dutch");
}

#[test]
fn titles_labels_and_errors_are_translated() {
    let program = Program::from_image(image()).unwrap();
    let dutch = program.speech_for(&Facts::new().with("language", "nl"));
    assert_eq!(dutch.title(Object(1)), "Kennismaking");
    assert_eq!(dutch.title(Object(0)), "sales");
    assert_eq!(dutch.error_text(), "Er ging iets mis.");
    assert_eq!(dutch.built_in(BuiltIn::Yes), "Ja");
    let shown =
        |value: &str| crate::show(dutch, &crate::Value::Option(value.into()), samples::stage_type(), 0);
    assert_eq!((shown("customer"), shown("lead")), ("Klant".into(), "Lead".into()));
    let tags: Vec<String> = program.languages().map(|tag| tag.to_string()).collect();
    assert_eq!(tags, ["en", "nl"]);
    let facts = Facts::new().with("page.language", "nl").with("contact.firstname", "Ada");
    assert_eq!(welcome(&program, &facts, Timestamp(0)).as_deref(), Some("Zoek je een abonnement, Ada?"));
}

#[test]
fn a_version_without_the_language_falls_back() {
    let mut chat = chat(Facts::new().with("language", "nl"));
    chat.turn(Input::Agree);
    let dutch = chat.program.clone();
    chat.program = samples::qualify_program();
    assert_eq!(chat.say("what?")[0].split(" [").next(), Some("again: Please choose one of the replies."));
    assert_eq!(chat.turn.session.language().as_str(), "nl");
    chat.program = dutch;
    assert_eq!(chat.say("what?")[0].split(" [").next(), Some("again: Kies er een."));
}

#[test]
fn the_workspace_has_words_of_its_own() {
    let mut image = image();
    let yes = image.strings.push("Yup");
    image.built_in = vec![(BuiltIn::Yes, yes)];
    let program = Program::load(&encode(&image)).unwrap();
    assert_eq!(program.image(), &image);
    let said = |tag: &str| program.speech_for(&Facts::new().with("language", tag)).built_in(BuiltIn::Yes);
    assert_eq!((said("en"), said("nl")), ("Yup", "Ja"));
}

#[test]
fn translations_come_back_and_are_never_stripped() {
    let bytes = encode(&image());
    let program = Program::load(&bytes).unwrap();
    assert_eq!(program.image(), &image());
    let stripped = Program::load(&strip(&bytes).unwrap()).unwrap();
    assert_eq!(stripped.image().translations, image().translations);
    assert_eq!(stripped.content_hash(), program.content_hash());
    assert_ne!(samples::qualify_program().content_hash(), program.content_hash());
    let mut other = image();
    other.translations[0].strings.text = other.translations[0].strings.text.replace("Rond", "Mond");
    assert_ne!(Program::from_image(other).unwrap().content_hash(), program.content_hash());
}

#[test]
fn a_translation_that_does_not_fit_is_refused() {
    let fault = |change: fn(&mut Translation)| {
        let mut image = image();
        change(&mut image.translations[0]);
        match Program::from_image(image) {
            Err(LoadError::Table { part: "translations", what, .. }) => what,
            other => panic!("{other:?}"),
        }
    };
    let order = "a language that is out of order or not there";
    assert_eq!(fault(|nl| nl.language = 0), order);
    assert_eq!(fault(|nl| nl.language = 3), order);
    let text = "a text that does not fit the one it translates";
    assert_eq!(fault(|nl| nl.texts[0].0 = Text(99)), "an entry that repeats or is out of order");
    assert_eq!(fault(|nl| nl.texts[1].0 = Text(99)), text);
    assert_eq!(fault(|nl| nl.texts[1].1.holes += 1), text);
    assert_eq!(fault(|nl| nl.texts[1].1.pieces.push(Piece::Hole(9))), text);
    assert_eq!(fault(|nl| nl.texts[1].1.pieces.push(Piece::Words(crate::id::Str(99)))), text);
    let gone = "it translates something that is not there";
    assert_eq!(fault(|nl| nl.replies[1].0.1 = 3), gone);
    assert_eq!(fault(|nl| nl.options[0].0.1 = 3), gone);
    assert_eq!(fault(|nl| nl.settings[0].0 = Setting::Avatar), gone);
    assert_eq!(fault(|nl| nl.objects[0].0 = Object(9)), gone);
    assert_eq!(fault(|nl| nl.objects[0].1 = crate::id::Str(99)), "a string that is not there");
    assert_eq!(fault(|nl| nl.replies.reverse()), "an entry that repeats or is out of order");
    assert_eq!(fault(|nl| nl.strings.ends.clear()), "a string that ends where no character does");
}

#[test]
fn the_facts_of_the_welcome_decide() {
    let program = Program::from_image(image()).unwrap();
    let turn = start(&program, &Facts::new().with("language", "nl"), Timestamp(0));
    assert!(matches!(&turn.effects[0].effect, Effect::Say { text } if text.starts_with("Zoek")));
}
