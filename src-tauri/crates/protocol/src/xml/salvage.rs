//! What can still be had from a body no parser reads: providers repeat keys in their answers,
//! and XML cannot hold every character a key may have.

use super::SMALL;

/// The text of the first `<name>…</name>` in an ill-formed body.
///
/// `None` unless `closing` is the last thing in the body, which proves that it is whole.
pub fn salvage(body: &[u8], closing: &str, name: &str) -> Option<String> {
    if body.len() > SMALL {
        return None;
    }
    let text = String::from_utf8_lossy(body);
    if !text.trim_end().ends_with(&format!("</{closing}>")) {
        return None;
    }
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (value, _) = rest.split_once(&format!("</{name}>"))?;
    let value = quick_xml::escape::unescape(value).ok()?;
    (!value.contains('<')).then(|| value.trim().to_owned())
}

/// The body without what stands between its first `<Key>` and its last `</Key>`: for answers
/// in which that is only the key we asked for, said again. `None` when there is no such pair.
pub fn without_key(body: &[u8]) -> Option<Vec<u8>> {
    const OPEN: &[u8] = b"<Key>";
    const CLOSE: &[u8] = b"</Key>";
    let start = body.windows(OPEN.len()).position(|at| at == OPEN)? + OPEN.len();
    let end = body.windows(CLOSE.len()).rposition(|at| at == CLOSE)?;
    (start <= end).then(|| [&body[..start], &body[end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ill_formed_bodies_give_up_single_values() {
        let body = b"<R><Key>\x01<&</Key><UploadId>u&amp;1</UploadId></R>\n";
        assert!(super::super::parse(body, SMALL).is_err());
        assert_eq!(salvage(body, "R", "UploadId").as_deref(), Some("u&1"));
        assert_eq!(salvage(&body[..body.len() - 4], "R", "UploadId"), None);
        assert_eq!(salvage(body, "R", "ETag"), None);
    }

    #[test]
    fn only_the_key_is_left_out() {
        let cut =
            |body: &str| without_key(body.as_bytes()).map(|body| String::from_utf8(body).unwrap());
        assert_eq!(
            cut("<R><Key>a</Key><Key></Key>b</Key><T>1</T></R>").as_deref(),
            Some("<R><Key></Key><T>1</T></R>")
        );
        for body in ["<R/>", "<Key>", "</Key><Key>", ""] {
            assert_eq!(cut(body), None, "{body}");
        }
        assert!(without_key(b"<Key>\xff</Key>").is_some_and(|body| body == b"<Key></Key>"));
    }
}
