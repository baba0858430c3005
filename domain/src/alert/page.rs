//! One page: the effort to reach one person, rung by rung.
//!
//! ```text
//!            send due                       accepted
//! waiting ───────────► in flight ─────────────────────► waiting for the next send, if there is one
//!    ▲                  ▲  │ │ │ │                                      │
//!    │  next provider   │  │ │ │ │  next provider                       │ undelivered, or silent past its report
//!    │  at once         └──┘ │ │ └──────────────────────────────────────┘
//!    └─ failed, unknown ─────┘ └── refused, or tried too often ──► given up; the next rung starts at once
//! ```
//!
//! A try that has not arrived goes to the rung's next provider at once. Only when all were tried it waits, or climbs; when
//! the last one took it and it did not arrive, and others had only failed, it does both.

use events::event::Language;
use events::event::alert::{AttemptStarted, PageOrdered, PageRung};
use events::mutant::{self, Mutant};
use events::{ChannelId, PersonId, Sealed, Span, Timestamp};

use super::limit::{
    LATE_MIN, RETRIES_PER_SEND_MAX, RETRY_AFTER_MAX, RETRY_WAIT_MAX, RETRY_WAIT_MIN, SEND_EVERY_MIN,
};
use super::turns::Turns;

/// A page in its present state.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its place in the alert, from 1.
    pub number: u32,
    /// Whom.
    pub person: PersonId,
    /// How they are called.
    pub name: Sealed<String>,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// The language of every text.
    pub language: Language,
    /// The IANA name of the zone of every time in it.
    pub time_zone: String,
    /// The ladder.
    pub rungs: Vec<RungState>,
    /// Nothing more is started: somebody has it, or the person is gone.
    pub stopped: bool,
    /// It was ordered because whoever does planned work has the alert.
    pub is_for_work: bool,
}

/// A rung in its present state.
#[derive(Clone, Debug)]
pub struct RungState {
    /// What was ordered.
    pub rung: PageRung,
    /// How many sends have begun.
    pub sends: u32,
    /// When the next one begins.
    pub next_send_at: Option<Timestamp>,
    /// The present send is to be tried again.
    pub retry: Option<Retry>,
    /// How often the present send was tried again, all providers of a round counting once.
    pub retries: u32,
    /// Which attempt of the alert is the last of it; 0 before the first.
    attempt: u32,
    /// The present send's provider has reported that it arrived.
    has_arrived: bool,
    turns: Turns,
}

/// A send that is to be tried again.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// When.
    pub at: Timestamp,
    /// It may have arrived before: say that it is a repeat.
    pub repeat: bool,
}

/// Which of a page's sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedSend {
    /// The rung, from 1.
    pub rung: u32,
    /// Which of its sends, from 1.
    pub send: u32,
}

/// A send that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSend {
    /// The rung, from 1.
    pub rung: u32,
    /// Which of its sends, from 1.
    pub send: u32,
    /// Over which provider; none when the rung names none.
    pub via: Option<ChannelId>,
    /// It may have arrived before.
    pub repeat: bool,
    /// How late it is, when that is worth saying.
    pub late: Option<Span>,
}

impl Page {
    /// A page as ordered at `at`.
    pub fn new(ordered: &PageOrdered, at: Timestamp) -> Self {
        let rungs = ordered.ladder.iter().map(|rung| RungState {
            next_send_at: Some(at + rung.after),
            rung: rung.clone(),
            sends: 0,
            retry: None,
            retries: 0,
            attempt: 0,
            has_arrived: false,
            turns: Turns::of(rung.providers.len()),
        });
        Self {
            number: ordered.page,
            person: ordered.person,
            name: ordered.name.clone(),
            ordered_at: at,
            language: ordered.language,
            time_zone: ordered.time_zone.clone(),
            rungs: rungs.collect(),
            stopped: false,
            is_for_work: false,
        }
    }

    /// Starts nothing more.
    pub fn stop(&mut self) {
        self.stopped = true;
        for rung in &mut self.rungs {
            rung.next_send_at = None;
            rung.retry = None;
        }
    }

