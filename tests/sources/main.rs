//! What the vendors' pages name, and where they are wrong, has a test each.
//!
//! `tests/sources.toml` has a row for every header, parameter, element, error, limit, note and
//! sample of the five pages this program was built on, and one for every place where the pages
//! contradict themselves or each other. A row names the tests that prove it; here the rows are
//! held against the tests that there really are.

mod found;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use partway_tests::found::Found;
use table::{KINDS, PAGES, Table};

/// The rows as lines that can be told apart in a failure.
fn complaints<T>(
    rows: impl IntoIterator<Item = T>,
    mut fault: impl FnMut(&T) -> Option<String>,
) -> String {
    let faults: Vec<String> = rows.into_iter().filter_map(|row| fault(&row)).collect();
    faults.join("\n")
}

#[test]
fn every_row_of_every_page_is_proven() {
    let (table, mut found) = (Table::read(), Found::default());
    let mut covered: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unproven = Vec::new();
    for row in &table.rows {
        let missing = found.missing(&row.test);
        for page in &row.document {
            let (proven, all) = covered.entry(page.as_str()).or_default();
            *all += 1;
            *proven += usize::from(missing.is_empty());
        }
        if !missing.is_empty() {
            unproven.push(format!("{:?}: {}", row.what, missing.join("; ")));
        }
    }
    let counts: Vec<String> = covered
        .iter()
        .map(|(page, (proven, all))| format!("{page}: {proven} of {all} rows"))
        .collect();
    println!("\n{}\n", counts.join("\n"));
    for page in PAGES {
        assert!(covered.contains_key(page), "{page} has no row");
    }
    assert!(unproven.is_empty(), "{}", unproven.join("\n"));
}

#[test]
fn every_discrepancy_that_matters_is_proven() {
    let (table, mut found) = (Table::read(), Found::default());
    let (mut proven, mut all) = (0, 0);
    let mut unproven = Vec::new();
    for row in table.discrepancies.iter().filter(|row| row.matters()) {
        all += 1;
        let mut missing = found.missing(&row.test);
        if !row.test.iter().any(|test| row.names(test)) {
            missing.push(format!("no test is called {}…", row.prefix()));
        }
        if missing.is_empty() {
            proven += 1;
        } else {
            unproven.push(format!("{} {:?}: {}", row.id, row.what, missing.join("; ")));
        }
    }
    println!("\ndiscrepancies: {proven} of {all} rows\n");
    assert!(unproven.is_empty(), "{}", unproven.join("\n"));
}

#[test]
fn rows_are_whole() {
    let table = Table::read();
    let faults = complaints(&table.rows, |row| {
        let fault = if !KINDS.contains(&row.kind.as_str()) {
            "its kind is not known"
        } else if row.document.is_empty()
            || row
                .document
                .iter()
                .any(|page| !PAGES.contains(&page.as_str()))
        {
            "its document is not one of the pages"
        } else if row.what.trim().len() < 10 {
            "it does not say what it is about"
        } else if row.test.is_empty() {
            "it has no test"
        } else {
            return None;
        };
        Some(format!("{:?}: {fault}", row.what))
    });
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn no_row_stands_twice() {
    let table = Table::read();
    let mut seen = BTreeSet::new();
    let twice = complaints(
        table.rows.iter().flat_map(|row| {
            row.document
                .iter()
                .map(move |page| (page, &row.kind, &row.what))
        }),
        |row| (!seen.insert(*row)).then(|| format!("{row:?} stands twice")),
    );
    assert!(twice.is_empty(), "{twice}");
}

/// Nobody takes a row out unseen: sections and their rows are counted through.
#[test]
fn discrepancies_are_counted_through() {
    /// How many rows each section of the comparison has.
    const SECTIONS: [u32; 5] = [7, 24, 6, 12, 11];
    let table = Table::read();
    let ids: Vec<&str> = table
        .discrepancies
        .iter()
        .map(|row| row.id.as_str())
        .collect();
    let expected: Vec<String> = (1..)
        .zip(SECTIONS)
        .flat_map(|(section, rows)| (1..=rows).map(move |row| format!("{section}.{row}")))
        .collect();
    assert_eq!(ids, expected);
    for row in &table.discrepancies {
        assert!(
            ["A", "B", "C"].contains(&row.severity.as_str()),
            "{}",
            row.id
        );
        assert!(row.what.len() > 20, "{} does not say what it is", row.id);
    }
}
