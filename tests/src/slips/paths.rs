//! Slips of the way through a flow: what may be unknown, what is never reached, what never ends, what must be said.

use chatflow_compiler::tree::{Branch, StatementKind};

use super::subject::{BlockLine, Statement, Step};
use super::{Slip, Subject};

/// A property that is shown without its default, in a flow that does nothing else with it.
pub fn defaults(subject: &Subject) -> Vec<Slip> {
    let alone = |path: &str| {
        let shown = subject.defaults.iter().filter(|(value, _)| subject.of(value) == path).count();
        let named = subject.paths.iter().filter(|other| subject.of(other) == path).count();
        subject.properties.contains_key(path) && shown == named
    };
    let defaults =
        subject.defaults.iter().filter(|(value, rest)| alone(subject.of(value)) && subject.is_one_line(rest));
    defaults.map(|(_, rest)| Slip::without(rest.clone())).collect()
}

/// A property that the flow never asks for, shown all the same.
pub fn never_asked(subject: &Subject) -> Vec<Slip> {
    let Some(property) = unnamed(subject, |_| true) else { return Vec::new() };
    lines_before_firsts(subject)
        .into_iter()
        .map(|at| Slip::put_in(at, format!("  say \"{{{property}}}\"\n")))
        .collect()
}

/// The same in a condition that calculates.
pub fn calculated(subject: &Subject) -> Vec<Slip> {
    let Some(property) = unnamed(subject, |ty| ty == "number") else { return Vec::new() };
    let line = |at| Slip::put_in(at, format!("  let twice_as_much = {property} * 2\n"));
    lines_before_firsts(subject).into_iter().map(line).collect()
}

/// A property of the flow's workspace that the flow does not name.
fn unnamed(subject: &Subject, fits: impl Fn(&str) -> bool) -> Option<&str> {
    // What a module knows, the flows that use it decide.
    let uses = subject.is_flow() && subject.items.iter().any(|(head, _)| subject.of(head) == "use");
    let all = subject
        .properties
        .iter()
        .filter(|(path, ty)| uses && fits(ty) && !subject.text().contains(path.as_str()));
    all.map(|(path, _)| path.as_str()).next()
}

/// Where the first line of each step begins.
fn lines_before_firsts(subject: &Subject) -> Vec<usize> {
    let firsts = subject.steps.iter().filter_map(|step| step.body.first());
    let lines = firsts.filter(|first| subject.begins_line(first.range.start));
    lines.map(|first| subject.line(first.range.start).start).collect()
}

/// An outcome that must be said.
pub fn outcomes(subject: &Subject) -> Vec<Slip> {
    let must = |line: &&BlockLine| {
        let unsaid = matches!(subject.of(&line.head), "declined" | "unsolved");
        let unavailable = subject.of(&line.head) == "unavailable"
            && !line.owner.ends_with("unassigned")
            && !subject.text().contains("is available")
            && !subject.text().contains("is not available");
        line.has_arrow && (unsaid || unavailable)
    };
    let alone = subject
        .lines
        .iter()
        .filter(must)
        .filter(|line| subject.begins_line(line.range.start) && subject.ends_line(line.range.end));
    alone.map(|line| Slip::without(line.range.clone()).looked_for_at(line.of.start)).collect()
}

/// A statement behind one that leaves.
pub fn after_leaving(subject: &Subject) -> Vec<Slip> {
    let leaves = |statement: &&Statement| {
        matches!(statement.kind, StatementKind::End | StatementKind::Go(Branch::Step(_)))
    };
    let last =
        subject.statements.iter().filter(leaves).filter(|all| {
            all.last && subject.begins_line(all.range.start) && subject.ends_line(all.range.end)
        });
    last.map(|statement| {
        let line = subject.line(statement.range.start);
        let late = format!("\n{}say \"Too late.\"", subject.indent(line.start));
        Slip::put_in(line.end, late).looked_for_in_line(1)
    })
    .collect()
}

/// A step that nothing leads to.
pub fn unreached_steps(subject: &Subject) -> Vec<Slip> {
    let behind = subject.steps.iter().map(|step| subject.line(step.range.end).end);
    behind
        .map(|at| {
            Slip::put_in(at, "\n\nstep never_reached {\n  say \"Nobody reads this.\"\n}")
                .looked_for_in_line(2)
        })
        .collect()
}

