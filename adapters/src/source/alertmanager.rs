//! Alertmanager's webhook, version 4, and Grafana's, which has the same shape and calls itself version 1.
//!
//! One body is one group of alerts, and each alert is a symptom of its own, named by its `fingerprint`. An alert's
//! own `status` counts; one that was resolved in an earlier body is absent from the later ones. Both may send a
//! body twice.
//!
//! Source: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>, and for Grafana
//! <https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/>.

use std::borrow::Cow;
use std::collections::BTreeMap;

use events::event::signal::{Severity, Signal, Status};
use events::id::DedupKey;

use super::json::{Document, Json, Part};
use super::text::{Texts, finished, line};
use super::{Delivery, Received, SIGNALS_PER_DELIVERY_MAX, SUMMARY_CHARS_MAX, SourceError, meaning};

/// What a body says once for all its alerts is copied into each of them; all copies together are at most this many
/// characters long.
const COPIES_CHARS_MAX: usize = 8 * 1_024 * 1_024;

/// Tells the reader of an alert how many others its sender left out of the same body.
const LOST_UPSTREAM: &str = "lost_upstream";

/// An alert's own fields. From the sixth on they are details for the reader, and the seventh and later are Grafana's.
const ALERT_FIELDS: [&str; 12] = [
    "status",
    "labels",
    "annotations",
    "startsAt",
    "fingerprint",
    "generatorURL",
    "silenceURL",
    "dashboardURL",
    "panelURL",
    "imageURL",
    "valueString",
    "values",
];

/// Reads one body, as posted to `/integrations/alertmanager/{key}`.
///
/// An empty list of alerts, or null, is a delivery without signals. Labels and annotations that the body gives for all alerts
/// are added to those of each, as are the labels of the route that led here. Where alerts were left out of the body,
/// each of the others has the detail `lost_upstream`, which says how many. Of a list that is longer than
/// [`SIGNALS_PER_DELIVERY_MAX`] the first part is read: [`read_from`] reads the others.
///
/// # Errors
///
/// Any [`SourceError`]; `FieldWrong` when `alerts` is missing or not a list, and for an entry of it (`alerts[3]`)
/// that is not an object or has neither labels nor annotations nor fingerprint.
pub fn read(body: &[u8]) -> Result<Delivery, SourceError> {
    read_from(body, 0)
}

/// Reads one body from this place of its list on, at most [`SIGNALS_PER_DELIVERY_MAX`] alerts.
///
/// # Errors
///
/// As [`read`].
pub fn read_from(body: &[u8], from: usize) -> Result<Delivery, SourceError> {
    let document = Document::open(body)?;
    let root = document.root()?;
    let Some([status, alerts, labels, annotations, route_labels, truncated, group @ ..]) = root.pick([
        "status",
        "alerts",
        "commonLabels",
        "commonAnnotations",
        "routeLabels",
        "truncatedAlerts",
        "externalURL",
        "receiver",
        "groupKey",
        "notification_reason",
    ]) else {
        return Err(SourceError::NotAnObject {
            found: root.kind(),
            expected: "an object with a list `alerts`, as Alertmanager's webhook does",
        });
    };
    let Part { entries: alerts, goes_on_at } = entries(alerts, from)?;
    let truncated_count =
        truncated.and_then(Json::text).and_then(|count| count.trim().parse().ok()).unwrap_or(0);
    let mut common = Common::new(status, labels, annotations, group, alerts.len());
    common.route_labels.put_fields(route_labels);
    if truncated_count > 0 {
        common.group.put(LOST_UPSTREAM, &truncated_count.to_string());
    }
    let signals = alerts
        .into_iter()
        .zip(from..)
        .filter(|(alert, _)| !alert.is_null())
        .map(|(alert, at)| common.received(at, alert))
        .collect::<Result<_, _>>()?;
    // What was left out is told with the first part.
    let truncated_count = if from == 0 { truncated_count } else { 0 };
    Ok(Delivery { signals, remarks: Vec::new(), truncated_count, goes_on_at })
}

