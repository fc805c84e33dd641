//! The plan of one copy: a pure function from size to parts.
//!
//! Parts are equal but for the last, so a plan is three numbers and a lost journal can
//! rebuild it from the size of any full part.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{GIB, Limits, MIB};
use crate::planted::{self, Bug};
use crate::{ByteRange, PartNumber};

/// Objects up to this size go by one `CopyObject`: a request is cheaper than a progress bar
/// that is gone before it is seen. Bytes.
pub const SINGLE_COPY_UP_TO: u64 = 256 * MIB;

/// No part is made smaller than this, whatever the provider allows: it satisfies the
/// strictest of them (S3). Bytes.
pub const PART_FLOOR: u64 = 5 * MIB;

/// The automatic part size keeps to about this many parts while it can.
const COMFORTABLE_PARTS: u64 = 2_000;

/// How the bytes get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// One `CopyObject` request.
    Single,
    /// `UploadPartCopy` for each part.
    Multipart,
}

/// The parts of one object; `part_size × (parts − 1) < size ≤ part_size × parts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Bytes of the object.
    pub size: u64,
    /// How the bytes get there.
    pub method: Method,
    /// Bytes of every part but the last; for a single copy the size itself.
    pub part_size: u64,
    /// How many parts; 1 for a single copy.
    pub parts: u32,
}

/// Why parts have the size they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartSizeBy {
    /// It was wished.
    Wish,
    /// The smallest that is chosen by itself: what is lost with a part is little.
    Least,
    /// Doubled until there are not too many parts to look at.
    FewParts,
    /// The provider takes no more parts than this.
    PartLimit,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// The object is larger than the provider can hold or parts can carry.
    #[error("the object has {size} bytes; the destination takes at most {max}")]
    ObjectTooLarge {
        /// Bytes of the object.
        size: u64,
        /// Most bytes the destination takes.
        max: u64,
    },
    /// Without part copies the object is too large for the one request there is.
    #[error(
        "the object has {size} bytes, the server cannot copy parts, and one request takes at most {max}"
    )]
    NeedsParts {
        /// Bytes of the object.
        size: u64,
        /// Most bytes one request takes.
        max: u64,
    },
    /// The wished part size is outside the provider's limits.
    #[error("a part size of {wished} bytes is outside {min} to {max}")]
    PartSizeOutside {
        /// Bytes wished.
        wished: u64,
        /// Fewest bytes allowed.
        min: u64,
        /// Most bytes allowed.
        max: u64,
    },
    /// The wished part size makes too many parts.
    #[error(
        "parts of {wished} bytes would make {parts} parts; use at least {least} bytes for at most {max} parts"
    )]
    TooManyParts {
        /// Bytes wished.
        wished: u64,
        /// Parts it would take.
        parts: u64,
        /// Most parts allowed.
        max: u32,
        /// Smallest part size that fits, in bytes.
        least: u64,
    },
}

/// Plans the copy of `size` bytes. `target` is the wished part size in bytes; `None` chooses.
///
/// A wish also forces a multipart copy of anything larger than one such part.
pub fn plan(size: u64, target: Option<u64>, limits: &Limits) -> Result<Plan, PlanError> {
    let carried = limits.max_part.saturating_mul(u64::from(limits.max_parts));
    let max = limits.max_object.min(carried);
    if size > max {
        return Err(PlanError::ObjectTooLarge { size, max });
    }
    let part_size = match target {
        Some(wished) => checked(wished, size, limits)?,
        None => automatic(size, limits),
    };
    let single_up_to = target
        .unwrap_or(SINGLE_COPY_UP_TO)
        .min(limits.max_single_copy);
    if size <= single_up_to {
        return Ok(Plan {
            size,
            method: Method::Single,
            part_size: size,
            parts: 1,
        });
    }
    let parts = size.div_ceil(part_size);
    Ok(Plan {
        size,
        method: Method::Multipart,
        part_size,
        parts: u32::try_from(parts).expect("at most max_parts by construction"),
    })
}

/// Plans the copy by one request, for servers that cannot copy parts. A wish for a part size
/// has no meaning there.
pub fn plan_whole(size: u64, limits: &Limits) -> Result<Plan, PlanError> {
    if size > limits.max_object {
        return Err(PlanError::ObjectTooLarge {
            size,
            max: limits.max_object,
        });
    }
    if size > limits.max_single_copy {
        return Err(PlanError::NeedsParts {
            size,
            max: limits.max_single_copy,
        });
    }
    Ok(Plan {
        size,
        method: Method::Single,
        part_size: size,
        parts: 1,
    })
}

/// Why parts have the size that [`plan`] gives them. `target` is the wish it was asked with.
pub fn part_size_by(size: u64, target: Option<u64>, limits: &Limits) -> PartSizeBy {
    if target.is_some() {
        return PartSizeBy::Wish;
    }
    let part = automatic(size, limits);
    if part == least_automatic(limits) {
        PartSizeBy::Least
    } else if part.is_power_of_two() {
        PartSizeBy::FewParts
    } else {
        PartSizeBy::PartLimit
    }
}

