//! Looking at one bucket without writing anything.

use partway_domain::{
    Account, Bucket, ByteRange, Capability, DialectName, Failure, Key, Prefix, Support,
};
use partway_protocol::credential::Credential;
use partway_protocol::dialect::dialect;
use partway_protocol::op::{self, ObjectEntry, ObjectHead, Operation, Versioning};

use super::report::{Test, says_no};
use super::shape::ListedV2;
use crate::api::Api;
use crate::contract::BucketView;

/// Objects looked through for one that can be read.
const SOME: u32 = 50;
/// Bytes of it that are read.
const FEW_BYTES: u64 = 16;
/// Buckets tried until one can be read.
const BUCKETS_TRIED: usize = 3;

/// One bucket under test.
pub(super) struct Look<'a> {
    pub(super) api: &'a Api,
    pub(super) account: &'a Account,
    pub(super) credential: &'a Credential,
    pub(super) bucket: Bucket,
    pub(super) region: Option<String>,
    /// An object was there to be read.
    pub(super) object_seen: bool,
}

impl Api {
    /// Finds the bucket to look at: the one asked for, else the first readable of those the
    /// user named, else of those that are listed, the account's own region first.
    pub(super) async fn choose<'a>(
        &'a self,
        account: &'a Account,
        credential: &'a Credential,
        wanted: Option<&str>,
        test: &mut Test,
    ) -> Option<Look<'a>> {
        let look = |name: &str, region: Option<String>| {
            let bucket = Bucket::parse(name).ok()?;
            Some(Look {
                api: self,
                account,
                credential,
                bucket,
                region,
                object_seen: false,
            })
        };
        if let Some(name) = wanted {
            let region = test
                .buckets
                .iter()
                .find(|bucket| bucket.name == name)
                .and_then(|bucket| bucket.region.clone());
            test.bucket = Some(name.to_owned());
            return look(name, region);
        }
        let named = account
            .named_buckets
            .iter()
            .map(|name| (name.clone(), None));
        let here = |bucket: &&BucketView| {
            bucket
                .region
                .as_ref()
                .is_none_or(|region| *region == account.region)
        };
        let (near, far): (Vec<_>, Vec<_>) = test.buckets.iter().partition(here);
        let listed = near.into_iter().chain(far);
        let candidates: Vec<_> = named
            .chain(listed.map(|bucket| (bucket.name.clone(), bucket.region.clone())))
            .take(BUCKETS_TRIED.max(account.named_buckets.len()))
            .collect();
        for (name, region) in candidates {
            let Some(look) = look(&name, region) else {
                continue;
            };
            if look.send(&look.list(true)).await.is_ok() {
                test.bucket = Some(name);
                return Some(look);
            }
        }
        test.unknown(
            "list_objects",
            "No bucket could be read: name one that the key may use.",
        );
        None
    }
}

