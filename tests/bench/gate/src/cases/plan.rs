//! Planning.

use std::hint::black_box;

use super::place::S3;

/// Bytes: the size at which parts grow beyond what is comfortable.
const SIZE: u64 = 1_200_000_000_000;

pub(super) fn plan_and_walk(rounds: u32) {
    let limits = S3.dialect().limits();
    for _ in 0..rounds {
        let plan = partway_domain::plan::plan(black_box(SIZE), Some(128 << 20), &limits);
        let plan = plan.expect("there is a plan");
        for part in plan.ranges() {
            black_box(part);
        }
    }
}
