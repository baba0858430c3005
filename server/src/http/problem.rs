//! How a request is refused: a status, and one sentence that says what to do.

use actors::alert::Declined;
use actors::registrar::Undecided;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::alert::Refusal;
use domain::calendar::CalendarRefusal;
use domain::overrides::OverrideRefusal;
use domain::standing::ContactRefusal;
use domain::work::WorkRefusal;
use serde_json::{Value, json};

/// Whoever is turned away comes again after so many seconds.
const RETRY_AFTER_SECONDS: &str = "2";

/// A refusal on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    body: Value,
}

impl Problem {
    /// A refusal with one sentence.
    pub fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, body: json!({ "error": error.into() }) }
    }

    /// With one more field.
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.body[field] = value;
        self
    }

    /// There is no such thing.
    pub fn not_found(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// Try again in a moment.
    pub fn unavailable(error: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error)
    }
}

impl From<Undecided<OverrideRefusal>> for Problem {
    fn from(undecided: Undecided<OverrideRefusal>) -> Self {
        let sentence = undecided.to_string();
        match undecided {
            Undecided::Unavailable { .. } => Self::unavailable(sentence),
            Undecided::Refused(OverrideRefusal::Unmade) => Self::not_found(sentence),
            Undecided::Refused(
                OverrideRefusal::Taken | OverrideRefusal::Over | OverrideRefusal::NobodyAsked,
            ) => Self::new(StatusCode::CONFLICT, sentence),
            Undecided::Refused(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence),
        }
    }
}

impl From<Undecided<WorkRefusal>> for Problem {
    fn from(undecided: Undecided<WorkRefusal>) -> Self {
        let sentence = undecided.to_string();
        match undecided {
            Undecided::Unavailable { .. } => Self::unavailable(sentence),
            Undecided::Refused(WorkRefusal::Unplanned) => Self::not_found(sentence),
            Undecided::Refused(WorkRefusal::Taken | WorkRefusal::Over | WorkRefusal::NotYet { .. }) => {
                Self::new(StatusCode::CONFLICT, sentence)
            }
            Undecided::Refused(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence),
        }
    }
}

impl From<Undecided<CalendarRefusal>> for Problem {
    fn from(undecided: Undecided<CalendarRefusal>) -> Self {
        let sentence = undecided.to_string();
        match undecided {
            Undecided::Unavailable { .. } => Self::unavailable(sentence),
            Undecided::Refused(CalendarRefusal::Unopened | CalendarRefusal::UnknownRota(_)) => {
                Self::not_found(sentence)
            }
            Undecided::Refused(CalendarRefusal::Taken) => Self::new(StatusCode::CONFLICT, sentence),
            Undecided::Refused(CalendarRefusal::UnknownPerson) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
            }
        }
    }
}

impl From<Undecided<ContactRefusal>> for Problem {
    fn from(undecided: Undecided<ContactRefusal>) -> Self {
        let sentence = undecided.to_string();
        let (status, reason) = match undecided {
            Undecided::Unavailable { .. } => return Self::unavailable(sentence),
            Undecided::Refused(ContactRefusal::Unknown) => (StatusCode::NOT_FOUND, "unknown"),
            Undecided::Refused(ContactRefusal::NoCode) => (StatusCode::CONFLICT, "no_code"),
            Undecided::Refused(ContactRefusal::TooManyCodes { .. }) => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_codes")
            }
            Undecided::Refused(ContactRefusal::TooManyMistakes) => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_mistakes")
            }
        };
        Self::new(status, sentence).with("reason", reason.into())
    }
}

impl From<Declined> for Problem {
    fn from(declined: Declined) -> Self {
        let sentence = declined.to_string();
        match declined {
            Declined::Unavailable { .. } | Declined::Busy | Declined::Quarantined { .. } => {
                Self::unavailable(sentence)
            }
            Declined::Refused(refusal) => {
                let (status, reason) = match refusal {
                    Refusal::NotRaised => (StatusCode::NOT_FOUND, "not_raised"),
                    Refusal::AlreadyResolved => (StatusCode::CONFLICT, "already_resolved"),
                    Refusal::NoRoute => (StatusCode::SERVICE_UNAVAILABLE, "no_route"),
                    Refusal::NotAwaited => (StatusCode::CONFLICT, "not_awaited"),
                    Refusal::Unreachable => (StatusCode::NOT_FOUND, "unreachable"),
                    Refusal::NobodyThere => (StatusCode::NOT_FOUND, "nobody_there"),
                    Refusal::NoProblem => (StatusCode::CONFLICT, "no_problem"),
                    Refusal::GroupClosed => (StatusCode::CONFLICT, "group_closed"),
                    Refusal::GoesAlone => (StatusCode::CONFLICT, "goes_alone"),
                    Refusal::NotHeld => (StatusCode::CONFLICT, "not_held"),
                    Refusal::HeldByWork => (StatusCode::CONFLICT, "held_by_work"),
                    Refusal::HoldTooLong => (StatusCode::UNPROCESSABLE_ENTITY, "hold_too_long"),
                };
                Self::new(status, sentence).with("reason", reason.into())
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let is_temporary = self.status == StatusCode::SERVICE_UNAVAILABLE;
        let mut response = (self.status, Json(self.body)).into_response();
        if is_temporary {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        response
    }
}
