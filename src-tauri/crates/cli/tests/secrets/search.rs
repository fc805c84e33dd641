//! Looks for secrets in bytes, however they are disguised.

use std::collections::BTreeSet;
use std::fmt::Write as _;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What must be found nowhere.
pub(crate) struct Canary {
    pub(crate) name: &'static str,
    disguises: BTreeSet<Vec<u8>>,
}

impl Canary {
    pub(crate) fn new(name: &'static str, secret: &[u8]) -> Self {
        let mut disguises = BTreeSet::from([secret.to_vec()]);
        let mut percent = String::new();
        for byte in secret {
            // Writing into a string cannot fail.
            let _ = match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    write!(percent, "{}", char::from(*byte))
                }
                _ => write!(percent, "%{byte:02X}"),
            };
        }
        let lower = hex(secret);
        let upper = lower.to_uppercase();
        disguises.extend([lower, upper, percent].map(String::into_bytes));
        for alphabet in [STANDARD, FOR_URLS] {
            // Within a longer text it may begin at any of three places.
            for before in 0..3 {
                disguises.insert(base64(secret, before, alphabet));
            }
        }
        Self { name, disguises }
    }

    /// Every form of it, to be planted.
    pub(crate) fn disguises(&self) -> impl Iterator<Item = &[u8]> {
        self.disguises.iter().map(Vec::as_slice)
    }

    /// How often it stands there.
    pub(crate) fn hits(&self, bytes: &[u8]) -> usize {
        let count = |disguise: &[u8]| {
            let windows = bytes.windows(disguise.len());
            windows.filter(|window| *window == disguise).count()
        };
        self.disguises().map(count).sum()
    }
}

/// In small letters.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The characters of Base64 that depend on the secret alone, when so many bytes stand before it.
fn base64(secret: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let mut padded = vec![0; before];
    padded.extend(secret);
    let bits = |place: usize| u32::from(padded.get(place).copied().unwrap_or_default());
    let mut text = Vec::new();
    for place in (0..padded.len()).step_by(3) {
        let group = bits(place) << 16 | bits(place + 1) << 8 | bits(place + 2);
        for shift in [18, 12, 6, 0] {
            text.push(alphabet[(group >> shift & 63) as usize]);
        }
    }
    let first = (before * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    text[first..last].to_vec()
}

#[test]
fn base64_is_found_wherever_it_begins() {
    let canary = Canary::new("word", b"canary-in-a-mine");
    // `canary-in-a-mine`, `xcanary-in-a-mine` and `xxcanary-in-a-mine!`, by another program.
    for text in [
        "Y2FuYXJ5LWluLWEtbWluZQ==",
        "eGNhbmFyeS1pbi1hLW1pbmU=",
        "eHhjYW5hcnktaW4tYS1taW5lIQ==",
    ] {
        assert_eq!(canary.hits(text.as_bytes()), 1, "{text}");
    }
    assert_eq!(canary.hits(b"Y2FuYXJ5LWluLWEtbW"), 0);
}
