//! What the switchboard knows and what follows from a message: no mailbox, no clock, no log. Whoever runs it carries
//! out the [`Act`]s in order.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use domain::agenda::{Staying, TestPage};
use domain::alert::limit::FLOOD_WITHIN;
use domain::alert::symptoms::OpenGroup;
use domain::alert::{Order, Refusal, SignalOrder};
use domain::directory::Grouping;
use domain::ledger::Tally;
use events::event::signal::{Finding, Severity, Signal, Status};
use events::event::symptom::{Gathering, Gathers};
use events::mutant::{self, Mutant};
use events::{AlertId, Author, Position, SourceId, Span, SymptomId, Timestamp};
use tokio::sync::oneshot;

use super::flood::{FLOOD_KEY, FLOOD_LABEL};
use super::{Ahead, Incoming, Index, Located, Resubmitted, SwitchboardMessage};
use crate::alarm::Trouble;
use crate::alert::{Declined, Done, Reply, Stage, Standing, Work};
use crate::shell::Provenance;

/// While no more than so many alerts are alive, one that awaits a channel's report stays so, which saves replaying it
/// for the report.
const LIVE_AWAITING_MAX: usize = 256;

/// So many alerts do at once what is due, those whose moment came first; each that is done makes room for the next. So
/// signals do not wait for all that is due after a long absence.
const DEADLINES_AT_ONCE_MAX: usize = 256;

/// When none of them is done for so long, the next ones follow all the same.
const DEADLINES_STUCK: Span = Span::from_seconds(30);

/// An alert that crashed is begun again after this long.
const RESTART_AFTER: Span = Span::from_seconds(1);

/// So many crashes within [`CRASHES_WITHIN`] set an alert aside.
const CRASHES_MAX: usize = 5;

/// Crashes are counted over this long.
const CRASHES_WITHIN: Span = Span::from_seconds(60);

/// A message that is not in the log yet is given again after this long.
const TELL_AGAIN: Span = Span::from_seconds(30);

/// It is remembered for this long what was told: longer than anything is told late.
const TOLD_KEPT: Span = Span::from_minutes(3 * 60);

/// After a change of the configuration, so many alerts look at it at once. Each that is done lets the next begin: what
/// comes in meanwhile waits for a few of them, and not for thousands.
const RECONSIDERED_AT_ONCE: usize = 4;

/// What is to be done now.
#[derive(Debug)]
pub enum Act {
    /// Start an alert's actor.
    Begin {
        /// Which alert.
        alert: AlertId,
        /// It has no history: there is nothing to read.
        is_fresh: bool,
    },
    /// Give work to an alert's actor, which was started before.
    Give {
        /// Which alert.
        alert: AlertId,
        /// What is to be done.
        work: Box<Work>,
    },
    /// End an alert's actor: it has no work.
    End {
        /// Which alert.
        alert: AlertId,
    },
    /// Find out which alert a symptom's signals belong to, and say so by [`SwitchboardMessage::Located`].
    Locate {
        /// Which symptom.
        symptom: SymptomId,
    },
    /// Answer whoever waits.
    Answer {
        /// Who.
        reply: Reply,
        /// What.
        answer: Result<Done, Declined>,
    },
    /// An alert counts for something else in the ledger.
    Book {
        /// Which alert.
        alert: AlertId,
        /// What it counted for.
        before: Option<Tally>,
        /// What it counts for.
        after: Tally,
    },
    /// An alert was set aside: it is counted as that in the ledger.
    BookAside {
        /// Which alert.
        alert: AlertId,
        /// What it counted for.
        before: Option<Tally>,
    },
    /// Tell the operators.
    Ring(Trouble),
    /// Send [`SwitchboardMessage::Alarm`] with this moment then; earlier does no harm.
    Wake {
        /// When.
        at: Timestamp,
    },
    /// Look into the configuration for what comes next, and say so by [`SwitchboardMessage::Ahead`].
    LookAhead {
        /// The moment has come for which the desk was waiting, or the house has just started.
        is_turn: bool,
    },
    /// Ask the registrar to decide about an override.
    Decide(Staying),
    /// Tell whoever waits for rest that no alert has work.
    Rested(oneshot::Sender<()>),
}

