//! What the checker says of mistakes: those made mechanically in every flow of the repository, those written as
//! authors make them, each with its correct twin, and correct flows that look wrong.

use chatflow_tests::slips::{CLASSES, score, subjects};

/// How many mistakes of a class are made at most.
const MOST: usize = 14;
/// Chosen once. Another one makes other mistakes.
const SEED: u64 = 4;
/// How many mistakes must be reported on their line, in percent: of all, and of each class.
const REPORTED: usize = 98;
const REPORTED_OF_A_CLASS: usize = 90;
/// How many findings there may be beyond one for each mistake, in percent. What remains follows from an arrow that is
/// nowhere in the flow any more: the step that it led to is then unreached, which nothing tells from a second mistake.
const FURTHER: usize = 2;

#[test]
fn mistakes_made_mechanically_are_found_on_their_line() {
    let subjects = subjects();
    assert!(subjects.len() > 100, "only {} flows and workspaces", subjects.len());
    let score = score(&subjects, MOST, SEED);
    println!("{score}");
    let mut wrong = String::new();
    for row in &score.rows {
        if row.made == 0 || row.reported * 100 < row.made * REPORTED_OF_A_CLASS {
            wrong.push_str(&format!(
                "{}: {} of {} reported\n{}",
                row.name,
                row.reported,
                row.made,
                row.wrong.concat()
            ));
        }
    }
    let (made, reported, further) = (score.made(), score.reported(), score.further());
    let rows = || score.rows.iter();
    let missed: String = rows().flat_map(|row| row.wrong.clone()).collect();
    let echoes: String = rows().flat_map(|row| row.echoes.clone()).collect();
    println!("not reported right:\n{missed}\nreported more than once:\n{echoes}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(CLASSES.len() >= 100 && made >= 1_000, "{made} mistakes of {} classes", CLASSES.len());
    assert!(
        reported * 100 >= made * REPORTED,
        "{reported} of {made} mistakes are reported on their line:\n{missed}"
    );
    assert!(further * 100 <= made * FURTHER, "{further} further findings of {made} mistakes:\n{echoes}");
}
