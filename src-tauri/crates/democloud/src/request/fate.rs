//! What becomes of a request: it is refused, spoiled on purpose, or done; at once, late or never.

use std::time::Duration;

use super::throttle::Verdict;
use super::{Mishap, admit};
use crate::answer::{Answer, RequestId};
use crate::call::Call;
use crate::fault::{FaultKind, Sight};
use crate::lock;
use crate::operate::{self, Scene, Stored};
use crate::operation::Operation;
use crate::refusal::Refusal;
use crate::store::deed::Cause;
use crate::world::World;

/// How a request ended.
pub(super) struct Ended {
    pub(super) result: Result<Answer, Refusal>,
    /// The code of an error that travels in a 200.
    pub(super) code: Option<String>,
    pub(super) delivery: Delivery,
    /// Headers that come on top of the answer's own.
    pub(super) headers: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    /// With another body than its own.
    Garbled,
    Half,
    Nothing,
}

impl Ended {
    fn whole(result: Result<Answer, Refusal>) -> Self {
        Ended {
            result,
            code: None,
            delivery: Delivery::Whole,
            headers: Vec::new(),
        }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        Ended::whole(Err(refusal))
    }

    /// The connection closes, whatever was done.
    fn unheard(result: Result<Answer, Refusal>) -> Self {
        Ended {
            delivery: Delivery::Nothing,
            ..Ended::whole(result)
        }
    }
}

pub(super) async fn run(
    world: &World,
    call: &mut Call,
    operation: Operation,
    id: &RequestId,
) -> Ended {
    settle(world);
    if let Err(refusal) = admit::admit(world, call, operation) {
        pause(world.delay(0)).await;
        return Ended::refused(refusal);
    }
    let call = &*call;
    let wait = match world.throttle(call) {
        Verdict::Pass => Duration::ZERO,
        Verdict::Wait(wait) => wait,
        Verdict::Refuse(refusal) => {
            pause(world.delay(0)).await;
            return Ended::refused(refusal);
        }
    };
    let fault = strike(world, call, operation);
    if fault == Some(FaultKind::Reset) {
        return Ended::unheard(Err(closed()));
    }
    let bytes = operate::weight(call, &lock(world.store(call.provider)), &world.library);
    let delay = world.delay(bytes) + wait;
    let mut ended = match fault {
        Some(fault) => spoiled(world, call, operation, id, fault, delay).await,
        None => Ended::whole(done_after(world, call, operation, id, delay).await),
    };
    if !wait.is_zero() {
        let name = format!("{}qos-delay-time", call.form.prefix());
        ended.headers.push((name, wait.as_millis().to_string()));
    }
    ended
}

fn closed() -> Refusal {
    Refusal::new(503, "Reset", "The connection was closed.")
}

async fn pause(length: Duration) {
    if !length.is_zero() {
        tokio::time::sleep(length).await;
    }
}

async fn spoiled(
    world: &World,
    call: &Call,
    operation: Operation,
    id: &RequestId,
    fault: FaultKind,
    delay: Duration,
) -> Ended {
    let done = || done_after(world, call, operation, id, delay);
    match fault {
        FaultKind::LoseAnswer => Ended::unheard(done().await),
        FaultKind::HalfBody => Ended {
            delivery: Delivery::Half,
            ..Ended::whole(done().await)
        },
        FaultKind::Garbled { status, shape } => {
            let answer = done().await;
            let garbled = answer.is_ok();
            let ended = Ended::whole(answer.map(|answer| shape.instead_of(answer, status)));
            if garbled {
                Ended {
                    delivery: Delivery::Garbled,
                    ..ended
                }
            } else {
                ended
            }
        }
        FaultKind::Stall(length) => {
            Ended::whole(done_after(world, call, operation, id, delay + length).await)
        }
        FaultKind::SourceChanged => {
            if let Err(refusal) = change_source(world, call) {
                return Ended::refused(refusal);
            }
            Ended::whole(done().await)
        }
        FaultKind::UploadGone => {
            if let Err(refusal) = drop_upload(world, call) {
                return Ended::refused(refusal);
            }
            Ended::whole(done().await)
        }
        FaultKind::Zombie(after) => {
            pause(delay).await;
            world.later(Late {
                due_ms: self::after(world, after),
                call: call.clone(),
                operation,
                id: id.clone(),
            });
            Ended::unheard(Err(closed()))
        }
        FaultKind::Reset => Ended::unheard(Err(closed())),
        FaultKind::Refuse { status, code } => {
            pause(delay).await;
            Ended::refused(Refusal::new(status, &code, "Refused on purpose."))
        }
        FaultKind::SlowDown { retry_after } => {
            pause(delay).await;
            let refusal = Refusal::new(503, "SlowDown", "Please reduce your request rate.");
            Ended::refused(match retry_after {
                Some(wait) => refusal.with_header("retry-after", wait.as_secs().to_string()),
                None => refusal,
            })
        }
        FaultKind::ExpiredToken => {
            pause(delay).await;
            Ended::refused(Refusal::expired_token())
        }
        FaultKind::ErrorIn200 { code } => {
            pause(delay).await;
            let message = "An error after the status line was sent.";
            Ended::refused(Refusal::new(200, &code, message))
        }
        FaultKind::Redirect { status, to } => {
            pause(delay).await;
            let message = "Please send the request somewhere else.";
            let refusal = Refusal::new(status, "TemporaryRedirect", message);
            Ended::refused(refusal.with_header("location", format!("{to}{}", call.target())))
        }
    }
}

