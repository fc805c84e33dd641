//! The beginning of an object, to be looked at.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use partway_domain::ByteRange;

use crate::api::Api;
use crate::contract::{ObjectPreview, ObjectRef};
use crate::error::ApiError;

/// Bytes that are read at most.
const MOST: u64 = 1 << 20;

impl Api {
    /// Reads the first MiB of an object. Costs traffic, so only when the user asks.
    pub async fn preview_object(&self, object: ObjectRef) -> Result<ObjectPreview, ApiError> {
        let subject = self.subject(object).await?;
        let (account, region) = (&subject.account, subject.region());
        let head = self.engine().call(account, region, &subject.head()).await?;
        let size = head.output.size;
        let mut body = Vec::new();
        // An empty object has no range to be asked for.
        if let Some(range) = ByteRange::new(0, size.min(MOST)) {
            let mut operation = subject.get();
            operation.range = Some(range);
            operation.customer_key.clone_from(&subject.customer_key);
            body = self
                .engine()
                .call(account, region, &operation)
                .await?
                .output
                .body;
        }
        let headers = head.output.attributes.headers;
        let declared = headers.into_iter().find(|(name, _)| name == "content-type");
        Ok(shown(
            &body,
            size,
            declared.map_or_else(String::new, |(_, value)| value),
        ))
    }
}

fn shown(body: &[u8], size: u64, declared: String) -> ObjectPreview {
    let whole = body.len() as u64 == size;
    let preview = ObjectPreview {
        shows: "binary".to_owned(),
        content_type: declared,
        text: None,
        base64: None,
        read: body.len() as f64,
        size: size as f64,
    };
    if let Some(kind) = image(body).filter(|_| whole) {
        return ObjectPreview {
            shows: "image".to_owned(),
            content_type: kind.to_owned(),
            base64: Some(BASE64.encode(body)),
            ..preview
        };
    }
    match text(body) {
        Some(text) => ObjectPreview {
            shows: "text".to_owned(),
            text: Some(text.to_owned()),
            ..preview
        },
        None => preview,
    }
}

/// What the first bytes say: a declared type may be anything, and a page drawn as an image could
/// bring scripts along.
fn image(body: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| body.starts_with(with);
    if begins(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if begins(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some("image/gif")
    } else if begins(b"RIFF") && body.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

/// The bytes as text; a character that the end cuts is left out.
fn text(body: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&body[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_what_they_are() {
        let shows = |body: &[u8], size| shown(body, size, "text/html".to_owned()).shows;
        assert_eq!(shows(b"a,b\n1,2", 7), "text");
        assert_eq!(
            shows("\u{00e4}".as_bytes().split_at(1).0, 2),
            "text",
            "cut in a character"
        );
        assert_eq!(shows(b"PAR1\0\xff\xfe", 7), "binary");
        assert_eq!(shows(b"\x89PNG\r\n\x1a\n\0", 9), "image");
        assert_eq!(shows(b"\x89PNG\r\n\x1a\n\0", 10), "binary", "half an image");
        assert_eq!(shows(b"", 0), "text");
    }
}
