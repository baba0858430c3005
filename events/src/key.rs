//! The keys that personal texts are sealed with: one for each person and token, and one for what the alerts of one
//! service and day say; kept beside the log and never in it. Destroying a key erases what it sealed and breaks neither
//! chain nor fold.

use std::fmt;
use std::future::Future;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::id::{AlertId, NotAnId, PersonId, ServiceId, TokenId};
use crate::time::Timestamp;

/// Whose key it is. Written as `texts:DAY:SERVICE`, `alert:ID`, `person:ID` or `token:ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyOwner {
    /// Texts of all alerts of one service that were raised on one day.
    Texts {
        /// Which day, in UTC.
        day: NaiveDate,
        /// Which service.
        service: ServiceId,
    },
    /// Texts of one alert that belongs to no service; in old records, of any alert.
    Alert(AlertId),
    /// Names and addresses of one person.
    Person(PersonId),
    /// What a token that is nobody's is for.
    Token(TokenId),
}

impl KeyOwner {
    /// Whose key seals the texts of an alert of `service` that was raised at this moment.
    pub fn texts(service: &ServiceId, raised_at: Timestamp) -> Self {
        Self::Texts { day: raised_at.to_utc().date_naive(), service: service.clone() }
    }
}

impl fmt::Display for KeyOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Texts { day, service } => write!(f, "texts:{day}:{service}"),
            Self::Alert(alert) => write!(f, "alert:{alert}"),
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Token(token) => write!(f, "token:{token}"),
        }
    }
}

impl FromStr for KeyOwner {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        match text.split_once(':') {
            Some(("texts", of)) => {
                let (day, service) =
                    of.split_once(':').filter(|(_, service)| !service.is_empty()).ok_or(NotAnId)?;
                // A day has one spelling here.
                let read = day.parse::<NaiveDate>().ok().filter(|read| read.to_string() == day);
                Ok(Self::Texts { day: read.ok_or(NotAnId)?, service: service.into() })
            }
            Some(("alert", id)) => Ok(Self::Alert(id.parse()?)),
            Some(("person", id)) => Ok(Self::Person(id.parse()?)),
            Some(("token", id)) => Ok(Self::Token(id.parse()?)),
            _ => Err(NotAnId),
        }
    }
}

/// 32 secret bytes. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key with these bytes; whoever makes it draws them at random.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret itself.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A key cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// The keys cannot be read or written.
    #[error("the key store is not available: {reason}")]
    Unavailable {
        /// What went wrong.
        reason: String,
    },
    /// There is no such key, and it was not destroyed either: it was never made, or it was lost.
    #[error("the key of {owner} is missing from the key store")]
    Missing {
        /// Whose.
        owner: KeyOwner,
    },
}

/// Where keys are kept.
pub trait KeyStore: Send + Sync + 'static {
    /// Makes a key for each owner that never had one. Durable when it returns: the record that needs a key is
    /// written after this. An owner whose key was destroyed gets no new one.
    ///
    /// # Errors
    /// When the keys cannot be written.
    fn ensure(&self, owners: &[KeyOwner]) -> impl Future<Output = Result<(), KeyStoreError>> + Send;

    /// The owner's key; `None` when it was destroyed.
    ///
    /// # Errors
    /// When the keys cannot be read, or there never was such a key.
    fn key(&self, owner: &KeyOwner) -> Result<Option<Key>, KeyStoreError>;

    /// Destroys the owner's key for good.
    ///
    /// # Errors
    /// When the keys cannot be written.
    fn destroy(&self, owner: &KeyOwner) -> impl Future<Output = Result<(), KeyStoreError>> + Send;
}

/// Keys for tests and simulations: derived from the owner, the same in every run, secret from nobody.
#[derive(Debug, Default)]
pub struct DerivedKeys {
    destroyed: std::sync::Mutex<std::collections::BTreeSet<KeyOwner>>,
}

impl DerivedKeys {
    fn destroyed(&self) -> std::sync::MutexGuard<'_, std::collections::BTreeSet<KeyOwner>> {
        self.destroyed.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl KeyStore for DerivedKeys {
    async fn ensure(&self, _owners: &[KeyOwner]) -> Result<(), KeyStoreError> {
        Ok(())
    }

    fn key(&self, owner: &KeyOwner) -> Result<Option<Key>, KeyStoreError> {
        use sha2::{Digest, Sha256};
        let derived = || Key(Sha256::digest(owner.to_string()).into());
        Ok((!self.destroyed().contains(owner)).then(derived))
    }

    async fn destroy(&self, owner: &KeyOwner) -> Result<(), KeyStoreError> {
        self.destroyed().insert(owner.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_a_service_have_a_key_for_each_day() {
        let at = |text| Timestamp::parse_rfc3339(text).expect("a moment");
        let owner = KeyOwner::texts(&"shop".into(), at("2026-11-23T00:59:59+01:00"));
        assert_eq!(owner.to_string(), "texts:2026-11-22:shop");
        assert_eq!(owner, KeyOwner::texts(&"shop".into(), at("2026-11-22T00:00:00Z")));
        assert_ne!(owner, KeyOwner::texts(&"shop".into(), at("2026-11-23T00:00:00Z")));
        for owner in [owner, KeyOwner::texts(&"a:b c".into(), Timestamp::MIN)] {
            assert_eq!(owner.to_string().parse(), Ok(owner));
        }
        for text in
            ["texts:2026-11-22:", "texts:2026-11-22", "texts:2026-11-3:shop", "texts:+2026-11-03:shop"]
        {
            assert_eq!(text.parse::<KeyOwner>(), Err(NotAnId), "{text}");
        }
    }
}
