//! What can go wrong, and which of it goes wrong in one simulation.

use std::fmt;

use super::chance::Chance;

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $fault:ident = $name:literal,)*) => {
        /// One thing that can go wrong, or at least differently than planned.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $($(#[doc = $doc])* $fault,)*
        }

        impl Fault {
            /// Every one, in order. New ones come last: their place is part of what a seed means.
            pub const ALL: &'static [Self] = &[$(Self::$fault,)*];

            /// As it is written on the command line and in `seeds.txt`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$fault => $name,)*
                }
            }
        }
    };
}

faults! {
    /// The log refuses an append before it did anything: full, or not available.
    LogRefuses = "log-refuses",
    /// The log does an append and loses the reply.
    LogLosesReplies = "log-loses-replies",
    /// The log cannot say whether it did an append; it did not.
    LogForgets = "log-forgets",
    /// The log takes its time.
    LogIsSlow = "log-is-slow",
    /// The log is away for a while.
    LogGoesAway = "log-goes-away",
    /// The log cannot be read now and then.
    LogReadsFail = "log-reads-fail",
    /// The keys cannot be written now and then.
    KeysFail = "keys-fail",
    /// The process dies at any point and comes back soon.
    ProcessDies = "process-dies",
    /// The process dies and stays away for hours.
    ProcessStaysAway = "process-stays-away",
    /// The process stands still for a while, and goes on.
    ProcessFreezes = "process-freezes",
    /// An alert's actor falls over in the middle of its work.
    AlertsFall = "alerts-fall",
    /// A channel's actor falls over with all that waits in it.
    ChannelsFall = "channels-fall",
    /// Mailboxes are served in any order, and not in the order in which they filled.
    MailboxesUnfair = "mailboxes-unfair",
    /// A provider refuses for good.
    ProviderRefuses = "provider-refuses",
    /// A provider has a fault of its own.
    ProviderFails = "provider-fails",
    /// A provider does not answer; it may have taken the page.
    ProviderHangs = "provider-hangs",
    /// A provider says that it is too much.
    ProviderThrottles = "provider-throttles",
    /// The connection breaks before the answer.
    ProviderCuts = "provider-cuts",
    /// A provider cannot be reached.
    ProviderUnreachable = "provider-unreachable",
    /// A provider answers something that makes no sense.
    ProviderTalksNonsense = "provider-talks-nonsense",
    /// A provider says that it failed, and has taken the page all the same.
    ProviderLies = "provider-lies",
    /// A provider reports late, twice, and in any order.
    ReportsComeLate = "reports-come-late",
    /// A provider reports that a text did not arrive.
    ReportsOfFailure = "reports-of-failure",
    /// The wall clock is set forth and back while the house runs.
    ClockSteps = "clock-steps",
    /// The wall clock is set back while the house is down.
    ClockBackAtStart = "clock-back-at-start",
    /// The wall clock drifts.
    ClockDrifts = "clock-drifts",
    /// The configuration changes in the middle of alerts.
    ConfigurationChanges = "configuration-changes",
    /// People who are on call leave the house.
    PeopleLeave = "people-leave",
    /// Many symptoms at once.
    Storms = "storms",
    /// A symptom comes and goes.
    Flapping = "flapping",
    /// A source says the same again and again, and says it twice.
    Repeats = "repeats",
    /// People do not hear it.
    PeopleSleep = "people-sleep",
    /// People answer late, and to pages of long ago.
    PeopleAnswerLate = "people-answer-late",
    /// People hold, escalate, resolve and write notes.
    PeopleMeddle = "people-meddle",
    /// People stand in for each other, and take it back.
    PeopleStandIn = "people-stand-in",
    /// People do planned work, extend it, end it early and take it back.
    WorkIsPlanned = "work-is-planned",
    /// People are told of handovers, and are to say that they have it.
    HandoversAreAnnounced = "handovers-are-announced",
    /// One provider takes nothing for hours, or takes it and delivers nothing; texts have a second one.
    AProviderIsUnplugged = "a-provider-is-unplugged",
    /// One contact method of somebody is at an address that its provider does not know.
    AContactIsDead = "a-contact-is-dead",
    /// One of two providers of texts takes everything for hours and delivers nothing: it says so, or says nothing.
    AProviderDeliversNothing = "a-provider-delivers-nothing",
    /// Problems of one service that come soon after one another are one alert, and sources flood the house.
    ProblemsAreGrouped = "problems-are-grouped",
    /// Some sources are heartbeats, and fall silent.
    HeartbeatsFallSilent = "heartbeats-fall-silent",
}

impl Fault {
    /// What providers do, each for a call or two.
    pub const OF_PROVIDERS: [Self; 8] = [
        Self::ProviderRefuses,
        Self::ProviderFails,
        Self::ProviderHangs,
        Self::ProviderThrottles,
        Self::ProviderCuts,
        Self::ProviderUnreachable,
        Self::ProviderTalksNonsense,
        Self::ProviderLies,
    ];
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The faults of one simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults(u64);

impl Faults {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// Which ones a seed has: none for one seed in eight, else each with a likelihood that the seed decides too
    /// ("swarm testing", Groce et al. 2012: what is left out shows what is there).
    pub fn drawn(seed: u64) -> Self {
        let mut chance = Chance::of(seed, "faults");
        if chance.below(8) == 0 {
            return Self::NONE;
        }
        let likelihood = chance.pick(&[100, 300, 500, 800]);
        Fault::ALL.iter().filter(|_| chance.happens(likelihood)).copied().collect()
    }

    /// True when it is among them.
    pub const fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u64) != 0
    }

    /// All but this one.
    #[must_use]
    pub const fn without(self, fault: Fault) -> Self {
        Self(self.0 & !(1 << fault as u64))
    }

    /// In order.
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |&fault| self.has(fault))
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        Self(faults.into_iter().fold(0, |set, fault| set | 1 << fault as u64))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NONE {
            return f.write_str("none");
        }
        let names: Vec<&str> = self.iter().map(Fault::name).collect();
        f.write_str(&names.join(","))
    }
}

/// There is no fault of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault `{0}`; `--list-faults` names them all")]
pub struct UnknownFault(String);

impl std::str::FromStr for Faults {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let names = text.split(',').filter(|name| !name.is_empty() && *name != "none");
        let find = |name: &str| {
            let found = Fault::ALL.iter().find(|fault| fault.name() == name).copied();
            found.ok_or_else(|| UnknownFault(name.to_owned()))
        };
        names.map(find).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_written_and_read_again() {
        for seed in 0..200 {
            let faults = Faults::drawn(seed);
            assert_eq!(faults.to_string().parse(), Ok(faults));
        }
        assert_eq!("no-such".parse::<Faults>(), Err(UnknownFault("no-such".to_owned())));
    }

    #[test]
    fn every_fault_is_drawn_and_some_seeds_have_none() {
        let all: Faults = (0..200).flat_map(|seed| Faults::drawn(seed).iter()).collect();
        assert!(Fault::ALL.iter().all(|&fault| all.has(fault)));
        assert!((0..200).any(|seed| Faults::drawn(seed) == Faults::NONE));
        let fault = Fault::Storms;
        assert!(!all.without(fault).has(fault));
    }
}