fn least_automatic(limits: &Limits) -> u64 {
    (64 * MIB).max(limits.min_part.next_power_of_two())
}

/// The smallest power of two from 64 MiB on that keeps to 2,000 parts; beyond what powers of
/// two can do, the smallest whole MiB that keeps to the provider's number of parts.
fn automatic(size: u64, limits: &Limits) -> u64 {
    let mut part = least_automatic(limits);
    while part < 4 * GIB && part * 2 <= limits.max_part && size.div_ceil(part) > COMFORTABLE_PARTS {
        part *= 2;
    }
    part.max(least_for(size, limits)).min(limits.max_part)
}

/// The smallest part size, in whole MiB where possible, that needs no more than `max_parts`.
fn least_for(size: u64, limits: &Limits) -> u64 {
    let exact = size.div_ceil(u64::from(limits.max_parts));
    let whole = exact.div_ceil(MIB).saturating_mul(MIB);
    if whole <= limits.max_part {
        whole
    } else {
        exact
    }
}

fn checked(wished: u64, size: u64, limits: &Limits) -> Result<u64, PlanError> {
    let min = limits.min_part.max(PART_FLOOR);
    if !(min..=limits.max_part).contains(&wished) {
        return Err(PlanError::PartSizeOutside {
            wished,
            min,
            max: limits.max_part,
        });
    }
    let parts = size.div_ceil(wished);
    if parts > u64::from(limits.max_parts) {
        return Err(PlanError::TooManyParts {
            wished,
            parts,
            max: limits.max_parts,
            least: least_for(size, limits).max(min),
        });
    }
    Ok(wished)
}

impl Plan {
    /// The bytes of a part; `None` for a number the plan does not have, or an empty object.
    pub fn range(&self, number: PartNumber) -> Option<ByteRange> {
        if number.value() > self.parts {
            return None;
        }
        let start = u64::from(number.value() - 1) * self.part_size;
        if planted::is(Bug::SlippedRange) && start > 0 && start + self.part_size < self.size {
            return ByteRange::new(start - 1, start - 1 + self.part_size);
        }
        ByteRange::new(start, (start + self.part_size).min(self.size))
    }

    /// The same copy in parts of a quarter of the size, or the least that the provider's number of
    /// parts allows. `None` if that would not be half at most: nothing is won by it.
    pub fn smaller(&self, limits: &Limits) -> Option<Self> {
        let least = least_for(self.size, limits)
            .max(limits.min_part)
            .max(PART_FLOOR);
        let part_size = (self.part_size / 4).max(least);
        let parts = u32::try_from(self.size.div_ceil(part_size)).ok()?;
        (self.method == Method::Multipart && part_size <= self.part_size / 2).then_some(Self {
            part_size,
            parts,
            ..*self
        })
    }

