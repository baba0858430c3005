//! Everybody whom a measured house pages: the stand-ins, a program that it starts, and somebody who never answers.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::super::{ANY_PORT, BenchError};
use super::arrivals::{Arrivals, Notes};
use super::way::Way;
use crate::bench::program::run;
use crate::ledger::{Call, Witnessed};
use crate::moment;
use crate::sink;
use crate::stand_in::kannel::KannelOptions;
use crate::stand_in::pushover::PushoverOptions;
use crate::stand_in::twilio::TwilioOptions;
use crate::stand_ins::{StandIns, StandInsOptions};

/// From one report of a text or a call to the next.
const STEP: Duration = Duration::from_millis(20);

/// The program that the house starts for each page. It copies what it is given into a pipe, and ends with 0.
const TEE: &str = "/usr/bin/tee";
/// The program that never ends.
const SLEEP: [&str; 2] = ["/usr/bin/sleep", "3600"];

/// Where everybody is, as boot files say it.
#[derive(Debug, Clone)]
pub struct Places {
    pub pushover: String,
    pub twilio: String,
    pub voice: String,
    pub twilio_account_sid: String,
    pub twilio_auth_token: String,
    pub kannel: String,
    pub kannel_username: String,
    pub kannel_password: String,
    pub snpp: String,
    pub tap: String,
    pub mail: String,
    pub ntfy: String,
    pub webhook: String,
    pub webhook_secret: String,
    /// The program and its arguments, as TOML.
    pub command: String,
}

/// Running counterparts. Dropping this closes their ports.
#[derive(Debug)]
pub struct Counterparts {
    /// What came to whom, and when.
    pub arrivals: Arrivals,
    /// Where they are.
    pub places: Places,
    _stand_ins: StandIns,
    _tasks: JoinSet<()>,
}

impl Counterparts {
    /// Starts all of them; `hanging` never answers.
    pub async fn start(folder: &Path, hanging: Option<Way>) -> Result<Self, BenchError> {
        let (twilio, kannel) =
            (TwilioOptions { step: STEP, ..TwilioOptions::default() }, KannelOptions::default());
        let options = StandInsOptions {
            pushover: PushoverOptions { quota: u32::MAX, ..PushoverOptions::default() },
            twilio: twilio.clone(),
            kannel: KannelOptions { step: STEP, ..kannel.clone() },
            ..StandInsOptions::default()
        };
        let failed = |error| BenchError::sink(io::Error::other(error));
        let stand_ins = StandIns::start(options).await.map_err(failed)?;
        let addresses = stand_ins.addresses().clone();
        let pipe = folder.join("exec.pipe");
        let mut make = Command::new("mkfifo");
        run("mkfifo", make.arg(&pipe)).await?;
        let mut places = Places {
            pushover: addresses.pushover,
            voice: addresses.twilio.clone(),
            twilio: addresses.twilio,
            twilio_account_sid: twilio.account_sid,
            twilio_auth_token: twilio.auth_token,
            kannel: addresses.kannel,
            kannel_username: kannel.username,
            kannel_password: kannel.password,
            snpp: addresses.snpp,
            tap: addresses.tap,
            mail: addresses.mail,
            ntfy: addresses.ntfy,
            webhook: addresses.webhook,
            webhook_secret: stand_ins.webhook().options().secret.clone(),
            command: format!("[\"{TEE}\", \"{}\"]", pipe.display()),
        };

        let (arrivals, notes) = Arrivals::new();
        let mut tasks = JoinSet::new();
        let ledger = stand_ins.ledger().witness().expect("a fresh ledger has no witness");
        tasks.spawn(read_ledger(ledger, notes.clone()));
        let opened = pipe::OpenOptions::new().read_write(true).open_receiver(&pipe);
        let opened = opened.map_err(BenchError::system("the pipe of the program cannot be read"))?;
        tasks.spawn(read_pipe(opened, notes));
        if let Some(way) = hanging {
            let listener = TcpListener::bind(ANY_PORT).await.map_err(BenchError::sink)?;
            let address = listener.local_addr().map_err(BenchError::sink)?.to_string();
            tasks.spawn(never_answer(listener));
            places.hang(way, &address);
        }
        Ok(Self { arrivals, places, _stand_ins: stand_ins, _tasks: tasks })
    }
}

impl Places {
    /// Puts somebody who never answers in the place of one.
    fn hang(&mut self, way: Way, address: &str) {
        let web = format!("http://{address}");
        match way {
            Way::Pushover => self.pushover = web,
            Way::TwilioSms => self.twilio = web,
            Way::KannelSms => self.kannel = format!("{web}/cgi-bin/sendsms"),
            Way::Snpp => address.clone_into(&mut self.snpp),
            Way::Tap => address.clone_into(&mut self.tap),
            Way::Voice => self.voice = web,
            Way::Mail => address.clone_into(&mut self.mail),
            Way::Ntfy => self.ntfy = web,
            Way::Webhook => self.webhook = web,
            Way::Exec => self.command = format!("{SLEEP:?}"),
        }
    }
}

/// Notes each page by the first alert that it names. A call is a page once somebody hears it, and counts from when it
/// was placed.
async fn read_ledger(mut ledger: mpsc::UnboundedReceiver<Witnessed>, notes: Notes) {
    let mut calls = std::collections::BTreeMap::new();
    while let Some(Witnessed { at, entry }) = ledger.recv().await {
        let way = Way::of(&entry);
        let number = sink::markers(entry.text.as_bytes()).next();
        match (entry.call, way) {
            (Call::Send, Way::Voice) => {
                calls.extend(entry.receipt.filter(|_| entry.processed).map(|call| (call, at)));
            }
            (Call::Heard, Way::Voice) if entry.processed => {
                let placed = entry.receipt.and_then(|call| calls.remove(&call));
                // Whoever hears the same call go on hears no second page.
                if let Some(placed) = placed {
                    notes.note(way, number, placed);
                }
            }
            (Call::Send, _) if entry.processed => notes.note(way, number, at),
            _ => {}
        }
    }
}

/// Notes what programs write, one JSON object after the other. Each write is whole: it is shorter than `PIPE_BUF`,
/// pipe(7).
async fn read_pipe(mut pipe: pipe::Receiver, notes: Notes) {
    let mut read = Vec::new();
    let mut piece = [0; 16 * 1024];
    while let Ok(length @ 1..) = pipe.read(&mut piece).await {
        let at = moment::now();
        read.extend_from_slice(&piece[..length]);
        let mut objects = serde_json::Deserializer::from_slice(&read).into_iter::<serde_json::Value>();
        while let Some(Ok(object)) = objects.next() {
            notes.note(Way::Exec, sink::markers(object.to_string().as_bytes()).next(), at);
        }
        let taken = objects.byte_offset();
        read.drain(..taken);
    }
}

/// Accepts connections, reads whatever comes, and says nothing.
async fn never_answer(listener: TcpListener) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(swallow(stream));
        while connections.try_join_next().is_some() {}
    }
}

async fn swallow(mut stream: TcpStream) {
    let mut piece = [0; 4_096];
    while matches!(stream.read(&mut piece).await, Ok(1..)) {}
}
