//! An independent, naive reading of a history: what was started, what became of it, what is due. It shares nothing
//! with the production fold, so that the two can be held against each other.

use domain::alert::Here;
use domain::alert::limit::{RETRY_WAIT_MAX, RETRY_WAIT_MIN, RINGS_MAX};
use events::event::alert::{AlertEvent, AttemptStarted, PageOrdered, PageRung, Receipt};
use events::event::outcome::Outcome;
use events::{Span, Timestamp};

use super::invariant::{Broken, Invariant};

/// What a reader of the log knows.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    /// Where the alert stands.
    pub stage: Stage,
    /// Every attempt, in order.
    pub attempts: Vec<Told>,
    /// How often one node ended what another had begun.
    pub takeovers: u32,
    /// How often an acknowledgement ran out.
    pub lapses: u32,
    /// What the log itself breaks.
    pub broken: Broken,
    pages: Vec<(PageOrdered, Timestamp)>,
    recalls: Vec<Recalled>,
    /// Pages and attempts up to here belong to paging that was stopped.
    stopped: (usize, usize),
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// It does not exist.
    #[default]
    Unraised,
    /// People are paged, and something follows then.
    Open(Timestamp),
    /// Somebody has it since the first moment, until the second.
    Acknowledged(Timestamp, Option<Timestamp>),
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Told {
    /// How it began.
    pub started: AttemptStarted,
    /// Its outcome, and when it was written down.
    pub ended: Option<(Outcome, Timestamp)>,
    receipt: Option<Receipt>,
}

/// The recalls of one attempt.
#[derive(Clone, Debug)]
struct Recalled {
    attempt: u32,
    timeout_at: Option<Timestamp>,
}

impl Told {
    /// What was planned: the page, the rung, which of its sends.
    pub const fn send(&self) -> (u32, u32, u32) {
        (self.started.page, self.started.rung, self.started.send)
    }

    const fn is_unknown(&self) -> bool {
        matches!(self.ended, Some((Outcome::Unknown(_), _)))
    }
}

impl Chronicle {
    /// Reads one more event.
    pub fn take(&mut self, event: &AlertEvent, at: Timestamp, writer: &Here) {
        match event {
            AlertEvent::Raised(_) | AlertEvent::AcknowledgementLapsed => {
                self.lapses += u32::from(*event == AlertEvent::AcknowledgementLapsed);
                self.stage = Stage::Open(at);
            }
            AlertEvent::StepEntered(entered) => self.stage = Stage::Open(entered.until),
            AlertEvent::FallbackEntered { until, .. } => self.stage = Stage::Open(*until),
            AlertEvent::PageOrdered(ordered) => self.pages.push(((**ordered).clone(), at)),
            AlertEvent::AttemptStarted(started) => self.start(started, writer),
            AlertEvent::AttemptEnded(ended) => {
                let told = self.attempts.iter_mut().find(|told| told.started.attempt == ended.attempt);
                let is_first = told.as_ref().is_some_and(|told| told.ended.is_none());
                self.broken.unless(is_first, Invariant::OneHistory);
                if let Some(told) = told {
                    self.takeovers += u32::from(told.started.node != writer.node);
                    told.ended = Some((ended.outcome, at));
                    told.receipt.clone_from(&ended.receipt);
                }
            }
            AlertEvent::Acknowledged { until, .. } => {
                self.stage = Stage::Acknowledged(at, *until);
                self.stopped = (self.pages.len(), self.attempts.len());
            }
            AlertEvent::RecallStarted { attempt, timeout_at, .. } => {
                self.recalls.retain(|recalled| recalled.attempt != *attempt);
                self.recalls.push(Recalled { attempt: *attempt, timeout_at: Some(*timeout_at) });
            }
            AlertEvent::RecallEnded { attempt, .. } => {
                if let Some(recalled) = self.recalls.iter_mut().find(|known| known.attempt == *attempt) {
                    recalled.timeout_at = None;
                }
            }
            // None of these happens in the model's house.
            AlertEvent::Repeated
            | AlertEvent::SeverityChanged { .. }
            | AlertEvent::SymptomJoined(_)
            | AlertEvent::SymptomChanged { .. }
            | AlertEvent::SymptomCleared { .. }
            | AlertEvent::Grown { .. }
            | AlertEvent::Held { .. }
            | AlertEvent::HoldEnded
            | AlertEvent::StepEmpty { .. }
            | AlertEvent::PageWithdrawn { .. }
            | AlertEvent::StatusReported { .. }
            | AlertEvent::ReportOverdue { .. }
            | AlertEvent::AttemptHeld(_)
            | AlertEvent::Escalated { .. }
            | AlertEvent::Noted { .. }
            | AlertEvent::Resolved { .. }
            | AlertEvent::ClockCorrected { .. }
            | AlertEvent::WorkEntered(_)
            | AlertEvent::HeldForWork(_)
            | AlertEvent::WorkMoved { .. }
            | AlertEvent::WorkLeft { .. }
            | AlertEvent::Joined { .. }
            | AlertEvent::HandedOver { .. }
            | AlertEvent::Reconsidered { .. } => {}
        }
    }

