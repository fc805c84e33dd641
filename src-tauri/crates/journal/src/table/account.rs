//! Accounts: everything but the secret.

use partway_domain::{Account, AccountId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::capability;
use crate::column;
use crate::error::{JournalError, Trouble};
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: "CREATE TABLE account (
        id            TEXT PRIMARY KEY NOT NULL,
        name          TEXT NOT NULL UNIQUE,
        dialect       TEXT NOT NULL,
        endpoint      TEXT NOT NULL,
        region        TEXT NOT NULL,
        addressing    TEXT NOT NULL,
        masked_key_id TEXT NOT NULL,
        named_buckets TEXT NOT NULL CHECK (json_type(named_buckets) = 'array'),
        demo          INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 2,
        sql: "ALTER TABLE account ADD COLUMN fallback_domain INTEGER NOT NULL DEFAULT 0;",
    },
];

pub(crate) fn all(connection: &Connection) -> Result<Vec<Account>, Trouble> {
    let accounts = connection
        .prepare_cached("SELECT * FROM account ORDER BY name")?
        .query_map([], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(accounts)
}

pub(crate) fn put(connection: &Connection, account: &Account) -> Result<(), Trouble> {
    let taken = connection
        .prepare_cached("SELECT 1 FROM account WHERE name = ?1 AND id <> ?2")?
        .query_row([&account.name, &account.id.0], |_| Ok(()))
        .optional()?;
    if taken.is_some() {
        return Err(JournalError::NameTaken {
            name: account.name.clone(),
        }
        .into());
    }
    forget_another_server(connection, account)?;
    // Not INSERT OR REPLACE: that deletes the old row, and with it what is known of its server.
    connection
        .prepare_cached(
            "INSERT INTO account
                (id, name, dialect, endpoint, region, addressing, masked_key_id,
                 named_buckets, demo, fallback_domain)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, dialect = excluded.dialect,
                endpoint = excluded.endpoint, region = excluded.region,
                addressing = excluded.addressing, masked_key_id = excluded.masked_key_id,
                named_buckets = excluded.named_buckets, demo = excluded.demo,
                fallback_domain = excluded.fallback_domain",
        )?
        .execute(params![
            account.id.0,
            account.name,
            column::word(account.dialect),
            account.endpoint,
            account.region,
            column::word(account.addressing),
            account.masked_key_id,
            column::json(&account.named_buckets)?,
            account.demo,
            account.fallback_domain,
        ])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, account: &AccountId) -> Result<(), Trouble> {
    let removed = connection
        .prepare_cached("DELETE FROM account WHERE id = ?1")?
        .execute([&account.0])?;
    if removed == 0 {
        return Err(Trouble::not_found(format!("account {account}")));
    }
    Ok(())
}

/// What was learned from one server says nothing about the next one of the account.
fn forget_another_server(connection: &Connection, account: &Account) -> Result<(), Trouble> {
    let same = connection
        .prepare_cached("SELECT 1 FROM account WHERE id = ?1 AND dialect = ?2 AND endpoint = ?3")?
        .query_row(
            params![
                account.id.0,
                column::word(account.dialect),
                account.endpoint
            ],
            |_| Ok(()),
        )
        .optional()?;
    match same {
        Some(()) => Ok(()),
        None => capability::forget(connection, &account.id),
    }
}

fn from_row(row: &Row) -> rusqlite::Result<Account> {
    Ok(Account {
        id: AccountId(row.get("id")?),
        name: row.get("name")?,
        dialect: column::from_word(row, "dialect")?,
        endpoint: row.get("endpoint")?,
        region: row.get("region")?,
        addressing: column::from_word(row, "addressing")?,
        masked_key_id: row.get("masked_key_id")?,
        named_buckets: column::from_json(row, "named_buckets")?,
        demo: row.get("demo")?,
        fallback_domain: row.get("fallback_domain")?,
    })
}
