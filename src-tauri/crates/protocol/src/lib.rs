//! What goes over the wire: COS, OBS and S3 spoken exactly, without doing any I/O.
//!
//! An [`op::Operation`] builds a [`wire::Request`], a [`sign`]er signs it at a given time, the
//! caller sends it, and the same operation reads the [`wire::Response`]. Time, credentials and
//! randomness are arguments, so every byte can be compared with a known answer.

#![warn(missing_docs)]
// A failed request is rare and slow; its error keeps the provider's own words unboxed so that
// everyone can match on them.
#![allow(clippy::result_large_err)]

pub mod credential;
pub mod dialect;
pub mod encode;
pub mod endpoint;
pub mod error;
pub mod op;
pub mod region;
pub mod sign;
pub mod time;
pub mod wire;
pub mod xml;