    fn start(&mut self, started: &AttemptStarted, writer: &Here) {
        let is_next = usize::try_from(started.attempt) == Ok(self.attempts.len() + 1);
        self.broken.unless(is_next, Invariant::OneHistory);
        let is_own = started.node == writer.node && started.boot == writer.boot;
        self.broken.unless(is_own, Invariant::IntentFirst);
        self.broken.unless(matches!(self.stage, Stage::Open(_)), Invariant::AcknowledgementStops);
        let told = Told { started: started.clone(), ended: None, receipt: None };
        for before in self.attempts.iter().filter(|before| before.send() == told.send()) {
            let may_be_tried_again = match before.ended {
                None | Some((Outcome::Accepted | Outcome::Refused(_), _)) => false,
                Some((Outcome::Failed { .. } | Outcome::Unknown(_), _)) => true,
            };
            self.broken.unless(may_be_tried_again, Invariant::BoundedDuplicates);
            self.broken.unless(!before.is_unknown() || started.repeat, Invariant::RepeatSaysSo);
        }
        self.attempts.push(told);
    }

    /// True when this very attempt was begun by this very process.
    pub fn has_started(&self, attempt: u32, here: &Here) -> bool {
        let same = |started: &AttemptStarted| {
            started.attempt == attempt && started.node == here.node && started.boot == here.boot
        };
        self.attempts.iter().any(|told| same(&told.started))
    }

    /// What was planned by this attempt.
    pub fn send_of(&self, attempt: u32) -> Option<(u32, u32, u32)> {
        self.attempts.iter().find(|told| told.started.attempt == attempt).map(Told::send)
    }

    /// How many attempts of a planned send ended with nobody knowing.
    pub fn unknown_count(&self, send: (u32, u32, u32)) -> usize {
        self.attempts.iter().filter(|told| told.send() == send && told.is_unknown()).count()
    }

    /// Where this attempt is to go.
    pub fn address_of(&self, attempt: u32) -> Option<&str> {
        let told = self.attempts.iter().find(|told| told.started.attempt == attempt)?;
        self.rung(&told.started)?.address.open().map(String::as_str)
    }

    /// True when stopping this attempt was begun.
    pub fn has_recalled(&self, attempt: u32) -> bool {
        self.recalls.iter().any(|recalled| recalled.attempt == attempt)
    }

    /// True when what became of this attempt is written down.
    pub fn has_ended(&self, attempt: u32) -> bool {
        self.attempts.iter().any(|told| told.started.attempt == attempt && told.ended.is_some())
    }

    /// True when this attempt rings by itself once it has arrived.
    pub fn rings(&self, attempt: u32) -> bool {
        let told = self.attempts.iter().find(|told| told.started.attempt == attempt);
        told.and_then(|told| self.rung(&told.started)).is_some_and(|rung| rung.channel.rings())
    }

