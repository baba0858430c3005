//! What happens to an alert, from raised to resolved.

use serde::{Deserialize, Serialize};

use crate::event::Language;
use crate::event::contact::Failure;
use crate::event::outcome::{DeliveryStatus, Outcome};
use crate::event::person::ChannelKind;
use crate::event::policy::{is_one, one};
use crate::event::signal::{Severity, Signal};
use crate::event::symptom::{Gathers, SymptomJoined};
use crate::event::work::WorkKind;
use crate::id::{
    AlertId, AttemptId, BootId, ChannelId, ContactId, DedupKey, NodeId, OverrideId, PersonId, PolicyId,
    RotaId, ServiceId, SourceId, TeamId, WorkId,
};
use crate::record::{Author, Position};
use crate::sealed::Sealed;
use crate::time::{Span, Timestamp};

/// Something happened to an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertEvent {
    /// A source said that something is wrong, and nothing open was about the same symptom.
    Raised(Box<Raised>),
    /// The source said the same again. Written at most once in 30 s.
    Repeated,
    /// The source says that it is worse or better than before.
    SeverityChanged {
        /// How bad it is now.
        severity: Severity,
    },
    /// One more problem belongs to it.
    SymptomJoined(Box<SymptomJoined>),
    /// One of its problems is worse or better than before.
    SymptomChanged {
        /// Which, from 1.
        symptom: u32,
        /// How bad it is now.
        severity: Severity,
    },
    /// One of its problems is over, and others are not.
    SymptomCleared {
        /// Which, from 1.
        symptom: u32,
        /// When it had begun, as its source said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        started_at: Option<Timestamp>,
    },
    /// It is about more, or worse, than whoever has it knew: paging begins again.
    Grown {
        /// How many problems it is about now.
        problems: u32,
        /// How bad the worst of them is.
        severity: Severity,
    },
    /// Somebody wants to hear of it later.
    Held {
        /// Who.
        by: Author,
        /// When it goes on.
        until: Timestamp,
        /// It goes on as well when one more problem joins it.
        #[serde(default, skip_serializing_if = "is_false")]
        unless_joined: bool,
        /// So many more must join for that, when one is not enough; 0 otherwise.
        #[serde(default, skip_serializing_if = "is_zero")]
        joins: u32,
    },
    /// The hold is over. By whoever ended it, as the record says; by the house when its time was.
    HoldEnded,
    /// Planned work takes it: whoever does the work is paged first.
    WorkEntered(Box<WorkEntered>),
    /// Planned work holds it: nobody is paged before the work ends.
    HeldForWork(Box<Taken>),
    /// The work that has it ends at another moment than was known.
    WorkMoved {
        /// When it ends now.
        until: Timestamp,
    },
    /// The work that had it is over: it goes to on call at once.
    WorkLeft {
        /// The work.
        works: Vec<WorkId>,
    },
    /// The policy's next step began.
    StepEntered(StepEntered),
    /// The policy's next step has nobody to page; it is left at once.
    StepEmpty {
        /// Which run through the policy, from 1.
        round: u32,
        /// Which step, from 1.
        step: u32,
        /// How many steps were passed over before it because their time went by while nothing could be done.
        #[serde(default, skip_serializing_if = "is_zero")]
        passed_over: u32,
    },
    /// The steps are through, and nobody has it: these people are paged again and again.
    FallbackEntered {
        /// Who, and why they.
        called: Vec<Called>,
        /// When they are paged again.
        until: Timestamp,
        /// How many steps were passed over before it because their time went by while nothing could be done.
        #[serde(default, skip_serializing_if = "is_zero")]
        passed_over: u32,
        /// How late it begins, when that is worth saying.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<Span>,
    },
    /// One person is to be reached about this alert.
    PageOrdered(Box<PageOrdered>),
    /// The person is not to be reached any more: they are no longer part of the house.
    PageWithdrawn {
        /// Which page.
        page: u32,
    },
    /// One try to reach the person begins. This is what sends something.
    AttemptStarted(AttemptStarted),
    /// It is known what became of the try, or known that it is not known.
    AttemptEnded(AttemptEnded),
    /// A try was put off before anything was sent: the address has had all that carriers let through. The same send
    /// comes again.
    AttemptHeld(AttemptHeld),
    /// The provider told later what became of what it took.
    StatusReported {
        /// Which attempt.
        attempt: u32,
        /// What it told.
        status: DeliveryStatus,
        /// In its own words, when it said more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<Sealed<String>>,
    },
    /// Its provider was to report by now that it arrived, and did not: it counts as not arrived.
    ReportOverdue {
        /// Which attempt.
        attempt: u32,
    },
    /// Somebody has it.
    Acknowledged {
        /// Who.
        by: Author,
        /// How they said so.
        way: Way,
        /// When the taking runs out; never when nothing is said.
        until: Option<Timestamp>,
    },
    /// Somebody has it, and more people are to: the others are paged on.
    Joined {
        /// Who.
        by: Author,
        /// How they said so.
        way: Way,
        /// How many more are to take it; 1 or more.
        missing: u32,
    },
    /// The taking ran out; it starts again at step 1.
    AcknowledgementLapsed,
    /// Somebody wants the next step now.
    Escalated {
        /// Who.
        by: Author,
    },
    /// It escalates from here on by another policy, from its first step. By the house where a step says so.
    HandedOver {
        /// Who.
        by: Author,
        /// To whom.
        to: Handed,
    },
    /// Somebody wrote something down.
    Noted {
        /// Who.
        by: Author,
        /// What.
        text: Sealed<String>,
    },
    /// The problem is over.
    Resolved {
        /// Who said so.
        by: Author,
        /// When the problem that is over had begun, as its source said.
        started_at: Option<Timestamp>,
    },
    /// Something still rings somewhere although somebody has it: it is to be stopped. This is what stops it.
    RecallStarted {
        /// The attempt that rings.
        attempt: u32,
        /// When the outcome is overdue.
        timeout_at: Timestamp,
        /// Which node stops it.
        node: NodeId,
        /// In which of its starts.
        boot: BootId,
    },
    /// It is known what became of the recall.
    RecallEnded {
        /// The attempt that rang.
        attempt: u32,
        /// What became of it.
        outcome: Outcome,
    },
    /// The clock had run ahead: all deadlines of this alert move back.
    ClockCorrected {
        /// By how much.
        back: Span,
    },
    /// The configuration changed, and more people are paged in the present step.
    Reconsidered {
        /// Who, and why they.
        called: Vec<Called>,
        /// The configuration that was considered.
        directory: Position,
    },
}

