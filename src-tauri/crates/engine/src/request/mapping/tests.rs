use partway_domain::{Account, AccountId, Addressing, Bucket, CopyOptions, DialectName, VersionId};
use partway_protocol::dialect::dialect;

use super::*;
use crate::request::{CopySelection, Place};

pub(crate) fn side(dialect: DialectName, endpoint: &str, region: &str, bucket: &str) -> Side {
    let account = Account {
        id: AccountId("id".to_owned()),
        name: "work".to_owned(),
        dialect,
        endpoint: endpoint.to_owned(),
        region: region.to_owned(),
        addressing: Addressing::VirtualHost,
        masked_key_id: String::new(),
        named_buckets: Vec::new(),
        demo: false,
        fallback_domain: false,
    };
    Side::new(account, Bucket::parse(bucket).unwrap(), None).unwrap()
}

pub(crate) fn route(source: Side, destination: Side) -> Route {
    Route {
        dialect: dialect(destination.account.dialect),
        source,
        destination,
        kind: partway_domain::JobKind::Copy,
        in_bulk: false,
        options: CopyOptions::default(),
    }
}

pub(crate) fn s3(region: &str, bucket: &str) -> Side {
    let endpoint = format!("https://s3.{region}.amazonaws.com");
    side(DialectName::S3, &endpoint, region, bucket)
}

fn object(key: &str, rename: Option<&str>) -> ObjectRef {
    ObjectRef {
        key: Key::parse(key).unwrap(),
        version: None::<VersionId>,
        rename: rename.map(str::to_owned),
    }
}

fn request(shown_under: &str, objects: Vec<ObjectRef>, to: &str) -> CopyRequest {
    let place = |prefix: &str| Place {
        account: AccountId("id".to_owned()),
        bucket: Bucket::parse("any").unwrap(),
        region: None,
        prefix: Prefix::parse(prefix).unwrap(),
    };
    CopyRequest {
        source: place(shown_under),
        kind: partway_domain::JobKind::Copy,
        selection: CopySelection {
            objects,
            prefixes: Vec::new(),
        },
        destination: place(to),
        options: CopyOptions::default(),
        refuse_existing: true,
    }
}

fn destinations(request: &CopyRequest, route: &Route) -> Vec<String> {
    map(request, &request.selection.objects, route)
        .into_iter()
        .map(|mapped| match mapped {
            Ok(mapped) => mapped.destination_key.to_string(),
            Err((_, failure)) => format!("{:?}", failure.kind),
        })
        .collect()
}

#[test]
fn names_follow_the_prefix_they_were_shown_under() {
    let route = route(s3("us-east-1", "from"), s3("us-east-1", "to"));
    let objects = vec![
        object("a/b/c.txt", None),
        object("a/b/c/", None),
        object("x/y.txt", None),
        object("a/", None),
        object("a/z.txt", Some("new name.txt")),
    ];
    assert_eq!(
        destinations(&request("a/", objects, "dst/"), &route),
        [
            "dst/b/c.txt",
            "dst/b/c/",
            "dst/y.txt",
            "dst/a/",
            "dst/new name.txt"
        ]
    );
}

#[test]
fn nothing_is_copied_onto_itself() {
    let same = route(s3("us-east-1", "one"), s3("us-east-1", "one"));
    let other = route(s3("us-east-1", "one"), s3("us-east-1", "two"));
    let request = request("", vec![object("k", None)], "");
    assert_eq!(destinations(&request, &same), ["Invalid"]);
    assert_eq!(destinations(&request, &other), ["k"]);
}

#[test]
fn of_two_objects_with_one_name_the_second_is_a_problem() {
    let route = route(s3("us-east-1", "from"), s3("us-east-1", "to"));
    let objects = vec![object("x/n", None), object("y/n", None)];
    assert_eq!(
        destinations(&request("z/", objects, ""), &route),
        ["n", "Invalid"]
    );
}

#[test]
fn routes_stay_within_one_service() {
    let cos = |region: &str| {
        let endpoint = format!("https://cos.{region}.myqcloud.com");
        side(DialectName::Cos, &endpoint, region, "b-1250000000")
    };
    let obs = |dialect, region: &str| {
        let endpoint = format!("https://obs.{region}.myhuaweicloud.com");
        side(dialect, &endpoint, region, "b")
    };
    let minio = side(
        DialectName::S3,
        "https://minio.example:9000",
        "us-east-1",
        "b",
    );
    let rows = [
        (s3("us-east-1", "a"), s3("eu-west-1", "b"), true),
        (cos("ap-guangzhou"), cos("ap-shanghai"), true),
        (
            obs(DialectName::Obs, "cn-north-4"),
            obs(DialectName::ObsV2, "cn-north-4"),
            true,
        ),
        (
            obs(DialectName::Obs, "cn-north-4"),
            obs(DialectName::Obs, "cn-east-3"),
            false,
        ),
        (s3("us-east-1", "a"), minio.clone(), false),
        (minio.clone(), minio, true),
        (cos("ap-guangzhou"), s3("us-east-1", "b"), false),
        (
            s3("us-east-1", "a"),
            obs(DialectName::ObsV2, "cn-north-4"),
            false,
        ),
    ];
    for (from, to, possible) in rows {
        let route = route(from, to);
        let outcome = refuse_route(&route);
        assert_eq!(outcome.is_ok(), possible, "{outcome:?}");
        if let Err(failure) = outcome {
            assert_eq!(failure.kind, FailureKind::NotSupported);
        }
    }
}

#[test]
fn a_key_of_1025_bytes_is_refused_with_advice() {
    let route = route(s3("us-east-1", "from"), s3("us-east-1", "to"));
    let request = request("", vec![object("12345", None)], &"p".repeat(1020));
    let (key, failure) = map(&request, &request.selection.objects, &route)
        .remove(0)
        .unwrap_err();
    assert_eq!(key, "12345");
    assert_eq!(failure.kind, FailureKind::Invalid);
    assert!(failure.message.contains("1025 bytes"), "{failure}");
    assert!(failure.message.contains("choose a shorter"), "{failure}");
}