    fn rung(&self, started: &AttemptStarted) -> Option<&PageRung> {
        let (ordered, _) = self.pages.iter().find(|(ordered, _)| ordered.page == started.page)?;
        ordered.ladder.get(usize::try_from(started.rung).ok()?.checked_sub(1)?)
    }

    /// What somebody at work should have done by `now` and has not; `now` is already less what they may be late.
    pub fn overdue(&self, now: Timestamp) -> Broken {
        let mut broken = Broken::default();
        let is_open = matches!(self.stage, Stage::Open(_));
        let is_on_time = match self.stage {
            Stage::Unraised | Stage::Acknowledged(_, None) => true,
            Stage::Open(until) | Stage::Acknowledged(_, Some(until)) => until > now,
        };
        broken.unless(is_on_time, Invariant::NobodyForgets);
        let missing = |told: &Told| told.ended.is_none() && told.started.timeout_at <= now;
        broken.unless(!self.attempts.iter().any(missing), Invariant::NobodyForgets);
        if is_open {
            broken.unless(!self.has_lost_rung(now), Invariant::NoLostRung);
            broken.unless(!self.has_unsent(now), Invariant::NobodyForgets);
        } else if let Stage::Acknowledged(since, _) = self.stage {
            broken.unless(!self.lets_ring(since, now), Invariant::RecallsWhatRings);
        }
        broken
    }

    /// True when an unknown outcome was not followed by another try in time. A later send of the same rung is one: it
    /// goes to the same address.
    fn has_lost_rung(&self, now: Timestamp) -> bool {
        let present = self.attempts.get(self.stopped.1..).unwrap_or_default();
        present.iter().enumerate().any(|(place, told)| {
            let Some((Outcome::Unknown(_), at)) = told.ended else { return false };
            let tries = present[..=place].iter().filter(|before| before.send() == told.send()).count();
            let doubled = RETRY_WAIT_MIN.times(1 << (tries - 1).min(10)).min(RETRY_WAIT_MAX);
            let wait = doubled + Span::from_micros(doubled.as_micros() / 4);
            let (page, rung, send) = told.send();
            let again = present[place + 1..].iter().any(|later| {
                (later.started.page, later.started.rung) == (page, rung) && later.started.send >= send
            });
            !again && at + wait <= now
        })
    }

    /// True when a planned send has not begun although its time has come, and its rung was not given up.
    fn has_unsent(&self, now: Timestamp) -> bool {
        let present = self.pages.get(self.stopped.0..).unwrap_or_default();
        present.iter().any(|(ordered, at)| {
            (1..).zip(&ordered.ladder).any(|(number, rung)| {
                let own = || {
                    let of = |told: &&Told| (told.started.page, told.started.rung) == (ordered.page, number);
                    self.attempts.iter().filter(of)
                };
                let refused = own().any(|told| matches!(told.ended, Some((Outcome::Refused(_), _))));
                let planned = |send: u32| *at + rung.after + rung.every.times(u64::from(send - 1));
                let missing = |send: u32| planned(send) <= now && own().all(|told| told.started.send < send);
                !refused && (1..=rung.attempts).any(missing)
            })
        })
    }

    /// True when something may ring although somebody has it since `since`, and nobody tried to stop it.
    fn lets_ring(&self, since: Timestamp, now: Timestamp) -> bool {
        self.attempts.iter().any(|told| {
            let Some((outcome, at)) = told.ended else { return false };
            let rings_until = match outcome {
                Outcome::Accepted => told.receipt.as_ref().and_then(|receipt| receipt.rings_until),
                Outcome::Unknown(_) if self.rung(&told.started).is_some_and(|rung| rung.channel.rings()) => {
                    Some(at + RINGS_MAX)
                }
                Outcome::Unknown(_) | Outcome::Refused(_) | Outcome::Failed { .. } => None,
            };
            let begun = self.recalls.iter().find(|recalled| recalled.attempt == told.started.attempt);
            let stuck =
                begun.is_none_or(|recalled| recalled.timeout_at.is_some_and(|timeout| timeout <= now));
            rings_until.is_some_and(|until| until > now) && since.max(at) <= now && stuck
        })
    }
}