/// The alerts. Go writes an empty list as null, and one alert without a list around it is a list of one.
fn entries(alerts: Option<Json<'_>>, from: usize) -> Result<Part<'_>, SourceError> {
    let wrong = |found| SourceError::FieldWrong {
        field: "alerts".to_owned(),
        found,
        expected: "a list of alerts, each with `labels`",
    };
    let alerts = alerts.ok_or_else(|| wrong("missing"))?;
    if alerts.is_null() {
        return Ok(Part { entries: Vec::new(), goes_on_at: None });
    }
    if alerts.is_object() {
        return Ok(Part { entries: vec![alerts], goes_on_at: None });
    }
    alerts.part(from, SIGNALS_PER_DELIVERY_MAX).ok_or_else(|| wrong(alerts.kind()))
}

/// What a body says once for all its alerts.
struct Common {
    status: Option<Status>,
    labels: Texts,
    annotations: Texts,
    /// What the route says that led here: no part of what names an alert.
    route_labels: Texts,
    /// Where it comes from.
    group: Texts,
    /// So many characters of each of these may be copied into one alert.
    share_chars: usize,
}

impl Common {
    fn new(
        status: Option<Json<'_>>,
        labels: Option<Json<'_>>,
        annotations: Option<Json<'_>>,
        [external_url, receiver, group_key, reason]: [Option<Json<'_>>; 4],
        alerts_count: usize,
    ) -> Self {
        let mut common = Self {
            status: status.and_then(Json::text).and_then(|word| meaning::status(&word)),
            labels: Texts::labels(),
            annotations: Texts::details(),
            route_labels: Texts::labels(),
            group: Texts::details(),
            share_chars: COPIES_CHARS_MAX / alerts_count.max(1),
        };
        common.labels.put_fields(labels);
        common.annotations.put_fields(annotations);
        put_filled(&mut common.group, "externalURL", external_url);
        put_filled(&mut common.group, "receiver", receiver);
        put_filled(&mut common.group, "groupKey", group_key);
        put_filled(&mut common.group, "notification_reason", reason);
        common
    }

    /// One alert of the list, the one `at` this place.
    fn received(&self, at: usize, alert: Json<'_>) -> Result<Received, SourceError> {
        let wrong = |found| SourceError::FieldWrong {
            field: format!("alerts[{at}]"),
            found,
            expected: "an object with `labels`, `annotations` or a `fingerprint`",
        };
        let Some([status, own_labels, own_annotations, starts_at, fingerprint, links @ ..]) =
            alert.pick(ALERT_FIELDS)
        else {
            return Err(wrong(alert.kind()));
        };

        let (mut labels, mut details) = (Texts::labels(), Texts::details());
        for (name, odd) in
            [("labels", labels.put_fields(own_labels)), ("annotations", details.put_fields(own_annotations))]
        {
            if let Some(text) = odd {
                details.put_missing(name, &text);
            }
        }
        labels.put_copies(&self.labels, self.share_chars);
        labels.put_copies(&self.route_labels, self.share_chars);
        details.put_copies(&self.annotations, self.share_chars);

        let dedup_key = fingerprint
            .and_then(Json::text)
            .and_then(|fingerprint| meaning::dedup_key(&fingerprint))
            .or_else(|| self.labels_key(own_labels))
            .or_else(|| (!details.kept().is_empty()).then(|| key_of(details.kept())))
            .ok_or_else(|| wrong("empty"))?;
        let summary = summary(&labels, &details).unwrap_or_else(|| dedup_key.to_string());
        let severity = labels.get("severity").map_or_else(Severity::default, meaning::severity);
        let severity_said = labels.get("severity").and_then(|word| meaning::severity_said(word, severity));
        let own_status = status.and_then(Json::text).and_then(|word| meaning::status(&word));

        for (name, link) in ALERT_FIELDS.into_iter().skip(5).zip(links) {
            put_filled(&mut details, name, link);
        }
        details.put_copies(&self.group, self.share_chars);
        let (labels, details) = finished(labels, details);
        let signal = Signal {
            status: own_status.or(self.status).unwrap_or(Status::Firing),
            summary,
            severity,
            severity_said,
            labels,
            details,
            started_at: starts_at.and_then(Json::text).and_then(|text| meaning::moment(&text)),
            finding: None,
        };
        Ok(Received { dedup_key, signal })
    }

    /// The key of an alert without a fingerprint: its labels, whole and before any of them is shortened. `None` when
    /// it has none.
    fn labels_key(&self, own: Option<Json<'_>>) -> Option<DedupKey> {
        let common = self.labels.kept().iter();
        let mut labels: BTreeMap<Cow<'_, str>, Cow<'_, str>> =
            common.map(|(name, value)| (Cow::from(name), Cow::from(value))).collect();
        own.and_then(|own| {
            own.each_field(|name, value| {
                if let Some(value) = value.text() {
                    labels.insert(name, value);
                }
            })
        });
        (!labels.is_empty()).then(|| key_of(&labels))
    }
}

fn key_of<T: AsRef<str>>(texts: &BTreeMap<T, T>) -> DedupKey {
    meaning::derived_key(texts.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]))
}

/// What is wrong, in one line, from the best that there is; `None` when there is nothing to read at all.
fn summary(labels: &Texts, details: &Texts) -> Option<String> {
    let one_line = |text: &str| line(text, SUMMARY_CHARS_MAX);
    let annotation = |name| details.get(name).map(one_line).filter(|text| !text.is_empty());
    annotation("summary")
        .or_else(|| annotation("message"))
        .or_else(|| details.get("description")?.lines().map(one_line).find(|text| !text.is_empty()))
        .or_else(|| {
            let name = labels.get("alertname").filter(|name| !name.is_empty())?;
            let instance = labels.get("instance").filter(|instance| !instance.is_empty());
            Some(one_line(
                &instance.map_or_else(|| name.to_owned(), |instance| format!("{name} ({instance})")),
            ))
        })
        .or_else(|| Some(labels.joined(SUMMARY_CHARS_MAX)).filter(|text| !text.is_empty()))
        .or_else(|| Some(details.joined(SUMMARY_CHARS_MAX)).filter(|text| !text.is_empty()))
}

/// Adds a field as it is, unless it is blank.
fn put_filled(details: &mut Texts, name: &str, value: Option<Json<'_>>) {
    if let Some(text) = value.and_then(Json::text).filter(|text| !text.trim().is_empty()) {
        details.put_missing(name, &text);
    }
}
