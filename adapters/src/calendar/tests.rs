//! What is written is held against the zone database, minute by minute; what is read, against tables.

mod reading;
mod writing;

use chrono_tz::Tz;
use events::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("RFC 3339")
}

fn zone(name: &str) -> Tz {
    name.parse().expect("a zone")
}
