//! What is answered when something is refused, before it has a provider's shape.

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// The `<Code>`.
    pub(crate) code: String,
    /// The `<Message>`: for people, and different on every server.
    pub(crate) message: String,
    /// Further headers.
    pub(crate) headers: Vec<(String, String)>,
    /// Further elements of the body.
    pub(crate) elements: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Refusal {
            status,
            code: code.to_owned(),
            message: message.into(),
            headers: Vec::new(),
            elements: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub(crate) fn with_element(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.elements.push((name, value.into()));
        self
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Refusal::new(400, "InvalidArgument", message)
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        Refusal::new(400, "InvalidRequest", message)
    }

    pub(crate) fn invalid_uri(message: impl Into<String>) -> Self {
        Refusal::new(400, "InvalidURI", message)
    }

    pub(crate) fn malformed_xml() -> Self {
        let message = "The XML in the body is not well-formed or not what this operation takes.";
        Refusal::new(400, "MalformedXML", message)
    }

    pub(crate) fn access_denied(message: impl Into<String>) -> Self {
        Refusal::new(403, "AccessDenied", message)
    }

    pub(crate) fn not_implemented(what: &str) -> Self {
        Refusal::new(
            501,
            "NotImplemented",
            format!("{what} is not implemented here."),
        )
    }

    pub(crate) fn no_such_bucket() -> Self {
        Refusal::new(404, "NoSuchBucket", "The bucket does not exist.")
    }

    pub(crate) fn no_such_key() -> Self {
        Refusal::new(404, "NoSuchKey", "The key does not exist.")
    }

    pub(crate) fn no_such_upload() -> Self {
        let message = "The upload does not exist: it was completed, aborted or never begun.";
        Refusal::new(404, "NoSuchUpload", message)
    }

    pub(crate) fn precondition_failed() -> Self {
        let message = "At least one of the conditions in the request does not hold.";
        Refusal::new(412, "PreconditionFailed", message)
    }

    pub(crate) fn expired_token() -> Self {
        Refusal::new(400, "ExpiredToken", "The provided token has expired.")
    }

    pub(crate) fn invalid_object_state() -> Self {
        let message = "The storage class does not allow this before the object is restored.";
        Refusal::new(403, "InvalidObjectState", message)
    }
}

/// The disk failed: the client sees an internal error, the reader of the log the reason.
impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(%error, "the demo cloud could not read or write its state");
        Refusal::new(500, "InternalError", "The server met an error of its own.")
    }
}
