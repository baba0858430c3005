//! The built `stand-ins`: providers that speak the real protocols, and keep a ledger of every call.

use std::io::BufRead as _;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::page::Page;
use crate::program::Program;
use crate::web::{self, Answer};
use crate::{binary, wait};

/// The longest that the ledger waits in one request.
const WAIT_MS_MAX: u128 = 5_000;

/// Running stand-ins.
#[derive(Debug)]
pub struct StandIns {
    program: Program,
    ready: Ready,
    http: reqwest::Client,
}

/// The line that they print when they are ready.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// Base URL of Pushover.
    pub pushover: String,
    /// Base URL of Twilio.
    pub twilio: String,
    /// Where Kannel's `sendsms` is.
    pub kannel: String,
    /// Host and port of the SNPP gateway.
    pub snpp: String,
    /// Host and port of the TAP terminal.
    pub tap: String,
    control: String,
    /// The account at Twilio.
    pub twilio_account_sid: String,
    /// Its token, which signs reports.
    pub twilio_auth_token: String,
    /// The account at Kannel.
    pub kannel_username: String,
    /// Its password.
    pub kannel_password: String,
}

/// A provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Push messages.
    Pushover,
    /// SMS.
    Twilio,
    /// SMS, through a gateway of one's own.
    Kannel,
    /// Pagers.
    Snpp,
    /// Pagers, by a paging terminal.
    Tap,
}

impl Provider {
    /// As the control API calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pushover => "pushover",
            Self::Twilio => "twilio",
            Self::Kannel => "kannel",
            Self::Snpp => "snpp",
            Self::Tap => "tap",
        }
    }
}

