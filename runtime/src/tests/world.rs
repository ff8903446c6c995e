//! What a flow knows of the world: facts, hours, availability, and the choice of a flow.

use alloc::vec;
use alloc::vec::Vec;

use super::samples::{self, Builder};
use crate::action::{Action, ObjectKind};
use crate::fact::FactKind;
use crate::id::{Inbox, Options};
use crate::image::{ActDef, Hours, InboxDef, Scope};
use crate::op::Op;
use crate::setting::{Setting, SettingValue};
use crate::value::Type;
use crate::{Facts, Program, Timestamp, candidates, condition, facts_read, select, shows, welcome};

#[test]
fn a_host_knows_what_to_fetch() {
    assert_eq!(
        facts_read(&samples::qualify_program()),
        [
            "channel",
            "company.employees",
            "contact",
            "contact.email",
            "contact.firstname",
            "contact.stage",
            "inbox sales",
            "page.url",
            "team sales",
            "user ada",
            "user bo",
            "utc_offset Europe/Amsterdam",
            "visitor.device"
        ]
    );
}

const HOUR: i64 = 3_600_000;
/// Monday, 2027-02-01, midnight in UTC.
const MONDAY: i64 = 1_801_440_000_000;

/// A flow that shows when a condition about a slot or fact holds.
fn shown_when(facts: Facts, now: i64, write: impl FnOnce(&mut Builder)) -> bool {
    let mut flow = Builder::new("x");
    let fragment = flow.fragment(write);
    flow.image.show = vec![fragment];
    flow.step("start", |_, _| {});
    shows(&flow.program(), &facts, Timestamp(now))
}

#[test]
fn pages_and_visitors_are_tested() {
    let is = |kind: fn(&mut Builder) -> FactKind, test: Op, text: &str, facts: Facts| {
        shown_when(facts, 0, |flow| {
            let kind = kind(flow);
            let fact = flow.fact(kind);
            flow.op(fact);
            flow.constant_op(samples::words(text).unwrap());
            flow.op(test);
        })
    };
    let page = || Facts::new().with("page.url", "https://Acme.example:443/Pricing/?Plan=a%20b#x");
    assert!(is(|_| FactKind::PageUrl, Op::Contains, "/pricing?plan", page()));
    assert!(is(|_| FactKind::PageAddress, Op::Is, "https://acme.example/pricing", page()));
    assert!(is(|_| FactKind::PageHost, Op::Is, "acme.example", page()));
    assert!(is(|_| FactKind::PagePath, Op::EndsWith, "PRICING", page()));
    assert!(is(|flow| FactKind::PageQuery(flow.string("Plan")), Op::IsExactly, "a b", page()));
    assert!(!is(|flow| FactKind::PageQuery(flow.string("plan")), Op::Is, "a b", page()));
    assert!(is(|_| FactKind::PagePath, Op::Is, "/said", page().with("page.path", "/said")));
    assert!(is(|_| FactKind::VisitorDevice, Op::Is, "mobile", Facts::new().with("visitor.device", "mobile")));
    assert!(!is(|_| FactKind::VisitorDevice, Op::Is, "mobile", Facts::new()));
}

fn options(flow: &mut Builder) -> Options {
    flow.options(&[("a", "Label A", "crm_a")])
}

#[test]
fn facts_are_read_as_their_slots_types() {
    let known = |ty: fn(&mut Builder) -> Type, name: &str, facts: Facts| {
        shown_when(facts, 0, |flow| {
            let ty = ty(flow);
            let slot = flow.slot(name, ty, Scope::Contact);
            flow.ops(&[Op::Slot(slot), Op::Known]);
        })
    };
    let with = |value: &str| Facts::new().with("contact.x", value);
    for text in ["a", "crm_a", "Label A", " a "] {
        assert!(known(|flow| Type::OneOf(options(flow)), "contact.x", with(text)), "{text}");
    }
    assert!(!known(|flow| Type::OneOf(options(flow)), "contact.x", with("b")));
    assert!(known(|flow| Type::ManyOf(options(flow)), "contact.x", with("crm_a;b")));
    let many = Facts::new().with("contact.x", vec!["a".into()]);
    assert!(known(|flow| Type::ManyOf(options(flow)), "contact.x", many));
    for (ty, right, wrong) in [
        (Type::Number, "12.50", "12 people"),
        (Type::Bool, "true", "yes"),
        (Type::Date, "2027-01-31", "31-01-2027"),
        (Type::DateTime, "2027-01-31T09:00Z", "2027-01-31"),
        (Type::Duration, "2h", "2"),
        (Type::Text, "x", " "),
        (Type::Email, "a@b.c", ""),
    ] {
        let of = |text| {
            let mut flow = Builder::new("x");
            let slot = flow.slot("contact.x", ty, Scope::Contact);
            let fragment = flow.fragment(|flow| flow.ops(&[Op::Slot(slot), Op::Known]));
            flow.step("start", |_, _| {});
            condition(&flow.program(), fragment, None, &with(text), Timestamp(0)).holds()
        };
        assert!(of(right), "{right}");
        assert!(!of(wrong), "{wrong}");
    }
    assert!(!known(|_| Type::Text, "contact.y", with("x")));
}

