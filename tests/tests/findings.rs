//! One mistake is one finding, and a correct flow is none: what people tripped over once.

use chatflow_compiler::{Project, Source, check};

const WORKSPACE: &str = include_str!("../../examples/qualify_leads/acme.flow");

/// The codes that a step's statements yield, in a flow with steps `b` and `c` that the workspace of the example serves.
fn codes(statements: &str) -> Vec<&'static str> {
    let text = format!(
        "flow x \"X\"\nuse acme\nstep a {{\n{statements}\n}}\nstep b {{\n  say \"b\"\n}}\nstep c {{\n  say \"c\"\n}}\n"
    );
    let sources = vec![Source::new("x.flow", text), Source::new("acme.flow", WORKSPACE)];
    let found = check(&Project::new(sources)).diagnostics;
    found.iter().map(|found| found.code.as_str()).collect()
}

/// Keeps the steps `b` and `c` reached.
const ARROWS: &str = "  ask \"q\" {\n    \"1\" -> b\n    \"2\" -> c\n  }";

#[test]
fn correct_statements_yield_nothing() {
    for statements in [
        "  if contact.stage is lead then { say \"a\" }\n\n  // why\n  else { say \"b\" }",
        "  if contact.stage is lead // a\n  // b\n  and contact.budget > 5 then { say \"a\" }",
        "  if team sales is not available then -> b\n  hand off to team sales",
        "  if not (team sales is available) then -> b\n  else hand off to team sales",
        "  if contact.firstname is known then say \"{contact.firstname}\"",
        "  ask contact.stage \"Which?\"\n  say \"{contact.stage}\"",
        "  ask contact.interests \"Which?\"\n  say \"{contact.interests}\"",
        "  say \"\"\"\n    Dear {contact.firstname or \"friend\"},\n    welcome.\n    \"\"\"",
        "  ask subject: text \"About?\"\n  say \"{subject}\"",
        "  ask matches: text \"Which?\"\n  ask matches \"{matches}?\"\n  if matches matches \"{\\\"*\" then say \"{matches}\"",
    ] {
        let found = codes(&format!("{statements}\n{ARROWS}"));
        let expected: &[&str] = if statements.contains("hand off") { &["E0403"] } else { &[] };
        let found: Vec<_> = found.into_iter().filter(|code| !expected.contains(code)).collect();
        let unreached: Vec<_> = found.iter().filter(|code| **code != "E0402").collect();
        assert!(unreached.is_empty(), "{statements}\n{found:?}");
    }
}