/// What the switchboard knows.
#[derive(Debug)]
pub struct Desk {
    index: Index,
    /// How much work was given to each alert that has an actor.
    live: HashMap<AlertId, u64>,
    locating: HashMap<SymptomId, Vec<Resubmitted>>,
    crashes: HashMap<AlertId, VecDeque<Timestamp>>,
    reconsidering: VecDeque<AlertId>,
    /// Those of them that look at it now.
    looking: HashSet<AlertId>,
    /// Where the last change of the configuration stands.
    changed_at: Position,
    /// Alerts that are yet to look at it: they could not when they were to, or took their step meanwhile.
    owing: BTreeSet<AlertId>,
    alarm_at: Option<Timestamp>,
    /// Alerts that do what is due.
    due: BTreeSet<AlertId>,
    /// When the last of them was added, or done.
    due_moved_at: Timestamp,
    /// When something comes next by itself.
    turn_at: Option<Timestamp>,
    /// Messages that were given to be told, and when; with whether they stand in the log.
    told: BTreeMap<AlertId, (Timestamp, bool)>,
    is_draining: bool,
    resting: Vec<oneshot::Sender<()>>,
}

impl Desk {
    /// A desk with this index; these alerts are yet to look at the configuration, which begins with
    /// [`SwitchboardMessage::ReconsiderMore`].
    pub fn new(index: Index, to_reconsider: Vec<AlertId>) -> Self {
        Self {
            index,
            live: HashMap::new(),
            locating: HashMap::new(),
            crashes: HashMap::new(),
            reconsidering: to_reconsider.into(),
            looking: HashSet::new(),
            changed_at: Position::START,
            owing: BTreeSet::new(),
            alarm_at: None,
            due: BTreeSet::new(),
            due_moved_at: Timestamp::MIN,
            // What began while nobody was here is looked for first of all.
            turn_at: Some(Timestamp::MIN),
            told: BTreeMap::new(),
            is_draining: false,
            resting: Vec::new(),
        }
    }

    /// Every alert that is not over.
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// Takes a message in.
    pub fn take(&mut self, message: SwitchboardMessage, now: Timestamp) -> Vec<Act> {
        let mut acts = Vec::new();
        match message {
            SwitchboardMessage::Signal(incoming) => self.signal(&mut acts, *incoming),
            SwitchboardMessage::Resubmitted(again) => self.route_again(&mut acts, *again),
            SwitchboardMessage::Order { alert, work } => self.give(&mut acts, alert, false, work),
            SwitchboardMessage::About { symptom, work } => match self.index.open_alert(symptom) {
                Some(alert) => self.give(&mut acts, alert, false, work),
                None => answer(&mut acts, work.reply, Ok(Done::NOTHING)),
            },
            SwitchboardMessage::Located { symptom, located } => {
                self.located(&mut acts, symptom, located, now);
            }
            SwitchboardMessage::Stepped { alert, handled, standing } => {
                self.stepped(&mut acts, alert, handled, standing, now);
            }
            SwitchboardMessage::Alarm { at } => self.alarm(&mut acts, at, now),
            SwitchboardMessage::DirectoryChanged { at } => {
                self.changed_at = at;
                self.reconsidering = self.index.following().into();
                acts.push(Act::LookAhead { is_turn: false });
            }
            SwitchboardMessage::ReconsiderMore => {}
            SwitchboardMessage::Ahead { is_turn, ahead } => self.look_ahead(&mut acts, is_turn, ahead, now),
            SwitchboardMessage::Earliest(reply) => {
                // Whoever asked may have given up.
                let _ = reply.send(self.index.earliest());
            }
            SwitchboardMessage::Drain => self.is_draining = true,
            SwitchboardMessage::AwaitRest(reply) => self.resting.push(reply),
        }
        self.reconsider(&mut acts);
        if self.live.is_empty() && self.locating.is_empty() {
            acts.extend(self.resting.drain(..).map(Act::Rested));
        }
        self.arm(&mut acts, now);
        acts
    }

