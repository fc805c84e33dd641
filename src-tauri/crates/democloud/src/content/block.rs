//! The repeating block behind virtual content.

use super::Checksums;
use crate::crc::Crc;

/// Bytes in a block. A prime, so that two ranges a whole number of MiB apart never hold the same
/// bytes and a checksum notices parts put together in the wrong order.
const LENGTH: u64 = 4093;

/// Enough doublings for any offset that fits 64 bits.
const DOUBLINGS: usize = 52;

/// One block, with the checksums of 1, 2, 4, 8 … repetitions.
#[derive(Debug)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    xz: Doubling,
    nvme: Doubling,
}

#[derive(Debug)]
struct Doubling {
    crc: Crc,
    /// The checksum of `2^k` repetitions, and what appending them multiplies a state by.
    steps: Vec<(u64, u64)>,
}

impl Block {
    pub(crate) fn grow(seed: u64) -> Self {
        let mut state = seed;
        let bytes: Vec<u8> = (0..LENGTH.div_ceil(8))
            .flat_map(|_| next(&mut state).to_le_bytes())
            .take(usize::try_from(LENGTH).unwrap_or(0))
            .collect();
        Block {
            xz: Doubling::of(Crc::Xz, &bytes),
            nvme: Doubling::of(Crc::Nvme, &bytes),
            bytes,
        }
    }

    /// The checksums of the `length` bytes from `offset` on, in time that grows with the number of
    /// bits of `length`.
    pub(crate) fn checksums(&self, offset: u64, length: u64) -> Checksums {
        Checksums {
            xz: self.range(&self.xz, offset, length),
            nvme: self.range(&self.nvme, offset, length),
        }
    }

    /// One more CRC of the `length` bytes from `offset` on, for the few that ask for it.
    pub(crate) fn crc(&self, crc: Crc, offset: u64, length: u64) -> u64 {
        self.range(&Doubling::of(crc, &self.bytes), offset, length)
    }

    fn range(&self, doubling: &Doubling, offset: u64, length: u64) -> u64 {
        let head = self.piece(offset, length);
        let left = length - head.len() as u64;
        let sum = doubling.append(doubling.crc.of(head), left / LENGTH);
        let tail = self.piece(0, left % LENGTH);
        doubling
            .crc
            .join(sum, doubling.crc.of(tail), tail.len() as u64)
    }

    /// The bytes from `offset` to the end of the block it falls in, at most `length`.
    pub(crate) fn piece(&self, offset: u64, length: u64) -> &[u8] {
        let start = offset % LENGTH;
        let end = LENGTH.min(start.saturating_add(length));
        let index = |at| usize::try_from(at).unwrap_or(0);
        &self.bytes[index(start)..index(end)]
    }
}

impl Doubling {
    fn of(crc: Crc, bytes: &[u8]) -> Self {
        let mut steps = Vec::with_capacity(DOUBLINGS);
        let (mut sum, mut shift) = (crc.of(bytes), crc.shift(bytes.len() as u64));
        for _ in 0..DOUBLINGS {
            steps.push((sum, shift));
            sum ^= crc.times(sum, shift);
            shift = crc.times(shift, shift);
        }
        Doubling { crc, steps }
    }

    /// The checksum after `count` more whole blocks.
    fn append(&self, mut sum: u64, count: u64) -> u64 {
        for (bit, (block, shift)) in self.steps.iter().enumerate() {
            if count >> bit & 1 == 1 {
                sum = self.crc.times(sum, *shift) ^ block;
            }
        }
        sum
    }
}

/// `SplitMix64`: the shortest generator that passes for noise.
pub(crate) fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &Block, mut offset: u64, length: u64) -> Vec<u8> {
        let end = offset + length;
        let mut out = Vec::new();
        while offset < end {
            let piece = block.piece(offset, end - offset);
            out.extend_from_slice(piece);
            offset += piece.len() as u64;
        }
        out
    }

    #[test]
    fn the_sum_of_a_range_is_the_sum_of_its_bytes() {
        let block = Block::grow(42);
        for (offset, length) in [
            (0, 0),
            (0, 1),
            (4092, 1),
            (4092, 2),
            (0, 4093),
            (17, 4093 * 7),
            (1_000_000, 300_000),
            (4093 * 3, 4093 * 64),
        ] {
            let bytes = read(&block, offset, length);
            let expected = Checksums {
                xz: Crc::Xz.of(&bytes),
                nvme: Crc::Nvme.of(&bytes),
            };
            assert_eq!(
                block.checksums(offset, length),
                expected,
                "{length} bytes from {offset}"
            );
            let ieee = block.crc(Crc::Ieee, offset, length);
            assert_eq!(ieee, Crc::Ieee.of(&bytes));
        }
    }

    #[test]
    fn parts_a_mebibyte_apart_differ() {
        let block = Block::grow(42);
        let mebibyte = 1 << 20;
        assert_ne!(
            block.checksums(0, mebibyte),
            block.checksums(mebibyte, mebibyte)
        );
    }

    #[test]
    fn a_petabyte_takes_no_time() {
        let block = Block::grow(1);
        let half = 1 << 49;
        let (a, b) = (block.checksums(0, half), block.checksums(half, half));
        let whole = block.checksums(0, 2 * half);
        assert_eq!(Crc::Xz.join(a.xz, b.xz, half), whole.xz);
        assert_eq!(Crc::Nvme.join(a.nvme, b.nvme, half), whole.nvme);
    }
}