    /// The next moment at which something is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let moments = |rung: &RungState| [rung.next_send_at, rung.retry.map(|retry| retry.at)];
        self.rungs.iter().flat_map(moments).flatten().min()
    }

    /// The sends that are due at `now`. Several that are all late collapse into the one on the highest rung.
    pub fn due(&self, now: Timestamp) -> Vec<DueSend> {
        let mut due: Vec<DueSend> = Vec::new();
        let mut fresh = Vec::new();
        for (number, rung) in (1_u32..).zip(&self.rungs) {
            if let Some(retry) = rung.retry.filter(|retry| retry.at <= now) {
                due.push(DueSend {
                    rung: number,
                    send: rung.sends,
                    via: rung.rung.providers.get(rung.turns.now()).cloned(),
                    repeat: retry.repeat,
                    late: lateness(retry.at, now),
                });
            }
            if let Some(at) = rung.next_send_at.filter(|&at| at <= now) {
                fresh.push(DueSend {
                    rung: number,
                    send: rung.sends + 1,
                    via: rung.provider_of_next_send(),
                    repeat: false,
                    late: lateness(at, now),
                });
            }
        }
        let latest = fresh.iter().filter_map(|send| send.late).max();
        if latest.is_some()
            && let Some(last) = fresh.pop()
        {
            let rung = usize::try_from(last.rung).ok().and_then(|rung| self.rungs.get(rung.checked_sub(1)?));
            let send = rung.map_or(last.send, |rung| rung.last_due(now).0);
            fresh = vec![DueSend { send, late: latest, ..last }];
        }
        due.extend(fresh);
        due
    }

    /// An attempt began.
    pub fn start(&mut self, started: &AttemptStarted, at: Timestamp) {
        let is_fresh = self.rung(started.rung).is_some_and(|rung| started.send > rung.sends);
        let stands_for_all = is_fresh && started.late.is_some();
        if stands_for_all {
            self.pass_over(at);
        }
        let Some(rung) = self.rung(started.rung) else { return };
        rung.retry = None;
        rung.attempt = started.attempt;
        if is_fresh {
            rung.has_arrived = false;
            rung.turns.begin_send();
        }
        rung.turns.begin(started.attempt);
        if stands_for_all {
            rung.retries = 0;
            let soonest = at + rung.rung.every.half();
            rung.next_send_at = rung.next_send_at.map(|next| next.max(soonest));
        } else if is_fresh {
            let planned = rung.next_send_at.unwrap_or(at);
            rung.sends = started.send;
            rung.retries = 0;
            rung.next_send_at = rung.following(planned, at);
        }
    }

    /// The provider took it.
    pub fn accepted(&mut self, of: PlannedSend) {
        if let Some(rung) = self.present(of) {
            rung.retry = None;
        }
    }

    /// Its provider reported that it arrived: no try of this send is needed any more.
    pub fn arrived(&mut self, of: PlannedSend) {
        self.accepted(of);
        if let Some(rung) = self.present(of) {
            rung.has_arrived = true;
        }
    }

    /// This provider will never reach this contact. The next one is tried at once; when there is none any more, the rung
    /// is given up and the page climbs.
    pub fn refused(&mut self, of: &AttemptStarted, again: Again, at: Timestamp) {
        let Some(rung) = self.rung(of.rung) else { return };
        let place = rung.place_of(of);
        let is_present_provider = place == rung.turns.now();
        rung.turns.refuse(place);
        if rung.turns.is_over() {
            rung.next_send_at = None;
            rung.retry = None;
            self.climb(of.rung, at);
        } else if is_present_provider && rung.retry.is_some() {
            rung.turns.begin_again();
        } else if rung.waits_for(of) {
            self.retry(of, again, at);
        } else if is_present_provider {
            self.climb(of.rung, at);
        }
    }

    /// It did not work, or may not have: the next provider at once. When all were tried, the same send again later; when
    /// that was too often, climb.
    pub fn retry(&mut self, of: &AttemptStarted, again: Again, at: Timestamp) {
        if self.stopped {
            return;
        }
        let waits = |rung: &&mut RungState| rung.waits_for(of) && !rung.turns.is_over();
        let Some(tried) = self.rung(of.rung).filter(waits) else { return };
        if tried.pass_on() {
            tried.retry = Some(Retry { at, repeat: again.repeat });
            return;
        }
        // Somebody took it in this round, and time was lost by it.
        let has_missed = tried.turns.has_missed();
        let is_tried_again = tried.turns.is_worth_another_round() && tried.begin_round(again, at);
        if !is_tried_again || has_missed {
            self.climb(of.rung, at);
        }
    }

    /// Its provider was not asked, because its breaker is open: it is in the next round, whatever its breaker says.
    pub fn passed_over(&mut self, of: &AttemptStarted) {
        if let Some(rung) = self.present(PlannedSend { rung: of.rung, send: of.send }) {
            let place = rung.place_of(of);
            rung.turns.pass_over(place, of.attempt);
        }
    }

    /// It did not arrive, or its provider, which was to report that it did, is silent: the next provider at once, else the
    /// next rung. Those who only failed in this round are tried again after a wait. What else is planned on this one comes
    /// all the same: a line that was busy may be free by then.
    pub fn missed(&mut self, of: &AttemptStarted, again: Again, at: Timestamp) {
        if self.stopped {
            return;
        }
        let Some(rung) = self.rung(of.rung) else { return };
        if rung.has_arrived {
            return;
        }
        let place = rung.place_of(of);
        let is_present = rung.sends == of.send;
        if is_present {
            rung.turns.miss(place, of.attempt);
        }
        let has_turn = place == rung.turns.now();
        // A round that was to follow was called off when its provider seemed to have it after all.
        let was_called_off = rung.waits_for(of) && rung.retry.is_none();
        if !has_turn && !was_called_off {
            return;
        }
        // Another try of it may have arrived.
        let repeat = again.repeat || rung.retry.is_some_and(|retry| retry.repeat);
        let is_last = rung.waits_for(of);
        if has_turn && is_present && (is_last || rung.retry.is_some()) && rung.pass_on() {
            rung.retry = Some(Retry { at, repeat });
            return;
        }
        if is_last {
            rung.retry = None;
            if rung.turns.is_worth_another_round() && !mutant::is_on(Mutant::LeaveRoundUnfinished) {
                rung.begin_round(Again { repeat, ..again }, at);
            }
        }
        self.climb(of.rung, at);
    }

    /// True when somebody else can be tried at once should this try not arrive.
    pub fn has_alternative(&self, of: &AttemptStarted) -> bool {
        let rung = usize::try_from(of.rung).ok().and_then(|rung| self.rungs.get(rung.checked_sub(1)?));
        rung.is_some_and(|rung| rung.waits_for(of) && rung.turns.has_next())
    }

    /// True when nothing is left to start.
    pub fn is_through(&self) -> bool {
        self.next_deadline().is_none()
    }

    /// All waiting moves back.
    pub fn move_back(&mut self, back: Span) {
        self.ordered_at = self.ordered_at - back;
        for rung in &mut self.rungs {
            rung.next_send_at = rung.next_send_at.map(|at| at - back);
            rung.retry = rung.retry.map(|retry| Retry { at: retry.at - back, ..retry });
        }
    }

    /// The rung whose present send it is. Once a later one has begun, that one stands for it: it goes to the same
    /// address, and has a try and an outcome of its own.
    pub(super) fn present(&mut self, of: PlannedSend) -> Option<&mut RungState> {
        self.rung(of.rung).filter(|rung| rung.sends == of.send)
    }

    fn rung(&mut self, number: u32) -> Option<&mut RungState> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.rungs.get_mut(index)
    }

    /// Starts the next rung that has not begun; moves no other.
    pub(super) fn climb(&mut self, from: u32, at: Timestamp) {
        let above = self.rungs.iter_mut().skip(usize::try_from(from).unwrap_or(usize::MAX));
        let next = above.filter(|rung| rung.sends == 0).find_map(|rung| rung.next_send_at.as_mut());
        if let Some(next) = next {
            *next = at.min(*next);
        }
    }

    /// Every send whose time has come is passed over, and so is another try of the send before it: one that says so
    /// stands for all of them.
    fn pass_over(&mut self, at: Timestamp) {
        for rung in &mut self.rungs {
            if rung.next_send_at.is_some_and(|planned| planned <= at) {
                rung.retry = None;
                (rung.sends, rung.next_send_at) = rung.last_due(at);
            }
        }
    }
}