    /// An alert's actor fell over. It is begun again from its history, or set aside when that happens too often.
    pub fn fell(&mut self, alert: AlertId, error: &str, now: Timestamp) -> Vec<Act> {
        let mut acts = Vec::new();
        self.live.remove(&alert);
        self.looking.remove(&alert);
        self.done(alert, now);
        let crashes = self.crashes.entry(alert).or_default();
        crashes.push_back(now);
        while crashes.front().is_some_and(|&first| first + CRASHES_WITHIN < now) {
            crashes.pop_front();
        }
        if crashes.len() >= CRASHES_MAX {
            self.crashes.remove(&alert);
            let before = self.index.standing(alert).and_then(|standing| standing.tally);
            acts.push(Act::BookAside { alert, before });
            self.index.quarantine(alert);
            acts.push(Act::Ring(Trouble::Quarantined { alert, reason: error.to_owned() }));
        } else {
            self.index.stands(alert, Standing::again(now + RESTART_AFTER));
            // What it was to do when it fell is not known.
            self.owing.insert(alert);
        }
        self.reconsider(&mut acts);
        self.arm(&mut acts, now);
        acts
    }

    /// An alert's actor could not be started, or has ended. True when that makes room for others: then
    /// [`SwitchboardMessage::ReconsiderMore`] is to follow.
    pub fn gone(&mut self, alert: AlertId) -> bool {
        self.live.remove(&alert);
        self.due.remove(&alert);
        self.looking.remove(&alert) && !self.reconsidering.is_empty()
    }

    /// An alert has done what was due.
    fn done(&mut self, alert: AlertId, now: Timestamp) {
        if self.due.remove(&alert) {
            self.due_moved_at = now;
        }
    }

    /// How many more alerts may do what is due.
    fn due_room(&mut self, now: Timestamp) -> usize {
        if self.due.len() >= DEADLINES_AT_ONCE_MAX && self.due_moved_at + DEADLINES_STUCK <= now {
            self.due.clear();
        }
        DEADLINES_AT_ONCE_MAX.saturating_sub(self.due.len())
    }

    fn signal(&mut self, acts: &mut Vec<Act>, incoming: Incoming) {
        let Incoming { source, dedup_key, signal, provenance, grouping, accepted_at, reply } = incoming;
        let symptom = SymptomId::derive(&source, &dedup_key);
        // The ordinal is filled in once it is known which alert the signal belongs to.
        let alert = AlertId { symptom, ordinal: 0 };
        let signal = SignalOrder { alert, source, dedup_key, signal, resolved_start: None, gathers: None };
        let (accepted_at, reply) = (Some(accepted_at), Some(reply));
        let signal = Resubmitted { signal, provenance, accepted_at, reply, grouping, from: None };
        self.route(acts, signal);
    }

    /// An alert does not take it: it is over, or takes in no more problems, or not this one.
    fn route_again(&mut self, acts: &mut Vec<Act>, mut signal: Resubmitted) {
        let order = &mut signal.signal;
        let symptom = SymptomId::derive(&order.source, &order.dedup_key);
        order.alert = AlertId { symptom, ordinal: 0 };
        order.gathers = None;
        if let Some((alert, refusal)) = signal.from {
            self.index.groups().leave(symptom, alert);
            if refusal == Refusal::GroupClosed {
                self.index.groups().close(alert);
            }
        }
        self.route(acts, signal);
    }

    fn route(&mut self, acts: &mut Vec<Act>, signal: Resubmitted) {
        let symptom = signal.signal.alert.symptom;
        if let Some(waiting) = self.locating.get_mut(&symptom) {
            if mutant::is_on(Mutant::DropOnFullMailbox) && waiting.len() > 1 {
                return answer(acts, signal.reply, Ok(Done::NOTHING));
            }
            waiting.push(signal);
        } else if let Some(alert) = self.index.open_alert(symptom) {
            self.give_signal(acts, Located { alert, is_fresh: false, resolved_start: None }, signal);
        } else if signal.signal.signal.status == Status::Resolved {
            answer(acts, signal.reply, Ok(Done::NOTHING));
        } else {
            self.locating.insert(symptom, vec![signal]);
            acts.push(Act::Locate { symptom });
        }
    }

