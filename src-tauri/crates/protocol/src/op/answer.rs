//! Reading answers: success by status and body, everything else as a [`WireError`].

use partway_domain::{ETag, FailureKind, VersionId};

use super::{Copied, Target};
use crate::error::WireError;
use crate::wire::Response;
use crate::xml::{self, Element, XmlError};

/// One answer of one operation, with what is needed to read it.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) operation: &'static str,
    pub(super) target: Target<'a>,
    pub(super) response: &'a Response,
    /// Whether the server has changed something when it sent a 200.
    pub(super) changes: bool,
}

impl<'a> Answer<'a> {
    pub(super) fn reading(
        operation: &'static str,
        target: Target<'a>,
        response: &'a Response,
    ) -> Self {
        Self {
            operation,
            target,
            response,
            changes: false,
        }
    }

    pub(super) fn changing(
        operation: &'static str,
        target: Target<'a>,
        response: &'a Response,
    ) -> Self {
        Self {
            changes: true,
            ..Self::reading(operation, target, response)
        }
    }

    /// Success is 200 and 204; a 206 or a redirect was never asked for.
    pub(super) fn succeeded(&self) -> Result<(), WireError> {
        if matches!(self.response.status, 200 | 204) {
            Ok(())
        } else {
            Err(self.refused())
        }
    }

    /// The expected root of a 200, closed and whole.
    pub(super) fn root(&self, name: &str, max: usize) -> Result<Element, WireError> {
        self.succeeded()?;
        let mut document = xml::parse(&self.response.body, max)
            .map_err(|error| self.unreadable(error.to_string()))?;
        if let Some(at) = document.children.iter().position(|root| root.is(name)) {
            return Ok(document.children.swap_remove(at));
        }
        if let Some(error) = document.child("Error") {
            return Err(self.error_of(&Words::of_element(error)));
        }
        match document.children.first() {
            Some(other) => Err(self.unreadable(format!("<{}> stands for <{name}>", other.name))),
            None => Err(self.unreadable("the body is empty".to_owned())),
        }
    }

    /// The result of a copy or completion: root `name` with a non-empty `ETag`.
    ///
    /// COS is read more leniently: old pages show `ETag` and `LastModified` without a root, and
    /// a completed key may be one that XML cannot hold.
    pub(super) fn copied(&self, name: &str) -> Result<Copied, WireError> {
        self.succeeded()?;
        let cos = self.target.dialect.name() == partway_domain::DialectName::Cos;
        let body = &self.response.body;
        let result = match xml::parse(body, xml::SMALL) {
            // Both must be there, or a body cut between them would pass.
            Ok(roots) if cos && roots.child("ETag").is_some() => {
                if roots.child("LastModified").is_none() {
                    return Err(self.unreadable("the body ends after <ETag>".to_owned()));
                }
                roots
            }
            Err(XmlError::IllFormed(fault)) if cos => {
                let tag = xml::salvage(body, name, "ETag").ok_or_else(|| self.unreadable(fault))?;
                return self.copied_with(&tag, None);
            }
            _ => self.root(name, xml::SMALL)?,
        };
        let crc64 = result.value("CRC64").map(str::to_owned);
        self.copied_with(result.value("ETag").unwrap_or(""), crc64)
    }

    /// A result from its tag; versions and a missing checksum come from the headers.
    pub(super) fn copied_with(
        &self,
        etag: &str,
        crc64: Option<String>,
    ) -> Result<Copied, WireError> {
        let etag = ETag::parse(etag)
            .ok_or_else(|| self.unreadable("the answer has no ETag".to_owned()))?;
        let version = |name: &str| {
            let text = self.vendor_header(name)?;
            VersionId::parse(text).ok()
        };
        Ok(Copied {
            etag,
            crc64_xz: crc64.or_else(|| {
                self.response
                    .header("x-cos-hash-crc64ecma")
                    .map(str::to_owned)
            }),
            source_version: version("copy-source-version-id"),
            version: version("version-id"),
        })
    }

