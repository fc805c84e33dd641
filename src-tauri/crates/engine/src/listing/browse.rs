//! One level of a place for a window: what is left of it, many pages at once.

use partway_domain::Failure;
use partway_protocol::op::ObjectPage;

use super::level::Level;
use super::ranges::Start;
use super::wide::{self, Pages};
use crate::engine::Engine;
use crate::request::Place;
use crate::request::planning::{Planner, failure};

/// What names are rolled up at.
const DELIMITER: char = '/';

impl Engine {
    /// Reads a level of a place from `start` and gives its pages to `take` in the order of their
    /// names, until that answers `false`. Whether the end was reached.
    ///
    /// Up to sixteen pages are asked for at once, so a page may say nothing of where the server
    /// goes on: go on behind its last name then. A prefix may come on two pages that follow each
    /// other. Fails as `ListObjects` does; what was given before is whole up to there.
    pub async fn read_level(
        &self,
        place: &Place,
        start: Start,
        mut take: impl FnMut(&ObjectPage) -> bool + Send,
    ) -> Result<bool, Failure> {
        let planner = Planner(&self.shared);
        let side = planner.side(place).await?;
        let level = Level::new(side, place.prefix.clone(), Some(DELIMITER));
        let reading = wide::read_level(&planner, &level, start, |mut pages: Pages| async move {
            while let Some(page) = pages.next().await.map_err(failure)? {
                if !take(&page) {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        reading.await
    }
}
