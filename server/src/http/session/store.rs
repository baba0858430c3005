//! Who is logged in, as hashes of their cookies.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use events::{Span, Timestamp};
use sha2::{Digest as _, Sha256};

/// A session ends this long after its login.
pub(super) const LASTS: Span = Span::from_minutes(12 * 60);

/// So many sessions are open at once; one more ends the oldest.
const SESSIONS_MAX: usize = 1_000;

/// Bytes of a cookie, drawn at random.
const TOKEN_BYTES: usize = 32;

/// Open sessions: the SHA-256 of each cookie, and when it ends.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<[u8; 32], Timestamp>>);

impl Sessions {
    /// Opens a session and returns its cookie: 52 letters and digits.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(super) fn open(&self, now: Timestamp) -> std::io::Result<String> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        let token = events::base32::encode(&bytes, 52);
        let mut open = self.lock();
        open.retain(|_, ends| *ends > now);
        if open.len() >= SESSIONS_MAX
            && let Some(oldest) = open.iter().min_by_key(|(_, ends)| **ends).map(|(hash, _)| *hash)
        {
            open.remove(&oldest);
        }
        open.insert(hash(&token), now + LASTS);
        Ok(token)
    }

    /// Says whether a cookie belongs to an open session. Its hash is looked up, so the time this takes tells nothing
    /// about any cookie.
    pub(super) fn holds(&self, token: &str, now: Timestamp) -> bool {
        self.lock().get(&hash(token)).is_some_and(|&ends| ends > now)
    }

    /// Ends a session.
    pub(super) fn close(&self, token: &str) {
        self.lock().remove(&hash(token));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_795_317_000_000_000);

    #[test]
    fn a_session_lasts_twelve_hours_or_until_the_logout() {
        let sessions = Sessions::default();
        let (one, other) = (sessions.open(START).expect("opens"), sessions.open(START).expect("opens"));
        assert_ne!(one, other);
        assert!(one.len() == 52 && one.bytes().all(|letter| letter.is_ascii_alphanumeric()), "{one}");
        assert!(sessions.holds(&one, START + Span::from_minutes(12 * 60 - 1)));
        assert!(!sessions.holds(&one, START + LASTS));
        assert!(!sessions.holds("", START) && !sessions.holds("x", START));
        sessions.close(&one);
        assert!(!sessions.holds(&one, START));
        assert!(sessions.holds(&other, START));
    }

    #[test]
    fn one_session_too_many_ends_the_oldest() {
        let sessions = Sessions::default();
        let first = sessions.open(START).expect("opens");
        for second in 1..=u64::try_from(SESSIONS_MAX).expect("few") {
            sessions.open(START + Span::from_seconds(second)).expect("opens");
        }
        assert!(!sessions.holds(&first, START));
        assert_eq!(sessions.lock().len(), SESSIONS_MAX);
    }
}
