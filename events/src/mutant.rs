//! Deliberate faults, one at a time: each is a mistake that somebody could make in the code beside it, and the
//! simulation must notice every one of them. Without the feature `mutants`, which nothing that is shipped has,
//! [`is_on`] is the constant `false` and what hangs on it is not compiled in.

#[cfg(feature = "mutants")]
use std::sync::atomic::{AtomicUsize, Ordering};

/// One fault that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mutant {
    /// The shell sends first and writes down afterwards what it sent.
    SendBeforeAppend,
    /// A source is told that its signal is durable before it is.
    AnswerBeforeAppend,
    /// An append whose outcome is unknown counts as done.
    BelieveUnknownAppends,
    /// An append that came second is put behind the one that came first.
    SkipExpectedVersion,
    /// Work for an alert that has much to do is dropped, and whoever waits for it is told that it is done.
    DropOnFullMailbox,
    /// The switchboard forgets deadlines of alerts that somebody has.
    ForgetQuietDeadlines,
    /// A start does not look for alerts that a change of the configuration passed by.
    ForgetReconsiderAtStart,
    /// The projector passes over the first record of a page.
    SkipRecordsInViews,
    /// A change of the configuration counts although the log did not take it.
    BelieveRefusedChanges,
    /// A channel sends what has waited too long.
    SendStaleDispatches,
    /// A provider's refusal counts as acceptance.
    TakeRefusalForAcceptance,
    /// An attempt whose outcome never comes has no deadline.
    ForgetAttemptTimeout,
    /// A send whose outcome is unknown counts as arrived.
    WriteOffUnknownOutcomes,
    /// An acknowledgement stops nothing.
    PageAfterAcknowledgement,
    /// An acknowledgement leaves ringing what rings.
    LeaveRinging,
    /// An acknowledgement is answered and not written down.
    AcknowledgeInWordsOnly,
    /// A send that may have arrived before does not say that it is a repeat.
    RepeatUnlabelled,
    /// What is late is made up for one by one.
    CollapseNothing,
    /// Every shift lasts an hour longer than planned.
    HandOverLate,
    /// The last send of a rung is left out.
    LoseLastSend,
    /// An acknowledgement never lapses.
    ForgetLapse,
    /// The fallback is paged once only.
    FallBackOnce,
    /// A step that reaches nobody is passed over without a word.
    PassOverEmptySteps,
    /// A changed severity changes nothing.
    ForgetSeverity,
    /// A history ahead of the clock waits until the clock has come so far.
    WaitForClock,
    /// An open alert looks at no change of the configuration.
    ReconsiderNothing,
    /// Every rung is sent to the address of the first.
    AddressFirstRung,
    /// What fires again after it was resolved counts as the same, arriving late.
    SwallowNewFirings,
    /// Of two decisions about who stands in, the first counts.
    FirstDecisionWins,
    /// A layer's hours end a quarter of an hour late.
    CloseLate,
    /// Planned work takes no alert.
    IgnoreWork,
    /// An alert that planned work has does not know when the work ends.
    ForgetEndOfWork,
    /// Alerts that are open already are not told that planned work begins.
    ForgetTurnOfWork,
    /// What one provider does not take is tried with no other.
    NeverFailOver,
    /// A provider that never says whether a page arrived is believed.
    IgnoreOverdueReports,
    /// What carriers' limits hold back is dropped.
    DropHeld,
    /// The first page to an address waits as well.
    HoldFirstPage,
    /// A channel sends more to one address than its carriers let through.
    OutrunCarriers,
    /// When what the last provider took did not arrive, those that had only failed are not tried again.
    LeaveRoundUnfinished,
    /// A provider that takes pages and delivers none is asked first all the same.
    TrustSilentProviders,
    /// A problem that joins an alert is not written down.
    LoseJoined,
    /// An alert is over with the problem that raised it.
    EndWithFirst,
    /// Whoever has an alert does not hear that it got worse.
    GrowSilently,
    /// The house takes its own absence for the silence of whoever it listens to.
    MistakeAbsence,
    /// Nobody is told that a heartbeat is silent.
    HearNoSilence,
}

impl Mutant {
    /// Every one, in order.
    pub const ALL: [Self; 45] = [
        Self::SendBeforeAppend,
        Self::AnswerBeforeAppend,
        Self::BelieveUnknownAppends,
        Self::SkipExpectedVersion,
        Self::DropOnFullMailbox,
        Self::ForgetQuietDeadlines,
        Self::ForgetReconsiderAtStart,
        Self::SkipRecordsInViews,
        Self::BelieveRefusedChanges,
        Self::SendStaleDispatches,
        Self::TakeRefusalForAcceptance,
        Self::ForgetAttemptTimeout,
        Self::WriteOffUnknownOutcomes,
        Self::PageAfterAcknowledgement,
        Self::LeaveRinging,
        Self::AcknowledgeInWordsOnly,
        Self::RepeatUnlabelled,
        Self::CollapseNothing,
        Self::HandOverLate,
        Self::LoseLastSend,
        Self::ForgetLapse,
        Self::FallBackOnce,
        Self::PassOverEmptySteps,
        Self::ForgetSeverity,
        Self::WaitForClock,
        Self::ReconsiderNothing,
        Self::AddressFirstRung,
        Self::SwallowNewFirings,
        Self::FirstDecisionWins,
        Self::CloseLate,
        Self::IgnoreWork,
        Self::ForgetEndOfWork,
        Self::ForgetTurnOfWork,
        Self::NeverFailOver,
        Self::IgnoreOverdueReports,
        Self::DropHeld,
        Self::HoldFirstPage,
        Self::OutrunCarriers,
        Self::LeaveRoundUnfinished,
        Self::TrustSilentProviders,
        Self::LoseJoined,
        Self::EndWithFirst,
        Self::GrowSilently,
        Self::MistakeAbsence,
        Self::HearNoSilence,
    ];
}

/// True while this fault is switched on.
#[cfg(not(feature = "mutants"))]
pub const fn is_on(_mutant: Mutant) -> bool {
    false
}

/// True while this fault is switched on, in any thread.
#[cfg(feature = "mutants")]
pub fn is_on(mutant: Mutant) -> bool {
    ON.load(Ordering::Relaxed) == mutant as usize + 1
}

/// Switches one fault on, and every other off, for the whole process.
#[cfg(feature = "mutants")]
pub fn switch_on(mutant: Option<Mutant>) {
    ON.store(mutant.map_or(0, |mutant| mutant as usize + 1), Ordering::Relaxed);
}

#[cfg(feature = "mutants")]
static ON: AtomicUsize = AtomicUsize::new(0);