impl RungState {
    /// True while this is the last try of the present send, which has not arrived: what becomes of it decides how the
    /// rung goes on.
    fn waits_for(&self, of: &AttemptStarted) -> bool {
        self.sends == of.send && self.attempt == of.attempt && !self.has_arrived
    }

    /// Passes the turn on to a provider that was not tried yet. False when all were.
    fn pass_on(&mut self) -> bool {
        !mutant::is_on(Mutant::NeverFailOver) && self.turns.pass()
    }

    /// Begins a new round over all who have turns, after a wait. False when there were too many.
    fn begin_round(&mut self, again: Again, at: Timestamp) -> bool {
        self.turns.begin_again();
        self.retries += 1;
        let goes_on = self.retries <= RETRIES_PER_SEND_MAX;
        self.retry = goes_on.then(|| Retry { at: at + again.wait(self.retries), repeat: again.repeat });
        goes_on
    }

    /// Whose turn it was.
    fn place_of(&self, of: &AttemptStarted) -> usize {
        let known = self.rung.providers.iter().position(|provider| of.via.as_ref() == Some(provider));
        known.unwrap_or(self.turns.now())
    }

    fn provider_of_next_send(&self) -> Option<ChannelId> {
        let mut turns = self.turns.clone();
        turns.begin_send();
        self.rung.providers.get(turns.now()).cloned()
    }

