use std::collections::{BTreeSet, HashSet};

use partway_domain::{Key, Prefix};
use partway_protocol::op::{ObjectEntry, ObjectPage};

use super::{Bounds, Broken, Question, Ranges, Start};

mod dice;
mod keys;

use dice::Dice;
use keys::Shape;

const BOUNDS: Bounds = Bounds {
    at_once: 16,
    held: 48,
};

/// A server, and what its listings may do.
#[derive(Debug)]
struct Server {
    prefix: String,
    delimiter: Option<char>,
    page: usize,
    /// It knows tokens but begins at the first key without one.
    ignores_after: bool,
    /// What a listing shows, in its order.
    names: Vec<String>,
}

impl Server {
    fn new(keys: &BTreeSet<String>, prefix: String, delimiter: Option<char>, page: usize) -> Self {
        let inside = keys.range(prefix.clone()..);
        let inside = inside.take_while(|key| key.starts_with(&prefix));
        let mut names: Vec<String> = inside
            .map(|key| {
                let end = delimiter.and_then(|d| key[prefix.len()..].find(d));
                end.map_or(key.clone(), |end| key[..=prefix.len() + end].to_owned())
            })
            .collect();
        names.dedup();
        Self {
            prefix,
            delimiter,
            page,
            ignores_after: false,
            names,
        }
    }

    fn answer(&self, question: &Question) -> ObjectPage {
        let heeded = question.after.as_ref().filter(|_| !self.ignores_after);
        let after = question.cursor.as_ref().or(heeded);
        let is_before = |name: &String| after.is_some_and(|after| name <= after);
        let start = self.names.partition_point(is_before);
        let end = (start + self.page).min(self.names.len());
        let (prefixes, keys): (Vec<_>, Vec<_>) = self.names[start..end]
            .iter()
            .partition(|name| self.delimiter.is_some_and(|d| name.ends_with(d)));
        let is_prefix = |name: &String| Prefix::parse(name.as_str()).unwrap();
        ObjectPage {
            entries: keys.into_iter().map(|name| entry(name)).collect(),
            prefixes: prefixes.into_iter().map(is_prefix).collect(),
            next: (end < self.names.len()).then(|| self.names[end - 1].clone()),
        }
    }

    fn list(&self) -> Ranges {
        let prefix = Prefix::parse(self.prefix.as_str()).unwrap();
        Ranges::new(prefix, self.delimiter, Start::default(), BOUNDS)
    }
}

fn entry(key: &str) -> ObjectEntry {
    ObjectEntry {
        key: Key::parse(key).unwrap(),
        size: 1,
        last_modified: String::new(),
        etag: None,
        storage_class: None,
    }
}

/// What a listing brought.
#[derive(Debug, Default)]
struct Seen {
    names: Vec<String>,
    questions: Vec<Question>,
}

/// Lists to the end, answers coming in any order, the reader reading when he likes.
fn list(server: &Server, dice: &mut Dice) -> Result<Seen, Broken> {
    let mut ranges = server.list();
    let mut seen = Seen::default();
    let mut asked: Vec<Question> = Vec::new();
    let (in_order, slow_reader) = (dice.below(2) == 0, dice.below(4) == 0);
    while !ranges.is_over() {
        while let Some(question) = ranges.next() {
            seen.questions.push(question.clone());
            asked.push(question);
        }
        assert!(asked.len() <= BOUNDS.at_once);
        assert!(ranges.held + asked.len() <= BOUNDS.held.max(1));
        if !asked.is_empty() {
            let at = if in_order { 0 } else { dice.below(asked.len()) };
            let question = asked.remove(at);
            ranges.landed(question.range, server.answer(&question))?;
        }
        while (asked.is_empty() || !slow_reader || dice.below(3) == 0)
            && let Some(page) = ranges.take()
        {
            let mut names: Vec<String> = page.entries.iter().map(|e| e.key.to_string()).collect();
            names.extend(page.prefixes.iter().map(ToString::to_string));
            names.sort_unstable();
            seen.names.extend(names);
        }
    }
    Ok(seen)
}

/// How many times somebody waits when every answer takes the same time, and the requests.
fn rounds(server: &Server) -> (usize, usize) {
    let mut ranges = server.list();
    let (mut rounds, mut requests) = (0, 0);
    while !ranges.is_over() {
        let asked: Vec<_> = std::iter::from_fn(|| ranges.next()).collect();
        rounds += 1;
        requests += asked.len();
        for question in asked {
            ranges
                .landed(question.range, server.answer(&question))
                .unwrap();
        }
        while ranges.take().is_some() {}
    }
    (rounds, requests)
}

