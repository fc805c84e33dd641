//! When a job may run: its place among the others and its hours.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::job::JobId;

/// Which jobs get their turn first. Ordered: the earlier goes first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Before all others.
    High,
    /// As they come.
    #[default]
    Normal,
    /// When nothing else wants to run.
    Low,
}

/// A minute of the local day, counted from midnight: `22:00` is 1,320.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MinuteOfDay(u16);

/// The hours of every day in which a job may run, in local time. It begins with `from` and ends
/// before `until`; one that ends earlier than it begins goes through midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DailyWindow {
    from: MinuteOfDay,
    until: MinuteOfDay,
}

/// What the user asked of a job's time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Not before, in milliseconds since 1970.
    pub start_at_ms: Option<i64>,
    /// Only within these hours.
    pub window: Option<DailyWindow>,
}

/// Where a job is moved in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueuePlace {
    /// Before all of its priority.
    First,
    /// Behind all of its priority.
    Last,
    /// Just before another job, with that one's priority.
    Before(JobId),
    /// Just behind another job, with that one's priority.
    After(JobId),
}

/// A time of day or a window that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// Not `HH:MM`.
    #[error("{0:?} is no time of day; write it as 22:00")]
    NotATime(String),
    /// Not two times.
    #[error("{0:?} is no daily window; write it as 22:00-06:00")]
    NotAWindow(String),
    /// It would never be open, or always.
    #[error("the window {0:?} begins when it ends; leave it out to run at any time")]
    Empty(String),
}

impl MinuteOfDay {
    /// The minute, if the day has so many.
    pub fn new(minute: u16) -> Option<Self> {
        (minute < 24 * 60).then_some(Self(minute))
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        u8::try_from(self.0 / 60).unwrap_or(23)
    }

    /// The minute of the hour, 0 to 59.
    pub fn minute(self) -> u8 {
        u8::try_from(self.0 % 60).unwrap_or(59)
    }
}

impl DailyWindow {
    /// When it opens.
    pub fn from(self) -> MinuteOfDay {
        self.from
    }

    /// When it is closed again.
    pub fn until(self) -> MinuteOfDay {
        self.until
    }

    /// Whether it is open in this minute.
    pub fn contains(self, minute: MinuteOfDay) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

impl Schedule {
    /// It may run at any time.
    pub fn is_free(self) -> bool {
        self == Self::default()
    }
}

impl FromStr for MinuteOfDay {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let wrong = || ScheduleError::NotATime(text.to_owned());
        let digits = |part: &str| {
            let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (hour, minute) = text.trim().split_once(':').ok_or_else(wrong)?;
        match (digits(hour), digits(minute), minute.len()) {
            (Some(hour @ 0..24), Some(minute @ 0..60), 2) => Ok(Self(hour * 60 + minute)),
            _ => Err(wrong()),
        }
    }
}

impl FromStr for DailyWindow {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let (from, until) = text
            .split_once(['-', '–'])
            .ok_or_else(|| ScheduleError::NotAWindow(text.to_owned()))?;
        let (from, until) = (from.parse()?, until.parse()?);
        if from == until {
            return Err(ScheduleError::Empty(text.to_owned()));
        }
        Ok(Self { from, until })
    }
}

impl fmt::Display for MinuteOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())
    }
}

impl fmt::Display for DailyWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.until)
    }
}

/// The text form is the only one: the journal, the UI and the terminal write it alike.
macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = ScheduleError;

            fn try_from(text: String) -> Result<Self, ScheduleError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )*};
}
as_text!(MinuteOfDay, DailyWindow);

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> DailyWindow {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_may_go_through_midnight() {
        let at = |text: &str| text.parse::<MinuteOfDay>().unwrap();
        // window, minute, open
        for (hours, minute, open) in [
            ("22:00-06:00", "21:59", false),
            ("22:00-06:00", "22:00", true),
            ("22:00-06:00", "00:00", true),
            ("22:00-06:00", "05:59", true),
            ("22:00-06:00", "06:00", false),
            ("09:00-17:30", "09:00", true),
            ("09:00-17:30", "17:30", false),
            ("09:00-17:30", "03:00", false),
            ("00:00-00:01", "00:00", true),
            ("23:59-00:00", "23:59", true),
            ("23:59-00:00", "00:00", false),
        ] {
            assert_eq!(window(hours).contains(at(minute)), open, "{hours} {minute}");
        }
    }

    #[test]
    fn only_times_of_day_are_read_and_written_back_alike() {
        assert_eq!(window("7:05 - 23:00").to_string(), "07:05-23:00");
        for wrong in [
            "", "22", "24:00", "12:60", "1:2", "-1:00", "12:00:00", "+1:00",
        ] {
            assert!(wrong.parse::<MinuteOfDay>().is_err(), "{wrong:?}");
        }
        for wrong in ["22:00", "22:00-22:00", "22:00-", "a-b"] {
            assert!(wrong.parse::<DailyWindow>().is_err(), "{wrong:?}");
        }
    }
}
