//! The conversation with `qualify_leads` that is measured.

use chatflow_compiler::{Project, Severity, Source, check};
use chatflow_runtime::action::Outcome;
use chatflow_runtime::{Facts, Input, PlaceId, Program, Session, Timestamp, encode, resume, start};

/// What the visitor, or the host, does in a turn.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    /// Agrees.
    Agrees,
    /// Types this.
    Says(&'static str),
    /// The host reports this.
    Reports(Outcome),
}

/// The turns, and what each is called.
pub const TURNS: &[(&str, Does)] = &[
    ("agreement", Does::Agrees),
    ("a choice", Does::Says("See a demo")),
    ("a wrong e-mail", Does::Says("ada at example")),
    ("an e-mail", Does::Says("ada@example.com")),
    ("a team size", Does::Says("Over 50")),
    ("nobody there", Does::Reports(Outcome::Unavailable)),
];

/// The bytes of the compiled example.
pub fn compiled() -> Result<Vec<u8>, String> {
    let source = |path: &str, text: &str| Source::new(path, text);
    let project = Project::new(vec![
        source("qualify_leads.flow", include_str!("../../examples/qualify_leads/qualify_leads.flow")),
        source("acme.flow", include_str!("../../examples/qualify_leads/acme.flow")),
    ]);
    let checked = check(&project);
    if let Some(found) = checked.diagnostics.iter().find(|found| found.severity() == Severity::Error) {
        return Err(format!("the example has an error: {}", found.message));
    }
    let image =
        checked.flows.first().and_then(|flow| flow.image.as_ref()).ok_or("the example has no program")?;
    Ok(encode(image))
}

/// What the host knows of the visitor.
pub fn facts() -> Facts {
    Facts::new()
        .with("page.url", "https://acme.example/pricing?plan=pro")
        .with("contact.stage", "lead")
        .with("visitor.device", "desktop")
        .with("team sales", true)
}

/// A turn before it is taken: the session's bytes and where the chat waits.
pub struct Before {
    /// The session.
    pub bytes: Vec<u8>,
    place: Option<PlaceId>,
    does: Does,
}

/// When every turn happens: shortly after the start.
const NOW: Timestamp = Timestamp(1_796_000_000_000);

/// The session's bytes before each turn of the conversation, and after the last.
pub fn sessions(program: &Program, facts: &Facts) -> Result<(Vec<Before>, Vec<u8>), String> {
    let mut bytes = start(program, facts, NOW).session.to_bytes();
    let mut turns = Vec::new();
    for (_, does) in TURNS {
        let session = Session::from_bytes(&bytes).map_err(|error| error.to_string())?;
        let before = Before { bytes, place: session.place(), does: *does };
        bytes = turn(program, facts, &before);
        turns.push(before);
    }
    Ok((turns, bytes))
}

/// What is measured: a session from bytes, a turn, and the session as bytes.
pub fn turn(program: &Program, facts: &Facts, before: &Before) -> Vec<u8> {
    let Ok(session) = Session::from_bytes(&before.bytes) else { return Vec::new() };
    let input = match (before.does, before.place) {
        (Does::Says(text), _) => Input::Text(text),
        (Does::Reports(outcome), Some(place)) => Input::Outcome { place, outcome, data: Facts::NONE },
        (Does::Agrees | Does::Reports(_), _) => Input::Agree,
    };
    let turn = resume(program, &session, input, facts, NOW.after(60_000));
    let bytes = turn.session.to_bytes();
    std::hint::black_box(turn.effects);
    bytes
}
