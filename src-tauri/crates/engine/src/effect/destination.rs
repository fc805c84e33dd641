//! The gate before anything is written: what stands at the destination is looked at when a
//! copy begins and again right before the request that makes the object. The server is told the
//! condition too, where it knows one.
//!
//! | stands there                         | policy says copy | otherwise                      |
//! |--------------------------------------|------------------|--------------------------------|
//! | nothing                              | go on            | go on                          |
//! | first look: an object                | may be replaced  | skip, keep both or ask         |
//! | what the snapshot has, replaceable   | go on            | go on                          |
//! | what the snapshot has, not so        | go on            | ask                            |
//! | something new that is provably ours  | go on            | it has arrived                 |
//! | something new                        | go on            | skip or ask                    |
//!
//! "Policy says copy" is `overwrite`: the user has agreed to whatever is there. A small object
//! of such a job is not even looked for; what an earlier Complete may have made is, before the
//! next one.

use partway_domain::{
    AtRest, ConflictPolicy, ETag, Event, Facts, Failure, FailureKind, Key, Made, Method, Occupant,
    Reason, Resolution, Snapshot, Standing, State, Wait, conflict, resolve,
};
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability};
use partway_protocol::op::{ListParts, ObjectHead, Operation, Target, Traits};
use partway_protocol::time;
use tokio::time::Instant;

use super::evidence::Judgement;
use super::source::rewritten;
use super::{Obstacle, Step, hidden};
use crate::call::{Answer, CallError};
use crate::capability::is_lacking;
use crate::driver::run::Run;
use crate::event::{self, Told as _};

/// How many names beside a taken one are tried.
const MOST_NAMES: u32 = 1000;

/// How long a look at the destination is good enough for going on with an open upload.
const LATELY_MS: i64 = 60_000;

/// A write that a lost answer leaves unknown and that is not repeated before someone looked.
#[derive(Debug)]
pub(super) struct Unrepeated<O>(pub(super) O);

impl<O: Operation> Operation for Unrepeated<O> {
    type Output = O::Output;
    const NAME: &'static str = O::NAME;

    fn subject(&self) -> (Option<&partway_domain::Bucket>, Option<&Key>) {
        self.0.subject()
    }

    fn traits(&self) -> Traits {
        Traits {
            idempotent: false,
            ..self.0.traits()
        }
    }

    fn request(
        &self,
        target: Target<'_>,
    ) -> Result<partway_protocol::wire::Request, partway_protocol::error::RequestError> {
        self.0.request(target)
    }

    fn response(
        &self,
        target: Target<'_>,
        response: &partway_protocol::wire::Response,
    ) -> Result<O::Output, partway_protocol::error::WireError> {
        self.0.response(target, response)
    }
}

/// What a look at the destination showed.
pub(super) struct Look {
    standing: Standing,
    /// The whole head of what is there and shows itself.
    head: Option<Answer<ObjectHead>>,
}

impl Look {
    /// Whether an object is there that shows nothing but what a listing has of it.
    fn is_hidden(&self) -> bool {
        self.standing.is_taken() && self.head.is_none()
    }

    fn in_words(&self) -> String {
        let standing = self.standing.in_words();
        if self.is_hidden() && self.standing != Standing::Hidden {
            return format!("{standing}, encrypted with a key that was not given");
        }
        standing
    }
}

impl Run {
    /// Whether the user agreed beforehand to whatever stands at the destination.
    pub(super) fn overwrites(&self) -> bool {
        self.route.options.on_conflict == ConflictPolicy::Overwrite || self.changes_itself()
    }

    /// Whether what is read is what is replaced. An older version put onto its own key replaces
    /// something else, and asks like any other copy.
    pub(super) fn changes_itself(&self) -> bool {
        self.is_in_place() && self.row.source_version.is_none()
    }

    /// Whether the object is copied onto itself to change something about it.
    pub(super) fn is_in_place(&self) -> bool {
        let (source, destination) = (&self.row.source_key, &self.row.destination_key);
        self.route.is_in_place(source, destination)
    }

    /// Waits until no other transfer of this process writes the destination.
    pub(super) async fn claim_destination(&mut self) -> Result<(), Obstacle> {
        let bucket = &self.route.destination.bucket;
        let key = &self.row.destination_key;
        if self
            .claim
            .as_ref()
            .is_some_and(|claim| claim.is_for(bucket, key))
        {
            return Ok(());
        }
        self.claim = None;
        let order = self.orders.now();
        let claim = tokio::select! {
            biased;
            claim = self.shared.claims.claim(bucket, key) => claim,
            () = self.orders.until_not(order) => return Err(Obstacle::Held),
        };
        self.claim = Some(claim);
        Ok(())
    }

