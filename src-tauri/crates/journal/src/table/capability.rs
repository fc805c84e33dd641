//! What servers were found to have and to lack, by account.
//!
//! A capability belongs to the server's software, so the account test writes it for the whole
//! account (an empty bucket here). A refusal during work is written for its bucket alone:
//! some providers have bucket kinds that can do less, and one of those must not take anything
//! away from the account's other buckets.

use partway_domain::capability::{Capabilities, Learned, Support};
use partway_domain::{AccountId, Bucket};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::column;
use crate::error::Trouble;
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 2,
    sql: "CREATE TABLE capability (
        account    TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        bucket     TEXT NOT NULL,
        capability TEXT NOT NULL,
        present    INTEGER NOT NULL,
        evidence   TEXT NOT NULL,
        at_ms      INTEGER NOT NULL,
        PRIMARY KEY (account, bucket, capability)
    ) STRICT, WITHOUT ROWID;",
}];

/// What is known of a bucket: its own rows before those of the whole account.
pub(crate) fn of(
    connection: &Connection,
    account: &AccountId,
    bucket: Option<&Bucket>,
) -> Result<Capabilities, Trouble> {
    let everywhere = read(connection, account, "")?;
    match bucket {
        Some(bucket) => Ok(everywhere.refined_by(read(connection, account, bucket.as_str())?)),
        None => Ok(everywhere),
    }
}

pub(crate) fn learn(
    connection: &Connection,
    account: &AccountId,
    bucket: Option<&Bucket>,
    learned: &Capabilities,
) -> Result<(), Trouble> {
    must_exist(connection, account)?;
    let bucket = bucket.map_or("", Bucket::as_str);
    for (capability, support) in learned.known() {
        let Some(Learned { evidence, at_ms }) = support.learned() else {
            continue;
        };
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO capability
                    (account, bucket, capability, present, evidence, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                account.0,
                bucket,
                column::word(capability),
                matches!(support, Support::Present(_)),
                evidence,
                at_ms,
            ])?;
    }
    Ok(())
}

pub(crate) fn forget(connection: &Connection, account: &AccountId) -> Result<(), Trouble> {
    connection
        .prepare_cached("DELETE FROM capability WHERE account = ?1")?
        .execute([&account.0])?;
    Ok(())
}

fn read(
    connection: &Connection,
    account: &AccountId,
    bucket: &str,
) -> Result<Capabilities, Trouble> {
    let known = connection
        .prepare_cached("SELECT * FROM capability WHERE account = ?1 AND bucket = ?2")?
        .query_map(params![account.0, bucket], |row| {
            Ok((column::from_word(row, "capability")?, support(row)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(known)
}

fn support(row: &Row) -> rusqlite::Result<Support> {
    let learned = Learned {
        evidence: row.get("evidence")?,
        at_ms: row.get("at_ms")?,
    };
    Ok(if row.get("present")? {
        Support::Present(learned)
    } else {
        Support::Absent(learned)
    })
}

fn must_exist(connection: &Connection, account: &AccountId) -> Result<(), Trouble> {
    connection
        .prepare_cached("SELECT 1 FROM account WHERE id = ?1")?
        .query_row([&account.0], |_| Ok(()))
        .optional()?
        .ok_or_else(|| Trouble::not_found(format!("account {account}")))
}
