//! Reading the lines of an input: inputs are text, so that a corpus can be read and written by
//! people, and mutations of it keep most of their meaning.

use partway_domain::{Addressing, DialectName};

/// The input as text, line by line; bytes that are no text become U+FFFD. Lines that are not
/// there are empty.
pub(crate) struct Lines<'a>(std::str::Split<'a, char>);

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self(text.split('\n'))
    }

    pub(crate) fn next(&mut self) -> &'a str {
        self.0.next().unwrap_or("")
    }

    pub(crate) fn rest(self) -> impl Iterator<Item = &'a str> {
        self.0
    }
}

/// The dialect a word names, or any: every input shall reach something.
pub(crate) fn dialect_name(word: &str) -> DialectName {
    word.parse()
        .unwrap_or_else(|_| pick(word, &DialectName::ALL))
}

pub(crate) fn addressing(word: &str) -> Addressing {
    let all = [
        Addressing::VirtualHost,
        Addressing::Path,
        Addressing::CustomDomain,
    ];
    match word {
        "host" => all[0],
        "path" => all[1],
        "domain" => all[2],
        _ => pick(word, &all),
    }
}

/// One of them by the first byte of a word.
pub(crate) fn pick<T: Copy>(word: &str, all: &[T]) -> T {
    let first = word.bytes().next().unwrap_or(0);
    all[usize::from(first) % all.len()]
}
