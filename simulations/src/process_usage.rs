//! What a process has used, from `/proc`: proc(5).

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

/// Clock ticks a second in `/proc/PID/stat`. `sysconf(_SC_CLK_TCK)` is 100 on every Linux that we build for.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process has used up to one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProcessUsage {
    /// CPU time in user mode, in seconds.
    pub user_seconds: f64,
    /// CPU time in the kernel, in seconds.
    pub system_seconds: f64,
    /// Resident memory, in KiB (`VmRSS`).
    pub resident_kib: u64,
    /// Most resident memory ever, in KiB (`VmHWM`).
    pub resident_kib_max: u64,
}

impl ProcessUsage {
    /// Reads what process `pid` has used so far.
    ///
    /// # Errors
    /// When there is no such process, or `/proc` looks unlike proc(5).
    pub fn read(pid: u32) -> io::Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let unlike = || io::Error::new(io::ErrorKind::InvalidData, format!("/proc/{pid} is unlike proc(5)"));
        Self::parse(&stat, &status).ok_or_else(unlike)
    }

    fn parse(stat: &str, status: &str) -> Option<Self> {
        // The command's name may hold blanks and parentheses: count from the last one, which ends field 2.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let seconds = |field: usize| {
            let ticks: u32 = fields.get(field - 3)?.parse().ok()?;
            Some(f64::from(ticks) / TICKS_PER_SECOND)
        };
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Self {
            user_seconds: seconds(14)?,
            system_seconds: seconds(15)?,
            resident_kib: kib("VmRSS:")?,
            resident_kib_max: kib("VmHWM:")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_proc_even_with_a_strange_command_name() {
        let stat = "7 (hot) potato) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 100 1000 200";
        let status = "Name:\thot\nVmHWM:\t  9000 kB\nVmRSS:\t  8000 kB\n";
        let usage = ProcessUsage::parse(stat, status).expect("well-formed");
        assert!((usage.user_seconds - 2.5).abs() < 1e-9);
        assert!((usage.system_seconds - 0.5).abs() < 1e-9);
        assert_eq!((usage.resident_kib, usage.resident_kib_max), (8000, 9000));
    }

    #[test]
    fn reads_this_very_process() {
        let usage = ProcessUsage::read(std::process::id()).expect("this process runs");
        assert!(usage.resident_kib > 0);
    }
}