/// Planned misbehaviour first, then what chance brings.
fn strike(world: &World, call: &Call, operation: Operation) -> Option<FaultKind> {
    let planned = lock(&world.faults).strike(&Sight {
        provider: call.provider,
        operation: operation.word(),
        key: call.key.as_deref(),
        names_upload: names_upload(call),
        names_object: call.key.is_some(),
    });
    planned.or_else(|| {
        let able = |mishap| match mishap {
            Mishap::UploadGone => names_upload(call),
            Mishap::SourceChanged => call.key.is_some(),
            Mishap::Zombie => operation == Operation::UploadPartCopy,
            Mishap::ErrorIn200 => operation.is_slow_write(),
            Mishap::ExpiredToken => call.temporary,
            _ => true,
        };
        lock(&world.odds).strike(&world.nature.chance, able)
    })
}

fn names_upload(call: &Call) -> bool {
    call.param("uploadId").is_some_and(|id| !id.is_empty())
}

/// Work that has not taken effect yet, and whose client is not waiting for it any more.
#[derive(Debug)]
pub(crate) struct Late {
    /// Milliseconds since 1970.
    due_ms: i64,
    call: Call,
    operation: Operation,
    id: RequestId,
}

/// Milliseconds since 1970, that much from now.
fn after(world: &World, delay: Duration) -> i64 {
    world.nature.now_ms() + i64::try_from(delay.as_millis()).unwrap_or(i64::MAX / 4)
}

/// Lets what is due by now take effect, in the order in which it is due.
pub(crate) fn settle(world: &World) {
    loop {
        let next = {
            let mut late = lock(&world.late);
            let now = world.nature.now_ms();
            let first = (0..late.len()).min_by_key(|at| late[*at].due_ms);
            let due = first.filter(|at| late[*at].due_ms <= now);
            due.map(|at| late.remove(at))
        };
        let Some(next) = next else { return };
        // Nobody is there to hear how it went.
        revive(world, &next.call);
        drop(act(world, &next.call, next.operation, &next.id));
    }
}

/// Where late parts survive an Abort, the upload is back before its part comes.
fn revive(world: &World, call: &Call) {
    let id = call.param("uploadId").unwrap_or_default();
    if !call.switches.late_parts_survive_abort || !call.has("partNumber") {
        return;
    }
    if let Ok((bucket, key)) = call.object() {
        lock(world.store(call.provider)).revive(bucket, key, id);
    }
}

/// Work that goes on when its client goes away: dropped before its time has come, it is left to
/// take effect later.
struct Underway<'a> {
    world: &'a World,
    call: &'a Call,
    operation: Operation,
    id: &'a RequestId,
    due_ms: i64,
    left: bool,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if self.left {
            self.world.later(Late {
                due_ms: self.due_ms,
                call: self.call.clone(),
                operation: self.operation,
                id: self.id.clone(),
            });
        }
    }
}

async fn done_after(
    world: &World,
    call: &Call,
    operation: Operation,
    id: &RequestId,
    delay: Duration,
) -> Result<Answer, Refusal> {
    if !delay.is_zero() {
        let mut underway = Underway {
            world,
            call,
            operation,
            id,
            due_ms: after(world, delay),
            left: true,
        };
        tokio::time::sleep(delay).await;
        underway.left = false;
        settle(world);
    }
    act(world, call, operation, id)
}

fn act(
    world: &World,
    call: &Call,
    operation: Operation,
    id: &RequestId,
) -> Result<Answer, Refusal> {
    let chance = &world.nature.chance;
    let stored = match operation {
        Operation::PutObject | Operation::UploadPart => {
            Some(Stored::keep(&call.body, &world.library, chance)?)
        }
        _ => None,
    };
    let switches = call.switches;
    let now = world.now(call.provider);
    let mut store = lock(world.store(call.provider));
    if let Some(seconds) = switches.upload_lifetime_secs {
        store.expire_uploads(now, seconds)?;
    }
    store.cause = Some(Cause {
        request_id: id.id.clone(),
        operation,
    });
    let mut scene = Scene {
        call,
        store: &mut store,
        library: &world.library,
        chance,
        switches,
        now,
        stored,
    };
    let done = operate::perform(&mut scene, operation);
    store.cause = None;
    drop(store);
    if !operation.is_slow_write() {
        return done;
    }
    match done {
        Ok(mut answer) => {
            answer.disguise(switches);
            Ok(answer)
        }
        Err(refusal) if switches.errors_in_200 => Err(Refusal {
            status: 200,
            ..refusal
        }),
        Err(refusal) => Err(refusal),
    }
}

fn change_source(world: &World, call: &Call) -> Result<(), Refusal> {
    let (bucket, key) = match operate::source_of(call) {
        Some(source) => source.map(|source| (source.bucket, source.key))?,
        None => call
            .object()
            .map(|(bucket, key)| (bucket.to_owned(), key.to_owned()))?,
    };
    Ok(world.bump(call.provider, &bucket, &key)?)
}

fn drop_upload(world: &World, call: &Call) -> Result<(), Refusal> {
    let (bucket, key) = call.object()?;
    let id = call.param("uploadId").unwrap_or_default();
    lock(world.store(call.provider)).drop_upload(bucket, key, id)?;
    Ok(())
}
