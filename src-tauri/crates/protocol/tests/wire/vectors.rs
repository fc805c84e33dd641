//! Every signing vector, every intermediate, through the door the CLI uses as well.

use std::collections::BTreeMap;

use partway_domain::{DialectName, Key};
use partway_protocol::dialect::dialect;
use partway_protocol::encode;
use partway_protocol::sign::case::{self, Addressing, Case, CaseDialect, Kind};
use serde_json::Value;

const FILES: [(&str, usize, &str); 5] = [
    ("cos", 87, include_str!("../vectors/cos.json")),
    ("obs-v2", 92, include_str!("../vectors/obs-v2.json")),
    ("obs-native", 92, include_str!("../vectors/obs-native.json")),
    ("sigv4", 91, include_str!("../vectors/sigv4.json")),
    ("published", 12, include_str!("../vectors/published.json")),
];

fn cases() -> impl Iterator<Item = Case> {
    FILES.iter().flat_map(|(file, count, json)| {
        let cases = case::read(json, None).unwrap();
        assert_eq!(cases.len(), *count, "{file}");
        cases
    })
}

#[test]
fn every_intermediate_of_every_case_is_as_the_official_signers_have_it() {
    for case in cases() {
        let signed = serde_json::to_value(case.sign().unwrap()).unwrap();
        assert!(case.expected.len() >= 2, "{}", case.name);
        for (step, expected) in &case.expected {
            if step == "url" {
                let (url, known) = (signed[step].as_str(), expected.as_str());
                assert_same_url(&case.name, url.unwrap(), known.unwrap());
            } else {
                assert_eq!(&signed[step], expected, "{}: {step}", case.name);
            }
        }
        let travels = if case.kind == Kind::Presign {
            "url"
        } else {
            "authorization"
        };
        assert!(signed[travels].is_string(), "{}", case.name);
    }
}

/// The order of parameters in a presigned URL means nothing, and clients encode some more.
fn assert_same_url(case: &str, ours: &str, theirs: &str) {
    let split = |url: &str| -> (String, BTreeMap<String, Option<String>>) {
        let (place, query) = url.split_once('?').unwrap();
        let parameters = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) => (
                    encode::decode(name).unwrap(),
                    Some(encode::decode(value).unwrap()),
                ),
                None => (encode::decode(pair).unwrap(), None),
            })
            .collect();
        (place.to_owned(), parameters)
    };
    assert_eq!(split(ours), split(theirs), "{case}");
}

#[test]
fn headers_that_are_not_signed_change_nothing() {
    let mut seen = 0;
    for case in cases().filter(|case| !case.unsigned_headers.is_empty()) {
        let mut without = case.clone();
        without.unsigned_headers.clear();
        assert_eq!(
            case.sign().unwrap(),
            without.sign().unwrap(),
            "{}",
            case.name
        );
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn keys_become_the_paths_the_vectors_show() {
    let mut seen = 0;
    for case in cases().filter(|case| case.note.is_none()) {
        let Some(key) = &case.key else { continue };
        let dialect = dialect(match case.dialect {
            CaseDialect::Cos => DialectName::Cos,
            CaseDialect::ObsNative => DialectName::Obs,
            CaseDialect::ObsV2 | CaseDialect::AwsV2 => DialectName::ObsV2,
            CaseDialect::SigV4 => DialectName::S3,
        });
        let wire_key = dialect.wire_key(&Key::parse(key.as_str()).unwrap());
        let path = match (case.addressing, &case.bucket) {
            (Some(Addressing::Path), Some(bucket)) => format!("/{bucket}/{wire_key}"),
            _ => format!("/{wire_key}"),
        };
        assert_eq!(path, case.path, "{}", case.name);
        seen += 1;
    }
    assert!(seen > 200, "{seen}");
}

/// Tencent prints its worked example with a masked key; the digests need none.
#[test]
fn the_format_strings_tencent_prints_have_the_digests_it_prints() {
    let file: Value = serde_json::from_str(FILES[4].2).unwrap();
    for printed in file["cos_format_strings"].as_array().unwrap() {
        let format_string = printed["format_string"].as_str().unwrap();
        let case = case_of_format_string(format_string, printed["key_time"].as_str().unwrap());
        let signed = case.sign().unwrap();
        assert_eq!(signed.format_string.as_deref(), Some(format_string));
        let digest = printed["sha1"].as_str().unwrap();
        assert_eq!(signed.string_to_sign.lines().nth(2), Some(digest));
    }
}

/// The request a format string was made from.
fn case_of_format_string(format_string: &str, key_time: &str) -> Case {
    let pairs = |line: &str| -> Vec<(String, String)> {
        line.split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), encode::decode(value).unwrap()))
            .collect()
    };
    let mut lines = format_string.lines();
    let mut next = || lines.next().unwrap();
    let (method, path, query, headers) = (next(), next(), pairs(next()), pairs(next()));
    let (start, end) = key_time.split_once(';').unwrap();
    let json = serde_json::json!({
        "dialect": "cos", "method": method, "path": encode::path(path),
        "query": query, "headers": headers,
        "credentials": {"secret_id": "ID", "secret_key": "KEY"},
        "time": {"sign_start": start, "sign_end": end},
    });
    case::read(&json.to_string(), None).unwrap().remove(0)
}

