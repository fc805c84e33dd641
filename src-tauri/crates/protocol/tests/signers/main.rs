//! Our signers against signers that others wrote, over requests nobody would think of.
//!
//! A pair signs the same request at the same second, and the signatures must be equal. Where the
//! other signer is known to sign something else, the case belongs to a declared class of that
//! pair: there the signatures must differ, so that a class which heals is noticed, and the case is
//! not counted. `cargo test -p partway-protocol --test signers -- --nocapture` prints the counts.
//!
//! The same cases every time, unless `PARTWAY_SEED` (a number) asks for others;
//! `PARTWAY_TIMES` (a number) multiplies how many there are.

mod aws_sigv4;
mod case;
mod pair;
mod reqsign;
