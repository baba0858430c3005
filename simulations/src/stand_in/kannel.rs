//! A stand-in for an SMS gateway in the style of Kannel: its user guide 1.4.5, "Using the HTTP interface to send SMS
//! messages", "SMS Delivery Reports", and the table of escape codes.
//!
//! ```text
//! GET /cgi-bin/sendsms ──► 202 ──► 8 (taken by the network) ──► 1 (delivered)
//!                           │                          └──────► 2 (not delivered)
//!                           └────► 16 (refused by the network)
//! ```
//!
//! Each step that `dlr-mask` asks for is told by fetching `dlr-url`, with its escape codes filled in.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::routing::get;
use serde_json::Value;
use tokio::net::TcpListener;

use self::escape::Codes;
use self::message::{Message, Rejection};
use crate::behaviour::{Behaviour, Script};
use crate::exchange::{Exchange, Question, Reply, read_fields};
use crate::fields::Fields;
use crate::ledger::{Answer, Call, Ledger, Provider};
use crate::mint::Mint;
use crate::report::{Report, Reporter};
use crate::stand_in::twilio::IncomingSms;
use crate::wire::{Wire, serve};

mod escape;
mod message;
mod progress;

/// Where messages are taken, unless `sendsms-url` says otherwise.
pub const SENDSMS: &str = "/cgi-bin/sendsms";

/// What a Kannel stand-in accepts.
#[derive(Debug, Clone)]
pub struct KannelOptions {
    /// The only `sendsms-user`.
    pub username: String,
    /// Its password.
    pub password: String,
    /// Time from one report about a message to the next.
    pub step: Duration,
}

impl Default for KannelOptions {
    fn default() -> Self {
        Self {
            username: "house".to_owned(),
            password: "elpmis & 76ftY".to_owned(),
            step: Duration::from_millis(20),
        }
    }
}

/// A Kannel stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Kannel {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: KannelOptions,
    exchange: Exchange,
    mint: Arc<Mint>,
    reporter: Reporter,
}

impl Kannel {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: KannelOptions, ledger: Ledger, mint: Arc<Mint>, reporter: Reporter) -> Self {
        let exchange = Exchange::new(Provider::Kannel, ledger);
        Self { shared: Arc::new(Shared { options, exchange, mint, reporter }) }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let router = Router::new()
            .route(SENDSMS, get(send))
            .fallback(unknown)
            .method_not_allowed_fallback(unknown)
            .with_state(self);
        serve(listener, router).await
    }

    /// Returns the script of misbehaviour.
    pub fn script(&self) -> &Script {
        &self.shared.exchange.script
    }

    /// Returns the account and timing.
    pub fn options(&self) -> &KannelOptions {
        &self.shared.options
    }

    /// A person writes an SMS: fetches the `get-url` of an `sms-service`, with its escape codes filled in, and returns
    /// what the product answered.
    pub async fn receive(&self, sms: IncomingSms) -> Answer {
        let id = self.shared.mint.uuid();
        let codes =
            Codes { sender: &sms.from, receiver: &sms.to, text: &sms.body, id: &id, ..Codes::default() };
        let url = codes.fill(&sms.url);
        let fields = [("from", sms.from.clone()), ("to", sms.to.clone()), ("Body", sms.body.clone())];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.fetch(Call::Reply, url, fields, id.clone(), Behaviour::Accept).await
    }

    async fn fetch(
        &self,
        call: Call,
        url: String,
        fields: Fields,
        receipt: String,
        behaviour: Behaviour,
    ) -> Answer {
        let (provider, headers) = (Provider::Kannel, Vec::new());
        self.shared.reporter.get(Report { provider, call, url, fields, headers, receipt, behaviour }).await
    }

    fn accept(&self, fields: &Fields, behaviour: &Behaviour) -> Reply {
        let message = match Message::read(fields, self.options()) {
            Ok(message) => message,
            Err(rejection) => return rejection.reply(),
        };
        let mut reply = reply(202, "0: Accepted for delivery");
        reply.follow_up = Some(Box::pin(progress::deliver(self.clone(), message, behaviour.clone())));
        reply
    }

    async fn run(
        &self,
        wire: &Wire,
        question: Question,
        process: impl FnOnce(&Behaviour) -> Reply,
    ) -> Response<Body> {
        self.shared.exchange.run(wire, question, misbehave, process).await
    }
}

async fn send(
    State(kannel): State<Kannel>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let fields = read_fields(query.as_deref(), &headers, &[]);
    let destination = fields.get("to").cloned().unwrap_or_default();
    // Without a receiver it is a question about the account, and no message to anybody.
    let call = if fields.contains_key("to") { Call::Send } else { Call::Account };
    let question = Question { call, destination, text: message::shown(&fields), fields: fields.clone() };
    kannel.run(&wire, question, |behaviour| kannel.accept(&fields, behaviour)).await
}

async fn unknown(
    State(kannel): State<Kannel>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let question = Question::unknown(&method, &uri, &headers, &body);
    kannel.run(&wire, question, |_| reply(404, "Unknown request.")).await
}

fn reply(status: u16, words: &str) -> Reply {
    Reply::new(status, Value::String(words.to_owned()))
}

/// Words a refusal, failure or throttling.
fn misbehave(behaviour: &Behaviour) -> Reply {
    let temporal = |status: Option<u16>| reply(status.unwrap_or(503), "Temporal failure, try again later.");
    match behaviour {
        Behaviour::Refuse { status, .. } => match status.unwrap_or(403) {
            403 => reply(403, "Not routable. Do not try again."),
            status => Rejection { status, words: "Request rejected" }.reply(),
        },
        Behaviour::Fail { status } => temporal(*status),
        Behaviour::Throttle { retry_after_seconds: Some(seconds) } => {
            temporal(None).header("retry-after", seconds)
        }
        _ => temporal(None),
    }
}
