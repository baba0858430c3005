//! 4 where a provider takes pages and delivers none: once several pages to several people did not arrive, whoever has
//! another provider goes to that one first, and only now and then one page tries whether it is over.

use std::collections::{BTreeMap, BTreeSet};

use actors::channel::{SILENCE_PAUSE, SILENCES, SILENCES_PER_CONTACT_MAX};

use super::{Found, GRACE};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::Evidence;
use crate::simulation::fault::{Fault, Faults};
use crate::simulation::provider::Call;

/// What is written and then lost, or learnt later, was perhaps never heard by the channel: on such days this is not judged.
const DEAF: [Fault; 6] = [
    Fault::LogLosesReplies,
    Fault::LogForgets,
    Fault::LogGoesAway,
    Fault::LogReadsFail,
    Fault::KeysFail,
    Fault::AlertsFall,
];

/// A provider is called.
pub fn call(evidence: &Evidence, faults: Faults, calls: &[Call], call: &Call) -> Found {
    if call.is_recall || !call.has_alternative || DEAF.iter().any(|&fault| faults.has(fault)) {
        return Ok(());
    }
    let Some(open) = open_since(evidence, call) else { return Ok(()) };
    let is_try = |other: &&Call| {
        other.provider == call.provider && other.has_alternative && !other.is_recall && other.moment > open
    };
    let before = calls.iter().rev().skip(1).take_while(|other| other.moment > open).find(is_try);
    match before {
        Some(before) if call.at.since(before.at) < SILENCE_PAUSE => Err(format!(
            "{} goes to {} first, which has delivered nothing since {open:?}, and so did {}",
            call.attempt, call.provider, before.attempt
        )),
        _ => Ok(()),
    }
}

/// Since when the channel of a call has to know that nothing arrives; none when it need not.
fn open_since(evidence: &Evidence, call: &Call) -> Option<Moment> {
    let began = evidence.channels_began.get(call.provider).copied()?;
    let told = evidence.fates.iter().rev().filter(|told| told.via.as_str() == call.provider);
    let in_a_row: Vec<_> = told.take_while(|told| !told.has_arrived && told.moment > began).collect();
    let mut missed: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for told in in_a_row.into_iter().rev() {
        let alerts = missed.entry(&told.contact).or_default();
        if alerts.len() < SILENCES_PER_CONTACT_MAX {
            alerts.insert(told.alert);
        }
        if missed.values().map(BTreeSet::len).sum::<usize>() >= SILENCES {
            return Some(told.moment.after(GRACE)).filter(|open| *open < call.moment);
        }
    }
    None
}
