//! Where things lie.

use std::path::{Path, PathBuf};

/// This package's folder.
pub(crate) fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the race may write: inside Cargo's target folder.
pub(crate) fn work() -> PathBuf {
    target().join("bench")
}

/// A program as it is handed out.
pub(crate) fn program(name: &str) -> PathBuf {
    target().join("release").join(name)
}

fn target() -> PathBuf {
    let root = package()
        .ancestors()
        .nth(2)
        .expect("this package lies two folders deep");
    let target = std::env::var_os("CARGO_TARGET_DIR");
    root.join(target.map_or_else(|| PathBuf::from("target"), PathBuf::from))
}
