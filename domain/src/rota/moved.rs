//! Handovers that another edition of the time-zone data moves: governments change what clocks show, and a rota's wall-clock
//! times stay.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use events::event::rota::Layer;
use events::{RotaId, Timestamp};
use serde::{Deserialize, Serialize};

use super::edition::{Edition, MARGIN, Offsets};
use super::roster::Roster;
use super::turn::Turns;
use crate::directory::Directory;

/// No more are listed.
pub const MOVED_MAX: usize = 1_000;
/// No more handovers are looked at.
pub const LOOKED_AT_MAX: usize = 200_000;

/// A handover whose wall-clock time is as it was planned, and that is at another moment now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Of which rota.
    pub rota: RotaId,
    /// In which layer, from 1.
    pub layer: u32,
    /// The wall-clock time that the rota says.
    pub planned: NaiveDateTime,
    /// When it was to be, by the earlier edition.
    pub was: Timestamp,
    /// When it is.
    pub at: Timestamp,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// In the order of their times, at most [`MOVED_MAX`].
    pub list: Vec<Moved>,
    /// There may be more: a limit was reached.
    pub is_cut: bool,
}

/// What a house knows of editions of the time-zone data from one start to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The edition in use, as far as it is written down.
    pub present: Edition,
    /// Since when it is in use here: rotas that were changed later were made by it.
    pub since: Timestamp,
    /// The one in use before: only zones in which it says something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Edition>,
}

impl Memory {
    /// What is known from now on, when `known` was before.
    #[must_use]
    pub fn renewed(known: Option<Self>, now: Timestamp) -> Self {
        let present = Edition::compiled(now);
        match known {
            None => Self { present, since: now, earlier: None },
            Some(known) if known.present.version == present.version => {
                let earlier = known.earlier.filter(|earlier| now < earlier.until);
                Self { present, since: known.since, earlier }
            }
            Some(known) => Self { present, since: now, earlier: Some(known.present.without_known()) },
        }
    }

    /// True when it can be what a house has written.
    pub fn is_sound(&self) -> bool {
        self.present.is_sound() && self.earlier.as_ref().is_none_or(Edition::is_sound)
    }

    /// Every handover to come of a rota that was not changed since, and that the present edition moves.
    pub fn moved(&self, directory: &Directory, now: Timestamp) -> Moves {
        let mut moves = Moves::default();
        let Some(earlier) = &self.earlier else { return moves };
        let mut left = LOOKED_AT_MAX;
        for (name, rota) in directory.rotas() {
            let changed_at = directory.roster(name).and_then(Roster::present_since);
            let Some(offsets) = earlier.zones.get(&rota.time_zone) else { continue };
            let Ok(zone) = rota.time_zone.parse::<Tz>() else { continue };
            if changed_at.is_none_or(|changed_at| changed_at > self.since) {
                continue;
            }
            for (layer, number) in rota.layers.iter().zip(1..) {
                for (planned, was, at) in of_layer(layer, zone, offsets, (now, earlier.until), &mut left) {
                    moves.list.push(Moved { rota: name.clone(), layer: number, planned, was, at });
                }
            }
        }
        moves
            .list
            .sort_by(|one, other| (one.at, &one.rota, one.layer).cmp(&(other.at, &other.rota, other.layer)));
        moves.is_cut = left == 0 || moves.list.len() > MOVED_MAX;
        moves.list.truncate(MOVED_MAX);
        moves
    }
}

/// The handovers of a layer that are at another moment: what was planned, when it was to be, and when it is. `left`: so
/// many may be looked at.
fn of_layer(
    layer: &Layer,
    zone: Tz,
    offsets: &Offsets,
    (now, until): (Timestamp, Timestamp),
    left: &mut usize,
) -> Vec<(NaiveDateTime, Timestamp, Timestamp)> {
    let turns = Turns { handover: layer.handover, zone };
    let mut moved = Vec::new();
    let mut turn = turns.at(now).unwrap_or(0);
    while let Some((planned, at)) = turns.wall(turn).zip(turns.instant(turn))
        && at < until - MARGIN
        && *left > 0
    {
        let was = offsets.first_instant(planned).filter(|&was| was != at && (was >= now || at >= now));
        moved.extend(was.map(|was| (planned, was, at)));
        *left -= 1;
        turn += 1;
    }
    moved
}

#[cfg(test)]
mod tests {
    use events::event::rota::{Handover, Member, RotaDefined, RotaEvent, TurnUnit};
    use events::{Author, Cause, Entry, Event, EventId, PersonId, Position, StreamId, Version};
    use serde_json::{Value, json};

    use super::*;

    const UPDATED: &str = "2026-03-01T12:00:00Z";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    /// A house with one rota, defined then.
    fn house(zone: &str, every: u32, unit: TurnUnit, defined_at: &str) -> Directory {
        let from = "2026-02-02T09:00:00".parse().expect("a wall-clock time");
        let members = vec![Member::always(PersonId::from_bytes([1; 16]))];
        let layers = vec![Layer { members, handover: Handover { every, unit, from }, hours: Vec::new() }];
        let rota = RotaDefined { team: None, time_zone: zone.into(), layers };
        let mut house = Directory::default();
        house.apply(&Entry {
            position: Position::from_raw(1),
            stream: StreamId::from("rota-primary"),
            version: Version::default(),
            id: EventId([0; 16]),
            at: at(defined_at),
            by: Author::House,
            cause: Cause::Deadline,
            directory: Position::default(),
            event: Event::Rota(RotaEvent::Defined(rota)),
        });
        house
    }

