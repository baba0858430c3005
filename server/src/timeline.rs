//! An alert's history as sentences, in the reader's language and zone. Pure.
//!
//! [`lines`] says every event in one sentence; [`fold_at`] gives the alert as it stood at a moment;
//! [`ladder`] draws the lines for a terminal.

mod attempt;
pub(crate) mod ladder;
mod people;
#[cfg(test)]
mod tests;
pub(crate) mod word;

use std::collections::BTreeMap;

use adapters::text::summary;
use chrono::{NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use domain::aggregate::Aggregate as _;
use domain::alert::Alert;
use domain::directory::Directory;
use events::event::alert::{
    About, AlertEvent, AttemptStarted, Called, Handed, Occasion, PageOrdered, Raised, StepEntered, Taken,
    Way, WorkEntered,
};
use events::event::signal::{Severity, Signal};
use events::event::symptom::SymptomJoined;
use events::{Author, Entry, Event, PersonId, Position, Span, Timestamp};
use i18n::{Locale, Message as _, format, timeline as message, words};

/// One thing that happened, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// When.
    pub(crate) at: Timestamp,
    /// Where the record stands in the log.
    pub(crate) position: Position,
    /// What happened, in one word for programs: as the record's kind without `alert.`, and where the outcome says
    /// more, that instead: `attempt_accepted`, `attempt_refused`, `attempt_failed`, `attempt_unknown`,
    /// `attempt_not_sent`, `status_delivered`, `status_undelivered`, `recall_failed`.
    pub(crate) kind: &'static str,
    /// The sentence.
    pub(crate) text: String,
}

/// Says what happened to one alert, oldest first. Entries of other things are left out.
pub(crate) fn lines(entries: &[Entry], directory: &Directory, locale: Locale, zone: Tz) -> Vec<Line> {
    let mut story = Story::new(entries, directory, locale, zone);
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Event::Alert(event) = &entry.event {
            let (kind, text) = story.say(event, entry);
            lines.push(Line { at: entry.at, position: entry.position, kind, text });
        }
    }
    lines
}

/// The alert as it stood at `at`, from its history: what happened up to and at that moment. Unraised before its
/// first event.
pub(crate) fn fold_at(entries: &[Entry], at: Timestamp) -> Alert {
    let mut alert = Alert::default();
    for entry in entries.iter().filter(|entry| entry.at <= at) {
        if let Event::Alert(event) = &entry.event {
            alert.evolve(event, entry.at);
        }
    }
    alert
}

/// The wall-clock time of a moment in a zone.
pub(crate) fn local(at: Timestamp, zone: Tz) -> NaiveDateTime {
    zone.from_utc_datetime(&at.to_utc().naive_utc()).naive_local()
}

/// What the house tells a person, for whoever reads of it: without the code that proves a contact method, since nobody is
/// to confirm in somebody else's name.
pub(crate) fn told(locale: Locale, zone: &str, about: &About, near: Timestamp) -> String {
    let text = adapters::text::message(locale, zone, about, near);
    let code = if let About::ContactCode { code, .. } = about { code.open() } else { None };
    code.map_or(text.clone(), |code| text.replace(code, "******"))
}

/// What a sentence needs to know of the sentences before it.
struct Story<'a> {
    directory: &'a Directory,
    locale: Locale,
    zone: Tz,
    /// How people were called when they were paged: for those whom the directory does not know any more.
    names: BTreeMap<PersonId, &'a str>,
    pages: BTreeMap<u32, &'a PageOrdered>,
    attempts: BTreeMap<u32, &'a AttemptStarted>,
    severity: Severity,
    taker: Option<Author>,
}

