//! A small file beside the journal that tells a clean close from a crash.
//!
//! Every process that has the journal open holds a shared lock on it. Whoever can lock it
//! alone is the first to open or the last to close; the file says `open` in between. Found
//! saying so by the first to open, nobody closed properly and the journal is worth a check.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use crate::private;

const OPEN: &[u8] = b"open\n";

#[derive(Debug)]
pub(crate) struct Sentinel {
    file: File,
}

/// What the sentinel says about those before us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nobody else has the journal open, and the last one closed it.
    Closed,
    /// Nobody else has the journal open, and the last one did not close it.
    Crashed,
    /// Another process has the journal open.
    Shared,
}

impl Sentinel {
    /// Opens the sentinel, alone if possible. Follow with [`Self::share`].
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Before)> {
        let file = private::options().open(path)?;
        private::tighten(path);
        let mut sentinel = Self { file };
        let before = match sentinel.file.try_lock() {
            Ok(()) if sentinel.says_open()? => Before::Crashed,
            Ok(()) => Before::Closed,
            Err(TryLockError::WouldBlock) => Before::Shared,
            Err(TryLockError::Error(error)) => {
                // Some network folders have no locks: be careful every time.
                tracing::warn!(%error, "no file locks here; the journal is checked at each start");
                Before::Crashed
            }
        };
        Ok((sentinel, before))
    }

    /// Lets others open the journal too, and leaves the word that it is open.
    pub(crate) fn share(&mut self) -> io::Result<()> {
        loop {
            // A lock is let go before another is asked for: not every system converts them.
            self.file.unlock().ok();
            let alone = !matches!(self.file.try_lock(), Err(TryLockError::WouldBlock));
            if alone && !self.says_open()? {
                self.file.write_all(OPEN)?;
            }
            self.file.unlock().ok();
            self.file.lock_shared().ok();
            // The last of the others may have closed in between.
            if self.says_open()? {
                return Ok(());
            }
        }
    }

    /// Takes the word back if nobody else has the journal open.
    pub(crate) fn close(self) -> io::Result<()> {
        self.file.unlock().ok();
        if self.file.try_lock().is_ok() {
            self.file.set_len(0)?;
        }
        Ok(())
    }

    fn says_open(&mut self) -> io::Result<bool> {
        let mut text = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut text)?;
        self.file.rewind()?;
        Ok(!text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_is_told_from_a_close_and_from_company() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in-use");

        let (mut first, before) = Sentinel::open(&path).unwrap();
        assert_eq!(before, Before::Closed);
        first.share().unwrap();

        let (mut second, before) = Sentinel::open(&path).unwrap();
        assert_eq!(before, Before::Shared);
        second.share().unwrap();

        second.close().unwrap();
        drop(first);
        let (mut third, before) = Sentinel::open(&path).unwrap();
        assert_eq!(before, Before::Crashed, "the first was dropped, not closed");
        third.share().unwrap();

        third.close().unwrap();
        assert_eq!(Sentinel::open(&path).unwrap().1, Before::Closed);
    }
}
