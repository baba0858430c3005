//! What must never be broken, by name.

use std::fmt;

/// One thing that must hold in every state. The numbers are those of the house's invariants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// 1: what was answered is in the log.
    Durable,
    /// 2: what reached the provider was written down before, by who sent it.
    IntentFirst,
    /// 2: what was written down was for this address.
    RightAddress,
    /// 3: what is due is done by a node that is at work: steps, fallbacks, lapses, planned sends, missing outcomes.
    NobodyForgets,
    /// 3: an alert that is raised and not over has a deadline.
    AlwaysADeadline,
    /// 4: a send whose outcome is unknown is tried again.
    NoLostRung,
    /// 5: no more sends than unknown outcomes explain, and no more of those than faults do.
    BoundedDuplicates,
    /// 5: what may have arrived before says that it is a repeat.
    RepeatSaysSo,
    /// 6: nothing starts after an acknowledgement, until it lapses.
    AcknowledgementStops,
    /// 6: what rings is stopped once somebody has it.
    RecallsWhatRings,
    /// 8: every attempt is started once and ended once, in one history.
    OneHistory,
    /// 8: what a node takes for the alert's state is the fold of what the log holds.
    ReplayIsTruth,
    /// 9: after a step the next deadline lies ahead.
    NothingOverdue,
    /// 3: at the end somebody was paged, or has it.
    SomebodyIsReached,
    /// A channel sends nothing so late that somebody else may be trying again.
    NothingStale,
}

impl Invariant {
    /// Every one, in order.
    pub const ALL: [Self; 15] = [
        Self::Durable,
        Self::IntentFirst,
        Self::RightAddress,
        Self::NobodyForgets,
        Self::AlwaysADeadline,
        Self::NoLostRung,
        Self::BoundedDuplicates,
        Self::RepeatSaysSo,
        Self::AcknowledgementStops,
        Self::RecallsWhatRings,
        Self::OneHistory,
        Self::ReplayIsTruth,
        Self::NothingOverdue,
        Self::SomebodyIsReached,
        Self::NothingStale,
    ];

    /// How it is called where results are shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Durable => "1 durable",
            Self::IntentFirst => "2 intent first",
            Self::RightAddress => "2 right address",
            Self::NobodyForgets => "3 nobody forgets",
            Self::AlwaysADeadline => "3 always a deadline",
            Self::SomebodyIsReached => "3 somebody is reached",
            Self::NoLostRung => "4 no lost rung",
            Self::BoundedDuplicates => "5 bounded duplicates",
            Self::RepeatSaysSo => "5 a repeat says so",
            Self::AcknowledgementStops => "6 an acknowledgement stops",
            Self::RecallsWhatRings => "6 what rings is recalled",
            Self::OneHistory => "8 one history",
            Self::ReplayIsTruth => "8 replay is truth",
            Self::NothingOverdue => "9 nothing overdue",
            Self::NothingStale => "nothing stale is sent",
        }
    }
}

/// Which invariants were broken on the way.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Broken(u16);

impl Broken {
    /// Remembers it unless `holds`.
    pub fn unless(&mut self, holds: bool, invariant: Invariant) {
        if !holds {
            self.0 |= 1 << invariant as u16;
        }
    }

    /// True when it was broken.
    pub const fn has(self, invariant: Invariant) -> bool {
        self.0 & (1 << invariant as u16) != 0
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Invariant::ALL.iter().filter(|invariant| self.has(**invariant))).finish()
    }
}
