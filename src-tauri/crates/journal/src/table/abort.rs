//! Uploads the user wants gone, whoever opened them: each is aborted again and again until the
//! server has it no more.

use partway_domain::{AccountId, Bucket, Failure, Key, UploadId};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use super::failure;
use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

/// An upload by what names it on its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadName {
    /// The account it is seen through.
    pub account: AccountId,
    /// Its bucket.
    pub bucket: Bucket,
    /// The bucket's region; empty if the account's own.
    pub region: String,
    /// The key it was opened for.
    pub key: Key,
    /// Its id.
    pub upload_id: UploadId,
}

/// An abort that is owed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AbortRow {
    /// Number.
    pub id: i64,
    /// What is to be aborted.
    pub upload: UploadName,
    /// When the user asked for it, in milliseconds since 1970.
    pub requested_ms: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// Not to be tried again before, in milliseconds since 1970.
    pub due_ms: i64,
    /// Why the last attempt did not do.
    pub failure: Option<Failure>,
}

/// What becomes of an abort.
#[derive(Debug, Clone, PartialEq)]
pub enum AbortChange {
    /// It is wanted. Asked for again, it is due at once.
    Wanted(UploadName),
    /// It was tried in vain.
    Tried {
        /// Which.
        id: i64,
        /// Why it did not do.
        failure: Failure,
        /// When to try again, in milliseconds since 1970.
        due_ms: i64,
    },
    /// The upload is gone, or must stay after all.
    Settled {
        /// Which.
        id: i64,
    },
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    sql: "CREATE TABLE abort (
        id                 INTEGER PRIMARY KEY AUTOINCREMENT,
        account            TEXT NOT NULL,
        bucket             TEXT NOT NULL,
        region             TEXT NOT NULL,
        key                BLOB NOT NULL,
        upload_id          TEXT NOT NULL,
        requested_ms       INTEGER NOT NULL,
        attempts           INTEGER NOT NULL DEFAULT 0,
        due_ms             INTEGER NOT NULL DEFAULT 0,
        failure_kind       TEXT,
        failure_message    TEXT,
        failure_operation  TEXT,
        failure_bucket     TEXT,
        failure_key        BLOB,
        failure_status     INTEGER,
        failure_code       TEXT,
        failure_request_id TEXT,
        failure_attempts   INTEGER,
        UNIQUE (account, bucket, key, upload_id)
    ) STRICT;
    -- Whose an upload is.
    CREATE INDEX upload_by_id ON upload (upload_id);
    CREATE INDEX upload_without_id ON upload (transfer) WHERE upload_id IS NULL;",
}];

pub(crate) fn change(
    connection: &Connection,
    change: &AbortChange,
    now_ms: i64,
) -> Result<(), Trouble> {
    match change {
        AbortChange::Wanted(upload) => want(connection, upload, now_ms),
        AbortChange::Tried {
            id,
            failure,
            due_ms,
        } => tried(connection, *id, failure, *due_ms),
        AbortChange::Settled { id } => {
            connection
                .prepare_cached("DELETE FROM abort WHERE id = ?1")?
                .execute([id])?;
            Ok(())
        }
    }
}

fn want(connection: &Connection, upload: &UploadName, now_ms: i64) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "INSERT INTO abort (account, bucket, region, key, upload_id, requested_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account, bucket, key, upload_id) DO UPDATE SET due_ms = 0",
        )?
        .execute(params![
            upload.account.0,
            upload.bucket.as_str(),
            upload.region,
            upload.key.as_str().as_bytes(),
            upload.upload_id.as_str(),
            now_ms,
        ])?;
    Ok(())
}

fn tried(connection: &Connection, id: i64, failure: &Failure, due_ms: i64) -> Result<(), Trouble> {
    connection
        .prepare_cached(
            "UPDATE abort SET attempts = attempts + 1, due_ms = ?2, failure_kind = ?3,
                failure_message = ?4, failure_operation = ?5, failure_bucket = ?6,
                failure_key = ?7, failure_status = ?8, failure_code = ?9,
                failure_request_id = ?10, failure_attempts = ?11
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            due_ms,
            column::word(failure.kind),
            failure.message,
            failure.operation,
            failure.bucket,
            failure.key.as_ref().map(String::as_bytes),
            failure.status,
            failure.code,
            failure.request_id,
            failure.attempts,
        ])?;
    Ok(())
}

/// All that are owed, the longest wanted first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<AbortRow>, Trouble> {
    let rows = connection
        .prepare_cached("SELECT * FROM abort ORDER BY id")?
        .query_map([], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn from_row(row: &Row) -> rusqlite::Result<AbortRow> {
    let bucket: String = row.get("bucket")?;
    let upload_id: String = row.get("upload_id")?;
    Ok(AbortRow {
        id: row.get("id")?,
        upload: UploadName {
            account: AccountId(row.get("account")?),
            bucket: Bucket::parse(bucket).map_err(|error| column::unreadable("bucket", error))?,
            region: row.get("region")?,
            key: column::key(row, "key")?,
            upload_id: UploadId::parse(upload_id)
                .map_err(|error| column::unreadable("upload_id", error))?,
        },
        requested_ms: row.get("requested_ms")?,
        attempts: row.get("attempts")?,
        due_ms: row.get("due_ms")?,
        failure: failure::from_row(row)?,
    })
}