    fn located(
        &mut self,
        acts: &mut Vec<Act>,
        symptom: SymptomId,
        located: Result<Located, String>,
        now: Timestamp,
    ) {
        let mut waiting = self.locating.remove(&symptom).unwrap_or_default();
        match located {
            Ok(mut located) => {
                if located.is_fresh {
                    self.index.is_new(located.alert);
                }
                let first = waiting.first_mut().filter(|_| located.is_fresh);
                let host = first.and_then(|first| self.group(acts, first, located.alert, now));
                match host {
                    Some(host) => {
                        self.index.groups().join(symptom, host, now);
                        located = Located { alert: host, is_fresh: false, ..located };
                    }
                    None => self.index.begin(located.alert),
                }
                for signal in waiting {
                    self.give_signal(acts, located, signal);
                    located.is_fresh = false;
                }
            }
            Err(reason) => {
                acts.push(Act::Ring(Trouble::LogRefuses { reason: reason.clone() }));
                for signal in waiting {
                    answer(acts, signal.reply, Err(Declined::Unavailable { reason: reason.clone() }));
                }
            }
        }
    }

    /// The alert that a new problem joins; none when it begins `fresh`, which may take in more.
    fn group(
        &mut self,
        acts: &mut Vec<Act>,
        new: &mut Resubmitted,
        fresh: AlertId,
        now: Timestamp,
    ) -> Option<AlertId> {
        let Grouping { service, within, again_after, flood_at } = new.grouping.as_deref()?.clone();
        let source = &new.signal.source;
        if new.from.is_none() && self.index.floods().count(source, flood_at, now) {
            self.say_flood(acts, source.clone(), Status::Firing, flood_at);
        }
        let goes_alone = matches!(new.from, Some((_, Refusal::GoesAlone)));
        let is_flooding = self.index.floods().is_flooding(source);
        let within = within.map(|within| (within, Gathering::Service));
        let within = within.or_else(|| is_flooding.then_some((FLOOD_WITHIN, Gathering::Flood)));
        let (within, why) = within.filter(|_| !goes_alone)?;
        if let Some(host) = self.index.groups().open(&service, within, now) {
            return Some(host);
        }
        self.index.groups().begin(
            service.clone(),
            fresh,
            OpenGroup { within, last_joined_at: now, count: 1 },
        );
        new.signal.gathers = Some(Gathers { within, again_after, why });
        None
    }

    /// That a source floods us is a problem of its own.
    fn say_flood(&mut self, acts: &mut Vec<Act>, source: SourceId, status: Status, at: u32) {
        let (name, value) = FLOOD_LABEL;
        let signal = Signal {
            status,
            summary: source.to_string(),
            severity: Severity::Warning,
            labels: [(name.to_owned(), value.to_owned())].into(),
            details: BTreeMap::new(),
            started_at: None,
            severity_said: None,
            finding: Some(Finding::Flood { at }),
        };
        let dedup_key = FLOOD_KEY.into();
        let alert = AlertId { symptom: SymptomId::derive(&source, &dedup_key), ordinal: 0 };
        let signal = SignalOrder { alert, source, dedup_key, signal, resolved_start: None, gathers: None };
        self.route(
            acts,
            Resubmitted {
                signal,
                provenance: Provenance::deadline(),
                accepted_at: None,
                reply: None,
                grouping: None,
                from: None,
            },
        );
    }

    fn give_signal(&mut self, acts: &mut Vec<Act>, located: Located, signal: Resubmitted) {
        let Resubmitted { signal, provenance, accepted_at, reply, .. } = signal;
        let order = SignalOrder { alert: located.alert, resolved_start: located.resolved_start, ..signal };
        let work = Work { order: Order::Signal(Box::new(order)), provenance, accepted_at, reply };
        self.give(acts, located.alert, located.is_fresh, Box::new(work));
    }

    fn give(&mut self, acts: &mut Vec<Act>, alert: AlertId, is_fresh: bool, work: Box<Work>) {
        if self.index.is_quarantined(alert) {
            return answer(acts, work.reply, Err(Declined::Quarantined { alert }));
        }
        let given = self.live.entry(alert).or_insert_with(|| {
            acts.push(Act::Begin { alert, is_fresh });
            0
        });
        *given += 1;
        acts.push(Act::Give { alert, work });
    }

