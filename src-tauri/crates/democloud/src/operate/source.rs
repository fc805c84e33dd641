//! Which bytes a copy means: the source and range headers.

use crate::call::{Call, Form};
use crate::options::Provider;
use crate::percent;
use crate::refusal::Refusal;
use crate::store::Store;

/// The object a copy reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) version_id: Option<String>,
}

/// Reads the copy source header; `None` when there is none.
///
/// COS names a host whose first label is the bucket, OBS `/bucket/key`, S3 `bucket/key` with or
/// without the slash in front. The key is percent-encoded; `?versionId=` behind it is not.
pub(crate) fn source_of(call: &Call) -> Option<Result<Source, Refusal>> {
    let text = call.vendor("copy-source")?;
    Some(parse(call.form, &text).ok_or_else(|| {
        let code = match call.provider {
            Provider::Cos => "InvalidCopySource",
            Provider::Obs | Provider::S3 => "InvalidArgument",
        };
        let form = match call.provider {
            Provider::Cos => "<bucket>.<endpoint>/<key>",
            Provider::Obs => "/<bucket>/<key>",
            Provider::S3 => "<bucket>/<key>",
        };
        Refusal::new(
            400,
            code,
            format!("The copy source must be {form}, percent-encoded."),
        )
    }))
}

fn parse(form: Form, text: &str) -> Option<Source> {
    let (place, version_id) = match text.split_once('?') {
        None => (text, None),
        Some((place, query)) => {
            let (name, id) = query.split_once('=')?;
            let spelled = match form {
                Form::Cos => name.eq_ignore_ascii_case("versionId"),
                Form::Obs | Form::ObsAmz | Form::S3 => name == "versionId",
            };
            (place, Some(spelled.then(|| percent::decode_text(id))??))
        }
    };
    let (bucket, key) = match form {
        Form::Cos => {
            let (host, key) = place.split_once('/')?;
            let (bucket, endpoint) = host.split_once('.')?;
            (!endpoint.is_empty()).then_some((bucket, key))?
        }
        Form::Obs => place.strip_prefix('/')?.split_once('/')?,
        // Clients of S3 leave the slash out, and Huawei serves them.
        Form::ObsAmz | Form::S3 => place.strip_prefix('/').unwrap_or(place).split_once('/')?,
    };
    let (bucket, key) = (percent::decode_text(bucket)?, percent::decode_text(key)?);
    (!bucket.is_empty() && !key.is_empty()).then_some(Source {
        bucket,
        key,
        version_id: version_id.filter(|id| !id.is_empty()),
    })
}

/// How many bytes the request will move; 0 for anything that moves none.
pub(crate) fn weight(call: &Call, store: &Store, library: &crate::content::Library) -> u64 {
    let Some(Ok(source)) = source_of(call) else {
        return call.body.len() as u64;
    };
    let versions = store
        .buckets
        .get(&source.bucket)
        .map(|bucket| bucket.versions(&source.key, library))
        .unwrap_or_default();
    let size = versions.last().map_or(0, |version| version.size);
    let range = call.vendor("copy-source-range");
    match range.as_deref().and_then(first_last) {
        Some((first, last)) => last.saturating_sub(first).saturating_add(1).min(size),
        None => size,
    }
}

/// `bytes=first-last`, nothing else.
pub(super) fn first_last(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(first) || !digits(last) {
        return None;
    }
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(bucket: &str, key: &str, version_id: Option<&str>) -> Source {
        Source {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version_id: version_id.map(str::to_owned),
        }
    }

    #[test]
    fn each_provider_writes_a_source_in_its_own_way() {
        let cos = "src-1250000000.cos.ap-guangzhou.myqcloud.com/a/b%20c?versionId=x";
        assert_eq!(
            parse(Form::Cos, cos),
            Some(source("src-1250000000", "a/b c", Some("x")))
        );
        assert_eq!(
            parse(Form::Obs, "/src/%3FversionId%3D1"),
            Some(source("src", "?versionId=1", None))
        );
        assert_eq!(
            parse(Form::S3, "src//a/../b"),
            Some(source("src", "/a/../b", None))
        );
        assert_eq!(parse(Form::S3, "/src/k"), Some(source("src", "k", None)));

        assert_eq!(parse(Form::Cos, "/src/k"), None);
        assert_eq!(parse(Form::Cos, "src/k"), None);
        assert_eq!(parse(Form::ObsAmz, "src/k"), Some(source("src", "k", None)));
        assert_eq!(parse(Form::Obs, "src/k"), None);
        assert_eq!(parse(Form::S3, "src"), None);
        assert_eq!(parse(Form::S3, "src/k?versionid=1"), None);
    }

    #[test]
    fn a_range_has_one_form() {
        assert_eq!(first_last("bytes=0-0"), Some((0, 0)));
        for wrong in [
            "bytes=1-0",
            "bytes=0-",
            "bytes=-5",
            "bytes=+0-1",
            "0-1",
            "bytes=0-1,3-4",
            "bytes=0 -1",
        ] {
            assert_eq!(first_last(wrong), None, "{wrong}");
        }
    }
}
