//! The contract between the window (or a browser test, or the CLI) and the engine.
//!
//! Every command takes one value and answers one value or an [`error::ApiError`]. They all go
//! through [`dispatch::dispatch`], so Tauri's IPC and the loopback bridge are two adapters of
//! the same list, and the TypeScript the UI compiles against is generated from it.

mod accounts;
mod api;
#[cfg(feature = "bridge")]
pub mod bridge;
mod config;
pub mod contract;
mod copy;
mod decisions;
mod demo;
pub mod desktop;
mod diagnostics;
pub mod dispatch;
pub mod error;
mod exports;
mod history;
mod import;
mod jobs;
mod licences;
mod listing;
mod objects;
pub mod providers;
pub mod queue;
mod session;
mod settings;
pub mod stream;
mod throughput;
pub mod typescript;
mod uploads;
mod view;

pub use api::Api;
pub use config::{Config, DemoSettings};
pub use dispatch::dispatch;
pub use error::ApiError;
pub use partway_engine::request::survey;
pub use stream::Subscription;
pub use uploads::KeptUploads;