    /// A vendor header of the answer, if it is there and not empty.
    pub(super) fn vendor_header(&self, name: &str) -> Option<&'a str> {
        let value = self.response.header(&self.target.vendor(name))?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The error an answer carries that is not a success.
    pub(super) fn refused(&self) -> WireError {
        self.error_of(&Words::of_body(&self.response.body))
    }

    /// A success that cannot be understood.
    pub(super) fn unreadable(&self, fault: String) -> WireError {
        WireError {
            kind: FailureKind::BadResponse,
            code: None,
            message: Some(fault),
            outcome_unknown: self.changes,
            ..self.error_of(&Words::default())
        }
    }

    fn error_of(&self, words: &Words) -> WireError {
        let header = |name: &str| self.response.header(name).map(str::to_owned);
        let any_header = |names: &[&str]| names.iter().find_map(|name| header(name));
        let status = self.response.status;
        // HEAD has no body; some servers put the words into headers.
        let code = words
            .code
            .clone()
            .or_else(|| any_header(&["x-amz-error-code", "x-obs-error-code", "x-cos-error-code"]));
        let message = words.message.clone().or_else(|| {
            any_header(&[
                "x-amz-error-message",
                "x-obs-error-message",
                "x-cos-error-message",
            ])
        });
        let kind = match self.target.dialect.classify(status, code.as_deref()) {
            // A signature that is "expired" seconds after it was made means the clock.
            FailureKind::AccessDenied
                if message.as_deref().is_some_and(|text| {
                    text.to_ascii_lowercase().contains("request has expired")
                }) =>
            {
                FailureKind::ClockSkew
            }
            kind => kind,
        };
        let region = (kind == FailureKind::WrongRegion)
            .then(|| {
                any_header(REGION_HEADERS)
                    .or_else(|| words.region.clone())
                    .or_else(|| words.endpoint.clone())
            })
            .flatten();
        let request_id = self
            .vendor_header("request-id")
            .map(str::to_owned)
            .or_else(|| any_header(&["x-cos-request-id", "x-obs-request-id", "x-amz-request-id"]))
            .or_else(|| words.request_id.clone());
        let retry_after = header("retry-after")
            .and_then(|seconds| seconds.trim().parse().ok())
            .or_else(|| self.target.dialect.delay(&header));
        WireError {
            operation: self.operation,
            status,
            kind,
            code,
            message,
            request_id,
            region,
            retry_after,
            outcome_unknown: false,
        }
    }
}

/// Headers in which a server says where a bucket is.
pub(super) const REGION_HEADERS: &[&str] = &[
    "x-cos-bucket-region",
    "x-obs-bucket-location",
    "x-amz-bucket-region",
];

/// What an error body says.
#[derive(Default)]
struct Words {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
}

impl Words {
    /// From XML, from the JSON of some COS gateways, or nothing from anything else.
    fn of_body(body: &[u8]) -> Self {
        if body.trim_ascii_start().first() == Some(&b'{') {
            return Self::of_json(body);
        }
        match xml::parse(body, xml::SMALL) {
            Ok(document) => document
                .child("Error")
                .map(Self::of_element)
                .unwrap_or_default(),
            // The repeated key may be what makes it ill-formed.
            Err(_) => Self {
                code: xml::salvage(body, "Error", "Code"),
                message: xml::salvage(body, "Error", "Message"),
                request_id: xml::salvage(body, "Error", "RequestId"),
                ..Self::default()
            },
        }
    }

    fn of_element(error: &Element) -> Self {
        let value = |name| error.value(name).map(str::to_owned);
        Self {
            code: value("Code"),
            message: value("Message"),
            request_id: value("RequestId"),
            region: value("Region"),
            endpoint: value("Endpoint"),
        }
    }

    fn of_json(body: &[u8]) -> Self {
        let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let value = |name: &str| match json.get(name) {
            Some(serde_json::Value::String(text)) => Some(text.clone()),
            Some(serde_json::Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Self {
            code: value("code"),
            message: value("message"),
            request_id: value("request_id").or_else(|| value("requestid")),
            ..Self::default()
        }
    }
}
