//! Ways of reaching people. Each has a pure half, `encode` and `classify`, that is tested alone, and a thin half that
//! sends; none of them retries, because retrying is a decision.
//!
//! **To add a channel:** write its file with a configuration, `encode`, `classify` and an implementation of
//! [`Channel`]; add it to [`AnyChannel`], and its kind to `events::event::person::ChannelKind` and to
//! [`text()`](crate::text::text()).

use std::time::Duration;

use domain::port::{Channel, Dispatch, Report};
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;

use crate::line::Line;
use crate::text::Text;

pub mod pushover;
mod secret;
pub mod snpp;
#[cfg(test)]
pub(crate) mod stand_in;
pub mod twilio;

pub use secret::Secret;

/// How long a provider may take when nothing else is configured.
pub const TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// The most that is kept of what a provider said.
const DETAIL_CHARS_MAX: usize = 500;

/// How fast a channel may be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Sends a second in the long run; above 0.
    pub per_second: f64,
    /// Sends at once after a quiet time; 1 or more.
    pub burst: u32,
}

/// A configured channel of any kind.
#[derive(Clone, Debug)]
pub enum AnyChannel {
    /// The Pushover app.
    Pushover(pushover::Pushover),
    /// SMS through Twilio.
    Twilio(twilio::Twilio),
    /// Pagers behind an SNPP gateway.
    Snpp(snpp::Snpp),
}

impl AnyChannel {
    /// What kind of contact methods it serves.
    pub const fn kind(&self) -> ChannelKind {
        match self {
            Self::Pushover(_) => ChannelKind::Pushover,
            Self::Twilio(_) => ChannelKind::Sms,
            Self::Snpp(_) => ChannelKind::Pager,
        }
    }

    /// How fast it may be used.
    pub const fn rate(&self) -> RateLimit {
        match self {
            Self::Pushover(channel) => channel.config().rate,
            Self::Twilio(channel) => channel.config().rate,
            Self::Snpp(channel) => channel.config().rate,
        }
    }

    /// How many sends may be under way at once.
    pub const fn connections_max(&self) -> usize {
        match self {
            Self::Pushover(_) => pushover::CONNECTIONS_MAX,
            Self::Twilio(_) => twilio::CONNECTIONS_MAX,
            Self::Snpp(_) => snpp::CONNECTIONS_MAX,
        }
    }

    /// How long one send may take.
    pub const fn timeout(&self) -> Duration {
        match self {
            Self::Pushover(channel) => channel.config().timeout,
            Self::Twilio(channel) => channel.config().timeout,
            Self::Snpp(channel) => channel.config().timeout,
        }
    }

    /// Says something that is no page about an alert, such as the house alarm; as urgent as the channel can.
    pub async fn announce(&self, address: &str, text: &Text) -> Report {
        match self {
            Self::Pushover(channel) => channel.announce(address, text).await,
            Self::Twilio(channel) => channel.announce(address, text).await,
            Self::Snpp(channel) => channel.announce(address, text).await,
        }
    }
}

impl Channel for AnyChannel {
    async fn send(&self, dispatch: &Dispatch) -> Report {
        match self {
            Self::Pushover(channel) => channel.send(dispatch).await,
            Self::Twilio(channel) => channel.send(dispatch).await,
            Self::Snpp(channel) => channel.send(dispatch).await,
        }
    }
}

/// An outcome with the provider's words, in one line of bounded length.
fn said(outcome: Outcome, words: &str) -> Report {
    Report { detail: Line::new(words).cut(DETAIL_CHARS_MAX).to_string(), ..Report::bare(outcome) }
}

/// Adds the text to a report if it was sent, or may have been.
fn with_text(report: Report, text: &Text) -> Report {
    match report.outcome {
        Outcome::Accepted | Outcome::Unknown(_) => Report { text: text.for_record(), ..report },
        Outcome::Refused(_) | Outcome::Failed { .. } => report,
    }
}

/// Nothing rings here by itself, so there is nothing to recall.
fn nothing_to_recall() -> Report {
    said(
        Outcome::Refused(Reason::Rejected),
        "nothing rings by itself on this channel: there is nothing to recall",
    )
}
