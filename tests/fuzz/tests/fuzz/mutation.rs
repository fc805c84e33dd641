//! A small mutator: enough to leave the beaten path, and the same on every machine.

/// Pieces that decoders and parsers treat in a way of their own.
const PIECES: &[&str] = &[
    "<",
    ">",
    "/",
    "</",
    "/>",
    "&",
    ";",
    "&amp;",
    "&lt;",
    "&#0;",
    "&#x1F600;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE a>",
    "<Error>",
    "</Error>",
    "<Code>",
    "</Code>",
    "<ETag>",
    "</ETag>",
    "<Key>",
    "</Key>",
    "<IsTruncated>true</IsTruncated>",
    "<NextMarker>",
    "<EncodingType>url</EncodingType>",
    "xmlns:x=\"u\" ",
    "\"",
    "'",
    "%",
    "%00",
    "%2F",
    "%zz",
    "+",
    " ",
    "\n",
    "\r",
    "\t",
    "\0",
    ":",
    "@",
    "?",
    "#",
    "//",
    "\\",
    "..",
    ".",
    "0",
    "-1",
    "1",
    "10000",
    "10001",
    "18446744073709551615",
    "18446744073709551616",
    "1e9",
    "5368709120",
    "5368709121",
    "\u{202e}",
    "\u{feff}",
    "é",
    "中",
    "😀",
    "https://",
    "http://",
    "evil.example",
    ".myqcloud.com",
    ".amazonaws.com",
    "127.0.0.1",
    "[::1]",
    ":65536",
    "us-east-1",
    "versionId=",
    "x-amz-bucket-region: ",
    "location: ",
    "200",
    "404",
    "{",
    "}",
    "null",
];

pub(crate) struct Mutation<'a> {
    state: u64,
    corpus: &'a [Vec<u8>],
    longest: usize,
}

impl<'a> Mutation<'a> {
    pub(crate) fn seeded(seed: u64, corpus: &'a [Vec<u8>], longest: usize) -> Self {
        Self {
            state: seed ^ 0x7061_7274_7761_7921,
            corpus,
            longest,
        }
    }

    /// One of the corpus after one to eight changes.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.any_of_corpus().to_vec();
        for _ in 0..=self.below(8) {
            self.change(&mut input);
        }
        input.truncate(self.longest);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        match self.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                let byte = u8::try_from(self.below(256)).unwrap_or_default();
                input.insert(at, byte);
            }
            2 => {
                let end = (at + self.below(16)).min(input.len());
                input.drain(at..end);
            }
            3 => input.truncate(at),
            4 => {
                let end = (at + self.below(64)).min(input.len());
                let again = input[at..end].to_vec();
                input.splice(at..at, again);
            }
            5 => {
                let other = self.any_of_corpus();
                let from = self.below(other.len() + 1);
                let end = (from + self.below(128)).min(other.len());
                input.splice(at..at, other[from..end].iter().copied());
            }
            _ => {
                let piece = PIECES[self.below(PIECES.len())];
                // Half of the time in place of something.
                let end = (at + self.below(2) * piece.len()).min(input.len());
                input.splice(at..end, piece.bytes());
            }
        }
    }

    fn any_of_corpus(&mut self) -> &'a [u8] {
        &self.corpus[self.below(self.corpus.len())]
    }

    /// A number below `end`, by `SplitMix64`.
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(z % end).unwrap_or_default()
    }
}
