//! Handovers that a daylight-saving change moves or makes ambiguous: the ones that people get wrong.

use chrono::{LocalResult, NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use events::Timestamp;
use events::event::rota::RotaDefined;

use super::turn::Turns;
use super::wall::shown;

/// A handover whose wall-clock time does not come, or comes twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusual {
    /// In which layer, from 1.
    pub layer: u32,
    /// When it is.
    pub at: Timestamp,
    /// The wall-clock time that the rota says.
    pub planned: NaiveDateTime,
    /// Why it is unusual.
    pub why: Why,
}

/// Why a handover is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Clocks skip that time: they show this instead when the handover is.
    Skipped {
        /// What they show.
        shown: NaiveDateTime,
    },
    /// Clocks show that time twice: the handover is at the first, and not then.
    Repeated {
        /// The second of the two.
        again: Timestamp,
    },
}

/// Every unusual handover of a rota between two moments, in order.
pub fn unusual(rota: &RotaDefined, from: Timestamp, until: Timestamp) -> Vec<Unusual> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    let mut found = Vec::new();
    for (layer, number) in rota.layers.iter().zip(1..) {
        let turns = Turns { handover: layer.handover, zone };
        let mut turn = turns.at(from).unwrap_or(0);
        while let Some((planned, at)) =
            turns.wall(turn).zip(turns.instant(turn)).filter(|(_, at)| *at < until)
        {
            let why = match zone.from_local_datetime(&planned) {
                LocalResult::Single(_) => None,
                LocalResult::None => Some(Why::Skipped { shown: shown(zone, at) }),
                LocalResult::Ambiguous(_, again) => {
                    Some(Why::Repeated { again: Timestamp::from_utc(again.to_utc()) })
                }
            };
            found.extend(why.filter(|_| at >= from).map(|why| Unusual { layer: number, at, planned, why }));
            turn += 1;
        }
    }
    found.sort_by_key(|unusual| (unusual.at, unusual.layer));
    found
}

#[cfg(test)]
mod tests {
    use events::PersonId;
    use events::event::rota::{Handover, Layer, Member, TurnUnit};

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    fn daily(from: &str) -> RotaDefined {
        let handover =
            Handover { every: 1, unit: TurnUnit::Days, from: from.parse().expect("a wall-clock time") };
        let members = vec![Member::always(PersonId::from_bytes([1; 16]))];
        let layers = vec![Layer { members, handover, hours: Vec::new() }];
        RotaDefined { team: None, time_zone: "Europe/Berlin".into(), layers }
    }

    #[test]
    fn the_two_nights_on_which_clocks_change_are_found_and_no_other() {
        let year = |rota: &RotaDefined| unusual(rota, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let wall = |text: &str| text.parse::<NaiveDateTime>().expect("a wall-clock time");
        let found = year(&daily("2025-12-01T02:30:00"));
        let skipped = Unusual {
            layer: 1,
            at: at("2026-03-29T01:00:00Z"),
            planned: wall("2026-03-29T02:30:00"),
            why: Why::Skipped { shown: wall("2026-03-29T03:00:00") },
        };
        let repeated = Unusual {
            layer: 1,
            at: at("2026-10-25T00:30:00Z"),
            planned: wall("2026-10-25T02:30:00"),
            why: Why::Repeated { again: at("2026-10-25T01:30:00Z") },
        };
        assert_eq!(found, [skipped, repeated]);
        assert_eq!(year(&daily("2025-12-01T09:00:00")), []);
    }
}
