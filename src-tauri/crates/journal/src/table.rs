//! One file per table: its migrations, its row, its queries.

pub mod abort;
pub mod account;
pub mod capability;
pub mod decision;
pub mod event;
pub mod evidence;
pub mod failure;
pub mod history;
pub mod job;
pub mod outcome;
pub mod part;
pub mod pin;
pub mod queue;
pub mod restore;
pub mod scan;
pub mod search;
pub mod setting;
pub mod snapshot;
pub mod transfer;
pub mod upload;
pub mod verdict;
pub mod watched;
