//! What senders' words mean: many of them say the same thing differently.

use std::fmt::Write;

use events::event::signal::{Severity, Status};
use events::id::DedupKey;
use events::time::Timestamp;
use sha2::{Digest, Sha256};

use super::text::{is_kept_out, line};
use super::{DEDUP_KEY_BYTES_MAX, SEVERITY_CHARS_MAX};

/// From here on a number of seconds would be in the year 5138, so it is one of milliseconds.
const MILLIS_FROM: i64 = 100_000_000_000;

/// How bad it is; what nobody knows is the default.
pub(super) fn severity(word: &str) -> Severity {
    match word.trim().to_ascii_lowercase().as_str() {
        "critical" | "crit" | "page" | "emergency" | "fatal" | "high" => Severity::Critical,
        "error" | "err" | "major" => Severity::Error,
        "warning" | "warn" | "minor" | "medium" => Severity::Warning,
        "info" | "informational" | "none" | "low" | "debug" => Severity::Info,
        _ => Severity::default(),
    }
}

/// What the sender called it, where that is not the name of the severity that it was read as.
pub(super) fn severity_said(word: &str, severity: Severity) -> Option<String> {
    let word = line(word, SEVERITY_CHARS_MAX);
    (!word.is_empty() && !word.eq_ignore_ascii_case(severity.as_str())).then_some(word)
}

/// Whether the problem is there; `None` for a word that nobody knows.
pub(super) fn status(word: &str) -> Option<Status> {
    match word.trim().to_ascii_lowercase().as_str() {
        "firing" | "fire" | "triggered" | "trigger" | "open" | "opened" | "problem" | "alerting"
        | "alert" | "active" | "down" => Some(Status::Firing),
        "resolved" | "resolve" | "ok" | "okay" | "close" | "closed" | "recovery" | "recovered" | "clear"
        | "cleared" | "normal" | "inactive" | "up" => Some(Status::Resolved),
        _ => None,
    }
}

/// The moment in RFC 3339, or in seconds or milliseconds since 1970; `None` for anything else, and for the moments
/// up to 1970 by which programs say that they do not know (`0001-01-01T00:00:00Z`, `0`).
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let moment = Timestamp::parse_rfc3339(text)
        .or_else(|| Timestamp::parse_rfc3339(&with_colon(text)?))
        .or_else(|| since_1970(text))?;
    (moment.as_micros() > 0).then_some(moment)
}

/// A moment whose offset lacks its colon, as `PagerDuty`'s clients write it (`2015-07-17T08:42:58.315+0000`), with it.
fn with_colon(text: &str) -> Option<String> {
    let (rest, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
    rest.get(rest.len().checked_sub(3)?..)?.starts_with(['+', '-']).then(|| format!("{rest}:{minutes}"))
}

fn since_1970(text: &str) -> Option<Timestamp> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    let is_number = part.bytes().all(|digit| digit.is_ascii_digit());
    let micros_per_unit = if whole < MILLIS_FROM { 1_000_000 } else { 1_000 };
    let micros = whole.checked_mul(micros_per_unit)?;
    // Beyond the year 9999 the moment could not be written as RFC 3339 again.
    (is_number && micros < 253_402_300_800_000_000).then(|| Timestamp::from_micros(micros))
}

/// The key that a sender gave; `None` when it is blank. One that is too long or cannot be shown in a line is
/// replaced by its hash.
pub(super) fn dedup_key(text: &str) -> Option<DedupKey> {
    let text = text.trim();
    if text.is_empty() {
        None
    } else if text.len() > DEDUP_KEY_BYTES_MAX || text.contains(is_kept_out) {
        Some(derived_key([text]))
    } else {
        Some(DedupKey::from(text))
    }
}

/// A key made from what a symptom consists of: the SHA-256 of the parts, each after its length, in hexadecimal.
pub(super) fn derived_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> DedupKey {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let mut key = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    DedupKey::from(key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_understood_in_many_words() {
        let cases = [
            ("CRITICAL", Severity::Critical),
            (" page\n", Severity::Critical),
            ("Major", Severity::Error),
            ("warn", Severity::Warning),
            ("none", Severity::Info),
            ("P1", Severity::Error),
            ("", Severity::Error),
        ];
        for (word, expected) in cases {
            assert_eq!(severity(word), expected, "{word:?}");
        }
    }

    #[test]
    fn a_senders_own_word_is_kept_where_it_is_not_ours() {
        let said = |word: &str| severity_said(word, severity(word));
        assert_eq!(said(" P1\n"), Some("P1".to_owned()));
        assert_eq!(said("page"), Some("page".to_owned()));
        assert_eq!((said("CRITICAL"), said("  "), said("error")), (None, None, None));
        assert_eq!(said(&"x".repeat(100)).map(|word| word.chars().count()), Some(SEVERITY_CHARS_MAX));
        assert_eq!(said("a\r\nb\0c"), Some("a b c".to_owned()));
    }

    #[test]
    fn statuses_are_understood_in_many_words() {
        assert_eq!(status("Triggered"), Some(Status::Firing));
        assert_eq!(status(" RECOVERY "), Some(Status::Resolved));
        assert_eq!(status("acknowledged"), None);
    }

    #[test]
    fn moments_are_rfc_3339_or_counted_from_1970() {
        let expected = Timestamp::parse_rfc3339("2026-11-22T07:14:09Z");
        for text in [
            "2026-11-22T08:14:09+01:00",
            " 1795331649 ",
            "1795331649.25",
            "1795331649000",
            "2026-11-22T08:14:09+0100",
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
        for text in [
            "",
            "soon",
            "0",
            "-5",
            "1.x",
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "9223372036854775807",
            "1e999",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_that_is_too_long_or_unprintable_becomes_its_hash() {
        assert_eq!(dedup_key(" db1/disk\n"), Some(DedupKey::from("db1/disk")));
        assert_eq!(dedup_key(" \t"), None);
        let longest = "k".repeat(DEDUP_KEY_BYTES_MAX);
        assert_eq!(dedup_key(&longest), Some(DedupKey::from(longest.as_str())));
        for text in [format!("{longest}k").as_str(), "a\u{1}b"] {
            let key = dedup_key(text).expect("not blank");
            assert_eq!(key.as_str().len(), 64);
            assert_ne!(key, dedup_key("other").expect("not blank"));
        }
    }

    #[test]
    fn the_parts_of_a_key_do_not_run_into_one_another() {
        assert_ne!(derived_key(["a", "bc"]), derived_key(["ab", "c"]));
        assert_ne!(derived_key(["a"]), derived_key(["a", ""]));
    }
}
