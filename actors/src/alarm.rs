//! The house alarm: the one exception to writing before doing. When the log refuses, or an alert cannot be
//! replayed, the operators are told directly.

use std::sync::Arc;

use events::{AlertId, ChannelId, ContactId, Timestamp};
use tokio::sync::watch;

/// What the operators must hear at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The log refuses appends: nothing can be accepted.
    LogRefuses {
        /// What the log said.
        reason: String,
    },
    /// An alert's history cannot be replayed, or crashes whoever replays it: it was set aside.
    Quarantined {
        /// Which alert.
        alert: AlertId,
        /// Why.
        reason: String,
    },
    /// A piece of the configuration cannot be read; the house goes on without it.
    ConfigurationUnreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// An alert has nobody to page, not even in its fallback.
    NobodyToPage {
        /// Which alert.
        alert: AlertId,
    },
    /// A provider would not take a page.
    ProviderIll {
        /// By which channel.
        channel: ChannelId,
        /// What it said, or the system.
        words: String,
    },
    /// A provider's certificate runs out soon, and then no page goes there.
    CertificateEnds {
        /// By which channel.
        channel: ChannelId,
        /// When.
        ends_at: Timestamp,
    },
    /// A contact method does not work: it is skipped from now on, where there is another.
    ContactBroken {
        /// Whose, by their name in the configuration.
        person: String,
        /// Which.
        contact: ContactId,
    },
    /// Nobody has answered the test page over a contact method.
    ContactUnanswered {
        /// Whose, by their name in the configuration.
        person: String,
        /// Which.
        contact: ContactId,
    },
    /// The conservation ledger does not agree: problems that were accepted are unaccounted for, or some are acted on
    /// that nobody accepted.
    Unaccounted {
        /// How many.
        count: u64,
    },
    /// A signal came that no route leads anywhere.
    NoRoute {
        /// Who sent it.
        source: String,
    },
    /// A provider's account has few messages left.
    AccountLow {
        /// The channel whose account it is: it should not be the one over which this is told.
        channel: ChannelId,
        /// How many messages there are altogether.
        limit: u64,
        /// How many of them are left.
        remaining: u64,
        /// When there are as many as ever again.
        resets_at: Timestamp,
    },
}

impl Trouble {
    /// The channel that it is about: by another one the operators surely hear of it.
    pub const fn channel(&self) -> Option<&ChannelId> {
        match self {
            Self::ProviderIll { channel, .. }
            | Self::CertificateEnds { channel, .. }
            | Self::AccountLow { channel, .. } => Some(channel),
            Self::LogRefuses { .. }
            | Self::Quarantined { .. }
            | Self::ConfigurationUnreadable { .. }
            | Self::NobodyToPage { .. }
            | Self::ContactBroken { .. }
            | Self::ContactUnanswered { .. }
            | Self::Unaccounted { .. }
            | Self::NoRoute { .. } => None,
        }
    }
}

/// Pages the operators, past the log.
pub trait HouseAlarm: Send + Sync + 'static {
    /// Tells the operators. Never waits; saying the same again is fine.
    fn sound(&self, trouble: Trouble);
}

/// Whether the house is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The log refuses: why.
    pub log_refuses: Option<String>,
    /// Alerts that were set aside.
    pub quarantined: Vec<AlertId>,
    /// A piece of the configuration cannot be read: why.
    pub configuration_unreadable: Option<String>,
}

impl Health {
    /// True when nothing is wrong.
    pub fn is_well(&self) -> bool {
        self.log_refuses.is_none() && self.quarantined.is_empty() && self.configuration_unreadable.is_none()
    }

    /// The first thing that is wrong; none when all is well.
    pub fn ill(&self) -> Option<String> {
        let refuses = self.log_refuses.as_ref().map(|reason| format!("the log refuses: {reason}"));
        let set_aside = || self.quarantined.first().map(|alert| format!("alert {alert} was set aside"));
        let unreadable = || self.configuration_unreadable.clone();
        refuses.or_else(set_aside).or_else(unreadable)
    }
}

/// Where trouble is told: it changes the health and sounds the alarm.
#[derive(Clone)]
pub struct Bell {
    alarm: Arc<dyn HouseAlarm>,
    health: watch::Sender<Health>,
}

impl std::fmt::Debug for Bell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bell").field("health", &*self.health.borrow()).finish_non_exhaustive()
    }
}

impl Bell {
    /// A bell that sounds this alarm; all is well at first.
    pub fn new(alarm: Arc<dyn HouseAlarm>) -> Self {
        Self { alarm, health: watch::Sender::new(Health::default()) }
    }

    /// The present health, and how it changes.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Something is wrong.
    pub fn ring(&self, trouble: Trouble) {
        tracing::error!(?trouble, "house alarm");
        self.health.send_modify(|health| match &trouble {
            Trouble::LogRefuses { reason } => health.log_refuses = Some(reason.clone()),
            Trouble::Quarantined { alert, .. } => {
                if !health.quarantined.contains(alert) {
                    health.quarantined.push(*alert);
                }
            }
            Trouble::ConfigurationUnreadable { reason } => {
                health.configuration_unreadable = Some(reason.clone());
            }
            Trouble::NobodyToPage { .. }
            | Trouble::ContactBroken { .. }
            | Trouble::ContactUnanswered { .. }
            | Trouble::Unaccounted { .. }
            | Trouble::NoRoute { .. }
            | Trouble::ProviderIll { .. }
            | Trouble::CertificateEnds { .. }
            | Trouble::AccountLow { .. } => {}
        });
        self.alarm.sound(trouble);
    }

    /// The log takes appends again.
    pub fn log_recovered(&self) {
        self.health.send_if_modified(|health| health.log_refuses.take().is_some());
    }
}
