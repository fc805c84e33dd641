//! One percent-encoder for URLs, copy sources and canonical requests.
//!
//! Unreserved are `A-Z a-z 0-9 - _ . ~`; every other byte of the UTF-8 becomes `%XX` in
//! capitals. A space is `%20`, never `+`.

/// Encodes every reserved byte, `/` too: query names and values.
pub fn component(text: &str) -> String {
    encode(text, is_unreserved)
}

/// Encodes every reserved byte but `/`: the key in a path or a copy source.
pub fn path(text: &str) -> String {
    encode(text, |byte| is_unreserved(byte) || byte == b'/')
}

/// Encodes only what is not ASCII: how OBS clients carry metadata, whose values the server
/// hands back as they came.
pub fn non_ascii(text: &str) -> String {
    encode(text, |byte| byte.is_ascii())
}

/// Decodes `%XX`; `None` for a broken escape or bytes that are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    unescape(text, b'%')
}

/// Decodes `%XX` and `+` as a space: how S3 encodes the keys of a listing.
pub fn decode_plus(text: &str) -> Option<String> {
    unescape(text, b'+')
}

/// A `blank` stands for a space, unless it is `%`, which begins an escape.
fn unescape(text: &str, blank: u8) -> Option<String> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| *byte == b'%' || *byte == blank) {
        return Some(text.to_owned());
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'%' => {
                decoded.push(hex(*bytes.get(at + 1)?)? << 4 | hex(*bytes.get(at + 2)?)?);
                at += 2;
            }
            byte if byte == blank => decoded.push(b' '),
            byte => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8(decoded).ok()
}

/// Bytes as lower-case hex digits, two each.
pub(crate) fn hex_lower(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        digits.push(char::from(DIGITS[usize::from(byte >> 4)]));
        digits.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    digits
}

fn encode(text: &str, keep: impl Fn(u8) -> bool) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let escaped = text.bytes().filter(|byte| !keep(*byte)).count();
    let mut encoded = String::with_capacity(text.len() + 2 * escaped);
    for byte in text.bytes() {
        if keep(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reserved_bytes_are_encoded_in_capitals() {
        assert_eq!(component("a/b c+%~*"), "a%2Fb%20c%2B%25~%2A");
        assert_eq!(path("a/b c/中"), "a/b%20c/%E4%B8%AD");
        assert_eq!(non_ascii("描 %20"), "%E6%8F%8F %20");
    }

    #[test]
    fn broken_escapes_are_not_guessed() {
        for text in ["%", "%4", "%zz", "a%F", "%FF", "%+1"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode("a+b").as_deref(), Some("a+b"));
        assert_eq!(decode_plus("a+b%2Bc").as_deref(), Some("a b+c"));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text in "\\PC*|[\\x00-\\x7f]*") {
            prop_assert_eq!(decode(&component(&text)), Some(text.clone()));
            prop_assert_eq!(decode(&path(&text)), Some(text.clone()));
            prop_assert_eq!(decode_plus(&component(&text)), Some(text.clone()));
            prop_assert!(component(&text).bytes().all(|byte| is_unreserved(byte) || byte == b'%'));
        }

        #[test]
        fn decoding_never_panics(text in "(%|[0-9a-fA-F]|\\PC)*") {
            let _ = decode(&text);
        }
    }
}
