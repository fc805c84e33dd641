//! Reading answers: success by status and body, everything else as a [`WireError`].

use partway_domain::planted::{self, Bug};
use partway_domain::{ETag, FailureKind, VersionId};

use super::{Copied, Encrypted, Target};
use crate::dialect::meaning;
use crate::endpoint::{Directions, Pointer};
use crate::error::WireError;
use crate::time;
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
    pub(super) fn root(&self, name: &str, max: usize) -> Result<Element<'a>, WireError> {
        self.root_among(&[name], max)
    }

    /// The root of a 200 that goes by several names.
    pub(super) fn root_among(&self, names: &[&str], max: usize) -> Result<Element<'a>, WireError> {
        self.succeeded()?;
        let document = xml::parse(&self.response.body, max)
            .map_err(|error| self.unreadable(error.to_string()))?;
        self.root_of(document, names)
    }

    /// The expected root of an answer that repeats the key it was asked for. XML cannot hold
    /// every character of a key, and some servers do not escape the others: what stands
    /// within `Key` is passed over when it makes the answer ill-formed.
    pub(super) fn root_beside_key(&self, name: &str, max: usize) -> Result<Element<'a>, WireError> {
        self.succeeded()?;
        let document = self.document_beside_key(max)?;
        self.root_of(document, &[name])
    }

    fn document_beside_key(&self, max: usize) -> Result<Element<'a>, WireError> {
        let body = &self.response.body;
        xml::parse(body, max)
            .or_else(|error| match (&error, xml::without_key(body)) {
                (XmlError::IllFormed(_), Some(body)) => {
                    xml::parse(&body, max).map(Element::into_owned)
                }
                _ => Err(error),
            })
            .map_err(|error| self.unreadable(error.to_string()))
    }

    fn root_of(&self, mut document: Element<'a>, names: &[&str]) -> Result<Element<'a>, WireError> {
        let expected = |root: &Element<'_>| names.iter().any(|name| root.is(name));
        if let Some(at) = document.children.iter().position(expected) {
            return Ok(document.children.swap_remove(at));
        }
        if let Some(error) = document.child("Error") {
            return Err(self.error_of(&Words::of_element(error)));
        }
        match document.children.first() {
            Some(other) => Err(self.unreadable(format!(
                "<{}> stands for <{}>",
                xml::quote(&other.name),
                names.first().unwrap_or(&"")
            ))),
            None => Err(self.unreadable("the body is empty".to_owned())),
        }
    }

    /// The result of a copy or completion: root `name` with a non-empty `ETag`.
    ///
    /// Old pages of COS show `ETag` and `LastModified` without a root.
    pub(super) fn copied(&self, name: &str) -> Result<Copied, WireError> {
        self.succeeded()?;
        if planted::is(Bug::TrustAny200) && name != "CopyPartResult" {
            return self.copied_with("unread");
        }
        let document = self.document_beside_key(xml::SMALL)?;
        let cos = self.target.dialect.name() == partway_domain::DialectName::Cos;
        let result = if cos && document.child("ETag").is_some() {
            // Both must be there, or a body cut between them would pass.
            if document.child("LastModified").is_none() {
                return Err(self.unreadable("the body ends after <ETag>".to_owned()));
            }
            document
        } else {
            self.root_of(document, &[name])?
        };
        let tags: Vec<&str> = result.all("ETag").map(|tag| tag.text.trim()).collect();
        if tags.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(self.unreadable("the answer has two different ETags".to_owned()));
        }
        let copied = self.copied_with(tags.first().unwrap_or(&""))?;
        let crc64 = result.value("CRC64").map(str::to_owned);
        let version = result.value("VersionId").map(VersionId::parse);
        Ok(Copied {
            crc64_xz: crc64.or(copied.crc64_xz),
            version: copied.version.or(version.and_then(Result::ok)),
            ..copied
        })
    }

    /// As [`copied`](Self::copied), of a source whose version may have been named: then no
    /// other may have been read.
    pub(super) fn copied_from(
        &self,
        name: &str,
        source: &super::CopySource,
    ) -> Result<Copied, WireError> {
        let copied = self.copied(name)?;
        match (&copied.source_version, &source.version) {
            (Some(read), Some(asked)) if read != asked => Err(WireError {
                kind: FailureKind::SourceChanged,
                message: Some(format!("version {read} was read instead of {asked}")),
                ..self.error_of(&Words::default())
            }),
            _ => Ok(copied),
        }
    }

    /// A result from its tag; everything else from the headers.
    pub(super) fn copied_with(&self, etag: &str) -> Result<Copied, WireError> {
        let etag = ETag::parse(etag)
            .ok_or_else(|| self.unreadable("the answer has no ETag".to_owned()))?;
        Ok(Copied {
            etag,
            crc64_xz: self
                .response
                .header("x-cos-hash-crc64ecma")
                .map(str::to_owned),
            source_version: self.version("copy-source-version-id"),
            version: self.version("version-id"),
            encrypted: Encrypted::of(self),
        })
    }

    /// A vendor header of the answer, if it is there and not empty.
    pub(super) fn vendor_header(&self, name: &str) -> Option<&'a str> {
        let prefix = self.target.dialect.vendor_prefix();
        let is_it = |have: &str| {
            have.split_at_checked(prefix.len())
                .is_some_and(|(vendor, rest)| {
                    vendor.eq_ignore_ascii_case(prefix) && rest.eq_ignore_ascii_case(name)
                })
        };
        let mut headers = self.response.headers.iter();
        let (_, value) = headers.find(|(have, _)| is_it(have))?;
        let value = value.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Whether a vendor header says `true`.
    pub(super) fn says_true(&self, name: &str) -> bool {
        self.vendor_header(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A version id in a vendor header.
    pub(super) fn version(&self, name: &str) -> Option<VersionId> {
        VersionId::parse(self.vendor_header(name)?).ok()
    }

    /// A header that decides something: twice with different values it decides nothing.
    pub(super) fn single(&self, name: &str) -> Result<Option<&'a str>, WireError> {
        let mut values = self
            .response
            .headers
            .iter()
            .filter(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim());
        let first = values.next();
        if values.any(|value| Some(value) != first) {
            return Err(self.unreadable(format!("the header {name} has two different values")));
        }
        Ok(first)
    }

    /// The error about an object: a delete marker is answered with 404 or, asked for by its
    /// version, with 405, and says so in a header.
    pub(super) fn refused_object(&self) -> WireError {
        let error = self.refused();
        if !self.says_true("delete-marker") {
            return error;
        }
        WireError {
            kind: FailureKind::NoSuchSource,
            message: Some("it is a delete marker, the object was deleted".to_owned()),
            ..error
        }
    }

    /// A success of a server that does not do what was asked.
    pub(super) fn lacks(&self, what: &str) -> WireError {
        WireError {
            kind: FailureKind::NotSupported,
            message: Some(what.to_owned()),
            ..self.error_of(&Words::default())
        }
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
        // Whoever shows an error shows these: they come from outside.
        let tame = |text: String| xml::tame(&text, MAX_WORDS);
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
        let dialect = self.target.dialect;
        let kind = dialect.classify(status, code.as_deref());
        let kind = meaning::by_message(dialect.name(), kind, message.as_deref());
        let region_header = any_header(REGION_HEADERS);
        let kind = self.refined(kind, code.as_deref(), region_header.as_deref());
        let pointer = match kind {
            FailureKind::WrongRegion => self.target.endpoint.pointer(Directions {
                header: region_header.as_deref(),
                region: words.region.as_deref(),
                endpoint: words.endpoint.as_deref(),
                location: self.response.header("location"),
            }),
            _ => Pointer::Nowhere,
        };
        let (region, stranger) = match pointer {
            Pointer::Nowhere => (None, None),
            Pointer::Region(region) => (Some(region), None),
            Pointer::Stranger(host) => (None, Some(host)),
        };
        let request_id = self
            .vendor_header("request-id")
            .map(str::to_owned)
            .or_else(|| any_header(&["x-cos-request-id", "x-obs-request-id", "x-amz-request-id"]))
            .or_else(|| words.request_id.clone())
            .or_else(|| any_header(&["x-obs-id-2", "x-amz-id-2"]));
        let retry_after = header("retry-after")
            .and_then(|asked| seconds_asked(&asked, header("date").as_deref()))
            .or_else(|| self.target.dialect.delay(&header));
        WireError {
            operation: self.operation,
            status,
            kind,
            code: code.map(tame),
            message: message.map(tame),
            request_id: request_id.map(tame),
            region: region.map(tame),
            stranger: stranger.map(tame),
            server_time: words.server_time.clone(),
            retry_after,
            outcome_unknown: false,
        }
    }

    /// A HEAD in the wrong region is refused by S3 without a word but the region's.
    fn refined(&self, kind: FailureKind, code: Option<&str>, region: Option<&str>) -> FailureKind {
        let elsewhere = region.is_some_and(|region| region != self.target.endpoint.region);
        if self.response.status == 400 && code.is_none() && elsewhere {
            return FailureKind::WrongRegion;
        }
        kind
    }
}

