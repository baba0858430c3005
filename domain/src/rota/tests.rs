//! Turns, members, hours and decisions, held against tables and against a reference that goes minute by minute.

mod covers;
mod naive;
mod oracle;
mod tables;
mod turns;
mod zones;

use events::event::rota::{Handover, Layer, Member, RotaDefined, TurnUnit};
use events::{PersonId, Timestamp};

use super::{Duty, Reason, Roster};

fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

fn rota(zone: &str, every: u32, unit: TurnUnit, from: &str) -> RotaDefined {
    let from = from.parse().expect("a wall-clock time");
    let members = [1, 2, 3].map(|number| Member::always(person(number))).into();
    let layers = vec![Layer { members, handover: Handover { every, unit, from }, hours: Vec::new() }];
    RotaDefined { team: None, time_zone: zone.into(), layers }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("RFC 3339")
}

/// Whoever is on call alone.
fn on_call(rota: &RotaDefined, at: Timestamp, offset: u32) -> Option<Duty> {
    let mut duties = Roster::of(rota.clone()).on_call(at, offset);
    assert!(duties.len() < 2, "one at a time: {duties:?}");
    duties.pop()
}
