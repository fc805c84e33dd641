//! Where requests of an account go, and which hosts are the account's own.

use partway_domain::{Account, Addressing, Bucket, DialectName, Key};

use crate::dialect::Dialect;
use crate::error::RequestError;
use crate::region;

mod relocation;
mod shape;
mod text;

pub use relocation::{Directions, Pointer};
pub use shape::is_region;

use shape::Shape;

/// A parsed account endpoint: scheme, host with port, region and addressing.
///
/// `host` is always one that takes every request. Hosts that take only some of them
/// (acceleration, a bucket's own domain) stand beside it as [`Front`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `http` or `https`.
    pub scheme: String,
    /// Host, and port when it is not the scheme's own: `cos.ap-guangzhou.myqcloud.com`.
    pub host: String,
    /// Region, may be empty.
    pub region: String,
    /// Where the bucket name stands.
    pub addressing: Addressing,
    /// Another host for some of the requests.
    pub front: Option<Front>,
}

/// A host in front of the provider's own that does not take every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Front {
    /// Takes what is about objects, the bucket before it: COS acceleration. What is about a
    /// bucket or the account goes to the region's own host.
    Objects {
        /// `cos.accelerate.myqcloud.com`
        host: String,
    },
    /// Takes reading of bytes, the bucket before it: Amazon's acceleration, which refuses
    /// copies between regions.
    Reading {
        /// `s3-accelerate.amazonaws.com`
        host: String,
    },
    /// The own domain of one bucket, often a CDN: takes reading of the bytes of its objects.
    Domain {
        /// `files.example.com`
        host: String,
        /// The bucket it means.
        bucket: Bucket,
    },
}

/// Host and wire path of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The `Host` header.
    pub host: String,
    /// The encoded wire path, starting with `/`.
    pub path: String,
}

/// Hosts that speed up the way to objects, and the region's own host beside each.
const ACCELERATED: [(&str, &str); 4] = [
    ("cos.accelerate.myqcloud.com", "cos.{region}.myqcloud.com"),
    (
        "cos-internal.accelerate.tencentcos.cn",
        "cos-internal.{region}.tencentcos.cn",
    ),
    ("s3-accelerate.amazonaws.com", "s3.{region}.amazonaws.com"),
    (
        "s3-accelerate.dualstack.amazonaws.com",
        "s3.dualstack.{region}.amazonaws.com",
    ),
];

impl Endpoint {
    /// An endpoint that takes every request at one host.
    pub fn new(
        scheme: impl Into<String>,
        host: impl Into<String>,
        region: impl Into<String>,
        addressing: Addressing,
    ) -> Self {
        let host: String = host.into();
        Self {
            scheme: scheme.into(),
            // A region typed in capitals may have become a part of it.
            host: host.to_ascii_lowercase(),
            region: region.into(),
            addressing,
            front: None,
        }
    }

    /// Parses the endpoint of an account. Errors name what is wrong with the text: no scheme,
    /// a path, a query, user info, an empty host. One `/` at the end is forgiven. A region
    /// that only the host names is taken from there, and old names of regions become today's.
    pub fn of(account: &Account) -> Result<Self, RequestError> {
        let refuse = |reason: String| RequestError::Endpoint {
            endpoint: text::without_user(&account.endpoint),
            reason,
        };
        let (scheme, host) = text::parse(&account.endpoint).map_err(refuse)?;
        let host = todays_host(account.dialect, host);
        let mut region = region::canonical(account.dialect, account.region.trim()).to_owned();
        if region.is_empty()
            && let Some(shape) = Shape::known(&host)
        {
            region = shape.region;
        }
        if account.addressing == Addressing::CustomDomain {
            return Self::behind_domain(account, scheme, host, region).map_err(refuse);
        }
        match ACCELERATED.iter().find(|(front, _)| *front == host) {
            Some((_, own)) => {
                if !is_region(&region) {
                    return Err(refuse(
                        "an acceleration host names no region; enter the bucket's region"
                            .to_owned(),
                    ));
                }
                let front = match account.dialect {
                    DialectName::S3 => Front::Reading { host },
                    _ => Front::Objects { host },
                };
                let own = own.replace("{region}", &region);
                let endpoint = Self::new(scheme, own, region, Addressing::VirtualHost);
                Ok(Self {
                    front: Some(front),
                    ..endpoint
                })
            }
            None => Ok(Self::new(scheme, host, region, account.addressing)),
        }
    }

