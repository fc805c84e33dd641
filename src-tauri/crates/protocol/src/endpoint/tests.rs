use partway_domain::{AccountId, DialectName};

use super::*;
use crate::dialect::dialect;

fn endpoint(text: &str, region: &str, addressing: Addressing) -> Result<Endpoint, String> {
    Endpoint::of(&Account {
        id: AccountId("1".to_owned()),
        name: "test".to_owned(),
        dialect: DialectName::Cos,
        endpoint: text.to_owned(),
        region: region.to_owned(),
        addressing,
        masked_key_id: String::new(),
        named_buckets: vec![],
        demo: false,
        fallback_domain: false,
    })
    .map_err(|error| error.to_string())
}

fn virtual_host(text: &str, region: &str) -> Endpoint {
    endpoint(text, region, Addressing::VirtualHost).unwrap()
}

#[test]
fn texts_that_are_endpoints() {
    for (text, host) in [
        (
            "https://cos.ap-guangzhou.myqcloud.com",
            "cos.ap-guangzhou.myqcloud.com",
        ),
        ("https://Example.COM:443/", "example.com"),
        ("http://127.0.0.1:9000", "127.0.0.1:9000"),
        ("http://[::1]:9000", "[::1]:9000"),
        ("https://h:80", "h:80"),
    ] {
        assert_eq!(virtual_host(text, "").host, host);
    }
}

#[test]
fn texts_that_are_not_say_why() {
    for (text, why) in [
        ("cos.ap-guangzhou.myqcloud.com", "no scheme"),
        ("ftp://h", "neither https nor http"),
        ("https://h/bucket", "a path"),
        ("https://h?x", "a query"),
        ("https://user:pass@h", "a user name"),
        ("https://", "empty"),
        ("https://h:0", "port"),
        ("https://h:99999", "port"),
        ("https://a b", "not a host name"),
        ("https://[::1", "not closed"),
        ("https://[zz]", "no IPv6"),
    ] {
        let error = endpoint(text, "", Addressing::Path).unwrap_err();
        assert!(error.contains(why), "{text}: {error}");
        assert!(!error.contains("pass"), "{error}");
    }
}

#[test]
fn another_region_changes_the_label_only() {
    let of = |host: &str, from: &str, to: &str| {
        virtual_host(&format!("https://{host}"), from).in_region(to)
    };
    for (host, from, to, expected) in [
        (
            "cos.ap-beijing.myqcloud.com",
            "ap-beijing",
            "eu-frankfurt",
            "cos.eu-frankfurt.myqcloud.com",
        ),
        (
            "s3.eu-west-1.amazonaws.com",
            "eu-west-1",
            "us-west-2",
            "s3.us-west-2.amazonaws.com",
        ),
        (
            "s3-eu-west-1.amazonaws.com",
            "eu-west-1",
            "us-west-2",
            "s3-us-west-2.amazonaws.com",
        ),
        (
            "s3.amazonaws.com",
            "us-east-1",
            "eu-west-1",
            "s3.eu-west-1.amazonaws.com",
        ),
    ] {
        let moved = of(host, from, to);
        assert_eq!(moved.host, expected);
        assert_eq!(moved.region, to);
    }
    // No label of that name: not even the region changes.
    let own = virtual_host("http://127.0.0.1:9000", "ap-beijing");
    assert_eq!(own.in_region("eu-frankfurt"), own);
    let longer = virtual_host("https://cos.ap-beijing-1.example.com", "ap-beijing");
    assert_eq!(longer.in_region("eu-frankfurt"), longer);
}

/// Where only the user knows what the host means, what a server calls a region never makes
/// another host: that may be anybody's.
#[test]
fn only_hosts_of_a_known_pattern_change_by_a_servers_word() {
    for (host, from) in [
        ("s3.eu.corp", "eu"),
        ("s3-eu.corp:9000", "eu"),
        ("eu.example", "eu"),
        ("obs.eu.storage.corp.example", "eu"),
        ("s3.eu.localhost.example", "eu"),
        ("s3.eu-west-1.amazonaws.com.example", "eu-west-1"),
        ("eu.localhost", "eu-west-1"),
    ] {
        let own = virtual_host(&format!("http://{host}"), from);
        assert_eq!(own.in_region("evil"), own, "{host}");
    }
    // All names below `localhost` are this machine.
    let local = virtual_host("http://s3.eu.localhost:9000", "eu");
    assert_eq!(local.in_region("us").host, "s3.us.localhost:9000");
    // What the user entered for another account is believed.
    let own = virtual_host("http://s3.eu.corp", "eu");
    assert_eq!(own.in_entered_region("us").host, "s3.us.corp");
}

