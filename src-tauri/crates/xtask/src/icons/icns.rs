//! The macOS container: a length-prefixed list of pictures under four-letter names.

use super::Drawn;

/// What each name holds, in pixels: plain sizes first, then the doubled ones.
const NAMES: [(&[u8; 4], u32); 8] = [
    (b"ic07", 128),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic13", 256),
    (b"ic14", 512),
];

/// The sizes to draw.
pub(super) const SIZES: [u32; 6] = [32, 64, 128, 256, 512, 1024];

pub(super) fn container(pictures: &[Drawn]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, size) in NAMES {
        let Some(picture) = pictures.iter().find(|picture| picture.size == size) else {
            continue;
        };
        body.extend(name);
        body.extend(length(picture.png.len() + 8));
        body.extend(&picture.png);
    }
    let mut file = b"icns".to_vec();
    file.extend(length(body.len() + 8));
    file.extend(body);
    file
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).expect("icons are small").to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_picture_and_the_lengths_add_up() {
        let pictures: Vec<Drawn> = SIZES
            .iter()
            .map(|&size| Drawn {
                size,
                png: size.to_string().into_bytes(),
            })
            .collect();
        let file = container(&pictures);
        let read = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(read(4), file.len());
        let mut at = 8;
        for (name, size) in NAMES {
            assert_eq!(&file[at..at + 4], name);
            assert_eq!(
                &file[at + 8..at + read(at + 4)],
                size.to_string().as_bytes()
            );
            at += read(at + 4);
        }
        assert_eq!(at, file.len());
    }
}
