//! What is known of a simulation from outside the house: what really stands in the log, what providers were asked,
//! what sources were told. Histories are folded here a second time, naively, so that the house is not judged by its
//! own fold.

use std::collections::{BTreeMap, BTreeSet};

use events::codec::Texts;
use events::event::alert::{
    AlertEvent, Assignment, AttemptStarted, Called, PageOrdered, PageRung, Raised, Taken,
};
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::signal::{Severity, Status};
use events::{
    AlertId, AttemptId, Author, ChannelId, ContactId, DedupKey, DerivedKeys, Event, PersonId, Position,
    Recorded, SourceId, Span, SymptomId, Timestamp,
};

use super::agenda::Moment;
use super::invariant::heard::Heard;
use super::invariant::right_person::Unseen;
use super::provider::Call;
use super::reference::Reference;

/// One thing that happened to an alert, as it stands in the log.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Where it stands.
    pub position: Position,
    /// When it was written, as the house's clock said.
    pub at: Timestamp,
    /// When it was written.
    pub moment: Moment,
    /// The configuration that was consulted.
    pub directory: Position,
    /// What happened.
    pub event: AlertEvent,
}

/// Where an alert stands, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// People are paged; the next step is due then.
    Open(Option<Moment>),
    /// Nobody is paged until then.
    Held(Moment),
    /// Somebody has it, until then.
    Acknowledged(Option<Moment>),
    /// It is over.
    Resolved,
}

/// A page as ordered.
#[derive(Clone, Debug)]
pub struct Page {
    /// What was ordered.
    pub ordered: PageOrdered,
    /// The configuration that was consulted.
    pub directory: Position,
    /// When.
    pub moment: Moment,
    /// When, by the house's clock.
    pub at: Timestamp,
    /// When it was stopped, if it was.
    pub stopped: Option<Moment>,
    /// When, by the house's clock.
    pub stopped_at: Option<Timestamp>,
}

impl Page {
    fn stop(&mut self, moment: Moment, at: Timestamp) {
        if self.stopped.is_none() {
            self.stopped = Some(moment);
            self.stopped_at = Some(at);
        }
    }
}

/// An attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// How it began.
    pub started: AttemptStarted,
    /// When.
    pub began: Moment,
    /// From when on its time counts: when it began, or later when the clock was set back meanwhile.
    pub moment: Moment,
    /// When, by the house's clock.
    pub at: Timestamp,
    /// How it ended, and when.
    pub ended: Option<(Outcome, Moment)>,
    /// Until when it was put off, by the house's clock, and when that is.
    pub held: Option<(Timestamp, Moment)>,
    /// What its provider reported.
    pub statuses: Vec<DeliveryStatus>,
    /// By when its provider is to report that it arrived.
    pub report_due: Option<Moment>,
    /// When its provider's report was overdue.
    pub overdue: Option<Moment>,
    /// When it was known that it did not arrive, or was not reported in time.
    pub missed: Option<Moment>,
    /// How many recalls of it began.
    pub recalls: u32,
    /// A recall of it is under way.
    pub is_recalling: bool,
}

impl Attempt {
    fn new(started: &AttemptStarted, moment: Moment, at: Timestamp) -> Self {
        let started = started.clone();
        Self {
            started,
            began: moment,
            moment,
            at,
            ended: None,
            held: None,
            statuses: Vec::new(),
            report_due: None,
            overdue: None,
            missed: None,
            recalls: 0,
            is_recalling: false,
        }
    }
}

impl Attempt {
    /// Its provider will never reach this contact: it said so.
    pub const fn is_refused(&self) -> bool {
        matches!(self.ended, Some((Outcome::Refused(_), _)))
    }
}

/// Planned work that took an alert.
#[derive(Clone, Debug)]
pub struct AtWork {
    /// Which.
    pub works: Vec<Taken>,
    /// When all of it ends, as far as the alert knows.
    pub ends: Moment,
    /// On call has not been paged because of it.
    pub has_it: bool,
    /// Nobody is paged before its end.
    pub is_held: bool,
}

