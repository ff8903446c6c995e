//! A check that nobody waits for any more is given up, and whoever asks next gets the whole of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic in a test is its failure")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chatflow_compiler::source::Source;
use chatflow_compiler::{Project, check};
use chatflow_lsp::wanted::{Unwanted, is_wanted, while_wanted};
use chatflow_lsp::{Analysis, Loaded};

fn sources() -> Vec<Source> {
    let flow = |nth: usize| format!("flow f{nth} \"F\"\n\nstep start {{\n  say 5\n}}\n");
    (0..50).map(|nth| Source::new(format!("f{nth:02}.flow"), flow(nth))).collect()
}

#[test]
fn a_check_is_given_up_in_its_middle() {
    let levels = Arc::new(|found: &chatflow_compiler::Diagnostic| Some(found.severity()));
    let loaded = Loaded {
        root: "/p".into(),
        files: Vec::new(),
        whole: true,
        deployed: false,
        beside: Arc::default(),
        levels,
    };
    let analysis = Analysis::new(&loaded, sources(), None);
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = asked.clone();
    let wanted = move || counts.fetch_add(1, Ordering::SeqCst) < 10;
    let given_up =
        catch_unwind(AssertUnwindSafe(|| while_wanted(wanted, || analysis.checked().diagnostics.len())));
    assert!(given_up.unwrap_err().is::<Unwanted>());
    // Nobody looked at the other forty flows.
    assert_eq!(asked.load(Ordering::SeqCst), 11);
    assert!(is_wanted(), "what is not begun as such is always wanted");
    assert_eq!(analysis.checked().diagnostics, check(&Project::new(sources())).diagnostics);
}
