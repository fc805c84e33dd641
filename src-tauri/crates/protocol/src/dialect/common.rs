//! What more than one dialect does in the same way.

use partway_domain::{Key, Limits, limits};

use crate::credential::Credential;
use crate::encode;
use crate::error::RequestError;
use crate::op::{CopySource, Grantee, check_grantee};
use crate::sign::SignError;
use crate::wire::Request;

/// Everybody, as Amazon and those who speak its XML call them.
pub(super) const AMAZON_EVERYONE: &str = "http://acs.amazonaws.com/groups/global/AllUsers";

/// Everybody with an account, likewise.
pub(super) const AMAZON_SIGNED_IN: &str =
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

/// Limits shared by all; `min_part` in bytes, `max_key_bytes` in bytes of UTF-8.
pub(super) fn limits(min_part: u64, max_key_bytes: usize) -> Limits {
    Limits {
        min_part,
        max_part: 5 * limits::GIB,
        max_parts: 10_000,
        max_single_copy: 5 * limits::GIB,
        // The vendors' "48.8 TB" is this product; one of them announces more but cannot
        // reach it with 10,000 parts.
        max_object: 10_000 * 5 * limits::GIB,
        max_key_bytes,
    }
}

/// Refuses a key longer than the provider takes.
pub(super) fn check_key_length(
    provider: &'static str,
    max: usize,
    key: &Key,
) -> Result<(), RequestError> {
    let bytes = key.as_str().len();
    if bytes <= max {
        return Ok(());
    }
    Err(RequestError::Key {
        key: key.to_string(),
        provider,
        reason: format!("it has {bytes} bytes and at most {max} are allowed; choose a shorter one"),
    })
}

/// `<bucket>/<key>[?versionId=…]` with the key encoded: what follows the first `/` of a copy
/// source with OBS, and all of it with S3.
pub(super) fn bucket_key_version(source: &CopySource) -> String {
    let bucket_key = format!("{}/{}", source.bucket, encode::path(source.key.as_str()));
    with_version(bucket_key, source)
}

/// Appends `?versionId=…` to a copy source; that `?` is literal, one in a key is `%3F`.
pub(super) fn with_version(text: String, source: &CopySource) -> String {
    match &source.version {
        // Version ids are opaque: encoded, so that none can break out of the header's syntax.
        Some(version) => format!("{text}?versionId={}", encode::component(version.as_str())),
        None => text,
    }
}

/// A grantee by its id, written `id="…"` or with other quotes; groups only have a place in XML
/// there.
pub(super) fn grantee_by_id(
    provider: &'static str,
    quote: &str,
    grantee: &Grantee,
) -> Result<String, RequestError> {
    match grantee {
        Grantee::Id(id) => {
            check_grantee(id)?;
            Ok(format!("id={quote}{id}{quote}"))
        }
        Grantee::Everyone | Grantee::SignedIn | Grantee::Uri(_) => Err(RequestError::Refused {
            what: "a grant for a group".to_owned(),
            reason: format!(
                "{provider} takes account ids in grants; for everybody choose the access \
                 public-read"
            ),
        }),
    }
}

/// Takes away what an earlier signature left, so that signing again is signing anew.
pub(super) fn unsign(request: &mut Request, also: &[&str]) {
    request
        .headers
        .retain(|(name, _)| name != "authorization" && name != "host" && !also.contains(&&**name));
}

/// Refuses a credential no header can carry; nothing of the secret is repeated.
pub(super) fn check_credential(credential: &Credential) -> Result<(), SignError> {
    if credential.access_key.is_empty() || credential.secret_key.is_empty() {
        return Err(SignError(
            "the access key id or the secret key is empty; enter both".to_owned(),
        ));
    }
    let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible(&credential.access_key) || !credential.token.as_deref().is_none_or(visible) {
        return Err(SignError(
            "the access key id or the token contains a space, a line break or a character \
             outside ASCII; enter it again"
                .to_owned(),
        ));
    }
    Ok(())
}