/// A flow whose inbox has hours, with a team that it may hand to.
fn with_hours(hours: Vec<(u8, u16, u16)>) -> Program {
    let mut flow = Builder::new("hours");
    let (name, zone) = (flow.string("sales"), flow.string("Europe/Amsterdam"));
    let hours = hours.into_iter().map(|(days, from, to)| Hours { days, from, to, zone }).collect();
    flow.image.flow.inboxes = vec![InboxDef { name, hours }];
    flow.image.flow.inbox = Some(Inbox(0));
    let word = flow.string("when_available");
    flow.setting(Setting::Availability, SettingValue::Word(word));
    let team = flow.object(ObjectKind::Team, "sales", &["ada", "bo"]);
    flow.step("start", |flow, step| {
        let act = ActDef::of(Action::HandOff, team);
        flow.act(step, "hand off", act);
    });
    flow.program()
}

#[test]
fn somebody_is_available() {
    let program = with_hours(vec![(0b1_1111, 540, 1050), (0b10_0000, 1320, 120)]);
    let open = |facts: Facts, at: i64| select(&[&program], &facts, Timestamp(MONDAY + at)).is_some();
    let ada = || Facts::new().with("user ada", true);
    assert!(!open(Facts::new(), 12 * HOUR), "nobody is there");
    assert!(open(ada(), 12 * HOUR));
    assert!(!open(ada(), 9 * HOUR - 1));
    assert!(open(ada(), 9 * HOUR));
    assert!(!open(ada(), 17 * HOUR + HOUR / 2));
    assert!(open(ada().with("utc_offset", 60), 8 * HOUR));
    assert!(!open(ada(), (6 * 24 + 12) * HOUR), "sunday");
    assert!(open(ada(), (5 * 24 + 23) * HOUR), "saturday night");
    assert!(open(ada(), (6 * 24 + 1) * HOUR), "the night goes on into sunday");
    assert!(!open(ada().with("team sales", false), 12 * HOUR), "the host's word stands above the members'");
    assert!(open(Facts::new().with("team sales", true), 0), "and above the hours");
    assert!(!open(ada().with("inbox sales", false), 12 * HOUR));
    assert!(open(ada().with("inbox sales", true), 0));
    let always = with_hours(Vec::new());
    assert!(select(&[&always], &ada(), Timestamp(MONDAY)).is_some(), "an inbox without hours is always open");
}

#[test]
fn the_highest_priority_wins() {
    let flow = |name: &str, priority: i32, available: bool| {
        let mut flow = Builder::new(name);
        flow.image.flow.priority = priority;
        if !available {
            let word = flow.string("when_available");
            flow.setting(Setting::Availability, SettingValue::Word(word));
            let team = flow.object(ObjectKind::Team, "sales", &[]);
            flow.step("start", |flow, step| {
                let act = ActDef::of(Action::HandOff, team);
                flow.act(step, "hand off", act);
            });
        } else {
            flow.step("start", |_, _| {});
        }
        flow.program()
    };
    let (a, b, c) = (flow("a", 0, true), flow("b", 0, true), flow("c", 5, false));
    let now = Timestamp(0);
    let chosen = |programs: &[&Program], facts: &Facts| select(programs, facts, now);
    assert_eq!(chosen(&[&b, &a], &Facts::new()), Some(a.flow_id()));
    assert_eq!(chosen(&[&a, &b, &c], &Facts::new()), None, "the choice does not look at availability");
    assert_eq!(chosen(&[&a, &c, &b], &Facts::new().with("team sales", true)), Some(c.flow_id()));
    assert_eq!(chosen(&[&a], &Facts::new().with("channel", "whatsapp")), None);
    assert_eq!(chosen(&[], &Facts::new()), None);
    let names: Vec<&str> =
        candidates(&[&b, &c, &a], &Facts::new(), now).iter().map(|program| program.name()).collect();
    assert_eq!(names, ["c", "a", "b"]);
}

#[test]
fn targeting_takes_only_true() {
    let program = samples::qualify_program();
    let shown = |facts: Facts| shows(&program, &facts, Timestamp(0));
    let page = |url: &str| Facts::new().with("page.url", url);
    assert!(shown(page("https://acme.example/pricing")));
    assert!(shown(page("https://acme.example/?plan=Enterprise")));
    assert!(!shown(page("https://acme.example/?plan=free")));
    assert!(!shown(page("https://acme.example/legal/pricing")));
    assert!(!shown(page("https://acme.example/pricing").with("visitor.device", "mobile")));
    assert!(shown(Facts::new().with("contact.email", "a@b.example").with("contact.stage", "lead")));
    assert!(!shown(Facts::new().with("contact.stage", "lead")));
    assert!(!shown(Facts::new()));
    let hi = welcome(&program, &Facts::new().with("contact.firstname", "Ada"), Timestamp(0));
    assert_eq!(hi.as_deref(), Some("Hi Ada! Looking for a plan?"));
}

#[test]
fn settings_are_read() {
    let program = samples::qualify_program();
    assert_eq!((program.name(), program.title()), ("qualify_leads", "qualify_leads"));
    assert_eq!((program.typing_delay(), program.session_timeout()), (800, 1_800_000));
    assert_eq!(program.survey(), Some("post_chat"));
    assert_eq!(program.settings(Setting::Trigger).count(), 3);
    assert!(program.speech_for(&Facts::new()).processing().is_some_and(|processing| processing.explicit));
    let hello = Program::from_image(samples::hello()).unwrap();
    assert_eq!((hello.typing_delay(), hello.session_timeout()), (500, 1_800_000));
    assert_eq!(
        hello.speech_for(&Facts::new()).error_text(),
        "Something went wrong on our side. Please try again later."
    );
    assert_eq!(hello.speech_for(&Facts::new()).processing(), None);
}
