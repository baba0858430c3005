//! For tests of pages: a real node on a log in a folder of its own, without channels, and a browser's requests to it.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use actors::alert::Done;
use adapters::boot::BootConfiguration;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::alert::Order;
use events::{AlertId, Author, Entry, PersonId};
use tower::ServiceExt as _;

use super::page::alert::History;
use super::{App, router};
use crate::running::Running;

/// The key of the only source.
const SOURCE_KEY: &str = "a-key-that-is-long-enough";

/// Anna reads Italian in Rome and is paged first, with Bernd, who reads German in Berlin; then Callum.
const HOUSE: &str = r#"
people:
  anna: { name: Anna Rossi, locale: it, time_zone: Europe/Rome, contacts: { push: { pushover: "uQiRzpo4DXghDmr9QzzfQu27cmVRsG" } } }
  bernd: { name: Bernd Vogel, locale: de, time_zone: Europe/Berlin, contacts: { push: { pushover: "uQiRzpo4DXghDmr9QzzfQu27cmVRsH" } } }
  callum: { name: Callum Reid, locale: en, time_zone: Europe/London, contacts: { push: { pushover: "uQiRzpo4DXghDmr9QzzfQu27cmVRsJ" } } }
teams:
  sysadmin: { name: Sysadmins, members: [anna, callum] }
  network: { name: Network, members: [callum] }
rotas:
  primary: { team: sysadmin, time_zone: Europe/Berlin, layers: [{ members: [anna], handover: { every: 1w, from: "2026-11-02T09:00" } }] }
  cables: { team: network, time_zone: Europe/Berlin, layers: [{ members: [callum], handover: { every: 1w, from: "2026-11-02T09:00" } }] }
policies:
  default:
    steps:
      - { page: [{ person: anna }, { person: bernd }], wait: 10m }
      - { page: [{ person: callum }], wait: 10m }
    fallback: [{ person: anna }]
    acknowledgement_lapses: 30m
services:
  shop: { name: Web shop, policy: default, runbook: "https://wiki.example/shop" }
  mail: { name: Mail, policy: default, runbook: "javascript:alert(1)" }
sources:
  monitor: { kind: generic, key_file: key, flood_at: 1000000 }
routes:
  - { when: { labels: { service: mail } }, service: mail }
  - { service: shop }
"#;

/// A node, and whoever visits it.
pub(super) struct Visit {
    running: Running,
    folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

impl Visit {
    pub(super) async fn start() -> Self {
        Self::at("http://pager.example").await
    }

    /// A node that people reach at this address.
    pub(super) async fn at(public_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data").display().to_string();
        let options = [
            ("HOTPOTATO_LISTEN", "127.0.0.1:0"),
            ("HOTPOTATO_DATA_DIR", data.as_str()),
            ("HOTPOTATO_PUBLIC_URL", public_url),
        ];
        let options: BTreeMap<String, String> =
            options.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let boot = BootConfiguration::load(None, &options).expect("a configuration");
        let running = Running::start(boot).await.expect("it starts");
        let visit = Self { running, folder };
        visit.apply(HOUSE).await;
        visit
    }

    /// The same house without Bernd.
    pub(super) async fn lose_bernd(&self) {
        let without: Vec<&str> = HOUSE.lines().filter(|line| !line.starts_with("  bernd:")).collect();
        self.apply(&without.join("\n").replace(", { person: bernd }", "")).await;
    }

    async fn apply(&self, house: &str) {
        std::fs::write(self.folder.path().join("key"), SOURCE_KEY).expect("a file");
        self.apply_beside_keys(house).await;
    }

    /// The same house with these sources besides, whose keys are theirs.
    pub(super) async fn with_sources(&self, sources: &[(&str, &str, &str)]) {
        let mut lines = String::from("sources:\n");
        for (name, kind, key) in sources {
            std::fs::write(self.folder.path().join(name), key).expect("a file");
            lines.extend(["  ", name, ": { ", kind, ", key_file: ", name, " }\n"]);
        }
        self.apply_beside_keys(&HOUSE.replace("sources:\n", &lines)).await;
    }

    async fn apply_beside_keys(&self, house: &str) {
        let file = self.folder.path().join("house.yaml");
        std::fs::write(&file, house).expect("a file");
        let reading = adapters::configuration::load(&[file]);
        assert!(reading.is_sound(), "{:?}", reading.mistakes);
        let provenance = self.app().provenance(Author::House);
        self.app().house.apply(reading.blueprint, false, provenance).await.expect("applies");
    }

