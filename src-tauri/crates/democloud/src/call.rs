//! One request as it came, addressed and decoded once, never normalised.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method};

use crate::options::Provider;
use crate::percent;
use crate::quirk::Switches;
use crate::refusal::Refusal;
use crate::seed;

/// The four dialects that the three endpoints speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Cos,
    /// `OBS ak:sig`, `x-obs-`.
    Obs,
    /// `AWS ak:sig`, `x-amz-`, still Huawei's wire.
    ObsAmz,
    S3,
}

impl Form {
    /// What the vendor's own headers begin with.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Form::Cos => "x-cos-",
            Form::Obs => "x-obs-",
            Form::ObsAmz | Form::S3 => "x-amz-",
        }
    }
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) provider: Provider,
    pub(crate) form: Form,
    pub(crate) method: Method,
    /// The `Host` header, with its port.
    pub(crate) host: String,
    /// The path exactly as on the wire.
    pub(crate) path: String,
    /// Decoded pairs in wire order; `None` for a name without `=`.
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What came behind a body in pieces; names in lower case.
    pub(crate) trailers: Vec<(String, String)>,
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    /// The bucket stood in the host name, not in the path.
    pub(crate) virtual_host: bool,
    /// The region the host name speaks of; the endpoint's own when it names none.
    pub(crate) region: String,
    /// Signed with the temporary keys.
    pub(crate) temporary: bool,
    /// The peculiarities of the endpoint it came to.
    pub(crate) switches: Switches,
}

impl Call {
    /// Reads the head of a request. The body is added once the signer is known.
    pub(crate) fn read(provider: Provider, head: Parts) -> Result<Call, Refusal> {
        let path = head.uri.path().to_owned();
        let query = percent::decode_query(head.uri.query().unwrap_or(""));
        let query = query.ok_or_else(|| Refusal::invalid_uri("The query is not UTF-8."))?;
        let host = head
            .headers
            .get("host")
            .and_then(|value| value.to_str().ok())
            .or_else(|| head.uri.authority().map(http::uri::Authority::as_str))
            .unwrap_or_default()
            .to_owned();
        let (in_host, region) = read_host(provider, &host);
        let (bucket, key) = match &in_host {
            Some(bucket) => (Some(bucket.clone()), path.strip_prefix('/').unwrap_or("")),
            None => split_path(&path)?,
        };
        let key = percent::decode_text(key)
            .ok_or_else(|| Refusal::invalid_uri("The key is not UTF-8."))?;
        let form = form_of(provider, &head.headers, &query);
        Ok(Call {
            provider,
            form,
            method: head.method,
            host,
            path,
            query,
            headers: head.headers,
            body: Bytes::new(),
            trailers: Vec::new(),
            virtual_host: in_host.is_some(),
            bucket,
            key: (!key.is_empty()).then_some(key),
            region,
            temporary: false,
            switches: Switches::default(),
        })
    }

    /// Whether a parameter was sent, with or without a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.query.iter().any(|(n, _)| n == name)
    }

    /// The value of a parameter; empty when it was sent without one.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(n, _)| n == name)?;
        Some(value.as_deref().unwrap_or(""))
    }

    /// Path and query as they came.
    pub(crate) fn target(&self) -> String {
        let query: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| match value {
                None => percent::encode(name),
                Some(value) => format!("{}={}", percent::encode(name), percent::encode(value)),
            })
            .collect();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, query.join("&"))
        }
    }

    /// A header as text. Bytes that are not UTF-8 come out as replacement characters.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// A header of the vendor: `copy-source` is `x-cos-copy-source` on COS.
    pub(crate) fn vendor(&self, name: &str) -> Option<String> {
        let prefix = self.form.prefix();
        let (_, value) = self.headers.iter().find(|(sent, _)| {
            let short = sent.as_str().strip_prefix(prefix);
            short.is_some_and(|short| short.eq_ignore_ascii_case(name))
        })?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// The bucket and key of an object operation.
    pub(crate) fn object(&self) -> Result<(&str, &str), Refusal> {
        match (&self.bucket, &self.key) {
            (Some(bucket), Some(key)) => Ok((bucket, key)),
            _ => Err(Refusal::invalid_uri(
                "This operation needs a bucket and a key.",
            )),
        }
    }

    /// The bucket of a bucket operation.
    pub(crate) fn bucket(&self) -> Result<&str, Refusal> {
        let missing = || Refusal::invalid_uri("This operation needs a bucket.");
        self.bucket.as_deref().ok_or_else(missing)
    }
}

