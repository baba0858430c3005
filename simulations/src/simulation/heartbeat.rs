//! Sources that say nothing but that they live, and fall silent.

use domain::port::Clock;
use events::Span;

use super::agenda::Moment;
use super::chance::Chance;
use super::day::{Day, Happening};
use super::letter::Letter;
use super::{CALM_AT, END_AT};
use actors::monitor::MonitorMessage;

/// One of them.
#[derive(Debug)]
pub struct Heartbeat {
    /// Its source.
    pub name: &'static str,
    /// How often it comes.
    pub every: Span,
    /// How much longer it may take.
    pub grace: Span,
}

impl Heartbeat {
    /// From then on without a beat it is silent.
    pub fn patience(&self) -> Span {
        self.every + self.grace
    }
}

/// All of them.
pub static HEARTBEATS: [Heartbeat; 3] = [
    Heartbeat { name: "watchdog", every: Span::from_seconds(30), grace: Span::from_seconds(15) },
    Heartbeat { name: "mail-loop", every: Span::from_seconds(60), grace: Span::from_seconds(60) },
    Heartbeat { name: "backup", every: Span::from_minutes(60), grace: Span::from_minutes(10) },
];

/// When it beats: now and then it does not for a while, and some never beat again.
pub fn beats(seed: u64, heartbeat: &Heartbeat) -> Vec<Moment> {
    let mut chance = Chance::of(seed, heartbeat.name);
    let quiet = |chance: &mut Chance| {
        let begins = Moment(chance.below(CALM_AT.0));
        let longest = Span::from_micros(heartbeat.patience().as_micros() * 20);
        (begins, begins.after(chance.span(heartbeat.patience(), longest)).min(CALM_AT))
    };
    let mut silences: Vec<_> = (0..chance.between(1, 4)).map(|_| quiet(&mut chance)).collect();
    if chance.happens(500) {
        silences.push((Moment(chance.between(CALM_AT.0 / 2, CALM_AT.0)), END_AT));
    }
    let mut moment = Moment(0);
    let mut beats = Vec::new();
    while moment < END_AT {
        if !silences.iter().any(|&(begins, ends)| begins <= moment && moment < ends) {
            beats.push(moment);
        }
        moment =
            moment.after(Span::from_micros(heartbeat.every.as_micros() * chance.between(950, 1_050) / 1_000));
    }
    beats
}

impl Day {
    /// A beat comes. When nobody hears it, it does not come again: the next one does.
    pub(super) fn beat(&mut self, heartbeat: &'static Heartbeat) {
        if !self.is_up() {
            return;
        }
        let Some(node) = &mut self.node else { return };
        self.evidence.heard.beat(heartbeat, node.clock().now(), self.agenda.now());
        node.post(Letter::Monitor(MonitorMessage::Beat { source: heartbeat.name.into() }));
    }

    /// Puts every beat into the agenda.
    pub(super) fn plan_beats(&mut self) {
        for heartbeat in &HEARTBEATS {
            for moment in beats(self.options.seed, heartbeat) {
                self.agenda.at(moment, Happening::Beats(heartbeat));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_beat_until_the_end_and_some_do_not_and_all_fall_silent() {
        for heartbeat in &HEARTBEATS {
            let days: Vec<_> = (0..20).map(|seed| beats(seed, heartbeat)).collect();
            let beats_to_the_end = |beats: &Vec<Moment>| {
                beats.last().is_some_and(|last| END_AT.since(*last) <= heartbeat.patience())
            };
            let count = days.iter().filter(|beats| beats_to_the_end(beats)).count();
            assert!((1..20).contains(&count), "{count} of {}", heartbeat.name);
            let falls_silent =
                |beats: &Vec<Moment>| beats.windows(2).any(|two| two[1].since(two[0]) > heartbeat.patience());
            assert!(days.iter().filter(|beats| falls_silent(beats)).count() > 10, "{}", heartbeat.name);
        }
    }
}
