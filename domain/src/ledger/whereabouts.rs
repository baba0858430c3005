//! What became of a problem that was accepted: exactly one of these, at any moment.

use events::Timestamp;

/// Where a problem is that a source was told is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whereabouts {
    /// Nobody who is on call is known to have been sent anything about it yet.
    Waiting,
    /// A page about it was taken by a provider, for somebody who is not paged because of planned work.
    Paged,
    /// It belongs to an alert that another problem had raised, and what becomes of that becomes of it.
    Joined,
    /// Planned work has sent it to whoever does the work.
    Rerouted,
    /// Planned work holds it.
    HeldForWork,
    /// Somebody wants to hear of it later.
    Held,
    /// Somebody took it before a page was known to have gone out.
    Acknowledged,
    /// It was over before anybody was paged.
    Over,
    /// It has nobody to page, not even in its fallback: the operators were told.
    Nobody,
    /// Its history cannot be replayed, and it was set aside: the operators were told.
    SetAside,
}

impl Whereabouts {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Paged,
        Self::Joined,
        Self::Rerouted,
        Self::HeldForWork,
        Self::Held,
        Self::Acknowledged,
        Self::Over,
        Self::Nobody,
        Self::SetAside,
        Self::Waiting,
    ];

    /// As it is written, such as `held_for_work`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Paged => "paged",
            Self::Joined => "joined",
            Self::Rerouted => "rerouted",
            Self::HeldForWork => "held_for_work",
            Self::Held => "held",
            Self::Acknowledged => "acknowledged",
            Self::Over => "over",
            Self::Nobody => "nobody",
            Self::SetAside => "set_aside",
        }
    }

    /// What is written so; none when nothing is.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whereabouts| whereabouts.as_str() == name)
    }
}

/// What one alert counts for, as its state says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many problems were accepted into it, those that came back counted again; 1 or more.
    pub problems: u32,
    /// Where the one is that raised it.
    pub whereabouts: Whereabouts,
    /// It is over.
    pub is_over: bool,
    /// Since when it is an alert.
    pub raised_at: Timestamp,
}

/// Problems by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums([u64; Whereabouts::ALL.len()]);

impl Sums {
    /// How many became this.
    pub const fn of(&self, whereabouts: Whereabouts) -> u64 {
        self.0[whereabouts as usize]
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// An alert counts for this much.
    pub fn add(&mut self, tally: &Tally) {
        self.0[tally.whereabouts as usize] += u64::from(tally.problems.min(1));
        self.0[Whereabouts::Joined as usize] += u64::from(tally.problems.saturating_sub(1));
    }

    /// An alert does not count for this any more.
    pub fn take_away(&mut self, tally: &Tally) {
        let less = |count: &mut u64, by: u32| *count = count.saturating_sub(u64::from(by));
        less(&mut self.0[tally.whereabouts as usize], tally.problems.min(1));
        less(&mut self.0[Whereabouts::Joined as usize], tally.problems.saturating_sub(1));
    }
}
