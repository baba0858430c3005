//! A message of emergency priority: <https://pushover.net/api/receipts>.

use serde::Serialize;
use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::fields::Fields;

/// How often the device rings again, whatever `expire` says.
pub const RETRIES_MAX: u64 = 50;

/// A message that rings until somebody acts. All times are Unix seconds.
#[derive(Debug, Clone, Serialize)]
pub struct Emergency {
    /// The provider's handle: 30 characters of `[A-Za-z0-9]`.
    pub receipt: String,
    /// The application that sent it.
    #[serde(skip)]
    pub token: String,
    /// The user or group keys that it rings for.
    pub users: Vec<String>,
    /// The words on the device.
    pub text: String,
    /// Names under which it can be cancelled.
    pub tags: Vec<String>,
    /// Where an acknowledgement is reported.
    pub callback: Option<String>,
    /// Pause between two rings.
    pub retry_seconds: u64,
    /// When it first rang.
    pub sent_at: u64,
    /// When it gives up by itself.
    pub expires_at: u64,
    /// Who took it.
    pub acknowledgement: Option<Acknowledgement>,
    /// When the sender took it back.
    pub cancelled_at: Option<u64>,
    /// When the product answered the callback.
    pub called_back_at: Option<u64>,
    /// What the script said when it was sent; decides over its callback.
    pub behaviour: Behaviour,
}

/// A person took an emergency on a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acknowledgement {
    /// When, in Unix seconds.
    pub at: u64,
    /// The user key of the person.
    pub by: String,
    /// The name of the device.
    pub device: String,
}

/// Where an emergency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ring {
    /// It rings again after every pause.
    Ringing,
    /// A person took it.
    Acknowledged,
    /// The sender took it back.
    Cancelled,
    /// Nobody acted in time.
    Expired,
}

impl Emergency {
    /// Returns where it stands at `now`.
    pub const fn ring(&self, now: u64) -> Ring {
        if self.acknowledgement.is_some() {
            Ring::Acknowledged
        } else if self.cancelled_at.is_some() {
            Ring::Cancelled
        } else if now >= self.expires_at {
            Ring::Expired
        } else {
            Ring::Ringing
        }
    }

    /// Stops the ringing; returns whether it rang.
    pub fn cancel(&mut self, now: u64) -> bool {
        let rang = self.ring(now) == Ring::Ringing;
        if rang {
            self.cancelled_at = Some(now);
        }
        rang
    }

    /// Returns how often it has rung up to `now`, the first time included.
    pub fn rings_count(&self, now: u64) -> u64 {
        let acknowledged_at = self.acknowledgement.as_ref().map(|acknowledgement| acknowledgement.at);
        let ended_at = acknowledged_at.or(self.cancelled_at).unwrap_or(self.expires_at);
        let rang_seconds = now.min(ended_at).saturating_sub(self.sent_at);
        1 + (rang_seconds / self.retry_seconds.max(1)).min(RETRIES_MAX)
    }

    /// Returns what the receipts API says about it, without `status` and `request`.
    pub fn status(&self, now: u64) -> Value {
        let taken = self.acknowledgement.as_ref();
        let last_ring = (self.rings_count(now) - 1) * self.retry_seconds;
        json!({
            "acknowledged": u8::from(taken.is_some()),
            "acknowledged_at": taken.map_or(0, |taken| taken.at),
            "acknowledged_by": taken.map_or("", |taken| taken.by.as_str()),
            "acknowledged_by_device": taken.map_or("", |taken| taken.device.as_str()),
            "last_delivered_at": self.sent_at + last_ring,
            "expired": u8::from(self.cancelled_at.is_some() || now >= self.expires_at),
            "expires_at": self.cancelled_at.unwrap_or(self.expires_at),
            "called_back": u8::from(self.called_back_at.is_some()),
            "called_back_at": self.called_back_at.unwrap_or(0),
        })
    }

    /// Returns the form of the callback; none before it is acknowledged.
    pub fn callback_fields(&self) -> Option<Fields> {
        let taken = self.acknowledgement.as_ref()?;
        let fields = [
            ("receipt", self.receipt.clone()),
            ("acknowledged", "1".to_owned()),
            ("acknowledged_at", taken.at.to_string()),
            ("acknowledged_by", taken.by.clone()),
            ("acknowledged_by_device", taken.device.clone()),
        ];
        Some(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emergency() -> Emergency {
        Emergency {
            receipt: "r".repeat(30),
            token: "t".repeat(30),
            users: vec!["u".repeat(30)],
            text: "disk full".to_owned(),
            tags: Vec::new(),
            callback: None,
            retry_seconds: 30,
            sent_at: 1_000,
            expires_at: 11_800,
            acknowledgement: None,
            cancelled_at: None,
            called_back_at: None,
            behaviour: Behaviour::Accept,
        }
    }

    #[test]
    fn rings_until_it_expires_but_at_most_fifty_times_again() {
        let emergency = emergency();
        assert_eq!(emergency.rings_count(1_000), 1);
        assert_eq!(emergency.rings_count(1_059), 2);
        assert_eq!(emergency.rings_count(11_000), 51);
        assert_eq!(emergency.ring(11_799), Ring::Ringing);
        assert_eq!(emergency.ring(11_800), Ring::Expired);
        assert_eq!(emergency.status(11_800)["expired"], 1);
        assert_eq!(emergency.status(1_060)["last_delivered_at"], 1_060);
    }

    #[test]
    fn cancelled_once_and_never_again() {
        let mut emergency = emergency();
        assert!(emergency.cancel(1_040));
        assert!(!emergency.cancel(1_041));
        assert_eq!(emergency.ring(1_050), Ring::Cancelled);
        assert_eq!(emergency.rings_count(9_000), 2);
    }
}
