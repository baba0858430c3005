//! Whoever reads what the command line says: their language and their zone.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use domain::rota::wall::first_instant;
use events::{Span, Timestamp};
use i18n::{Locale, format};

use crate::timeline::local;

/// Where a machine says which zone it is in.
const LOCALTIME: &str = "/etc/localtime";

/// Language and zone of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reader {
    /// The language.
    pub(crate) locale: Locale,
    /// The zone of every time.
    pub(crate) zone: Tz,
}

impl Reader {
    /// A moment with its zone: `Sun 22 Nov, 04:10 CET`.
    pub(crate) fn moment(self, at: Timestamp) -> String {
        let shown = self.zone.from_utc_datetime(&at.to_utc().naive_utc());
        format!("{} {}", format::date_time(self.locale, &local(at, self.zone)), shown.format("%Z"))
    }

    /// A moment that may be years ago, to the second: `2026-11-22 04:10:00 CET`.
    pub(crate) fn dated(self, at: Timestamp) -> String {
        let shown = self.zone.from_utc_datetime(&at.to_utc().naive_utc());
        shown.format("%Y-%m-%d %H:%M:%S %Z").to_string()
    }
}

/// A moment as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// With its offset.
    Exact(Timestamp),
    /// A wall-clock time in the reader's zone.
    Wall(NaiveDateTime),
}

/// The text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it as 2026-11-22T03:10:00Z, or as 2026-11-22T03:10 in your own zone")]
pub(crate) struct NotAMoment;

impl FromStr for Moment {
    type Err = NotAMoment;

    /// RFC 3339, or a wall-clock time without an offset; a day alone is its midnight.
    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        if let Some(moment) = Timestamp::parse_rfc3339(text) {
            return Ok(Self::Exact(moment));
        }
        let formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
        let wall = formats.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let midnight = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
        wall.or_else(midnight).map(Self::Wall).ok_or(NotAMoment)
    }
}

impl Moment {
    /// The instant that is meant: the first one where clocks in the zone show it, or the first after it.
    pub(crate) fn resolve(self, zone: Tz) -> Timestamp {
        match self {
            Self::Exact(moment) => moment,
            Self::Wall(wall) => {
                first_instant(zone, wall).unwrap_or_else(|| Timestamp::from_utc(wall.and_utc()))
            }
        }
    }
}

/// Until when, as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// A moment.
    Moment(Moment),
    /// The next time that clocks in the reader's zone show this.
    Clock(NaiveTime),
}

/// The text says no moment to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it as 07:30, as 2026-11-22T07:30 in your own zone, or as 2026-11-22T06:30:00Z")]
pub(crate) struct NotUntil;

impl FromStr for Until {
    type Err = NotUntil;

    fn from_str(text: &str) -> Result<Self, NotUntil> {
        let clock = NaiveTime::parse_from_str(text, "%H:%M").map(Self::Clock);
        clock.or_else(|_| text.parse().map(Self::Moment)).map_err(|_| NotUntil)
    }
}

impl Until {
    /// The instant that is meant, as seen from `now`.
    pub(crate) fn resolve(self, zone: Tz, now: Timestamp) -> Timestamp {
        let time = match self {
            Self::Moment(moment) => return moment.resolve(zone),
            Self::Clock(time) => time,
        };
        let today = local(now, zone).date();
        let days = std::iter::once(today).chain(today.succ_opt());
        let mut meant = days.map(|day| Moment::Wall(day.and_time(time)).resolve(zone));
        meant.find(|at| *at > now).unwrap_or(now)
    }
}

