//! A stand-in for Twilio's Messages and Calls resources: <https://www.twilio.com/docs/messaging/api/message-resource>,
//! <https://www.twilio.com/docs/voice/api/call-resource>.
//!
//! ```text
//! POST Messages.json ──► queued ──► sent ──► delivered
//!                          │          └────► undelivered
//!                          └──► failed
//!
//! POST Calls.json ──► queued ──► initiated ──► ringing ──► in-progress ──► completed
//!                                                └──► busy, no-answer, failed, canceled
//! ```
//!
//! A call asks the product what to say once somebody answers, and what to do about each key. Each step after `queued` is reported to the `StatusCallback`, signed with `X-Twilio-Signature`.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

use self::call::{Call as VoiceCall, Phone};
use self::message::{Message, Order};
use self::problem::Problem;
use crate::behaviour::{Behaviour, Script};
use crate::exchange::{Exchange, Question, Reply, read_fields};
use crate::fields::{Fields, values_of};
use crate::ledger::{Answer, Call, Ledger, Provider};
use crate::mint::Mint;
use crate::report::{Report, Reporter};
use crate::wire::{Wire, serve};

pub mod call;
mod conversation;
pub mod message;
mod problem;
mod progress;
pub mod segment;
pub mod signature;
pub mod twiml;

/// What a Twilio stand-in accepts.
#[derive(Debug, Clone)]
pub struct TwilioOptions {
    /// `AC` and 32 hex digits.
    pub account_sid: String,
    /// The password of HTTP basic authentication and the key of signatures.
    pub auth_token: String,
    /// Time from one state of a message to the next.
    pub step: Duration,
}

impl Default for TwilioOptions {
    fn default() -> Self {
        Self {
            account_sid: format!("AC{}", "0123456789abcdef".repeat(2)),
            auth_token: "fedcba9876543210".repeat(2),
            step: Duration::from_millis(20),
        }
    }
}

/// A Twilio stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Twilio {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: TwilioOptions,
    exchange: Exchange,
    mint: Arc<Mint>,
    reporter: Reporter,
    messages: Mutex<BTreeMap<String, Message>>,
    calls: Mutex<Calls>,
}

/// Calls, and what happens at the numbers that are called.
#[derive(Debug, Default)]
struct Calls {
    placed: BTreeMap<String, VoiceCall>,
    phones: BTreeMap<String, Phone>,
    reports_backwards: bool,
}

/// What happens when a number is called from now on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneRequest {
    /// The person's telephone number.
    pub number: String,
    /// What happens there.
    pub phone: Phone,
    /// Whether the reports about all calls come at the end, the last one first.
    #[serde(default)]
    pub reports_backwards: bool,
}

/// An SMS from a person to the product.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncomingSms {
    /// The product's address for incoming messages.
    pub url: String,
    /// The person's telephone number.
    pub from: String,
    /// The number that the product sends from.
    pub to: String,
    /// The words.
    pub body: String,
}

