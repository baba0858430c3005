//! A real Kannel, as Debian packages it, with its fake SMS centre in the place of a network.

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command};

use crate::program::{self, Program};
use crate::web::{self, Answer};
use crate::{binary, wait};

/// The account of the house.
pub const USERNAME: &str = "house";
/// Its password, with letters that stand for something in an address and in a configuration.
pub const PASSWORD: &str = "p&q=+%41 #ü";
/// What stands in the address that it asks for when somebody writes.
pub const INCOMING_KEY: &str = "0f5a2c8e9b7d41630f5a2c8e9b7d4163";
/// The number that people write to.
pub const NUMBER: &str = "4321";
/// Whom Kannel reaches: numbers that begin with one of these.
pub const REACHED: &str = "+39;39;+44";

const SENDSMS_PORT: u16 = 13_013;
const SMSBOX_PORT: u16 = 13_001;
const ADMIN_PORT: u16 = 13_000;
const CENTRE_PORT: u16 = 10_000;

/// Where a Kannel on this address takes messages.
pub fn sendsms(address: Ipv4Addr) -> String {
    format!("http://{address}:{SENDSMS_PORT}/cgi-bin/sendsms")
}

/// A running Kannel: the box with the connections, the box that is asked, and the network's end.
#[derive(Debug)]
pub struct Kannel {
    // Killed when they are dropped, first who would miss the others.
    smsbox: Program,
    // Its standard input must not end before it does.
    _centre: Program,
    phones: ChildStdin,
    _bearerbox: Program,
    log: PathBuf,
    folder: PathBuf,
}

/// A text message as the network got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// The sender.
    pub from: String,
    /// The number.
    pub to: String,
    /// The words.
    pub text: String,
}

impl Kannel {
    /// Starts one on this address, which tells a house what people write. Returns when messages go out.
    ///
    /// # Panics
    /// When it is not installed, with the command that does, or does not become ready.
    pub async fn start(folder: &Path, address: Ipv4Addr, house: &str) -> Self {
        let folder = folder.join("kannel");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        std::fs::write(folder.join("kannel.conf"), configuration(address, house))
            .expect("a file can be written");
        let command = |program: &str, package: &str, arguments: &[&str]| {
            let mut command = Command::new(binary::of_debian(program, package));
            command.args(arguments).current_dir(&folder);
            command
        };
        let run = |name: &str| {
            let mut command = command(&format!("/usr/sbin/{name}"), "kannel", &["-v", "1", "kannel.conf"]);
            Program::start(name, &mut command, &folder.join(format!("{name}.log")))
        };
        let bearerbox = run("bearerbox");
        let status = Status::of(address);
        status.says("the bearerbox", "Kannel bearerbox version").await;
        let smsbox = run("smsbox");
        let (host, port) = (address.to_string(), CENTRE_PORT.to_string());
        let log = folder.join("fakesmsc.log");
        let mut centre = command(
            "/usr/lib/kannel/test/fakesmsc",
            "kannel-extras",
            &["-H", &host, "-r", &port, "-i", "0.1"],
        );
        let (centre, phones) = Program::start_listening("fakesmsc", &mut centre, &log);
        status.says("the fake SMS centre", "(online").await;
        status.says("the smsbox", "smsbox:").await;
        let http = web::client();
        wait::until("Kannel to take messages", async || {
            Answer::to(http.get(sendsms(address))).await.ok().filter(|answer| answer.status == 403)
        })
        .await;
        Self { smsbox, _centre: centre, phones, _bearerbox: bearerbox, log, folder }
    }

    /// The messages that went out so far.
    pub fn sent(&self) -> Vec<Sms> {
        let log = std::fs::read(&self.log).unwrap_or_default();
        read(&String::from_utf8_lossy(&log))
    }

    /// The first message to a number that holds these words.
    pub async fn sms(&self, to: &str, words: &str) -> Sms {
        let what = format!("an SMS to {to} that says {words:?}");
        wait::until(&what, async || {
            self.sent().into_iter().find(|sms| sms.to == to && sms.text.contains(words))
        })
        .await
    }

    /// Somebody writes to the number: one line, since the fake network ends a message there. Returns when the gateway
    /// has it; the fake network reads no further line before.
    ///
    /// # Panics
    /// When the fake network is gone.
    pub async fn receives(&mut self, from: &str, text: &str) {
        let passed_on = || {
            let log = std::fs::read(&self.log).unwrap_or_default();
            String::from_utf8_lossy(&log).matches("fakesmsc: sent message").count()
        };
        let before = passed_on();
        let line = format!("{from} {NUMBER} text {text}\n");
        self.phones.write_all(line.as_bytes()).expect("the fake SMS centre listens");
        wait::until("the fake network to pass it on", async || (passed_on() > before).then_some(())).await;
    }

