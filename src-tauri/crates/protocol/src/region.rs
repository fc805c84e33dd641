//! Providers, their regions and the hosts that follow from both, as data.
//!
//! Nothing here is a limit: providers open regions faster than programs are released, so any
//! region and any endpoint can be typed. The lists are what a person is offered.

use partway_domain::{Addressing, DialectName};
use serde::Serialize;

mod amazon;
mod huawei;
mod tencent;

/// A company's cloud as the user chooses it. Clouds of one family share a name but neither
/// accounts nor buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Short and stable, for the command line: `tencent`, `aws-cn`.
    pub id: &'static str,
    /// Clouds that are offered as one choice: `tencent` and `tencent-finance`.
    pub family: &'static str,
    /// English name.
    pub en: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// The wire its accounts speak.
    pub dialect: DialectName,
    /// Where its buckets' names stand.
    pub addressing: Addressing,
    /// Ways to reach it, the usual one first. Empty: only the user knows the endpoint.
    pub networks: &'static [Network],
    /// Regions, the best known first.
    pub regions: &'static [Region],
}

/// One way to reach a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Which way.
    pub kind: NetworkKind,
    /// The host, with `{region}` for the region.
    pub host: &'static str,
}

/// Ways to reach a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// From anywhere.
    Public,
    /// From inside the provider's cloud, in the same region.
    Internal,
    /// By the nearest access point; has to be switched on for the bucket, and costs extra.
    Accelerate,
    /// By IPv6 as well as IPv4.
    Dualstack,
    /// With cryptography validated by FIPS 140.
    Fips,
}

impl NetworkKind {
    /// Every way there is.
    pub const ALL: [Self; 5] = [
        Self::Public,
        Self::Internal,
        Self::Accelerate,
        Self::Dualstack,
        Self::Fips,
    ];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Accelerate => "accelerate",
            Self::Dualstack => "dualstack",
            Self::Fips => "fips",
        }
    }
}

/// A region of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Region {
    /// The provider's short name: `ap-guangzhou`.
    pub code: &'static str,
    /// Where it is, in English.
    pub en: &'static str,
    /// Where it is, in Chinese.
    pub zh: &'static str,
    /// Closed to new buckets; those that exist can be used.
    pub closed: bool,
    /// Its public host where it does not follow the provider's pattern.
    pub host: Option<&'static str>,
}

impl Region {
    const fn new(code: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self {
            code,
            en,
            zh,
            closed: false,
            host: None,
        }
    }

    const fn closed(self) -> Self {
        Self {
            closed: true,
            ..self
        }
    }

    const fn at(self, host: &'static str) -> Self {
        Self {
            host: Some(host),
            ..self
        }
    }
}

/// Every provider, in the order they are offered. The last two are whatever speaks S3 and are
/// reached by an endpoint that the user types.
pub const PROVIDERS: &[Provider] = &[
    tencent::PUBLIC,
    tencent::FINANCE,
    huawei::PUBLIC,
    huawei::EUROPE,
    huawei::OPEN_TELEKOM,
    amazon::PUBLIC,
    amazon::CHINA,
    amazon::GOVERNMENT,
    amazon::EUROPE,
    Provider {
        id: "s3",
        family: "s3",
        en: "Other S3-compatible storage",
        zh: "其他 S3 兼容存储",
        dialect: DialectName::S3,
        addressing: Addressing::Path,
        networks: &[],
        regions: &[],
    },
    Provider {
        id: "s3-v2",
        family: "s3-v2",
        en: "S3-compatible storage with signature V2",
        zh: "使用 V2 签名的 S3 兼容存储",
        dialect: DialectName::ObsV2,
        addressing: Addressing::Path,
        networks: &[],
        regions: &[],
    },
];

/// The provider of that short name.
pub fn provider(id: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.id == id)
}

impl Provider {
    /// The endpoint of a region by one of the provider's ways; `None` where it has no such way.
    /// The region need not be a known one, but has to be fit for a host name.
    pub fn endpoint(&self, network: NetworkKind, region: &str) -> Option<String> {
        let way = self.networks.iter().find(|way| way.kind == network)?;
        if !crate::endpoint::is_region(region) {
            return None;
        }
        let own = self.regions.iter().find(|known| known.code == region);
        let host = match own.and_then(|region| region.host) {
            Some(host) if network == NetworkKind::Public => host.to_owned(),
            _ => way.host.replace("{region}", region),
        };
        Some(format!("https://{host}"))
    }
}

/// The public host of a region of a dialect's providers; `None` for a region that none of them
/// lists. COS builds all its hosts alike, so there any region has one.
pub fn host_of(dialect: DialectName, region: &str) -> Option<String> {
    let spoken = |provider: &&Provider| same_cloud(provider.dialect, dialect);
    let mut providers = PROVIDERS.iter().filter(spoken);
    let owner = match dialect {
        DialectName::Cos => providers.next(),
        _ => providers.find(|provider| provider.regions.iter().any(|known| known.code == region)),
    };
    let endpoint = owner?.endpoint(NetworkKind::Public, region)?;
    endpoint.strip_prefix("https://").map(str::to_owned)
}

fn same_cloud(one: DialectName, other: DialectName) -> bool {
    one.url_scheme() == other.url_scheme()
}

/// Today's name of a region: old short names, and names with the service in front as COS writes
/// them, become the present one; everything else stays as it is.
pub fn canonical(dialect: DialectName, region: &str) -> &str {
    match dialect {
        DialectName::Cos => {
            let region = region.strip_prefix("cos.").unwrap_or(region);
            tencent::ALIASES
                .iter()
                .find(|(old, _)| *old == region)
                .map_or(region, |(_, today)| today)
        }
        // What S3 answers for the place of its oldest European buckets.
        DialectName::S3 if region == "EU" => "eu-west-1",
        _ => region,
    }
}

#[cfg(test)]
mod tests;
