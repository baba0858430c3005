//! The long fuzzing: libFuzzer on the targets of `simulations`, guided by coverage. The short one is among the tests.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo;

mod merge;

/// No input is longer: nothing that these parsers read needs to be.
const INPUT_BYTES_MAX: u32 = 16_384;
/// An input that takes longer is a finding.
const INPUT_SECONDS_MAX: u32 = 10;
/// A target that needs more memory is a finding.
const MEMORY_MEGABYTES_MAX: u32 = 2_048;
/// The committed corpus of one target has at most so many files.
const CORPUS_FILES_MAX: usize = 80;
/// So many tries make a finding smaller.
const MINIMISE_RUNS: u32 = 20_000;

/// Which targets, and how long.
#[derive(clap::Args)]
pub struct Options {
    /// The targets; all of them, one after the other, when none is named.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// How long each of them runs.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Takes what reached new code into the committed corpus afterwards.
    #[arg(long)]
    merge: bool,
    /// Names the targets and ends.
    #[arg(long)]
    list: bool,
}

/// Runs each target, prints what became of it, and fails when something was found.
pub fn run(options: &Options) -> Result<(), String> {
    let package = Package { folder: cargo::root().join("simulations").join("fuzz") };
    let known = package.targets()?;
    if options.list {
        println!("{}", known.join("\n"));
        return Ok(());
    }
    if let Some(unknown) = options.targets.iter().find(|name| !known.contains(name)) {
        return Err(format!("there is no target `{unknown}`; there are {}", known.join(", ")));
    }
    let targets = if options.targets.is_empty() { &known } else { &options.targets };
    require_tools()?;
    let mut rows = Vec::new();
    for target in targets {
        println!("\n==> {target}, {} s", options.seconds);
        rows.push(package.fuzz(target, options.seconds)?);
        if options.merge {
            package.merge(target)?;
        }
    }
    println!("\n{}", table(&rows));
    let found: Vec<String> = rows.iter().flat_map(|row| &row.findings).map(|it| shown(it)).collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(format!(
        "claims do not hold for:\n  {}\nmend the parser, and keep each input in simulations/fuzz/corpus/TARGET",
        found.join("\n  ")
    ))
}

/// Says what to install where something is missing.
fn require_tools() -> Result<(), String> {
    let answers = |arguments: &[&str]| {
        let mut command = Command::new("rustup");
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !answers(&["--version"]) {
        return Err("libFuzzer needs the nightly toolchain: install rustup from https://rustup.rs".to_owned());
    }
    if !answers(&["run", "nightly", "rustc", "--version"]) {
        return Err("libFuzzer needs the nightly toolchain: `rustup toolchain install nightly`".to_owned());
    }
    if !answers(&["run", "nightly", "cargo", "fuzz", "--version"]) {
        return Err(
            "cargo-fuzz is missing: `cargo install cargo-fuzz --locked`; it needs a C++ compiler".to_owned()
        );
    }
    Ok(())
}

/// The package of the targets.
struct Package {
    folder: PathBuf,
}

/// What became of one target.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    target: String,
    executions: u64,
    executions_per_second: u64,
    edges: u64,
    features: u64,
    corpus: u64,
    findings: Vec<PathBuf>,
}

impl Package {
    fn targets(&self) -> Result<Vec<String>, String> {
        let names = files(&self.folder.join("fuzz_targets"))?;
        Ok(names.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect())
    }

    /// The corpus that is committed.
    fn corpus(&self, target: &str) -> PathBuf {
        self.folder.join("corpus").join(target)
    }

    /// What runs on this machine have found interesting.
    fn found(&self, target: &str) -> PathBuf {
        self.folder.join("target").join("corpus").join(target)
    }

    fn findings(&self, target: &str) -> Result<BTreeSet<PathBuf>, String> {
        let folder = self.folder.join("artifacts").join(target);
        if folder.exists() { files(&folder) } else { Ok(BTreeSet::new()) }
    }

    /// Cargo-fuzz on the nightly toolchain. Sanitizers find what unsafe code does wrong, and the house has none: so they
    /// are off, and the runs twice as fast.
    fn cargo_fuzz(&self, task: &str, target: &str) -> Command {
        let mut command = cargo::clean(Command::new("rustup"));
        command.args(["run", "nightly", "cargo", "fuzz", task, "--sanitizer", "none", "--fuzz-dir"]);
        command.arg(&self.folder).arg(target);
        command
    }