    /// The look before an upload is created or a small object is copied, unless one was taken
    /// `ahead`. `None`: go on.
    pub(super) async fn meet_destination(
        &mut self,
        pin: &Pin,
        ahead: Option<Look>,
    ) -> Result<Option<Step>, Obstacle> {
        if self.overwrites() {
            return Ok(None);
        }
        let look = match ahead {
            Some(look) => look,
            None => self.look_at_destination().await?,
        };
        let Some(snapshot) = self.row.snapshot.clone() else {
            return self.meet_first(pin, look).await;
        };
        if look.standing == snapshot.standing {
            if snapshot.may_replace || !look.standing.is_taken() {
                return Ok(None);
            }
            return Ok(Some(self.ask_about(&look, Reason::Exists)));
        }
        if snapshot.writing
            && let Some(head) = &look.head
        {
            let made = snapshot.made.as_ref();
            let of_this =
                made.is_some_and(|made| made.etag == head.output.etag && made.of == pin.etag);
            match self.judge(&head.output) {
                // The same bytes without our word for it must be the source's in everything.
                Some(Judgement::Same(_))
                    if of_this || self.carries_all(pin, &head.output).await? =>
                {
                    return Ok(Some(self.has_arrived(head)));
                }
                // What was to be compared then is compared now.
                Some(Judgement::SizeOnly(_)) if of_this => {
                    return Ok(Some(self.has_arrived(head)));
                }
                _ => {}
            }
        }
        self.meet_changed(look).await
    }

    /// The look before an open upload is gone on with, to say early what stands in the way. What
    /// counts is the one right before Complete, so one of a moment ago is enough: a program that is
    /// killed again and again would spend more requests on looking than on copying.
    pub(super) async fn meet_destination_again(
        &mut self,
        pin: &Pin,
    ) -> Result<Option<Step>, Obstacle> {
        if self.overwrites() || self.has_looked_lately() {
            return Ok(None);
        }
        let step = self.meet_destination(pin, None).await?;
        if step.is_none()
            && let Some(seen) = self.row.snapshot.clone()
        {
            let at_ms = self.shared.clock.now_ms();
            self.put_snapshot(Snapshot { at_ms, ..seen }).await?;
        }
        Ok(step)
    }

    fn has_looked_lately(&self) -> bool {
        let now = self.shared.clock.now_ms();
        let is_completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
        self.row.snapshot.as_ref().is_some_and(|seen| {
            let is_settled = seen.may_replace || !seen.standing.is_taken();
            // A clock that was set back makes a look of the future.
            let is_fresh = (0..LATELY_MS).contains(&now.saturating_sub(seen.at_ms));
            is_settled && is_fresh && !seen.writing && !is_completing
        })
    }

    /// What follows from the look right before the object is made out of its parts. `None`: go on.
    pub(super) async fn guard_destination(&mut self, look: Look) -> Result<Option<Step>, Obstacle> {
        if self.overwrites() {
            // Remembered as what was there before, our own object could not be told from it.
            if self.has_changed(&look) && self.may_be_completed(&look).await? {
                return Ok(Some(Step::plain(Event::UploadLost)));
            }
            self.is_still_itself(&look).await?;
            self.remember(look.standing, true).await?;
            return Ok(None);
        }
        match &self.row.snapshot {
            Some(known) if known.standing == look.standing => {
                if known.may_replace || !look.standing.is_taken() {
                    return Ok(None);
                }
                Ok(Some(self.ask_about(&look, Reason::Exists)))
            }
            _ => self.meet_changed(look).await,
        }
    }

    /// What is changed in its place must be what was read: this look is later than the one at the
    /// source.
    async fn is_still_itself(&self, look: &Look) -> Result<(), Obstacle> {
        let Some(pin) = self.pin().filter(|_| self.changes_itself()) else {
            return Ok(());
        };
        let Some(head) = &look.head else {
            if look.standing.is_taken() {
                // Only its source's key shows it.
                return self.compare_exactly(pin).await;
            }
            let gone = Failure::local(FailureKind::NoSuchSource, "it is not there");
            return Err(self.source_gone(gone).into());
        };
        match rewritten(pin, &head.output) {
            Some(difference) => {
                let request_id = head.request_id.clone();
                Err(self.source_changed(&difference, request_id).into())
            }
            None => Ok(()),
        }
    }

