//! CRCs of things too long to read.
//!
//! Appending `n` bytes multiplies the state of a CRC by `x^(8n)` modulo its polynomial. With that
//! multiplier at hand, joining two checksums is one multiplication, whatever the length.

/// One of the CRCs the providers publish. All are reflected, with all ones before and after; the
/// 32-bit ones live in the lower half of a `u64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crc {
    /// CRC-64/XZ (ECMA-182 polynomial): `x-cos-hash-crc64ecma`.
    Xz,
    /// CRC-64/NVME: `x-amz-checksum-crc64nvme`.
    Nvme,
    /// CRC-32/ISO-HDLC: `x-amz-checksum-crc32`.
    Ieee,
    /// CRC-32/ISCSI: `x-amz-checksum-crc32c`.
    Castagnoli,
}

impl Crc {
    const fn polynomial(self) -> u64 {
        match self {
            Crc::Xz => 0xC96C_5795_D787_0F42,
            Crc::Nvme => 0x9A6C_9329_AC4B_C9B5,
            Crc::Ieee => 0xEDB8_8320,
            Crc::Castagnoli => 0x82F6_3B78,
        }
    }

    /// `x^0` in reflected bit order.
    const fn one(self) -> u64 {
        match self {
            Crc::Xz | Crc::Nvme => 1 << 63,
            Crc::Ieee | Crc::Castagnoli => 1 << 31,
        }
    }

    /// The checksum of real bytes.
    pub(crate) fn of(self, bytes: &[u8]) -> u64 {
        let algorithm = match self {
            Crc::Xz => crc_fast::CrcAlgorithm::Crc64Xz,
            Crc::Nvme => crc_fast::CrcAlgorithm::Crc64Nvme,
            Crc::Ieee => crc_fast::CrcAlgorithm::Crc32IsoHdlc,
            Crc::Castagnoli => crc_fast::CrcAlgorithm::Crc32Iscsi,
        };
        crc_fast::checksum(algorithm, bytes)
    }

    /// The checksum of `a` followed by `b`, given both checksums and the length of `b`.
    pub(crate) fn join(self, a: u64, b: u64, b_length: u64) -> u64 {
        // What nothing is multiplied by does not matter.
        if a == 0 {
            return b;
        }
        self.times(a, self.shift(b_length)) ^ b
    }

    /// `x^(8 * bytes)`: what appending that many bytes multiplies a state by.
    pub(crate) fn shift(self, bytes: u64) -> u64 {
        let powers = self.byte_powers();
        let mut product = self.one();
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
        let mut mask = self.one();
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
        static XZ: [u64; 64] = Crc::Xz.squares();
        static NVME: [u64; 64] = Crc::Nvme.squares();
        static IEEE: [u64; 64] = Crc::Ieee.squares();
        static CASTAGNOLI: [u64; 64] = Crc::Castagnoli.squares();
        match self {
            Crc::Xz => &XZ,
            Crc::Nvme => &NVME,
            Crc::Ieee => &IEEE,
            Crc::Castagnoli => &CASTAGNOLI,
        }
    }

    const fn squares(self) -> [u64; 64] {
        let mut powers = [0; 64];
        powers[0] = self.one() >> 8;
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
        assert_eq!(Crc::Xz.of(b"123456789"), 0x995D_C9BB_DF19_39FA);
        assert_eq!(Crc::Nvme.of(b"123456789"), 0xAE8B_1486_0A79_9888);
        assert_eq!(Crc::Ieee.of(b"123456789"), 0xCBF4_3926);
        assert_eq!(Crc::Castagnoli.of(b"123456789"), 0xE306_9283);
    }

    #[test]
    fn joined_is_the_same_as_read_in_one_go() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|i| (i * 7 % 251) as u8).collect();
        for crc in [Crc::Xz, Crc::Nvme, Crc::Ieee, Crc::Castagnoli] {
            for cut in [0, 1, 4093, 50_000, 99_999, 100_000] {
                let (a, b) = bytes.split_at(cut);
                let joined = crc.join(crc.of(a), crc.of(b), b.len() as u64);
                assert_eq!(joined, crc.of(&bytes), "{crc:?} cut at {cut}");
            }
        }
    }
}
