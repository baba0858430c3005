//! The tests that were counted, added up over all test binaries.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use crate::cargo;

/// How many tests passed, failed and were skipped (Rust's runner says "ignored").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Reads the runner's summary of one test binary.
    ///
    /// It looks like `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in
    /// 0.01s`; any other line is `None`.
    fn from_line(line: &str) -> Option<Self> {
        let (_, counts) = line.split_once("test result: ")?;
        let count = |what: &str| {
            let part = counts.split(';').map(str::trim).find_map(|part| part.strip_suffix(what))?;
            part.split_whitespace().next_back()?.parse().ok()
        };
        Some(Self { passed: count("passed")?, failed: count("failed")?, skipped: count("ignored")? })
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Runs a test command, passes its output through line by line and adds its summaries to the tally.
pub fn run(mut command: Command, tally: &mut Tally) -> Result<(), String> {
    let line = cargo::line(&command);
    let unreadable = |error: io::Error| format!("the output of `{line}` was lost: {error}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{line}` could not be started: {error}"))?;
    if let Some(output) = child.stdout.take() {
        pass_through(output, io::stdout(), tally).map_err(unreadable)?;
    }
    let status = child.wait().map_err(unreadable)?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed: {status}")) }
}

/// Copies bytes as they are (a test may print anything) and counts the summaries among them.
fn pass_through(from: impl Read, mut to: impl Write, tally: &mut Tally) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        if let Some(more) = Tally::from_line(&String::from_utf8_lossy(&line)) {
            *tally += more;
        }
        line.clear();
    }
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_all_binaries_are_added_up_and_everything_is_passed_through() {
        let output = "running 4 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            \u{fffd} noise; 7 passed\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 5 filtered out; finished in 1.20s";
        let mut tally = Tally::default();
        let mut passed_through = Vec::new();
        pass_through(output.as_bytes(), &mut passed_through, &mut tally)
            .expect("memory can be read and written");
        assert_eq!(tally, Tally { passed: 4, failed: 2, skipped: 1 });
        assert_eq!(passed_through, output.as_bytes());
    }

    #[test]
    fn coloured_summaries_are_understood() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 12 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 12, failed: 0, skipped: 0 }));
    }

    #[test]
    fn closing_line_names_skipped_tests_only_if_there_are_any() {
        assert_eq!(Tally { passed: 4, failed: 2, skipped: 0 }.to_string(), "4 passed, 2 failed");
        assert_eq!(Tally { passed: 4, failed: 0, skipped: 1 }.to_string(), "4 passed, 0 failed, 1 skipped");
    }
}
