//! Conversations, from their first message to their last.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::action::{Action, ObjectKind, Outcome};
use crate::id::{PlaceId, ReplyId};
use crate::image::{ActDef, AnytimeDef, Arm, Scope};
use crate::observe::{Observer, Taken};
use crate::op::Op;
use crate::samples::{self, Builder, place, question};
use crate::value::{Type, Value};
use crate::{
    Effect, Facts, Input, Program, Session, State, Timestamp, Turn, Waiting, condition, resume,
    resume_observed, start, waiting,
};

const MINUTE: i64 = 60_000;

/// A chat with a program at a clock.
pub(super) struct Chat {
    pub(super) program: Program,
    pub(super) facts: Facts,
    pub(super) now: i64,
    pub(super) turn: Turn,
}

impl Chat {
    pub(super) fn new(program: Program, facts: Facts) -> Chat {
        let turn = start(&program, &facts, Timestamp(0));
        Chat { program, facts, now: 0, turn }
    }

    /// Runs one turn, with the session through its bytes, and says what the bot did.
    pub(super) fn turn(&mut self, input: Input<'_>) -> Vec<String> {
        let session = Session::from_bytes(&self.turn.session.to_bytes()).unwrap();
        assert_eq!(session, self.turn.session);
        let first = session.next_effect();
        self.turn = resume(&self.program, &session, input, &self.facts, Timestamp(self.now));
        assert_eq!(self.turn.waiting, waiting(&self.program, &self.turn.session));
        let numbers: Vec<u32> = self.turn.effects.iter().map(|numbered| numbered.id).collect();
        assert_eq!(numbers, (first..self.turn.session.next_effect()).collect::<Vec<u32>>());
        self.shown()
    }

    pub(super) fn say(&mut self, text: &str) -> Vec<String> {
        self.turn(Input::Text(text))
    }

    pub(super) fn outcome(&mut self, outcome: Outcome) -> Vec<String> {
        let place = self.turn.session.place().unwrap();
        self.turn(Input::Outcome { place, outcome, data: Facts::NONE })
    }

    pub(super) fn shown(&self) -> Vec<String> {
        self.turn.effects.iter().map(|numbered| line(&numbered.effect)).collect()
    }
}

fn line(effect: &Effect) -> String {
    match effect {
        Effect::Say { text } => format!("bot: {text}"),
        Effect::Show { media, url, words } => format!("{}: {url} ({words})", media.spec().word),
        Effect::Ask { text, replies, open, again, .. } => {
            let labels: Vec<&str> = replies.iter().map(|reply| reply.label.as_str()).collect();
            let head = if *again { "again" } else { "ask" };
            let tail = if *open && !labels.is_empty() { " or else" } else { "" };
            if labels.is_empty() {
                format!("{head}: {text}")
            } else {
                format!("{head}: {text} {labels:?}{tail}")
            }
        }
        Effect::Consent { explicit, .. } => format!("consent {explicit}"),
        Effect::Set { property, value } => format!("set {property} = {value:?}"),
        Effect::Clear { property } => format!("clear {property}"),
        Effect::Act { action, object, arguments, .. } => {
            format!("{} {} {arguments:?}", action.spec().head, object.name)
        }
        Effect::Moved { step, why, messages } => {
            let why: Vec<&str> = why.iter().map(crate::Reason::word).collect();
            let step = step.as_deref().unwrap_or("welcome");
            format!("moved: {step} ({}) {messages:?}", why.join(", "))
        }
        Effect::Forward { text } => format!("forward: {text}"),
        Effect::Survey { survey } => format!("survey {survey}"),
        Effect::Articles { articles } => {
            let titles: Vec<&str> = articles.iter().map(|article| article.title.as_str()).collect();
            format!("articles {}", titles.join(", "))
        }
        Effect::Complete { end } => format!("complete {end:?}"),
    }
}

