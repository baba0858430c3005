//! Local times, spans and lists as people write them in each language.
//!
//! Times arrive already in the reader's zone; nothing here knows zones or reads a clock.

use chrono::{Datelike as _, NaiveDateTime, NaiveTime, Timelike as _};

use crate::message::format as pieces;
use crate::{Locale, Message};

/// A time of day: `03:10`.
pub fn time(locale: Locale, time: &NaiveTime) -> String {
    let (hour, minute) = (two_digits(time.hour()), two_digits(time.minute()));
    pieces::Time { hour: &hour, minute: &minute }.render(locale)
}

/// A day and a time of day: `Sun 22 Nov, 03:10`, `So 22.11., 03:10`, `dom 22/11, 03:10`.
pub fn date_time(locale: Locale, moment: &NaiveDateTime) -> String {
    let weekday = pieces::Weekday { number: moment.weekday().number_from_monday().into() }.render(locale);
    let month = pieces::Month { number: moment.month().into() }.render(locale);
    let day = match locale {
        Locale::En => moment.day().to_string(),
        Locale::De | Locale::It => two_digits(moment.day()),
    };
    let time = time(locale, &moment.time());
    pieces::DateTime { weekday: &weekday, day: &day, month: &month, time: &time }.render(locale)
}

/// A length of time in its two largest units: `45 s`, `2 min`, `1 h 30 min`, `2 d 3 h`.
pub fn span(locale: Locale, seconds: u64) -> String {
    let parts = [
        said(locale, seconds / 86_400, |count| pieces::Days { count }),
        said(locale, seconds / 3_600 % 24, |count| pieces::Hours { count }),
        said(locale, seconds / 60 % 60, |count| pieces::Minutes { count }),
        said(locale, seconds % 60, |count| pieces::Seconds { count }),
    ];
    let Some(first) = parts.iter().position(Option::is_some) else {
        return pieces::Seconds { count: 0 }.render(locale);
    };
    let largest: Vec<String> = parts.into_iter().skip(first).take(2).flatten().collect();
    largest.join(" ")
}

/// A count with its unit; `None` for none.
fn said<M: Message>(locale: Locale, count: u64, unit: impl Fn(i64) -> M) -> Option<String> {
    (count > 0).then(|| unit(i64::try_from(count).unwrap_or(i64::MAX)).render(locale))
}

/// Several things in one sentence: `Anna, Bernd and Callum`. Empty for none.
pub fn list(locale: Locale, things: &[&str]) -> String {
    let Some((last, before)) = things.split_last() else { return String::new() };
    if before.is_empty() {
        return (*last).to_owned();
    }
    let before = before.join(", ");
    if last.starts_with(['e', 'E']) {
        pieces::ListEndBeforeE { before: &before, last }.render(locale)
    } else {
        pieces::ListEnd { before: &before, last }.render(locale)
    }
}

fn two_digits(number: u32) -> String {
    format!("{number:02}")
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn moment(month: u32, day: u32, hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, month, day)
            .and_then(|date| date.and_hms_opt(hour, minute, 59))
            .expect("a moment in 2026")
    }

    #[test]
    fn moments_read_as_people_write_them() {
        for (moment, expected) in [
            (moment(11, 22, 3, 10), ["Sun 22 Nov, 03:10", "So 22.11., 03:10", "dom 22/11, 03:10"]),
            (moment(1, 5, 0, 0), ["Mon 5 Jan, 00:00", "Mo 05.01., 00:00", "lun 05/01, 00:00"]),
            (moment(12, 31, 23, 59), ["Thu 31 Dec, 23:59", "Do 31.12., 23:59", "gio 31/12, 23:59"]),
        ] {
            for (locale, expected) in Locale::ALL.into_iter().zip(expected) {
                assert_eq!(date_time(locale, &moment), expected);
            }
        }
        assert_eq!(time(Locale::De, &moment(11, 22, 3, 10).time()), "03:10");
    }

    #[test]
    fn every_day_and_month_has_a_name_of_its_own() {
        for locale in Locale::ALL {
            let mut days: Vec<_> = (1..=7).map(|number| pieces::Weekday { number }.render(locale)).collect();
            let mut months: Vec<_> = (1..=12).map(|number| pieces::Month { number }.render(locale)).collect();
            days.sort();
            days.dedup();
            months.sort();
            months.dedup();
            assert_eq!((days.len(), months.len()), (7, 12), "{locale}");
        }
    }

    #[test]
    fn spans_keep_their_two_largest_units() {
        for (seconds, expected) in [
            (0, "0 s"),
            (45, "45 s"),
            (60, "1 min"),
            (120, "2 min"),
            (150, "2 min 30 s"),
            (3_600, "1 h"),
            (3_601, "1 h"),
            (5_400, "1 h 30 min"),
            (5_430, "1 h 30 min"),
            (86_400, "1 d"),
            (183_600, "2 d 3 h"),
            (86_460, "1 d"),
        ] {
            assert_eq!(span(Locale::En, seconds), expected, "{seconds}");
        }
        assert_eq!(span(Locale::De, 183_600), "2 d 3 h");
        assert_eq!(span(Locale::It, 183_600), "2 g 3 h");
        assert!(span(Locale::En, u64::MAX).ends_with('h'));
    }

    #[test]
    fn lists_end_with_the_word_for_and() {
        for (things, expected) in [
            (&[][..], ["", "", ""]),
            (&["Anna"][..], ["Anna", "Anna", "Anna"]),
            (&["Anna", "Bernd"][..], ["Anna and Bernd", "Anna und Bernd", "Anna e Bernd"]),
            (
                &["Anna", "Bernd", "Callum"][..],
                ["Anna, Bernd and Callum", "Anna, Bernd und Callum", "Anna, Bernd e Callum"],
            ),
            (&["Anna", "Elena"][..], ["Anna and Elena", "Anna und Elena", "Anna ed Elena"]),
        ] {
            for (locale, expected) in Locale::ALL.into_iter().zip(expected) {
                assert_eq!(list(locale, things), expected);
            }
        }
    }
}
