//! The four signatures, written a second time so that the server is not its own witness.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use partway_democloud::Endpoint;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::client::Form;

pub(crate) struct Unsigned<'a> {
    pub(crate) form: Form,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) region: &'a str,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(String, Option<String>)],
    pub(crate) body: &'a [u8],
    /// The V2 resource, where it is not the path.
    pub(crate) resource: Option<String>,
    pub(crate) now: Timestamp,
}

/// Adds what is missing to `headers`, `Authorization` last.
pub(crate) fn sign(request: &Unsigned<'_>, headers: &mut Vec<(String, String)>) {
    match request.form {
        Form::Cos => cos(request, headers),
        Form::Obs => v2(request, headers, "OBS", "x-obs-"),
        Form::ObsAmz => v2(request, headers, "AWS", "x-amz-"),
        Form::S3 => v4(request, headers),
    }
}

fn cos(r: &Unsigned<'_>, headers: &mut Vec<(String, String)>) {
    let start = r.now.as_second() - 60;
    let time = format!("{start};{}", start + 900);
    let mut params: Vec<(String, String)> = r
        .query
        .iter()
        .map(|(n, v)| (encode(n).to_lowercase(), encode(v.as_deref().unwrap_or(""))))
        .collect();
    params.sort();
    let mut signed: Vec<(String, String)> = headers
        .iter()
        .map(|(n, v)| (n.to_lowercase(), encode(v)))
        .collect();
    signed.sort();
    let join = |pairs: &[(String, String)]| {
        let all: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
        all.join("&")
    };
    let names = |pairs: &[(String, String)]| {
        let all: Vec<&str> = pairs.iter().map(|(n, _)| n.as_str()).collect();
        all.join(";")
    };
    let path = decode(r.path);
    let method = r.method.to_lowercase();
    let format = format!("{method}\n{path}\n{}\n{}\n", join(&params), join(&signed));
    let to_sign = format!("sha1\n{time}\n{}\n", hex(&Sha1::digest(format)));
    let key = hex(&hmac1(r.endpoint.secret_key.as_bytes(), &time));
    let signature = hex(&hmac1(key.as_bytes(), &to_sign));
    let authorization = format!(
        "q-sign-algorithm=sha1&q-ak={}&q-sign-time={time}&q-key-time={time}&q-header-list={}&q-url-param-list={}&q-signature={signature}",
        r.endpoint.access_key,
        names(&signed),
        names(&params),
    );
    headers.push(("authorization".to_owned(), authorization));
}

/// The query of a presigned GET of `path` on `host`, valid for `seconds` from `now` on.
pub(crate) fn presign(
    form: Form,
    endpoint: &Endpoint,
    host: &str,
    path: &str,
    now: Timestamp,
    seconds: i64,
) -> String {
    let expires = now.as_second() + seconds;
    match form {
        Form::Cos => {
            let time = format!("{};{expires}", now.as_second() - 1);
            let format = format!("get\n{}\n\nhost={}\n", decode(path), encode(host));
            let to_sign = format!("sha1\n{time}\n{}\n", hex(&Sha1::digest(format)));
            let key = hex(&hmac1(endpoint.secret_key.as_bytes(), &time));
            let signature = hex(&hmac1(key.as_bytes(), &to_sign));
            let (ak, time) = (&endpoint.access_key, encode(&time));
            format!(
                "q-sign-algorithm=sha1&q-ak={ak}&q-sign-time={time}&q-key-time={time}&q-header-list=host&q-url-param-list=&q-signature={signature}"
            )
        }
        Form::Obs | Form::ObsAmz => {
            let string = format!("GET\n\n\n{expires}\n{path}");
            let signature = STANDARD.encode(hmac1(endpoint.secret_key.as_bytes(), &string));
            let name = if form == Form::Obs {
                "AccessKeyId"
            } else {
                "AWSAccessKeyId"
            };
            let (ak, signature) = (&endpoint.access_key, encode(&signature));
            format!("{name}={ak}&Expires={expires}&Signature={signature}")
        }
        Form::S3 => {
            let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
            let day = &stamp[..8];
            let scope = format!("{day}/{}/s3/aws4_request", endpoint.region);
            let credential = encode(&format!("{}/{scope}", endpoint.access_key));
            let query = format!(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={stamp}&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host"
            );
            let canonical = format!("GET\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD");
            let digest = hex(&Sha256::digest(canonical));
            let string = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}");
            let key = hmac256(format!("AWS4{}", endpoint.secret_key).as_bytes(), day);
            let key = hmac256(
                &hmac256(&hmac256(&key, &endpoint.region), "s3"),
                "aws4_request",
            );
            format!("{query}&X-Amz-Signature={}", hex(&hmac256(&key, &string)))
        }
    }
}

