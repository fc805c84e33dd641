//! What the tests of this crate share: an `Api` on a folder of its own.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partway_api::contract::{
    AccountView, CopyOptions, CopyRequest, Dialect, JobRef, JobView, Nothing, Place,
};
use partway_api::{Api, Config, DemoSettings};
use partway_democloud::{Fault, Provider, Quirks, Timing, example_bucket};
use partway_domain::AccountId;
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_protocol::credential::Credential;

/// A keyring in memory that claims to be a real one.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<HashMap<AccountId, Credential>>);

impl SecretStore for Memory {
    fn load(&self, account: &AccountId) -> Result<Option<Credential>, SecretError> {
        Ok(self.0.lock().unwrap().get(account).cloned())
    }

    fn save(&self, account: &AccountId, credential: &Credential) -> Result<Kept, SecretError> {
        self.0
            .lock()
            .unwrap()
            .insert(account.clone(), credential.clone());
        Ok(Kept::Keyring)
    }

    fn remove(&self, account: &AccountId) -> Result<(), SecretError> {
        self.0.lock().unwrap().remove(account);
        Ok(())
    }
}

/// An `Api` whose demo cloud takes no time.
pub(crate) async fn open(folder: &Path) -> Api {
    open_with(folder, Arc::new(Memory::default())).await
}

pub(crate) async fn open_with(folder: &Path, secrets: Arc<dyn SecretStore>) -> Api {
    open_behaving(folder, secrets, Behaviour::default()).await
}

/// How the demo cloud differs from a healthy one.
#[derive(Default)]
pub(crate) struct Behaviour {
    pub(crate) faults: Vec<Fault>,
    pub(crate) quirks: Quirks,
}

impl Behaviour {
    /// Faults and quirks by their texts.
    pub(crate) fn of(faults: &[&str], quirks: &[&str]) -> Self {
        let mut all = Quirks::default();
        for quirk in quirks {
            all.add(&quirk.parse().unwrap());
        }
        Self {
            faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
            quirks: all,
        }
    }
}

pub(crate) async fn open_behaving(
    folder: &Path,
    secrets: Arc<dyn SecretStore>,
    behaviour: Behaviour,
) -> Api {
    let demo = DemoSettings {
        timing: Timing {
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            part_throughput: None,
        },
        faults: behaviour.faults,
        quirks: behaviour.quirks,
    };
    Api::open(Config {
        data_folder: folder.to_owned(),
        secrets,
        demo,
    })
    .await
    .unwrap()
}

/// The demo account of a dialect, the demo cloud started.
pub(crate) async fn demo_account(api: &Api, dialect: Dialect) -> AccountView {
    let accounts = api.start_demo(Nothing {}).await.unwrap();
    accounts
        .into_iter()
        .find(|account| account.dialect == dialect)
        .unwrap()
}

/// An example bucket of the demo S3 account.
pub(crate) fn s3_place(word: &str, prefix: &str) -> Place {
    Place {
        account: "demo-s3".to_owned(),
        bucket: example_bucket(Provider::S3, word),
        region: None,
        prefix: prefix.to_owned(),
    }
}

/// A copy of some objects, with nothing asked for beyond that.
pub(crate) fn copy_of(source: Place, keys: &[&str], destination: Place) -> CopyRequest {
    CopyRequest {
        source,
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
        destination,
        rename: None,
        options: CopyOptions {
            part_size: None,
            transfers_at_once: 3,
            parts_at_once: 8,
            storage_class: None,
            terms: None,
            timing: None,
        },
        overwrite: false,
        prefixes: None,
        named: None,
        on_conflict: None,
        kind: None,
    }
}

/// The job once nothing more happens to it.
pub(crate) async fn settled(api: &Api, job: u32) -> JobView {
    for _ in 0..600 {
        let view = api.job(JobRef { job }).await.unwrap();
        if view.finished_ms.is_some() {
            return view;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("job {job} never settled");
}
