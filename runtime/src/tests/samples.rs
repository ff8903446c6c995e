//! Programs put together by hand, for tests.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::action::{Action, Argument, ObjectKind, Outcome, Part};
use crate::fact::FactKind;
use crate::id::{
    Addr, Const, Fact, FlowId, Fragment, Inbox, Object, Options, PlaceId, ReplyId, Site, Slot, SlotId, Step,
    Str, Text,
};
use crate::image::{
    ActDef, AnytimeDef, Arm, AskDef, CodeRange, Debug, GivenDef, GivenFrom, GivenPiece, Hours, Image,
    InboxDef, ObjectDef, OptionDef, OptionsDef, Piece, ReplyDef, ResultDef, Scope, SiteDef, SlotDef, StepDef,
    TalkDef, Template, Wait,
};
use crate::language::Language;
use crate::op::{Ahead, Op};
use crate::program::Program;
use crate::result::FUNCTION_VALUE;
use crate::session::{Origin, Session, Shown, State};
use crate::setting::{Setting, SettingValue};
use crate::speech::Speech;
use crate::tag::Tag;
use crate::turn::{End, Timestamp};
use crate::value::{Type, TypeKind, Value};
use crate::wire::Writer;

/// Puts an image together.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) image: Image,
}

impl Builder {
    pub(crate) fn new(name: &str) -> Builder {
        let mut builder = Builder::default();
        builder.image.flow.name = builder.string(name);
        builder.image.flow.title = builder.image.flow.name;
        let english = builder.string("en");
        builder.image.flow.languages = vec![english];
        builder.image.flow.channels = 1;
        builder.image.flow.max_stack = 8;
        builder.image.flow.longest_run = 100;
        builder
    }

    pub(crate) fn string(&mut self, text: &str) -> Str {
        let strings = &mut self.image.strings;
        let known = (0..strings.ends.len() as u32).map(Str).find(|at| strings.get(*at) == text);
        known.unwrap_or_else(|| strings.push(text))
    }

    pub(crate) fn slot(&mut self, name: &str, ty: Type, scope: Scope) -> Slot {
        let name = self.string(name);
        push(&mut self.image.slots, SlotDef { name, was: Vec::new(), ty, scope }, Slot)
    }

    pub(crate) fn constant(&mut self, value: Value) -> Const {
        push(&mut self.image.constants, value, Const)
    }

    pub(crate) fn options(&mut self, options: &[(&str, &str, &str)]) -> Options {
        let options = options
            .iter()
            .map(|(name, label, value)| OptionDef {
                name: self.string(name),
                label: self.string(label),
                value: self.string(value),
            })
            .collect();
        push(&mut self.image.options, OptionsDef { options }, Options)
    }

    pub(crate) fn object(&mut self, kind: ObjectKind, name: &str, members: &[&str]) -> Object {
        let members = members.iter().map(|member| self.string(member)).collect();
        let name = self.string(name);
        push(&mut self.image.objects, ObjectDef { kind, name, title: name, link: None, members }, Object)
    }

    pub(crate) fn fact(&mut self, kind: FactKind) -> Op {
        Op::Fact(push(&mut self.image.facts, kind, Fact))
    }

    pub(crate) fn op(&mut self, op: Op) {
        let mut out = Writer::new();
        op.write(&mut out);
        self.image.code.extend(out.finish());
    }

    pub(crate) fn ops(&mut self, ops: &[Op]) {
        for op in ops {
            self.op(*op);
        }
    }

    /// A text whose holes are `{0}` to `{9}`; the values must be on the stack already.
    pub(crate) fn text(&mut self, text: &str) {
        let (mut pieces, mut holes) = (Vec::new(), 0);
        for (at, part) in text.split('{').enumerate() {
            let (hole, words) = if at == 0 { ("", part) } else { part.split_once('}').unwrap() };
            if let Ok(hole) = hole.parse::<u32>() {
                pieces.push(Piece::Hole(hole));
                holes = holes.max(hole + 1);
            }
            if !words.is_empty() {
                pieces.push(Piece::Words(self.string(words)));
            }
        }
        let text = push(&mut self.image.texts, Template { holes, pieces }, Text);
        self.op(Op::Text(text));
    }