impl<'a> Story<'a> {
    fn new(entries: &'a [Entry], directory: &'a Directory, locale: Locale, zone: Tz) -> Self {
        let names = entries.iter().filter_map(|entry| match &entry.event {
            Event::Alert(AlertEvent::PageOrdered(page)) => Some((page.person, page.name.open()?.as_str())),
            _ => None,
        });
        Self {
            directory,
            locale,
            zone,
            names: names.collect(),
            pages: BTreeMap::new(),
            attempts: BTreeMap::new(),
            severity: Severity::default(),
            taker: None,
        }
    }

    /// One event as its kind and its sentence.
    fn say(&mut self, event: &'a AlertEvent, entry: &Entry) -> (&'static str, String) {
        let kind = event.kind().trim_start_matches("alert.");
        let (locale, at) = (self.locale, entry.at);
        let text = match event {
            AlertEvent::Raised(raised) => self.raised(raised, &entry.by, at),
            AlertEvent::Repeated => message::Repeated.render(locale),
            AlertEvent::SeverityChanged { severity } => self.severity_changed(*severity),
            AlertEvent::SymptomJoined(joined) => self.symptom_joined(joined),
            AlertEvent::SymptomChanged { symptom, severity } => {
                let severity = word::severity(*severity, locale);
                message::SymptomChanged { number: i64::from(*symptom), severity: &severity }.render(locale)
            }
            AlertEvent::SymptomCleared { symptom, .. } => {
                message::SymptomCleared { number: i64::from(*symptom) }.render(locale)
            }
            AlertEvent::Grown { problems, severity } => {
                let severity = word::severity(*severity, locale);
                message::Grown { count: i64::from(*problems), severity: &severity }.render(locale)
            }
            AlertEvent::Held { by, until, unless_joined, joins } => {
                let (person, until) = (&self.author(by), &self.time(*until, at));
                if *unless_joined {
                    let count = i64::from((*joins).max(1));
                    message::HeldUnlessJoined { person, until, count }.render(locale)
                } else {
                    message::Held { person, until }.render(locale)
                }
            }
            AlertEvent::HoldEnded => match &entry.by {
                Author::Person(_) | Author::Token(_) => {
                    message::HoldEndedBy { person: &self.author(&entry.by) }.render(locale)
                }
                Author::House | Author::Source(_) => message::HoldEnded.render(locale),
            },
            AlertEvent::WorkEntered(entered) => self.work_entered(entered, at),
            AlertEvent::HeldForWork(taken) => {
                let (worker, what) = (self.person(taken.worker), self.work(std::slice::from_ref(&**taken)));
                let until = self.time(taken.ends_at, at);
                message::HeldForWork { worker: &worker, what: &what, until: &until }.render(locale)
            }
            AlertEvent::WorkMoved { until } => {
                message::WorkMoved { until: &self.time(*until, at) }.render(locale)
            }
            AlertEvent::WorkLeft { .. } => message::WorkLeft.render(locale),
            AlertEvent::Joined { by, way, missing } => {
                let (person, way) = (self.author(by), word::way(*way, locale));
                message::Joined { person: &person, way: &way, missing: i64::from(*missing) }.render(locale)
            }
            AlertEvent::HandedOver { by, to } => self.handed_over(by, to),
            AlertEvent::StepEntered(entered) => self.step_entered(entered, at),
            AlertEvent::StepEmpty { step, .. } => {
                message::StepEmpty { step: i64::from(*step) }.render(locale)
            }
            AlertEvent::FallbackEntered { called, until, late, .. } => {
                self.with_lateness(self.fallback_entered(called, *until, at), *late)
            }
            AlertEvent::PageOrdered(page) => {
                self.pages.insert(page.page, page);
                self.page_ordered(page)
            }
            AlertEvent::PageWithdrawn { page } => {
                message::PageWithdrawn { person: &self.paged(*page) }.render(locale)
            }
            AlertEvent::AttemptStarted(started) => self.attempt_started(started),
            AlertEvent::AttemptEnded(ended) => return self.attempt_ended(ended),
            AlertEvent::AttemptHeld(held) => self.attempt_held(held, at),
            AlertEvent::StatusReported { attempt, status, detail } => {
                let detail = detail.as_ref().and_then(|detail| detail.open()).map(String::as_str);
                return self.status_reported(*attempt, *status, detail);
            }
            AlertEvent::ReportOverdue { attempt } => self.report_overdue(*attempt),
            AlertEvent::Acknowledged { by, way, until } => {
                self.taker = Some(by.clone());
                self.acknowledged(by, *way, until.map(|until| self.time(until, at)).as_deref())
            }
            AlertEvent::AcknowledgementLapsed => {
                let taker = self.taker.take().unwrap_or(Author::House);
                message::AcknowledgementLapsed { person: &self.author(&taker) }.render(locale)
            }
            AlertEvent::Escalated { by } => message::Escalated { person: &self.author(by) }.render(locale),
            AlertEvent::Noted { by, text } => {
                let erased = words::Erased.render(locale);
                let text = text.open().unwrap_or(&erased);
                message::Noted { person: &self.author(by), text }.render(locale)
            }
            AlertEvent::Resolved { by, .. } => self.resolved(by),
            AlertEvent::RecallStarted { attempt, .. } => self.recall_started(*attempt),
            AlertEvent::RecallEnded { attempt, outcome } => return self.recall_ended(*attempt, *outcome),
            AlertEvent::ClockCorrected { back } => {
                message::ClockCorrected { span: &format::span(locale, back.as_seconds()) }.render(locale)
            }
            AlertEvent::Reconsidered { called, .. } if called.is_empty() => {
                message::ReconsideredNobody.render(locale)
            }
            AlertEvent::Reconsidered { called, .. } => {
                message::Reconsidered { people: &self.called(called, at) }.render(locale)
            }
        };
        (kind, text)
    }

