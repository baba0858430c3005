//! A small file system of its own, to run out of room in.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A file system in memory. Gone when it is dropped.
#[derive(Debug)]
pub struct Mount {
    folder: TempDir,
}

impl Mount {
    /// Mounts one of so many MiB; none, with a message that everybody sees, where that is not permitted.
    ///
    /// # Panics
    /// When no folder can be made.
    pub fn of_mib(mib: u32) -> Option<Self> {
        let folder =
            tempfile::Builder::new().prefix("hotpotato-mount-").tempdir().expect("a folder can be made");
        let size = format!("size={mib}m");
        if run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs"], folder.path()) {
            return Some(Self { folder });
        }
        // Straight to the error output: what a passing test prints is never shown.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: a file system cannot be mounted here; run the tests as root"
        );
        None
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// From now on nothing can be written.
    ///
    /// # Panics
    /// When it cannot be remounted.
    pub fn make_read_only(&self) {
        assert!(run("mount", &["-o", "remount,ro"], self.path()), "it can be remounted");
    }

    /// Takes all the room there is, into a file that is returned: whoever removes it makes room.
    ///
    /// # Panics
    /// When the file cannot be made.
    pub fn fill(&self) -> PathBuf {
        let path = self.path().join("ballast");
        let mut file = std::fs::File::create(&path).expect("a file can be made");
        let mut piece = vec![0_u8; 64 * 1_024];
        while !piece.is_empty() {
            if file.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
        path
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        run("umount", &["--lazy"], self.folder.path());
    }
}

fn run(program: &str, arguments: &[&str], path: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
