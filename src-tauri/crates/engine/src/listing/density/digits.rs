//! The digits of one place of a name.

/// Characters that may stand at a place, as ranges in rising order that do not touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digits {
    ranges: Vec<(u32, u32)>,
    count: u32,
}

impl Digits {
    /// The kinds of the characters that were met, and where other scripts are among them, `seen`:
    /// their characters that stand anywhere nearby.
    pub(super) fn of(met: impl Iterator<Item = char>, seen: &[char]) -> Self {
        let mut ranges: Vec<(u32, u32)> = met.map(kind).collect();
        if ranges.iter().any(|&(low, _)| low > ASCII) {
            ranges.extend(seen.iter().map(|&c| kind(c)));
        }
        ranges.sort_unstable();
        // Of kinds that lie in one another the wider one is left.
        ranges.dedup_by(|next, kept| {
            let same = next.0 <= kept.1;
            if same {
                kept.1 = kept.1.max(next.1);
            }
            same
        });
        Self::from(ranges)
    }

    fn from(ranges: Vec<(u32, u32)>) -> Self {
        let count = ranges.iter().map(|(low, high)| high - low + 1).sum();
        Self { ranges, count }
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// How many digits are smaller, but never more than the largest digit.
    pub(super) fn rank(&self, c: char) -> u32 {
        let c = u32::from(c);
        let below = |&(low, high): &(u32, u32)| c.clamp(low, high + 1) - low;
        let rank: u32 = self.ranges.iter().map(below).sum();
        rank.min(self.count.saturating_sub(1))
    }

    /// The digit of a rank.
    pub(super) fn at(&self, mut rank: u32) -> char {
        for &(low, high) in &self.ranges {
            let size = high - low + 1;
            if rank < size {
                return char::from_u32(low + rank).unwrap_or(' ');
            }
            rank -= size;
        }
        ' '
    }

    /// Where only digits, or only letters to `f`, stand before a place that has both, the names
    /// are hexadecimal and the page was too short to show it.
    pub(super) fn spread_hexadecimal(places: &mut [Self]) {
        let both = Self::from(vec![DIGITS, LOWER_HEX]);
        let both_upper = Self::from(vec![DIGITS, UPPER_HEX]);
        for at in (1..places.len()).rev() {
            let next = &places[at];
            if *next != both && *next != both_upper {
                continue;
            }
            let next = next.clone();
            if places[at - 1]
                .ranges
                .iter()
                .all(|range| next.ranges.contains(range))
            {
                places[at - 1] = next;
            }
        }
    }
}

const DIGITS: (u32, u32) = ('0' as u32, '9' as u32);
const LOWER_HEX: (u32, u32) = ('a' as u32, 'f' as u32);
const UPPER_HEX: (u32, u32) = ('A' as u32, 'F' as u32);

const ASCII: u32 = 0x7f;

/// What is expected where this character was met. Of scripts with thousands of characters those
/// that are used lie far apart: nothing is expected between them.
fn kind(c: char) -> (u32, u32) {
    let code = u32::from(c);
    match c {
        '0'..='9' => DIGITS,
        'a'..='f' => LOWER_HEX,
        'A'..='F' => UPPER_HEX,
        'a'..='z' => ('a' as u32, 'z' as u32),
        'A'..='Z' => ('A' as u32, 'Z' as u32),
        _ => (code, code),
    }
}