/// A step that comes back to itself without ever waiting.
pub fn silent_loops(subject: &Subject) -> Vec<Slip> {
    let quiet = |step: &&Step| {
        step.body
            .iter()
            .all(|statement| matches!(statement.kind, StatementKind::Say { .. } | StatementKind::Set { .. }))
    };
    let steps = subject.steps.iter().filter(quiet).filter_map(|step| Some((step, step.body.last()?)));
    steps
        .filter(|(_, last)| subject.ends_line(last.range.end))
        .map(|(step, last)| {
            let again = format!("\n  -> {}", subject.of(&step.name));
            Slip::put_in(subject.line(last.range.end).end, again)
                .looked_for_at_its_end()
                .or_at(step.name.start)
        })
        .collect()
}

/// A step that runs itself.
pub fn recursion(subject: &Subject) -> Vec<Slip> {
    let firsts = subject.steps.iter().filter_map(|step| Some((step, step.body.first()?)));
    let lines = firsts.filter(|(_, first)| subject.begins_line(first.range.start));
    lines
        .map(|(step, first)| {
            let at = subject.line(first.range.start).start;
            Slip::put_in(at, format!("  do {}\n", subject.of(&step.name)))
        })
        .collect()
}

/// An `anytime` that looks at everything but the reply.
pub fn anytime(subject: &Subject) -> Vec<Slip> {
    let blocks =
        subject.items.iter().filter(|(head, all)| subject.of(head) == "anytime" && !subject.is_one_line(all));
    let target = subject.steps.first().map_or("", |step| subject.of(&step.name));
    blocks
        .map(|(head, _)| {
            let line = subject.line(head.start);
            Slip::put_in(line.end + 1, format!("  visitor.device is mobile -> {target}\n"))
        })
        .collect()
}

/// A test for something else, which holds for nobody whose value is unknown.
pub fn negative_tests(subject: &Subject) -> Vec<Slip> {
    let Some(property) = unnamed(subject, |ty| ty == "text") else { return Vec::new() };
    let line = |at| Slip::put_in(at, format!("  if {property} is not \"Ada\" then say \"Hm.\"\n"));
    lines_before_firsts(subject).into_iter().map(line).collect()
}

/// A question that waits for longer than its session lasts.
pub fn late_timeouts(subject: &Subject) -> Vec<Slip> {
    let lines =
        subject.lines.iter().filter(|line| line.owner == "ask" && subject.of(&line.head) == "timeout");
    lines.filter_map(|line| line.values.first()).map(|time| Slip::instead(time.clone(), "90d")).collect()
}

/// A question that is skipped, with its choices' arrows.
pub fn lost_targets(subject: &Subject) -> Vec<Slip> {
    let questions = subject.statements.iter().filter(|statement| {
        let lines = || subject.lines.iter().filter(|line| line.of == statement.range);
        matches!(statement.kind, StatementKind::Ask { .. })
            && lines().any(|line| leads_to_a_step(subject, line))
            && !lines().any(|line| subject.of(&line.head) == "skip")
    });
    let lines = questions.filter(|question| {
        subject.begins_line(question.range.start) && subject.text().contains("contact.email")
    });
    lines
        .filter_map(|question| {
            let mut choices = subject.lines.iter().filter(|line| line.of == question.range && line.is_choice);
            let lost = choices.find(|line| leads_to_a_step(subject, line))?;
            let line = subject.line(question.range.start);
            let skip = "    skip when contact.email is known\n";
            Some(Slip::put_in(line.end + 1, skip).or_at(lost.range.start))
        })
        .collect()
}

fn leads_to_a_step(subject: &Subject, line: &BlockLine) -> bool {
    line.is_choice && subject.targets.iter().any(|target| target.end == line.range.end)
}

/// A question left out whose answer is used once, further on.
pub fn questions_left_out(subject: &Subject) -> Vec<Slip> {
    let once = subject.statements.iter().filter_map(|statement| {
        let target = statement.target.clone()?;
        let name = subject.of(&target);
        let mut used = subject.paths.iter().filter(|path| **path != target && subject.of(path) == name);
        let first = used.next()?.start;
        let asked = matches!(statement.kind, StatementKind::Ask { ty: Some(_), .. });
        (asked && used.next().is_none() && subject.count(name) == 2).then(|| (statement.range.clone(), first))
    });
    once.filter(|(range, _)| subject.begins_line(range.start))
        .map(|(range, used)| Slip::without(range).looked_for_at(used))
        .collect()
}

/// The step that a module is run for: there is no such module.
pub fn unknown_modules(subject: &Subject) -> Vec<Slip> {
    lines_before_firsts(subject).into_iter().map(|at| Slip::put_in(at, "  do nowhere.collect\n")).collect()
}