    fn raised(&mut self, raised: &Raised, by: &Author, at: Timestamp) -> String {
        self.severity = raised.severity;
        if let Occasion::Test { person, .. } = &raised.occasion {
            let (person, by) = (self.person(*person), self.author(by));
            return message::RaisedTest { person: &person, by: &by }.render(self.locale);
        }
        if let Occasion::Message { person, about } = &raised.occasion {
            let text = told(self.locale, self.zone.name(), about, at);
            return message::RaisedMessage { person: &self.person(*person), text: &text }.render(self.locale);
        }
        let erased = words::Erased.render(self.locale);
        let signal = raised.signal.open();
        let summary =
            signal.map_or(erased, |signal| summary(self.locale, &signal.summary, signal.finding, 1));
        let service = raised.assignment.as_ref().map_or("", |assignment| assignment.service_name.as_str());
        let severity = word::severity(raised.severity, self.locale);
        let source = raised.source.as_str();
        let raised = message::Raised { source, service, severity: &severity, summary: &summary };
        self.in_its_words(raised.render(self.locale), signal)
    }

    fn symptom_joined(&self, joined: &SymptomJoined) -> String {
        let erased = words::Erased.render(self.locale);
        let summary = joined.signal.open().map_or(erased.as_str(), |signal| signal.summary.as_str());
        let (number, source) = (i64::from(joined.symptom), joined.source.as_str());
        let severity = word::severity(joined.severity, self.locale);
        let said = message::SymptomJoined { number, source, severity: &severity, summary };
        self.in_its_words(said.render(self.locale), joined.signal.open())
    }

    /// With what the source called the severity, where that is another word.
    fn in_its_words(&self, sentence: String, signal: Option<&Signal>) -> String {
        let Some(text) = signal.and_then(|signal| signal.severity_said.as_deref()) else { return sentence };
        format!("{sentence} ({})", message::SeveritySaid { text }.render(self.locale))
    }

    fn page_ordered(&self, page: &PageOrdered) -> String {
        let said = message::PageOrdered { person: &self.person(page.person) }.render(self.locale);
        if page.skipped.is_empty() {
            return said;
        }
        let skipped: Vec<&str> = page.skipped.iter().map(|skipped| skipped.contact.as_str()).collect();
        let contacts = format::list(self.locale, &skipped);
        format!("{said}. {}", message::PageSkips { contacts: &contacts }.render(self.locale))
    }

