//! What waits for a person is answered from the terminal, and the manifest says what came of it.

use partway_democloud::{Provider, example_bucket};
use serde_json::Value;

use crate::program::Program;

#[test]
fn a_conflict_is_answered_and_the_manifest_names_the_evidence() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::new(home.path());
    program.run(&["account", "add-demo"]);
    let source = format!(
        "cos://{}/readme.txt",
        example_bucket(Provider::Cos, "photos")
    );
    let into = format!("cos://{}/", example_bucket(Provider::Cos, "backup"));
    assert_eq!(program.run(&["cp", &source, &into]).code, Some(0));

    let asked = program.run(&["cp", "--on-conflict", "ask", &source, &into]);
    assert_eq!(asked.code, Some(3), "{asked:?}");
    assert!(
        asked.all.contains("decide 2 replace|keep-both|skip"),
        "{asked:?}"
    );
    let unfit = program.run(&["decide", "2", "accept"]);
    assert_eq!(unfit.code, Some(2), "{unfit:?}");
    assert!(unfit.all.contains("keep-both"), "{unfit:?}");
    let decided = program.run(&["decide", "2", "keep-both"]);
    assert_eq!(decided.code, Some(0), "{decided:?}");
    let again = program.run(&["decide", "2", "skip"]);
    assert_eq!(again.code, Some(2), "{again:?}");

    let lines = program.run(&["manifest", "2"]);
    assert_eq!(lines.code, Some(0), "{lines:?}");
    let row: Value = serde_json::from_str(lines.out.trim()).expect("one line of JSON");
    assert_eq!(row["destination_key"], "readme (2).txt");
    assert_eq!(row["verified"], true);
    let compared: Vec<&str> = row["comparisons"]
        .as_array()
        .expect("its comparisons")
        .iter()
        .filter_map(|line| line["compared"].as_str())
        .collect();
    assert!(compared.contains(&"crc64_xz"), "{compared:?}");

    let file = home.path().join("manifest.csv");
    let path = file.to_str().unwrap();
    let table = ["manifest", "2", "--format", "csv", "--output", path];
    assert_eq!(program.run(&table).code, Some(0));
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(
        text.starts_with("state,source_bucket,source_key,"),
        "{text}"
    );
    // What is there is nobody's to overwrite.
    let refused = program.run(&table);
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