    pub(crate) fn constant_op(&mut self, value: Value) {
        let constant = self.constant(value);
        self.op(Op::Const(constant));
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.text(text);
        self.op(Op::Say);
    }

    pub(crate) fn here(&self) -> Addr {
        Addr(self.image.code.len() as u32)
    }

    /// Writes a jump that `land` completes.
    pub(crate) fn jump(&mut self, op: fn(Ahead) -> Op) -> usize {
        self.op(op(Ahead(0)));
        self.image.code.len()
    }

    pub(crate) fn land(&mut self, after: usize) {
        let distance = (self.image.code.len() - after) as u16;
        self.image.code[after - 2..after].copy_from_slice(&distance.to_le_bytes());
    }

    pub(crate) fn step(&mut self, name: &str, write: impl FnOnce(&mut Builder, Step)) {
        let step = Step(self.image.steps.len() as u32);
        let (name, start) = (self.string(name), self.here());
        self.image.steps.push(StepDef { name, was: Vec::new(), code: CodeRange { start, end: start } });
        write(self, step);
        self.op(Op::Finish);
        self.image.steps[step.index()].code.end = self.here();
    }

    pub(crate) fn fragment(&mut self, write: impl FnOnce(&mut Builder)) -> Fragment {
        let start = self.here();
        write(self);
        self.op(Op::Return);
        let end = self.here();
        push(&mut self.image.fragments, CodeRange { start, end }, Fragment)
    }

    /// A question; its text is on the stack.
    pub(crate) fn ask(&mut self, step: Step, what: &str, ask: AskDef) -> Site {
        self.site(step, what, Wait::Ask(ask), Op::Ask)
    }

    pub(crate) fn act(&mut self, step: Step, what: &str, act: ActDef) -> Site {
        self.site(step, what, Wait::Act(act), Op::Act)
    }

    fn site(&mut self, step: Step, what: &str, wait: Wait, op: fn(Site) -> Op) -> Site {
        let site = Site(self.image.sites.len() as u32);
        self.op(op(site));
        let name = String::from(self.image.strings.get(self.image.steps[step.index()].name));
        let id = PlaceId::of(&name, what, 0);
        self.image.sites.push(SiteDef {
            id,
            step,
            next: self.here(),
            keeps: Vec::new(),
            timeout: None,
            wait,
        });
        site
    }

    pub(crate) fn replies(&mut self, replies: &[(&str, Option<Value>, Arm)]) -> Vec<ReplyDef> {
        let reply = |(label, value, arm): &(&str, Option<Value>, Arm)| ReplyDef {
            id: ReplyId::of(label),
            label: self.string(label),
            value: value.clone().map(|value| self.constant(value)),
            arm: *arm,
        };
        replies.iter().map(reply).collect()
    }

    pub(crate) fn setting(&mut self, setting: Setting, value: SettingValue) {
        self.image.settings.push((setting, value));
        self.image.settings.sort_by_key(|(setting, _)| *setting);
    }

    pub(crate) fn program(self) -> Program {
        Program::from_image(self.image).unwrap()
    }
}

fn push<T, Index>(all: &mut Vec<T>, one: T, index: fn(u32) -> Index) -> Index {
    all.push(one);
    index(all.len() as u32 - 1)
}

pub(crate) fn question(target: Option<Slot>, ty: Type) -> AskDef {
    AskDef { target, ty, replies: Vec::new(), otherwise: None, invalid: None, attempts: None }
}

/// The types of the values that `functions` stores.
pub(crate) const RESULTS: [Type; 11] = [
    Type::Text,
    Type::Number,
    Type::Bool,
    Type::Date,
    Type::DateTime,
    Type::Duration,
    Type::Email,
    Type::Phone,
    Type::Url,
    Type::OneOf(Options(0)),
    Type::ManyOf(Options(0)),
];

