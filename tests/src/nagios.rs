//! A real Nagios Core 4, as Debian packages it.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binary;
use crate::command_file::CommandFile;
use crate::program::{self, Program};

/// The host that it looks after.
pub const HOST: &str = "db1";
/// Its service, with a name that is no word.
pub const SERVICE: &str = "disk /var";
/// A service whose coming and going is noticed.
pub const FLAPPY: &str = "flappy";

/// A running Nagios. It checks nothing itself: a story tells it what was found.
#[derive(Debug)]
pub struct Nagios {
    // Killed when this is dropped; its workers end with it.
    _program: Program,
    /// Where it takes commands.
    pub commands: CommandFile,
    log: PathBuf,
}

impl Nagios {
    /// Starts one whose contact and commands are these.
    ///
    /// # Panics
    /// When it is not installed, with the command that does, or refuses the configuration.
    pub async fn start(folder: &Path, configuration: &str, has_environment: bool) -> Self {
        let folder = folder.join("nagios");
        std::fs::create_dir_all(folder.join("checkresults")).expect("a folder can be made");
        std::fs::create_dir_all(folder.join("rw")).expect("a folder can be made");
        let main = folder.join("nagios.cfg");
        for (file, text) in [
            (main.clone(), main_file(&folder, has_environment)),
            (folder.join("notify.cfg"), configuration.to_owned()),
            (folder.join("objects.cfg"), OBJECTS.to_owned()),
        ] {
            std::fs::write(file, text).expect("a file can be written");
        }
        let nagios = binary::of_debian("/usr/sbin/nagios4", "nagios4-core");
        let checked = Command::new(&nagios).arg("-v").arg(&main).output().expect("it starts");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let log = folder.join("nagios.out");
        let mut command = Command::new(nagios);
        command.arg(&main).current_dir(&folder).process_group(0);
        let program = Program::start("nagios4", &mut command, &log);
        let commands = CommandFile::at(&folder.join("rw/nagios.cmd")).await;
        Self { _program: program, commands, log: folder.join("nagios.log") }
    }
}

impl Drop for Nagios {
    fn drop(&mut self) {
        if std::thread::panicking() {
            program::show(&self.log);
        }
    }
}

fn main_file(folder: &Path, has_environment: bool) -> String {
    let folder = folder.display();
    let environment = u8::from(has_environment);
    format!(
        "log_file={folder}/nagios.log\ncfg_file={folder}/notify.cfg\ncfg_file={folder}/objects.cfg\n\
         object_cache_file={folder}/objects.cache\nprecached_object_file={folder}/objects.precache\n\
         status_file={folder}/status.dat\nstatus_update_interval=1\ncommand_file={folder}/rw/nagios.cmd\n\
         check_external_commands=1\nlock_file={folder}/nagios.pid\ntemp_file={folder}/nagios.tmp\ntemp_path={folder}\n\
         check_result_path={folder}/checkresults\nstate_retention_file={folder}/retention.dat\n\
         query_socket={folder}/rw/nagios.qh\nnagios_user=root\nnagios_group=root\nexecute_service_checks=0\n\
         execute_host_checks=0\naccept_passive_service_checks=1\naccept_passive_host_checks=1\nenable_notifications=1\n\
         enable_flap_detection=1\nlow_service_flap_threshold=5.0\nhigh_service_flap_threshold=20.0\n\
         enable_environment_macros={environment}\ninterval_length=1\ndate_format=iso8601\n\
         illegal_macro_output_chars=`~$&|'\"<>\nevent_broker_options=-1\n"
    )
}

/// Nagios wants braces and directives on lines of their own.
const OBJECTS: &str = "\
define timeperiod {
    timeperiod_name 24x7
    alias all
    sunday 00:00-24:00
    monday 00:00-24:00
    tuesday 00:00-24:00
    wednesday 00:00-24:00
    thursday 00:00-24:00
    friday 00:00-24:00
    saturday 00:00-24:00
}
define command {
    command_name nothing
    command_line /bin/true
}
define host {
    host_name db1
    address 127.0.0.1
    check_command nothing
    max_check_attempts 1
    check_interval 60
    check_period 24x7
    notification_period 24x7
    notification_interval 0
    contacts hotpotato
}
define hostgroup {
    hostgroup_name databases
    members db1
}
define service {
    host_name db1
    service_description disk /var
    check_command nothing
    max_check_attempts 1
    check_interval 60
    check_period 24x7
    notification_period 24x7
    notification_interval 0
    contacts hotpotato
    active_checks_enabled 0
    flap_detection_enabled 0
}
define service {
    host_name db1
    service_description flappy
    check_command nothing
    max_check_attempts 1
    check_interval 60
    check_period 24x7
    notification_period 24x7
    notification_interval 0
    contacts hotpotato
    active_checks_enabled 0
}
";
