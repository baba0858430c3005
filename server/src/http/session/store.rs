//! Who is logged in, as hashes of their cookies, and by whose token.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use events::{Span, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::http::caller::Holder;

/// A session ends this long after its login.
pub(super) const LASTS: Span = Span::from_minutes(12 * 60);

/// So many sessions are open at once; one more ends the oldest.
const SESSIONS_MAX: usize = 1_000;

/// Bytes of a cookie, drawn at random.
const TOKEN_BYTES: usize = 32;

/// Open sessions: the SHA-256 of each cookie, when it ends, and whose token opened it.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<[u8; 32], (Timestamp, Holder)>>);

impl Sessions {
    /// Opens a session and returns its cookie: 52 letters and digits.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(super) fn open(&self, holder: Holder, now: Timestamp) -> std::io::Result<String> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        let token = events::base32::encode(&bytes, 52);
        let mut open = self.lock();
        open.retain(|_, (ends, _)| *ends > now);
        if open.len() >= SESSIONS_MAX
            && let Some(oldest) = open.iter().min_by_key(|(_, (ends, _))| *ends).map(|(hash, _)| *hash)
        {
            open.remove(&oldest);
        }
        open.insert(hash(&token), (now + LASTS, holder));
        Ok(token)
    }

    /// Whose token opened the session that a cookie belongs to; none when there is no such session. Its hash is looked
    /// up, so the time this takes tells nothing about any cookie.
    pub(super) fn holder(&self, token: &str, now: Timestamp) -> Option<Holder> {
        self.lock().get(&hash(token)).filter(|(ends, _)| *ends > now).map(|(_, holder)| *holder)
    }

    /// Ends a session.
    pub(super) fn close(&self, token: &str) {
        self.lock().remove(&hash(token));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], (Timestamp, Holder)>> {
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

    fn open(sessions: &Sessions, at: Timestamp) -> String {
        sessions.open(Holder::Owner, at).expect("opens")
    }

    #[test]
    fn a_session_lasts_twelve_hours_or_until_the_logout() {
        let sessions = Sessions::default();
        let (one, other) = (open(&sessions, START), open(&sessions, START));
        assert_ne!(one, other);
        assert!(one.len() == 52 && one.bytes().all(|letter| letter.is_ascii_alphanumeric()), "{one}");
        assert_eq!(sessions.holder(&one, START + Span::from_minutes(12 * 60 - 1)), Some(Holder::Owner));
        assert_eq!(sessions.holder(&one, START + LASTS), None);
        assert_eq!((sessions.holder("", START), sessions.holder("x", START)), (None, None));
        sessions.close(&one);
        assert_eq!(sessions.holder(&one, START), None);
        assert_eq!(sessions.holder(&other, START), Some(Holder::Owner));
    }

    #[test]
    fn one_session_too_many_ends_the_oldest() {
        let sessions = Sessions::default();
        let first = open(&sessions, START);
        for second in 1..=u64::try_from(SESSIONS_MAX).expect("few") {
            open(&sessions, START + Span::from_seconds(second));
        }
        assert_eq!(sessions.holder(&first, START), None);
        assert_eq!(sessions.lock().len(), SESSIONS_MAX);
    }
}