/// A flow that calls the function `look_up` with a number and an option, and stores what it comes to as this type. Its
/// failure leads to the second step.
pub(crate) fn function(ty: Type) -> Image {
    let mut flow = Builder::new("functions");
    let options = flow.options(&[("small", "Small", "S"), ("large", "Large", "L")]);
    let result = flow.slot("result", ty, Scope::Local);
    let look_up = flow.object(ObjectKind::Function, "look_up", &[]);
    flow.step("start", |flow, step| {
        flow.constant_op(Value::Number(Decimal::new(495, 1)));
        flow.constant_op(Value::Option("large".into()));
        let given = |flow: &mut Builder, name: &str, ty| GivenDef {
            part: Part::Parameter,
            name: flow.string(name),
            from: GivenFrom::Value(ty),
        };
        let act = ActDef {
            given: alloc::vec![
                given(flow, "seats", Type::Number),
                given(flow, "size", Type::OneOf(options)),
            ],
            results: alloc::vec![ResultDef { path: flow.string(FUNCTION_VALUE), slot: result }],
            outcomes: alloc::vec![(Outcome::Failed, Arm::Step(Step(1)))],
            ..ActDef::of(Action::CallFunction, look_up)
        };
        flow.act(step, "function look_up", act);
        flow.op(Op::Slot(result));
        flow.text("Found {0}.");
        flow.op(Op::Say);
    });
    flow.step("failed", |flow, _| flow.say("Failed."));
    flow.image
}

/// A flow that calls a server of HubSpot's bots with what is known of a company. The server may ask, and lead to the second
/// step by the name `More`; its failure leads to the third.
pub(crate) fn server() -> Image {
    let mut flow = Builder::new("servers");
    let company = flow.slot("company.name", Type::Text, Scope::Company);
    let (webhook, key) =
        (flow.object(ObjectKind::Webhook, "", &[]), flow.object(ObjectKind::Secret, "key", &[]));
    flow.step("start", |flow, step| {
        let again = flow.here();
        flow.op(Op::Slot(company));
        flow.constant_op(Value::Text(String::from("none")));
        flow.op(Op::OrElse);
        let address = GivenDef {
            part: Part::Address,
            name: flow.string(""),
            from: GivenFrom::Pieces(alloc::vec![
                GivenPiece::Words(flow.string("https://bots.example/")),
                GivenPiece::Value(Type::Text),
            ]),
        };
        let secret =
            GivenDef { part: Part::Header, name: flow.string("Authorization"), from: GivenFrom::Secret(key) };
        let act = ActDef {
            given: alloc::vec![address, secret],
            talk: Some(TalkDef {
                nexts: alloc::vec![(flow.string("More"), Arm::Step(Step(1)))],
                asks: Some(again),
            }),
            outcomes: alloc::vec![(Outcome::Failed, Arm::Step(Step(2)))],
            ..ActDef::of(Action::CallWebhook, webhook)
        };
        flow.act(step, "call webhook", act);
        flow.say("Done.");
    });
    flow.step("more", |flow, _| flow.say("More."));
    flow.step("failed", |flow, _| flow.say("Failed."));
    flow.image
}

/// Steps that run each other, a wait of the flow's own, and a value that is cleared.
pub(crate) fn calls() -> Image {
    let mut flow = Builder::new("calls");
    let email = flow.slot("contact.email", Type::Email, Scope::Contact);
    let (second, third) = (Step(1), Step(2));
    flow.step("first", |flow, step| {
        flow.site(step, "do second", Wait::Do(second), Op::Do);
        flow.op(Op::Clear(email));
        flow.site(step, "wait", Wait::Pause(2000), Op::Wait);
        flow.op(Op::Slot(email));
        flow.say("First {0}.");
    });
    flow.step("second", |flow, step| {
        flow.site(step, "do third", Wait::Do(third), Op::Do);
        flow.say("Second.");
    });
    flow.step("third", |flow, step| {
        flow.text("Where?");
        let site = flow.ask(step, "ask contact.email", question(Some(email), Type::Email));
        flow.image.sites[site.index()].timeout = Some((5000, Arm::Step(second)));
    });
    flow.image
}

