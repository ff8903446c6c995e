//! The work grows as the input does, also where the input is hostile. It is counted, not timed: how often memory is asked
//! for, and for how much, is the same in every run and on every machine.
//!
//! Work that asks for no memory, a loop that only looks, is not seen here; `bench hostile --instructions` counts every instruction, and
//! `hostile.rs` has sources of a megabyte that such a loop would not come to the end of.

#[path = "../../bench/src/shapes.rs"]
mod shapes;

use allocation_counter::{AllocationInfo, measure};
use chatflow::render;
use chatflow_compiler::format::format;
use chatflow_compiler::{Checked, Project, Source, check};
use chatflow_runtime::{Program, encode};

use shapes::{SHAPES, Shape};

/// How often each thing is repeated; the other count has twice as many.
const TIMES: usize = 1_000;
/// What twice as much may cost: linear work doubles, and so do the tables that grow by doubling.
const LIMIT: f64 = 2.2;
/// What twice as many locals may cost: see `Shape::keeps_many`.
const LIMIT_OF_MANY_LOCALS: f64 = 4.4;
/// So few allocations, or bytes, say nothing: what is done once for a project outweighs them.
const LEAST: u64 = 1_000;

#[test]
fn twice_as_much_of_anything_costs_twice_as_much() {
    let mut costly = Vec::new();
    for shape in SHAPES {
        let limit = if shape.keeps_many() { LIMIT_OF_MANY_LOCALS } else { LIMIT };
        let (once, twice) = (cost(shape, TIMES), cost(shape, 2 * TIMES));
        for (what, ratio) in [
            ("allocations", ratio(once.count_total, twice.count_total)),
            ("bytes", ratio(once.bytes_total, twice.bytes_total)),
            ("bytes at once", ratio(once.bytes_max, twice.bytes_max)),
        ] {
            if ratio > limit {
                costly.push(format!("{}: {ratio:.2} times the {what}", shape.name));
            }
        }
    }
    assert!(costly.is_empty(), "a doubling costs more than {LIMIT} times:\n{}", costly.join("\n"));
}

fn ratio(once: u64, twice: u64) -> f64 {
    twice as f64 / once.max(LEAST) as f64
}

/// What checking, compiling, loading, showing what was found and formatting ask of memory.
fn cost(shape: &Shape, times: usize) -> AllocationInfo {
    let text = shape.source(times);
    measure(|| {
        let project = Project::new(vec![Source::new("hostile.flow", text)]);
        let checked = check(&project);
        std::hint::black_box(programs(&checked));
        let shown = checked.diagnostics.iter().map(|found| render::plain(&project, found).len());
        std::hint::black_box(shown.take(1).sum::<usize>());
        std::hint::black_box(project.files.iter().map(|file| format(file).len()).sum::<usize>());
    })
}

fn programs(checked: &Checked) -> usize {
    let images = checked.flows.iter().filter_map(|flow| flow.image.as_ref());
    images.filter(|image| Program::load(&encode(image)).is_ok()).count()
}

#[test]
fn the_count_is_the_same_in_every_run() {
    for shape in SHAPES.iter().take(3) {
        let [first, second] = [(); 2].map(|()| cost(shape, TIMES));
        assert_eq!((first.count_total, first.bytes_total), (second.count_total, second.bytes_total));
    }
}

#[test]
fn a_loop_in_a_loop_is_noticed() {
    let squares =
        |times: usize| measure(|| (0..times).for_each(|at| drop(std::hint::black_box(vec![0_u8; at]))));
    let (once, twice) = (squares(TIMES), squares(2 * TIMES));
    assert!(ratio(once.bytes_total, twice.bytes_total) > LIMIT);
}
