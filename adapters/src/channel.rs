//! Ways of reaching people. Each has a pure half, `encode` and `classify`, that is tested alone, and a thin half that
//! sends; none of them retries, because retrying is a decision.
//!
//! **To add a channel:** write its file with a [`Medium`] and a [`Provider`], and name it in [`MEDIA`]. The page
//! `docs/adding-a-channel.md` walks through one.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::blueprint::mistake::What;
use domain::port::{AccountLimits, Channel, Clock, Dispatch, News, Report};
use events::ChannelId;
use events::event::alert::PaceLimit;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;

use crate::boot::BootError;
use crate::boot::table::Table;
use crate::http::ClientError;
use crate::line::Line;
use crate::link::Links;
use crate::probe::Probe;
use crate::text::Text;

pub mod data;
pub mod exec;
pub mod kannel;
mod machine;
pub mod mail;
pub mod ntfy;
pub mod pushover;
mod secret;
pub mod snpp;
#[cfg(test)]
pub(crate) mod stand_in;
pub mod tap;
pub mod twilio;
pub mod voice;
pub mod webhook;

pub use machine::machine;
pub use secret::Secret;

/// Everything that the house can send over. The first of a kind is meant where a table names no provider.
pub static MEDIA: &[&Medium] = &[
    &pushover::MEDIUM,
    &twilio::MEDIUM,
    &kannel::MEDIUM,
    &snpp::MEDIUM,
    &tap::MEDIUM,
    &voice::MEDIUM,
    &mail::MEDIUM,
    &ntfy::MEDIUM,
    &webhook::MEDIUM,
    &exec::MEDIUM,
];

/// How long a provider may take when nothing else is configured.
pub const TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// We wait so long for the report that a page has arrived. Most come within seconds, and what arrives later than this
/// is of no use to anybody who is on call.
pub const REPORTS_WITHIN_DEFAULT: Duration = Duration::from_secs(90);
/// The most that is kept of what a provider said.
const DETAIL_CHARS_MAX: usize = 500;

/// A way of reaching people: what its addresses look like, and how it is configured.
#[derive(Debug)]
pub struct Medium {
    /// What it is called in a person's contacts and in `[channels.…]`.
    pub kind: ChannelKind,
    /// What a table calls it when there are several of a kind, as `protocol` or `provider`.
    pub provider: &'static str,
    /// An address, as people write it into a configuration file.
    pub example: &'static str,
    /// What is wrong with an address, if anything is.
    pub mistake: fn(&str) -> Option<What>,
    /// The options that its table takes. One that ends in `_file` holds the name of a secret's file.
    pub options: &'static [&'static str],
    /// Reads its table.
    pub read: fn(&mut Table<'_>) -> Result<Arc<dyn Plan>, BootError>,
}

impl Medium {
    /// The name of its kind.
    pub fn kind_name(&'static self) -> &'static str {
        self.kind.as_str()
    }
}

/// One configured provider that was not started yet. Tests and callbacks find its type by [`Any`].
pub trait Plan: Any + fmt::Debug + Send + Sync {
    /// Makes it ready to send.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    fn start(&self, means: &Means) -> Result<Arc<dyn Provider>, ClientError>;

    /// The machine without which nobody is reached, as [`machine`] names it; none when there is no such single one.
    fn depends_on(&self) -> Option<String> {
        None
    }
}

/// What a provider is given to work with.
#[derive(Clone)]
pub struct Means {
    /// What makes the links in pages.
    pub links: Links,
    /// The one clock of the house.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for Means {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Means").field("links", &self.links).finish_non_exhaustive()
    }
}

/// What is under way at a provider.
pub type Underway<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Somebody who takes pages: one account, gateway or program.
pub trait Provider: fmt::Debug + Send + Sync + 'static {
    /// How it may be used.
    fn usage(&self) -> Usage;

    /// Sends one dispatch and reports what became of it. Does not retry.
    fn send<'a>(&'a self, dispatch: &'a Dispatch) -> Underway<'a, Report>;

    /// Says something that is no page about an alert, such as the house alarm; as urgent as the channel can.
    fn announce<'a>(&'a self, address: &'a str, text: &'a Text) -> Underway<'a, Report>;

    /// Says whether a page would go out now, without sending one; none when there is nobody to ask.
    fn probe(&self) -> Underway<'_, Option<Probe>> {
        Box::pin(std::future::ready(None))
    }

    /// Asks what became of something that rings, by the handle under which it was taken. None when nothing was learnt,
    /// and where nothing rings.
    fn ask<'a>(&'a self, _receipt: &'a str) -> Underway<'a, Option<News>> {
        Box::pin(std::future::ready(None))
    }

    /// What the account has left, as its last answer said; none where it says nothing.
    fn limits(&self) -> Option<AccountLimits> {
        None
    }
}