#[test]
fn cases_that_say_little_are_read_all_the_same() {
    let json = r#"[{
        "name": "bare", "method": "get", "path": "/a", "query": [["acl", null], ["n", 5]],
        "headers": [["Host", "b.example.com"], ["x-amz-date", "20260314T092653Z"]],
        "credentials": {"access_key": "ID", "secret_key": "KEY", "token": null},
        "something": {"new": [1, 2]}
    }]"#;
    let without = case::read(json, None).unwrap_err().to_string();
    assert!(without.contains("\"bare\" names no dialect"), "{without}");
    let case = case::read(json, Some(CaseDialect::SigV4))
        .unwrap()
        .remove(0);
    let signed = case.sign().unwrap();
    assert_eq!(
        signed.canonical_request.unwrap(),
        "GET\n/a\nacl=&n=5\nhost:b.example.com\nx-amz-date:20260314T092653Z\n\n\
         host;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let case = case::read(json, Some(CaseDialect::Cos)).unwrap().remove(0);
    let error = case.sign().unwrap_err().to_string();
    assert_eq!(error, "the case \"bare\" lacks time.sign_start");
}

#[test]
fn what_no_request_can_carry_is_refused_by_the_name_of_its_field() {
    let good = serde_json::json!({
        "dialect": "sigv4", "name": "odd", "method": "PUT", "path": "/a", "host": "h",
        "headers": [["x-amz-date", "20260314T092653Z"], ["x-amz-meta-a", "one"]],
        "unsigned_headers": [["accept", "*/*"]], "payload_hash": "UNSIGNED-PAYLOAD",
        "body_base64": "b25l",
        "credentials": {"access_key": "ID", "secret_key": "KEY", "token": "T"},
    });
    let sign = |case: &serde_json::Value| case::read(&case.to_string(), None).unwrap()[0].sign();
    assert!(sign(&good).is_ok());
    for (pointer, text, field) in [
        (
            "/credentials/secret_key",
            "",
            "credentials.secret_key is empty",
        ),
        (
            "/credentials/access_key",
            "",
            "credentials.access_key is empty",
        ),
        ("/credentials/token", "T\r\nx: y", "credentials.token holds"),
        (
            "/headers/1/1",
            "one\r\nx: y",
            "headers[\"x-amz-meta-a\"] holds",
        ),
        (
            "/headers/1/1",
            "one\ntwo",
            "headers[\"x-amz-meta-a\"] holds",
        ),
        (
            "/unsigned_headers/0/1",
            "a\rb",
            "unsigned_headers[\"accept\"] holds",
        ),
        ("/host", "h\r\nx", "host holds"),
        ("/body_base64", "b25l!", "body_base64 is no base64"),
    ] {
        let mut case = good.clone();
        *case.pointer_mut(pointer).unwrap() = text.into();
        let error = sign(&case).unwrap_err().to_string();
        let begins = format!("the case \"odd\": the field {field}");
        assert!(error.starts_with(&begins), "{error}");
        assert!(!error.contains(['\r', '\n']), "{error:?}");
    }
}

#[test]
fn a_presigned_url_brings_the_token_of_its_credential() {
    let json = |dialect: &str| {
        format!(
            r#"{{"dialect": "{dialect}", "kind": "presign", "method": "GET", "host": "h", "path": "/k",
                 "credentials": {{"access_key": "ID", "secret_key": "KEY", "token": "T/1"}},
                 "time": {{"sign_start": 1, "sign_end": 2, "expires": 60, "amz_date": "20260314T092653Z"}}}}"#
        )
    };
    for (dialect, parameter) in [
        ("cos", "x-cos-security-token=T%2F1"),
        ("obs-native", "x-obs-security-token=T%2F1"),
        ("obs-v2", "x-amz-security-token=T%2F1"),
        ("sigv4", "X-Amz-Security-Token=T%2F1"),
    ] {
        let case = case::read(&json(dialect), None).unwrap().remove(0);
        let url = case.sign().unwrap().url.unwrap();
        assert!(url.contains(parameter), "{url}");
    }
}
