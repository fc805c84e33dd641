//! How densely keys lie near a page, and which key to expect some pages further. Pure.
//!
//! A page is read as numbers: the characters met at a place of its names are the digits of that
//! place, widened to their kind (digits, hexadecimal letters, letters, or what else is used of other
//! scripts). The page then spans a number, and so many spans further stands the key that
//! is expected there. Where the guess is wrong a range is longer or shorter than meant; which keys
//! are listed never depends on it.

use std::sync::Arc;

use partway_domain::Key;

mod digits;

use digits::Digits;

/// Names of a page that are looked at: enough to meet most characters of each place.
const SAMPLED: usize = 16;

/// Characters before the first that differs which take part, tried one after the other: what
/// overflows them needs more.
const CARRIES: [usize; 3] = [6, 12, 24];

/// One gap among so many is left out.
const ODD_GAPS: usize = 7;

/// No number needs more places than bits.
const MOST_PLACES: usize = 100;

/// Numbers stay below this, so that a few thousand spans never overflow.
const LARGEST: u128 = 1 << 100;

/// What a page tells of the keys around it.
#[derive(Debug)]
pub(super) struct Density {
    /// Bytes all names have in common because they were asked for.
    prefix: usize,
    /// Names of the page behind the prefix, the first and the last among them.
    names: Vec<Vec<char>>,
    /// The folders that the page went through, if it left one.
    folders: Option<Arc<Density>>,
}

/// A key that is expected somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) key: String,
    /// It begins in another way than the page, and not by the next of a row: how keys lie there
    /// cannot be told from here.
    pub(super) is_leap: bool,
}

impl Density {
    /// `names` are those of one page in their order, all beginning with the same `prefix` bytes;
    /// `None` where there are not two.
    pub(super) fn of(prefix: usize, names: &[&str]) -> Option<Self> {
        let (first, last) = (names.first()?, names.last()?);
        if first == last {
            return None;
        }
        let step = names.len().div_ceil(SAMPLED).max(1);
        let sampled = names.iter().step_by(step).chain([last]);
        Some(Self {
            prefix,
            names: sampled.map(|name| behind(name, prefix)).collect(),
            folders: None,
        })
    }

    /// The same with the name in front of the page, for listings in which folders are no names of
    /// their own.
    pub(super) fn behind(self, before: &str, names: &[&str]) -> Self {
        let mut folders: Vec<&str> = std::iter::once(&before)
            .chain(names)
            .filter_map(|name| Some(&name[..=self.prefix + name.get(self.prefix..)?.rfind('/')?]))
            .collect();
        folders.dedup();
        // Where each name has a folder of its own, the names say as much.
        let folders = (folders.len() * 2 <= names.len())
            .then(|| Self::of(self.prefix, &folders).map(Arc::new))
            .flatten();
        Self { folders, ..self }
    }

    /// The same for a page at a border, where nobody knows what stands in front of it: folders are
    /// taken to lie as they did before the border.
    pub(super) fn like(self, cut_from: &Self) -> Self {
        let folders = self.folders.or_else(|| cut_from.folders.clone());
        Self { folders, ..self }
    }

    /// The key expected `pages` pages behind `from`: greater than `from` and with its prefix.
    /// `None` where the page allows no guess, or nothing is expected there.
    pub(super) fn ahead(&self, from: &str, pages: u32) -> Option<Guess> {
        let guess = self.ahead_among_names(from, pages);
        // A page that left a folder behind says nothing of how far the one it ended in goes, but how
        // many of them there are to a page.
        let stays = |guess: &Guess| match from.rfind('/') {
            Some(end) => guess.key.starts_with(&from[..=end]),
            None => false,
        };
        match (&self.folders, &guess) {
            (Some(folders), Some(within)) if stays(within) => {
                let further = folders.ahead_among_names(from, pages);
                further
                    .filter(|guess| is_next_number(from, &guess.key))
                    .or(guess)
            }
            _ => guess,
        }
    }

    fn ahead_among_names(&self, from: &str, pages: u32) -> Option<Guess> {
        let name = behind(from, self.prefix);
        let target = CARRIES.iter().find_map(|&carry| {
            let frame = self.frame(&name, carry)?;
            let value = frame.value(&name) + frame.span * u128::from(pages);
            frame.name(&name, value)
        })?;
        let differs = name.iter().zip(&target).position(|(a, b)| a != b);
        let is_leap = differs.is_some_and(|at| at < self.same() && !counts(&name, at));
        // What no XML can carry, no server could repeat.
        let target = target.into_iter().take_while(|&c| is_xml(c));
        let mut key = from.get(..self.prefix)?.to_owned();
        key.extend(target);
        let is_further = key.as_str() > from;
        (is_further && Key::parse(key.as_str()).is_ok()).then_some(Guess { key, is_leap })
    }

