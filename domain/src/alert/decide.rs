//! What follows from an order. Every decision ends with doing what is due, so that one append holds it all.

use events::event::alert::{About, AlertEvent, AttemptEnded, AttemptStarted, Handed, Occasion, Raised, Way};
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::event::person::Rung;
use events::event::signal::{Severity, Signal, Status};
use events::mutant::{self, Mutant};
use events::{AlertId, Author, ChannelId, ContactId, DedupKey, KeyOwner, PersonId, Sealed, Timestamp};

use super::limit::{ATTEMPT_TIMEOUT, CLOCK_AHEAD_MAX, HOLD_MAX, LATE_MIN, NOTE_CHARS_MAX, REPEATS_EVERY};
use super::page::DueSend;
use super::reach::{
    Grounds, advance, can_be_reached, is_there, newly_called, order_page, order_pages, policy,
};
use super::{
    Alert, AttemptState, Command, Here, Order, Phase, RecallState, Refusal, SignalOrder, Subject, Telling,
    asked_by, pace, symptoms, work,
};
use crate::aggregate::Draft;
use crate::directory::Directory;
use crate::port::{Answer, Report};
use crate::routing::as_severe;

/// What stands in a timeline in place of a code.
const CODE_HIDDEN: &str = "******";
/// The source that tests come from.
pub(crate) const TEST_SOURCE: &str = "test";
/// The source that messages of the house come from.
pub(crate) const MESSAGE_SOURCE: &str = "house";

pub(super) fn decide(
    alert: &Alert,
    command: &Command,
    directory: &Directory,
    now: Timestamp,
) -> Result<Vec<AlertEvent>, Refusal> {
    let grounds = Grounds { directory, providers: &command.providers };
    let mut decision = Decision { draft: Draft::new(alert, now), directory, grounds, here: &command.here };
    if alert.last_at > now + CLOCK_AHEAD_MAX && !mutant::is_on(Mutant::WaitForClock) {
        decision.draft.push(AlertEvent::ClockCorrected { back: alert.last_at.since(now) });
    }
    decision.carry_out(&command.order)?;
    decision.do_what_is_due();
    Ok(decision.draft.finish())
}

/// One decision in the making.
struct Decision<'a> {
    draft: Draft<Alert>,
    directory: &'a Directory,
    grounds: Grounds<'a>,
    here: &'a Here,
}

