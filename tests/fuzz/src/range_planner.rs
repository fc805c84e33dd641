//! The range planner: sizes, wishes and limits of all magnitudes.

use partway_domain::limits::{GIB, MIB};
use partway_domain::plan::{PART_FLOOR, PlanError, plan_whole};
use partway_domain::{Limits, Method, Plan, plan};
use partway_protocol::dialect::dialect;

use crate::words::{Lines, dialect_name};

/// `size wish` on the first line (`-` for no wish), then a dialect, or limits of one's own:
/// `min_part max_part max_parts max_single_copy max_object`.
///
/// A plan covers the object exactly with legal parts, and is refused only when there is none.
pub fn range_planner(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = Lines::of(&text);
    let mut words = lines.next().split(' ');
    let size = number(words.next().unwrap_or(""));
    let wish = words.next().filter(|word| *word != "-").map(number);
    let Some(limits) = limits(lines.next()) else {
        return;
    };
    match plan(size, wish, &limits) {
        Ok(plan) => check(&plan, size, wish, &limits),
        Err(error) => check_refusal(&error, size, wish, &limits),
    }
    check_whole(size, &limits);
}

/// Digits; what does not fit is the largest number there is.
fn number(word: &str) -> u64 {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().unwrap_or(if digits && !word.is_empty() {
        u64::MAX
    } else {
        0
    })
}

/// `None` for limits that contradict themselves: no provider has them.
fn limits(line: &str) -> Option<Limits> {
    let words: Vec<&str> = line.split(' ').collect();
    let [min_part, max_part, max_parts, single, object] = words[..] else {
        return Some(dialect(dialect_name(line)).limits());
    };
    let limits = Limits {
        min_part: number(min_part),
        max_part: number(max_part),
        max_parts: u32::try_from(number(max_parts)).ok()?,
        max_single_copy: number(single),
        max_object: number(object),
        max_key_bytes: 1024,
    };
    let sane = (1..=limits.max_part).contains(&limits.min_part)
        && limits.max_part <= 1 << 50
        && (1..=10_000).contains(&limits.max_parts);
    sane.then_some(limits)
}

fn check(plan: &Plan, size: u64, wish: Option<u64>, limits: &Limits) {
    assert_eq!(plan.size, size);
    assert!((1..=limits.max_parts).contains(&plan.parts));
    if plan.method == Method::Single {
        assert!(size <= limits.max_single_copy);
        assert_eq!(plan.parts, 1);
    } else if let Some(wish) = wish {
        assert_eq!(plan.part_size, wish);
    }
    let mut at = 0;
    let mut count = 0;
    for (number, range) in plan.ranges() {
        count += 1;
        assert_eq!(number.value(), count);
        assert_eq!(range.start(), at);
        assert!(range.len() <= plan.part_size);
        if count < plan.parts {
            assert_eq!(range.len(), plan.part_size);
        }
        at = range.end();
    }
    assert_eq!(at, size);
    // An object without bytes is copied as a whole, and has no range at all.
    assert_eq!(count, if size == 0 { 0 } else { plan.parts });
    if plan.method == Method::Multipart {
        assert!((limits.min_part..=limits.max_part).contains(&plan.part_size));
        // Every provider of ours takes parts as small as the strictest of them.
        if limits.max_part >= GIB {
            assert!(plan.part_size >= PART_FLOOR.min(64 * MIB));
        }
    }
}

fn check_refusal(error: &PlanError, size: u64, wish: Option<u64>, limits: &Limits) {
    match *error {
        PlanError::ObjectTooLarge { max, .. } => {
            assert!(size > max);
            let carried = u128::from(limits.max_part) * u128::from(limits.max_parts);
            assert!(size > limits.max_object || u128::from(size) > carried);
        }
        PlanError::PartSizeOutside { wished, min, max } => {
            assert_eq!(wish, Some(wished));
            assert!(!(min..=max).contains(&wished));
        }
        PlanError::TooManyParts {
            wished,
            parts,
            max,
            least,
        } => {
            assert_eq!(wish, Some(wished));
            assert!(parts > u64::from(max) && parts == size.div_ceil(wished));
            assert!(least > wished, "what is advised must help");
            assert!(size.div_ceil(least) <= u64::from(max));
        }
        PlanError::NeedsParts { .. } => panic!("parts were allowed: {error}"),
    }
}

fn check_whole(size: u64, limits: &Limits) {
    let fits = size <= limits.max_single_copy && size <= limits.max_object;
    match plan_whole(size, limits) {
        Ok(plan) => {
            assert!(fits);
            assert_eq!(
                (plan.method, plan.parts, plan.size),
                (Method::Single, 1, size)
            );
        }
        Err(_) => assert!(!fits),
    }
}
