//! Questions and offers of which something is not done.

use chatflow_runtime::image::{Arm, AskDef, SiteDef, Wait};

use super::Mutant;

/// What a question or an offer says, each lost or changed in one way.
pub fn mutants() -> Vec<Mutant> {
    vec![
        question("the answer is not stored", |ask| ask.target = None),
        question("replies are not offered", |ask| ask.replies.clear()),
        question("the last reply is not offered", |ask| {
            ask.replies.pop();
        }),
        question("a reply does not lead where it says", |ask| {
            ask.replies.iter_mut().for_each(|reply| reply.arm = Arm::Next);
        }),
        question("a reply does not store its value", |ask| {
            ask.replies.iter_mut().for_each(|reply| reply.value = None);
        }),
        question("replies store each other's values", |ask| {
            let mut values: Vec<_> = ask.replies.iter().map(|reply| reply.value).collect();
            values.reverse();
            ask.replies.iter_mut().zip(values).for_each(|(reply, value)| reply.value = value);
        }),
        question("`otherwise` is not heard", |ask| ask.otherwise = None),
        question("`otherwise` goes on", |ask| {
            ask.otherwise = ask.otherwise.map(|_| Arm::Next);
        }),
        question("`invalid` is not said", |ask| ask.invalid = None),
        question("`attempts` has no end", |ask| ask.attempts = None),
        question("`attempts`: one more", |ask| {
            ask.attempts = ask.attempts.map(|(count, arm)| (count + 1, arm));
        }),
        question("`attempts`: one less", |ask| {
            ask.attempts = ask.attempts.map(|(count, arm)| (count.max(2) - 1, arm));
        }),
        question("`attempts` goes on", |ask| {
            ask.attempts = ask.attempts.map(|(count, _)| (count, Arm::Next));
        }),
        place("`timeout` never comes", |site| site.timeout = None),
        place("`timeout` comes a second early", |site| {
            site.timeout = site.timeout.map(|(milliseconds, arm)| (milliseconds - 1000, arm));
        }),
        place("`timeout` comes a second late", |site| {
            site.timeout = site.timeout.map(|(milliseconds, arm)| (milliseconds + 1000, arm));
        }),
        place("`timeout` goes on", |site| {
            site.timeout = site.timeout.map(|(milliseconds, _)| (milliseconds, Arm::Next));
        }),
        pause("a wait is a second short", |time| time - 1000),
        pause("a wait is a second long", |time| time + 1000),
        deadline("the host's deadline is a second early", |time| time - 1000),
        deadline("the host's deadline is a second late", |time| time + 1000),
        Mutant::of_programs("another step is run", |image| {
            let steps = image.steps.len() as u32;
            for site in &mut image.sites {
                if let Wait::Do(step) = &mut site.wait {
                    step.0 = (step.0 + 1) % steps;
                }
            }
        }),
        place("what the flow relies on does not travel in the session", |site| site.keeps.clear()),
    ]
}

fn place(what: &str, change: impl Fn(&mut SiteDef) + 'static) -> Mutant {
    Mutant::of_programs(what, move |image| image.sites.iter_mut().for_each(&change))
}

fn pause(what: &str, change: fn(i64) -> i64) -> Mutant {
    place(what, move |site| {
        if let Wait::Pause(time) = &mut site.wait {
            *time = change(*time);
        }
    })
}

fn deadline(what: &str, change: fn(i64) -> i64) -> Mutant {
    place(what, move |site| {
        if let Wait::Act(act) = &mut site.wait {
            act.deadline = act.deadline.map(change);
        }
    })
}

fn question(what: &str, change: impl Fn(&mut AskDef) + 'static) -> Mutant {
    place(what, move |site| match &mut site.wait {
        Wait::Ask(ask) => change(ask),
        Wait::Act(_) | Wait::Pause(_) | Wait::Do(_) => {}
    })
}
