//! Where content is looked up: grown blocks, sample bytes in memory, real bytes on disk.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use md5::Md5;
use sha2::{Digest, Sha256};

use super::{Block, Checksums, ContentId, Segment, total};
use crate::chance::Chance;
use crate::crc::Crc;
use crate::lock;
use crate::text::hex;

/// Largest piece read at once.
const STEP: u64 = 256 * 1024;

/// Blocks kept at a time, about 6 KiB each. Growing one again takes microseconds.
const GROWN: usize = 4096;

/// All content of one cloud.
#[derive(Debug)]
pub(crate) struct Library {
    /// `None` keeps everything in memory.
    folder: Option<PathBuf>,
    /// Samples, the same in every run: never written.
    held: Mutex<HashMap<String, Bytes>>,
    blocks: Mutex<HashMap<u64, Arc<Block>>>,
}

impl Library {
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Library {
            folder: Some(folder),
            held: Mutex::default(),
            blocks: Mutex::default(),
        })
    }

    /// A library without a folder: what it keeps is gone with it.
    pub(crate) fn in_memory() -> Self {
        Library {
            folder: None,
            held: Mutex::default(),
            blocks: Mutex::default(),
        }
    }

    /// Keeps bytes in memory only: for samples that every start makes again.
    pub(crate) fn hold(&self, bytes: Bytes) -> Vec<Segment> {
        let id = hex(&Sha256::digest(&bytes));
        let segments = whole(&id, bytes.len());
        lock(&self.held).insert(id, bytes);
        segments
    }

    /// Keeps bytes on disk, if there is a folder. The file is complete under its name or absent.
    pub(crate) fn keep(&self, bytes: &[u8], chance: &Chance) -> io::Result<Vec<Segment>> {
        let Some(folder) = &self.folder else {
            return Ok(self.hold(Bytes::copy_from_slice(bytes)));
        };
        let id = hex(&Sha256::digest(bytes));
        let path = folder.join(&id);
        if !bytes.is_empty() && !lock(&self.held).contains_key(&id) && !path.exists() {
            let half = folder.join(format!("{id}.{}", chance.token(8)));
            std::fs::write(&half, bytes)?;
            std::fs::rename(&half, &path)?;
        }
        Ok(whole(&id, bytes.len()))
    }

    /// Removes files that no object refers to any more.
    pub(crate) fn sweep(&self, used: &HashSet<String>) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if !entry
                .file_name()
                .to_str()
                .is_some_and(|name| used.contains(name))
            {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The checksums of all segments in a row.
    pub(crate) fn checksums(&self, segments: &[Segment]) -> io::Result<Checksums> {
        let mut sum = Checksums::default();
        for segment in segments {
            let next = match &segment.content {
                ContentId::Virtual(seed) => {
                    self.block(*seed).checksums(segment.offset, segment.length)
                }
                ContentId::Bytes(_) => {
                    let bytes = self.all(std::slice::from_ref(segment))?;
                    Checksums {
                        xz: Crc::Xz.of(&bytes),
                        nvme: Crc::Nvme.of(&bytes),
                    }
                }
            };
            sum = sum.join(next, segment.length);
        }
        Ok(sum)
    }

    /// One CRC of all segments in a row.
    pub(crate) fn crc(&self, crc: Crc, segments: &[Segment]) -> io::Result<u64> {
        let mut sum = 0;
        for segment in segments {
            let next = match &segment.content {
                ContentId::Virtual(seed) => {
                    self.block(*seed).crc(crc, segment.offset, segment.length)
                }
                ContentId::Bytes(_) => crc.of(&self.all(std::slice::from_ref(segment))?),
            };
            sum = crc.join(sum, next, segment.length);
        }
        Ok(sum)
    }

    /// The `ETag`, without quotes, of something stored in one go: the MD5 where all bytes are real,
    /// otherwise 32 hex digits that depend on content, range and size alone.
    pub(crate) fn etag(&self, segments: &[Segment]) -> io::Result<String> {
        let real = |segment: &Segment| matches!(segment.content, ContentId::Bytes(_));
        if segments.iter().all(real) {
            return Ok(hex(&Md5::digest(self.all(segments)?)));
        }
        let mut digest = Md5::new();
        for segment in segments {
            let line = format!(
                "{} {} {}\n",
                segment.content, segment.offset, segment.length
            );
            digest.update(line);
        }
        Ok(hex(&digest.finalize()))
    }

    /// Every byte at once; for content known to be small.
    pub(crate) fn all(&self, segments: &[Segment]) -> io::Result<Vec<u8>> {
        let size = total(segments);
        let mut out = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        while (out.len() as u64) < size {
            out.extend_from_slice(&self.piece(segments, out.len() as u64)?);
        }
        Ok(out)
    }

    /// Some bytes from `at` on, as many as come easily; empty only at the end.
    pub(crate) fn piece(&self, segments: &[Segment], mut at: u64) -> io::Result<Bytes> {
        let Some(segment) = segments.iter().find(|segment| {
            let inside = at < segment.length;
            if !inside {
                at -= segment.length;
            }
            inside
        }) else {
            return Ok(Bytes::new());
        };
        let length = (segment.length - at).min(STEP);
        let offset = segment.offset + at;
        match &segment.content {
            ContentId::Virtual(seed) => {
                let block = self.block(*seed);
                let mut out = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
                while (out.len() as u64) < length {
                    let done = out.len() as u64;
                    out.extend_from_slice(block.piece(offset + done, length - done));
                }
                Ok(out.into())
            }
            ContentId::Bytes(id) => self.bytes(id, offset, length),
        }
    }

    fn bytes(&self, id: &str, offset: u64, length: u64) -> io::Result<Bytes> {
        if let Some(held) = lock(&self.held).get(id) {
            let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(held.len());
            return Ok(held.slice(index(offset)..index(offset + length)));
        }
        let missing =
            || io::Error::new(io::ErrorKind::NotFound, format!("there is no content {id}"));
        let folder = self.folder.as_ref().ok_or_else(missing)?;
        read_range(&folder.join(id), offset, length)
    }

    fn block(&self, seed: u64) -> Arc<Block> {
        let mut blocks = lock(&self.blocks);
        if blocks.len() >= GROWN {
            blocks.clear();
        }
        let block = blocks
            .entry(seed)
            .or_insert_with(|| Arc::new(Block::grow(seed)));
        Arc::clone(block)
    }
}

fn whole(id: &str, length: usize) -> Vec<Segment> {
    let mut segments = Vec::new();
    let all = Segment {
        content: ContentId::Bytes(id.to_owned()),
        offset: 0,
        length: length as u64,
    };
    super::append(&mut segments, &[all]);
    segments
}

fn read_range(path: &Path, offset: u64, length: u64) -> io::Result<Bytes> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut out = Vec::new();
    file.take(length).read_to_end(&mut out)?;
    if out.len() as u64 == length {
        Ok(out.into())
    } else {
        let what = format!("{} is shorter than its object", path.display());
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, what))
    }
}