    /// Kills the part that is asked: nobody listens any more.
    pub fn kill(&mut self) {
        self.smsbox.kill9();
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for name in ["bearerbox.log", "smsbox.log", "fakesmsc.log"] {
                program::show(&self.folder.join(name));
            }
        }
    }
}

/// What the bearerbox says of itself.
struct Status {
    url: String,
    http: reqwest::Client,
}

impl Status {
    fn of(address: Ipv4Addr) -> Self {
        Self { url: format!("http://{address}:{ADMIN_PORT}/status.txt?password=bar"), http: web::client() }
    }

    async fn says(&self, of: &str, words: &str) {
        let what = format!("Kannel to say {words:?} of {of}");
        wait::until(&what, async || {
            let answer = Answer::to(self.http.get(&self.url)).await.ok()?;
            answer.body.contains(words).then_some(())
        })
        .await;
    }
}

fn configuration(address: Ipv4Addr, house: &str) -> String {
    format!(
        r#"group = core
admin-port = {ADMIN_PORT}
admin-interface = {address}
admin-password = bar
smsbox-port = {SMSBOX_PORT}
smsbox-interface = {address}
box-allow-ip = "127.*.*.*"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = network
our-host = {address}
port = {CENTRE_PORT}
connect-allow-ip = "127.*.*.*"
allowed-prefix = "{REACHED}"

group = smsbox
bearerbox-host = {address}
bearerbox-port = {SMSBOX_PORT}
sendsms-port = {SENDSMS_PORT}
sendsms-interface = {address}
global-sender = {NUMBER}

group = sendsms-user
username = {USERNAME}
password = "{PASSWORD}"
concatenation = true
max-messages = 24

group = sms-service
keyword = default
catch-all = true
get-url = "{house}/callbacks/kannel/modem/sms?key={INCOMING_KEY}&from=%p&id=%I&charset=%C&text=%b"
omit-empty = true
accept-x-kannel-headers = true
concatenation = true
max-messages = 4
"#
    )
}

/// Reads the fake SMS centre's log: `Got message 7: <FROM TO KIND WORDS>`. Each line of a message is one there.
fn read(log: &str) -> Vec<Sms> {
    let mut sent: Vec<Sms> = Vec::new();
    let mut joined: Vec<u8> = Vec::new();
    for line in log.lines() {
        let Some((_, said)) = line.split_once("Got message ") else { continue };
        let said = said.split_once(": <").map_or("", |(_, said)| said.strip_suffix('>').unwrap_or(said));
        let parts: Vec<&str> = said.splitn(4, ' ').collect();
        let sms = |text| Sms { from: parts[0].to_owned(), to: parts[1].to_owned(), text };
        match parts[..] {
            [_, _, "text", words] => sent.push(sms(words.to_owned())),
            [_, _, "ucs-2", words] => sent.push(sms(utf16(&decoded(words)))),
            // A part of a long one: `%05%00%03%NUMBER%OF%PART data WORDS`.
            [_, _, "udh", part] => {
                let (head, words) = part.split_once(" data ").unwrap_or((part, ""));
                let head = decoded(head);
                joined.extend(decoded(words));
                if head.get(4) == head.get(5) {
                    sent.push(sms(utf16(&std::mem::take(&mut joined))));
                }
            }
            _ => {
                if let Some(last) = sent.last_mut() {
                    last.text = format!("{}\n{said}", last.text);
                }
            }
        }
    }
    sent
}

fn decoded(words: &str) -> Vec<u8> {
    let mut rest = words.bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).expect("two digits")
            }
            other => other,
        });
    }
    bytes
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_the_fake_centre_is_read() {
        let log = "2026-11-22 23:49:34 [1] [0] DEBUG: Got message 2: <4321 +39333 text K7M2Q öß [x]>\n\
                   2026-11-22 23:49:34 [1] [0] DEBUG: Got message 3: <Web shop>\n\
                   2026-11-22 23:49:34 [1] [0] INFO: something else\n\
                   2026-11-22 23:49:34 [1] [0] DEBUG: Got message 4: <4321 +39334 ucs-2 %04%14+%AC>\n\
                   2026-11-22 23:49:34 [1] [0] DEBUG: Got message 5: <4321 +39335 udh %05%00%03%04%02%01 data %00a>\n\
                   2026-11-22 23:49:34 [1] [0] DEBUG: Got message 6: <4321 +39335 udh %05%00%03%04%02%02 data %04%14>\n";
        let sms = |to: &str, text: &str| Sms { from: "4321".into(), to: to.into(), text: text.into() };
        let expected = [sms("+39333", "K7M2Q öß [x]\nWeb shop"), sms("+39334", "Д€"), sms("+39335", "aД")];
        assert_eq!(read(log), expected);
    }
}
