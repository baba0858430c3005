//! The page of one alert: what is wrong, where it stands, and what the reader can do about it. The same for the
//! person behind a link and for a session.

mod fact;
mod story;

use std::sync::Arc;

use adapters::text;
use domain::access::Action;
use domain::alert::{Alert, Phase};
use domain::change::Changed;
use domain::directory::Directory;
use events::event::alert::{AlertEvent, Occasion};
use events::{AlertId, Author, Entry, Event, JournalError, PersonId, Timestamp};
use i18n::{page as paging, web, words};
use maud::{Markup, html};

use super::mark::Stand;
use super::{Reader, shown};
use crate::http::App;
use crate::http::session::Session;
use crate::timeline;

/// A summary is cut after so many characters; sources send at most as many.
const SUMMARY_CHARS_MAX: usize = 1_024;

/// An alert with its history.
#[derive(Clone, Debug)]
pub(in crate::http) struct History {
    pub(in crate::http) id: AlertId,
    pub(in crate::http) alert: Alert,
    pub(in crate::http) entries: Vec<Entry>,
    /// What was changed elsewhere before it.
    pub(in crate::http) changes: Vec<Changed>,
}

impl History {
    /// Reads and folds an alert; none when there is no such alert.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(in crate::http) async fn read(app: &App, id: AlertId) -> Result<Option<Self>, JournalError> {
        let entries = app.house.ports().journal.read_what_is_left(&id.stream()).await?;
        let mut history = Self::of(id, entries);
        if let Some(history) = &mut history
            && let Some(subject) = history.alert.subject()
        {
            history.changes = app.house.published().board().changes().before(subject.raised_at);
        }
        Ok(history)
    }

    /// What these entries lead to.
    pub(in crate::http) fn of(id: AlertId, entries: Vec<Entry>) -> Option<Self> {
        let alert = timeline::fold_at(&entries, Timestamp::from_micros(i64::MAX));
        alert.subject().is_some().then_some(Self { id, alert, entries, changes: Vec::new() })
    }

    /// True once it is over.
    pub(in crate::http) const fn is_over(&self) -> bool {
        matches!(self.alert.phase(), Phase::Resolved { .. })
    }

    /// When the last thing of a kind happened.
    fn last(&self, is_meant: impl Fn(&AlertEvent) -> bool) -> Option<Timestamp> {
        let mut entries = self.entries.iter().rev();
        entries
            .find(|entry| matches!(&entry.event, Event::Alert(event) if is_meant(event)))
            .map(|entry| entry.at)
    }
}

/// Who looks at an alert, and by what right.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) enum Viewer<'a> {
    /// Somebody who was paged, with the token of their link.
    Link {
        /// Who.
        person: PersonId,
        /// What proves it.
        token: &'a str,
    },
    /// Somebody who is logged in.
    Session {
        /// Who, and what they may.
        session: &'a Session,
        /// The note that they tried to add was empty.
        note_is_empty: bool,
    },
}

/// One alert on its way into a page.
#[derive(Debug)]
pub(in crate::http) struct AlertPage<'a> {
    pub(in crate::http) history: &'a History,
    pub(in crate::http) directory: Arc<Directory>,
    pub(in crate::http) reader: Reader,
    pub(in crate::http) viewer: Viewer<'a>,
}