/// Any session of [`calls`] at one of its places, with any callers.
pub(crate) fn called_sessions() -> impl Strategy<Value = Session> {
    let program = Program::from_image(calls()).unwrap();
    let ids: Vec<PlaceId> = program.image().sites.iter().map(|site| site.id).collect();
    let place = prop::sample::select(ids.clone());
    let callers = proptest::collection::vec(prop::sample::select(ids), 0..4);
    let hash = prop_oneof![Just(program.content_hash()), any::<u64>()];
    (hash, place, callers, proptest::option::of(values())).prop_map(move |(hash, place, callers, value)| {
        let mut session = Session::new(program.flow_id(), hash, Timestamp(0));
        (session.state, session.callers) = (State::At(place), callers);
        session.hold(SlotId::of("contact.email"), Origin::Written, value);
        session
    })
}

pub(crate) fn words(text: &str) -> Option<Value> {
    Some(Value::Text(String::from(text)))
}

pub(crate) fn number(number: i64) -> Option<Value> {
    Some(Value::Number(Decimal::from(number)))
}

pub(crate) fn option(name: &str) -> Option<Value> {
    Some(Value::Option(String::from(name)))
}

/// The smallest flow.
pub(crate) fn hello() -> Image {
    let mut flow = Builder::new("hello");
    let name = flow.slot("name", Type::Text, Scope::Local);
    let welcome = flow.fragment(|flow| flow.text("Hi! I'm a bot."));
    flow.image.flow.welcome = Some(welcome);
    flow.step("start", |flow, step| {
        flow.text("What's your name?");
        flow.ask(step, "ask name", question(Some(name), Type::Text));
        flow.op(Op::Slot(name));
        flow.say("Nice to meet you, {0}.");
    });
    let file = flow.string("hello.flow");
    flow.image.debug = Some(Debug { file, files: Vec::new(), lines: vec![(Addr(3), 6), (Addr(7), 7)] });
    flow.image
}

pub(crate) fn stage_type() -> Type {
    Type::OneOf(Options(0))
}

pub(crate) fn interests_type() -> Type {
    Type::ManyOf(Options(1))
}

/// What the slots, steps and facts of [`qualify`] are called.
pub(crate) const NEED: Step = Step(0);
pub(crate) const QUALIFY: Step = Step(1);
pub(crate) const TALK: Step = Step(2);
pub(crate) const SUPPORT: Step = Step(3);
pub(crate) const LEAVE_MESSAGE: Step = Step(4);
pub(crate) const THANKS: Step = Step(5);
const FIRSTNAME: Slot = Slot(0);
const EMAIL: Slot = Slot(1);
const EMPLOYEES: Slot = Slot(2);
const STAGE: Slot = Slot(3);
const ISSUE: Slot = Slot(4);

pub(crate) fn place(step: &str, what: &str) -> PlaceId {
    PlaceId::of(step, what, 0)
}

