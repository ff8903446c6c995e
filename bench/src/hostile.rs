//! Every hostile source at doubling sizes: timed, or counted by callgrind, whose ratios are exact.

use chatflow_compiler::{Project, Source, check};

use crate::measure::{instructions, timed};
use crate::shapes::{SHAPES, Shape};

/// How often each thing is repeated, first of all.
const TIMES: usize = 1_000;
/// How often that is doubled.
const DOUBLINGS: u32 = 2;
/// What a doubling may cost.
const LIMIT: f64 = 2.2;

/// Measures the shapes whose names have this word in them, and prints each line as soon as it is known.
pub fn run(word: &str, count_instructions: bool) -> Result<String, String> {
    let mut worst: (f64, &str) = (0.0, "");
    for shape in SHAPES.iter().filter(|shape| shape.name.contains(word)) {
        let mut costs = Vec::new();
        for doubling in 0..=DOUBLINGS {
            costs.push(cost(shape, TIMES << doubling, count_instructions)?);
        }
        let ratios = costs.windows(2).map(|pair| match pair {
            [one, other] => *other as f64 / *one as f64,
            _ => 0.0,
        });
        let ratio = ratios.fold(0.0, f64::max);
        let bytes = shape.source(TIMES << DOUBLINGS).len().max(1) as f64;
        let per_byte = costs.last().map_or(0.0, |cost| *cost as f64 / bytes);
        let unit = if count_instructions { "instructions" } else { "ns" };
        let mark = if ratio > LIMIT { "  <- more than 2.2" } else { "" };
        println!("{:<32} {ratio:>5.2} a doubling {per_byte:>9.0} {unit} a byte{mark}", shape.name);
        if ratio > worst.0 {
            worst = (ratio, shape.name);
        }
    }
    Ok(format!("worst: {:.2} ({})\n", worst.0, worst.1))
}

/// What one shape costs: exactly, or as fast as it was in a few runs.
fn cost(shape: &Shape, times: usize, count_instructions: bool) -> Result<u64, String> {
    if count_instructions {
        return instructions("measured_check", &["hostile", "--shape", shape.name, &times.to_string()]);
    }
    let runs = (0..3).map(|_| {
        let text = shape.source(times);
        timed(|| measured_check(text))
    });
    Ok(runs.min().unwrap_or(0))
}

/// One shape, once, to be counted from outside.
pub fn run_shape(name: &str, times: &str) -> Result<(), String> {
    let shape = SHAPES.iter().find(|shape| shape.name == name).ok_or("no such shape")?;
    let text = shape.source(times.parse().map_err(|_| "not a number")?);
    std::hint::black_box(measured_check(text));
    Ok(())
}

#[inline(never)]
fn measured_check(text: String) -> usize {
    let project = Project::new(vec![Source::new("hostile.flow", text)]);
    let checked = check(&project);
    let programs = checked.flows.iter().filter_map(|flow| flow.image.as_ref());
    let bytes: usize = programs.map(|image| chatflow_runtime::encode(image).len()).sum();
    bytes + checked.diagnostics.len()
}
