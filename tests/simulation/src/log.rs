//! What the program writes to its log, kept so that it can be searched.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::Level;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::world::lock;

/// Everything this thread has logged since.
#[derive(Debug)]
pub(crate) struct Log {
    sheet: Sheet,
    _kept: DefaultGuard,
}

impl Log {
    /// Keeps what this thread logs from now on, down to the finest that users may turn on.
    pub(crate) fn keep() -> Self {
        let sheet = Sheet::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::DEBUG)
            .with_ansi(false)
            .with_writer(sheet.clone())
            .finish();
        Self {
            sheet,
            _kept: tracing::subscriber::set_default(subscriber),
        }
    }

    /// Stops keeping.
    pub(crate) fn end(self) -> Vec<u8> {
        std::mem::take(&mut lock(&self.sheet.0))
    }
}

#[derive(Debug, Clone, Default)]
struct Sheet(Arc<Mutex<Vec<u8>>>);

impl io::Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sheet {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
