//! Moments, lengths of time, turns and languages, as people and programs write them.
//!
//! Input: the text.

use adapters::configuration::quantity::{local_time, span, turn, write_local_time, write_turn};
use adapters::text;
use chrono::Datelike as _;
use domain::blueprint::HandoverPlan;
use events::{Span, Timestamp};
use i18n::{Locale, format};

use super::claim::is_one_line;
use super::shape;

/// Zones far ahead, far behind, and with a change of clocks.
const ZONES: [&str; 4] = ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Rome", "nowhere"];

/// Reads a text as each of them.
pub fn text(input: &[u8]) {
    let text = &*shape::lossy(input);
    if let Some(at) = Timestamp::parse_rfc3339(text) {
        assert_eq!(Timestamp::parse_rfc3339(&at.to_string()), Some(at), "{at} reads as it is written");
        assert_eq!(Timestamp::from_utc(at.to_utc()), at);
        check_shown(at);
    }
    if let Ok(micros) = text.parse() {
        check_shown(Timestamp::from_micros(micros));
    }
    if let Some(length) = span(text) {
        assert_eq!(span(&length.to_string()), Some(length), "{length} reads as it is written");
        check_shown(Timestamp::default() + length);
        check_shown(Timestamp::default() - length);
        assert_eq!(
            (Timestamp::from_micros(1) + Span::ZERO).since(Timestamp::default()),
            Span::from_micros(1)
        );
        for locale in Locale::ALL {
            is_one_line(&format::span(locale, length.as_seconds()), "a length of time");
        }
    }
    if let (Some((every, unit)), Some(from)) = (turn(text), local_time("2026-11-02T09:00")) {
        let written = write_turn(&HandoverPlan { every, unit, from });
        assert_eq!(turn(&written), Some((every, unit)), "{written} reads as it is written");
    }
    if let Some(time) = local_time(text) {
        assert_eq!(local_time(&write_local_time(time)), Some(time), "{time} reads as it is written");
        assert!((0..=9_999).contains(&time.year()));
    }
    let chosen = Locale::negotiate(text);
    assert_eq!(Locale::negotiate(&format!("tlh;q=1, {text}")), chosen, "an unknown language changes nothing");
    assert_eq!(Locale::negotiate(&text.to_ascii_uppercase()), chosen, "nor do capitals");
}

/// People can be told a moment, whatever it is and wherever they are.
fn check_shown(at: Timestamp) {
    assert!(Timestamp::parse_rfc3339(&at.to_string()).is_some(), "{at} is RFC 3339");
    for zone in ZONES {
        let near = Timestamp::default();
        is_one_line(&text::local_time(Locale::En, zone, at, near), "a time");
        is_one_line(&text::local_time(Locale::It, zone, near, at), "a time");
    }
}
