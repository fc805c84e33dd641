//! The input taken apart, so that a complaint can name the case and the field.

use partway_protocol::sign::case::{self, Case, CaseDialect, CaseError};
use serde_json::Value;

/// The cases in order, each on its own; `Err` only if there are none to be found.
pub(super) fn cases(
    text: &str,
    dialect: Option<CaseDialect>,
) -> Result<Vec<Result<Case, String>>, String> {
    // Some editors put a byte order mark before it.
    let text = text.trim_start_matches('\u{feff}');
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("the input is not JSON: {error}"))?;
    let (cases, dialect) = match value {
        Value::Array(cases) => (cases, dialect),
        Value::Object(mut file) if file.contains_key("cases") => {
            // A file that mixes dialects has another word here.
            let of_file = file
                .get("dialect")
                .and_then(Value::as_str)
                .and_then(|name| name.parse().ok());
            match file.remove("cases") {
                Some(Value::Array(cases)) => (cases, of_file.or(dialect)),
                _ => return Err("the input's \"cases\" is not a list".to_owned()),
            }
        }
        case => (vec![case], dialect),
    };
    if cases.is_empty() {
        return Err(
            "the input has no cases; give a case, a list of cases, or a file with \"cases\""
                .to_owned(),
        );
    }
    Ok(cases
        .iter()
        .zip(1..)
        .map(|(value, number)| one(value, number, dialect))
        .collect())
}

fn one(value: &Value, number: usize, dialect: Option<CaseDialect>) -> Result<Case, String> {
    if !value.is_object() {
        return Err(format!("case {number} is not an object"));
    }
    let error = match read(value, dialect) {
        Ok(case) => return Ok(case),
        Err(error @ CaseError::Format(_)) => error,
        Err(error) => return Err(error.to_string()),
    };
    let named = match value.get("name").and_then(Value::as_str) {
        Some(name) => format!("case {number} ({name:?})"),
        None => format!("case {number}"),
    };
    let field = culprit(value, dialect, &error)
        .map(|field| format!(", field {field:?}"))
        .unwrap_or_default();
    Err(format!("{named}{field}: {error}"))
}

/// The field without which the complaint is another: the parser does not say which it read.
fn culprit(value: &Value, dialect: Option<CaseDialect>, error: &CaseError) -> Option<String> {
    // Only what is missing it names itself.
    if error.to_string().contains("missing field") {
        return None;
    }
    let fields = value.as_object()?;
    let innocent_without = |field: &String| {
        let mut rest = fields.clone();
        rest.remove(field);
        read(&Value::Object(rest), dialect).as_ref() != Err(error)
    };
    fields.keys().find(|field| innocent_without(field)).cloned()
}

fn read(value: &Value, dialect: Option<CaseDialect>) -> Result<Case, CaseError> {
    let mut cases = case::read(&value.to_string(), dialect)?;
    // An object with "cases" of its own could be any number of them.
    match (cases.pop(), cases.is_empty()) {
        (Some(case), true) => Ok(case),
        _ => Err(CaseError::Format("a case cannot hold others".to_owned())),
    }
}
