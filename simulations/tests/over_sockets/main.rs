//! The stand-ins over real sockets: every documented reply, every behaviour.

mod calls;
mod control;
mod emergency;
mod kannel;
mod load;
mod mail;
mod product;
mod programs;
mod push;
mod pushover;
mod snpp;
mod tap;
mod twilio;

use std::time::Duration;

use reqwest::Client;
use serde_json::Value;
use simulations::stand_ins::{StandIns, StandInsOptions};

/// How long anything may take that should happen soon.
const SOON: Duration = Duration::from_secs(10);

/// What is waited for a thing that should not happen.
const MOMENT: Duration = Duration::from_millis(150);

async fn stand_ins() -> StandIns {
    stand_ins_with(StandInsOptions::default()).await
}

async fn stand_ins_with(options: StandInsOptions) -> StandIns {
    StandIns::start(options).await.expect("free ports on loopback")
}

/// A client; the stand-ins, started before, have chosen the provider of cryptography.
fn client() -> Client {
    Client::builder().tls_certs_only([]).no_proxy().build().expect("a plain client")
}

/// An answer that was read to its end.
struct Answered {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

async fn answered(request: reqwest::RequestBuilder) -> Answered {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("a body");
    Answered { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
}
