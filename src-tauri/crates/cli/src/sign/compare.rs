//! What was expected beside what was made.

use std::collections::BTreeMap;

use partway_protocol::sign::case::Signed;
use serde::Serialize;
use serde_json::{Map, Value};

/// One step that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    pub(super) field: String,
    pub(super) expected: Value,
    /// Null if this signature has no such step.
    pub(super) made: Value,
}

#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) differs: Vec<Difference>,
    pub(super) not_compared: Vec<String>,
    compared: usize,
}

impl Comparison {
    /// `None` if nothing was expected. What could not be compared at all did not agree.
    pub(super) fn agrees(&self) -> Option<bool> {
        if self.compared == 0 && self.not_compared.is_empty() {
            return None;
        }
        Some(self.compared > 0 && self.differs.is_empty())
    }
}

/// Every step that any dialect has.
const STEPS: [&str; 12] = [
    "uri_pathname",
    "header_list",
    "url_param_list",
    "format_string",
    "sign_key",
    "payload_hash",
    "canonical_request",
    "signed_headers",
    "string_to_sign",
    "signature",
    "authorization",
    "url",
];

/// Compares all that is expected; null says nothing.
pub(super) fn compare(signed: &Signed, expected: &Map<String, Value>) -> Comparison {
    let made = match serde_json::to_value(signed) {
        Ok(Value::Object(made)) => made,
        other => unreachable!("a signed case is an object, not {other:?}"),
    };
    let mut comparison = Comparison::default();
    for (field, wanted) in expected.iter().filter(|(_, wanted)| !wanted.is_null()) {
        if !STEPS.contains(&field.as_str()) {
            comparison.not_compared.push(field.clone());
            continue;
        }
        comparison.compared += 1;
        let made = made.get(field).unwrap_or(&Value::Null);
        let same = match (field.as_str(), wanted, made) {
            ("url", Value::String(wanted), Value::String(made)) => same_url(wanted, made),
            _ => wanted == made,
        };
        if !same {
            comparison.differs.push(Difference {
                field: field.clone(),
                expected: wanted.clone(),
                made: made.clone(),
            });
        }
    }
    // In the order of signing: the first difference is the one to look at.
    comparison
        .differs
        .sort_by_key(|difference| STEPS.iter().position(|step| *step == difference.field));
    comparison
}

/// Everything before the query byte for byte, the parameters in any order and encoding.
fn same_url(one: &str, other: &str) -> bool {
    let split = |url: &str| -> (String, BTreeMap<Vec<u8>, Vec<Vec<u8>>>) {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let mut parameters = BTreeMap::<_, Vec<_>>::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let values = parameters.entry(decode(name)).or_default();
            values.push(decode(value));
            values.sort();
        }
        (place.to_owned(), parameters)
    };
    split(one) == split(other)
}

/// Percent sequences to bytes; anything else stays.
fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |offset: usize| -> Option<u8> {
            let digit = char::from(*bytes.get(at + offset)?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        if let (b'%', Some(high), Some(low)) = (bytes[at], hex(1), hex(2)) {
            decoded.push(high * 16 + low);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    decoded
}
