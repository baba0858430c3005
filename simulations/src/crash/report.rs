//! What came of it, for programs and for people.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::Plan;
use super::fault::Fault;
use crate::bench::machine::Machine;
use crate::load::LatencyMs;

/// So many faults are shown to people; programs get all of them.
const FAULTS_SHOWN_MAX: usize = 20;

/// What was counted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tally {
    /// Houses that came to their end.
    pub houses: u64,
    /// kill -9.
    pub kills: u64,
    /// … before the process was ready.
    pub kills_before_ready: u64,
    /// SIGSTOP and SIGCONT.
    pub stops: u64,
    #[serde(skip)]
    pub(super) stopped: Duration,
    /// How often the machine stood still for a second or more, as the houses' judges saw it.
    pub stalls: u64,
    /// Alerts whose firing was answered 2xx.
    pub alerts: u64,
    /// Signals that were answered 2xx: firing, firing again, another severity, resolved.
    pub signals: u64,
    /// Alerts that somebody took over the API, answered 2xx.
    pub taken: u64,
    /// Requests that all of these took.
    pub tries: u64,
    /// Alerts that nobody took and that were not resolved: they ran through ladders, steps and fallback.
    pub ran_its_course: u64,
    /// Alerts of which somebody was paged, by the providers' ledger.
    pub paged: u64,
    /// Alerts that were taken or over before a house that had just started could page.
    pub over_before_paged: u64,
    /// Alerts that were taken or over while every provider that was tried failed.
    pub over_while_providers_failed: u64,
    /// Alerts of which nobody was paged, for no known reason.
    pub lost: u64,
    /// Planned sends to a pager that waited behind others at a gateway that hung until the alert was taken or over.
    pub over_in_queue: u64,
    /// Sends that providers saw.
    pub sends: u64,
    /// … that arrived.
    pub arrived: u64,
    /// … at which the provider misbehaved.
    pub misbehaved: u64,
    /// Sends that say that they may have come before.
    pub labelled: u64,
    /// Sends that arrived where the same planned send had arrived before.
    pub arrived_again: u64,
    /// Repeats that say so, and that neither a kill, a stop nor a misbehaviour explains: an answer was read too late.
    pub without_cause: u64,
    /// Sends that should say so and do not.
    pub unlabelled: u64,
    /// The most tries of one planned send that its provider saw.
    pub tries_max: u64,
    /// Sends that were under way when somebody took the alert, or it was resolved.
    pub in_flight_at_end: u64,
    /// Sends that were waiting for a provider that hung when somebody took the alert, or it was resolved.
    pub in_queue_at_end: u64,
    /// How large the logs were in the end, all together.
    pub log_bytes: u64,
    #[serde(skip)]
    pub(super) restarts: Vec<Duration>,
    #[serde(skip)]
    pub(super) first_restarts: Vec<Duration>,
    #[serde(skip)]
    pub(super) last_restarts: Vec<Duration>,
    /// What should never happen.
    pub faults: Vec<Fault>,
}

impl Tally {
    /// Both together.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.add(other);
        self
    }

    /// Counts another house's on top.
    pub(super) fn add(&mut self, other: Self) {
        self.houses += other.houses;
        self.kills += other.kills;
        self.kills_before_ready += other.kills_before_ready;
        self.stops += other.stops;
        self.stopped += other.stopped;
        self.stalls += other.stalls;
        self.alerts += other.alerts;
        self.signals += other.signals;
        self.taken += other.taken;
        self.tries += other.tries;
        self.ran_its_course += other.ran_its_course;
        self.paged += other.paged;
        self.over_before_paged += other.over_before_paged;
        self.over_while_providers_failed += other.over_while_providers_failed;
        self.lost += other.lost;
        self.over_in_queue += other.over_in_queue;
        self.sends += other.sends;
        self.arrived += other.arrived;
        self.misbehaved += other.misbehaved;
        self.labelled += other.labelled;
        self.arrived_again += other.arrived_again;
        self.without_cause += other.without_cause;
        self.unlabelled += other.unlabelled;
        self.tries_max = self.tries_max.max(other.tries_max);
        self.in_flight_at_end += other.in_flight_at_end;
        self.in_queue_at_end += other.in_queue_at_end;
        self.log_bytes += other.log_bytes;
        self.restarts.extend(other.restarts);
        self.first_restarts.extend(other.first_restarts);
        self.last_restarts.extend(other.last_restarts);
        self.faults.extend(other.faults);
    }
}

