//! What a million copied objects weigh, and how long their state takes to open.

use std::path::Path;
use std::time::Instant;

use super::Store;
use super::million::{Million, Shape};
use super::object::{Attached, Version};
use crate::content::Library;
use crate::listing::{self, Wanted};
use crate::nature::Nature;
use crate::options::Provider;

const COUNT: u32 = 1_000_000;

/// Bytes of this process in memory.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

fn open(folder: &Path, library: &Library) -> Store {
    Store::open(Provider::S3, folder, library, &Nature::real()).unwrap()
}

/// Pages of a thousand, from the beginning to the end.
fn walk(store: &Store, library: &Library) -> (u32, usize) {
    let (mut pages, mut rows, mut after) = (0, 0, String::new());
    loop {
        let wanted = Wanted {
            prefix: "",
            delimiter: "",
            after: &after,
            limit: 1000,
        };
        let page = listing::objects(&store.buckets["backup-demo"], wanted, library);
        pages += 1;
        rows += page.rows.len();
        match page.next {
            Some(next) => after = next,
            None => return (pages, rows),
        }
    }
}

#[test]
#[ignore = "a measurement: meaningful in release and on an idle machine only"]
fn a_million_copies_weigh_less_than_400_bytes_each() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path().join("bytes")).unwrap();
    let million = Million {
        shape: Shape::Flat,
        written: 0,
    };
    let mut store = open(folder.path(), &library);
    let (before, begun) = (resident(), Instant::now());
    for index in 0..COUNT {
        let source = million.version(index, &library);
        let version = Version {
            modified: i64::from(index),
            attached: Attached::clone(&source.attached).into(),
            ..source
        };
        let key = million.key(index);
        store.put("backup-demo", &key, version, &library).unwrap();
    }
    let each = (resident() - before) / u64::from(COUNT);
    let log = folder.path().join("s3.jsonl").metadata().unwrap().len();
    println!(
        "copies: {each} bytes in memory and {} in the log each, {:.0} a second",
        log / u64::from(COUNT),
        f64::from(COUNT) / begun.elapsed().as_secs_f64()
    );
    let begun = Instant::now();
    let (pages, rows) = walk(&store, &library);
    assert_eq!(rows, COUNT as usize);
    println!(
        "pages: {:.0} a second",
        f64::from(pages) / begun.elapsed().as_secs_f64()
    );
    drop(store);
    let begun = Instant::now();
    let store = open(folder.path(), &library);
    println!("opening takes {:?}", begun.elapsed());
    assert_eq!(walk(&store, &library).1, COUNT as usize);
    assert!(each < 400, "{each}");
}
