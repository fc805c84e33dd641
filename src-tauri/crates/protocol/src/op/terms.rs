//! What a new object gets because someone asked, and what no copy brings along.

use super::access::with_access;
use super::properties::check_value;
use super::{Access, Encryption, Target};
use crate::error::RequestError;
use crate::wire::Request;

/// Encryption, access and lifetime of a new object. Sent on PUT, Create and a single copy;
/// never on parts. The default sends nothing: the bucket and the provider decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Encryption at rest.
    pub encryption: Encryption,
    /// Who may do what.
    pub access: Access,
    /// OBS and S3: where a website sends who asks for the object; a path or a URL.
    pub website_redirect: Option<String>,
    /// OBS: days after which the object is deleted.
    pub expires_days: Option<u32>,
}

impl Terms {
    pub(super) fn write(
        &self,
        target: Target<'_>,
        request: Request,
    ) -> Result<Request, RequestError> {
        let dialect = target.dialect;
        let lacks = |what: &str| RequestError::Refused {
            what: what.to_owned(),
            reason: format!("{} does not have it; leave it out", dialect.provider()),
        };
        let request = self.encryption.write(target, request)?;
        let mut request = with_access(target, request, &self.access)?;
        if let Some(to) = &self.website_redirect {
            if !dialect.has_website_redirect() {
                return Err(lacks("a website redirect"));
            }
            check_value("the website redirect", to)?;
            let name = target.vendor("website-redirect-location");
            request = request.with_header(name, to);
        }
        if let Some(days) = self.expires_days {
            if !dialect.has_expiry() {
                return Err(lacks("an expiry after days"));
            }
            request = request.with_header(target.vendor("expires"), days.to_string());
        }
        Ok(request)
    }
}