/// Everything that happened to one alert.
#[derive(Clone, Debug)]
pub struct History {
    /// Which alert.
    pub alert: AlertId,
    /// What happened, in order.
    pub facts: Vec<Fact>,
    /// Where it stands.
    pub stand: Stand,
    /// Since when it stands there.
    pub since: Moment,
    /// When paging began last.
    pub began: Moment,
    /// How bad it is.
    pub severity: Severity,
    /// Where it belongs.
    pub assignment: Option<Assignment>,
    /// What its source calls the symptom, and which source.
    pub symptom: Option<(SourceId, DedupKey)>,
    /// The problems that it is about when it takes in more than one, by their numbers.
    pub problems: BTreeMap<u32, Problem>,
    /// Until when one more may join it, for how long after each, and how many there were and how bad they were when
    /// paging began or somebody took it.
    pub group: Option<Group>,
    /// When the problem had begun, as its source said when it was over.
    pub resolved_start: Option<Timestamp>,
    /// Which run, which step; none before the first of this generation.
    pub step: Option<(u32, u32)>,
    /// The fallback is paged.
    pub is_fallback: bool,
    /// Whom the present step means.
    pub called: Vec<Called>,
    /// The planned work that took it in this generation.
    pub work: Option<AtWork>,
    /// Its pages.
    pub pages: BTreeMap<u32, Page>,
    /// Its attempts.
    pub attempts: BTreeMap<u32, Attempt>,
}

/// One of several problems of an alert.
#[derive(Clone, Copy, Debug)]
pub struct Problem {
    /// Which symptom.
    pub symptom: SymptomId,
    /// How bad it is.
    pub severity: Severity,
    /// It is over; with when it had begun, as its source said then.
    pub over: Option<Option<Timestamp>>,
}

/// What an alert that takes in more problems is held to.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// One more may come so long after the last one.
    pub within: Span,
    /// When the last one came.
    pub last_at: Timestamp,
    /// How bad it was when paging began last or somebody took it last.
    pub known: Severity,
}

/// A signal that a source was told is taken.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Which symptom.
    pub symptom: SymptomId,
    /// Whether it was there.
    pub status: Status,
    /// When the problem had begun, as the source said.
    pub started_at: Option<Timestamp>,
    /// To which alert the house says that it belongs.
    pub alert: Option<AlertId>,
}

/// A report on what a provider took, or its absence.
#[derive(Clone, Debug)]
pub struct Told {
    /// When it was written.
    pub moment: Moment,
    /// Which provider.
    pub via: ChannelId,
    /// Of which alert.
    pub alert: AlertId,
    /// Whom it was to reach.
    pub contact: (PersonId, ContactId),
    /// It arrived.
    pub has_arrived: bool,
}

/// All that is known.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Alerts.
    pub histories: BTreeMap<AlertId, History>,
    /// The configuration, and who should be on call.
    pub reference: Reference,
    /// Signals that were taken.
    pub accepted: Vec<Accepted>,
    /// Spans in which the house could do nothing: down, standing still, or without a log.
    pub unable: Vec<(Moment, Moment)>,
    /// Alerts of which the operators were told that nobody can be paged.
    pub nobody_to_page: BTreeSet<AlertId>,
    /// People whom a step meant and did not call.
    pub unseen: Vec<Unseen>,
    /// What became of what providers took, as the log has it, in order.
    pub fates: Vec<Told>,
    /// When each channel began to count anew what arrives.
    pub channels_began: BTreeMap<ChannelId, Moment>,
    /// What could be heard of heartbeats.
    pub heard: Heard,
    /// The most letters that waited at once.
    pub letters_max: usize,
    keys: DerivedKeys,
}

