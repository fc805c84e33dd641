//! A cloud on loopback: Tencent COS, Huawei OBS and Amazon S3, spoken as the vendors' pages say.
//!
//! [`DemoCloud::open`] starts one server with three endpoints. Signatures are checked strictly, in
//! headers and in presigned URLs; objects may be virtual, with size, checksum and readable ranges
//! but no bytes anywhere, so that 48 TiB fit on a laptop; state survives `kill -9`; latency,
//! throughput and [faults](Fault) can be planned.
//!
//! It is the *judge* of the program it ships with. It is written from the vendors' documents, and
//! shares no code with the client: a fake that imports what it judges proves nothing.
//!
//! [`InProcess::open`] opens the same cloud without listeners or files, for simulations: time comes
//! from a clock of theirs, chance from a seed, and everything that took effect is remembered.
//!
//! The key pairs are fixed public constants ([`Endpoint`]). They guard invented data on loopback.
//!
//! ```no_run
//! # async fn example() -> Result<(), partway_democloud::OpenError> {
//! use partway_democloud::{DemoCloud, Options, Provider};
//!
//! let cloud = DemoCloud::open(Options::new("/tmp/demo")).await?;
//! cloud.put_virtual(Provider::Cos, "mine-1250000000", "big.bin", 1 << 40);
//! println!("{}", cloud.endpoints().cos.url);
//! cloud.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod answer;
mod auth;
mod call;
mod chance;
mod checksum;
mod cloud;
mod compare;
mod content;
mod crc;
mod facts;
mod fault;
mod in_process;
mod listing;
mod nature;
mod operate;
mod operation;
mod options;
mod order;
mod percent;
mod quirk;
mod record;
mod refusal;
mod request;
mod seed;
mod server;
mod store;
mod text;
mod world;
mod xml;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use cloud::DemoCloud;
pub use compare::{Comparison, Difference};
pub use content::{ContentId, Segment};
pub use facts::{EncryptionFacts, ObjectFacts, PartFacts, UploadFacts};
pub use fault::{Fault, FaultKind, FaultSyntax, Shape};
pub use in_process::{BrokenOff, Garbled, InProcess, Sample, Simulation, StrayUpload};
pub use nature::Clock;
pub use options::{Endpoint, Endpoints, OpenError, Options, Provider, TemporaryKeys, Timing};
pub use quirk::{Elsewhere, ListV2, Quirk, QuirkSyntax, Quirks, RepeatedPage, Switches};
pub use record::{RequestRecord, Tally};
pub use request::{Chaos, Mishap, Throttled};
pub use seed::example_bucket;
pub use store::deed::{Deed, DeedKind, DeedRequest};

/// A lock that a panicking request cannot take from the others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
