//! Times as the signers write them.

use jiff::Timestamp;

use super::SignError;

/// `Sat, 14 Mar 2026 09:26:53 GMT`, the `Date` header.
pub fn rfc1123(seconds: i64) -> Result<String, SignError> {
    format(seconds, "%a, %d %b %Y %H:%M:%S GMT")
}

/// `20260314T092653Z`, the `x-amz-date` header.
pub fn basic_iso(seconds: i64) -> Result<String, SignError> {
    format(seconds, "%Y%m%dT%H%M%SZ")
}

fn format(seconds: i64, pattern: &str) -> Result<String, SignError> {
    Timestamp::from_second(seconds)
        .map(|time| time.strftime(pattern).to_string())
        .map_err(|_| SignError(format!("{seconds} seconds is no time a calendar has")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_one_moment() {
        assert_eq!(
            rfc1123(1_773_480_413).unwrap(),
            "Sat, 14 Mar 2026 09:26:53 GMT"
        );
        assert_eq!(basic_iso(1_773_480_413).unwrap(), "20260314T092653Z");
        assert!(basic_iso(i64::MAX).is_err());
    }
}
