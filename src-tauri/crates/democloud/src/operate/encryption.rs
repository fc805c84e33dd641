//! Encryption at rest: what is asked for, whether the right key came, and what is echoed.
//!
//! Nothing is really encrypted. A customer's key is checked for its form and its MD5, and kept as a
//! hash, so that a request with another key is refused as the vendors refuse it.

use md5::{Digest, Md5};
use sha2::Sha256;

use crate::call::{Call, Form};
use crate::chance::Chance;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::store::encryption::{CustomerKey, Encryption};
use crate::text::{hex, unbase64};

/// In front of the three customer key headers that speak of a copy source.
const OF_SOURCE: &str = "copy-source-";

/// Reads the encryption that a PUT, a copy or a Create asks for.
pub(super) fn asked(call: &Call) -> Result<Encryption, Refusal> {
    let customer_key = customer_key(call, "")?;
    let algorithm = call.vendor("server-side-encryption");
    let key_id = call.vendor(key_id_header(call.form));
    let context = call.vendor("server-side-encryption-context");
    if customer_key.is_some() && (algorithm.is_some() || key_id.is_some()) {
        return Err(Refusal::invalid_argument(
            "An object is encrypted with a key of the customer or by the server, not both.",
        ));
    }
    let algorithm = algorithm
        .map(|word| native(call.form, &word).ok_or_else(|| unknown_algorithm(call, &word)))
        .transpose()?;
    let managed = algorithm.as_deref().is_some_and(|word| word != "AES256");
    if !managed && (key_id.is_some() || context.is_some()) {
        return Err(Refusal::invalid_argument(
            "A key id or a context goes only with encryption by a managed key.",
        ));
    }
    if let Some(context) = &context {
        check_context(context)?;
    }
    if call.switches.forgets_encryption {
        return Ok(Encryption::default());
    }
    Ok(Encryption {
        algorithm,
        key_id,
        context,
        bucket_key: call.form == Form::S3
            && call
                .vendor("server-side-encryption-bucket-key-enabled")
                .is_some_and(|value| value.eq_ignore_ascii_case("true")),
        customer_key,
    })
}

/// The header that names a managed key.
const fn key_id_header(form: Form) -> &'static str {
    match form {
        Form::Cos => "server-side-encryption-cos-kms-key-id",
        Form::Obs => "server-side-encryption-kms-key-id",
        Form::ObsAmz | Form::S3 => "server-side-encryption-aws-kms-key-id",
    }
}

/// The algorithm as it is kept: OBS in its native spelling, the others as sent.
fn native(form: Form, word: &str) -> Option<String> {
    let native = match (form, word) {
        (_, "AES256") => "AES256",
        (Form::Cos, "cos/kms") => "cos/kms",
        (Form::Obs, "kms") | (Form::ObsAmz, "aws:kms") => "kms",
        (Form::S3, "aws:kms" | "aws:kms:dsse") => word,
        _ => return None,
    };
    Some(native.to_owned())
}

fn unknown_algorithm(call: &Call, word: &str) -> Refusal {
    let message = format!("{word} is no encryption here.");
    match call.provider {
        Provider::Obs => Refusal::new(400, "InvalidEncryptionAlgorithmError", message),
        Provider::Cos | Provider::S3 => Refusal::invalid_argument(message),
    }
}

fn check_context(context: &str) -> Result<(), Refusal> {
    let object = unbase64(context)
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .is_some_and(|value| value.is_object());
    if object {
        return Ok(());
    }
    Err(Refusal::invalid_argument(
        "The encryption context is the base64 of a JSON object.",
    ))
}

