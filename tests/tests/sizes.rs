//! What programs and sessions may weigh. `chatflow-bench size` prints the figures.
#![expect(clippy::unwrap_used, reason = "a panic in a test is its failure")]

use chatflow_compiler::token::Kind;
use chatflow_compiler::{File, FileId, Project, Source, check};
use chatflow_runtime::{Facts, Input, Program, Timestamp, Waiting, encode, resume, start};

const FLOW: &str = include_str!("../../examples/qualify_leads/qualify_leads.flow");
const WORKSPACE: &str = include_str!("../../examples/qualify_leads/acme.flow");

fn compiled() -> Vec<u8> {
    let sources = vec![Source::new("qualify_leads.flow", FLOW), Source::new("acme.flow", WORKSPACE)];
    let checked = check(&Project::new(sources));
    encode(checked.flows.first().unwrap().image.as_ref().unwrap())
}

/// The fewest statements one can count in a flow: the verbs and arrows of its steps.
fn statements() -> usize {
    let file = File::read(FileId(0), Source::new("qualify_leads.flow", FLOW));
    let verbs = [Kind::Say, Kind::Ask, Kind::Set, Kind::If, Kind::End, Kind::Arrow];
    let steps = file
        .layout
        .items
        .iter()
        .filter(|item| file.layout.kinds.get(item.start as usize) == Some(&Kind::Step));
    let kinds = steps.filter_map(|item| file.layout.kinds.get(item.start as usize..item.end as usize));
    kinds.flatten().filter(|kind| verbs.contains(kind)).count()
}

#[test]
fn a_statement_takes_less_than_80_bytes_besides_its_text() {
    let bytes = compiled();
    let text = Program::load(&bytes).unwrap().image().strings.text.len();
    let each = (bytes.len() - text) / statements();
    assert!(each < 80, "{each} bytes a statement");
}

#[test]
fn a_session_that_waits_takes_less_than_200_bytes() {
    let program = Program::load(&compiled()).unwrap();
    let facts =
        Facts::new().with("page.url", "https://acme.example/pricing?plan=pro").with("contact.stage", "lead");
    let mut turn = start(&program, &facts, Timestamp(1_796_000_000_000));
    let said = ["See a demo", "ada at example", "ada.lovelace@analytical-engines.example", "Over 50"];
    for input in std::iter::once(Input::Agree).chain(said.map(Input::Text)) {
        assert_ne!(turn.waiting, Waiting::Nothing);
        let bytes = turn.session.to_bytes();
        assert!(bytes.len() < 200, "{} bytes", bytes.len());
        turn = resume(&program, &turn.session, input, &facts, Timestamp(1_796_000_060_000));
    }
}
