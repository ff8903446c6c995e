//! The texts that the runtime itself says, each declared once for every language it speaks.

/// A language in which the runtime speaks and reads answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English; also stands in for every language that is not here.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Language] = &[Language::English, Language::Dutch];

    /// The language with this tag: `nl`, `nl-BE`, `NL_be`. Any other tag is English.
    pub fn of(tag: &str) -> Language {
        let primary = tag.split(['-', '_']).next().unwrap_or("");
        let named =
            Language::ALL.iter().copied().find(|language| primary.eq_ignore_ascii_case(language.tag()));
        named.unwrap_or_default()
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Dutch => "nl",
        }
    }
}

macro_rules! texts {
    ($($(#[doc = $doc:literal])* $name:ident { en: $en:literal, nl: $nl:literal })*) => {
        /// A text that the runtime itself says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum BuiltIn {
            $($(#[doc = $doc])* $name,)*
        }

        impl BuiltIn {
            /// Every text, with its name and when it shows.
            pub const ALL: &'static [(BuiltIn, &'static str, &'static str)] =
                &[$((BuiltIn::$name, stringify!($name), concat!($($doc),*)),)*];

            /// The text in a language.
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((BuiltIn::$name, Language::English) => $en,
                    (BuiltIn::$name, Language::Dutch) => $nl,)*
                }
            }
        }
    };
}

texts! {
    /// The reply that means yes.
    Yes { en: "Yes", nl: "Ja" }
    /// The reply that means no.
    No { en: "No", nl: "Nee" }
    /// The button that sends what was ticked.
    Done { en: "Done", nl: "Klaar" }
    /// The button that agrees to the processing of what the visitor says.
    Agree { en: "I agree", nl: "Ik ga akkoord" }
    /// What is shown where the visitor types before they have agreed and no other text says so.
    AgreeFirst { en: "Please agree first.", nl: "Ga eerst akkoord, alsjeblieft." }
    /// The text of `processing explicit` where the flow has none.
    ProcessingExplicit {
        en: "We need your agreement to process what you tell us here, so that we can help you.",
        nl: "We hebben je toestemming nodig om te verwerken wat je hier vertelt, zodat we je kunnen helpen."
    }
    /// The text of `processing legitimate_interest` where the flow has none.
    ProcessingLegitimate {
        en: "By chatting with us, you agree that we process what you tell us here.",
        nl: "Door met ons te chatten ga je ermee akkoord dat we verwerken wat je hier vertelt."
    }
    /// Something failed and the flow has no text of its own for that.
    Error {
        en: "Something went wrong on our side. Please try again later.",
        nl: "Er ging iets mis aan onze kant. Probeer het later nog eens."
    }
    /// An answer that is none of the replies.
    InvalidReply { en: "Please choose one of the replies.", nl: "Kies een van de antwoorden." }
    /// An answer without any text.
    InvalidText { en: "Please type an answer.", nl: "Typ een antwoord." }
    /// An answer that is no number.
    InvalidNumber { en: "Please type a number.", nl: "Typ een getal." }
    /// An answer that is neither yes nor no.
    InvalidBool { en: "Please answer yes or no.", nl: "Antwoord met ja of nee." }
    /// An answer that is no date.
    InvalidDate {
        en: "Please type a date, like 2027-01-31.",
        nl: "Typ een datum, zoals 2027-01-31."
    }
    /// An answer that is no date with a time.
    InvalidDateTime {
        en: "Please type a date and a time, like 2027-01-31 09:00.",
        nl: "Typ een datum en een tijd, zoals 2027-01-31 09:00."
    }
    /// An answer that is no length of time.
    InvalidDuration { en: "Please type how long, like 2h or 30m.", nl: "Typ hoe lang, zoals 2h of 30m." }
    /// An answer that is no e-mail address.
    InvalidEmail {
        en: "Please type an e-mail address, like name@example.com.",
        nl: "Typ een e-mailadres, zoals naam@voorbeeld.nl."
    }
    /// An answer that is no phone number.
    InvalidPhone {
        en: "Please type a phone number with its country code, like +31 20 123 4567.",
        nl: "Typ een telefoonnummer met landcode, zoals +31 20 123 4567."
    }
    /// An answer that is no web address.
    InvalidUrl {
        en: "Please type a web address, like https://example.com.",
        nl: "Typ een webadres, zoals https://voorbeeld.nl."
    }
    /// What is said where the visitor types while a meeting's slots are offered.
    MeetingPrompt {
        en: "Pick a time that suits you, or say that you would rather not.",
        nl: "Kies een moment dat je uitkomt, of laat weten dat je dat liever niet doet."
    }
    /// The reply that declines a meeting.
    MeetingDecline { en: "No, thanks", nl: "Nee, bedankt" }
    /// What is said where the visitor types while an article is shown.
    ArticlePrompt { en: "Did the article help?", nl: "Heeft het artikel geholpen?" }
    /// The reply that an article helped.
    ArticleHelpful { en: "Yes, that helped", nl: "Ja, dat hielp" }
    /// The reply that an article did not help.
    ArticleNotHelpful { en: "No, I need more help", nl: "Nee, dat hielp niet" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_leniently() {
        assert_eq!(Language::of("nl-BE"), Language::Dutch);
        assert_eq!(Language::of("NL_nl"), Language::Dutch);
        assert_eq!(Language::of("ja"), Language::English);
        assert_eq!(Language::of(""), Language::English);
    }

    #[test]
    fn every_text_is_said_in_every_language() {
        for (text, name, doc) in BuiltIn::ALL {
            assert!(!doc.is_empty(), "{name}");
            assert!(Language::ALL.iter().all(|language| !text.text(*language).is_empty()), "{name}");
        }
    }
}
