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
    Presigned {
        form,
        endpoint,
        method: "GET",
        host,
        path,
        params: &[],
        now,
        seconds,
    }
    .query()
}

/// A request whose signature travels in its query.
pub(crate) struct Presigned<'a> {
    pub(crate) form: Form,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) method: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    /// In byte order, all signed.
    pub(crate) params: &'a [(&'a str, &'a str)],
    pub(crate) now: Timestamp,
    pub(crate) seconds: i64,
}

impl Presigned<'_> {
    pub(crate) fn query(&self) -> String {
        match self.form {
            Form::Cos => self.cos(),
            Form::Obs => self.v2("AccessKeyId"),
            Form::ObsAmz => self.v2("AWSAccessKeyId"),
            Form::S3 => self.v4(),
        }
    }

    /// `name=value&…`, encoded, and the same with something in front of each.
    fn coded(&self) -> String {
        let pairs: Vec<String> = self
            .params
            .iter()
            .map(|(name, value)| format!("{}={}&", encode(name), encode(value)))
            .collect();
        pairs.concat()
    }

    fn cos(&self) -> String {
        let expires = self.now.as_second() + self.seconds;
        let time = format!("{};{expires}", self.now.as_second() - 1);
        let names: Vec<&str> = self.params.iter().map(|(name, _)| *name).collect();
        let format = format!(
            "{}\n{}\n{}\nhost={}\n",
            self.method.to_lowercase(),
            decode(self.path),
            self.coded().trim_end_matches('&'),
            encode(self.host)
        );
        let to_sign = format!("sha1\n{time}\n{}\n", hex(&Sha1::digest(format)));
        let key = hex(&hmac1(self.endpoint.secret_key.as_bytes(), &time));
        let signature = hex(&hmac1(key.as_bytes(), &to_sign));
        let (ak, time) = (&self.endpoint.access_key, encode(&time));
        format!(
            "{}q-sign-algorithm=sha1&q-ak={ak}&q-sign-time={time}&q-key-time={time}&q-header-list=host&q-url-param-list={}&q-signature={signature}",
            self.coded(),
            encode(&names.join(";")),
        )
    }

    fn v2(&self, key_name: &str) -> String {
        let expires = self.now.as_second() + self.seconds;
        let subs: Vec<String> = self
            .params
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mark = if subs.is_empty() { "" } else { "?" };
        let string = format!(
            "{}\n\n\n{expires}\n{}{mark}{}",
            self.method,
            self.path,
            subs.join("&")
        );
        let signature = STANDARD.encode(hmac1(self.endpoint.secret_key.as_bytes(), &string));
        let (ak, signature) = (&self.endpoint.access_key, encode(&signature));
        format!(
            "{}{key_name}={ak}&Expires={expires}&Signature={signature}",
            self.coded()
        )
    }

    fn v4(&self) -> String {
        let stamp = self.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let day = &stamp[..8];
        let scope = format!("{day}/{}/s3/aws4_request", self.endpoint.region);
        let credential = encode(&format!("{}/{scope}", self.endpoint.access_key));
        // Capitals sort first, so the parameters of the request come behind ours.
        let own = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={stamp}&X-Amz-Expires={}&X-Amz-SignedHeaders=host",
            self.seconds
        );
        let query = format!("{own}&{}", self.coded());
        let query = query.trim_end_matches('&');
        let canonical = format!(
            "{}\n{}\n{query}\nhost:{}\n\nhost\nUNSIGNED-PAYLOAD",
            self.method, self.path, self.host
        );
        let digest = hex(&Sha256::digest(canonical));
        let string = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}");
        let key = signing_key(self.endpoint, day, &self.endpoint.region);
        format!("{query}&X-Amz-Signature={}", hex(&hmac256(&key, &string)))
    }
}

/// The key that a day's S3 requests are signed with.
pub(crate) fn signing_key(endpoint: &Endpoint, day: &str, region: &str) -> Vec<u8> {
    let key = hmac256(format!("AWS4{}", endpoint.secret_key).as_bytes(), day);
    hmac256(&hmac256(&hmac256(&key, region), "s3"), "aws4_request")
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
    headers.push(("x-amz-date".to_owned(), stamp.clone()));
    let chosen = headers.iter().find(|(n, _)| n == "x-amz-content-sha256");
    let payload = chosen.map(|(_, payload)| payload.clone());
    let payload = payload.unwrap_or_else(|| {
        let payload = hex(&Sha256::digest(r.body));
        headers.push(("x-amz-content-sha256".to_owned(), payload.clone()));
        payload
    });
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
    let key = signing_key(r.endpoint, day, r.region);
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

pub(crate) fn hmac256(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
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
