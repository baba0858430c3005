//! Moments and lengths of time, as they stand in records.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use chrono::{DateTime, Datelike as _, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// The years that RFC 3339 can write. Source: its section 5.6.
const YEARS: std::ops::RangeInclusive<i32> = 0..=9_999;

/// A moment: microseconds since 1970-01-01T00:00:00Z. Written as a bare number in records and as RFC 3339 for
/// people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first moment that people can write: the beginning of the year 0.
    pub const MIN: Self = Self(-62_167_219_200_000_000);
    /// The last moment that people can write: the end of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The moment `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch, UTC.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The same moment for `chrono`. Moments before the year 0 and after the year 9999 become the epoch: RFC 3339 has no
    /// words for them, and those at the ends of `chrono`'s range have no local time in every zone.
    pub fn to_utc(self) -> DateTime<Utc> {
        let moment = DateTime::from_timestamp_micros(self.0);
        moment.filter(|moment| YEARS.contains(&moment.year())).unwrap_or_default()
    }

    /// The moment that `chrono` means, to the microsecond.
    pub fn from_utc(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_micros())
    }

    /// Reads RFC 3339 (`2026-11-22T03:10:00Z`, any offset); `None` when it is not that, and for the few moments that
    /// are in another year than 0 to 9999 once they are in UTC, and so could not be written again.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let moment = Self(DateTime::parse_from_rfc3339(text).ok()?.timestamp_micros());
        (moment.to_utc().timestamp_micros() == moment.0).then_some(moment)
    }

    /// How long ago `earlier` was; zero when it is not earlier.
    pub fn since(self, earlier: Self) -> Span {
        Span::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.0).unwrap_or(i64::MAX)))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.0).unwrap_or(i64::MAX)))
    }
}

/// A length of time in microseconds, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `micros` microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// `seconds` seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// `minutes` minutes.
    pub const fn from_minutes(minutes: u64) -> Self {
        Self::from_seconds(minutes.saturating_mul(60))
    }

    /// Microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whole seconds, cut off.
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Half as long, cut off.
    #[must_use]
    pub const fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// True for no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `self` taken `factor` times.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Self::from_micros(span.0)
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Largest unit first, exact: `1w`, `2h30m`, `90s` reads `1m30s`, nothing is `0s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, micros) in [
            ("w", 604_800_000_000),
            ("d", 86_400_000_000),
            ("h", 3_600_000_000),
            ("m", 60_000_000),
            ("s", 1_000_000),
            ("ms", 1_000),
            ("us", 1),
        ] {
            if rest >= micros {
                write!(f, "{}{unit}", rest / micros)?;
                rest %= micros;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_and_print_as_rfc_3339() {
        let moment = Timestamp::parse_rfc3339("2026-11-22T04:10:00.25+01:00").expect("valid");
        assert_eq!(moment.to_string(), "2026-11-22T03:10:00.250Z");
        assert_eq!(Timestamp::parse_rfc3339("yesterday"), None);
    }

    #[test]
    fn a_moment_that_could_not_be_written_again_is_not_read() {
        for text in ["9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01"] {
            assert_eq!(Timestamp::parse_rfc3339(text), None, "{text}");
        }
        for text in ["9999-12-31T23:59:59.999999Z", "0000-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse_rfc3339(text).map(|at| at.to_string()).as_deref(), Some(text));
        }
        for moment in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Timestamp::parse_rfc3339(&moment.to_string()), Some(moment));
        }
        for micros in [i64::MIN, i64::MAX, 8_210_266_876_799_999_999] {
            assert_eq!(Timestamp::from_micros(micros).to_string(), "1970-01-01T00:00:00Z");
        }
    }

    #[test]
    fn spans_print_exactly_with_the_largest_unit_first() {
        assert_eq!(Span::from_seconds(90).to_string(), "1m30s");
        assert_eq!(Span::from_seconds(604_800).to_string(), "1w");
        assert_eq!(Span::ZERO.to_string(), "0s");
        assert_eq!(Span::from_millis(1_500).to_string(), "1s500ms");
    }

    #[test]
    fn a_later_moment_is_no_time_ago() {
        assert_eq!(Timestamp::from_micros(1).since(Timestamp::from_micros(9)), Span::ZERO);
    }
}
