//! `EXTEND 30 4821`: planned work takes longer.

use actors::registrar::Undecided;
use adapters::text::local_time;
use domain::work::{Work, WorkCommand};
use events::{Author, Span, Timestamp, WorkId};
use i18n::{Message as _, reply as say};

use super::{Found, Writer, is_read};
use crate::http::App;

/// Lets the planned work end later that the message is about, or else the one of theirs that ends first.
pub async fn extend(app: &App, writer: &Writer, meant: &[&Found], minutes: u32, now: Timestamp) -> String {
    is_read(app, meant).await;
    let named = meant.iter().find_map(|found| found.text.work.as_ref());
    let Some((work, ends_at)) = lasting(app, writer, named, now) else {
        return say::NoWork.render(writer.locale);
    };
    let until = ends_at + Span::from_minutes(minutes.into());
    let by = Author::Person(writer.person);
    let moved =
        app.house.decide::<Work>(work.as_str(), WorkCommand::Move { until }, app.provenance(by)).await;
    match moved {
        Ok(position) => {
            app.house.published().wait_for(position).await;
            let until = local_time(writer.locale, &writer.time_zone, until, now);
            say::Extended { until: &until }.render(writer.locale)
        }
        Err(Undecided::Refused(_)) => say::WorkRefused.render(writer.locale),
        Err(Undecided::Unavailable { .. }) => say::Failed.render(writer.locale),
    }
}

/// Their work that lasts now, and when it ends.
fn lasting(
    app: &App,
    writer: &Writer,
    named: Option<&WorkId>,
    now: Timestamp,
) -> Option<(WorkId, Timestamp)> {
    let directory = app.house.directory();
    let own = directory.works_on(now).filter(|on| {
        let planned = on.work.state.planned();
        planned.is_some_and(|planned| planned.worker == writer.person)
            && named.is_none_or(|named| named == on.id)
    });
    own.map(|on| (on.id.clone(), on.span.until)).min_by_key(|(_, until)| *until)
}
