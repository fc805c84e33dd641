//! `account add`: reads the form from arguments, tests it, keeps it.

use clap::Args;
use partway_api::contract::{AccountDraft, Addressing, CredentialDraft};
use partway_api::{Api, ApiError};
use partway_domain::DialectName;

use super::{exit, secret, show};
use crate::exit::Exit;
use crate::terminal::Terminal;

#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// How you call it; addresses use this name.
    name: String,

    /// cos, obs, obs-v2 (OBS by its S3-compatible signature) or s3.
    #[arg(long)]
    dialect: DialectName,

    /// Scheme, host and port, e.g. https://cos.ap-guangzhou.myqcloud.com
    #[arg(long, value_name = "URL")]
    endpoint: String,

    /// Region, e.g. eu-de; S3 needs one.
    #[arg(long, default_value = "")]
    region: String,

    /// Put the bucket into the path instead of the host name.
    #[arg(long)]
    path_style: bool,

    /// A bucket to show although the key may not list buckets; may be repeated.
    #[arg(long = "bucket", value_name = "B")]
    buckets: Vec<String>,

    /// Access key id: SecretId on COS, AK on OBS.
    #[arg(long, value_name = "K")]
    access_key: String,

    /// Read the secret from the first line of standard input even from a terminal.
    #[arg(long)]
    secret_stdin: bool,

    /// Read a session token from the next line.
    #[arg(long)]
    token_stdin: bool,

    /// Keep the account without trying it.
    #[arg(long)]
    no_test: bool,
}

pub(super) async fn run(api: &Api, args: AddArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let addressing = if args.path_style || has_address_for_a_name(&args.endpoint) {
        Addressing::Path
    } else {
        Addressing::VirtualHost
    };
    let secret = secret::read(args.secret_stdin, args.token_stdin)?;
    let draft = AccountDraft {
        id: None,
        name: args.name,
        dialect: args.dialect.into(),
        endpoint: args.endpoint,
        region: args.region,
        addressing,
        named_buckets: args.buckets,
        credential: Some(CredentialDraft {
            access_key: args.access_key,
            secret_key: secret.secret_key,
            token: secret.token,
        }),
    };
    if !args.no_test {
        let test = api.test_account(draft.clone()).await?;
        if !test.ok {
            show(&test, terminal);
            terminal.note("The account was not saved. --no-test keeps it nevertheless.");
            return Ok(exit(&test));
        }
        if !terminal.json {
            show(&test, terminal);
        }
    }
    let saved = api.save_account(draft).await?;
    if let Some(reason) = &saved.this_run_only {
        terminal.note(&format!(
            "The secret was not kept: {reason}. The account needs it again next time."
        ));
    }
    if terminal.json {
        terminal.value(&saved);
    } else {
        terminal.say(&format!("Saved {}.", saved.account.name));
    }
    // An account whose secret is gone with this process is no account for the next one.
    Ok(match saved.this_run_only {
        Some(_) => Exit::NeedsUser,
        None => Exit::Done,
    })
}

/// A bucket's name in front of a numeric address names nothing.
fn has_address_for_a_name(endpoint: &str) -> bool {
    let host = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.starts_with('[') || name.parse::<std::net::Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::has_address_for_a_name;

    #[test]
    fn a_bucket_is_never_put_before_a_numeric_address() {
        for endpoint in ["http://127.0.0.1:9000", "10.0.0.1", "http://[::1]:80"] {
            assert!(has_address_for_a_name(endpoint), "{endpoint}");
        }
        for endpoint in [
            "https://cos.ap-guangzhou.myqcloud.com",
            "s3.example.org:9000",
        ] {
            assert!(!has_address_for_a_name(endpoint), "{endpoint}");
        }
    }
}
