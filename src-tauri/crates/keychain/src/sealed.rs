//! A credential as the one secret a keyring entry holds.

use std::fmt;

use partway_engine::secret::SecretError;
use partway_protocol::credential::Credential;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// JSON, wiped when dropped.
pub(crate) struct Sealed(Zeroizing<Vec<u8>>);

#[derive(Serialize)]
struct Writing<'a> {
    access_key: &'a str,
    secret_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

#[derive(Deserialize)]
struct Reading {
    access_key: String,
    secret_key: String,
    #[serde(default)]
    token: Option<String>,
}

impl Sealed {
    pub(crate) fn close(credential: &Credential) -> Result<Self, SecretError> {
        let token = credential.token.as_deref();
        let length =
            credential.access_key.len() + credential.secret_key.len() + token.map_or(0, str::len);
        // Room enough for every character escaped: a growing vector leaves copies behind.
        let mut json = Zeroizing::new(Vec::with_capacity(64 + 6 * length));
        let writing = Writing {
            access_key: &credential.access_key,
            secret_key: &credential.secret_key,
            token,
        };
        serde_json::to_writer(&mut *json, &writing)
            .map_err(|_| SecretError("the credential cannot be written down".to_owned()))?;
        Ok(Self(json))
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn open(&self) -> Result<Credential, SecretError> {
        // The parser's own message could quote what it could not read.
        let reading: Reading = serde_json::from_slice(&self.0).map_err(|_| {
            SecretError(
                "what it holds for this account is not a Partway credential; enter the secret again"
                    .to_owned(),
            )
        })?;
        Ok(Credential {
            access_key: reading.access_key,
            secret_key: reading.secret_key,
            token: reading.token,
        })
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(••••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(token: Option<&str>) -> Credential {
        Credential {
            access_key: "AKID \"quoted\"".to_owned(),
            secret_key: "s3cr€t\\\u{1}\n".to_owned(),
            token: token.map(str::to_owned),
        }
    }

    #[test]
    fn credentials_come_back_byte_for_byte() {
        for credential in [credential(None), credential(Some("tok/+=en"))] {
            let sealed = Sealed::close(&credential).unwrap();
            let bytes = sealed.as_bytes().to_vec();
            assert_eq!(Sealed::from_bytes(bytes).open().unwrap(), credential);
        }
    }

    #[test]
    fn the_longest_escapes_fit_without_growing() {
        let credential = Credential {
            access_key: "\u{1}".repeat(500),
            secret_key: "\u{1}".repeat(500),
            token: Some("\u{1}".repeat(4_000)),
        };
        let sealed = Sealed::close(&credential).unwrap();
        assert!(sealed.0.len() > 30_000);
        assert_eq!(sealed.0.capacity(), 64 + 6 * 5_000);
    }

    #[test]
    fn nothing_secret_is_shown() {
        let sealed = Sealed::close(&credential(Some("t0k"))).unwrap();
        assert_eq!(format!("{sealed:?}"), "Sealed(••••)");
        let error = Sealed::from_bytes(b"\"s3cret\"".to_vec())
            .open()
            .unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
