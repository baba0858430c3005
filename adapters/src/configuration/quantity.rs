//! Lengths of time, turns and wall-clock times as files write them.

use chrono::NaiveDateTime;
use domain::blueprint::HandoverPlan;
use events::Span;
use events::event::rota::TurnUnit;

/// Reads `0s`, `90s`, `1h30m`, `1w`: numbers, each with one of `w d h m s ms us`, one after the other.
pub fn span(text: &str) -> Option<Span> {
    let mut rest = text;
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let (number, after) = number(rest)?;
        let unit_end = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let micros: u64 = match unit {
            "w" => 604_800_000_000,
            "d" => 86_400_000_000,
            "h" => 3_600_000_000,
            "m" => 60_000_000,
            "s" => 1_000_000,
            "ms" => 1_000,
            "us" => 1,
            _ => return None,
        };
        sum = sum.checked_add(number.checked_mul(micros)?)?;
        rest = after;
    }
    (!text.is_empty()).then(|| Span::from_micros(sum))
}

/// Reads `12h`, `1d`, `2w` or `1mo`.
pub fn turn(text: &str) -> Option<(u32, TurnUnit)> {
    let (number, unit) = number(text)?;
    let unit = match unit {
        "h" => TurnUnit::Hours,
        "d" => TurnUnit::Days,
        "w" => TurnUnit::Weeks,
        "mo" => TurnUnit::Months,
        _ => return None,
    };
    Some((u32::try_from(number).ok()?, unit))
}

/// Writes what [`turn`] reads.
pub fn write_turn(handover: &HandoverPlan) -> String {
    let unit = match handover.unit {
        TurnUnit::Hours => "h",
        TurnUnit::Days => "d",
        TurnUnit::Weeks => "w",
        TurnUnit::Months => "mo",
    };
    format!("{}{unit}", handover.every)
}

/// Reads `2026-11-02T09:00`, with or without seconds.
pub fn local_time(text: &str) -> Option<NaiveDateTime> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let format = match text.len() {
        16 => "%Y-%m-%dT%H:%M",
        19 if !text.ends_with(":60") => "%Y-%m-%dT%H:%M:%S",
        _ => return None,
    };
    NaiveDateTime::parse_from_str(text, format).ok()
}

/// Writes what [`local_time`] reads.
pub fn write_local_time(time: NaiveDateTime) -> String {
    let text = time.format("%Y-%m-%dT%H:%M:%S").to_string();
    text.strip_suffix(":00").map_or_else(|| text.clone(), str::to_owned)
}

fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_they_print() {
        for micros in [0, 1, 999, 1_500_000, 90_000_000, 5_400_000_000, 604_800_000_001, u64::MAX] {
            let written = Span::from_micros(micros);
            assert_eq!(span(&written.to_string()), Some(written));
        }
        assert_eq!(span("90s"), Some(Span::from_seconds(90)));
        for bad in [
            "",
            "5",
            "m",
            "1.5h",
            "-1s",
            "1 m",
            "1M",
            "1h 30m",
            "99999999999999999999s",
            "9999999999999w",
            "1h30",
        ] {
            assert_eq!(span(bad), None, "{bad}");
        }
    }

    #[test]
    fn turns_and_local_times_read() {
        assert_eq!(turn("12h"), Some((12, TurnUnit::Hours)));
        assert_eq!(turn("1mo"), Some((1, TurnUnit::Months)));
        for bad in ["", "1", "1m", "1y", "w", "-1w", "1.5w", "99999999999w"] {
            assert_eq!(turn(bad), None, "{bad}");
        }
        for good in ["2026-11-02T09:00", "2026-11-02T09:00:30"] {
            assert_eq!(local_time(good).map(write_local_time).as_deref(), Some(good));
        }
        for bad in [
            "2026-11-02",
            "2026-11-02 09:00",
            "2026-02-30T09:00",
            "2026-11-02T09:00Z",
            "2026-11-02T09:00:60",
            "+026-11-02T09:00",
        ] {
            assert_eq!(local_time(bad), None, "{bad}");
        }
    }
}