#[test]
fn buckets_and_keys_by_host_and_by_path() {
    let bucket = Bucket::parse("b-1").unwrap();
    let key = Key::parse("/a//b c/..").unwrap();
    let s3 = dialect(DialectName::S3);
    let location = virtual_host("https://h.example", "")
        .object(s3, &bucket, &key)
        .unwrap();
    assert_eq!(
        (location.host.as_str(), location.path.as_str()),
        ("b-1.h.example", "//a//b%20c/..")
    );
    let by_path = endpoint("https://h.example", "", Addressing::Path).unwrap();
    let location = by_path.object(s3, &bucket, &key).unwrap();
    assert_eq!(
        (location.host.as_str(), location.path.as_str()),
        ("h.example", "/b-1//a//b%20c/..")
    );
    assert_eq!(by_path.bucket(s3, &bucket).path, "/b-1");
}

#[test]
fn cos_keys_that_need_care() {
    let cos = dialect(DialectName::Cos);
    let endpoint = virtual_host("https://cos.ap-beijing.myqcloud.com", "ap-beijing");
    let bucket = Bucket::parse("b-1").unwrap();
    let path = |key: &str| {
        endpoint
            .object(cos, &bucket, &Key::parse(key).unwrap())
            .map(|location| location.path)
    };
    assert_eq!(path("a/b c").unwrap(), "/a/b%20c");
    assert_eq!(path("a/../b").unwrap(), "/a%2F..%2Fb");
    assert_eq!(path("a/..").unwrap(), "/a%2F..");
    assert_eq!(path("a..b/c.").unwrap(), "/a..b/c.");
    for key in ["/a", "\\a", ".", "..", "a\u{19}b", &"k".repeat(851)] {
        assert!(path(key).is_err(), "{key:?}");
    }
}

#[test]
fn the_cos_service_lists_all_regions() {
    let cos = dialect(DialectName::Cos);
    let host = |text: &str| virtual_host(text, "ap-beijing").service(cos).host;
    assert_eq!(
        host("https://cos.ap-beijing.myqcloud.com"),
        "service.cos.myqcloud.com"
    );
    assert_eq!(host("http://127.0.0.1:9000"), "127.0.0.1:9000");
    // By whatever way the account goes.
    assert_eq!(
        host("https://cos.ap-beijing.tencentcos.cn"),
        "service.cos.tencentcos.cn"
    );
    assert_eq!(
        host("https://cos-internal.ap-beijing.tencentcos.cn"),
        "service.cos-internal.tencentcos.cn"
    );
    assert_eq!(
        host("https://cos.accelerate.myqcloud.com"),
        "service.cos.myqcloud.com"
    );
}

fn account(
    dialect: DialectName,
    text: &str,
    region: &str,
    addressing: Addressing,
    buckets: &[&str],
) -> Account {
    Account {
        id: AccountId("1".to_owned()),
        name: "test".to_owned(),
        dialect,
        endpoint: text.to_owned(),
        region: region.to_owned(),
        addressing,
        masked_key_id: String::new(),
        named_buckets: buckets.iter().map(|name| (*name).to_owned()).collect(),
        demo: false,
        fallback_domain: false,
    }
}

