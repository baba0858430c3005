//! What happens to a rota in the configuration.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::event::hours::Hours;
use crate::id::{PersonId, TeamId};

/// Something happened to a rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RotaEvent {
    /// The rota is as written here from now on.
    Defined(RotaDefined),
    /// There is no such rota any more.
    Removed,
}

impl RotaEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Defined(_) => "rota.defined",
            Self::Removed => "rota.removed",
        }
    }
}

/// Who is on call in turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaDefined {
    /// Whose rota it is, if a team's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The IANA name of the zone that its handovers are in.
    pub time_zone: String,
    /// Stacks of turns; a later one wins where it has somebody.
    pub layers: Vec<Layer>,
}

/// One stack of turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Who takes turns, in order.
    pub members: Vec<Member>,
    /// When one takes over from another.
    pub handover: Handover,
    /// At which times of the week the layer has somebody; always when it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hours>,
}

/// Who takes a turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenMember", into = "WrittenMember")]
pub struct Member {
    /// One person, or several who are on call at once.
    pub people: Vec<PersonId>,
    /// They take turns that begin then or later, on the wall clock in the rota's zone; from the first when none.
    pub from: Option<NaiveDateTime>,
    /// They take turns that begin before then.
    pub until: Option<NaiveDateTime>,
}

impl Member {
    /// One person, without end.
    pub fn always(person: PersonId) -> Self {
        Self { people: vec![person], from: None, until: None }
    }

    /// True when they take a turn that begins then, on the wall clock.
    pub fn takes_turn_at(&self, wall: NaiveDateTime) -> bool {
        self.from.is_none_or(|from| from <= wall) && self.until.is_none_or(|until| wall < until)
    }
}

/// One person without end is written as that person.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenMember {
    Always(PersonId),
    Member {
        people: Vec<PersonId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<NaiveDateTime>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDateTime>,
    },
}

impl From<WrittenMember> for Member {
    fn from(written: WrittenMember) -> Self {
        match written {
            WrittenMember::Always(person) => Self::always(person),
            WrittenMember::Member { people, from, until } => Self { people, from, until },
        }
    }
}

impl From<Member> for WrittenMember {
    fn from(member: Member) -> Self {
        match member {
            Member { people, from: None, until: None } if people.len() == 1 => Self::Always(people[0]),
            Member { people, from, until } => Self::Member { people, from, until },
        }
    }
}

/// The moments between turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// How many units lie between two handovers; 1 or more.
    pub every: u32,
    /// Of which unit.
    pub unit: TurnUnit,
    /// The wall-clock time in the rota's zone at which the first member's first shift starts.
    pub from: NaiveDateTime,
}

/// What turns are counted in, on the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnUnit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months; one without that day hands over on its last.
    Months,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_member_without_dates_is_written_as_ever_and_others_with_what_they_have() {
        let person = |number| PersonId::from_bytes([number; 16]);
        let alone = Member::always(person(1));
        let written = serde_json::to_string(&alone).expect("JSON");
        assert_eq!(written, serde_json::to_string(&person(1)).expect("JSON"), "as records before had it");
        let until = "2026-12-01T00:00:00".parse().ok();
        let pair = Member { people: vec![person(1), person(2)], from: None, until };
        let leaves = Member { until, ..alone.clone() };
        for (member, written) in [
            (alone, written),
            (
                pair,
                format!(r#"{{"people":["{}","{}"],"until":"2026-12-01T00:00:00"}}"#, person(1), person(2)),
            ),
            (leaves, format!(r#"{{"people":["{}"],"until":"2026-12-01T00:00:00"}}"#, person(1))),
        ] {
            assert_eq!(serde_json::to_string(&member).expect("JSON"), written);
            assert_eq!(serde_json::from_str::<Member>(&written).expect("a member"), member);
        }
    }
}
