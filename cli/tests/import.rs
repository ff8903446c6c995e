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
