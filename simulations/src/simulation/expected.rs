//! Which pages should have happened on a day on which nothing fails, worked out from what was ordered, from the waits of
//! the steps and from when somebody took it; and compared with what the providers saw, call by call.

use domain::alert::limit::HELD_CLIMB_MIN;
use events::Span;
use events::event::alert::{AlertEvent, PageRung};

use super::agenda::Moment;
use super::evidence::{Attempt, Evidence, History, Page, pages_of};
use super::invariant::Found;
use super::invariant::bounded::planned;
use super::provider::Call;

/// A send may wait so long in its channel's queue: text messages go out one a second.
const QUEUE: Span = Span::from_seconds(20);
/// What comes so much before its time comes in time: the log's own latency lies between deciding and writing.
const EARLY: Span = Span::from_millis(50);
/// A step that comes so much after its time comes in time.
const LATE: Span = Span::from_seconds(1);

/// Compares a whole day without faults, which ended at `end`.
pub fn judge(evidence: &Evidence, calls: &[Call], end: Moment) -> Found {
    for history in evidence.histories.values() {
        steps(history)?;
        let planned_calls = sends(history, calls, end)?;
        let alert = history.alert;
        let attempts = |call: &Call| -> usize {
            let all = std::iter::once(&call.attempt).chain(&call.with);
            all.filter(|attempt| attempt.alert == alert).count()
        };
        let made: usize = calls.iter().filter(|call| !call.is_recall).map(attempts).sum();
        if made != planned_calls {
            return Err(format!("{alert}: {made} calls were made, and {planned_calls} were planned"));
        }
    }
    Ok(())
}

/// Every step begins when the one before it is through.
fn steps(history: &History) -> Found {
    let mut due = None;
    for fact in &history.facts {
        let until = match &fact.event {
            AlertEvent::Raised(_) | AlertEvent::AcknowledgementLapsed | AlertEvent::HoldEnded => {
                due = Some(fact.moment);
                continue;
            }
            AlertEvent::Acknowledged { .. } | AlertEvent::Held { .. } | AlertEvent::Resolved { .. } => {
                due = None;
                continue;
            }
            AlertEvent::StepEntered(entered) => entered.until,
            AlertEvent::FallbackEntered { until, .. } => *until,
            AlertEvent::StepEmpty { .. } => fact.at,
            _ => continue,
        };
        let in_time = due.is_some_and(|due| is_about(fact.moment, due, LATE));
        if !in_time {
            let (alert, moment) = (history.alert, fact.moment);
            return Err(format!("{alert}: a step began at {moment:?}, and was due at {due:?}"));
        }
        due = Some(fact.moment.after(until.since(fact.at)));
    }
    Ok(())
}

/// Every send reaches its provider once, when it was planned, unless somebody took the alert by then. Says how many did.
fn sends(history: &History, calls: &[Call], end: Moment) -> Result<usize, String> {
    let mut count = 0;
    for page in history.pages.values() {
        let stopped = page.stopped.unwrap_or(end);
        for (rung_number, rung) in (1_u32..).zip(&page.ordered.ladder) {
            for send in 1..=rung.attempts {
                let planned = planned(page, rung, send);
                let tries = history.tries(page.ordered.page, rung_number, send);
                let made: Vec<Moment> = tries
                    .flat_map(|attempt| pages_of(calls, history.alert, attempt.started.attempt))
                    .map(|call| call.moment)
                    .collect();
                let (first, last) = put_off(history, page, rung_number, rung, send, planned);
                let is_right = match made.as_slice() {
                    [] => last.after(QUEUE) >= stopped,
                    [moment] => first.since(*moment) <= EARLY && moment.since(last) <= QUEUE,
                    [..] => false,
                };
                if !is_right {
                    let (alert, page) = (history.alert, page.ordered.page);
                    return Err(format!(
                        "{alert}: send {send} of rung {rung_number} of page {page} was planned for {planned:?}, and \
                         reached its provider at {made:?}"
                    ));
                }
                count += made.len();
            }
        }
    }
    Ok(count)
}

/// Between when and when a send is to come: carriers' limits put it off, or let it follow at its distance what they put
/// off; and what they put off for long lets the ladder climb at once.
fn put_off(
    history: &History,
    page: &Page,
    rung_number: u32,
    rung: &PageRung,
    send: u32,
    planned: Moment,
) -> (Moment, Moment) {
    let (mut first, mut last) = (planned, planned);
    let of_page = |attempt: &&Attempt| attempt.started.page == page.ordered.page;
    for attempt in history.attempts.values().filter(of_page) {
        let Some((_, due)) = attempt.held else { continue };
        let started = &attempt.started;
        if started.rung == rung_number
            && let Some(after) = send.checked_sub(started.send)
        {
            last = last.max(due.after(rung.every.times(u64::from(after))));
        }
        if started.rung < rung_number && due.since(attempt.moment) >= HELD_CLIMB_MIN {
            first = first.min(attempt.moment.after(rung.every.times(u64::from(send - 1))));
        }
    }
    (first, last)
}

fn is_about(moment: Moment, due: Moment, late: Span) -> bool {
    due.since(moment) <= EARLY && moment.since(due) <= late
}
