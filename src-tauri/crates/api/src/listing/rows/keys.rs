//! The keys of a listing, each as what it does not share with the one before.
//!
//! Keys of one level begin with the same prefix and mostly come in order, so little is left of
//! each. Every sixteenth is whole: to read one, at most fifteen before it are gone through.

/// How many keys lie between two whole ones.
const BLOCK: u32 = 16;

/// Keys in the order they came, found by their index.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// For each key how many bytes it shares with the one before and how many follow, each
    /// number as a character, and then those that follow. A key has no more than 1,024 bytes.
    text: String,
    /// Where every sixteenth key begins. Four gigabytes are more than a person can look at.
    blocks: Vec<u32>,
    len: u32,
    last: String,
}

impl Keys {
    pub(super) fn push(&mut self, key: &str) {
        if self.len.is_multiple_of(BLOCK) {
            let begin = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.blocks.push(begin);
            self.last.clear();
        }
        let shared = shared(&self.last, key);
        let own = &key[shared..];
        self.text.extend([number(shared), number(own.len())]);
        self.text.push_str(own);
        self.last.truncate(shared);
        self.last.push_str(own);
        self.len += 1;
    }

    /// Reads on from where it read last, if what is asked for lies just behind.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader {
            keys: self,
            next: 0,
            rest: &self.text,
            key: String::new(),
        }
    }

    /// Bytes held, capacity not counted.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.blocks.len() * size_of::<u32>() + self.last.len()
    }
}

#[derive(Debug)]
pub(super) struct Reader<'a> {
    keys: &'a Keys,
    /// The index of the key that `rest` begins with.
    next: u32,
    rest: &'a str,
    key: String,
}

impl Reader<'_> {
    /// The key at an index, which must have been pushed.
    pub(super) fn read(&mut self, index: u32) -> &str {
        let is_read = index + 1 == self.next;
        let is_ahead = self.next <= index && self.next / BLOCK == index / BLOCK;
        if !is_read && !is_ahead {
            let block = index / BLOCK;
            self.rest = &self.keys.text[self.keys.blocks[block as usize] as usize..];
            self.next = block * BLOCK;
        }
        while self.next <= index {
            self.step();
        }
        &self.key
    }

    fn step(&mut self) {
        let mut rest = self.rest.chars();
        let mut number = || rest.next().map_or(0, |number| number as usize);
        let (shared, own) = (number(), number());
        let (own, rest) = rest.as_str().split_at(own);
        self.key.truncate(shared);
        self.key.push_str(own);
        self.rest = rest;
        self.next += 1;
    }
}

/// How many bytes two keys begin with alike, in whole characters.
fn shared(one: &str, other: &str) -> usize {
    let alike = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    alike.map(|(same, _)| same.len_utf8()).sum()
}

/// A length of a key, which is far below the numbers that are no characters.
fn number(count: usize) -> char {
    let number = u32::try_from(count).ok().and_then(char::from_u32);
    number.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_out_again_in_any_order_of_reading() {
        let long = "长".repeat(341);
        let mut all: Vec<String> = (0..100).map(|n| format!("照片/2026/{n:03}.jpg")).collect();
        // Out of order, equal, empty, the longest, and alike only within a character.
        let odd = ["b", "b", "", "a/é", "a/è", long.as_str(), "长"];
        all.extend(odd.map(str::to_owned));
        let mut keys = Keys::default();
        for key in &all {
            keys.push(key);
        }
        let count = all.len();
        let mut reader = keys.reader();
        for step in [1, 2, 15, 16, 17, 61, count - 1] {
            for at in (0..count).map(|n| n * step % count) {
                let index = u32::try_from(at).unwrap();
                assert_eq!(reader.read(index), all[at], "every {step}th");
                assert_eq!(reader.read(index), all[at], "once more");
            }
        }
    }

    #[test]
    fn a_common_prefix_is_kept_once_in_sixteen_keys() {
        let mut keys = Keys::default();
        for n in 0..1_600 {
            keys.push(&format!("{}/{n:06}.parquet", "deep/".repeat(100)));
        }
        assert!(keys.bytes() / 1_600 < 50, "{}", keys.bytes());
    }
}
