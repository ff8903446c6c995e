//! `chatflow new`: projects from templates.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, reason = "a panic in a test is its failure")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support::Folder;

/// Every file below a folder, with its text.
fn files(folder: &Path) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn a_project_is_made_and_works() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&["new", "shop"], "");
    insta::assert_snapshot!("made", ran.snapshot());
    assert_eq!(folder.run(&["check", "shop"], "").err, "Shop: 1 flow, nothing to complain of\n");
    let tests = folder.run(&["test", "shop"], "");
    assert!(tests.out.ends_with(" 0 failed\n"), "{}", tests.out);
    assert_eq!(folder.run(&["build", "shop"], "").code, 0);
    assert!(folder.0.join("shop/out/shop.flowc").exists());
    let chat = folder.run(&["run", "shop"], "/agree\n3\n/helpful\n");
    assert!(chat.out.contains("Glad to hear it!"), "{}", chat.out);
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["shop"]);
}

#[test]
fn what_is_said_stands_in_it() {
    let folder = Folder::with(&[]);
    let ran = folder.run(
        &[
            "new",
            "my shop",
            "--template",
            "meetings",
            "--language",
            "nl-NL",
            "--title",
            "Bij Ada",
            "--inbox",
            "Vragen",
            "--users",
            "Ada Lovelace, Grace Hopper",
            "--users",
            "Jan de Vries",
            "--meeting",
            "Kennismaken=https://meet.example/ada",
        ],
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("cd 'my shop'"), "{}", ran.out);
    let workspace = folder.read("my shop/crm.flow");
    for line in [
        "workspace crm \"Bij Ada\"",
        "user jan_de_vries \"Jan de Vries\" { seat sales }",
        "team sales \"Verkoop\" { members [ada_lovelace, grace_hopper, jan_de_vries] }",
        "inbox vragen \"Vragen\" {",
        "meeting kennismaken \"Kennismaken\" { link \"https://meet.example/ada\" }",
    ] {
        assert!(workspace.contains(line), "no {line} in\n{workspace}");
    }
    let flow = folder.read("my shop/my_shop.flow");
    for line in ["flow my_shop \"Bij Ada\"", "inbox     vragen", "book meeting kennismaken {"] {
        assert!(flow.contains(line), "no {line} in\n{flow}");
    }
    assert!(folder.read("my shop/README.md").starts_with("# Bij Ada\n"));
    assert_eq!(folder.run(&["test", "my shop"], "").code, 0);
}

#[test]
fn what_is_there_stays() {
    let folder = Folder::with(&[]);
    folder.write("shop/notes.txt", "mine");
    let ran = folder.run(&["new", "shop"], "");
    insta::assert_snapshot!("taken", ran.snapshot());
    assert_eq!(files(&folder.0), BTreeSet::from([("shop/notes.txt".to_owned(), "mine".to_owned())]));
    let ran = folder.run(&["new", "shop/notes.txt"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: `shop/notes.txt` is a file\nhelp: "), "{}", ran.err);
    // A repository that was just begun is an empty folder to people.
    folder.write("fresh/.git/HEAD", "ref: refs/heads/main\n");
    assert_eq!(folder.run(&["new", "fresh"], "").code, 0);
    assert!(folder.0.join("fresh/fresh.flow").exists());
}

#[test]
fn a_project_goes_into_the_folder_where_one_is() {
    let folder = Folder::with(&[]);
    folder.write("a/shop/.keep", "");
    fs::remove_file(folder.0.join("a/shop/.keep")).unwrap();
    let mut command = folder.command(&["new", "."]);
    let ran = support::ran(
        {
            command.current_dir(folder.0.join("a/shop"));
            command
        },
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("Made a bot in this folder: ") && !ran.out.contains("cd "), "{}", ran.out);
    let names: Vec<String> = files(&folder.0.join("a/shop")).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"shop.flow".to_owned()) && names.len() == 10, "{names:?}");
}

#[test]
#[cfg(unix)]
fn nothing_stays_of_what_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(&[]);
    folder.write("locked/.keep", "");
    fs::remove_file(folder.0.join("locked/.keep")).unwrap();
    fs::set_permissions(folder.0.join("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    let ran = folder.run(&["new", "locked/shop"], "");
    let may_all = ran.code == 0; // as root
    fs::set_permissions(folder.0.join("locked"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(may_all || files(&folder.0).is_empty(), "{}", ran.err);
    // A file where a folder should be is in the way of everybody.
    folder.write("file", "");
    let ran = folder.run(&["new", "file/shop"], "");
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert_eq!(files(&folder.0).iter().filter(|(name, _)| !name.starts_with("locked")).count(), 1);
}

#[test]
fn slips_say_the_way_out() {
    let folder = Folder::with(&[]);
    let mut all = String::new();
    for arguments in [
        &["new"][..],
        &["new", "shop", "--template", "meeting"],
        &["new", "shop", "--language", "de"],
        &["new", "shop", "--template", "blank", "--users", "Ada"],
        &["new", "shop", "--meeting", "ftp://meet.example"],
    ] {
        let ran = folder.run(arguments, "");
        assert_eq!(ran.code, 2, "{arguments:?}");
        all.push_str(&format!("$ chatflow {}\n{}", arguments.join(" "), ran.err));
    }
    insta::assert_snapshot!("new_slips", all);
    assert!(files(&folder.0).is_empty());
}
