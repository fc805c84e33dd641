use std::collections::HashSet;

use super::*;

#[test]
fn every_name_is_there_once() {
    let mut ids = HashSet::new();
    for provider in PROVIDERS {
        assert!(ids.insert(provider.id), "{} twice", provider.id);
        let mut codes = HashSet::new();
        for region in provider.regions {
            assert!(codes.insert(region.code), "{} twice", region.code);
            assert!(crate::endpoint::is_region(region.code), "{}", region.code);
            assert!(!region.en.is_empty() && !region.zh.is_empty());
        }
        // Who has regions has a way to reach them, and the first is the public one.
        assert_eq!(provider.regions.is_empty(), provider.networks.is_empty());
        let first = provider.networks.first().map(|network| network.kind);
        assert!(first.is_none_or(|kind| kind == NetworkKind::Public));
    }
    // Within a family a region says which cloud it belongs to.
    for family in ["tencent", "huawei", "otc", "aws"] {
        let regions = PROVIDERS
            .iter()
            .filter(|provider| provider.family == family)
            .flat_map(|provider| provider.regions);
        let mut codes = HashSet::new();
        assert!(regions.into_iter().all(|region| codes.insert(region.code)));
    }
}

#[test]
fn endpoints_follow_from_the_region() {
    use NetworkKind as N;
    for (id, network, region, expected) in [
        (
            "tencent",
            N::Public,
            "ap-guangzhou",
            Some("https://cos.ap-guangzhou.myqcloud.com"),
        ),
        (
            "tencent",
            N::Internal,
            "ap-guangzhou",
            Some("https://cos-internal.ap-guangzhou.tencentcos.cn"),
        ),
        (
            "tencent",
            N::Accelerate,
            "ap-guangzhou",
            Some("https://cos.accelerate.myqcloud.com"),
        ),
        // Unknown regions work.
        (
            "tencent",
            N::Public,
            "ap-atlantis",
            Some("https://cos.ap-atlantis.myqcloud.com"),
        ),
        ("tencent-finance", N::Accelerate, "ap-shanghai-fsi", None),
        (
            "huawei",
            N::Public,
            "cn-north-4",
            Some("https://obs.cn-north-4.myhuaweicloud.com"),
        ),
        (
            "huawei-eu",
            N::Public,
            "eu-west-101",
            Some("https://obs.eu-west-101.myhuaweicloud.eu"),
        ),
        (
            "otc",
            N::Public,
            "eu-de",
            Some("https://obs.eu-de.otc.t-systems.com"),
        ),
        (
            "otc",
            N::Public,
            "eu-ch2",
            Some("https://obs.eu-ch2.sc.otc.t-systems.com"),
        ),
        (
            "aws",
            N::Dualstack,
            "eu-west-1",
            Some("https://s3.dualstack.eu-west-1.amazonaws.com"),
        ),
        (
            "aws",
            N::Fips,
            "us-east-1",
            Some("https://s3-fips.us-east-1.amazonaws.com"),
        ),
        (
            "aws-cn",
            N::Public,
            "cn-north-1",
            Some("https://s3.cn-north-1.amazonaws.com.cn"),
        ),
        (
            "aws-eusc",
            N::Public,
            "eusc-de-east-1",
            Some("https://s3.eusc-de-east-1.amazonaws.eu"),
        ),
        ("s3", N::Public, "us-east-1", None),
        ("tencent", N::Public, "evil.example/", None),
        ("tencent", N::Public, "", None),
    ] {
        let endpoint = provider(id).unwrap().endpoint(network, region);
        assert_eq!(endpoint.as_deref(), expected, "{id} {network:?} {region}");
    }
}

#[test]
fn old_names_of_regions_become_todays() {
    for (old, today) in [
        ("cossh", "ap-shanghai"),
        ("cosgz", "ap-guangzhou"),
        ("cosbj", "ap-beijing"),
        ("costj", "ap-beijing-1"),
        ("coscd", "ap-chengdu"),
        ("cossgp", "ap-singapore"),
        ("coshk", "ap-hongkong"),
        ("cosca", "na-toronto"),
        ("cosger", "eu-frankfurt"),
        ("cos.ap-beijing", "ap-beijing"),
        ("ap-beijing", "ap-beijing"),
        ("cn-south", "cn-south"),
        ("", ""),
    ] {
        assert_eq!(canonical(DialectName::Cos, old), today);
    }
    assert_eq!(canonical(DialectName::S3, "EU"), "eu-west-1");
    assert_eq!(canonical(DialectName::Obs, "cossh"), "cossh");
}

#[test]
fn a_region_leads_to_its_providers_host() {
    let host = |dialect, region| host_of(dialect, region);
    assert_eq!(
        host(DialectName::Cos, "ap-atlantis").as_deref(),
        Some("cos.ap-atlantis.myqcloud.com")
    );
    assert_eq!(
        host(DialectName::Obs, "eu-de").as_deref(),
        Some("obs.eu-de.otc.t-systems.com")
    );
    assert_eq!(
        host(DialectName::ObsV2, "cn-north-4").as_deref(),
        Some("obs.cn-north-4.myhuaweicloud.com")
    );
    assert_eq!(
        host(DialectName::S3, "cn-north-1").as_deref(),
        Some("s3.cn-north-1.amazonaws.com.cn")
    );
    // Nobody's host is guessed.
    assert_eq!(host(DialectName::S3, "garage"), None);
    assert_eq!(host(DialectName::Obs, "atlantis"), None);
}
