//! One thing done to many objects, request by request: counting, deleting, restoring, tagging.
//!
//! Nothing of an errand is journaled. What is done is done, each step may be done twice, and what
//! is left when it is stopped is left as it was.

use futures::StreamExt as _;
use partway_domain::{Access, Failure, FailureKind, Key, Prefix, VersionId};
use partway_protocol::op::{
    DeleteObjectTagging, ListObjectVersions, NewAcl, PutObjectAcl, PutObjectTagging, RestoreObject,
    RestoreTier, Trail,
};

use crate::driver::route::Side;
use crate::effect::pin::{Ask as _, is_archive};
use crate::engine::Engine;
use crate::listing::{self, Pages};
use crate::request::Place;
use crate::request::planning::{Planner, failure};

mod delete;

/// Requests in flight at once where each object takes one of its own.
const AT_ONCE: usize = 8;

/// Most objects that are dealt with between two looks at whether to go on.
const BATCH: usize = 1_000;

/// What is done to each object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Nothing: they are counted.
    Count,
    /// Its current version is deleted; on a bucket with versions that makes a delete marker.
    Delete,
    /// All its versions and delete markers are deleted for good.
    DeleteVersions,
    /// It is brought back from the archive. Of prefixes, only what is archived.
    Restore {
        /// How quickly.
        tier: RestoreTier,
        /// For how many days.
        days: u32,
    },
    /// It is given these tags instead of its own; none removes them.
    Tag(Vec<(String, String)>),
    /// It is given this access instead of its own.
    Access(Access),
}

/// What an errand is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSet {
    /// Their bucket; its prefix plays no part.
    pub place: Place,
    /// Single objects.
    pub keys: Vec<Key>,
    /// Everything that begins with one of these.
    pub prefixes: Vec<Prefix>,
}

/// What is told while an errand runs.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// So many more objects belong to it, with their bytes as far as a listing told.
    Found {
        /// Objects, or versions where those are deleted.
        objects: u64,
        /// Bytes.
        bytes: u64,
    },
    /// So many more are done.
    Done(u64),
    /// One could not be done.
    Refused(Key, Box<Failure>),
}

/// Hears of progress; `false` stops the errand there.
pub type Hear<'a> = dyn Fn(News) -> bool + Send + Sync + 'a;

/// An object of a batch.
#[derive(Debug, Clone)]
struct Found {
    key: Key,
    version: Option<VersionId>,
    bytes: u64,
}

