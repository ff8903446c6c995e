//! What strangers send: any bytes as source, as program, as session. Nothing panics and nothing hangs. That the work grows
//! as the input does is counted in `work.rs`.
//!
//! `CHATFLOW_FULL=1` runs the large sizes: a source of 50 MB, and many more random ones.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic in a test is its failure"
)]

#[path = "../../bench/src/shapes.rs"]
mod shapes;

use std::time::{Duration, Instant};

use chatflow::render;
use chatflow_compiler::format::format;
use chatflow_compiler::{Checked, Diagnostic, File, Project, Source, Span, check};
use chatflow_runtime::action::Outcome;
use chatflow_runtime::{
    FactValue, Facts, Input, PlaceId, Program, ReplyId, Session, Timestamp, condition, encode, facts_read,
    resume, select, start, strip, waiting, welcome,
};
use xxhash_rust::xxh3::xxh3_64;

use shapes::SHAPES;

const EXAMPLES: &[(&str, &str)] = &[
    ("hello.flow", include_str!("../../examples/hello/hello.flow")),
    ("qualify_leads.flow", include_str!("../../examples/qualify_leads/qualify_leads.flow")),
    ("acme.flow", include_str!("../../examples/qualify_leads/acme.flow")),
];

// Sources

#[test]
fn every_shape_has_findings_that_can_be_shown() {
    for shape in SHAPES {
        for times in [1, 2, 3, 70, 300] {
            read(shape.name, shape.source(times).into_bytes());
        }
    }
}

#[test]
fn shapes_in_shapes() {
    let mut dice = Dice(7);
    for _ in 0..many(300) {
        let mut bytes = Vec::new();
        for _ in 0..3 {
            let text = dice.of(SHAPES).source(1 + dice.below(40));
            let at = dice.below(bytes.len() + 1);
            bytes.splice(at..at, text.into_bytes());
        }
        read("shapes in shapes", bytes);
    }
}

#[test]
fn bytes_that_are_no_text() {
    let cases: [&[u8]; 14] = [
        b"",
        b"\0",
        b"\xff",
        b"\xff\xfe\0f\0l\0o\0w",
        b"flow f \"\xff\xc3\"\nstep \xe2\x82 {\n",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbfflow f \"F\"\n\xef\xbb\xbfstep a {\n  end\n}\n",
        b"flow f \"F\"\rstep a {\r  say \"x\"\r}\r",
        b"flow f \"F\"\r\r\nstep a {\r\n  end\r\r\n}",
        b"flow f \"F\"\nstep a {\n  say \"\0\x1b[31m\"\n}\n\0",
        b"\xf0\x9f\x98\x80\xf0\x9f\x98",
        b"\"",
        b"\"{\"{",
        b"flow f \"\"\"\n\n",
    ];
    for case in cases {
        read("bytes", case.to_vec());
    }
    for byte in 0..=255 {
        read("a byte", vec![byte]);
        read("a byte in a flow", [b"flow f \"F\"\nstep a {\n  say \"".as_slice(), &[byte], b"\"\n"].concat());
        read("a byte in a step", [b"flow f \"F\"\nstep a {\n  ".as_slice(), &[byte], b"\n}\n"].concat());
    }
}

#[test]
fn random_bytes() {
    let mut dice = Dice(1);
    for _ in 0..many(2_000) {
        let len = dice.below(400);
        read("random bytes", (0..len).map(|_| dice.byte()).collect());
    }
}

#[test]
fn random_words() {
    const WORDS: &[&str] = &[
        "flow ",
        "workspace ",
        "step ",
        "a ",
        "b ",
        "{\n",
        "}\n",
        "{ ",
        "} ",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "\"\"\"",
        "\"x\" ",
        "-> ",
        "if ",
        "then ",
        "else ",
        "is ",
        "not ",
        "and ",
        "or ",
        "ask ",
        "say ",
        "set ",
        "= ",
        "\n",
        "// c\n",
        "/// d\n",
        "contact.email ",
        "x: text ",
        "one of [",
        ", ",
        "1 ",
        "30m ",
        "50% ",
        "#fff ",
        "2027-01-31 ",
        "known ",
        "unknown ",
        "any of ",
        "between ",
        "test ",
        "expect ",
        "bot ",
        "visitor ",
        "target ",
        "show when ",
        "anytime ",
        "use ",
        "welcome ",
        "contact ",
        "team sales ",
        "available ",
        "hand off to ",
        "create ticket support ",
        "book meeting intro ",
        "..",
        "\u{2028}",
        "“",
        "”",
        "→",
        "\u{202e}",
        "😀",
        "\\n",
        "\\",
        "{x} ",
        "€",
    ];
    let mut dice = Dice(2);
    for _ in 0..many(3_000) {
        let text: String = (0..dice.below(60)).map(|_| dice.of(WORDS)).collect();
        read("random words", text.clone().into_bytes());
        read("random words in a step", format!("flow f \"F\"\nstep a {{\n{text}\n}}\n").into_bytes());
    }
}