    /// How many sends have begun or should have by `at`, and when the one after them is planned.
    fn last_due(&self, at: Timestamp) -> (u32, Option<Timestamp>) {
        let (mut sends, mut next) = (self.sends, self.next_send_at);
        while let Some(planned) = next.filter(|&planned| planned <= at) {
            sends += 1;
            next =
                (sends < self.rung.attempts && !self.rung.every.is_zero()).then(|| planned + self.rung.every);
        }
        (sends, next)
    }

    /// When the send after the present one begins, if there is one: as planned, but when this one came late, not
    /// sooner than half of their distance after it. Nobody is helped by two texts in the same second.
    fn following(&self, planned: Timestamp, at: Timestamp) -> Option<Timestamp> {
        let left_out = u32::from(mutant::is_on(Mutant::LoseLastSend));
        let every = self.rung.every.max(SEND_EVERY_MIN);
        (self.sends + left_out < self.rung.attempts).then(|| (planned + every).max(at + every.half()))
    }
}

/// How a send is tried again.
#[derive(Clone, Copy, Debug)]
pub struct Again {
    /// It may have arrived.
    pub repeat: bool,
    /// The first retry does not wait: it was our own process that ended, not the provider that failed.
    pub at_once: bool,
    /// How long the provider asked us to wait.
    pub retry_after: Option<Span>,
    /// Spreads retries, the same on every replay.
    pub seed: u64,
}

impl Again {
    /// Doubling waits, spread by up to a quarter, and never less than the provider asked for.
    fn wait(self, retries: u32) -> Span {
        if self.at_once && retries == 1 {
            return Span::ZERO;
        }
        let doubled = RETRY_WAIT_MIN.times(1 << retries.saturating_sub(1).min(10)).min(RETRY_WAIT_MAX);
        let spread = Span::from_micros(self.seed % (doubled.as_micros() / 4).max(1));
        (doubled + spread).max(self.retry_after.unwrap_or_default().min(RETRY_AFTER_MAX))
    }
}

fn lateness(planned: Timestamp, now: Timestamp) -> Option<Span> {
    Some(now.since(planned)).filter(|&late| late > LATE_MIN && !mutant::is_on(Mutant::CollapseNothing))
}