/// For fields that older records do not have, and that say nothing when they are false.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(yes: &bool) -> bool {
    !*yes
}

/// For fields that older records do not have, and that say nothing at 0.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl AlertEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Raised(_) => "alert.raised",
            Self::Repeated => "alert.repeated",
            Self::SeverityChanged { .. } => "alert.severity_changed",
            Self::SymptomJoined(_) => "alert.symptom_joined",
            Self::SymptomChanged { .. } => "alert.symptom_changed",
            Self::SymptomCleared { .. } => "alert.symptom_cleared",
            Self::Grown { .. } => "alert.grown",
            Self::Held { .. } => "alert.held",
            Self::HoldEnded => "alert.hold_ended",
            Self::WorkEntered(_) => "alert.work_entered",
            Self::HeldForWork(_) => "alert.held_for_work",
            Self::WorkMoved { .. } => "alert.work_moved",
            Self::WorkLeft { .. } => "alert.work_left",
            Self::StepEntered(_) => "alert.step_entered",
            Self::StepEmpty { .. } => "alert.step_empty",
            Self::FallbackEntered { .. } => "alert.fallback_entered",
            Self::PageOrdered(_) => "alert.page_ordered",
            Self::PageWithdrawn { .. } => "alert.page_withdrawn",
            Self::AttemptStarted(_) => "alert.attempt_started",
            Self::AttemptEnded(_) => "alert.attempt_ended",
            Self::AttemptHeld(_) => "alert.attempt_held",
            Self::StatusReported { .. } => "alert.status_reported",
            Self::ReportOverdue { .. } => "alert.report_overdue",
            Self::Acknowledged { .. } => "alert.acknowledged",
            Self::Joined { .. } => "alert.joined",
            Self::HandedOver { .. } => "alert.handed_over",
            Self::AcknowledgementLapsed => "alert.acknowledgement_lapsed",
            Self::Escalated { .. } => "alert.escalated",
            Self::Noted { .. } => "alert.noted",
            Self::Resolved { .. } => "alert.resolved",
            Self::RecallStarted { .. } => "alert.recall_started",
            Self::RecallEnded { .. } => "alert.recall_ended",
            Self::ClockCorrected { .. } => "alert.clock_corrected",
            Self::Reconsidered { .. } => "alert.reconsidered",
        }
    }
}

/// An alert begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// Which alert it is.
    pub alert: AlertId,
    /// What it is for.
    pub occasion: Occasion,
    /// Who said so.
    pub source: SourceId,
    /// What the source calls the symptom.
    pub dedup_key: DedupKey,
    /// How bad it is.
    pub severity: Severity,
    /// What was said, as normalised.
    pub signal: Sealed<Signal>,
    /// Where the signal was routed to; nowhere for a test.
    pub assignment: Option<Assignment>,
    /// It takes in more problems of its service; none when it is about this one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gathers: Option<Gathers>,
}

