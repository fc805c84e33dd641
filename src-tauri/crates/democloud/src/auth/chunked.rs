//! `aws-chunked`: a body in pieces, each with its length and perhaps a signature of its own, and
//! trailers behind the last.
//!
//! ```text
//! 5;chunk-signature=<64 hex>\r\n      the signature only where pieces are signed
//! hello\r\n
//! 0;chunk-signature=<64 hex>\r\n
//! x-amz-checksum-crc32:NhCmhg==\r\n   only where trailers were announced
//! x-amz-trailer-signature:<64 hex>\r\n
//! \r\n
//! ```

use bytes::Bytes;

use crate::refusal::Refusal;

/// A body after its wrapping was taken off.
#[derive(Debug, Default)]
pub(super) struct Unwrapped {
    pub(super) body: Vec<u8>,
    /// Names in lower case.
    pub(super) trailers: Vec<(String, String)>,
}

/// Checks a piece, or the trailers, against the signature it came with.
pub(super) trait Witness {
    /// `data` is one piece; the last one is empty.
    fn piece(&mut self, data: &[u8], signature: Option<&str>) -> Result<(), Refusal>;

    /// `lines` is every trailer but the signature, each `name:value\n`.
    fn trailers(&mut self, lines: &str, signature: Option<&str>) -> Result<(), Refusal>;
}

/// Takes the wrapping off.
pub(super) fn unwrap(body: &Bytes, witness: &mut impl Witness) -> Result<Unwrapped, Refusal> {
    let mut out = Unwrapped::default();
    let mut rest = &body[..];
    loop {
        let (head, after) = line(rest).ok_or_else(incomplete)?;
        let (length, signature) = size_line(head).ok_or_else(incomplete)?;
        if length == 0 {
            witness.piece(&[], signature)?;
            rest = after;
            break;
        }
        let data = after.get(..length).ok_or_else(incomplete)?;
        witness.piece(data, signature)?;
        out.body.extend_from_slice(data);
        rest = after[length..]
            .strip_prefix(b"\r\n")
            .ok_or_else(incomplete)?;
    }
    let mut signature = None;
    while let Some((trailer, after)) = line(rest).filter(|(trailer, _)| !trailer.is_empty()) {
        let (name, value) = trailer.split_once(':').ok_or_else(incomplete)?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if name == "x-amz-trailer-signature" {
            signature = Some(value.to_owned());
        } else {
            out.trailers.push((name, value.to_owned()));
        }
        rest = after;
    }
    if !out.trailers.is_empty() {
        let lines: Vec<String> = out
            .trailers
            .iter()
            .map(|(n, v)| format!("{n}:{v}\n"))
            .collect();
        witness.trailers(&lines.concat(), signature.as_deref())?;
    }
    Ok(out)
}

/// Up to the next line end, which is not part of it. Some writers of trailers end lines with a
/// bare `\n`.
fn line(text: &[u8]) -> Option<(&str, &[u8])> {
    let at = text.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&text[..at]).ok()?;
    Some((line.strip_suffix('\r').unwrap_or(line), &text[at + 1..]))
}

/// `<hex>[;chunk-signature=<hex>]`
fn size_line(line: &str) -> Option<(usize, Option<&str>)> {
    let (size, extension) = match line.split_once(';') {
        Some((size, extension)) => (size, Some(extension)),
        None => (line, None),
    };
    let length = usize::from_str_radix(size, 16).ok()?;
    let signature = extension.map(|text| text.strip_prefix("chunk-signature="));
    match signature {
        Some(None) => None,
        Some(signature) => Some((length, signature)),
        None => Some((length, None)),
    }
}

fn incomplete() -> Refusal {
    let message = "The pieces of the body do not add up: one breaks off or has no length.";
    Refusal::new(400, "IncompleteBody", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remembers what it was shown.
    #[derive(Default)]
    struct Notes(Vec<(usize, Option<String>)>);

    impl Witness for Notes {
        fn piece(&mut self, data: &[u8], signature: Option<&str>) -> Result<(), Refusal> {
            self.0.push((data.len(), signature.map(str::to_owned)));
            Ok(())
        }

        fn trailers(&mut self, lines: &str, signature: Option<&str>) -> Result<(), Refusal> {
            self.0.push((lines.len(), signature.map(str::to_owned)));
            Ok(())
        }
    }

    fn read(text: &'static str) -> Result<(Unwrapped, Notes), Refusal> {
        let mut notes = Notes::default();
        let body = unwrap(&Bytes::from_static(text.as_bytes()), &mut notes)?;
        Ok((body, notes))
    }

    #[test]
    fn pieces_signatures_and_trailers_come_apart() {
        let (body, notes) = read(
            "5;chunk-signature=aa\r\nhello\r\n6;chunk-signature=bb\r\n\r\nyou!\r\n0;chunk-signature=cc\r\n\
             x-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:dd\r\n\r\n",
        )
        .unwrap();
        assert_eq!(body.body, b"hello\r\nyou!");
        assert_eq!(
            body.trailers,
            [("x-amz-checksum-crc32".to_owned(), "NhCmhg==".to_owned())]
        );
        let signatures: Vec<_> = notes.0.iter().filter_map(|(_, s)| s.as_deref()).collect();
        assert_eq!(signatures, ["aa", "bb", "cc", "dd"]);
    }

    #[test]
    fn unsigned_pieces_and_no_trailers_are_fine() {
        let (body, _) = read("a\r\n0123456789\r\n0\r\n\r\n").unwrap();
        assert_eq!(body.body, b"0123456789");
        let (body, _) = read("0\r\n\r\n").unwrap();
        assert!(body.body.is_empty() && body.trailers.is_empty());
    }

    #[test]
    fn what_breaks_off_is_incomplete() {
        for text in [
            "",
            "5\r\nhel",
            "5\r\nhello0\r\n\r\n",
            "x\r\n",
            "5;sig=a\r\nhello\r\n0\r\n\r\n",
        ] {
            let Err(refusal) = read(text) else {
                panic!("{text:?} was taken")
            };
            assert_eq!(refusal.code, "IncompleteBody", "{text:?}");
        }
    }
}
