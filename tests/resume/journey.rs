//! The whole road without anything going wrong.

use partway_domain::{DialectName, State};
use partway_tests::cloud::bucket;
use partway_tests::machine::{copy_request, look};
use partway_tests::{Cloud, Machine, on_every_dialect};

async fn a_terabyte_arrives(dialect: DialectName) {
    let cloud = Cloud::open().await;
    let machine = Machine::new(&cloud);
    let engine = machine.engine();
    let (from, to) = ("genome/sample-0001.bam", "copies/sample.bam");
    let request = copy_request(&cloud, dialect, ("datasets", from), ("backup", to));

    let job = engine.start(&request).await.expect("the job starts");
    engine.wait(job).await;

    let (row, transfer) = look(&engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    let verdict = transfer.verdict.expect("a verdict");
    assert!(verdict.verified, "{}", verdict.evidence);
    assert_eq!(row.bytes_done, 1 << 40);
    let source = cloud
        .object(dialect, &bucket(dialect, "datasets"), from)
        .unwrap();
    let copy = cloud
        .object(dialect, &bucket(dialect, "backup"), to)
        .unwrap();
    assert_eq!(copy.segments, source.segments);
    assert_eq!(copy.metadata, source.metadata);
    assert_eq!(copy.headers, source.headers);
    assert_eq!(copy.tags, source.tags);
    assert!(cloud.uploads_of(dialect, to).is_empty());
}

on_every_dialect! {
    a_terabyte_arrives,
}
