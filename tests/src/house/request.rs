//! Requests to a house, and what it says about its alerts.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::House;
use crate::household::{ALERTMANAGER_KEY, GENERIC_KEY};
use crate::open_alert::{OpenAlert, text};
use crate::wait;
use crate::web::Answer;

impl House {
    /// Sends a request without a token.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn request(&self, method: Method, path: &str) -> Result<Answer, reqwest::Error> {
        Answer::to(self.http.request(method, self.url(path))).await
    }

    /// A request in the making.
    pub fn http(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// Asks the API, as the owner.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn api(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.http(method, &format!("/api/v1{path}")).bearer_auth(self.owner_token());
        let request = if let Some(body) = body { request.json(&body) } else { request };
        Answer::to(request).await.expect("the house answers")
    }

    /// The owner's token.
    ///
    /// # Panics
    /// When there is none.
    pub fn owner_token(&self) -> String {
        let file = self.data_dir.join("owner.token");
        let token = std::fs::read_to_string(&file);
        token.unwrap_or_else(|error| panic!("{}: {error}", file.display())).trim().to_owned()
    }

    /// Posts a body as Alertmanager does.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn post_alertmanager(&self, body: &Value) -> Answer {
        self.post(&format!("/integrations/alertmanager/{ALERTMANAGER_KEY}"), body.to_string().into()).await
    }

    /// Posts a signal in the house's own shape.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn post_generic(&self, body: &Value) -> Answer {
        self.post(&format!("/integrations/generic/{GENERIC_KEY}"), body.to_string().into()).await
    }

    /// Posts bytes that call themselves JSON.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        self.try_post(path, body).await.expect("the house answers")
    }

    /// Posts bytes that call themselves JSON.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn try_post(&self, path: &str, body: Vec<u8>) -> Result<Answer, reqwest::Error> {
        let request = self.http(Method::POST, path).header("content-type", "application/json").body(body);
        Answer::to(request).await
    }

    /// Raises a critical alert with this summary, and waits until it is listed.
    ///
    /// # Panics
    /// When it is not accepted.
    pub async fn fire(&self, summary: &str) -> OpenAlert {
        let body = json!({ "summary": summary, "dedup_key": summary, "severity": "critical" });
        self.post_generic(&body).await.ok();
        self.listed(summary).await
    }

    /// The open alert with this summary.
    ///
    /// # Panics
    /// When it does not appear.
    pub async fn listed(&self, summary: &str) -> OpenAlert {
        let what = format!("an open alert {summary:?}");
        wait::until(&what, async || self.open().await.into_iter().find(|alert| alert.summary == summary))
            .await
    }

    /// The open alerts, as the API lists them.
    ///
    /// # Panics
    /// When it does not.
    pub async fn open(&self) -> Vec<OpenAlert> {
        let listed = self.api(Method::GET, "/alerts", None).await.ok().json();
        listed.as_array().expect("a list").iter().map(OpenAlert::read).collect()
    }

    /// The timeline of an alert: a kind and a sentence for everything that happened.
    ///
    /// # Panics
    /// When there is no such alert.
    pub async fn timeline(&self, alert: &str) -> Vec<(String, String)> {
        let shown = self.api(Method::GET, &format!("/alerts/{alert}"), None).await.ok().json();
        let line = |line: &Value| (text(line, "kind"), text(line, "text"));
        shown["timeline"].as_array().expect("a timeline").iter().map(line).collect()
    }

    /// Waits until something of this kind with these words stands in an alert's timeline so many times.
    ///
    /// # Panics
    /// When it does not.
    pub async fn recorded(&self, alert: &str, words: &str, count: usize) {
        let what = format!("{count} lines {words:?} in the timeline");
        wait::until(&what, async || {
            let lines = self.timeline(alert).await;
            (lines.iter().filter(|(_, text)| text.contains(words)).count() >= count).then_some(())
        })
        .await;
    }

    /// The metrics by name, with their labels.
    ///
    /// # Panics
    /// When they are not numbers.
    pub async fn metrics(&self) -> BTreeMap<String, f64> {
        let answer = self.request(Method::GET, "/metrics").await.expect("the house answers");
        let lines = answer.ok().body.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let read = |line: &str| {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            (name.to_owned(), value.parse().expect("a number"))
        };
        lines.map(read).collect()
    }
}
