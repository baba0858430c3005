//! What is checked in every state.

use stateright::Property;

use super::chronicle::Stage;
use super::invariant::Invariant;
use super::node::{NODES, delay};
use super::protocol::{Protocol, finds_its_own, is_overtaken};
use super::state::State;

/// What must be reachable within every bounds, or the model is not looking where it should.
pub const REACHABLE: [(&str, fn(&Protocol, &State) -> bool); 6] = [
    ("a duplicate is possible", |_, state| state.has_duplicate()),
    ("a takeover happens", |_, state| state.log.chronicle().takeovers > 0),
    ("a reply is lost, and the same append finds itself", |_, state| finds_its_own(state)),
    ("a wrong version makes a node decide again", |_, state| is_overtaken(state)),
    ("an acknowledgement overtakes a send", |_, state| state.has_overtaken_send()),
    ("an acknowledgement lapses", |_, state| state.log.chronicle().lapses > 0),
];

/// Reachable where processes stand still.
const HELD_BACK: (&str, fn(&Protocol, &State) -> bool) =
    ("a page that has waited too long is held back", |protocol, state| {
        state.has_held_back() || protocol.bounds.pauses == 0
    });

/// Every property.
pub fn all() -> Vec<Property<Protocol>> {
    let always = Invariant::ALL.map(|invariant| Property::always(invariant.name(), condition(invariant)));
    let mut properties = always.to_vec();
    properties.extend(REACHABLE.map(|(name, condition)| Property::sometimes(name, condition)));
    properties.push(Property::sometimes(HELD_BACK.0, HELD_BACK.1));
    properties
}

fn condition(invariant: Invariant) -> fn(&Protocol, &State) -> bool {
    match invariant {
        Invariant::Durable => |_, state| holds(state, Invariant::Durable),
        Invariant::IntentFirst => |_, state| holds(state, Invariant::IntentFirst),
        Invariant::RightAddress => |_, state| holds(state, Invariant::RightAddress),
        Invariant::NobodyForgets => |_, state| is_on_time(state, Invariant::NobodyForgets),
        Invariant::AlwaysADeadline => |_, state| holds(state, Invariant::AlwaysADeadline),
        Invariant::NoLostRung => |_, state| is_on_time(state, Invariant::NoLostRung),
        Invariant::BoundedDuplicates => |_, state| holds(state, Invariant::BoundedDuplicates),
        Invariant::RepeatSaysSo => |_, state| holds(state, Invariant::RepeatSaysSo),
        Invariant::AcknowledgementStops => |_, state| holds(state, Invariant::AcknowledgementStops),
        Invariant::RecallsWhatRings => |_, state| is_on_time(state, Invariant::RecallsWhatRings),
        Invariant::OneHistory => |_, state| holds(state, Invariant::OneHistory),
        Invariant::ReplayIsTruth => |_, state| holds(state, Invariant::ReplayIsTruth),
        Invariant::NothingOverdue => |_, state| holds(state, Invariant::NothingOverdue),
        Invariant::NothingStale => |_, state| holds(state, Invariant::NothingStale),
        Invariant::SomebodyIsReached => is_somebody_reached,
    }
}

/// Nothing on the way or in the log has broken it.
fn holds(state: &State, invariant: Invariant) -> bool {
    !state.broken.has(invariant) && !state.log.chronicle().broken.has(invariant)
}

/// When a node is at work and has nothing to do now, nothing that it should have done is left undone.
fn is_on_time(state: &State, invariant: Invariant) -> bool {
    let rank = (0..NODES).find(|&number| state.nodes[number].is_at_work());
    rank.is_none_or(|rank| {
        !state.log.chronicle().overdue(state.now - delay(rank)).has(invariant) || state.is_busy()
    })
}

fn is_somebody_reached(protocol: &Protocol, state: &State) -> bool {
    let chronicle = state.log.chronicle();
    let is_somebodys = chronicle.lapses > 0 || matches!(chronicle.stage, Stage::Acknowledged(..));
    !state.is_accepted || is_somebodys || !state.arrivals.is_empty() || !state.is_end(&protocol.bounds)
}
