use alloc::vec;

use super::verify;
use crate::action::{Action, Argument, ObjectKind, Outcome};
use crate::fact::FactKind;
use crate::id::{Addr, Const, Fragment, Inbox, Object, Options, Site, Slot, Step, Str, Text};
use crate::image::{ActDef, AnytimeDef, Arm, DEEPEST_FORM, Image, Piece, PluralCase, Scope, Template, Wait};
use crate::op::{Ahead, Op};
use crate::plural::Category;
use crate::program::LoadError;
use crate::samples::{self, Builder, question};
use crate::setting::{Setting, SettingValue};
use crate::value::{Type, Value};

fn what(image: &Image) -> &'static str {
    match verify(image) {
        Ok(_) => "",
        Err(LoadError::Code { what, .. } | LoadError::Table { what, .. }) => what,
        Err(_) => "another error",
    }
}

/// Code of one step, with two slots, a constant, a text with a hole and a question; `Finish` is added.
fn step_of(ops: &[Op]) -> Image {
    let mut flow = Builder::new("x");
    flow.slot("a", Type::Text, Scope::Local);
    flow.slot("b", Type::Text, Scope::Local);
    flow.constant(Value::Text("c".into()));
    flow.image.texts.push(Template { holes: 1, pieces: vec![Piece::Hole(0)] });
    flow.fact(FactKind::PageUrl);
    flow.step("start", |flow, _| flow.ops(ops));
    flow.image
}

const A: Op = Op::Slot(Slot(0));

#[test]
fn the_samples_verify() {
    assert_eq!(what(&samples::hello()), "");
    assert_eq!(what(&samples::qualify()), "");
    assert_eq!(what(&step_of(&[])), "");
    assert_eq!(
        what(&step_of(&[A, Op::Known, Op::JumpUnless(Ahead(2)), A, Op::Say, A, Op::Say])),
        "a jump to where no statement begins"
    );
    assert_eq!(what(&step_of(&[A, Op::Known, Op::JumpUnless(Ahead(3)), A, Op::Say, A, Op::Say])), "");
}

#[test]
fn the_stack_is_held_to_its_kinds() {
    for (ops, fault) in [
        (vec![Op::Say], "an instruction that finds something else on the stack"),
        (vec![A, Op::Known, Op::Say], "an instruction that finds something else on the stack"),
        (vec![A, Op::Not], "an instruction that finds something else on the stack"),
        (vec![A, A, Op::Say], "a statement leaves something on the stack"),
        (
            vec![A, A, Op::Known, Op::JumpUnless(Ahead(1)), Op::Say],
            "a statement leaves something on the stack",
        ),
        (vec![A], "a statement leaves something on the stack"),
        (vec![A; 9], "more on the stack than the header says"),
        (vec![Op::Text(Text(0)), Op::Say], "an instruction that finds something else on the stack"),
        (vec![Op::Return], "an instruction that may not stand here"),
        (vec![Op::Jump(Ahead(1))], "a jump to where no statement begins"),
        (vec![Op::Jump(Ahead(0))], ""),
        (vec![Op::Const(Const(9)), Op::Say], "an operand that is not there"),
        (vec![Op::Slot(Slot(9)), Op::Say], "an operand that is not there"),
        (vec![Op::Text(Text(9)), Op::Say], "an operand that is not there"),
        (vec![A, Op::Label(Options(0)), Op::Say], "an operand that is not there"),
        (vec![Op::Go(Step(1))], "an operand that is not there"),
        (vec![Op::Ask(Site(0))], "an operand that is not there"),
    ] {
        assert_eq!(what(&step_of(&ops)), fault, "{ops:?}");
    }
}

#[test]
fn the_code_has_no_gaps_and_no_end_to_run_off() {
    let mut image = step_of(&[]);
    image.code = vec![0x18];
    image.steps[0].code.end = Addr(1);
    assert_eq!(what(&image), "an instruction that finds something else on the stack");
    image.code = vec![0xee];
    assert_eq!(what(&image), "an unknown instruction");
    image.code = vec![0x02];
    assert_eq!(what(&image), "an instruction that is cut off");
    image.code = vec![0x02, 0x00, 0x30];
    image.steps[0].code.end = Addr(3);
    assert_eq!(what(&image), "the code runs off its end");
    image.code = vec![0x23, 0x23];
    image.steps[0].code.end = Addr(1);
    assert_eq!(what(&image), "", "what no step covers is code of `anytime`");
    image.code = vec![0x23, 0x25];
    assert_eq!(what(&image), "an instruction that may not stand here");
    image.steps[0].code.end = Addr(0);
    assert_eq!(what(&image), "a stretch that is empty, outside the code or inside another");
    image.steps[0].code.end = Addr(3);
    assert_eq!(what(&image), "a stretch that is empty, outside the code or inside another");
}

