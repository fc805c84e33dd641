//! Headers that a write attaches to an object, and the same headers given back by HEAD.

use super::encryption;
use super::grants::{self, Of};
use crate::call::{Call, Form};
use crate::options::Provider;
use crate::percent;
use crate::refusal::Refusal;
use crate::store::object::Attached;
use crate::text::http_date;

/// The standard headers an object keeps.
const KEPT: [&str; 6] = [
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
];

/// Vendor headers that are not here: refusing is better than losing them silently.
const REFUSED: &[&str] = &[
    "object-lock-mode",
    "object-lock-legal-hold",
    "object-lock-retain-until-date",
];

/// Reads everything a PUT, a copy with new metadata or a Create attaches.
pub(super) fn read(call: &Call) -> Result<Attached, Refusal> {
    if let Some(name) = REFUSED.iter().find(|name| call.vendor(name).is_some()) {
        let name = format!("The header {}{name}", call.form.prefix());
        return Err(Refusal::not_implemented(&name));
    }
    let mut attached = Attached {
        tags: match call.vendor("tagging") {
            Some(text) => tags(call, &text)?,
            None => Vec::new(),
        },
        class: class(call)?,
        access: grants::in_headers(call, Of::Object)?.unwrap_or_default(),
        redirect: call.vendor("website-redirect-location"),
        encryption: encryption::asked(call)?,
        expires_days: expires_days(call)?,
        ..Attached::default()
    };
    for name in KEPT {
        if let Some(value) = call.header(name).and_then(|value| lasting(name, value)) {
            attached.headers.insert(name.to_owned(), value);
        }
    }
    let meta = format!("{}meta-", call.form.prefix());
    for name in call.headers.keys() {
        if let Some(short) = name.as_str().strip_prefix(&meta) {
            let value = call.header(name.as_str()).unwrap_or_default();
            attached.metadata.insert(short.to_owned(), value);
        }
    }
    check_metadata(call, &attached)?;
    Ok(attached)
}

/// `aws-chunked` says how the body travelled, not what it is: it is not kept.
fn lasting(name: &str, value: String) -> Option<String> {
    if name != "content-encoding" || !value.contains("aws-chunked") {
        return Some(value);
    }
    let rest: Vec<&str> = value
        .split(',')
        .map(str::trim)
        .filter(|coding| *coding != "aws-chunked")
        .collect();
    (!rest.is_empty()).then(|| rest.join(","))
}

fn check_metadata(call: &Call, attached: &Attached) -> Result<(), Refusal> {
    let limit = match call.provider {
        Provider::Cos | Provider::S3 => 2 << 10,
        Provider::Obs => 8 << 10,
    };
    let size: usize = attached
        .metadata
        .iter()
        .map(|(n, v)| n.len() + v.len())
        .sum();
    if size > limit {
        let message = format!("User metadata may have {limit} bytes in all.");
        return Err(Refusal::new(400, "MetadataTooLarge", message));
    }
    let underscore = attached.metadata.keys().find(|name| name.contains('_'));
    if let (Provider::Cos, Some(name)) = (call.provider, underscore) {
        let message = format!("A metadata name cannot hold an underscore: {name}");
        return Err(Refusal::invalid_argument(message));
    }
    Ok(())
}

/// The storage class in the native spelling. Empty when none was asked for.
pub(super) fn class(call: &Call) -> Result<String, Refusal> {
    let Some(sent) = call.vendor("storage-class") else {
        return Ok(String::new());
    };
    let known: &[&str] = match call.form {
        Form::Cos => &[
            "STANDARD",
            "STANDARD_IA",
            "INTELLIGENT_TIERING",
            "ARCHIVE",
            "DEEP_ARCHIVE",
            "MAZ_STANDARD",
            "MAZ_STANDARD_IA",
            "MAZ_INTELLIGENT_TIERING",
        ],
        Form::Obs => &[
            "STANDARD",
            "WARM",
            "COLD",
            "DEEP_ARCHIVE",
            "INTELLIGENT_TIERING",
        ],
        Form::ObsAmz => &[
            "STANDARD",
            "STANDARD_IA",
            "GLACIER",
            "DEEP_ARCHIVE",
            "INTELLIGENT_TIERING",
        ],
        Form::S3 => &[
            "STANDARD",
            "REDUCED_REDUNDANCY",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER_IR",
            "GLACIER",
            "DEEP_ARCHIVE",
        ],
    };
    if !known.contains(&sent.as_str()) {
        let message = format!("{sent} is no storage class here.");
        return Err(Refusal::new(400, "InvalidStorageClass", message));
    }
    Ok(match (call.form, sent.as_str()) {
        (_, "STANDARD") => String::new(),
        (Form::ObsAmz, "STANDARD_IA") => "WARM".to_owned(),
        (Form::ObsAmz, "GLACIER") => "COLD".to_owned(),
        _ => sent,
    })
}

