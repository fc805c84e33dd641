//! What can go wrong with the journal, said so that somebody can act on it.

use std::path::{Path, PathBuf};

use partway_domain::{JobId, TransferId, UploadId};
use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the journal could not be opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalError {
    /// A newer Partway wrote the file.
    #[error(
        "{path} was written by a newer Partway (schema {found}, this one knows {known}); update this program or choose another data folder"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema this program knows.
        known: i64,
    },
    /// The file is a sound SQLite database of some other program.
    #[error("{path} belongs to another program; choose another data folder")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The bundled SQLite is one that can corrupt a WAL file.
    #[error("SQLite {found} is too old; at least {least} is needed")]
    SqliteTooOld {
        /// What is linked.
        found: String,
        /// What is needed.
        least: &'static str,
    },
    /// The disk is full or the file cannot be written.
    #[error("the journal {path} cannot be written: {reason}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// In SQLite's or the system's words.
        reason: String,
    },
    /// The file was damaged while it was open, or another process has the damaged file open.
    #[error(
        "the journal {path} is damaged ({reason}); close every Partway and start it again, and the file will be set aside"
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// In SQLite's words.
        reason: String,
    },
    /// Another process has held the file for longer than anybody writes.
    #[error(
        "the journal {path} is held by another process; if a Partway or partway-cli hangs or is stopped, let it go on or end it, then try again"
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Another process drives this job.
    #[error("job {job} is being driven by another process ({holder})")]
    Leased {
        /// The job.
        job: JobId,
        /// Who drives it.
        holder: String,
    },
    /// There is no such row.
    #[error("there is no {what}")]
    NotFound {
        /// What was looked for, with its number.
        what: String,
    },
    /// A second upload would make the journal forget the first.
    #[error(
        "transfer {transfer} still has upload {upload_id}; record that it is gone before another is begun"
    )]
    UploadOpen {
        /// The transfer.
        transfer: TransferId,
        /// The upload that would be forgotten.
        upload_id: UploadId,
    },
    /// The job may not leave the list yet.
    #[error("job {job} cannot be removed: {reason}")]
    CannotForget {
        /// The job.
        job: JobId,
        /// What is left, and what to do.
        reason: String,
    },
    /// Two accounts may not share a name.
    #[error("there is already an account named {name:?}; choose another name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// Anything else SQLite says.
    #[error("the journal failed: {0}")]
    Sqlite(String),
}

impl JournalError {
    /// What whoever comes after the close is told.
    pub(crate) fn closed() -> Self {
        Self::Sqlite("its writer is gone; start Partway again".to_owned())
    }
}

/// What a query can end with, before the file's path is known.
#[derive(Debug)]
pub(crate) enum Trouble {
    Sqlite(rusqlite::Error),
    Refused(JournalError),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Refused(error)
    }
}

impl Trouble {
    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::Refused(JournalError::NotFound { what: what.into() })
    }

    pub(crate) fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            Self::Refused(_) => None,
        }
    }

    pub(crate) fn is_busy(&self) -> bool {
        matches!(
            self.code(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
        )
    }

    pub(crate) fn is_corrupt(&self) -> bool {
        matches!(
            self.code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        )
    }

    pub(crate) fn at(self, path: &Path) -> JournalError {
        let path = path.to_owned();
        match (self.code(), self) {
            (_, Self::Refused(error)) => error,
            (
                Some(
                    ErrorCode::DiskFull
                    | ErrorCode::ReadOnly
                    | ErrorCode::CannotOpen
                    | ErrorCode::PermissionDenied
                    | ErrorCode::SystemIoFailure,
                ),
                Self::Sqlite(error),
            ) => JournalError::Unwritable {
                path,
                reason: error.to_string(),
            },
            (Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase), Self::Sqlite(error)) => {
                JournalError::Corrupt {
                    path,
                    reason: error.to_string(),
                }
            }
            (Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked), Self::Sqlite(_)) => {
                JournalError::Busy { path }
            }
            (_, Self::Sqlite(error)) => JournalError::Sqlite(error.to_string()),
        }
    }
}