impl Evidence {
    /// What a record says of an alert; a record of the configuration is taken in at once.
    pub fn read(&mut self, recorded: &Recorded, moment: Moment) -> Option<(AlertId, Fact)> {
        let is_alert = recorded.stream.category() == "alert";
        let texts = if is_alert { Texts::Shut } else { Texts::Open };
        let event = match events::codec::read(recorded, &self.keys, texts).ok()? {
            Event::Alert(event) => event,
            event => {
                self.reference.take(recorded, moment, &event);
                return None;
            }
        };
        let fact = Fact {
            position: recorded.position,
            at: recorded.record.at,
            moment,
            directory: recorded.record.directory,
            event,
        };
        Some((recorded.stream.name().parse().ok()?, fact))
    }

    /// Takes in what happened to an alert.
    pub fn take(&mut self, alert: AlertId, fact: Fact) {
        let moment = fact.moment;
        let history = self.histories.entry(alert).or_insert_with(|| History::new(alert, moment));
        self.fates.extend(history.fate(&fact));
        history.take(fact);
    }

    /// The address that a rung of a page was ordered with.
    pub fn address(&self, alert: AlertId, page: u32, rung: u32) -> Option<String> {
        let page = self.histories.get(&alert)?.pages.get(&page)?;
        let settings = self.reference.at(page.directory);
        let rung = page.ordered.ladder.get(usize::try_from(rung).ok()?.checked_sub(1)?)?;
        let person = settings.person(page.ordered.person)?;
        person.contacts.get(&rung.contact)?.address.open().cloned()
    }

    /// True when the symptom was over with a problem that had not begun earlier than this one.
    pub fn was_over(&self, symptom: SymptomId, began: Option<Timestamp>) -> bool {
        let Some(began) = began else { return false };
        self.histories.values().any(|history| {
            let own = (history.alert.symptom == symptom).then_some(history.resolved_start).flatten();
            let joined = history.problems.values().filter(|problem| problem.symptom == symptom);
            own.into_iter().chain(joined.filter_map(|problem| problem.over?)).any(|over| began <= over)
        })
    }

    /// The longest span between two moments in which the house could do something.
    pub fn able(&self, from: Moment, until: Moment) -> Span {
        let mut longest = Span::ZERO;
        let mut since = from;
        for &(begin, end) in self.unable.iter().filter(|(begin, end)| *end > from && *begin < until) {
            longest = longest.max(begin.since(since));
            since = since.max(end);
        }
        longest.max(until.since(since))
    }
}

impl History {
    fn new(alert: AlertId, moment: Moment) -> Self {
        Self {
            alert,
            facts: Vec::new(),
            stand: Stand::Open(None),
            since: moment,
            began: moment,
            severity: Severity::default(),
            assignment: None,
            symptom: None,
            problems: BTreeMap::new(),
            group: None,
            resolved_start: None,
            step: None,
            is_fallback: false,
            called: Vec::new(),
            work: None,
            pages: BTreeMap::new(),
            attempts: BTreeMap::new(),
        }
    }

    /// True while people are being paged.
    pub const fn is_open(&self) -> bool {
        matches!(self.stand, Stand::Open(_))
    }

    /// The attempts of one planned send, in order.
    pub fn tries(&self, page: u32, rung: u32, send: u32) -> impl Iterator<Item = &Attempt> {
        self.attempts.values().filter(move |attempt| {
            let started = &attempt.started;
            (started.page, started.rung, started.send) == (page, rung, send)
        })
    }

    /// A rung of a page, as it was ordered.
    pub fn rung(&self, page: u32, rung: u32) -> Option<&PageRung> {
        let place = usize::try_from(rung).ok()?.checked_sub(1)?;
        self.pages.get(&page)?.ordered.ladder.get(place)
    }

    /// True when every provider of a rung has refused its contact.
    pub fn is_given_up(&self, page: u32, rung: u32) -> bool {
        let providers = self.rung(page, rung).map_or(0, |rung| rung.providers.len());
        let of_rung = self
            .attempts
            .values()
            .filter(|attempt| (attempt.started.page, attempt.started.rung) == (page, rung));
        let refused: BTreeSet<_> =
            of_rung.filter(|attempt| attempt.is_refused()).map(|attempt| &attempt.started.via).collect();
        refused.len() >= providers.max(1)
    }

