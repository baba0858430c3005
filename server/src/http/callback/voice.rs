//! What Twilio asks and tells us during a call. What is said stands nowhere: it is put into words again from the
//! history, so that it can be said twice, after a restart, and when the answer to our own request was lost.

use adapters::channel::twilio::callback::{SIGNATURE_HEADER, error_words, verify};
use adapters::channel::voice::CALL_MAX;
use adapters::channel::voice::callback::{self, ANSWERED_PATH, Answerer, KEY_PATH, Key, STATUS_PATH};
use adapters::channel::voice::twiml;
use adapters::text;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::aggregate::Aggregate as _;
use domain::alert::{Alert, Order, Phase, Refusal};
use domain::port::{Dispatch, Errand, Notice};
use events::event::alert::{AlertEvent, Way};
use events::event::outcome::DeliveryStatus;
use events::event::person::ChannelKind;
use events::{AttemptId, Author, Entry, Event, JournalError, Timestamp};
use i18n::{Locale, Message as _, voice};

use super::twilio::About;
use crate::http::App;
use crate::http::problem::Problem;
use actors::alert::Declined;

type GivenForm = Result<Form<Vec<(String, String)>>, FormRejection>;

/// `POST /callbacks/twilio/voice?attempt=…`: somebody or something has answered; what is to be said?
pub async fn answered(
    State(app): State<App>,
    Query(about): Query<About>,
    headers: HeaderMap,
    form: GivenForm,
) -> Result<Response, Problem> {
    let signed = Signed::prove(&app, ANSWERED_PATH, &about, &headers, form)?;
    let call = match signed.call(&app).await {
        Ok(call) => call,
        Err(said) => return Ok(said),
    };
    let answerer = Answerer::read(signed.parameter("AnsweredBy"));
    let (status, words) = answerer.status();
    call.report(&app, status, words).await;
    Ok(say(match answerer {
        Answerer::Human | Answerer::Unsure => call.ask(&app),
        Answerer::Machine => twiml::left_on_a_machine(call.locale()),
        Answerer::Fax => twiml::silence(),
    }))
}

/// `POST /callbacks/twilio/voice/key?attempt=…`: a key was pressed.
pub async fn key(
    State(app): State<App>,
    Query(about): Query<About>,
    headers: HeaderMap,
    form: GivenForm,
) -> Result<Response, Problem> {
    let signed = Signed::prove(&app, KEY_PATH, &about, &headers, form)?;
    // One key after the other: whether one came before is read from the history.
    let _one_at_a_time = app.pressing.lock().await;
    let call = match signed.call(&app).await {
        Ok(call) => call,
        Err(said) => return Ok(said),
    };
    call.report(&app, DeliveryStatus::Read, "").await;
    Ok(say(match Key::read(signed.parameter("Digits").unwrap_or_default()) {
        Key::Take => call.take(&app).await,
        Key::PassOn if call.alert.is_problem() => call.pass_on(&app).await,
        Key::PassOn | Key::Again => call.ask(&app),
    }))
}

/// `POST /callbacks/twilio/voice/status?attempt=…`: how a call goes.
pub async fn status(
    State(app): State<App>,
    Query(about): Query<About>,
    headers: HeaderMap,
    form: GivenForm,
) -> Result<StatusCode, Problem> {
    let signed = Signed::prove(&app, STATUS_PATH, &about, &headers, form)?;
    let answerer = Answerer::read(signed.parameter("AnsweredBy"));
    let status = signed.parameter("CallStatus").and_then(|status| callback::call_status(status, answerer));
    let (Some((status, words)), Some(attempt)) = (status, signed.attempt) else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let error = error_words(signed.parameter("ErrorCode"), signed.parameter("ErrorMessage"));
    let detail = if error.is_empty() { words.to_owned() } else { format!("{words}: {error}") };
    let order = Order::ReportStatus { attempt: attempt.attempt, status, detail };
    match app.house.order(attempt.alert, order, app.provenance(Author::House)).await {
        Ok(_) | Err(Declined::Refused(_)) => Ok(StatusCode::NO_CONTENT),
        Err(declined) => Err(declined.into()),
    }
}

