//! What a request for a copy has besides headers: a line, and no body.

use partway_domain::DialectName;
use partway_protocol::op::{Attributes, CopyObject};

use super::pairs;
use crate::fixture::{read, response};
use crate::sample::{copy_object, create, head, part_copy, sent, vendor};

#[test]
fn d2_18_a_copy_has_no_body() {
    for name in DialectName::ALL {
        for request in [
            sent(name, &part_copy(name)),
            sent(name, &copy_object(name)),
            sent(name, &create()),
        ] {
            assert!(request.body.is_empty(), "{name}");
            let length = request.header("content-length");
            assert!(
                length.is_none_or(|length| length == "0"),
                "{name}: {length:?}"
            );
            // A digest or a checksum would announce one.
            assert_eq!(request.header("content-md5"), None, "{name}");
        }
    }
}

/// Changing a class or taking encryption away in place replaces all there is besides the bytes:
/// what was read must be sent again, or it is erased.
#[test]
fn d5_4_replacing_in_place_sends_everything_again() {
    for name in DialectName::ALL {
        let meta = vendor(name, "meta-reviewed-by");
        let headers = [
            ("content-length", "1"),
            ("etag", "\"a\""),
            ("content-type", "text/plain"),
            ("cache-control", "no-cache"),
            ("content-disposition", "attachment"),
            ("content-encoding", "gzip"),
            ("content-language", "de"),
            ("expires", "Thu, 01 Jan 2032 00:00:00 GMT"),
            (meta.as_str(), "j doe"),
        ];
        let found = read(name, &head(), &response(200, &headers, "")).unwrap();
        let copy = CopyObject {
            replace: Some(Attributes {
                tags: pairs(&[("a", "b")]),
                ..found.attributes
            }),
            storage_class: Some("ARCHIVE".to_owned()),
            ..copy_object(name)
        };
        let request = sent(name, &copy);
        for (header, value) in &headers[2..] {
            assert_eq!(request.header(header), Some(*value), "{name}");
        }
        assert_eq!(
            request.header(&vendor(name, "storage-class")),
            Some("ARCHIVE")
        );
        assert_eq!(
            request.header(&vendor(name, "tagging")),
            Some("a=b"),
            "{name}"
        );
    }
}