    /// The own domain of a bucket, with the region's host behind it for everything else.
    fn behind_domain(
        account: &Account,
        scheme: String,
        host: String,
        region: String,
    ) -> Result<Self, String> {
        let [bucket] = account.named_buckets.as_slice() else {
            return Err(
                "a domain of its own belongs to one bucket; name exactly that bucket".to_owned(),
            );
        };
        let bucket = Bucket::parse(bucket.clone()).map_err(|error| error.to_string())?;
        if shape::is_of_a_provider(&host) {
            return Err("it is the provider's own host, not the domain of a bucket".to_owned());
        }
        let own = region::host_of(account.dialect, &region).ok_or_else(|| {
            "a domain of its own only serves reading, and the provider's host for the rest follows \
             from the region; enter one of the provider's regions, or the provider's endpoint"
                .to_owned()
        })?;
        let endpoint = Self::new(scheme, own, region, Addressing::VirtualHost);
        Ok(Self {
            front: Some(Front::Domain { host, bucket }),
            ..endpoint
        })
    }

    /// The same service in a region that a server named. Where a provider builds its hosts by a
    /// known pattern, the region in them is exchanged; hosts for all regions become the one with
    /// the region. Any other host means what only its user knows, and the same name with another
    /// label may be a stranger's: it stays as it is. So does everything for a text that is no
    /// region's name.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let shape = Shape::known(&self.host).or_else(|| {
            // Every name below `localhost` is this very machine.
            Shape::around(&self.host, &self.region).filter(Shape::is_local)
        });
        self.shaped(shape, region)
    }

    /// As [`in_region`](Self::in_region), for a region that the user entered: it is exchanged
    /// in every host that contains the account's own.
    #[must_use]
    pub fn in_entered_region(&self, region: &str) -> Self {
        self.shaped(Shape::of(&self.host, &self.region), region)
    }

    fn shaped(&self, shape: Option<Shape>, region: &str) -> Self {
        if !is_region(region) {
            return self.clone();
        }
        let host = match shape {
            Some(shape) => shape.in_region(region),
            None => match regional(&self.host, region) {
                Some(host) => host,
                None => return self.clone(),
            },
        };
        Self {
            host: host.to_ascii_lowercase(),
            region: region.to_owned(),
            ..self.clone()
        }
    }

    /// Whether a host that a server named belongs to this account: its own hosts, those of the
    /// same provider's cloud, a bucket before any of them. Everything else is a stranger, and
    /// no request of this account ever goes there.
    pub fn owns(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        if text::check_host(&host).is_err() {
            return false;
        }
        // The domain of one bucket stands for itself alone.
        let below = match &self.front {
            Some(Front::Domain { host: own, .. }) => host == *own,
            Some(Front::Objects { host: own } | Front::Reading { host: own }) => {
                shape::is_below(&host, own)
            }
            None => false,
        };
        let is_address =
            self.host.starts_with('[') || self.bare_host().parse::<std::net::Ipv4Addr>().is_ok();
        if is_address {
            return host == self.host || below;
        }
        below
            || shape::is_below(&host, &self.host)
            || shape::same_family(&host, &self.host)
            || Shape::of(&self.host, &self.region).is_some_and(|shape| shape.fits(&host))
    }

    /// The same region at `tencentcos.cn`, the domain Tencent keeps beside `myqcloud.com`;
    /// `None` for every other host.
    pub fn at_fallback_domain(&self) -> Option<Self> {
        let host = self.host.strip_suffix(".myqcloud.com")?;
        let known = Shape::known(&self.host).is_some() || shape::is_regionless(&self.host);
        known.then(|| Self {
            host: format!("{host}.tencentcos.cn"),
            front: None,
            ..self.clone()
        })
    }

    /// The host by which a copy names its source on COS: the public one of the region, whatever
    /// way the requests themselves take.
    pub fn source_host(&self) -> String {
        match Shape::known(&self.host) {
            Some(shape) if shape.before == "cos-internal." => {
                format!("cos.{}.myqcloud.com", shape.region)
            }
            Some(shape) if shape.after == ".tencentcos.cn" => {
                format!("{}{}.myqcloud.com", shape.before, shape.region)
            }
            _ => self.host.clone(),
        }
    }

    /// The COS host that answers for all regions by the same way as this one.
    pub(crate) fn cos_service_host(&self) -> String {
        match Shape::known(&self.host) {
            // The internal way has its service only at the second domain.
            Some(shape) if shape.before == "cos." || shape.after == ".tencentcos.cn" => {
                format!(
                    "service.{}{}",
                    shape.before.trim_end_matches('.'),
                    shape.after
                )
            }
            _ => self.host.clone(),
        }
    }

    /// Where the service itself is addressed (`ListBuckets`). On COS the account's regional
    /// host becomes `service.cos.myqcloud.com`, which lists all regions.
    pub fn service(&self, dialect: &dyn Dialect) -> Location {
        Location {
            host: dialect.service_host(self),
            path: "/".to_owned(),
        }
    }

    /// Where a bucket is addressed.
    pub fn bucket(&self, _dialect: &dyn Dialect, bucket: &Bucket) -> Location {
        match self.addressing {
            Addressing::Path => Location {
                host: self.host.clone(),
                path: format!("/{bucket}"),
            },
            // A certificate for all buckets covers one label, not two.
            _ if self.scheme == "https" && has_dot(bucket) => Location {
                host: self.host.clone(),
                path: format!("/{bucket}"),
            },
            Addressing::VirtualHost | Addressing::CustomDomain => before(bucket, &self.host),
        }
    }

    /// Where an object is addressed: the key exact, by the dialect's way of writing paths.
    /// Fails for keys the provider cannot hold or that cannot be sent to it exactly.
    pub fn object(
        &self,
        dialect: &dyn Dialect,
        bucket: &Bucket,
        key: &Key,
    ) -> Result<Location, RequestError> {
        let place = match &self.front {
            Some(Front::Objects { host }) if !has_dot(bucket) => before(bucket, host),
            _ => self.bucket(dialect, bucket),
        };
        within(dialect, place, key)
    }

    /// As `object`, for reading its bytes.
    pub fn object_to_read(
        &self,
        dialect: &dyn Dialect,
        bucket: &Bucket,
        key: &Key,
    ) -> Result<Location, RequestError> {
        match &self.front {
            Some(Front::Reading { host }) if !has_dot(bucket) => {
                within(dialect, before(bucket, host), key)
            }
            Some(Front::Domain { host, bucket: own }) if own == bucket => {
                let place = Location {
                    host: host.clone(),
                    path: "/".to_owned(),
                };
                within(dialect, place, key)
            }
            _ => self.object(dialect, bucket, key),
        }
    }

    /// Without the port.
    fn bare_host(&self) -> &str {
        match self.host.rsplit_once(':') {
            Some((name, _)) => name,
            None => &self.host,
        }
    }
}

