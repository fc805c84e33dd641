//! I5: no secret anywhere.

use super::*;

#[test]
fn a_secret_is_found_in_every_spelling() {
    for text in [
        "GET / canary-secret",
        "63616e6172792d736563726574",
        "63616E6172792D736563726574",
        "Basic Y2FuYXJ5LXNlY3JldA==",
    ] {
        let found = broken(|story| story.places[0].1 = text.as_bytes().to_vec());
        assert_eq!(found, [Invariant::I5], "{text}");
    }
}
