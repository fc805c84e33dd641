use serde_json::{Value, json};

use super::*;

fn vectors(file: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/tests/vectors");
    let path = [folder, file].join("/");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn signed(text: &str, dialect: Option<CaseDialect>) -> (Outcome, Vec<Value>) {
    let mut out = Vec::new();
    let outcome = sign(text, dialect, &mut out, &|_| {});
    let lines = std::str::from_utf8(&out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (outcome, lines)
}

fn case() -> Value {
    let file: Value = serde_json::from_str(&vectors("cos.json")).unwrap();
    file["cases"][0].clone()
}

#[test]
fn every_vector_agrees_with_all_that_is_expected() {
    for name in [
        "cos.json",
        "obs-native.json",
        "obs-v2.json",
        "sigv4.json",
        "published.json",
    ] {
        let text = vectors(name);
        let file: Value = serde_json::from_str(&text).unwrap();
        let count = file["cases"].as_array().unwrap().len();
        let (outcome, lines) = signed(&text, None);
        for line in &lines {
            assert_eq!(line["agrees"], json!(true), "{name}: {line}");
            assert!(line["string_to_sign"].is_string() && line["signature"].is_string());
            assert!(line["authorization"].is_string() || line["url"].is_string());
        }
        assert_eq!((outcome, lines.len()), (Outcome::Agreed, count), "{name}");
    }
}

#[test]
fn a_list_and_a_single_case_are_read_with_the_dialect_given() {
    let cos = Some(CaseDialect::Cos);
    for text in [case().to_string(), json!([case(), case()]).to_string()] {
        let (outcome, lines) = signed(&text, cos);
        assert_eq!(outcome, Outcome::Agreed);
        assert_eq!(lines[0]["agrees"], json!(true));
    }
    assert_eq!(
        signed(&case().to_string(), None),
        (Outcome::Unreadable, vec![])
    );
}

#[test]
fn without_expected_nothing_is_said_about_agreement() {
    let mut case = case();
    case.as_object_mut().unwrap().remove("expected");
    let (outcome, lines) = signed(&case.to_string(), Some(CaseDialect::Cos));
    assert_eq!(outcome, Outcome::Agreed);
    assert_eq!(lines[0].get("agrees"), None);
    assert_eq!(lines[0]["name"], "service-list-buckets");
}

#[test]
fn a_difference_is_shown_from_the_first_step_on() {
    let mut case = case();
    let made = case["expected"]["signature"].clone();
    case["expected"]["signature"] = json!("wrong");
    case["expected"]["format_string"] = json!("wrong too");
    case["expected"]["sing_key"] = json!("no such step");
    let (outcome, lines) = signed(&case.to_string(), Some(CaseDialect::Cos));
    assert_eq!(outcome, Outcome::Disagreed);
    let line = &lines[0];
    assert_eq!(line["agrees"], json!(false));
    assert_eq!(line["differs"][0]["field"], "format_string");
    assert_eq!(
        line["differs"][1],
        json!({"field": "signature", "expected": "wrong", "made": made})
    );
    assert_eq!(line["not_compared"], json!(["sing_key"]));
}

#[test]
fn what_cannot_be_compared_does_not_count_as_agreement() {
    let mut case = case();
    case["expected"] = json!({"signatur": "x"});
    let (outcome, lines) = signed(&case.to_string(), Some(CaseDialect::Cos));
    assert_eq!(outcome, Outcome::Disagreed);
    assert_eq!(lines[0]["agrees"], json!(false));
}

#[test]
fn the_order_of_a_presigned_urls_parameters_is_free_but_nothing_else() {
    let expect = |url: &str| {
        let signed = Signed {
            url: Some("https://h/a%20b?b=2&a=x%2By&c".to_owned()),
            ..Signed::default()
        };
        let expected = json!({"url": url});
        compare::compare(&signed, expected.as_object().unwrap()).agrees()
    };
    assert_eq!(expect("https://h/a%20b?a=x%2by&c=&b=2"), Some(true));
    assert_eq!(expect("https://h/a%20b?a=x y&c&b=2"), Some(false));
    assert_eq!(expect("https://h/a b?a=x%2By&c&b=2"), Some(false));
    assert_eq!(expect("https://h/a%20b?a=x%2By&b=2"), Some(false));
    assert_eq!(expect("https://h/a%20b?a=x%2By&c&b=2&b=2"), Some(false));
}

#[test]
fn a_bad_case_is_named_with_its_field_and_hides_no_other() {
    let mut wrong_type = case();
    wrong_type["name"] = json!("odd");
    wrong_type["headers"] = json!(7);
    let mut missing = case();
    missing["name"] = json!("short");
    missing.as_object_mut().unwrap().remove("method");
    let mut untimed = case();
    untimed["name"] = json!("late");
    untimed["time"] = json!({});
    let problems: Vec<String> = input::cases(
        &json!([wrong_type, missing, 5]).to_string(),
        Some(CaseDialect::Cos),
    )
    .unwrap()
    .into_iter()
    .map(Result::unwrap_err)
    .collect();
    assert!(
        problems[0].starts_with("case 1 (\"odd\"), field \"headers\": "),
        "{problems:?}"
    );
    assert!(
        problems[1].contains("\"short\"") && problems[1].contains("method"),
        "{problems:?}"
    );
    assert!(problems[2].starts_with("case 3"), "{problems:?}");

    let text = json!([wrong_type, case(), untimed]).to_string();
    let (outcome, lines) = signed(&text, Some(CaseDialect::Cos));
    assert_eq!((outcome, lines.len()), (Outcome::Unreadable, 1));
}

#[test]
fn what_is_not_json_is_unreadable() {
    for text in ["", "{", "{\"cases\": 1}", "null"] {
        assert_eq!(signed(text, None).0, Outcome::Unreadable, "{text:?}");
    }
}
