//! How an alert takes what happened into its state. Total: nothing here can fail or ask anybody.

use super::limit::{ASKED_OPEN, RECALL_TRIES_MAX, RETRY_WAIT_MIN, RINGS_MAX, TEST_OPEN};
use super::page::{Again, Page, PlannedSend};
use super::{
    Alert, AlertEvent, Arc, Attempt, AttemptStarted, AttemptState, Author, Cursor, Handed, Here, HoldTerms,
    PageOrdered, Phase, Raised, Recall, RecallState, StepEntered, Subject, Timestamp, WorkStage,
};
use events::event::alert::{AttemptEnded, PageRung, Receipt};
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::mutant::{self, Mutant};
use events::{AttemptId, PersonId, Span};

/// Longer than any simulation, for [`Mutant::FallBackOnce`].
const FOREVER: Span = Span::from_minutes(60 * 24 * 365);

pub(super) fn evolve(alert: &mut Alert, event: &AlertEvent, at: Timestamp) {
    alert.last_at = at;
    match event {
        AlertEvent::Raised(raised) => alert.raise(raised, at),
        AlertEvent::Repeated => alert.signal_recorded_at = at,
        AlertEvent::SeverityChanged { severity } => {
            alert.severity = *severity;
            alert.signal_recorded_at = at;
        }
        AlertEvent::SymptomJoined(joined) => {
            alert.counted.problems = alert.counted.problems.saturating_add(1);
            alert.join_symptom(joined, at);
        }
        AlertEvent::SymptomChanged { symptom, severity } => alert.change_symptom(*symptom, *severity, at),
        AlertEvent::SymptomCleared { symptom, started_at } => alert.clear_symptom(*symptom, *started_at, at),
        AlertEvent::Grown { .. } => alert.begin_again(at),
        AlertEvent::Held { by, until, unless_joined, joins } => {
            let unless_joined = if *unless_joined { (*joins).max(1) } else { 0 };
            alert.hold = Some(HoldTerms { by: by.clone(), unless_joined, joined: 0 });
            alert.go_quiet(Phase::Held { until: *until }, at);
            alert.pass_work(WorkStage::WithOnCall);
        }
        AlertEvent::HoldEnded | AlertEvent::AcknowledgementLapsed | AlertEvent::WorkLeft { .. } => {
            alert.begin_again(at);
        }
        AlertEvent::WorkEntered(entered) => alert.enter_work(entered, at),
        AlertEvent::HeldForWork(taken) => alert.hold_for_work(taken, at),
        AlertEvent::WorkMoved { until } => alert.move_work(*until),
        AlertEvent::StepEntered(StepEntered { round, step, until, acknowledgements, .. }) => {
            alert.step(*round, *step, *until, at);
            alert.acknowledgements_wanted = alert.acknowledgements_wanted.max(*acknowledgements);
        }
        AlertEvent::StepEmpty { round, step, .. } => alert.step(*round, *step, at, at),
        AlertEvent::FallbackEntered { until, called, .. } => {
            alert.counted.has_nobody = called.is_empty();
            alert.cursor = Cursor { fallback: true, with_worker: false, since: at, ..alert.cursor };
            alert.climb_from_worker();
            // Whoever comes now is enough.
            alert.acknowledgements_wanted = 1;
            let once = if mutant::is_on(Mutant::FallBackOnce) { FOREVER } else { Span::ZERO };
            alert.phase = Phase::Open { until: *until + once };
        }
        AlertEvent::PageOrdered(ordered) => alert.order(ordered, at),
        AlertEvent::PageWithdrawn { page } => {
            if let Some(page) = alert.pages.iter_mut().find(|known| known.number == *page) {
                page.stop();
            }
        }
        AlertEvent::AttemptStarted(started) => alert.start(started, at),
        AlertEvent::AttemptEnded(ended) => {
            alert.count_end(ended);
            alert.end(ended, at);
        }
        AlertEvent::AttemptHeld(held) => alert.hold_attempt(held, at),
        AlertEvent::StatusReported { attempt, status, .. } => {
            alert.count_report(*attempt, *status);
            alert.report(*attempt, *status, at);
        }
        AlertEvent::ReportOverdue { attempt } => alert.report_overdue(*attempt, at),
        AlertEvent::Acknowledged { by, until, .. } => {
            alert.go_quiet(Phase::Acknowledged { by: by.clone(), until: *until }, at);
            alert.know_symptoms();
        }
        AlertEvent::Resolved { started_at, .. } => {
            alert.go_quiet(Phase::Resolved { started_at: *started_at }, at);
        }
        AlertEvent::Joined { by, .. } => alert.join(by, at),
        AlertEvent::HandedOver { by, to } => alert.hand_over(by, to, at),
        AlertEvent::Escalated { .. } | AlertEvent::Noted { .. } | AlertEvent::Reconsidered { .. } => {}
        AlertEvent::RecallStarted { attempt, timeout_at, node, boot } => {
            if let Some(recall) = alert.recall(*attempt) {
                recall.tries += 1;
                let here = Here { node: node.clone(), boot: *boot };
                recall.state = RecallState::InFlight { timeout_at: *timeout_at, here };
            }
        }
        AlertEvent::RecallEnded { attempt, outcome } => alert.end_recall(*attempt, *outcome, at),
        AlertEvent::ClockCorrected { back } => alert.move_back(*back),
    }
}

