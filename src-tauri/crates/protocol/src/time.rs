//! Times as the three providers write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

/// Milliseconds since 1970 of a time in any of the forms that occur: ISO 8601 with and without
/// fraction and zone (without one it is UTC), the date of HTTP, and the form of C's `asctime`
/// in old COS answers. `None` for anything else.
pub fn parse_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let time = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| utc(text.parse::<DateTime>().ok()?))
        .or_else(|| DateTimeParser::new().parse_timestamp(text).ok())
        .or_else(|| utc(DateTime::strptime("%a %b %e %H:%M:%S %Y", text).ok()?))?;
    Some(time.as_millisecond())
}

fn utc(time: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_one_moment() {
        for text in [
            "2017-01-17T16:43:37Z",
            "2017-01-17T16:43:37.000Z",
            "2017-01-17T16:43:37",
            "2017-01-17T16:43:37.000",
            "2017-01-17T17:43:37+01:00",
            "Tue, 17 Jan 2017 16:43:37 GMT",
            "Tue Jan 17 16:43:37 2017",
            " 2017-01-17T16:43:37Z\n",
        ] {
            assert_eq!(parse_ms(text), Some(1_484_671_417_000), "{text}");
        }
        assert_eq!(
            parse_ms("Wed, 7 Nov 2012 00:00:00 GMT"),
            Some(1_352_246_400_000)
        );
        assert_eq!(
            parse_ms("Sat Jan  7 16:43:37 2017"),
            Some(1_483_807_417_000)
        );
        assert_eq!(
            parse_ms("2017-01-17T16:43:37.123456Z"),
            Some(1_484_671_417_123)
        );
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "soon",
            "2017-01-17T25:43:37Z",
            "2017-13-17T16:43:37",
            "1484671417",
        ] {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }
}
