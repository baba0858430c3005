//! Where the built binaries are.

use std::path::PathBuf;

/// The built `hotpotato`.
pub fn hotpotato() -> PathBuf {
    ours("hotpotato", "HOTPOTATO_BIN")
}

/// The built `stand-ins`.
pub fn stand_ins() -> PathBuf {
    ours("stand-ins", "STAND_INS_BIN")
}

/// The built `crash`.
pub fn crash() -> PathBuf {
    ours("crash", "CRASH_BIN")
}

/// The built `disk`, which lets the disk fail.
pub fn disk() -> PathBuf {
    ours("disk", "DISK_BIN")
}

/// A program of ours: where the variable says, or two folders above the test, which is `target/<profile>/deps/…`.
fn ours(name: &str, variable: &str) -> PathBuf {
    let beside = || {
        let test = std::env::current_exe().expect("a test knows where it is");
        test.ancestors().nth(2).expect("a test lies in target/<profile>/deps").join(name)
    };
    let path = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    assert!(
        path.is_file(),
        "{} is missing: run `cargo build --workspace --bins`, or set {variable}; `cargo xtask test` does it by itself",
        path.display()
    );
    path
}

/// A program that Debian brings; with its whole path when it lies where ordinary users do not look.
///
/// # Panics
/// When it is not installed, with the command that does.
pub fn of_debian(program: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{program} is not installed: run `apt-get install --no-install-recommends {package}`, or `cargo xtask \
             test`, which does it by itself"
        )
    })
}
