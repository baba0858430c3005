//! Judges every alert by what the providers wrote down.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::Patience;
use super::fault::{Fault, Kind};
use super::house::House;
use super::household::{CONTACTS, Contact};
use super::lives::Lives;
use super::repeats;
use super::report::Tally;
use super::stalls::Stalls;
use super::tale::{Tale, What};
use crate::behaviour::Behaviour;
use crate::bench::BenchError;
use crate::ledger::{Call, Entry, Provider};
use crate::moment;

/// How every summary begins, and how long it is.
const SUMMARY_START: &str = "crash-";
const SUMMARY_CHARS: usize = "crash-00-000000".len();

/// One that had to wait for its turn at a provider that hangs arrives within the time that an attempt has.
const IN_QUEUE_MS_MAX: u64 = 15_000;

/// A page that a second kill has hit waits this long before it is tried again, at most.
const RETRY_WAIT_MS_MAX: u64 = 5_000;

/// From a try to its retry at the least: a provider's time limit and the first wait.
const RETRY_AFTER_MS_MIN: u64 = 2_000;

/// It is quiet when nobody was paged for so long. Longer than the first two waits before a retry.
const QUIET: Duration = Duration::from_secs(8);
/// How long it may take until all is done and quiet.
const QUIET_WAIT_MAX: Duration = Duration::from_mins(4);
/// How often that is looked at.
const QUIET_ASKED_EVERY: Duration = Duration::from_millis(500);

/// Waits until everything planned has arrived, or should have, and judges.
pub async fn judge(
    house: &mut House,
    patience: Patience,
    stalls: &Stalls,
    tales: Vec<Tale>,
) -> Result<Tally, BenchError> {
    wait_until_quiet(house, &tales).await;
    let stalls = stalls.seen();
    house.lives_mut().stalled(&stalls);
    let house = &*house;
    let now = moment::unix_ms();
    let entries = house.stand_ins().ledger().entries();
    let mut tally =
        Tally { houses: 1, stalls: u64::try_from(stalls.len()).unwrap_or(u64::MAX), ..Tally::default() };
    let gateway = Gateway::of(&entries);
    let sends = by_summary(house.number(), &entries, &tales, &mut tally);
    for tale in &tales {
        let sends = sends.get(tale.summary.as_str()).map(Vec::as_slice).unwrap_or_default();
        Judgement {
            house: house.number(),
            tale,
            sends,
            lives: house.lives(),
            patience,
            now,
            gateway: &gateway,
            tally: &mut tally,
        }
        .pass();
    }
    still_rings(house, &tales, &mut tally);
    for tale in &tales {
        tally.faults.extend(ask(house, tale).await?);
    }
    if let Err(error) = house.command("verify", &[]).await {
        tally.faults.push(Fault::alone(Kind::Broken, house.number(), error.to_string()));
    }
    Ok(tally)
}

async fn wait_until_quiet(house: &House, tales: &[Tale]) {
    let open = tales.iter().filter(|tale| tale.end().is_none());
    let mut missing: BTreeSet<(String, &str)> = open
        .flat_map(|tale| CONTACTS.iter().map(|contact| (tale.summary.clone(), contact.destination)))
        .collect();
    let (mut seen, mut last_at) = (0, 0);
    let began = moment::now();
    while moment::since(began) < QUIET_WAIT_MAX {
        moment::pause(QUIET_ASKED_EVERY).await;
        for entry in house.stand_ins().ledger().entries_after(seen) {
            seen = entry.seq;
            if entry.call != Call::Send {
                continue;
            }
            last_at = entry.at_ms;
            let contact = CONTACTS.iter().find(|contact| contact.destination == entry.destination);
            if let (true, Some(summary), Some(contact)) = (entry.processed, summary_in(&entry), contact) {
                missing.remove(&(summary.to_owned(), contact.destination));
            }
        }
        let is_quiet = moment::unix_ms() > last_at + u64::try_from(QUIET.as_millis()).unwrap_or_default();
        if missing.is_empty() && is_quiet && ringing(house, tales).is_empty() {
            return;
        }
    }
}

/// The summary that a page names.
fn summary_in(entry: &Entry) -> Option<&str> {
    let start = entry.text.find(SUMMARY_START)?;
    entry.text.get(start..start + SUMMARY_CHARS)
}

fn by_summary<'e>(
    house: u32,
    entries: &'e [Entry],
    tales: &[Tale],
    tally: &mut Tally,
) -> BTreeMap<&'e str, Vec<&'e Entry>> {
    let known: BTreeSet<&str> = tales.iter().map(|tale| tale.summary.as_str()).collect();
    let mut sends: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.call == Call::Send) {
        tally.sends += 1;
        tally.arrived += u64::from(entry.processed);
        tally.misbehaved += u64::from(entry.behaviour != Behaviour::Accept);
        if let Some(summary) = summary_in(entry).filter(|summary| known.contains(summary)) {
            sends.entry(summary).or_default().push(entry);
        } else {
            let mut fault = Fault::alone(Kind::Unknown, house, "a page names no alert of any source");
            fault.ledger.push(super::fault::line(entry));
            tally.faults.push(fault);
        }
    }
    sends
}

