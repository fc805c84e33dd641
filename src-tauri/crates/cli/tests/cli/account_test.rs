//! `account test`: the table of permissions and capabilities, and what a dry run makes of it.

use partway_democloud::{Provider, example_bucket};

use crate::program::{Cloud, Program, Said};

/// The program with its demo accounts, on a cloud with these quirks.
fn quirky(home: &std::path::Path, quirks: &[&str]) -> (Program, Cloud) {
    let program = Program::new(home);
    let options: Vec<&str> = quirks
        .iter()
        .flat_map(|quirk| ["--quirk", *quirk])
        .collect();
    let cloud = Cloud::start(&program, &home.join("demo"), &options);
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    (program, cloud)
}

/// The line of the table that begins with this name.
fn line<'a>(said: &'a Said, name: &str) -> &'a str {
    let found = said
        .out
        .lines()
        .find(|line| line.trim_start().starts_with(&format!("{name}  ")));
    found.unwrap_or_else(|| panic!("no line {name:?}: {}", said.out))
}

#[test]
fn a_healthy_server_passes_and_only_a_probe_shows_the_rest() {
    let home = tempfile::tempdir().unwrap();
    let (program, cloud) = quirky(home.path(), &[]);
    for (account, provider) in [
        ("Demo COS", Provider::Cos),
        ("Demo OBS", Provider::Obs),
        ("Demo S3", Provider::S3),
    ] {
        let read = program.run(&["account", "test", account]);
        assert_eq!(read.code, Some(0), "{read:?}");
        assert!(line(&read, "list buckets").contains("pass"));
        assert!(line(&read, "part copy").contains("unknown"));

        let place = format!("{}/tmp/", example_bucket(provider, "backup"));
        let probed = program.run(&["account", "test", account, "--probe", &place]);
        assert_eq!(probed.code, Some(0), "{probed:?}");
        assert!(!probed.out.contains("FAIL"), "{}", probed.out);
        for name in [
            "put object",
            "copy part",
            "delete object",
            "part copy conditions",
        ] {
            assert!(line(&probed, name).contains("pass"), "{}", probed.out);
        }
    }
    let deleted = cloud
        .requests()
        .iter()
        .filter(|request| request["operation"] == "DeleteObject")
        .count();
    assert!(deleted >= 6, "two objects on each of three servers");
}

#[test]
fn what_a_server_lacks_fails_with_what_is_done_instead_and_the_dry_run_says_so() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = quirky(
        home.path(),
        &[
            "s3:no_part_copy",
            "s3:no_tagging",
            "s3:ignore_copy_conditions",
        ],
    );
    let backup = example_bucket(Provider::S3, "backup");
    let tested = program.run(&["account", "test", "Demo S3", "--probe", &backup]);
    assert_eq!(tested.code, Some(0), "{tested:?}");
    for (name, instead) in [
        ("part copy", "one request"),
        ("tagging", "none are read or written"),
        ("copy conditions", "looked at again"),
    ] {
        let line = line(&tested, name);
        assert!(line.contains("FAIL") && line.contains(instead), "{line}");
    }
    let json = program
        .run(&["--json", "account", "test", "Demo S3"])
        .json();
    let part_copy = json["capabilities"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "part_copy")
        .unwrap();
    assert_eq!(part_copy["support"], "absent", "kept: {part_copy}");

    let source = format!(
        "s3://{}/images/tiles-002.zip",
        example_bucket(Provider::S3, "datasets")
    );
    let destination = format!("s3://{backup}/");
    let plan = program.run(&["cp", "--dry-run", &source, &destination]);
    assert_eq!(plan.code, Some(0), "{plan:?}");
    assert!(plan.out.contains("cannot copy parts"), "{}", plan.out);
    assert!(
        plan.out.contains("NotImplemented"),
        "the evidence: {}",
        plan.out
    );
    let too_large = source.replace("images/tiles-002.zip", "climate/era5-2026.nc");
    let refused = program.run(&["cp", &too_large, &destination]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.all.contains("cannot copy parts"), "{refused:?}");
}

#[test]
fn a_missing_permission_is_named_in_the_providers_words() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    let cloud = Cloud::start(
        &program,
        &home.path().join("demo"),
        &[
            "--fault",
            "ListObjectVersions:refuse:status=403:code=AccessDenied",
        ],
    );
    program.run(&["account", "add-demo"]);
    let bucket = example_bucket(Provider::Cos, "datasets");
    let tested = program.run(&["account", "test", "Demo COS", "--bucket", &bucket]);
    assert_eq!(tested.code, Some(0), "{tested:?}");
    let line = line(&tested, "list versions");
    assert!(line.contains("FAIL"), "{line}");
    assert!(line.contains("name/cos:GetBucketObjectVersions"), "{line}");
    drop(cloud);
}

#[test]
fn what_cannot_be_tested_says_what_to_type() {
    let home = tempfile::tempdir().unwrap();
    let (program, _cloud) = quirky(home.path(), &[]);
    let address = program.run(&["account", "test", "Demo S3", "--probe", "s3://x/y"]);
    assert_eq!(address.code, Some(2), "{address:?}");
    assert!(address.all.contains("BUCKET/PREFIX"), "{address:?}");
    let nobody = program.run(&["account", "test", "Nobody"]);
    assert_eq!(nobody.code, Some(2), "{nobody:?}");
    let both = program.run(&[
        "--json", "account", "test", "Demo S3", "--bucket", "a", "--probe", "b",
    ]);
    assert_eq!(both.code, Some(2), "{both:?}");
    let error: serde_json::Value = serde_json::from_str(both.all.trim()).unwrap();
    assert_eq!(error["error"]["kind"], "usage", "{error}");
}