/// Most characters of a code, a message or an id that are kept.
const MAX_WORDS: usize = 1024;

/// `Retry-After` in seconds: a number, or a time by the server's own clock.
fn seconds_asked(retry_after: &str, date: Option<&str>) -> Option<u64> {
    if let Ok(seconds) = retry_after.trim().parse() {
        return Some(seconds);
    }
    let until_ms = time::parse_ms(retry_after)?;
    let now_ms = time::parse_ms(date?)?;
    u64::try_from(until_ms - now_ms)
        .ok()
        .map(|ms| ms.div_ceil(1000))
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
    server_time: Option<String>,
}

impl Words {
    /// From XML, from the JSON of some COS gateways, or at least what kind of page came.
    fn of_body(body: &[u8]) -> Self {
        if body.trim_ascii_start().first() == Some(&b'{') && body.len() <= xml::SMALL {
            return Self::of_json(body);
        }
        match xml::parse(body, xml::SMALL) {
            Ok(document) => document
                .child("Error")
                .map(Self::of_element)
                .unwrap_or_default(),
            // The repeated key may be what makes it ill-formed.
            Err(XmlError::IllFormed(_)) => Self {
                code: xml::salvage(body, "Error", "Code"),
                message: xml::salvage(body, "Error", "Message"),
                request_id: xml::salvage(body, "Error", "RequestId"),
                ..Self::default()
            },
            Err(error) => Self {
                message: Some(error.to_string()),
                ..Self::default()
            },
        }
    }

    fn of_element(error: &Element<'_>) -> Self {
        let value = |name| error.value(name).map(str::to_owned);
        Self {
            code: value("Code"),
            message: value("Message"),
            request_id: value("RequestId"),
            region: value("Region"),
            endpoint: value("Endpoint"),
            server_time: value("ServerTime"),
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
            request_id: value("request_id")
                .or_else(|| value("requestid"))
                .or_else(|| value("requestId")),
            ..Self::default()
        }
    }
}
