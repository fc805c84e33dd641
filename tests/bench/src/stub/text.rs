//! Percent signs.

/// Undone; what is no escape stays. A plus is a plus in a path and a blank in a query.
pub(super) fn decode(text: &str, plus_is_blank: bool) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let escape = escape.and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            decoded.push(byte);
            at += 3;
            continue;
        }
        decoded.push(match bytes[at] {
            b'+' if plus_is_blank => b' ',
            byte => byte,
        });
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Everything but letters, digits and `-_.~/`.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(2 * text.len());
    encode_into(&mut encoded, text);
    encoded
}

/// The same, behind what is there.
pub(super) fn encode_into(encoded: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for name in ["é0001/夏 +.bin", "100%", "a&b=c"] {
            assert_eq!(decode(&encode(name), true), name);
        }
        assert_eq!(decode("a+b%zz", false), "a+b%zz");
    }
}
