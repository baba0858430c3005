//! How much may go wrong, and for how long: within this, every order of things is tried.

use std::fmt;

use events::Span;

/// The bounds of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What they are called.
    pub name: &'static str,
    /// The house that stands in them.
    pub house: HouseKind,
    /// How often a source says the same, to whichever node.
    pub signals: u8,
    /// How often somebody acknowledges, through whichever node.
    pub acknowledgements: u8,
    /// How often a process ends.
    pub crashes: u8,
    /// How often a process stands still, for however long.
    pub pauses: u8,
    /// How often an append's request or reply, a send or its answer is lost or late.
    pub losses: u8,
    /// How often a provider fails without having sent.
    pub failures: u8,
    /// How often a provider refuses for good.
    pub refusals: u8,
    /// Time ends here, counted from the first moment.
    pub horizon: Span,
    /// Before this, time may pass with no node at work; after it, one works.
    pub outage: Span,
}

/// Who is paged how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HouseKind {
    /// Anna, one send over one channel; then Bernd, again and again.
    Plain,
    /// Anna, two sends over one channel and one over another, both of which ring by themselves; then Bernd.
    Ringing,
}

/// Nothing goes wrong, and Anna takes it once.
const CALM: Bounds = Bounds {
    name: "calm",
    house: HouseKind::Plain,
    signals: 1,
    acknowledgements: 1,
    crashes: 0,
    pauses: 0,
    losses: 0,
    failures: 0,
    refusals: 0,
    horizon: Span::from_seconds(45),
    outage: Span::from_seconds(18),
};

/// What every test run checks: one kind of fault at a time.
pub const SMALL: [Bounds; 5] = [
    Bounds { name: "crash", signals: 2, crashes: 1, ..CALM },
    Bounds { name: "pause", pauses: 1, ..CALM },
    Bounds {
        name: "loss",
        signals: 2,
        losses: 1,
        failures: 1,
        refusals: 1,
        horizon: Span::from_seconds(55),
        ..CALM
    },
    Bounds { name: "ringing", house: HouseKind::Ringing, losses: 1, horizon: Span::from_seconds(26), ..CALM },
    Bounds { name: "long", acknowledgements: 0, horizon: Span::from_minutes(45), ..CALM },
];

/// What is checked before a release: two kinds of faults together, all three, two of one kind.
pub const LARGE: [Bounds; 8] = [
    Bounds { name: "crash and loss", crashes: 1, losses: 1, ..CALM },
    Bounds { name: "crash and pause", crashes: 1, pauses: 1, ..CALM },
    Bounds { name: "pause and loss", pauses: 1, losses: 1, ..CALM },
    Bounds { name: "all", acknowledgements: 0, crashes: 1, pauses: 1, losses: 1, ..CALM },
    Bounds { name: "crashes", crashes: 2, ..CALM },
    Bounds { name: "pauses", pauses: 2, ..CALM },
    Bounds { name: "losses", losses: 2, failures: 1, refusals: 1, horizon: Span::from_seconds(80), ..CALM },
    Bounds {
        name: "ringing crash",
        house: HouseKind::Ringing,
        crashes: 1,
        horizon: Span::from_seconds(32),
        ..CALM
    },
];

impl Bounds {
    /// The same with one of them changed; `None` when there is no such bound. The horizon is in seconds.
    pub fn set(mut self, what: &str, count: u8) -> Option<Self> {
        let bound = match what {
            "signals" => &mut self.signals,
            "acknowledgements" => &mut self.acknowledgements,
            "crashes" => &mut self.crashes,
            "pauses" => &mut self.pauses,
            "losses" => &mut self.losses,
            "failures" => &mut self.failures,
            "refusals" => &mut self.refusals,
            "horizon" => {
                self.horizon = Span::from_seconds(count.into());
                return Some(self);
            }
            "outage" => {
                self.outage = Span::from_seconds(count.into());
                return Some(self);
            }
            _ => return None,
        };
        *bound = count;
        Some(self)
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {:?} house, 2 nodes, {} signals, {} acknowledgements, {} crashes, {} pauses, {} losses, {} \
             failures, {} refusals, {} s, nobody at work until second {}",
            self.name,
            self.house,
            self.signals,
            self.acknowledgements,
            self.crashes,
            self.pauses,
            self.losses,
            self.failures,
            self.refusals,
            self.horizon.as_seconds(),
            self.outage.as_seconds(),
        )
    }
}