impl Decision<'_> {
    fn carry_out(&mut self, order: &Order) -> Result<(), Refusal> {
        match order {
            Order::Signal(signal) => self.take_signal(signal),
            Order::Test { alert, person, contact, by } => self.test(*alert, *person, contact.as_ref(), by),
            Order::Tell(telling) => {
                self.tell(telling);
                Ok(())
            }
            Order::Acknowledge { by, way } => {
                self.require_unresolved()?;
                self.acknowledge(by, *way);
                Ok(())
            }
            Order::Resolve { by } => {
                self.require_unresolved()?;
                self.draft.push(AlertEvent::Resolved { by: by.clone(), started_at: None });
                Ok(())
            }
            Order::Escalate { by } => {
                self.require_problem()?;
                self.draft.push(AlertEvent::Escalated { by: by.clone() });
                advance_now(&mut self.draft, self.grounds);
                Ok(())
            }
            Order::HandOver { by, to } => self.hand_over(by, to),
            Order::Hold { by, until, unless_joined } => self.hold(by, *until, *unless_joined),
            Order::EndHold => self.end_hold(),
            Order::Note { by, text } => self.note(by, text),
            Order::ReportAttempt { attempt, report } => self.report_attempt(*attempt, report),
            Order::ReportHeld { attempt, hold } => pace::report_held(&mut self.draft, *attempt, hold),
            Order::ReportStatus { attempt, status, detail } => self.report_status(*attempt, *status, detail),
            Order::Answer { attempt, by, answer, detail } => self.take_answer(*attempt, by, *answer, detail),
            Order::ReportRecall { attempt, timeout_at, report } => {
                self.report_recall(*attempt, *timeout_at, report)
            }
            Order::Reconsider => {
                self.reconsider();
                Ok(())
            }
            Order::Tick => Ok(()),
        }
    }

    fn report_status(&mut self, attempt: u32, status: DeliveryStatus, words: &str) -> Result<(), Refusal> {
        let state = self.draft.state();
        let known = state.attempts.iter().find(|known| known.started.attempt == attempt);
        let before = match known.ok_or(Refusal::NotAwaited)?.state {
            AttemptState::InFlight { status } | AttemptState::Taken { status, .. } => status,
            // It was lost and is found: whatever is said of it is news.
            AttemptState::Lost { .. } => None,
        };
        if before.is_none_or(|before| before < status) {
            let owner = state.subject().map(Subject::texts_owner);
            let detail = owner.filter(|_| !words.is_empty());
            let detail = detail.map(|owner| Sealed::new(owner, words.to_owned()));
            self.draft.push(AlertEvent::StatusReported { attempt, status, detail });
        }
        Ok(())
    }

    /// Takes an answer once, and only while paging has not begun anew since: then it was given to something else.
    fn take_answer(&mut self, attempt: u32, by: &Author, answer: Answer, words: &str) -> Result<(), Refusal> {
        self.require_unresolved()?;
        let state = self.draft.state();
        let known = state.attempts.iter().find(|known| known.started.attempt == attempt);
        let known = known.filter(|known| !known.is_answered() && attempt > state.attempts_earlier);
        known.ok_or(Refusal::NotAwaited)?;
        self.report_status(attempt, DeliveryStatus::Answered, words)?;
        match answer {
            Answer::Take => self.acknowledge(by, Way::Pager),
            // Of a test or a message there is no next step.
            Answer::Escalate if self.draft.state().is_problem() => {
                self.draft.push(AlertEvent::Escalated { by: by.clone() });
                advance_now(&mut self.draft, self.grounds);
            }
            Answer::Escalate | Answer::Words => {}
        }
        Ok(())
    }

    fn take_signal(&mut self, order: &SignalOrder) -> Result<(), Refusal> {
        let state = self.draft.state();
        match (&state.phase, order.signal.status) {
            (Phase::Unraised, Status::Firing) => self.raise(order),
            (Phase::Unraised | Phase::Resolved { .. }, Status::Resolved) => Ok(()),
            (Phase::Resolved { .. }, Status::Firing) => Err(Refusal::AlreadyResolved),
            _ if state.symptoms.is_some() || !order.is_about(state) => {
                symptoms::take(&mut self.draft, self.grounds, order)
            }
            (_, Status::Resolved) => {
                let started_at = order.signal.started_at.or_else(|| state.started_at());
                self.draft
                    .push(AlertEvent::Resolved { by: Author::Source(order.source.clone()), started_at });
                Ok(())
            }
            (phase, Status::Firing) => {
                let is_held = matches!(phase, Phase::Held { .. });
                let severity = self.directory.severity(&order.source, &order.signal, self.draft.at());
                if severity != state.severity && !mutant::is_on(Mutant::ForgetSeverity) {
                    self.draft.push(AlertEvent::SeverityChanged { severity });
                    if is_held && severity == Severity::Critical {
                        self.draft.push(AlertEvent::HoldEnded);
                        advance_now(&mut self.draft, self.grounds);
                    }
                } else if self.draft.at().since(state.signal_recorded_at) >= REPEATS_EVERY {
                    self.draft.push(AlertEvent::Repeated);
                }
                Ok(())
            }
        }
    }

    fn raise(&mut self, order: &SignalOrder) -> Result<(), Refusal> {
        if order.arrives_late() {
            return Ok(());
        }
        let assignment = self.directory.assignment(&order.source, &order.signal, self.draft.at());
        let (assignment, severity) = assignment.ok_or(Refusal::NoRoute)?;
        let signal = as_severe(&order.signal, severity);
        let owner = KeyOwner::texts(&assignment.service, self.draft.at());
        self.draft.push(AlertEvent::Raised(Box::new(Raised {
            alert: order.alert,
            occasion: Occasion::Problem,
            source: order.source.clone(),
            dedup_key: order.dedup_key.clone(),
            severity,
            signal: Sealed::new(owner, signal),
            assignment: Some(assignment),
            gathers: order.gathers.clone(),
        })));
        advance_now(&mut self.draft, self.grounds);
        Ok(())
    }

    fn test(
        &mut self,
        alert: AlertId,
        person: PersonId,
        contact: Option<&ContactId>,
        by: &Author,
    ) -> Result<(), Refusal> {
        if self.draft.state().phase != Phase::Unraised {
            return Err(Refusal::AlreadyResolved);
        }
        let defined = self.directory.people().get(&person).filter(|person| can_be_reached(person));
        let defined = defined.ok_or(Refusal::Unreachable)?;
        if contact.is_some_and(|contact| !defined.contacts.contains_key(contact)) {
            return Err(Refusal::Unreachable);
        }
        let occasion = Occasion::Test { person, contact: contact.cloned() };
        let key = by.to_string().as_str().into();
        self.begin(alert, occasion, (TEST_SOURCE, key), Severity::Warning);
        order_page(&mut self.draft, self.grounds, (person, defined), contact);
        Ok(())
    }

    /// Tells a person something, once: by the first of their contact methods. What was told is not told again.
    fn tell(&mut self, telling: &Telling) {
        let Telling { alert, key, person, about } = telling;
        let defined = self.directory.people().get(person).filter(|person| can_be_reached(person));
        let Some(defined) = defined.filter(|_| self.draft.state().phase == Phase::Unraised) else { return };
        let occasion = Occasion::Message { person: *person, about: Box::new(about.clone()) };
        self.begin(*alert, occasion, (MESSAGE_SOURCE, key.clone()), Severity::Info);
        let is_about =
            |rung: &Rung| matches!(about, About::ContactUnanswered { contact } if *contact == rung.contact);
        let works =
            |rung: &&Rung| !self.grounds.directory.is_broken(*person, &rung.contact) && !is_about(rung);
        let first = defined.ladder.iter().find(works).or(defined.ladder.first());
        let only = if let About::ContactCode { contact, .. } = about {
            Some(contact)
        } else {
            // Whoever is asked to take over is asked by their whole ladder.
            first.map(|rung| &rung.contact).filter(|_| asked_by(about).is_none())
        };
        order_page(&mut self.draft, self.grounds, (*person, defined), only);
    }

    /// Begins what is no problem.
    fn begin(
        &mut self,
        alert: AlertId,
        occasion: Occasion,
        (source, dedup_key): (&str, DedupKey),
        severity: Severity,
    ) {
        let signal = Signal {
            status: Status::Firing,
            summary: String::new(),
            severity,
            severity_said: None,
            labels: std::collections::BTreeMap::new(),
            details: std::collections::BTreeMap::new(),
            started_at: None,
            finding: None,
        };
        self.draft.push(AlertEvent::Raised(Box::new(Raised {
            alert,
            occasion,
            source: source.into(),
            dedup_key,
            severity,
            signal: Sealed::new(KeyOwner::Alert(alert), signal),
            assignment: None,
            gathers: None,
        })));
    }

    fn acknowledge(&mut self, by: &Author, way: Way) {
        let state = self.draft.state();
        if matches!(&state.phase, Phase::Acknowledged { by: already, .. } if already == by)
            || mutant::is_on(Mutant::AcknowledgeInWordsOnly)
        {
            return;
        }
        let is_problem = state.is_problem();
        if state.is_open() && !state.cursor.fallback {
            let have_it = u32::try_from(state.takers.len()).unwrap_or(u32::MAX);
            if state.takers.contains(by) {
                return;
            }
            if let Some(missing) =
                state.acknowledgements_wanted.checked_sub(have_it + 1).filter(|&missing| missing > 0)
            {
                self.draft.push(AlertEvent::Joined { by: by.clone(), way, missing });
                return;
            }
        }
        let policy = policy(state, self.directory);
        let lapses = policy.and_then(|policy| policy.acknowledgement_lapses);
        let until = lapses.map(|lapses| self.draft.at() + lapses);
        self.draft.push(AlertEvent::Acknowledged { by: by.clone(), way, until });
        if !is_problem {
            self.draft.push(AlertEvent::Resolved { by: by.clone(), started_at: None });
        }
    }

    fn hand_over(&mut self, by: &Author, to: &Handed) -> Result<(), Refusal> {
        self.require_problem()?;
        if !is_there(self.directory, to) {
            return Err(Refusal::NobodyThere);
        }
        self.draft.push(AlertEvent::HandedOver { by: by.clone(), to: to.clone() });
        advance_now(&mut self.draft, self.grounds);
        Ok(())
    }

    fn hold(&mut self, by: &Author, until: Timestamp, unless_joined: u32) -> Result<(), Refusal> {
        self.require_problem()?;
        if until > self.draft.at() + HOLD_MAX {
            return Err(Refusal::HoldTooLong);
        }
        let joins = if unless_joined > 1 { unless_joined } else { 0 };
        let unless_joined = unless_joined > 0;
        self.draft.push(AlertEvent::Held { by: by.clone(), until, unless_joined, joins });
        Ok(())
    }

    /// Goes on as when the hold's time is over. What planned work holds would be held by it again at once.
    fn end_hold(&mut self) -> Result<(), Refusal> {
        self.require_problem()?;
        let state = self.draft.state();
        if !matches!(state.phase, Phase::Held { .. }) {
            return Err(Refusal::NotHeld);
        }
        if state.is_with_work() {
            return Err(Refusal::HeldByWork);
        }
        self.draft.push(AlertEvent::HoldEnded);
        advance_now(&mut self.draft, self.grounds);
        Ok(())
    }

    fn note(&mut self, by: &Author, text: &str) -> Result<(), Refusal> {
        let owner = self.draft.state().subject().ok_or(Refusal::NotRaised)?.texts_owner();
        let text = text.chars().take(NOTE_CHARS_MAX).collect();
        self.draft.push(AlertEvent::Noted { by: by.clone(), text: Sealed::new(owner, text) });
        Ok(())
    }

    fn report_attempt(&mut self, attempt: u32, report: &Report) -> Result<(), Refusal> {
        let state = self.draft.state();
        let known = state.attempts.iter().find(|known| known.started.attempt == attempt);
        if !known.is_some_and(super::Attempt::is_in_flight) {
            return Err(Refusal::NotAwaited);
        }
        self.end_attempt(attempt, report);
        Ok(())
    }

    fn end_attempt(&mut self, attempt: u32, report: &Report) {
        let Some(owner) = self.draft.state().subject().map(Subject::texts_owner) else { return };
        let code = self.draft.state().contact_code().cloned();
        let sealed = |text: &str| {
            // Who reads the timeline must not be able to say that they have the phone.
            let text = code.as_ref().map_or_else(|| text.to_owned(), |code| text.replace(code, CODE_HIDDEN));
            if text.is_empty() { Sealed::Shut } else { Sealed::new(owner.clone(), text) }
        };
        self.draft.push(AlertEvent::AttemptEnded(AttemptEnded {
            attempt,
            outcome: report.outcome,
            detail: sealed(&report.detail),
            text: sealed(&report.text),
            receipt: report.receipt.clone(),
            report_by: report.report_by,
            with: report.with,
            carries: report.carries.clone(),
        }));
    }

    /// That it rings no more is good news from whichever recall; anything else counts for the recall that it is about.
    fn report_recall(&mut self, attempt: u32, timeout_at: Timestamp, report: &Report) -> Result<(), Refusal> {
        let known = self.draft.state().recalls.iter().find(|recall| recall.attempt == attempt);
        match known.map(|recall| &recall.state) {
            Some(RecallState::InFlight { timeout_at: awaited, .. })
                if *awaited == timeout_at || report.outcome == Outcome::Accepted =>
            {
                self.draft.push(AlertEvent::RecallEnded { attempt, outcome: report.outcome });
                Ok(())
            }
            Some(RecallState::InFlight { .. } | RecallState::Due(_)) | None => Err(Refusal::NotAwaited),
        }
    }

    fn reconsider(&mut self) {
        if !self.draft.state().is_problem() || mutant::is_on(Mutant::ReconsiderNothing) {
            return;
        }
        if work::follow(&mut self.draft, self.directory) {
            return advance_now(&mut self.draft, self.grounds);
        }
        let state = self.draft.state();
        if !state.is_open() {
            return;
        }
        if work::is_new(state, self.directory, self.draft.at()) {
            work::enter(&mut self.draft, self.grounds, None);
            return;
        }
        let called = newly_called(self.draft.state(), self.directory, self.draft.at());
        if !called.is_empty() {
            let directory = self.directory.position();
            self.draft.push(AlertEvent::Reconsidered { called: called.clone(), directory });
            order_pages(&mut self.draft, self.grounds, &called);
        }
    }

    /// Whoever has left is not paged any more.
    fn withdraw_pages(&mut self) {
        let state = self.draft.state();
        if !state.is_open() || mutant::is_on(Mutant::ReconsiderNothing) {
            return;
        }
        let gone = |page: &&super::Page| !page.stopped && !self.directory.people().contains_key(&page.person);
        let withdrawn: Vec<u32> = state.pages.iter().filter(gone).map(|page| page.number).collect();
        for page in withdrawn {
            self.draft.push(AlertEvent::PageWithdrawn { page });
        }
    }

    fn require_problem(&self) -> Result<(), Refusal> {
        self.require_unresolved()?;
        if self.draft.state().is_problem() { Ok(()) } else { Err(Refusal::NoProblem) }
    }

    fn require_unresolved(&self) -> Result<(), Refusal> {
        match self.draft.state().phase {
            Phase::Unraised => Err(Refusal::NotRaised),
            Phase::Resolved { .. } => Err(Refusal::AlreadyResolved),
            Phase::Held { .. } | Phase::Open { .. } | Phase::Acknowledged { .. } => Ok(()),
        }
    }

    /// Everything whose time has come, in the order in which it would have come.
    fn do_what_is_due(&mut self) {
        self.withdraw_pages();
        self.end_what_is_overdue();
        self.go_on();
        self.start_sends();
        self.start_recalls();
    }

    fn end_what_is_overdue(&mut self) {
        let now = self.draft.at();
        let overdue: Vec<(u32, bool)> = self
            .draft
            .state()
            .attempts
            .iter()
            .filter(|attempt| attempt.is_in_flight())
            .map(|attempt| (attempt, attempt.is_orphan_of(self.here)))
            .filter(|(attempt, orphan)| *orphan || attempt.started.timeout_at <= now)
            .map(|(attempt, orphan)| (attempt.started.attempt, orphan))
            .collect();
        for (attempt, orphan) in overdue {
            let reason = if orphan { Reason::Interrupted } else { Reason::Timeout };
            self.end_attempt(attempt, &Report::bare(Outcome::Unknown(reason)));
        }
        let state = self.draft.state();
        let silent: Vec<u32> =
            state.unreported().filter(|(_, by)| *by <= now).map(|(attempt, _)| attempt).collect();
        for attempt in silent {
            self.draft.push(AlertEvent::ReportOverdue { attempt });
        }
        let overdue: Vec<(u32, bool)> = self
            .draft
            .state()
            .recalls
            .iter()
            .map(|recall| (recall, recall.is_orphan_of(self.here)))
            .filter(|(recall, orphan)| match &recall.state {
                RecallState::InFlight { timeout_at, .. } => *orphan || *timeout_at <= now,
                RecallState::Due(_) => false,
            })
            .map(|(recall, orphan)| (recall.attempt, orphan))
            .collect();
        for (attempt, orphan) in overdue {
            let reason = if orphan { Reason::Interrupted } else { Reason::Timeout };
            self.draft.push(AlertEvent::RecallEnded { attempt, outcome: Outcome::Unknown(reason) });
        }
    }

    fn go_on(&mut self) {
        let now = self.draft.at();
        if !self.draft.state().is_problem() {
            return self.end_test();
        }
        let is_due = |until: Option<Timestamp>| until.is_some_and(|until| until <= now);
        let state = self.draft.state();
        let hold_ends = if let Phase::Held { until } = state.phase { Some(until) } else { None };
        if (is_due(state.work_deadline()) || is_due(hold_ends))
            && work::follow(&mut self.draft, self.directory)
        {
            return advance_now(&mut self.draft, self.grounds);
        }
        match self.draft.state().phase {
            Phase::Open { until } if until <= now => {
                // Work that began while nobody could look is asked before anybody else.
                let late = Some(now.since(until)).filter(|&late| late > LATE_MIN);
                let is_new = work::is_new(self.draft.state(), self.directory, now);
                if !is_new || !work::enter(&mut self.draft, self.grounds, late) {
                    advance(&mut self.draft, self.grounds, until);
                }
            }
            Phase::Held { until } if until <= now => {
                self.draft.push(AlertEvent::HoldEnded);
                advance_now(&mut self.draft, self.grounds);
            }
            Phase::Acknowledged { until: Some(until), .. } if until <= now => {
                self.draft.push(AlertEvent::AcknowledgementLapsed);
                advance_now(&mut self.draft, self.grounds);
            }
            Phase::Unraised
            | Phase::Open { .. }
            | Phase::Held { .. }
            | Phase::Acknowledged { .. }
            | Phase::Resolved { .. } => {}
        }
    }

    /// A test is over some time after its last send.
    fn end_test(&mut self) {
        if matches!(self.draft.state().phase, Phase::Open { until } if until <= self.draft.at()) {
            self.draft.push(AlertEvent::Resolved { by: Author::House, started_at: None });
        }
    }

    fn start_sends(&mut self) {
        let now = self.draft.at();
        if !self.draft.state().is_open() && !mutant::is_on(Mutant::PageAfterAcknowledgement) {
            return;
        }
        let due: Vec<(u32, DueSend)> = self
            .draft
            .state()
            .pages
            .iter()
            .flat_map(|page| page.due(now).into_iter().map(|send| (page.number, send)))
            .collect();
        for (page, send) in due {
            self.draft.push(AlertEvent::AttemptStarted(AttemptStarted {
                attempt: self.draft.state().attempts_count + 1,
                page,
                rung: send.rung,
                send: send.send,
                via: self.provider(page, &send),
                repeat: send.repeat,
                late: send.late,
                timeout_at: now + ATTEMPT_TIMEOUT,
                node: self.here.node.clone(),
                boot: self.here.boot,
            }));
        }
    }

    /// Over which of this node's providers a send goes.
    fn provider(&self, page: u32, send: &DueSend) -> Option<ChannelId> {
        let planned = send.via.clone()?;
        let rung = usize::try_from(send.rung).ok()?.checked_sub(1)?;
        let rung = &self.draft.state().page(page)?.rungs.get(rung)?.rung;
        Some(self.grounds.providers.present(rung.channel, rung.via.as_ref(), planned))
    }

    fn start_recalls(&mut self) {
        let now = self.draft.at();
        let due = |recall: &&super::Recall| matches!(recall.state, RecallState::Due(at) if at <= now);
        let due: Vec<u32> =
            self.draft.state().recalls.iter().filter(due).map(|recall| recall.attempt).collect();
        for attempt in due {
            self.draft.push(AlertEvent::RecallStarted {
                attempt,
                timeout_at: now + ATTEMPT_TIMEOUT,
                node: self.here.node.clone(),
                boot: self.here.boot,
            });
        }
    }
}

pub(super) fn advance_now(draft: &mut Draft<Alert>, grounds: Grounds<'_>) {
    let now = draft.at();
    advance(draft, grounds, now);
}

impl Alert {
    /// When the problem began, as its source said when it raised the alert.
    pub(super) fn started_at(&self) -> Option<Timestamp> {
        self.subject()?.signal.open()?.started_at
    }
}