/// Where an alert belongs, as the routes and services were when it was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Which route matched, from 1; 0 when none had to: a heartbeat's silence is its own service's.
    pub route: u32,
    /// The service.
    pub service: ServiceId,
    /// The service's name for people.
    pub service_name: String,
    /// The policy that the alert escalates by.
    pub policy: PolicyId,
    /// Where it is written what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// Pages carry code and service only, no alert text in the clear.
    #[serde(default)]
    pub reference_only: bool,
}

/// What an alert is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Something is wrong.
    Problem,
    /// Somebody wants to see whether a person can be reached.
    Test {
        /// Whom.
        person: PersonId,
        /// By which contact method only; the whole ladder when nothing is said.
        contact: Option<ContactId>,
    },
    /// The house has something to tell a person: no problem, and nothing to climb a ladder for.
    Message {
        /// Whom.
        person: PersonId,
        /// What.
        about: Box<About>,
    },
}

/// What the house tells a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Their turn begins.
    ShiftBegins(Handover),
    /// Their turn is over.
    ShiftEnds(Handover),
    /// Their turn is over, and they stay on call as well until whoever comes has said that they have it.
    ShiftStays(Handover),
    /// Their planned work ends soon.
    WorkEnds {
        /// Which.
        work: WorkId,
        /// What is being done.
        what: Sealed<String>,
        /// When it ends.
        ends_at: Timestamp,
    },
    /// Planned work is over, and some of what it has taken is still there.
    WorkOver {
        /// Which.
        work: WorkId,
        /// Who did it.
        name: Sealed<String>,
        /// What was being done.
        what: Sealed<String>,
        /// How many alerts it has taken.
        taken: u32,
        /// Those that are still there.
        open: Vec<AlertId>,
    },
    /// One of their own contact methods does not work, or that of somebody in a team that they lead.
    ContactBroken {
        /// Whose; none when it is their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Sealed<String>>,
        /// Which.
        contact: ContactId,
        /// The kind of channel.
        channel: ChannelKind,
        /// Why.
        why: Failure,
    },
    /// Nobody has answered the test page over one of their contact methods.
    ContactUnanswered {
        /// Which.
        contact: ContactId,
    },
    /// The code that proves the contact method over which it comes.
    ContactCode {
        /// Which.
        contact: ContactId,
        /// The code.
        code: Sealed<String>,
        /// Until when it counts.
        expires_at: Timestamp,
    },
}

/// One person is on call after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// In which rota.
    pub rota: RotaId,
    /// When.
    pub at: Timestamp,
    /// When the turn that begins is over, as far as is known.
    pub until: Timestamp,
    /// Who was on call before, for whoever begins; who is now, for whoever ends. By name, with their own keys.
    pub others: Vec<Sealed<String>>,
    /// What is open then: alerts that the rota may be paged about.
    pub open: Vec<AlertId>,
    /// Whoever begins is asked to say that they have it; until then this override keeps the others on call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<OverrideId>,
}

/// Planned work takes an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkEntered {
    /// The work: all that matches. At least one.
    pub works: Vec<Taken>,
    /// Who is paged, and why they; nobody when no worker can be reached, and then it is left at once.
    pub called: Vec<Called>,
    /// When on call is due, unless the work ends before.
    pub until: Timestamp,
    /// How late it begins, when that is worth saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Span>,
}

/// Planned work that takes an alert, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The work.
    pub work: WorkId,
    /// What becomes of the alert.
    pub kind: WorkKind,
    /// Who does it.
    pub worker: PersonId,
    /// How they are called.
    pub name: Sealed<String>,
    /// What is being done.
    pub what: Sealed<String>,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// A step of the policy begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEntered {
    /// Which run through the policy, from 1.
    pub round: u32,
    /// Which step, from 1.
    pub step: u32,
    /// When the next one is due.
    pub until: Timestamp,
    /// Who is paged, and why they; at least one.
    pub called: Vec<Called>,
    /// How many steps were passed over because their time went by while nothing could be done.
    #[serde(default)]
    pub passed_over: u32,
    /// How late it begins, when that is worth saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Span>,
    /// How many people must take the alert.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub acknowledgements: u32,
}

/// To whom an alert is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handed {
    /// It escalates by this policy.
    Policy(PolicyId),
    /// Everybody in this team is paged.
    Team(TeamId),
}

/// A person whom a step means, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The person.
    pub person: PersonId,
    /// Why they.
    pub why: Why,
}

