//! Attempts and recalls, and what became of them.

use std::collections::BTreeSet;

use events::Timestamp;
use events::event::alert::{AttemptEnded, AttemptHeld, AttemptStarted, PageRung};
use events::event::outcome::{DeliveryStatus, Outcome, Reason};
use events::event::person::ChannelKind;
use i18n::{Message as _, format, timeline as message};

use super::{Story, word};

/// No more codes are named; the others are counted.
const CODES_MAX: usize = 10;

/// Whom an attempt was to reach, and by what.
struct Reach {
    person: String,
    kind: Option<ChannelKind>,
    channel: String,
}

impl<'a> Story<'a> {
    pub(super) fn attempt_started(&mut self, started: &'a AttemptStarted) -> String {
        self.attempts.insert(started.attempt, started);
        let same = |other: &&&AttemptStarted| other.page == started.page && other.rung == started.rung;
        let tries = self.attempts.values().filter(same).count();
        let number = i64::try_from(tries).unwrap_or(i64::MAX);
        let Reach { person, channel, .. } = self.reach(started.attempt);
        let contact = self.rung(started).map_or("", |rung| rung.contact.as_str());
        let (person, channel) = (person.as_str(), channel.as_str());
        let said = if started.repeat {
            message::AttemptRepeated { person, contact, channel, number }.render(self.locale)
        } else {
            message::AttemptStarted { person, contact, channel, number }.render(self.locale)
        };
        let Some(late) = started.late else { return said };
        let span = format::span(self.locale, late.as_seconds());
        format!("{said}, {}", message::AttemptLate { span: &span }.render(self.locale))
    }

    pub(super) fn attempt_ended(&self, ended: &AttemptEnded) -> (&'static str, String) {
        let Reach { person, kind, channel } = self.reach(ended.attempt);
        let (person, channel) = (person.as_str(), channel.as_str());
        let detail = ended.detail.open().map_or("", |detail| detail.trim());
        let why = |reason| word::reason(reason, kind, detail, self.locale);
        match ended.outcome {
            Outcome::Accepted if ended.with.is_some() || !ended.carries.is_empty() => {
                let codes = codes(ended);
                let said = message::AttemptAcceptedWith { person, channel, codes: &codes };
                ("attempt_accepted", said.render(self.locale))
            }
            Outcome::Accepted => {
                ("attempt_accepted", message::AttemptAccepted { person, channel }.render(self.locale))
            }
            Outcome::Refused(reason) => {
                let own_words = reason == Reason::Rejected && !detail.is_empty();
                let reason = if own_words { detail.to_owned() } else { why(reason) };
                let said = message::AttemptRefused { person, channel, reason: &reason };
                ("attempt_refused", said.render(self.locale))
            }
            Outcome::Failed { reason: reason @ (Reason::Expired | Reason::BreakerOpen), .. } => {
                let said = message::AttemptNotSent { person, channel, reason: &why(reason) };
                ("attempt_not_sent", said.render(self.locale))
            }
            Outcome::Failed { reason, .. } => {
                let said = message::AttemptFailed { person, channel, reason: &why(reason) };
                ("attempt_failed", said.render(self.locale))
            }
            Outcome::Unknown(Reason::Interrupted) => {
                ("attempt_unknown", message::AttemptInterrupted { person, channel }.render(self.locale))
            }
            Outcome::Unknown(reason) => {
                let said = message::AttemptUnknown { person, channel, reason: &why(reason) };
                ("attempt_unknown", said.render(self.locale))
            }
        }
    }

    pub(super) fn attempt_held(&self, held: &AttemptHeld, at: Timestamp) -> String {
        let Reach { person, channel, .. } = self.reach(held.attempt);
        let until = self.time(held.until, at);
        let span = format::span(self.locale, held.limit.span.as_seconds());
        let count = i64::from(held.limit.count);
        message::AttemptHeld { person: &person, channel: &channel, until: &until, count, span: &span }
            .render(self.locale)
    }

    pub(super) fn status_reported(
        &self,
        attempt: u32,
        status: DeliveryStatus,
        detail: Option<&str>,
    ) -> (&'static str, String) {
        let Reach { person, channel, .. } = self.reach(attempt);
        let (person, channel) = (person.as_str(), channel.as_str());
        let reported = || {
            let word = word::status(status, self.locale);
            let status = detail.map_or(word.clone(), |detail| format!("{word} ({detail})"));
            message::StatusReported { person, channel, status: &status }.render(self.locale)
        };
        match status {
            DeliveryStatus::Delivered => {
                ("status_delivered", message::AttemptDelivered { person, channel }.render(self.locale))
            }
            DeliveryStatus::Undelivered => ("status_undelivered", reported()),
            DeliveryStatus::Queued
            | DeliveryStatus::Sent
            | DeliveryStatus::Read
            | DeliveryStatus::Answered => ("status_reported", reported()),
        }
    }

    pub(super) fn report_overdue(&self, attempt: u32) -> String {
        let Reach { person, channel, .. } = self.reach(attempt);
        message::ReportOverdue { person: &person, channel: &channel }.render(self.locale)
    }

    pub(super) fn recall_started(&self, attempt: u32) -> String {
        let Reach { person, channel, .. } = self.reach(attempt);
        message::RecallStarted { person: &person, channel: &channel }.render(self.locale)
    }

    pub(super) fn recall_ended(&self, attempt: u32, outcome: Outcome) -> (&'static str, String) {
        let Reach { person, kind, channel } = self.reach(attempt);
        let (person, channel) = (person.as_str(), channel.as_str());
        match outcome {
            Outcome::Accepted => {
                ("recall_ended", message::RecallEnded { person, channel }.render(self.locale))
            }
            Outcome::Refused(reason) | Outcome::Failed { reason, .. } | Outcome::Unknown(reason) => {
                let reason = word::reason(reason, kind, "", self.locale);
                (
                    "recall_failed",
                    message::RecallFailed { person, channel, reason: &reason }.render(self.locale),
                )
            }
        }
    }

    fn reach(&self, attempt: u32) -> Reach {
        let started = self.attempts.get(&attempt);
        let rung = started.and_then(|started| self.rung(started));
        let kind = rung.map(|rung| rung.channel);
        let channel = kind.map_or_else(String::new, |kind| word::channel(kind, self.locale));
        let has_several = rung.is_some_and(|rung| rung.providers.len() > 1);
        let provider = started.and_then(|started| started.via.as_ref()).filter(|_| has_several);
        Reach {
            person: started.map_or_else(String::new, |started| self.paged(started.page)),
            kind,
            channel: match provider {
                Some(provider) => {
                    message::ChannelBy { channel: &channel, provider: provider.as_str() }.render(self.locale)
                }
                None => channel,
            },
        }
    }

    fn rung(&self, started: &AttemptStarted) -> Option<&'a PageRung> {
        let index = usize::try_from(started.rung).ok()?.checked_sub(1)?;
        self.pages.get(&started.page)?.ladder.get(index)
    }
}

/// The alerts with which it went out, by their codes: so many of them, and how many more.
fn codes(ended: &AttemptEnded) -> String {
    let attempts = ended.with.iter().chain(&ended.carries);
    let codes: BTreeSet<String> = attempts.map(|attempt| attempt.alert.code().to_string()).collect();
    let more = codes.len().saturating_sub(CODES_MAX);
    let named: Vec<String> = codes.into_iter().take(CODES_MAX).collect();
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
