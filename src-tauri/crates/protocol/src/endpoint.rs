//! Where requests of an account go.

use partway_domain::{Account, Addressing, Bucket, Key};

use crate::dialect::Dialect;
use crate::error::RequestError;

/// A parsed account endpoint: scheme, host with port, region and addressing.
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
}

/// Host and wire path of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The `Host` header.
    pub host: String,
    /// The encoded wire path, starting with `/`.
    pub path: String,
}

impl Endpoint {
    /// Parses the endpoint of an account. Errors name what is wrong with the text: no scheme,
    /// a path, a query, user info, an empty host. One `/` at the end is forgiven.
    pub fn of(account: &Account) -> Result<Self, RequestError> {
        let (scheme, host) = parse(&account.endpoint).map_err(|reason| RequestError::Endpoint {
            endpoint: without_user(&account.endpoint),
            reason,
        })?;
        Ok(Self {
            scheme,
            host,
            region: account.region.clone(),
            addressing: account.addressing,
        })
    }

    /// The same service in another region: the region's name inside the host is exchanged.
    /// An endpoint whose host does not contain its region stays as it is; only Amazon's host
    /// without a region becomes the one with the region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let host = if region.is_empty() {
            None
        } else if self.host == "s3.amazonaws.com" {
            Some(format!("s3.{region}.amazonaws.com"))
        } else {
            exchange_label(&self.host, &self.region, region)
        };
        match host {
            Some(host) => Self {
                host,
                region: region.to_owned(),
                ..self.clone()
            },
            None => self.clone(),
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
            Addressing::VirtualHost => Location {
                host: format!("{bucket}.{}", self.host),
                path: "/".to_owned(),
            },
            Addressing::Path => Location {
                host: self.host.clone(),
                path: format!("/{bucket}"),
            },
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
        dialect.check_key(key)?;
        let Location { host, path } = self.bucket(dialect, bucket);
        let wire_key = dialect.wire_key(key);
        let path = format!("{}/{wire_key}", path.strip_suffix('/').unwrap_or(&path));
        Ok(Location { host, path })
    }
}

/// Scheme and host of an endpoint text, or what is wrong with it.
fn parse(endpoint: &str) -> Result<(String, String), String> {
    const EXAMPLE: &str = "write it like https://cos.ap-guangzhou.myqcloud.com";
    let text = endpoint.trim();
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| format!("it has no scheme; {EXAMPLE}"))?;
    let scheme = scheme.to_ascii_lowercase();
    let own_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return Err(format!("its scheme is neither https nor http; {EXAMPLE}")),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains('@') {
        return Err(format!("it contains a user name; {EXAMPLE}"));
    }
    if authority.contains(['?', '#']) {
        return Err(format!("it has a query; {EXAMPLE}"));
    }
    if authority.contains('/') {
        return Err(format!(
            "it has a path; buckets are chosen later, {EXAMPLE}"
        ));
    }
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(own_port).unwrap_or(&authority);
    check_host(authority).map_err(|fault| format!("{fault}; {EXAMPLE}"))?;
    Ok((scheme, authority.to_owned()))
}

fn check_host(authority: &str) -> Result<(), String> {
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest
                .split_once(']')
                .ok_or_else(|| "its IPv6 address is not closed with ]".to_owned())?;
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Err("what stands in brackets is no IPv6 address".to_owned());
            }
            (
                None,
                port.strip_prefix(':').or((!port.is_empty()).then_some("")),
            )
        }
        None => match authority.split_once(':') {
            Some((name, port)) => (Some(name), Some(port)),
            None => (Some(authority), None),
        },
    };
    if let Some(name) = name {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if name.is_empty() {
            return Err("its host is empty".to_owned());
        }
        if !name.bytes().all(fits) || name.starts_with('.') || name.contains("..") {
            return Err("its host is not a host name".to_owned());
        }
    }
    match port {
        Some(port) if port.parse::<u16>().is_ok_and(|port| port > 0) => Ok(()),
        Some(_) => Err("its port is not a number between 1 and 65535".to_owned()),
        None => Ok(()),
    }
}

/// An endpoint text for an error: a password typed into it is not repeated.
fn without_user(endpoint: &str) -> String {
    match endpoint.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => endpoint.to_owned(),
    }
}

/// `host` with the label `from` replaced by `to`, where it stands as a whole label or after
/// the dash of an old Amazon host (`s3-eu-west-1.amazonaws.com`).
fn exchange_label(host: &str, from: &str, to: &str) -> Option<String> {
    if from.is_empty() {
        return None;
    }
    let mut found = false;
    let labels: Vec<String> = host
        .split('.')
        .map(|label| {
            let before = match label.strip_suffix(from) {
                Some("") => "",
                Some("s3-") => "s3-",
                _ => return label.to_owned(),
            };
            found = true;
            format!("{before}{to}")
        })
        .collect();
    found.then(|| labels.join("."))
}

#[cfg(test)]
mod tests {
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
        let longer = virtual_host("https://cos.ap-beijing-1.myqcloud.com", "ap-beijing");
        assert_eq!(longer.in_region("eu-frankfurt"), longer);
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
        let host = |text: &str| virtual_host(text, "").service(cos).host;
        assert_eq!(
            host("https://cos.ap-beijing.myqcloud.com"),
            "service.cos.myqcloud.com"
        );
        assert_eq!(host("http://127.0.0.1:9000"), "127.0.0.1:9000");
        assert_eq!(
            host("https://cos.ap-beijing.tencentcos.cn"),
            "cos.ap-beijing.tencentcos.cn"
        );
    }
}