#[test]
fn fragments_only_look() {
    let of = |ops: &[Op]| {
        let mut flow = Builder { image: step_of(&[]) };
        flow.fragment(|flow| flow.ops(ops));
        flow.image
    };
    assert_eq!(what(&of(&[A])), "");
    assert_eq!(what(&of(&[])), "a fragment must leave one thing");
    assert_eq!(what(&of(&[A, A])), "a fragment must leave one thing");
    assert_eq!(what(&of(&[A, Op::Say])), "an instruction that may not stand here");
    assert_eq!(what(&of(&[Op::Finish])), "an instruction that may not stand here");
    let mut image = of(&[A]);
    image.show = vec![Fragment(0)];
    assert_eq!(what(&image), "a condition that is none");
    image.show = vec![Fragment(1)];
    assert_eq!(what(&image), "a condition that is none");
    let mut image = of(&[A, Op::Known]);
    image.flow.welcome = Some(Fragment(0));
    assert_eq!(what(&image), "a welcome that is no text");
}

/// A flow with a question and a hand-off in its step, and a block of `anytime`.
fn waits() -> Image {
    let mut flow = Builder::new("x");
    let team = flow.object(ObjectKind::Team, "sales", &[]);
    flow.object(ObjectKind::Meeting, "intro", &[]);
    flow.step("start", |flow, step| {
        flow.text("?");
        flow.ask(step, "ask", question(None, Type::Text));
        let act = ActDef::of(Action::HandOff, team);
        flow.act(step, "hand off", act);
    });
    let when = flow.fragment(|flow| flow.ops(&[Op::Reply, Op::Known]));
    let arm = Arm::Block(flow.here());
    flow.op(Op::Finish);
    flow.image.anytime.push(AnytimeDef { when, arm });
    flow.image
}

#[test]
fn places_belong_to_one_instruction() {
    assert_eq!(what(&waits()), "");
    let with = |change: fn(&mut Image)| {
        let mut image = waits();
        change(&mut image);
        what(&image)
    };
    let arrow = "an arrow to where no statement of its step begins";
    assert_eq!(with(|image| image.sites[0].next = Addr(0)), "a place that goes on elsewhere");
    assert_eq!(with(|image| image.sites.push(image.sites[0].clone())), "no instruction has it");
    assert_eq!(with(|image| image.sites.swap(0, 1)), "a place of another kind");
    assert_eq!(
        with(|image| image.sites[0].timeout = Some((0, Arm::Next))),
        "a timeout that is over before it begins"
    );
    assert_eq!(with(|image| image.sites[0].timeout = Some((1, Arm::Block(Addr(1))))), arrow);
    assert_eq!(with(|image| image.sites[0].timeout = Some((1, Arm::Block(Addr(9))))), arrow);
    assert_eq!(with(|image| image.sites[0].timeout = Some((1, Arm::Step(Step(1))))), arrow);
    assert_eq!(with(|image| image.sites[0].timeout = Some((1, Arm::Block(Addr(4))))), "");
    assert_eq!(with(|image| image.sites[0].keeps = vec![Slot(0)]), "a property that is not there");
    let act = |image: &mut Image, change: fn(&mut ActDef)| match &mut image.sites[1].wait {
        Wait::Act(def) => change(def),
        Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => {}
    };
    let with_act = |change| {
        let mut image = waits();
        act(&mut image, change);
        what(&image)
    };
    assert_eq!(with_act(|def| def.object = Object(1)), "an object that the action does not take");
    assert_eq!(with_act(|def| def.object = Object(2)), "an object that is not there");
    assert_eq!(
        with_act(|def| def.arguments = vec![Argument::Body]),
        "a setting that the action does not have"
    );
    assert_eq!(
        with_act(|def| def.outcomes = vec![(Outcome::Taken, Arm::Next)]),
        "an outcome that the flow cannot have a say in"
    );
    assert_eq!(
        with(|image| image.anytime[0].arm = Arm::Next),
        "an arrow to where no block of `anytime` begins"
    );
    assert_eq!(
        with(|image| image.anytime[0].arm = Arm::Block(Addr(0))),
        "an arrow to where no block of `anytime` begins"
    );
}