/// TwiML as an answer.
fn say(twiml: String) -> Response {
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], twiml).into_response()
}

/// A callback that Twilio has signed.
struct Signed {
    /// Which attempt it is about; none when we cannot have given this name to Twilio.
    attempt: Option<AttemptId>,
    parameters: Vec<(String, String)>,
}

impl Signed {
    fn prove(
        app: &App,
        path: &str,
        about: &About,
        headers: &HeaderMap,
        form: GivenForm,
    ) -> Result<Self, Problem> {
        let Form(parameters) =
            form.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
        let given = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let public_url = app.links.public_url.trim_end_matches('/');
        let address = format!("{public_url}{path}?attempt={}", about.attempt);
        if !app.callback_keys.twilio.iter().any(|token| verify(token, &address, &parameters, given)) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "the signature is not Twilio's for this address",
            ));
        }
        Ok(Self { attempt: about.attempt.parse().ok(), parameters })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The call that this is about.
    ///
    /// # Errors
    /// What is said to whoever listens when there is no such call, or its history cannot be read. Nobody knows then
    /// in which language.
    async fn call(&self, app: &App) -> Result<Call, Response> {
        let found = match self.attempt {
            Some(attempt) => Call::find(app, attempt).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(call)) => Ok(call),
            Ok(None) => Err(say(twiml::said(Locale::En, &voice::Unknown.render(Locale::En)))),
            Err(error) => {
                tracing::error!(%error, "somebody listens to a call whose alert cannot be read");
                Err(say(twiml::said(Locale::En, &voice::Unreadable.render(Locale::En))))
            }
        }
    }
}

/// A call that the house has made, and where its alert stands now.
struct Call {
    dispatch: Dispatch,
    notice: Notice,
    alert: Alert,
    /// What its person has done about the alert since it was made.
    done: Option<Done>,
}

/// What somebody can do by a key, once for each call: Twilio, or whoever overheard it, may post a key again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Took,
    PassedOn,
}

impl Call {
    /// Reads the history of its alert; none when the house has made no such call, or not lately, or to somebody who
    /// has left.
    async fn find(app: &App, attempt: AttemptId) -> Result<Option<Self>, JournalError> {
        let entries = app.house.ports().journal.read_what_is_left(&attempt.alert.stream()).await?;
        let found = Self::of(&entries, attempt, app.house.now());
        let directory = app.house.directory();
        Ok(found.filter(|call| directory.people().contains_key(&call.notice.person)))
    }

    fn of(entries: &[Entry], attempt: AttemptId, now: Timestamp) -> Option<Self> {
        let (mut alert, mut made, mut done) = (Alert::default(), None, None);
        for entry in entries {
            let Event::Alert(event) = &entry.event else { continue };
            alert.evolve(event, entry.at);
            match (event, &made) {
                (AlertEvent::AttemptStarted(started), None) if started.attempt == attempt.attempt => {
                    let dispatch = alert.dispatch(event).filter(|dispatch| dispatch.attempt == attempt)?;
                    made = Some(dispatch).filter(|_| now.since(entry.at) <= CALL_MAX);
                }
                (event, Some(dispatch)) => done = done.or(what_was_done(event, dispatch)),
                _ => {}
            }
        }
        let dispatch = made.filter(|dispatch| dispatch.channel == ChannelKind::VOICE)?;
        let Errand::Page(notice) = &dispatch.errand else { return None };
        let notice = Notice::clone(notice);
        Some(Self { dispatch, notice, alert, done })
    }

    const fn locale(&self) -> Locale {
        text::locale(self.dispatch.language)
    }

    const fn by(&self) -> Author {
        Author::Person(self.notice.person)
    }

    /// What whoever listens hears: the alert and the keys, or that there is nothing left to do.
    fn ask(&self, app: &App) -> String {
        if let Some(settled) = self.settled() {
            return twiml::said(self.locale(), &settled);
        }
        let spoken = text::voice(&self.dispatch, &self.notice).body;
        match self.key_address(app) {
            Some(address) => twiml::asked(self.locale(), &spoken, self.alert.is_problem(), &address),
            // Twilio could not have asked us.
            None => twiml::said_twice(self.locale(), &spoken),
        }
    }

