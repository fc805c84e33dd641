//! What every server must do, seen through our client alone.

mod access;
mod conditions;
mod content;
mod desk;
mod encryption;
mod jobs;
mod listing;
mod multipart;
mod objects;
mod refusals;
mod versions;
