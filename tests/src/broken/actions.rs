//! Hosts that do something else than was asked, or say that something else came of it.

use chatflow_compiler::TestStep;
use chatflow_runtime::Image;
use chatflow_runtime::action::{Action, Argument, ObjectKind, Outcome, OutcomeDefault, Part};
use chatflow_runtime::id::Step;
use chatflow_runtime::image::{ActDef, Arm, GivenDef, GivenFrom, GivenPiece, TalkDef, Wait};
use chatflow_runtime::value::Type;

use super::Mutant;
use super::instructions::{pass_over, strip};

/// The mutants of an action: it is not begun; each of its outcomes leads elsewhere; each of its settings is lost.
pub fn mutants(action: Action) -> Vec<Mutant> {
    let spec = action.spec();
    let begun = Mutant::of_programs(format!("`{}` is not begun", spec.head), move |image| {
        pass_over(image, |image, site| act(image, site.index()).is_some_and(|act| act.action == action));
    });
    let outcomes = spec.outcomes.iter().flat_map(move |row| of_outcome(action, row.outcome, row.default));
    // The others leave no setting in a program: trees without their lines are mutants of their own.
    let settings = spec.settings.iter().filter(|row| row.takes.is_argument());
    let settings = settings.map(move |row| of_argument(action, row.argument));
    let parts = spec.hands.iter().flat_map(move |part| of_part(action, *part));
    let results = spec.brings.iter().flat_map(move |_| of_results(action));
    let talk = if spec.setting(Argument::Next).is_some() { of_talk(action) } else { Vec::new() };
    [begun].into_iter().chain(outcomes).chain(settings).chain(parts).chain(results).chain(talk).collect()
}

/// What is handed over by names goes under each other's names, or not at all.
fn of_part(action: Action, part: Part) -> Vec<Mutant> {
    let what = |how: &str| format!("`{}`: each {} {how}", action.spec().head, part.word());
    if part == Part::Address {
        return of_address(action);
    }
    let others = Mutant::of_programs(what("has another's name"), move |image| {
        for act in acts(image, action) {
            let mut names: Vec<_> =
                act.given.iter().filter(|given| given.part == part).map(|given| given.name).collect();
            names.reverse();
            let given = act.given.iter_mut().filter(|given| given.part == part);
            given.zip(names).for_each(|(given, name)| given.name = name);
        }
    });
    // Nothing is of that type, so that nobody is asked.
    let mistyped = Mutant::of_programs(what("is taken for another type"), move |image| {
        for act in acts(image, action) {
            act.given.iter_mut().filter(|given| given.part == part).for_each(mistake);
        }
    });
    vec![others, mistyped]
}

/// Takes the values that are given for another type.
fn mistake(given: &mut GivenDef) {
    let other = |ty: &mut Type| *ty = if *ty == Type::Bool { Type::Date } else { Type::Bool };
    match &mut given.from {
        GivenFrom::Value(ty) => other(ty),
        GivenFrom::Pieces(pieces) => pieces.iter_mut().for_each(|piece| match piece {
            GivenPiece::Value(ty) => other(ty),
            GivenPiece::Words(_) => {}
        }),
        GivenFrom::Secret(_) => {}
    }
}

/// Another server is called, or none where the address has a value.
fn of_address(action: Action) -> Vec<Mutant> {
    let what = |how: &str| format!("`{}`: the address {how}", action.spec().head);
    let elsewhere = Mutant::of_programs(what("is another"), move |image| {
        let elsewhere = image.strings.push("https://elsewhere.example/");
        let addresses = acts(image, action).flat_map(|act| &mut act.given);
        for given in addresses.filter(|given| given.part == Part::Address) {
            if let GivenFrom::Pieces(pieces) = &mut given.from
                && let Some(GivenPiece::Words(words)) = pieces.first_mut()
            {
                *words = elsewhere;
            }
        }
    });
    let mistyped = Mutant::of_programs(what("has values of another type"), move |image| {
        let addresses = acts(image, action).flat_map(|act| &mut act.given);
        addresses.filter(|given| given.part == Part::Address).for_each(mistake);
    });
    vec![elsewhere, mistyped]
}

/// A server of HubSpot's bots may do less than the flow lets it, or leads elsewhere.
fn of_talk(action: Action) -> Vec<Mutant> {
    let what = |how: &str| format!("`{}`: a server {how}", action.spec().head);
    let of = |how: &str, change: fn(&mut TalkDef)| {
        Mutant::of_programs(what(how), move |image| {
            acts(image, action).filter_map(|act| act.talk.as_mut()).for_each(change);
        })
    };
    vec![
        of("may not lead anywhere", |talk| talk.nexts.clear()),
        of("may not ask", |talk| talk.asks = None),
        of("leads where another name leads", |talk| {
            let mut arms: Vec<Arm> = talk.nexts.iter().map(|(_, arm)| *arm).collect();
            arms.reverse();
            talk.nexts.iter_mut().zip(arms).for_each(|((_, to), arm)| *to = arm);
        }),
        Mutant::of_programs(what("of HubSpot's bots is one of the flow's own"), move |image| {
            acts(image, action).for_each(|act| act.talk = None);
        }),
        Mutant::of_programs(what("of the flow's own is one of HubSpot's bots"), move |image| {
            acts(image, action).for_each(|act| {
                act.talk.get_or_insert_default();
            });
        }),
    ]
}