    /// Gives an alert something that nobody waits for.
    fn give_order(&mut self, acts: &mut Vec<Act>, alert: AlertId, order: Order) {
        let work = Work { order, provenance: Provenance::deadline(), accepted_at: None, reply: None };
        self.give(acts, alert, false, Box::new(work));
    }

    fn stepped(
        &mut self,
        acts: &mut Vec<Act>,
        alert: AlertId,
        handled: u64,
        mut standing: Standing,
        now: Timestamp,
    ) {
        self.looking.remove(&alert);
        self.done(alert, now);
        if standing.stage != Stage::Unraised
            && let Some((_, is_told)) = self.told.get_mut(&alert)
        {
            *is_told = true;
        }
        if !standing.follows_changes {
            self.owing.remove(&alert);
        } else if standing.looked_at.is_none_or(|looked_at| looked_at < self.changed_at) {
            self.owing.insert(alert);
        }
        if self.owing.contains(&alert) {
            let soon = now + RESTART_AFTER;
            standing.deadline = Some(standing.deadline.map_or(soon, |deadline| deadline.min(soon)));
        }
        if let Some((before, after)) = self.index.stands(alert, standing) {
            acts.push(Act::Book { alert, before, after });
        }
        let is_kept = standing.is_awaiting_report && self.live.len() <= LIVE_AWAITING_MAX;
        if self.live.get(&alert) == Some(&handled) && !is_kept {
            self.live.remove(&alert);
            acts.push(Act::End { alert });
        }
    }

    /// Only the alarm that was set last counts: each one that counts sets the next, and an older one must not set a
    /// second.
    fn alarm(&mut self, acts: &mut Vec<Act>, at: Timestamp, now: Timestamp) {
        if self.alarm_at != Some(at) || self.is_draining {
            return;
        }
        self.alarm_at = None;
        if self.turn_at.is_some_and(|turn_at| turn_at <= now) {
            self.turn_at = None;
            acts.push(Act::LookAhead { is_turn: true });
        }
        for source in self.index.floods().calmed(now) {
            self.say_flood(acts, source, Status::Resolved, 0);
        }
        let room = self.due_room(now);
        for alert in self.index.take_due(now, room) {
            self.due.insert(alert);
            self.due_moved_at = now;
            let owes_a_look = self.owing.remove(&alert);
            self.give_order(acts, alert, if owes_a_look { Order::Reconsider } else { Order::Tick });
        }
    }

    /// What is open may be the business of planned work that has just begun. What ends is each alert's own deadline.
    fn look_ahead(&mut self, acts: &mut Vec<Act>, is_turn: bool, ahead: Ahead, now: Timestamp) {
        self.turn_at = ahead.next_turn;
        self.told.retain(|_, (since, _)| *since + TOLD_KEPT > now);
        if !ahead.staying.is_empty() {
            self.turn_at = Some(self.turn_at.map_or(now + TELL_AGAIN, |at| at.min(now + TELL_AGAIN)));
            acts.extend(ahead.staying.into_iter().map(Act::Decide));
        }
        let tellings =
            ahead.tellings.into_iter().map(|telling| (telling.alert, Order::Tell(Box::new(telling))));
        let tests = ahead.tests.into_iter().map(|TestPage { alert, person, contact }| {
            (alert, Order::Test { alert, person, contact: Some(contact), by: Author::House })
        });
        for (alert, order) in tellings.chain(tests) {
            let (_, is_told) = self.told.entry(alert).or_insert((now, false));
            if !*is_told {
                // The log may refuse it: then it is told later.
                self.turn_at = Some(self.turn_at.map_or(now + TELL_AGAIN, |at| at.min(now + TELL_AGAIN)));
                self.give_order(acts, alert, order);
            }
        }
        if is_turn && ahead.is_work_on && !mutant::is_on(Mutant::ForgetTurnOfWork) {
            self.reconsidering = self.index.following().into();
        }
    }

    fn reconsider(&mut self, acts: &mut Vec<Act>) {
        while self.looking.len() < RECONSIDERED_AT_ONCE
            && let Some(alert) = self.reconsidering.pop_front()
        {
            self.give_order(acts, alert, Order::Reconsider);
            if self.live.contains_key(&alert) {
                self.looking.insert(alert);
            }
        }
    }

