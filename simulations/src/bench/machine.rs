//! The machine that measurements were made on: figures mean little without it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;

use super::BenchError;
use crate::load::LatencyMs;
use crate::moment;

/// How often the disk is asked to make 4 KiB durable.
const SYNCS_COUNT: usize = 200;

/// A machine.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// What its processors call themselves.
    pub processor: String,
    /// How many threads can run at once.
    pub cores: usize,
    /// In MiB.
    pub memory_mib: u64,
    /// The release of its Linux.
    pub kernel: String,
    /// What the data lies on, such as `ext4`.
    pub file_system: String,
    /// How long it takes to append 4 KiB to a file there and make them durable (`fdatasync`).
    pub sync_ms: LatencyMs,
    /// Over the last minute.
    pub load_average: f64,
}

impl Machine {
    /// Reads `/proc` and tries the disk that `folder` is on.
    pub fn read(folder: &Path) -> Result<Self, BenchError> {
        let read = |path: &str| {
            fs::read_to_string(path).map_err(BenchError::system(format!("{path} cannot be read")))
        };
        let memory_kib = field(&read("/proc/meminfo")?, "MemTotal").unwrap_or_default();
        let memory_kib: u64 = memory_kib.trim_end_matches("kB").trim().parse().unwrap_or_default();
        Ok(Self {
            processor: field(&read("/proc/cpuinfo")?, "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory_kib / 1024,
            kernel: read("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            file_system: file_system(&read("/proc/self/mounts")?, folder),
            sync_ms: sync_ms(folder).map_err(BenchError::system("the disk cannot be tried"))?,
            load_average: load_average()?,
        })
    }
}

/// Returns the machine's load average over the last minute.
pub fn load_average() -> Result<f64, BenchError> {
    let text =
        fs::read_to_string("/proc/loadavg").map_err(BenchError::system("/proc/loadavg cannot be read"))?;
    Ok(text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default())
}

fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim().to_owned())
    })
}

/// The kind of the file system whose mount point is the longest that the folder begins with.
fn file_system(mounts: &str, folder: &Path) -> String {
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let around = mounts.filter(|(point, _)| folder.starts_with(point));
    around.max_by_key(|(point, _)| point.len()).map_or("unknown", |(_, kind)| kind).to_owned()
}

fn sync_ms(folder: &Path) -> io::Result<LatencyMs> {
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let mut times = Vec::with_capacity(SYNCS_COUNT);
    for _ in 0..SYNCS_COUNT {
        let asked = moment::now();
        file.write_all(&[0x2a; 4096])?;
        file.sync_data()?;
        times.push(moment::since(asked));
    }
    fs::remove_file(path)?;
    Ok(LatencyMs::of(times))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_counts() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/vdb /tmpest xfs rw 0 0\n";
        assert_eq!(file_system(mounts, Path::new("/tmp/bench")), "tmpfs");
        assert_eq!(file_system(mounts, Path::new("/var/tmp")), "ext4");
    }

    #[test]
    fn this_machine_can_be_read() {
        let machine = Machine::read(&std::env::temp_dir()).expect("a Linux");
        assert!(machine.cores > 0 && machine.memory_mib > 0 && machine.sync_ms.p50 > 0.0);
    }
}
