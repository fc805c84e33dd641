//! Requests full of everything that somebody once encoded wrongly.

use partway_domain::{Addressing, Bucket, DialectName, Key};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::wire::Method;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::Case;

/// What the other signer can be given at all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taste {
    pub(crate) dialect: DialectName,
    /// Whether header values may leave ASCII.
    pub(crate) wide_headers: bool,
}

/// Pieces of keys and parameters. Each has been taken for something else by some client.
const PIECES: &[&str] = &[
    "a",
    "Z",
    "0",
    "/",
    "//",
    ".",
    "..",
    "./",
    "../",
    "+",
    "%",
    "%20",
    "%2F",
    "%2f",
    "%25",
    "%zz",
    "%E4",
    " ",
    "  ",
    "~",
    "*",
    "'",
    "(",
    ")",
    "!",
    "-",
    "_",
    "?",
    "#",
    "&",
    "=",
    ";",
    ":",
    "@",
    "$",
    ",",
    "\"",
    "<",
    ">",
    "[",
    "]",
    "{",
    "}",
    "|",
    "\\",
    "^",
    "`",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\u{7f}",
    "é",
    "e\u{301}",
    "中文",
    "ﬁ",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{202e}",
    "İ",
    "ß",
    "😀",
    "\u{10ffff}",
    "\u{fffd}",
];

/// Names of parameters: sub-resources that are signed or not, in cases that are theirs or not.
const PARAMETERS: &[&str] = &[
    "acl",
    "ACL",
    "delete",
    "uploads",
    "uploadId",
    "uploadid",
    "partNumber",
    "versionId",
    "versionid",
    "versions",
    "versioning",
    "location",
    "tagging",
    "restore",
    "policy",
    "quota",
    "storageClass",
    "storagePolicy",
    "prefix",
    "Prefix",
    "delimiter",
    "marker",
    "max-keys",
    "encoding-type",
    "list-type",
    "continuation-token",
    "start-after",
    "key-marker",
    "response-content-type",
    "response-content-disposition",
    "x-image-process",
    "bucketstatus",
    "attname",
    "position",
    "a-b",
    "a.b",
    "A_b",
    "~",
];

/// Names of headers that are not the vendor's own.
const HEADERS: &[&str] = &[
    "content-type",
    "content-md5",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "expires",
    "range",
    "if-match",
    "if-none-match",
    "origin",
    "x-other",
];

/// What follows the vendor's prefix.
const VENDOR_HEADERS: &[&str] = &[
    "acl",
    "copy-source",
    "copy-source-range",
    "copy-source-if-match",
    "metadata-directive",
    "storage-class",
    "grant-read",
    "server-side-encryption",
    "meta-a",
    "meta-A-b",
    "meta-zz",
    "meta-1.2",
    "meta-a_b",
];

fn text(pieces: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(PIECES).prop_map(str::to_owned),
        2 => (0_u8..0x80).prop_map(|byte| char::from(byte).to_string()),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, pieces).prop_map(|pieces| pieces.concat())
}

fn key() -> impl Strategy<Value = Option<Key>> {
    prop_oneof![
        1 => Just(None),
        9 => text(1..10).prop_map(|key| Key::parse(key).ok()),
    ]
}

fn parameter() -> impl Strategy<Value = (String, Option<String>)> {
    let name = prop_oneof![
        8 => select(PARAMETERS).prop_map(str::to_owned),
        1 => text(1..4),
    ];
    let value = prop_oneof![1 => Just(None), 1 => Just(Some(String::new())), 6 => text(1..5).prop_map(Some)];
    (name, value)
}

fn header(taste: Taste) -> impl Strategy<Value = (String, String)> {
    let prefix = dialect(taste.dialect).vendor_prefix();
    let name = prop_oneof![
        3 => select(HEADERS).prop_map(str::to_owned),
        5 => select(VENDOR_HEADERS).prop_map(move |name| format!("{prefix}{name}")),
        1 => "[a-z0-9!#$&'*+.^_`|~-]{1,5}".prop_map(move |name| format!("{prefix}meta-{name}")),
    ];
    let ascii = prop_oneof![
        select(
            &[
                "", " ", "a", "A", "/", "%2F", "%", "+", ",", ";", "=", "\"", ":", "&", "  ", "?"
            ][..]
        )
        .prop_map(str::to_owned),
        "[ -~]{1,3}",
    ];
    let piece = if taste.wide_headers {
        prop_oneof![4 => ascii, 1 => "[é中😀\u{a0}\u{3000}]"].boxed()
    } else {
        ascii.boxed()
    };
    (name, vec(piece, 0..6).prop_map(|pieces| pieces.concat()))
}

fn credential() -> impl Strategy<Value = Credential> {
    // A secret is bytes to HMAC, and one that is longer than its block is hashed first.
    let secret = prop_oneof![3 => "[!-~]{1,40}", 1 => "[ -~é中]{60,140}"];
    ("[A-Za-z0-9]{1,24}", secret, prop::option::of("[!-~]{1,60}")).prop_map(
        |(access_key, secret_key, token)| Credential {
            access_key,
            secret_key,
            token,
        },
    )
}

fn endpoint(name: DialectName) -> impl Strategy<Value = Endpoint> {
    let host = match name {
        DialectName::Cos => "cos.ap-guangzhou.myqcloud.com",
        DialectName::Obs | DialectName::ObsV2 => "obs.cn-north-4.myhuaweicloud.com",
        DialectName::S3 => "s3.eu-west-1.amazonaws.com",
    };
    let host = select(vec![host, "127.0.0.1:9000", "storage.example.com:8443"]);
    let region = select(&["eu-west-1", "ap-guangzhou", "us-east-1"][..]);
    let addressing = select(&[Addressing::VirtualHost, Addressing::Path][..]);
    (host, region, addressing)
        .prop_map(|(host, region, addressing)| Endpoint::new("https", host, region, addressing))
}

/// Requests of one dialect.
pub(crate) fn cases(taste: Taste) -> impl Strategy<Value = Case> {
    let method = select(
        &[
            Method::Get,
            Method::Head,
            Method::Put,
            Method::Post,
            Method::Delete,
        ][..],
    );
    let bucket = "[a-z][a-z0-9.-]{1,20}-1250000000".prop_map(|name| Bucket::parse(name).unwrap());
    (
        (method, endpoint(taste.dialect), bucket, key()),
        (vec(parameter(), 0..5), vec(header(taste), 0..5)),
        (vec(any::<u8>(), 0..20), credential(), 1_u32..604_800),
    )
        .prop_map(
            move |((method, endpoint, bucket, key), (query, headers), rest)| Case {
                dialect: taste.dialect,
                method,
                endpoint,
                bucket,
                key,
                query,
                headers,
                body: rest.0,
                credential: rest.1,
                lifetime: rest.2,
            },
        )
}