/// What the host says is not stored, or looked for elsewhere.
fn of_results(action: Action) -> [Mutant; 2] {
    let what = |how: &str| format!("`{}`: what the host says {how}", action.spec().head);
    [
        Mutant::of_programs(what("is not stored"), move |image| {
            acts(image, action).for_each(|act| act.results.clear());
        }),
        Mutant::of_programs(what("is looked for elsewhere"), move |image| {
            let elsewhere = image.strings.push("elsewhere");
            for act in acts(image, action) {
                act.results.iter_mut().for_each(|result| result.path = elsewhere);
            }
        }),
    ]
}

/// The mutant in which an action names another thing of this kind; a server has no name but its address.
pub fn of_object(kind: ObjectKind) -> Option<Mutant> {
    (kind != ObjectKind::Webhook).then(|| another(kind))
}

fn another(kind: ObjectKind) -> Mutant {
    Mutant::of_programs(format!("`{}`: another is named", kind.word()), move |image| {
        let elsewhere = image.strings.push("elsewhere");
        for object in image.objects.iter_mut().filter(|object| object.kind == kind) {
            match kind {
                // There is only one of each.
                ObjectKind::ContactOwner => object.kind = ObjectKind::Unassigned,
                ObjectKind::Unassigned => object.kind = ObjectKind::ContactOwner,
                ObjectKind::Team
                | ObjectKind::User
                | ObjectKind::Meeting
                | ObjectKind::Pipeline
                | ObjectKind::List
                | ObjectKind::Subscription
                | ObjectKind::Workflow
                | ObjectKind::Article
                | ObjectKind::Knowledge
                | ObjectKind::Function
                | ObjectKind::Webhook
                | ObjectKind::Secret => object.name = elsewhere,
            }
        }
    })
}

fn act(image: &Image, site: usize) -> Option<&ActDef> {
    match &image.sites.get(site)?.wait {
        Wait::Act(act) => Some(act),
        Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => None,
    }
}

fn acts(image: &mut Image, action: Action) -> impl Iterator<Item = &mut ActDef> {
    image.sites.iter_mut().filter_map(move |site| match &mut site.wait {
        Wait::Act(act) if act.action == action => Some(act),
        Wait::Act(_) | Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => None,
    })
}

fn of_outcome(action: Action, outcome: Outcome, default: OutcomeDefault) -> Vec<Mutant> {
    let what = |how: &str| format!("`{}`: {} {how}", action.spec().head, outcome.word());
    let arm_is_lost = Mutant::of_programs(what("has its default though the flow says more"), move |image| {
        acts(image, action).for_each(|act| act.outcomes.retain(|(said, _)| *said != outcome));
    });
    // What happens where the flow does not say: something else does.
    let instead = match default {
        OutcomeDefault::GoOn => Arm::Step(Step(0)),
        // Only of a hand-off a flow may leave it out: where it has just tested that somebody is there.
        OutcomeDefault::MustBeSaid if action != Action::HandOff => return vec![arm_is_lost],
        OutcomeDefault::Error | OutcomeDefault::MustBeSaid | OutcomeDefault::As(_) => Arm::Next,
        OutcomeDefault::Show => return vec![chosen_otherwise(what("is not what comes"), outcome)],
        OutcomeDefault::Complete => return vec![nobody_is_there(what("becomes unavailable"))],
    };
    let other_default = Mutant::of_programs(what("has another default"), move |image| {
        for act in acts(image, action) {
            if act.outcomes.iter().all(|(said, _)| *said != outcome) {
                act.outcomes.push((outcome, instead));
            }
        }
    });
    vec![arm_is_lost, other_default]
}

/// Nobody takes a chat, whoever is there. A flow has no say in what a hand-off that is taken leads to, so the world is
/// broken in the program's stead.
fn nobody_is_there(what: String) -> Mutant {
    Mutant::of_tests(what, |_, suite, turn| {
        for test in &mut suite.tests {
            test.lines.retain(|line| {
                let TestStep::Given { fact, .. } = &line.what else { return true };
                let of_people = fact.starts_with("team ") || fact.starts_with("user ");
                !(of_people && turn.comes())
            });
        }
    })
}

/// The host says that another outcome came, where the flow has no say in this one.
fn chosen_otherwise(what: String, outcome: Outcome) -> Mutant {
    Mutant::of_tests(what, move |_, suite, turn| {
        for line in suite.tests.iter_mut().flat_map(|test| &mut test.lines) {
            if let TestStep::Choose(chosen) = &mut line.what
                && *chosen == outcome
                && turn.comes()
            {
                *chosen = Outcome::Unsolved;
            }
        }
    })
}

fn of_argument(action: Action, argument: Argument) -> Mutant {
    let what = format!("`{}`: `{}` is lost", action.spec().head, argument.word());
    let all = action.spec().settings;
    let all = all.iter().filter(|setting| setting.takes.is_argument()).map(|setting| setting.argument);
    let other = all.into_iter().find(|other| *other != argument);
    Mutant::of_programs(what, move |image| match other {
        Some(other) => acts(image, action).for_each(|act| {
            let given = act.arguments.iter_mut().filter(|given| **given == argument);
            given.for_each(|given| *given = other);
        }),
        None => strip(image, |image, site| act(image, site.index()).is_some_and(|act| act.action == action)),
    })
}
