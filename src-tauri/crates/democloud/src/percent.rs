//! Percent-encoding as RFC 3986 has it: everything but letters, digits and `-_.~` becomes `%XX`.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// Encodes every byte that is not unreserved, upper-case hex.
pub(crate) fn encode(text: impl AsRef<[u8]>) -> String {
    encode_keeping(text, b"")
}

/// Like [`encode`], but leaves `/` alone.
pub(crate) fn encode_path(text: impl AsRef<[u8]>) -> String {
    encode_keeping(text, b"/")
}

fn encode_keeping(text: impl AsRef<[u8]>, kept: &[u8]) -> String {
    let text = text.as_ref();
    let mut out = String::with_capacity(text.len() + 8);
    for &byte in text {
        if unreserved(byte) || kept.contains(&byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        }
    }
    out
}

/// Decodes once. A `%` that is not followed by two hex digits stays as it is.
pub(crate) fn decode(text: impl AsRef<[u8]>) -> Vec<u8> {
    let text = text.as_ref();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let pair = (text[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|two| Some(nibble(two[0])? << 4 | nibble(two[1])?));
        if let Some(byte) = pair {
            out.push(byte);
            at += 3;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

fn nibble(digit: u8) -> Option<u8> {
    (digit as char)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Decodes once; `None` when the bytes are not UTF-8.
pub(crate) fn decode_text(text: &str) -> Option<String> {
    String::from_utf8(decode(text)).ok()
}

/// A query string as decoded pairs in wire order; `None` for a name without `=`.
///
/// A `+` in a value or name is a space, as the three servers read it.
pub(crate) fn decode_query(query: &str) -> Option<Vec<(String, Option<String>)>> {
    let mut pairs = Vec::new();
    for piece in query.split('&').filter(|piece| !piece.is_empty()) {
        let (name, value) = match piece.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        };
        let plain = |text: &str| decode_text(&text.replace('+', " "));
        let value = match value {
            Some(value) => Some(plain(value)?),
            None => None,
        };
        pairs.push((plain(name)?, value));
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_happens_once() {
        assert_eq!(decode("a%252Fb%2f"), b"a%2Fb/");
        assert_eq!(decode("100%"), b"100%");
        assert_eq!(decode("%zz"), b"%zz");
    }

    #[test]
    fn only_the_unreserved_survive() {
        assert_eq!(encode("a/ü~ +"), "a%2F%C3%BC~%20%2B");
        assert_eq!(encode_path("a/ü"), "a/%C3%BC");
    }

    #[test]
    fn a_query_keeps_order_and_tells_absent_from_empty() {
        let pairs = decode_query("acl&prefix=&a=1%2B+2").unwrap();
        assert_eq!(
            pairs,
            [
                ("acl".to_owned(), None),
                ("prefix".to_owned(), Some(String::new())),
                ("a".to_owned(), Some("1+ 2".to_owned())),
            ]
        );
    }
}
