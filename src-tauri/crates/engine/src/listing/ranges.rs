//! Who lists what: the keys of a listing as ranges in their order. Pure.
//!
//! One range is listed page by page, as ever. With its first page comes a guess of where keys stand
//! some pages further ([`Density`]); there the range is cut in two, and both halves are listed at
//! once. Ranges near the reader come first, so that little is held for him, and each is a few
//! pages long, because the page that crosses a border is the only one that is partly wasted.
//!
//! | what is seen                                   | what follows                               |
//! |------------------------------------------------|--------------------------------------------|
//! | the first page is the last                     | nothing else is asked                      |
//! | a page behind a border begins behind it        | the server heeds borders: many at once     |
//! | it begins before it, or is refused             | one page after the other, to the end       |
//! | pages behind borders bring nothing             | fewer borders are dared at once            |
//! | more borders than pages were found so far      | none is added until there are more pages   |
//! | the reader is late                             | nothing is asked but what he waits for     |

use std::collections::VecDeque;
use std::sync::Arc;

use partway_domain::Prefix;
use partway_protocol::op::{EndlessList, ObjectPage, Trail};

use super::density::{Density, Guess};

mod range;

use range::Range;

/// Pages a range shall have: a longer one wastes less, a shorter one holds less for the reader.
const PAGES: u32 = 3;

/// Borders that may be added before a page was found for each.
const ADVANCE: usize = 4;

/// Borders that are dared at once before one was met.
const FIRST_COURAGE: usize = 4;

/// How much may happen at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Requests in flight.
    pub(super) at_once: usize,
    /// Pages held for the reader or on their way.
    pub(super) held: usize,
}

/// Where a listing begins.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Behind this name.
    pub after: Option<String>,
    /// Where the server said that it goes on; goes before `after`.
    pub cursor: Option<String>,
    /// The pages that were seen before.
    pub trail: Trail,
}

/// One page to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// Whose answer it will be.
    pub(super) range: u64,
    /// The last name that is known to stand before the page.
    pub(super) after: Option<String>,
    /// Where the server said that the page begins; goes before `after`.
    pub(super) cursor: Option<String>,
}

/// Why a listing cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// This name stands where a greater one was expected.
    Disordered(String),
    /// The pages have no end.
    Endless(EndlessList),
}

/// Whether pages begin where they are asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Borders {
    Untried,
    Heeded,
    Ignored,
}

/// A listing under way.
#[derive(Debug)]
pub(super) struct Ranges {
    prefix: Prefix,
    delimiter: Option<char>,
    bounds: Bounds,
    /// In the order of their keys; the first is the one that is read.
    line: VecDeque<Range>,
    borders: Borders,
    /// A range that was given up before its answer came, and where it was to begin.
    trial: Option<(u64, String)>,
    in_flight: usize,
    /// Pages that wait for the reader.
    held: usize,
    /// Ranges made so far, the first not counted.
    splits: usize,
    /// Names found so far, and on the longest page.
    found: usize,
    longest: usize,
    /// Ranges that may be without any answer at once.
    courage: usize,
}

impl Ranges {
    /// Everything that begins with `prefix`, from `start`. With a delimiter, names behind it are
    /// rolled up, and a listing without order is taken as it comes.
    pub(super) fn new(
        prefix: Prefix,
        delimiter: Option<char>,
        start: Start,
        bounds: Bounds,
    ) -> Self {
        Self {
            prefix,
            delimiter,
            bounds,
            line: VecDeque::from([Range::first(start)]),
            borders: Borders::Untried,
            trial: None,
            in_flight: 0,
            held: 0,
            splits: 0,
            found: 0,
            longest: 1,
            courage: FIRST_COURAGE,
        }
    }

    /// The next page to ask for, if one may be asked for now.
    pub(super) fn next(&mut self) -> Option<Question> {
        self.pass_over_read();
        if self.in_flight >= self.bounds.at_once {
            return None;
        }
        let has_room = self.in_flight + self.held < self.bounds.held;
        let may_ask = |(at, range): (usize, &Range)| match at {
            0 => range.may_be_read_on() && (has_room || range.pages.is_empty()),
            _ => range.may_be_read_ahead() && has_room,
        };
        let at = match self.line.iter().enumerate().position(may_ask) {
            Some(at) => at,
            None if has_room => self.split()?,
            None => return None,
        };
        self.in_flight += 1;
        Some(self.line[at].ask())
    }

    /// Takes the answer to a question.
    pub(super) fn landed(&mut self, range: u64, page: ObjectPage) -> Result<(), Broken> {
        self.in_flight -= 1;
        let Some(at) = self.line.iter().position(|one| one.id == range) else {
            self.try_border(range, &page);
            return Ok(());
        };
        let names = range::names(&page);
        let disorder = self.line[at].disorder(&page);
        if at > 0 && self.borders == Borders::Untried {
            self.borders = match names.first() {
                Some(_) if disorder.is_none() => Borders::Heeded,
                Some(_) => Borders::Ignored,
                None => Borders::Untried,
            };
            if self.borders != Borders::Heeded {
                self.go_alone();
                return Ok(());
            }
        }
        self.line[at].follow(&page).map_err(Broken::Endless)?;
        if let Some(name) = disorder {
            if self.delimiter.is_none() || self.borders == Borders::Heeded {
                return Err(Broken::Disordered(name.to_owned()));
            }
            self.borders = Borders::Ignored;
            self.go_alone();
        }
        if self.borders == Borders::Untried && self.line[at].is_crossed_by(&names) {
            // Nothing is cut off before it is known that the rest will come.
            self.go_alone();
        }
        self.longest = self.longest.max(names.len());
        let is_full = names.len() * 2 >= self.longest;
        let density = Density::of(self.prefix.as_str().len(), &names).filter(|_| is_full);
        let before = self.line[at].after.as_deref();
        let density = match before.filter(|_| self.delimiter.is_none()) {
            Some(before) => density.map(|density| {
                let density = density.behind(before, &names);
                match &self.line[at].density {
                    Some(cut_from) if self.line[at].is_fresh => density.like(cut_from),
                    _ => density,
                }
            }),
            None => density,
        };
        let range = &mut self.line[at];
        if let Some(density) = density {
            range.density = Some(Arc::new(density));
        }
        let was_fresh = std::mem::take(&mut range.is_fresh);
        let is_end = page.next.is_none() && !range.is_crossed_by(&names);
        let taken = range.take_in(page);
        self.found += taken;
        self.held += usize::from(taken > 0);
        if was_fresh && at > 0 {
            self.courage = match taken {
                0 => (self.courage - 1).max(2),
                _ => (self.courage + 1).min(self.bounds.at_once),
            };
        }
        if is_end {
            // Whatever was cut off behind here begins behind the last key there is.
            while self.line.len() > at + 1 && self.line.back().is_some_and(Range::is_barren) {
                self.line.pop_back();
            }
        }
        Ok(())
    }