impl Alert {
    fn raise(&mut self, raised: &Raised, at: Timestamp) {
        self.subject = Some(Arc::new(Subject {
            id: raised.alert,
            occasion: raised.occasion.clone(),
            source: raised.source.clone(),
            dedup_key: raised.dedup_key.clone(),
            signal: raised.signal.clone(),
            assignment: raised.assignment.clone(),
            raised_at: at,
        }));
        self.counted.problems = 1;
        self.severity = raised.severity;
        self.signal_recorded_at = at;
        self.gather(raised, at);
        self.begin_again(at);
    }

    fn step(&mut self, round: u32, step: u32, until: Timestamp, at: Timestamp) {
        self.cursor = Cursor { round, step, fallback: false, with_worker: false, since: at };
        self.phase = Phase::Open { until };
        self.climb_from_worker();
    }

    /// On call is paged as well.
    fn climb_from_worker(&mut self) {
        if self.work.as_ref().is_some_and(|work| work.stage == WorkStage::WithWorker) {
            self.pass_work(WorkStage::WithOnCall);
        }
    }

    /// Paging begins at step 1: a new generation.
    fn begin_again(&mut self, at: Timestamp) {
        self.generation += 1;
        self.counted.has_nobody = false;
        self.know_symptoms();
        self.attempts_earlier = self.attempts_count;
        self.pass_work(WorkStage::Over);
        self.handovers = 0;
        self.acknowledgements_wanted = 1;
        self.takers.clear();
        self.cursor = Cursor { since: at, ..Cursor::default() };
        self.phase = Phase::Open { until: at };
    }

    /// Nothing more is started, and what still rings is to be stopped.
    pub(super) fn go_quiet(&mut self, phase: Phase, at: Timestamp) {
        self.phase = phase;
        self.stop_pages(at, |_| true);
    }

    /// Starts nothing more of these pages, and lets what still rings because of them be stopped.
    fn stop_pages(&mut self, at: Timestamp, is_meant: impl Fn(&Page) -> bool) {
        if !mutant::is_on(Mutant::PageAfterAcknowledgement) {
            self.pages.iter_mut().filter(|page| is_meant(page)).for_each(Page::stop);
        }
        let of_page = |number: u32| self.page(number).is_some_and(&is_meant);
        let ringing: Vec<u32> = self
            .attempts
            .iter()
            .filter(|attempt| attempt.rings_at(at) && !mutant::is_on(Mutant::LeaveRinging))
            .filter(|attempt| of_page(attempt.started.page))
            .map(|attempt| attempt.started.attempt)
            .collect();
        for attempt in ringing {
            self.recall_later(attempt, at);
        }
    }

    /// One of several who are to take it has done so: they are left alone, the others are not.
    fn join(&mut self, by: &Author, at: Timestamp) {
        self.takers.push(by.clone());
        if let Author::Person(person) = by {
            self.stop_pages(at, |page| page.person == *person);
        }
    }

    /// Another policy from its first step on. A step that says so goes on with it; a person begins anew.
    fn hand_over(&mut self, by: &Author, to: &Handed, at: Timestamp) {
        let handovers = self.handovers + 1;
        self.handed = Some(to.clone());
        if *by == Author::House {
            self.handovers = handovers;
            self.cursor = Cursor { since: at, ..Cursor::default() };
        } else {
            self.stop_pages(at, |_| true);
            self.begin_again(at);
        }
        // Planned work had its turn before.
        self.cursor.with_worker = true;
    }

    /// True for a person who has taken it while more are wanted.
    pub(super) fn has_joined(&self, person: PersonId) -> bool {
        self.takers.contains(&Author::Person(person))
    }

    fn recall_later(&mut self, attempt: u32, at: Timestamp) {
        if self.recall(attempt).is_none() {
            self.recalls.push(Recall { attempt, tries: 0, state: RecallState::Due(at) });
        }
    }

    fn recall(&mut self, attempt: u32) -> Option<&mut Recall> {
        self.recalls.iter_mut().find(|recall| recall.attempt == attempt)
    }

