//! `q-sign-algorithm=sha1`, the signature of Tencent COS ("Request Signature").

use sha1::{Digest as _, Sha1};

use super::{SignError, Unsigned, hmac_sha1};
use crate::credential::Credential;
use crate::encode::{self, hex_lower};

/// A signature and everything on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The decoded path: what the server signs, however it was encoded on the wire.
    pub uri_pathname: String,
    /// Names of the signed headers, joined with `;`.
    pub header_list: String,
    /// Names of the signed parameters, joined with `;`.
    pub url_param_list: String,
    /// Method, path, parameters and headers, a line each.
    pub format_string: String,
    /// HMAC of the key time: a key that is good for that time only.
    pub sign_key: String,
    /// What is signed with `sign_key`.
    pub string_to_sign: String,
    /// Forty lower-case hex digits.
    pub signature: String,
    /// The value of the `Authorization` header.
    pub authorization: String,
    fields: [(&'static str, String); 7],
}

impl Signed {
    /// The same signature as parameters of a presigned URL.
    pub fn query(self) -> impl Iterator<Item = (String, Option<String>)> {
        self.fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Some(value)))
    }
}

/// Signs all given parameters and headers for the Unix seconds `start..end`. `host` belongs
/// among the headers: a signature without it is refused by buckets in strict-signature mode.
pub fn sign(
    request: &Unsigned<'_>,
    credential: &Credential,
    start: i64,
    end: i64,
) -> Result<Signed, SignError> {
    let uri_pathname = encode::decode(request.path).ok_or_else(|| {
        SignError(format!(
            "the path {:?} is not percent-encoded UTF-8",
            request.path
        ))
    })?;
    let (url_param_list, parameters) = canonical(
        request
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or(""))),
    );
    let (header_list, headers) = canonical(
        request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let method = request.method.to_ascii_lowercase();
    let format_string = format!("{method}\n{uri_pathname}\n{parameters}\n{headers}\n");

    let key_time = format!("{start};{end}");
    let sign_key = hex_lower(&hmac_sha1(
        credential.secret_key.as_bytes(),
        key_time.as_bytes(),
    )?);
    let digest = hex_lower(&Sha1::digest(&format_string));
    let string_to_sign = format!("sha1\n{key_time}\n{digest}\n");
    let signature = hex_lower(&hmac_sha1(sign_key.as_bytes(), string_to_sign.as_bytes())?);

    let fields = [
        ("q-sign-algorithm", "sha1".to_owned()),
        ("q-ak", credential.access_key.clone()),
        ("q-sign-time", key_time.clone()),
        ("q-key-time", key_time),
        ("q-header-list", header_list.clone()),
        ("q-url-param-list", url_param_list.clone()),
        ("q-signature", signature.clone()),
    ];
    let authorization = fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    Ok(Signed {
        uri_pathname,
        header_list,
        url_param_list,
        format_string,
        sign_key,
        string_to_sign,
        signature,
        authorization,
        fields,
    })
}

/// The list of names and the `name=value` pairs, both sorted by the encoded, lower-cased name.
/// Lower-casing comes last and reaches the hex digits of names, but not those of values.
fn canonical<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> (String, String) {
    let mut pairs: Vec<(String, String)> = pairs
        .map(|(name, value)| {
            let name = encode::component(name).to_ascii_lowercase();
            (name, encode::component(value))
        })
        .collect();
    pairs.sort();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let list = names.join(";");
    let joined: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (list, joined.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_their_encoded_lower_case_form() {
        let pairs = [("Zed", "A b"), ("versionId", "/"), ("中", "")];
        let (list, joined) = canonical(pairs.into_iter());
        assert_eq!(list, "%e4%b8%ad;versionid;zed");
        assert_eq!(joined, "%e4%b8%ad=&versionid=%2F&zed=A%20b");
    }
}
