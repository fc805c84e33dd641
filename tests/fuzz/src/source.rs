//! The copy source: what a builder writes, an independent reader must find again.

use partway_domain::{Addressing, Bucket, DialectName, Key, VersionId};
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::CopySource;

use crate::words::{Lines, dialect_name};

const HOST: &str = "cos.ap-guangzhou.myqcloud.com";

/// Dialect, bucket and version id on a line each (an empty version id is none), then the key.
///
/// The value is printable ASCII without a blank, so it is a header everywhere; bucket, key and
/// version come out of it as they went in.
pub fn copy_source(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = Lines::of(&text);
    let name = dialect_name(lines.next());
    let bucket = Bucket::parse(lines.next());
    let version = VersionId::parse(lines.next()).ok();
    let key = Key::parse(lines.rest().collect::<Vec<_>>().join("\n"));
    let (Ok(bucket), Ok(key)) = (bucket, key) else {
        return;
    };
    let endpoint = Endpoint::new("https", HOST, "ap-guangzhou", Addressing::VirtualHost);
    let source = CopySource {
        bucket,
        key,
        version,
        endpoint: endpoint.clone(),
        customer_key: None,
    };
    let value = dialect(name).copy_source(&endpoint, &source);
    assert!(value.bytes().all(|byte| byte.is_ascii_graphic()), "{value}");
    let (bucket, key, version) = read(name, &value);
    assert_eq!(bucket, source.bucket.as_str());
    assert_eq!(key, source.key.as_str());
    assert_eq!(
        version.as_deref(),
        source.version.as_ref().map(VersionId::as_str)
    );
}

/// Bucket, key and version of a copy source, as the provider's page describes its form.
fn read(name: DialectName, value: &str) -> (String, String, Option<String>) {
    let value = match name {
        DialectName::Obs | DialectName::ObsV2 => value.strip_prefix('/').unwrap(),
        DialectName::Cos | DialectName::S3 => value,
    };
    let (place, rest) = value.split_once('/').unwrap();
    let (key, version) = match rest.split_once('?') {
        Some((key, query)) => (key, Some(query.strip_prefix("versionId=").unwrap())),
        None => (rest, None),
    };
    let bucket = match name {
        DialectName::Cos => place.strip_suffix(&format!(".{HOST}")).unwrap(),
        _ => place,
    };
    (bucket.to_owned(), unescape(key), version.map(unescape))
}

/// Percent-decoding written once more: the reader shares nothing with the builder.
fn unescape(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or("").as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}
