//! The XML reader under all decoders.

use partway_protocol::xml::{self, Element};

/// Bytes a body may have here.
const MAX: usize = 4096;

/// What is read is bounded by what was sent, nests no deeper than any answer, and is whole:
/// the same body without its end is refused. Text that is written is read again.
pub fn any_xml(input: &[u8]) {
    if let Ok(document) = xml::parse(input, MAX) {
        assert!(input.len() <= MAX);
        assert!(bytes(&document) <= input.len());
        assert!(depth(&document) <= 17, "{}", depth(&document));
        if !document.children.is_empty() {
            let end = input.iter().rposition(|byte| *byte == b'>').unwrap();
            assert!(
                xml::parse(&input[..end], MAX).is_err(),
                "a body without its end"
            );
        }
    }
    for (closing, name) in [("Error", "Code"), ("Result", "ETag")] {
        if let Some(value) = xml::salvage(input, closing, name) {
            assert!(value.len() <= input.len() * 3 && !value.contains('<'));
            let whole = String::from_utf8_lossy(input);
            assert!(whole.trim_end().ends_with(&format!("</{closing}>")));
        }
    }
    let text = String::from_utf8_lossy(input);
    let written = format!("<a>{}</a>", xml::escape(&text));
    // What XML cannot hold must be refused, never changed; line ends may become one.
    if let Ok(document) = xml::parse(written.as_bytes(), usize::MAX) {
        let read = &document.children[0].text;
        assert!(*read == text || text.contains('\r'), "{read:?}");
    }
}

fn bytes(element: &Element) -> usize {
    let children: usize = element.children.iter().map(bytes).sum();
    element.name.len() + element.text.len() + children
}

fn depth(element: &Element) -> usize {
    1 + element.children.iter().map(depth).max().unwrap_or(0)
}