/// `/bucket/key`: the bucket ends at the first slash, and everything after it is the key.
fn split_path(path: &str) -> Result<(Option<String>, &str), Refusal> {
    let rest = path.strip_prefix('/').unwrap_or(path);
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    let bucket = percent::decode_text(bucket)
        .ok_or_else(|| Refusal::invalid_uri("The bucket is not UTF-8."))?;
    Ok(((!bucket.is_empty()).then_some(bucket), key))
}

/// The bucket and region a host name speaks of.
///
/// `127.0.0.1` and `localhost` name neither. In front of them may stand the bucket, and between
/// the two `cos.<region>.`, `obs.<region>.` or `s3.<region>.`.
fn read_host(provider: Provider, host: &str) -> (Option<String>, String) {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let home = seed::home_region(provider).to_owned();
    let before = [".127.0.0.1", ".localhost"]
        .iter()
        .find_map(|base| name.strip_suffix(base));
    let Some(before) = before else {
        return (None, home);
    };
    let service = provider.word();
    let labels: Vec<&str> = before.rsplitn(3, '.').collect();
    let (bucket, region) = match labels.as_slice() {
        [region, word] if *word == service => ("", *region),
        [region, word, bucket] if *word == service => (*bucket, *region),
        _ => (before, home.as_str()),
    };
    let bucket = (!bucket.is_empty()).then(|| bucket.to_owned());
    (bucket, region.to_owned())
}

fn form_of(provider: Provider, headers: &HeaderMap, query: &[(String, Option<String>)]) -> Form {
    let authorization = headers
        .get("authorization")
        .map_or(&b""[..], |value| value.as_bytes());
    let sent = |name: &str| query.iter().any(|(n, _)| n == name);
    match provider {
        Provider::Cos => Form::Cos,
        Provider::S3 => Form::S3,
        Provider::Obs if authorization.starts_with(b"AWS ") || sent("AWSAccessKeyId") => {
            Form::ObsAmz
        }
        Provider::Obs => Form::Obs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(host: &str, target: &str) -> Call {
        let request = http::Request::get(target)
            .header("host", host)
            .body(())
            .unwrap();
        Call::read(Provider::Cos, request.into_parts().0).unwrap()
    }

    #[test]
    fn a_key_is_the_bytes_that_were_sent() {
        for (target, key) in [
            ("/b/a/../b", "a/../b"),
            ("/b/a/%2E%2E/b", "a/../b"),
            ("/b//x", "/x"),
            ("/b/x//", "x//"),
            ("/b/%252F", "%2F"),
            ("/b/a+b", "a+b"),
        ] {
            let call = read("127.0.0.1:1", target);
            assert_eq!(call.bucket.as_deref(), Some("b"));
            assert_eq!(call.key.as_deref(), Some(key), "{target}");
        }
    }

    #[test]
    fn a_bucket_may_stand_in_the_host() {
        let call = read("photos.127.0.0.1:80", "/x/y");
        assert_eq!(call.bucket.as_deref(), Some("photos"));
        assert_eq!(call.key.as_deref(), Some("x/y"));
        assert_eq!(call.region, "ap-guangzhou");

        let call = read("photos.cos.ap-shanghai.localhost:80", "/");
        assert_eq!(call.bucket.as_deref(), Some("photos"));
        assert_eq!((call.key, call.region.as_str()), (None, "ap-shanghai"));

        let call = read("cos.ap-shanghai.localhost:80", "/photos/x");
        assert_eq!(call.bucket.as_deref(), Some("photos"));
        assert!(!call.virtual_host);
    }

    #[test]
    fn the_service_has_neither() {
        let call = read("localhost:80", "/");
        assert_eq!((call.bucket, call.key), (None, None));
    }
}
