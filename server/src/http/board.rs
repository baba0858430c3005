//! The board: every open alert, for whoever is logged in.

pub(super) mod alert;
mod filter;

use adapters::text;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use domain::directory::Directory;
use domain::view::{Card, CardState};
use events::{AlertId, ServiceId, Timestamp};
use i18n::web;
use maud::{Markup, html};

use self::filter::Filter;
use super::page::alert::name;
use super::page::mark::{self, Stand};
use super::page::{Frame, Page, Reader, shown};
use super::problem::Problem;
use super::session::Session;
use super::{App, zone};

/// So many alerts are shown at once.
const ROWS_MAX: usize = 200;

/// Names in cells are cut after so many characters.
const CELL_CHARS_MAX: usize = 80;

/// `GET /?state=&service=&severity=&zone=`.
pub async fn show(
    _session: Session,
    State(app): State<App>,
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Result<Page, Problem> {
    let reader = Reader { zone: zone(filter.zone())?, ..Reader::stranger(&headers, app.house.now()) };
    let board = Shown::new(&app, &filter);
    let title = reader.say(&web::BoardTitle);
    let main = board.main(&reader, &filter, &app.house.directory());
    Ok(Page { frame: Frame::SessionLive, ..Page::plain(StatusCode::OK, reader, title, main) })
}

/// What of the board is shown.
#[derive(Debug, Default)]
struct Shown {
    rows: Vec<(AlertId, Card)>,
    left_out: usize,
    open_count: usize,
    services: Vec<ServiceId>,
}

impl Shown {
    fn new(app: &App, filter: &Filter) -> Self {
        let board = app.house.published().board();
        let problems = board.problems();
        let mut services: Vec<ServiceId> =
            problems.iter().filter_map(|(_, card)| card.service.clone()).collect();
        services.sort_unstable();
        services.dedup();
        let open_count = problems.len();
        let mut matching: Vec<_> = problems.into_iter().filter(|(id, card)| filter.lets(*id, card)).collect();
        matching.sort_by_key(|(id, card)| urgency(*id, card));
        let left_out = matching.len().saturating_sub(ROWS_MAX);
        let rows = matching.into_iter().take(ROWS_MAX).map(|(id, card)| (id, card.clone())).collect();
        Self { rows, left_out, open_count, services }
    }

    fn main(&self, reader: &Reader, filter: &Filter, directory: &Directory) -> Markup {
        html! {
            h1 { (reader.say(&web::BoardTitle)) }
            @if self.open_count > 0 || filter.is_set() {
                (filter.form(reader, &self.services, directory))
            }
            section #board data-live { (self.table(reader, filter, directory)) }
        }
    }

    fn table(&self, reader: &Reader, filter: &Filter, directory: &Directory) -> Markup {
        if self.rows.is_empty() {
            return html! {
                @if filter.is_set() && self.open_count > 0 {
                    p.empty { (reader.say(&web::BoardNoMatch)) }
                    p { a href="/" { (reader.say(&web::FilterClear)) } }
                } @else {
                    p.empty { (reader.say(&web::BoardEmpty)) }
                }
            };
        }
        html! {
            table.board {
                thead {
                    tr {
                        th scope="col" { (reader.say(&web::ColumnState)) }
                        th scope="col" { (reader.say(&web::ColumnCode)) }
                        th scope="col" { (reader.say(&web::ColumnWhat)) }
                        th scope="col" { (reader.say(&web::ColumnService)) }
                        th scope="col" { (reader.say(&web::ColumnSeverity)) }
                        th.number scope="col" { (reader.say(&web::ColumnSince)) }
                        th scope="col" { (reader.say(&web::ColumnWho)) }
                    }
                }
                tbody {
                    @for (id, card) in &self.rows { (row(*id, card, reader, filter, directory)) }
                }
            }
            @if self.left_out > 0 {
                p.left-out { (reader.say(&web::BoardMore { count: i64::try_from(self.left_out).unwrap_or(i64::MAX) })) }
            }
        }
    }
}

/// What nobody has comes first, and of that the oldest.
fn urgency(id: AlertId, card: &Card) -> (bool, Timestamp, AlertId) {
    (matches!(card.state, CardState::Acknowledged(_)), card.raised_at, id)
}

fn row(id: AlertId, card: &Card, reader: &Reader, filter: &Filter, directory: &Directory) -> Markup {
    let stand = Stand::from(&card.state);
    let who = match &card.state {
        CardState::Acknowledged(by) => Some(shown(&name(directory, by, reader), CELL_CHARS_MAX)),
        CardState::Open | CardState::Held(_) => {
            card.hold.as_deref().map(|(by, _)| shown(&name(directory, by, reader), CELL_CHARS_MAX))
        }
    };
    let finding = card.finding.as_deref().copied();
    let what = text::summary(reader.locale, &card.summary, finding, card.problems_count());
    html! {
        tr class=(stand.class()) {
            td.stand { span class={ "mark " (stand.class()) } { (stand.shape()) " " (stand.word(reader)) } (held(card, reader)) }
            td.code { (id.code()) }
            td.what { a href={ "/alerts/" (id) (filter.zone_query()) } { bdi { (shown(&what, usize::MAX)) } } }
            td.service { bdi { (service_name(directory, card.service.as_ref())) } }
            td.severity { (mark::severity(card.severity, reader)) }
            td.number.since {
                (reader.moment(card.raised_at, &reader.time(card.raised_at)))
                " " small { (reader.ago(card.raised_at)) }
            }
            td.who { @if let Some(who) = who { bdi { (who) } } }
        }
    }
}

/// Until when it is on hold, and what ends that before.
fn held(card: &Card, reader: &Reader) -> Markup {
    let CardState::Held(until) = &card.state else { return html! {} };
    let until = &reader.time(*until);
    let said = match card.hold.as_deref() {
        Some((_, 0)) | None => reader.say(&web::HeldShort { until }),
        Some((_, joins)) => reader.say(&web::HeldShortUnlessJoined { until, count: i64::from(*joins) }),
    };
    html! { " " small { (said) } }
}

/// How a service is called.
fn service_name(directory: &Directory, service: Option<&ServiceId>) -> String {
    let Some(service) = service else { return String::new() };
    let known = directory.services().get(service);
    shown(known.map_or(service.as_str(), |service| service.name.as_str()), CELL_CHARS_MAX)
}

#[cfg(test)]
mod tests;
