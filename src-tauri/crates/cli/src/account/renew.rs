//! `account secret`: another credential for an account there is.

use clap::Args;
use partway_api::contract::{AccountDraft, AccountView, CredentialDraft, Nothing};
use partway_api::{Api, ApiError};

use super::secret;
use super::test::{exit, show};
use crate::address::find;
use crate::exit::Exit;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// Name or id of the account.
    name: String,

    /// Access key id: SecretId on COS, AK on OBS; may be another one than before.
    #[arg(long, value_name = "K")]
    access_key: String,

    /// Read the secret from the first line of standard input even from a terminal.
    #[arg(long)]
    secret_stdin: bool,

    /// Read a session token from the next line.
    #[arg(long)]
    token_stdin: bool,

    /// Keep the credential without trying it.
    #[arg(long)]
    no_test: bool,
}

pub(super) async fn run(api: &Api, args: RenewArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let accounts = api.accounts(Nothing {}).await?;
    let account = find(&args.name, &accounts)?.clone();
    let secret = secret::read(args.secret_stdin, args.token_stdin)?;
    let credential = CredentialDraft {
        access_key: args.access_key,
        secret_key: secret.secret_key,
        token: secret.token,
    };
    let draft = draft(account, credential);
    if !args.no_test {
        let begun_ms = jiff::Timestamp::now().as_millisecond();
        let test = api.test_account(draft.clone()).await?;
        if !test.ok {
            show(&test, begun_ms, terminal);
            terminal.note("The credential was not kept. --no-test keeps it nevertheless.");
            return Ok(exit(&test));
        }
    }
    let saved = api.save_account(draft).await?;
    if terminal.json {
        terminal.value(&saved);
    }
    if let Some(reason) = &saved.this_run_only {
        terminal.note(&format!(
            "The credential of {} was not kept: {reason}. Every command needs it, so a keyring is needed first.",
            saved.account.name
        ));
        return Ok(Exit::NeedsUser);
    }
    terminal.say(&format!(
        "Kept a credential for {}; `partway-cli resume --all` goes on with what waited for it.",
        saved.account.name
    ));
    Ok(Exit::Done)
}

/// The account as it is, with another credential.
fn draft(account: AccountView, credential: CredentialDraft) -> AccountDraft {
    AccountDraft {
        id: Some(account.id),
        name: account.name,
        dialect: account.dialect,
        endpoint: account.endpoint,
        region: account.region,
        addressing: account.addressing,
        named_buckets: account.named_buckets,
        fallback_domain: account.fallback_domain,
        credential: Some(credential),
        expires_ms: None,
        secret_of: None,
    }
}