    /// What a fact says of something that a provider took.
    fn fate(&self, fact: &Fact) -> Option<Told> {
        let (attempt, has_arrived) = match &fact.event {
            AlertEvent::ReportOverdue { attempt } => (attempt, false),
            AlertEvent::StatusReported { attempt, status, .. } if *status >= DeliveryStatus::Undelivered => {
                (attempt, *status > DeliveryStatus::Undelivered)
            }
            _ => return None,
        };
        let started = &self.attempts.get(attempt)?.started;
        let person = self.pages.get(&started.page)?.ordered.person;
        let contact = (person, self.rung(started.page, started.rung)?.contact.clone());
        let via = started.via.clone()?;
        Some(Told { moment: fact.moment, via, alert: self.alert, contact, has_arrived })
    }

    fn stands(&mut self, stand: Stand, moment: Moment) {
        self.stand = stand;
        self.since = moment;
    }

    fn begin(&mut self, moment: Moment) {
        self.know();
        self.stands(Stand::Open(None), moment);
        self.began = moment;
        self.step = None;
        self.is_fallback = false;
        self.called.clear();
        self.work = None;
    }

    /// Steps page on call: the work has it no more.
    fn climb(&mut self) {
        if let Some(work) = &mut self.work {
            work.has_it = false;
        }
    }

    /// An acknowledgement ends with the work when whoever does the work has it.
    fn taken_until(&mut self, by: &Author, lapses: Option<Moment>) -> Option<Moment> {
        let is_worker = |work: &AtWork| work.works.iter().any(|taken| *by == Author::Person(taken.worker));
        // What is held is with nobody, and becomes theirs who takes it.
        if self.work.as_ref().is_some_and(|work| work.is_held && !is_worker(work)) {
            self.climb();
        }
        let of_worker = |work: &&AtWork| work.has_it || is_worker(work);
        let ends = self.work.as_ref().filter(of_worker).map(|work| work.ends);
        ends.into_iter().chain(lapses).min()
    }

    fn stop(&mut self, stand: Stand, moment: Moment, at: Timestamp) {
        self.stands(stand, moment);
        for page in self.pages.values_mut() {
            page.stop(moment, at);
        }
    }

    /// The clock was set back while the house was down, and nobody can know for how long it was: what was waited for
    /// is waited for as if no time had passed.
    fn wait_again(&mut self, lost: Span, back: Span) {
        for page in self.pages.values_mut().filter(|page| page.stopped.is_none()) {
            page.moment = page.moment.after(lost);
            page.at = page.at - back;
        }
        for attempt in self.attempts.values_mut().filter(|attempt| attempt.ended.is_none()) {
            attempt.moment = attempt.moment.after(lost);
            attempt.held = attempt.held.map(|(until, due)| (until - back, due.after(lost)));
        }
        for attempt in self.attempts.values_mut() {
            attempt.report_due = attempt.report_due.map(|due| due.after(lost));
        }
        let later = |due: &Option<Moment>| due.map(|due| due.after(lost));
        self.stand = match &self.stand {
            Stand::Open(due) => Stand::Open(later(due)),
            Stand::Acknowledged(due) => Stand::Acknowledged(later(due)),
            Stand::Held(due) => Stand::Held(due.after(lost)),
            Stand::Resolved => Stand::Resolved,
        };
    }

