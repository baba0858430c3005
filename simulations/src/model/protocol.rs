//! Which actions there are in a state, and where they lead.

use domain::alert::limit::SEND_TIMEOUT_MAX;
use domain::directory::Directory;
use events::mutant::{self, Mutant};
use stateright::{Model, Property};

use super::action::{Action, Fate};
use super::bounds::Bounds;
use super::chronicle::Stage;
use super::house::{self, START};
use super::invariant::Invariant;
use super::node::{Asked, Condition, NODES, Node, Post, Reported, UnderWay, Verdict};
use super::property::{self, Found};
use super::state::{Packet, State};

/// Two nodes on one log, within bounds.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// How much may go wrong.
    pub bounds: Bounds,
    /// What was found so far.
    pub found: Found,
    directory: Directory,
}

impl Protocol {
    /// The protocol within these bounds.
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, found: Found::default(), directory: house::directory(bounds.house) }
    }

    /// What a node that runs can do, or have done to it.
    fn of_running(&self, state: &State, number: usize, actions: &mut Vec<Action>) {
        let node = &state.nodes[number];
        if node.doing.is_some() {
            actions.push(Action::Append(number));
            if state.spent.losses < self.bounds.losses {
                actions.extend([Action::LoseRequest(number), Action::LoseReply(number)]);
            }
        } else {
            self.of_idle(state, number, actions);
        }
        self.of_channel(state, number, actions);
    }

    fn of_idle(&self, state: &State, number: usize, actions: &mut Vec<Action>) {
        let node = &state.nodes[number];
        if !state.is_accepted && state.spent.signals < self.bounds.signals {
            actions.push(Action::Signal(number));
        }
        let is_known = node.view.chronicle().stage != Stage::Unraised;
        if is_known && state.spent.acknowledgements < self.bounds.acknowledgements {
            actions.push(Action::Acknowledge(number));
        }
        if node.acts_at(number).is_some_and(|at| at <= state.now) {
            actions.push(Action::Tick(number));
        }
        if node.view != state.log {
            actions.push(Action::Follow(number));
        }
    }

    fn of_channel(&self, state: &State, number: usize, actions: &mut Vec<Action>) {
        let (spent, bounds, node) = (&state.spent, &self.bounds, &state.nodes[number]);
        if state.is_first_stale(number) {
            actions.extend(node.is_idle().then_some(Action::Expire(number)));
        } else if !node.queue.is_empty() {
            let fates = [
                (Fate::Taken, true),
                (Fate::Slow, spent.losses < bounds.losses),
                (Fate::Failed, spent.failures < bounds.failures),
                (Fate::Refused, spent.refusals < bounds.refusals),
            ];
            actions.extend(fates.iter().filter(|fate| fate.1).map(|fate| Action::Send(number, fate.0)));
        }
        let heard = if node.is_idle() { &node.under_way[..] } else { &[] };
        for (place, send) in heard.iter().enumerate() {
            if send.answer.is_some() {
                actions.push(Action::Answer(number, place));
                let may_lose = spent.losses < bounds.losses && !send.is_recall;
                actions.extend(may_lose.then_some(Action::LoseAnswer(number, place)));
            } else if send.since + SEND_TIMEOUT_MAX <= state.now {
                actions.push(Action::GiveUp(number, place));
            }
        }
    }

    fn may_pass(&self, state: &State) -> bool {
        let Some(next) = state.next_moment() else { return false };
        let somebody_works = state.is_somebody_at_work() || next <= START + self.bounds.outage;
        state.spent.signals > 0 && somebody_works && next <= START + self.bounds.horizon && !state.is_busy()
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::first()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for number in 0..NODES {
            let condition = state.nodes[number].condition;
            match condition {
                Condition::Up => self.of_running(state, number, actions),
                Condition::Paused => actions.push(Action::Resume(number)),
                Condition::Down => actions.push(Action::Restart(number)),
            }
            if !state.nodes[number].has_work(number, state.now) {
                continue;
            }
            if condition == Condition::Up && state.spent.pauses < self.bounds.pauses {
                actions.push(Action::Pause(number));
            }
            if condition != Condition::Down && state.spent.crashes < self.bounds.crashes {
                actions.push(Action::Crash(number));
            }
        }
        actions.extend((0..state.slow.len()).map(Action::Arrive));
        actions.extend((0..state.stray.len()).map(Action::Land));
        if self.may_pass(state) {
            actions.push(Action::Pass);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Signal(number) => {
                state.spent.signals += 1;
                state.ask(number, Asked::Signal, &self.directory);
            }
            Action::Acknowledge(number) => {
                state.spent.acknowledgements += 1;
                state.ask(number, Asked::Acknowledge, &self.directory);
            }
            Action::Tick(number) => state.ask(number, Asked::Tick, &self.directory),
            Action::Follow(number) => state.nodes[number].view = state.log.clone(),
            Action::Append(number) => state.append(number, &self.directory),
            Action::LoseRequest(number) | Action::LoseReply(number) => {
                state.spent.losses += 1;
                state.append_unheard(number, matches!(action, Action::LoseReply(_)));
            }
            Action::Send(number, fate) => state.send(number, fate),
            Action::Expire(number) => {
                let Post { attempt, is_recall, expires_at, .. } = state.nodes[number].queue.remove(0);
                let reported = Reported { attempt, is_recall, expires_at, verdict: Verdict::Expired };
                state.ask(number, Asked::Report(reported), &self.directory);
            }
            Action::Answer(number, place) => {
                let UnderWay { attempt, is_recall, expires_at, answer, .. } =
                    state.nodes[number].under_way.remove(place);
                let reported = Reported { attempt, is_recall, expires_at, verdict: answer? };
                state.ask(number, Asked::Report(reported), &self.directory);
            }
            Action::LoseAnswer(number, place) => {
                state.spent.losses += 1;
                state.nodes[number].under_way[place].answer = None;
            }
            Action::GiveUp(number, place) => {
                let UnderWay { attempt, is_recall, expires_at, .. } =
                    state.nodes[number].under_way.remove(place);
                let reported = Reported { attempt, is_recall, expires_at, verdict: Verdict::Timeout };
                state.ask(number, Asked::Report(reported), &self.directory);
            }
            Action::Arrive(place) => state.arrive_late(place),
            Action::Land(place) => {
                let wanted = state.stray.remove(place);
                state.take(&wanted);
                state.follow();
            }
            Action::Crash(number) => state.crash(number),
            Action::Restart(number) => {
                let view = state.log.clone();
                let boot = state.nodes[number].boot + 1;
                state.nodes[number] = Node { boot, view, ..Node::fresh() };
            }
            Action::Pause(number) => {
                state.spent.pauses += 1;
                state.nodes[number].condition = Condition::Paused;
            }
            Action::Resume(number) => state.nodes[number].condition = Condition::Up,
            Action::Pass => state.now = state.next_moment()?,
        }
        Some(state).filter(|state| state != last)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        property::all()
    }
}

