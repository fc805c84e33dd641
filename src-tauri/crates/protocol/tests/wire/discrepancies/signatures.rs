//! What a signature covers. The samples of the pages sign next to nothing.

use partway_domain::DialectName::{self, Cos};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::op::{Conditions, Operation, UploadPartCopy};
use partway_protocol::wire::Request;

use crate::fixture::{credential, endpoint, etag};
use crate::sample::{NOW, complete, copy_object, create, head, part_copy, signed};

/// A field of the authorization of COS.
fn field<'a>(authorization: &'a str, name: &str) -> &'a str {
    authorization
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_else(|| panic!("{authorization} has no {name}"))
}

fn authorization(request: &Request) -> String {
    request.header("authorization").unwrap().to_owned()
}

/// The names of a list that is joined with `;`.
fn names<'a>(authorization: &'a str, list: &str) -> Vec<&'a str> {
    field(authorization, list)
        .split(';')
        .filter(|name| !name.is_empty())
        .collect()
}

fn every_request() -> Vec<Request> {
    fn of<O: Operation>(operation: &O) -> Request {
        signed(Cos, operation)
    }
    let pinned = UploadPartCopy {
        conditions: Conditions::matching(etag()),
        ..part_copy(Cos)
    };
    vec![
        of(&pinned),
        of(&copy_object(Cos)),
        of(&create()),
        of(&complete()),
        of(&head()),
    ]
}

#[test]
fn d3_1_host_query_and_all_vendor_headers_are_signed() {
    for request in every_request() {
        let authorization = authorization(&request);
        let headers = names(&authorization, "q-header-list");
        assert!(headers.contains(&"host"), "{authorization}");
        for (name, _) in &request.headers {
            let matters = name.starts_with("x-cos-")
                || ["content-md5", "content-type", "content-length"].contains(&name.as_str());
            assert!(
                !matters || headers.contains(&name.as_str()),
                "{name} is not signed"
            );
        }
        let parameters = names(&authorization, "q-url-param-list");
        let mut expected: Vec<String> = request
            .query
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        expected.sort();
        assert_eq!(parameters, expected);
    }
}

#[test]
fn d3_1_a_captured_signature_is_good_for_nothing_else() {
    let signature = |request: &mut Request| {
        dialect(Cos)
            .sign(request, &endpoint(Cos, "region-1"), &credential(), NOW)
            .unwrap();
        field(&authorization(request), "q-signature").to_owned()
    };
    let mut request = signed(Cos, &part_copy(Cos));
    let captured = signature(&mut request);
    assert_eq!(
        signature(&mut request.clone()),
        captured,
        "signing is repeatable"
    );
    let changes: [fn(&mut Request); 6] = [
        |request| "other-1250000000.cos.region-1.myqcloud.com".clone_into(&mut request.host),
        |request| request.path.push('x'),
        |request| request.query[0].1 = Some("2".to_owned()),
        |request| request.query[1].1 = Some("another".to_owned()),
        |request| change(request, "x-cos-copy-source"),
        |request| change(request, "x-cos-copy-source-range"),
    ];
    for (at, apply) in changes.into_iter().enumerate() {
        let mut other = request.clone();
        apply(&mut other);
        assert_ne!(
            signature(&mut other),
            captured,
            "change {at} goes unnoticed"
        );
    }
}

fn change(request: &mut Request, header: &str) {
    let (_, value) = request
        .headers
        .iter_mut()
        .find(|(name, _)| name == header)
        .expect(header);
    value.push('0');
}

#[test]
fn d3_1_a_signature_lives_for_minutes() {
    for request in every_request() {
        let authorization = authorization(&request);
        let times = field(&authorization, "q-sign-time");
        assert_eq!(times, field(&authorization, "q-key-time"));
        let (start, end) = times.split_once(';').unwrap();
        let (start, end): (i64, i64) = (start.parse().unwrap(), end.parse().unwrap());
        assert!(start <= NOW && NOW < end && end - start <= 3600, "{times}");
    }
}

#[test]
fn d3_2_an_authorization_has_no_blanks() {
    for request in every_request() {
        let authorization = authorization(&request);
        assert!(
            !authorization.contains(char::is_whitespace),
            "{authorization}"
        );
        let keys: Vec<&str> = authorization
            .split('&')
            .filter_map(|pair| pair.split('=').next())
            .collect();
        assert_eq!(
            keys,
            [
                "q-sign-algorithm",
                "q-ak",
                "q-sign-time",
                "q-key-time",
                "q-header-list",
                "q-url-param-list",
                "q-signature",
            ]
        );
    }
}

#[test]
fn d3_3_only_what_the_request_has_is_signed() {
    for request in every_request() {
        let authorization = authorization(&request);
        for name in names(&authorization, "q-header-list") {
            assert!(
                request.header(name).is_some(),
                "{name} is signed but not sent"
            );
        }
        for name in names(&authorization, "q-url-param-list") {
            let sent = request
                .query
                .iter()
                .any(|(have, _)| have.eq_ignore_ascii_case(name));
            assert!(sent, "{name} is signed but not sent");
        }
    }
    // Different requests never share a signature.
    let mut signatures: Vec<String> = every_request()
        .iter()
        .map(|request| field(&authorization(request), "q-signature").to_owned())
        .collect();
    signatures.sort();
    signatures.dedup();
    assert_eq!(signatures.len(), every_request().len());
}

/// The pages' own samples are masked or stitched together: none may pass for a known answer.
#[test]
fn d3_3_no_sample_of_a_page_is_a_vector() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for sample in [
            "****",
            "d02640c0821c4929",
            "c25fd640274a6da2",
            "VGhpcyBtZXNzYWdl",
        ] {
            assert!(!text.contains(sample), "{sample} is no known answer");
        }
    }
}

#[test]
fn d2_17_the_token_of_a_temporary_credential_is_sent_and_signed() {
    for name in DialectName::ALL {
        let token = match name {
            Cos => "x-cos-security-token",
            DialectName::Obs => "x-obs-security-token",
            DialectName::ObsV2 | DialectName::S3 => "x-amz-security-token",
        };
        let with = signed(name, &part_copy(name));
        assert_eq!(with.header(token), Some("EXAMPLETOKEN"), "{name}");
        let sign_with = |token: Option<&str>| {
            let mut request = with.clone();
            let credential = Credential {
                token: token.map(str::to_owned),
                ..credential()
            };
            dialect(name)
                .sign(&mut request, &endpoint(name, "region-1"), &credential, NOW)
                .unwrap();
            authorization(&request)
        };
        assert_ne!(
            sign_with(Some("A")),
            sign_with(Some("B")),
            "{name}: not signed"
        );
        assert_ne!(sign_with(Some("A")), sign_with(None), "{name}");
    }
}
