//! What an object has besides its bytes, written into headers and read from them.

use super::encryption::with_source_key;
use super::{Attributes, Conditions, CopySource, Target};
use crate::encode;
use crate::error::RequestError;
use crate::wire::{Request, Response};

/// The standard headers that belong to an object.
const STANDARD: [&str; 6] = [
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
];

impl Attributes {
    /// Reads them from a HEAD answer; tags are not in it.
    pub(super) fn of(target: Target<'_>, response: &Response) -> Self {
        let prefix = target.vendor("meta-");
        let headers = STANDARD
            .iter()
            .filter_map(|name| {
                let value = response.header(name)?;
                Some(((*name).to_owned(), value.to_owned()))
            })
            .collect();
        let metadata = response
            .headers
            .iter()
            .filter_map(|(name, value)| {
                let name = name.to_ascii_lowercase();
                let name = name.strip_prefix(&prefix)?;
                (!name.is_empty()).then(|| (name.to_owned(), value.clone()))
            })
            .collect();
        let storage_class = response
            .header(&target.vendor("storage-class"))
            .map(str::trim)
            .filter(|class| !class.is_empty() && !class.eq_ignore_ascii_case("STANDARD"))
            .map(str::to_owned);
        Self {
            headers,
            metadata,
            storage_class,
            tags: Vec::new(),
        }
    }

    /// Adds them to a request. Fails for what no header can carry, naming the property.
    pub(super) fn write(
        &self,
        target: Target<'_>,
        request: Request,
        storage_class: Option<&str>,
    ) -> Result<Request, RequestError> {
        let dialect = target.dialect;
        let mut request = request;
        for (name, value) in &self.headers {
            let name = name.to_ascii_lowercase();
            check_value(&name, value)?;
            request = request.with_header(name, value);
        }
        let mut metadata_bytes = 0;
        for (name, value) in &self.metadata {
            let what = format!("the metadata {name:?}");
            if let Some(fault) = dialect.metadata_name_fault(name) {
                return Err(header_error(&what, fault));
            }
            let value = dialect.metadata_value(value);
            check_value(&what, &value)?;
            metadata_bytes += name.len() + value.len();
            let name = target.vendor(&format!("meta-{}", name.to_ascii_lowercase()));
            request = request.with_header(name, value);
        }
        let most = dialect.max_metadata_bytes();
        if metadata_bytes > most {
            return Err(RequestError::Refused {
                what: format!("{metadata_bytes} bytes of user metadata"),
                reason: format!(
                    "{} carries at most {most}; shorten it or leave some out",
                    dialect.provider()
                ),
            });
        }
        let class = storage_class
            .or(self.storage_class.as_deref())
            .or_else(|| dialect.unnamed_storage_class());
        if let Some(class) = class {
            request = with_class(target, request, class)?;
        }
        if !self.tags.is_empty() {
            request = request.with_header(target.vendor("tagging"), tagging(&self.tags));
        }
        Ok(request)
    }
}

/// Adds the storage class, in the provider's word.
pub(super) fn with_class(
    target: Target<'_>,
    request: Request,
    class: &str,
) -> Result<Request, RequestError> {
    check_value("the storage class", class)?;
    Ok(request.with_header(target.vendor("storage-class"), class))
}

/// Adds the source of a copy, what must hold of it, and the key to read it with.
pub(super) fn with_source(
    target: Target<'_>,
    request: Request,
    source: &CopySource,
    conditions: &Conditions,
) -> Result<Request, RequestError> {
    let value = target.dialect.copy_source(&source.endpoint, source);
    let request = request.with_header(target.vendor("copy-source"), value);
    let request = conditions.write(target, request)?;
    with_source_key(target, request, source.customer_key.as_ref())
}

/// `k=v&k=v`, both sides encoded.
fn tagging(tags: &[(String, String)]) -> String {
    tags.iter()
        .map(|(name, value)| format!("{}={}", encode::component(name), encode::component(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// A header can carry visible ASCII and blanks between; blanks at the ends are lost on the way.
pub(super) fn check_value(what: &str, value: &str) -> Result<(), RequestError> {
    if !value.is_ascii() {
        return Err(header_error(
            what,
            "its value has characters outside ASCII, which no header carries unchanged; \
             give the object another value or leave it out",
        ));
    }
    if value
        .bytes()
        .any(|byte| byte.is_ascii_control() && byte != b'\t')
    {
        return Err(header_error(what, "its value contains a control character"));
    }
    if value.trim() != value {
        return Err(header_error(
            what,
            "its value begins or ends with a blank, which is lost on the way",
        ));
    }
    Ok(())
}

fn header_error(what: &str, reason: &str) -> RequestError {
    RequestError::Header {
        what: what.to_owned(),
        reason: reason.to_owned(),
    }
}