/// The whole example of the language's page, as a compiler would write it.
pub(crate) fn qualify() -> Image {
    let mut flow = Builder::new("qualify_leads");
    flow.options(&[
        ("subscriber", "subscriber", "subscriber"),
        ("lead", "Lead", "lead"),
        ("customer", "Customer", "Paying Customer"),
    ]);
    flow.options(&[
        ("pricing", "pricing", "pricing"),
        ("api", "api", "api"),
        ("security", "security", "security"),
        ("research", "Research and development", "research"),
    ]);
    flow.slot("contact.firstname", Type::Text, Scope::Contact);
    flow.slot("contact.email", Type::Email, Scope::Contact);
    flow.slot("company.employees", Type::Number, Scope::Company);
    flow.slot("contact.stage", stage_type(), Scope::Contact);
    flow.slot("issue", Type::Text, Scope::Local);
    let sales = flow.object(ObjectKind::Team, "sales", &["ada", "bo"]);
    let intro = flow.object(ObjectKind::Meeting, "intro", &[]);
    let pipeline = flow.object(ObjectKind::Pipeline, "support", &[]);
    settings(&mut flow);
    rules(&mut flow);
    flow.step("need", |flow, step| {
        flow.text("What brings you here?");
        let replies = flow.replies(&[
            ("See a demo", None, Arm::Step(QUALIFY)),
            ("Get support", None, Arm::Step(SUPPORT)),
            ("Just looking", None, Arm::Next),
        ]);
        flow.ask(step, "ask", AskDef { replies, ..question(None, Type::Text) });
        flow.say("Take your time. I'm here if you need me.");
        flow.op(Op::End);
    });
    flow.step("qualify", |flow, step| qualify_step(flow, step, sales, intro));
    flow.step("talk", |flow, step| {
        let path = flow.fact(FactKind::PagePath);
        flow.op(path);
        flow.text("Came from {0}");
        let (arguments, outcomes) =
            (vec![Argument::Note], vec![(Outcome::Unavailable, Arm::Step(LEAVE_MESSAGE))]);
        flow.act(step, "hand off", ActDef { arguments, outcomes, ..ActDef::of(Action::HandOff, sales) });
    });
    flow.step("support", |flow, step| support_step(flow, step, pipeline));
    flow.step("leave_message", |flow, step| {
        flow.say("Nobody is at their desk right now.");
        flow.ops(&[Op::Slot(EMAIL), Op::Known, Op::Not]);
        let skip = flow.jump(Op::JumpUnless);
        flow.text("Where can we reach you?");
        let site = flow.ask(step, "ask contact.email", question(Some(EMAIL), Type::Email));
        flow.image.sites[site.index()].timeout = Some((600_000, Arm::Step(THANKS)));
        flow.land(skip);
        flow.op(Op::Go(THANKS));
    });
    flow.step("thanks", |flow, _| flow.say("Thank you! We'll be in touch."));
    flow.image
}

fn settings(flow: &mut Builder) {
    let string = |flow: &mut Builder, text: &str| flow.string(text);
    let explicit = string(flow, "explicit");
    let consent = string(flow, "We use your answers to get back to you about Acme.");
    flow.setting(Setting::Processing, SettingValue::WordAndText(explicit, consent));
    let survey = string(flow, "post_chat");
    flow.setting(Setting::Survey, SettingValue::Word(survey));
    let error = string(flow, "Something went wrong on our side. Please try again.");
    flow.setting(Setting::ErrorText, SettingValue::Text(error));
    flow.setting(Setting::SessionTimeout, SettingValue::Duration(1_800_000));
    flow.setting(Setting::TypingDelay, SettingValue::Duration(800));
    flow.setting(Setting::Accent, SettingValue::Colour(0xff_7a59));
    flow.setting(Setting::Trigger, SettingValue::TriggerOnExit);
    flow.setting(Setting::Trigger, SettingValue::TriggerAfter(8000));
    flow.setting(Setting::Trigger, SettingValue::TriggerScrolled(50));
    let (name, zone) = (flow.string("sales"), flow.string("Europe/Amsterdam"));
    let hours = vec![Hours { days: 0b1_1111, from: 540, to: 1050, zone }];
    flow.image.flow.inboxes = vec![InboxDef { name, hours }];
    flow.image.flow.inbox = Some(Inbox(0));
    flow.image.flow.priority = 20;
}

