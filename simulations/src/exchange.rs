//! One HTTP call to a stand-in: choose the behaviour, process, record, answer. In that order, and only here.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, HeaderName, Method, Response, StatusCode, Uri};
use serde_json::Value;

use crate::behaviour::{Behaviour, HUGE_REPLY_BYTES, NonsenseShape, Script};
use crate::fields::{self, Fields};
use crate::ledger::{Answer, Arrival, Call, Ledger, Provider};
use crate::moment;
use crate::wire::Wire;

/// Where an HTTP stand-in's calls pass through. Clones share everything.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub provider: Provider,
    pub ledger: Ledger,
    pub script: Script,
}

/// A call as it was understood.
#[derive(Debug, Clone)]
pub struct Question {
    pub call: Call,
    pub destination: String,
    pub text: String,
    pub fields: Fields,
}

/// Work that starts once the call is in the ledger.
pub type FollowUp = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the provider answers when nothing goes wrong on the way.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    /// JSON; a text stands for itself, and is said as `text/html`.
    pub body: Value,
    /// The handle given out, for the ledger.
    pub receipt: Option<String>,
    /// Reports to the product, for instance.
    pub follow_up: Option<FollowUp>,
}

impl Reply {
    pub const fn new(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body, receipt: None, follow_up: None }
    }

    pub fn header(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

impl Question {
    /// A call that the provider does not know.
    pub fn unknown(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        Self {
            call: Call::Unknown,
            destination: uri.path().to_owned(),
            text: method.to_string(),
            fields: read_fields(uri.query(), headers, body),
        }
    }
}

impl Exchange {
    /// With a provider that nobody has called yet, and that behaves well.
    pub fn new(provider: Provider, ledger: Ledger) -> Self {
        Self { provider, ledger, script: Script::default() }
    }

    /// Carries one call through. `misbehave` words the provider's refusal, failure and throttling; `process`
    /// does what the provider does when all is well.
    pub async fn run(
        &self,
        wire: &Wire,
        question: Question,
        misbehave: impl FnOnce(&Behaviour) -> Reply,
        process: impl FnOnce(&Behaviour) -> Reply,
    ) -> Response<Body> {
        let behaviour = self.script.choose(question.call, &question.destination);
        let mut reply = if behaviour.processes() { process(&behaviour) } else { misbehave(&behaviour) };
        self.ledger.record(Arrival {
            provider: self.provider,
            call: question.call,
            destination: question.destination,
            text: question.text,
            fields: question.fields,
            processed: behaviour.processes() && reply.status < 400,
            receipt: reply.receipt.take(),
            answer: answer_given(&behaviour, &reply),
            behaviour: behaviour.clone(),
        });
        if let Some(follow_up) = reply.follow_up.take() {
            tokio::spawn(follow_up);
        }
        respond(wire, &behaviour, reply).await
    }
}

/// Reads the named values of a request from its query string and its body, which may be a form or JSON. Where
/// both name a value, the body's stands.
pub fn read_fields(query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Fields {
    let mut fields = fields::decode_form(query.unwrap_or_default().as_bytes());
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.trim_start().to_ascii_lowercase().starts_with("application/json");
    fields.extend(if is_json { fields::decode_json(body) } else { fields::decode_form(body) });
    fields
}

fn answer_given(behaviour: &Behaviour, reply: &Reply) -> Answer {
    let (code, body) = match behaviour {
        Behaviour::Hang { .. } | Behaviour::DropBefore | Behaviour::DropAfter => (None, String::new()),
        Behaviour::Nonsense { shape: NonsenseShape::GarbageLine } => (None, "(garbage)".to_owned()),
        Behaviour::Nonsense { .. } => (Some(200), "(nonsense)".to_owned()),
        _ => (Some(reply.status), words(&reply.body)),
    };
    Answer { code, body }
}

fn words(body: &Value) -> String {
    match body {
        Value::String(words) => words.clone(),
        other => other.to_string(),
    }
}

async fn respond(wire: &Wire, behaviour: &Behaviour, reply: Reply) -> Response<Body> {
    match behaviour {
        Behaviour::Hang { .. } => std::future::pending().await,
        Behaviour::Slow { ms } => moment::pause(Duration::from_millis(*ms)).await,
        Behaviour::DropBefore | Behaviour::DropAfter => wire.cut(),
        Behaviour::Nonsense { shape } => return nonsense(wire, *shape),
        _ => {}
    }
    let kind = if reply.body.is_string() { "text/html" } else { "application/json; charset=utf-8" };
    let mut response = Response::new(Body::from(words(&reply.body)));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in reply.headers {
        let value = HeaderValue::from_str(&value).expect("headers of stand-ins are printable");
        headers.insert(HeaderName::from_static(name), value);
    }
    response
}

fn nonsense(wire: &Wire, shape: NonsenseShape) -> Response<Body> {
    let body = match shape {
        NonsenseShape::NotJson => Body::from("<html><body><h1>It works!</h1></body></html>"),
        NonsenseShape::GarbageLine => {
            wire.garble();
            Body::empty()
        }
        NonsenseShape::HugeReply => Body::from(huge_reply()),
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// The beginning of a JSON object that would be a success if it ever ended.
fn huge_reply() -> Bytes {
    static HUGE: OnceLock<Bytes> = OnceLock::new();
    let make = || {
        let mut bytes = br#"{"status":1,"request":""#.to_vec();
        bytes.resize(HUGE_REPLY_BYTES, b'x');
        Bytes::from(bytes)
    };
    HUGE.get_or_init(make).clone()
}