/// What rings although somebody has it or it is over.
fn ringing(house: &House, tales: &[Tale]) -> Vec<String> {
    let ended: BTreeSet<&str> =
        tales.iter().filter(|tale| tale.end().is_some()).map(|tale| tale.summary.as_str()).collect();
    let emergencies = house.stand_ins().pushover().ringing();
    let rings = emergencies.iter().filter_map(|emergency| {
        let start = emergency.text.find(SUMMARY_START)?;
        emergency.text.get(start..start + SUMMARY_CHARS)
    });
    rings.filter(|summary| ended.contains(summary)).map(str::to_owned).collect()
}

fn still_rings(house: &House, tales: &[Tale], tally: &mut Tally) {
    let rings = ringing(house, tales);
    for tale in tales.iter().filter(|tale| rings.contains(&tale.summary)) {
        let sentence = "an emergency still rings";
        tally.faults.push(Fault::of(Kind::RingsOn, house.number(), sentence, tale, &[]));
    }
}

/// One alert and everything that is needed to judge it.
struct Judgement<'a> {
    house: u32,
    tale: &'a Tale,
    sends: &'a [&'a Entry],
    lives: &'a Lives,
    patience: Patience,
    now: u64,
    gateway: &'a Gateway,
    tally: &'a mut Tally,
}

/// When the pager gateway held up its only connection: what is due to any pager then waits for its turn.
struct Gateway(Vec<u64>);

impl Gateway {
    fn of(entries: &[Entry]) -> Self {
        let holds_up = |entry: &&Entry| {
            let is_slow = matches!(entry.behaviour, Behaviour::Hang { .. } | Behaviour::Slow { .. });
            entry.provider == Provider::Snpp && is_slow
        };
        Self(entries.iter().filter(holds_up).map(|entry| entry.at_ms).collect())
    }

    fn held_up(&self, from: u64, to: u64) -> bool {
        self.0.iter().any(|&at| at + IN_QUEUE_MS_MAX >= from && at <= to)
    }
}

