//! What is checked in every state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use stateright::Property;

use super::chronicle::Stage;
use super::house::START;
use super::invariant::Invariant;
use super::node::{NODES, delay};
use super::protocol::Protocol;
use super::state::State;

/// What a state is asked.
type Condition = fn(&Protocol, &State) -> bool;

/// What must be reachable, or the model is not looking where it should.
const REACHABLE: [(&str, Condition); 7] = [
    ("a duplicate is possible", |_, state| state.has_duplicate()),
    ("a takeover happens", |_, state| state.log.chronicle().takeovers > 0),
    ("a reply is lost, and the same append finds itself", |_, state| state.has_lost_reply()),
    ("a wrong version makes a node decide again", |_, state| state.has_overtaken_append()),
    ("an acknowledgement overtakes a send", |_, state| state.has_overtaken_send()),
    ("an acknowledgement lapses", |_, state| state.log.chronicle().lapses > 0),
    ("a page that has waited too long is held back", |_, state| state.has_held_back()),
];

const INVARIANTS: usize = Invariant::ALL.len();

/// In the order of [`Invariant::ALL`].
const ALWAYS: [Condition; INVARIANTS] = [
    always::<0>,
    always::<1>,
    always::<2>,
    always::<3>,
    always::<4>,
    always::<5>,
    always::<6>,
    always::<7>,
    always::<8>,
    always::<9>,
    always::<10>,
    always::<11>,
    always::<12>,
    always::<13>,
    always::<14>,
];

/// In the order of [`REACHABLE`].
const SOMETIMES: [Condition; REACHABLE.len()] = [
    sometimes::<0>,
    sometimes::<1>,
    sometimes::<2>,
    sometimes::<3>,
    sometimes::<4>,
    sometimes::<5>,
    sometimes::<6>,
];

/// Which properties were found already: the checker keeps the last discovery, and the first is the shortest.
#[derive(Clone, Debug, Default)]
pub struct Found(Arc<[AtomicBool; INVARIANTS + REACHABLE.len()]>);

impl Found {
    /// True when it is so for the first time.
    fn first(&self, place: usize, is_so: bool) -> bool {
        is_so && !self.0[place].swap(true, Ordering::Relaxed)
    }
}

/// Every property.
pub fn all() -> Vec<Property<Protocol>> {
    let always = Invariant::ALL.iter().zip(ALWAYS);
    let always = always.map(|(invariant, condition)| Property::always(invariant.name(), condition));
    let sometimes = REACHABLE.iter().zip(SOMETIMES);
    let sometimes = sometimes.map(|((name, _), condition)| Property::sometimes(name, condition));
    always.chain(sometimes).collect()
}

fn always<const PLACE: usize>(protocol: &Protocol, state: &State) -> bool {
    !protocol.found.first(PLACE, !holds(protocol, state, Invariant::ALL[PLACE]))
}

fn sometimes<const PLACE: usize>(protocol: &Protocol, state: &State) -> bool {
    protocol.found.first(INVARIANTS + PLACE, REACHABLE[PLACE].1(protocol, state))
}

fn holds(protocol: &Protocol, state: &State, invariant: Invariant) -> bool {
    match invariant {
        Invariant::NobodyForgets | Invariant::NoLostRung | Invariant::RecallsWhatRings => {
            is_on_time(protocol, state, invariant)
        }
        Invariant::SomebodyIsReached => is_somebody_reached(protocol, state),
        Invariant::Durable
        | Invariant::IntentFirst
        | Invariant::RightAddress
        | Invariant::AlwaysADeadline
        | Invariant::BoundedDuplicates
        | Invariant::RepeatSaysSo
        | Invariant::AcknowledgementStops
        | Invariant::OneHistory
        | Invariant::ReplayIsTruth
        | Invariant::NothingOverdue
        | Invariant::NothingStale => {
            !state.broken.has(invariant) && !state.log.chronicle().broken.has(invariant)
        }
    }
}

/// When a node is at work and has nothing to do now, nothing that it should have done is left undone; and nothing that
/// it should do before the horizon is, when it is not going to do anything more.
fn is_on_time(protocol: &Protocol, state: &State, invariant: Invariant) -> bool {
    let rank = (0..NODES).find(|&number| state.nodes[number].is_at_work());
    rank.is_none_or(|rank| {
        let is_end = state.is_end(&protocol.bounds);
        let now = if is_end { START + protocol.bounds.horizon } else { state.now };
        !state.log.chronicle().overdue(now - delay(rank)).has(invariant) || state.is_busy()
    })
}

fn is_somebody_reached(protocol: &Protocol, state: &State) -> bool {
    let chronicle = state.log.chronicle();
    let is_somebodys = chronicle.lapses > 0 || matches!(chronicle.stage, Stage::Acknowledged(..));
    !state.is_accepted || is_somebodys || !state.arrivals.is_empty() || !state.is_end(&protocol.bounds)
}
