//! A stand-in for Pushover: <https://pushover.net/api> and <https://pushover.net/api/receipts>.
//!
//! ```text
//! POST /1/messages.json ──► accepted (priority ≤ 1)
//!                      └──► ringing (priority 2) ──► acknowledged ──► callback
//!                                   ├──► cancelled
//!                                   └──► expired
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::emergency::{Acknowledgement, Emergency, Ring};
use self::message::{Message, Mistakes};
use self::quota::Quota;
use crate::behaviour::{Behaviour, Script};
use crate::exchange::{Exchange, Question, Reply};
use crate::fields::Fields;
use crate::ledger::{Answer, Arrival, Call, Ledger, Provider};
use crate::mint::Mint;
use crate::moment;
use crate::report::{Report, Reporter};
use crate::wire::{Wire, serve};

mod calls;
pub mod emergency;
mod message;
mod quota;

/// How often a callback is sent that the product does not answer 2xx.
const CALLBACK_ATTEMPTS_MAX: u32 = 5;

/// What a Pushover stand-in accepts.
#[derive(Debug, Clone)]
pub struct PushoverOptions {
    /// The only valid application token; `None`: any of 30 letters and digits.
    pub app_token: Option<String>,
    /// The only valid user and group keys; `None`: any of 30 letters and digits.
    pub users: Option<BTreeSet<String>>,
    /// Messages a month; the next one is answered 429.
    pub quota: u32,
    /// Wait before a callback that was not answered 2xx is sent again. Pushover's is a minute.
    pub callback_retry: Duration,
}

impl Default for PushoverOptions {
    fn default() -> Self {
        Self { app_token: None, users: None, quota: 10_000, callback_retry: Duration::from_mins(1) }
    }
}

/// A Pushover stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Pushover {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: PushoverOptions,
    exchange: Exchange,
    mint: Arc<Mint>,
    reporter: Reporter,
    state: Mutex<Sent>,
}

#[derive(Debug)]
struct Sent {
    quota: Quota,
    emergencies: BTreeMap<String, Emergency>,
}

