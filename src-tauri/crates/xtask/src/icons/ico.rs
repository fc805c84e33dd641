//! The Windows container: a directory of pictures, each kept as a PNG file.

use super::Drawn;

const HEADER: usize = 6;
const ENTRY: usize = 16;

pub(super) fn container(pictures: &[Drawn]) -> Vec<u8> {
    let mut file = vec![0, 0, 1, 0];
    file.extend(short(pictures.len()));
    let mut offset = HEADER + ENTRY * pictures.len();
    for picture in pictures {
        // 256 is written as 0; larger ones do not fit this format.
        let side = u8::try_from(picture.size % 256).unwrap_or(0);
        file.extend([side, side, 0, 0]);
        file.extend(short(1)); // planes
        file.extend(short(32)); // bits per pixel
        file.extend(long(picture.png.len()));
        file.extend(long(offset));
        offset += picture.png.len();
    }
    for picture in pictures {
        file.extend(&picture.png);
    }
    file
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number)
        .expect("a handful of pictures")
        .to_le_bytes()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number)
        .expect("icons are small")
        .to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_points_at_its_picture() {
        let pictures = [
            Drawn {
                size: 16,
                png: b"first".to_vec(),
            },
            Drawn {
                size: 256,
                png: b"second!".to_vec(),
            },
        ];
        let file = container(&pictures);
        for (index, picture) in pictures.iter().enumerate() {
            let entry = &file[HEADER + ENTRY * index..][..ENTRY];
            let read =
                |at: usize| u32::from_le_bytes(entry[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!(&file[read(12)..][..read(8)], picture.png);
            assert_eq!(u32::from(entry[0]), picture.size % 256);
        }
    }
}
