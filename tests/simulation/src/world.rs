//! The world of one seed: the provider, the network, the computer's keyring and the time. It
//! outlives the program.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use partway_democloud::{
    Chaos, Fault, FaultKind, InProcess, Provider, Quirks, Sample, Simulation, StrayUpload, Switches,
};
use partway_domain::limits::MIB;
use partway_domain::{Account, AccountId, Addressing, Bucket, DialectName};
use partway_engine::secret::{Kept, SecretError, SecretStore};
use partway_protocol::credential::Credential;

use crate::dice::Dice;
use crate::network::Network;
use crate::outcome::{Happened, Planned, Stray};
use crate::scenario::{Happening, Rival, Scenario, Subject};
use crate::time::WorldTime;

/// Everything outside of the program.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) time: WorldTime,
    pub(crate) cloud: InProcess,
    pub(crate) provider: Provider,
    pub(crate) account: Account,
    pub(crate) source_bucket: Bucket,
    pub(crate) destination_bucket: Bucket,
    pub(crate) network: Network,
    pub(crate) purse: Arc<Purse>,
    pub(crate) planned: Mutex<Vec<Planned>>,
    pub(crate) happenings: Mutex<Vec<Happened>>,
    pub(crate) strays: Mutex<Vec<Stray>>,
    subjects: Vec<Subject>,
    /// What the sources consist of by now, by key.
    contents: Mutex<BTreeMap<String, u64>>,
    rival: Mutex<Option<(Rival, Dice)>>,
    temporary: bool,
    trace: Option<Mutex<String>>,
}

/// The keyring.
#[derive(Debug, Default)]
pub(crate) struct Purse(Mutex<Option<Credential>>);

impl Purse {
    pub(crate) fn put(&self, credential: Option<Credential>) {
        *lock(&self.0) = credential;
    }
}

impl SecretStore for Purse {
    fn load(&self, _: &AccountId) -> Result<Option<Credential>, SecretError> {
        Ok(lock(&self.0).clone())
    }

    fn save(&self, _: &AccountId, credential: &Credential) -> Result<Kept, SecretError> {
        self.put(Some(credential.clone()));
        Ok(Kept::Keyring)
    }

    fn remove(&self, _: &AccountId) -> Result<(), SecretError> {
        self.put(None);
        Ok(())
    }
}

impl World {
    pub(crate) fn new(scenario: &Scenario, traced: bool) -> Arc<Self> {
        let time = WorldTime::default();
        let clock = time.clone();
        let mut simulation = Simulation::new(scenario.seed, move || clock.now_ms());
        simulation.quirks = Quirks::everywhere(scenario.switches);
        for (mishap, odds) in &scenario.mishaps {
            simulation.chaos = simulation.chaos.with(*mishap, *odds);
        }
        let cloud = InProcess::open(simulation);
        let provider = provider(scenario.dialect);
        let source_bucket = bucket("source");
        let destination_bucket = if scenario.same_bucket {
            source_bucket.clone()
        } else {
            bucket("destination")
        };
        let rival = scenario.rival.clone();
        let world = Arc::new(Self {
            network: Network::new(scenario, time.clone()),
            account: account(&cloud, scenario.dialect),
            time,
            cloud,
            provider,
            source_bucket,
            destination_bucket,
            purse: Arc::default(),
            planned: Mutex::default(),
            happenings: Mutex::default(),
            strays: Mutex::default(),
            subjects: scenario.subjects.clone(),
            contents: Mutex::default(),
            rival: Mutex::new(rival.map(|rival| (rival, Dice::new(scenario.seed, 8)))),
            temporary: scenario.temporary,
            trace: traced.then(Mutex::default),
        });
        world.furnish(scenario);
        world.renew_secret();
        world
    }

