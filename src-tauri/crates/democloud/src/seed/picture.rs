//! Small real files that other programs can open.

use super::maker::seed_of;
use crate::content::noise;

const WIDTH: u16 = 64;
const HEIGHT: u16 = 48;

/// A gradient in colours that depend on the name.
pub(super) fn png(name: &str) -> Vec<u8> {
    let mut state = seed_of(name);
    let [red, green, blue, ..] = noise(&mut state).to_le_bytes();
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // Each row begins with the number of its filter; 0 is none.
        rows.push(0);
        for x in 0..WIDTH {
            let (x, y) = (x.to_le_bytes()[0], y.to_le_bytes()[0]);
            rows.extend([
                red.wrapping_add(x * 2),
                green.wrapping_add(y * 3),
                blue ^ (x & y),
            ]);
        }
    }
    let mut header = Vec::new();
    header.extend(u32::from(WIDTH).to_be_bytes());
    header.extend(u32::from(HEIGHT).to_be_bytes());
    // Eight bits, red green blue, deflate, no filter method, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &stored(&rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(body);
    let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, &file[start..]);
    file.extend(u32::try_from(sum).unwrap_or(0).to_be_bytes());
}

/// A zlib stream of one stored block: larger than compressed, and needs no compressor.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(bytes);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// Half a second of 440 Hz, one channel of 16 bits at 8 kHz.
pub(super) fn tone() -> Vec<u8> {
    const RATE: u32 = 8000;
    let samples = (0..RATE / 2).flat_map(|n| {
        let wave = (f64::from(n) / f64::from(RATE) * 440.0 * std::f64::consts::TAU).sin();
        #[allow(clippy::cast_possible_truncation)] // within ±8000
        let level = (wave * 8000.0) as i16;
        level.to_le_bytes()
    });
    let body: Vec<u8> = samples.collect();
    let length = u32::try_from(body.len()).unwrap_or(0);
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(length.to_le_bytes());
    file.extend(body);
    file
}
