//! Draws every icon file the bundles need from the two drawings in `icons/`.
//!
//! `icon.svg` has the detail; `icon-small.svg` is drawn on whole pixels for sizes up to 48. The
//! results are committed, so only somebody who changes a drawing needs `rsvg-convert`
//! (Debian: `librsvg2-bin`).

mod icns;
mod ico;

use std::fs;
use std::process::Command;

use crate::place;
use crate::process::{self, Outcome};

/// The largest size, in pixels, the small drawing is used for.
const SMALL: u32 = 48;

pub(crate) fn command() -> Outcome {
    if !process::exists("rsvg-convert") {
        return Err(
            "rsvg-convert draws the icons: install librsvg2-bin (Debian, Ubuntu) or librsvg"
                .to_owned(),
        );
    }
    for (name, size) in [
        ("32x32.png", 32),
        ("128x128.png", 128),
        ("128x128@2x.png", 256),
        ("icon.png", 512),
    ] {
        write(name, &draw(size)?)?;
    }
    write(
        "icon.ico",
        &ico::container(&drawn(&[16, 24, 32, 48, 64, 256])?),
    )?;
    write("icon.icns", &icns::container(&drawn(&icns::SIZES)?))
}

/// A picture of so many pixels each way, as a PNG file.
pub(crate) struct Drawn {
    pub(crate) size: u32,
    pub(crate) png: Vec<u8>,
}

fn drawn(sizes: &[u32]) -> Result<Vec<Drawn>, String> {
    sizes
        .iter()
        .map(|&size| {
            Ok(Drawn {
                size,
                png: draw(size)?,
            })
        })
        .collect()
}

fn draw(size: u32) -> Result<Vec<u8>, String> {
    let drawing = if size <= SMALL {
        "icon-small.svg"
    } else {
        "icon.svg"
    };
    let pixels = size.to_string();
    let output = Command::new("rsvg-convert")
        .args(["--width", &pixels, "--height", &pixels])
        .arg(place::root().join("icons").join(drawing))
        .output()
        .map_err(|error| format!("rsvg-convert did not start: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!(
            "rsvg-convert: {}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

fn write(name: &str, bytes: &[u8]) -> Outcome {
    let path = place::root().join("icons").join(name);
    fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("{} ({} bytes)", path.display(), bytes.len());
    Ok(())
}