    /// What a house knew that ran until then on an edition in which Berlin's clocks stay as they are in winter.
    fn known() -> Memory {
        let mut known =
            serde_json::to_value(Memory::renewed(None, at("2026-02-27T00:00:00Z"))).expect("JSON");
        let present = &mut known["present"];
        present["version"] = json!("2001a");
        let changes = present["zones"]["Europe/Berlin"].as_array_mut().expect("a list");
        changes.truncate(1);
        serde_json::from_value(known).expect("a memory")
    }

    fn updated() -> Memory {
        Memory::renewed(Some(known()), at(UPDATED))
    }

    #[test]
    fn a_handover_that_another_edition_moves_is_found_with_both_moments() {
        let moves =
            updated().moved(&house("Europe/Berlin", 1, TurnUnit::Weeks, "2026-02-01T00:00:00Z"), at(UPDATED));
        // From the end of March to the end of October, and from the end of March until the end of what was written.
        let first = Moved {
            rota: "primary".into(),
            layer: 1,
            planned: "2026-03-30T09:00:00".parse().expect("a wall-clock time"),
            was: at("2026-03-30T08:00:00Z"),
            at: at("2026-03-30T07:00:00Z"),
        };
        assert_eq!((&moves.list[0], moves.is_cut), (&first, false));
        let planned: Vec<_> = moves.list.iter().map(|moved| moved.planned.date().to_string()).collect();
        let last_ones: Vec<&str> = planned.iter().map(String::as_str).skip(29).collect();
        assert_eq!(last_ones, ["2026-10-19", "2027-03-29"]);
    }

    #[test]
    fn what_did_not_move_or_was_changed_since_or_is_past_is_not_told() {
        let older = "2026-02-01T00:00:00Z";
        let none = |house: &Directory, now| assert_eq!(updated().moved(house, at(now)), Moves::default());
        none(&house("Europe/Rome", 1, TurnUnit::Weeks, older), UPDATED);
        none(&house("Europe/Berlin", 1, TurnUnit::Weeks, "2026-03-01T12:00:01Z"), UPDATED);
        none(&house("Europe/Berlin", 1, TurnUnit::Weeks, older), "2027-04-02T00:00:00Z");
        let berlin = house("Europe/Berlin", 1, TurnUnit::Weeks, older);
        assert_eq!(Memory::renewed(None, at(UPDATED)).moved(&berlin, at(UPDATED)), Moves::default());
        let moved = updated().moved(&berlin, at("2026-06-01T07:30:00Z"));
        assert_eq!(
            moved.list[0].was,
            at("2026-06-01T08:00:00Z"),
            "at the one moment, but not yet at the other"
        );
    }

    #[test]
    fn every_later_start_tells_it_again_until_it_is_past() {
        let berlin = house("Europe/Berlin", 1, TurnUnit::Weeks, "2026-02-01T00:00:00Z");
        let first = updated();
        let later = Memory::renewed(Some(first.clone()), at("2026-03-02T00:00:00Z"));
        assert_eq!((later.since, &later.earlier), (first.since, &first.earlier));
        assert_eq!(later.moved(&berlin, at(UPDATED)), first.moved(&berlin, at(UPDATED)));
        let zones = first.earlier.map(|earlier| earlier.zones.into_keys().collect::<Vec<_>>());
        assert_eq!(zones, Some(vec!["Europe/Berlin".to_owned()]), "only what differs is kept");
        assert_eq!(Memory::renewed(Some(later), at("2027-06-01T00:00:00Z")).earlier, None);
    }

    #[test]
    fn the_list_has_an_end_and_says_so() {
        let hourly = house("Europe/Berlin", 1, TurnUnit::Hours, "2026-02-01T00:00:00Z");
        let moves = updated().moved(&hourly, at(UPDATED));
        assert_eq!((moves.list.len(), moves.is_cut), (MOVED_MAX, true));
        assert!(moves.list.is_sorted_by_key(|moved| moved.at));
    }

    #[test]
    fn a_memory_is_written_in_one_form() {
        let written: Value = serde_json::to_value(Memory::renewed(None, at(UPDATED))).expect("JSON");
        let fields = |value: &Value| {
            let mut fields: Vec<_> =
                value.as_object().into_iter().flat_map(|fields| fields.keys().cloned()).collect();
            fields.sort();
            fields
        };
        assert_eq!(fields(&written), ["present", "since"]);
        assert_eq!(fields(&written["present"]), ["from", "until", "version", "zones"]);
        assert_eq!(written["present"]["zones"]["UTC"], json!([[1_772_193_600, 0]]));
        assert!(written.to_string().len() < 100_000, "{}", written.to_string().len());
    }
}
