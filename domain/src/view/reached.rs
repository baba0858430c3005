//! Who was reached, and how: what rings or can be answered and has a receipt, and which text messages can be answered. So
//! that whoever taps in an app, or answers a text or a page, is understood, also by a house that has just started.

use std::collections::{BTreeMap, HashMap, VecDeque};

use events::event::alert::{About, AlertEvent, AttemptEnded, AttemptStarted, Occasion, PageOrdered};
use events::event::outcome::{DeliveryStatus, Outcome};
use events::event::person::ChannelKind;
use events::{AlertId, AttemptId, Author, ChannelId, ContactId, PersonId, Timestamp, WorkId};

/// Of so many text messages to one person it is remembered what they were about: more than half a day's of what
/// carriers let through to one number.
pub const TEXTS_KEPT_MAX: usize = 200;

/// What rings and what can be answered.
#[derive(Debug, Default)]
pub struct Reached {
    open: HashMap<AlertId, Underway>,
    ringing: BTreeMap<Box<str>, Vec<Ringing>>,
    texts: HashMap<PersonId, VecDeque<Texted>>,
}

/// An alert that is not over.
#[derive(Debug, Default)]
struct Underway {
    /// How often paging for it has begun.
    generation: u32,
    /// The planned work that it is a message about.
    work: Option<WorkId>,
    pages: Vec<OrderedPage>,
    /// What is on its way.
    sends: Vec<(AttemptId, PersonId, Over)>,
    receipts: Vec<Box<str>>,
}

#[derive(Debug)]
struct OrderedPage {
    page: u32,
    person: PersonId,
    ladder: Vec<Over>,
}

impl Underway {
    /// What was on its way as this attempt is not any more.
    fn take_send(&mut self, attempt: u32) -> Option<(AttemptId, PersonId, Over)> {
        let place = self.sends.iter().position(|(known, ..)| known.attempt == attempt)?;
        let taken = self.sends.swap_remove(place);
        self.sends.shrink_to_fit();
        Some(taken)
    }
}

/// One rung, as far as it matters here.
#[derive(Clone, Debug)]
struct Over {
    contact: ContactId,
    channel: ChannelKind,
    via: Option<ChannelId>,
}

/// Something that its provider is asked about: it rings until somebody acknowledges it, or can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ringing {
    /// The attempt that set it ringing.
    pub attempt: AttemptId,
    /// The attempt that leads its message: another one where one message is about several alerts.
    pub lead: AttemptId,
    /// The provider's handle for it.
    pub handle: Box<str>,
    /// Whom it is for.
    pub person: PersonId,
    /// Over which kind of channel.
    pub channel: ChannelKind,
    /// Over which channel of that kind; the first one when nothing is said.
    pub via: Option<ChannelId>,
    /// Until when it rings by itself, or is asked about.
    pub until: Timestamp,
}

/// A text message that may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texted {
    /// The attempt that it was.
    pub attempt: AttemptId,
    /// The attempt whose reply code stands in it: another one where one message is about several alerts.
    pub lead: AttemptId,
    /// By which contact method of the person.
    pub contact: ContactId,
    /// In which generation of paging.
    pub generation: u32,
    /// The planned work that it says will end.
    pub work: Option<WorkId>,
}

impl Ringing {
    /// Handles of an app are known all over the world, those of a gateway to itself only.
    fn receipt(&self) -> Box<str> {
        match &self.via {
            Some(via) if !self.channel.rings() => format!("{} {}", self.handle, via.as_str()).into(),
            Some(_) | None => self.handle.clone(),
        }
    }
}

impl Reached {
    /// True for the kinds of record that [`Reached::apply`] does something with.
    pub fn shows(kind: &str) -> bool {
        matches!(
            kind,
            "alert.raised"
                | "alert.resolved"
                | "alert.page_ordered"
                | "alert.attempt_started"
                | "alert.attempt_ended"
                | "alert.attempt_held"
                | "alert.status_reported"
                | "alert.recall_started"
                | "alert.hold_ended"
                | "alert.acknowledgement_lapsed"
                | "alert.work_left"
                | "alert.grown"
                | "alert.handed_over"
        )
    }

