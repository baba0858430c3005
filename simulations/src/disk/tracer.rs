//! strace: which calls a house makes on its disk, and which of them fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::DiskError;
use super::call::Call;
use super::point::{Place, Point};
use crate::moment;

/// The files of a data directory; a path that is none of them does not fail.
const FILES: [&str; 18] = [
    "",
    "lock",
    "log.sqlite",
    "log.sqlite-wal",
    "log.sqlite-shm",
    "log.sqlite-journal",
    "keys.sqlite",
    "keys.sqlite-wal",
    "keys.sqlite-shm",
    "keys.sqlite-journal",
    "link.key",
    ".link.key.new",
    "owner.token",
    ".owner.token.new",
    "owner.token.sha256",
    ".owner.token.sha256.new",
    "time-zones.json",
    ".time-zones.json.new",
];

/// How long strace may take to take hold of a thread.
const HOLD_WAIT_MAX: Duration = Duration::from_secs(20);
/// How often it is asked whether it has.
const HOLD_ASKED_EVERY: Duration = Duration::from_millis(5);

/// What is traced, and where strace writes what it saw.
#[derive(Debug, Clone)]
pub(super) struct Tracer {
    place: Place,
    point: Option<Point>,
    data: PathBuf,
    printed: PathBuf,
    seen: PathBuf,
}

/// A call that was made to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Injected {
    /// What strace says of it.
    pub(super) line: String,
}

impl Tracer {
    /// Fails `point`, or only counts.
    pub(super) fn new(place: Place, point: Option<Point>, folder: &Path) -> Self {
        let (data, printed) = (folder.join("data"), folder.join("printed.log"));
        Self { place, point, data, printed, seen: folder.join("strace.log") }
    }

    /// `program`, started under strace where the place asks for that. It stays our own child.
    pub(super) fn launch(&self, program: &Path) -> Command {
        match self.place {
            Place::Start => {
                let mut command = self.strace();
                command.arg("-D").arg(program);
                command
            }
            Place::Lines => {
                let mut command = self.strace();
                command.args(["-D", "-f"]).arg(program);
                command
            }
            Place::LogWriter | Place::KeysWriter | Place::Workers => Command::new(program),
        }
    }

    /// Takes hold of the threads of a running house, where the place asks for that. Lets go when it is dropped.
    pub(super) async fn attach(&self, pid: u32) -> Result<Option<Child>, DiskError> {
        let Some(name) = self.place.threads() else { return Ok(None) };
        let tasks = PathBuf::from(format!("/proc/{pid}/task"));
        let failed = |what: &str| DiskError::system(format!("{}: {what}", tasks.display()));
        let threads: Vec<PathBuf> = fs::read_dir(&tasks)
            .map_err(failed("its threads cannot be listed"))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|task| fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.trim() == name))
            .collect();
        let mut command = self.strace();
        for thread in &threads {
            command.arg("-p").arg(thread.file_name().unwrap_or_default());
        }
        let output = Stdio::null();
        let child = command.stdin(Stdio::null()).stdout(output).stderr(Stdio::null()).kill_on_drop(true);
        let child = child.spawn().map_err(failed("strace cannot be started"))?;
        let asked = moment::now();
        while !threads.iter().all(|thread| is_held(thread)) {
            if moment::since(asked) > HOLD_WAIT_MAX {
                return Err(DiskError::Strace("it took hold of no thread in time".to_owned()));
            }
            moment::pause(HOLD_ASKED_EVERY).await;
        }
        Ok(Some(child))
    }

    fn strace(&self) -> Command {
        let mut command = Command::new("strace");
        command.args(["-q", "-y", "-o"]).arg(&self.seen);
        match self.point {
            None => command.arg("-e").arg(format!("trace={}", Call::ALL.map(Call::name).join(","))),
            Some(point) => {
                command.arg("-e").arg(format!("trace={}", point.call)).arg("-e").arg(point.inject())
            }
        };
        if self.place == Place::Lines {
            command.arg("-P").arg(&self.printed);
        } else {
            for file in FILES {
                command.arg("-P").arg(if file.is_empty() { self.data.clone() } else { self.data.join(file) });
            }
        }
        command
    }

    /// How many calls of this kind were made.
    pub(super) fn count(&self, call: Call) -> u32 {
        let seen = self.seen();
        let begin = format!("{call}(");
        let made = seen.lines().filter(|line| without_pid(line).starts_with(&begin)).count();
        u32::try_from(made).unwrap_or(u32::MAX)
    }

    /// The first call that was made to fail, if any was.
    pub(super) fn injected(&self) -> Option<Injected> {
        let seen = self.seen();
        let line = seen.lines().find(|line| line.ends_with("(INJECTED)"))?;
        Some(Injected { line: without_pid(line).to_owned() })
    }

    fn seen(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.seen).unwrap_or_default()).into_owned()
    }
}

/// With several threads strace begins each line with the thread's number.
fn without_pid(line: &str) -> &str {
    line.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start()
}

fn is_held(thread: &Path) -> bool {
    let status = fs::read_to_string(thread.join("status")).unwrap_or_default();
    status.lines().any(|line| line.strip_prefix("TracerPid:").is_some_and(|pid| pid.trim() != "0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strace_saw_is_counted_with_and_without_thread_numbers() {
        let folder = tempfile::tempdir().expect("a folder");
        let tracer = Tracer::new(Place::Workers, None, folder.path());
        assert_eq!((tracer.count(Call::Fsync), tracer.injected()), (0, None));
        let seen = "12 fsync(3</d/log.sqlite>) = 0\npwrite64(4</d/x>, \"a\", 1, 0) = 1\n\
                    7 fsync(3</d/x>) = -1 EIO (Input/output error) (INJECTED)\n";
        fs::write(&tracer.seen, seen).expect("a file");
        assert_eq!((tracer.count(Call::Fsync), tracer.count(Call::Pwrite64)), (2, 1));
        let line = "fsync(3</d/x>) = -1 EIO (Input/output error) (INJECTED)".to_owned();
        assert_eq!(tracer.injected(), Some(Injected { line }));
    }
}
