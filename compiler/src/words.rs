//! The words of the language that belong to no other table: what a file is made of, the statements, the settings of
//! questions, the lines of tests. Checker, `explain` and the language server read these rows; tests hold them to the
//! checker's own lists.

use crate::token::Kind;

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The first line of a file.
    Header,
    /// An item of a flow.
    Flow,
    /// An item of a module.
    Module,
    /// An item of a workspace.
    Workspace,
    /// A statement of a step.
    Statement,
    /// A line in the block of `target`.
    Target,
    /// A line in the block of a question.
    Question,
    /// A line in the block of an action.
    Action,
    /// A line of a test.
    Test,
}

impl Place {
    /// What a word there is: `a statement`.
    pub const fn kind(self) -> &'static str {
        match self {
            Place::Header => "a kind of file",
            Place::Flow => "a part of a flow",
            Place::Module => "a part of a module",
            Place::Workspace => "a part of a workspace",
            Place::Statement => "a statement",
            Place::Target => "a line of `target`",
            Place::Question => "a setting of a question",
            Place::Action => "a setting of actions",
            Place::Test => "a line of a test",
        }
    }
}

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct WordSpec {
    /// The word, or the words, that it begins with.
    pub word: &'static str,
    /// Where it stands.
    pub place: Place,
    /// How it is written: words in capitals and `…` stand for what is to be filled in.
    pub form: &'static str,
    /// One or two sentences: what it does.
    pub doc: &'static str,
}

macro_rules! words {
    ($($place:ident { $($word:literal, $form:literal: $doc:literal;)* })*) => {
        /// Every word.
        pub const WORDS: &[WordSpec] = &[
            $($(WordSpec { word: $word, place: Place::$place, form: $form, doc: $doc },)*)*
        ];
    };
}

words! {
    Header {
        "flow", "flow NAME \"TITLE\"": "A flow: what a bot says and does in one chat.";
        "module", "module NAME \"TITLE\"": "Steps that several flows share; they run them with `do MODULE.STEP`.";
        "workspace", "workspace NAME \"TITLE\"": "What flows may name: properties, teams, meetings and other things of the CRM.";
        "tests for", "tests for FLOW": "A file of tests for the flow of that name in the same folder.";
    }
    Flow {
        "use", "use NAME": "Uses the workspace or module in the file of that name, beside this one or in a folder above.";
        "channel", "channel CHANNEL": "Where the flow runs; several are separated by commas. Without it: `website`.";
        "inbox", "inbox NAME": "The inbox that the chats come to; its hours decide what `today` and availability mean.";
        "languages", "languages LANGUAGE": "The languages of the flow. The first is the one it is written in; the others come from catalogues.";
        "priority", "priority NUMBER": "Of the flows that match a page, the one with the largest number shows. Without it: 0.";
        "target", "target {}": "Where the flow shows: any `show when` holds, or there is none, and no `hide when` does.";
        "display", "display {}": "How the chat looks.";
        "options", "options {}": "How the chat behaves.";
        "consent", "consent {}": "What the visitor agrees to.";
        "welcome", "welcome \"TEXT\"": "What is shown first, and again when a session starts anew; what the prompt above the launcher previews.";
        "outdated", "outdated -> STEP": "Where a chat goes whose place a new version of the flow no longer has.";
        "anytime", "anytime {}": "Conditions on `reply` that are tested on each message, each with where the chat goes.";
        "step", "step NAME {}": "A part of the chat with a name. The first one is where it begins; at its end the flow is completed.";
        "test", "test \"NAME\" {}": "Plays a chat and compares; `chatflow test` runs it.";
    }
    Module {
        "use", "use NAME": "Uses the workspace or module in the file of that name, beside this one or in a folder above.";
        "step", "step NAME {}": "Steps of a module are run with `do MODULE.STEP`, and come back.";
    }
    Workspace {
        "contact", "contact {}": "The properties of contacts, each with a type.";
        "company", "company {}": "The properties of companies, each with a type.";
        "plan", "plan PLAN": "The plan of the account. Flows that use more are refused; without it everything is allowed.";
        "privacy", "privacy strict": "A flow that is shown must then have a `consent` block.";
        "texts", "texts {}": "What is said in place of the runtime's own texts.";
        "user", "user NAME \"TITLE\"": "A person whom chats are handed to; `seat` says what they may do.";
        "team", "team NAME \"TITLE\" { members [USER] }": "A group of users whom chats are handed to.";
        "inbox", "inbox NAME \"TITLE\" { hours DAYS TIMES in \"ZONE\" }": "Where chats come to, with its opening hours.";
        "meeting", "meeting NAME \"TITLE\" { link \"URL\" }": "A meeting that visitors can book.";
        "article", "article NAME \"TITLE\" { link \"URL\" }": "An article of the knowledge base.";
        "knowledge", "knowledge NAME \"TITLE\"": "A knowledge base that is searched.";
        "list", "list NAME \"TITLE\"": "A static list of contacts.";
        "workflow", "workflow NAME \"TITLE\"": "A workflow of the CRM that contacts are enrolled in.";
        "pipeline", "pipeline NAME \"TITLE\" { stages [STAGE] }": "A pipeline of tickets, with its stages.";
        "survey", "survey NAME \"TITLE\" { kind KIND }": "A survey that is offered when a chat ends: `csat`, `nps` or `ces`.";
        "subscription", "subscription NAME \"TITLE\"": "A kind of mail that contacts subscribe to.";
        "secret", "secret NAME": "A value that the host keeps and no flow sees; it stands in a header of `call webhook`.";
        "function", "function NAME(PARAMETER: TYPE): TYPE": "A function that the host implements; it is called in `let`.";
    }
    Statement {
        "say", "say \"TEXT\"": "Says a text. `{value}` in it shows a value, which must be known there.";
        "ask", "ask NAME: TYPE \"QUESTION\"": "Asks, and waits for the visitor. The answer is stored in a property or local, or is only `reply`.";
        "set", "set PROPERTY = VALUE": "Stores a value in a property or a local.";
        "let", "let NAME = VALUE": "Makes a local of a value; functions of the host are called here.";
        "clear", "clear PROPERTY": "Forgets a value; it is unknown then.";
        "if", "if CONDITION then {}": "Runs the block if the condition is true; neither where it is false nor where it is unknown.";
        "do", "do STEP": "Runs a step, or one of a module, and comes back.";
        "wait", "wait DURATION": "Lets time pass.";
        "end", "end": "Completes the flow.";
    }
    Target {
        "show when", "show when CONDITION": "The flow shows where this holds. Of several, any one is enough.";
        "hide when", "hide when CONDITION": "The flow does not show where this holds.";
    }
    Question {
        "skip when", "skip when CONDITION": "Does not ask where this holds, and goes on at the next statement.";
        "invalid", "invalid \"TEXT\"": "What is said to an answer that cannot be taken; without it, a built-in text.";
        "attempts", "attempts NUMBER -> STEP": "The wrong answer of that number goes there, without the text of `invalid`.";
        "timeout", "timeout DURATION -> STEP": "Silence of that length goes there.";
        "otherwise", "otherwise -> STEP": "Any answer that is none of the choices goes there.";
    }
    Action {
        "timeout", "timeout DURATION -> STEP": "Silence of the visitor of that length goes there.";
        "deadline", "deadline DURATION": "How long the host has; without it, 30 seconds.";
    }
    Test {
        "given", "given CONDITION": "Sets the world before the chat begins: who is available, what is known, what a function says.";
        "visit", "visit \"URL\"": "The visitor opens a page.";
        "agree", "agree": "The visitor agrees to the processing of their data; `agree cookies` to cookies.";
        "bot", "bot \"TEXT\"": "What the bot says next; a list behind it are the replies it offers.";
        "visitor", "visitor \"TEXT\"": "What the visitor writes, or the label that they tap.";
        "expect", "expect CONDITION": "A condition that must be true, or an action that must have been asked for.";
        "shown", "shown": "The flow is the project's choice for the page.";
        "not shown", "not shown": "The flow is not the project's choice for the page.";
        "wait", "wait DURATION": "Moves the clock.";
        "fail", "fail ACTION": "The next action of that kind fails.";
        "choose", "choose OUTCOME": "Gives the outcome of the action that is waited for.";
        "completed", "completed": "The flow is over.";
    }
}

