//! Days of the house in simulation: the seeds that once failed, and the first five hundred.

use simulations::simulation::fault::Faults;
use simulations::simulation::invariant::Invariant;
use simulations::simulation::seeds::{Why, found, run, run_many};
use simulations::simulation::{Day, Options};

/// So many seeds are run by every test run.
const SEEDS_COUNT: u64 = 500;

#[test]
fn what_once_failed_holds() {
    for (seed, faults) in found() {
        let (_, failure) = run(Options { faults, ..Options::of(seed) });
        assert!(failure.is_none(), "seed {seed} with {faults}: {}", failure.expect("it failed").why);
    }
}

#[test]
fn every_invariant_holds_in_the_first_five_hundred_seeds_and_each_gives_the_same_log_twice() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let tally = run_many(1, SEEDS_COUNT, threads, 3, None);
    let failures: Vec<String> = tally
        .failures
        .iter()
        .map(|failure| format!("seed {} with {}: {}", failure.seed, failure.faults, failure.why))
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(tally.days_count, SEEDS_COUNT);
    // A simulation in which nothing happens proves nothing.
    let enough = tally.alerts_count > 3_000 && tally.calls_count > 50_000 && tally.deaths_count > 500;
    assert!(enough, "{tally:?}");
}

#[test]
fn a_day_without_faults_pages_people_and_leaves_nobody_out() {
    let quiet: Vec<u64> = (1..200).filter(|&seed| Faults::drawn(seed) == Faults::NONE).take(10).collect();
    assert_eq!(quiet.len(), 10);
    for seed in quiet {
        let (outcome, failure) = run(Options::of(seed));
        assert!(failure.is_none(), "seed {seed}: {failure:?}");
        assert_eq!(outcome.deaths_count, 0);
    }
}

#[test]
fn a_told_day_is_the_same_day_and_reads_as_a_story() {
    let options = Options::of(7);
    let told = Day::run(Options { is_told: true, ..options });
    assert_eq!(told.log, Day::run(options).log);
    assert!(told.story.lines().count() > 50 && told.story.contains("step 1 of run 1"), "{}", told.story);
}

#[test]
fn a_failure_names_its_invariant_by_number_and_name() {
    assert_eq!(Invariant::AckStops.to_string(), "6 (ack stops)");
    assert_eq!(Invariant::ALL.len(), 15);
    assert!(Why::Undetermined.to_string().contains("two logs"));
}