    /// Every part with its range, in order. Empty for an object of no bytes.
    pub fn ranges(&self) -> impl Iterator<Item = (PartNumber, ByteRange)> + '_ {
        (1..=self.parts)
            .filter_map(PartNumber::new)
            .filter_map(|number| Some((number, self.range(number)?)))
    }

    /// Write requests the copy takes when nothing is retried: one, or Create, the parts and
    /// Complete.
    pub fn write_requests(&self) -> u64 {
        match self.method {
            Method::Single => 1,
            Method::Multipart => u64::from(self.parts) + 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::limits::TIB;

    const LIMITS: Limits = Limits {
        min_part: 5 * MIB,
        max_part: 5 * GIB,
        max_parts: 10_000,
        max_single_copy: 5 * GIB,
        max_object: 10_000 * 5 * GIB,
        max_key_bytes: 1024,
    };

    fn sizes() -> impl Strategy<Value = u64> {
        let edges = [
            1,
            64 * MIB,
            256 * MIB,
            GIB,
            5 * GIB,
            8 * TIB,
            TIB,
            10_000 * 5 * GIB,
        ];
        let near = prop::sample::select(edges.to_vec()).prop_flat_map(|edge| {
            (edge.saturating_sub(3)..=edge + 3).prop_map(|s| s.min(LIMITS.max_object))
        });
        prop_oneof![
            near,
            0..=LIMITS.max_object,
            (0u32..46).prop_map(|bits| 1u64 << bits)
        ]
    }

    proptest! {
        #[test]
        fn parts_tile_the_object(size in sizes(), wish in prop::option::of(5 * MIB..=5 * GIB)) {
            let Ok(plan) = plan(size, wish, &LIMITS) else {
                // Only a wish can be refused below the object limit.
                prop_assert!(wish.is_some_and(|w| size.div_ceil(w) > 10_000));
                return Ok(());
            };
            prop_assert!(plan.parts >= 1 && plan.parts <= 10_000);
            let mut at = 0;
            for (number, range) in plan.ranges() {
                prop_assert_eq!(range.start(), at);
                if plan.method == Method::Multipart {
                    prop_assert!(range.len() <= LIMITS.max_part);
                    if number.value() < plan.parts {
                        prop_assert_eq!(range.len(), plan.part_size);
                        prop_assert!(range.len() >= PART_FLOOR);
                    }
                }
                at = range.end();
            }
            prop_assert_eq!(at, size);
        }
    }

    #[test]
    fn the_automatic_part_size_reads_well() {
        let parts = |size| {
            let plan = plan(size, None, &LIMITS).unwrap();
            (plan.part_size, plan.parts)
        };
        assert_eq!(parts(GIB), (64 * MIB, 16));
        assert_eq!(parts(TIB), (GIB, 1024));
        assert_eq!(parts(1200 * GIB), (GIB, 1200));
        assert_eq!(parts(8 * TIB), (4 * GIB, 2048));
        assert_eq!(parts(48 * TIB).1, 9_999);
        assert_eq!(parts(LIMITS.max_object), (5 * GIB, 10_000));
    }

    #[test]
    fn the_reason_for_a_part_size_is_the_one_that_decided() {
        let by = |size, wished| part_size_by(size, wished, &LIMITS);
        assert_eq!(by(GIB, None), PartSizeBy::Least);
        assert_eq!(by(GIB, Some(64 * MIB)), PartSizeBy::Wish);
        assert_eq!(by(TIB, None), PartSizeBy::FewParts);
        assert_eq!(by(8 * TIB, None), PartSizeBy::FewParts);
        assert_eq!(by(48 * TIB, None), PartSizeBy::PartLimit);
    }

    #[test]
    fn smaller_parts_are_a_quarter_while_their_number_allows() {
        let smaller = |size, wished| {
            let plan = plan(size, wished, &LIMITS).unwrap();
            plan.smaller(&LIMITS)
                .map(|smaller| (smaller.part_size, smaller.parts))
        };
        assert_eq!(smaller(TIB, Some(GIB)), Some((256 * MIB, 4096)));
        assert_eq!(smaller(GIB, Some(8 * MIB)), None, "the floor is too near");
        assert_eq!(smaller(GIB, Some(12 * MIB)), Some((5 * MIB, 205)));
        assert_eq!(smaller(TIB, Some(240 * MIB)), Some((105 * MIB, 9_987)));
        assert_eq!(smaller(48 * TIB, None), None, "as many as there may be");
        assert_eq!(smaller(MIB, None), None, "one request has no parts");
    }

    #[test]
    fn nothing_and_little_go_by_one_request() {
        for size in [0, 1, SINGLE_COPY_UP_TO] {
            assert_eq!(plan(size, None, &LIMITS).unwrap().method, Method::Single);
        }
        assert_eq!(plan(0, None, &LIMITS).unwrap().ranges().count(), 0);
        assert_eq!(
            plan(SINGLE_COPY_UP_TO + 1, None, &LIMITS).unwrap().method,
            Method::Multipart
        );
    }

    #[test]
    fn without_parts_one_request_takes_what_it_takes() {
        for size in [0, SINGLE_COPY_UP_TO + 1, LIMITS.max_single_copy] {
            let plan = plan_whole(size, &LIMITS).unwrap();
            assert_eq!((plan.method, plan.parts), (Method::Single, 1));
            assert_eq!(plan.write_requests(), 1);
        }
        assert_eq!(
            plan_whole(LIMITS.max_single_copy + 1, &LIMITS),
            Err(PlanError::NeedsParts {
                size: 5 * GIB + 1,
                max: 5 * GIB
            })
        );
        assert!(matches!(
            plan_whole(LIMITS.max_object + 1, &LIMITS),
            Err(PlanError::ObjectTooLarge { .. })
        ));
    }

    #[test]
    fn too_much_says_how_much_is_allowed() {
        let error = plan(LIMITS.max_object + 1, None, &LIMITS).unwrap_err();
        assert!(matches!(error, PlanError::ObjectTooLarge { max, .. } if max == LIMITS.max_object));
        let error = plan(TIB, Some(64 * MIB), &LIMITS).unwrap_err();
        assert_eq!(
            error,
            PlanError::TooManyParts {
                wished: 64 * MIB,
                parts: 16_384,
                max: 10_000,
                least: 105 * MIB
            }
        );
    }

    #[test]
    fn the_well_known_floor_division_bug_is_not_here() {
        // Dividing by 10,000 and rounding down gives 10,001 parts just above a multiple.
        let size = 10_000 * 100 * MIB + 1;
        assert!(plan(size, None, &LIMITS).unwrap().parts <= 10_000);
        assert_eq!(plan(size, Some(101 * MIB), &LIMITS).unwrap().parts, 9_901);
    }
}