/// The words of a place.
pub fn at(place: Place) -> impl Iterator<Item = &'static WordSpec> + Clone {
    WORDS.iter().filter(move |spec| spec.place == place)
}

/// The row of a word in a place; of one that consists of several, its first.
pub fn named(place: Place, word: &str) -> Option<&'static WordSpec> {
    at(place).find(|spec| spec.word.split(' ').next() == Some(word) || spec.word == word)
}

/// The item that a keyword begins, in a file of this kind.
pub fn item(kind: Kind, places: &[Place]) -> Option<&'static WordSpec> {
    let word = kind.keyword()?;
    places.iter().find_map(|place| named(*place, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Thing;

    fn firsts(place: Place) -> Vec<&'static str> {
        at(place).filter_map(|spec| spec.word.split(' ').next()).collect()
    }

    #[test]
    fn every_word_that_the_checker_takes_has_a_row() {
        let mut statements = firsts(Place::Statement);
        statements.sort_unstable();
        let mut taken = crate::check::STATEMENTS.to_vec();
        taken.sort_unstable();
        assert_eq!(statements, taken);
        assert_eq!(firsts(Place::Question), crate::check::ASK_SETTINGS);
        let flow: Vec<&str> = crate::check::KNOWN.into_iter().filter(|word| *word != "flow").collect();
        assert_eq!(firsts(Place::Flow), flow);
        for (_, thing) in Thing::ALL {
            assert!(named(Place::Workspace, thing.word()).is_some(), "{}", thing.word());
        }
    }

    #[test]
    fn a_form_begins_with_its_word() {
        for spec in WORDS {
            assert!(spec.form.starts_with(spec.word), "{}", spec.form);
            assert!(spec.doc.ends_with('.'), "{}", spec.doc);
        }
    }
}
