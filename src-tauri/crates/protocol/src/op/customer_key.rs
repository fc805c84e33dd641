//! A key of the user's own, with which the provider encrypts and decrypts an object.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use md5::{Digest as _, Md5};
use thiserror::Error;
use zeroize::Zeroize as _;

/// Bytes of a key: AES-256, the only algorithm there is.
const BYTES: usize = 32;

/// A 256-bit key of the user's own (SSE-C on all three providers).
///
/// Lives in memory only: it is overwritten when dropped, `Debug` shows nothing of it, and it
/// cannot be serialised. The provider does not keep it either; without it the object is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerKey([u8; BYTES]);

/// Why a text is not a key. Nothing of the text is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CustomerKeyError {
    /// Neither encoding.
    #[error("the encryption key is neither base64 nor hexadecimal; give 32 bytes in one of them")]
    Encoding,
    /// Another number of bytes.
    #[error(
        "the encryption key has {} bits; AES256 takes exactly 256, 32 bytes in base64 or hexadecimal",
        .0 * 8
    )]
    Length(
        /// Bytes it has.
        usize,
    ),
    /// The digest given beside it is not its own.
    #[error("the MD5 given with the encryption key is not the MD5 of that key; check both")]
    Digest,
}

impl CustomerKey {
    /// From raw bytes; exactly 32.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, CustomerKeyError> {
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| CustomerKeyError::Length(bytes.len()))
    }

    /// Parses 32 bytes written in base64 (44 characters) or hexadecimal (64 digits).
    pub fn parse(text: &str) -> Result<Self, CustomerKeyError> {
        let text = text.trim();
        let mut bytes = of_hex(text)
            .or_else(|| BASE64.decode(text).ok())
            .ok_or(CustomerKeyError::Encoding)?;
        let key = Self::of_bytes(&bytes);
        bytes.zeroize();
        key
    }

    /// Parses a key that comes with the MD5 of its bytes, in base64 as the headers carry it or
    /// in hexadecimal: a mistyped key is found before anything is encrypted with it.
    pub fn parse_checked(text: &str, md5: &str) -> Result<Self, CustomerKeyError> {
        let key = Self::parse(text)?;
        let digest = Md5::digest(key.0);
        let md5 = md5.trim();
        let given = of_hex(md5).or_else(|| BASE64.decode(md5).ok());
        if given.as_deref() == Some(digest.as_slice()) {
            Ok(key)
        } else {
            Err(CustomerKeyError::Digest)
        }
    }

    /// The key in base64, as the header carries it.
    pub(super) fn base64(&self) -> String {
        BASE64.encode(self.0)
    }

    /// The MD5 of the key's bytes in base64: tells keys apart without giving them away.
    pub fn md5(&self) -> String {
        BASE64.encode(Md5::digest(self.0))
    }
}

/// Digits only, and an even number of them: a key in base64 is never taken for one in
/// hexadecimal, since its 44 characters end with `=`.
fn of_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let whole = rest.is_empty() && !pairs.is_empty();
    whole.then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// Nothing of the key, not even its digest.
impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey(••••)")
    }
}

impl Drop for CustomerKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
    const TEXT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn both_encodings_are_the_same_key() {
        let key = CustomerKey::parse(HEX).unwrap();
        assert_eq!(CustomerKey::parse(&format!(" {TEXT}\n")).unwrap(), key);
        assert_eq!(key.base64(), TEXT);
        // MD5 of the 32 bytes, not of their text.
        assert_eq!(key.md5(), "tP/LI3N87DFaSk0aoqYgzg==");
        assert_eq!(CustomerKey::parse_checked(HEX, &key.md5()).unwrap(), key);
    }

    #[test]
    fn what_is_no_key_says_why() {
        let error = |text: &str| CustomerKey::parse(text).unwrap_err().to_string();
        assert!(error(&HEX.repeat(2)).contains("512 bits"));
        assert!(error(&BASE64.encode([7; 64])).contains("512 bits"));
        assert!(error("c2hvcnQ=").contains("40 bits"));
        for text in ["", "not a key!", "abc"] {
            let error = error(text);
            assert!(
                error.contains("256") || error.contains("32 bytes"),
                "{error}"
            );
        }
        let other = CustomerKey::of_bytes(&[1; 32]).unwrap();
        assert_eq!(
            CustomerKey::parse_checked(TEXT, &other.md5()),
            Err(CustomerKeyError::Digest)
        );
    }

    #[test]
    fn debug_shows_nothing() {
        let key = CustomerKey::parse(HEX).unwrap();
        let shown = format!("{key:?} {key:#?}");
        assert!(
            !shown.contains(TEXT) && !shown.contains(&key.md5()),
            "{shown}"
        );
    }
}
