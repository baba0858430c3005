//! `hotpotato work preview`: what planned work would have taken.

use i18n::{Message as _, command as message};
use serde::Deserialize;
use serde_json::json;

use super::Scope;
use crate::client::Request;
use crate::command::Done;
use crate::command::alerts::moment;
use crate::command::session::{Session, print_json};
use crate::terminal::{self, Cell, Table};

#[derive(Debug, Deserialize)]
struct Preview {
    days: i64,
    count: i64,
    acted_count: i64,
    alerts: Vec<Alert>,
}

#[derive(Debug, Deserialize)]
struct Alert {
    code: String,
    summary: Option<String>,
    service: Option<String>,
    raised_at: String,
    acted: bool,
    acted_by: Option<String>,
}

/// Shows which alerts of the last days work with this scope would have taken.
pub(super) async fn run(session: &Session, scope: &Scope, days: Option<u32>) -> Done {
    let client = session.client()?;
    let request = Request::post(&["work", "preview"]).body(scope.add_to(json!({ "days": days })));
    let (json, preview) = session.ask::<Preview>(&client, request).await?;
    if session.is_json() {
        print_json(&json);
        return Ok(());
    }
    let locale = session.locale();
    let Preview { days, count, acted_count, alerts } = preview;
    let summary = message::WorkPreview { count, days, acted: acted_count }.render(locale);
    if alerts.is_empty() {
        terminal::print(&summary);
        return Ok(());
    }
    let mut table = Table::new(vec![
        message::ColumnCode.render(locale),
        message::ColumnSince.render(locale),
        message::ColumnService.render(locale),
        message::ColumnSummary.render(locale),
        message::ColumnActed.render(locale),
    ]);
    for alert in &alerts {
        let acted = if alert.acted { alert.acted_by.as_deref().unwrap_or("?") } else { "-" };
        table.row(vec![
            Cell::text(&alert.code),
            Cell::text(&moment(session, &alert.raised_at)),
            Cell::text(&terminal::clean(alert.service.as_deref().unwrap_or("-"))),
            Cell::text(&terminal::clean(alert.summary.as_deref().unwrap_or("-"))),
            Cell::text(&terminal::clean(acted)),
        ]);
    }
    terminal::print(&format!("{}\n{summary}", table.render(session.style)));
    Ok(())
}