#[test]
fn one_mistake_is_one_finding() {
    for (statements, code) in [
        ("  ask foo \"Q?\"\n  say \"{foo}\"", "E0203"),
        ("  set contact.budget 5", "E0109"),
        ("  say \"\\u{zz}\"", "E0108"),
        ("  say \"\\u{d800}\"", "E0108"),
        ("  ask x: number \"n\" {\n    \"One\" = \"1\"\n    \"Two\" = 2 -> b\n  }\n  say \"x\"", "E0302"),
        ("  ask \"n\" {\n    \"One\" -> nope\n    \"Two\" -> b\n  }\n  say \"x\"", "E0201"),
        ("  ask \"q\" {\n    timeout 5m -> b\n    timeout 6m -> c\n  }", "E0207"),
        ("  if contact.budget == 5 then say \"x\"", "E0109"),
        ("  say Hello", "E0109"),
        ("  repeat x", "E0110"),
        ("  do x", "E0201"),
        ("  do x.b", "E0216"),
        ("  do x.y", "E0216"),
        ("  wait 0s", "E0208"),
        ("  wait 12abc", "E0112"),
        ("  say \"{12abc}\"", "E0112"),
        ("  set contact.budget = 12abc", "E0112"),
        ("  clear page.path", "E0302"),
        ("  let x: number = 5", "E0109"),
        ("  let x = x + 1\n  say \"{x}\"", "E0312"),
        ("  let x = y\n  let y = x\n  say \"{x}{y}\"", "E0312"),
        ("  let x = nope\n  say \"{x}\"", "E0203"),
        ("  let contact.budget = 5", "E0302"),
        ("  let today = 5", "E0209"),
        ("  let x = \"a\" + 1 + \"b\"\n  say \"{x}\"", "E0310"),
        ("  let x = today + 36h\n  say \"{x}\"", "E0311"),
        ("  let x = 5 { failed -> b }\n  say \"{x}\"", "E0313"),
        ("  if reply matches /a(/ then say \"x\"", "E0314"),
        ("  if reply matches \"a then say", "E0104"),
        ("  if reply matches \"a\\n\" then say \"x\"", "E0314"),
        ("  if reply matches /a then say \"x\"", "E0104"),
        ("  if reply matches reply then say \"x\"", "E0109"),
        ("  if reply does not match /a/ then say \"x\"", "E0109"),
        ("  if contact.budget matches /a/ then say \"x\"", "E0306"),
        ("  if company is in list news then say \"x\"", "E0306"),
        ("  say \"{plural contact.budget or 1: one \"a\"}\"", "E0317"),
        ("  say \"{plural contact.budget or 1: five \"a\", other \"b\"}\"", "E0315"),
        ("  x = 5", "E0110"),
        ("  contact.budget += 5", "E0110"),
        ("  let x == 5", "E0109"),
        ("  let x = (contact.budget or 1) % 2", "E0109"),
        ("  if page.url contains \"#top\" then say \"x\"", "E0306"),
        ("  let x = today + \"2d\"", "E0310"),
        ("  let x = 5 / 0 { nope -> b }\n  say \"{x}\"", "E0206"),
        ("  say \"{5 / 0}\"", "E0411"),
        ("  ask \"q\" {\n    \"A\" \"B\"\n  }", "E0113"),
        ("  create ticket support { subject \"a\" priority high }", "E0113"),
        ("  if contact.stage is leed then say \"x\"", "E0303"),
        ("  hand off to sales { unavailable -> b }", "E0109"),
    ] {
        let found = codes(&format!("{statements}\n{ARROWS}"));
        assert_eq!(found, [code], "{statements}");
    }
}

#[test]
fn a_test_gives_no_locals() {
    let text = "flow x \"X\"\nstep a {\n  ask age: number \"Age?\"\n  say \"{age}\"\n}\ntest \"t\" {\n  given LINE\n}\n";
    for line in ["age is 5", "age is known", "age is unknown", "age > 5"] {
        let sources = vec![Source::new("x.flow", text.replace("LINE", line))];
        let found = check(&Project::new(sources)).diagnostics;
        let codes: Vec<_> = found.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, ["E0215"], "{line}");
    }
}

/// What one side of a condition tests, the other may show; but not each what the other tests.
#[test]
fn sides_of_a_condition_do_not_rely_on_each_other() {
    let first = "\"{contact.firstname}\" is contact.email";
    let second = "\"{contact.email}\" is contact.firstname";
    let known = "contact.firstname is known";
    for (condition, expected) in [
        (format!("{known} and {first}"), &[][..]),
        (format!("{first} and {known}"), &[]),
        (format!("contact.firstname is unknown or {first}"), &[]),
        (format!("{first} and {second}"), &["E0401"]),
        (format!("{second} and {first}"), &["E0401"]),
        (format!("({first} and {second}) and {known}"), &[]),
    ] {
        let found = codes(&format!("  if {condition} then say \"a\"\n{ARROWS}"));
        assert_eq!(found, expected, "{condition}");
    }
}

/// The codes, with the files they are in, of a project with a workspace.
fn of_files(files: &[(&str, &str)]) -> Vec<String> {
    let acme = ("acme.flow", WORKSPACE);
    let sources = files.iter().chain([&acme]).map(|(path, text)| Source::new(*path, *text));
    let project = Project::new(sources.collect());
    let place = |found: &chatflow_compiler::Diagnostic| {
        let file = project.file(found.primary.span.file).map_or("", |file| file.source.path.as_str());
        format!("{file} {}", found.code.as_str())
    };
    check(&project).diagnostics.iter().map(place).collect()
}