    /// There is no answer. `true` if the reader waits for this very page; otherwise it is asked
    /// for again when he does.
    pub(super) fn failed(&mut self, range: u64) -> bool {
        self.in_flight -= 1;
        let Some(at) = self.line.iter().position(|one| one.id == range) else {
            return false;
        };
        self.courage = 2;
        if at > 0 && self.borders == Borders::Untried {
            self.borders = Borders::Ignored;
            self.go_alone();
            return false;
        }
        let range = &mut self.line[at];
        range.fail();
        at == 0 && range.pages.is_empty()
    }

    /// Whether a page is there for the reader.
    pub(super) fn has_page(&mut self) -> bool {
        self.pass_over_read();
        self.line
            .front()
            .is_some_and(|first| !first.pages.is_empty())
    }

    /// What is listed and read gives its place to the next: only the first is asked for again.
    fn pass_over_read(&mut self) {
        while let Some(first) = self.line.front()
            && first.pages.is_empty()
            && first.is_over()
        {
            self.line.pop_front();
        }
    }

    /// The next page in the order of names. It says where the server goes on, unless that is
    /// not where this page ends.
    pub(super) fn take(&mut self) -> Option<ObjectPage> {
        if !self.has_page() {
            return None;
        }
        self.held -= 1;
        self.line.front_mut()?.pages.pop_front()
    }

    /// Everything was listed and read.
    pub(super) fn is_over(&mut self) -> bool {
        !self.has_page() && self.line.is_empty()
    }

    /// Cuts the first range that is worth it; the place of the new one.
    fn split(&mut self) -> Option<usize> {
        let may = match self.borders {
            Borders::Untried => self.line.len() == 1,
            Borders::Heeded => true,
            Borders::Ignored => false,
        };
        let fresh = self.line.iter().filter(|range| range.is_fresh).count();
        if !may || fresh >= self.courage || self.splits >= self.found / self.longest + ADVANCE {
            return None;
        }
        let at = (0..self.line.len()).find(|&at| self.cut(at))?;
        self.splits += 1;
        Some(at + 1)
    }

    /// Cuts a range where some pages of it end, by what is known of its density.
    fn cut(&mut self, at: usize) -> bool {
        let range = &self.line[at];
        if range.is_whole || range.is_over() {
            return false;
        }
        let Some(Guess { key, is_leap }) = self.border(range) else {
            self.line[at].is_whole = true;
            return false;
        };
        let id = self.splits as u64 + 1;
        let mut behind = self.line[at].cut(id, key);
        behind.is_whole = is_leap;
        self.line.insert(at + 1, behind);
        true
    }

    fn border(&self, range: &Range) -> Option<Guess> {
        let density = range.density.as_ref()?;
        let from = range.after.as_deref()?;
        let pages = match &range.end {
            Some(end) => PAGES.min(density.pages_between(from, end) / 2),
            None => PAGES,
        };
        if pages < 2 {
            return None;
        }
        let mut guess = density.ahead(from, pages)?;
        if let Some(delimiter) = self.delimiter {
            // What is rolled up shall be rolled up once.
            let level = &guess.key[self.prefix.as_str().len()..];
            let name = level.find(delimiter).unwrap_or(level.len());
            guess.key.truncate(self.prefix.as_str().len() + name);
        }
        let is_inside = range.end.as_ref().is_none_or(|end| guess.key < *end);
        (is_inside && guess.key.as_str() > from).then_some(guess)
    }

    /// What was asked for behind the first border is no use as names any more where the page before
    /// reached over it; whether it begins behind that border can be told all the same.
    fn try_border(&mut self, range: u64, page: &ObjectPage) {
        let Some((_, border)) = self.trial.take_if(|(id, _)| *id == range) else {
            return;
        };
        let names = range::names(page);
        match (self.borders, names.first()) {
            (Borders::Untried, Some(first)) if *first >= border.as_str() => {
                self.borders = Borders::Heeded;
            }
            (Borders::Untried, Some(_)) => {
                self.borders = Borders::Ignored;
                self.go_alone();
            }
            _ => {}
        }
    }

    /// Leaves the first range only, to the end of the listing: before borders are known to be
    /// heeded, nothing is lost with others.
    fn go_alone(&mut self) {
        if let Some(second) = self.line.get(1) {
            self.trial = second.after.clone().map(|border| (second.id, border));
        }
        self.line.truncate(1);
        self.line[0].end = None;
        self.line[0].is_whole = true;
        self.held = self.line[0].pages.len();
    }
}

#[cfg(test)]
mod tests;
