//! What must hold for any input whatever, one function per fuzz target.
//!
//! A target takes bytes, makes of them what its part of the house takes, and panics when a
//! property does not hold. `tests/fuzz` runs each over its corpus and seeded mutations of it;
//! `fuzz_targets` hands the same functions to cargo-fuzz for long runs.

mod answer;
mod decoders;
mod display;
mod endpoint;
mod error_classifier;
mod range_planner;
mod source;
mod words;
mod xml;

pub use decoders::{
    OPERATIONS, answers_about_buckets, answers_about_objects, answers_to_copies, answers_with_lists,
};
pub use display::display;
pub use endpoint::{endpoint, redirect};
pub use error_classifier::error_classifier;
pub use range_planner::range_planner;
pub use source::copy_source;
pub use xml::any_xml;
