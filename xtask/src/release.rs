//! Programs of `simulations`, built and run in release beside the real binary.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::cargo;

/// Builds the real binary and the programs of `simulations`, and runs one of these in the root folder.
pub fn run(binary: &str, flags: &[String]) -> Result<(), String> {
    let workspace = Workspace::read()?;
    if !workspace.has_binary("simulations", binary) {
        return Err(format!("package `simulations` has no binary `{binary}`: it is not there yet"));
    }
    let build = ["build", "--release", "--bins", "--package", "server", "--package", "simulations"];
    cargo::run(cargo::command(&build))?;
    let mut program = Command::new(workspace.release(binary));
    program.args(flags).current_dir(cargo::root()).stdin(Stdio::null());
    cargo::run(program)
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
