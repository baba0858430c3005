//! What became of an attempt to reach somebody.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// What became of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The provider took it.
    Accepted,
    /// The provider will never take it for this contact: climb at once.
    Refused(Reason),
    /// It certainly was not sent: try again later.
    Failed {
        /// Why.
        reason: Reason,
        /// How long the provider asked us to wait, if it did.
        retry_after: Option<Span>,
    },
    /// It may have been sent or not: try again, and say that it is a repeat.
    Unknown(Reason),
}

/// Why, in one word; what exactly was said stands sealed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The provider said no.
    Rejected,
    /// The provider does not know this address.
    UnknownAddress,
    /// The provider does not know our account.
    Unauthorized,
    /// No such channel is configured.
    NoChannel,
    /// No connection could be made.
    Connection,
    /// The provider did not answer in time.
    Timeout,
    /// The provider asked us to slow down.
    Throttled,
    /// The provider has a fault of its own.
    ProviderFault,
    /// The provider's answer makes no sense.
    Nonsense,
    /// It waited too long in our own queue and was not sent.
    Expired,
    /// Our process ended in the middle of it.
    Interrupted,
    /// The provider had failed several times in a row, and there is another one: it was passed over.
    BreakerOpen,
}

/// What a provider reported later about something it had taken. Later ones are larger; a report never goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Waiting at the provider.
    Queued,
    /// Handed on to the network.
    Sent,
    /// It did not arrive and will not: climb at once.
    Undelivered,
    /// It arrived.
    Delivered,
    /// It was opened, heard or answered by whoever it was for.
    Read,
    /// It was answered where it arrived, and the answer was taken.
    Answered,
}