    /// Takes one event of an alert into the fold.
    pub fn apply(&mut self, alert: AlertId, event: &AlertEvent, at: Timestamp) {
        match event {
            AlertEvent::Raised(raised) => {
                let work = ending(&raised.occasion).cloned();
                self.open.insert(alert, Underway { generation: 1, work, ..Underway::default() });
            }
            AlertEvent::Resolved { .. } => {
                self.silence(alert, |_| true);
                self.open.remove(&alert);
            }
            AlertEvent::PageOrdered(ordered) => self.order(alert, ordered),
            AlertEvent::AttemptStarted(started) => self.start(alert, started),
            AlertEvent::AttemptEnded(ended) => self.end(alert, ended, at),
            AlertEvent::AttemptHeld(held) => self.put_off(alert, held.attempt),
            AlertEvent::StatusReported { attempt, status: DeliveryStatus::Answered, .. } => {
                self.silence(alert, |ringing| ringing.attempt.attempt == *attempt);
            }
            AlertEvent::RecallStarted { attempt, .. } => {
                self.silence(alert, |ringing| ringing.attempt.attempt == *attempt);
            }
            AlertEvent::HoldEnded
            | AlertEvent::AcknowledgementLapsed
            | AlertEvent::WorkLeft { .. }
            | AlertEvent::Grown { .. } => {
                self.begin_again(alert);
            }
            AlertEvent::HandedOver { by, .. } if *by != Author::House => self.begin_again(alert),
            AlertEvent::Repeated
            | AlertEvent::SeverityChanged { .. }
            | AlertEvent::SymptomJoined(_)
            | AlertEvent::SymptomChanged { .. }
            | AlertEvent::SymptomCleared { .. }
            | AlertEvent::Held { .. }
            | AlertEvent::WorkEntered(_)
            | AlertEvent::HeldForWork(_)
            | AlertEvent::WorkMoved { .. }
            | AlertEvent::StepEntered(_)
            | AlertEvent::StepEmpty { .. }
            | AlertEvent::FallbackEntered { .. }
            | AlertEvent::PageWithdrawn { .. }
            | AlertEvent::StatusReported { .. }
            | AlertEvent::ReportOverdue { .. }
            | AlertEvent::Acknowledged { .. }
            | AlertEvent::Joined { .. }
            | AlertEvent::HandedOver { .. }
            | AlertEvent::Escalated { .. }
            | AlertEvent::Noted { .. }
            | AlertEvent::RecallEnded { .. }
            | AlertEvent::ClockCorrected { .. }
            | AlertEvent::Reconsidered { .. } => {}
        }
    }

    /// What rings now and can be asked about, by its receipt: the provider's handle for it, with the channel's name where
    /// another one may give the same. One receipt may be that of several attempts.
    pub fn ringing(&self, now: Timestamp) -> impl Iterator<Item = (&str, &[Ringing])> {
        let rings = move |ringing: &Ringing| ringing.until > now;
        self.ringing
            .iter()
            .filter(move |(_, attempts)| attempts.iter().any(rings))
            .map(|(receipt, attempts)| (&**receipt, attempts.as_slice()))
    }

    /// The attempts with this receipt that may ring; none when it is not known.
    pub fn with_receipt(&self, receipt: &str) -> &[Ringing] {
        self.ringing.get(receipt).map_or(&[], Vec::as_slice)
    }

    /// The text messages to a person by one of their contact methods, the latest first.
    pub fn texts(&self, person: PersonId, contact: &ContactId) -> impl Iterator<Item = &Texted> {
        self.texts.get(&person).into_iter().flatten().rev().filter(move |text| text.contact == *contact)
    }

    /// How often paging for an alert has begun; none when it is over. What belongs to an earlier time is void.
    pub fn generation(&self, alert: AlertId) -> Option<u32> {
        self.open.get(&alert).map(|underway| underway.generation)
    }

    fn begin_again(&mut self, alert: AlertId) {
        // What rings on is still to be acknowledged; what was to be answered belongs to an earlier time.
        self.silence(alert, |ringing| !ringing.channel.rings());
        if let Some(underway) = self.open.get_mut(&alert) {
            underway.generation += 1;
        }
    }

    fn order(&mut self, alert: AlertId, ordered: &PageOrdered) {
        let Some(underway) = self.open.get_mut(&alert) else { return };
        let ladder = ordered.ladder.iter().map(|rung| Over {
            contact: rung.contact.clone(),
            channel: rung.channel,
            via: rung.via.clone(),
        });
        let ladder = ladder.collect();
        // There may be a hundred thousand alerts, and hardly any has more than one page.
        underway.pages.reserve_exact(1);
        underway.pages.push(OrderedPage { page: ordered.page, person: ordered.person, ladder });
    }

