//! Debian packages that the tests and benchmarks need, installed if their programs are missing.

use std::env;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::cargo;

/// A Debian package and the program that tells whether it is there; with its whole path when it lies where ordinary
/// users do not look.
#[derive(Clone, Copy)]
pub struct Package {
    name: &'static str,
    program: &'static str,
}

/// Fires alerts at Alertmanager.
pub const PROMETHEUS: Package = Package { name: "prometheus", program: "prometheus" };

/// Sends us its notifications. Debian renames the program, which upstream calls `alertmanager`.
pub const ALERTMANAGER: Package =
    Package { name: "prometheus-alertmanager", program: "prometheus-alertmanager" };

/// Steps the wall clock under a running process. The library itself comes with it.
pub const FAKETIME: Package = Package { name: "faketime", program: "faketime" };

/// Reads our calendars, and writes some for us. The program comes with the library.
pub const ICALENDAR: Package = Package { name: "python3-icalendar", program: "icalendar" };

/// Sends SMS, as a gateway of one's own.
pub const KANNEL: Package = Package { name: "kannel", program: "/usr/sbin/bearerbox" };

/// Plays the network behind it.
pub const KANNEL_EXTRAS: Package =
    Package { name: "kannel-extras", program: "/usr/lib/kannel/test/fakesmsc" };
/// Makes the environment of Python's public clients. It brings no program.
pub const VENV: Package = Package { name: "python3-venv", program: "/usr/share/doc/python3-venv/copyright" };

/// Takes our mails, or does not. The program comes with the library.
pub const AIOSMTPD: Package = Package { name: "python3-aiosmtpd", program: "aiosmtpd" };

/// Takes our mails as a mail server of the world does, and hands them on.
pub const OPENSMTPD: Package = Package { name: "opensmtpd", program: "smtpctl" };

/// Runs our notification command as its users do.
pub const NAGIOS: Package = Package { name: "nagios4-core", program: "/usr/sbin/nagios4" };

/// Another one that does.
pub const ICINGA: Package = Package { name: "icinga2-bin", program: "/usr/sbin/icinga2" };

/// Lets system calls fail.
pub const STRACE: Package = Package { name: "strace", program: "strace" };

/// Takes pages over SNPP, and hands them to paging terminals.
pub const HYLAFAX: Package = Package { name: "hylafax-server", program: "hfaxd" };

/// Joins pseudo-terminals, programs and sockets.
pub const SOCAT: Package = Package { name: "socat", program: "socat" };

/// A gateway of another make, which brings no program.
pub const NET_SNPP: Package =
    Package { name: "libnet-snpp-perl", program: "/usr/share/perl5/Net/SNPP/Server.pm" };

/// Installs those of the packages whose programs are missing, without starting the services they bring.
pub fn install(packages: &[Package]) -> Result<(), String> {
    let missing: Vec<&str> =
        packages.iter().filter(|package| !in_path(package.program)).map(|package| package.name).collect();
    if missing.is_empty() {
        println!("everything is there");
        return Ok(());
    }
    println!("installing {}", missing.join(" "));
    install_missing(&missing).map_err(|reason| {
        format!(
            "{reason}\n\
             cannot install {names}; run this as root, then try again:\n    \
             apt-get update\n    \
             apt-get install --no-install-recommends {names}",
            names = missing.join(" "),
        )
    })
}

fn install_missing(names: &[&str]) -> Result<(), String> {
    if !in_path("apt-get") {
        return Err("there is no apt-get on this machine".to_owned());
    }
    let privilege = Privilege::find()?;
    let known = names.iter().all(|name| succeeds("apt-cache", &["show", name]));
    if !known {
        privilege.apt_get(&["update"])?;
    }
    let services = Services::hold(privilege)?;
    let mut result = privilege.apt_get_install(names);
    if result.is_err() && known {
        // The list may be so old that the version it names is gone.
        result = privilege.apt_get(&["update"]).and_then(|()| privilege.apt_get_install(names));
    }
    services.release().and(result)
}

/// How this process may change the machine.
#[derive(Clone, Copy)]
enum Privilege {
    Root,
    Sudo,
}

impl Privilege {
    fn find() -> Result<Self, String> {
        let mut id = Command::new("id");
        id.arg("-u");
        if cargo::read(id)?.trim_ascii() == b"0" {
            Ok(Self::Root)
        } else if in_path("sudo") && succeeds("sudo", &["-n", "true"]) {
            Ok(Self::Sudo)
        } else {
            Err("this needs root, or sudo without a password".to_owned())
        }
    }

    fn command(self, program: &str) -> Command {
        match self {
            Self::Root => Command::new(program),
            Self::Sudo => {
                let mut command = Command::new("sudo");
                command.args(["-n", program]);
                command
            }
        }
    }

    /// Runs `apt-get`: silent but for errors, never asking, waiting for another one's lock.
    fn apt_get(self, arguments: &[&str]) -> Result<(), String> {
        let mut command = self.command("env");
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"])
            .args(["-o", "DPkg::Lock::Timeout=900", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments)
            .stdin(Stdio::null());
        cargo::run(command)
    }

    fn apt_get_install(self, names: &[&str]) -> Result<(), String> {
        let mut arguments = vec!["--no-install-recommends", "install"];
        arguments.extend(names);
        self.apt_get(&arguments)
    }
}

/// Debian asks this program before a package starts a service; 101 means no.
/// Source: `invoke-rc.d(8)`, "INIT SCRIPT POLICY".
const POLICY_PATH: &str = "/usr/sbin/policy-rc.d";
const POLICY: &str =
    "#!/bin/sh\n# Made by `cargo xtask` while it installs packages; may be removed.\nexit 101\n";

/// Services, kept from starting while packages are installed.
struct Services {
    privilege: Privilege,
    ours: bool,
}

impl Services {
    /// Puts our policy in place unless the machine has one of its own. One of ours that is already there was
    /// left by a run that was interrupted.
    fn hold(privilege: Privilege) -> Result<Self, String> {
        if fs::exists(POLICY_PATH).unwrap_or(false) {
            let ours = fs::read_to_string(POLICY_PATH).is_ok_and(|text| text == POLICY);
            return Ok(Self { privilege, ours });
        }
        let mut install = privilege.command("install");
        install.args(["-m", "755", "/dev/stdin", POLICY_PATH]).stdin(Stdio::piped());
        let failed = |what: &str| format!("{POLICY_PATH} could not be written: {what}");
        let mut child = install.spawn().map_err(|error| failed(&error.to_string()))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(POLICY.as_bytes()).map_err(|error| failed(&error.to_string()))?;
        }
        match child.wait() {
            Ok(status) if status.success() => Ok(Self { privilege, ours: true }),
            Ok(status) => Err(failed(&status.to_string())),
            Err(error) => Err(failed(&error.to_string())),
        }
    }

    /// Takes the policy away again if it is ours.
    fn release(self) -> Result<(), String> {
        if !self.ours {
            return Ok(());
        }
        let mut remove = self.privilege.command("rm");
        remove.args(["-f", POLICY_PATH]);
        cargo::run(remove)
    }
}

/// Whether a program is in the search path.
fn in_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether a command, run in silence, succeeds.
fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
