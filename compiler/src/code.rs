//! The catalogue of diagnostics: each code once, with its severity, its title and its page.
//!
//! E01 is about the text, E02 about names, E03 about types, E04 about the paths through a flow, E05 about catalogues, E06 about
//! plans, seats, privacy and channels, E07 about the files of a project that are no flows.

use crate::diagnostic::Severity;

macro_rules! codes {
    ($($code:ident $severity:ident $name:ident $title:literal;)*) => {
        /// A kind of finding. Codes are stable: one that is no longer used is never used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant's meaning is its title and its page")]
        pub enum Code { $($name,)* }

        impl Code {
            /// Every code, ascending.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code people read: `E0201`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => stringify!($code),)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// What it is called.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// Its page, in Markdown: what, why, a bad sample and a good one.
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../../docs/diagnostics/", stringify!($code), ".md")),)*
                }
            }
        }
    };
}

codes! {
    E0101 Error InvalidUtf8 "the file is not UTF-8";
    E0102 Error InvisibleCharacter "an invisible or control character";
    E0103 Error LookalikeCharacter "a typographic character where a plain one belongs";
    E0104 Error UnclosedText "a text without its closing quote";
    E0105 Error UnclosedBracket "a bracket that is never closed";
    E0106 Error StrayBracket "a closing bracket without an opening one";
    E0107 Error TooDeep "nested too deeply";
    E0108 Error UnknownEscape "an unknown escape in a text";
    E0109 Error Syntax "something else was expected here";
    E0110 Error UnknownWord "an unknown statement, block or test line";
    E0111 Error ChainedComparison "comparisons do not chain";
    E0112 Error BadLiteral "a literal that means nothing";
    E0113 Error OneStatementPerLine "two statements on one line";
    E0114 Warning HiddenDirection "a text with invisible direction marks";
    E0115 Warning UnusedAllow "an `allow` that nothing needs";
    E0116 Warning AllowWithoutReason "an `allow` without a reason";
    E0117 Warning UnknownAllow "an `allow` of an unknown code";
    E0118 Warning AllowedError "an `allow` of an error";

    E0201 Error UnknownStep "no step has this name";
    E0202 Error DuplicateName "a name is declared twice";
    E0203 Error UnknownName "no property, local or fact has this name";
    E0204 Error UnknownObject "the workspace has nothing of this name";
    E0205 Error MissingFile "a file named by `use` is missing";
    E0206 Error UnknownSetting "no setting or outcome has this name here";
    E0207 Error RepeatedSetting "a setting is given twice";
    E0208 Error BadSetting "a setting cannot have this value";
    E0209 Error ReservedName "a reserved word as a name";
    E0210 Error LivingFormerName "a former name that is still in use";
    E0211 Error Misplaced "this does not belong in this kind of file";
    E0212 Error MissingHeader "the file does not say what it is";
    E0213 Error NoSteps "a flow without steps";
    E0214 Error UnknownType "no type has this name";
    E0215 Error OutOfScope "this is not known here yet";
    E0216 Error UnknownModule "no module, or no step of it, has this name";
    E0217 Error CircularUse "modules that use each other";
    E0218 Error OtherWorkspace "a module of another workspace";
    E0219 Error EqualModules "two modules with one name";

    E0301 Error TypeMismatch "two sides that cannot be compared";
    E0302 Error WrongValue "a value that does not fit where it is stored";
    E0303 Error UnknownOption "the list has no such option";
    E0304 Error NotACondition "a condition is expected here";
    E0305 Error ChoiceWithoutValue "a choice that stores nothing the target can hold";
    E0306 Error OperatorMisfit "an operator that does not fit this type";
    E0307 Error EqualChoices "two choices with one label";
    E0308 Error DefaultBesideCondition "`or` between a value and a condition";
    E0309 Error QuotedValue "a quoted option or date";
    E0310 Error ArithmeticMisfit "arithmetic with values that it does not fit";
    E0311 Warning PartOfADay "a part of a day with a date";
    E0312 Error UntypedLocal "a local whose type cannot be told";
    E0313 Warning NeverFails "a `failed` that never comes";
    E0314 Error BadPattern "a pattern that cannot be read";
    E0315 Error UnknownForm "a form that nothing takes";
    E0316 Warning UnusedForm "a plural form that the language never uses";
    E0317 Error MissingForm "a text that lacks a form";
    E0318 Error MisplacedCall "a function that is called outside of `let`";
    E0319 Error WrongCount "a call with too many or too few values";
    E0320 Error BadAddress "an address that no webhook has";
    E0321 Error BadHeader "a header that cannot be sent";
    E0322 Error LiteralCredential "a password in a flow";
    E0323 Error BadPath "a path that leads into no answer";
    E0324 Error SecretValue "a secret that would be seen";
    E0325 Error MixedContracts "lines of two contracts in one call";

    E0401 Error MayBeUnknown "a value that may be unknown";
    E0402 Warning UnreachableStep "a step that nothing leads to";
    E0403 Warning UnreachableStatement "a statement that is never reached";
    E0404 Error SilentLoop "a loop that never waits";
    E0405 Error MissingOutcome "an outcome that must be said";
    E0406 Warning NegativeTest "a negative test that leaves out unknown";
    E0407 Warning LostTargets "choice targets that `skip when` loses";
    E0408 Warning LateTimeout "a timeout that never comes first";
    E0409 Error AnytimeWithoutReply "an `anytime` condition that does not look at the reply";
    E0410 Warning NoAddress "a contact that may have no address";
    E0411 Error DivisorMayBeZero "a text that shows a division by what may be zero";
    E0416 Warning NeverHolds "a condition that never holds";
    E0417 Warning AlwaysHolds "a condition that always holds";
    E0418 Warning MissedOption "choices that leave out an option";
    E0419 Warning ManyMessages "many messages without a pause";
    E0420 Error Recursion "a step that comes to run itself";
    E0421 Error ArrowIntoModule "an arrow into a module";
    E0422 Warning LateQuestion "a question after the session is over";
    E0423 Warning Overwritten "a value that nothing reads";

    E0501 Error BrokenTranslation "a translation that cannot be read";
    E0502 Error UnknownHole "a translation with a hole that its text does not have";
    E0503 Warning MissingHole "a translation without a hole of its text";
    E0504 Warning Untranslated "texts that a catalogue lacks";
    E0505 Warning StaleTranslations "translations of texts that are gone";
    E0506 Error EqualTranslations "two replies with one label in a language";
    E0507 Warning UnusedCatalogue "a catalogue that nothing uses";
    E0508 Error BrokenCatalogue "a catalogue that cannot be read";

    E0601 Error AbovePlan "something that the workspace's plan does not have";
    E0602 Error NoSeat "a hand-off to a user without a seat";
    E0603 Warning NobodySeated "a hand-off to a team in which nobody has a seat";
    E0604 Error MissingConsent "a flow without `consent` where privacy is strict";
    E0605 Error TooManyReplies "more replies than a channel has room for";
    E0606 Warning OtherForm "replies that show in another form";
    E0607 Error LongText "a text that is too long for a channel";
    E0608 Error LongLabel "a label that is too long for a channel";
    E0609 Warning NoPage "something of a page where no channel has one";
    E0610 Error TestsWithoutFlow "a file of tests without its flow";
    E0611 Warning NoAlternative "a picture without a text in its place";
    E0612 Warning BecomesAddress "media that a channel does not show";
    E0617 Error UnknownZone "a time zone that there is not";
    E0618 Warning ForeignLanguage "a language that the runtime does not know";
    E0625 Warning MayBeLong "a text that may become too long for a channel";
    E0626 Warning NeverShown "a line that shows the flow where another hides it";
    E0627 Warning EqualPriority "two flows that can show on one page with one priority";
    E0628 Warning HiddenFlow "a flow that another always hides";
    E0629 Warning IdleTrigger "a trigger that does nothing, or a chat that waits for none";
    E0630 Warning EarlyTrigger "a trigger while the page still loads";
    E0636 Warning PersonalAddress "personal data in an address";

    E0701 Error BrokenSettings "a settings file that cannot be read";
    E0702 Error UndeclaredId "an id of something that no workspace declares";
    E0703 Error MissingId "a name without an id in an environment";

    E0901 Warning NumberedQuestion "a question that only a number tells from another";
}

impl Code {
    /// The last code that is about the text, and not about what it means.
    pub(crate) const LAST_OF_TEXT: Code = Code::HiddenDirection;

    /// The code that people write as `text`, in any case.
    pub fn named(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
    }
}
