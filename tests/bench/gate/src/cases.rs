//! What is counted.

use place::S3;

pub(crate) mod copy;
mod decoders;
mod journal;
mod place;
mod plan;
mod signers;

/// Something whose instructions are counted.
#[derive(Debug)]
pub(crate) struct Case {
    /// As it is called in `figures.toml`.
    pub(crate) name: &'static str,
    /// One round, in words.
    pub(crate) what: &'static str,
    /// So many that what differs from run to run (hash seeds, addresses) does not show.
    pub(crate) rounds: u32,
    /// Prepares and does the rounds.
    pub(crate) run: fn(u32),
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "sign-cos",
        what: "one part copy built and signed",
        rounds: 200,
        run: |rounds| signers::sign(&place::COS, rounds),
    },
    Case {
        name: "sign-obs",
        what: "one part copy built and signed",
        rounds: 200,
        run: |rounds| signers::sign(&place::OBS, rounds),
    },
    Case {
        name: "sign-v4",
        what: "one part copy built and signed",
        rounds: 200,
        run: |rounds| signers::sign(&S3, rounds),
    },
    Case {
        name: "plan",
        what: "1.2 TB, with the range of every part",
        rounds: 20,
        run: plan::plan_and_walk,
    },
    Case {
        name: "read-part-copy",
        what: "one CopyPartResult",
        rounds: 200,
        run: decoders::part_copy,
    },
    Case {
        name: "read-parts",
        what: "a page of 1,000 parts",
        rounds: 5,
        run: decoders::parts,
    },
    Case {
        name: "read-objects",
        what: "a page of 1,000 keys",
        rounds: 5,
        run: decoders::objects,
    },
    Case {
        name: "journal",
        what: "1,000 parts in commits of 20",
        rounds: 2,
        run: journal::append,
    },
    Case {
        name: "copy",
        what: "1,000 parts, 64 at once, without the cloud",
        rounds: 1,
        run: copy::copies,
    },
];
