//! The way to the servers, as the settings name it: a real proxy, and an authority of one's own.

use std::path::Path;

use partway_api::contract::*;
use partway_api::{Api, ApiError};
use serde_json::Value;

use crate::gateway::{Authority, Gateway, SERVER};
use crate::support::{copy_of, open, settled};

const KEY: &str = "climate/era5-2026.nc";

/// An account that only a proxy leads to, behind a certificate of somebody unknown.
struct Behind {
    api: Api,
    account: String,
    gateway: Gateway,
    authority: Authority,
    secret: String,
}

impl Behind {
    async fn open(folder: &Path) -> Self {
        let api = open(folder).await;
        api.start_demo(Nothing {}).await.unwrap();
        let told = std::fs::read_to_string(folder.join("demo/endpoints.json")).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        let word = |name: &str| told["s3"][name].as_str().unwrap().to_owned();

        let authority = Authority::found(&folder.join("authority"));
        let plain = word("url").trim_start_matches("http://").to_owned();
        let guarded = authority.guard(plain).await;
        let gateway = Gateway::before(guarded).await;
        let saved = api.save_account(AccountDraft {
            id: None,
            name: "Behind".to_owned(),
            dialect: Dialect::S3,
            endpoint: format!("https://{SERVER}"),
            region: word("region"),
            addressing: Addressing::Path,
            named_buckets: vec![],
            fallback_domain: false,
            credential: Some(CredentialDraft {
                access_key: word("access_key"),
                secret_key: word("secret_key"),
                token: None,
            }),
            expires_ms: None,
            secret_of: None,
        });
        let account = saved.await.unwrap().account.id;
        let secret = word("secret_key");
        Self {
            api,
            account,
            gateway,
            authority,
            secret,
        }
    }

    /// Puts a way into force, and nothing is tried twice.
    async fn go_by(&self, proxy: Option<&str>, ca_file: Option<&Path>) {
        let before = self.api.app_state(Nothing {}).await.unwrap().settings;
        let settings = Settings {
            proxy: proxy.map(str::to_owned),
            ca_file: ca_file.map(|file| file.display().to_string()),
            retries: 0,
            ..before
        };
        self.api.put_settings(settings).await.unwrap();
    }

    fn copy(&self) -> CopyRequest {
        let place = |bucket: &str, prefix: &str| Place {
            account: self.account.clone(),
            bucket: bucket.to_owned(),
            region: None,
            prefix: prefix.to_owned(),
        };
        let source = place("datasets-demo", "climate/");
        copy_of(source, &[KEY], place("backup-demo", "behind/"))
    }

    /// Why there is no plan of the copy.
    async fn refused_plan(&self) -> ApiError {
        let plan = self.api.plan_copy(self.copy()).await;
        let error = plan.map(|plan| plan.problems.into_iter().next().expect("a problem").error);
        self.without_secrets(error.unwrap_or_else(|error| error))
    }

    /// What the account's test says of the server.
    async fn refused_check(&self) -> ApiError {
        let checkup = AccountCheckup {
            account: self.account.clone(),
            bucket: None,
            probe: None,
        };
        let test = self.api.check_account(checkup).await.unwrap();
        let error = test.checks.into_iter().find_map(|check| check.error);
        self.without_secrets(error.expect("a refusal"))
    }

    fn without_secrets(&self, error: ApiError) -> ApiError {
        let told = format!("{error:?}").to_lowercase();
        for secret in [&self.secret.to_lowercase(), "signature", "authorization"] {
            assert!(!told.contains(secret), "{told}");
        }
        error
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_goes_by_the_proxy_and_trusts_the_own_authority() {
    let folder = tempfile::tempdir().unwrap();
    let behind = Behind::open(folder.path()).await;
    let ca = behind.authority.file.clone();
    behind.go_by(Some(&behind.gateway.address), Some(&ca)).await;
    // A name that no URL carries as it is goes the same way.
    let odd = CopyRequest {
        rename: Some("up/../here".to_owned()),
        ..behind.copy()
    };
    for copy in [behind.copy(), odd] {
        let job = behind.api.start_copy(copy).await.unwrap().job;
        let job = settled(&behind.api, job).await;
        assert_eq!((job.state, job.verified), (JobState::Done, true), "{job:?}");
    }

    let told = behind.gateway.told();
    let tunnel = format!("CONNECT {SERVER}:443 HTTP/1.1");
    assert!(
        !told.is_empty() && told.iter().all(|line| *line == tunnel),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_authority_nothing_is_sent_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let behind = Behind::open(folder.path()).await;
    behind.go_by(Some(&behind.gateway.address), None).await;
    for error in [behind.refused_plan().await, behind.refused_check().await] {
        assert_eq!(error.kind, "tls", "{error:?}");
        assert!(error.message.contains(SERVER), "{error:?}");
        assert!(error.message.contains("UnknownIssuer"), "{error:?}");
    }
    assert!(!behind.gateway.told().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_away_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let behind = Behind::open(folder.path()).await;
    let ca = behind.authority.file.clone();
    // Taken and given back: nobody listens there.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}", taken.local_addr().unwrap());
    drop(taken);
    behind.go_by(Some(&away), Some(&ca)).await;
    let error = behind.refused_check().await;
    assert_eq!(error.kind, "network", "{error:?}");
    assert!(error.message.contains(SERVER), "{error:?}");
    assert!(error.message.contains(&away), "{error:?}");

    // Nobody else knows the name, so nothing goes past a proxy that is chosen.
    behind.go_by(Some("direct"), Some(&ca)).await;
    let error = behind.refused_check().await;
    assert_eq!(error.kind, "network", "{error:?}");
    assert!(!error.message.contains("proxy"), "{error:?}");
    assert_eq!(behind.gateway.told(), Vec::<String>::new());
}