    /// Planned work takes it, or ends at another moment.
    fn work_takes(&mut self, fact: &Fact) {
        let (at, moment) = (fact.at, fact.moment);
        let due = |until: Timestamp| moment.after(until.since(at));
        match &fact.event {
            AlertEvent::WorkEntered(entered) => {
                let works = entered.works.clone();
                let ends = works.iter().map(|taken| due(taken.ends_at)).max().unwrap_or(moment);
                let has_it = !entered.called.is_empty();
                self.work = Some(AtWork { works, ends, has_it, is_held: false });
                self.called.extend(entered.called.iter().cloned());
                let until = due(entered.until);
                self.stands(Stand::Open(Some(if has_it { until.min(ends) } else { until })), moment);
            }
            AlertEvent::HeldForWork(taken) => {
                let ends = due(taken.ends_at);
                self.stop(Stand::Held(ends), moment, at);
                self.work =
                    Some(AtWork { works: vec![(**taken).clone()], ends, has_it: true, is_held: true });
            }
            AlertEvent::WorkMoved { until } => {
                let ends = due(*until);
                if let Some(work) = &mut self.work {
                    work.ends = ends;
                }
                self.stand = match self.stand {
                    Stand::Held(_) => Stand::Held(ends),
                    Stand::Acknowledged(_) => Stand::Acknowledged(Some(ends)),
                    Stand::Open(_) | Stand::Resolved => self.stand,
                };
            }
            _ => {}
        }
    }

