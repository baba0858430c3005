//! The stages of a run, how each went and how long it took.

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A run: stages that were carried out one after the other, whether or not an earlier one failed.
#[derive(Default)]
pub struct Run {
    stages: Vec<Stage>,
}

struct Stage {
    name: String,
    ended: Ended,
    took: Duration,
}

#[derive(PartialEq, Eq)]
enum Ended {
    Passed,
    Failed(String),
    NotRun(String),
}

impl Run {
    /// Carries out one stage and says whether it passed.
    pub fn stage(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) -> bool {
        println!("\n==> {name}");
        let started_at = now();
        let ended = match work() {
            Ok(()) => Ended::Passed,
            Err(failure) => {
                println!("==> {name} failed: {failure}");
                Ended::Failed(failure)
            }
        };
        let passed = ended == Ended::Passed;
        self.stages.push(Stage { name: name.to_owned(), ended, took: now() - started_at });
        passed
    }

    /// Notes a stage that was left out, and why. A run with such a stage has not passed.
    pub fn left_out(&mut self, name: &str, reason: &str) {
        self.stages.push(Stage {
            name: name.to_owned(),
            ended: Ended::NotRun(reason.to_owned()),
            took: Duration::ZERO,
        });
    }

    /// Prints what was run and how long it took; fails unless every stage passed.
    pub fn finish(&self) -> ExitCode {
        println!("\n==> summary");
        let width = self.stages.iter().map(|stage| stage.name.len()).max().unwrap_or_default();
        for stage in &self.stages {
            let seconds = stage.took.as_secs_f64();
            let (took, ended) = match &stage.ended {
                Ended::Passed => (format!("{seconds:.1} s"), "passed".to_owned()),
                Ended::Failed(failure) => (format!("{seconds:.1} s"), format!("FAILED: {failure}")),
                Ended::NotRun(reason) => ("-".to_owned(), format!("not run: {reason}")),
            };
            println!("{:width$} {took:>10}  {ended}", stage.name);
        }
        let passed = self.stages.iter().all(|stage| stage.ended == Ended::Passed);
        if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[expect(clippy::disallowed_methods, reason = "the stop-watch of a developers' tool; no part of the house")]
fn now() -> Instant {
    Instant::now()
}
