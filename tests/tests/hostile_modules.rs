//! Modules as strangers write them: a great many that use each other, in every shape. Nothing panics or hangs, and
//! twice as many cost about twice as much: counted as in `work.rs`, in what is asked of memory.

use std::fmt::Write;

use allocation_counter::measure;
use chatflow_compiler::{Code, Project, Source, check};

/// What twice as many modules may cost: linear work doubles, and so do the tables that grow by doubling.
const LIMIT: f64 = 2.2;

type Files = Vec<(String, String)>;

/// So many modules in some shape.
type Make = fn(usize) -> Files;

fn module(number: usize, uses: &[usize], body: &str) -> (String, String) {
    let mut text = format!("module m{number} \"M\"\n");
    for used in uses {
        let _ = writeln!(text, "use m{used}");
    }
    let _ = write!(text, "step go {{\n  ask name: text \"Name?\"\n{body}}}\n");
    (format!("m{number}.flow"), text)
}

fn calls(uses: &[usize]) -> String {
    uses.iter().map(|used| format!("  do m{used}.go\n")).collect()
}

fn flow(uses: &[usize]) -> (String, String) {
    let mut text = "flow f \"F\"\n".to_owned();
    for used in uses {
        let _ = writeln!(text, "use m{used}");
    }
    let _ = write!(text, "step start {{\n{}  say \"Hi\"\n}}\n", calls(uses));
    ("f.flow".to_owned(), text)
}

/// Each module uses the next one and runs its step.
fn chain(count: usize) -> Files {
    let module = |number: usize| {
        let next: Vec<usize> = (number + 1 < count).then_some(number + 1).into_iter().collect();
        module(number, &next, &calls(&next))
    };
    (0..count).map(module).chain([flow(&[0])]).collect()
}

/// Two modules in each layer, both of which use both of the next: two to the power of the layers are the ways through.
fn diamonds(count: usize) -> Files {
    let module = |number: usize| {
        let below = (number / 2 + 1) * 2;
        let next: Vec<usize> = if below + 1 < count { vec![below, below + 1] } else { Vec::new() };
        module(number, &next, &calls(&next))
    };
    (0..count).map(module).chain([flow(&[0, 1])]).collect()
}

/// The last module uses the first.
fn circle(count: usize) -> Files {
    let module = |number: usize| {
        let next = [(number + 1) % count];
        module(number, &next, &calls(&next))
    };
    (0..count).map(module).chain([flow(&[0])]).collect()
}

/// A flow that uses them all, none of which uses another.
fn fan(count: usize) -> Files {
    let all: Vec<usize> = (0..count).collect();
    (0..count).map(|number| module(number, &[], "")).chain([flow(&all)]).collect()
}

/// One module of a great many steps, of which the flow runs the first.
fn steps(count: usize) -> Files {
    let mut text = "module m0 \"M\"\n".to_owned();
    for number in 0..count * 10 {
        let _ = write!(text, "step s{number} {{\n  say \"{number}\"\n}}\n");
    }
    text += "step go {\n  -> s1\n}\n";
    vec![("m0.flow".to_owned(), text), flow(&[0])]
}

fn project(files: Files) -> Project {
    Project::new(files.into_iter().map(|(path, text)| Source::new(path, text)).collect())
}

#[test]
fn twice_as_many_modules_cost_twice_as_much() {
    const TIMES: usize = 400;
    let shapes: [(&str, Make); 5] =
        [("chain", chain), ("diamonds", diamonds), ("circle", circle), ("fan", fan), ("steps", steps)];
    let mut costly = Vec::new();
    for (name, shape) in shapes {
        let cost = |times: usize| {
            let project = project(shape(times));
            measure(|| drop(check(&project)))
        };
        let (once, twice) = (cost(TIMES), cost(2 * TIMES));
        for (what, once, twice) in [
            ("allocations", once.count_total, twice.count_total),
            ("bytes", once.bytes_total, twice.bytes_total),
        ] {
            let ratio = twice as f64 / once as f64;
            println!("{name}: {once} {what}, twice as many {ratio:.2} times");
            if ratio > LIMIT {
                costly.push(format!("{name}: {ratio:.2} times the {what}"));
            }
        }
    }
    assert!(costly.is_empty(), "{costly:?}");
}

#[test]
fn a_hundred_modules_are_a_program_or_say_why_not() {
    let codes = |files: Files| -> Vec<Code> {
        check(&project(files)).diagnostics.iter().map(|found| found.code).collect()
    };
    assert_eq!(codes(fan(100)), []);
    assert_eq!(codes(chain(15)), []);
    // A chat remembers sixteen steps to come back to.
    assert_eq!(codes(chain(100)), [Code::TooDeep]);
    assert_eq!(codes(circle(10)), [Code::CircularUse]);
    assert_eq!(codes(circle(100)), [Code::TooDeep, Code::CircularUse]);
    assert_eq!(codes(diamonds(20)), []);
    assert_eq!(codes(diamonds(100)), [Code::TooDeep, Code::TooDeep]);
}

#[test]
fn a_step_of_a_great_module_is_linked_alone() {
    let checked = check(&project(steps(400)));
    let image = checked.flows.first().and_then(|flow| flow.image.as_ref()).unwrap();
    let names: Vec<&str> = image.steps.iter().map(|step| image.strings.get(step.name)).collect();
    assert_eq!(names, ["start", "m0.go", "m0.s1"]);
}
