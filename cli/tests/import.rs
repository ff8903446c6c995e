//! `chatflow import`, on exports as the API gives them.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

mod support;

use chatflow::import::{Export, Object, properties_file};
use proptest::prelude::*;
use serde_json::json;
use support::Folder;

fn folder() -> Folder {
    let folder = Folder::with(&[]);
    folder.write("contacts.json", include_str!("exports/contacts.json"));
    folder.write("companies.json", include_str!("exports/companies.json"));
    folder.write("contact-validations.json", include_str!("exports/contact-validations.json"));
    folder.write("owners.json", include_str!("exports/owners.json"));
    folder.write("meetings.json", include_str!("exports/meetings.json"));
    folder
}

/// The compiler has nothing to say of the file.
fn is_clean(folder: &Folder, file: &str) {
    let ran = folder.run(&["check", file], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}

#[test]
fn properties_become_a_workspace() {
    let folder = folder();
    let ran = folder.run(
        &[
            "import",
            "hubspot-properties",
            "contacts.json",
            "companies.json",
            "contact-validations.json",
            "-o",
            "acme.flow",
            "--title",
            "Acme \"Inc.\"",
        ],
        "",
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    insta::assert_snapshot!("workspace", folder.read("acme.flow"));
    insta::assert_snapshot!("report", ran.err);
    is_clean(&folder, "acme.flow");
    // A flow can use it.
    folder.write(
        "hello.flow",
        "flow hello \"Hello\"\nuse acme\nstep s {\n  ask contact.interests \"Which?\"\n  set contact.lifecyclestage = customer\n  ask company.industry \"What?\"\n}\n",
    );
    is_clean(&folder, "hello.flow");
}

#[test]
fn the_order_of_files_and_entries_does_not_matter() {
    let folder = folder();
    let mut contacts: serde_json::Value =
        serde_json::from_str(include_str!("exports/contacts.json")).unwrap();
    contacts["results"].as_array_mut().unwrap().reverse();
    folder.write("reversed.json", contacts["results"].to_string());
    let one = folder.run(&["import", "hubspot-properties", "contacts.json", "companies.json"], "");
    let other = folder.run(&["import", "hubspot-properties", "companies.json", "reversed.json"], "");
    assert_eq!(one.out, other.out);
    assert!(one.out.starts_with("workspace crm \"Crm\"\n"), "{}", one.out);
}

#[test]
fn owners_and_meetings_are_added() {
    let folder = folder();
    folder.run(&["import", "hubspot-properties", "companies.json", "-o", "acme.flow"], "");
    let ran = folder.run(&["import", "hubspot-owners", "owners.json", "--append", "acme.flow"], "");
    insta::assert_snapshot!("owners_report", ran.snapshot());
    let ran = folder.run(&["import", "hubspot-meetings", "meetings.json", "--append", "acme.flow"], "");
    insta::assert_snapshot!("meetings_report", ran.snapshot());
    let text = folder.read("acme.flow");
    insta::assert_snapshot!("appended", text);
    is_clean(&folder, "acme.flow");
    // A second time there is nothing new.
    let ran = folder.run(&["import", "hubspot-meetings", "meetings.json", "--append", "acme.flow"], "");
    assert!(ran.err.starts_with("imported 0, partly 0, skipped 1\n"), "{}", ran.err);
    assert!(
        ran.err.contains("there already: meeting intro, meeting bo_intro, meeting demo_team"),
        "{}",
        ran.err
    );
    assert_eq!(folder.read("acme.flow"), text);
}

/// The ids of one environment; what people wrote stays, in the workspace as in the environment.
#[test]
fn ids_are_kept_in_an_environment() {
    let folder = folder();
    folder.write("bots/chatflow.toml", "");
    let properties = ["contacts.json", "companies.json", "contact-validations.json"];
    let import = |what: &str, files: &[&str], to: &[&str]| {
        let ran = folder.run(&[&["import", what], files, to].concat(), "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.err
    };
    let append = ["--append", "bots/acme.flow", "--env", "production"];
    let reports = [
        import("hubspot-properties", &properties, &["-o", "bots/acme.flow", "--env", "production"]),
        import("hubspot-owners", &["owners.json"], &append),
        import("hubspot-meetings", &["meetings.json"], &append),
    ];
    insta::assert_snapshot!("environment_reports", reports.concat());
    insta::assert_snapshot!("environment", folder.read("bots/env/production.toml"));
    let text = folder.read("bots/acme.flow");
    for id in ["41629779", "178588", "513"] {
        assert!(!text.contains(id), "{text}");
    }
    // `check` of the whole project has nothing to say of the ids.
    folder.write("bots/x.flow", "flow x \"X\"\nuse acme\nstep s {\n  hand off to team sales {\n    unavailable -> { say \"No.\" }\n  }\n}\n");
    folder.write("bots/acme.flow", text.replace("\"Ada Lovelace\"", "\"Ada Lovelace\" { seat sales }"));
    let ran = folder.run(&["check", "bots"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(folder.run(&["build", "bots", "--env", "production"], "").code, 0);
    // A second time there is nothing new, and nothing changes.
    let (text, ids) = (folder.read("bots/acme.flow"), folder.read("bots/env/production.toml"));
    let again = import("hubspot-owners", &["owners.json"], &append);
    assert!(again.ends_with("bots/env/production.toml: no new ids\n"), "{again}");
    assert_eq!(
        (folder.read("bots/acme.flow"), folder.read("bots/env/production.toml")),
        (text.clone(), ids.clone())
    );
    // Somebody calls Ada and the stage otherwise, and writes why; the CRM has a new Bo, and Ada has another surname.
    folder.write(
        "bots/acme.flow",
        text.replace("user ada ", "user countess ")
            .replace("[ada", "[countess")
            .replace("  lifecyclestage ", "  stage "),
    );
    let ids = ids.replace("[user]\nada =", "# By hand.\n[user]\ncountess =");
    let ids = ids.replace("[contact]\n", "[contact]\nstage = \"lifecyclestage\" # shorter\n");
    folder.write("bots/env/production.toml", &ids);
    let owners = folder.read("owners.json").replace("Lovelace", "King");
    let new =
        "{\"results\": [{\"id\": \"99\", \"firstName\": \"Bo\", \"lastName\": \"Ek\", \"type\": \"PERSON\"},";
    folder.write("owners.json", owners.replacen("{\n  \"results\": [", new, 1));
    import("hubspot-owners", &["owners.json"], &append);
    import("hubspot-properties", &properties, &append);
    let (now, text) = (folder.read("bots/env/production.toml"), folder.read("bots/acme.flow"));
    assert_eq!(now, ids.replace("support = \"41629782\"\n", "support = \"41629782\"\nbo_ek_2 = \"99\"\n"));
    assert!(
        text.contains("user countess") && !text.contains("user ada") && text.contains("\nuser bo_ek_2"),
        "{text}"
    );
    assert!(!text.contains("lifecyclestage"), "{text}");
    // Another environment has its own ids, and needs a file of the project to be in.
    import("hubspot-owners", &["owners.json"], &["--append", "bots/acme.flow", "--env", "sandbox"]);
    assert!(folder.read("bots/env/sandbox.toml").starts_with("[team]\n"));
    let ran = folder.run(&["import", "hubspot-owners", "owners.json", "--env", "production"], "");
    assert_eq!(ran.code, 2);
    let ran = folder.run(
        &[&["import", "hubspot-owners", "owners.json"], &["--append", "bots/acme.flow", "--env", "a/b"][..]]
            .concat(),
        "",
    );
    assert!(ran.code == 2 && ran.err.contains("cannot be the name of an environment"), "{}", ran.err);
}

#[test]
fn what_a_file_is_about_is_found_or_asked_for() {
    let folder = folder();
    let plain = json!([{"name": "size", "type": "number", "fieldType": "number"}]).to_string();
    folder.write("props.json", &plain);
    folder.write("exports/companies-2026.json", &plain);
    let import = |arguments: &[&str], input: &str| {
        folder.run(&[&["import", "hubspot-properties"], arguments].concat(), input)
    };
    let ran = import(&["props.json"], "");
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: nobody can tell what the properties in `props.json` belong to
    help: Say --object contact or --object company; a workspace has no other properties.
    ");
    assert_eq!(
        import(&["props.json", "--object", "contact"], "").out,
        "workspace crm \"Crm\"\n\ncontact {\n  size number\n}\n"
    );
    assert_eq!(
        import(&["-", "--object", "company"], &plain).out,
        "workspace crm \"Crm\"\n\ncompany {\n  size number\n}\n"
    );
    assert!(import(&["exports/companies-2026.json"], "").out.contains("company {"));
    let dated = json!({"objectTypeId": "0-1", "results": [{"name": "x", "type": "bool"}]}).to_string();
    assert!(import(&["-"], &dated).out.contains("contact {\n  x bool\n}"));
}

#[test]
fn what_is_no_export_is_said() {
    let folder = folder();
    folder.write("cut.json", "{\"results\": [");
    folder.write("denied.json", "{\"status\":\"error\",\"message\":\"This access token has expired\"}");
    folder.write("latin1.json", b"\"caf\xe9\"");
    folder.write("acme.flow", "flow a \"A\"\nstep s {\n  say \"x\"\n}\n");
    let import = |arguments: &[&str]| {
        let ran = folder.run(&[&["import", "hubspot-properties"], arguments].concat(), "");
        assert_eq!(ran.code, 2, "{}", ran.err);
        ran.err
    };
    folder.write("numbers.json", "{\"results\": [{\"id\": 5, \"firstName\": \"Bo\"}]}");
    let owners = folder.run(&["import", "hubspot-owners", "numbers.json"], "");
    assert!(
        owners.code == 2 && owners.err.contains("skipped, unreadable (invalid type: integer `5`"),
        "{}",
        owners.err
    );
    let errors = [
        import(&["gone.json"]),
        import(&["cut.json"]),
        import(&["denied.json"]),
        import(&["latin1.json"]),
        import(&["companies.json", "-o", "acme.flow"]),
        import(&["companies.json", "--append", "acme.flow"]),
        import(&["companies.json", "--workspace", "Acme Inc."]),
    ];
    insta::assert_snapshot!("errors", errors.concat());
}

/// Texts as people type them into a CRM, and worse.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_]{1,8}",
        "[A-Za-z0-9 _/&.-]{0,12}",
        Just("unknown".to_owned()),
        Just("or".to_owned()),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_a_crm_calls_things_the_compiler_takes_the_file(
        properties in prop::collection::vec((text(), text(), text(), prop::collection::vec((text(), text()), 0..5)), 1..5)
    ) {
        let results: Vec<_> = properties
            .iter()
            .map(|(name, label, about, options)| {
                let options: Vec<_> =
                    options.iter().map(|(value, label)| json!({"value": value, "label": label})).collect();
                json!({"name": name, "label": label, "description": about, "type": "enumeration", "fieldType": "checkbox", "options": options})
            })
            .collect();
        let export = Export { path: "x.json".to_owned(), text: json!({"results": results}).to_string() };
        let (text, _) = properties_file("acme", "Acme", &[export], Some(Object::Contact)).unwrap();
        let source = chatflow_compiler::Source::new("acme.flow", text.as_str());
        let checked = chatflow_compiler::check(&chatflow_compiler::Project::new(vec![source]));
        prop_assert!(checked.diagnostics.is_empty(), "{text}\n{:?}", checked.diagnostics);
    }
}
