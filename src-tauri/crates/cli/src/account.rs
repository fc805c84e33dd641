//! `account`: add, add-demo, list, test, remove.

use clap::{Args, Subcommand};
use partway_api::contract::{AccountDraft, AccountRef, AccountTest, AccountView, Nothing};
use partway_api::{Api, ApiError};

use crate::address::find;
use crate::exit::Exit;
use crate::terminal::{Terminal, readable};

mod add;
mod secret;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Add an account; its secret comes from a prompt or from standard input, never from the
    /// command line.
    Add(add::AddArgs),
    /// Start the demo cloud and add its three accounts.
    AddDemo,
    /// All accounts, without their secrets.
    List,
    /// Try an account as it is stored.
    Test(NameArgs),
    /// Remove an account and its secret; its jobs stay in the history.
    Remove(NameArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// Name or id of the account.
    name: String,
}

pub(crate) async fn run(command: AccountCommand, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    match command {
        AccountCommand::Add(args) => add::run(&api, args, terminal).await,
        AccountCommand::AddDemo => {
            let accounts = api.start_demo(Nothing {}).await?;
            list(&accounts, terminal);
            Ok(Exit::Done)
        }
        AccountCommand::List => {
            let accounts = api.accounts(Nothing {}).await?;
            list(&accounts, terminal);
            Ok(Exit::Done)
        }
        AccountCommand::Test(args) => test(&api, &args.name, terminal).await,
        AccountCommand::Remove(args) => remove(&api, &args.name, terminal).await,
    }
}

fn list(accounts: &[AccountView], terminal: &Terminal) {
    if terminal.json {
        terminal.value(&accounts);
        return;
    }
    if accounts.is_empty() {
        terminal.say("No accounts; add one with `partway-cli account add`.");
        return;
    }
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_header(["NAME", "DIALECT", "ENDPOINT", "REGION", "KEY", "SECRET"]);
    for account in accounts {
        let secret = if account.has_secret {
            "kept"
        } else {
            "missing"
        };
        let dialect = partway_domain::DialectName::from(account.dialect);
        table.add_row([
            account.name.as_str(),
            dialect.as_str(),
            &account.endpoint,
            &account.region,
            &account.masked_key_id,
            secret,
        ]);
    }
    terminal.say(&table.trim_fmt());
}

async fn test(api: &Api, name: &str, terminal: &Terminal) -> Result<Exit, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    let account = find(name, &accounts)?.clone();
    if account.demo {
        // Its endpoint is only right while the cloud runs.
        api.start_demo(Nothing {}).await?;
        let reference = AccountRef {
            account: account.id,
        };
        let buckets = api.buckets(reference).await?;
        if terminal.json {
            terminal.value(&serde_json::json!({ "ok": true, "checks": [], "buckets": buckets }));
        } else {
            terminal.say(&format!(
                "ok    The demo cloud answers: {} buckets.",
                buckets.len()
            ));
        }
        return Ok(Exit::Done);
    }
    let draft = AccountDraft {
        id: Some(account.id),
        name: account.name,
        dialect: account.dialect,
        endpoint: account.endpoint,
        region: account.region,
        addressing: account.addressing,
        named_buckets: account.named_buckets,
        credential: None,
    };
    let result = api.test_account(draft).await?;
    show(&result, terminal);
    Ok(exit(&result))
}

async fn remove(api: &Api, name: &str, terminal: &Terminal) -> Result<Exit, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    let account = find(name, &accounts)?;
    let reference = AccountRef {
        account: account.id.clone(),
    };
    api.remove_account(reference).await?;
    if terminal.json {
        terminal.value(&serde_json::json!({ "removed": account.name }));
    } else {
        terminal.say(&format!("Removed {}.", account.name));
    }
    Ok(Exit::Done)
}

/// The checks, one line each.
fn show(test: &AccountTest, terminal: &Terminal) {
    if terminal.json {
        terminal.value(test);
        return;
    }
    for check in &test.checks {
        let mark = if check.ok { "ok   " } else { "FAIL " };
        let line = match &check.error {
            Some(error) => error.to_string(),
            None => check.detail.clone(),
        };
        terminal.say(&format!("{mark} {}", readable(&line)));
    }
}

fn exit(test: &AccountTest) -> Exit {
    if test.ok {
        return Exit::Done;
    }
    let errors = test.checks.iter().filter_map(|check| check.error.as_ref());
    errors.map(Exit::of).max().unwrap_or(Exit::Failed)
}
