//! Encryption keys from files: never on the command line, where others could read them.

use std::fmt::Write as _;
use std::path::Path;

use partway_api::contract::KeyDraft;
use partway_api::{Api, ApiError};

use crate::exit::usage;

/// More is no key, whatever it is.
const MOST_BYTES: u64 = 4096;

/// Reads a key and offers it for this run; its MD5. `None` without a file.
pub(crate) async fn offer(api: &Api, file: Option<&Path>) -> Result<Option<String>, ApiError> {
    let Some(file) = file else { return Ok(None) };
    let draft = KeyDraft {
        key: read(file)?,
        md5: None,
    };
    let offered = api.offer_key(draft).await;
    let offered = offered.map_err(|error| usage(format!("{}: {error}", file.display())))?;
    Ok(Some(offered.md5))
}

fn read(file: &Path) -> Result<String, ApiError> {
    let refuse = |why: &str| usage(format!("the key file {} {why}", file.display()));
    let size =
        std::fs::metadata(file).map_err(|error| refuse(&format!("cannot be read: {error}")))?;
    if size.len() > MOST_BYTES {
        return Err(refuse("is far too long for a key of 32 bytes"));
    }
    let bytes = std::fs::read(file).map_err(|error| refuse(&format!("cannot be read: {error}")))?;
    text_of(bytes).ok_or_else(|| refuse("is neither text nor 32 bytes"))
}

/// 32 bytes as they are, in hexadecimal; anything else must be text already.
fn text_of(bytes: Vec<u8>) -> Option<String> {
    if bytes.len() == 32 {
        return Some(bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }));
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_bytes_become_text() {
        assert_eq!(text_of(vec![0xAB; 32]).unwrap(), "ab".repeat(32));
        assert_eq!(text_of(b"text\n".to_vec()).unwrap(), "text\n");
        assert_eq!(text_of(vec![0xFF; 31]), None);
    }
}