/// A host with one of the oldest COS names for its region, by today's name.
fn todays_host(dialect: DialectName, host: String) -> String {
    let old = host.strip_suffix(".myqcloud.com").unwrap_or_default();
    let today = region::canonical(dialect, old);
    if today == old || old.starts_with("cos.") {
        return host;
    }
    format!("cos.{today}.myqcloud.com")
}

fn has_dot(bucket: &Bucket) -> bool {
    bucket.as_str().contains('.')
}

fn before(bucket: &Bucket, host: &str) -> Location {
    Location {
        host: format!("{bucket}.{host}"),
        path: "/".to_owned(),
    }
}

/// A key at the place of its bucket.
fn within(dialect: &dyn Dialect, place: Location, key: &Key) -> Result<Location, RequestError> {
    dialect.check_key(key)?;
    let Location { host, path } = place;
    let wire_key = dialect.wire_key(key);
    let path = format!("{}/{wire_key}", path.strip_suffix('/').unwrap_or(&path));
    Ok(Location { host, path })
}

/// The regional host beside one that a provider has for all regions.
fn regional(host: &str, region: &str) -> Option<String> {
    let pattern = match host {
        "service.cos.myqcloud.com" => "cos.{region}.myqcloud.com",
        "service.cos.tencentcos.cn" => "cos.{region}.tencentcos.cn",
        "service.cos-internal.tencentcos.cn" => "cos-internal.{region}.tencentcos.cn",
        "obs.myhuaweicloud.com" => "obs.{region}.myhuaweicloud.com",
        "obs.otc.t-systems.com" => "obs.{region}.otc.t-systems.com",
        "s3.amazonaws.com" => "s3.{region}.amazonaws.com",
        _ => return None,
    };
    Some(pattern.replace("{region}", region))
}

#[cfg(test)]
mod tests;