const MODULE: &str = "module m \"M\"\nuse acme\nstep go {\n  say \"{contact.firstname or \"you\"}\"\n}\n";

fn flow_with(name: &str, rest: &str) -> String {
    format!("flow {name} \"{name}\"\nuse acme\nuse m\n{rest}")
}

/// Two flows that show on one page would be a finding of its own.
const HERE: &str = "target {\n  show when page.path is \"/a\"\n}\n";
const ELSEWHERE: &str = "target {\n  show when page.path is \"/b\"\n}\n";
const GO: &str = "step start {\n  do m.go\n}\n";

#[test]
fn a_mistake_in_a_module_is_said_once_however_many_flows_use_it() {
    let go = (flow_with("a", &format!("{HERE}{GO}")), flow_with("b", &format!("{ELSEWHERE}{GO}")));
    for (statements, code) in [
        ("say \"{nobody}\"", "E0203"),
        ("-> nowhere", "E0201"),
        ("end\n  say \"x\"", "E0403"),
        ("hand off to team slaes { unavailable -> go }", "E0204"),
        ("ask \"?\" { \"a\" \"b\" }", "E0113"),
        ("say", "E0109"),
        ("do go", "E0420"),
        ("-> go", "E0404"),
        ("hand off to team sales", "E0405"),
        ("say \"{contact.firstname}\"", "E0401"),
        ("ask plural: number \"?\"\n  say \"{plural plural: few \"x\", other \"y\"}\"", "E0316"),
        ("do x.y", "E0216"),
        ("do go2", "E0201"),
    ] {
        let module = MODULE.replace("say \"{contact.firstname or \"you\"}\"", statements);
        let found = of_files(&[("a.flow", &go.0), ("b.flow", &go.1), ("m.flow", &module)]);
        assert_eq!(found, [format!("m.flow {code}")], "{statements}");
    }
}

#[test]
fn what_depends_on_the_flow_is_found_in_the_flow_that_has_it() {
    let page = MODULE.replace("contact.firstname or \"you\"", "page.path");
    let web = flow_with("a", GO);
    let phone = flow_with("b", &format!("channel whatsapp\n{GO}"));
    assert_eq!(of_files(&[("a.flow", &web), ("m.flow", &page)]), Vec::<String>::new());
    let found = of_files(&[("a.flow", &web), ("b.flow", &phone), ("m.flow", &page)]);
    assert_eq!(found, ["m.flow E0401", "m.flow E0609"]);
    // A step that no flow comes to is no mistake, and neither is what it does not know.
    let idle = MODULE.replace("step go", "step rest {\n  say \"{contact.firstname}\"\n}\nstep go");
    assert_eq!(of_files(&[("a.flow", &web), ("m.flow", &idle)]), Vec::<String>::new());
    let tested = flow_with("a", "step start {\n  if team sales is available then do m.hand\n}\n");
    let hand = MODULE.replace("step go", "step hand {\n  hand off to team sales\n}\nstep go");
    assert_eq!(of_files(&[("a.flow", &tested), ("m.flow", &hand)]), Vec::<String>::new());
}

#[test]
fn a_module_makes_known_what_each_way_through_it_does() {
    let asks = MODULE.replace("say", "ask contact.firstname \"Name?\"\n  say");
    let shows = flow_with("a", "step start {\n  do m.go\n  say \"{contact.firstname}\"\n}\n");
    assert_eq!(of_files(&[("a.flow", &shows), ("m.flow", &asks)]), Vec::<String>::new());
    assert_eq!(of_files(&[("a.flow", &shows), ("m.flow", MODULE)]), ["a.flow E0401"]);
}

