//! When a schedule lets a job run, in local time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use partway_domain::{DailyWindow, MinuteOfDay, Schedule};

/// `None` while it may run; otherwise when it may next, in milliseconds since 1970.
///
/// | start at | window | now          | answer                                    |
/// |----------|--------|--------------|-------------------------------------------|
/// | –        | –      | any          | it may                                    |
/// | past     | –      | any          | it may                                    |
/// | future   | –      | before it    | the start                                 |
/// | –        | 22–06  | 23:00        | it may                                    |
/// | –        | 22–06  | 12:00        | 22:00 today                               |
/// | future   | 22–06  | any          | the first open minute from the start on   |
pub(crate) fn opens_ms(schedule: Schedule, now_ms: i64, zone: &TimeZone) -> Option<i64> {
    let from_ms = schedule.start_at_ms.unwrap_or(now_ms).max(now_ms);
    let opens_ms = match schedule.window {
        Some(window) => window_opens_ms(window, from_ms, zone),
        None => from_ms,
    };
    (opens_ms > now_ms).then_some(opens_ms)
}

/// The first moment from `from_ms` on at which the window is open. A time beyond all calendars
/// is taken as open: a clock that far off must not hold anything for ever.
fn window_opens_ms(window: DailyWindow, from_ms: i64, zone: &TimeZone) -> i64 {
    let Ok(moment) = Timestamp::from_millisecond(from_ms) else {
        return from_ms;
    };
    let local = moment.to_zoned(zone.clone()).datetime();
    if minute_of(local).is_none_or(|minute| window.contains(minute)) {
        return from_ms;
    }
    let from = window.from();
    let today = local
        .date()
        .at(hour(from.hour()), hour(from.minute()), 0, 0);
    let opening = if today > local {
        Some(today)
    } else {
        let tomorrow = local.date().tomorrow().ok();
        tomorrow.map(|date| date.at(hour(from.hour()), hour(from.minute()), 0, 0))
    };
    // A local time that a change of clocks leaves out begins when the gap ends.
    opening
        .and_then(|at| at.to_zoned(zone.clone()).ok())
        .map_or(from_ms, |at| at.timestamp().as_millisecond())
}

fn minute_of(local: DateTime) -> Option<MinuteOfDay> {
    let (hour, minute) = (u16::try_from(local.hour()), u16::try_from(local.minute()));
    MinuteOfDay::new(hour.ok()? * 60 + minute.ok()?)
}

fn hour(number: u8) -> i8 {
    i8::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn ms(local: &str, zone: &TimeZone) -> i64 {
        let local: DateTime = local.parse().unwrap();
        let zoned = local.to_zoned(zone.clone()).unwrap();
        zoned.timestamp().as_millisecond()
    }

    #[test]
    fn the_table_in_the_head_of_the_function_holds() {
        let zone = TimeZone::posix(BERLIN).unwrap();
        // start at, window, now, opens
        let rows = [
            (None, None, "2026-11-21T12:00", None),
            (Some("2026-11-20T09:00"), None, "2026-11-21T12:00", None),
            (
                Some("2026-11-22T09:00"),
                None,
                "2026-11-21T12:00",
                Some("2026-11-22T09:00"),
            ),
            (None, Some("22:00-06:00"), "2026-11-21T23:00", None),
            (None, Some("22:00-06:00"), "2026-11-22T05:59", None),
            (
                None,
                Some("22:00-06:00"),
                "2026-11-21T12:00",
                Some("2026-11-21T22:00"),
            ),
            (
                None,
                Some("02:00-04:00"),
                "2026-11-21T12:00",
                Some("2026-11-22T02:00"),
            ),
            (
                Some("2026-11-23T12:00"),
                Some("22:00-06:00"),
                "2026-11-21T23:00",
                Some("2026-11-23T22:00"),
            ),
            (
                Some("2026-11-23T01:00"),
                Some("22:00-06:00"),
                "2026-11-21T12:00",
                Some("2026-11-23T01:00"),
            ),
            // Half past two does not exist in the night the clocks go forward.
            (
                None,
                Some("02:30-04:00"),
                "2026-03-29T01:00",
                Some("2026-03-29T03:30"),
            ),
            // And it is 22:00 by the clock on the wall on either side of it.
            (
                None,
                Some("22:00-06:00"),
                "2026-03-29T12:00",
                Some("2026-03-29T22:00"),
            ),
        ];
        for (start_at, window, now, opens) in rows {
            let schedule = Schedule {
                start_at_ms: start_at.map(|at| ms(at, &zone)),
                window: window.map(|hours| hours.parse().unwrap()),
            };
            assert_eq!(
                opens_ms(schedule, ms(now, &zone), &zone),
                opens.map(|at| ms(at, &zone)),
                "{start_at:?} {window:?} {now}"
            );
        }
    }
}