#[test]
fn tables_name_what_is_there() {
    let with = |change: fn(&mut Image)| {
        let mut image = samples::qualify();
        change(&mut image);
        what(&image)
    };
    assert_eq!(with(|image| image.flow.title = Str(999)), "a string that is not there");
    assert_eq!(with(|image| image.flow.outdated = Some(Step(99))), "a step that is not there");
    assert_eq!(with(|image| image.flow.max_stack = 65), "a stack larger than any program may have");
    assert_eq!(with(|image| image.flow.inboxes[0].hours[0].to = 1441), "hours outside the week");
    assert_eq!(with(|image| image.flow.inboxes[0].name = Str(999)), "a string that is not there");
    assert_eq!(with(|image| image.flow.inbox = Some(Inbox(1))), "an inbox that is not there");
    let no_inbox = "a name or thing that is not there";
    assert_eq!(with(|image| image.facts.push(FactKind::InboxOpen(Inbox(1)))), no_inbox);
    assert_eq!(with(|image| image.flow.channels = 16), "a channel that is not known");
    assert_eq!(with(|image| image.strings.ends[0] += 100), "it ends where no character does");
    assert_eq!(with(|image| image.strings.text.push('x')), "text that belongs to no string");
    assert_eq!(with(|image| image.texts[0].holes = 0), "a string or hole that is not there");
    assert_eq!(with(|image| image.settings.reverse()), "it repeats or is out of order");
    assert_eq!(
        with(|image| image.settings.push((Setting::Processing, SettingValue::TriggerOnExit))),
        "it repeats or is out of order"
    );
    assert_eq!(
        with(|image| image.settings[0].1 = SettingValue::TriggerOnExit),
        "a value that the setting does not take"
    );
    assert_eq!(with(|image| image.steps.clear()), "a flow without steps");
}

#[test]
fn no_step_comes_to_run_itself() {
    let with = |change: fn(&mut Image)| {
        let mut image = samples::calls();
        change(&mut image);
        what(&image)
    };
    assert_eq!(with(|_| {}), "");
    let circle = "it is run in too many others, or in itself";
    assert_eq!(with(|image| image.sites[2].wait = Wait::Do(Step(0))), circle);
    assert_eq!(with(|image| image.sites[0].wait = Wait::Do(Step(0))), circle);
    assert_eq!(with(|image| image.sites[0].wait = Wait::Do(Step(9))), "a step that is not there");
    assert_eq!(with(|image| image.sites[1].wait = Wait::Do(Step(1))), "a place of another kind");
    assert_eq!(with(|image| image.sites[1].wait = Wait::Pause(0)), "a wait of no or too long a time");
    assert_eq!(with(|image| image.sites[1].wait = Wait::Pause(i64::MAX)), "a wait of no or too long a time");
    let timeout = "a visitor's time where no visitor is waited for";
    assert_eq!(with(|image| image.sites[1].timeout = Some((1, Arm::Next))), timeout);
}

#[test]
fn forms_keep_to_their_holes_and_their_depth() {
    let of = |piece: Piece| {
        let mut flow = step_of(&[]);
        flow.texts.push(Template { holes: 1, pieces: vec![piece] });
        what(&flow)
    };
    let plural =
        |hole, pieces| Piece::Plural { hole, forms: vec![(PluralCase::Category(Category::Other), pieces)] };
    let select = |name, pieces| Piece::Select { hole: 0, forms: vec![(name, pieces)] };
    let fault = "a string or hole that is not there";
    assert_eq!(of(plural(0, vec![Piece::Hole(0)])), "");
    assert_eq!(of(plural(1, vec![])), fault);
    assert_eq!(of(plural(0, vec![Piece::Hole(1)])), fault);
    assert_eq!(of(select(None, vec![Piece::Hole(1)])), fault);
    assert_eq!(of(select(Some(Str(99)), vec![])), fault);
    let nested = |depth: usize| (1..depth).fold(plural(0, vec![]), |inner, _| plural(0, vec![inner]));
    assert_eq!(of(nested(DEEPEST_FORM)), "");
    assert_eq!(of(nested(DEEPEST_FORM + 1)), fault);
    // The bytes are bounded before the tables are.
    let mut flow = step_of(&[]);
    flow.texts.push(Template { holes: 1, pieces: vec![nested(DEEPEST_FORM + 1)] });
    assert!(matches!(
        crate::Program::load(&crate::encode(&flow)),
        Err(LoadError::Malformed { part: "texts", .. })
    ));
}

#[test]
fn a_pattern_that_cannot_be_used_is_refused() {
    let with = |kind, source: &str| {
        let mut flow = step_of(&[]);
        let source = flow.strings.push(source);
        flow.patterns.push(crate::image::PatternDef { kind, source });
        crate::Program::from_image(flow).map(|_| ())
    };
    use crate::pattern::PatternKind::{Regex, Wildcard};
    assert_eq!(with(Regex, "a+"), Ok(()));
    assert_eq!(with(Wildcard, "a*"), Ok(()));
    for (kind, source) in [(Regex, "("), (Regex, r"\w{900}"), (Wildcard, r"a\n")] {
        assert!(matches!(with(kind, source), Err(LoadError::Table { part: "patterns", .. })), "{source}");
    }
}
