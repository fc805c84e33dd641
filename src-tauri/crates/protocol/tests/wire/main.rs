//! The wire as the vendors and their own signers write it.

#![allow(clippy::result_large_err)]

mod answers;
mod discrepancies;
mod errors;
mod fixture;
mod pages;
mod requests;
mod sample;
mod vectors;
