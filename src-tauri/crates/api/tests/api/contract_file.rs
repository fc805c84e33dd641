//! The committed TypeScript says what the Rust says.

use std::path::Path;

#[test]
fn the_typescript_file_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/ipc/contract.ts");
    let wanted = partway_api::typescript::typescript();
    if std::env::var_os("PARTWAY_UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &wanted).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == wanted,
        "{} is out of date: run `PARTWAY_UPDATE=1 cargo test -p partway-api` and commit it",
        file.display()
    );
}
