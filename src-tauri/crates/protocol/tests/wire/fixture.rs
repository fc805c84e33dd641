//! Targets, names and a readable form of requests.

use std::fmt::Write as _;

use partway_domain::{Addressing, Bucket, DialectName, ETag, Key, UploadId};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::Endpoint;
use partway_protocol::error::WireError;
use partway_protocol::op::{CopySource, Operation, Target};
use partway_protocol::wire::{Request, Response};

pub(crate) fn endpoint(name: DialectName, region: &str) -> Endpoint {
    let host = match name {
        DialectName::Cos => format!("cos.{region}.myqcloud.com"),
        DialectName::Obs | DialectName::ObsV2 => format!("obs.{region}.myhuaweicloud.com"),
        DialectName::S3 => format!("s3.{region}.amazonaws.com"),
    };
    Endpoint::new("https", host, region, Addressing::VirtualHost)
}

pub(crate) fn loopback() -> Endpoint {
    Endpoint::new("http", "127.0.0.1:9000", "demo-1", Addressing::Path)
}

pub(crate) fn credential() -> Credential {
    Credential {
        access_key: "EXAMPLEID".to_owned(),
        secret_key: "EXAMPLESECRET".to_owned(),
        token: Some("EXAMPLETOKEN".to_owned()),
    }
}

pub(crate) fn bucket() -> Bucket {
    Bucket::parse("target-1250000000").unwrap()
}

pub(crate) fn key() -> Key {
    Key::parse("a b/中+.bin").unwrap()
}

pub(crate) fn upload_id() -> UploadId {
    UploadId::parse("up/1+=").unwrap()
}

pub(crate) fn etag() -> ETag {
    ETag::parse("\"0123456789abcdef0123456789abcdef\"").unwrap()
}

pub(crate) fn source(endpoint: Endpoint) -> CopySource {
    CopySource {
        bucket: Bucket::parse("source-1250000001").unwrap(),
        key: Key::parse("x?y/%20/中").unwrap(),
        version: None,
        endpoint,
        customer_key: None,
    }
}

/// Request line, host, headers and body, a line each.
pub(crate) fn readable(request: &Request) -> String {
    let mut text = format!(
        "{} {} @ {}\n",
        request.method.as_str(),
        request.target(),
        request.host
    );
    for (name, value) in &request.headers {
        let _ = writeln!(text, "  {name}: {value}");
    }
    if !request.body.is_empty() {
        let _ = writeln!(text, "  {}", String::from_utf8_lossy(&request.body));
    }
    text
}

pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Response {
    Response {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.as_ref().to_vec(),
    }
}

/// What an operation reads from an answer of that dialect.
pub(crate) fn read<O: Operation>(
    name: DialectName,
    operation: &O,
    response: &Response,
) -> Result<O::Output, WireError> {
    let endpoint = endpoint(name, "region-1");
    let target = Target {
        dialect: dialect(name),
        endpoint: &endpoint,
    };
    operation.response(target, response)
}
