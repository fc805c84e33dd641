//! Bytes to recognise again.

/// As many bytes as asked for, of which no two ranges are alike; another seed, another content.
pub(super) fn content(bytes: usize, seed: u64) -> Vec<u8> {
    // A linear congruence (Knuth's MMIX) of which only the high bits are used.
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut content = Vec::with_capacity(bytes + 4);
    while content.len() < bytes {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        content.extend_from_slice(&state.to_be_bytes()[..4]);
    }
    content.truncate(bytes);
    content
}
