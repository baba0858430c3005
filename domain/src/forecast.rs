//! What will go wrong: when a policy's step will reach nobody, as far as rotas and decisions tell today.

use events::event::policy::{PolicyDefined, Target};
use events::{PersonId, PolicyId, Span, Timestamp};

use crate::directory::Directory;
use crate::rota::shift;

/// As far as is looked ahead: 60 days.
pub const AHEAD: Span = Span::from_seconds(60 * 86_400);

/// A span in which a step reaches nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Of which policy.
    pub policy: PolicyId,
    /// Which step, from 1.
    pub step: u32,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Every gap of every step between two moments, by policy, step and time.
pub fn gaps(directory: &Directory, from: Timestamp, until: Timestamp) -> Vec<Gap> {
    where_nobody(directory, from, until, |person| can_be_reached(directory, person).then_some(Timestamp::MAX))
}

/// Every span of every step in which nobody whom it means is good enough; `good_until` says until when somebody is.
pub(crate) fn where_nobody(
    directory: &Directory,
    from: Timestamp,
    until: Timestamp,
    good_until: impl Fn(PersonId) -> Option<Timestamp>,
) -> Vec<Gap> {
    let search = Search { directory, from, until, good_until: &good_until };
    directory.policies().iter().flat_map(|(id, policy)| search.of_policy(id, policy)).collect()
}

/// What is looked for, and where.
struct Search<'a> {
    directory: &'a Directory,
    from: Timestamp,
    until: Timestamp,
    good_until: &'a dyn Fn(PersonId) -> Option<Timestamp>,
}

impl Search<'_> {
    fn of_policy(&self, id: &PolicyId, policy: &PolicyDefined) -> Vec<Gap> {
        let steps = (1..).zip(&policy.steps);
        let of_step = |(step, targets): (u32, &Vec<Target>)| {
            // What no target before it covers.
            let mut open = vec![(self.from, self.until)];
            for target in targets {
                open = without(&open, &self.covered(target));
            }
            open.into_iter().map(move |(from, until)| Gap { policy: id.clone(), step, from, until })
        };
        let paging = steps.filter(|(_, defined)| defined.hand_over.is_none());
        paging.flat_map(|(step, defined)| of_step((step, &defined.page))).collect()
    }

    /// When a target means somebody who is good enough, in order.
    fn covered(&self, target: &Target) -> Vec<(Timestamp, Timestamp)> {
        match target {
            Target::Person(person) => self.good(&[*person], self.from, self.until),
            Target::Team(team) => {
                let members = self.directory.teams().get(team).map_or(&[][..], |team| &team.members);
                self.good(members, self.from, self.until)
            }
            Target::Rota { rota, offset } => {
                let roster = self.directory.roster(rota);
                let shifts = roster.map(|roster| shift::ahead(roster, *offset, self.from, self.until));
                let of_shift = |shift: shift::Shift| {
                    let people: Vec<PersonId> = shift.duties.iter().map(|duty| duty.person).collect();
                    self.good(&people, shift.from, shift.until)
                };
                shifts.unwrap_or_default().into_iter().flat_map(of_shift).collect()
            }
        }
    }

    /// For how long of a span one of these people is good enough.
    fn good(&self, people: &[PersonId], from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let last = people.iter().filter_map(|&person| (self.good_until)(person)).max();
        last.map(|last| (from, until.min(last))).filter(|(from, until)| from < until).into_iter().collect()
    }
}

fn can_be_reached(directory: &Directory, person: PersonId) -> bool {
    directory.people().get(&person).is_some_and(|person| crate::alert::can_be_reached(person))
}