/// The language: the one asked for, else the first of `HOTPOTATO_LANG`, `LC_ALL`, `LC_MESSAGES` and `LANG` that is
/// set. English when that is a language the house does not speak.
pub(crate) fn language(asked: Option<Locale>, environment: &dyn Fn(&str) -> Option<String>) -> Locale {
    let names = ["HOTPOTATO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let set = || names.iter().filter_map(|name| environment(name)).find(|value| !value.is_empty());
    asked.or_else(|| read_language(&set()?)).unwrap_or_default()
}

/// `de_DE.UTF-8`, `de-CH` and `de` are all German.
fn read_language(value: &str) -> Option<Locale> {
    value.split(['_', '-', '.', '@']).next()?.to_ascii_lowercase().parse().ok()
}

/// The zone: the one asked for, else `TZ`, else the machine's, else UTC. `localtime` is where the machine's link
/// leads.
pub(crate) fn zone(
    asked: Option<Tz>,
    environment: &dyn Fn(&str) -> Option<String>,
    localtime: Option<&Path>,
) -> Tz {
    let set = || {
        let value = environment("TZ")?;
        let name = value.trim_start_matches(':');
        name.parse().ok().or_else(|| read_link(Path::new(name)))
    };
    asked.or_else(set).or_else(|| read_link(localtime?)).unwrap_or(Tz::UTC)
}

/// `/usr/share/zoneinfo/Europe/Berlin` is Europe/Berlin.
fn read_link(target: &Path) -> Option<Tz> {
    target.to_str()?.split_once("zoneinfo/")?.1.parse().ok()
}

/// Where the machine's zone link leads, if it is one.
pub(crate) fn localtime() -> Option<PathBuf> {
    std::fs::read_link(LOCALTIME).ok()
}

/// Reads a length of time such as `20m`, `1h30m` or `90s`; `None` when it is not that, or no time at all.
pub(crate) fn read_span(text: &str) -> Option<Span> {
    let mut seconds = 0_u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, unit_on) = rest.split_at(digits);
        let (unit, after) = unit_on.split_at_checked(1)?;
        let factor = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(factor)?)?;
        rest = after;
    }
    (seconds > 0).then(|| Span::from_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(set: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_first_language_that_is_set_is_spoken() {
        for (set, expected) in [
            (&[][..], Locale::En),
            (&[("LANG", "de_DE.UTF-8")], Locale::De),
            (&[("LANG", "de_DE.UTF-8"), ("LC_MESSAGES", "it_IT")], Locale::It),
            (&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], Locale::En),
            (&[("LC_ALL", ""), ("LANG", "it")], Locale::It),
            (&[("LC_ALL", "it_IT.UTF-8"), ("HOTPOTATO_LANG", "de")], Locale::De),
            (&[("LANG", "fr_FR.UTF-8")], Locale::En),
            (&[("LANG", "de@euro")], Locale::De),
            (&[("HOTPOTATO_LANG", "IT")], Locale::It),
        ] {
            assert_eq!(language(None, &environment(set)), expected, "{set:?}");
        }
        assert_eq!(language(Some(Locale::De), &environment(&[("LC_ALL", "it")])), Locale::De);
    }

    #[test]
    fn the_zone_is_asked_for_or_set_or_the_machines() {
        let machine = Path::new("/usr/share/zoneinfo/Europe/Rome");
        for (set, localtime, expected) in [
            (&[][..], None, Tz::UTC),
            (&[], Some(machine), Tz::Europe__Rome),
            (&[("TZ", "Europe/Berlin")], Some(machine), Tz::Europe__Berlin),
            (&[("TZ", ":Europe/Berlin")], None, Tz::Europe__Berlin),
            (&[("TZ", ":/usr/share/zoneinfo/Asia/Tokyo")], None, Tz::Asia__Tokyo),
            (&[("TZ", "CET-1CEST")], Some(machine), Tz::Europe__Rome),
            (&[], Some(Path::new("../nowhere")), Tz::UTC),
        ] {
            assert_eq!(zone(None, &environment(set), localtime), expected, "{set:?}");
        }
        assert_eq!(zone(Some(Tz::Asia__Tokyo), &environment(&[("TZ", "UTC")]), None), Tz::Asia__Tokyo);
    }

    #[test]
    fn moments_are_read_with_an_offset_or_in_the_readers_zone() {
        let reader = Reader { locale: Locale::En, zone: Tz::Europe__Berlin };
        let moment = Timestamp::parse_rfc3339("2026-11-22T02:10:00Z");
        let read = |text: &str| text.parse::<Moment>().ok().map(|moment| moment.resolve(reader.zone));
        for text in ["2026-11-22T02:10:00Z", "2026-11-22T03:10", "2026-11-22 03:10", "2026-11-22 03:10:00"] {
            assert_eq!(read(text), moment, "{text}");
        }
        assert_eq!(read("2026-11-22"), Timestamp::parse_rfc3339("2026-11-21T23:00:00Z"));
        assert_eq!(read("2026-03-29T02:30"), Timestamp::parse_rfc3339("2026-03-29T01:00:00Z"));
        assert_eq!(read("yesterday"), None);
        assert_eq!(reader.moment(moment.expect("a moment")), "Sun 22 Nov, 03:10 CET");
    }

    #[test]
    fn a_time_of_day_is_the_next_one_in_the_readers_zone() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).expect("a moment");
        let zone = Tz::Europe__Berlin;
        for (text, now, expected) in [
            ("07:30", "2026-11-22T22:00:00Z", "2026-11-23T06:30:00Z"),
            ("07:30", "2026-11-23T06:29:00Z", "2026-11-23T06:30:00Z"),
            ("07:30", "2026-11-23T06:30:00Z", "2026-11-24T06:30:00Z"),
            // The night in which clocks are set back has an hour more, and the one before summer time no half past two.
            ("07:30", "2026-10-24T06:00:00Z", "2026-10-25T06:30:00Z"),
            ("02:30", "2026-03-28T23:30:00Z", "2026-03-29T01:00:00Z"),
            ("2026-11-25T07:30", "2026-11-23T06:30:00Z", "2026-11-25T06:30:00Z"),
        ] {
            let until: Until = text.parse().expect("a time");
            assert_eq!(until.resolve(zone, at(now)), at(expected), "{text} {now}");
        }
        assert_eq!("25:00".parse::<Until>(), Err(NotUntil));
        assert_eq!("soon".parse::<Until>(), Err(NotUntil));
    }

    #[test]
    fn spans_are_read_with_their_units() {
        for (text, seconds) in
            [("20m", Some(1_200)), ("1h30m", Some(5_400)), ("90s", Some(90)), ("1d", Some(86_400))]
        {
            assert_eq!(read_span(text), seconds.map(Span::from_seconds), "{text}");
        }
        for text in ["", "20", "m", "20 m", "0s", "1x", "99999999999999999999s", "20ü", "-5m"] {
            assert_eq!(read_span(text), None, "{text}");
        }
    }
}
