//! The wire as the vendors and their own signers write it.

#![allow(clippy::result_large_err)]

mod answers;
mod fixture;
mod requests;
mod vectors;