#[test]
fn regions_are_read_from_hosts_and_old_names_become_todays() {
    for (dialect, text, region, host, read) in [
        (
            DialectName::Cos,
            "https://cos.ap-beijing.myqcloud.com",
            "",
            "cos.ap-beijing.myqcloud.com",
            "ap-beijing",
        ),
        (
            DialectName::Cos,
            "https://cosgz.myqcloud.com",
            "cosgz",
            "cos.ap-guangzhou.myqcloud.com",
            "ap-guangzhou",
        ),
        (
            DialectName::Cos,
            "https://cn-south.myqcloud.com",
            "",
            "cn-south.myqcloud.com",
            "cn-south",
        ),
        (
            DialectName::Obs,
            "https://obs.eu-de.otc.t-systems.com",
            "",
            "obs.eu-de.otc.t-systems.com",
            "eu-de",
        ),
        (
            DialectName::S3,
            "https://s3-fips.dualstack.us-gov-west-1.amazonaws.com",
            "",
            "s3-fips.dualstack.us-gov-west-1.amazonaws.com",
            "us-gov-west-1",
        ),
        (
            DialectName::S3,
            "https://s3.amazonaws.com",
            "",
            "s3.amazonaws.com",
            "",
        ),
    ] {
        let endpoint = Endpoint::of(&account(
            dialect,
            text,
            region,
            Addressing::VirtualHost,
            &[],
        ))
        .unwrap();
        assert_eq!(
            (endpoint.host.as_str(), endpoint.region.as_str()),
            (host, read)
        );
    }
}

#[test]
fn every_provider_moves_between_its_regions() {
    for (dialect, host, to, expected) in [
        (
            DialectName::Cos,
            "cos-internal.ap-beijing.tencentcos.cn",
            "ap-shanghai",
            "cos-internal.ap-shanghai.tencentcos.cn",
        ),
        (
            DialectName::Cos,
            "cos.ap-beijing.tencentcos.cn",
            "ap-shanghai",
            "cos.ap-shanghai.tencentcos.cn",
        ),
        (
            DialectName::Cos,
            "service.cos.myqcloud.com",
            "ap-shanghai",
            "cos.ap-shanghai.myqcloud.com",
        ),
        // The oldest regions have no service before them, in both directions.
        (
            DialectName::Cos,
            "cos.ap-beijing.myqcloud.com",
            "cn-south",
            "cn-south.myqcloud.com",
        ),
        (
            DialectName::Cos,
            "sg.myqcloud.com",
            "ap-beijing",
            "cos.ap-beijing.myqcloud.com",
        ),
        (
            DialectName::Obs,
            "obs.cn-north-4.myhuaweicloud.com",
            "cn-south-1",
            "obs.cn-south-1.myhuaweicloud.com",
        ),
        (
            DialectName::Obs,
            "obs.otc.t-systems.com",
            "eu-nl",
            "obs.eu-nl.otc.t-systems.com",
        ),
        (
            DialectName::S3,
            "s3.dualstack.eu-west-1.amazonaws.com",
            "us-east-2",
            "s3.dualstack.us-east-2.amazonaws.com",
        ),
        (
            DialectName::S3,
            "s3.cn-north-1.amazonaws.com.cn",
            "cn-northwest-1",
            "s3.cn-northwest-1.amazonaws.com.cn",
        ),
        (
            DialectName::S3,
            "s3-accelerate.amazonaws.com",
            "us-east-2",
            "s3.us-east-2.amazonaws.com",
        ),
    ] {
        let text = format!("https://{host}");
        let region = if host.contains("accelerate") {
            "eu-west-1"
        } else {
            ""
        };
        let home = Endpoint::of(&account(
            dialect,
            &text,
            region,
            Addressing::VirtualHost,
            &[],
        ))
        .unwrap();
        let moved = home.in_region(to);
        assert_eq!((moved.host.as_str(), moved.region.as_str()), (expected, to));
        // What a server says is never more than a label.
        for text in ["evil.example/", "a.b", "", "x@y", "a/../b"] {
            assert_eq!(home.in_region(text), home, "{text}");
        }
    }
}

#[test]
fn acceleration_takes_objects_and_the_region_the_rest() {
    let cos = dialect(DialectName::Cos);
    let account = |region| {
        account(
            DialectName::Cos,
            "https://cos.accelerate.myqcloud.com",
            region,
            Addressing::Path,
            &[],
        )
    };
    let endpoint = Endpoint::of(&account("ap-guangzhou")).unwrap();
    let bucket = Bucket::parse("b-1250000000").unwrap();
    let key = Key::parse("k").unwrap();
    let object = endpoint.object(cos, &bucket, &key).unwrap();
    assert_eq!(object.host, "b-1250000000.cos.accelerate.myqcloud.com");
    assert_eq!(
        endpoint.bucket(cos, &bucket).host,
        "b-1250000000.cos.ap-guangzhou.myqcloud.com"
    );
    assert_eq!(endpoint.source_host(), "cos.ap-guangzhou.myqcloud.com");
    // Another region keeps the way.
    let moved = endpoint.in_region("ap-shanghai");
    assert_eq!(moved.object(cos, &bucket, &key).unwrap().host, object.host);
    assert_eq!(
        moved.bucket(cos, &bucket).host,
        "b-1250000000.cos.ap-shanghai.myqcloud.com"
    );
    let error = Endpoint::of(&account("")).unwrap_err().to_string();
    assert!(error.contains("enter the bucket's region"), "{error}");
}

