//! Who is on call when: a span of time, cut into shifts.

use chrono_tz::Tz;
use events::event::rota::{Layer, RotaDefined};
use events::{PersonId, Timestamp};

use super::cover::Cover;
use super::roster::{Duty, Reason, Roster, add, extra, replaced};
use super::turn::Turns;
use super::{hours, member};

/// A stretch of time in which the same people are on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Everybody who is on call, each once; empty where nobody is. Their own bounds are those of the shift.
    pub duties: Vec<Duty>,
}

/// Somebody's turn, before what people decided apart from it.
struct Stint<'r> {
    from: Timestamp,
    until: Timestamp,
    layer: u32,
    people: &'r [PersonId],
}

/// Every shift between two moments: without a gap, without an overlap, and neighbours differ in who is on call. Where
/// the same people go on for another reason, the first reason is told.
pub fn between(roster: &Roster, from: Timestamp, until: Timestamp) -> Vec<Shift> {
    ahead(roster, 0, from, until)
}

/// The same for whoever is `offset` turns further in the same layer: the next in turn has 1.
pub fn ahead(roster: &Roster, offset: u32, from: Timestamp, until: Timestamp) -> Vec<Shift> {
    let mut stints: Vec<Stint<'_>> = Vec::new();
    for (since, ends, rota) in roster.versions_between(from, until) {
        stints.extend(rota.map(|rota| of_rota(rota, offset, since, ends)).unwrap_or_default());
    }
    let covers: Vec<&Cover> = {
        let near = |cover: &&Cover| cover.begins() < until && from < cover.ends();
        roster.covers().iter().map(|cover| &**cover).filter(near).collect()
    };
    let mut bounds = vec![from, until];
    bounds.extend(stints.iter().flat_map(|stint| [stint.from, stint.until]));
    bounds.extend(covers.iter().flat_map(|cover| [cover.begins(), cover.ends()]));
    bounds.retain(|bound| (from..=until).contains(bound));
    bounds.sort_unstable();
    bounds.dedup();
    let mut shifts: Vec<Shift> = Vec::new();
    let mut at = 0;
    for bound in bounds.windows(2) {
        let (from, until) = (bound[0], bound[1]);
        while stints.get(at).is_some_and(|stint| stint.until <= from) {
            at += 1;
        }
        let stint = stints.get(at).filter(|stint| stint.from <= from);
        let mut holding: Vec<&Cover> = covers.iter().copied().filter(|cover| cover.holds_at(from)).collect();
        holding.sort_unstable_by_key(|cover| cover.order);
        let duties = duties(stint, &holding, offset == 0, from, until);
        match shifts.last_mut() {
            Some(last) if is_same(&last.duties, &duties) => {
                last.until = until;
                last.duties.iter_mut().for_each(|duty| duty.until = until);
            }
            _ => shifts.push(Shift { from, until, duties }),
        }
    }
    shifts
}

fn duties(
    stint: Option<&Stint<'_>>,
    covers: &[&Cover],
    with_extra: bool,
    from: Timestamp,
    until: Timestamp,
) -> Vec<Duty> {
    let mut duties = Vec::new();
    if let Some(stint) = stint {
        for &person in stint.people {
            let turn = Duty { person, reason: Reason::Turn { layer: stint.layer }, from, until };
            add(&mut duties, replaced(covers, turn, None));
        }
    }
    for cover in covers.iter().filter(|_| with_extra) {
        for duty in extra(cover) {
            add(&mut duties, replaced(covers, duty, Some(cover.order)));
        }
    }
    for duty in &mut duties {
        (duty.from, duty.until) = (from, until);
    }
    duties
}

fn is_same(one: &[Duty], other: &[Duty]) -> bool {
    one.iter().map(|duty| duty.person).eq(other.iter().map(|duty| duty.person))
}

/// The turns of a rota in order, those of later layers laid over those of earlier ones.
fn of_rota(rota: &RotaDefined, offset: u32, from: Timestamp, until: Timestamp) -> Vec<Stint<'_>> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    let mut laid: Vec<Stint<'_>> = Vec::new();
    for (number, layer) in (1_u32..).zip(&rota.layers) {
        let turns = Turns { handover: layer.handover, zone };
        let above = of_layer(layer, &turns, number, offset, (from, until));
        laid = over(laid, above);
    }
    laid
}

/// The turns of one layer in order, without an overlap.
fn of_layer<'r>(
    layer: &'r Layer,
    turns: &Turns,
    number: u32,
    offset: u32,
    (from, until): (Timestamp, Timestamp),
) -> Vec<Stint<'r>> {
    let mut stints = Vec::new();
    let mut turn = turns.at(from).unwrap_or(0);
    let mut open = hours::between(&layer.hours, turns.zone, (from, until)).into_iter().peekable();
    while let Some(begins) = turns.instant(turn).filter(|begins| *begins < until) {
        let Some(ends) = turns.instant(turn + 1) else { break };
        let taker = turn.checked_add(u64::from(offset)).and_then(|turn| member::taker(layer, turns, turn));
        let people = taker.map(|member| member.people.as_slice());
        while let Some(&(opens, closes)) = open.peek() {
            let (from, until) = (begins.max(opens).max(from), ends.min(closes).min(until));
            if let Some(people) = people.filter(|people| !people.is_empty() && from < until) {
                stints.push(Stint { from, until, layer: number, people });
            }
            if closes > ends {
                break;
            }
            open.next();
        }
        turn += 1;
    }
    stints
}

/// Two lists of turns as one, in order: where both have somebody, `above` wins.
fn over<'r>(below: Vec<Stint<'r>>, above: Vec<Stint<'r>>) -> Vec<Stint<'r>> {
    let mut laid = Vec::with_capacity(below.len() + above.len());
    let mut rest = below.into_iter().peekable();
    for top in above {
        while let Some(low) = rest.peek_mut() {
            if low.from >= top.until {
                break;
            }
            if low.from < top.from {
                let until = low.until.min(top.from);
                laid.push(Stint { until, ..*low });
            }
            if low.until > top.until {
                low.from = top.until;
                break;
            }
            rest.next();
        }
        laid.push(top);
    }
    laid.extend(rest);
    laid
}