pub(super) fn qualify() -> Chat {
    Chat::new(
        samples::qualify_program(),
        Facts::new().with("page.url", "https://acme.example/pricing?plan=pro"),
    )
}

#[test]
fn the_smallest_flow() {
    let mut chat = Chat::new(Program::from_image(samples::hello()).unwrap(), Facts::new());
    assert_eq!(chat.shown(), ["bot: Hi! I'm a bot.", "ask: What's your name?"]);
    assert_eq!(chat.say("  "), ["again: Please type an answer."]);
    assert_eq!(chat.say(" Ada "), ["bot: Nice to meet you, Ada.", "complete Finished"]);
    assert_eq!(chat.turn.waiting, Waiting::Nothing);
    assert_eq!(chat.turn.session.value("name"), Some(&Value::Text("Ada".into())));
    assert_eq!(chat.say("thanks!"), ["forward: thanks!"]);
    chat.now = 1_000 * MINUTE;
    assert_eq!(chat.say("still there?"), ["forward: still there?"], "a completed flow is never reset");
    assert_eq!(chat.turn(Input::Closed), Vec::<String>::new());
}

#[test]
fn a_big_team_that_sales_can_take() {
    let mut chat = qualify();
    chat.facts.set("team sales", true.into());
    chat.facts.set("contact.stage", "lead".into());
    assert_eq!(chat.shown(), ["bot: Hi there! Looking for a plan?", "consent true"]);
    assert_eq!(chat.turn.waiting, Waiting::Agreement);
    assert_eq!(chat.say("See a demo"), ["consent true"], "nothing is taken before agreement");
    assert_eq!(
        chat.turn(Input::Agree),
        [r#"ask: What brings you here? ["See a demo", "Get support", "Just looking"]"#]
    );
    assert_eq!(chat.turn(Input::Agree), Vec::<String>::new());
    assert_eq!(chat.say("see a DEMO "), ["ask: What's your work email?"]);
    assert_eq!(chat.say("ada at example"), ["again: That doesn't look like an email address."]);
    assert_eq!(
        chat.say("ada@Example.com"),
        [
            r#"set contact.email = Text("ada@example.com")"#,
            r#"ask: How big is your team? ["Just me", "2–50", "Over 50"]"#
        ]
    );
    let handed = r#"hand off to sales [(Note, "Came from /pricing")]"#;
    assert_eq!(chat.say("3)"), ["set company.employees = Number(500)", handed]);
    let place = place("talk", "hand off");
    assert_eq!(chat.turn.waiting, Waiting::Host { place, until: Timestamp(30_000) });
    assert_eq!(chat.outcome(Outcome::Booked), Vec::<String>::new(), "a hand-off is never booked");
    assert_eq!(chat.outcome(Outcome::Taken), ["complete HandedOff"]);
    assert_eq!(chat.turn(Input::Closed), ["survey post_chat"]);
    assert_eq!(chat.turn(Input::Closed), Vec::<String>::new(), "a survey is offered once");
}

#[test]
fn a_waiting_session_is_small() {
    let mut chat = qualify();
    chat.now = 1_795_000_000_000;
    for input in [Input::Text("hi"), Input::Agree, Input::Text("1"), Input::Text("ada.lovelace@example.com")]
    {
        chat.turn(input);
    }
    assert_eq!(chat.turn.session.place(), Some(place("qualify", "ask company.employees")));
    let size = chat.turn.session.to_bytes().len();
    assert!(size <= 128, "{size} bytes");
}

#[test]
fn a_message_after_the_timeout_starts_again() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.now = 30 * MINUTE - 1;
    assert_eq!(chat.say("2"), ["ask: What can I help you with?"]);
    chat.say("my issue");
    chat.now += 30 * MINUTE;
    let failed =
        ["bot: Something went wrong on our side. Please try again.", "survey post_chat", "complete Error"];
    assert_eq!(chat.turn(Input::Silence), failed, "the ticket's deadline");

    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.say("1");
    chat.say("a@b.example");
    chat.now = 30 * MINUTE;
    assert_eq!(chat.turn(Input::Silence), Vec::<String>::new(), "silence alone does nothing");
    assert_eq!(
        chat.say("Just me"),
        [
            "bot: Hi there! Looking for a plan?",
            r#"ask: What brings you here? ["See a demo", "Get support", "Just looking"]"#
        ],
        "the message is not taken, and the consent stays"
    );
    assert_eq!(chat.turn.session.restarts(), 1);
    assert!(!chat.turn.session.has_replied());
    assert_eq!(
        chat.say("See a demo"),
        [r#"ask: How big is your team? ["Just me", "2–50", "Over 50"]"#],
        "the e-mail address is known still"
    );
}

#[test]
fn locals_go_with_a_restart() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.say("Get support");
    chat.say("It is broken");
    assert_eq!(chat.turn.session.value("issue"), Some(&Value::Text("It is broken".into())));
    chat.now = 30 * MINUTE;
    chat.say("hello?");
    assert_eq!(chat.turn.session.value("issue"), None);
    assert_eq!(chat.turn.session.reply(), None);
}

