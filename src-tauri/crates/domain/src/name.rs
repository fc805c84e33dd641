//! Names as the server knows them: parsed once, never normalised.
//!
//! A key is bytes on the wire. `a/../b`, `a//b` and `a/` are three different objects, and
//! none of these types ever trims, folds case or resolves a dot segment.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest object key any provider takes, in bytes of UTF-8. COS takes only 850
/// ([`Limits::max_key_bytes`](crate::Limits::max_key_bytes)).
pub const MAX_KEY_BYTES: usize = 1024;

/// Longest bucket name, in bytes. COS names carry `-APPID` and stay under it too.
pub const MAX_BUCKET_BYTES: usize = 63;

/// A name that no server would accept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// The name has no characters.
    #[error("the {what} is empty; give it at least one character")]
    Empty {
        /// What was named: `bucket`, `key`, …
        what: &'static str,
    },
    /// The name is longer than the limit.
    #[error("the {what} has {bytes} bytes; at most {max} are allowed")]
    TooLong {
        /// What was named.
        what: &'static str,
        /// Bytes of UTF-8 it has.
        bytes: usize,
        /// Bytes of UTF-8 it may have.
        max: usize,
    },
    /// A character that may not stand in a bucket name.
    #[error(
        "the bucket name {name:?} contains {found:?}; only letters, digits, '-', '.' and '_' are allowed"
    )]
    BucketCharacter {
        /// The name as given.
        name: String,
        /// The first character that is not allowed.
        found: char,
    },
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text exactly as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }
    };
}

text_newtype! {
    /// A bucket name; on COS it includes the `-APPID` suffix.
    Bucket
}

impl Bucket {
    /// Parses a bucket name. Only what could change the meaning of a host name or path is
    /// refused; the finer rules differ by provider and the server knows them best.
    pub fn parse(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        if name.is_empty() {
            return Err(NameError::Empty {
                what: "bucket name",
            });
        }
        if name.len() > MAX_BUCKET_BYTES {
            return Err(NameError::TooLong {
                what: "bucket name",
                bytes: name.len(),
                max: MAX_BUCKET_BYTES,
            });
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        match name.chars().find(|&c| !allowed(c)) {
            Some(found) => Err(NameError::BucketCharacter { name, found }),
            // `.` and `..` would be path segments with a meaning of their own.
            None if name.starts_with('.') => Err(NameError::BucketCharacter { name, found: '.' }),
            None => Ok(Self(name)),
        }
    }
}

text_newtype! {
    /// An object key: 1 to 1,024 bytes of UTF-8, any characters.
    Key
}

impl Key {
    /// Parses a key; only emptiness and length are judged here.
    pub fn parse(key: impl Into<String>) -> Result<Self, NameError> {
        let key = key.into();
        if key.is_empty() {
            return Err(NameError::Empty { what: "key" });
        }
        if key.len() > MAX_KEY_BYTES {
            return Err(NameError::TooLong {
                what: "key",
                bytes: key.len(),
                max: MAX_KEY_BYTES,
            });
        }
        Ok(Self(key))
    }

    /// The part after the last `/` that is not at the very end: what a browser shows as name.
    pub fn base_name(&self) -> &str {
        let body = self.0.strip_suffix('/').unwrap_or(&self.0);
        let start = body.rfind('/').map_or(0, |slash| slash + 1);
        &self.0[start..]
    }
}

text_newtype! {
    /// What keys begin with; may be empty, usually ends with `/`.
    Prefix
}

impl Prefix {
    /// The empty prefix: the whole bucket.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Parses a prefix; it may be empty but not longer than a key.
    pub fn parse(prefix: impl Into<String>) -> Result<Self, NameError> {
        let prefix = prefix.into();
        if prefix.len() > MAX_KEY_BYTES {
            return Err(NameError::TooLong {
                what: "prefix",
                bytes: prefix.len(),
                max: MAX_KEY_BYTES,
            });
        }
        Ok(Self(prefix))
    }

    /// This prefix with `name` appended, as a key.
    pub fn join(&self, name: &str) -> Result<Key, NameError> {
        Key::parse(format!("{}{name}", self.0))
    }
}

text_newtype! {
    /// The server's name for a multipart upload: opaque, stored verbatim.
    UploadId
}

impl UploadId {
    /// Takes the id as the server sent it; an empty id would turn an abort into a deletion.
    pub fn parse(id: impl Into<String>) -> Result<Self, NameError> {
        let id = id.into();
        if id.is_empty() {
            return Err(NameError::Empty { what: "upload id" });
        }
        Ok(Self(id))
    }
}

text_newtype! {
    /// The server's name for one version of an object: opaque.
    VersionId
}

impl VersionId {
    /// Takes the id as the server sent it.
    pub fn parse(id: impl Into<String>) -> Result<Self, NameError> {
        let id = id.into();
        if id.is_empty() {
            return Err(NameError::Empty { what: "version id" });
        }
        Ok(Self(id))
    }
}

/// An entity tag without its quotes. Opaque: it is an MD5 only where the provider says so.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ETag(String);

impl ETag {
    /// Takes an `ETag` with or without its quotes and weak mark; `None` if nothing is left.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("W/").unwrap_or(text);
        let bare = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        (!bare.is_empty()).then(|| Self(bare.to_owned()))
    }

    /// The tag without quotes, in the server's own spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag in quotes, as headers and Complete bodies want it.
    pub fn quoted(&self) -> String {
        ["\"", &self.0, "\""].concat()
    }

    /// The number behind the dash of a composite tag: how many parts made the object.
    pub fn part_count(&self) -> Option<u32> {
        self.0.rsplit_once('-')?.1.parse().ok()
    }
}

/// Tags are compared without regard to case: servers spell the hex digits both ways.
impl PartialEq for ETag {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ETag {}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ETag({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_byte_for_byte() {
        for key in [
            "a/../b",
            "a//b",
            "a/",
            "/a",
            " a ",
            "ä\u{301}\u{202e}\n\"",
            "😀",
        ] {
            assert_eq!(Key::parse(key).unwrap().as_str(), key);
        }
    }

    #[test]
    fn a_key_of_1025_bytes_is_refused_with_its_length() {
        assert!(Key::parse("k".repeat(1024)).is_ok());
        let error = Key::parse("k".repeat(1025)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the key has 1025 bytes; at most 1024 are allowed"
        );
    }

    #[test]
    fn a_bucket_cannot_escape_into_a_path_or_host() {
        for name in ["a/b", "..", ".", "a b", "a?b", "a@b", "a:1", "bücket"] {
            assert!(Bucket::parse(name).is_err(), "{name}");
        }
        assert!(Bucket::parse("data-1250000000").is_ok());
    }

    #[test]
    fn etags_compare_without_quotes_and_case() {
        let bare = ETag::parse("AB12-3").unwrap();
        assert_eq!(ETag::parse("\"ab12-3\""), Some(bare.clone()));
        assert_eq!(bare.part_count(), Some(3));
        assert_eq!(ETag::parse("\"\""), None);
        assert_eq!(bare.quoted(), "\"AB12-3\"");
    }

    #[test]
    fn base_name_keeps_the_slash_of_a_folder_marker() {
        let name = |key: &str| Key::parse(key).unwrap().base_name().to_owned();
        assert_eq!(name("a/b/c.txt"), "c.txt");
        assert_eq!(name("a/b/"), "b/");
        assert_eq!(name("a"), "a");
        assert_eq!(name("/"), "/");
    }
}