impl Engine {
    /// Runs an errand to its end, or until `hear` stops it. Fails where nothing can go on: a
    /// listing that is denied, a network that stays away. What is refused for one object does not
    /// end it.
    pub async fn run_errand(
        &self,
        set: &ObjectSet,
        errand: &Errand,
        hear: &Hear<'_>,
    ) -> Result<(), Failure> {
        let side = Planner(&self.shared).side(&set.place).await?;
        let runner = Runner {
            engine: self,
            side,
            errand,
            hear,
        };
        let prefixes = outermost(&set.prefixes);
        let apart: Vec<Key> = set
            .keys
            .iter()
            .filter(|key| {
                !prefixes
                    .iter()
                    .any(|p| key.as_str().starts_with(p.as_str()))
            })
            .cloned()
            .collect();
        if !runner.named(&apart).await? {
            return Ok(());
        }
        for prefix in prefixes {
            let goes_on = match errand {
                Errand::DeleteVersions => runner.versions(prefix, None).await?,
                _ => runner.prefix(prefix).await?,
            };
            if !goes_on {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Engine {
    /// The keys of a set, prefixes listed to their ends. Fails where there are more than `most`.
    pub async fn keys_of(&self, set: &ObjectSet, most: usize) -> Result<Vec<Key>, Failure> {
        let planner = Planner(&self.shared);
        let side = planner.side(&set.place).await?;
        let mut keys = set.keys.clone();
        for prefix in outermost(&set.prefixes) {
            let found = listing::read(&planner, &side, prefix, None, async |mut pages: Pages| {
                while let Some(page) = pages.next().await.map_err(failure)? {
                    keys.extend(page.entries.into_iter().map(|entry| entry.key));
                    if keys.len() > most {
                        return Err(Failure::local(
                            FailureKind::Invalid,
                            format!(
                                "there are more than {most} objects; choose fewer folders at once"
                            ),
                        ));
                    }
                }
                Ok(())
            });
            found.await?;
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }
}

struct Runner<'a> {
    engine: &'a Engine,
    side: Side,
    errand: &'a Errand,
    hear: &'a Hear<'a>,
}

impl Runner<'_> {
    async fn named(&self, keys: &[Key]) -> Result<bool, Failure> {
        if *self.errand == Errand::DeleteVersions {
            for key in keys {
                let prefix = Prefix::parse(key.as_str().to_owned())
                    .map_err(|error| Failure::local(FailureKind::Invalid, error.to_string()))?;
                if !self.versions(&prefix, Some(key)).await? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        for keys in keys.chunks(BATCH) {
            let found = keys.iter().map(|key| Found {
                key: key.clone(),
                version: None,
                bytes: 0,
            });
            if !self.batch(found.collect()).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn prefix(&self, prefix: &Prefix) -> Result<bool, Failure> {
        let planner = Planner(&self.engine.shared);
        listing::read(&planner, &self.side, prefix, None, |pages| {
            self.pages(pages)
        })
        .await
    }

    async fn pages(&self, mut pages: Pages) -> Result<bool, Failure> {
        while let Some(page) = pages.next().await.map_err(failure)? {
            let wanted = |class: Option<&str>| match self.errand {
                Errand::Restore { .. } => class.is_some_and(is_archive),
                _ => true,
            };
            let found = page
                .entries
                .into_iter()
                .filter(|entry| wanted(entry.storage_class.as_deref()))
                .map(|entry| Found {
                    key: entry.key,
                    version: None,
                    bytes: entry.size,
                });
            if !self.batch(found.collect()).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Every version of what begins with `prefix`, or of `only`.
    async fn versions(&self, prefix: &Prefix, only: Option<&Key>) -> Result<bool, Failure> {
        let planner = Planner(&self.engine.shared);
        let (mut trail, mut cursor) = (Trail::default(), None);
        loop {
            let operation = ListObjectVersions {
                bucket: self.side.bucket.clone(),
                prefix: prefix.clone(),
                delimiter: None,
                cursor,
                max_keys: 1_000,
                encoded: false,
            };
            let asked = planner.ask(&self.side, &operation).await;
            let page = asked.map_err(failure)?.output;
            trail
                .follow(&page)
                .map_err(|endless| Failure::local(FailureKind::BadResponse, endless.to_string()))?;
            // Longer keys follow the one that is meant.
            let is_past = only.is_some_and(|key| page.versions.iter().any(|one| one.key > *key));
            let found = page
                .versions
                .into_iter()
                .filter(|one| only.is_none_or(|key| one.key == *key))
                .map(|one| Found {
                    key: one.key,
                    version: one.version,
                    bytes: one.size,
                });
            if !self.batch(found.collect()).await? {
                return Ok(false);
            }
            cursor = page.next;
            if cursor.is_none() || is_past {
                return Ok(true);
            }
        }
    }

    /// Tells of a batch, deals with it and tells again; whether to go on.
    async fn batch(&self, found: Vec<Found>) -> Result<bool, Failure> {
        let news = News::Found {
            objects: found.len() as u64,
            bytes: found.iter().map(|one| one.bytes).sum(),
        };
        if !(self.hear)(news) {
            return Ok(false);
        }
        if found.is_empty() {
            return Ok(true);
        }
        match self.errand {
            Errand::Count => Ok((self.hear)(News::Done(found.len() as u64))),
            Errand::Delete | Errand::DeleteVersions => self.delete(found).await,
            _ => self.one_by_one(found).await,
        }
    }

    async fn one_by_one(&self, found: Vec<Found>) -> Result<bool, Failure> {
        let mut outcomes = futures::stream::iter(found)
            .map(|one| async move {
                let outcome = self.one(&one).await;
                (one.key, outcome)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((key, outcome)) = outcomes.next().await {
            if !self.tell(key, outcome)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells what became of one object. Trouble that every other would meet, too, ends it all.
    fn tell(&self, key: Key, outcome: Result<(), Failure>) -> Result<bool, Failure> {
        match outcome {
            Ok(()) => Ok((self.hear)(News::Done(1))),
            Err(failure) if ends_all(failure.kind) => Err(failure),
            Err(failure) => Ok((self.hear)(News::Refused(key, Box::new(failure)))),
        }
    }

    async fn one(&self, one: &Found) -> Result<(), Failure> {
        let (account, region) = (&self.side.account, self.side.region.as_deref());
        let (bucket, key, version) = (
            self.side.bucket.clone(),
            one.key.clone(),
            one.version.clone(),
        );
        match self.errand {
            Errand::Restore { tier, days } => {
                let operation = RestoreObject {
                    bucket,
                    key,
                    version,
                    days: *days,
                    tier: Some(*tier),
                };
                let asked = self.engine.call(account, region, &operation).await;
                asked.map(|_| ())
            }
            Errand::Tag(tags) if tags.is_empty() => {
                let operation = DeleteObjectTagging {
                    bucket,
                    key,
                    version,
                };
                let asked = self.engine.call(account, region, &operation).await;
                asked.map(|_| ())
            }
            Errand::Tag(tags) => {
                let operation = PutObjectTagging {
                    bucket,
                    key,
                    version,
                    tags: tags.clone(),
                };
                let asked = self.engine.call(account, region, &operation).await;
                asked.map(|_| ())
            }
            Errand::Access(access) => {
                let operation = PutObjectAcl {
                    bucket,
                    key,
                    version,
                    acl: NewAcl::Access(access.clone()),
                };
                let asked = self.engine.call(account, region, &operation).await;
                asked.map(|_| ())
            }
            Errand::Count | Errand::Delete | Errand::DeleteVersions => Ok(()),
        }
    }
}

/// Trouble that is about the account or the way to the server, not about one object.
fn ends_all(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Network
            | FailureKind::Tls
            | FailureKind::ClockSkew
            | FailureKind::WrongCredential
            | FailureKind::ExpiredCredential
            | FailureKind::MissingCredential
            | FailureKind::AccountSuspended
            | FailureKind::NoSuchBucket
    )
}

/// Prefixes without those that lie within another.
fn outermost(prefixes: &[Prefix]) -> Vec<&Prefix> {
    let within = |inner: &Prefix, at: usize| {
        prefixes.iter().enumerate().any(|(other, outer)| {
            other != at
                && inner.as_str().starts_with(outer.as_str())
                && (inner != outer || other < at)
        })
    };
    let numbered = prefixes.iter().enumerate();
    numbered
        .filter(|(at, prefix)| !within(prefix, *at))
        .map(|(_, prefix)| prefix)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_dealt_with_twice() {
        let parse = |text: &str| Prefix::parse(text.to_owned()).unwrap();
        let prefixes: Vec<_> = ["a/b/", "a/", "c/", "a/", "ab/"].map(parse).to_vec();
        let left: Vec<_> = outermost(&prefixes)
            .into_iter()
            .map(Prefix::as_str)
            .collect();
        assert_eq!(left, ["a/", "c/", "ab/"]);
    }
}