/// A storage class as this dialect spells it.
pub(super) fn class_name(form: Form, class: &str) -> &str {
    match (form, class) {
        (Form::ObsAmz, "WARM") => "STANDARD_IA",
        (Form::ObsAmz, "COLD") => "GLACIER",
        _ => class,
    }
}

/// OBS: days until the object goes away by itself.
fn expires_days(call: &Call) -> Result<Option<u32>, Refusal> {
    let Some(text) = call.vendor("expires") else {
        return Ok(None);
    };
    if call.provider != Provider::Obs {
        let name = format!("The header {}expires", call.form.prefix());
        return Err(Refusal::not_implemented(&name));
    }
    let days = text.parse().ok().filter(|days| *days >= 1);
    let wrong = || Refusal::invalid_argument("x-obs-expires is a whole number of days.");
    days.map(Some).ok_or_else(wrong)
}

/// `k=v&k=v`, each side percent-encoded.
fn tags(call: &Call, text: &str) -> Result<Vec<(String, String)>, Refusal> {
    if call.switches.no_tagging {
        return Err(Refusal::not_implemented("Tagging"));
    }
    let wrong = || Refusal::invalid_argument("The tagging header is k=v&k=v, percent-encoded.");
    let pairs = percent::decode_query(text).ok_or_else(wrong)?;
    let tags: Vec<_> = pairs
        .into_iter()
        .map(|(k, v)| (k, v.unwrap_or_default()))
        .collect();
    check_tags(call.provider, &tags)?;
    Ok(tags)
}

/// Ten tags, each name once, each side as long as the provider allows.
pub(super) fn check_tags(provider: Provider, tags: &[(String, String)]) -> Result<(), Refusal> {
    let (longest_key, longest_value) = match provider {
        Provider::Cos | Provider::S3 => (128, 256),
        Provider::Obs => (36, 43),
    };
    let invalid = |message: String| Err(Refusal::new(400, "InvalidTag", message));
    if tags.len() > 10 {
        return Err(Refusal::new(
            400,
            "BadRequest",
            "An object has at most 10 tags.",
        ));
    }
    for (at, (key, value)) in tags.iter().enumerate() {
        if key.is_empty() || key.chars().count() > longest_key {
            return invalid(format!("A tag's key has 1 to {longest_key} characters."));
        }
        if value.chars().count() > longest_value {
            return invalid(format!(
                "A tag's value has at most {longest_value} characters."
            ));
        }
        if provider == Provider::Obs
            && format!("{key}{value}").contains(['\\', ',', '/', '|', '<', '>', '=', '*'])
        {
            return invalid("A tag cannot hold any of , / | < > = * \\".to_owned());
        }
        if tags[..at].iter().any(|(other, _)| other == key) {
            return invalid(format!("The tag {key} is there twice."));
        }
    }
    Ok(())
}

/// The headers of HEAD and GET that come from what was attached.
pub(super) fn headers(call: &Call, attached: &Attached, modified: i64) -> Vec<(String, String)> {
    let prefix = call.form.prefix();
    let mut out: Vec<(String, String)> = attached
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !attached.headers.contains_key("content-type") {
        let default = match call.form {
            Form::S3 | Form::ObsAmz => "binary/octet-stream",
            Form::Cos | Form::Obs => "application/octet-stream",
        };
        out.push(("content-type".to_owned(), default.to_owned()));
    }
    for (name, value) in &attached.metadata {
        out.push((format!("{prefix}meta-{name}"), value.clone()));
    }
    if attached.class() != "STANDARD" {
        let class = class_name(call.form, attached.class()).to_owned();
        out.push((format!("{prefix}storage-class"), class));
    }
    if let Some(redirect) = &attached.redirect {
        out.push((
            format!("{prefix}website-redirect-location"),
            redirect.clone(),
        ));
    }
    if !attached.tags.is_empty() && call.form != Form::Cos {
        out.push((
            format!("{prefix}tagging-count"),
            attached.tags.len().to_string(),
        ));
    }
    if attached.expires_days.is_some() && call.form == Form::Obs {
        out.push((
            "x-obs-expiration".to_owned(),
            expiration(attached, modified),
        ));
    }
    out.extend(encryption::headers(call, &attached.encryption));
    out
}

fn expiration(attached: &Attached, modified: i64) -> String {
    let days = i64::from(attached.expires_days.unwrap_or_default());
    let at = http_date(modified + days * 24 * 3_600_000);
    format!("expiry-date=\"{at}\", rule-id=\"-\"")
}
