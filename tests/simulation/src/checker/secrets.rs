//! I5: secrets are nowhere, in no spelling.

use std::fmt::Write as _;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::story::Story;
use super::{Invariant, Violation};

pub(super) fn judge(story: &Story, broken: &mut Vec<Violation>) {
    let needles: Vec<(&str, &str, Vec<u8>)> = story
        .canaries
        .iter()
        .flat_map(|(what, bytes)| {
            spellings(bytes)
                .into_iter()
                // Next to nothing is found everywhere.
                .filter(|(_, needle)| needle.len() > 1)
                .map(move |(how, needle)| (what.as_str(), how, needle))
        })
        .collect();
    // What is built from the fewest states is ready soonest, and the hay is mostly passed over
    // without it.
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(needles.iter().map(|(_, _, needle)| needle))
        .expect("a few short needles");
    for (place, hay) in &story.places {
        if let Some(found) = search.find(hay) {
            let (what, how, _) = &needles[found.pattern().as_usize()];
            let why = format!("{what} stands ({how}) in {place}");
            broken.push(Violation::new(Invariant::I5, why));
            return;
        }
    }
}

/// The ways in which bytes are written down.
fn spellings(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex = bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let encoded = base64(bytes);
    vec![
        ("as it is", bytes.to_vec()),
        ("in upper-case hex", hex.to_uppercase().into_bytes()),
        ("in hex", hex.into_bytes()),
        ("in percents", percents(&encoded).into_bytes()),
        // Without its end, which depends on what follows.
        (
            "in base64",
            encoded.as_bytes()[..encoded.len() - 4].to_vec(),
        ),
    ]
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut bits = [0_u8; 4];
        bits[1..=three.len()].copy_from_slice(three);
        let bits = u32::from_be_bytes(bits);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    text
}

fn percents(text: &str) -> String {
    text.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_everybody() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
    }
}
