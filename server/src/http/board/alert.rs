//! One alert for whoever is logged in: `GET /alerts/{id}`, and a form for each thing that can be done.

use actors::alert::Declined;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Action;
use domain::alert::{Order, Refusal};
use events::event::alert::Way;
use events::{AlertId, Author, Code};
use serde::Deserialize;

use crate::http::page::alert::{AlertPage, History, Viewer};
use crate::http::page::{Frame, Page, Reader, foreign_form, is_own_form};
use crate::http::problem::Problem;
use crate::http::session::Session;
use crate::http::{App, zone};

/// In which zone.
#[derive(Debug, Default, Deserialize)]
pub struct View {
    zone: Option<String>,
}

/// `GET /alerts/{id}?zone=`; the code will do, and where several alerts share it the board shows them.
pub async fn show(
    session: Session,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reader = Reader { zone: zone(view.zone.as_deref())?, ..Reader::stranger(&headers, app.house.now()) };
    if let Ok(id) = id.parse() {
        return Ok(page(&app, &session, reader, id, StatusCode::OK, false).await.into_response());
    }
    let Ok(code) = id.parse::<Code>() else { return Ok(Page::missing(reader).into_response()) };
    let found = app.house.published().board().with_code(code);
    Ok(match found[..] {
        [] => Page::missing(reader).into_response(),
        [alert] => Redirect::to(&format!("/alerts/{alert}")).into_response(),
        _ => Redirect::to(&format!("/?code={code}")).into_response(),
    })
}

/// The page of an alert for a session.
pub(in crate::http) async fn page(
    app: &App,
    session: &Session,
    reader: Reader,
    id: AlertId,
    status: StatusCode,
    note_is_empty: bool,
) -> Page {
    let history = match History::read(app, id).await {
        Ok(Some(history)) => history,
        Ok(None) => return Page { frame: Frame::Session, ..Page::missing(reader) },
        Err(error) => return Page { frame: Frame::Session, ..Page::failure(app, reader, &error) },
    };
    let viewer = Viewer::Session { session, note_is_empty };
    let page = AlertPage { history: &history, directory: app.house.directory(), reader, viewer };
    Page { frame: Frame::Session, ..Page::plain(status, reader, page.title(), page.main()) }
}

/// What a form says besides what it is for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    text: String,
}

/// `POST /alerts/{id}/{action}`: `acknowledge`, `resolve`, `escalate`, or `note` with `text`.
pub async fn act(
    session: Session,
    State(app): State<App>,
    Path((id, action)): Path<(String, String)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let reader = Reader::stranger(&headers, app.house.now());
    if !is_own_form(&headers, &app.links.public_url) {
        return foreign_form(reader).into_response();
    }
    let Ok(id) = id.parse::<AlertId>() else { return Page::missing(reader).into_response() };
    let by = session.by().clone();
    let Some((right, order)) = asked(&action, by.clone(), fields.text) else {
        return Page::missing(reader).into_response();
    };
    if !session.may(right) {
        return Page::forbidden(reader).into_response();
    }
    if matches!(&order, Order::Note { text, .. } if text.trim().is_empty()) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&app, &session, reader, id, status, true).await.into_response();
    }
    match app.house.order(id, order, app.provenance(by)).await {
        Ok(_) => Redirect::to(&format!("/alerts/{id}")).into_response(),
        Err(Declined::Refused(Refusal::NotRaised)) => Page::missing(reader).into_response(),
        Err(Declined::Refused(_)) => {
            page(&app, &session, reader, id, StatusCode::CONFLICT, false).await.into_response()
        }
        Err(declined) => {
            tracing::warn!(alert = %id, %declined, "what somebody asked for was not recorded");
            Page { frame: Frame::Session, ..Page::unavailable(reader) }.into_response()
        }
    }
}

/// What a form asks for, and what that takes; none when there is no such thing to do.
fn asked(action: &str, by: Author, text: String) -> Option<(Action, Order)> {
    Some(match action {
        "acknowledge" => (Action::AlertAcknowledge, Order::Acknowledge { by, way: Way::Api }),
        "resolve" => (Action::AlertResolve, Order::Resolve { by }),
        "escalate" => (Action::AlertEscalate, Order::Escalate { by }),
        "note" => (Action::AlertNote, Order::Note { by, text }),
        _ => return None,
    })
}