    fn furnish(&self, scenario: &Scenario) {
        let mut dice = Dice::new(scenario.seed, 2);
        for (bucket, versioned) in [
            (&self.source_bucket, scenario.source_versioned),
            (&self.destination_bucket, scenario.destination_versioned),
        ] {
            self.cloud.make_bucket(self.provider, bucket.as_str());
            self.cloud
                .set_versioning(self.provider, bucket.as_str(), versioned);
        }
        for subject in &scenario.subjects {
            for _ in 0..=subject.versions_before {
                self.write_source(subject, &mut dice);
            }
            if subject.occupied {
                self.write_destination(subject, &mut dice);
            }
            for _ in 0..subject.strays {
                self.begin_stray(subject, &mut dice);
            }
        }
    }

    /// Makes something happen to the buckets or to the secret.
    pub(crate) fn suffer(&self, what: &Happening, dice: &mut Dice) {
        let subject = |index: &usize| &self.subjects[*index];
        match what {
            Happening::SourceChanged(index) => self.write_source(subject(index), dice),
            Happening::SourceDeleted(index) => self.cloud.delete(
                self.provider,
                self.source_bucket.as_str(),
                &subject(index).source_key,
            ),
            Happening::DestinationWritten(index) => self.write_destination(subject(index), dice),
            Happening::SourceCopied(index) => self.copy_source(subject(index)),
            Happening::StrayMade(index) => self.begin_stray(subject(index), dice),
            // A lifecycle rule, or an operator who tidies up.
            Happening::UploadsVanish => self
                .cloud
                .add_fault(Fault::new("UploadPartCopy", FaultKind::UploadGone)),
            Happening::TokenExpires => {
                let now_ms = self.time.now_ms();
                self.cloud.expire_token_at(self.provider, Some(now_ms));
            }
            Happening::SecretLost => self.purse.put(None),
            Happening::Offline(ms) => self.network.go_offline(*ms),
            _ => {}
        }
    }

    /// A request came to nothing, as far as the program knows: somebody may have waited for that.
    pub(crate) fn failed(&self, operation: &str) {
        let mut rival = lock(&self.rival);
        let Some((rival, dice)) = rival.as_mut() else {
            return;
        };
        if rival.operation == operation && rival.times > 0 {
            rival.times -= 1;
            self.note(&rival.what);
            self.suffer(&rival.what, dice);
        }
    }

    /// Records that something happened.
    pub(crate) fn note(&self, what: &Happening) {
        self.tell("world", format_args!("{what:?}"));
        lock(&self.happenings).push(Happened {
            at_ms: self.time.now_ms(),
            what: what.clone(),
        });
    }

    /// Puts a credential into the keyring that works.
    pub(crate) fn renew_secret(&self) {
        let credential = if self.temporary {
            let keys = self.cloud.renew_token(self.provider);
            Credential {
                access_key: keys.access_key,
                secret_key: keys.secret_key,
                token: Some(keys.token),
            }
        } else {
            let endpoint = self.cloud.endpoints().of(self.provider);
            Credential {
                access_key: endpoint.access_key.clone(),
                secret_key: endpoint.secret_key.clone(),
                token: None,
            }
        };
        self.purse.put(Some(credential));
    }

    fn write_source(&self, subject: &Subject, dice: &mut Dice) {
        let content = dice.bits();
        lock(&self.contents).insert(subject.source_key.clone(), content);
        let mut sample = Sample {
            size: subject.size,
            content: Some(content),
            ..Sample::default()
        };
        if subject.dressed {
            sample.headers = pairs(&[
                ("content-type", "application/x-odd"),
                ("cache-control", "max-age=60"),
            ]);
            sample.metadata = pairs(&[("colour", "blue"), ("number", "7")]);
            sample.tags = vec![("team".to_owned(), "red".to_owned())];
        }
        self.cloud.put_sample(
            self.provider,
            self.source_bucket.as_str(),
            &subject.source_key,
            sample,
        );
    }

    fn write_destination(&self, subject: &Subject, dice: &mut Dice) {
        // Often of the same size, so that the size alone proves nothing.
        let size = if dice.happens(0.6) {
            subject.size
        } else {
            dice.between(0, 80 * MIB)
        };
        self.put_at_destination(subject, size, Some(dice.bits()));
    }

