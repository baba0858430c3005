//! Shifts as programs read them: the same from a server and from files.

use chrono::{SecondsFormat, TimeZone as _};
use chrono_tz::Tz;
use domain::directory::Directory;
use domain::rota::shift::{Shift, between};
use domain::rota::{Duty, Reason};
use events::{RotaId, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// A list covers no longer span.
pub(crate) const LISTED_MAX: Span = Span::from_seconds(2 * 366 * 86_400);
/// When nobody says until when: four weeks.
pub(crate) const LISTED_DEFAULT: Span = Span::from_seconds(28 * 86_400);

/// One person's shift; `person` is none where nobody is on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The rota.
    pub(crate) rota: String,
    /// Who is on call, as the configuration calls them.
    pub(crate) person: Option<String>,
    /// How they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// From when, RFC 3339 with the rota's offset.
    pub(crate) start: String,
    /// Until when, likewise.
    pub(crate) end: String,
    /// By which layer, from 1.
    pub(crate) layer: Option<u32>,
    /// By which override.
    #[serde(rename = "override")]
    pub(crate) by_override: Option<String>,
    /// When this was so known, RFC 3339; none when nobody asked for an earlier knowledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) known_at: Option<String>,
}

/// The shifts of a rota between two moments; none when there is no such rota.
pub(crate) fn lines(
    directory: &Directory,
    rota: &str,
    from: Timestamp,
    until: Timestamp,
) -> Option<Vec<Line>> {
    let id = RotaId::from(rota);
    let roster = directory.roster(&id)?;
    let zone = roster.present()?.time_zone.parse().unwrap_or(Tz::UTC);
    let of_shift = |shift: &Shift| {
        let line = |duty: Option<&Duty>| Line {
            rota: rota.to_owned(),
            person: duty.map(|duty| {
                directory.slug(duty.person).map_or_else(|| duty.person.to_string(), str::to_owned)
            }),
            name: duty.and_then(|duty| directory.name(duty.person)).map(str::to_owned),
            start: local(zone, shift.from),
            end: local(zone, shift.until),
            layer: duty.and_then(|duty| match duty.reason {
                Reason::Turn { layer } => Some(layer),
                Reason::Override { .. } | Reason::AllHands { .. } => None,
            }),
            by_override: duty.and_then(|duty| match &duty.reason {
                Reason::Turn { .. } => None,
                Reason::Override { id, .. } | Reason::AllHands { id, .. } => Some(id.to_string()),
            }),
            known_at: None,
        };
        if shift.duties.is_empty() {
            vec![line(None)]
        } else {
            shift.duties.iter().map(|duty| line(Some(duty))).collect()
        }
    };
    Some(between(roster, from, until).iter().flat_map(of_shift).collect())
}

/// RFC 3339 with the zone's offset.
pub(crate) fn local(zone: Tz, at: Timestamp) -> String {
    zone.from_utc_datetime(&at.to_utc().naive_utc()).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}