    /// Notes that our own write may be at the destination from now on.
    pub(super) fn mark_writing(&mut self) -> Option<Change> {
        let transfer = self.id();
        let snapshot = self.row.snapshot.as_mut()?;
        if snapshot.writing {
            return None;
        }
        snapshot.writing = true;
        let snapshot = snapshot.clone();
        Some(Change::Snapshot { transfer, snapshot })
    }

    /// Notes which object our own write made, so that whoever goes on later can tell it from one
    /// of somebody else also where nothing but sizes can be compared. `None` if nobody looked for
    /// one there.
    pub(super) fn mark_made(&mut self, pin: &Pin, etag: &ETag) -> Option<Change> {
        let transfer = self.id();
        let snapshot = self.row.snapshot.as_mut()?;
        snapshot.made = Some(Made {
            etag: etag.clone(),
            of: pin.etag.clone(),
        });
        let snapshot = snapshot.clone();
        Some(Change::Snapshot { transfer, snapshot })
    }

    /// Someone agreed to the replacement of what stood there when they were asked.
    pub(super) async fn agree_to_replace(&mut self) -> Result<(), Obstacle> {
        let Some(mut snapshot) = self.row.snapshot.clone() else {
            return Ok(());
        };
        snapshot.may_replace = true;
        self.put_snapshot(snapshot).await
    }

    /// Looks, and agrees to the replacement of what an earlier Complete of ours may have made: where
    /// a person was asked about one object, of that one.
    pub(super) async fn own_work_may_go(&self) -> Result<Snapshot, Obstacle> {
        let look = self.look_at_destination().await?;
        let may_be_ours = look.head.as_ref().is_none_or(|head| {
            let questioned = self
                .row
                .snapshot
                .as_ref()
                .and_then(|seen| seen.made.as_ref());
            let asked_about = questioned.is_none_or(|made| made.etag == head.output.etag);
            let judged = self.judge(&head.output);
            asked_about && !matches!(judged, Some(Judgement::Different(_)) | None)
        });
        Ok(self.seen(look.standing, may_be_ours || self.overwrites()))
    }

    /// Moves the copy to a free name beside the taken one.
    pub(super) async fn keep_both(&mut self) -> Result<(), Obstacle> {
        let taken = self.row.destination_key.clone();
        for n in 2..MOST_NAMES {
            let beside = conflict::beside(&taken, n).map_err(|error| self.no_name(&error))?;
            let bucket = &self.route.destination.bucket;
            let Some(claim) = self.shared.claims.try_claim(bucket, &beside) else {
                continue;
            };
            self.row.destination_key = beside.clone();
            let look = self.look_at_destination().await;
            self.row.destination_key = taken.clone();
            if look?.standing.is_taken() {
                continue;
            }
            self.claim = Some(claim);
            let kept = self
                .event(event::KEPT_BOTH)
                .saying(format!("{taken:?} is kept; the copy becomes {beside:?}"));
            let renamed = Change::Renamed {
                transfer: self.id(),
                destination_key: beside.clone(),
            };
            let mut changes = vec![renamed, Change::Event(kept)];
            if self.row.decision.is_some() {
                // Answered once is one name: carried out again it would be a second one.
                changes.push(self.spent());
            }
            self.write(changes, Durability::Durable).await?;
            self.row.decision = None;
            self.row.destination_key = beside;
            self.row.snapshot = None;
            return self.remember(Standing::Absent, false).await;
        }
        Err(self.no_name(&"every name tried is taken").into())
    }

    /// Nothing is copied, and the row says why.
    pub(super) fn left_out(&self, why: Reason) -> Step {
        let transfer = self.id();
        let skipped = self.event(event::SKIPPED).saying(why.to_string());
        let changes = vec![Change::LeftOut { transfer, why }, Change::Event(skipped)];
        Step::with(Event::Skip, changes)
    }

    /// The answer to our own copy was lost: nothing is to be done again. Only `Starting` may
    /// believe it.
    fn has_arrived(&self, head: &Answer<ObjectHead>) -> Step {
        if self.row.state != State::Starting {
            return Step::plain(Event::UploadLost);
        }
        let proven = self
            .event(event::COMPLETION_PROVEN)
            .answered(head.request_id.as_deref());
        Step::with(Event::Completed, vec![Change::Event(proven)])
    }

