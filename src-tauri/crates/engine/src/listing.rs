//! Listings: what begins with a prefix, in the order of its keys.
//!
//! A [`Walk`] asks for one page when it is wanted. [`read`] asks for many ahead of its reader and
//! finds out by itself where they begin: `ranges` says who lists what, `density` where to expect
//! keys, and neither knows of a network.

mod browse;
mod density;
mod level;
mod ranges;
mod walk;
mod wide;

pub(crate) use level::Level;
pub use ranges::Start;
pub(crate) use walk::Walk;
pub(crate) use wide::{Pages, read};
