//! `account add` by provider, region and network.

use crate::program::{Program, Said};

/// Adds an account without trying it. There is no keyring here, so it exits with 3.
fn add(more: &[&str]) -> Said {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    let mut arguments = vec![
        "--json",
        "account",
        "add",
        "Mine",
        "--access-key",
        "AKEXAMPLE",
    ];
    arguments.extend(["--secret-stdin", "--no-test"]);
    arguments.extend(more);
    program.run_with(&arguments, "secret\n")
}

#[test]
fn an_endpoint_follows_from_provider_region_and_network() {
    let cases: &[(&[&str], &str, &str)] = &[
        (
            &["--provider", "tencent", "--region", "ap-guangzhou"],
            "https://cos.ap-guangzhou.myqcloud.com",
            "cos",
        ),
        (
            &[
                "--provider",
                "tencent",
                "--region",
                "cosgz",
                "--network",
                "internal",
            ],
            "https://cos-internal.ap-guangzhou.tencentcos.cn",
            "cos",
        ),
        (
            &[
                "--provider",
                "tencent",
                "--region",
                "ap-beijing",
                "--network",
                "accelerate",
            ],
            "https://cos.accelerate.myqcloud.com",
            "cos",
        ),
        (
            &[
                "--provider",
                "huawei",
                "--region",
                "cn-atlantis-7",
                "--dialect",
                "obs-v2",
            ],
            "https://obs.cn-atlantis-7.myhuaweicloud.com",
            "obs-v2",
        ),
        (
            &["--provider", "otc", "--region", "eu-ch2"],
            "https://obs.eu-ch2.sc.otc.t-systems.com",
            "obs",
        ),
        (
            &["--provider", "aws-cn", "--region", "cn-north-1"],
            "https://s3.cn-north-1.amazonaws.com.cn",
            "s3",
        ),
        (
            &[
                "--provider",
                "s3",
                "--region",
                "r",
                "--endpoint",
                "https://s.example",
            ],
            "https://s.example",
            "s3",
        ),
    ];
    for (arguments, endpoint, dialect) in cases {
        let said = add(arguments);
        assert_eq!(said.code, Some(3), "{said:?}");
        let account = &said.json()["account"];
        assert_eq!(account["endpoint"], *endpoint, "{arguments:?}");
        assert_eq!(account["dialect"], *dialect, "{arguments:?}");
        assert_eq!(account["fallback_domain"], false);
    }
}

#[test]
fn options_of_a_place_are_kept() {
    let said = add(&[
        "--provider",
        "tencent",
        "--region",
        "cosgz",
        "--fallback-domain",
    ]);
    let account = &said.json()["account"];
    assert_eq!(account["fallback_domain"], true);
    assert_eq!(account["region"], "ap-guangzhou");

    let domain = [
        "--provider",
        "huawei",
        "--region",
        "cn-north-4",
        "--custom-domain",
    ];
    let files = [
        "--endpoint",
        "https://files.example.com",
        "--bucket",
        "mine",
    ];
    let said = add(&[&domain[..], &files[..]].concat());
    assert_eq!(said.json()["account"]["addressing"], "custom_domain");
}

#[test]
fn places_that_do_not_exist_say_what_to_do() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["--provider", "tencen", "--region", "x"],
            "tencent-finance",
        ),
        (&["--provider", "tencent"], "--region"),
        (&["--provider", "tencent", "--region", "a/b"], "a/b"),
        (
            &[
                "--provider",
                "otc",
                "--region",
                "eu-de",
                "--network",
                "internal",
            ],
            "ways public",
        ),
        (
            &[
                "--provider",
                "otc",
                "--region",
                "eu-de",
                "--network",
                "fast",
            ],
            "dualstack",
        ),
        (
            &[
                "--provider",
                "aws",
                "--region",
                "us-east-1",
                "--dialect",
                "cos",
            ],
            "does not speak",
        ),
        (&["--provider", "s3", "--region", "r"], "--endpoint"),
        (&["--region", "eu-de"], "--provider"),
        (&["--dialect", "cos"], "--endpoint"),
    ];
    for (arguments, words) in cases {
        let said = add(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {said:?}");
        assert!(said.all.contains(words), "{arguments:?}: {said:?}");
    }
}

#[test]
fn providers_and_regions_are_listed_without_a_journal() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    let said = program.run(&["account", "providers"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for words in [
        "ap-shanghai-fsi",
        "Frankfurt",
        "s3.cn-north-1.amazonaws.com.cn",
    ] {
        assert!(said.out.contains(words), "{words}");
    }
    let listed = program.run(&["--json", "account", "providers"]).json();
    assert_eq!(listed[0]["id"], "tencent");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}
