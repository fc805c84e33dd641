//! Our upload: begun, taken over, lost or left.

use partway_domain::planted::{self, Bug};
use partway_domain::{DialectName, Failure, FailureKind, UploadId};
use partway_journal::table::abort::{AbortChange, UploadName};
use partway_journal::table::event::{Level, NewEvent};
use partway_journal::table::transfer::{Pin, UploadRow};
use partway_journal::{Change, Durability};
use partway_protocol::op::{Attributes, CreateMultipartUpload};

use super::Obstacle;
use super::candidate::Found;
use crate::driver::run::Run;
use crate::event::{self, Told as _};

/// How often a lost upload is begun again before the transfer fails.
const MOST_UPLOADS_LOST: u32 = 2;

impl Run {
    /// Takes over the upload a lost Create left behind. Where that is not certain a person is
    /// asked: one of several may be ours, or somebody else's whose parts would fit.
    pub(super) async fn adopt(&mut self, intended_ms: i64) -> Result<bool, Obstacle> {
        match self.find_candidate(intended_ms).await? {
            Found::Nothing => Ok(false),
            Found::Ours(upload_id) => {
                let adopted = self.event(event::UPLOAD_ADOPTED);
                self.remember_upload(upload_id, adopted).await?;
                Ok(true)
            }
            Found::Uncertain(empty) => Err(self
                .uncertain(&empty, "could be the one this copy began")
                .into()),
            Found::Fitting(foreign) => Err(self
                .uncertain(&foreign, "hold parts of the sizes this copy makes")
                .into()),
        }
    }

    fn uncertain(&self, uploads: &[UploadId], why: &str) -> Failure {
        let bucket = &self.route.destination.bucket;
        let key = self.row.destination_key.as_str();
        let ids: Vec<&str> = uploads.iter().map(UploadId::as_str).collect();
        Failure {
            bucket: Some(bucket.to_string()),
            key: Some(key.to_owned()),
            ..Failure::local(
                FailureKind::UploadUncertain,
                format!(
                    "{} open uploads of {key:?} in {bucket} {why}, and none is provably ours: {}; decide which to adopt (what its parts were copied from cannot be proven), or start over with a new one and leave them",
                    ids.len(),
                    ids.join(", ")
                ),
            )
        }
    }

    /// Goes on with the upload a person chose. Its parts are kept where they fit the plan, and
    /// because nothing shows what they were copied from, the verdict will not rest on them.
    pub(super) async fn adopt_as_decided(&mut self, upload_id: UploadId) -> Result<(), Obstacle> {
        let held = self.row.upload.as_ref();
        if held.and_then(|row| row.upload_id.as_ref()) == Some(&upload_id) {
            return Ok(());
        }
        if held.is_some_and(|row| row.upload_id.is_some()) {
            self.give_back_for_good().await?;
        }
        let adopted = self
            .event(event::UPLOAD_ADOPTED)
            .saying("chosen by the user; what its parts were copied from cannot be proven, and its headers and metadata are those it was begun with");
        let changes = vec![
            Change::UploadAdopted {
                transfer: self.id(),
                upload_id: upload_id.clone(),
            },
            Change::Event(adopted),
        ];
        self.write(changes, Durability::Durable).await?;
        self.row.upload = Some(UploadRow {
            upload_id: Some(upload_id),
            intended_ms: self.shared.clock.now_ms(),
            completing: false,
            aborting: false,
            adopted: true,
        });
        Ok(())
    }

    /// Begins anew although an earlier Create may have left an upload: someone said so. What
    /// is there stays; none of it is provably ours to abort.
    pub(super) async fn leave_uncertain(&mut self) -> Result<(), Obstacle> {
        let mut left = self
            .event(event::UPLOAD_UNCERTAIN)
            .saying("a new upload is begun; those that could be ours are left on the server");
        left.level = Level::Warning;
        self.forget_upload(left).await
    }

    pub(super) async fn create(&mut self, pin: &Pin) -> Result<(), Obstacle> {
        let home = &self.route.destination.home;
        let intended_ms = self.shared.clock.now_ms() + self.shared.caller.clock_offset_ms(home);
        let intent = Change::CreateIntended {
            transfer: self.id(),
            at_ms: intended_ms,
        };
        self.write(vec![intent], Durability::Durable).await?;
        self.row.upload.get_or_insert(UploadRow {
            upload_id: None,
            intended_ms,
            completing: false,
            aborting: false,
            adopted: false,
        });
        if !planted::is(Bug::KeepLostParts) {
            self.parts.clear();
        }
        let operation = CreateMultipartUpload {
            bucket: self.route.destination.bucket.clone(),
            key: self.row.destination_key.clone(),
            attributes: self.attributes(pin)?,
            checksum: pin
                .checksum
                .as_ref()
                .is_some_and(|sum| sum.starts_with("crc64nvme")),
            terms: self.shared.keys.terms(&self.route.options.terms)?,
        };
        let answer = self.create_upload(operation).await?;
        let created = self
            .event(event::UPLOAD_CREATED)
            .answered(answer.request_id.as_deref());
        self.remember_upload(answer.output, created).await
    }

