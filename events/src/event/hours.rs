//! Times of the week, as people write them: `Mon-Fri 18:00-08:00`.

use std::fmt;
use std::str::FromStr;

use chrono::Weekday;

use crate::id::serde_as_text;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// The same span on some days of the week, in local time. One that ends at or before its beginning ends on the next
/// day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    /// The first day.
    pub first: Weekday,
    /// The last day, maybe in the next week.
    pub last: Weekday,
    /// Minutes after midnight at which the span begins; below [`DAY_MINUTES`].
    pub from: u16,
    /// Minutes after midnight at which it ends; from 1 to [`DAY_MINUTES`], which is the end of the day.
    pub until: u16,
}

/// The text does not say times of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not times of the week, such as `Mon-Fri 18:00-08:00`")]
pub struct NotHours;

impl Hours {
    /// The days on which the span begins.
    pub fn days(self) -> impl Iterator<Item = Weekday> {
        let count = (self.last.num_days_from_monday() + 7 - self.first.num_days_from_monday()) % 7 + 1;
        std::iter::successors(Some(self.first), |day| Some(day.succ())).take(count as usize)
    }

    /// How many minutes the span has on the wall clock.
    pub const fn minutes(self) -> u16 {
        if self.until > self.from { self.until - self.from } else { self.until + DAY_MINUTES - self.from }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last != self.first {
            write!(f, "-{}", self.last)?;
        }
        let (from, until) = (self.from, self.until);
        write!(f, " {:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (days, times) = text.trim().split_once(char::is_whitespace).ok_or(NotHours)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, until) = times.trim().split_once('-').ok_or(NotHours)?;
        let from = minute(from).filter(|&from| from < DAY_MINUTES).ok_or(NotHours)?;
        let until = minute(until).ok_or(NotHours)?;
        // The midnight at which a span ends belongs to the day that ends.
        let until = if until == 0 { DAY_MINUTES } else { until };
        Ok(Self { first: day(first)?, last: day(last)?, from, until })
    }
}

fn day(text: &str) -> Result<Weekday, NotHours> {
    text.trim().parse().map_err(|_| NotHours)
}

/// Minutes after midnight of `18:00`; `24:00` is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let two_digits = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse::<u16>().ok() } else { None }
    };
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes).filter(|_| minutes.len() == 2)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY_MINUTES).then_some(minute)
}

serde_as_text! { Hours }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_week_read_as_people_write_them_and_write_as_they_read() {
        for text in ["Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00", "Fri-Mon 09:30-17:00", "Wed 00:00-00:05"] {
            let hours: Hours = text.parse().expect(text);
            assert_eq!(hours.to_string(), text);
        }
        let night: Hours = "fri-mon  18:00 - 8:00".parse().expect("spaces and small letters");
        assert_eq!(night.to_string(), "Fri-Mon 18:00-08:00");
        assert_eq!(night.minutes(), 14 * 60);
        assert_eq!(
            night.days().collect::<Vec<_>>(),
            [Weekday::Fri, Weekday::Sat, Weekday::Sun, Weekday::Mon]
        );
        let evening: Hours = "Mon 20:00-00:00".parse().expect("until midnight");
        assert_eq!((evening.until, evening.minutes()), (DAY_MINUTES, 4 * 60));
    }

    #[test]
    fn what_says_no_times_of_the_week_is_refused() {
        for text in [
            "",
            "Mon",
            "18:00-08:00",
            "Mon 18-08",
            "Mon 18:00",
            "Mon 25:00-26:00",
            "Mon 24:00-08:00",
            "Mon 18:60-19:00",
            "Mon-Fri-Sun 08:00-09:00",
            "Xyz 08:00-09:00",
            "Mon 008:00-09:00",
            "Mon 08:0-09:00",
        ] {
            assert_eq!(text.parse::<Hours>(), Err(NotHours), "{text}");
        }
    }
}