#[test]
fn only_steps_stand_in_a_module() {
    for item in [
        "welcome \"Hi\"",
        "channel website",
        "languages en, nl",
        "priority 5",
        "inbox sales",
        "target {\n  show when page.path is \"/x\"\n}",
        "display {\n  heading \"x\"\n}",
        "options {\n  typing_delay 1s\n}",
        "consent {\n  processing explicit\n}",
        "outdated -> go",
        "anytime {\n  reply is \"x\" -> go\n}",
        "test \"x\" {\n  completed\n}",
        "contact {\n  email email\n}",
        "team x \"X\"",
        "plan free",
    ] {
        let found = of_files(&[("m.flow", &format!("{MODULE}{item}\n"))]);
        assert_eq!(found, ["m.flow E0211"], "{item}");
    }
}

#[test]
fn what_is_used_is_a_workspace_or_a_module() {
    let other = "flow other \"O\"\nstep start {\n  say \"x\"\n}\n";
    let files = |head: &str, body: &str| {
        let flow = format!("flow a \"A\"\nuse acme\n{head}\nstep start {{\n  {body}\n}}\n");
        of_files(&[("a.flow", &flow), ("m.flow", MODULE), ("other.flow", other)])
    };
    assert_eq!(files("use other", "say \"x\""), ["a.flow E0211"]);
    assert_eq!(files("use missing", "do missing.go"), ["a.flow E0205"]);
    assert_eq!(files("use m\nuse m", "do m.go"), ["a.flow E0207"]);
    assert_eq!(files("", "do m.go"), ["a.flow E0216"]);
    assert_eq!(files("use m", "do m"), ["a.flow E0201"]);
    assert_eq!(files("use m", "-> m.go"), ["a.flow E0421"]);
    assert_eq!(files("use m", "ask \"?\" { timeout 5m -> m.go }"), ["a.flow E0421"]);
    assert_eq!(files("use m\noutdated -> m.go", "do m.go"), ["a.flow E0421"]);
    assert_eq!(files("import m", "say \"x\""), ["a.flow E0110"]);
    let itself = MODULE.replace("use acme", "use acme\nuse m");
    assert_eq!(of_files(&[("m.flow", &itself)]), ["m.flow E0217"]);
    let named = MODULE.replace("module m", "module contact");
    assert_eq!(of_files(&[("m.flow", &named)]), ["m.flow E0209"]);
}

/// What is stored and overwritten at once is told; what may be read in between is not.
#[test]
fn values_that_nothing_reads_are_told() {
    for (statements, told) in [
        ("set contact.budget = 1\nset contact.budget = 2", true),
        ("set contact.budget = 1\nclear contact.budget", true),
        ("set contact.budget = 1\nsay \"x\"\nset contact.budget = 2", true),
        ("set contact.budget = 1\nset contact.budget = contact.budget + 1 { failed -> b }", false),
        ("set contact.budget = 1\nsay \"{contact.budget}\"\nset contact.budget = 2", false),
        (
            "set contact.budget = 1\nsay \"{plural contact.budget: one \"a\", other \"b\"}\"\nset contact.budget = 2",
            false,
        ),
        ("clear contact.budget\nset contact.budget = 2", false),
        ("set contact.budget = 1\nset contact.stage = lead", false),
        ("set contact.budget = 1\nif page.path is \"/\" then set contact.budget = 2", false),
        ("set contact.budget = 1\nask \"?\"\nset contact.budget = 2", false),
        ("set contact.budget = 1\nenroll contact in workflow nurture\nset contact.budget = 2", false),
        ("if page.path is \"/\" then {\nset contact.budget = 1\nset contact.budget = 2\n}", true),
    ] {
        let found = codes(&format!("{statements}\n{ARROWS}"));
        assert_eq!(found.contains(&"E0423"), told, "{statements}: {found:?}");
    }
}

