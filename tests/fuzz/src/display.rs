//! The display sanitiser: any text, made fit for a terminal.

use partway_domain::readable;

/// Nothing that acts or hides is left, the length is bounded, and what was harmless is as it was.
pub fn display(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let shown = readable(&text);
    for c in shown.chars() {
        assert!(!c.is_control() && !reorders(c) && !separates(c), "{c:?}");
    }
    assert!(shown.chars().count() <= text.chars().count() * 10);
    assert_eq!(readable(&shown), shown, "shown twice is shown once");
    let harmless = |c: char| c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric();
    if text.chars().all(harmless) {
        assert_eq!(shown, text);
    }
}

/// The characters of the Unicode bidirectional algorithm that are marks, embeddings, overrides
/// and isolates.
fn reorders(c: char) -> bool {
    matches!(u32::from(c), 0x061c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069)
}

fn separates(c: char) -> bool {
    matches!(u32::from(c), 0x2028 | 0x2029)
}
