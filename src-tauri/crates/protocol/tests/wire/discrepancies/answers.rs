//! Shapes of answers, and what is made of their words.

use partway_domain::{DialectName, ETag, FailureKind, PartNumber};
use partway_protocol::error::WireError;
use partway_protocol::op::{CompleteMultipartUpload, Copied};
use partway_protocol::time;

use crate::fixture::{read, response};
use crate::sample::{complete, copy_object, part_copy, sent};

const TAG: &str = "ba82b57cfdfda8bd17ad4e5879ebb4fe";

fn part(name: DialectName, body: &str) -> Result<Copied, WireError> {
    read(name, &part_copy(name), &response(200, &[], body))
}

fn whole(name: DialectName, body: &str) -> Result<Copied, WireError> {
    read(name, &copy_object(name), &response(200, &[], body))
}

/// The schema without a root that one page shows, and the wrapped form of its own sample and of
/// all others, with and without a declaration, a namespace and blanks before.
#[test]
fn d4_1_both_shapes_of_a_part_are_read() {
    let inner = format!("<ETag>\"{TAG}\"</ETag><LastModified>2017-09-04T04:45:45</LastModified>");
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n";
    let bare = [inner.clone(), format!("{declaration}{inner}")];
    for shape in &bare {
        let copied = part(DialectName::Cos, shape).unwrap();
        assert_eq!(copied.etag.as_str(), TAG, "{shape}");
    }
    let wrapped = format!("<CopyPartResult>\n    {inner}\n</CopyPartResult>");
    for name in DialectName::ALL {
        for shape in [
            wrapped.clone(),
            format!("{declaration}{wrapped}"),
            format!("  \r\n \n{declaration}{wrapped}\n"),
        ] {
            assert_eq!(
                part(name, &shape).unwrap().etag.as_str(),
                TAG,
                "{name}: {shape}"
            );
        }
    }
    // A body cut between the two is not one of the shapes.
    let cut = part(DialectName::Cos, &format!("<ETag>\"{TAG}\"</ETag>")).unwrap_err();
    assert!(cut.outcome_unknown);
}

#[test]
fn d4_2_the_order_of_elements_does_not_matter() {
    for name in DialectName::ALL {
        for inner in [
            "<ETag>\"a\"</ETag><LastModified>2009-10-28T22:32:00</LastModified>",
            "<LastModified>2009-10-28T22:32:00</LastModified><ETag>\"a\"</ETag>",
        ] {
            let body = format!("<CopyPartResult>{inner}</CopyPartResult>");
            assert_eq!(part(name, &body).unwrap().etag.as_str(), "a", "{name}");
            let body = format!("<CopyObjectResult>{inner}</CopyObjectResult>");
            assert_eq!(whole(name, &body).unwrap().etag.as_str(), "a", "{name}");
        }
    }
}

#[test]
fn d4_3_namespaces_are_ignored() {
    for name in DialectName::ALL {
        for namespace in [
            "",
            " xmlns=\"http://obs.example.com/doc/2015-06-30/\"",
            " xmlns=\"http://obs.eu-de.otc.t-systems.com/doc/2016-01-01/\"",
            " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"",
            " xmlns=\"http://www.qcloud.com/document/product/436/7751\"",
        ] {
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
                 <CopyPartResult{namespace}><LastModified>2009-10-28T22:32:00</LastModified> \
                 <ETag>\"9b2c\"</ETag></CopyPartResult>"
            );
            assert_eq!(
                part(name, &body).unwrap().etag.as_str(),
                "9b2c",
                "{name}: {namespace}"
            );
        }
    }
}

/// A time is a curiosity of the server's clock: none of its forms decides anything.
#[test]
fn d4_4_no_form_of_a_time_spoils_an_answer() {
    for name in DialectName::ALL {
        for time in [
            "2017-09-04T04:45:45",
            "2019-05-24T10:56:40Z",
            "2026-03-14T09:26:53.123Z",
            "Tue Jan 17 16:43:37 2017",
            "Mon, 04 Sep 2017 04:45:45 GMT",
            "yesterday",
        ] {
            let body = format!(
                "<CopyPartResult><ETag>\"a\"</ETag><LastModified>{time}</LastModified></CopyPartResult>"
            );
            assert_eq!(
                part(name, &body).unwrap().etag.as_str(),
                "a",
                "{name}: {time}"
            );
        }
    }
}

#[test]
fn d4_4_a_time_without_a_zone_is_utc() {
    let moment = Some(1_504_500_345_000);
    for text in [
        "2017-09-04T04:45:45",
        "2017-09-04T04:45:45Z",
        "2017-09-04T04:45:45.000Z",
        "2017-09-04T04:45:45.000",
        "Mon, 04 Sep 2017 04:45:45 GMT",
        "Mon Sep  4 04:45:45 2017",
    ] {
        assert_eq!(time::parse_ms(text), moment, "{text}");
    }
    assert_eq!(time::parse_ms("yesterday"), None);
}