fn rules(flow: &mut Builder) {
    let welcome = flow.fragment(|flow| {
        flow.op(Op::Slot(FIRSTNAME));
        flow.constant_op(Value::Text("there".into()));
        flow.op(Op::OrElse);
        flow.text("Hi {0}! Looking for a plan?");
    });
    flow.image.flow.welcome = Some(welcome);
    flow.image.flow.outdated = Some(NEED);
    let test = |flow: &mut Builder, fact: FactKind, value: &str, test: Op| {
        let fact = flow.fact(fact);
        flow.op(fact);
        flow.constant_op(Value::Text(value.into()));
        flow.op(test);
    };
    let show = flow.fragment(|flow| test(flow, FactKind::PageUrl, "/pricing", Op::Contains));
    let plan = flow.string("plan");
    let query = flow.fragment(|flow| {
        test(flow, FactKind::PageQuery(plan), "pro", Op::Is);
        test(flow, FactKind::PageQuery(plan), "enterprise", Op::Is);
        flow.op(Op::Or);
    });
    let lead = flow.fragment(|flow| {
        let known = flow.fact(FactKind::ContactKnown);
        flow.ops(&[known, Op::IsTrue, Op::Slot(STAGE)]);
        flow.constant_op(Value::Option("lead".into()));
        flow.ops(&[Op::Is, Op::And]);
    });
    flow.image.show = vec![show, query, lead];
    let legal = flow.fragment(|flow| test(flow, FactKind::PagePath, "/legal", Op::StartsWith));
    let mobile = flow.fragment(|flow| test(flow, FactKind::VisitorDevice, "mobile", Op::Is));
    flow.image.hide = vec![legal, mobile];
    let human = flow.fragment(|flow| {
        for (at, word) in ["agent", "human", "person"].into_iter().enumerate() {
            flow.op(Op::Reply);
            flow.constant_op(Value::Text(word.into()));
            flow.op(Op::Is);
            if at > 0 {
                flow.op(Op::Or);
            }
        }
    });
    flow.image.anytime = vec![AnytimeDef { when: human, arm: Arm::Step(TALK) }];
}

fn qualify_step(flow: &mut Builder, step: Step, sales: Object, intro: Object) {
    flow.ops(&[Op::Slot(EMAIL), Op::Known, Op::Not]);
    let skip = flow.jump(Op::JumpUnless);
    flow.text("What's your work email?");
    flow.ask(
        step,
        "ask contact.email",
        AskDef { attempts: Some((3, Arm::Step(TALK))), ..question(Some(EMAIL), Type::Email) },
    );
    flow.land(skip);
    flow.text("How big is your team?");
    let replies = flow.replies(&[
        ("Just me", number(1), Arm::Next),
        ("2–50", number(50), Arm::Next),
        ("Over 50", number(500), Arm::Next),
    ]);
    let size = flow.ask(
        step,
        "ask company.employees",
        AskDef { replies, ..question(Some(EMPLOYEES), Type::Number) },
    );
    flow.image.sites[size.index()].keeps = vec![EMAIL];
    let available = flow.fact(FactKind::TeamAvailable(sales));
    flow.constant_op(Value::Number(Decimal::from(200)));
    flow.ops(&[Op::Slot(EMPLOYEES), Op::LessOrEqual, available, Op::IsTrue, Op::And]);
    let not_big = flow.jump(Op::JumpUnless);
    flow.op(Op::Go(TALK));
    flow.land(not_big);
    flow.op(Op::Slot(STAGE));
    flow.constant_op(Value::Option("customer".into()));
    flow.op(Op::Is);
    let no_customer = flow.jump(Op::JumpUnless);
    flow.op(Op::Go(SUPPORT));
    flow.land(no_customer);
    flow.constant_op(Value::Option("lead".into()));
    flow.op(Op::Set(STAGE));
    let outcomes = vec![(Outcome::Booked, Arm::Step(THANKS)), (Outcome::Declined, Arm::Step(TALK))];
    flow.act(step, "book meeting intro", ActDef { outcomes, ..ActDef::of(Action::BookMeeting, intro) });
}

fn support_step(flow: &mut Builder, step: Step, pipeline: Object) {
    flow.text("What can I help you with?");
    flow.ask(step, "ask issue", question(Some(ISSUE), Type::Text));
    flow.op(Op::Slot(EMAIL));
    flow.constant_op(Value::Text("a visitor".into()));
    flow.op(Op::OrElse);
    flow.text("Chat with {0}");
    flow.op(Op::Slot(ISSUE));
    let (arguments, outcomes) =
        (vec![Argument::Subject, Argument::Body], vec![(Outcome::Created, Arm::Step(THANKS))]);
    flow.act(
        step,
        "create ticket support",
        ActDef { arguments, outcomes, ..ActDef::of(Action::CreateTicket, pipeline) },
    );
}