/// What [`Pushover::acknowledge`] acknowledges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ringing<'a> {
    /// The emergency with this receipt.
    Receipt(&'a str),
    /// The emergency with this receipt, as this member of the group that it rings for.
    Member {
        /// The receipt.
        receipt: &'a str,
        /// The member's own user key.
        by: &'a str,
    },
    /// Everything that rings for this user key.
    User(&'a str),
}

impl Pushover {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: PushoverOptions, ledger: Ledger, mint: Arc<Mint>, reporter: Reporter) -> Self {
        let quota = Quota::new(options.quota);
        let exchange = Exchange::new(Provider::Pushover, ledger);
        let state = Mutex::new(Sent { quota, emergencies: BTreeMap::new() });
        Self { shared: Arc::new(Shared { options, exchange, mint, reporter, state }) }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let router = calls::router(self);
        serve(listener, router).await
    }

    /// Returns the script of misbehaviour.
    pub fn script(&self) -> &Script {
        &self.shared.exchange.script
    }

    /// Returns what it accepts.
    pub fn options(&self) -> &PushoverOptions {
        &self.shared.options
    }

    /// Returns all emergencies that were accepted, whatever became of them.
    pub fn emergencies(&self) -> Vec<Emergency> {
        self.lock().emergencies.values().cloned().collect()
    }

    /// Returns what rings now.
    pub fn ringing(&self) -> Vec<Emergency> {
        let now = moment::unix_seconds();
        self.emergencies().into_iter().filter(|emergency| emergency.ring(now) == Ring::Ringing).collect()
    }

    /// A person acknowledges on the device: what rings stops, and the callbacks start. Returns the receipts of
    /// what was acknowledged; none if nothing such rings.
    pub fn acknowledge(&self, ringing: &Ringing<'_>, device: &str) -> Vec<String> {
        let now = moment::unix_seconds();
        let mut acknowledged = Vec::new();
        for emergency in self.lock().emergencies.values_mut() {
            let wanted = match ringing {
                Ringing::Receipt(receipt) | Ringing::Member { receipt, .. } => emergency.receipt == *receipt,
                Ringing::User(user) => emergency.users.iter().any(|key| key == user),
            };
            if !wanted || emergency.ring(now) != Ring::Ringing {
                continue;
            }
            let by = match ringing {
                Ringing::User(by) | Ringing::Member { by, .. } => (*by).to_owned(),
                Ringing::Receipt(_) => emergency.users.first().cloned().unwrap_or_default(),
            };
            emergency.acknowledgement = Some(Acknowledgement { at: now, by, device: device.to_owned() });
            acknowledged.push(emergency.clone());
        }
        for emergency in &acknowledged {
            self.record_acknowledgement(emergency);
            tokio::spawn(self.clone().call_back(emergency.clone()));
        }
        acknowledged.into_iter().map(|emergency| emergency.receipt).collect()
    }

    fn record_acknowledgement(&self, emergency: &Emergency) {
        self.shared.exchange.ledger.record(Arrival {
            provider: Provider::Pushover,
            call: Call::Acknowledge,
            destination: emergency.users.join(","),
            text: emergency.text.clone(),
            fields: Fields::new(),
            behaviour: Behaviour::Accept,
            processed: true,
            receipt: Some(emergency.receipt.clone()),
            answer: Answer::default(),
        });
    }

    /// Tells the product about an acknowledgement, as often as the behaviour of the message says.
    async fn call_back(self, emergency: Emergency) {
        let (Some(url), Some(fields)) = (emergency.callback.clone(), emergency.callback_fields()) else {
            return;
        };
        let copies = match &emergency.behaviour {
            Behaviour::ReportMissing => 0,
            Behaviour::ReportDuplicated { copies } => *copies,
            _ => 1,
        };
        if let Behaviour::ReportLate { ms } = &emergency.behaviour {
            moment::pause(Duration::from_millis(*ms)).await;
        }
        for _ in 0..copies {
            self.call_back_until_answered(&url, &fields, &emergency).await;
        }
    }

    async fn call_back_until_answered(&self, url: &str, fields: &Fields, emergency: &Emergency) {
        for attempt in 1..=CALLBACK_ATTEMPTS_MAX {
            let report = Report {
                provider: Provider::Pushover,
                call: Call::Report,
                url: url.to_owned(),
                fields: fields.clone(),
                headers: Vec::new(),
                receipt: emergency.receipt.clone(),
                behaviour: emergency.behaviour.clone(),
            };
            let answer = self.shared.reporter.post(report).await;
            if answer.code.is_some_and(|code| (200..300).contains(&code)) {
                if let Some(emergency) = self.lock().emergencies.get_mut(&emergency.receipt) {
                    emergency.called_back_at = Some(moment::unix_seconds());
                }
                return;
            }
            if attempt < CALLBACK_ATTEMPTS_MAX {
                moment::pause(self.shared.options.callback_retry).await;
            }
        }
    }

    fn accept(&self, fields: &Fields, behaviour: &Behaviour) -> Reply {
        let message = match Message::read(fields, &self.shared.options) {
            Ok(message) => message,
            Err(mistakes) => return self.refuse(400, &mistakes),
        };
        let mut sent = self.lock();
        let used = u32::try_from(message.users.len()).unwrap_or(u32::MAX);
        if !sent.quota.take(used) {
            let reply = self.refuse(429, &sent.quota.mistakes());
            return sent.quota.headers(reply);
        }
        let mut body = json!({ "status": 1, "request": self.shared.mint.uuid() });
        let mut receipt = None;
        if message.is_emergency() {
            let minted = self.shared.mint.alphanumeric30();
            let emergency = message.emergency(&minted, moment::unix_seconds(), behaviour);
            sent.emergencies.insert(minted.clone(), emergency);
            body["receipt"] = Value::from(minted.as_str());
            receipt = Some(minted);
        }
        let mut reply = sent.quota.headers(Reply::new(200, body));
        reply.receipt = receipt;
        reply
    }

    fn refuse(&self, status: u16, mistakes: &Mistakes) -> Reply {
        let mut body = json!({ "status": 0, "errors": mistakes.errors, "request": self.shared.mint.uuid() });
        for field in &mistakes.invalid {
            body[*field] = Value::from("invalid");
        }
        Reply::new(status, body)
    }

    fn success(&self, mut body: Value) -> Reply {
        body["status"] = Value::from(1);
        body["request"] = Value::from(self.shared.mint.uuid());
        Reply::new(200, body)
    }

    fn misbehave(&self, behaviour: &Behaviour) -> Reply {
        match behaviour {
            Behaviour::Refuse { status, .. } => self.refuse(status.unwrap_or(400), &Mistakes::user()),
            Behaviour::Throttle { retry_after_seconds } => {
                let reply = self.refuse(429, &self.lock().quota.mistakes());
                match retry_after_seconds {
                    Some(seconds) => reply.header("retry-after", seconds),
                    None => reply,
                }
            }
            Behaviour::Fail { status } => {
                self.refuse(status.unwrap_or(500), &Mistakes::of("", "internal server error"))
            }
            _ => Reply::new(503, Value::Null),
        }
    }

    async fn run(
        &self,
        wire: &Wire,
        question: Question,
        process: impl FnOnce(&Behaviour) -> Reply,
    ) -> Response<Body> {
        self.shared.exchange.run(wire, question, |behaviour| self.misbehave(behaviour), process).await
    }

    /// Does `process` if the application token is right.
    fn with_token(&self, fields: &Fields, process: impl FnOnce(&str) -> Reply) -> Reply {
        match message::read_token(fields, &self.shared.options) {
            Ok(token) => process(&token),
            Err(mistakes) => self.refuse(400, &mistakes),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sent> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