#[cfg(test)]
mod tests {
    use events::event::person::ChannelKind;

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::default() + Span::from_seconds(seconds)
    }

    /// Three texts, a minute apart, from 60 s on; and one to the pager at 90 s.
    fn page() -> Page {
        let rung = |channel, after, attempts| PageRung {
            contact: "contact".into(),
            channel,
            via: None,
            providers: Vec::new(),
            address: Sealed::Shut,
            after: Span::from_seconds(after),
            attempts,
            every: Span::from_seconds(60),
        };
        let ordered = PageOrdered {
            page: 1,
            person: PersonId::from_bytes([1; 16]),
            name: Sealed::Shut,
            language: Language::En,
            time_zone: "UTC".into(),
            ladder: vec![rung(ChannelKind::SMS, 60, 3), rung(ChannelKind::PAGER, 90, 1)],
            skipped: Vec::new(),
        };
        Page::new(&ordered, at(0))
    }

    fn start(page: &mut Page, now: u64) -> Vec<DueSend> {
        let due = page.due(at(now));
        for send in &due {
            let started = AttemptStarted {
                attempt: 1,
                page: 1,
                rung: send.rung,
                send: send.send,
                via: send.via.clone(),
                repeat: send.repeat,
                late: send.late,
                timeout_at: at(now + 15),
                node: "a".into(),
                boot: events::BootId(1),
            };
            page.start(&started, at(now));
        }
        due
    }

    #[test]
    fn a_send_that_comes_late_keeps_the_next_half_their_distance_away() {
        let mut page = page();
        assert_eq!(start(&mut page, 118).len(), 2, "less than a minute late: both rungs");
        assert_eq!(page.next_deadline(), Some(at(148)), "and not at 120 s, two seconds later");
    }

    fn begun(rung: u32, send: u32) -> AttemptStarted {
        AttemptStarted {
            attempt: 1,
            page: 1,
            rung,
            send,
            via: None,
            repeat: false,
            late: None,
            timeout_at: at(0),
            node: "a".into(),
            boot: events::BootId(1),
        }
    }

    #[test]
    fn what_did_not_arrive_climbs_and_takes_nothing_from_what_is_planned() {
        let mut page = page();
        let due = start(&mut page, 60);
        assert_eq!(due.iter().map(|send| (send.rung, send.send)).collect::<Vec<_>>(), [(1, 1)]);
        page.missed(
            &begun(1, 1),
            Again { repeat: false, at_once: false, retry_after: None, seed: 0 },
            at(61),
        );
        let due = start(&mut page, 61);
        assert_eq!(due.iter().map(|send| (send.rung, send.send)).collect::<Vec<_>>(), [(2, 1)], "at once");
        let due = start(&mut page, 120);
        assert_eq!(due.iter().map(|send| (send.rung, send.send)).collect::<Vec<_>>(), [(1, 2)], "as planned");
        page.refused(
            &begun(1, 2),
            Again { repeat: false, at_once: false, retry_after: None, seed: 0 },
            at(121),
        );
        assert_eq!(page.next_deadline(), None, "a refusal gives the rung up");
    }

    #[test]
    fn a_late_send_stands_for_what_was_missed_and_takes_nothing_from_what_comes() {
        let mut page = page();
        // Missed: texts at 60 s and 120 s, the pager at 90 s. The pager stands for all.
        let due = start(&mut page, 155);
        assert_eq!(due.iter().map(|send| (send.rung, send.send)).collect::<Vec<_>>(), [(2, 1)]);
        assert_eq!(page.next_deadline(), Some(at(180)), "the third text comes when it was planned");
        let due = start(&mut page, 180);
        assert_eq!(due.iter().map(|send| (send.rung, send.send)).collect::<Vec<_>>(), [(1, 3)]);
        assert_eq!(page.next_deadline(), None);
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Does {
        Fails,
        Hangs,
        Refuses,
        Misses,
    }

    /// How often each of two providers of one send is asked that do the same again and again, until nothing is due.
    fn asked(does: [Does; 2]) -> [u32; 2] {
        let mut page = page();
        page.rungs.truncate(1);
        page.rungs[0].rung.attempts = 1;
        page.rungs[0].rung.providers = vec!["a".into(), "b".into()];
        page.rungs[0].turns = Turns::of(2);
        let (mut asked, mut attempt) = ([0, 0], 0);
        while let Some(now) = page.next_deadline() {
            let due = page.due(now).pop().expect("due");
            attempt += 1;
            assert!(attempt < 100, "{does:?} goes on for ever");
            let started = AttemptStarted { attempt, via: due.via, repeat: due.repeat, ..begun(1, 1) };
            page.start(&started, now);
            let place = usize::from(started.via == Some("b".into()));
            asked[place] += 1;
            let again = Again { repeat: due.repeat, at_once: false, retry_after: None, seed: attempt.into() };
            match does[place] {
                Does::Fails => page.retry(&started, again, now),
                Does::Hangs => page.retry(&started, Again { repeat: true, ..again }, now),
                Does::Refuses => page.refused(&started, again, now),
                Does::Misses => {
                    page.accepted(PlannedSend { rung: 1, send: 1 });
                    page.missed(&started, Again { repeat: true, ..again }, now + Span::from_seconds(90));
                }
            }
        }
        asked
    }

    #[test]
    fn whatever_two_providers_do_all_is_tried_and_comes_to_an_end() {
        let all = [Does::Fails, Does::Hangs, Does::Refuses, Does::Misses];
        for (a, b) in all.into_iter().flat_map(|a| all.map(|b| (a, b))) {
            let asked = asked([a, b]);
            let has_hope = |does: Does| matches!(does, Does::Fails | Does::Hangs);
            for (place, does) in [a, b].into_iter().enumerate() {
                let is_asked_again = match does {
                    Does::Refuses => false,
                    Does::Fails | Does::Hangs => true,
                    Does::Misses => has_hope(a) || has_hope(b),
                };
                let expected = if is_asked_again { RETRIES_PER_SEND_MAX + 1 } else { 1 };
                assert_eq!(asked[place], expected, "{a:?} {b:?}: {asked:?}");
            }
        }
    }
}