    /// "I have it."
    async fn take(&self, app: &App) -> String {
        if let Some(settled) = self.settled() {
            return twiml::said(self.locale(), &settled);
        }
        let order = Order::Acknowledge { by: self.by(), way: Way::Call };
        let taken =
            if self.alert.is_problem() { self.taken() } else { voice::Confirmed.render(self.locale()) };
        self.carry_out(app, order, taken).await
    }

    /// "Not me."
    async fn pass_on(&self, app: &App) -> String {
        if let Some(settled) = self.settled() {
            return twiml::said(self.locale(), &settled);
        }
        let passed_on = voice::PassedOn.render(self.locale());
        self.carry_out(app, Order::Escalate { by: self.by() }, passed_on).await
    }

    async fn carry_out(&self, app: &App, order: Order, done: String) -> String {
        let alert = self.dispatch.attempt.alert;
        match app.house.order(alert, order, app.provenance(self.by())).await {
            Ok(_) => twiml::said(self.locale(), &done),
            Err(Declined::Refused(Refusal::AlreadyResolved)) => twiml::said(self.locale(), &self.over()),
            Err(declined) => {
                tracing::warn!(%alert, %declined, "a key that was pressed during a call was not recorded");
                match self.key_address(app) {
                    Some(address) => twiml::asked_again(self.locale(), &address),
                    None => twiml::silence(),
                }
            }
        }
    }

    /// Why there is nothing left to ask; none while the alert needs somebody.
    fn settled(&self) -> Option<String> {
        let locale = self.locale();
        match self.alert.phase() {
            Phase::Resolved { .. } if self.alert.is_problem() => return Some(self.over()),
            Phase::Resolved { .. } => return Some(voice::Confirmed.render(locale)),
            Phase::Acknowledged { by, .. } if *by == self.by() => return Some(self.taken()),
            Phase::Acknowledged { .. } => {
                return Some(voice::TakenBefore { code: &self.code() }.render(locale));
            }
            Phase::Unraised | Phase::Open { .. } | Phase::Held { .. } => {}
        }
        if self.alert.takers().contains(&self.by()) {
            return Some(self.taken());
        }
        match self.done? {
            Done::PassedOn => Some(voice::PassedOn.render(locale)),
            // They had it, and it has lapsed since: there is another call for that.
            Done::Took => Some(voice::Unknown.render(locale)),
        }
    }

    fn taken(&self) -> String {
        voice::Taken { code: &self.code() }.render(self.locale())
    }

    fn over(&self) -> String {
        voice::Over { code: &self.code() }.render(self.locale())
    }

    fn code(&self) -> String {
        text::spelled(self.notice.code)
    }

    fn key_address(&self, app: &App) -> Option<String> {
        callback::address(&app.links.public_url, KEY_PATH, &self.dispatch.attempt)
    }

    /// Records how far the call got. Whoever listens is not kept waiting for a log that refuses.
    async fn report(&self, app: &App, status: DeliveryStatus, words: &str) {
        let AttemptId { alert, attempt, .. } = self.dispatch.attempt;
        let order = Order::ReportStatus { attempt, status, detail: words.to_owned() };
        let reported = app.house.order(alert, order, app.provenance(Author::House)).await;
        if let Err(declined) = reported
            && !matches!(declined, Declined::Refused(_))
        {
            tracing::warn!(%alert, %declined, "it was not recorded how far a call got");
        }
    }
}

/// What an event says that the person of this call has done.
fn what_was_done(event: &AlertEvent, dispatch: &Dispatch) -> Option<Done> {
    let Errand::Page(notice) = &dispatch.errand else { return None };
    let own = Author::Person(notice.person);
    match event {
        AlertEvent::Acknowledged { by, way: Way::Call, .. }
        | AlertEvent::Joined { by, way: Way::Call, .. }
            if *by == own =>
        {
            Some(Done::Took)
        }
        AlertEvent::Escalated { by } if *by == own => Some(Done::PassedOn),
        _ => None,
    }
}