impl AlertPage<'_> {
    /// What the browser's tab says.
    pub(in crate::http) fn title(&self) -> String {
        let code = self.history.id.code().to_string();
        self.reader.say(&web::AlertTitle { code: &code })
    }

    /// The page without its frame.
    pub(in crate::http) fn main(&self) -> Markup {
        html! {
            div.alert {
                p.code { (self.title()) }
                h1 { (self.summary()) }
                (self.state())
                (self.facts())
                (self.more_actions())
                (self.story())
                (self.first_action())
            }
        }
    }

    fn summary(&self) -> String {
        let subject = self.history.alert.subject();
        if subject.is_some_and(|subject| matches!(subject.occasion, Occasion::Test { .. })) {
            return self.reader.say(&paging::TestSummary);
        }
        if let Some(Occasion::Message { about, .. }) = subject.map(|subject| &subject.occasion) {
            let (locale, zone) = (self.reader.locale, self.reader.zone.name());
            return crate::timeline::told(locale, zone, about, self.reader.now);
        }
        let signal = subject.and_then(|subject| subject.signal.open());
        signal.map_or_else(
            || self.reader.say(&words::Erased),
            |signal| {
                let count = self.history.alert.problems_count();
                let said = text::summary(self.reader.locale, &signal.summary, signal.finding, count);
                shown(&said, SUMMARY_CHARS_MAX)
            },
        )
    }

    /// Where it stands, in one sentence.
    fn state(&self) -> Markup {
        let stand = Stand::from(self.history.alert.phase());
        html! {
            section #state class={ "state " (stand.class()) } role="status" data-live {
                p { (stand.shape()) span { (self.sentence()) } }
                (self.next())
            }
        }
    }

    fn sentence(&self) -> String {
        let reader = &self.reader;
        match self.history.alert.phase() {
            Phase::Unraised | Phase::Open { .. } => reader.say(&words::StateOpen),
            Phase::Held { until } => {
                let until = &reader.time(*until);
                let Some(hold) = self.history.alert.hold_terms() else {
                    return reader.say(&web::HeldUntil { until });
                };
                let (person, count) =
                    (&name(&self.directory, &hold.by, reader), i64::from(hold.unless_joined));
                if count == 0 {
                    reader.say(&web::HeldBy { until, person })
                } else {
                    reader.say(&web::HeldByUnlessJoined { until, person, count })
                }
            }
            Phase::Acknowledged { by, until } if self.is_viewer(by) => match until {
                Some(until) => reader.say(&web::YouHaveIt { until: &reader.time(*until) }),
                None => reader.say(&web::YouHaveItNoLapse),
            },
            Phase::Acknowledged { by, .. } => {
                let since = self.history.last(|event| matches!(event, AlertEvent::Acknowledged { .. }));
                let when = since.map(|since| reader.time(since)).unwrap_or_default();
                reader.say(&web::PersonHasIt { person: &name(&self.directory, by, reader), when: &when })
            }
            Phase::Resolved { .. } => {
                let since = self.history.last(|event| matches!(event, AlertEvent::Resolved { .. }));
                let when = since.map(|since| reader.time(since)).unwrap_or_default();
                reader.say(&web::Over { when: &when })
            }
        }
    }

    /// The next thing that happens by itself, with its countdown.
    fn next(&self) -> Markup {
        let Phase::Open { until } = *self.history.alert.phase() else { return html! {} };
        if !self.is_problem() || until <= self.reader.now {
            return html! {};
        }
        let left = until.since(self.reader.now).as_seconds();
        let left = self.reader.say(&web::In { span: &format!("{}:{:02}", left / 60, left % 60) });
        let template = self.reader.say(&web::In { span: "~" });
        let when = self.reader.say(&web::NextStep { when: &self.reader.time(until) });
        html! {
            p.next {
                (when) ", "
                span.countdown data-until=(until) data-template=(template) { (left) }
            }
        }
    }

    fn is_problem(&self) -> bool {
        self.history.alert.is_problem()
    }

    fn is_viewer(&self, by: &Author) -> bool {
        match self.viewer {
            Viewer::Link { person, .. } => *by == Author::Person(person),
            Viewer::Session { session, .. } => by == session.by(),
        }
    }

    /// Says whether the reader may do this to the alert.
    fn may(&self, action: Action) -> bool {
        match self.viewer {
            Viewer::Link { .. } => action == Action::AlertAcknowledge,
            Viewer::Session { session, .. } => session.may(action),
        }
    }

    /// The one thing to do, at the thumb: nothing once the reader has it or it is over, or for who may only look.
    fn first_action(&self) -> Markup {
        let label = match self.history.alert.phase() {
            _ if !self.may(Action::AlertAcknowledge) => None,
            Phase::Resolved { .. } => None,
            Phase::Acknowledged { by, .. } if self.is_viewer(by) => None,
            Phase::Acknowledged { by, .. } => {
                Some(self.reader.say(&web::TakeOver { person: &name(&self.directory, by, &self.reader) }))
            }
            Phase::Unraised | Phase::Open { .. } | Phase::Held { .. } => Some(self.reader.say(&web::Take)),
        };
        html! {
            div.first #action data-live {
                @if let Some(label) = label {
                    form method="post" action=(self.acknowledge_address()) {
                        @if let Viewer::Link { token, .. } = self.viewer {
                            input type="hidden" name="token" value=(token);
                        }
                        button.primary name="action" value="acknowledge" { (label) }
                    }
                }
            }
        }
    }

    fn acknowledge_address(&self) -> String {
        match self.viewer {
            Viewer::Link { .. } => format!("/a/{}", self.history.id.code()),
            Viewer::Session { .. } => self.address("acknowledge"),
        }
    }

    fn address(&self, action: &str) -> String {
        format!("/alerts/{}/{action}", self.history.id)
    }

    /// What a session can do besides; what ends an alert is folded away, so that nobody hits it by mistake.
    fn more_actions(&self) -> Markup {
        let Viewer::Session { note_is_empty, .. } = self.viewer else { return html! {} };
        let is_over = self.history.is_over();
        let (escalates, resolves) = (self.may(Action::AlertEscalate), self.may(Action::AlertResolve));
        html! {
            section.more {
                @if self.may(Action::AlertNote) { form.note method="post" action=(self.address("note")) {
                    label for="note" { (self.reader.say(&web::NoteLabel)) }
                    @if note_is_empty {
                        p.error #note-error { (self.reader.say(&web::NoteEmpty)) }
                    }
                    textarea #note name="text" rows="2" maxlength=(domain::alert::limit::NOTE_CHARS_MAX)
                        aria-invalid=[note_is_empty.then_some("true")] aria-describedby=[note_is_empty.then_some("note-error")] {}
                    button { (self.reader.say(&web::NoteAdd)) }
                } }
                @if !is_over && (escalates || resolves) {
                    details {
                        summary { (self.reader.say(&web::PassOnOrEnd)) }
                        @if escalates {
                            form method="post" action=(self.address("escalate")) {
                                button { (self.reader.say(&web::Escalate)) }
                            }
                        }
                        @if resolves {
                            form method="post" action=(self.address("resolve")) {
                                button.danger { (self.reader.say(&web::Resolve)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How whoever did something is called.
pub(in crate::http) fn name(directory: &Directory, author: &Author, reader: &Reader) -> String {
    match author {
        Author::Person(person) => directory
            .name(*person)
            .map_or_else(|| reader.say(&words::Erased), |name| shown(name, fact::NAME_CHARS_MAX)),
        Author::Token(name) => shown(&directory.tokens().called(name), fact::NAME_CHARS_MAX),
        Author::Source(source) => shown(source.as_str(), fact::NAME_CHARS_MAX),
        Author::House => super::NAME.to_owned(),
    }
}
