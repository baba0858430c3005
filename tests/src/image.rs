//! A real file system of its own, in a file, for stories about a device that fails under it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// An ext4 in a file. Gone when it is dropped.
#[derive(Debug)]
pub struct Image {
    folder: TempDir,
}

impl Image {
    /// Mounts one of so many MiB; none, with a message that everybody sees, where that is not permitted.
    ///
    /// # Panics
    /// When no file can be made.
    pub fn of_mib(mib: u64) -> Option<Self> {
        let folder =
            tempfile::Builder::new().prefix("hotpotato-image-").tempdir().expect("a folder can be made");
        let image = Self { folder };
        let file = std::fs::File::create(image.file()).expect("a file can be made");
        file.set_len(mib << 20).expect("a file can be that large");
        std::fs::create_dir(image.path()).expect("a folder can be made");
        if run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(image.file())) && image.mount() {
            return Some(image);
        }
        // Straight to the error output: what a passing test prints is never shown.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: an image cannot be mounted here; run the tests as root, with mkfs.ext4 and loop devices"
        );
        None
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mount")
    }

    /// The device fails: the file system turns read-only at once, under whoever has files open, as ext4 does with
    /// `errors=remount-ro`. Source: `ext4(5)`, "abort".
    ///
    /// # Panics
    /// When it cannot be told to.
    pub fn fail(&self) {
        assert!(
            run(Command::new("mount").args(["-o", "remount,abort"]).arg(self.path())),
            "it can be aborted"
        );
    }

    /// Mounts it again, as after a repair; nobody may have a file open on it.
    ///
    /// # Panics
    /// When it cannot be mounted.
    pub fn mend(&self) {
        assert!(run(Command::new("umount").arg(self.path())), "nobody has a file open");
        assert!(self.mount(), "it can be mounted again");
    }

    fn mount(&self) -> bool {
        run(Command::new("mount").args(["-o", "loop"]).arg(self.file()).arg(self.path()))
    }

    fn file(&self) -> PathBuf {
        Path::join(self.folder.path(), "image")
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        run(Command::new("umount").arg("--lazy").arg(self.path()));
    }
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