/// A value that some way leaves unknown is told with that way.
#[test]
fn the_way_without_a_value_is_shown() {
    let text = "flow x \"X\"\nuse acme\nstep a {\n  ask \"q\" {\n    \"1\" -> b\n    \"2\" -> c\n  }\n}\nstep b {\n  ask contact.firstname \"?\"\n  -> d\n}\nstep c {\n  say \"c\"\n  -> d\n}\nstep d {\n  say \"{contact.firstname}\"\n}\n";
    let project = Project::new(vec![Source::new("x.flow", text), Source::new("acme.flow", WORKSPACE)]);
    let found = check(&project).diagnostics;
    let [found] = found.as_slice() else { panic!("{found:?}") };
    let line = |label: &chatflow_compiler::diagnostic::Label| {
        let line = project.file(label.span.file).unwrap().lines.line(label.span.start) + 1;
        format!("{line} {}", label.text)
    };
    let labels: Vec<String> = found.labels.iter().map(line).collect();
    assert_eq!(
        labels,
        [
            "10 it becomes known here, but not on every path",
            "6 a chat without it goes this way",
            "15 then this way"
        ]
    );
}

/// What options, yes and no, numbers, dates and texts may still be decides whether a condition can hold; what the host or the
/// visitor may change after a wait does not.
#[test]
fn conditions_that_are_settled_are_told() {
    let never = &["E0416"][..];
    let always = &["E0417"][..];
    let fine = &[][..];
    let say = "then say \"x\"";
    for (statements, expected) in [
        (format!("if contact.stage is lead and contact.stage is customer {say}"), never),
        (format!("if contact.stage is lead {say}\nelse if contact.stage is lead {say}"), never),
        (
            format!(
                "if contact.stage is any of [lead, customer] {say}\nelse if contact.stage is customer {say}"
            ),
            never,
        ),
        (format!("if contact.budget > 5 and contact.budget < 5 {say}"), never),
        (format!("if contact.budget >= 5 and contact.budget <= 5 {say}"), fine),
        (format!("if contact.budget is between 1 and 5 {say}\nelse if contact.budget is 3 {say}"), never),
        (
            format!(
                "if contact.budget < 5 {say}\nelse if contact.budget >= 5 {say}\nelse {{ say \"unknown\" }}"
            ),
            fine,
        ),
        (format!("set contact.budget = 4\nif contact.budget < 5 {say}\nelse {{ say \"y\" }}"), always),
        (format!("set contact.budget = 4\nif contact.budget is unknown {say}"), never),
        (format!("let x = 4\nlet x = price_for(3)\nif x < 5 {say}\nelse {{ say \"y\" }}"), fine),
        (format!("clear contact.budget\nif contact.budget is 4 {say}"), never),
        (
            format!("if contact.renewal is before 2027-01-01 and contact.renewal is after 2027-06-01 {say}"),
            never,
        ),
        (
            format!(
                "if contact.renewal is after 2027-01-01 {say}\nelse if contact.renewal is after 2027-06-01 {say}"
            ),
            never,
        ),
        (
            format!("if contact.firstname is \"Ada\" {say}\nelse if contact.firstname is \" ADA \" {say}"),
            never,
        ),
        (
            format!(
                "if contact.firstname starts with \"A\" {say}\nelse if contact.firstname starts with \"Ad\" {say}"
            ),
            never,
        ),
        (
            format!("if contact.firstname starts with \"A\" and contact.firstname starts with \"B\" {say}"),
            never,
        ),
        (format!("if contact.firstname contains \"a\" and contact.firstname contains \"b\" {say}"), fine),
        (format!("if contact.firstname is \"Ada\" and contact.firstname ends with \"b\" {say}"), never),
        (
            format!("if contact.interests includes api {say}\nelse if contact.interests includes api {say}"),
            never,
        ),
        (format!("if contact.interests includes api and contact.interests includes pricing {say}"), fine),
        (
            format!(
                "if contact.firstname matches \"a*\" {say}\nelse if contact.firstname matches \"a*\" {say}"
            ),
            never,
        ),
        (format!("if team sales is available {say}\nelse if team sales is not available {say}"), fine),
        (
            format!(
                "if team sales is available {say}\nelse if team sales is not available {say}\nelse {{ say \"y\" }}"
            ),
            always,
        ),
        (
            format!(
                "if contact.stage is lead then {{\n  ask \"q\"\n  if contact.stage is customer {say}\n}}"
            ),
            fine,
        ),
        (
            format!(
                "if contact.stage is lead then {{\n  set contact.stage = customer\n  ask \"q\"\n  if contact.stage is lead {say}\n}}"
            ),
            never,
        ),
        (
            format!(
                "if contact is known {say}\nset contact.email = \"a@example.com\"\nif contact is known {say}"
            ),
            &["E0302"][..],
        ),
        (
            format!(
                "if contact is unknown then {{\n  ask contact.email \"q\"\n  if contact is known {say}\n}}"
            ),
            fine,
        ),
        (
            "ask contact.email \"q\"\nask contact.email \"q\" {\n  skip when contact.email is known\n}"
                .to_owned(),
            always,
        ),
        (
            "ask contact.budget \"q\" {\n  skip when contact.budget > 5 and contact.budget < 3\n}".to_owned(),
            never,
        ),
        (format!("if not (contact.budget > 5 or contact.budget <= 5) {say}"), &["E0416", "E0406"][..]),
        (
            format!(
                "if contact.budget is unknown {say}\nelse if contact.budget is known {say}\nelse {{ say \"y\" }}"
            ),
            always,
        ),
    ] {
        let found = codes(&format!("{statements}\n{ARROWS}"));
        assert_eq!(found, expected, "{statements}");
    }
}

