//! Regions that may have been meant.

use partway_protocol::region::{self, Provider};

/// Further apart, two names have nothing to do with each other.
const NEAR: usize = 3;

/// As many as a person reads.
const MOST: usize = 3;

/// A warning for a region that the provider is not known to have. It may be new, so it is no
/// reason to refuse it.
pub(super) fn unlisted(provider: &Provider, typed: &str) -> Option<String> {
    let typed = region::canonical(provider.dialect, typed.trim());
    let known = provider.regions;
    if typed.is_empty() || known.is_empty() || known.iter().any(|region| region.code == typed) {
        return None;
    }
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .map(|region| (distance(typed, region.code), region.code))
        .filter(|(apart, _)| *apart <= NEAR)
        .collect();
    near.sort_unstable();
    near.truncate(MOST);
    let codes: Vec<&str> = near.into_iter().map(|(_, code)| code).collect();
    let advice = if codes.is_empty() {
        "`partway-cli account providers` lists those it knows".to_owned()
    } else {
        format!("did you mean {}?", codes.join(" or "))
    };
    Some(format!(
        "Warning: Partway lists no region {typed:?} of {} and uses it as it is; {advice}",
        provider.en
    ))
}

/// Letters to insert, remove or exchange until one name is the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.bytes().enumerate() {
            let exchanged = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn names_are_as_far_apart_as_letters_differ() {
        for (one, other, apart) in [
            ("", "", 0),
            ("", "abc", 3),
            ("us-east-1", "us-east-1", 0),
            ("us-esat-1", "us-east-1", 2),
            ("eu-de", "eu-de-1", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
            assert_eq!(distance(other, one), apart, "{other} {one}");
        }
    }
}
