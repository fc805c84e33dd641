//! Answers nobody should send: a clear error, bounded memory, no panic.

use super::*;

/// Every operation that reads a body, on an answer that is no such body.
fn faults(name: DialectName, answer: &partway_protocol::wire::Response) -> Vec<WireError> {
    use partway_domain::Prefix;
    let list = ListObjects {
        bucket: bucket(),
        prefix: Prefix::root(),
        delimiter: None,
        cursor: None,
        start_after: None,
        max_keys: 1000,
        v1: false,
        encoded: false,
    };
    let parts = ListParts {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        after: None,
    };
    let tags = GetObjectTagging {
        bucket: bucket(),
        key: key(),
        version: None,
    };
    let location = GetBucketLocation { bucket: bucket() };
    [
        read(name, &part_copy(), answer).err(),
        read(name, &complete(), answer).err(),
        read(name, &create(), answer).err(),
        read(name, &list, answer).err(),
        read(name, &parts, answer).err(),
        read(name, &tags, answer).err(),
        read(name, &location, answer).err(),
        read(name, &ListBuckets::default(), answer).err(),
    ]
    .into_iter()
    .map(|error| error.expect("no success"))
    .collect()
}

#[test]
fn hostile_bodies_of_a_success() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>";
    let utf16: Vec<u8> = "\u{feff}<CopyPartResult/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let deep = "<a>".repeat(10_000);
    let page = "<html><head><title>Log\u{1b}[2Jin</title></head></html>";
    let gbk = "<?xml version=\"1.0\" encoding=\"GBK\"?><a>中</a>";
    for (body, said) in [
        (bomb.as_bytes(), "document type"),
        (&utf16, "UTF-16"),
        (deep.as_bytes(), ""),
        (page.as_bytes(), "web page"),
        (gbk.as_bytes(), "GBK"),
        (&[b'<', b'a', b'>', 0xFF], "UTF-8"),
        (b"<CopyPartResult><ETag>", ""),
    ] {
        for name in DialectName::ALL {
            for error in faults(name, &response(200, &[], body)) {
                assert_eq!(error.kind, FailureKind::BadResponse, "{error}");
                let message = error.message.unwrap();
                assert!(message.contains(said), "{}: {message}", error.operation);
                assert!(!message.contains(char::is_control), "{message:?}");
                assert!(message.len() < 300, "{message}");
            }
        }
    }
}

/// Slow to build and to read, so once is enough.
#[test]
fn answers_beyond_all_bounds() {
    let wide = format!("<a>{}</a>", "<b/>".repeat(300_000));
    let large = vec![b' '; 9 << 20];
    let long = format!("<a>{}</a>", "x".repeat(70 << 10));
    for (body, said) in [
        (wide.as_bytes(), "elements"),
        (&large, "bytes"),
        (long.as_bytes(), "bytes"),
    ] {
        let error = read(S3, &ListBuckets::default(), &response(200, &[], body)).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadResponse);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn a_web_page_instead_of_an_error_is_named() {
    let page = "<!DOCTYPE html>\n<html><head><title>502 Bad\nGateway</title></head></html>";
    for name in DialectName::ALL {
        let error = read(name, &part_copy(), &response(502, &[], page)).unwrap_err();
        assert_eq!(error.kind, FailureKind::ServerTrouble);
        let message = error.message.unwrap();
        assert!(
            message.contains("web page") && message.contains("502 Bad Gateway"),
            "{message}"
        );
    }
}

#[test]
fn words_of_an_error_are_tamed() {
    let body = format!(
        "<Error><Code>Odd\u{202e}</Code><Message>a\nb\u{7f}{}</Message></Error>",
        "x".repeat(10_000)
    );
    let error = read(Cos, &part_copy(), &response(400, &[], body)).unwrap_err();
    assert_eq!(error.code.as_deref(), Some("Odd"));
    let message = error.message.unwrap();
    assert!(
        message.starts_with("a b x") && message.ends_with('…'),
        "{message}"
    );
    assert!(message.chars().count() < 1100);
}

#[test]
fn headers_that_contradict_each_other_prove_nothing() {
    let head = crate::sample::head();
    let of = |headers: &[(&str, &str)]| read(S3, &head, &response(200, headers, ""));
    let same = [
        ("etag", "\"a\""),
        ("ETag", " \"a\" "),
        ("content-length", "1"),
    ];
    assert!(of(&same).is_ok());
    for twice in [
        [
            ("etag", "\"a\""),
            ("etag", "\"b\""),
            ("content-length", "1"),
        ],
        [
            ("etag", "\"a\""),
            ("content-length", "1"),
            ("Content-Length", "2"),
        ],
    ] {
        let error = of(&twice).unwrap_err();
        assert_eq!(error.kind, FailureKind::BadResponse);
        assert!(error.message.unwrap().contains("two different values"));
    }
    let body = "<CopyPartResult><ETag>\"a\"</ETag><ETag>\"b\"</ETag></CopyPartResult>";
    let error = read(S3, &part_copy(), &response(200, &[], body)).unwrap_err();
    assert!(error.outcome_unknown);
}

#[test]
fn a_list_of_parts_survives_the_key_it_repeats() {
    let parts = ListParts {
        bucket: bucket(),
        key: key(),
        upload_id: upload_id(),
        after: None,
    };
    let body = "<ListPartsResult><Bucket>b</Bucket><Key>a\u{1}<&]]></Key>\
        <Part><PartNumber>1</PartNumber><ETag>a</ETag><Size>1</Size></Part></ListPartsResult>";
    for name in DialectName::ALL {
        let page = read(name, &parts, &response(200, &[], body)).unwrap();
        assert_eq!(page.parts.len(), 1, "{name}");
        let cut = &body[..body.len() - 1];
        assert!(read(name, &parts, &response(200, &[], cut)).is_err());
    }
}
