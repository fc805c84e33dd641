use partway_domain::{Method, Plan, limits::MIB};

use super::*;

fn pin() -> Pin {
    Pin {
        etag: ETag::parse("source").unwrap(),
        size: 12 * MIB,
        version: None,
        last_modified: String::new(),
        checksum: None,
        attributes: serde_json::Value::Null,
        not_carried: Vec::new(),
        plan: Plan {
            size: 12 * MIB,
            method: Method::Multipart,
            part_size: 5 * MIB,
            parts: 3,
        },
    }
}

fn number(number: u32) -> PartNumber {
    PartNumber::new(number).unwrap()
}

fn listed(part: u32, etag: &str, size: u64) -> ListedPart {
    ListedPart {
        number: number(part),
        etag: ETag::parse(etag).unwrap(),
        size,
    }
}

fn journaled(parts: &[(u32, &str)]) -> BTreeMap<PartNumber, ETag> {
    parts
        .iter()
        .map(|(part, etag)| (number(*part), ETag::parse(etag).unwrap()))
        .collect()
}

fn numbers<'a>(parts: impl IntoIterator<Item = &'a PartNumber>) -> Vec<u32> {
    parts.into_iter().map(|part| part.value()).collect()
}

/// | journal | server          | kept | forgotten |
/// |---------|-----------------|------|-----------|
/// | same    | same            | yes  |           |
/// | none    | right size      | yes  |           |
/// | none    | wrong size      | no   |           |
/// | tag A   | tag B           | no   | yes       |
/// | tag A   | A, wrong size   | no   | yes       |
/// | tag A   | none            | no   | yes       |
/// | any     | beyond the plan | no   |           |
#[test]
fn a_part_is_kept_when_nothing_speaks_against_it() {
    let rows = [
        (journaled(&[(1, "A")]), listed(1, "A", 5 * MIB), true, false),
        (journaled(&[]), listed(1, "A", 5 * MIB), true, false),
        (journaled(&[]), listed(3, "A", 2 * MIB), true, false),
        (journaled(&[]), listed(1, "A", 4 * MIB), false, false),
        (journaled(&[]), listed(3, "A", 5 * MIB), false, false),
        (journaled(&[(1, "A")]), listed(1, "B", 5 * MIB), false, true),
        (journaled(&[(1, "A")]), listed(1, "A", 4 * MIB), false, true),
        (journaled(&[]), listed(4, "A", 5 * MIB), false, false),
    ];
    for (journal, part, kept, forgotten) in rows {
        let stock = stock(&pin(), &journal, vec![part.clone()]);
        assert_eq!(stock.kept.contains_key(&part.number), kept, "{part:?}");
        assert_eq!(
            stock.forgotten.contains(&part.number),
            forgotten,
            "{part:?}"
        );
        let found = stock.found.iter().any(|found| found.number == part.number);
        assert_eq!(found, kept && journal.is_empty(), "{part:?}");
    }
}

#[test]
fn parts_that_are_not_on_the_server_are_forgotten() {
    let journal = journaled(&[(1, "A"), (2, "B")]);
    let stock = stock(&pin(), &journal, vec![listed(2, "b", 5 * MIB)]);
    assert_eq!(numbers(stock.kept.keys()), [2]);
    assert_eq!(numbers(&stock.forgotten), [1]);
    assert!(stock.found.is_empty());
}