impl StandIns {
    /// Starts them on this address, with more arguments.
    ///
    /// # Panics
    /// When they do not become ready.
    pub fn start(address: Ipv4Addr, arguments: &[String], log: &Path) -> Self {
        let mut command = Command::new(binary::stand_ins());
        command.args(["--bind", &address.to_string()]).args(arguments);
        let mut program = Program::start_piped("stand-ins", &mut command, log);
        let output = program.take_output().expect("a pipe");
        let mut line = String::new();
        std::io::BufReader::new(output).read_line(&mut line).expect("the stand-ins say where they are");
        let ready =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("stand-ins said {line:?}: {error}"));
        Self { program, ready, http: web::client() }
    }

    /// Where they are, and as whom.
    pub const fn ready(&self) -> &Ready {
        &self.ready
    }

    /// From now on the provider follows these rules; the first that matches a call decides.
    pub async fn behave(&self, provider: Provider, rules: Value) {
        let request = self.http.put(format!("{}/behaviour/{}", self.ready.control, provider.name()));
        let answer = Answer::to(request.json(&rules)).await.expect("the stand-ins answer");
        assert!(answer.is_ok(), "{rules}: {answer:?}");
    }

    /// From now on every provider does what its documentation says.
    pub async fn behave_well(&self) {
        let request = self.http.delete(format!("{}/behaviour", self.ready.control));
        Answer::to(request).await.expect("the stand-ins answer").ok();
    }

    /// Every call so far.
    pub async fn ledger(&self) -> Vec<Page> {
        self.query(&[]).await
    }

    /// Every page so far.
    pub async fn pages(&self) -> Vec<Page> {
        self.query(&[("call", "send")]).await
    }

    /// The pages to one destination after a place in the ledger; waits a while for the first one.
    pub async fn pages_to(&self, destination: &str, after: u64) -> Vec<Page> {
        let wait_ms = wait::PATIENCE.as_millis().min(WAIT_MS_MAX).to_string();
        let after = after.to_string();
        self.query(&[
            ("call", "send"),
            ("destination", destination),
            ("after", &after),
            ("wait_ms", &wait_ms),
        ])
        .await
    }

    /// The pages after a place in the ledger; waits at most so long for the first one.
    pub async fn pages_after(&self, after: u64, wait_ms: u128) -> Vec<Page> {
        let (after, wait_ms) = (after.to_string(), wait_ms.to_string());
        self.query(&[("call", "send"), ("after", &after), ("wait_ms", &wait_ms)]).await
    }

    /// The first call of this kind that fits.
    ///
    /// # Panics
    /// When there is none in time.
    pub async fn call(&self, kind: &str, fits: impl Fn(&Page) -> bool) -> Page {
        let what = format!("a call `{kind}` at a provider");
        wait::until(&what, async || self.query(&[("call", kind)]).await.into_iter().find(&fits)).await
    }

    async fn query(&self, query: &[(&str, &str)]) -> Vec<Page> {
        let request = self.http.get(format!("{}/ledger", self.ready.control)).query(query);
        let answer = Answer::to(request).await.expect("the stand-ins answer");
        serde_json::from_str(&answer.ok().body).unwrap_or_else(|error| panic!("{error} in {}", answer.body))
    }

    /// What happens from now on when this number is called, such as `{"kind":"person","keys":["4"]}`.
    pub async fn phone(&self, number: &str, phone: Value) {
        self.phone_with(number, phone, false).await;
    }

    /// The same; the reports about all calls may come at their end, the last one first.
    pub async fn phone_with(&self, number: &str, phone: Value, reports_backwards: bool) {
        let request = self.http.put(format!("{}/twilio/phone", self.ready.control));
        let body = json!({ "number": number, "phone": phone, "reports_backwards": reports_backwards });
        Answer::to(request.json(&body)).await.expect("the stand-ins answer").ok();
    }

    /// The emergencies that ring now.
    pub async fn ringing(&self) -> Vec<Value> {
        let request = self.http.get(format!("{}/pushover/ringing", self.ready.control));
        let answer = Answer::to(request).await.expect("the stand-ins answer");
        answer.ok().json().as_array().expect("a list").clone()
    }

    /// The last two-way page to a pager gets on: `"read"`, or `{"chosen":"01"}`.
    ///
    /// # Panics
    /// When there is no such page.
    pub async fn pager(&self, pager: &str, progress: Value) {
        let request = self.http.post(format!("{}/snpp/progress", self.ready.control));
        let body = json!({ "pager": pager, "progress": progress });
        Answer::to(request.json(&body)).await.expect("the stand-ins answer").ok();
    }

    /// How many calls of this kind came to a provider so far.
    pub async fn count(&self, provider: Provider, kind: &str) -> usize {
        self.query(&[("provider", provider.name()), ("call", kind)]).await.len()
    }

    /// Somebody acknowledges in the app, on a device called `pixel`, what rings there under this receipt: as whom it
    /// rings for, or as another user.
    ///
    /// # Panics
    /// When nothing such rings.
    pub async fn tap(&self, receipt: &str, as_user: Option<&str>) {
        let tap = json!({ "receipt": receipt, "user": as_user, "device": "pixel" });
        let request = self.http.post(format!("{}/pushover/acknowledge", self.ready.control)).json(&tap);
        Answer::to(request).await.expect("the stand-ins answer").ok();
    }

    /// Somebody sends a text message to the number that pages come from, and Twilio posts it to this address. What they
    /// are answered; none when nothing.
    ///
    /// # Panics
    /// When the address does not answer with TwiML.
    pub async fn text_from(&self, number: &str, text: &str, url: &str) -> Option<String> {
        let sms = json!({ "url": url, "from": number, "to": crate::household::SENDER, "body": text });
        let request = self.http.post(format!("{}/twilio/reply", self.ready.control)).json(&sms);
        let answered = Answer::to(request).await.expect("the stand-ins answer").ok().json();
        let twiml = answered["body"].as_str().expect("a body").to_owned();
        assert!(answered["code"] == 200 && twiml.ends_with("</Response>"), "{text:?}: {answered}");
        let (_, after) = twiml.split_once("<Message>")?;
        let (said, _) = after.split_once("</Message>").expect("a whole element");
        Some(said.replace("&apos;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&"))
    }

    /// Twilio's signature of a form that is posted to this address.
    /// Source: <https://www.twilio.com/docs/usage/security#validating-requests>.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn twilio_signature(&self, url: &str, form: &[(&str, &str)]) -> String {
        let token = self.ready.twilio_auth_token.as_bytes();
        let mut mac = Hmac::<Sha1>::new_from_slice(token).expect("HMAC takes keys of any length");
        let mut sorted = form.to_vec();
        sorted.sort_unstable();
        mac.update(url.as_bytes());
        for (name, value) in sorted {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        STANDARD.encode(mac.finalize().into_bytes())
    }

    /// Ends them at once: their ports refuse connections, and their ledger is gone.
    pub fn kill(&mut self) {
        self.program.kill9();
    }
}

/// The rule: this behaviour for the next message, and none after it.
pub fn once(behaviour: &Value) -> Value {
    json!([{ "behaviour": behaviour, "times": 1 }])
}
