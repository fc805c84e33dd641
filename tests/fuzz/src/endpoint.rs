//! Endpoints as people type them, and hosts that servers point to.

use http::Uri;
use partway_domain::{Account, AccountId, Addressing, Bucket};
use partway_protocol::dialect::dialect;
use partway_protocol::endpoint::{Directions, Endpoint, Pointer, is_region};

use crate::words::{Lines, addressing, dialect_name};

/// Dialect, addressing (`host`, `path`, `domain`), region, bucket and endpoint text, a line each.
///
/// What is taken is a host and nothing else, also for another reader of URLs, and it is the
/// account's own; a password typed into the text is never repeated.
pub fn endpoint(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = Lines::of(&text);
    let mut account = Account {
        id: AccountId("id".to_owned()),
        name: "name".to_owned(),
        dialect: dialect_name(lines.next()),
        addressing: addressing(lines.next()),
        region: lines.next().to_owned(),
        masked_key_id: String::new(),
        named_buckets: vec![lines.next().to_owned()],
        endpoint: lines.rest().collect::<Vec<_>>().join("\n"),
        demo: false,
        fallback_domain: false,
    };
    if let Ok(endpoint) = Endpoint::of(&account) {
        check(&endpoint, &account);
    }
    let bare = account.endpoint;
    account.endpoint = format!("https://user:hunter2-hunter2@{bare}");
    let refused = Endpoint::of(&account).expect_err("a user name was taken");
    assert!(
        !refused.to_string().contains("hunter2-hunter2"),
        "{refused}"
    );
}

fn check(endpoint: &Endpoint, account: &Account) {
    assert!(matches!(endpoint.scheme.as_str(), "http" | "https"));
    check_host(endpoint, &endpoint.host);
    assert!(endpoint.owns(&endpoint.host), "{endpoint:?}");
    assert!(!endpoint.host.bytes().any(|byte| byte.is_ascii_uppercase()));
    let dialect = dialect(account.dialect);
    check_host(endpoint, &endpoint.service(dialect).host);
    if let Ok(bucket) = Bucket::parse(account.named_buckets[0].clone()) {
        let place = endpoint.bucket(dialect, &bucket);
        check_host(endpoint, &place.host);
        assert!(place.host.ends_with(&endpoint.host));
        assert!(place.path.starts_with('/'));
    }
    if let Some(fallback) = endpoint.at_fallback_domain() {
        assert!(endpoint.owns(&fallback.host));
    }
}

/// The `http` crate reads the same host, and nothing beside it.
fn check_host(endpoint: &Endpoint, host: &str) {
    let url = format!("{}://{host}/", endpoint.scheme);
    let uri: Uri = url.parse().unwrap_or_else(|error| panic!("{url}: {error}"));
    assert_eq!(uri.authority().unwrap().as_str(), host);
    assert_eq!((uri.path(), uri.query()), ("/", None));
    assert!(!host.contains('@'));
}

/// Endpoints that are pointed away from, with the domains that belong to the same provider.
const ORIGINS: &[(&str, &str, &[&str])] = &[
    (
        "cos.ap-guangzhou.myqcloud.com",
        "ap-guangzhou",
        &["myqcloud.com", "tencentcos.cn"],
    ),
    (
        "cos-internal.ap-beijing.tencentcos.cn",
        "ap-beijing",
        &["myqcloud.com", "tencentcos.cn"],
    ),
    (
        "obs.cn-north-4.myhuaweicloud.com",
        "cn-north-4",
        &["myhuaweicloud.com"],
    ),
    (
        "obs.eu-de.otc.t-systems.com",
        "eu-de",
        &["otc.t-systems.com"],
    ),
    (
        "s3.eu-west-1.amazonaws.com",
        "eu-west-1",
        &["amazonaws.com"],
    ),
    ("s3.amazonaws.com", "", &["amazonaws.com"]),
    (
        "storage.eu-1.example.com:9000",
        "eu-1",
        &["example.com:9000"],
    ),
    ("minio.example.com", "us-east-1", &["minio.example.com"]),
    ("127.0.0.1:9000", "demo-1", &["127.0.0.1:9000"]),
    ("[::1]:9000", "demo-1", &["[::1]:9000"]),
];

/// The host of the endpoint, then what an answer says: the region in a header, the region, the
/// endpoint and the `Location`, a line each; what is empty is not said.
///
/// Where the answer leads is a region of the account's own service, or nowhere. A `Location`
/// that another reader takes for a stranger's is a stranger's here.
pub fn redirect(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = Lines::of(&text);
    let word = lines.next();
    let origin = ORIGINS.iter().find(|(host, _, _)| *host == word);
    let (host, region, domains) = origin.unwrap_or(&ORIGINS[word.len() % ORIGINS.len()]);
    let endpoint = Endpoint::new("https", *host, *region, Addressing::VirtualHost);
    let mut said = || Some(lines.next()).filter(|line| !line.is_empty());
    let directions = Directions {
        header: said(),
        region: said(),
        endpoint: said(),
        location: said(),
    };
    let at_home = |host: &str| {
        let host = host.to_ascii_lowercase();
        domains.iter().any(|domain| {
            host.strip_suffix(domain)
                .is_some_and(|before| before.is_empty() || before.ends_with(['.', '-']))
        })
    };
    let pointer = endpoint.pointer(directions);
    match &pointer {
        Pointer::Nowhere => {}
        Pointer::Region(region) => {
            assert!(is_region(region), "{region:?}");
            let moved = endpoint.in_region(region);
            check_host(&endpoint, &moved.host);
            assert!(at_home(&moved.host), "{}", moved.host);
            assert!(endpoint.owns(&moved.host), "{}", moved.host);
        }
        Pointer::Stranger(host) => assert!(!endpoint.owns(host), "{host}"),
    }
    for host in [directions.endpoint, directions.location]
        .into_iter()
        .flatten()
    {
        assert!(!endpoint.owns(host) || at_home(host), "{host}");
    }
    if let Some(host) = directions
        .location
        .and_then(|text| followed(&endpoint, text))
    {
        let stranger = matches!(pointer, Pointer::Stranger(_));
        assert!(at_home(&host) || stranger, "{host} {pointer:?}");
    }
}

/// The host a browser would go to.
fn followed(endpoint: &Endpoint, location: &str) -> Option<String> {
    let here = url::Url::parse(&format!("https://{}/", endpoint.host)).unwrap();
    let url = here.join(location).ok()?;
    let host = url.host_str()?;
    matches!(url.scheme(), "http" | "https").then(|| match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}
