//! What follows when carriers' limits put a send off: it is over without having been sent, and comes again when its
//! address may be written to. Whatever becomes of the alert meanwhile decides whether it does.

use events::Timestamp;
use events::event::alert::{AlertEvent, AttemptHeld};
use events::mutant::{self, Mutant};

use super::limit::{HELD_CLIMB_MIN, HELD_MAX, HELD_MIN, TEST_OPEN};
use super::page::{Page, PlannedSend, Retry};
use super::{Alert, Attempt, Phase, Refusal};
use crate::aggregate::Draft;
use crate::port::Hold;

/// A channel has put an attempt off.
///
/// # Errors
/// When nobody waits for it.
pub(super) fn report_held(draft: &mut Draft<Alert>, attempt: u32, hold: &Hold) -> Result<(), Refusal> {
    let known = draft.state().attempts.iter().find(|known| known.started.attempt == attempt);
    if !known.is_some_and(Attempt::is_in_flight) {
        return Err(Refusal::NotAwaited);
    }
    let until = hold.until.clamp(draft.at() + HELD_MIN, draft.at() + HELD_MAX);
    draft.push(AlertEvent::AttemptHeld(AttemptHeld { attempt, until, limit: hold.limit }));
    Ok(())
}

impl Alert {
    /// The attempt is over, and its send comes again.
    pub(super) fn hold_attempt(&mut self, held: &AttemptHeld, at: Timestamp) {
        let Some(place) = self.attempts.iter().position(|known| known.started.attempt == held.attempt) else {
            return;
        };
        if !self.attempts[place].is_in_flight() {
            return;
        }
        let started = self.attempts.remove(place).started;
        let planned = PlannedSend { rung: started.rung, send: started.send };
        if let Some(page) = self.pages.iter_mut().find(|page| page.number == started.page) {
            page.hold(planned, Retry { at: held.until, repeat: started.repeat }, at);
        }
        // What is no problem is over some time after its last send.
        if !self.is_problem()
            && let Phase::Open { until } = &mut self.phase
        {
            *until = (*until).max(held.until + TEST_OPEN);
        }
    }
}

impl Page {
    /// The send comes again later, which uses up no try of it; when that is long, the next rung starts at once.
    fn hold(&mut self, of: PlannedSend, again: Retry, at: Timestamp) {
        if self.stopped || mutant::is_on(Mutant::DropHeld) {
            return;
        }
        let Some(held) = self.present(of) else { return };
        held.retry = Some(again);
        // Nobody is helped by two texts in the same second.
        let soonest = again.at + held.rung.every.half();
        held.next_send_at = held.next_send_at.map(|next| next.max(soonest));
        if again.at.since(at) > HELD_CLIMB_MIN {
            self.climb(of.rung, at);
        }
    }
}
