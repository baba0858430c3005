//! Public clients in Python that the stories let talk to the house, in an environment of their own beside the build.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::cargo;

/// The clients, and which version of each.
const CLIENTS: &str = "tests/scripts/clients.txt";

/// Makes the environment if it is not there, or knows other versions.
pub fn install() -> Result<(), String> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| cargo::root().join("target"), PathBuf::from);
    let folder = target.join("python-clients");
    let python = folder.join("bin/python");
    let wanted = std::fs::read_to_string(cargo::root().join(CLIENTS))
        .map_err(|error| format!("{CLIENTS} cannot be read: {error}"))?;
    let mark = folder.join("clients.txt");
    if python.is_file() && std::fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
        println!("everything is there");
        return Ok(());
    }
    // Debian's own Python: another one in the path may be of any version.
    let mut make = cargo::clean(Command::new("/usr/bin/python3"));
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    cargo::run(make)?;
    let mut install = cargo::clean(Command::new(&python));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", CLIENTS]);
    install.stdin(Stdio::null());
    cargo::run(install)?;
    std::fs::write(&mark, wanted).map_err(|error| format!("{} cannot be written: {error}", mark.display()))
}