/// The page's samples lie minutes before and seconds after their own `Date`: equal results.
#[test]
fn d4_5_a_time_proves_nothing() {
    for name in DialectName::ALL {
        let at = |time: &str| {
            let body = format!(
                "<CopyObjectResult><ETag>\"a\"</ETag><LastModified>{time}</LastModified></CopyObjectResult>"
            );
            let headers = [("date", "Fri, 06 Sep 2019 08:00:43 GMT")];
            read(name, &copy_object(name), &response(200, &headers, body)).unwrap()
        };
        assert_eq!(
            at("2019-09-06T07:58:27Z"),
            at("2019-09-06T08:00:52Z"),
            "{name}"
        );
        // And a time alone is no success.
        let body = "<CopyObjectResult><LastModified>2019-09-06T08:00:43Z</LastModified></CopyObjectResult>";
        assert!(whole(name, body).unwrap_err().outcome_unknown, "{name}");
    }
}

#[test]
fn d4_6_a_tag_is_kept_and_sent_back_whatever_it_means() {
    // An MD5, a composite, something encrypted, something of tomorrow.
    for tag in [
        TAG,
        "0123-17",
        "8e0b617ca298a564c3331da28dcb50df",
        "Not/Hex+At=All",
    ] {
        for name in DialectName::ALL {
            let body = format!("<CopyPartResult><ETag>\"{tag}\"</ETag></CopyPartResult>");
            let copied = part(name, &body).unwrap();
            assert_eq!(copied.etag.as_str(), tag, "{name}");
            let complete = CompleteMultipartUpload {
                parts: vec![(PartNumber::new(1).unwrap(), copied.etag)],
                ..complete()
            };
            let sent = String::from_utf8(sent(name, &complete).body).unwrap();
            assert!(sent.contains(tag), "{name}: {sent}");
        }
    }
}

#[test]
fn d4_7_quotes_are_taken_off_once_and_put_on_again() {
    for text in [
        "\"ab12\"",
        "ab12",
        "&quot;ab12&quot;",
        " \"ab12\"\n",
        "&#34;AB12&#34;",
    ] {
        for name in DialectName::ALL {
            let body = format!("<CopyPartResult><ETag>{text}</ETag></CopyPartResult>");
            let etag = part(name, &body).unwrap().etag;
            assert_eq!(etag, ETag::parse("ab12").unwrap(), "{name}: {text}");
            let complete = CompleteMultipartUpload {
                parts: vec![(PartNumber::new(1).unwrap(), etag)],
                ..complete()
            };
            let sent = String::from_utf8(sent(name, &complete).body).unwrap();
            let unescaped = sent.replace("&quot;", "\"").to_lowercase();
            assert!(
                unescaped.contains("<etag>\"ab12\"</etag>"),
                "{name}: {sent}"
            );
        }
    }
}

/// Success is a root that was expected and a tag in it, with every provider and every operation
/// that may answer before it is done.
#[test]
fn d4_8_a_200_may_carry_an_error() {
    let error =
        "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>m</Message></Error>";
    let empty = "<CopyPartResult><ETag></ETag></CopyPartResult>";
    for name in DialectName::ALL {
        let answer = response(200, &[], error);
        for failed in [
            read(name, &part_copy(name), &answer).unwrap_err(),
            read(name, &copy_object(name), &answer).unwrap_err(),
            read(name, &complete(), &answer).unwrap_err(),
        ] {
            assert_eq!(failed.kind, FailureKind::ServerTrouble, "{name}");
            assert_eq!(failed.code.as_deref(), Some("InternalError"));
        }
        for body in [
            empty,
            "",
            "<CopyPartResult/>",
            "<Other><ETag>\"a\"</ETag></Other>",
        ] {
            let unknown = part(name, body).unwrap_err();
            assert!(unknown.outcome_unknown, "{name}: {body}");
        }
    }
}

#[test]
fn d4_10_children_may_be_missing_or_new() {
    for name in DialectName::ALL {
        let lean = whole(
            name,
            "<CopyObjectResult><ETag>\"a\"</ETag></CopyObjectResult>",
        )
        .unwrap();
        assert_eq!((lean.version, lean.crc64_xz), (None, None), "{name}");
        let rich = "<CopyObjectResult><ETag>\"a\"</ETag><LastModified>2019-09-06T10:42:50Z</LastModified>\
                    <VersionId>MTg0NDUxNzYzMDcxNDM2MDk2MzA</VersionId><CRC64>12</CRC64>\
                    <Tomorrow><ETag>\"b\"</ETag></Tomorrow></CopyObjectResult>";
        let rich = whole(name, rich).unwrap();
        assert_eq!(rich.etag.as_str(), "a", "{name}");
        let version = rich.version.expect("the version that was made");
        assert_eq!(version.as_str(), "MTg0NDUxNzYzMDcxNDM2MDk2MzA", "{name}");
    }
}

#[test]
fn d4_12_the_version_that_was_read_is_told_where_the_server_tells() {
    let body = format!("<CopyPartResult><ETag>\"{TAG}\"</ETag></CopyPartResult>");
    for name in DialectName::ALL {
        assert_eq!(part(name, &body).unwrap().source_version, None, "{name}");
        let header = crate::sample::vendor(name, "copy-source-version-id");
        let answer = response(200, &[(header.as_str(), "v1")], &body);
        let copied = read(name, &part_copy(name), &answer).unwrap();
        assert_eq!(copied.source_version.unwrap().as_str(), "v1", "{name}");
    }
}
