//! What an alert learns of the contact methods over which its pages go.

use events::event::alert::{Occasion, PageRung, Way};
use events::event::contact::{Failure, Method, Proof};
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::person::ChannelKind;
use events::{Author, PersonId};

use super::{Alert, Attempt, AttemptState, Order, Phase};
use crate::standing::{Seen, Sign};

impl Alert {
    /// What an order tells of a contact method, if the alert takes it: asked before it does, while it still knows the
    /// attempt.
    pub fn seen(&self, order: &Order) -> Option<Seen> {
        let of_attempt = |number: u32| self.attempts.iter().find(|known| known.started.attempt == number);
        match order {
            Order::ReportAttempt { attempt, report } => {
                let Outcome::Refused(reason) = report.outcome else { return None };
                let attempt = of_attempt(*attempt).filter(|attempt| attempt.is_in_flight())?;
                if self.has_alternative(attempt) {
                    return None;
                }
                self.seen_of(attempt, Sign::Fails(Failure::Refused(reason)))
            }
            Order::ReportStatus { attempt, status, .. } => {
                let sign = match status {
                    DeliveryStatus::Queued | DeliveryStatus::Sent => return None,
                    DeliveryStatus::Undelivered => Sign::Fails(Failure::Undelivered),
                    DeliveryStatus::Delivered | DeliveryStatus::Read | DeliveryStatus::Answered => {
                        Sign::Works(Proof::Delivered)
                    }
                };
                let known = of_attempt(*attempt)?;
                let before = match known.state {
                    AttemptState::InFlight { status } | AttemptState::Taken { status, .. } => status,
                    AttemptState::Lost { .. } => None,
                };
                let is_excused = matches!(sign, Sign::Fails(_)) && self.has_alternative(known);
                let is_news = before.is_none_or(|before| before < *status) && !is_excused;
                if is_news { self.seen_of(known, sign) } else { None }
            }
            Order::Answer { attempt, .. } => {
                let known = of_attempt(*attempt).filter(|known| !known.is_answered())?;
                self.seen_of(known, Sign::Works(Proof::Acknowledged))
            }
            Order::Acknowledge { by: Author::Person(person), way } => self.seen_by(*person, *way),
            Order::Acknowledge { .. }
            | Order::Signal(_)
            | Order::Test { .. }
            | Order::Tell(_)
            | Order::Resolve { .. }
            | Order::Escalate { .. }
            | Order::HandOver { .. }
            | Order::Hold { .. }
            | Order::EndHold
            | Order::Note { .. }
            | Order::ReportHeld { .. }
            | Order::ReportRecall { .. }
            | Order::Reconsider
            | Order::Tick => None,
        }
    }

    /// What it tells of a contact method when this test page is over without anybody's answer; none when it is none
    /// that the house sent over one of them by itself, or somebody has answered.
    pub fn unanswered(&self) -> Option<Seen> {
        let subject = self.subject()?;
        let Occasion::Test { person, contact: Some(contact) } = &subject.occasion else { return None };
        let is_ours = subject.dedup_key.as_str() == Author::House.to_string();
        let page = self.pages.first().filter(|_| is_ours && matches!(self.phase, Phase::Open { .. }))?;
        let rung = page.rungs.iter().map(|state| &state.rung).find(|rung| rung.contact == *contact)?;
        let sign = Sign::Unanswered;
        Some(Seen { person: *person, method: method(rung), sign, alert: subject.id })
    }

    /// True while another provider is left that may reach the address: then one that does not says nothing against it.
    fn has_alternative(&self, attempt: &Attempt) -> bool {
        self.page(attempt.started.page).is_some_and(|page| page.has_alternative(&attempt.started))
    }

    /// Somebody acknowledges: what reached them is known when only one contact method can have.
    fn seen_by(&self, person: PersonId, way: Way) -> Option<Seen> {
        let over = |kind: ChannelKind| match way {
            Way::Link => true,
            Way::Pushover => kind == ChannelKind::PUSHOVER,
            Way::Reply => kind == ChannelKind::SMS,
            Way::Call => kind == ChannelKind::VOICE,
            Way::Pager => kind == ChannelKind::PAGER,
            Way::Api | Way::Terminal | Way::Source => false,
        };
        let arrived =
            self.attempts.iter().filter(|attempt| matches!(attempt.state, AttemptState::Taken { .. }));
        let mut seen = arrived.filter_map(|attempt| {
            let seen = self.seen_of(attempt, Sign::Works(Proof::Acknowledged))?;
            (seen.person == person && over(seen.method.channel)).then_some(seen)
        });
        let first = seen.next()?;
        seen.all(|other| other.method == first.method).then_some(first)
    }

    fn seen_of(&self, attempt: &Attempt, sign: Sign) -> Option<Seen> {
        let method = method(self.rung_of(&attempt.started)?);
        let person = self.page(attempt.started.page)?.person;
        Some(Seen { person, method, sign, alert: self.subject()?.id })
    }
}

fn method(rung: &PageRung) -> Method {
    Method { contact: rung.contact.clone(), channel: rung.channel, address: rung.address.clone() }
}