/// [`qualify`] with its text for wrong e-mail addresses.
pub(crate) fn qualify_program() -> Program {
    let mut flow = Builder { image: qualify() };
    let invalid = flow.fragment(|flow| flow.text("That doesn't look like an email address."));
    if let Wait::Ask(ask) = &mut flow.image.sites[1].wait {
        ask.invalid = Some(invalid);
    }
    flow.program()
}

/// What an image says in a language, without a translation.
pub(crate) fn speech(image: &Image, language: Language) -> Speech<'_> {
    Speech::new(image, None, Tag::of(language.tag()).unwrap_or_default())
}

/// Any value.
pub(crate) fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        (any::<i64>(), 0u32..20).prop_map(|(mantissa, scale)| Value::Number(Decimal::new(mantissa, scale))),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::Date),
        any::<i64>().prop_map(Value::DateTime),
        any::<i64>().prop_map(Value::Duration),
        "[a-z]{0,6}".prop_map(Value::Option),
        proptest::collection::vec("[a-z]{0,6}", 0..4).prop_map(Value::Options),
    ]
}

/// Any session, most of them of [`qualify_program`] and at a place of it.
pub(crate) fn sessions() -> impl Strategy<Value = Session> {
    let program = qualify_program();
    let ids: Vec<PlaceId> = program.image().sites.iter().map(|site| site.id).collect();
    let slots: Vec<SlotId> =
        program.image().slots.iter().map(|slot| SlotId::of(program.image().strings.get(slot.name))).collect();
    let states = prop_oneof![
        1 => Just(State::Agreement),
        6 => prop::sample::select(ids).prop_map(State::At),
        1 => any::<u64>().prop_map(|id| State::At(PlaceId(id))),
        1 => Just(State::Done(End::HandedOff)),
        1 => Just(State::Done(End::Finished)),
        1 => Just(State::Done(End::Error)),
    ];
    let flow = prop_oneof![4 => Just(program.flow_id()), 1 => any::<u64>().prop_map(FlowId)];
    let hash = prop_oneof![4 => Just(program.content_hash()), 1 => any::<u64>()];
    let slot = prop_oneof![4 => prop::sample::select(slots), 1 => any::<u32>().prop_map(SlotId)];
    let text = || proptest::option::of("[ -~]{0,12}");
    let language = prop::sample::select(vec!["", "en", "nl", "xx"]);
    let language = language.prop_map(|tag| Tag::of(tag).unwrap_or_default());
    (
        (flow, hash, language, states, any::<[bool; 4]>(), 0u32..5),
        (-3_000_000i64..3_000_000, any::<i64>(), any::<u32>(), any::<u32>()),
        (text(), text(), proptest::collection::vec((slot, 0u8..3, values()), 0..6)),
        proptest::collection::vec(any::<u64>().prop_map(PlaceId), 0..4),
        proptest::option::of((
            prop::sample::select(TypeKind::ALL),
            proptest::collection::vec(any::<u32>().prop_map(ReplyId), 0..4),
        )),
    )
        .prop_map(|(place, times, words, callers, shown)| {
            let (flow, hash, language, state, [agreed, replied, surveyed, asked], wrong) = place;
            let (entered, active, next_effect, restarts) = times;
            let mut session = Session::new(flow, hash, Timestamp(entered));
            session.language = language;
            session.state = state;
            (session.agreed, session.replied, session.surveyed) = (agreed, replied, surveyed);
            session.wrong = if matches!(state, State::At(_)) { wrong } else { 0 };
            session.asked = matches!(state, State::At(_)) && asked;
            session.active = Timestamp(active);
            session.shown = shown.map(|(kind, replies)| Shown { kind, replies });
            (session.next_effect, session.restarts) = (next_effect, restarts);
            (session.reply, session.kept) = (words.0, words.1);
            session.callers = if matches!(state, State::At(_)) { callers } else { Vec::new() };
            for (slot, origin, value) in words.2 {
                let origin_of = if origin == 1 { Origin::Carried } else { Origin::Written };
                session.hold(slot, origin_of, (origin != 2).then_some(value));
            }
            session
        })
}
