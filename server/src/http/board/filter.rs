//! What the board lets through: it stands in the address, so that it can be kept and sent to others.

use domain::directory::Directory;
use domain::view::Card;
use events::event::signal::Severity;
use events::{AlertId, Code, ServiceId};
use i18n::web;
use maud::{Markup, html};
use serde::Deserialize;

use super::service_name;
use crate::http::page::Reader;
use crate::http::page::mark::Stand;
use crate::timeline::word;

/// An empty field lets everything through; one that names nothing lets nothing through.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub(super) state: String,
    pub(super) service: String,
    pub(super) severity: String,
    pub(super) code: String,
    zone: String,
}

impl Filter {
    /// Says whether an alert is shown.
    pub(super) fn lets(&self, id: AlertId, card: &Card) -> bool {
        let is = |wanted: &str, own: &str| wanted.is_empty() || wanted == own;
        is(&self.state, card.state.as_str())
            && is(&self.service, card.service.as_ref().map_or("", ServiceId::as_str))
            && is(&self.severity, card.severity.as_str())
            && (self.code.is_empty() || self.code.parse::<Code>() == Ok(id.code()))
    }

    /// True when something may be left out.
    pub(super) fn is_set(&self) -> bool {
        [&self.state, &self.service, &self.severity, &self.code].iter().any(|field| !field.is_empty())
    }

    /// The zone that the address names.
    pub(super) fn zone(&self) -> Option<&str> {
        Some(self.zone.as_str()).filter(|zone| !zone.is_empty())
    }

    /// The zone for the next address; it was read as a zone before, so it needs no encoding but for `+`.
    pub(super) fn zone_query(&self) -> String {
        self.zone().map(|zone| format!("?zone={}", zone.replace('+', "%2B"))).unwrap_or_default()
    }

    pub(super) fn form(&self, reader: &Reader, services: &[ServiceId], directory: &Directory) -> Markup {
        let states = [("open", Stand::Open), ("held", Stand::Held), ("acknowledged", Stand::Taken)];
        let states = states.map(|(value, stand)| (value.to_owned(), stand.word(reader)));
        let severities = [Severity::Critical, Severity::Error, Severity::Warning, Severity::Info];
        let severities = severities
            .map(|severity| (severity.as_str().to_owned(), word::severity(severity, reader.locale)));
        let services: Vec<(String, String)> = services
            .iter()
            .map(|service| (service.to_string(), service_name(directory, Some(service))))
            .collect();
        html! {
            details open[self.is_set()] {
                summary { (reader.say(&web::Filter)) }
                form.filter method="get" action="/" {
                    (choice("state", &reader.say(&web::ColumnState), &states, &self.state, reader))
                    (choice("service", &reader.say(&web::ColumnService), &services, &self.service, reader))
                    (choice("severity", &reader.say(&web::ColumnSeverity), &severities, &self.severity, reader))
                    @if let Some(zone) = self.zone() { input type="hidden" name="zone" value=(zone); }
                    button { (reader.say(&web::Filter)) }
                    @if self.is_set() { a href={ "/" (self.zone_query()) } { (reader.say(&web::FilterClear)) } }
                }
            }
        }
    }
}

fn choice(name: &str, label: &str, values: &[(String, String)], chosen: &str, reader: &Reader) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(name) {
                option value="" { (reader.say(&web::FilterAll)) }
                @for (value, word) in values {
                    option value=(value) selected[value == chosen] { (word) }
                }
            }
        }
    }
}
