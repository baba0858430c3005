//! People: they hear a page or sleep on, answer soon, late or not at all, and do what people do to alerts.

use actors::alert::Work;
use actors::follower::FollowerMessage;
use actors::shell::Provenance;
use actors::switchboard::SwitchboardMessage;
use adapters::channel::twilio::callback::delivery_status;
use domain::alert::Order;
use domain::port::{Clock, News};
use events::event::alert::Way;
use events::{AlertId, AttemptId, Author, Cause, PersonId, Span};
use tokio::sync::oneshot;

use super::day::{Day, Happening};
use super::door::{Ticket, Wish};
use super::fault::Fault;
use super::letter::Letter;

/// A person tries so often to reach the house.
const TRIES_MAX: u32 = 5;

/// What a person does.
#[derive(Clone, Debug)]
pub(super) struct Act {
    person: PersonId,
    alert: AlertId,
    deed: Deed,
    tries: u32,
}

#[derive(Clone, Copy, Debug)]
enum Deed {
    Acknowledge,
    Hold(Span),
    Escalate,
    Resolve,
    Note,
}

impl Day {
    /// A page reaches the person it is for.
    pub(super) fn arrives(&mut self, attempt: AttemptId) {
        let history = self.evidence.histories.get(&attempt.alert);
        let page = history.and_then(|history| history.pages.get(&attempt.page));
        let Some(person) = page.map(|page| page.ordered.person) else { return };
        let sleeps = self.people_chance.happens(800) && self.faults.has(Fault::PeopleSleep);
        let answers = self.people_chance.happens(550);
        let late = self.people_chance.happens(500) && self.faults.has(Fault::PeopleAnswerLate);
        let typical = if late { Span::from_minutes(40) } else { Span::from_minutes(3) };
        let after = self.people_chance.span(Span::from_seconds(4), typical);
        let meddles = self.people_chance.happens(350) && self.faults.has(Fault::PeopleMeddle);
        let deed = match self.people_chance.below(4) {
            _ if !meddles => Deed::Acknowledge,
            0 => Deed::Hold(self.people_chance.span(Span::from_minutes(1), Span::from_minutes(40))),
            1 => Deed::Escalate,
            2 => Deed::Resolve,
            _ => Deed::Note,
        };
        // Drawn in any case, so that the other pages stay as they are.
        let taps = self.tap_chance.happens(500);
        let rings = self.providers.ringing.contains_key(&attempt);
        if answers && !sleeps && rings && taps && matches!(deed, Deed::Acknowledge) {
            self.agenda.after(after, Happening::Taps(attempt));
        } else if answers && !sleeps {
            let act = Act { person, alert: attempt.alert, deed, tries: 0 };
            self.agenda.after(after, Happening::Acts(act));
        }
    }

    /// A person does something, by the link in a page.
    pub(super) fn acts(&mut self, act: Act) {
        let now = self.agenda.now();
        if !self.is_up() {
            return self.again(act);
        }
        let Some(node) = &mut self.node else { return };
        let history = self.evidence.histories.get(&act.alert);
        let is_quiet = history.is_some_and(|history| !history.is_open());
        if is_quiet && self.people_chance.happens(850) {
            // They see that somebody has it, and go back to bed.
            return;
        }
        self.story.tell(now, || format!("{} wants to {:?} {}", act.person, act.deed, act.alert.code()));
        let by = Author::Person(act.person);
        let order = match act.deed {
            Deed::Acknowledge => Order::Acknowledge { by: by.clone(), way: Way::Link },
            Deed::Hold(span) => {
                Order::Hold { by: by.clone(), until: node.clock().now() + span, unless_joined: 0 }
            }
            Deed::Escalate => Order::Escalate { by: by.clone() },
            Deed::Resolve => Order::Resolve { by: by.clone() },
            Deed::Note => Order::Note { by: by.clone(), text: "I am looking into it".to_owned() },
        };
        let (reply, answer) = oneshot::channel();
        let provenance = Provenance { by: by.clone(), cause: Cause::Deadline };
        let work = Work { order, provenance, accepted_at: None, reply: Some(reply) };
        node.post(Letter::Switchboard(SwitchboardMessage::Order { alert: act.alert, work: Box::new(work) }));
        let acknowledges = matches!(act.deed, Deed::Acknowledge).then_some(by);
        self.tickets.push(Ticket::new(now, Wish::Act { act, acknowledges }, answer));
    }

    /// A person acknowledges in the app. The provider calls the house, or the call is lost.
    pub(super) fn taps(&mut self, attempt: AttemptId) {
        let now = self.agenda.now();
        let calls = self.tap_chance.happens(500);
        let after = self.tap_chance.span(Span::from_millis(50), Span::from_seconds(2));
        let Some(receipt) = self.providers.tap(attempt, now) else { return };
        self.story.tell(now, || format!("somebody acknowledges {attempt} in the app"));
        if calls {
            self.agenda.after(after, Happening::Calls { receipt });
        }
    }

    /// Somebody calls about what rings. As in `House::called_about`, only what is known to ring is asked about.
    pub(super) fn is_called(&mut self, receipt: String) {
        if !self.is_up() {
            return;
        }
        let Some(node) = &mut self.node else { return };
        let rings = node
            .published()
            .is_some_and(|published| !published.board().reached().with_receipt(&receipt).is_empty());
        if rings {
            node.post(Letter::Follower(FollowerMessage::Called { receipt }));
        }
    }

    /// The house asks about what rings.
    pub(super) fn inquire(&mut self, receipt: &str) {
        let (after, news) = self.providers.ask(receipt, self.agenda.now());
        let (life, receipt) = (self.lives, receipt.to_owned());
        self.agenda.after(after, Happening::Hears { life, receipt, news });
    }

    /// The house hears what it has asked.
    pub(super) fn hears(&mut self, life: u32, receipt: String, news: Option<News>) {
        if let Some(node) = self.node.as_mut().filter(|_| life == self.lives) {
            node.post(Letter::Follower(FollowerMessage::Heard { receipt, news }));
        }
    }

    /// A person tries again in a while.
    pub(super) fn again(&mut self, mut act: Act) {
        act.tries += 1;
        if act.tries < TRIES_MAX {
            let after = self.people_chance.span(Span::from_seconds(5), Span::from_minutes(2));
            self.agenda.after(after, Happening::Acts(act));
        }
    }

    /// A provider tells what became of a text.
    pub(super) fn reports(&mut self, attempt: AttemptId, status: &'static str, tries: u32) {
        let Some(known) = delivery_status(status) else { return };
        if !self.is_up() {
            if tries < TRIES_MAX {
                let again = Happening::Reports { attempt, status, tries: tries + 1 };
                self.agenda.after(Span::from_seconds(15), again);
            }
            return;
        }
        let Some(node) = &mut self.node else { return };
        self.story.tell(self.agenda.now(), || format!("Twilio reports on {attempt}: {status}"));
        let order = Order::ReportStatus { attempt: attempt.attempt, status: known, detail: String::new() };
        let work = Work { order, provenance: Provenance::deadline(), accepted_at: None, reply: None };
        node.post(Letter::Switchboard(SwitchboardMessage::Order {
            alert: attempt.alert,
            work: Box::new(work),
        }));
    }
}
