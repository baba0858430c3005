//! A wall clock that a story can step under a running process: libfaketime, as Debian packages it.
//!
//! Only the wall clock is moved. `CLOCK_MONOTONIC` is left alone because we say so, `CLOCK_BOOTTIME` because the house
//! reads it from the kernel and not from the C library.

use std::path::{Path, PathBuf};

/// The library in `/usr/lib/TRIPLET`, in the build that is meant for programs with threads.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// The offset from the real clock, in a file that the process reads whenever it asks for the time.
#[derive(Debug)]
pub struct WallClock {
    file: PathBuf,
    pids: Vec<u32>,
}

impl WallClock {
    /// One that is right.
    pub fn right(file: PathBuf) -> Self {
        let clock = Self { file, pids: Vec::new() };
        clock.step(0);
        clock
    }

    /// Steps it: so many seconds beyond the real one, or behind it.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn step(&self, seconds: i64) {
        // Renamed into place: a reader sees the old offset or the new one, and never half a number.
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{seconds:+}\n")).expect("a file can be written");
        std::fs::rename(new, &self.file).expect("a file can be renamed");
    }

    /// What a process needs to see it. Source: the README of libfaketime 0.9.10.
    ///
    /// # Panics
    /// When the library is not installed, with the command that does.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("LD_PRELOAD", library()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.clone()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }

    /// A process uses it: what libfaketime leaves behind when that is killed goes with this clock.
    pub fn is_used_by(&mut self, pid: u32) {
        self.pids.push(pid);
    }
}

impl Drop for WallClock {
    fn drop(&mut self) {
        for pid in &self.pids {
            for name in [format!("sem.faketime_sem_{pid}"), format!("faketime_shm_{pid}")] {
                // A process that ended well has taken them away itself.
                let _ = std::fs::remove_file(Path::new("/dev/shm").join(name));
            }
        }
    }
}

fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().filter_map(Result::ok);
    let found = folders.map(|folder| folder.path().join(LIBRARY)).find(|path| path.is_file());
    found.expect(
        "libfaketime is not installed: run `apt-get install --no-install-recommends faketime`, or `cargo xtask test`, \
         which does it by itself",
    )
}
