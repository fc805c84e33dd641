//! Taking stock: which parts on the server can be kept. Pure.

use std::collections::BTreeMap;

use partway_domain::{ETag, PartNumber};
use partway_journal::table::transfer::Pin;
use partway_protocol::op::ListedPart;

/// What a listing of parts comes to beside the journal.
pub(super) struct Stock {
    /// Need not be copied again.
    pub(super) kept: BTreeMap<PartNumber, ETag>,
    /// Among the kept, those the journal did not know.
    pub(super) found: Vec<ListedPart>,
    /// Known to the journal, but not (so) on the server.
    pub(super) forgotten: Vec<PartNumber>,
}

/// Keeps what fits the plan and is not contradicted by the journal.
pub(super) fn stock(
    pin: &Pin,
    journaled: &BTreeMap<PartNumber, ETag>,
    listed: Vec<ListedPart>,
) -> Stock {
    let mut stock = Stock {
        kept: BTreeMap::new(),
        found: Vec::new(),
        forgotten: Vec::new(),
    };
    for part in listed {
        let fits = pin
            .plan
            .range(part.number)
            .is_some_and(|range| range.len() == part.size);
        match journaled.get(&part.number) {
            Some(etag) if fits && *etag == part.etag => {
                stock.kept.insert(part.number, part.etag);
            }
            None if fits => {
                stock.kept.insert(part.number, part.etag.clone());
                stock.found.push(part);
            }
            _ => {}
        }
    }
    stock.forgotten = journaled
        .keys()
        .filter(|number| !stock.kept.contains_key(number))
        .copied()
        .collect();
    stock
}

#[cfg(test)]
mod tests;
