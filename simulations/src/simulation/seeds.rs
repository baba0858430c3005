//! Many seeds: each run twice, judged once, and shrunk when it fails.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::day::{Day, Options, Outcome};
use super::fault::Faults;
use super::invariant::Violation;

/// The seeds that once failed; each is run in every test run. One a line: seed, faults, and what it found.
pub const FOUND: &str = include_str!("seeds.txt");

/// A seed that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Which seed.
    pub seed: u64,
    /// With which faults.
    pub faults: Faults,
    /// Why.
    pub why: Why,
}

/// Why a seed failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// An invariant did not hold.
    Violated(Violation),
    /// Two runs gave two logs.
    Undetermined,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Violated(violation) => violation.fmt(f),
            Self::Undetermined => f.write_str("two runs of this seed gave two logs"),
        }
    }
}

/// What many seeds came to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Days that were run, each seed's second run not counted.
    pub days_count: u64,
    /// Records in their logs.
    pub records_count: u64,
    /// Alerts that were raised.
    pub alerts_count: u64,
    /// Calls of providers.
    pub calls_count: u64,
    /// How often processes died.
    pub deaths_count: u64,
    /// Seeds that failed, lowest first.
    pub failures: Vec<Failure>,
}

/// Runs one day, twice: the second time without judging it, and the logs must be the same.
pub fn run(options: Options) -> (Outcome, Option<Failure>) {
    let outcome = Day::run(options);
    let fails = |why| Some(Failure { seed: options.seed, faults: options.faults, why });
    if let Some(violation) = outcome.violation.clone() {
        return (outcome, fails(Why::Violated(violation)));
    }
    let again = Day::run(Options { is_judged: false, is_told: false, ..options });
    let failure = if again.log == outcome.log { None } else { fails(Why::Undetermined) };
    (outcome, failure)
}

/// Runs the seeds from `first` on, so many of them, on so many threads. Stops after `failures_max` failures.
pub fn run_many(
    first: u64,
    count: u64,
    threads: usize,
    failures_max: usize,
    faults: Option<Faults>,
) -> Tally {
    let next = AtomicU64::new(first);
    let tally = Mutex::new(Tally::default());
    let held = || tally.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first.saturating_add(count) || held().failures.len() >= failures_max {
                        return;
                    }
                    let options = Options::of(seed);
                    let options = Options { faults: faults.unwrap_or(options.faults), ..options };
                    let (outcome, failure) = run(options);
                    held().take(&outcome, failure);
                }
            });
        }
    });
    let mut tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    tally.failures.sort_by_key(|failure| failure.seed);
    tally
}

impl Tally {
    fn take(&mut self, outcome: &Outcome, failure: Option<Failure>) {
        let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.days_count += 1;
        self.records_count += wide(outcome.records_count);
        self.alerts_count += wide(outcome.alerts_count);
        self.calls_count += wide(outcome.calls_count);
        self.deaths_count += u64::from(outcome.deaths_count);
        self.failures.extend(failure);
    }
}

/// Leaves out one fault after the other for as long as the seed still fails in the same way: what is left is needed.
pub fn shrink(failure: &Failure) -> Failure {
    let mut least = failure.clone();
    loop {
        let smaller = least.faults.iter().find_map(|fault| {
            let options = Options { faults: least.faults.without(fault), ..Options::of(failure.seed) };
            run(options).1.filter(|found| is_alike(&found.why, &failure.why))
        });
        match smaller {
            Some(smaller) => least = smaller,
            None => return least,
        }
    }
}

fn is_alike(one: &Why, other: &Why) -> bool {
    match (one, other) {
        (Why::Violated(one), Why::Violated(other)) => one.invariant == other.invariant,
        (Why::Undetermined, Why::Undetermined) => true,
        _ => false,
    }
}

/// The seeds of `seeds.txt`, with their faults.
///
/// # Panics
/// When a line cannot be read.
pub fn found() -> Vec<(u64, Faults)> {
    let lines = FOUND.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &str| {
        let mut words = line.split_whitespace();
        let seed = words.next()?.parse().ok()?;
        let faults = words.next()?.parse().ok()?;
        let _invariant: u8 = words.next()?.parse().ok()?;
        words.next().filter(|commit| commit.len() >= 7)?;
        words.next()?;
        Some((seed, faults))
    };
    lines
        .map(|line| {
            read(line)
                .unwrap_or_else(|| panic!("seeds.txt: `{line}` is not `SEED FAULTS INVARIANT COMMIT WHAT`"))
        })
        .collect()
}
