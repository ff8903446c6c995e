//! Pictures, files and videos: what is checked of them, and what a chat makes of them.

use chatflow::testing::run_tests;
use chatflow_compiler::{Project, Source, check};
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::{Effect, Facts, Program, Timestamp, start};

fn project(header: &str, statements: &str) -> Project {
    let text = format!("flow x \"X\"\n{header}\nstep start {{\n{statements}\n}}\n");
    Project::new(vec![Source::new("x.flow", text)])
}

fn codes(header: &str, statements: &str) -> Vec<&'static str> {
    check(&project(header, statements)).diagnostics.iter().map(|found| found.code.as_str()).collect()
}

#[test]
fn media_come_after_the_bubbles_in_the_order_of_the_source() {
    let statements = "ask name: text \"Who?\" {\n  skip when name is known\n}\nend";
    let shown = "say [\"a\", \"b\"] {\n  video \"https://a.example/v\"\n  image \"http://a.example/i\" alt \"At {page.path}\"\n  file \"https://a.example/f\" name \"F.pdf\"\n}\nsay \"c\"";
    assert!(codes("", statements).is_empty());
    let checked = check(&project("", shown));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let image = checked.flows.first().and_then(|flow| flow.image.clone());
    let program = image.and_then(|image| Program::load(&chatflow_runtime::encode(&image)).ok());
    let facts = Facts::new().with("page.url", "https://a.example/here");
    let turn = program.map(|program| start(&program, &facts, Timestamp(0)));
    let effects: Vec<Effect> =
        turn.into_iter().flat_map(|turn| turn.effects).map(|numbered| numbered.effect).collect();
    let say = |text: &str| Effect::Say { text: text.into() };
    let show = |media, url: &str, words: &str| Effect::Show { media, url: url.into(), words: words.into() };
    let expected = [
        say("a"),
        say("b"),
        show(MediaKind::Video, "https://a.example/v", ""),
        show(MediaKind::Image, "http://a.example/i", "At /here"),
        show(MediaKind::File, "https://a.example/f", "F.pdf"),
        say("c"),
    ];
    assert_eq!(effects.get(..6), Some(&expected[..]), "{effects:?}");
}

#[test]
fn one_mistake_in_a_block_of_media_is_one_finding() {
    for (line, code) in [
        ("image \"https://a.example\"", "E0611"),
        ("image \"a.png\" alt \"A\"", "E0208"),
        ("image a alt \"A\"", "E0208"),
        ("image \"https://a.example\" name \"A\"", "E0208"),
        ("image \"https://a.example\" alt \"A\" -> start", "E0208"),
        ("image \"https://a.example/{page.path}\" alt \"A\"", "E0208"),
        ("file \"https://a.example\" name \"A\"\nfile \"https://a.example\" name \"B\"", "E0207"),
        ("picture \"https://a.example\"", "E0206"),
        ("file \"https://a.example\" name \"{contact.nope}\"", "E0203"),
        ("file \"https://a.example\" name \"{page.title}\"", "E0401"),
    ] {
        let found = codes("", &format!("say \"a\" {{\n{line}\n}}"));
        assert_eq!(found, [code], "{line}");
    }
    let whole = "say \"a\" {\n  image \"https://a.example\" alt \"\"\n  file \"https://a.example\"\n}";
    assert!(codes("channel website, whatsapp", whole).is_empty());
    assert!(codes("channel slack", whole).is_empty());
    assert_eq!(codes("channel slack", "say \"a\" {\n  video \"https://a.example\"\n}"), ["E0612"]);
}

#[test]
fn a_test_need_not_look_at_media() {
    let statements = "say \"a\" {\n  image \"https://a.example\" alt \"A\"\n}\nask \"b\"\n}\n\ntest \"t\" {\n  bot \"a\"\n  bot \"b\"\n  visitor \"c\"\n  completed";
    let report = run_tests(&check(&project("", statements)), |_| true, None);
    assert!(report.is_ok_and(|report| report.passed() == 1 && report.failed() == 0));
}