    fn copy_source(&self, subject: &Subject) {
        let content = lock(&self.contents).get(&subject.source_key).copied();
        self.put_at_destination(subject, subject.size, content);
    }

    fn put_at_destination(&self, subject: &Subject, size: u64, content: Option<u64>) {
        let sample = Sample {
            size,
            content,
            ..Sample::default()
        };
        self.cloud.put_sample(
            self.provider,
            self.destination_bucket.as_str(),
            &subject.destination_key,
            sample,
        );
    }

    fn begin_stray(&self, subject: &Subject, dice: &mut Dice) {
        let upload = StrayUpload {
            parts: u32::try_from(dice.below(3)).unwrap_or(0),
            initiated_ms: self.time.now_ms() - dice.pick(&[0, 30_000, 86_400_000]),
            ..StrayUpload::default()
        };
        let (parts, initiated_ms) = (upload.parts, upload.initiated_ms);
        let upload_id = self.cloud.put_upload(
            self.provider,
            self.destination_bucket.as_str(),
            &subject.destination_key,
            upload,
        );
        self.tell("world", format_args!("stray upload {upload_id}"));
        lock(&self.strays).push(Stray {
            key: subject.destination_key.clone(),
            upload_id,
            parts,
            initiated_ms,
        });
    }

    /// Everybody lets the user alone: no trouble from the server any more, and none on the way.
    pub(crate) fn calm(&self) {
        self.network.calm();
        *lock(&self.rival) = None;
        self.cloud.set_chaos(Chaos::default());
        let mut quirks = self.cloud.quirks();
        for switches in [&mut quirks.cos, &mut quirks.obs, &mut quirks.s3] {
            *switches = Switches {
                upload_lifetime_secs: None,
                bucket_qps: None,
                ..*switches
            };
        }
        self.cloud.set_quirks(quirks);
    }

    /// A line of the trace, if there is one.
    pub(crate) fn tell(&self, who: &str, what: impl Display) {
        if let Some(trace) = &self.trace {
            let ms = self.time.elapsed_ms();
            let line = format!("{:>9}.{:03} {who:<8} {what}\n", ms / 1000, ms % 1000);
            lock(trace).push_str(&line);
        }
    }

    pub(crate) fn is_traced(&self) -> bool {
        self.trace.is_some()
    }

    pub(crate) fn take_trace(&self) -> String {
        let trace = self.trace.as_ref();
        trace.map_or_else(String::new, |trace| std::mem::take(&mut lock(trace)))
    }
}

fn pairs<T: FromIterator<(String, String)>>(pairs: &[(&str, &str)]) -> T {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn bucket(word: &str) -> Bucket {
    // COS wants the account's number at the end; the others do not mind.
    Bucket::parse(format!("{word}-1250000000")).expect("a bucket name")
}

/// Who speaks a dialect.
pub(crate) fn provider(dialect: DialectName) -> Provider {
    match dialect {
        DialectName::Cos => Provider::Cos,
        DialectName::Obs | DialectName::ObsV2 => Provider::Obs,
        DialectName::S3 => Provider::S3,
    }
}

/// The user's accounts, one for each dialect.
pub(crate) fn accounts() -> [Account; DialectName::ALL.len()] {
    let cloud = InProcess::open(Simulation::new(0, || 0));
    DialectName::ALL.map(|dialect| account(&cloud, dialect))
}

fn account(cloud: &InProcess, dialect: DialectName) -> Account {
    let endpoint = cloud.endpoints().of(provider(dialect));
    Account {
        id: AccountId(format!("account-{dialect}")),
        name: dialect.to_string(),
        dialect,
        endpoint: endpoint.url.clone(),
        region: endpoint.region.clone(),
        addressing: Addressing::Path,
        masked_key_id: String::new(),
        named_buckets: Vec::new(),
        demo: true,
        fallback_domain: false,
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
