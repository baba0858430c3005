//! What the account at Pushover has left: every answer to a message says so in its headers.
//!
//! Source: <https://pushover.net/api#limits>.

use std::sync::{Arc, Mutex, PoisonError};

use domain::port::AccountLimits;
use events::Timestamp;
use reqwest::header::HeaderMap;

/// The last moment that Pushover can mean: the year 9999.
const RESET_SECONDS_MAX: i64 = 253_402_300_799;

/// What the last answer said.
#[derive(Clone, Debug, Default)]
pub struct Account(Arc<Mutex<Option<AccountLimits>>>);

impl Account {
    /// What the account has left; none before an answer said so.
    pub fn limits(&self) -> Option<AccountLimits> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the headers of an answer say. What says nothing, or nonsense, leaves what was known.
    pub fn note(&self, headers: &HeaderMap) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        let said = (
            number("X-Limit-App-Limit"),
            number("X-Limit-App-Remaining"),
            number("X-Limit-App-Reset").and_then(|reset| i64::try_from(reset).ok()),
        );
        if let (Some(limit), Some(remaining), Some(reset @ 0..=RESET_SECONDS_MAX)) = said {
            let resets_at = Timestamp::from_micros(reset * 1_000_000);
            let limits = AccountLimits { limit, remaining, resets_at };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(limits);
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(values: [&'static str; 3]) -> HeaderMap {
        let names = ["x-limit-app-limit", "x-limit-app-remaining", "x-limit-app-reset"];
        names
            .into_iter()
            .zip(values)
            .map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_headers_of_an_answer_are_kept_and_nonsense_is_not() {
        let account = Account::default();
        account.note(&HeaderMap::new());
        assert_eq!(account.limits(), None);
        account.note(&headers(["10000", "7496", "1393653600"]));
        let known = AccountLimits {
            limit: 10_000,
            remaining: 7_496,
            resets_at: Timestamp::parse_rfc3339("2014-03-01T06:00:00Z").expect("a moment"),
        };
        assert_eq!(account.limits(), Some(known), "the example of the documentation");
        for nonsense in
            [["10000", "", "1"], ["x", "1", "1"], ["10000", "-1", "1"], ["1", "1", "99999999999999999"]]
        {
            account.note(&headers(nonsense));
            assert_eq!(account.limits(), Some(known), "{nonsense:?}");
        }
    }
}
