//! CRC-64 of things too long to read.
//!
//! Appending `n` bytes multiplies the state of a CRC by `x^(8n)` modulo its polynomial. With that
//! multiplier at hand, joining two checksums is one multiplication, whatever the length.

/// One of the two CRC-64 the providers publish. Both are reflected, with all ones before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crc64 {
    /// CRC-64/XZ (ECMA-182 polynomial): `x-cos-hash-crc64ecma`.
    Xz,
    /// CRC-64/NVME: `x-amz-checksum-crc64nvme`.
    Nvme,
}

/// `x^0` in reflected bit order.
const ONE: u64 = 1 << 63;

impl Crc64 {
    const fn polynomial(self) -> u64 {
        match self {
            Crc64::Xz => 0xC96C_5795_D787_0F42,
            Crc64::Nvme => 0x9A6C_9329_AC4B_C9B5,
        }
    }

    /// The checksum of real bytes.
    pub(crate) fn of(self, bytes: &[u8]) -> u64 {
        let algorithm = match self {
            Crc64::Xz => crc_fast::CrcAlgorithm::Crc64Xz,
            Crc64::Nvme => crc_fast::CrcAlgorithm::Crc64Nvme,
        };
        crc_fast::checksum(algorithm, bytes)
    }

    /// The checksum of `a` followed by `b`, given both checksums and the length of `b`.
    pub(crate) fn join(self, a: u64, b: u64, b_length: u64) -> u64 {
        self.times(a, self.shift(b_length)) ^ b
    }

    /// `x^(8 * bytes)`: what appending that many bytes multiplies a state by.
    pub(crate) fn shift(self, bytes: u64) -> u64 {
        let powers = self.byte_powers();
        let mut product = ONE;
        for (bit, &power) in powers.iter().enumerate() {
            if bytes >> bit & 1 == 1 {
                product = self.times(product, power);
            }
        }
        product
    }

    /// The product of two polynomials modulo this one.
    pub(crate) const fn times(self, a: u64, mut b: u64) -> u64 {
        let polynomial = self.polynomial();
        let mut product = 0;
        let mut mask = ONE;
        while mask != 0 {
            if a & mask != 0 {
                product ^= b;
            }
            b = (b >> 1) ^ (polynomial * (b & 1));
            mask >>= 1;
        }
        product
    }

    /// `x^(8 * 2^k)` for every `k` below 64.
    fn byte_powers(self) -> &'static [u64; 64] {
        static XZ: [u64; 64] = Crc64::Xz.squares();
        static NVME: [u64; 64] = Crc64::Nvme.squares();
        match self {
            Crc64::Xz => &XZ,
            Crc64::Nvme => &NVME,
        }
    }

    const fn squares(self) -> [u64; 64] {
        let mut powers = [0; 64];
        powers[0] = ONE >> 8;
        let mut k = 1;
        while k < 64 {
            powers[k] = self.times(powers[k - 1], powers[k - 1]);
            k += 1;
        }
        powers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_values_of_the_catalogue() {
        assert_eq!(Crc64::Xz.of(b"123456789"), 0x995D_C9BB_DF19_39FA);
        assert_eq!(Crc64::Nvme.of(b"123456789"), 0xAE8B_1486_0A79_9888);
    }

    #[test]
    fn joined_is_the_same_as_read_in_one_go() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|i| (i * 7 % 251) as u8).collect();
        for crc in [Crc64::Xz, Crc64::Nvme] {
            for cut in [0, 1, 4093, 50_000, 99_999, 100_000] {
                let (a, b) = bytes.split_at(cut);
                let joined = crc.join(crc.of(a), crc.of(b), b.len() as u64);
                assert_eq!(joined, crc.of(&bytes), "{crc:?} cut at {cut}");
            }
        }
    }
}
