//! Benchmarks: programs of `simulations`, run in release against the real binary.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::{cargo, package};

/// Which benchmark, and its flags.
#[derive(clap::Args)]
pub struct Options {
    /// Which benchmark to run.
    name: Benchmark,
    /// Passed on to the benchmark; `--with-alertmanager` also installs Alertmanager if it is missing.
    #[arg(value_name = "FLAGS", trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Benchmark {
    /// How many signals a second a node takes in durably.
    Ingest,
}

impl Benchmark {
    /// Its binary in `simulations`.
    fn binary(self) -> &'static str {
        match self {
            Self::Ingest => "bench-ingest",
        }
    }
}

/// Builds what the benchmark needs and runs it.
pub fn run(options: &Options) -> Result<(), String> {
    let workspace = Workspace::read()?;
    let binary = options.name.binary();
    if !workspace.has_binary("simulations", binary) {
        return Err(format!(
            "package `simulations` has no binary `{binary}`: this benchmark is not there yet"
        ));
    }
    if options.flags.iter().any(|flag| flag == "--with-alertmanager") {
        package::install(&[package::ALERTMANAGER])?;
    }
    let build = ["build", "--release", "--bins", "--package", "server", "--package", "simulations"];
    cargo::run(cargo::command(&build))?;
    let mut benchmark = Command::new(workspace.release(binary));
    benchmark.args(&options.flags).current_dir(cargo::root()).stdin(Stdio::null());
    cargo::run(benchmark)
}

/// What Cargo says about our own packages, as far as it is read here.
#[derive(Deserialize)]
struct Workspace {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Workspace {
    fn read() -> Result<Self, String> {
        let metadata = cargo::read(cargo::command(&["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_slice(&metadata)
            .map_err(|error| format!("`cargo metadata` is not understood: {error}"))
    }

    fn has_binary(&self, package: &str, binary: &str) -> bool {
        let mut targets = self.packages.iter().filter(|it| it.name == package).flat_map(|it| &it.targets);
        targets.any(|target| target.name == binary && target.kind.iter().any(|kind| kind == "bin"))
    }

    fn release(&self, binary: &str) -> PathBuf {
        self.target_directory.join("release").join(binary)
    }
}