#[test]
fn every_key_comes_once_and_in_order_for_twice_the_pages() {
    for seed in 0..1_000 {
        let mut dice = Dice::new(seed);
        let (keys, prefix, delimiter) = keys::any(&mut dice);
        let mut server = Server::new(&keys, prefix, delimiter, 1 + dice.below(50));
        server.ignores_after = dice.below(8) == 0;
        let seen = list(&server, &mut dice).unwrap_or_else(|broken| panic!("{seed}: {broken:?}"));
        assert!(seen.names == server.names, "other keys: seed {seed}");
        let pages = server.names.len() / server.page;
        let asked = seen.questions.len();
        assert!(asked <= 2 * pages + 8, "{asked} for {pages}: seed {seed}");
        let mut known = HashSet::new();
        for question in &seen.questions {
            let is_new = known.insert((&question.after, &question.cursor));
            assert!(is_new, "asked twice: {question:?}, seed {seed}");
        }
        if server.names.len() <= server.page {
            assert_eq!(asked, 1, "seed {seed}");
        }
    }
}

#[test]
fn many_pages_are_on_their_way_at_once() {
    for (shape, faster) in [
        (Shape::Counted, 12),
        (Shape::Hexadecimal, 10),
        (Shape::Levels, 8),
        (Shape::Words, 3),
        (Shape::Script, 2),
        (Shape::Crowded, 3),
    ] {
        let mut dice = Dice::new(1);
        let keys = (0..20_000).map(|at| shape.key(at, &mut dice)).collect();
        let server = Server::new(&keys, String::new(), None, 20);
        let (rounds, requests) = rounds(&server);
        let pages = server.names.len() / server.page;
        let told = format!("{shape:?}: {pages} pages in {rounds} rounds by {requests} requests");
        println!("{told}");
        assert!(rounds * faster < pages, "{told}");
        assert!(requests < 2 * pages, "{told}");
    }
}

/// Numbers go on from folder to folder, so that within one nothing tells where it ends.
#[test]
fn folders_of_a_page_each_are_no_reason_for_twice_the_pages() {
    for folder in [10, 19, 20, 21] {
        let keys = (0..20_000)
            .map(|at| {
                format!(
                    "{}{:05}/{at:08}.bin",
                    ["A", "b", "z"][at / 7_000],
                    at / folder
                )
            })
            .collect();
        let server = Server::new(&keys, String::new(), None, 20);
        let (rounds, requests) = rounds(&server);
        let pages = server.names.len() / server.page;
        let told = format!("{folder}: {pages} pages in {rounds} rounds by {requests} requests");
        println!("{told}");
        assert!(rounds * 6 < pages, "{told}");
        assert!(requests * 2 < 3 * pages, "{told}");
    }
}

#[test]
fn what_the_reader_does_not_wait_for_may_fail() {
    let keys = (0..20_000).map(|at| format!("{at:06}")).collect();
    let server = Server::new(&keys, String::new(), None, 20);
    let mut ranges = server.list();
    let (mut names, mut asked, mut failures) = (Vec::new(), 0, 0);
    while !ranges.is_over() {
        let question = ranges.next().expect("nothing is held here");
        asked += 1;
        if asked % 7 == 0 {
            failures += 1;
            let is_awaited = ranges.failed(question.range);
            // Whoever waits for it hears of it; here he asks again.
            assert!(!is_awaited || ranges.line[0].id == question.range);
        } else {
            let answer = server.answer(&question);
            ranges.landed(question.range, answer).unwrap();
        }
        while let Some(page) = ranges.take() {
            names.extend(page.entries.iter().map(|entry| entry.key.to_string()));
        }
    }
    assert!(names == server.names && failures > 100, "{failures}");
}

#[test]
fn a_page_that_failed_is_asked_for_again_once_the_reader_comes_to_it() {
    let keys = (0..2_000).map(|at| format!("{at:06}")).collect();
    let server = Server::new(&keys, String::new(), None, 20);
    for failing in 1..40 {
        let mut ranges = server.list();
        let (mut names, mut asked) = (0, 0);
        while !ranges.is_over() {
            let mut questions = Vec::new();
            while let Some(question) = ranges.next() {
                questions.push(question);
            }
            assert!(!questions.is_empty(), "nothing is on its way: {failing}");
            for question in questions {
                asked += 1;
                if asked % 40 == failing {
                    ranges.failed(question.range);
                } else {
                    let answer = server.answer(&question);
                    ranges.landed(question.range, answer).unwrap();
                }
                while let Some(page) = ranges.take() {
                    names += page.entries.len();
                }
            }
        }
        assert_eq!(names, server.names.len());
    }
}
