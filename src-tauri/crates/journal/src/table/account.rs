//! Accounts: everything but the secret.

use partway_domain::{Account, AccountId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::column;
use crate::error::{JournalError, Trouble};
use crate::migration::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
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
}];

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
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO account
                (id, name, dialect, endpoint, region, addressing, masked_key_id,
                 named_buckets, demo)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
    })
}