    async fn remember_upload(
        &mut self,
        upload_id: UploadId,
        event: NewEvent,
    ) -> Result<(), Obstacle> {
        let mut changes = vec![
            Change::UploadCreated {
                transfer: self.id(),
                upload_id: upload_id.clone(),
            },
            Change::Event(event),
        ];
        if planted::is(Bug::ForgetUploadId) {
            changes.remove(0);
        }
        let durability = if planted::is(Bug::UploadIdNotSynced) {
            Durability::Grouped
        } else {
            Durability::Durable
        };
        self.write(changes, durability).await?;
        if let Some(row) = &mut self.row.upload {
            row.upload_id = Some(upload_id);
        }
        Ok(())
    }

    /// What Create is told to make: the pinned properties, the class always explicit where
    /// the bucket has a default of its own.
    pub(super) fn attributes(&self, pin: &Pin) -> Result<Attributes, Obstacle> {
        let mut attributes: Attributes =
            serde_json::from_value(pin.attributes.clone()).map_err(|error| {
                Failure::local(
                    FailureKind::Journal,
                    format!("the properties of the source in the journal cannot be read: {error}"),
                )
            })?;
        if planted::is(Bug::LoseMetadata) {
            attributes.metadata.clear();
        }
        let own_default = matches!(
            self.route.dialect.name(),
            DialectName::Obs | DialectName::ObsV2
        );
        if own_default && attributes.storage_class.is_none() {
            attributes.storage_class = Some("STANDARD".to_owned());
        }
        Ok(attributes)
    }

    pub(super) async fn lose_upload(&mut self) -> Result<(), Obstacle> {
        self.tries.uploads_lost += 1;
        if self.tries.uploads_lost > MOST_UPLOADS_LOST {
            return Err(Failure::local(
                FailureKind::NoSuchUpload,
                format!(
                    "the server lost the upload of {:?} again and again; look for a lifecycle rule that aborts uploads in {}, then retry",
                    self.row.destination_key.as_str(),
                    self.route.destination.bucket
                ),
            )
            .into());
        }
        let mut lost = self.event(event::UPLOAD_LOST);
        lost.level = Level::Warning;
        self.forget_upload(lost).await
    }

    /// Leaves an upload that the account's key may not see: only the user who began it can go on
    /// with it, or abort it. That stays owed, for the day when this user's key is back.
    pub(super) async fn leave_upload(&mut self) -> Result<(), Obstacle> {
        let mut left = self.event(event::UPLOAD_LOST).saying(
            "the account's key may not see the upload, which only the user who began it can \
             continue; a new one is begun, and the old one is aborted once that user's key is back",
        );
        left.level = Level::Warning;
        let upload = self.row.upload.as_ref();
        let owed = upload.and_then(|upload| upload.upload_id.clone());
        let owed = owed.map(|upload_id| {
            let side = &self.route.destination;
            Change::Abort(AbortChange::Wanted(UploadName {
                account: side.account.id.clone(),
                bucket: side.bucket.clone(),
                region: side.region.clone().unwrap_or_default(),
                key: self.row.destination_key.clone(),
                upload_id,
            }))
        });
        // In one: owed while it still is the transfer's, its abort would be called not wanted.
        self.forget_upload_owing(left, owed).await?;
        self.shared.sweeper.stir();
        Ok(())
    }

    /// Writes that the server no longer has the upload.
    pub(super) async fn forget_upload(&mut self, event: NewEvent) -> Result<(), Obstacle> {
        self.forget_upload_owing(event, None).await
    }

    async fn forget_upload_owing(
        &mut self,
        event: NewEvent,
        owed: Option<Change>,
    ) -> Result<(), Obstacle> {
        let mut changes = vec![
            Change::UploadGone {
                transfer: self.id(),
            },
            Change::Event(event),
        ];
        changes.extend(owed);
        self.write(changes, Durability::Durable).await?;
        self.row.upload = None;
        // Refused parts were those of that upload.
        self.tries.refusals = 0;
        if !planted::is(Bug::KeepLostParts) {
            self.parts.clear();
        }
        Ok(())
    }
}