/// How a provider may be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// How fast.
    pub rate: RateLimit,
    /// How many sends may be under way at once.
    pub connections_max: usize,
    /// How long one send may take.
    pub timeout: Duration,
    /// Within what time it reports that a page has arrived; none when it never does. A page of which nothing is heard
    /// by then counts as not arrived.
    pub reports_within: Option<Duration>,
}

/// How fast a channel may be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Sends a second in the long run; above 0.
    pub per_second: f64,
    /// Sends at once after a quiet time; 1 or more.
    pub burst: u32,
}

/// A configured channel: its name, its kind and whoever takes its pages.
#[derive(Clone, Debug)]
pub struct ReadyChannel {
    /// Its name in the boot configuration.
    pub id: ChannelId,
    /// What kind of contact methods it serves.
    pub kind: ChannelKind,
    /// Whoever takes its pages.
    pub provider: Arc<dyn Provider>,
    /// How much one address is sent.
    pub pace: Vec<PaceLimit>,
    /// The machine without which it reaches nobody, where that is known: two that depend on the same fail together.
    pub depends_on: Option<String>,
}

impl Channel for ReadyChannel {
    async fn send(&self, dispatch: &Dispatch) -> Report {
        self.provider.send(dispatch).await
    }

    async fn ask(&self, receipt: &str) -> Option<News> {
        self.provider.ask(receipt).await
    }

    fn limits(&self) -> Option<AccountLimits> {
        self.provider.limits()
    }
}

/// The ways of reaching people of this kind, the usual one first.
pub fn media(kind: ChannelKind) -> impl Iterator<Item = &'static Medium> {
    MEDIA.iter().copied().filter(move |medium| medium.kind == kind)
}

/// The usual way of reaching people of each kind, in the order of [`MEDIA`].
pub fn media_once() -> impl Iterator<Item = &'static Medium> {
    let is_first =
        |&(at, medium): &(usize, &&Medium)| !MEDIA[..at].iter().any(|known| known.kind == medium.kind);
    MEDIA.iter().enumerate().filter(is_first).map(|(_, medium)| *medium)
}

/// Every kind of channel once, in the order of [`MEDIA`].
pub fn kinds() -> impl Iterator<Item = ChannelKind> {
    media_once().map(|medium| medium.kind)
}

/// What is wrong with an address of this kind, if anything is.
pub fn address_mistake(kind: ChannelKind, address: &str) -> Option<What> {
    media(kind).next().and_then(|medium| (medium.mistake)(address))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_their_form() {
        for (channel, address, expected) in [
            (ChannelKind::SMS, "+393331234567", None),
            (ChannelKind::SMS, "+12345678", None),
            (ChannelKind::SMS, "+123456789012345", None),
            (ChannelKind::SMS, "+1234567", Some("PhoneForm")),
            (ChannelKind::SMS, "+1234567890123456", Some("PhoneForm")),
            (ChannelKind::SMS, "+03331234567", Some("PhoneForm")),
            (ChannelKind::SMS, "03331234567", Some("PhoneForm")),
            (ChannelKind::SMS, "+39 333 1234567", Some("PhoneForm")),
            (ChannelKind::SMS, "", Some("PhoneForm")),
            (ChannelKind::SMS, "+٣٩٣٣٣١٢٣٤٥٦٧", Some("PhoneForm")),
            (ChannelKind::PAGER, "7311", None),
            (ChannelKind::PAGER, "", Some("PagerForm")),
            (ChannelKind::PAGER, "7311\r\nQUIT", Some("PagerForm")),
            (ChannelKind::PUSHOVER, "uQiRzpo4DXghDmr9QzzfQu27cmVRsG", None),
            (ChannelKind::PUSHOVER, "short", Some("PushoverForm")),
            (ChannelKind::PUSHOVER, " ", Some("TextEmpty")),
        ] {
            let found = address_mistake(channel, address).map(|what| format!("{what:?}"));
            let found = found.as_deref().map(|what| what.split([' ', '{']).next().unwrap_or_default());
            assert_eq!(found, expected, "{address:?}");
        }
    }

    #[test]
    fn every_medium_takes_its_own_example_and_none_is_there_twice() {
        for medium in MEDIA {
            let example = medium.example.trim_matches('"');
            assert_eq!((medium.mistake)(example), None, "{}", medium.kind);
            let same = media(medium.kind).filter(|other| other.provider == medium.provider);
            assert_eq!(same.count(), 1, "{} {}", medium.kind, medium.provider);
        }
        assert_eq!(kinds().count(), kinds().collect::<std::collections::BTreeSet<_>>().len());
    }
}
