//! How providers build host names around a region. Hosts of other installations are read by
//! the account's own region: where its name stands, the user may put another.

/// One provider's hosts: what may stand before a region, what stands after it, and the hosts
/// that name no region.
struct Family {
    before: &'static [&'static str],
    after: &'static [&'static str],
    regionless: &'static [&'static str],
}

const FAMILIES: [Family; 6] = [
    // Tencent COS with its second domain, which is official and holds the same buckets.
    Family {
        before: &["cos.", "cos-internal."],
        after: &[".myqcloud.com", ".tencentcos.cn"],
        regionless: &[
            "service.cos.myqcloud.com",
            "service.cos.tencentcos.cn",
            "service.cos-internal.tencentcos.cn",
            "cos.accelerate.myqcloud.com",
            "cos-internal.accelerate.tencentcos.cn",
        ],
    },
    // Huawei Cloud, its European cloud and Open Telekom Cloud are separate: an answer of one
    // never leads to another.
    Family {
        before: &["obs."],
        after: &[".myhuaweicloud.com"],
        regionless: &["obs.myhuaweicloud.com"],
    },
    Family {
        before: &["obs."],
        after: &[".myhuaweicloud.eu"],
        regionless: &[],
    },
    Family {
        before: &["obs."],
        after: &[".sc.otc.t-systems.com", ".otc.t-systems.com"],
        regionless: &["obs.otc.t-systems.com"],
    },
    Family {
        before: &[
            "s3.dualstack.",
            "s3-fips.dualstack.",
            "s3-fips.",
            "s3.",
            "s3-",
        ],
        after: &[".amazonaws.com"],
        regionless: &[
            "s3.amazonaws.com",
            "s3-external-1.amazonaws.com",
            "s3-accelerate.amazonaws.com",
            "s3-accelerate.dualstack.amazonaws.com",
        ],
    },
    Family {
        before: &["s3.dualstack.", "s3."],
        after: &[".amazonaws.com.cn", ".amazonaws.eu"],
        regionless: &[],
    },
];

/// Words that stand in a region's place without being one.
const NO_REGIONS: [&str; 3] = ["accelerate", "dualstack", "external-1"];

/// The oldest COS regions have hosts without the service's name in front.
const BARE_COS: [&str; 6] = [
    "cn-north",
    "cn-south",
    "cn-east",
    "cn-south-2",
    "cn-southwest",
    "sg",
];

/// A host taken apart around its region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) before: String,
    pub(super) region: String,
    pub(super) after: String,
}

impl Shape {
    /// The shape of a host: as its provider builds it, else around `region`.
    pub(super) fn of(host: &str, region: &str) -> Option<Self> {
        Self::known(host).or_else(|| Self::around(host, region))
    }

    /// The shape of a provider's host without a bucket in front.
    pub(super) fn known(host: &str) -> Option<Self> {
        FAMILIES.iter().find_map(|family| family.shape(host))
    }

    /// Around a label that is the region, also after the dash of an old Amazon host.
    pub(super) fn around(host: &str, region: &str) -> Option<Self> {
        if region.is_empty() {
            return None;
        }
        let mut at = 0;
        for label in host.split('.') {
            let before = match label.strip_suffix(region) {
                Some("") => Some(at),
                Some("s3-") => Some(at + "s3-".len()),
                _ => None,
            };
            if let Some(begin) = before {
                return Some(Self {
                    before: host[..begin].to_owned(),
                    region: region.to_owned(),
                    after: host[begin + region.len()..].to_owned(),
                });
            }
            at += label.len() + 1;
        }
        None
    }

    /// The same host in another region.
    pub(super) fn in_region(&self, region: &str) -> String {
        let Self { before, after, .. } = self;
        let tencent = after == ".myqcloud.com";
        if tencent && BARE_COS.contains(&region) {
            return format!("{region}{after}");
        }
        if tencent && before.is_empty() {
            return format!("cos.{region}{after}");
        }
        format!("{before}{region}{after}")
    }

    /// Whether hosts of this shape are names of this very machine.
    pub(super) fn is_local(&self) -> bool {
        let name = self.after.split(':').next().unwrap_or_default();
        name.ends_with(".localhost")
    }

    /// Whether `host` is of this shape, in any region and with any bucket in front.
    pub(super) fn fits(&self, host: &str) -> bool {
        // Around a bare domain any label would be a stranger's own domain.
        let name = self.after.split(':').next().unwrap_or_default();
        if name.matches('.').count() < 2 && name != ".localhost" {
            return false;
        }
        let Some(rest) = host.strip_suffix(&self.after) else {
            return false;
        };
        tails(rest).any(|tail| {
            tail.strip_prefix(&self.before).is_some_and(is_region) && is_below(rest, tail)
        })
    }
}

impl Family {
    fn shape(&self, host: &str) -> Option<Shape> {
        let after = self.after.iter().find(|after| host.ends_with(**after))?;
        let rest = &host[..host.len() - after.len()];
        let (before, region) = self
            .before
            .iter()
            .find_map(|before| rest.strip_prefix(*before).map(|region| (*before, region)))
            .or_else(|| BARE_COS.contains(&rest).then_some(("", rest)))?;
        (is_region(region) && !NO_REGIONS.contains(&region)).then(|| Shape {
            before: before.to_owned(),
            region: region.to_owned(),
            after: (*after).to_owned(),
        })
    }

    /// Whether a host, with or without a bucket in front, is one of this family.
    fn holds(&self, host: &str) -> bool {
        if self.regionless.iter().any(|own| is_below(host, own)) {
            return true;
        }
        tails(host).any(|tail| self.shape(tail).is_some() && is_below(host, tail))
    }
}

/// Whether both hosts belong to the same provider's cloud.
pub(super) fn same_family(one: &str, other: &str) -> bool {
    FAMILIES
        .iter()
        .any(|family| family.holds(one) && family.holds(other))
}

/// Whether a host belongs to a provider of the table.
pub(super) fn is_of_a_provider(host: &str) -> bool {
    FAMILIES.iter().any(|family| family.holds(host))
}

/// Whether a provider named in the table has this host for all regions.
pub(super) fn is_regionless(host: &str) -> bool {
    let mut all = FAMILIES.iter().flat_map(|family| family.regionless);
    all.any(|own| *own == host)
}

/// The host and what follows each of its dots: everywhere a bucket could end.
fn tails(host: &str) -> impl Iterator<Item = &str> {
    std::iter::once(host).chain(host.match_indices('.').map(|(at, _)| &host[at + 1..]))
}

/// Whether `host` is `base`, or has a bucket in front of it.
pub(super) fn is_below(host: &str, base: &str) -> bool {
    host.strip_suffix(base).is_some_and(is_bucket_before)
}

/// What may stand before a host: nothing, or labels with a dot after each.
fn is_bucket_before(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    match text.strip_suffix('.') {
        None => text.is_empty(),
        Some(labels) => labels
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(fits)),
    }
}

/// Whether a text can stand in a region's place in a host name: one label, nothing else.
pub fn is_region(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= 63 && text.bytes().all(fits)
}