    pub(super) fn app(&self) -> &App {
        self.running.app()
    }

    /// The first owner's token, as the owner finds it.
    pub(super) fn owner_token(&self) -> String {
        let token = std::fs::read_to_string(self.running.owner_file()).expect("a token");
        token.trim().to_owned()
    }

    /// Sends a signal in the house's own shape; returns the alert.
    pub(super) async fn signal(&self, signal: serde_json::Value) -> AlertId {
        let request = Request::post(format!("/integrations/generic/{SOURCE_KEY}"));
        let answer = self.send(request.body(signal.to_string().into()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let body: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
        body["alerts"][0].as_str().expect("an alert").parse().expect("an id")
    }

    /// The shop is broken.
    pub(super) async fn alert(&self) -> AlertId {
        let signal = serde_json::json!({
            "summary": "Checkout answers 500", "dedup_key": "checkout", "severity": "error",
            "details": { "dashboard": "https://graphs.example/checkout" },
        });
        let alert = self.signal(signal).await;
        self.settle(alert).await;
        alert
    }

    /// Waits until the board shows the alert.
    pub(super) async fn settle(&self, alert: AlertId) {
        let last = self.entries(alert).await.last().map(|entry| entry.position).expect("a history");
        self.app().house.published().wait_for(last).await;
    }

    pub(super) async fn order(&self, alert: AlertId, order: Order) -> Done {
        self.app().house.order(alert, order, self.app().provenance(Author::House)).await.expect("done")
    }

    pub(super) async fn entries(&self, alert: AlertId) -> Vec<Entry> {
        self.history(alert).await.entries
    }

    pub(super) async fn history(&self, alert: AlertId) -> History {
        History::read(self.app(), alert).await.expect("readable").expect("an alert")
    }

    /// How often somebody took the alert so far.
    pub(super) async fn taken_count(&self, alert: AlertId) -> usize {
        let kinds = self.entries(alert).await;
        kinds.iter().filter(|entry| entry.event.kind() == "alert.acknowledged").count()
    }

    pub(super) fn person(&self, slug: &str) -> PersonId {
        self.app().house.directory().person_called(slug).expect("a person").0
    }

    /// The token in the link that this person got.
    pub(super) fn token(&self, alert: AlertId, slug: &str, generation: u32) -> String {
        self.app().links.key.token(alert, self.person(slug), generation)
    }

    /// `GET` with these headers.
    pub(super) async fn get(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Request::get(address), headers).body(Body::empty()).expect("a request")).await
    }

    /// `POST` of a form with these headers.
    pub(super) async fn post(&self, address: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let typed = Request::post(address).header("content-type", "application/x-www-form-urlencoded");
        self.send(request(typed, headers).body(form.to_owned().into()).expect("a request")).await
    }

    /// `POST` of JSON.
    pub(super) async fn post_json(&self, address: &str, body: &serde_json::Value) -> Answer {
        let typed = Request::post(address).header("content-type", "application/json");
        self.send(typed.body(body.to_string().into()).expect("a request")).await
    }

    /// Asks the API, with this token.
    pub(super) async fn api(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &serde_json::Value,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = request.header("content-type", "application/json").body(body.into());
        self.send(request.expect("a request")).await
    }

    /// Issues a token as the owner; returns its name and its secret.
    pub(super) async fn issue(&self, wanted: serde_json::Value) -> (String, String) {
        let issued = self.api("POST", "/tokens", Some(&self.owner_token()), &wanted).await;
        assert_eq!(issued.status, StatusCode::OK, "{}", issued.text);
        let issued = issued.json();
        let text = |field: &str| issued[field].as_str().expect("text").to_owned();
        (text("id"), text("secret"))
    }

    pub(super) async fn send(&self, mut request: Request<Body>) -> Answer {
        let from: SocketAddr = request
            .headers()
            .get("test-from")
            .map_or("192.0.2.1:1", |from| from.to_str().expect("text"))
            .parse()
            .expect("an address");
        request.extensions_mut().insert(ConnectInfo(from));
        let response = router(self.app().clone()).oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

fn request(
    mut request: axum::http::request::Builder,
    headers: &[(&str, &str)],
) -> axum::http::request::Builder {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}
