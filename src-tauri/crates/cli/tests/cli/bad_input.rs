//! Every line of bad input gets a message that names what, where and what to do, and its own
//! exit code; nothing is left behind on the server.

use std::path::Path;

use partway_democloud::{DemoCloud, Options, Provider, example_bucket};

use crate::program::{Program, Said};
use crate::stage::s3;

/// A cloud in this process, joined by the program, with its three accounts registered.
async fn demo(folder: &Path) -> (DemoCloud, Program) {
    let cloud = DemoCloud::open(Options::new(folder.join("demo")))
        .await
        .unwrap();
    let program = Program::new(folder);
    let added = run(&program, &["account", "add-demo"]).await;
    assert_eq!(added.code, Some(0), "{added:?}");
    (cloud, program)
}

/// The cloud needs this thread's runtime while the program runs.
async fn run(program: &Program, arguments: &[&str]) -> Said {
    run_with(program, arguments, "").await
}

async fn run_with(program: &Program, arguments: &[&str], input: &str) -> Said {
    let program = Program::new(&program.folder);
    let arguments: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
    let input = input.to_owned();
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        program.run_with(&arguments, &input)
    })
    .await
    .unwrap()
}

fn check(said: &Said, code: i32, words: &[&str]) {
    assert_eq!(said.code, Some(code), "{said:?}");
    for word in words {
        assert!(said.all.contains(word), "{word:?} is missing: {said:?}");
    }
    assert!(!said.all.contains("panicked"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_cannot_work_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let (cloud, program) = demo(home.path()).await;
    for provider in Provider::ALL {
        let endpoint = cloud.endpoints().of(provider).clone();
        let add = |url: &str, region: &str, key: &str| -> Vec<String> {
            [
                "account",
                "add",
                "mine",
                "--dialect",
                provider.word(),
                "--endpoint",
                url,
                "--region",
                region,
                "--access-key",
                key,
            ]
            .map(str::to_owned)
            .to_vec()
        };
        let attempt = async |arguments: Vec<String>, secret: &str| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            run_with(&program, &arguments, secret).await
        };
        let (url, region, key) = (&endpoint.url, &endpoint.region, &endpoint.access_key);

        let wrong_secret = attempt(add(url, region, key), "not-the-secret-at-all").await;
        check(
            &wrong_secret,
            3,
            &["SignatureDoesNotMatch", "request id", "secret", "not saved"],
        );
        assert!(
            !wrong_secret.all.contains("not-the-secret-at-all"),
            "{wrong_secret:?}"
        );

        let wrong_key = attempt(add(url, region, "NOSUCHKEY"), &endpoint.secret_key).await;
        check(&wrong_key, 3, &["InvalidAccessKeyId", "access key"]);

        let nobody = attempt(add("http://127.0.0.1:1", region, key), "x").await;
        check(&nobody, 1, &["127.0.0.1:1", "check the endpoint"]);

        let no_url = attempt(add("ftp://host/path", region, key), "x").await;
        check(&no_url, 2, &["ftp://host/path"]);

        let no_secret = attempt(add(url, region, key), "\n").await;
        check(&no_secret, 2, &["the secret key is empty"]);
    }
    let endpoint = cloud.endpoints().s3.clone();
    let arguments = [
        "account",
        "add",
        "far",
        "--dialect",
        "s3",
        "--endpoint",
        &endpoint.url,
        "--region",
        "eu-west-9",
        "--access-key",
        &endpoint.access_key,
    ];
    let wrong_region = run_with(&program, &arguments, &endpoint.secret_key).await;
    check(&wrong_region, 2, &["region", "us-east-1"]);
}

#[allow(clippy::too_many_lines, reason = "a table")]
#[tokio::test(flavor = "multi_thread")]
async fn copies_that_cannot_work_say_why() {
    let home = tempfile::tempdir().unwrap();
    let (cloud, program) = demo(home.path()).await;
    let datasets = example_bucket(Provider::S3, "datasets");
    cloud.put_virtual(Provider::S3, &datasets, "too-large", 60 << 40);
    let uploads = cloud.uploads(Provider::S3).len();
    let readme = s3("photos", "readme.txt");
    let backup = s3("backup", "");
    let long = "k".repeat(1025);

    for (arguments, code, words) in [
        (
            vec!["cp", &s3("no-access", "x"), &backup],
            3,
            vec!["no-access-demo", "HTTP 403"],
        ),
        (
            vec!["cp", &readme, &s3("no-access", "x")],
            3,
            vec!["no-access-demo"],
        ),
        (
            vec!["ls", &s3("no-access", "")],
            3,
            vec!["no-access-demo", "AccessDenied", "request id"],
        ),
        (
            vec!["cp", &s3("photos", &long), &backup],
            2,
            vec!["1025 bytes", "1024"],
        ),
        (
            vec!["cp", &readme, &s3("backup", &long)],
            2,
            vec!["1025 bytes", "1024"],
        ),
        (
            vec!["cp", &s3("photos", "gone"), &backup],
            2,
            vec!["gone", "photos-demo", "HTTP 404"],
        ),
        (
            vec!["cp", &readme, &s3("photos", "")],
            2,
            vec!["readme.txt", "itself"],
        ),
        (
            vec!["cp", &s3("datasets", "too-large"), &backup],
            2,
            vec!["too-large", "at most"],
        ),
        (
            vec!["cp", &readme, "cos://backup-1250000000/"],
            2,
            vec!["not possible server-side"],
        ),
        (
            vec!["cp", &readme, "s3://nowhere-demo/"],
            2,
            vec!["nowhere-demo"],
        ),
        (
            vec!["cp", &s3("photos", ""), &backup],
            2,
            vec!["name an object"],
        ),
        (
            vec![
                "cp",
                &readme,
                &s3("photos", "empty.txt"),
                &s3("backup", "one"),
            ],
            2,
            vec!["end in '/'"],
        ),
        (
            vec!["cp", &readme, "photos/readme.txt"],
            2,
            vec!["cos://ACCOUNT@bucket/key"],
        ),
        (
            vec!["cp", &readme, "s3://Nobody@b/"],
            2,
            vec!["Nobody", "Demo S3"],
        ),
        (
            vec!["ls", "s3://nowhere-demo"],
            2,
            vec!["nowhere-demo", "NoSuchBucket"],
        ),
        (vec!["pause", "99"], 2, vec!["job 99"]),
        (vec!["resume"], 2, vec!["--all"]),
    ] {
        let said = run(&program, &arguments).await;
        check(&said, code, &words);
    }
    assert_eq!(
        cloud.uploads(Provider::S3).len(),
        uploads,
        "nothing was left behind"
    );
    let history = run(&program, &["--json", "history"]).await.json();
    assert_eq!(history, serde_json::json!([]), "what cannot work is no job");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_keys_are_copied_byte_for_byte() {
    let home = tempfile::tempdir().unwrap();
    let (cloud, program) = demo(home.path()).await;
    let odd = example_bucket(Provider::S3, "odd-keys");
    let backup = example_bucket(Provider::S3, "backup");
    for (key, body) in [
        ("a/../b", "dots"),
        ("quote'single\"double", "quotes"),
        ("new\nline", "newline"),
        ("emoji 👩‍👩‍👧‍👦 family", "emoji"),
        ("right-to-left \u{202e}gpj.exe\u{200f}", "direction"),
        ("percent%2Fslash?versionId=1#x", "percent"),
    ] {
        cloud.put_bytes(Provider::S3, &odd, key, body);
        let source = s3("odd-keys", key);
        let destination = s3("backup", &format!("odd/{key}"));
        let said = run(&program, &["--json", "cp", &source, &destination]).await;
        assert_eq!(said.code, Some(0), "{key:?}: {said:?}");
        let copy = cloud.object(Provider::S3, &backup, &format!("odd/{key}"));
        assert_eq!(
            copy.map(|copy| copy.size),
            Some(body.len() as u64),
            "{key:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_of_one_name_never_overwrite_each_other() {
    let home = tempfile::tempdir().unwrap();
    let (cloud, program) = demo(home.path()).await;
    let photos = example_bucket(Provider::S3, "photos");
    for key in ["here/same.txt", "there/same.txt"] {
        cloud.put_bytes(Provider::S3, &photos, key, b"two of a name");
    }
    let (one, other) = (
        s3("photos", "here/same.txt"),
        s3("photos", "there/same.txt"),
    );
    let into = s3("backup", "");
    let said = run(&program, &["cp", "--overwrite", &one, &other, &into]).await;
    check(&said, 2, &["same.txt", "different places"]);
    let backup = example_bucket(Provider::S3, "backup");
    assert!(cloud.object(Provider::S3, &backup, "same.txt").is_none());
}