    async fn meet_first(&mut self, pin: &Pin, look: Look) -> Result<Option<Step>, Obstacle> {
        if let Some(head) = &look.head
            && self.was_sent_unrecorded(pin, head).await?
        {
            return Ok(Some(self.has_arrived(head)));
        }
        let resolution = match &look.standing {
            Standing::Absent => Resolution::Copy,
            Standing::Object(object) if !look.is_hidden() => resolve(
                self.route.options.on_conflict,
                &facts_of(pin),
                Some(&of_occupant(object)),
            ),
            Standing::Object(_) | Standing::Hidden => {
                resolve_unseen(self.route.options.on_conflict)
            }
        };
        match resolution {
            Resolution::Copy => {
                let may_replace = look.standing.is_taken();
                self.remember(look.standing, may_replace).await?;
                Ok(None)
            }
            Resolution::Skip { why } => Ok(Some(self.left_out(why))),
            Resolution::KeepBoth => {
                self.keep_both().await?;
                Ok(None)
            }
            Resolution::Ask { why } => {
                self.remember(look.standing.clone(), false).await?;
                Ok(Some(self.ask_about(&look, why)))
            }
        }
    }

    /// It is not what it was when we looked last. What an earlier Complete of ours may have
    /// made is for [`Run::locate`] to judge.
    async fn meet_changed(&mut self, look: Look) -> Result<Option<Step>, Obstacle> {
        if self.may_be_completed(&look).await? {
            return Ok(Some(Step::plain(Event::UploadLost)));
        }
        if look.standing.is_taken() && self.skips_what_came() {
            return Ok(Some(self.left_out(Reason::Exists)));
        }
        self.remember(look.standing.clone(), false).await?;
        if look.standing.is_taken() {
            return Ok(Some(
                self.conflict(&look, "it was put there while the copy was under way"),
            ));
        }
        Ok(None)
    }

    /// Something came while the copy was under way, and the user said beforehand that keys that
    /// exist are skipped. Only while it cannot be our own work. Another name is not taken without
    /// a word: the one the copy has may be such a name already.
    fn skips_what_came(&self) -> bool {
        let writing = self.row.snapshot.as_ref().is_none_or(|seen| seen.writing);
        let completing = self.row.upload.as_ref().is_some_and(|row| row.completing);
        self.route.options.on_conflict == ConflictPolicy::Skip && !writing && !completing
    }

    /// Looks whether something else stands at the destination by now.
    pub(super) async fn destination_has_changed(&self) -> Result<bool, Obstacle> {
        let look = self.look_at_destination().await?;
        Ok(self.has_changed(&look))
    }

    /// Whether the destination is not what it was when it was looked at last.
    fn has_changed(&self, look: &Look) -> bool {
        let known = self.row.snapshot.as_ref();
        known.is_none_or(|known| known.standing != look.standing)
    }

    /// Our Complete was sent before, what stands there may have come of it, and the upload is
    /// gone as it would be then.
    async fn may_be_completed(&self, look: &Look) -> Result<bool, Obstacle> {
        let Some(head) = &look.head else {
            return Ok(false);
        };
        let sent = self.row.upload.as_ref().filter(|upload| upload.completing);
        let Some(upload_id) = sent.and_then(|upload| upload.upload_id.clone()) else {
            return Ok(false);
        };
        if matches!(
            self.judge(&head.output),
            Some(Judgement::Different(_)) | None
        ) {
            return Ok(false);
        }
        match self.list_parts(&upload_id).await {
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchUpload => {
                Ok(true)
            }
            Err(CallError::Failed { failure, .. }) if is_lacking(&failure, ListParts::NAME) => {
                // Whoever locates has judged that already.
                Ok(self.row.state != State::Starting)
            }
            Err(other) => Err(other.into()),
            Ok(_) => Ok(false),
        }
    }

    /// A look that was asked beside another question: where that took much longer, another one.
    pub(super) async fn still_fresh(&self, look: Look) -> Result<Look, CallError> {
        if self.looked().is_stale() {
            return self.look_at_destination().await;
        }
        Ok(look)
    }

