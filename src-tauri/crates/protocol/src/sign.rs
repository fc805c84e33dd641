//! Signers: pure functions from request, credential and time to headers.
//!
//! Each returns every intermediate it made, so that a mismatch can be found step by step. The
//! dialects decide what is signed; the functions here sign what they are given.

use thiserror::Error;

pub mod case;
pub mod cos;
pub mod time;
pub mod v2;
pub mod v4;

/// Why a request cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the request cannot be signed: {0}")]
pub struct SignError(pub String);

/// What a signer looks at. All of `headers` are offered; `v2` picks from them, the others sign
/// every one.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned<'a> {
    /// The method in capitals.
    pub method: &'a str,
    /// The `Host` header.
    pub host: &'a str,
    /// The path exactly as on the wire.
    pub path: &'a str,
    /// Decoded names and values; `None` is a sub-resource without `=`.
    pub query: &'a [(String, Option<String>)],
    /// Headers as sent, names in any case.
    pub headers: &'a [(String, String)],
}

impl Unsigned<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

macro_rules! hmac_function {
    ($(#[$doc:meta])* $name:ident, $hash:ty, $bytes:literal) => {
        $(#[$doc])*
        fn $name(key: &[u8], message: &[u8]) -> Result<[u8; $bytes], SignError> {
            use hmac::{KeyInit as _, Mac as _};
            let mut mac = hmac::Hmac::<$hash>::new_from_slice(key)
                .map_err(|_| SignError("the secret key cannot be used as a key".to_owned()))?;
            mac.update(message);
            Ok(mac.finalize().into_bytes().into())
        }
    };
}

hmac_function! {
    /// HMAC-SHA1 of a message.
    hmac_sha1, sha1::Sha1, 20
}
hmac_function! {
    /// HMAC-SHA256 of a message.
    hmac_sha256, sha2::Sha256, 32
}