#[test]
fn examples_with_bytes_changed() {
    let mut dice = Dice(3);
    for round in 0..many(600) {
        let mut sources: Vec<Vec<u8>> = EXAMPLES.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
        let which = round % sources.len();
        mutate(&mut sources[which], &mut dice);
        let named =
            EXAMPLES.iter().zip(sources).map(|((path, _), bytes)| Source::from_bytes(*path, bytes)).collect();
        sound("a changed example", named);
    }
}

#[test]
fn examples_that_stop_early() {
    // Every place in the small one; in the large one, every seventh, or every one where everything is wanted.
    for ((path, text), every) in EXAMPLES[..2].iter().zip([1, if full() { 1 } else { 7 }]) {
        for (end, _) in text.char_indices().step_by(every) {
            read(path, text.as_bytes()[..end].to_vec());
        }
    }
}

#[test]
fn ten_thousand_open_braces() {
    for text in ["{", "{\n", "step a {", "(", "[", "\"{", "if x then {", "ask \"a\" { \"b\" -> {"] {
        let bytes = text.repeat(10_000).into_bytes();
        read(text, [b"flow f \"F\"\n".as_slice(), &bytes].concat());
        read(text, bytes);
    }
}

#[test]
fn a_line_of_a_megabyte() {
    // Unoptimised code is some twenty times slower: a quarter of the line is enough there.
    let size = if full() || !cfg!(debug_assertions) { 1 << 20 } else { 1 << 18 };
    let fillings = ["a", "a ", "\"a\" ", "a, ", "{a} ", "(", "not ", "😀", "1", " ", ".a", "\0", "\u{202e}"];
    for filling in fillings {
        let line = filling.repeat(size / filling.len());
        read("a long line", line.clone().into_bytes());
        read("a long statement", format!("flow f \"F\"\nstep a {{\n  say {line}\n}}\n").into_bytes());
        read("a long text", format!("flow f \"F\"\nstep a {{\n  say \"{line}\"\n}}\n").into_bytes());
    }
}

#[test]
fn long_names_that_are_nearly_right() {
    let long = "n".repeat(200_000);
    let text =
        format!("flow f \"F\"\nstep {long}a {{\n  ask \"q\"\n  -> {long}b\n}}\nstep b {{\n  {long} x\n}}\n");
    read("long names", text.into_bytes());
}

#[test]
fn a_large_source() {
    let size = if full() { 50 << 20 } else { 1 << 20 };
    let step = "step s# {\n  ask \"What do you want to do next, here in step #?\" {\n    \"Go on\" -> s@\n    \"Stop\"\n  }\n  end\n}\n";
    let mut text = String::from("flow f \"F\"\n");
    let mut number = 0;
    while text.len() < size {
        text.push_str(&step.replace('#', &number.to_string()).replace('@', &(number + 1).to_string()));
        number += 1;
    }
    text.push_str(&format!("step s{number} {{\n  end\n}}\n"));
    let checked = read("a large flow", text.into_bytes());
    assert_eq!(checked.diagnostics, []);
    read("a large nothing", vec![b'{'; size]);
    read("a large text", [b"\"".as_slice(), &vec![b'a'; size]].concat());
    let noise = Dice(4).bytes(size);
    read("large noise", noise);
}

/// Checks one source.
fn read(what: &str, bytes: Vec<u8>) -> Checked {
    sound(what, vec![Source::from_bytes("hostile.flow", bytes)])
}

/// Checks and formats sources: in time, with spans that are places of them, and findings that every renderer can show.
fn sound(what: &str, sources: Vec<Source>) -> Checked {
    let size: usize = sources.iter().map(|source| source.text.len()).sum();
    let started = Instant::now();
    let project = Project::new(sources);
    for file in &project.files {
        let once = format(file);
        if file.source.invalid_utf8.is_some() {
            assert!(*once == *file.source.text, "{what}: what is no text was formatted");
            continue;
        }
        let again = File::read(file.id, Source::new(file.source.path.clone(), once.as_str()));
        assert_eq!(format(&again), once, "{what}: formatted twice");
    }
    let checked = check(&project);
    let limit = Duration::from_secs(20 + (size >> 20) as u64 * 5);
    assert!(started.elapsed() < limit, "{what}: {size} bytes took {:?}", started.elapsed());
    for diagnostic in &checked.diagnostics {
        for span in spans(diagnostic) {
            is_a_place(&project, span, diagnostic);
        }
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'), "{diagnostic:?}");
    }
    for diagnostic in checked.diagnostics.iter().take(8) {
        render::human(&project, diagnostic, true);
        render::human(&project, diagnostic, false);
        render::plain(&project, diagnostic);
        let short = render::short(&project, diagnostic);
        assert_eq!(short.trim_end().lines().count(), 1, "{short}");
        render::json(&project, diagnostic);
    }
    for image in checked.flows.iter().filter_map(|flow| flow.image.as_ref()) {
        let loaded = Program::load(&encode(image));
        assert!(loaded.is_ok(), "{what}: what was compiled is refused: {:?}", loaded.err());
    }
    checked
}

fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    std::iter::once(diagnostic.primary.span)
        .chain(diagnostic.labels.iter().map(|label| label.span))
        .chain(edits)
}

fn is_a_place(project: &Project, span: Span, diagnostic: &Diagnostic) {
    let Some(file) = project.file(span.file) else { panic!("{diagnostic:?} has no file") };
    let text = &file.source.text;
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && end <= text.len(), "{diagnostic:?} lies outside of its {} bytes", text.len());
    assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{diagnostic:?} cuts a character");
}

// Programs

#[test]
fn programs_with_bytes_changed_are_refused_or_run() {
    let mut dice = Dice(5);
    let mut loaded = 0;
    for bytes in programs() {
        for _ in 0..many(3_000) {
            let mut changed = bytes.clone();
            mutate(&mut changed, &mut dice);
            // As damaged as it is, and then as if somebody had made it so.
            let _ = Program::load(&changed).map_err(|error| error.to_string());
            repair(&mut changed);
            match Program::load(&changed) {
                Ok(program) => {
                    loaded += 1;
                    chat_at_random(&program, &mut dice);
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
    assert!(loaded > 100, "only {loaded} changed programs were run");
}

#[test]
fn programs_that_stop_early_are_refused() {
    for bytes in programs() {
        for end in 0..bytes.len() {
            let mut cut = bytes[..end].to_vec();
            assert!(Program::load(&cut).is_err());
            repair(&mut cut);
            assert!(Program::load(&cut).is_err());
        }
    }
}

#[test]
fn random_bytes_are_no_program() {
    let mut dice = Dice(6);
    for _ in 0..many(3_000) {
        let len = dice.below(300);
        let mut bytes = dice.bytes(len);
        assert!(Program::load(&bytes).is_err());
        if let Some(head) = bytes.get_mut(..6) {
            head.copy_from_slice(b"FLWC\x01\0");
            repair(&mut bytes);
            let _ = Program::load(&bytes).map_err(|error| error.to_string());
        }
    }
}

/// The examples' programs, without debug information, so that every byte of them counts.
fn programs() -> Vec<Vec<u8>> {
    let sources = EXAMPLES.iter().map(|(path, text)| Source::new(*path, *text)).collect();
    let checked = check(&Project::new(sources));
    let images = checked.flows.iter().map(|flow| flow.image.as_ref().unwrap());
    images.map(|image| strip(&encode(image)).unwrap()).collect()
}

/// Where a program's content hash stands, and where what it covers begins.
const HASH: std::ops::Range<usize> = 6..14;
const CONTENT: usize = 15;

/// Gives a program the hash that its content has.
fn repair(bytes: &mut [u8]) {
    let hash = bytes.get(CONTENT..).map_or(0, xxh3_64);
    if let Some(place) = bytes.get_mut(HASH) {
        place.copy_from_slice(&hash.to_le_bytes());
    }
}

#[test]
fn the_hash_is_where_these_tests_think() {
    for bytes in programs() {
        let mut repaired = bytes.clone();
        repair(&mut repaired);
        assert_eq!(repaired, bytes);
    }
}

// Chats

/// A chat of random turns, its session through bytes each time.
fn chat_at_random(program: &Program, dice: &mut Dice) {
    let facts = random_facts(dice);
    let _ = facts_read(program);
    let _ = select(&[program], &facts, Timestamp(0));
    let _ = welcome(program, &facts, Timestamp(0));
    for fragment in 0..program.image().fragments.len().min(4) as u32 {
        let _ = condition(program, chatflow_runtime::id::Fragment(fragment), None, &facts, Timestamp(0));
    }
    let mut now = Timestamp(dice.below(1 << 40) as i64);
    let mut session = start(program, &facts, now).session;
    for _ in 0..dice.below(12) {
        now = now.after(dice.below(3_600_000) as i64);
        let bytes = session.to_bytes();
        session = Session::from_bytes(&bytes).unwrap();
        session = random_turn(program, &session, &facts, now, dice);
    }
}

fn random_turn(
    program: &Program,
    session: &Session,
    facts: &Facts,
    now: Timestamp,
    dice: &mut Dice,
) -> Session {
    const SAID: &[&str] = &[
        "",
        " ",
        "1",
        "2.",
        "See a demo",
        "Get support",
        "Just looking",
        "ada@example.com",
        "Over 50",
        "human",
        "yes",
        "no",
        "2027-01-31",
        "-1e9",
        "99999999999999999999999999999999",
        "\u{0}\u{202e}",
        "😀",
        "é",
        "İ",
        "a;b,c",
        "+31 6 12345678",
    ];
    let place = session.place().filter(|_| dice.below(4) > 0).unwrap_or(PlaceId(dice.next()));
    let mut data = Facts::new();
    for name in ["articles[0].title", "articles[1].title", "articles[0].link"] {
        if dice.below(2) == 0 {
            data.set(name, FactValue::from(dice.of(SAID)));
        }
    }
    let input = match dice.below(9) {
        0 => Input::Agree,
        1 => Input::Silence,
        2 => Input::Closed,
        3 => Input::Tap { place, reply: ReplyId(dice.below(9) as u32) },
        4 => Input::Outcome { place, outcome: dice.of(Outcome::ALL), data: &data },
        _ => Input::Text(dice.of(SAID)),
    };
    let turn = resume(program, session, input, facts, now);
    assert_eq!(turn.waiting, waiting(program, &turn.session));
    assert!(turn.effects.len() < 100_000);
    turn.session
}

fn random_facts(dice: &mut Dice) -> Facts {
    const NAMES: &[&str] = &[
        "page.url",
        "page.title",
        "page.query.plan",
        "contact",
        "contact.email",
        "contact.stage",
        "company.employees",
        "team sales",
        "user ada",
        "inbox sales",
        "utc_offset",
        "channel",
        "visitor.device",
        "",
    ];
    const VALUES: &[&str] = &[
        "",
        "x",
        "true",
        "lead",
        "7",
        "https://acme.example/pricing?plan=pro",
        "http://[",
        "2027-01-31",
        "-9999999",
    ];
    let mut facts = Facts::new();
    for _ in 0..dice.below(8) {
        facts = match dice.below(3) {
            0 => facts.with(dice.of(NAMES), dice.below(2) == 0),
            1 => facts.with(dice.of(NAMES), dice.below(1 << 40) as i64 - (1 << 39)),
            _ => facts.with(dice.of(NAMES), dice.of(VALUES)),
        };
    }
    facts
}

#[test]
fn sessions_with_bytes_changed_are_refused_or_go_on() {
    let mut dice = Dice(8);
    let mut read = 0;
    for bytes in programs() {
        let program = Program::load(&bytes).unwrap();
        for _ in 0..many(2_000) {
            let facts = random_facts(&mut dice);
            let mut session = start(&program, &facts, Timestamp(0)).session;
            for _ in 0..dice.below(6) {
                session = random_turn(&program, &session, &facts, Timestamp(60_000), &mut dice);
            }
            let mut bytes = session.to_bytes();
            mutate(&mut bytes, &mut dice);
            match Session::from_bytes(&bytes) {
                Ok(mut session) => {
                    read += 1;
                    assert_eq!(session.to_bytes(), bytes, "a session has one form");
                    for _ in 0..4 {
                        session =
                            random_turn(&program, &session, &facts, Timestamp(dice.next() as i64), &mut dice);
                    }
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
    assert!(read > 100, "only {read} changed sessions were read");
}

#[test]
fn random_bytes_are_no_session() {
    let mut dice = Dice(9);
    for _ in 0..many(5_000) {
        let len = dice.below(120);
        let mut bytes = dice.bytes(len);
        if let Some(version) = bytes.first_mut() {
            *version = 1;
        }
        if let Ok(session) = Session::from_bytes(&bytes) {
            assert_eq!(session.to_bytes(), bytes);
        }
    }
}

// Chance

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.byte()).collect()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Changes some bytes: one bit, one byte, a piece left out, repeated or moved.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = dice.below(bytes.len());
        let end = (at + dice.below(12)).min(bytes.len());
        match dice.below(7) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = dice.byte(),
            2 => bytes[at] = bytes[at].wrapping_add(1),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ if dice.below(8) == 0 => bytes.truncate(at),
            _ => bytes.insert(at, dice.byte()),
        }
    }
}

fn full() -> bool {
    std::env::var_os("CHATFLOW_FULL").is_some()
}

/// So many, or twenty times as many where everything is wanted.
fn many(count: usize) -> usize {
    if full() { count * 20 } else { count }
}
