//! A rota with its past and with what people decided apart from it.

use std::sync::Arc;

use chrono_tz::Tz;
use events::event::rota::{Layer, RotaDefined};
use events::mutant::{self, Mutant};
use events::{OverrideId, PersonId, Position, Span, TeamId, Timestamp};

use super::cover::{Change, Cover, Stand, stand_in};
use super::turn::Turns;
use super::{hours, member};

/// Somebody is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Who.
    pub person: PersonId,
    /// Why they.
    pub reason: Reason,
    /// Since when for this reason.
    pub from: Timestamp,
    /// Until when for this reason, as far as it is known.
    pub until: Timestamp,
}

/// Why somebody is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is their turn.
    Turn {
        /// In which layer, from 1.
        layer: u32,
    },
    /// Somebody decided so.
    Override {
        /// By which override.
        id: OverrideId,
        /// Whose turn it is; none when they are on call as well.
        of: Option<PersonId>,
    },
    /// Everybody of the team is.
    AllHands {
        /// By which override.
        id: OverrideId,
        /// Which team.
        team: TeamId,
    },
}

/// A rota as it was and is. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Since when it is so; none while there is no such rota.
    versions: Vec<(Timestamp, Option<Arc<RotaDefined>>)>,
    /// Where the last of them stands in the log.
    position: Option<Position>,
    /// In the order of their ends.
    covers: Vec<Arc<Cover>>,
}

impl Roster {
    /// A rota that is so, and was never different.
    pub fn of(rota: RotaDefined) -> Self {
        let mut roster = Self::default();
        roster.define(Position::from_raw(1), Timestamp::default(), Some(rota));
        roster
    }

    /// From `at` on it is so; who was on call before does not change. What was taken in before changes nothing.
    pub fn define(&mut self, position: Position, at: Timestamp, rota: Option<RotaDefined>) {
        if self.position.is_some_and(|known| position <= known) {
            return;
        }
        self.position = Some(position);
        let at = self.versions.last().map_or(at, |(last, _)| at.max(*last));
        self.versions.push((at, rota.map(Arc::new)));
    }

    /// As it is now; none when it is gone.
    pub fn present(&self) -> Option<&Arc<RotaDefined>> {
        self.versions.last().and_then(|(_, rota)| rota.as_ref())
    }

    /// Since when it is as it is now; none while there was no such rota.
    pub fn present_since(&self) -> Option<Timestamp> {
        self.versions.last().map(|(since, _)| *since)
    }

    /// As it was at a moment. The first one was so always.
    pub fn at(&self, at: Timestamp) -> Option<&Arc<RotaDefined>> {
        let begun = self.versions.partition_point(|(since, _)| *since <= at);
        self.versions.get(begun.saturating_sub(1)).and_then(|(_, rota)| rota.as_ref())
    }

    /// When anything was last decided about it. A question about a span of time has the same answer until then.
    pub fn decided_at(&self) -> Timestamp {
        let versions = self.versions.iter().map(|(since, _)| *since);
        let covers = self.covers.iter().flat_map(|cover| [Some(cover.since), cover.over]).flatten();
        versions.chain(covers).max().unwrap_or_default()
    }