/// Why a person is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The step names them.
    Named,
    /// They are on call.
    OnCall {
        /// In this rota.
        rota: RotaId,
        /// By this layer, from 1.
        layer: u32,
        /// So many turns after whoever is on call.
        offset: u32,
        /// Since when the shift lasts.
        from: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// Somebody decided that they are on call.
    Override {
        /// In this rota.
        rota: RotaId,
        /// By this override.
        id: OverrideId,
        /// For whom they stand in; none when they are on call as well.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<PersonId>,
        /// Since when.
        from: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// Everybody of the team is on call.
    AllHands {
        /// In this rota.
        rota: RotaId,
        /// By this override.
        id: OverrideId,
        /// The team.
        team: TeamId,
        /// Until when.
        until: Timestamp,
    },
    /// They are doing planned work on it.
    Work {
        /// Which.
        work: WorkId,
        /// When it ends.
        until: Timestamp,
    },
    /// They belong to this team.
    Member {
        /// The team.
        team: TeamId,
    },
}

/// One person is to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageOrdered {
    /// The page's place in the alert, from 1.
    pub page: u32,
    /// Whom.
    pub person: PersonId,
    /// How they are called.
    pub name: Sealed<String>,
    /// The language of every text.
    pub language: Language,
    /// The IANA name of the zone of every time in it.
    pub time_zone: String,
    /// How they are reached, in order; empty for a person who cannot be reached at all.
    pub ladder: Vec<PageRung>,
    /// What stands on their ladder and is left out, since it does not work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
}

/// A contact method that is left out of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Its name.
    pub contact: ContactId,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// Since when it does not work.
    pub broken_since: Timestamp,
}

/// One place on the ladder of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRung {
    /// The contact method's name.
    pub contact: ContactId,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// Which configured channel of that kind; the first one when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<ChannelId>,
    /// The configured channels that reach this address, in the order in which they are tried; none in older records
    /// and where none is configured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<ChannelId>,
    /// The address there.
    pub address: Sealed<String>,
    /// How long after the page's start.
    pub after: Span,
    /// How many sends; 1 or more.
    pub attempts: u32,
    /// How long between them.
    pub every: Span,
}

/// One try begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptStarted {
    /// The attempt's place in the alert, from 1.
    pub attempt: u32,
    /// The page that it belongs to.
    pub page: u32,
    /// The rung, from 1.
    pub rung: u32,
    /// Which of the rung's sends it is, from 1. A retry is the same send again.
    pub send: u32,
    /// Over which configured channel; what the rung says when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<ChannelId>,
    /// The one before may have arrived: this one says that it is a repeat.
    #[serde(default)]
    pub repeat: bool,
    /// How late it is, when that is worth saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Span>,
    /// When the outcome is overdue.
    pub timeout_at: Timestamp,
    /// Which node sends it.
    pub node: NodeId,
    /// In which of its starts.
    pub boot: BootId,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptEnded {
    /// Which attempt.
    pub attempt: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// What the provider said, in its own words; empty when there is nothing to add.
    pub detail: Sealed<String>,
    /// The text as sent; empty when nothing was.
    pub text: Sealed<String>,
    /// The provider's handle for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// By when its provider reports that it arrived; never when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_by: Option<Timestamp>,
    /// The attempt in whose message it went out; none when it had one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<AttemptId>,
    /// The attempts that went out in its message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carries: Vec<AttemptId>,
}

/// A try that was put off before anything was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptHeld {
    /// Which attempt.
    pub attempt: u32,
    /// When the same send comes again.
    pub until: Timestamp,
    /// The limit that was reached.
    pub limit: PaceLimit,
}

/// How much one address is sent at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PaceLimit {
    /// So many messages; 1 or more.
    pub count: u32,
    /// In so long.
    pub span: Span,
}

/// The provider's handle for what it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The handle.
    pub id: String,
    /// Until when it rings by itself and can be stopped; never when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rings_until: Option<Timestamp>,
    /// Until when its provider is asked whether it was read, and what was answered; never when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_until: Option<Timestamp>,
}

impl Receipt {
    /// A handle for what neither rings by itself nor can be answered.
    pub const fn of(id: String) -> Self {
        Self { id, rings_until: None, asked_until: None }
    }

    /// The handle for what rings until then.
    pub const fn ringing(id: String, until: Timestamp) -> Self {
        Self { id, rings_until: Some(until), asked_until: None }
    }
}

/// How somebody said that they have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By the link in a page.
    Link,
    /// By the API or the command line.
    Api,
    /// At the terminal of the demonstration.
    Terminal,
    /// By tapping in the Pushover app.
    Pushover,
    /// By answering a text message.
    Reply,
    /// By a key during a call.
    Call,
    /// By answering on the pager.
    Pager,
    /// In the monitoring system that it came from.
    Source,
}
