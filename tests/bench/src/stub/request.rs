//! Reading requests.

use super::text::decode;

/// The head of a request, as far as anybody looks at it.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    /// As on the wire: percent-encoded, with the slash before.
    pub(super) path: String,
    /// Decoded.
    pub(super) query: Vec<(String, String)>,
    /// What is copied: `x-amz-copy-source`, or the like of other vendors.
    pub(super) copy_source: Option<String>,
    /// First and last byte.
    pub(super) copy_range: Option<(u64, u64)>,
    /// Bytes of the body; `None` for one in chunks.
    pub(super) length: Option<usize>,
    /// Whether the client waits for a word before it sends the body.
    pub(super) expects: bool,
}

impl Request {
    /// Reads a head without its empty line.
    pub(super) fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(pair)
                .collect(),
            length: Some(0),
            ..Self::default()
        };
        for line in lines {
            let (name, value) = line.split_once(':')?;
            let (name, value) = (name.to_ascii_lowercase(), value.trim());
            if name == "host" && value.starts_with(|first: char| first.is_ascii_alphabetic()) {
                // Some vendors' libraries name the bucket nowhere else.
                let bucket = value.split('.').next().unwrap_or(value);
                request.path = format!("/{bucket}{}", request.path);
            }
            request.take(&name, value);
        }
        Some(request)
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "content-length" => self.length = value.parse().ok(),
            "transfer-encoding" => self.length = None,
            "expect" => self.expects = true,
            _ if name.ends_with("-copy-source") => self.copy_source = Some(value.to_owned()),
            _ if name.ends_with("-copy-source-range") => {
                let range = value.strip_prefix("bytes=").and_then(|r| r.split_once('-'));
                self.copy_range =
                    range.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            }
            _ => {}
        }
    }

    /// The value of a word of the query.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        let (_, value) = pairs.find(|(have, _)| have == name)?;
        Some(value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Bucket and key, the key percent-encoded. Of a bucket that ends with the number of its
    /// owner, as some vendors have it, only the name counts.
    pub(super) fn place(&self) -> (&str, &str) {
        let path = self.path.trim_start_matches('/');
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        (bucket.split('-').next().unwrap_or(bucket), key)
    }
}

fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (decode(name, true), decode(value, true))
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_bucket_is_named_by_the_path_or_by_the_host() {
        for (target, host) in [
            ("/source-1/big?uploads", "127.0.0.1:1"),
            ("/big?uploads", "source-1.cos.local.example:1"),
        ] {
            let head = format!("GET {target} HTTP/1.1\r\nHost: {host}");
            let request = Request::parse(&head).unwrap();
            assert_eq!(request.place(), ("source", "big"), "{target}");
            assert!(request.has("uploads"));
        }
    }
}
