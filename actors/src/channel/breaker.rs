//! One channel's breaker: after several faults in a row it opens, and one dispatch at a time tries whether it is over.
//! While its provider takes pages and delivers none, it is open as well, for whoever has another one.

use events::event::outcome::Reason;
use events::{Span, Timestamp};

/// After so many faults in a row the breaker opens.
pub(super) const BREAKER_FAULTS: u32 = 5;

/// An open breaker lets one dispatch through after this long.
pub(super) const BREAKER_PAUSE: Span = Span::from_seconds(2);

/// How a provider has answered lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// Faults in a row; 0 when the last dispatch went through.
    pub faults: u32,
    /// The last fault of them.
    pub last: Option<Reason>,
    /// Since when it is open because of faults; none while it is not.
    pub open_since: Option<Timestamp>,
    /// Since when it is open because nothing arrives of what its provider takes; none while it is not.
    pub silent_since: Option<Timestamp>,
    /// Until when nothing is sent.
    pause_until: Option<Timestamp>,
}

impl Breaker {
    /// True after several faults in a row, or pages that did not arrive.
    pub const fn is_open(&self) -> bool {
        self.has_faults() || self.silent_since.is_some()
    }

    /// True after several faults in a row.
    pub const fn has_faults(&self) -> bool {
        self.open_since.is_some()
    }

    /// From when on it is tried again, by the next dispatch; none while it is closed.
    pub fn tried_again_at(&self) -> Option<Timestamp> {
        self.pause_until.filter(|_| self.is_open())
    }

    /// A dispatch is done, with this fault if there was one.
    pub(super) fn sent(&mut self, fault: Option<Reason>, now: Timestamp) {
        let Some(fault) = fault else {
            *self = Self { silent_since: self.silent_since, ..Self::default() };
            return;
        };
        self.faults = self.faults.saturating_add(1);
        self.last = Some(fault);
        if self.faults >= BREAKER_FAULTS {
            self.open_since.get_or_insert(now);
            self.pause_until = Some(now + BREAKER_PAUSE);
        }
    }

    /// How long nothing is to be sent yet.
    pub(super) fn pause(&self, now: Timestamp) -> Option<Span> {
        self.pause_until.filter(|&until| until > now).map(|until| until.since(now))
    }
}
