//! What an object has besides its bytes is the same after a copy by one request and after one
//! by parts: where one loses something, so does the other, and says so.

use std::collections::BTreeMap;

use partway_democloud::ObjectFacts;
use partway_domain::limits::{GIB, MIB};
use partway_domain::{Access, AtRest, CopyTerms, DialectName, State};
use partway_engine::event;
use partway_protocol::op::{
    Attributes, CompleteMultipartUpload, CreateMultipartUpload, NewAcl, PutObject, PutObjectAcl,
    Terms,
};
use partway_tests::cloud::provider;
use partway_tests::machine::{copy_request, look};

use super::desk::{Desk, name, tag};

const SMALL: &str = "parity/small.bin";
const LARGE: &str = "parity/large.bin";

/// Everything but bytes, tag, versions and times.
#[derive(Debug, PartialEq)]
struct Properties {
    headers: BTreeMap<String, String>,
    metadata: BTreeMap<String, String>,
    tags: Vec<(String, String)>,
    storage_class: String,
    encryption: Option<String>,
    acl: Option<String>,
    grants: Vec<String>,
    redirect: Option<String>,
}

impl Properties {
    fn of(facts: ObjectFacts) -> Self {
        Self {
            headers: facts.headers,
            metadata: facts.metadata,
            tags: facts.tags,
            storage_class: facts.storage_class,
            encryption: facts.encryption.algorithm,
            acl: facts.acl,
            grants: facts.grants,
            redirect: facts.redirect,
        }
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn attributes(storage_class: Option<&str>) -> Attributes {
    Attributes {
        headers: pairs(&[
            ("content-type", "text/csv; charset=utf-8"),
            ("cache-control", "max-age=60"),
            ("content-disposition", "attachment; filename=\"a b.csv\""),
            ("content-encoding", "gzip"),
            ("content-language", "de"),
            ("expires", "Wed, 21 Oct 2099 07:28:00 GMT"),
        ]),
        metadata: pairs(&[("owner", "sales"), ("note", "a=b;c")]),
        storage_class: storage_class.map(str::to_owned),
        tags: pairs(&[("team", "red & blue"), ("year", "2026")]),
    }
}

/// One object of 1 MiB written at once, one of 6 GiB made of parts, both with the same
/// properties.
async fn sources(desk: &Desk, attributes: &Attributes, redirect: Option<&str>) {
    let terms = || Terms {
        website_redirect: redirect.map(str::to_owned),
        ..Terms::default()
    };
    desk.get(&PutObject {
        bucket: desk.bucket("datasets"),
        key: name(SMALL),
        body: vec![7; usize::try_from(MIB).unwrap()],
        attributes: attributes.clone(),
        terms: terms(),
    })
    .await;
    let bytes = "parity/bytes.bin";
    let backup = desk.bucket("backup");
    desk.cloud
        .demo
        .put_virtual(provider(desk.dialect), backup.as_str(), bytes, 6 * GIB);
    let upload_id = desk
        .get(&CreateMultipartUpload {
            bucket: backup.clone(),
            key: name(LARGE),
            attributes: attributes.clone(),
            checksum: false,
            terms: terms(),
        })
        .await;
    let mut parts = Vec::new();
    for (number, range) in [(1, (0, 3 * GIB)), (2, (3 * GIB, 6 * GIB))] {
        let part = desk.part(LARGE, &upload_id, number, ("backup", bytes), range);
        parts.push((part.number, tag(&desk.get(&part).await)));
    }
    desk.get(&CompleteMultipartUpload {
        bucket: backup,
        key: name(LARGE),
        upload_id,
        parts,
        size: 6 * GIB,
        customer_key: None,
    })
    .await;
}

/// Copies one of them and tells what it has become, and what was said to be lost.
async fn copied(
    desk: &Desk,
    (word, key): (&str, &str),
    class: Option<&str>,
    terms: &CopyTerms,
) -> (Properties, Vec<String>) {
    let target = format!("{key}-{}", uuid::Uuid::new_v4());
    let mut request = copy_request(&desk.cloud, desk.dialect, (word, key), ("photos", &target));
    request.options.storage_class = class.map(str::to_owned);
    request.options.terms = terms.clone();
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.wait(job).await;
    let (_, transfer) = look(&desk.engine, job);
    assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
    assert!(transfer.verdict.expect("a verdict").verified);
    let lost = transfer.pin.expect("a pin").not_carried;
    let events = desk.engine.journal().events(job, None, 1000).unwrap();
    for what in &lost {
        let told = events.iter().any(|row| {
            row.event.what == event::NOT_CARRIED && row.event.detail.contains(what.as_str())
        });
        assert!(told, "{what} is lost without a word in the history");
    }
    let facts = desk.truth("photos", &target).expect("the copy");
    (Properties::of(facts), lost)
}

async fn one_request_and_many_carry_the_same(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let cold = match dialect {
        DialectName::Obs => "WARM",
        DialectName::ObsV2 | DialectName::Cos | DialectName::S3 => "STANDARD_IA",
    };
    let canned = CopyTerms {
        access: Access::Canned("public-read".to_owned()),
        ..CopyTerms::default()
    };
    let sealed = CopyTerms {
        encryption: AtRest::Provider,
        ..CopyTerms::default()
    };
    let plain = CopyTerms::default();
    let redirects = dialect != DialectName::Cos;
    // The class of the source, the class asked for, what else is asked for, a redirect.
    let table = [
        (None, None, &plain, None),
        (Some(cold), None, &plain, None),
        (Some(cold), Some("STANDARD"), &plain, None),
        (None, Some(cold), &plain, None),
        (None, None, &canned, None),
        (None, None, &sealed, None),
        (None, None, &plain, redirects.then_some("/elsewhere.html")),
    ];
    for (source_class, class, terms, redirect) in table {
        let attributes = attributes(source_class);
        sources(&desk, &attributes, redirect).await;
        let (small, small_lost) = copied(&desk, ("datasets", SMALL), class, terms).await;
        let (large, large_lost) = copied(&desk, ("backup", LARGE), class, terms).await;
        let case = format!("{source_class:?} → {class:?}, {terms:?}, {redirect:?}");
        assert_eq!(small, large, "{case}");
        assert_eq!(small_lost, large_lost, "{case}");

        // And both are what the source was, but for what was asked for.
        let source = Properties::of(desk.truth("datasets", SMALL).expect("the source"));
        assert_eq!(large.headers, source.headers, "{case}");
        assert_eq!(large.metadata, source.metadata, "{case}");
        assert_eq!(large.tags, source.tags, "{case}");
        let wanted = class.unwrap_or(source_class.unwrap_or("STANDARD"));
        let wanted = match (dialect, wanted) {
            // The other form of the same class; the truth is in the provider's own words.
            (DialectName::ObsV2, "STANDARD_IA") => "WARM",
            (_, wanted) => wanted,
        };
        assert_eq!(large.storage_class, wanted, "{case}");
        assert_eq!(
            large.encryption.is_some(),
            terms.encryption == AtRest::Provider
        );
        let lost = redirect.is_some() && large.redirect.is_none();
        assert_eq!(
            large_lost.iter().any(|what| what.contains("redirect")),
            lost
        );
    }
}

/// A change of an object in its place: another class, and everything else is still there.
async fn a_change_in_place_keeps_everything_else(dialect: DialectName) {
    let desk = Desk::new(dialect).await;
    let (asked, cold) = match dialect {
        DialectName::Obs => ("WARM", "WARM"),
        DialectName::ObsV2 => ("STANDARD_IA", "WARM"),
        DialectName::Cos | DialectName::S3 => ("STANDARD_IA", "STANDARD_IA"),
    };
    sources(&desk, &attributes(None), None).await;
    for (word, key) in [("datasets", SMALL), ("backup", LARGE)] {
        let before = desk.truth(word, key).expect("the object");
        let mut request = copy_request(&desk.cloud, dialect, (word, key), (word, key));
        request.options.storage_class = Some(asked.to_owned());
        let job = desk.engine.start(&request).await.expect("it starts");
        desk.engine.wait(job).await;
        let (_, transfer) = look(&desk.engine, job);
        assert_eq!(transfer.state, State::Done, "{:?}", transfer.failure);
        let lost = transfer.pin.expect("a pin").not_carried;
        assert!(
            lost.is_empty(),
            "nobody else was granted anything: {lost:?}"
        );
        let after = desk.truth(word, key).expect("the object");
        assert_eq!(after.segments, before.segments, "{key}");
        let before = Properties::of(before);
        let expected = Properties {
            storage_class: cold.to_owned(),
            ..before
        };
        assert_eq!(Properties::of(after), expected, "{key}");
    }

    // What is granted on it goes, and both the plan and the transfer say what that was.
    desk.get(&PutObjectAcl {
        bucket: desk.bucket("datasets"),
        key: name(SMALL),
        version: None,
        acl: NewAcl::Access(Access::Canned("public-read".to_owned())),
    })
    .await;
    let at = ("datasets", SMALL);
    let mut request = copy_request(&desk.cloud, dialect, at, at);
    request.options.storage_class = Some("STANDARD".to_owned());
    let plan = desk.engine.plan(&request, &|_| {}).await.expect("a plan");
    let named = vec!["access: read for everybody".to_owned()];
    assert_eq!(plan.objects[0].not_carried, named);
    let job = desk.engine.start(&request).await.expect("it starts");
    desk.engine.wait(job).await;
    let (_, transfer) = look(&desk.engine, job);
    assert_eq!(transfer.pin.expect("a pin").not_carried, named);

    // Nothing to change: that is a mistake, and said to be one.
    let request = copy_request(
        &desk.cloud,
        dialect,
        ("datasets", SMALL),
        ("datasets", SMALL),
    );
    desk.engine
        .start(&request)
        .await
        .expect_err("it is refused");
}

partway_tests::on_every_dialect! {
    a_change_in_place_keeps_everything_else,
    one_request_and_many_carry_the_same,
}