    /// Sets the alarm to the earliest deadline, if it is not set to that or earlier already.
    fn arm(&mut self, acts: &mut Vec<Act>, now: Timestamp) {
        let room_at = (self.due_room(now) == 0).then_some(self.due_moved_at + DEADLINES_STUCK);
        let next = self.index.next().map(|next| room_at.map_or(next, |room_at| next.max(room_at)));
        let earliest = next.into_iter().chain(self.turn_at).min();
        let Some(deadline) = earliest.filter(|_| !self.is_draining) else { return };
        if self.alarm_at.is_none_or(|alarm_at| alarm_at > deadline || alarm_at < now) {
            self.alarm_at = Some(deadline);
            acts.push(Act::Wake { at: deadline });
        }
    }
}

fn answer(acts: &mut Vec<Act>, reply: Option<Reply>, answer: Result<Done, Declined>) {
    acts.extend(reply.map(|reply| Act::Answer { reply, answer }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert() -> AlertId {
        AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"disk".into()), ordinal: 1 }
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::default() + Span::from_seconds(seconds)
    }

    /// What the alert is asked next, and when, after it has told at second 10 up to where it knew the configuration
    /// that had changed at position 5 meanwhile.
    fn asked_next(looked_at: Option<Position>) -> (Timestamp, bool) {
        let mut desk = desk();
        desk.index.begin(alert());
        desk.take(SwitchboardMessage::DirectoryChanged { at: Position::from_raw(5) }, at(9));
        let standing = Standing { looked_at, ..Standing::again(at(600)) };
        let acts = desk.take(SwitchboardMessage::Stepped { alert: alert(), handled: 1, standing }, at(10));
        let wake = acts.iter().find_map(|act| if let Act::Wake { at } = act { Some(*at) } else { None });
        let wake = wake.expect("an alarm");
        let acts = desk.take(SwitchboardMessage::Alarm { at: wake }, wake);
        (wake, !looks(&acts).is_empty())
    }

    /// A desk that has looked ahead and found nothing.
    fn desk() -> Desk {
        Desk { turn_at: None, ..Desk::new(Index::default(), Vec::new()) }
    }

    #[test]
    fn planned_work_that_began_while_nobody_was_here_or_begins_now_is_looked_at_by_what_is_open() {
        let mut desk = Desk::new(Index::default(), Vec::new());
        let acts = desk.take(SwitchboardMessage::ReconsiderMore, at(10));
        assert!(matches!(acts[..], [Act::Wake { .. }]), "{acts:?}");
        desk.index.stands(alert(), Standing::again(at(600)));
        let acts = desk.take(SwitchboardMessage::Alarm { at: Timestamp::MIN }, at(10));
        assert!(matches!(acts[0], Act::LookAhead { is_turn: true }), "{acts:?}");
        let ahead = Ahead { next_turn: Some(at(300)), is_work_on: true, ..Ahead::default() };
        let acts = desk.take(SwitchboardMessage::Ahead { is_turn: true, ahead: ahead.clone() }, at(10));
        assert_eq!(looks(&acts), [alert()]);
        let wake = acts.iter().find_map(|act| if let Act::Wake { at } = act { Some(*at) } else { None });
        assert_eq!(wake, Some(at(300)), "it wakes when the work begins or ends");
        let acts = desk.take(SwitchboardMessage::Alarm { at: at(300) }, at(300));
        assert!(matches!(acts[0], Act::LookAhead { is_turn: true }), "{acts:?}");
        let acts = desk.take(SwitchboardMessage::Ahead { is_turn: false, ahead }, at(300));
        assert_eq!(looks(&acts), [], "nothing has begun");
    }

    fn looks(acts: &[Act]) -> Vec<AlertId> {
        let looks = |act: &Act| match act {
            Act::Give { alert, work } if work.order == Order::Reconsider => Some(*alert),
            _ => None,
        };
        acts.iter().filter_map(looks).collect()
    }

    #[test]
    fn a_few_look_at_a_change_at_once_what_is_due_first_first_and_each_makes_room_for_the_next() {
        let mut desk = desk();
        let numbered = |number: u32| AlertId { ordinal: number, ..alert() };
        let count = u32::try_from(RECONSIDERED_AT_ONCE).expect("a few");
        for number in 0..count + 3 {
            let due = at(600 - u64::from(number));
            desk.index.stands(numbered(number), Standing::again(due));
        }
        let change = SwitchboardMessage::DirectoryChanged { at: Position::from_raw(5) };
        let first: Vec<_> = (3..count + 3).rev().map(numbered).collect();
        assert_eq!(looks(&desk.take(change, at(1))), first);
        assert_eq!(looks(&desk.take(SwitchboardMessage::ReconsiderMore, at(1))), [], "there is no room");
        let standing = Standing { looked_at: Some(Position::from_raw(5)), ..Standing::again(at(600)) };
        let stepped = SwitchboardMessage::Stepped { alert: first[0], handled: 1, standing };
        assert_eq!(looks(&desk.take(stepped, at(1))), [numbered(2)]);
        assert_eq!(looks(&desk.fell(first[1], "it was made to fall", at(1))), [numbered(1)]);
        assert!(desk.gone(first[2]));
        assert_eq!(looks(&desk.take(SwitchboardMessage::ReconsiderMore, at(1))), [numbered(0)]);
        assert!(!desk.gone(first[3]), "nobody waits any more");
    }

    fn numbered(number: usize) -> AlertId {
        let key = number.to_string();
        AlertId { symptom: SymptomId::derive(&"prometheus".into(), &key.as_str().into()), ordinal: 1 }
    }

    /// The alerts that are told to do what is due once the alarm has rung that is set now.
    fn due(desk: &mut Desk, now: Timestamp) -> Vec<AlertId> {
        let mut acts = Vec::new();
        desk.arm(&mut acts, now);
        let at = desk.alarm_at.expect("an alarm");
        assert!(at <= now, "it rings now");
        let acts = desk.take(SwitchboardMessage::Alarm { at }, now);
        let told = acts.into_iter().filter_map(|act| match act {
            Act::Give { alert, work } if work.order == Order::Tick => Some(alert),
            _ => None,
        });
        told.collect()
    }

    #[test]
    fn what_is_due_first_is_done_first_and_so_much_at_once() {
        let mut desk = desk();
        let (count, now) = (2 * DEADLINES_AT_ONCE_MAX, at(10_000));
        // The last of them is due first.
        let moment = |number: usize| at(u64::try_from(count - number).unwrap_or_default());
        for number in 0..count {
            desk.index.stands(numbered(number), Standing::again(moment(number)));
        }
        let first: Vec<AlertId> = (0..count).rev().take(DEADLINES_AT_ONCE_MAX).map(numbered).collect();
        assert_eq!(due(&mut desk, now), first);
        let mut acts = Vec::new();
        desk.arm(&mut acts, now);
        assert_eq!(desk.alarm_at, Some(now + DEADLINES_STUCK), "the others wait for them");
        for alert in &first[..3] {
            let standing = Standing::nothing(Stage::Over);
            desk.take(SwitchboardMessage::Stepped { alert: *alert, handled: 1, standing }, now);
        }
        let next: Vec<AlertId> = (0..count).rev().skip(DEADLINES_AT_ONCE_MAX).take(3).map(numbered).collect();
        assert_eq!(due(&mut desk, now), next);
        let later = now + DEADLINES_STUCK;
        assert_eq!(due(&mut desk, later).len(), DEADLINES_AT_ONCE_MAX - 3, "nobody waits for ever");
    }

    #[test]
    fn an_alert_that_took_its_step_while_the_configuration_changed_is_asked_to_look_at_it_soon() {
        assert_eq!(asked_next(Some(Position::from_raw(4))), (at(11), true));
        assert_eq!(asked_next(Some(Position::from_raw(5))), (at(600), false), "it knew the change");
        assert_eq!(asked_next(None), (at(11), true), "nobody knows what it knew");
    }

    #[test]
    fn an_alert_that_fell_over_is_begun_again_with_a_look_at_the_configuration() {
        let mut desk = desk();
        desk.index.begin(alert());
        desk.fell(alert(), "it was made to fall", at(10));
        let acts = desk.take(SwitchboardMessage::Alarm { at: at(11) }, at(11));
        assert_eq!(looks(&acts), [alert()]);
    }
}
