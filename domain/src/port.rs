//! What the core asks of the world. The adapters implement these; the actors are generic over them.

use std::future::Future;

use events::event::Language;
use events::event::alert::{About, PaceLimit, Receipt};
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::person::ChannelKind;
use events::event::signal::{Finding, Severity};
use events::{AttemptId, ChannelId, Code, ContactId, PersonId, Span, Timestamp};

use crate::alert::WorkStage;

/// The one clock of the house.
pub trait Clock: Send + Sync + 'static {
    /// The present moment. Never earlier than what it said before.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// Takes what leaves the house. Never waits, never fails: a lost dispatch is an attempt that times out.
pub trait Outbox: Send + Sync + 'static {
    /// Hands one dispatch on.
    fn post(&self, dispatch: Dispatch);

    /// Tells a channel what became of something that its provider took.
    fn heard(&self, fate: Fate);
}

/// One way of reaching people. Failing is an outcome, not an error.
pub trait Channel: Send + Sync + 'static {
    /// Sends one dispatch and reports what became of it. Does not retry: retrying is a decision.
    fn send(&self, dispatch: &Dispatch) -> impl Future<Output = Report> + Send;

    /// Asks what became of something that rings or can be answered, by its provider's handle. None when nothing was learnt: the provider
    /// did not answer, or is never asked.
    fn ask(&self, _receipt: &str) -> impl Future<Output = Option<News>> + Send {
        std::future::ready(None)
    }

    /// What the provider's account has left, as its last answer said; none where it says nothing.
    fn limits(&self) -> Option<AccountLimits> {
        None
    }
}

/// An attempt on its way to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Which attempt: idempotency key and correlation.
    pub attempt: AttemptId,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// Which configured channel of that kind; the first one when nothing is said.
    pub via: Option<ChannelId>,
    /// Somebody else can be tried at once: it is better reported as not sent than kept waiting.
    pub has_alternative: bool,
    /// The address there.
    pub address: String,
    /// The language of every text.
    pub language: Language,
    /// The IANA name of the zone of every time in it.
    pub time_zone: String,
    /// After this moment it is not sent any more: somebody else is already trying again.
    pub expires_at: Timestamp,
    /// What is to be done.
    pub errand: Errand,
    /// Others to the same person and address that go out in the same message, the worst first.
    pub with: Vec<Dispatch>,
}

/// What became of something that a provider took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Which attempt.
    pub attempt: AttemptId,
    /// Over which kind of channel.
    pub channel: ChannelKind,
    /// Over which of them; the first one when nothing is said.
    pub via: Option<ChannelId>,
    /// To whom.
    pub person: PersonId,
    /// By which of their contact methods.
    pub contact: ContactId,
    /// It arrived; else it was reported as undelivered, or nothing was reported in time.
    pub has_arrived: bool,
}

/// A dispatch is put off: its address has had all that carriers let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Until when.
    pub until: Timestamp,
    /// The limit that was reached.
    pub limit: PaceLimit,
}

/// What a channel is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Page the person.
    Page(Box<Notice>),
    /// Stop what still rings.
    Recall {
        /// The provider's handle for it; none when its answer was lost, and only the attempt is known.
        receipt: Option<String>,
    },
}

/// What a page says, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The alert's five characters.
    pub code: Code,
    /// Who is paged: the link in the page belongs to them.
    pub person: PersonId,
    /// How often paging for this alert has begun: the link belongs to this generation.
    pub generation: u32,
    /// What is wrong; the worst of it, where it is about several problems.
    pub summary: String,
    /// What the house itself has found out, to be told in the reader's words instead.
    pub finding: Option<Finding>,
    /// How many problems it is about that are not over; 1 or more.
    pub problems: u32,
    /// How bad it is.
    pub severity: Severity,
    /// The service's name for people; none for a test.
    pub service: Option<String>,
    /// Where it is written what to do.
    pub runbook: Option<String>,
    /// Since when.
    pub raised_at: Timestamp,
    /// The one before may have arrived: say that this is a repeat.
    pub repeat: bool,
    /// How late it is, when that is worth saying.
    pub late: Option<Span>,
    /// It is a test: say so.
    pub test: bool,
    /// Say code and service only, no alert text in the clear.
    pub reference_only: bool,
    /// The planned work that has, or had, the alert.
    pub work: Option<WorkNote>,
    /// What the house tells the person; none when it is about a problem, or a test.
    pub message: Option<About>,
}

/// What planned work has to do with a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkNote {
    /// Who does it; empty when their key was destroyed.
    pub worker: String,
    /// What is being done; empty when their key was destroyed.
    pub what: String,
    /// When it ends, or ended.
    pub ends_at: Timestamp,
    /// Where the alert stands with it.
    pub stage: WorkStage,
}

/// What became of a dispatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The outcome itself.
    pub outcome: Outcome,
    /// What the provider said, in its own words; empty when there is nothing to add.
    pub detail: String,
    /// The text as sent; empty when nothing was.
    pub text: String,
    /// The provider's handle for it.
    pub receipt: Option<Receipt>,
    /// By when the provider reports that it arrived; never when nothing is said.
    pub report_by: Option<Timestamp>,
    /// The attempt in whose message it went out; none when it had one of its own.
    pub with: Option<AttemptId>,
    /// The attempts that went out in its message.
    pub carries: Vec<AttemptId>,
}

/// What a provider says about something that rings or can be answered, when it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Somebody has acknowledged it there.
    pub acknowledged: Option<Tap>,
    /// Whoever it was for has answered it there.
    pub answer: Option<Answer>,
    /// How far it is; none when that is not said.
    pub status: Option<DeliveryStatus>,
    /// In the provider's words, where they are worth keeping.
    pub detail: String,
    /// It rings no more and will not be answered: nobody needs to ask again.
    pub expired: bool,
}

/// What whoever was paged has answered where the page arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// That they have it.
    Take,
    /// That others are to be paged.
    Escalate,
    /// Something that the house cannot do; it stands in the provider's words.
    Words,
}

/// Somebody acknowledged at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// When, as the provider says.
    pub at: Timestamp,
    /// Under which address there; empty when it does not say.
    pub by: String,
    /// On which device; empty when it does not say.
    pub device: String,
}

/// What an account at a provider may send until its limit is set anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLimits {
    /// How many messages there are altogether.
    pub limit: u64,
    /// How many of them are left.
    pub remaining: u64,
    /// When there are as many as ever again.
    pub resets_at: Timestamp,
}

impl Report {
    /// An outcome with nothing to add.
    pub const fn bare(outcome: Outcome) -> Self {
        Self {
            outcome,
            detail: String::new(),
            text: String::new(),
            receipt: None,
            report_by: None,
            with: None,
            carries: Vec::new(),
        }
    }
}
