//! Benchmarks: programs of `simulations`, run in release against the real binary.

use crate::{package, release};

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
    /// How fast pages go out over each channel, and whether a provider that hangs delays others.
    Channels,
    /// How long it takes to say who is on call.
    Oncall,
    /// What a storm of alerts does to the person who is paged, to the log, and to whoever is quiet beside it.
    Storm,
}

impl Benchmark {
    /// Its binary in `simulations`.
    fn binary(self) -> &'static str {
        match self {
            Self::Ingest => "bench-ingest",
            Self::Channels => "bench-channels",
            Self::Oncall => "bench-oncall",
            Self::Storm => "bench-storm",
        }
    }
}

/// Builds what the benchmark needs and runs it.
pub fn run(options: &Options) -> Result<(), String> {
    if options.flags.iter().any(|flag| flag == "--with-alertmanager") {
        package::install(&[package::ALERTMANAGER])?;
    }
    release::run(options.name.binary(), &options.flags)
}
