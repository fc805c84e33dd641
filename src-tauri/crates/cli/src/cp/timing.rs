//! How soon and when a job runs, as arguments.

use clap::{Args, ValueEnum};
use jiff::civil::{DateTime, Time};
use jiff::{Timestamp, Zoned};
use partway_api::contract::JobTiming;
use partway_domain::DailyWindow;

#[derive(Debug, Args)]
pub(crate) struct TimingArgs {
    /// How soon the job gets its turn among others.
    #[arg(long, value_enum, default_value_t = Word::Normal)]
    priority: Word,

    /// Begin at this time: 22:00, 2026-11-22T01:00 (local time) or with a zone.
    #[arg(long, value_name = "TIME", value_parser = parse_start)]
    start_at: Option<i64>,

    /// Run only within these hours of every day, local time, e.g. 22:00-06:00.
    #[arg(long, value_name = "HOURS")]
    window: Option<DailyWindow>,
}

/// The word of a priority.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Word {
    /// Before all others.
    High,
    /// As they come.
    Normal,
    /// When nothing else wants to run.
    Low,
}

impl TimingArgs {
    pub(crate) fn timing(&self) -> JobTiming {
        JobTiming {
            priority: self.priority.into(),
            start_at_ms: self.start_at.map(|at| at as f64),
            window: self.window.map(|window| window.to_string()),
        }
    }
}

/// A time in milliseconds since 1970. One without a day is the next of its kind.
pub(crate) fn parse_start(text: &str) -> Result<i64, String> {
    start(text, &Zoned::now())
}

fn start(text: &str, now: &Zoned) -> Result<i64, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment.as_millisecond());
    }
    let wrong =
        || format!("{text:?} is no time; write 22:00, 2026-11-22T01:00 or 2026-11-22T01:00+08:00");
    // Read as a time without a zone, its zone would be passed over.
    if text.contains('[') {
        let moment: Zoned = text.parse().map_err(|_| wrong())?;
        return Ok(moment.timestamp().as_millisecond());
    }
    let local = |at: DateTime| {
        let zoned = at.to_zoned(now.time_zone().clone()).map_err(|_| wrong())?;
        Ok(zoned.timestamp().as_millisecond())
    };
    if let Ok(at) = text.parse::<DateTime>() {
        return local(at);
    }
    let time: Time = text.parse().map_err(|_| wrong())?;
    let today = now.date().to_datetime(time);
    if today > now.datetime() {
        return local(today);
    }
    let tomorrow = now.date().tomorrow().map_err(|_| wrong())?;
    local(tomorrow.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_day_is_the_next_of_its_kind() {
        let now: Zoned = "2026-11-21T12:00+08:00[+08:00]".parse().unwrap();
        let at = |text: &str| {
            start(text, &now).map(|ms| Timestamp::from_millisecond(ms).unwrap().to_string())
        };
        assert_eq!(at("22:00").unwrap(), "2026-11-21T14:00:00Z");
        assert_eq!(at("11:59").unwrap(), "2026-11-22T03:59:00Z");
        assert_eq!(at("2026-11-23T01:00").unwrap(), "2026-11-22T17:00:00Z");
        assert_eq!(at("2026-11-23T01:00Z").unwrap(), "2026-11-23T01:00:00Z");
        let berlin = "2026-11-23T01:00[Europe/Berlin]";
        assert_eq!(at(berlin).unwrap(), "2026-11-23T00:00:00Z");
        let nowhere = "2026-11-23T01:00[Europe/Nowhere]";
        for wrong in ["", "soon", "25:00", "2026-13-01T00:00", nowhere] {
            assert!(at(wrong).is_err(), "{wrong:?}");
        }
    }
}
