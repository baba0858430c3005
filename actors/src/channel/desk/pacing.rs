//! How a desk keeps to carriers' limits. Only the first page to an address after a quiet time passes at once, and that
//! one always does; what comes sooner than the limits let through is put off, and goes out together.

use domain::port::{Dispatch, Errand, Hold};
use events::Timestamp;
use events::event::outcome::Reason;

use super::{Act, Desk};
use crate::channel::gathering::{Together, digest};

impl Desk {
    /// Carriers' limits are for pages: what stops one that rings is never put off.
    pub(super) fn is_paced(&self, dispatch: &Dispatch) -> bool {
        self.settings.pace.is_set() && matches!(dispatch.errand, Errand::Page(_))
    }

    /// Lets a dispatch in: to the queue, to those of its kind that wait for each other, or puts it off.
    pub(super) fn admit(&mut self, dispatch: Box<Dispatch>, now: Timestamp) -> Option<Act> {
        let Some(together) = Together::of(&dispatch).filter(|_| self.settings.pace.is_set()) else {
            self.queue.push(dispatch);
            return None;
        };
        if self.draining.is_some() {
            return Some(Act::NotSent(dispatch, Reason::Expired));
        }
        let dispatch = match self.gatherings.join(&together, dispatch) {
            Ok(()) => return None,
            Err(dispatch) => dispatch,
        };
        if let Some(hold) = self.hold(&dispatch.address, now) {
            return Some(Act::Held(dispatch, hold));
        }
        if self.settings.pace.is_promised(&dispatch.address, now) {
            self.gatherings.begin(together.clone(), *dispatch);
            let wait = together.wait();
            return Some(Act::SettleAfter(together, wait));
        }
        self.enqueue(dispatch);
        None
    }

    /// What has come goes out as one message, if its address may still be written to.
    pub(super) fn settle(&mut self, together: &Together, now: Timestamp) -> Vec<Act> {
        let came = self.gatherings.end(together);
        if came.is_empty() {
            return Vec::new();
        }
        if let Some(hold) = self.hold(&together.address, now) {
            return came.into_iter().map(|dispatch| Act::Held(Box::new(dispatch), hold)).collect();
        }
        let Some((lead, left)) = digest(together, came) else { return Vec::new() };
        self.enqueue(lead);
        let mut acts = Vec::new();
        for dispatch in left.into_iter().map(Box::new) {
            match self.hold(&together.address, now) {
                Some(hold) => acts.push(Act::Held(dispatch, hold)),
                None => self.enqueue(dispatch),
            }
        }
        acts
    }

    /// Until when an address has to wait; what is put off then is expected again.
    fn hold(&self, address: &str, now: Timestamp) -> Option<Hold> {
        let waiting = self.queued.get(address).copied().unwrap_or_default();
        let hold = self.settings.pace.hold(address, waiting, now)?;
        self.settings.pace.promise(address, hold.until);
        Some(hold)
    }

    fn enqueue(&mut self, dispatch: Box<Dispatch>) {
        *self.queued.entry(dispatch.address.clone()).or_default() += 1;
        self.queue.push(dispatch);
    }

    /// The one that goes next.
    pub(super) fn pop(&mut self) -> Option<Box<Dispatch>> {
        self.queue.pop().inspect(|dispatch| self.leaves(dispatch))
    }

    /// One that expires before this moment.
    pub(super) fn pop_expired(&mut self, before: Timestamp) -> Option<Box<Dispatch>> {
        self.queue.pop_expired(before).inspect(|dispatch| self.leaves(dispatch))
    }