/// What people tripped over: correct flows that were called wrong, and mistakes that were told twice or not at all.
#[test]
fn once_and_only_where_it_is() {
    let no: &[&str] = &[];
    for (statements, expected) in [
        ("  if not (contact.stage is unknown or contact.stage is lead) then say \"a\"", no),
        ("  if not (contact.stage is lead or contact.stage is unknown) then say \"a\"", no),
        ("  if not (contact.stage is lead or contact.budget is unknown) then say \"a\"", &["E0406"]),
        ("  hand off to team sales\n  say \"after\"", &["E0405"]),
        ("  ask x: one of [s \"Same\", t \"same\"] \"?\"", &["E0307"]),
    ] {
        assert_eq!(codes(&format!("{statements}\n{ARROWS}")), expected, "{statements}");
    }
    let flow = |lines: &str, say: usize| {
        let bubbles: Vec<&str> = vec!["\"x\""; say];
        format!("flow x \"X\"\n{lines}\nstep start {{\n  say [{}]\n  ask \"?\"\n}}\n", bubbles.join(", "))
    };
    let of = |text: String| {
        let found = check(&Project::new(vec![Source::new("x.flow", text)])).diagnostics;
        found.iter().map(|found| found.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of(flow("welcome \"Hi\"", 4)), ["E0419"]);
    assert_eq!(of(flow("welcome \"Hi\"\nconsent {\n  processing explicit\n}", 4)), no);
    for (head, expected) in [
        ("welcome \"Hi\" {\n  \"A\" -> start\n}", &["E0109"][..]),
        ("languages en {\n  zork\n}", &["E0109"]),
        ("priority 3 { }", &["E0109"]),
        ("display \"x\" {\n  heading \"H\"\n}", &["E0109"]),
        ("welcome \"Hi\"", no),
    ] {
        assert_eq!(of(flow(head, 1)), expected, "{head}");
    }
    for (text, expected) in [
        ("workspace w \"W\"\nteam a \"A\" \"B\"\n", &["E0207"][..]),
        ("workspace w \"W\"\nplan free {\n  x\n}\n", &["E0109"]),
        ("workspace w \"W\"\ncontact {\n  stage one of [a \"Lead\", b \"lead\"]\n}\n", &["E0307"]),
    ] {
        assert_eq!(of(text.to_owned()), expected, "{text}");
    }
}
