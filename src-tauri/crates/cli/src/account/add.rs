//! `account add`: reads the form from arguments, tests it, keeps it.

use clap::Args;
use partway_api::contract::{AccountCheck, AccountDraft, AccountTest, Addressing, CredentialDraft};
use partway_api::{Api, ApiError};
use partway_domain::DialectName;
use partway_protocol::region::{self, NetworkKind, PROVIDERS, Provider};

use super::test::{exit, show};
use super::{near, secret};
use crate::exit::{Exit, usage};
use crate::terminal::Terminal;

#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// How you call it; addresses use this name.
    name: String,

    /// Whose storage it is, e.g. tencent, huawei, otc, aws; `account providers` lists them with
    /// their regions. Says dialect and, with --region, the endpoint.
    #[arg(long, value_name = "NAME", value_parser = read_provider)]
    provider: Option<&'static Provider>,

    /// cos, obs, obs-v2 (OBS by its S3-compatible signature) or s3; needed without --provider.
    #[arg(long)]
    dialect: Option<DialectName>,

    /// Scheme, host and port, e.g. https://cos.ap-guangzhou.myqcloud.com; needed where it does
    /// not follow from provider and region.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,

    /// Region, e.g. eu-de; S3 needs one.
    #[arg(long, default_value = "")]
    region: String,

    /// How to reach the provider: public, internal (from inside its cloud), accelerate,
    /// dualstack or fips, as far as it has them.
    #[arg(long, value_name = "WAY", value_parser = read_network, requires = "provider",
          conflicts_with = "endpoint")]
    network: Option<NetworkKind>,

    /// COS: go to tencentcos.cn while myqcloud.com does not answer.
    #[arg(long)]
    fallback_domain: bool,

    /// Put the bucket into the path instead of the host name.
    #[arg(long)]
    path_style: bool,

    /// The endpoint is the own domain of the one bucket given with --bucket: objects are read
    /// there, everything else goes to the region's own host.
    #[arg(long, requires = "endpoint", conflicts_with = "path_style")]
    custom_domain: bool,

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
    let place = Place::of(&args)?;
    let unlisted = args
        .provider
        .and_then(|provider| near::unlisted(provider, &args.region));
    let secret = secret::read(args.secret_stdin, args.token_stdin)?;
    let draft = AccountDraft {
        id: None,
        name: args.name,
        dialect: place.dialect.into(),
        endpoint: place.endpoint,
        region: args.region,
        addressing: place.addressing,
        named_buckets: args.buckets,
        fallback_domain: args.fallback_domain,
        credential: Some(CredentialDraft {
            access_key: args.access_key,
            secret_key: secret.secret_key,
            token: secret.token,
        }),
        expires_ms: None,
        secret_of: None,
    };
    if !args.no_test {
        let begun_ms = jiff::Timestamp::now().as_millisecond();
        let test = api.test_account(draft.clone()).await?;
        if !test.ok {
            show(&test, begun_ms, terminal);
            terminal.note(not_saved(&test));
            return Ok(exit(&test));
        }
        if !terminal.json {
            show(&test, begun_ms, terminal);
            if test.bucket.is_none() {
                terminal.note(
                    "`partway-cli account test NAME --bucket B` looks at a bucket of your choice.",
                );
            }
        }
    }
    if let Some(warning) = unlisted {
        terminal.note(&warning);
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

/// A form that cannot be read is not kept without a test either.
fn not_saved(test: &AccountTest) -> &'static str {
    let unusable = |check: &AccountCheck| check.name == "input" && check.error.is_some();
    if test.checks.iter().any(unusable) {
        "The account was not saved."
    } else {
        "The account was not saved. --no-test keeps it nevertheless."
    }
}

fn read_provider(id: &str) -> Result<&'static Provider, String> {
    region::provider(id).ok_or_else(|| {
        let known: Vec<&str> = PROVIDERS.iter().map(|provider| provider.id).collect();
        format!("there is no provider {id:?}; use {}", known.join(", "))
    })
}

fn read_network(text: &str) -> Result<NetworkKind, String> {
    let known = NetworkKind::ALL;
    let found = known.into_iter().find(|kind| kind.as_str() == text);
    found.ok_or_else(|| {
        let known: Vec<&str> = known.into_iter().map(NetworkKind::as_str).collect();
        format!("there is no way {text:?}; use {}", known.join(", "))
    })
}

const WHOSE: &str = "say whose storage it is: --provider with --region (`account providers` lists \
                     both), or --dialect with --endpoint";

/// Where the arguments say to go.
struct Place {
    dialect: DialectName,
    endpoint: String,
    addressing: Addressing,
}

impl Place {
    fn of(args: &AddArgs) -> Result<Self, ApiError> {
        let dialect = match (args.dialect, args.provider) {
            (Some(dialect), Some(provider)) if !speaks(provider, dialect) => {
                return Err(usage(format!(
                    "{} does not speak {dialect}; leave --dialect out",
                    provider.en
                )));
            }
            (Some(dialect), _) => dialect,
            (None, Some(provider)) => provider.dialect,
            (None, None) => return Err(usage(WHOSE)),
        };
        if args.fallback_domain && dialect != DialectName::Cos {
            return Err(usage("--fallback-domain is for COS only; leave it out"));
        }
        let endpoint = match (&args.endpoint, args.provider) {
            (Some(endpoint), _) => endpoint.clone(),
            (None, Some(provider)) => follows(provider, args)?,
            (None, None) => return Err(usage(WHOSE)),
        };
        let by_path = args.path_style
            || has_address_for_a_name(&endpoint)
            || args
                .provider
                .is_some_and(|provider| provider.addressing == partway_domain::Addressing::Path);
        let addressing = if args.custom_domain {
            Addressing::CustomDomain
        } else if by_path {
            Addressing::Path
        } else {
            Addressing::VirtualHost
        };
        Ok(Self {
            dialect,
            endpoint,
            addressing,
        })
    }
}

/// OBS is spoken in two forms; everybody else in one.
fn speaks(provider: &Provider, dialect: DialectName) -> bool {
    provider.dialect.url_scheme() == dialect.url_scheme()
}

/// The endpoint that follows from provider, region and network.
fn follows(provider: &Provider, args: &AddArgs) -> Result<String, ApiError> {
    if provider.networks.is_empty() {
        return Err(usage(format!(
            "{} is reached at an endpoint of your own; give --endpoint",
            provider.en
        )));
    }
    let region = region::canonical(provider.dialect, args.region.trim());
    if region.is_empty() {
        return Err(usage(format!(
            "{} has regions; give one with --region (`account providers` lists them)",
            provider.en
        )));
    }
    let network = args.network.unwrap_or(NetworkKind::Public);
    provider.endpoint(network, region).ok_or_else(|| {
        let ways: Vec<&str> = provider
            .networks
            .iter()
            .map(|way| way.kind.as_str())
            .collect();
        usage(format!(
            "no endpoint follows from --region {region:?} and --network {}; {} has the ways {}, \
             and --endpoint takes any other",
            network.as_str(),
            provider.en,
            ways.join(", ")
        ))
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
