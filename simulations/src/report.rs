//! Requests from the stand-ins to the product: status reports, acknowledgements, answers by SMS.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url};

use crate::behaviour::Behaviour;
use crate::fields::{self, Fields};
use crate::ledger::{Answer, Arrival, Call, Ledger, Provider};

/// How long the product may take to answer a report. Twilio's limit for a webhook is 15 s:
/// <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(15);

/// How much of the product's answer is read: as much TwiML as Twilio takes.
/// Source: <https://www.twilio.com/docs/api/errors/11750>.
const ANSWER_CHARS_MAX: usize = 64 * 1024;

/// Sends reports and writes them into the ledger. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Reporter {
    client: Client,
    ledger: Ledger,
}

/// One request to the product.
#[derive(Debug, Clone)]
pub struct Report {
    /// Whose stand-in sends it.
    pub provider: Provider,
    /// [`Call::Report`], [`Call::Reply`] or [`Call::Ask`].
    pub call: Call,
    /// Where it goes, as the product asked for it.
    pub url: String,
    /// The form body.
    pub fields: Fields,
    /// Headers besides the content type.
    pub headers: Vec<(&'static str, String)>,
    /// What it is about: the receipt or message SID.
    pub receipt: String,
    /// What the script made of the message that it is about.
    pub behaviour: Behaviour,
}

impl Reporter {
    /// Creates a reporter.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn new(ledger: Ledger) -> Result<Self, reqwest::Error> {
        // A process has one provider of cryptography; if another part has chosen already, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(ANSWER_WAIT_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([])
            .no_proxy()
            .user_agent("stand-in/1.0")
            .build()?;
        Ok(Self { client, ledger })
    }

    /// Sends a report once, records it with the product's answer, and returns that answer.
    pub async fn post(&self, report: Report) -> Answer {
        let form = fields::encode_form(&report.fields);
        let request = |url| {
            let post = self.client.post(url).header("content-type", "application/x-www-form-urlencoded");
            post.body(form)
        };
        self.send(report, request).await
    }

    /// Fetches the report's address, in which everything stands, records it with the product's answer, and returns
    /// that answer. The report's fields are for the ledger alone.
    pub async fn get(&self, report: Report) -> Answer {
        self.send(report, |url| self.client.get(url)).await
    }

    async fn send(&self, report: Report, request: impl FnOnce(Url) -> RequestBuilder) -> Answer {
        let answer = match loopback(&report.url) {
            Ok(url) => exchange(request(url), &report).await,
            Err(reason) => Answer { code: None, body: format!("not sent: {reason}") },
        };
        self.ledger.record(Arrival {
            provider: report.provider,
            call: report.call,
            destination: report.url,
            text: report.fields.get("Body").cloned().unwrap_or_default(),
            fields: report.fields,
            processed: answer.code.is_some_and(|code| (200..300).contains(&code)),
            receipt: Some(report.receipt),
            behaviour: report.behaviour,
            answer: answer.clone(),
        });
        answer
    }
}

async fn exchange(mut request: RequestBuilder, report: &Report) -> Answer {
    for (name, value) in &report.headers {
        request = request.header(*name, value);
    }
    match request.send().await {
        Ok(response) => {
            let code = Some(response.status().as_u16());
            let body = response.text().await.unwrap_or_default();
            Answer { code, body: body.chars().take(ANSWER_CHARS_MAX).collect() }
        }
        Err(error) => Answer { code: None, body: format!("no answer: {error}") },
    }
}

/// Accepts only addresses on this machine: a test must never call a stranger.
fn loopback(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|error| format!("{address:?} is no URL: {error}"))?;
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_loopback =
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_loopback { Ok(url) } else { Err(format!("{host} is not on this machine")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        for good in ["http://127.0.0.1:8080/x?y=1", "http://localhost/x", "http://[::1]:80/"] {
            assert!(loopback(good).is_ok(), "{good}");
        }
        for bad in ["http://pager.example/callbacks", "http://10.0.0.1/", "not a url"] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }
}