/// A whole run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// When it began, in milliseconds since 1970-01-01 UTC.
    pub date_ms: u64,
    /// On what.
    pub machine: Machine,
    /// What was asked for.
    pub plan: Plan,
    /// How long it took.
    pub seconds: f64,
    /// How long processes were stopped, all together.
    pub stopped_seconds: f64,
    /// From starting a process to 200 from `/readyz`.
    pub restart_ms: LatencyMs,
    /// The same over the first tenth of the restarts of each house.
    pub restart_first_tenth_ms: LatencyMs,
    /// The same over the last tenth, with the log as it had grown until then.
    pub restart_last_tenth_ms: LatencyMs,
    /// What was counted.
    pub tally: Tally,
}

impl Report {
    pub(super) fn new(date_ms: u64, machine: Machine, plan: &Plan, took: Duration, tally: Tally) -> Self {
        Self {
            date_ms,
            machine,
            plan: plan.clone(),
            seconds: took.as_secs_f64(),
            stopped_seconds: tally.stopped.as_secs_f64(),
            restart_ms: LatencyMs::of(tally.restarts.clone()),
            restart_first_tenth_ms: LatencyMs::of(tally.first_restarts.clone()),
            restart_last_tenth_ms: LatencyMs::of(tally.last_restarts.clone()),
            tally,
        }
    }

    /// True when nothing happened that should not, and enough did that should.
    pub fn is_sound(&self) -> bool {
        let tally = &self.tally;
        let accounted = tally.paged + tally.over_before_paged + tally.over_while_providers_failed;
        tally.faults.is_empty() && tally.alerts > 0 && accounted == tally.alerts
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { machine, plan, tally, .. } = self;
        let restart = |name: &str, ms: &LatencyMs| {
            format!("{name} p50 {:.0} ms, p99 {:.0} ms, max {:.0} ms", ms.p50, ms.p99, ms.max)
        };
        writeln!(
            f,
            "{} kills ({} before ready), {} stops ({:.0} s), {} houses, seed {}, {:.0} s",
            tally.kills,
            tally.kills_before_ready,
            tally.stops,
            self.stopped_seconds,
            tally.houses,
            plan.seed,
            self.seconds
        )?;
        writeln!(
            f,
            "{}, {} cores, {} MiB, {}, load {:.1}, stood still {} times",
            machine.processor,
            machine.cores,
            machine.memory_mib,
            machine.file_system,
            machine.load_average,
            tally.stalls
        )?;
        writeln!(
            f,
            "accepted: {} alerts, {} signals, {} taken; {} requests",
            tally.alerts, tally.signals, tally.taken, tally.tries
        )?;
        writeln!(
            f,
            "          {} paged, {} over before they could be, {} over while providers failed, {} lost",
            tally.paged, tally.over_before_paged, tally.over_while_providers_failed, tally.lost
        )?;
        writeln!(
            f,
            "          {} ran their whole course; {} sends to pagers were over while they waited for their gateway",
            tally.ran_its_course, tally.over_in_queue
        )?;
        writeln!(
            f,
            "sends:    {} seen by providers, {} arrived, {} misbehaved; when taken or over {} in flight, {} in a queue",
            tally.sends, tally.arrived, tally.misbehaved, tally.in_flight_at_end, tally.in_queue_at_end
        )?;
        writeln!(
            f,
            "repeats:  {} labelled, {} arrived again, {} without a cause, {} unlabelled; at most {} tries of one send",
            tally.labelled, tally.arrived_again, tally.without_cause, tally.unlabelled, tally.tries_max
        )?;
        writeln!(f, "start → ready: {}", restart("all", &self.restart_ms))?;
        writeln!(f, "          {}", restart("first tenth", &self.restart_first_tenth_ms))?;
        writeln!(f, "          {}", restart("last tenth", &self.restart_last_tenth_ms))?;
        writeln!(f, "log:      {} KiB in the end", tally.log_bytes / 1024)?;
        if tally.faults.is_empty() {
            return writeln!(f, "faults:   none");
        }
        writeln!(f, "faults:   {}", tally.faults.len())?;
        for fault in tally.faults.iter().take(FAULTS_SHOWN_MAX) {
            writeln!(f, "{fault}")?;
        }
        Ok(())
    }
}