/// The customer key in the three headers with this in front; `None` when none of them was sent.
fn customer_key(call: &Call, front: &str) -> Result<Option<CustomerKey>, Refusal> {
    let header = |name: &str| {
        let name = format!("{front}server-side-encryption-customer-{name}");
        call.vendor(&name)
    };
    let (algorithm, key, md5) = (header("algorithm"), header("key"), header("key-md5"));
    if algorithm.is_none() && key.is_none() && md5.is_none() {
        return Ok(None);
    }
    if call.switches.no_customer_keys {
        let message = "Encryption with customer keys is blocked for this bucket.";
        return Err(Refusal::access_denied(message));
    }
    let missing = |name: &str| {
        let message = format!(
            "A customer key comes in three headers, and the one for its {name} is missing."
        );
        Refusal::invalid_argument(message)
    };
    let algorithm = algorithm.ok_or_else(|| missing("algorithm"))?;
    if algorithm != "AES256" {
        let message = format!("Customer keys are for AES256, not for {algorithm}.");
        return Err(match call.provider {
            Provider::Cos => Refusal::invalid_argument(message),
            Provider::Obs | Provider::S3 => {
                Refusal::new(400, "InvalidEncryptionAlgorithmError", message)
            }
        });
    }
    let key = unbase64(&key.ok_or_else(|| missing("bytes"))?)
        .filter(|key| key.len() == 32)
        .ok_or_else(|| {
            Refusal::invalid_argument("A customer key is the base64 of exactly 32 bytes.")
        })?;
    let md5 = md5.ok_or_else(|| missing("MD5"))?;
    if unbase64(&md5).as_deref() != Some(Md5::digest(&key).as_slice()) {
        let message = "The MD5 of the customer key is not the one that was sent with it.";
        return Err(match call.provider {
            Provider::Obs => Refusal::new(400, "InvalidDigest", message),
            Provider::Cos | Provider::S3 => Refusal::invalid_argument(message),
        });
    }
    Ok(Some(CustomerKey {
        md5,
        sha256: hex(&Sha256::digest(&key)),
    }))
}

/// HEAD and GET need the key an object was written with, and take no other encryption header.
pub(super) fn unlock(call: &Call, kept: &Encryption) -> Result<(), Refusal> {
    if call.vendor("server-side-encryption").is_some() {
        let message = "A read takes no encryption header but those of a customer key.";
        return Err(match call.provider {
            Provider::Cos => Refusal::new(400, "SSEHeaderNotAllowed", message),
            Provider::Obs | Provider::S3 => Refusal::invalid_argument(message),
        });
    }
    fits(call, kept, customer_key(call, "")?.as_ref())
}

/// The same for the source of a copy, in its own three headers.
pub(super) fn unlock_source(call: &Call, kept: &Encryption) -> Result<(), Refusal> {
    fits(call, kept, customer_key(call, OF_SOURCE)?.as_ref())
}

/// | kept | sent | COS | OBS | S3 |
/// |---|---|---|---|---|
/// | key | none | 400 `SsecDecryptHeaderInvalid` | 400 `InvalidEncryptionAlgorithmError` | 400 `InvalidRequest` |
/// | none | key | 400 `SsecDecryptHeaderInvalid` | 400 `InvalidRequest` | 400 `InvalidRequest` |
/// | key | another | 400 `SsecDecryptHeaderInvalid` | 403 `AccessDenied` | 403 `AccessDenied` |
fn fits(call: &Call, kept: &Encryption, sent: Option<&CustomerKey>) -> Result<(), Refusal> {
    let (message, code) = match (&kept.customer_key, sent) {
        (None, None) => return Ok(()),
        (None, Some(_)) if call.switches.forgets_encryption => return Ok(()),
        (Some(kept), Some(sent)) if kept.sha256 == sent.sha256 => return Ok(()),
        (Some(_), Some(_)) if call.provider != Provider::Cos => {
            let message = "The customer key is not the one the object was written with.";
            return Err(Refusal::access_denied(message));
        }
        (Some(_), None) => (
            "The object was written with a customer key, and the request brings none.",
            "InvalidEncryptionAlgorithmError",
        ),
        (None, Some(_)) => (
            "The object was written without a customer key, and the request brings one.",
            "InvalidRequest",
        ),
        (Some(_), Some(_)) => (
            "The customer key is not the one the object was written with.",
            "InvalidRequest",
        ),
    };
    let code = match call.provider {
        Provider::Cos => "SsecDecryptHeaderInvalid",
        Provider::Obs => code,
        Provider::S3 => "InvalidRequest",
    };
    Err(Refusal::new(400, code, message))
}

/// A part must come with the key its upload was begun with, and with none if it was begun with none.
pub(super) fn unlock_part(call: &Call, begun: &Encryption) -> Result<(), Refusal> {
    same_as_begun(call, begun, customer_key(call, "")?.as_ref())
}

/// Complete may bring the key again; if it does, it must be the same.
pub(super) fn unlock_complete(call: &Call, begun: &Encryption) -> Result<(), Refusal> {
    match customer_key(call, "")? {
        None => Ok(()),
        Some(sent) => same_as_begun(call, begun, Some(&sent)),
    }
}

fn same_as_begun(
    call: &Call,
    begun: &Encryption,
    sent: Option<&CustomerKey>,
) -> Result<(), Refusal> {
    let begun = begun.customer_key.as_ref();
    let forgotten = begun.is_none() && call.switches.forgets_encryption;
    if forgotten || begun.map(|key| &key.sha256) == sent.map(|key| &key.sha256) {
        return Ok(());
    }
    Err(Refusal::invalid_request(
        "The customer key is not that of the upload: it comes with the Create and every part, or with none.",
    ))
}

