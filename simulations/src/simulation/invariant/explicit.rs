//! 12, explicit: every send that was planned was begun, or the log says why not: somebody has it, the contact was given
//! up, one that says how late it is stands for it. And no step is passed over without a word.

use events::Timestamp;
use events::event::alert::AlertEvent;
use events::event::outcome::{DeliveryStatus, Outcome};

use super::bounded::planned;
use super::{Found, GRACE, drift};
use crate::simulation::agenda::Moment;
use crate::simulation::evidence::{Evidence, Fact, History, Page};

/// Something happened to an alert that stood as `before` says.
pub fn append(evidence: &Evidence, before: &History, fact: &Fact) -> Found {
    let Some(assignment) = &before.assignment else { return Ok(()) };
    let settings = evidence.reference.at(fact.directory);
    let Some(policy) = settings.policy(assignment) else { return Ok(()) };
    let steps = u32::try_from(policy.steps.len()).unwrap_or(u32::MAX).max(1);
    let ordinal = |(round, step): (u32, u32)| (round - 1) * steps + step.min(steps);
    let done = before.step.map_or(0, ordinal);
    let (reached, passed_over, is_late) = match &fact.event {
        AlertEvent::StepEntered(entered) => {
            (ordinal((entered.round, entered.step)), entered.passed_over, entered.late.is_some())
        }
        AlertEvent::StepEmpty { round, step, passed_over } => (ordinal((*round, *step)), *passed_over, true),
        AlertEvent::FallbackEntered { passed_over, late, .. } if !before.is_fallback => {
            (steps * (policy.repeat + 1) + 1, *passed_over, late.is_some())
        }
        _ => return Ok(()),
    };
    // Only time passes a step over. One that reaches nobody is entered, and said to be empty.
    if passed_over > 0 && !is_late {
        return Err(format!("{} passes over {passed_over} steps and is not late", before.alert));
    }
    if reached.saturating_sub(done + 1) > passed_over {
        return Err(format!("{} goes from step {done} to {reached} and says {passed_over}", before.alert));
    }
    Ok(())
}

/// The end, which the house's clock calls `end_at`.
pub fn at_end(evidence: &Evidence, end: Moment, end_at: Timestamp) -> Found {
    for history in evidence.histories.values() {
        for page in history.pages.values() {
            sends(evidence, history, page, end, end_at)?;
        }
    }
    Ok(())
}

fn sends(evidence: &Evidence, history: &History, page: &Page, end: Moment, end_at: Timestamp) -> Found {
    let number = page.ordered.page;
    let stopped = page.stopped.unwrap_or(end);
    let stopped_at = page.stopped_at.unwrap_or(end_at);
    let of_page = || history.attempts.values().filter(move |attempt| attempt.started.page == number);
    let late = of_page().filter(|attempt| attempt.started.late.is_some()).map(|attempt| attempt.at).max();
    for (rung_number, rung) in (1_u32..).zip(&page.ordered.ladder) {
        let given_up = of_page().filter(|attempt| attempt.started.rung == rung_number).any(|attempt| {
            matches!(attempt.ended, Some((Outcome::Refused(_), _)))
                || attempt.statuses.contains(&DeliveryStatus::Undelivered)
        });
        // A refusal lets the rung after it begin early; then its later sends are early as well.
        let began_at =
            of_page().filter(|attempt| attempt.started.rung == rung_number).map(|attempt| attempt.at).min();
        for send in 1..=rung.attempts {
            let planned = planned(page, rung, send);
            let planned_at = page.at + planned.since(page.moment);
            let after_first = rung.every.times(u64::from(send - 1));
            let meant_at = began_at.map_or(planned_at, |began_at| planned_at.min(began_at + after_first));
            // What was put off keeps what comes after it at its distance.
            let pushed =
                of_page().filter(|attempt| attempt.started.rung == rung_number).filter_map(|attempt| {
                    let (until, moment) = attempt.held?;
                    let distance = rung.every.times(u64::from(send.checked_sub(attempt.started.send)?));
                    Some((until + distance, moment.after(distance)))
                });
            let (planned_at, planned) = pushed
                .fold((planned_at, planned), |later, pushed| (later.0.max(pushed.0), later.1.max(pushed.1)));
            let due = planned.after(drift(planned.since(page.moment)));
            // The wall clock may have been set back while the house was down, by less than it was down: nobody can
            // know that more time passed than the house's clock says.
            let is_due = stopped_at.since(planned_at) > GRACE;
            let is_begun = history.tries(number, rung_number, send).next().is_some();
            let is_excused = is_begun || given_up || late.is_some_and(|late| late + GRACE >= meant_at);
            if is_due && !is_excused && evidence.able(due, stopped) > GRACE {
                return Err(format!(
                    "send {send} of rung {rung_number} of page {number} of {} was due at {planned:?} and never began",
                    history.alert
                ));
            }
        }
    }
    Ok(())
}