impl Twilio {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: TwilioOptions, ledger: Ledger, mint: Arc<Mint>, reporter: Reporter) -> Self {
        let exchange = Exchange::new(Provider::Twilio, ledger);
        Self {
            shared: Arc::new(Shared {
                options,
                exchange,
                mint,
                reporter,
                messages: Mutex::default(),
                calls: Mutex::default(),
            }),
        }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}", get(account))
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(send))
            .route("/2010-04-01/Accounts/{account}/Messages/{message}", get(message_status))
            .route("/2010-04-01/Accounts/{account}/Calls.json", post(place_call))
            .route("/2010-04-01/Accounts/{account}/Calls/{call}", get(call_status).post(update_call))
            .fallback(unknown)
            .method_not_allowed_fallback(unknown)
            .with_state(self);
        serve(listener, router).await
    }

    /// Returns the script of misbehaviour.
    pub fn script(&self) -> &Script {
        &self.shared.exchange.script
    }

    /// Returns the credentials and timing.
    pub fn options(&self) -> &TwilioOptions {
        &self.shared.options
    }

    /// Returns all messages that were accepted, in the order of their SIDs.
    pub fn messages(&self) -> Vec<Message> {
        self.lock().values().cloned().collect()
    }

    /// A person writes an SMS: posts it, signed, to the product and returns what the product answered (TwiML).
    pub async fn receive(&self, sms: IncomingSms) -> Answer {
        let sid = format!("SM{}", self.shared.mint.hex32());
        let fields = [
            ("MessageSid", sid.clone()),
            ("SmsSid", sid.clone()),
            ("SmsMessageSid", sid.clone()),
            ("AccountSid", self.options().account_sid.clone()),
            ("From", sms.from),
            ("To", sms.to),
            ("NumSegments", segment::count(&sms.body).to_string()),
            ("Body", sms.body),
            ("NumMedia", "0".to_owned()),
            ("SmsStatus", "received".to_owned()),
            ("ApiVersion", message::API_VERSION.to_owned()),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.post_signed(Call::Reply, sms.url, fields, sid, Behaviour::Accept).await
    }

    async fn post_signed(
        &self,
        call: Call,
        url: String,
        fields: Fields,
        receipt: String,
        behaviour: Behaviour,
    ) -> Answer {
        let signature = signature::sign(&url, &fields, &self.options().auth_token);
        let headers = vec![("X-Twilio-Signature", signature)];
        let report = Report { provider: Provider::Twilio, call, url, fields, headers, receipt, behaviour };
        self.shared.reporter.post(report).await
    }

    fn accept(&self, account: &str, headers: &HeaderMap, fields: &Fields, behaviour: &Behaviour) -> Reply {
        if !self.is_authorised(account, headers) {
            return Problem::authenticate().reply();
        }
        let order = match Order::read(fields) {
            Ok(order) => order,
            Err(problem) => return problem.reply(),
        };
        let sid = format!("SM{}", self.shared.mint.hex32());
        let message = Message::queued(order, sid.clone(), account.to_owned());
        let mut reply = Reply::new(201, message.to_json());
        self.lock().insert(sid.clone(), message);
        reply.follow_up = Some(Box::pin(progress::deliver(self.clone(), sid.clone(), behaviour.clone())));
        reply.receipt = Some(sid);
        reply
    }

    fn is_authorised(&self, account: &str, headers: &HeaderMap) -> bool {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let given = header.strip_prefix("Basic ").and_then(|encoded| BASE64.decode(encoded.trim()).ok());
        let options = self.options();
        let wanted = format!("{}:{}", options.account_sid, options.auth_token);
        account == options.account_sid && given.is_some_and(|given| given == wanted.as_bytes())
    }

    async fn run(
        &self,
        wire: &Wire,
        question: Question,
        process: impl FnOnce(&Behaviour) -> Reply,
    ) -> Response<Body> {
        let to = question.destination.clone();
        self.shared
            .exchange
            .run(wire, question, |behaviour| problem::misbehave(behaviour, &to), process)
            .await
    }

    /// Decides what happens when a number is called.
    pub fn set_phone(&self, request: PhoneRequest) {
        let mut calls = self.calls();
        calls.reports_backwards = request.reports_backwards;
        calls.phones.insert(request.number, request.phone);
    }

    fn phone(&self, number: &str) -> Phone {
        self.calls().phones.get(number).cloned().unwrap_or_default()
    }

    fn reports_backwards(&self) -> bool {
        self.calls().reports_backwards
    }

    fn call(&self, sid: &str) -> Option<VoiceCall> {
        self.with_call(sid, |call| call.clone())
    }

    fn with_call<T>(&self, sid: &str, change: impl FnOnce(&mut VoiceCall) -> T) -> Option<T> {
        self.calls().placed.get_mut(sid).map(change)
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept_call(
        &self,
        account: &str,
        headers: &HeaderMap,
        order: Result<call::Order, Problem>,
        behaviour: &Behaviour,
    ) -> Reply {
        if !self.is_authorised(account, headers) {
            return Problem::authenticate().reply();
        }
        let order = match order {
            Ok(order) => order,
            Err(problem) => return problem.reply(),
        };
        let sid = format!("CA{}", self.shared.mint.hex32());
        let call = VoiceCall::queued(order, sid.clone(), account.to_owned());
        let mut reply = Reply::new(201, call.to_json());
        self.calls().placed.insert(sid.clone(), call);
        reply.follow_up = Some(Box::pin(conversation::lead(self.clone(), sid.clone(), behaviour.clone())));
        reply.receipt = Some(sid);
        reply
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Message>> {
        self.shared.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn send(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields = read_fields(None, &headers, &body);
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let question =
        Question { call: Call::Send, destination: value("To"), text: value("Body"), fields: fields.clone() };
    twilio.run(&wire, question, |behaviour| twilio.accept(&account, &headers, &fields, behaviour)).await
}

/// The account itself. Source: <https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource>.
async fn account(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    let account = name.strip_suffix(".json").unwrap_or(&name);
    let process = |_: &Behaviour| {
        if !twilio.is_authorised(account, &headers) {
            return Problem::authenticate().reply();
        }
        let body = json!({
            "sid": account, "friendly_name": "Stand-in", "status": "active", "type": "Full",
            "owner_account_sid": account,
        });
        Reply::new(200, body)
    };
    twilio.run(&wire, about(Call::Account, account), process).await
}

async fn message_status(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path((account, name)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let sid = name.strip_suffix(".json").unwrap_or(&name);
    let process = |_: &Behaviour| {
        if !twilio.is_authorised(&account, &headers) {
            return Problem::authenticate().reply();
        }
        let messages = twilio.lock();
        let found = messages.get(sid).map(|message| Reply::new(200, message.to_json()));
        found.unwrap_or_else(|| Problem::not_found(uri.path()).reply())
    };
    twilio.run(&wire, about(Call::Status, sid), process).await
}

async fn place_call(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields = read_fields(None, &headers, &body);
    let order = call::Order::read(&fields, values_of(&body, "StatusCallbackEvent"));
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let question =
        Question { call: Call::Send, destination: value("To"), text: value("Twiml"), fields: fields.clone() };
    twilio.run(&wire, question, |behaviour| twilio.accept_call(&account, &headers, order, behaviour)).await
}

async fn call_status(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path((account, name)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let sid = name.strip_suffix(".json").unwrap_or(&name);
    let process = |_: &Behaviour| {
        if !twilio.is_authorised(&account, &headers) {
            return Problem::authenticate().reply();
        }
        let found = twilio.call(sid).map(|call| Reply::new(200, call.to_json()));
        found.unwrap_or_else(|| Problem::not_found(uri.path()).reply())
    };
    twilio.run(&wire, about(Call::Status, sid), process).await
}

async fn update_call(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    Path((account, name)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let sid = name.strip_suffix(".json").unwrap_or(&name);
    let fields = read_fields(None, &headers, &body);
    let status = fields.get("Status").cloned().unwrap_or_default();
    let question = Question { fields, ..about(Call::Cancel, sid) };
    let process = |_: &Behaviour| {
        if !twilio.is_authorised(&account, &headers) {
            return Problem::authenticate().reply();
        }
        match twilio.with_call(sid, |call| call.update(&status).map(|()| call.to_json())) {
            None => Problem::not_found(uri.path()).reply(),
            Some(Ok(call)) => Reply::new(200, call),
            Some(Err(problem)) => problem.reply(),
        }
    };
    twilio.run(&wire, question, process).await
}

async fn unknown(
    State(twilio): State<Twilio>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let question = Question::unknown(&method, &uri, &headers, &body);
    twilio.run(&wire, question, |_| Problem::not_found(uri.path()).reply()).await
}

fn about(call: Call, destination: &str) -> Question {
    Question { call, destination: destination.to_owned(), text: String::new(), fields: Fields::new() }
}
