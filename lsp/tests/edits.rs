//! Random edits: the server's text is the editor's, whatever is typed, and no question at any place makes it panic. A few
//! seconds; a minute with `CHATFLOW_FULL=1`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a panic in a test is its failure"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chatflow_compiler::source::{FileId, LineIndex, Source, Span};
use chatflow_lsp::text::{Change, Encoding, Place};
use chatflow_lsp::{
    Analysis, Disk, Loaded, Open, World, actions, completion, graph, hierarchy, hover, lens, navigate,
    rename, shape, symbols, tokens,
};

const ACME: &str = include_str!("../../examples/qualify_leads/acme.flow");
const LEADS: &str = include_str!("../../examples/qualify_leads/qualify_leads.flow");

/// What is typed: words of the language, brackets and quotes left open, many bytes to a character, all ends of lines.
const TYPED: &[&str] = &[
    "a",
    " ",
    "\n",
    "\r\n",
    "\r",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "(",
    ")",
    "[",
    "]",
    "->",
    ".",
    ",",
    ":",
    "=",
    "//",
    "///",
    "é",
    "😀",
    "日本",
    "\u{200b}",
    "\u{feff}",
    "“",
    "step x {\n",
    "say \"Hi {contact.email}\"\n",
    "ask name: one of [a, b] \"?\"\n",
    "if contact.stage is ",
    "book meeting intro {\n",
    "use acme\n",
    "set contact.stage = lead\n",
    "test \"x\" {\n",
    "contact.",
    "page.query[\"",
    "matches /",
    "was ",
    "do ",
    "plural n: one \"",
];

struct Two;

impl Disk for Two {
    fn folder(&self, _: &Path, _: &[PathBuf]) -> Option<PathBuf> {
        Some(PathBuf::from("/p"))
    }

    fn load(&self, _: &Path, _: &Open) -> Result<Loaded, String> {
        let files = vec![Source::new("acme.flow", ACME), Source::new("leads.flow", LEADS)];
        let levels = Arc::new(|found: &chatflow_compiler::Diagnostic| Some(found.severity()));
        Ok(Loaded {
            root: PathBuf::from("/p"),
            files,
            whole: true,
            deployed: false,
            config: String::new(),
            levels,
        })
    }
}

/// The place of a byte, counted by hand.
fn counted(text: &str, at: usize, encoding: Encoding) -> Place {
    let before = &text[..at];
    let in_line = before.rsplit('\n').next().unwrap();
    let column = match encoding {
        Encoding::Utf8 => in_line.len(),
        Encoding::Utf16 => in_line.encode_utf16().count(),
        Encoding::Utf32 => in_line.chars().count(),
    };
    Place { line: before.matches('\n').count() as u32, column: column as u32 }
}

/// A byte where a character begins, and no `\r\n` is cut: editors know no place in there.
fn boundary(text: &str, random: &mut fastrand::Rng) -> usize {
    let mut at = random.usize(0..=text.len());
    while !text.is_char_boundary(at) || text[at..].starts_with('\n') && text[..at].ends_with('\r') {
        at -= 1;
    }
    at
}

fn edit(text: &mut String, encoding: Encoding, random: &mut fastrand::Rng) -> Change {
    if random.u8(0..40) == 0 {
        // All of it, as undoing a lot does.
        *text = if random.bool() { LEADS.to_owned() } else { LEADS.replace('\n', "\r\n") };
        return Change { range: None, text: text.clone() };
    }
    let (one, other) = (boundary(text, random), boundary(text, random));
    let start = one.min(other);
    // Mostly a little is replaced.
    let end = if random.u8(0..20) == 0 { one.max(other) } else { start };
    let typed = random.choice(TYPED).unwrap().repeat(random.usize(0..3));
    let range = Some((counted(text, start, encoding), counted(text, end, encoding)));
    text.replace_range(start..end, &typed);
    Change { range, text: typed }
}

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
    lens::signature(analysis, file, offset);
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
