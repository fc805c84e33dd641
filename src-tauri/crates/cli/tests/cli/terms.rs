//! Encryption and access on the command line.

use std::path::Path;

use partway_democloud::{Provider, example_bucket};

use crate::program::{Program, Said};

fn demo(home: &Path) -> Program {
    let program = Program::new(&home.join("data"));
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    program
}

/// Copies one object on COS, with these options.
fn cp(program: &Program, options: &[&str], from: (&str, &str), to: (&str, &str)) -> Said {
    let place = |(bucket, key): (&str, &str)| {
        format!("cos://{}/{key}", example_bucket(Provider::Cos, bucket))
    };
    let (from, to) = (place(from), place(to));
    let arguments = [&["cp"], options, &[from.as_str(), to.as_str()]].concat();
    program.run(&arguments)
}

const README: (&str, &str) = ("photos", "readme.txt");

#[test]
fn an_object_is_sealed_with_a_key_and_opened_with_it() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let file = home.path().join("key");
    std::fs::write(&file, [9; 32]).unwrap();
    let file = file.to_str().unwrap();

    let seal = ["--encryption", "customer", "--key-file", file];
    let sealed = ("backup", "sealed.txt");
    let said = cp(&program, &seal, README, sealed);
    assert_eq!(said.code, Some(0), "{said:?}");

    let closed = cp(&program, &[], sealed, ("backup", "open.txt"));
    assert_eq!(closed.code, Some(2), "{closed:?}");
    assert!(closed.all.contains("key of your own"), "{closed:?}");

    let opened = ["--source-key-file", file];
    let said = cp(&program, &opened, sealed, ("backup", "open.txt"));
    assert_eq!(said.code, Some(0), "{said:?}");
}

#[test]
fn encryption_and_access_are_asked_for_in_words() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let kms = [
        "--encryption",
        "kms:key-1",
        "--kms-context",
        "team=a=b",
        "--grant",
        "read=100000000001",
        "--storage-class",
        "STANDARD_IA",
    ];
    let said = cp(&program, &kms, README, ("backup", "kms.txt"));
    assert_eq!(said.code, Some(0), "{said:?}");
    let plain = ["--encryption", "aes256", "--acl", "private"];
    let said = cp(&program, &plain, README, ("backup", "plain.txt"));
    assert_eq!(said.code, Some(0), "{said:?}");
}

#[test]
fn what_cannot_be_is_said_before_anything_is_copied() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let short = home.path().join("short");
    std::fs::write(&short, "c2hvcnQ=").unwrap();
    let short = short.to_str().unwrap();
    for (options, why) in [
        (&["--encryption", "customer"][..], "--key-file"),
        (&["--encryption", "rot13"], "aes256"),
        (&["--encryption", "aes256:key"], "no key id"),
        (
            &["--encryption", "customer", "--key-file", short],
            "40 bits",
        ),
        (&["--source-key-file", "/nonexistent/key"], "cannot be read"),
        (
            &["--acl", "private", "--grant", "read=1"],
            "cannot be used with",
        ),
        (&["--acl", "public-read-write"], "public-read"),
        (&["--grant", "write=1"], "only buckets"),
        (&["--grant", "everything=1"], "full-control"),
        (&["--encryption", "kms-dual-layer"], "two layers"),
    ] {
        let said = cp(&program, options, README, ("backup", "no.txt"));
        assert_eq!(said.code, Some(2), "{options:?}: {said:?}");
        assert!(said.all.contains(why), "{options:?}: {said:?}");
    }
    let listed = program.run(&[
        "--json",
        "ls",
        &format!("cos://{}/", example_bucket(Provider::Cos, "backup")),
    ]);
    assert!(!listed.out.contains("no.txt"), "{listed:?}");
}

#[test]
fn headers_metadata_and_tags_are_asked_for_in_words() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let asked = [
        "--header",
        "Cache-Control=no-cache",
        "--meta",
        "Colour=blue",
        "--tag",
        "team=a b",
    ];
    let dry = [&asked[..], &["--dry-run"]].concat();
    let said = cp(&program, &dry, README, ("backup", "given.txt"));
    assert_eq!(said.code, Some(0), "{said:?}");
    for told in ["cache-control=no-cache", "colour=blue", "team=a b"] {
        assert!(said.out.contains(told), "{told}: {said:?}");
    }
    let said = cp(&program, &asked, README, ("backup", "given.txt"));
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = cp(
        &program,
        &["--no-metadata", "--no-tags"],
        README,
        ("backup", "bare.txt"),
    );
    assert_eq!(said.code, Some(0), "{said:?}");

    for (options, why) in [
        (&["--header", "host=x"][..], "no header an object can have"),
        (&["--no-tags", "--tag", "a=b"], "cannot be used with"),
        (&["--meta", "under_score=x"], "letters, digits"),
    ] {
        let said = cp(&program, options, README, ("backup", "no.txt"));
        assert_eq!(said.code, Some(2), "{options:?}: {said:?}");
        assert!(said.all.contains(why), "{options:?}: {said:?}");
    }
}
