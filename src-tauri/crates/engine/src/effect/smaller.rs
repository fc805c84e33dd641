//! Parts that take longer than anybody waits for: servers and gateways give up on a copy that
//! stays silent too long, however often it is asked for. Then the copy begins anew with smaller
//! parts. Once: where those do not arrive either, size is not what is wrong.

use std::sync::atomic::Ordering;

use partway_domain::Event;
use partway_journal::table::event::Level;
use partway_journal::table::transfer::Pin;
use partway_journal::{Change, Durability};

use super::{Obstacle, Step};
use crate::driver::run::Run;
use crate::event::{self, Told as _};

/// Sendings of parts whose time was over, with none in time between them, that are enough.
const ENOUGH: u32 = 3;

impl Run {
    /// One more sending got no answer in time; whether that is enough.
    pub(super) fn part_is_overdue(&self) -> bool {
        self.tries.overdue.fetch_add(1, Ordering::Relaxed);
        self.parts_are_too_slow()
    }

    pub(super) fn part_was_in_time(&self) {
        self.tries.overdue.store(0, Ordering::Relaxed);
    }

    /// Whether smaller parts are to be tried, as far as the answers tell.
    pub(super) fn parts_are_too_slow(&self) -> bool {
        !self.tries.shrunk && self.tries.overdue.load(Ordering::Relaxed) >= ENOUGH
    }

    /// Plans smaller parts, if these are too slow and there are any. One commit gives the upload
    /// back and binds the new plan: whatever happens next, Locate finds both.
    pub(super) async fn take_smaller_parts(&mut self, pin: &Pin) -> Result<Option<Step>, Obstacle> {
        if !self.parts_are_too_slow() {
            return Ok(None);
        }
        self.tries.shrunk = true;
        self.part_was_in_time();
        let Some(plan) = pin.plan.smaller(&self.route.dialect.limits()) else {
            return Ok(None);
        };
        let pin = Pin {
            plan,
            ..pin.clone()
        };
        let mut told = self.event(event::PARTS_SMALLER).saying(format!(
            "parts of {} bytes got no answer in time, {ENOUGH} times in a row: a new upload is \
             begun with parts of {} bytes, and the old one is given back",
            self.plan().map_or(0, |plan| plan.part_size),
            plan.part_size,
        ));
        told.level = Level::Warning;
        let transfer = self.id();
        let changes = vec![
            Change::AbortIntended { transfer },
            Change::Pinned {
                transfer,
                pin: pin.clone(),
            },
            Change::Event(told),
        ];
        self.write(changes, Durability::Durable).await?;
        if let Some(upload) = &mut self.row.upload {
            upload.aborting = true;
        }
        self.row.pin = Some(pin);
        Ok(Some(Step::plain(Event::UploadLost)))
    }
}