impl Judgement<'_> {
    fn pass(mut self) {
        self.count();
        if let Some(refused) = &self.tale.refused {
            let sentence = format!("refused for good: {refused}");
            return self.fault(Kind::Refused, sentence);
        }
        let Some(accepted_at) = self.tale.accepted_at() else { return };
        self.paged(accepted_at);
        self.rungs(accepted_at);
        self.silence();
        self.repeats();
    }

    fn count(&mut self) {
        let tally = &mut *self.tally;
        tally.alerts += u64::from(!self.tale.said.is_empty());
        tally.ran_its_course += u64::from(self.tale.end().is_none());
        for said in &self.tale.said {
            tally.tries += u64::from(said.tries);
            match said.what {
                What::Taken => tally.taken += 1,
                What::Fires | What::Changes | What::Resolved => tally.signals += 1,
            }
        }
    }

    /// Somebody was paged, or it is known why not.
    fn paged(&mut self, accepted_at: u64) {
        if self.sends.iter().any(|send| send.processed) {
            self.tally.paged += 1;
            return;
        }
        let end = self.tale.end().map_or(self.now, |end| end.tried_at);
        let ready_ms = self.lives.ready_ms_longest(accepted_at, end);
        let was_cut = self.lives.was_cut(accepted_at, end);
        let limit_ms = self.patience.at_once_ms + if was_cut { RETRY_WAIT_MS_MAX } else { 0 };
        if !self.sends.is_empty()
            && self.sends.iter().all(|send| !send.behaviour.processes())
            && self.tale.end().is_some()
        {
            self.tally.over_while_providers_failed += 1;
        } else if self.sends.is_empty() && self.tale.end().is_some() && ready_ms < limit_ms {
            self.tally.over_before_paged += 1;
        } else {
            self.tally.lost += 1;
            let sentence =
                format!("nobody was paged, although the house was ready for {ready_ms} ms meanwhile");
            self.fault(Kind::Lost, sentence);
        }
    }

    /// Every planned send whose time came while the house stood was begun; what nobody took arrived everywhere.
    fn rungs(&mut self, accepted_at: u64) {
        for contact in &CONTACTS {
            let mut to_it = self.sends.iter().filter(|send| send.destination == contact.destination);
            let is_missing = match self.tale.end() {
                None => !to_it.any(|send| send.processed),
                Some(end) => {
                    // A kill may have hit the attempt before its provider saw it; the retry of one that was hit twice
                    // waits. So only what no kill has touched is sure to be seen before the end.
                    let due_at = accepted_at + contact.due_ms;
                    let seen_at = due_at + contact.waits_ms + self.patience.at_once_ms;
                    let is_missing = to_it.next().is_none()
                        && seen_at <= end.tried_at
                        && !self.lives.was_cut(accepted_at, seen_at);
                    let waited = contact.is_pager() && self.gateway.held_up(due_at, end.tried_at);
                    self.tally.over_in_queue += u64::from(is_missing && waited);
                    is_missing && !waited
                }
            };
            if is_missing {
                let sentence = format!("nothing reached {}, which was due", contact.destination);
                self.fault(Kind::RungLost, sentence);
            }
        }
    }

    /// What was taken or is over pages nobody any more, except with what had begun before.
    fn silence(&mut self) {
        let (Some(end), Some(first)) = (self.tale.end(), self.tale.said.first()) else { return };
        for send in self.sends.iter().filter(|send| send.at_ms > end.heard_at) {
            let ran_ms = self.lives.running_ms(end.heard_at, send.at_ms);
            let survived = !self.lives.died_between(end.heard_at, send.at_ms);
            if survived && ran_ms <= self.patience.in_flight_ms {
                self.tally.in_flight_at_end += 1;
            } else if survived
                && ran_ms <= IN_QUEUE_MS_MAX
                && self.had_begun(send, first.tried_at, end.heard_at)
            {
                self.tally.in_queue_at_end += 1;
            } else {
                let (seq, what) = (send.seq, end.what);
                let sentence = format!("#{seq} came {ran_ms} ms of running after {what:?} was answered");
                self.fault(Kind::PagedAfterTheEnd, sentence);
            }
        }
    }

    /// True when a send may have begun before `end`: its time had come, and if it is a retry, that of the retry too.
    fn had_begun(&self, send: &Entry, raised: u64, end: u64) -> bool {
        let is_due =
            |contact: &Contact| contact.destination == send.destination && raised + contact.after_ms() <= end;
        let to_it = |other: &&&Entry| other.destination == send.destination && other.seq < send.seq;
        let before = self.sends.iter().rfind(to_it);
        CONTACTS.iter().any(is_due) && before.is_none_or(|before| before.at_ms + RETRY_AFTER_MS_MIN <= end)
    }

    fn repeats(&mut self) {
        let raised_at = self.tale.said.first().map_or(0, |said| said.tried_at);
        for contact in &CONTACTS {
            let to_it: Vec<&Entry> =
                self.sends.iter().filter(|send| send.destination == contact.destination).copied().collect();
            let found = repeats::judge(contact, raised_at, &to_it, self.lives);
            self.tally.labelled += found.labelled;
            self.tally.arrived_again += found.arrived_again;
            self.tally.tries_max = self.tally.tries_max.max(found.tries_max);
            self.tally.without_cause += found.without_cause;
            let slow = self.patience.answers_may_be_late;
            let is_fault = |kind: Kind| kind != Kind::RepeatedWithoutCause || !slow;
            for (kind, sentence) in found.faults.into_iter().filter(|(kind, _)| is_fault(*kind)) {
                self.tally.unlabelled += u64::from(kind == Kind::Unlabelled);
                self.tally.faults.push(Fault::of(kind, self.house, sentence, self.tale, &to_it));
            }
        }
    }

    fn fault(&mut self, kind: Kind, sentence: String) {
        self.tally.faults.push(Fault::of(kind, self.house, sentence, self.tale, self.sends));
    }
}

/// Asks the house what it holds of an alert: everything that was answered 2xx.
async fn ask(house: &House, tale: &Tale) -> Result<Option<Fault>, BenchError> {
    let forgotten = |sentence: String| Some(Fault::of(Kind::Forgotten, house.number(), sentence, tale, &[]));
    if tale.said.is_empty() {
        return Ok(None);
    }
    let Some(id) = &tale.id else { return Ok(forgotten("the answer named no alert".to_owned())) };
    let door = house.door();
    let asked =
        door.http.get(door.url(&format!("/api/v1/alerts/{id}"))).bearer_auth(&door.token).send().await;
    let failed =
        |error: reqwest::Error| BenchError::system("the API does not answer")(std::io::Error::other(error));
    let answer = asked.map_err(failed)?;
    let status = answer.status();
    if !status.is_success() {
        return Ok(forgotten(format!("the log does not hold it: {status}")));
    }
    let body = answer.text().await.map_err(failed)?;
    let shown: Value = serde_json::from_str(&body).unwrap_or_default();
    for (name, expected) in
        [("summary", tale.summary.as_str()), ("state", tale.state()), ("severity", tale.severity())]
    {
        if shown[name] != expected {
            return Ok(forgotten(format!(
                "{name} is {} in the log; answered 2xx was {expected}",
                shown[name]
            )));
        }
    }
    Ok(None)
}
