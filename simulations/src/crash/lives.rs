//! When the process ran and when it did not, as whoever killed it saw it. All moments are Unix milliseconds.

/// One process, from its start to its end.
#[derive(Debug, Clone, Default)]
struct Life {
    started_at: u64,
    ready_at: Option<u64>,
    /// From SIGSTOP to SIGCONT.
    stops: Vec<(u64, u64)>,
    ended_at: Option<u64>,
}

/// Every process of a house, in order.
#[derive(Debug, Clone)]
pub struct Lives {
    processes: Vec<Life>,
    /// See [`super::Patience::under_way_ms`].
    under_way_ms: u64,
    /// When the machine itself stood still: answers may have been read too late.
    stalls: Vec<(u64, u64)>,
}

impl Lives {
    /// None yet.
    pub const fn new(under_way_ms: u64) -> Self {
        Self { processes: Vec::new(), under_way_ms, stalls: Vec::new() }
    }

    /// A process was started.
    pub fn start(&mut self, at: u64) {
        self.processes.push(Life { started_at: at, ..Life::default() });
    }

    /// It takes signals.
    pub fn ready(&mut self, at: u64) {
        if let Some(life) = self.processes.last_mut() {
            life.ready_at = Some(at);
        }
    }

    /// It stood still for a while.
    pub fn stopped(&mut self, from: u64, to: u64) {
        if let Some(life) = self.processes.last_mut() {
            life.stops.push((from, to));
        }
    }

    /// It is gone.
    pub fn end(&mut self, at: u64) {
        if let Some(life) = self.processes.last_mut() {
            life.ended_at = Some(at);
        }
    }

    /// The machine itself stood still in these spans.
    pub fn stalled(&mut self, spans: &[(u64, u64)]) {
        self.stalls = spans.to_vec();
    }

    /// The longest that it was ready without a break between two moments.
    pub fn ready_ms_longest(&self, from: u64, to: u64) -> u64 {
        let spans = self.processes.iter().filter_map(|life| Some((life.ready_at?, life)));
        let spans = spans.flat_map(|(ready_at, life)| life.running(ready_at, to));
        spans.map(|(begin, end)| end.min(to).saturating_sub(begin.max(from))).max().unwrap_or(0)
    }

    /// How long it ran between two moments.
    pub fn running_ms(&self, from: u64, to: u64) -> u64 {
        let spans = self.processes.iter().flat_map(|life| life.running(life.started_at, to));
        spans.map(|(begin, end)| end.min(to).saturating_sub(begin.max(from))).sum()
    }

    /// True when it was killed or stopped, or the machine stood still, so that an answer to a call of `from` may have been lost before `to`.
    pub fn was_cut(&self, from: u64, to: u64) -> bool {
        let near = |at: u64| at + self.under_way_ms >= from && at <= to;
        let overlaps = |&(begin, end): &(u64, u64)| begin <= to && end + self.under_way_ms >= from;
        let cut = |life: &Life| life.ended_at.is_some_and(near) || life.stops.iter().any(overlaps);
        self.processes.iter().any(cut) || self.stalls.iter().any(overlaps)
    }

    /// True when whatever ran at `from` was surely gone before a call of `to` was made.
    pub fn died_between(&self, from: u64, to: u64) -> bool {
        let surely = |at: u64| at > from && at + self.under_way_ms < to;
        self.processes.iter().any(|life| life.ended_at.is_some_and(surely))
    }
}

impl Life {
    /// The spans in which it ran, from `from` on.
    fn running(&self, from: u64, to: u64) -> Vec<(u64, u64)> {
        let mut spans = Vec::new();
        let mut begin = from;
        for &(stopped, went_on) in &self.stops {
            spans.push((begin, stopped));
            begin = went_on;
        }
        spans.push((begin, self.ended_at.unwrap_or(to)));
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lives() -> Lives {
        let mut lives = Lives::new(500);
        lives.start(1_000);
        lives.ready(1_100);
        lives.stopped(2_000, 5_000);
        lives.end(6_000);
        lives.start(6_010);
        lives.ready(6_100);
        lives
    }

    #[test]
    fn ready_time_has_no_stops_and_no_starts_in_it() {
        let lives = lives();
        assert_eq!(lives.ready_ms_longest(0, 7_000), 1_000);
        assert_eq!(lives.ready_ms_longest(1_500, 5_500), 500);
        assert_eq!(lives.ready_ms_longest(2_100, 4_900), 0);
        assert_eq!(lives.ready_ms_longest(0, 100_000), 93_900);
        assert_eq!(lives.running_ms(0, 7_000), 1_000 + 1_000 + 990);
    }

    #[test]
    fn a_kill_or_a_stop_cuts() {
        let lives = lives();
        assert!(lives.was_cut(1_900, 2_100) && lives.was_cut(5_900, 6_100) && lives.was_cut(6_300, 6_400));
        assert!(!lives.was_cut(1_200, 1_900) && !lives.was_cut(6_600, 9_000));
        assert!(lives.died_between(5_900, 6_600) && !lives.died_between(5_900, 6_200));
    }
}