    fn start(&mut self, alert: AlertId, started: &AttemptStarted) {
        let Some(underway) = self.open.get_mut(&alert) else { return };
        let Some(page) = underway.pages.iter().find(|page| page.page == started.page) else { return };
        let place = usize::try_from(started.rung).unwrap_or(usize::MAX).checked_sub(1);
        let Some(over) = place.and_then(|place| page.ladder.get(place)) else { return };
        let is_text = over.channel == ChannelKind::SMS;
        let attempt = AttemptId { alert, page: started.page, attempt: started.attempt };
        let via = started.via.clone().or_else(|| over.via.clone());
        underway.sends.push((attempt, page.person, Over { via, ..over.clone() }));
        if is_text {
            let (contact, generation) = (over.contact.clone(), underway.generation);
            let work = underway.work.clone();
            let texts = self.texts.entry(page.person).or_default();
            texts.push_back(Texted { attempt, lead: attempt, contact, generation, work });
            if texts.len() > TEXTS_KEPT_MAX {
                texts.pop_front();
            }
        }
    }

    fn end(&mut self, alert: AlertId, ended: &AttemptEnded, at: Timestamp) {
        let Some(underway) = self.open.get_mut(&alert) else { return };
        let Some((attempt, person, over)) = underway.take_send(ended.attempt) else { return };
        match ended.outcome {
            Outcome::Accepted => {
                let texts = self.texts.get_mut(&person).into_iter().flatten();
                if let Some(lead) = ended.with {
                    texts.filter(|text| text.attempt == attempt).for_each(|text| text.lead = lead);
                }
            }
            Outcome::Unknown(_) => return,
            // Nobody has read it.
            Outcome::Refused(_) | Outcome::Failed { .. } => {
                self.forget_text(person, attempt);
                return;
            }
        }
        let Some(receipt) = &ended.receipt else { return };
        let rings_until = receipt.rings_until.filter(|_| over.channel.rings());
        let Some(until) = receipt.asked_until.or(rings_until) else { return };
        let Over { channel, via, .. } = over;
        let (lead, handle) = (ended.with.unwrap_or(attempt), receipt.id.as_str().into());
        let ringing = Ringing { attempt, lead, handle, person, channel, via, until };
        let id = ringing.receipt();
        let has_rung_before = !underway.receipts.is_empty();
        underway.receipts.reserve_exact(1);
        underway.receipts.push(id.clone());
        let attempts = self.ringing.entry(id).or_default();
        if !channel.rings() {
            // A gateway that has forgotten its pages counts from the beginning: the handle is that of the last one.
            attempts.retain(|earlier| earlier.lead == lead);
        }
        attempts.push(ringing);
        // What has fallen silent by itself is let go of when something new rings.
        if has_rung_before {
            self.silence(alert, |ringing| ringing.until <= at);
        }
    }

    /// It was not sent, and comes again as another attempt.
    fn put_off(&mut self, alert: AlertId, held: u32) {
        let Some(underway) = self.open.get_mut(&alert) else { return };
        if let Some((attempt, person, _)) = underway.take_send(held) {
            self.forget_text(person, attempt);
        }
    }

    fn forget_text(&mut self, person: PersonId, attempt: AttemptId) {
        if let Some(texts) = self.texts.get_mut(&person) {
            texts.retain(|text| text.attempt != attempt);
        }
    }

    /// What rings for this alert and fits rings no more.
    fn silence(&mut self, alert: AlertId, fits: impl Fn(&Ringing) -> bool) {
        let Some(underway) = self.open.get_mut(&alert) else { return };
        let ringing = &mut self.ringing;
        underway.receipts.retain(|receipt| {
            let Some(attempts) = ringing.get_mut(receipt) else { return false };
            attempts.retain(|attempt| attempt.attempt.alert != alert || !fits(attempt));
            let rings_on = attempts.iter().any(|attempt| attempt.attempt.alert == alert);
            if attempts.is_empty() {
                ringing.remove(receipt);
            }
            rings_on
        });
    }
}

/// The planned work that a message says will end.
fn ending(occasion: &Occasion) -> Option<&WorkId> {
    match occasion {
        Occasion::Message { about, .. } => match &**about {
            About::WorkEnds { work, .. } => Some(work),
            About::ShiftBegins(_)
            | About::ShiftEnds(_)
            | About::ShiftStays(_)
            | About::WorkOver { .. }
            | About::ContactBroken { .. }
            | About::ContactUnanswered { .. }
            | About::ContactCode { .. } => None,
        },
        Occasion::Problem | Occasion::Test { .. } => None,
    }
}

#[cfg(test)]
mod tests;
