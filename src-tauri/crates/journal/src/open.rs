//! From a folder to a sound, current journal file.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{JournalError, Trouble};
use crate::migration::{self, APPLICATION_ID};
use crate::private;
use crate::sentinel::{Before, Sentinel};

/// SQLite before this can corrupt a database when the WAL is reset at the wrong moment.
const LEAST_SQLITE: (&str, i32) = ("3.51.3", 3_051_003);

/// How long SQLite itself waits for another process before the caller hears of it.
const BUSY: Duration = Duration::from_secs(1);

/// What the names of a journal's files end with: the log, its shared memory, the file itself.
const BESIDE: [&str; 3] = ["-wal", "-shm", ""];

/// A journal ready for its writer.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) path: PathBuf,
    pub(crate) writer: Connection,
    pub(crate) sentinel: Sentinel,
    pub(crate) set_aside: Option<PathBuf>,
}

pub(crate) fn ready(folder: &Path) -> Result<Ready, JournalError> {
    if rusqlite::version_number() < LEAST_SQLITE.1 {
        return Err(JournalError::SqliteTooOld {
            found: rusqlite::version().to_owned(),
            least: LEAST_SQLITE.0,
        });
    }
    let path = folder.join("partway.sqlite3");
    let unwritable = |error: std::io::Error| JournalError::Unwritable {
        path: path.clone(),
        reason: error.to_string(),
    };
    private::make_folder(folder).map_err(unwritable)?;
    let (mut sentinel, before) =
        Sentinel::open(&folder.join("partway.in-use")).map_err(unwritable)?;

    let (writer, set_aside) = match sound(&path, before == Before::Crashed) {
        Ok(writer) => (writer, None),
        // While another process has the file open, moving it would split the record in two.
        Err(trouble) if trouble.is_corrupt() && before != Before::Shared => {
            let aside = set_aside(&path).map_err(unwritable)?;
            tracing::error!(?aside, "the journal was damaged and set aside");
            let writer = sound(&path, false).map_err(|trouble| trouble.at(&path))?;
            (writer, Some(aside))
        }
        Err(trouble) => return Err(trouble.at(&path)),
    };
    sentinel.share().map_err(unwritable)?;
    Ok(Ready {
        path,
        writer,
        sentinel,
        set_aside,
    })
}

/// Opens the file for writing, checks whose it is and that it is whole, and migrates it.
fn sound(path: &Path, suspicious: bool) -> Result<Connection, Trouble> {
    check_header(path)?;
    // SQLite would make it readable for everybody. What fails here is told in its own words.
    private::options().open(path).ok();
    let mut connection = connect(path)?;
    // Read before anything is written: neither a newer nor a foreign file may be touched.
    let version = patiently(|| Ok(migration::version_of(&connection)?))?;
    if version > migration::known_version() {
        return Err(JournalError::Newer {
            path: path.to_owned(),
            found: version,
            known: migration::known_version(),
        }
        .into());
    }
    if !is_ours(&connection)? {
        return Err(JournalError::Foreign {
            path: path.to_owned(),
        }
        .into());
    }
    patiently(|| Ok(connection.pragma_update(None, "journal_mode", "WAL")?))?;
    if suspicious {
        check(&connection)?;
    }
    patiently(|| migration::migrate(&mut connection))?;
    for suffix in BESIDE {
        private::tighten(&with_suffix(path, suffix));
    }
    Ok(connection)
}

/// A connection with the settings every one of ours has.
pub(crate) fn connect(path: &Path) -> Result<Connection, Trouble> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    // A plan that does not depend on what is bound. Otherwise SQLite prepares every statement with
    // a bound LIMIT anew each time it is run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    if cfg!(target_os = "macos") {
        // There an fsync alone stops at the drive's own cache.
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    Ok(connection)
}

/// Repeats what another process's lock made fail, for as long as a start may take.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    for _ in 0..30 {
        match attempt() {
            Err(trouble) if trouble.is_busy() => std::thread::sleep(Duration::from_millis(50)),
            outcome => return outcome,
        }
    }
    attempt()
}

fn is_ours(connection: &Connection) -> Result<bool, Trouble> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id == APPLICATION_ID {
        return Ok(true);
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(id == 0 && tables == 0)
}

fn check(connection: &Connection) -> Result<(), Trouble> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(corrupt(ErrorCode::DatabaseCorrupt, verdict))
}

/// SQLite would take a very short file for a new one, and a good WAL hides a bad file.
fn check_header(path: &Path) -> Result<(), Trouble> {
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";

    // What cannot be read here is reported by SQLite in its own words.
    let Ok(file) = fs::File::open(path) else {
        return Ok(());
    };
    let mut start = Vec::new();
    file.take(16).read_to_end(&mut start).ok();
    if start.is_empty() || start == MAGIC {
        return Ok(());
    }
    Err(corrupt(
        ErrorCode::NotADatabase,
        "file is not a database".to_owned(),
    ))
}

fn corrupt(code: ErrorCode, reason: String) -> Trouble {
    let code = rusqlite::ffi::Error {
        code,
        extended_code: rusqlite::ffi::SQLITE_CORRUPT,
    };
    rusqlite::Error::SqliteFailure(code, Some(reason)).into()
}

/// Moves the file, its WAL and its shared memory to names that still belong together.
fn set_aside(path: &Path) -> std::io::Result<PathBuf> {
    let base = format!(
        "{}.corrupt-{}",
        path.display(),
        Timestamp::now().strftime("%Y%m%dT%H%M%SZ")
    );
    // A second one within a second gets a number.
    let mut aside = PathBuf::from(&base);
    let mut number = 1;
    while aside.exists() {
        number += 1;
        aside = PathBuf::from(format!("{base}-{number}"));
    }
    for suffix in BESIDE {
        let (from, to) = (with_suffix(path, suffix), with_suffix(&aside, suffix));
        if from.exists() {
            fs::rename(from, &to)?;
            private::tighten(&to);
        }
    }
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