    /// Every version that was in force between two moments: from when until when, and what it says.
    pub(super) fn versions_between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp, Option<&Arc<RotaDefined>>)> {
        let begins = |at: usize| if at == 0 { None } else { self.versions.get(at).map(|(since, _)| *since) };
        (0..self.versions.len()).filter_map(move |at| {
            let since = begins(at).unwrap_or(from).max(from);
            let ends = begins(at + 1).unwrap_or(until).min(until);
            (since < ends).then(|| (since, ends, self.versions[at].1.as_ref()))
        })
    }

    /// What people decided, in the order of its ends.
    pub fn covers(&self) -> &[Arc<Cover>] {
        &self.covers
    }

    /// Takes in what people decided, in place of what this override said before.
    pub fn cover(&mut self, id: &OverrideId, covers: impl IntoIterator<Item = Cover>) {
        self.covers.retain(|cover| cover.id != *id);
        self.covers.extend(covers.into_iter().filter(|cover| cover.begins() < cover.ends()).map(Arc::new));
        self.covers.sort_by_key(|cover| (cover.until, cover.order));
    }

    /// Everybody who is on call at `at`, each once: by the turn, or the turn `offset` further in the same layer, then
    /// who is on call as well. Nobody when no layer has anybody, or the zone is not known. A moment of the past gets
    /// the rota and the decisions of then.
    pub fn on_call(&self, at: Timestamp, offset: u32) -> Vec<Duty> {
        let version = self.at(at).map(|rota| (rota, self.version_bounds(at)));
        self.duties(version, at, offset, |cover| cover.holds_at(at))
    }

    /// Everybody who is on call now, by the rota and the decisions that there are, also when the clock was set back to
    /// before them.
    pub fn on_call_now(&self, now: Timestamp, offset: u32) -> Vec<Duty> {
        let version = self.present().map(|rota| (rota, (Timestamp::MIN, Timestamp::MAX)));
        self.duties(version, now, offset, |cover| cover.holds_now(now))
    }

    fn duties(
        &self,
        version: Option<(&Arc<RotaDefined>, (Timestamp, Timestamp))>,
        at: Timestamp,
        offset: u32,
        holds: impl Fn(&Cover) -> bool,
    ) -> Vec<Duty> {
        let over = self.covers.partition_point(|cover| cover.until <= at);
        let mut covers: Vec<&Cover> =
            self.covers[over..].iter().map(|cover| &**cover).filter(|cover| holds(cover)).collect();
        covers.sort_unstable_by_key(|cover| cover.order);
        let mut duties = Vec::new();
        let turn = version.and_then(|(rota, bounds)| Some((turn(rota, at, offset)?, bounds)));
        if let Some(((layer, people, from, until), (since, ends))) = turn {
            let (from, until) = (from.max(since), until.min(ends));
            for &person in people {
                let turn = Duty { person, reason: Reason::Turn { layer }, from, until };
                add(&mut duties, replaced(&covers, turn, None));
            }
        }
        if offset == 0 {
            for cover in &covers {
                for duty in extra(cover) {
                    add(&mut duties, replaced(&covers, duty, Some(cover.order)));
                }
            }
        }
        duties
    }

    /// Since when and until when the rota was as it was at a moment.
    fn version_bounds(&self, at: Timestamp) -> (Timestamp, Timestamp) {
        let begun = self.versions.partition_point(|(since, _)| *since <= at).max(1);
        let since = if begun == 1 { None } else { self.versions.get(begun - 1).map(|(since, _)| *since) };
        let until = self.versions.get(begun).map(|(since, _)| *since);
        (since.unwrap_or(Timestamp::MIN), until.unwrap_or(Timestamp::MAX))
    }
}

/// The layer, the people, the beginning and the end of the turn.
fn turn(rota: &RotaDefined, at: Timestamp, offset: u32) -> Option<(u32, &[PersonId], Timestamp, Timestamp)> {
    let late = if mutant::is_on(Mutant::HandOverLate) { Span::from_minutes(60) } else { Span::ZERO };
    let zone: Tz = rota.time_zone.parse().ok()?;
    rota.layers.iter().enumerate().rev().find_map(|(index, layer)| {
        let (people, from, until) = layer_at(layer, zone, at - late, offset)?;
        Some((u32::try_from(index + 1).ok()?, people, from, until))
    })
}

/// The people of a layer at `at`, with the bounds of their present turn.
fn layer_at(
    layer: &Layer,
    zone: Tz,
    at: Timestamp,
    offset: u32,
) -> Option<(&[PersonId], Timestamp, Timestamp)> {
    let turns = Turns { handover: layer.handover, zone };
    let turn = turns.at(at)?;
    let bounds = (turns.instant(turn)?, turns.instant(turn + 1)?);
    let (from, until) = hours::around(&layer.hours, zone, at, bounds)?;
    let member = member::taker(layer, &turns, turn.checked_add(u64::from(offset))?)?;
    (!member.people.is_empty()).then_some((member.people.as_slice(), from, until))
}

/// Whoever is on call as well by a decision.
pub(super) fn extra(cover: &Cover) -> Vec<Duty> {
    let duty = |person, reason| Duty { person, reason, from: cover.begins(), until: cover.ends() };
    match &cover.change {
        Change::Instead { .. } => Vec::new(),
        Change::Also(person) => vec![duty(*person, Reason::Override { id: cover.id.clone(), of: None })],
        Change::AllHands { team, people } => {
            let reason = || Reason::AllHands { id: cover.id.clone(), team: team.clone() };
            people.iter().map(|&person| duty(person, reason())).collect()
        }
    }
}

/// The duty as whoever stands in has it; none when nobody does. `after` is the decision that it comes from.
pub(super) fn replaced(covers: &[&Cover], duty: Duty, after: Option<u64>) -> Option<Duty> {
    match stand_in(covers, duty.person, after) {
        Stand::Themselves => Some(duty),
        Stand::Nobody => None,
        Stand::By(person, cover) => Some(Duty {
            person,
            from: duty.from.max(cover.begins()),
            until: duty.until.min(cover.ends()),
            reason: Reason::Override { id: cover.id.clone(), of: Some(duty.person) },
        }),
    }
}

/// Nobody is on call twice: the first reason counts.
pub(super) fn add(duties: &mut Vec<Duty>, duty: Option<Duty>) {
    if let Some(duty) = duty
        && !duties.iter().any(|already| already.person == duty.person)
    {
        duties.push(duty);
    }
}
