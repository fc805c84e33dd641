//! A program of its own beside a demo cloud that it knows.

use std::path::Path;

use partway_democloud::{Provider, example_bucket};

use crate::program::{Cloud, Program};

/// Both, with what the cloud is to do wrong.
pub(crate) fn demo(home: &Path, options: &[&str]) -> (Program, Cloud) {
    let program = Program::new(home);
    let cloud = Cloud::start(&program, &home.join("demo"), options);
    let added = program.run(&["account", "add-demo"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    (program, cloud)
}

/// The address of a key in an example bucket.
pub(crate) fn s3(word: &str, key: &str) -> String {
    format!("s3://{}/{key}", example_bucket(Provider::S3, word))
}
