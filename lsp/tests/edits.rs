//! Random edits: the server's text is the editor's, whatever is typed, and no question at any place makes it panic. A few
//! seconds; a minute with `CHATFLOW_FULL=1`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a panic in a test is its failure"
)]

mod typing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chatflow_compiler::source::{FileId, LineIndex, Source, Span};
use chatflow_lsp::text::{Change, Encoding};
use chatflow_lsp::{
    Analysis, Disk, Open, World, actions, completion, format, graph, hierarchy, hover, lens, navigate,
    rename, shape, signature, symbols, tokens,
};
use typing::{ACME, LEADS, Two, boundary, counted, edit};

/// Asks everything there is at a place.
fn ask_all(analysis: &Analysis, file: FileId, offset: u32, end: u32) {
    let at = Span { file, start: offset.min(end), end: offset.max(end) };
    hover::hover(analysis, file, offset);
    completion::complete(analysis, file, offset);
    navigate::definition(analysis, file, offset);
    navigate::type_definition(analysis, file, offset);
    navigate::references(analysis, file, offset, true);
    navigate::highlights(analysis, file, offset);
    navigate::links(analysis, file);
    let _ = rename::rename(analysis, file, offset, "other");
    let _ = rename::rename_with_was(analysis, file, offset, "other");
    actions::actions(analysis, file, at);
    actions::fix_all(analysis, file);
    lens::lenses(analysis, file);
    lens::hints(analysis, file, at);
    signature::signature(analysis, file, offset);
    format::document(analysis, file);
    format::range(analysis, file, at);
    format::typed(analysis, file, offset, "\n");
    format::typed(analysis, file, offset, "}");
    symbols::project_symbols(analysis, "a");
    shape::linked(analysis, file, offset);
    graph::graph(analysis, file, Some(offset));
    if let Some(step) = hierarchy::prepare(analysis, file, offset) {
        hierarchy::incoming(analysis, &step);
        hierarchy::outgoing(analysis, &step);
    }
    let source = analysis.file(file).unwrap();
    shape::folds(source);
    for pair in shape::selections(source, offset).windows(2) {
        assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end);
    }
    let all = tokens::tokens(analysis, file, None);
    for pair in all.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "{pair:?}");
    }
    for token in all {
        assert!(!source.text(token.span).contains('\n'));
    }
}

#[test]
fn random_edits() {
    let full = std::env::var_os("CHATFLOW_FULL").is_some();
    let end = Instant::now() + Duration::from_secs(if full { 60 } else { 4 });
    let path = PathBuf::from("/p/leads.flow");
    let mut seed = 1;
    while Instant::now() < end {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut world = World::new(Arc::new(Two));
        world.encoding = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32][seed as usize % 3];
        let mut text = LEADS.to_owned();
        world.open(path.clone(), text.as_str().into(), 0);
        for version in 1..=60 {
            let changes: Vec<Change> =
                (0..random.usize(1..4)).map(|_| edit(&mut text, world.encoding, &mut random)).collect();
            world.change(&path, &changes, version);
            assert_eq!(*world.documents[&path].text, *text, "seed {seed}, version {version}");
            if version % 10 == 0 && Instant::now() < end {
                asked(&world, &path, &text, &mut random);
            }
        }
        seed += 1;
    }
    assert!(seed > 2, "hardly anything was typed");
}

/// What is asked of the world is what an analysis made anew says.
fn asked(world: &World, path: &Path, text: &str, random: &mut fastrand::Rng) {
    let (analysis, file) = world.analysis(path).unwrap();
    assert_eq!(*analysis.file(file).unwrap().source.text, *text);
    let (one, other) = (boundary(text, random) as u32, boundary(text, random) as u32);
    ask_all(&analysis, file, one, other);
    let sources = vec![Source::new("acme.flow", ACME), Source::new("leads.flow", text)];
    let fresh = Analysis::new(&Two.load(path, &Open::new()).unwrap(), sources, None);
    assert_eq!(analysis.findings(file), fresh.findings(file));
    let lines = LineIndex::new(text);
    let place = world.encoding.place(text, &lines, one);
    assert_eq!(place, counted(text, one as usize, world.encoding));
    assert_eq!(world.encoding.offset(text, &lines, place), one);
}
