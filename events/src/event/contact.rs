//! What happens to a person's contact methods, apart from their definition: codes, proofs, failures.

use serde::{Deserialize, Serialize};

use crate::event::outcome::Reason;
use crate::event::person::ChannelKind;
use crate::id::{AlertId, ContactId};
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Something happened to one of a person's contact methods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactEvent {
    /// Somebody wants to prove it by a code, which is sent over it.
    CodeSent(CodeSent),
    /// A code was given that was not the one that was sent.
    CodeMistaken {
        /// For which contact method.
        contact: ContactId,
    },
    /// It reached the person.
    Proved {
        /// What.
        method: Method,
        /// What shows it.
        by: Proof,
    },
    /// It did not reach the person, and that was not its provider's fault.
    Failed {
        /// What.
        method: Method,
        /// Why.
        why: Failure,
        /// When which alert was to be told.
        alert: AlertId,
    },
    /// It does not work: it is skipped from now on, where there is another.
    Broke {
        /// What.
        method: Method,
        /// Why, the last time.
        why: Failure,
        /// After so many failures in a row; 1 or more.
        failures: u32,
    },
    /// It works again.
    Mended {
        /// Which.
        contact: ContactId,
    },
    /// A test page that the house sent over it was answered by nobody in time.
    Unanswered {
        /// What.
        method: Method,
        /// The test page.
        alert: AlertId,
    },
}

impl ContactEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CodeSent(_) => "contact.code_sent",
            Self::CodeMistaken { .. } => "contact.code_mistaken",
            Self::Proved { .. } => "contact.proved",
            Self::Failed { .. } => "contact.failed",
            Self::Broke { .. } => "contact.broke",
            Self::Mended { .. } => "contact.mended",
            Self::Unanswered { .. } => "contact.unanswered",
        }
    }

    /// Which contact method it is about.
    pub const fn contact(&self) -> &ContactId {
        match self {
            Self::CodeSent(CodeSent { method, .. })
            | Self::Proved { method, .. }
            | Self::Failed { method, .. }
            | Self::Broke { method, .. }
            | Self::Unanswered { method, .. } => &method.contact,
            Self::CodeMistaken { contact } | Self::Mended { contact } => contact,
        }
    }
}

/// A contact method as it was then: with another address it is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Its name.
    pub contact: ContactId,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// The address there.
    pub address: Sealed<String>,
}

/// A code on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Over which contact method.
    pub method: Method,
    /// The code: six digits.
    pub code: Sealed<String>,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// What shows that a contact method reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Its provider reported that something arrived: somewhere, not yet with whom.
    Delivered,
    /// Something sent over it was acknowledged.
    Acknowledged,
    /// A code sent over it came back.
    Verified,
}

/// How a contact method failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The provider refused it for good.
    Refused(Reason),
    /// The provider took it, and reported that it did not arrive.
    Undelivered,
}