    /// Runs a target until the time is over or something is found, and makes what was found small.
    fn fuzz(&self, target: &str, seconds: u32) -> Result<Row, String> {
        let (found, corpus) = (self.found(target), self.corpus(target));
        for folder in [&found, &corpus] {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let before = self.findings(target)?;
        let mut command = self.cargo_fuzz("run", target);
        command.arg(&found).arg(&corpus).arg("--");
        command.arg(format!(
            "-dict={}",
            self.folder.join("dictionaries").join(format!("{target}.dict")).display()
        ));
        command.arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        command.args(limits());
        let mut row = Row { target: target.to_owned(), ..Row::default() };
        let ended_well = watch(command, &mut row)?;
        row.findings = self.findings(target)?.difference(&before).cloned().collect();
        if !ended_well && row.findings.is_empty() {
            return Err(format!("{target} could not be run"));
        }
        for finding in &mut row.findings {
            self.minimise(target, finding)?;
        }
        Ok(row)
    }

    /// Replaces a finding by the smallest input that shows the same, if there is a smaller one.
    fn minimise(&self, target: &str, finding: &mut PathBuf) -> Result<(), String> {
        let before = self.findings(target)?;
        let mut command = self.cargo_fuzz("tmin", target);
        command.arg(&*finding).arg("--runs").arg(MINIMISE_RUNS.to_string());
        // What does not become smaller is no failure of ours.
        let _ = cargo::run(command);
        let length = |path: &PathBuf| fs::metadata(path).map_or(u64::MAX, |file| file.len());
        let smaller = self.findings(target)?.difference(&before).min_by_key(|path| length(path)).cloned();
        if let Some(smaller) = smaller {
            *finding = smaller;
        }
        Ok(())
    }

    /// Takes into the committed corpus what reaches most code that nothing in it reaches, at most [`CORPUS_FILES_MAX`]
    /// files in all. How often code is reached does not count here, which keeps the corpus small.
    fn merge(&self, target: &str) -> Result<(), String> {
        let (corpus, scratch) = (self.corpus(target), self.folder.join("target").join("merge"));
        let failed = |error: std::io::Error| format!("{}: {error}", scratch.display());
        let control = scratch.join("control");
        let merged = scratch.join("merged");
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(failed)?;
        }
        fs::create_dir_all(&merged).map_err(failed)?;
        let mut command = self.cargo_fuzz("run", target);
        command.arg(merged).arg(&corpus).arg(self.found(target)).args(["--", "-merge=1", "-use_counters=0"]);
        command.arg(format!("-merge_control_file={}", control.display())).args(limits());
        cargo::run(command)?;
        let inputs = merge::inputs(&fs::read_to_string(&control).map_err(failed)?);
        let (kept, found): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|it| it.path.starts_with(&corpus));
        let reached = kept.iter().flat_map(|input| input.features.iter().copied()).collect();
        let chosen = merge::choose(found, reached, CORPUS_FILES_MAX.saturating_sub(kept.len()));
        println!("{target}: {} inputs more in {}", chosen.len(), shown(&corpus));
        merge::copy(&chosen, &corpus)
    }
}

/// A path as people see it from the root folder.
fn shown(path: &Path) -> String {
    path.strip_prefix(cargo::root()).unwrap_or(path).display().to_string()
}

fn limits() -> [String; 3] {
    [
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        format!("-rss_limit_mb={MEMORY_MEGABYTES_MAX}"),
    ]
}

fn files(folder: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}

/// Runs libFuzzer, passes on what it says and keeps the figures. Says whether it found nothing.
fn watch(mut command: Command, row: &mut Row) -> Result<bool, String> {
    command.stderr(Stdio::piped());
    let started = command.spawn();
    let mut process = started.map_err(|error| format!("`{}`: {error}", cargo::line(&command)))?;
    let said = process.stderr.take().ok_or("libFuzzer cannot be heard")?;
    for line in BufReader::new(said).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        row.hear(&line);
    }
    process.wait().map(|status| status.success()).map_err(|error| error.to_string())
}

impl Row {
    /// Takes the figures out of a line such as `#12 NEW cov: 100 ft: 200 corp: 30/1Kb …` or
    /// `stat::number_of_executed_units: 12`.
    fn hear(&mut self, line: &str) {
        let number = |text: &str| text.split('/').next().and_then(|digits| digits.parse::<u64>().ok());
        let mut words = line.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let figure = match word {
                "cov:" => &mut self.edges,
                "ft:" => &mut self.features,
                "corp:" => &mut self.corpus,
                "stat::number_of_executed_units:" => &mut self.executions,
                "stat::average_exec_per_sec:" => &mut self.executions_per_second,
                _ => continue,
            };
            if let Some(number) = words.peek().copied().and_then(number) {
                *figure = number;
            }
        }
    }
}

/// The figures, for people and for documents.
fn table(rows: &[Row]) -> String {
    let mut lines = vec![
        "| target | executions | each second | edges | features | corpus | findings |".to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    lines.extend(rows.iter().map(|row| {
        let Row { target, executions, executions_per_second, edges, features, corpus, findings } = row;
        let found = findings.len();
        format!("| {target} | {executions} | {executions_per_second} | {edges} | {features} | {corpus} | {found} |")
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_that_libfuzzer_says_last() {
        let mut row = Row { target: "generic".to_owned(), ..Row::default() };
        for line in [
            "INFO: Running with entropic power schedule (0xFF, 100).",
            "#15\tINITED cov: 1410 ft: 2911 corp: 14/9Kb exec/s: 0 rss: 57Mb",
            "#4096\tpulse  cov: 1622 ft: 4433 corp: 120/36Kb lim: 4096 exec/s: 2048 rss: 60Mb",
            "Done 9000 runs in 3 second(s)",
            "stat::number_of_executed_units: 9000",
            "stat::average_exec_per_sec:     3000",
            "stat::new_units_added:          106",
        ] {
            row.hear(line);
        }
        let expected = Row {
            target: "generic".to_owned(),
            executions: 9_000,
            executions_per_second: 3_000,
            edges: 1_622,
            features: 4_433,
            corpus: 120,
            findings: Vec::new(),
        };
        assert_eq!(row, expected);
        assert!(table(&[row]).ends_with("\n| generic | 9000 | 3000 | 1622 | 4433 | 120 | 0 |"));
    }

    #[test]
    fn every_target_is_known_by_its_file() {
        let package = Package { folder: cargo::root().join("simulations").join("fuzz") };
        let targets = package.targets().expect("a folder of targets");
        assert!(targets.contains(&"alertmanager".to_owned()), "{targets:?}");
    }
}