/// Sub-resources that these tests use.
const SUBS: &[&str] = &[
    "acl",
    "delete",
    "location",
    "partNumber",
    "restore",
    "tagging",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

fn v2(r: &Unsigned<'_>, headers: &mut Vec<(String, String)>, scheme: &str, prefix: &str) {
    let date = r.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.push(("date".to_owned(), date.clone()));
    let one = |name: &str| {
        headers
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v)
    };
    let mut vendor: Vec<_> = headers
        .iter()
        .filter(|(n, _)| n.starts_with(prefix))
        .collect();
    vendor.sort();
    let vendor: Vec<String> = vendor.iter().map(|(n, v)| format!("{n}:{v}\n")).collect();
    let vendor = vendor.concat();
    let mut subs: Vec<String> = r
        .query
        .iter()
        .filter(|(n, _)| SUBS.contains(&n.as_str()))
        .map(|(n, v)| match v.as_deref() {
            None | Some("") => n.clone(),
            Some(v) => format!("{n}={v}"),
        })
        .collect();
    subs.sort();
    let subs = if subs.is_empty() {
        String::new()
    } else {
        format!("?{}", subs.join("&"))
    };
    let resource = r.resource.clone().unwrap_or_else(|| r.path.to_owned());
    let string = format!(
        "{}\n{}\n{}\n{date}\n{}{resource}{subs}",
        r.method,
        one("content-md5"),
        one("content-type"),
        vendor,
    );
    let signature = STANDARD.encode(hmac1(r.endpoint.secret_key.as_bytes(), &string));
    let authorization = format!("{scheme} {}:{signature}", r.endpoint.access_key);
    headers.push(("authorization".to_owned(), authorization));
}

fn v4(r: &Unsigned<'_>, headers: &mut Vec<(String, String)>) {
    let stamp = r.now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = &stamp[..8];
    let payload = hex(&Sha256::digest(r.body));
    headers.push(("x-amz-date".to_owned(), stamp.clone()));
    headers.push(("x-amz-content-sha256".to_owned(), payload.clone()));
    let mut query: Vec<String> = r
        .query
        .iter()
        .map(|(n, v)| format!("{}={}", encode(n), encode(v.as_deref().unwrap_or(""))))
        .collect();
    query.sort();
    let mut signed: Vec<(String, String)> = headers.clone();
    signed.sort();
    let lines: Vec<String> = signed
        .iter()
        .map(|(n, v)| format!("{n}:{}\n", v.trim()))
        .collect();
    let lines = lines.concat();
    let names: Vec<&str> = signed.iter().map(|(n, _)| n.as_str()).collect();
    let names = names.join(";");
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{names}\n{payload}",
        r.method,
        r.path,
        query.join("&")
    );
    let scope = format!("{day}/{}/s3/aws4_request", r.region);
    let string = format!(
        "AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let key = hmac256(format!("AWS4{}", r.endpoint.secret_key).as_bytes(), day);
    let key = hmac256(&hmac256(&hmac256(&key, r.region), "s3"), "aws4_request");
    let signature = hex(&hmac256(&key, &string));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        r.endpoint.access_key
    );
    headers.push(("authorization".to_owned(), authorization));
}

fn hmac1(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hmac256(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    digits.concat()
}

pub(crate) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte as char);
        } else {
            out += &format_args!("%{byte:02X}").to_string();
        }
    }
    out
}

fn decode(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            out.push(u8::from_str_radix(&path[at + 1..at + 3], 16).unwrap());
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap()
}
