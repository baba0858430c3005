//! A stand-in for whoever takes webhooks: it believes what is signed as Standard Webhooks 1.0.0 says,
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::behaviour::{Behaviour, Script};
use crate::exchange::{Exchange, Question, Reply};
use crate::fields;
use crate::ledger::{Call, Ledger, Provider};
use crate::moment;
use crate::wire::{Wire, WireListener};

/// How far the moment of a message may be from now, in seconds: what the reference libraries allow.
const TOLERANCE_SECONDS: u64 = 5 * 60;
/// What a secret begins with, as people see it.
const SECRET_PREFIX: &str = "whsec_";

/// What a webhook stand-in believes.
#[derive(Debug, Clone)]
pub struct WebhookOptions {
    /// The secret that signs, `whsec_` and Base64.
    pub secret: String,
}

impl Default for WebhookOptions {
    fn default() -> Self {
        Self { secret: format!("{SECRET_PREFIX}{}", BASE64.encode([0x5e; 32])) }
    }
}

/// A webhook stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Webhook {
    options: Arc<WebhookOptions>,
    key: Arc<[u8]>,
    exchange: Exchange,
}

impl Webhook {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(options: WebhookOptions, ledger: Ledger) -> Self {
        let secret = options.secret.strip_prefix(SECRET_PREFIX).unwrap_or(&options.secret);
        let key = BASE64.decode(secret).unwrap_or_default().into();
        let exchange = Exchange { provider: Provider::Webhook, ledger, script: Script::default() };
        Self { options: Arc::new(options), key, exchange }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let router = Router::new().fallback(take).with_state(self);
        axum::serve(WireListener(listener), router.into_make_service_with_connect_info::<Wire>()).await
    }

    /// Returns the script of misbehaviour.
    pub const fn script(&self) -> &Script {
        &self.exchange.script
    }

    /// Returns the secret.
    pub fn options(&self) -> &WebhookOptions {
        &self.options
    }

    fn accept(&self, headers: &HeaderMap, body: &[u8], now: u64) -> Reply {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (id, stamp) = (header("webhook-id"), header("webhook-timestamp"));
        if id.is_empty() || id.contains('.') {
            return reply(400, "webhook-id is missing, or has a dot");
        }
        if stamp.parse::<u64>().ok().is_none_or(|stamp| stamp.abs_diff(now) > TOLERANCE_SECONDS) {
            return reply(401, "webhook-timestamp is not of now");
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of any length");
        for part in [id.as_bytes(), b".", stamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        let is_ours = |given: &str| {
            let given = given.strip_prefix("v1,").and_then(|given| BASE64.decode(given).ok());
            given.is_some_and(|given| mac.clone().verify_slice(&given).is_ok())
        };
        if !header("webhook-signature").split(' ').any(is_ours) {
            return reply(401, "webhook-signature does not fit");
        }
        Reply { receipt: Some(id.to_owned()), ..reply(204, "") }
    }
}

async fn take(
    State(webhook): State<Webhook>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let is_post = method == Method::POST;
    let question = Question {
        call: if is_post { Call::Send } else { Call::Unknown },
        destination: uri.path().to_owned(),
        text: String::from_utf8_lossy(&body).into_owned(),
        fields: fields::decode_json(&body),
    };
    let accept = |_: &Behaviour| {
        if is_post {
            webhook.accept(&headers, &body, moment::unix_seconds())
        } else {
            reply(405, "webhooks are posted")
        }
    };
    webhook.exchange.run(&wire, question, misbehave, accept).await
}

fn reply(status: u16, words: &str) -> Reply {
    Reply::new(status, Value::String(words.to_owned()))
}

/// Words a refusal, failure or throttling.
fn misbehave(behaviour: &Behaviour) -> Reply {
    match behaviour {
        Behaviour::Refuse { status, .. } => reply(status.unwrap_or(410), "gone"),
        Behaviour::Throttle { retry_after_seconds: Some(seconds) } => {
            reply(429, "later").header("retry-after", seconds)
        }
        Behaviour::Throttle { retry_after_seconds: None } => reply(429, "later"),
        Behaviour::Fail { status } => reply(status.unwrap_or(500), "broken"),
        _ => reply(500, "broken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn only_what_is_signed_and_of_now_is_believed() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let webhook = Webhook::new(WebhookOptions { secret }, Ledger::default());
        let body = br#"{"test": 2432232314}"#;
        let status = |id: &'static str, signature: &'static str, now: u64| {
            let mut headers = HeaderMap::new();
            headers.insert("webhook-id", id.parse().expect("a header"));
            headers.insert("webhook-timestamp", "1614265330".parse().expect("a header"));
            headers.insert("webhook-signature", signature.parse().expect("a header"));
            webhook.accept(&headers, body, now).status
        };
        let (id, fits) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(status(id, fits, 1_614_265_330), 204);
        assert_eq!(status(id, fits, 1_614_265_330 + 301), 401);
        assert_eq!(status("msg_other", fits, 1_614_265_330), 401);
        assert_eq!(status(id, "v1,g0hM", 1_614_265_330), 401);
    }
}
