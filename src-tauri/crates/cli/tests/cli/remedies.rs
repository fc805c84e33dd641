//! What the program advises is something it can do, named as it is typed here.

use std::path::Path;
use std::time::{Duration, Instant};

use partway_democloud::{Provider, example_bucket};

use crate::program::{Cloud, Program, Said};

fn demo(home: &Path) -> Program {
    let program = Program::new(&home.join("data"));
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    program
}

fn place(provider: Provider, bucket: &str, key: &str) -> String {
    let scheme = provider.word();
    format!("{scheme}://{}/{key}", example_bucket(provider, bucket))
}

fn add(program: &Program, more: &[&str]) -> Said {
    let arguments = ["account", "add", "--access-key", "AKEXAMPLE"];
    program.run_with(&[&arguments[..], more].concat(), "secret\n")
}

#[test]
fn input_that_cannot_be_kept_is_not_offered_to_be() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let path = ["Mine", "--dialect", "s3", "--region", "r"];
    let path = [&path[..], &["--endpoint", "http://127.0.0.1:1/path"]].concat();
    let taken = ["demo s3", "--provider", "aws", "--region", "us-east-1"];
    for arguments in [&path[..], &taken] {
        let said = add(&program, arguments);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.all.contains("was not saved"), "{said:?}");
        assert!(!said.all.contains("--no-test"), "{said:?}");
    }
    let nobody = ["Mine", "--dialect", "s3", "--region", "r"];
    let nobody = [&nobody[..], &["--endpoint", "http://127.0.0.1:1"]].concat();
    let said = add(&program, &nobody);
    assert!(said.all.contains("--no-test keeps it"), "{said:?}");
}

#[test]
fn a_region_nobody_knows_is_kept_with_a_warning() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    let aws = |name, region| {
        let arguments = [name, "--provider", "aws", "--region", region, "--no-test"];
        add(&program, &arguments)
    };
    let said = aws("One", "us-esat-1");
    assert!(said.all.contains("Saved One"), "{said:?}");
    for words in ["\"us-esat-1\"", "us-east-1"] {
        assert!(said.all.contains(words), "{words}: {said:?}");
    }
    let said = aws("Two", "atlantis");
    assert!(said.all.contains("account providers"), "{said:?}");
    let said = aws("Three", "us-east-1");
    assert!(!said.all.contains("lists no region"), "{said:?}");

    let huawei = ["Four", "--provider", "huawei", "--region", "cn-north-4"];
    let said = add(&program, &[&huawei[..], &["--fallback-domain"]].concat());
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.all.contains("COS only"), "{said:?}");
}

#[test]
fn accounts_to_choose_from_speak_what_was_typed() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let other = ["Other", "--provider", "aws", "--region", "us-east-1"];
    add(&program, &[&other[..], &["--no-test"]].concat());
    let said = program.run(&["ls", "s3://backup-demo/"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    for name in ["Demo S3", "Other"] {
        assert!(said.all.contains(name), "{said:?}");
    }
    assert!(!said.all.contains("Demo COS"), "{said:?}");
}

#[test]
fn refused_copies_name_the_option_that_helps() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    for provider in Provider::ALL {
        let readme = place(provider, "photos", "readme.txt");
        let copy = place(provider, "backup", "readme.txt");
        let cp = |more: &[&str]| program.run(&[&["cp"], more].concat());
        assert_eq!(cp(&[&readme, &copy]).code, Some(0));
        for more in [&["--dry-run", &readme, &copy][..], &[&readme, &copy]] {
            let said = cp(more);
            assert!(said.all.contains("--overwrite"), "{said:?}");
        }
        for (key, hint) in [
            ("albums/", "Add `-r`"),
            ("2023/", "Add `-r`"),
            ("albums", "If it names a folder"),
            ("*.txt", "stand for themselves"),
        ] {
            let said = cp(&[&place(provider, "photos", key), &copy]);
            assert_eq!(said.code, Some(2), "{said:?}");
            assert!(said.all.contains(hint), "{said:?}");
        }
        let said = program.run(&["ls", &place(provider, "photos", "nowhere/")]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.all.contains("There is nothing under"), "{said:?}");

        let said = cp(&["--acl", "nobodys-word", &readme, &copy]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(!said.all.contains("CreateMultipartUpload"), "{said:?}");
    }
}

#[test]
fn a_wrong_key_of_the_source_is_suspected_first() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let key = |name: &str, byte| {
        let file = home.path().join(name);
        std::fs::write(&file, [byte; 32]).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (right, wrong) = (key("right", 1), key("wrong", 2));
    for provider in Provider::ALL {
        let readme = place(provider, "photos", "readme.txt");
        let sealed = place(provider, "backup", "sealed.txt");
        let seal = ["cp", "--encryption", "customer", "--key-file", &right];
        let said = program.run(&[&seal[..], &[&readme, &sealed]].concat());
        assert_eq!(said.code, Some(0), "{said:?}");

        let open = place(provider, "backup", "open.txt");
        let said = program.run(&["cp", "--source-key-file", &wrong, &sealed, &open]);
        assert!(said.all.contains("may be the wrong one"), "{said:?}");
        assert!(!said.all.contains("owner"), "{said:?}");
        assert!(!said.all.contains("give that key"), "{said:?}");
    }
}

/// After its process is gone the key is gone too, and `resume --all` alone goes nowhere.
#[test]
fn a_job_that_needs_its_key_again_says_how_to_give_it() {
    let home = tempfile::tempdir().unwrap();
    let program = demo(home.path());
    let file = home.path().join("key");
    std::fs::write(&file, [7; 32]).unwrap();
    let file = file.to_str().unwrap();
    let source = place(Provider::S3, "datasets", "climate/era5-2026.nc");
    let copy = place(Provider::S3, "backup", "sealed.nc");
    let mut slow = program.command(&["cp", "--encryption", "customer", "--key-file", file]);
    slow.args(["--part-size", "64MiB", &source, &copy])
        .env("PARTWAY_DEMO_LATENCY_MS", "200");
    let mut copying = slow.spawn().unwrap();
    let begun = Instant::now();
    loop {
        let jobs = program.run(&["--json", "jobs"]);
        if jobs.json()[0]["parts_done"].as_u64().unwrap_or(0) > 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{jobs:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
    copying.kill().unwrap();
    copying.wait().unwrap();

    let said = program.run(&["resume", "1"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    let advice = "`partway-cli resume 1 --key-file FILE`";
    assert!(said.all.contains(advice), "{said:?}");
    assert!(!said.all.contains("--all"), "{said:?}");
    let said = program.run(&["resume", "1", "--key-file", file]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

#[test]
fn a_lost_secret_says_which_commands_bring_it_back() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(&home.path().join("data"));
    let cloud = Cloud::start(&program, &home.path().join("cloud"), &[]);
    let endpoint = cloud.endpoints.of(Provider::S3);
    let mine = ["Mine", "--dialect", "s3", "--region", &endpoint.region];
    let mine = [&mine[..], &["--no-test", "--endpoint", &endpoint.url]].concat();
    assert_eq!(add(&program, &mine).code, Some(3), "there is no keyring");
    let said = program.run(&["ls", "s3://Mine@backup-demo/"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.all.contains("account secret NAME"), "{said:?}");
}