    fn severity_changed(&mut self, to: Severity) -> String {
        let from = word::severity(std::mem::replace(&mut self.severity, to), self.locale);
        message::SeverityChanged { from: &from, to: &word::severity(to, self.locale) }.render(self.locale)
    }

    fn step_entered(&self, entered: &StepEntered, at: Timestamp) -> String {
        let said = message::StepEntered {
            step: i64::from(entered.step),
            round: i64::from(entered.round),
            people: &self.called(&entered.called, at),
            until: &self.time(entered.until, at),
        }
        .render(self.locale);
        self.with_lateness(said, entered.late)
    }

    fn work_entered(&self, entered: &WorkEntered, at: Timestamp) -> String {
        let what = self.work(&entered.works);
        if entered.called.is_empty() {
            return message::WorkEmpty { what: &what }.render(self.locale);
        }
        let (people, until) = (self.called(&entered.called, at), self.time(entered.until, at));
        let said = message::WorkEntered { people: &people, what: &what, until: &until }.render(self.locale);
        self.with_lateness(said, entered.late)
    }

    /// What is being done.
    fn work(&self, works: &[Taken]) -> String {
        let erased = words::Erased.render(self.locale);
        let said: Vec<&str> =
            works.iter().map(|taken| taken.what.open().unwrap_or(&erased).as_str()).collect();
        format::list(self.locale, &said)
    }

    fn handed_over(&self, by: &Author, to: &Handed) -> String {
        let to = match to {
            Handed::Policy(policy) => policy.as_str(),
            Handed::Team(team) => self.directory.teams().get(team).map_or(team.as_str(), |team| &team.name),
        };
        if *by == Author::House {
            return message::HandedOn { to }.render(self.locale);
        }
        message::HandedOver { person: &self.author(by), to }.render(self.locale)
    }

    fn with_lateness(&self, said: String, late: Option<Span>) -> String {
        let Some(late) = late else { return said };
        let span = format::span(self.locale, late.as_seconds());
        format!("{said}. {}", message::StepLate { span: &span }.render(self.locale))
    }

    fn fallback_entered(&self, called: &[Called], until: Timestamp, at: Timestamp) -> String {
        let every = format::span(self.locale, until.since(at).as_seconds());
        if called.is_empty() {
            return message::FallbackEmpty { every: &every }.render(self.locale);
        }
        let people: Vec<String> = called.iter().map(|called| self.person(called.person)).collect();
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let people = format::list(self.locale, &people);
        message::FallbackEntered { people: &people, every: &every }.render(self.locale)
    }

    fn acknowledged(&self, by: &Author, way: Way, until: Option<&str>) -> String {
        let (person, way) = (self.author(by), word::way(way, self.locale));
        match until {
            Some(until) => message::Acknowledged { person: &person, way: &way, until }.render(self.locale),
            None => message::AcknowledgedNoLapse { person: &person, way: &way }.render(self.locale),
        }
    }

    fn resolved(&self, by: &Author) -> String {
        match by {
            Author::House => message::ResolvedByHouse.render(self.locale),
            Author::Source(source) => {
                message::ResolvedBySource { source: source.as_str() }.render(self.locale)
            }
            Author::Person(_) | Author::Token(_) => {
                message::ResolvedByPerson { person: &self.author(by) }.render(self.locale)
            }
        }
    }

    /// A moment as somebody who reads a line of `beside` needs it: without the day when it is the same.
    fn time(&self, moment: Timestamp, beside: Timestamp) -> String {
        let (moment, beside) = (local(moment, self.zone), local(beside, self.zone));
        if moment.date() == beside.date() {
            format::time(self.locale, &moment.time())
        } else {
            format::date_time(self.locale, &moment)
        }
    }
}