#[test]
fn anytime_hears_every_message_but_an_exact_label() {
    let mut chat = qualify();
    chat.facts.set("page.url", "https://acme.example/".into());
    chat.turn(Input::Agree);
    let handed = r#"hand off to sales [(Note, "Came from /")]"#;
    assert_eq!(chat.say(" HUMAN"), [handed]);
    assert_eq!(
        chat.outcome(Outcome::Unavailable),
        ["bot: Nobody is at their desk right now.", "ask: Where can we reach you?"]
    );
    let site = place("leave_message", "ask contact.email");
    assert_eq!(chat.turn.waiting, Waiting::Visitor { place: site, until: Some(Timestamp(10 * MINUTE)) });
    chat.now = 10 * MINUTE - 1;
    assert_eq!(chat.turn(Input::Silence), Vec::<String>::new());
    chat.now = 10 * MINUTE;
    assert_eq!(
        chat.say("a@b.example"),
        [
            "bot: Thank you! We'll be in touch.",
            "survey post_chat",
            "complete Finished",
            "forward: a@b.example"
        ],
        "the timeout comes first, and the message is no answer"
    );
}

#[test]
fn the_last_wrong_answer_takes_its_arrow() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.say("1");
    chat.say("x");
    chat.say("y");
    assert_eq!(chat.turn.session.wrong_answers(), 2);
    assert_eq!(chat.say("z"), [r#"hand off to sales [(Note, "Came from /pricing")]"#]);
    chat.now = 30_000;
    assert_eq!(
        chat.turn(Input::Silence)[0],
        "bot: Nobody is at their desk right now.",
        "the host's time is over"
    );
}

#[test]
fn only_replies_are_taken() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    let again = r#"again: Please choose one of the replies. ["See a demo", "Get support", "Just looking"]"#;
    assert_eq!(chat.say("cheese"), [again]);
    assert_eq!(chat.say("4"), [again]);
    assert_eq!(
        chat.say("3."),
        ["bot: Take your time. I'm here if you need me.", "survey post_chat", "complete Finished"]
    );
}

#[test]
fn taps_mean_their_reply_or_nothing() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    let need = place("need", "ask");
    let tap = |place, label| Input::Tap { place, reply: ReplyId::of(label) };
    assert_eq!(chat.turn(tap(need, "Cheese")), Vec::<String>::new());
    assert_eq!(chat.turn(tap(PlaceId(1), "See a demo")), Vec::<String>::new());
    assert_eq!(chat.turn(tap(need, "See a demo")), ["ask: What's your work email?"]);
    assert_eq!(chat.turn.session.reply(), Some("See a demo"));
    chat.now = 29 * MINUTE;
    assert_eq!(chat.turn(tap(need, "Get support")), Vec::<String>::new(), "an old button");
    chat.now = 31 * MINUTE;
    assert_eq!(chat.say("a@b.example").len(), 2, "the old button counted as activity");
}