    /// How many pages lie between two keys, as far as this page can tell.
    pub(super) fn pages_between(&self, from: &str, to: &str) -> u32 {
        let (from, to) = (behind(from, self.prefix), behind(to, self.prefix));
        let Some(frame) = self.frame(&from, CARRIES[0]) else {
            return u32::MAX;
        };
        let start = frame.start;
        if from.get(..start) != to.get(..start) {
            return u32::MAX;
        }
        let between = frame.value(&to).saturating_sub(frame.value(&from));
        u32::try_from(between / frame.span).unwrap_or(u32::MAX)
    }

    /// How many characters all names begin with.
    fn same(&self) -> usize {
        let (first, last) = (&self.names[0], &self.names[self.names.len() - 1]);
        first.iter().zip(last).take_while(|(a, b)| a == b).count()
    }

    /// The places from a few before the first that differs within the page.
    fn frame(&self, from: &[char], carry: usize) -> Option<Frame> {
        let start = self.same().saturating_sub(carry);
        if from.len() < start {
            return None;
        }
        let names = || self.names.iter().map(Vec::as_slice).chain([from]);
        let other = names().flatten().filter(|c| !c.is_ascii());
        let mut seen: Vec<char> = other.copied().collect();
        seen.sort_unstable();
        seen.dedup();
        let mut places: Vec<Digits> = (start..start + MOST_PLACES)
            .map(|place| Digits::of(names().filter_map(|name| name.get(place).copied()), &seen))
            .take_while(|digits| digits.count() > 0)
            .collect();
        Digits::spread_hexadecimal(&mut places);
        let mut size: u128 = 1;
        let fits = places.iter().take_while(|digits| {
            size = size.saturating_mul(digits.count().into());
            size <= LARGEST
        });
        places.truncate(fits.count());
        let mut frame = Frame {
            start,
            places,
            span: 0,
        };
        let values: Vec<u128> = self.names.iter().map(|name| frame.value(name)).collect();
        frame.span = span(&values);
        (frame.span > 0).then_some(frame)
    }
}

/// How much a page spans, by names from it. The largest gaps do not count: where keys of one kind
/// end and others begin, a gap says nothing about either.
fn span(values: &[u128]) -> u128 {
    let mut gaps: Vec<u128> = values
        .windows(2)
        .map(|pair| pair[1].saturating_sub(pair[0]))
        .collect();
    gaps.sort_unstable();
    let all: u128 = gaps.iter().sum();
    let usual = &gaps[..gaps.len() - gaps.len() / ODD_GAPS];
    let sum: u128 = usual.iter().sum();
    match sum {
        0 => all,
        _ => sum * gaps.len() as u128 / usual.len() as u128,
    }
}

/// Names as numbers.
struct Frame {
    start: usize,
    places: Vec<Digits>,
    span: u128,
}

impl Frame {
    fn value(&self, name: &[char]) -> u128 {
        let digits = self.places.iter().enumerate().map(|(at, digits)| {
            let rank = name.get(self.start + at).map_or(0, |&c| digits.rank(c));
            (digits.count(), rank)
        });
        digits.fold(0, |value, (count, rank)| {
            value * u128::from(count) + u128::from(rank)
        })
    }

    /// The name of a number, beginning like `from`; `None` where it has more places.
    fn name(&self, from: &[char], mut value: u128) -> Option<Vec<char>> {
        let mut digits = Vec::with_capacity(self.places.len());
        for place in self.places.iter().rev() {
            let count = u128::from(place.count());
            digits.push(place.at(u32::try_from(value % count).unwrap_or(0)));
            value /= count;
        }
        if value > 0 {
            return None;
        }
        let mut name = from.get(..self.start)?.to_vec();
        name.extend(digits.iter().rev());
        Some(name)
    }
}

/// Whether the next character after this one is known: that of a number, which may be hexadecimal,
/// or of a script of which only used characters are expected.
fn counts(name: &[char], at: usize) -> bool {
    if !name[at].is_ascii() {
        return true;
    }
    let is_digit = |at: usize| name.get(at).is_some_and(char::is_ascii_digit);
    is_digit(at)
        || (name[at].is_ascii_hexdigit() && (is_digit(at + 1) || at > 0 && is_digit(at - 1)))
}

fn behind(name: &str, prefix: usize) -> Vec<char> {
    name.get(prefix..).unwrap_or("").chars().collect()
}

/// Whether the first place in which a name differs from an earlier one is part of a number there.
fn is_next_number(from: &str, to: &str) -> bool {
    let from: Vec<char> = from.chars().collect();
    let differs = from.iter().zip(to.chars()).position(|(&a, b)| a != b);
    differs.is_some_and(|at| from[at].is_ascii() && counts(&from, at))
}

/// Characters that XML 1.0 can carry (<https://www.w3.org/TR/xml/#charsets>), line ends apart.
fn is_xml(c: char) -> bool {
    c >= ' ' && !matches!(c, '\u{7f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests;