    fn take(&mut self, fact: Fact) {
        let (at, moment) = (fact.at, fact.moment);
        let due = |until: Timestamp| moment.after(until.since(at));
        match &fact.event {
            AlertEvent::Raised(raised) => self.raise(raised, moment, at),
            AlertEvent::Repeated | AlertEvent::Escalated { .. } | AlertEvent::Noted { .. } => {}
            AlertEvent::ClockCorrected { back } => {
                let last = self.facts.last().map_or(moment, |last| last.moment);
                self.wait_again(moment.since(last), *back);
            }
            AlertEvent::SeverityChanged { severity } => self.severity = *severity,
            AlertEvent::SymptomJoined(_)
            | AlertEvent::SymptomChanged { .. }
            | AlertEvent::SymptomCleared { .. } => self.told_of_problem(&fact.event, at),
            AlertEvent::Held { until, .. } => {
                self.climb();
                self.stop(Stand::Held(due(*until)), moment, at);
            }
            AlertEvent::HoldEnded
            | AlertEvent::AcknowledgementLapsed
            | AlertEvent::Grown { .. }
            | AlertEvent::WorkLeft { .. }
            | AlertEvent::HandedOver { .. } => self.begin(moment),
            AlertEvent::WorkEntered(_) | AlertEvent::HeldForWork(_) | AlertEvent::WorkMoved { .. } => {
                self.work_takes(&fact);
            }
            AlertEvent::Joined { by, .. } => {
                for page in self.pages.values_mut() {
                    if *by == Author::Person(page.ordered.person) {
                        page.stop(moment, at);
                    }
                }
            }
            AlertEvent::StepEntered(entered) => {
                self.climb();
                self.step = Some((entered.round, entered.step));
                self.called.clone_from(&entered.called);
                self.stands(Stand::Open(Some(due(entered.until))), moment);
            }
            AlertEvent::StepEmpty { round, step, .. } => {
                self.climb();
                self.step = Some((*round, *step));
                self.called.clear();
                self.stands(Stand::Open(Some(moment)), moment);
            }
            AlertEvent::FallbackEntered { called, until, .. } => {
                self.climb();
                self.is_fallback = true;
                self.called.clone_from(called);
                self.stands(Stand::Open(Some(due(*until))), moment);
            }
            AlertEvent::Reconsidered { called, .. } => self.called.extend(called.iter().cloned()),
            AlertEvent::PageOrdered(ordered) => {
                let directory = fact.directory;
                let ordered = (**ordered).clone();
                let page = Page { ordered, directory, moment, at, stopped: None, stopped_at: None };
                self.pages.insert(page.ordered.page, page);
            }
            AlertEvent::PageWithdrawn { page } => {
                if let Some(page) = self.pages.get_mut(page) {
                    page.stop(moment, at);
                }
            }
            AlertEvent::AttemptStarted(started) => {
                self.attempts.insert(started.attempt, Attempt::new(started, moment, at));
            }
            AlertEvent::AttemptEnded(_)
            | AlertEvent::AttemptHeld(_)
            | AlertEvent::StatusReported { .. }
            | AlertEvent::ReportOverdue { .. } => self.told_of_attempt(&fact),
            AlertEvent::Acknowledged { by, until, .. } => {
                self.know();
                let until = self.taken_until(by, until.map(due));
                self.stop(Stand::Acknowledged(until), moment, at);
            }
            AlertEvent::Resolved { started_at, .. } => {
                self.resolved_start = *started_at;
                self.stop(Stand::Resolved, moment, at);
            }
            AlertEvent::RecallStarted { attempt, .. } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.recalls += 1;
                    attempt.is_recalling = true;
                }
            }
            AlertEvent::RecallEnded { attempt, .. } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.is_recalling = false;
                }
            }
        }
        self.facts.push(fact);
    }

    fn raise(&mut self, raised: &Raised, moment: Moment, at: Timestamp) {
        self.severity = raised.severity;
        self.assignment.clone_from(&raised.assignment);
        self.symptom = Some((raised.source.clone(), raised.dedup_key.clone()));
        if let Some(gathers) = &raised.gathers {
            let (within, known) = (gathers.within, raised.severity);
            self.group = Some(Group { within, last_at: at, known });
            let (symptom, severity) = (raised.alert.symptom, raised.severity);
            self.problems.insert(1, Problem { symptom, severity, over: None });
        }
        self.begin(moment);
    }

    /// Whoever is paged from now on, or has it, knows how bad it is.
    const fn know(&mut self) {
        if let Some(group) = &mut self.group {
            group.known = self.severity;
        }
    }

    /// What becomes of one of its problems.
    fn told_of_problem(&mut self, event: &AlertEvent, at: Timestamp) {
        match event {
            AlertEvent::SymptomJoined(joined) => {
                let symptom = SymptomId::derive(&joined.source, &joined.dedup_key);
                let problem = Problem { symptom, severity: joined.severity, over: None };
                self.problems.insert(joined.symptom, problem);
                if let Some(group) = &mut self.group {
                    group.last_at = at;
                }
            }
            AlertEvent::SymptomChanged { symptom, severity } => {
                if let Some(problem) = self.problems.get_mut(symptom) {
                    problem.severity = *severity;
                }
            }
            AlertEvent::SymptomCleared { symptom, started_at } => {
                if let Some(problem) = self.problems.get_mut(symptom) {
                    problem.over = Some(*started_at);
                }
            }
            _ => {}
        }
        let open = self.problems.values().filter(|problem| problem.over.is_none());
        self.severity = open.map(|problem| problem.severity).max().unwrap_or(self.severity);
    }

    /// What becomes of an attempt.
    fn told_of_attempt(&mut self, fact: &Fact) {
        let (at, moment) = (fact.at, fact.moment);
        let due = |until: Timestamp| moment.after(until.since(at));
        match &fact.event {
            AlertEvent::AttemptEnded(ended) => {
                if let Some(attempt) = self.attempts.get_mut(&ended.attempt) {
                    attempt.ended.get_or_insert((ended.outcome, moment));
                    attempt.report_due = ended.report_by.map(due);
                }
            }
            AlertEvent::AttemptHeld(held) => {
                if let Some(attempt) = self.attempts.get_mut(&held.attempt) {
                    attempt.held.get_or_insert((held.until, due(held.until)));
                }
            }
            AlertEvent::StatusReported { attempt, status, .. } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.statuses.push(*status);
                    if *status == DeliveryStatus::Undelivered {
                        attempt.missed.get_or_insert(moment);
                    }
                }
            }
            AlertEvent::ReportOverdue { attempt } => {
                if let Some(attempt) = self.attempts.get_mut(attempt) {
                    attempt.overdue = Some(moment);
                    attempt.missed.get_or_insert(moment);
                }
            }
            _ => {}
        }
    }
}

/// The calls for one attempt that were no recalls.
pub fn pages_of(calls: &[Call], alert: AlertId, attempt: u32) -> impl Iterator<Item = &Call> {
    let is_it = move |id: &AttemptId| id.alert == alert && id.attempt == attempt;
    calls.iter().filter(move |call| !call.is_recall && (is_it(&call.attempt) || call.with.iter().any(is_it)))
}