    fn order(&mut self, ordered: &PageOrdered, at: Timestamp) {
        self.pages_count = ordered.page;
        self.counted.has_nobody = false;
        let is_for_work = self.work.as_ref().is_some_and(|work| work.stage == WorkStage::WithWorker);
        push_one(&mut self.pages, Page { is_for_work, ..Page::new(ordered, at) });
        if !self.is_problem() {
            let last_send = |rung: &PageRung| rung.after + rung.every.times(u64::from(rung.attempts));
            let ladder = ordered.ladder.iter().map(last_send).max().unwrap_or_default();
            let open = if self.asks().is_some() { ASKED_OPEN } else { TEST_OPEN };
            self.phase = Phase::Open { until: at + ladder + open };
        }
    }

    fn start(&mut self, started: &AttemptStarted, at: Timestamp) {
        self.attempts_count = started.attempt;
        if let Some(page) = self.pages.iter_mut().find(|page| page.number == started.page) {
            page.start(started, at);
        }
        let state = AttemptState::InFlight { status: None };
        push_one(&mut self.attempts, Attempt { started: started.clone(), state, carries: Vec::new() });
    }

    fn end(&mut self, ended: &AttemptEnded, at: Timestamp) {
        let Some(place) = self.attempts.iter().position(|attempt| attempt.started.attempt == ended.attempt)
        else {
            return;
        };
        let Attempt { started, state, .. } = self.attempts[place].clone();
        let AttemptState::InFlight { status } = state else { return };
        let rings = self.rung_of(&started).is_some_and(|rung| rung.channel.rings());
        let (again, report_by) = (self.again(&started), ended.report_by);
        // Once its provider has said that it will not arrive, the page has gone on.
        let has_gone_on = status == Some(DeliveryStatus::Undelivered);
        let page = self.pages.iter_mut().find(|page| page.number == started.page);
        let mut page = page.filter(|_| !has_gone_on);
        let planned = PlannedSend { rung: started.rung, send: started.send };
        let next = match ended.outcome {
            Outcome::Unknown(_) if has_gone_on => None,
            Outcome::Unknown(reason)
                if status.is_none() && !mutant::is_on(Mutant::WriteOffUnknownOutcomes) =>
            {
                if let Some(page) = &mut page {
                    let at_once = reason == Reason::Interrupted;
                    let repeat = !mutant::is_on(Mutant::RepeatUnlabelled);
                    page.retry(&started, Again { repeat, at_once, ..again }, at);
                }
                Some(AttemptState::Lost { rings_until: if rings { at + RINGS_MAX } else { at }, report_by })
            }
            // What its provider has already reported on has arrived there, whatever became of the answer.
            Outcome::Accepted | Outcome::Unknown(_) => {
                if let Some(page) = &mut page {
                    page.accepted(planned);
                }
                Some(AttemptState::Taken { receipt: ended.receipt.clone(), status, report_by })
            }
            Outcome::Refused(_) => {
                if let Some(page) = &mut page {
                    page.refused(&started, again, at);
                }
                None
            }
            Outcome::Failed { retry_after, reason } => {
                if let Some(page) = &mut page {
                    if reason == Reason::BreakerOpen {
                        page.passed_over(&started);
                    }
                    page.retry(&started, Again { retry_after, ..again }, at);
                }
                None
            }
        };
        let Some(next) = next else {
            self.attempts.remove(place);
            return;
        };
        self.attempts[place].state = next;
        self.attempts[place].carries.clone_from(&ended.carries);
        let is_stopped = self.page(started.page).is_some_and(|page| page.stopped);
        if (!self.is_open() || is_stopped) && self.attempts[place].rings_at(at) {
            self.recall_later(ended.attempt, at);
        }
    }

    fn report(&mut self, attempt: u32, status: DeliveryStatus, at: Timestamp) {
        let Some(known) = self.attempts.iter_mut().find(|known| known.started.attempt == attempt) else {
            return;
        };
        let started = known.started.clone();
        let was_lost = matches!(known.state, AttemptState::Lost { .. });
        match &mut known.state {
            AttemptState::InFlight { status: reported } | AttemptState::Taken { status: reported, .. } => {
                *reported = Some(status);
            }
            AttemptState::Lost { report_by, .. } => {
                let report_by = *report_by;
                known.state = AttemptState::Taken { receipt: None, status: Some(status), report_by };
            }
        }
        let again = self.again(&started);
        let page = self.pages.iter_mut().find(|page| page.number == started.page);
        let Some(page) = page.filter(|page| !page.stopped) else { return };
        let planned = PlannedSend { rung: started.rung, send: started.send };
        match status {
            DeliveryStatus::Undelivered => page.missed(&started, again, at),
            DeliveryStatus::Delivered | DeliveryStatus::Read | DeliveryStatus::Answered => {
                page.arrived(planned);
            }
            DeliveryStatus::Queued | DeliveryStatus::Sent => {
                if was_lost {
                    page.accepted(planned);
                }
            }
        }
    }

