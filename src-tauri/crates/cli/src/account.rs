//! `account`: add, add-demo, list, test, secret, remove.

use clap::{Args, Subcommand};
use partway_api::contract::{AccountRef, AccountView, Nothing};
use partway_api::{Api, ApiError};

use crate::address::find;
use crate::exit::Exit;
use crate::terminal::Terminal;

mod add;
mod near;
mod providers;
mod renew;
mod secret;
mod test;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Add an account; its secret comes from a prompt or from standard input, never from the
    /// command line.
    Add(add::AddArgs),
    /// Providers and regions that `add` knows by name; any other endpoint can be typed.
    Providers,
    /// Start the demo cloud and add its three accounts.
    AddDemo,
    /// All accounts, without their secrets.
    List,
    /// Try an account as it is stored: what the key may do, what the server can do.
    Test(test::TestArgs),
    /// Enter the secret of an account anew, e.g. when it was lost or its token has expired; its
    /// unfinished copies go on with it.
    Secret(renew::RenewArgs),
    /// Remove an account and its secret; its jobs stay in the history.
    Remove(NameArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// Name or id of the account.
    name: String,
}

pub(crate) async fn run(command: AccountCommand, terminal: &Terminal) -> Result<Exit, ApiError> {
    // Known without a journal, so none is made for it.
    if matches!(command, AccountCommand::Providers) {
        providers::show(terminal);
        return Ok(Exit::Done);
    }
    let api = terminal.open().await?;
    match command {
        AccountCommand::Providers => Ok(Exit::Done),
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
        AccountCommand::Test(args) => test::run(&api, args, terminal).await,
        AccountCommand::Secret(args) => renew::run(&api, args, terminal).await,
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