impl State {
    /// True when what is first in a channel's queue has waited too long.
    pub fn is_first_stale(&self, number: usize) -> bool {
        let first = self.nodes[number].queue.first();
        first.is_some_and(|post| self.now + SEND_TIMEOUT_MAX > post.expires_at)
            && !mutant::is_on(Mutant::SendStaleDispatches)
    }

    /// A channel sends what is first in its queue.
    fn send(&mut self, number: usize, fate: Fate) {
        let post = self.nodes[number].queue.remove(0);
        let is_wanted = post.is_recall || !self.log.chronicle().has_ended(post.attempt);
        self.broken.unless(is_wanted, Invariant::NothingStale);
        let boot = self.nodes[number].boot;
        let (attempt, is_recall, expires_at) = (post.attempt, post.is_recall, post.expires_at);
        let packet =
            Packet { node: number, boot, attempt, is_recall, repeat: post.repeat, address: post.address };
        let answer = match fate {
            Fate::Taken => {
                self.arrive(&packet);
                Some(Verdict::Accepted)
            }
            Fate::Slow => {
                self.spent.losses += 1;
                self.slow.push(packet);
                None
            }
            Fate::Failed => {
                self.spent.failures += 1;
                Some(Verdict::Failed)
            }
            Fate::Refused => {
                self.spent.refusals += 1;
                Some(Verdict::Refused)
            }
        };
        self.nodes[number].under_way.push(UnderWay {
            attempt,
            is_recall,
            expires_at,
            answer,
            since: self.now,
        });
    }

    fn arrive_late(&mut self, place: usize) {
        let packet = self.slow.remove(place);
        self.arrive(&packet);
        let node = &mut self.nodes[packet.node];
        let mut waiting = node.under_way.iter_mut().filter(|_| node.boot == packet.boot);
        let of = |send: &&mut UnderWay| (send.attempt, send.is_recall) == (packet.attempt, packet.is_recall);
        if let Some(send) = waiting.find(of) {
            send.answer = Some(Verdict::Accepted);
        }
    }

    fn crash(&mut self, number: usize) {
        self.spent.crashes += 1;
        let doing = self.nodes[number].doing.take();
        let unwritten = doing.filter(|doing| !doing.wanted.is_prefix_of(&self.log));
        self.stray.extend(unwritten.map(|doing| doing.wanted));
        self.nodes[number].end();
    }
}
