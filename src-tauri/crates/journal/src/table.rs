//! One file per table: its migrations, its row, its queries.

pub mod account;
pub mod capability;
pub mod event;
pub mod failure;
pub mod job;
pub mod outcome;
pub mod part;
pub mod pin;
pub mod setting;
pub mod transfer;
pub mod upload;
pub mod verdict;