#[test]
fn a_meeting_is_offered_until_it_is_booked_or_declined() {
    let mut chat = qualify();
    chat.facts.set("contact.email", "a@b.example".into());
    chat.facts.set("contact.stage", "Subscriber".into());
    chat.turn(Input::Agree);
    chat.say("1");
    let offered = chat.say("Just me");
    assert_eq!(
        offered,
        [
            "set company.employees = Number(1)",
            r#"set contact.stage = Option("lead")"#,
            "book meeting intro []"
        ]
    );
    assert!(matches!(chat.turn.waiting, Waiting::Visitor { until: None, .. }));
    assert_eq!(
        chat.say("tomorrow?"),
        [r#"again: Pick a time that suits you, or say that you would rather not. ["No, thanks"]"#]
    );
    let mut other =
        Chat { program: chat.program.clone(), facts: chat.facts.clone(), now: 0, turn: chat.turn.clone() };
    assert_eq!(other.outcome(Outcome::Booked)[0], "bot: Thank you! We'll be in touch.");
    let mut other =
        Chat { program: chat.program.clone(), facts: chat.facts.clone(), now: 0, turn: chat.turn.clone() };
    assert_eq!(other.outcome(Outcome::Failed)[0], "bot: Something went wrong on our side. Please try again.");
    assert_eq!(chat.say("no, thanks"), [r#"hand off to sales [(Note, "Came from /pricing")]"#]);
}

#[test]
fn a_message_is_kept_for_the_next_question() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.say("agent");
    assert_eq!(chat.say("hello?"), Vec::<String>::new());
    assert_eq!(chat.say("ada@example.com"), Vec::<String>::new());
    assert_eq!(chat.turn.session.kept_message(), Some("ada@example.com"));
    assert_eq!(chat.turn.session.reply(), Some("agent"));
    assert_eq!(
        chat.outcome(Outcome::Unavailable),
        [
            "bot: Nobody is at their desk right now.",
            "ask: Where can we reach you?",
            r#"set contact.email = Text("ada@example.com")"#,
            "bot: Thank you! We'll be in touch.",
            "survey post_chat",
            "complete Finished"
        ]
    );
}

#[test]
fn what_a_flow_relies_on_stays_known() {
    let mut chat = qualify();
    chat.facts.set("contact.email", "a@b.example".into());
    chat.turn(Input::Agree);
    chat.say("1");
    assert_eq!(chat.turn.session.value("contact.email"), Some(&Value::Text("a@b.example".into())));
    chat.facts.remove("contact.email");
    chat.turn(Input::Silence);
    assert_eq!(chat.turn.session.value("contact.email"), Some(&Value::Text("a@b.example".into())));
    chat.facts.set("contact.email", "new@b.example".into());
    chat.turn(Input::Silence);
    chat.facts.remove("contact.email");
    assert_eq!(chat.turn.session.value("contact.email"), Some(&Value::Text("new@b.example".into())));
    let known = crate::id::Fragment(3);
    let with_lead = Facts::new().with("contact.stage", "lead");
    let holds =
        |session, facts: &Facts| condition(&chat.program, known, session, facts, Timestamp(0)).holds();
    assert!(holds(Some(&chat.turn.session), &with_lead), "the chat has an e-mail address");
    assert!(!holds(None, &with_lead));
    assert!(holds(None, &with_lead.clone().with("contact", true)));
}

#[test]
fn agreement_by_chatting() {
    use crate::setting::{Setting, SettingValue};
    let mut flow = Builder { image: samples::hello() };
    let word = flow.string("legitimate_interest");
    flow.setting(Setting::Processing, SettingValue::Word(word));
    let mut chat = Chat::new(flow.program(), Facts::new());
    assert_eq!(chat.shown(), ["bot: Hi! I'm a bot.", "consent false", "ask: What's your name?"]);
    assert!(!chat.turn.session.has_agreed());
    chat.now = 30 * MINUTE;
    assert_eq!(chat.say("Ada").len(), 3, "nobody has agreed yet, so the text is shown again");
    chat.say(" ");
    assert!(chat.turn.session.has_agreed());
    chat.now += 30 * MINUTE;
    assert_eq!(chat.say("Ada").len(), 2);
}

#[test]
fn a_loop_that_never_waits_ends_the_chat() {
    let mut flow = Builder::new("loop");
    flow.step("start", |flow, step| {
        flow.text("go");
        flow.ask(step, "ask", question(None, Type::Text));
        flow.op(Op::Go(crate::id::Step(1)));
    });
    flow.step("round", |flow, step| {
        flow.op(Op::Go(step));
    });
    let mut chat = Chat::new(flow.program(), Facts::new());
    assert_eq!(
        chat.say("x"),
        ["bot: Something went wrong on our side. Please try again later.", "complete Error"]
    );
    assert_eq!(chat.turn.session.state(), State::Done(crate::End::Error));
}

#[test]
fn a_text_that_doubles_ends_the_chat() {
    let mut flow = Builder::new("double");
    let text = flow.slot("text", Type::Text, Scope::Local);
    flow.step("start", |flow, step| {
        flow.ops(&[Op::Slot(text)]);
        flow.constant_op(Value::Text("xxxxxxxx".into()));
        flow.ops(&[Op::OrElse]);
        flow.text("{0}{0}");
        flow.ops(&[Op::Set(text), Op::Go(step)]);
    });
    let chat = Chat::new(flow.program(), Facts::new());
    assert_eq!(chat.shown().last().unwrap(), "complete Error");
}

#[test]
fn an_outcome_that_nobody_speaks_of_follows_its_default() {
    let mut flow = Builder::new("defaults");
    let team = flow.object(ObjectKind::Team, "sales", &[]);
    let act = ActDef::of(Action::HandOff, team);
    flow.step("start", |flow, step| {
        flow.act(step, "hand off", act);
    });
    let mut chat = Chat::new(flow.program(), Facts::new());
    assert_eq!(
        chat.outcome(Outcome::Unavailable),
        ["bot: Something went wrong on our side. Please try again later.", "complete HandedOff"]
    );
}

#[test]
fn anytime_can_have_a_block() {
    let mut flow = Builder { image: samples::hello() };
    let when = flow.fragment(|flow| {
        flow.op(Op::Reply);
        flow.constant_op(Value::Text("stop".into()));
        flow.op(Op::Contains);
    });
    let arm = Arm::Block(flow.here());
    flow.say("You said {x}stop.");
    flow.op(Op::End);
    flow.image.anytime = vec![AnytimeDef { when, arm }];
    let mut chat = Chat::new(flow.program(), Facts::new());
    assert_eq!(chat.say("please STOP it"), ["bot: You said stop.", "complete Finished"]);
    assert_eq!(chat.turn.session.value("name"), None);
}

#[test]
fn tools_can_watch() {
    #[derive(Default)]
    struct Watch(Vec<String>);
    impl Observer for Watch {
        fn branch(&mut self, _: crate::id::Addr, taken: bool) {
            self.0.push(format!("branch {taken}"));
        }
        fn arm(&mut self, site: crate::id::Site, taken: Taken) {
            self.0.push(format!("{} {taken:?}", site.0));
        }
        fn anytime(&mut self, line: usize) {
            self.0.push(format!("anytime {line}"));
        }
    }
    let mut chat = qualify();
    let mut watch = Watch::default();
    for input in [Input::Agree, Input::Text("1"), Input::Text("x"), Input::Text("agent"), Input::Silence] {
        chat.now += 20_000;
        let now = Timestamp(chat.now);
        chat.turn = resume_observed(&chat.program, &chat.turn.session, input, &chat.facts, now, &mut watch);
    }
    assert_eq!(watch.0, ["0 Reply(0)", "branch true", "1 Invalid", "anytime 0"]);
}
