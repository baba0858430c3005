//! A stand-in for a push server as ntfy's documentation describes it: <https://docs.ntfy.sh/publish/>, "Publish as
//! JSON", and its list of errors, <https://github.com/binwiederhier/ntfy/blob/main/server/errors.go>.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::behaviour::{Behaviour, Script};
use crate::exchange::{Exchange, Question, Reply, read_fields};
use crate::fields::Fields;
use crate::ledger::{Call, Ledger, Provider};
use crate::mint::Mint;
use crate::moment;
use crate::wire::{Wire, WireListener};

/// Characters of a topic: <https://docs.ntfy.sh/publish/#picking-a-topic>.
const TOPIC_CHARS_MAX: usize = 64;
/// Bytes of a message: <https://docs.ntfy.sh/publish/#limitations>.
const MESSAGE_BYTES_MAX: usize = 4_096;
/// Buttons below a message: <https://docs.ntfy.sh/publish/#action-buttons>.
const ACTIONS_MAX: usize = 3;
/// How long a server keeps a message, in seconds: <https://docs.ntfy.sh/publish/#limitations>.
const KEPT_SECONDS: u64 = 12 * 60 * 60;

/// What an ntfy stand-in accepts.
#[derive(Debug, Clone, Default)]
pub struct NtfyOptions {
    /// The only access token; `None`: anybody may publish.
    pub token: Option<String>,
}

/// An ntfy stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Ntfy {
    options: Arc<NtfyOptions>,
    exchange: Exchange,
    mint: Arc<Mint>,
}

impl Ntfy {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: NtfyOptions, ledger: Ledger, mint: Arc<Mint>) -> Self {
        let exchange = Exchange { provider: Provider::Ntfy, ledger, script: Script::default() };
        Self { options: Arc::new(options), exchange, mint }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let router = Router::new()
            .route("/", post(publish))
            .fallback(unknown)
            .method_not_allowed_fallback(unknown)
            .with_state(self);
        axum::serve(WireListener(listener), router.into_make_service_with_connect_info::<Wire>()).await
    }

    /// Returns the script of misbehaviour.
    pub const fn script(&self) -> &Script {
        &self.exchange.script
    }

    fn accept(&self, headers: &HeaderMap, message: &Value) -> Reply {
        if let Some(token) = &self.options.token {
            let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
            if given != format!("Bearer {token}") {
                return error(40_101, "unauthorized");
            }
        }
        match mistake(message) {
            Some((code, words)) => error(code, words),
            None => self.taken(message),
        }
    }

    fn taken(&self, message: &Value) -> Reply {
        let id: String = self.mint.alphanumeric30().chars().take(12).collect();
        let now = moment::unix_seconds();
        let mut body = json!({
            "id": id, "time": now, "expires": now + KEPT_SECONDS, "event": "message",
            "topic": message["topic"], "message": message["message"],
        });
        for field in ["title", "priority", "tags", "click", "actions"] {
            if !message[field].is_null() {
                body[field] = message[field].clone();
            }
        }
        Reply { receipt: Some(id), ..Reply::new(200, body) }
    }
}

/// What is wrong with a message, if anything is.
fn mistake(message: &Value) -> Option<(u32, &'static str)> {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let is_topic = message["topic"].as_str().is_some_and(|topic| {
        let takes = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=TOPIC_CHARS_MAX).contains(&topic.len()) && topic.bytes().all(takes)
    });
    if !message.is_object() {
        return Some((40_024, "invalid request: request body must be valid JSON"));
    }
    if !is_topic {
        return Some((40_009, "invalid request: topic invalid"));
    }
    if message["message"].as_str().is_some_and(|message| message.len() > MESSAGE_BYTES_MAX) {
        return Some((41_301, "attachment too large, or bandwidth limit reached"));
    }
    let priority = &message["priority"];
    if !priority.is_null() && !priority.as_u64().is_some_and(|priority| (1..=5).contains(&priority)) {
        return Some((40_007, "invalid request: priority invalid"));
    }
    let no_actions = Vec::new();
    let actions = message["actions"].as_array().unwrap_or(&no_actions);
    let is_sound = |action: &Value| {
        matches!(action["action"].as_str(), Some("view" | "broadcast" | "http" | "copy"))
            && text(&action["label"])
            && (text(&action["url"]) || action["action"] == "broadcast" || action["action"] == "copy")
    };
    let are_sound = actions.len() <= ACTIONS_MAX && actions.iter().all(is_sound);
    (!are_sound).then_some((40_018, "invalid request: actions invalid"))
}

/// An error as ntfy says it: the status is the first three digits of the code.
fn error(code: u32, words: &str) -> Reply {
    let status = u16::try_from(code / 100).unwrap_or(500);
    let link = "https://ntfy.sh/docs/publish/";
    Reply::new(status, json!({ "code": code, "http": status, "error": words, "link": link }))
}

async fn publish(
    State(ntfy): State<Ntfy>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    let said = |name: &str| message[name].as_str().unwrap_or_default();
    let question = Question {
        call: Call::Send,
        destination: said("topic").to_owned(),
        text: format!("{}\n{}", said("title"), said("message")).trim().to_owned(),
        fields: crate::fields::decode_json(&body),
    };
    ntfy.exchange.run(&wire, question, misbehave, |_| ntfy.accept(&headers, &message)).await
}

async fn unknown(
    State(ntfy): State<Ntfy>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let fields: Fields = read_fields(uri.query(), &headers, &body);
    let question = Question {
        call: Call::Unknown,
        destination: uri.path().to_owned(),
        text: method.to_string(),
        fields,
    };
    ntfy.exchange.run(&wire, question, misbehave, |_| error(40_401, "page not found")).await
}

/// Words a refusal, failure or throttling.
fn misbehave(behaviour: &Behaviour) -> Reply {
    match behaviour {
        Behaviour::Refuse { status: Some(status), .. } => error(u32::from(*status) * 100, "refused"),
        Behaviour::Refuse { status: None, .. } => error(40_301, "forbidden"),
        Behaviour::Throttle { retry_after_seconds } => {
            let reply = error(42_901, "limit reached: too many requests");
            match retry_after_seconds {
                Some(seconds) => reply.header("retry-after", seconds),
                None => reply,
            }
        }
        Behaviour::Fail { status } => {
            error(u32::from(status.unwrap_or(500)) * 100 + 1, "internal server error")
        }
        _ => error(50_001, "internal server error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_documentation_forbids_is_refused() {
        let fine = json!({ "topic": "anna-Qx7vT2kM", "message": "disk full", "priority": 5,
            "actions": [{ "action": "http", "label": "I have it", "url": "https://house.example" }] });
        assert_eq!(mistake(&fine), None);
        let with = |field: &str, value: Value| {
            let mut message = fine.clone();
            message[field] = value;
            mistake(&message).map(|(code, _)| code)
        };
        assert_eq!(with("topic", json!("a b")), Some(40_009));
        assert_eq!(with("topic", json!("x".repeat(65))), Some(40_009));
        assert_eq!(with("priority", json!(6)), Some(40_007));
        assert_eq!(with("message", json!("x".repeat(4_097))), Some(41_301));
        let no_label = json!([{ "action": "view", "url": "https://house.example" }]);
        assert_eq!(with("actions", no_label), Some(40_018));
        assert_eq!(mistake(&Value::Null).map(|(code, _)| code), Some(40_024));
        assert_eq!(error(40_009, "x").status, 400);
    }
}