    fn leaves(&mut self, dispatch: &Dispatch) {
        if self.is_paced(dispatch)
            && let Some(count) = self.queued.get_mut(&dispatch.address)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.queued.remove(&dispatch.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::port::Notice;
    use events::event::Language;
    use events::event::alert::PaceLimit;
    use events::event::person::ChannelKind;
    use events::event::sample::{self, at};
    use events::event::signal::Severity;
    use events::{AttemptId, PersonId, Span};
    use tokio::sync::oneshot;

    use super::*;
    use crate::channel::{ChannelMessage, ChannelSettings, Pace};

    /// One message a minute and number.
    fn desk() -> Desk {
        let settings = ChannelSettings {
            id: "sms".into(),
            kind: ChannelKind::SMS,
            per_second: 10.0,
            burst: 10,
            concurrent_max: 10,
            timeout: Span::from_seconds(10),
            reports_within: None,
            pace: Pace::new(&[PaceLimit { count: 1, span: Span::from_seconds(60) }]),
        };
        Desk::new(settings, at(0))
    }

    fn page(attempt: u32, severity: Severity, seconds: u64) -> Box<Dispatch> {
        let alert = sample::alert();
        let notice = Notice {
            code: alert.code(),
            person: sample::anna(),
            generation: 1,
            summary: String::new(),
            severity,
            service: None,
            runbook: None,
            raised_at: at(0),
            repeat: false,
            late: None,
            test: false,
            reference_only: false,
            work: None,
            message: None,
            finding: None,
            problems: 1,
        };
        Box::new(Dispatch {
            attempt: AttemptId { alert, page: 1, attempt },
            channel: ChannelKind::SMS,
            via: None,
            has_alternative: false,
            address: "+4930".into(),
            language: Language::En,
            time_zone: "UTC".into(),
            expires_at: at(seconds + 15),
            errand: Errand::Page(Box::new(notice)),
            with: Vec::new(),
        })
    }

    fn to(mut dispatch: Box<Dispatch>, change: impl FnOnce(&mut Notice)) -> Box<Dispatch> {
        if let Errand::Page(notice) = &mut dispatch.errand {
            change(notice);
        }
        dispatch
    }

    /// What follows, in short: `send 3 with 1 2`, `hold 2 until 60`, `settle`, `expire 4`.
    fn take(desk: &mut Desk, message: ChannelMessage, now: u64) -> Vec<String> {
        let told = desk.take(message, at(now)).into_iter().map(|act| match act {
            Act::Send(dispatch) => {
                let with: Vec<String> =
                    dispatch.with.iter().map(|with| format!(" {}", with.attempt.attempt)).collect();
                let with = if with.is_empty() { String::new() } else { format!(" with{}", with.concat()) };
                format!("send {}{with}", dispatch.attempt.attempt)
            }
            Act::Held(dispatch, hold) => {
                format!("hold {} until {}", dispatch.attempt.attempt, hold.until.since(at(0)).as_seconds())
            }
            Act::SettleAfter(..) => "settle".to_owned(),
            Act::NotSent(dispatch, _) => format!("expire {}", dispatch.attempt.attempt),
            Act::WakeAfter(_) => "wake".to_owned(),
            Act::Drained(_) => "drained".to_owned(),
        });
        told.collect()
    }

    fn send(desk: &mut Desk, attempt: u32, severity: Severity, now: u64) -> Vec<String> {
        take(desk, ChannelMessage::Send(page(attempt, severity, now)), now)
    }

    fn settle(desk: &mut Desk, now: u64) -> Vec<String> {
        let of = Together::of(&page(1, Severity::Error, now)).expect("a page");
        take(desk, ChannelMessage::Settle(of), now)
    }

    #[test]
    fn the_first_goes_at_once_and_what_comes_again_goes_out_together_the_worst_first() {
        let mut desk = desk();
        assert_eq!(send(&mut desk, 1, Severity::Warning, 0), ["send 1"]);
        for attempt in 2..=4 {
            assert_eq!(send(&mut desk, attempt, Severity::Warning, 3), [format!("hold {attempt} until 60")]);
        }
        assert_eq!(send(&mut desk, 5, Severity::Warning, 60), ["settle"]);
        assert_eq!(send(&mut desk, 6, Severity::Critical, 60), Vec::<String>::new());
        assert_eq!(send(&mut desk, 7, Severity::Error, 61), Vec::<String>::new());
        assert_eq!(desk.waiting_count(), 3);
        assert_eq!(settle(&mut desk, 61), ["send 6 with 7 5"]);
        assert_eq!(desk.waiting_count(), 0);
        assert_eq!(send(&mut desk, 8, Severity::Critical, 62), ["hold 8 until 121"], "it counts as one");
    }

    #[test]
    fn the_first_after_a_quiet_time_waits_for_nobody() {
        let mut desk = desk();
        send(&mut desk, 1, Severity::Error, 0);
        send(&mut desk, 2, Severity::Error, 1);
        // Somebody took the second one: it never came again.
        assert_eq!(send(&mut desk, 3, Severity::Error, 3_600), ["send 3"]);
    }

    #[test]
    fn what_waits_in_the_queue_counts_as_sent() {
        let mut desk = desk();
        desk.settings.concurrent_max = 1;
        let mut other = page(1, Severity::Error, 0);
        other.address = "+39".into();
        assert_eq!(take(&mut desk, ChannelMessage::Send(other), 0), ["send 1"]);
        assert_eq!(send(&mut desk, 2, Severity::Error, 0), ["wake"]);
        assert_eq!(send(&mut desk, 3, Severity::Error, 1), ["hold 3 until 61"]);
        assert_eq!(take(&mut desk, ChannelMessage::Sent { fault: None }, 4), ["send 2"]);
        assert_eq!(send(&mut desk, 4, Severity::Error, 5), ["hold 4 until 64"], "from when it went out");
    }

    #[test]
    fn what_was_not_sent_leaves_its_place_to_the_next() {
        let mut desk = desk();
        send(&mut desk, 1, Severity::Error, 0);
        desk.settings.pace.give_back("+4930", page(1, Severity::Error, 0).attempt);
        assert_eq!(send(&mut desk, 2, Severity::Error, 1), ["send 2"]);
    }

    #[test]
    fn others_at_the_same_address_and_messages_of_the_house_go_out_alone() {
        let mut desk = desk();
        send(&mut desk, 1, Severity::Error, 0);
        send(&mut desk, 2, Severity::Error, 0);
        assert_eq!(send(&mut desk, 3, Severity::Error, 60), ["settle"]);
        let bernd = PersonId::from_bytes([9; 16]);
        let bernds = to(page(4, Severity::Critical, 60), |notice| notice.person = bernd);
        assert_eq!(take(&mut desk, ChannelMessage::Send(bernds.clone()), 60), ["settle"]);
        let test = to(page(5, Severity::Critical, 60), |notice| notice.test = true);
        assert_eq!(take(&mut desk, ChannelMessage::Send(test.clone()), 60), ["settle"]);
        assert_eq!(settle(&mut desk, 61), ["send 3"]);
        for left in [bernds, test] {
            let attempt = left.attempt.attempt;
            let together = Together::of(&left).expect("a page");
            let held = take(&mut desk, ChannelMessage::Settle(together), 62);
            assert_eq!(held, [format!("hold {attempt} until 121")]);
        }
    }

    #[test]
    fn several_messages_of_the_house_go_out_one_by_one() {
        let mut desk = desk();
        send(&mut desk, 1, Severity::Error, 0);
        send(&mut desk, 2, Severity::Error, 0);
        let test = |attempt| to(page(attempt, Severity::Info, 60), |notice| notice.test = true);
        take(&mut desk, ChannelMessage::Send(test(3)), 60);
        take(&mut desk, ChannelMessage::Send(test(4)), 60);
        let together = Together::of(&test(3)).expect("a page");
        let settled = take(&mut desk, ChannelMessage::Settle(together), 62);
        assert_eq!(settled, ["hold 4 until 122", "send 3"]);
    }

    #[test]
    fn a_recall_is_never_put_off() {
        let mut desk = desk();
        send(&mut desk, 1, Severity::Error, 0);
        let mut recall = page(1, Severity::Error, 0);
        recall.errand = Errand::Recall { receipt: None };
        assert_eq!(take(&mut desk, ChannelMessage::Send(recall), 1), ["send 1"]);
    }

    #[test]
    fn a_channel_without_limits_puts_nothing_off() {
        let mut desk = desk();
        desk.settings.pace = Pace::default();
        assert_eq!(send(&mut desk, 1, Severity::Error, 0), ["send 1"]);
        assert_eq!(send(&mut desk, 2, Severity::Error, 0), ["send 2"]);
    }

    #[test]
    fn a_channel_that_falls_over_remembers_what_it_has_sent() {
        let mut fell = desk();
        send(&mut fell, 1, Severity::Error, 0);
        let mut again = Desk::new(fell.settings().clone(), at(1));
        assert_eq!(send(&mut again, 2, Severity::Error, 1), ["hold 2 until 60"]);
    }

    #[test]
    fn a_channel_that_closes_gives_back_what_waits_for_others() {
        let mut desk = desk();
        send(&mut desk, 1, Severity::Error, 0);
        send(&mut desk, 2, Severity::Error, 0);
        send(&mut desk, 3, Severity::Error, 60);
        assert_eq!(take(&mut desk, ChannelMessage::Drain(oneshot::channel().0), 60), ["expire 3"]);
        assert_eq!(send(&mut desk, 4, Severity::Error, 60), ["expire 4"]);
    }
}
