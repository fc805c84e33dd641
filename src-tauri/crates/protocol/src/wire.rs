//! Requests and responses as data.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use md5::{Digest as _, Md5};

use crate::encode;
use crate::endpoint::Location;

/// The methods the three APIs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// PUT
    Put,
    /// POST
    Post,
    /// DELETE
    Delete,
}

impl Method {
    /// The method in capitals, as it goes on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// One request before or after signing.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// `http` or `https`.
    pub scheme: String,
    /// The `Host` header: host and, if it is not the scheme's own, the port.
    pub host: String,
    /// The path exactly as it goes on the wire, percent-encoded, without query. No URL type
    /// may touch it: `/a/..` is a key here.
    pub path: String,
    /// Decoded names and values in order. `None` is a sub-resource without `=` (`?uploads`).
    pub query: Vec<(String, Option<String>)>,
    /// Headers in order, names in lower case. `host` is not among them before signing.
    pub headers: Vec<(String, String)>,
    /// The body; empty for most. PUT and POST without one must be sent with
    /// `Content-Length: 0`; that header is the transport's.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without query, headers and body.
    pub fn new(method: Method, scheme: &str, location: Location) -> Self {
        Self {
            method,
            scheme: scheme.to_owned(),
            host: location.host,
            path: location.path,
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// With one more parameter.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), Some(value.into())));
        self
    }

    /// With one more sub-resource, a parameter without `=`.
    #[must_use]
    pub fn with_subresource(mut self, name: &str) -> Self {
        self.query.push((name.to_owned(), None));
        self
    }

    /// With one more header; the name in lower case.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With the version to speak of; without one it is the current one.
    #[must_use]
    pub fn of_version(self, version: Option<&partway_domain::VersionId>) -> Self {
        match version {
            // The spelling counts: one signer sorts out `versionid` as unknown.
            Some(version) => self.with_query("versionId", version.as_str()),
            None => self,
        }
    }

    /// With bytes as the body and their `content-md5`, so that none is changed on the way. No
    /// bytes need none, and a URL to write with leaves the bytes to who has it.
    #[must_use]
    pub fn with_body(mut self, body: Vec<u8>) -> Self {
        if body.is_empty() {
            return self;
        }
        let digest = BASE64.encode(Md5::digest(&body));
        self.body = body;
        self.with_header("content-md5", digest)
    }

    /// With an XML body, its type and the `content-md5` that COS demands with every body and
    /// that satisfies the other two as well.
    #[must_use]
    pub fn with_xml(self, body: String) -> Self {
        self.with_header("content-type", "application/xml")
            .with_body(body.into_bytes())
    }

    /// The first header of that name, compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Path and encoded query: what stands in the request line.
    pub fn target(&self) -> String {
        let mut target = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(&encode::component(name));
            if let Some(value) = value {
                target.push('=');
                target.push_str(&encode::component(value));
            }
        }
        target
    }

    /// Scheme, host and target.
    pub fn url(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.target())
    }
}

/// Without the values of headers or parameters that carry secrets or signatures.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = |name: &str, value: &str| {
            if is_secret(name) {
                "••••".to_owned()
            } else {
                value.to_owned()
            }
        };
        let query: Vec<_> = self
            .query
            .iter()
            .map(|(name, value)| (name, value.as_deref().map(|value| masked(name, value))))
            .collect();
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name, masked(name, value)))
            .collect();
        f.debug_struct("Request")
            .field("method", &self.method.as_str())
            .field("host", &self.host)
            .field("path", &self.path)
            .field("query", &query)
            .field("headers", &headers)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Whether a header or parameter of that name carries a secret, a token or a signature.
/// Access key ids count too: logs travel further than settings.
pub fn is_secret(name: &str) -> bool {
    const NAMES: [&str; 6] = [
        "authorization",
        "signature",
        "awsaccesskeyid",
        "accesskeyid",
        "q-ak",
        "sign",
    ];
    const ENDINGS: [&str; 6] = [
        "-signature",
        "-credential",
        "-security-token",
        "-customer-key",
        "-customer-key-md5",
        "-encryption-context",
    ];
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// One answer, body read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers in order, names in lower case, values as Latin-1/UTF-8 lossy text.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(have, _)| have.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        let location = Location {
            host: "b.example.com".to_owned(),
            path: "/a%20b".to_owned(),
        };
        Request::new(Method::Put, "https", location)
    }

    #[test]
    fn a_subresource_has_no_equals_sign() {
        let request = request()
            .with_subresource("uploads")
            .with_query("prefix", "")
            .with_query("marker", "a b&c");
        assert_eq!(request.target(), "/a%20b?uploads&prefix=&marker=a%20b%26c");
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut request = request().with_query("X-Amz-Signature", "SECRET-1");
        for name in [
            "authorization",
            "x-cos-security-token",
            "x-amz-server-side-encryption-customer-key",
            "x-obs-copy-source-server-side-encryption-customer-key-MD5",
        ] {
            request = request.with_header(name, "SECRET-2");
        }
        let shown = format!("{request:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(shown.contains("authorization"), "{shown}");
    }

    #[test]
    fn an_xml_body_carries_its_digest() {
        let request = request().with_xml("<a/>".to_owned());
        assert_eq!(
            request.header("Content-MD5"),
            Some("8BnumgOXiv+fm3jQ3fPttw==")
        );
    }
}
