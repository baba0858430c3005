//! Guesses are limited: whoever offers too many wrong tokens is not listened to for a while.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use events::{Span, Timestamp};

/// So many wrong tokens in [`WITHIN`] from one address.
pub const GUESSES_MAX: u32 = 10;

/// Guesses are counted over this long.
const WITHIN: Span = Span::from_seconds(60);

/// So many addresses are remembered; when there are more, all are forgotten, since a token is not to be guessed
/// anyway: it has 128 random bits.
const ADDRESSES_MAX: usize = 10_000;

/// Wrong tokens by address.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<HashMap<IpAddr, (Timestamp, u32)>>);

impl Guesses {
    /// True when this address has guessed too often of late.
    pub fn is_stopped(&self, address: IpAddr, now: Timestamp) -> bool {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.get(&address).is_some_and(|&(since, count)| count >= GUESSES_MAX && now.since(since) < WITHIN)
    }

    /// One more wrong token from this address.
    pub fn wrong(&self, address: IpAddr, now: Timestamp) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= ADDRESSES_MAX && !guesses.contains_key(&address) {
            guesses.clear();
        }
        let (since, count) = guesses.entry(address).or_insert((now, 0));
        if now.since(*since) >= WITHIN {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_too_often_waits_a_minute_and_others_do_not() {
        let guesses = Guesses::default();
        let (one, other) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let start = Timestamp::from_micros(0);
        for _ in 0..GUESSES_MAX {
            assert!(!guesses.is_stopped(one, start));
            guesses.wrong(one, start);
        }
        assert!(guesses.is_stopped(one, start + Span::from_seconds(59)));
        assert!(!guesses.is_stopped(other, start));
        assert!(!guesses.is_stopped(one, start + WITHIN));
    }
}
