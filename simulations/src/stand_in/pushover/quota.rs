//! The monthly limit of messages: <https://pushover.net/api#limits>.

use chrono::{DateTime, Datelike as _, TimeZone as _, Utc};
use chrono_tz::America::Chicago;
use serde_json::{Value, json};

use super::message::Mistakes;
use crate::exchange::Reply;
use crate::moment;

/// How many messages may still be sent this month.
#[derive(Debug, Clone)]
pub struct Quota {
    limit: u32,
    remaining: u32,
    reset: i64,
}

impl Quota {
    pub fn new(limit: u32) -> Self {
        let now = i64::try_from(moment::unix_seconds()).unwrap_or_default();
        Self { limit, remaining: limit, reset: next_reset(now) }
    }

    /// Takes `count` messages off what remains, if there are so many.
    pub fn take(&mut self, count: u32) -> bool {
        let left = self.remaining.checked_sub(count);
        self.remaining = left.unwrap_or(self.remaining);
        left.is_some()
    }

    pub fn headers(&self, reply: Reply) -> Reply {
        reply
            .header("x-limit-app-limit", self.limit)
            .header("x-limit-app-remaining", self.remaining)
            .header("x-limit-app-reset", self.reset)
    }

    pub fn limits(&self) -> Value {
        json!({ "limit": self.limit, "remaining": self.remaining, "reset": self.reset })
    }

    pub fn mistakes(&self) -> Mistakes {
        Mistakes::of("token", format!("application has exceeded current limit of {} messages", self.limit))
    }
}

/// Returns the next 00:00 Central Time on the first of a month, in Unix seconds.
fn next_reset(now: i64) -> i64 {
    let here = DateTime::<Utc>::from_timestamp(now, 0).unwrap_or_default().with_timezone(&Chicago);
    let (year, month) =
        if here.month() == 12 { (here.year() + 1, 1) } else { (here.year(), here.month() + 1) };
    Chicago.with_ymd_and_hms(year, month, 1, 0, 0, 0).earliest().map_or(now, |reset| reset.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resets_at_midnight_central_time_on_the_first() {
        assert_eq!(next_reset(1_795_300_000), 1_796_104_800); // 2026-11-21 → 2026-12-01T06:00:00Z
        assert_eq!(next_reset(1_796_104_800), 1_798_783_200); // 2026-12-01 → 2027-01-01T06:00:00Z
    }

    #[test]
    fn nothing_is_taken_beyond_the_limit() {
        let mut quota = Quota::new(2);
        assert!(quota.take(2));
        assert!(!quota.take(1));
        assert_eq!(quota.limits()["remaining"], 0);
    }
}
