//! Grafana `OnCall`'s formatted webhook: what posted there posts here when its address is changed.
//!
//! Source: <https://grafana.com/docs/oncall/latest/configure/integrations/references/webhook/>.

use events::event::signal::{Severity, Signal, Status};

use super::json::{Document, Json};
use super::text::{Texts, filled_line, finished};
use super::{Delivery, Received, SUMMARY_CHARS_MAX, SourceError, meaning};

/// Reads one body, as posted to `/integrations/oncall/{key}`. All fields may be left out: `alert_uid` says which problem
/// it is (else `title` and `link_to_upstream_details` do), `state` is `alerting` or `ok`, the summary is the `title` or
/// the first that can be read of `message` and `alert_uid`.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` where neither `title` nor `message` nor `alert_uid` says anything.
pub fn read(body: &[u8]) -> Result<Delivery, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    let Some([uid, title, message, state, image, link]) =
        root.pick(["alert_uid", "title", "message", "state", "image_url", "link_to_upstream_details"])
    else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an alert as Grafana OnCall's formatted webhook takes it, an object",
        });
    };
    let summary = [title, message, uid].into_iter().find_map(|value| filled_line(value, SUMMARY_CHARS_MAX));
    let summary = summary.ok_or_else(|| SourceError::FieldWrong {
        field: "title".to_owned(),
        found: "missing",
        expected: "what is wrong, in one line of text",
    })?;
    let whole = |value: Option<Json<'_>>| value.and_then(Json::text).unwrap_or_default().into_owned();
    let given = meaning::dedup_key(&whole(uid));
    let named = if whole(title).trim().is_empty() { whole(message) } else { whole(title) };
    let dedup_key = given.unwrap_or_else(|| meaning::derived_key([named.as_str(), whole(link).as_str()]));
    let status = state.and_then(Json::text).and_then(|word| meaning::status(&word)).unwrap_or(Status::Firing);
    let mut details = Texts::details();
    for (name, value) in [("message", message), ("image_url", image), ("link_to_upstream_details", link)] {
        let text = whole(value);
        if !text.trim().is_empty() {
            details.put(name, &text);
        }
    }
    let (labels, details) = finished(Texts::labels(), details);
    let severity = Severity::default();
    let signal = Signal {
        status,
        summary,
        severity,
        severity_said: None,
        labels,
        details,
        started_at: None,
        finding: None,
    };
    Ok(Delivery { signals: vec![Received { dedup_key, signal }], ..Delivery::default() })
}