#[test]
fn amazons_acceleration_is_for_reading_only() {
    let s3 = dialect(DialectName::S3);
    let endpoint = Endpoint::of(&account(
        DialectName::S3,
        "https://s3-accelerate.amazonaws.com",
        "eu-west-1",
        Addressing::VirtualHost,
        &[],
    ))
    .unwrap();
    let key = Key::parse("k").unwrap();
    let hosts = |bucket: &str| {
        let bucket = Bucket::parse(bucket).unwrap();
        (
            endpoint.object_to_read(s3, &bucket, &key).unwrap().host,
            endpoint.object(s3, &bucket, &key).unwrap().host,
        )
    };
    let (reads, writes) = hosts("plain");
    assert_eq!(reads, "plain.s3-accelerate.amazonaws.com");
    assert_eq!(writes, "plain.s3.eu-west-1.amazonaws.com");
    // A bucket with a dot has no accelerated host at all.
    let (reads, writes) = hosts("with.dot");
    assert_eq!(
        (reads.as_str(), writes.as_str()),
        ("s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com")
    );
}

#[test]
fn a_domain_of_its_own_serves_reading_of_its_bucket_alone() {
    let obs = dialect(DialectName::Obs);
    let account = |region: &str, buckets: &[&str]| {
        account(
            DialectName::Obs,
            "https://files.example.com",
            region,
            Addressing::CustomDomain,
            buckets,
        )
    };
    let endpoint = Endpoint::of(&account("eu-de", &["mine"])).unwrap();
    let (mine, other) = (
        Bucket::parse("mine").unwrap(),
        Bucket::parse("other").unwrap(),
    );
    let key = Key::parse("a b").unwrap();
    let read = endpoint.object_to_read(obs, &mine, &key).unwrap();
    assert_eq!(
        (read.host.as_str(), read.path.as_str()),
        ("files.example.com", "/a%20b")
    );
    for location in [
        endpoint.object(obs, &mine, &key).unwrap(),
        endpoint.bucket(obs, &mine),
    ] {
        assert_eq!(location.host, "mine.obs.eu-de.otc.t-systems.com");
    }
    let elsewhere = endpoint.object_to_read(obs, &other, &key).unwrap();
    assert_eq!(elsewhere.host, "other.obs.eu-de.otc.t-systems.com");
    assert!(endpoint.owns("files.example.com") && !endpoint.owns("x.files.example.com"));

    let confused = Account {
        endpoint: "https://obs.eu-de.otc.t-systems.com".to_owned(),
        ..account("eu-de", &["mine"])
    };
    let error = Endpoint::of(&confused).unwrap_err().to_string();
    assert!(error.contains("the provider's own host"), "{error}");

    for (region, buckets, why) in [
        ("eu-de", &[][..], "exactly that bucket"),
        ("eu-de", &["a", "b"][..], "exactly that bucket"),
        ("atlantis", &["mine"][..], "one of the provider's regions"),
    ] {
        let error = Endpoint::of(&account(region, buckets))
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_bucket_with_a_dot_goes_into_the_path_where_a_certificate_would_not_cover_it() {
    let s3 = dialect(DialectName::S3);
    let bucket = Bucket::parse("my.bucket").unwrap();
    let secure = virtual_host("https://s3.eu-west-1.amazonaws.com", "eu-west-1");
    let location = secure.bucket(s3, &bucket);
    assert_eq!(
        (location.host.as_str(), location.path.as_str()),
        ("s3.eu-west-1.amazonaws.com", "/my.bucket")
    );
    let plain = virtual_host("http://h.example", "");
    assert_eq!(plain.bucket(s3, &bucket).host, "my.bucket.h.example");
}

#[test]
fn the_second_domain_of_cos_is_the_same_region() {
    let at = |text: &str| {
        virtual_host(text, "ap-beijing")
            .at_fallback_domain()
            .map(|endpoint| endpoint.host)
    };
    assert_eq!(
        at("https://cos.ap-beijing.myqcloud.com").as_deref(),
        Some("cos.ap-beijing.tencentcos.cn")
    );
    // The source of a copy keeps its usual name.
    let second = virtual_host("https://cos.ap-beijing.tencentcos.cn", "");
    assert_eq!(second.source_host(), "cos.ap-beijing.myqcloud.com");
    let internal = virtual_host("https://cos-internal.ap-beijing.tencentcos.cn", "");
    assert_eq!(internal.source_host(), "cos.ap-beijing.myqcloud.com");
    for other in [
        "https://cos.ap-beijing.tencentcos.cn",
        "https://s3.eu-west-1.amazonaws.com",
        "https://evil.myqcloud.com",
        "http://127.0.0.1:9000",
    ] {
        assert_eq!(at(other), None, "{other}");
    }
}

#[test]
fn hosts_of_the_account_and_strangers() {
    let cases: &[(&str, &str, &[&str], &[&str])] = &[
        (
            "https://cos.ap-beijing.myqcloud.com",
            "ap-beijing",
            &[
                "cos.ap-beijing.myqcloud.com",
                "b-125.cos.ap-shanghai.myqcloud.com",
                "b-125.cos.ap-shanghai.tencentcos.cn",
                "service.cos.myqcloud.com",
                "b-125.cos.accelerate.myqcloud.com",
                "COS.AP-BEIJING.MYQCLOUD.COM",
            ],
            &[
                "myqcloud.com",
                "evil.myqcloud.com",
                "cos.ap-beijing.myqcloud.com.evil.example",
                "cos.ap-beijing.myqcloud.com:8080",
                "cos.ap-beijing.evil.example",
                "xcos.ap-beijing.myqcloud.com",
                "s3.eu-west-1.amazonaws.com",
                "",
                "a b.cos.ap-beijing.myqcloud.com",
                ".cos.ap-beijing.myqcloud.com",
            ],
        ),
        (
            "https://obs.eu-de.otc.t-systems.com",
            "eu-de",
            &[
                "b.obs.eu-nl.otc.t-systems.com",
                "my.bucket.obs.eu-de.otc.t-systems.com",
                "obs.otc.t-systems.com",
            ],
            &[
                "obs.cn-north-4.myhuaweicloud.com",
                "iam.eu-de.otc.t-systems.com",
            ],
        ),
        (
            "https://s3.eu-west-1.amazonaws.com",
            "eu-west-1",
            &[
                "b.s3-us-west-2.amazonaws.com",
                "b.s3.us-west-2.amazonaws.com",
                "b.s3.amazonaws.com",
                "s3.dualstack.us-west-2.amazonaws.com",
            ],
            &[
                "s3.cn-north-1.amazonaws.com.cn",
                "ec2.us-west-2.amazonaws.com",
                "b.s3.us-west-2.amazonaws.com.evil.example",
            ],
        ),
        (
            "http://cos.ap-beijing.localhost:9000",
            "ap-beijing",
            &[
                "b.cos.ap-shanghai.localhost:9000",
                "b.cos.ap-beijing.localhost:9000",
            ],
            &["localhost:9000", "cos.ap-shanghai.localhost:9001"],
        ),
        (
            "http://127.0.0.1:9000",
            "ap-beijing",
            &["127.0.0.1:9000"],
            &[
                "127.0.0.1:9001",
                "127.0.0.1",
                "127.0.0.2:9000",
                "b.127.0.0.1:9000",
            ],
        ),
        (
            "https://storage.example.com",
            "eu",
            &["storage.example.com", "b.storage.example.com"],
            &["example.com", "other.example.com", "xstorage.example.com"],
        ),
        // Around a bare domain another label is another owner.
        (
            "https://s3.eu.example",
            "eu",
            &["b.s3.eu.example"],
            &["s3.evil.example", "eu.example"],
        ),
    ];
    for (text, region, own, strange) in cases {
        let endpoint = virtual_host(text, region);
        for host in *own {
            assert!(endpoint.owns(host), "{text} owns {host}");
        }
        for host in *strange {
            assert!(!endpoint.owns(host), "{text} does not own {host}");
        }
    }
}