/// OBS does not take encryption away from an object that is copied onto itself.
pub(super) fn may_change_in_place(
    call: &Call,
    kept: &Encryption,
    asked: &Encryption,
) -> Result<(), Refusal> {
    if call.provider == Provider::Obs && !kept.is_none() && asked.is_none() {
        return Err(Refusal::invalid_request(
            "A copy onto itself cannot take the encryption of an object away.",
        ));
    }
    Ok(())
}

/// The `ETag` of bytes kept this way: nobody can compute it from the bytes when a key is involved.
pub(super) fn etag(kept: &Encryption, plain: String, chance: &Chance) -> String {
    if kept.hides_md5() {
        hex(&Md5::digest(format!("{plain} {}", chance.token(32))))
    } else {
        plain
    }
}

/// What every answer about the object repeats of its encryption.
pub(super) fn headers(call: &Call, kept: &Encryption) -> Vec<(String, String)> {
    let name = |name: &str| format!("{}{name}", call.form.prefix());
    if let Some(key) = &kept.customer_key {
        return vec![
            (
                name("server-side-encryption-customer-algorithm"),
                "AES256".to_owned(),
            ),
            (
                name("server-side-encryption-customer-key-MD5"),
                key.md5.clone(),
            ),
        ];
    }
    let algorithm = match (&kept.algorithm, call.form) {
        (Some(algorithm), Form::ObsAmz) if algorithm == "kms" => "aws:kms".to_owned(),
        (Some(algorithm), _) => algorithm.clone(),
        // S3 encrypts everything.
        (None, Form::S3) if !call.switches.forgets_encryption => "AES256".to_owned(),
        (None, _) => return Vec::new(),
    };
    let managed = algorithm != "AES256";
    let mut out = vec![(name("server-side-encryption"), algorithm)];
    if managed {
        out.push((name(key_id_header(call.form)), key_id(call, kept)));
    }
    if kept.bucket_key {
        let header = name("server-side-encryption-bucket-key-enabled");
        out.push((header, "true".to_owned()));
    }
    out
}

/// The managed key: the one that was named, or the account's default. S3 spells it as an ARN.
fn key_id(call: &Call, kept: &Encryption) -> String {
    let id = kept.key_id.clone().unwrap_or_else(|| {
        let digits = hex(&Md5::digest("the default key of the demo account"));
        let groups = [
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..],
        ];
        groups.join("-")
    });
    if call.form == Form::S3 && !id.starts_with("arn:") {
        let account = crate::seed::OWNER;
        return format!("arn:aws:kms:{}:{account}:key/{id}", call.region);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::base64;

    fn call(headers: &[(&str, &str)]) -> Call {
        let mut request = http::Request::put("/b/k").header("host", "127.0.0.1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let head = request.body(()).unwrap().into_parts().0;
        Call::read(Provider::Cos, head).unwrap()
    }

    #[test]
    fn the_published_keys_and_their_sums_fit() {
        // Keys printed in the vendors' pages, each with the MD5 printed beside it.
        for (key, md5) in [
            (
                "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
                "U5L61r7jcwdNvT7frmUG8g==",
            ),
            (
                "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "hRasmdxgYDKV3nvbahU1MA==",
            ),
            (
                "K7QkYpBkM5+hcs27fsNkUnNVaobncnLht/rCB2o/9Cw=",
                "4XvB3tbNTN+tIEVa0/fGaQ==",
            ),
        ] {
            let sent = asked(&call(&[
                ("x-cos-server-side-encryption-customer-algorithm", "AES256"),
                ("x-cos-server-side-encryption-customer-key", key),
                ("x-cos-server-side-encryption-customer-key-MD5", md5),
            ]));
            assert_eq!(sent.unwrap().customer_key.unwrap().md5, md5);
        }
    }

    #[test]
    fn a_key_is_never_kept_in_clear() {
        let (key, md5) = (base64([7; 32]), base64(Md5::digest([7; 32])));
        let asked = asked(&call(&[
            ("x-cos-server-side-encryption-customer-algorithm", "AES256"),
            ("x-cos-server-side-encryption-customer-key", &key),
            ("x-cos-server-side-encryption-customer-key-MD5", &md5),
        ]))
        .unwrap();
        let kept = serde_json::to_string(&asked).unwrap();
        assert!(kept.contains(&md5));
        assert!(!kept.contains(&key) && !format!("{asked:?}").contains(&key));
    }
}