    pub(super) async fn look_at_destination(&self) -> Result<Look, CallError> {
        let begun = Instant::now();
        let head = self.head_destination().await;
        self.note_look(begun);
        match head {
            Ok(head) => Ok(Look {
                standing: standing(&head.output),
                head: Some(head),
            }),
            Err(CallError::Failed { failure, .. }) if failure.kind == FailureKind::NoSuchSource => {
                Ok(Look {
                    standing: Standing::Absent,
                    head: None,
                })
            }
            Err(CallError::Failed { failure, .. })
                if hidden::may_hide(&failure, self.gives_its_key()) =>
            {
                let (side, key) = (&self.route.destination, &self.row.destination_key);
                Ok(Look {
                    standing: hidden::stands(self, side, key, *failure).await?,
                    head: None,
                })
            }
            Err(other) => Err(other),
        }
    }

    /// Whether copies are encrypted with a key of the user's own.
    fn gives_its_key(&self) -> bool {
        matches!(self.route.options.terms.encryption, AtRest::Customer { .. })
    }

    async fn remember(&mut self, standing: Standing, may_replace: bool) -> Result<(), Obstacle> {
        let seen = self.seen(standing, may_replace);
        self.put_snapshot(seen).await
    }

    /// What a look showed that nothing of ours has followed yet.
    fn seen(&self, standing: Standing, may_replace: bool) -> Snapshot {
        Snapshot {
            standing,
            may_replace,
            writing: false,
            made: None,
            at_ms: self.shared.clock.now_ms(),
        }
    }

    pub(super) async fn put_snapshot(&mut self, snapshot: Snapshot) -> Result<(), Obstacle> {
        let taken = Change::Snapshot {
            transfer: self.id(),
            snapshot: snapshot.clone(),
        };
        self.write(vec![taken], Durability::Grouped).await?;
        self.row.snapshot = Some(snapshot);
        Ok(())
    }

    fn ask_about(&self, look: &Look, why: Reason) -> Step {
        self.conflict(look, &why.to_string())
    }

    fn conflict(&self, look: &Look, why: &str) -> Step {
        let bucket = &self.route.destination.bucket;
        let key = self.row.destination_key.as_str();
        let request_id = look.head.as_ref().and_then(|head| head.request_id.clone());
        let standing = look.in_words();
        Step::block(
            Wait::Decision,
            Failure {
                bucket: Some(bucket.to_string()),
                key: Some(key.to_owned()),
                request_id,
                ..Failure::local(
                    FailureKind::DestinationConflict,
                    format!(
                        "at {key:?} in {bucket} stands {standing}: {why}; decide whether to replace it, to keep both or to skip this object"
                    ),
                )
            },
        )
    }

    fn no_name(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure {
            bucket: Some(self.route.destination.bucket.to_string()),
            key: Some(self.row.destination_key.as_str().to_owned()),
            ..Failure::local(
                FailureKind::DestinationConflict,
                format!(
                    "no free name was found beside {:?}: {why}; replace it or skip this object",
                    self.row.destination_key.as_str()
                ),
            )
        }
    }

    /// Whether the destination is still as it was before our Complete.
    pub(super) fn is_as_before(&self, head: &ObjectHead) -> bool {
        self.row
            .snapshot
            .as_ref()
            .is_some_and(|before| before.standing == standing(head))
    }

    /// Whether what small objects are copied over was looked at right before.
    pub(super) fn is_gated(&self, method: Method) -> bool {
        method == Method::Single && !self.overwrites()
    }
}

fn standing(head: &ObjectHead) -> Standing {
    Standing::Object(Occupant {
        etag: head.etag.clone(),
        size: head.size,
        last_modified: head.last_modified.clone(),
        version: head.version.clone(),
    })
}

/// Policies that need no facts decide; the others cannot.
pub(crate) fn resolve_unseen(policy: ConflictPolicy) -> Resolution {
    match policy {
        ConflictPolicy::Overwrite => Resolution::Copy,
        ConflictPolicy::KeepBoth => Resolution::KeepBoth,
        ConflictPolicy::Skip => Resolution::Skip {
            why: Reason::Exists,
        },
        ConflictPolicy::Ask | ConflictPolicy::IfNewer | ConflictPolicy::IfDifferent => {
            Resolution::Ask {
                why: Reason::ContentUnknown,
            }
        }
    }
}

pub(crate) fn facts_of(pin: &Pin) -> Facts {
    Facts {
        size: pin.size,
        etag: Some(pin.etag.clone()),
        modified_ms: time::parse_ms(&pin.last_modified),
    }
}

fn of_occupant(object: &Occupant) -> Facts {
    Facts {
        size: object.size,
        etag: Some(object.etag.clone()),
        modified_ms: time::parse_ms(&object.last_modified),
    }
}