impl Look<'_> {
    /// Everything that can be learned by reading what is there; whether the bucket can be used
    /// at all.
    pub(super) async fn read_only(&mut self, test: &mut Test) -> bool {
        use Capability as C;
        let head = op::HeadBucket {
            bucket: self.bucket.clone(),
        };
        let head = self
            .check(test, "head_bucket", None, &head, |head| {
                match &head.region {
                    Some(region) => format!("The bucket can be used; it is in {region}."),
                    None => "The bucket can be used.".to_owned(),
                }
            })
            .await;
        if let Some(region) = head.and_then(|head| head.region)
            && region != self.account.region
        {
            self.region = Some(region);
        }
        let listed = self
            .check(
                test,
                "list_objects",
                None,
                &self.list(true),
                |page| match page.entries.len() {
                    0 => "Objects can be listed; none is at the top of the list.".to_owned(),
                    _ => "Objects can be listed.".to_owned(),
                },
            )
            .await;
        if self.account.dialect == DialectName::S3 {
            match &listed {
                Some(_) => self.second_version(test).await,
                None => test.unsettled([C::ListObjectsV2], "Not tried: nothing could be listed."),
            }
        }
        let versions = op::ListObjectVersions {
            bucket: self.bucket.clone(),
            prefix: Prefix::root(),
            delimiter: None,
            cursor: None,
            max_keys: SOME,
            encoded: false,
        };
        self.check(
            test,
            "list_versions",
            Some(C::ListVersions),
            &versions,
            |_| "Versions can be listed.".to_owned(),
        )
        .await;
        let versioning = op::GetBucketVersioning {
            bucket: self.bucket.clone(),
        };
        self.check(
            test,
            "read_versioning",
            Some(C::VersioningState),
            &versioning,
            |state| kept(*state).to_owned(),
        )
        .await;
        let uploads = op::ListMultipartUploads {
            bucket: self.bucket.clone(),
            prefix: Prefix::root(),
            cursor: None,
            encoded: false,
        };
        self.check(test, "list_uploads", Some(C::ListUploads), &uploads, |_| {
            "Open uploads can be listed.".to_owned()
        })
        .await;
        let usable = listed.is_some();
        let object = listed.and_then(|page| page.entries.into_iter().find(is_readable));
        match object {
            Some(object) => {
                self.object_seen = true;
                self.object(test, &object.key, object.size).await;
            }
            None => self.object_seen = false,
        }
        usable
    }

    /// Where no object was seen and none is made, what needs one stays unknown.
    pub(super) fn no_object(&self, test: &mut Test) {
        if self.object_seen {
            return;
        }
        for name in ["head_object", "read_object", "read_tags", "read_acl"] {
            test.unknown(name, "The bucket shows no object that could be read.");
        }
    }

    /// HEAD, a few bytes, tags and ACL of one object.
    pub(super) async fn object(&self, test: &mut Test, key: &Key, size: u64) {
        use Capability as C;
        let (bucket, key) = (self.bucket.clone(), key.clone());
        let head = op::HeadObject {
            bucket: bucket.clone(),
            key: key.clone(),
            version: None,
            customer_key: None,
        };
        let found = self
            .check(test, "head_object", None, &head, |_| {
                format!("The properties of {:?} can be read.", key.as_str())
            })
            .await;
        match found {
            Some(found) => self.learn_from_head(test, &head, &found).await,
            None => test.unsettled(
                [C::HeadChecksum, C::VersionPin],
                "Tried, but HeadObject failed.",
            ),
        }
        let range = op::GetObject {
            bucket: bucket.clone(),
            key: key.clone(),
            version: None,
            range: ByteRange::new(0, size.min(FEW_BYTES)),
            overrides: Vec::new(),
            customer_key: None,
        };
        self.check(test, "read_object", Some(C::RangeGet), &range, |got| {
            format!("The first {} bytes were read.", got.body.len())
        })
        .await;
        let tags = op::GetObjectTagging {
            bucket: bucket.clone(),
            key: key.clone(),
            version: None,
        };
        self.check(test, "read_tags", Some(C::Tagging), &tags, |tags| {
            format!("Tags can be read; it has {}.", tags.len())
        })
        .await;
        let acl = op::GetObjectAcl {
            bucket,
            key,
            version: None,
        };
        self.check(test, "read_acl", Some(C::Acl), &acl, |_| {
            "Access settings can be read.".to_owned()
        })
        .await;
    }

    /// Whether a HEAD shows a checksum, and takes a version.
    pub(super) async fn learn_from_head(
        &self,
        test: &mut Test,
        asked: &op::HeadObject,
        head: &ObjectHead,
    ) {
        let checksum = Some(Capability::HeadChecksum);
        match (self.account.dialect, &head.crc64_xz, &head.crc64_nvme) {
            (DialectName::Cos, Some(_), _) => {
                test.learn(
                    checksum,
                    Support::Present,
                    "HeadObject answered with a CRC-64",
                );
            }
            (DialectName::Cos, None, _) => {
                test.learn(
                    checksum,
                    Support::Absent,
                    "HeadObject answered without a CRC-64",
                );
            }
            (DialectName::S3, _, Some(_)) => {
                test.learn(
                    checksum,
                    Support::Present,
                    "HeadObject answered with a CRC-64/NVME",
                );
            }
            // Objects without one are common there, and say nothing about the server.
            _ => {}
        }
        let Some(version) = &head.version else {
            return;
        };
        let named = op::HeadObject {
            version: Some(version.clone()),
            ..asked.clone()
        };
        let pin = Some(Capability::VersionPin);
        match self.send(&named).await {
            Ok(again) if again.version.as_ref() == Some(version) => {
                test.learn(
                    pin,
                    Support::Present,
                    "HeadObject with a versionId answered that version",
                );
            }
            Ok(_) => {
                test.learn(
                    pin,
                    Support::Absent,
                    "HeadObject with a versionId answered another version",
                );
            }
            Err(failure) => test.undecided(pin, &failure),
        }
    }

    /// Whether the server knows the second version of `ListObjects`, or only looks as if.
    async fn second_version(&self, test: &mut Test) {
        let capability = Some(Capability::ListObjectsV2);
        match self.send(&ListedV2(self.list(false))).await {
            Ok(true) => test.learn(
                capability,
                Support::Present,
                "ListObjects with list-type=2 answered with a KeyCount",
            ),
            Ok(false) => test.learn(
                capability,
                Support::Absent,
                "ListObjects with list-type=2 answered as if it had not been asked for",
            ),
            Err(failure) if says_no(&failure) => test.learn(
                capability,
                Support::Absent,
                &partway_engine::capability::evidence(&failure),
            ),
            Err(failure) => test.undecided(capability, &failure),
        }
    }

    fn list(&self, v1: bool) -> op::ListObjects {
        op::ListObjects {
            bucket: self.bucket.clone(),
            prefix: Prefix::root(),
            delimiter: None,
            cursor: None,
            start_after: None,
            max_keys: SOME,
            v1: v1 || !dialect(self.account.dialect).lists_v2(),
            encoded: false,
        }
    }

    /// Sends one operation and notes how it ended.
    pub(super) async fn check<O: Operation>(
        &self,
        test: &mut Test,
        name: &str,
        capability: Option<Capability>,
        operation: &O,
        detail: impl FnOnce(&O::Output) -> String,
    ) -> Option<O::Output> {
        match self.send(operation).await {
            Ok(output) => {
                let evidence = format!("{} answered", O::NAME);
                test.learn(capability, Support::Present, &evidence);
                test.passed(name, detail(&output));
                Some(output)
            }
            Err(failure) => {
                test.refused(self.account.dialect, name, capability, failure);
                None
            }
        }
    }

    pub(super) async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Failure> {
        let region = self.region.as_deref();
        self.api
            .engine()
            .call_once(self.account, self.credential, region, operation)
            .await
            .map(|answer| answer.output)
    }
}

/// Not a folder marker, and not in an archive.
fn is_readable(object: &ObjectEntry) -> bool {
    let class = object.storage_class.as_deref().unwrap_or("");
    let cold = ["ARCHIVE", "DEEP_ARCHIVE", "COLD", "GLACIER"];
    object.size > 0 && !cold.contains(&class)
}

fn kept(state: Versioning) -> &'static str {
    match state {
        Versioning::Never => "The bucket keeps no versions.",
        Versioning::Enabled => "The bucket keeps versions.",
        Versioning::Suspended => "The bucket kept versions; that is suspended.",
    }
}
