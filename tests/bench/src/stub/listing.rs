//! Pages of objects, by both versions of the call.

use std::fmt::Write as _;

use super::keys::Keys;
use super::request::Request;
use super::text::{decode, encode, encode_into};

/// Bytes of a page at most, more or less.
const PAGE: usize = 300 << 10;

/// Between a key and its tag.
const MIDDLE: &str = "</Key><LastModified>2026-11-20T10:00:00.000Z</LastModified><ETag>&quot;";

/// A page of them.
pub(super) fn page(request: &Request, keys: Keys) -> String {
    let count = keys.count;
    let second = request.value("list-type") == Some("2");
    let prefix = request.value("prefix").unwrap_or("");
    let delimiter = request.value("delimiter").filter(|text| !text.is_empty());
    let most = request.value("max-keys").and_then(|text| text.parse().ok());
    let most: usize = most.unwrap_or(1_000).min(1_000);
    let encoded = request.value("encoding-type") == Some("url");
    let name = |text: &str| {
        if encoded {
            encode(text)
        } else {
            text.to_owned()
        }
    };
    let token = request.value("continuation-token");
    let after = match token {
        Some(token) => Some(decode(token, false)),
        None => request
            .value(if second { "start-after" } else { "marker" })
            .map(str::to_owned),
    };

    let mut at = begin(keys, prefix, after.as_deref(), delimiter);
    let (mut objects, mut prefixes) = (String::with_capacity(PAGE), String::new());
    let rest = format!(
        "&quot;</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
        super::answer::SMALL
    );
    let (mut listed, mut last, mut key) = (0, String::new(), String::new());
    while at < count && listed < most {
        keys.write(at, &mut key);
        if !key.starts_with(prefix) {
            at = count;
            break;
        }
        let rolled = delimiter.and_then(|text| {
            let inner = key[prefix.len()..].find(text)?;
            Some(&key[..prefix.len() + inner + text.len()])
        });
        listed += 1;
        if let Some(common) = rolled {
            let _ = write!(
                prefixes,
                "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>",
                name(common)
            );
            common.clone_into(&mut last);
            at = past(keys, common);
        } else {
            // A million of them: what is the same in all is not put together each time.
            objects.push_str("<Contents><Key>");
            if encoded {
                encode_into(&mut objects, &key);
            } else {
                objects.push_str(&key);
            }
            objects.push_str(MIDDLE);
            let _ = write!(objects, "{at:032x}");
            objects.push_str(&rest);
            last.clone_from(&key);
            at += 1;
        }
    }
    let truncated = at < count && keys.key(at).starts_with(prefix);
    let next = match (truncated, second) {
        (false, _) => String::new(),
        (true, true) => format!(
            "<NextContinuationToken>{}</NextContinuationToken>",
            encode(&last)
        ),
        (true, false) => format!("<NextMarker>{}</NextMarker>", name(&last)),
    };
    let encoding = if encoded {
        "<EncodingType>url</EncodingType>"
    } else {
        ""
    };
    let delimiter = delimiter.map_or_else(String::new, |text| {
        format!("<Delimiter>{}</Delimiter>", name(text))
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>source</Name><Prefix>{}</Prefix>{delimiter}<MaxKeys>{most}</MaxKeys>\
         <KeyCount>{listed}</KeyCount>{encoding}<IsTruncated>{truncated}</IsTruncated>{next}\
         {objects}{prefixes}</ListBucketResult>",
        name(prefix)
    )
}

/// The first key of the page.
fn begin(keys: Keys, prefix: &str, after: Option<&str>, delimiter: Option<&str>) -> u64 {
    let from = keys.first(|key| key >= prefix);
    let Some(after) = after else { return from };
    // A marker that is a common prefix stands for all that lies under it.
    let rolled = delimiter.is_some_and(|text| {
        after.len() > prefix.len() && after.starts_with(prefix) && after.ends_with(text)
    });
    if rolled {
        from.max(past(keys, after))
    } else {
        from.max(keys.first(|key| key > after))
    }
}

/// The first key behind all that begin with `prefix`.
fn past(keys: Keys, prefix: &str) -> u64 {
    keys.first(|key| key > prefix && !key.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Keys = Keys {
        count: 5_500,
        folder: 1_000,
    };

    fn ask(query: &str) -> String {
        let head = format!("GET /source?{query} HTTP/1.1\r\nhost: 127.0.0.1");
        page(&Request::parse(&head).unwrap(), KEYS)
    }

    fn between<'a>(page: &'a str, from: &str, to: &str) -> Vec<&'a str> {
        let rest = page.split(from).skip(1);
        rest.filter_map(|text| text.split(to).next()).collect()
    }

    #[test]
    fn every_key_is_listed_once_and_in_order() {
        let mut keys = Vec::new();
        let mut token = String::new();
        loop {
            let page = ask(&format!("list-type=2&encoding-type=url{token}"));
            keys.extend(
                between(&page, "<Key>", "<")
                    .iter()
                    .map(|key| decode(key, true)),
            );
            let next = between(&page, "<NextContinuationToken>", "<");
            let Some(next) = next.first() else { break };
            token = format!("&continuation-token={}", encode(next));
        }
        assert_eq!(keys, (0..5_500).map(|at| KEYS.key(at)).collect::<Vec<_>>());
    }

    #[test]
    fn folders_are_rolled_up_and_skipped() {
        let page = ask("list-type=2&delimiter=/&max-keys=4");
        let folders = between(&page, "<CommonPrefixes><Prefix>", "<");
        assert_eq!(folders.len(), 4);
        let next = between(&page, "<NextContinuationToken>", "<")[0].to_owned();
        let page = ask(&format!(
            "list-type=2&delimiter=/&continuation-token={next}"
        ));
        let rest = between(&page, "<CommonPrefixes><Prefix>", "<");
        assert_eq!(rest.len(), 2, "5,500 keys lie in 6 folders");
        let page = ask(&format!(
            "list-type=2&max-keys=10&prefix={}",
            encode(rest[1])
        ));
        assert!(
            between(&page, "<Key>", "<")
                .iter()
                .all(|key| key.starts_with(rest[1]))
        );
    }
}
