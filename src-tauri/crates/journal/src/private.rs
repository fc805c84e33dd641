//! Files nobody else on the computer reads: they tell what the user has, where, and under which
//! names. Elsewhere than on Unix the user's own folder is private already.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Makes the folder, with those above it, if it is not there. One that is there is somebody's
/// choice and stays as it is.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What opens a file of ours, made private if it has to be made.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes a file that older versions made away from everybody else. What cannot be changed is
/// another user's own, and stays in use as before.
#[cfg(unix)]
pub(crate) fn tighten(file: &Path) {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let open = metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    if open && let Err(error) = set_permissions(file, Permissions::from_mode(0o600)) {
        tracing::warn!(?file, %error, "others may read this file");
    }
}

#[cfg(not(unix))]
pub(crate) fn tighten(_file: &Path) {}