/// What remains of some spans when others are taken out; both in order.
fn without(
    spans: &[(Timestamp, Timestamp)],
    others: &[(Timestamp, Timestamp)],
) -> Vec<(Timestamp, Timestamp)> {
    let mut left = Vec::new();
    for &(since, until) in spans {
        let mut from = since;
        for &(begins, ends) in others.iter().filter(|(begins, ends)| *ends > since && *begins < until) {
            if begins > from {
                left.push((from, begins));
            }
            from = from.max(ends);
        }
        if from < until {
            left.push((from, until));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDateTime;
    use events::event::Language;
    use events::event::person::ChannelKind;
    use events::event::rota::TurnUnit;

    use super::*;
    use crate::blueprint::{
        Blueprint, ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan,
        StepPlan, TargetPlan,
    };
    use crate::plan::imagined;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    /// Anna by day from Monday to Friday, and a policy whose steps page these targets.
    fn house(steps: &[&[TargetPlan]]) -> Directory {
        let mut house = Blueprint::default();
        let contact = ContactPlan { channel: ChannelKind::PAGER, address: "7311".into(), via: None };
        for (name, contacts) in [("anna", vec![("pager".to_owned(), contact)]), ("mute", Vec::new())] {
            let person = PersonPlan {
                name: name.into(),
                locale: Language::En,
                time_zone: "UTC".into(),
                contacts: contacts.into_iter().collect::<BTreeMap<_, _>>(),
                ladder: Vec::new(),
            };
            house.people.insert(name.into(), person);
        }
        let from: NaiveDateTime = "2026-11-02T00:00:00".parse().expect("a wall-clock time");
        let layer = LayerPlan {
            members: vec![MemberPlan::always("anna")],
            handover: HandoverPlan { every: 1, unit: TurnUnit::Weeks, from },
            hours: vec!["Mon-Fri 08:00-18:00".parse().expect("times of the week")],
        };
        let rota = RotaPlan { team: None, time_zone: "UTC".into(), layers: vec![layer] };
        house.rotas.insert("day".into(), rota);
        let step = |page: &&[TargetPlan]| StepPlan::paging(page.to_vec(), Span::from_minutes(10));
        let policy = PolicyPlan {
            steps: steps.iter().map(step).collect(),
            repeat: 0,
            fallback: Vec::new(),
            acknowledgement_lapses: None,
        };
        house.policies.insert("default".into(), policy);
        imagined(&house)
    }

    fn day() -> TargetPlan {
        TargetPlan::Rota { rota: "day".into(), offset: 0 }
    }

    #[test]
    fn every_span_in_which_a_step_reaches_nobody_is_found_with_its_step() {
        let anna = TargetPlan::Person("anna".into());
        let house = house(&[&[anna], &[day()]]);
        let found = gaps(&house, at("2026-11-06T12:00:00Z"), at("2026-11-10T12:00:00Z"));
        let gap = |from, until| Gap { policy: "default".into(), step: 2, from: at(from), until: at(until) };
        assert_eq!(
            found,
            [
                gap("2026-11-06T18:00:00Z", "2026-11-09T08:00:00Z"),
                gap("2026-11-09T18:00:00Z", "2026-11-10T08:00:00Z"),
            ]
        );
    }

    #[test]
    fn what_another_target_of_the_step_covers_is_no_gap_and_somebody_without_a_contact_covers_nothing() {
        let named = |name: &str| TargetPlan::Person(name.into());
        let gaps_of = |page: &[TargetPlan]| {
            gaps(&house(&[page]), at("2026-11-06T12:00:00Z"), at("2026-11-07T12:00:00Z")).len()
        };
        assert_eq!(gaps_of(&[day(), named("anna")]), 0);
        assert_eq!(gaps_of(&[day(), named("mute")]), 1);
        assert_eq!(gaps_of(&[named("mute")]), 1);
        assert_eq!(
            gaps_of(&[TargetPlan::Rota { rota: "day".into(), offset: 1 }]),
            1,
            "the next in turn as well"
        );
    }

    #[test]
    fn before_the_first_handover_there_is_a_gap() {
        let found = gaps(&house(&[&[day()]]), at("2026-11-01T00:00:00Z"), at("2026-11-02T12:00:00Z"));
        assert_eq!((found[0].from, found[0].until), (at("2026-11-01T00:00:00Z"), at("2026-11-02T08:00:00Z")));
    }
}
