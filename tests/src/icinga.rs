//! A real Icinga 2, as Debian packages it.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::binary;
use crate::command_file::CommandFile;
use crate::program::{self, Program};

/// A running Icinga. It checks nothing itself: a story tells it what was found.
#[derive(Debug)]
pub struct Icinga {
    program: Program,
    /// Where it takes commands.
    pub commands: CommandFile,
    log: PathBuf,
}

impl Icinga {
    /// Starts one with these commands, users and rules, and the host and services of [`crate::nagios`].
    ///
    /// # Panics
    /// When it is not installed, with the command that does, or refuses the configuration.
    pub async fn start(folder: &Path, configuration: &str) -> Self {
        let folder = folder.join("icinga");
        for name in ["data", "cache", "log", "run", "spool"] {
            std::fs::create_dir_all(folder.join(name)).expect("a folder can be made");
        }
        let main = folder.join("icinga2.conf");
        let pipe = folder.join("run/icinga2.cmd");
        let objects = OBJECTS.replace("COMMAND_FILE", &pipe.display().to_string());
        std::fs::write(&main, format!("{objects}\n{configuration}")).expect("a file can be written");
        let icinga = binary::of_debian("/usr/sbin/icinga2", "icinga2-bin");
        let command = |arguments: &[&str]| {
            let mut command = Command::new(&icinga);
            command.arg("daemon").args(arguments).arg("-c").arg(&main);
            for (name, place) in [
                ("DataDir", "data"),
                ("CacheDir", "cache"),
                ("LogDir", "log"),
                ("InitRunDir", "run"),
                ("SpoolDir", "spool"),
            ] {
                command.arg(format!("-D{name}={}", folder.join(place).display()));
            }
            command.args(["-DRunAsUser=root", "-DRunAsGroup=root"]).current_dir(&folder).process_group(0);
            command
        };
        let checked = command(&["-C"]).output().expect("it starts");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let log = folder.join("icinga.out");
        let program = Program::start("icinga2", &mut command(&[]), &log);
        let commands = CommandFile::at(&pipe).await;
        Self { program, commands, log }
    }
}

impl Drop for Icinga {
    fn drop(&mut self) {
        // It is several processes; the first would leave the others behind.
        if let Some(group) = i32::try_from(self.program.pid()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        if std::thread::panicking() {
            program::show(&self.log);
        }
    }
}

const OBJECTS: &str = r#"
const NodeName = "node1"
const ZoneName = NodeName
include <itl>
object Endpoint NodeName {}
object Zone ZoneName { endpoints = [ NodeName ] }
object CheckerComponent "checker" {}
object NotificationComponent "notification" {}
object ExternalCommandListener "command" { command_path = "COMMAND_FILE" }
object Host "db1" {
  check_command = "dummy"
  enable_active_checks = false
  address = "127.0.0.1"
  max_check_attempts = 1
}
object Service "disk /var" {
  host_name = "db1"
  check_command = "dummy"
  enable_active_checks = false
  max_check_attempts = 1
}
object Service "flappy" {
  host_name = "db1"
  check_command = "dummy"
  enable_active_checks = false
  max_check_attempts = 1
  enable_flapping = true
  flapping_threshold_high = 20
  flapping_threshold_low = 10
}
"#;
