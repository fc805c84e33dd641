//! Signature V2 as OBS speaks it: natively with `x-obs-`, or in S3-compatible form with `x-amz-`.

use super::{anonymous, expired, hmac_sha1, known, skewed, wrong_signature};
use crate::call::{Call, Form};
use crate::options::Endpoint;
use crate::refusal::Refusal;
use crate::text::{base64, parse_http_date};

/// Parameters that are part of the resource and so of the signature, besides those that begin with
/// the vendor's prefix.
const SUB_RESOURCES: &[&str] = &[
    "CDNNotifyConfiguration",
    "acl",
    "append",
    "attname",
    "backtosource",
    "bucketstatus",
    "cors",
    "customdomain",
    "delete",
    "deletebucket",
    "directcoldaccess",
    "dispolicy",
    "encryption",
    "fileinterface",
    "inventory",
    "length",
    "lifecycle",
    "location",
    "logging",
    "metadata",
    "mirrorBackToSource",
    "modify",
    "name",
    "notification",
    "object-lock",
    "obsalias",
    "obsbucketalias",
    "obscompresspolicy",
    "partNumber",
    "policy",
    "policystatus",
    "position",
    "publicaccessblock",
    "quota",
    "rename",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "storageClass",
    "storageinfo",
    "storagePolicy",
    "tagging",
    "torrent",
    "truncate",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
    "x-image-process",
    "x-image-save-bucket",
    "x-image-save-object",
    "x-oss-process",
];

pub(super) fn check(call: &Call, endpoint: &Endpoint, now: i64) -> Result<(), Refusal> {
    let (scheme, key_param) = match call.form {
        Form::ObsAmz => ("AWS ", "AWSAccessKeyId"),
        _ => ("OBS ", "AccessKeyId"),
    };
    if let Some(authorization) = call.header("authorization") {
        let pair = authorization
            .strip_prefix(scheme)
            .and_then(|rest| rest.split_once(':'));
        let (access_key, signature) = pair.ok_or_else(|| {
            Refusal::invalid_argument(format!(
                "Authorization is {scheme}<access key>:<signature>."
            ))
        })?;
        known(access_key, endpoint)?;
        let date = signing_date(call, now)?;
        return compare(call, endpoint, &date, signature);
    }
    let (Some(access_key), Some(signature)) = (call.param(key_param), call.param("Signature"))
    else {
        return Err(anonymous());
    };
    known(access_key, endpoint)?;
    let expires = call.param("Expires").unwrap_or("");
    let seconds: i64 = expires
        .parse()
        .map_err(|_| Refusal::invalid_argument("Expires is a number of Unix seconds."))?;
    if seconds.saturating_mul(1000) < now {
        return Err(expired(now));
    }
    compare(call, endpoint, expires, signature)
}

/// The `Date` line: empty when the vendor's own date header replaces it. Either must be recent.
fn signing_date(call: &Call, now: i64) -> Result<String, Refusal> {
    let vendor = call.vendor("date");
    let date = vendor.clone().or_else(|| call.header("date"));
    let date = date.ok_or_else(|| Refusal::access_denied("The request has no date."))?;
    let ms = parse_http_date(&date)
        .ok_or_else(|| Refusal::access_denied("The date of the request cannot be read."))?;
    skewed(ms, now)?;
    Ok(if vendor.is_some() {
        String::new()
    } else {
        date
    })
}

fn compare(call: &Call, endpoint: &Endpoint, date: &str, signature: &str) -> Result<(), Refusal> {
    let headers: Vec<(String, String)> = call
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let resource = match &call.bucket {
        Some(bucket) if call.virtual_host => format!("/{bucket}{}", call.path),
        _ => call.path.clone(),
    };
    let prefix = call.form.prefix();
    let string = string_to_sign(
        prefix,
        call.method.as_str(),
        &headers,
        date,
        &format!("{resource}{}", sub_resources(prefix, &call.query)),
    );
    let expected = base64(hmac_sha1(endpoint.secret_key.as_bytes(), string.as_bytes()));
    if expected == signature {
        Ok(())
    } else {
        Err(wrong_signature(&string))
    }
}

fn string_to_sign(
    prefix: &str,
    method: &str,
    headers: &[(String, String)],
    date: &str,
    resource: &str,
) -> String {
    let one = |wanted: &str| {
        let found = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map_or("", |(_, value)| value.trim())
    };
    let mut vendor: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if !name.starts_with(prefix) {
            continue;
        }
        match vendor.iter_mut().find(|(n, _)| *n == name) {
            Some((_, values)) => values.push(value.trim()),
            None => vendor.push((name, vec![value.trim()])),
        }
    }
    vendor.sort();
    let lines: Vec<String> = vendor
        .iter()
        .map(|(name, values)| format!("{name}:{}\n", values.join(",")))
        .collect();
    let lines = lines.concat();
    let (md5, kind) = (one("content-md5"), one("content-type"));
    format!("{method}\n{md5}\n{kind}\n{date}\n{lines}{resource}")
}

/// `?name=value&…`: the sub-resources among the parameters, in byte order, values decoded.
fn sub_resources(prefix: &str, query: &[(String, Option<String>)]) -> String {
    let mut signed: Vec<_> = query
        .iter()
        .filter(|(name, _)| SUB_RESOURCES.contains(&name.as_str()) || name.starts_with(prefix))
        .collect();
    signed.sort();
    let text: Vec<String> = signed
        .iter()
        .map(|(name, value)| match value.as_deref() {
            None | Some("") => name.clone(),
            Some(value) => format!("{name}={value}"),
        })
        .collect();
    if text.is_empty() {
        String::new()
    } else {
        format!("?{}", text.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::vectors::{self, Case};

    fn agrees(prefix: &str, cases: &[Case]) {
        for case in cases {
            // The resource is what the published string ends with, less what we append ourselves.
            let sub = sub_resources(prefix, &case.query);
            let resource = if case.resource.is_empty() {
                case.path.clone()
            } else {
                case.resource.clone()
            };
            let string = string_to_sign(
                prefix,
                &case.method,
                &case.headers,
                &case.time,
                &format!("{resource}{sub}"),
            );
            assert_eq!(string, case.string, "{}", case.name);
            let signature = base64(hmac_sha1(case.secret.as_bytes(), string.as_bytes()));
            assert_eq!(signature, case.signature, "{}", case.name);
        }
    }

    #[test]
    fn the_vendors_own_signer_agrees_in_native_form() {
        let cases = vectors::read(include_str!("../../tests/vectors/obs-native.json"));
        agrees("x-obs-", &cases);
        assert!(cases.len() > 80);
    }

    #[test]
    fn the_vendors_own_signer_agrees_in_s3_form() {
        let cases = vectors::read(include_str!("../../tests/vectors/obs-v2.json"));
        agrees("x-amz-", &cases);
        assert!(cases.len() > 80);
    }
}