    fn report_overdue(&mut self, attempt: u32, at: Timestamp) {
        let Some(known) = self.attempts.iter_mut().find(|known| known.started.attempt == attempt) else {
            return;
        };
        if let AttemptState::Taken { report_by, .. } = &mut known.state {
            *report_by = None;
        }
        let started = known.started.clone();
        let again = Again { repeat: true, ..self.again(&started) };
        if let Some(page) = self.pages.iter_mut().find(|page| page.number == started.page) {
            page.missed(&started, again, at);
        }
    }

    /// How a try is tried again when nothing more is known: as what it was.
    fn again(&self, started: &AttemptStarted) -> Again {
        Again { repeat: started.repeat, at_once: false, retry_after: None, seed: self.seed(started) }
    }

    fn end_recall(&mut self, attempt: u32, outcome: Outcome, at: Timestamp) {
        let seed = self
            .subject()
            .map_or(0, |subject| AttemptId { alert: subject.id, page: 0, attempt }.jitter_seed());
        let Some(recall) = self.recall(attempt) else { return };
        if outcome == Outcome::Unknown(Reason::Interrupted) {
            // It was our own process that ended: that uses up no try, or a house that dies often would let it ring.
            recall.tries = recall.tries.saturating_sub(1);
        }
        let again = match outcome {
            Outcome::Accepted | Outcome::Refused(_) => false,
            Outcome::Failed { .. } | Outcome::Unknown(_) => recall.tries < RECALL_TRIES_MAX,
        };
        if again {
            let wait = RETRY_WAIT_MIN.times(1 << recall.tries.min(6));
            let spread = Span::from_micros(seed % (wait.as_micros() / 4).max(1));
            recall.state = RecallState::Due(at + wait + spread);
            return;
        }
        self.recalls.retain(|recall| recall.attempt != attempt);
        if let Some(rang) = self.attempts.iter_mut().find(|known| known.started.attempt == attempt) {
            match &mut rang.state {
                AttemptState::Taken { receipt: Some(Receipt { rings_until, .. }), .. } => *rings_until = None,
                AttemptState::Lost { rings_until, .. } => *rings_until = at,
                AttemptState::Taken { receipt: None, .. } | AttemptState::InFlight { .. } => {}
            }
        }
    }

    fn move_back(&mut self, back: Span) {
        self.signal_recorded_at = self.signal_recorded_at - back;
        self.cursor.since = self.cursor.since - back;
        match &mut self.phase {
            Phase::Held { until } | Phase::Open { until } => *until = *until - back,
            Phase::Acknowledged { until, .. } => *until = until.map(|until| until - back),
            Phase::Unraised | Phase::Resolved { .. } => {}
        }
        // Whether the work still lasts is asked when this comes: too early does no harm.
        for taken in self.work.iter_mut().flat_map(|work| &mut work.works) {
            taken.ends_at = taken.ends_at - back;
        }
        for page in &mut self.pages {
            page.move_back(back);
        }
        for attempt in &mut self.attempts {
            attempt.started.timeout_at = attempt.started.timeout_at - back;
            match &mut attempt.state {
                AttemptState::Taken { report_by, .. } | AttemptState::Lost { report_by, .. } => {
                    *report_by = report_by.map(|by| by - back);
                }
                AttemptState::InFlight { .. } => {}
            }
        }
        for recall in &mut self.recalls {
            match &mut recall.state {
                RecallState::Due(at) | RecallState::InFlight { timeout_at: at, .. } => *at = *at - back,
            }
        }
    }

    pub(super) fn rung_of(&self, started: &AttemptStarted) -> Option<&PageRung> {
        let rung = usize::try_from(started.rung).ok()?.checked_sub(1)?;
        Some(&self.page(started.page)?.rungs.get(rung)?.rung)
    }

    fn seed(&self, started: &AttemptStarted) -> u64 {
        self.subject().map_or(0, |subject| {
            AttemptId { alert: subject.id, page: started.page, attempt: started.attempt }.jitter_seed()
        })
    }
}

impl Attempt {
    fn rings_at(&self, at: Timestamp) -> bool {
        match &self.state {
            AttemptState::InFlight { .. } => false,
            AttemptState::Lost { rings_until, .. } => *rings_until > at,
            AttemptState::Taken { receipt, .. } => {
                receipt.as_ref().and_then(|receipt| receipt.rings_until).is_some_and(|until| until > at)
            }
        }
    }
}

/// Most alerts have one page and one attempt, each some hundred bytes; a list that is pushed to has room for four.
fn push_one<T>(list: &mut Vec<T>, one: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(one);
}
