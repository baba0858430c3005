//! Whoever looks at a day while it passes, and at its end, and says what did not hold.

use std::sync::PoisonError;

use actors::alarm::Trouble;
use domain::port::Clock;
use events::{AlertId, Position, Timestamp};

use super::agenda::Moment;
use super::day::{Day, tail};
use super::evidence::{Evidence, Fact};
use super::fault::Faults;
use super::invariant::{self, Found, Invariant, Violation};
use super::{CALM_AT, expected};

impl Day {
    pub(super) fn judge_fact(&mut self, alert: AlertId, fact: &Fact) {
        let Evidence { histories, reference, unseen, .. } = &mut self.evidence;
        let Some(before) = histories.get(&alert) else { return };
        unseen.extend(invariant::right_person::over(reference, before, fact));
        let founds = [
            (Invariant::RightPerson, invariant::right_person::append(reference, before, fact)),
            (Invariant::AckStops, invariant::ack_stops::append(before, fact)),
            (Invariant::Grouped, invariant::grouped::append(before, fact)),
            (Invariant::BoundedDuplicates, invariant::bounded_duplicates::append(before, fact)),
            (Invariant::NoLostRung, invariant::failover::append(before, fact)),
        ];
        let heard = invariant::heard::append(&self.evidence, alert, fact);
        let explicit = invariant::explicit::append(&self.evidence, &self.evidence.histories[&alert], fact);
        let held = invariant::paced::append(&self.evidence, &self.providers.calls, alert, fact);
        let work = invariant::planned_work::append(&self.evidence, &self.evidence.histories[&alert], fact);
        let started =
            invariant::right_person::started(&self.evidence, &self.evidence.histories[&alert], fact);
        for (invariant, found) in founds {
            self.found(invariant, found);
        }
        self.found(Invariant::Explicit, explicit);
        self.found(Invariant::RightPerson, started);
        self.found(Invariant::RightPerson, work);
        self.found(Invariant::Paced, held);
        self.found(Invariant::Heard, heard);
    }

    /// Keeps the first thing that did not hold.
    pub(super) fn found(&mut self, invariant: Invariant, found: Found) {
        if let Err(what) = found
            && self.options.is_judged
            && self.violation.is_none()
        {
            let moment = self.agenda.now();
            self.story.tell(moment, || format!("!! invariant {invariant} does not hold: {what}"));
            self.violation = Some(Violation { invariant, what, moment });
        }
    }

    pub(super) fn worked(&mut self, alert: AlertId) {
        let Some(living) = self.node.as_ref().and_then(|node| node.living_alert(alert)) else { return };
        let found = living.state().map_or(Ok(()), invariant::nothing_overdue::worked);
        self.found(Invariant::NothingOverdue, found);
    }

    /// Somebody looks whether every open alert has a deadline.
    pub(super) fn look(&mut self) {
        let Some(node) = self.node.as_ref().filter(|node| node.is_open() && node.is_at_rest()) else {
            return;
        };
        let Some(index) = node.index().filter(|_| self.operations.is_empty() && self.frozen.is_none()) else {
            return;
        };
        let forgotten = invariant::nobody_forgets::at_rest(&self.evidence, index);
        let is_folded = node.published().is_some_and(|published| published.position() == self.last_position);
        let ledger = node.ledger().filter(|_| node.health().is_some_and(|health| health.is_well()));
        let counted = ledger.map_or(Ok(()), |(reading, is_settled)| {
            invariant::conserved::at_rest(&self.evidence, &reading, is_settled && is_folded)
        });
        self.found(Invariant::NobodyForgets, forgotten);
        self.found(Invariant::Conserved, counted);
    }

    pub(super) fn judge_all(&mut self, end: Moment) {
        self.look();
        let told = self.told.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let nobody = |trouble: &Trouble| match trouble {
            Trouble::NobodyToPage { alert } => Some(*alert),
            _ => None,
        };
        self.evidence.nobody_to_page.extend(told.iter().filter_map(nobody));
        self.evidence.unable.sort_unstable();
        let calls = std::mem::take(&mut self.providers.calls);
        let wall = Timestamp::from_micros(self.hands.wall());
        let now = self.node.as_ref().map_or(wall, |node| node.clock().now());
        let log = tail(&self.log, Position::START);
        let replayed =
            self.node.as_ref().map_or(Ok(()), |node| invariant::replay_is_truth::at_end(&log, node));
        let founds = [
            (Invariant::ReplayIsTruth, replayed),
            (Invariant::NoLostRung, invariant::no_lost_rung::at_end(&self.evidence, &calls, end)),
            (
                Invariant::NoLostRung,
                invariant::failover::at_end(&self.evidence, &calls, &self.providers, end),
            ),
            (Invariant::Explicit, invariant::explicit::at_end(&self.evidence, end, now)),
            (Invariant::NobodyForgets, invariant::nobody_forgets::at_end(&self.evidence, CALM_AT, end)),
            (
                Invariant::NobodyForgets,
                invariant::nobody_forgets::taps(&self.evidence, &self.providers.ringing, CALM_AT, end),
            ),
            (Invariant::AckStops, invariant::ack_stops::at_end(&self.evidence, &self.providers.ringing, end)),
            (Invariant::Conserved, invariant::conserved::at_end(&self.evidence, end)),
            (Invariant::Bounded, invariant::bounded::at_end(&self.evidence)),
            (Invariant::Paced, invariant::paced::at_end(&self.evidence, end, now)),
            (Invariant::Grouped, invariant::grouped::at_end(&self.evidence)),
            (Invariant::Heard, invariant::heard::at_end(&self.evidence, end)),
            (Invariant::NobodyForgets, invariant::planned_work::at_end(&self.evidence, end, now)),
            (Invariant::RightPerson, invariant::right_person::at_end(&mut self.evidence, CALM_AT, end, now)),
        ];
        let as_expected = if self.options.faults == Faults::NONE {
            expected::judge(&self.evidence, &calls, end)
        } else {
            Ok(())
        };
        self.found(Invariant::Explicit, as_expected);
        self.providers.calls = calls;
        for (invariant, found) in founds {
            self.found(invariant, found);
        }
    }
}
