//! A call as Twilio keeps it: <https://www.twilio.com/docs/voice/api/call-resource>.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::message::{API_VERSION, is_e164, rfc2822};
use super::problem::Problem;
use super::twiml;
use crate::fields::Fields;
use crate::moment;

/// The longest that a phone may ring, in seconds.
const RING_SECONDS_MAX: u64 = 600;
/// How long it rings when nobody says, in seconds.
const RING_SECONDS_DEFAULT: u64 = 60;
/// The longest TwiML in a request: <https://www.twilio.com/docs/api/errors/32018>.
const TWIML_CHARS_MAX: usize = 4_000;
/// The moments of a call that can be reported.
const EVENTS: [&str; 4] = ["initiated", "ringing", "answered", "completed"];

/// What happens when a number is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Phone {
    /// A person answers, and presses these keys, one at each question.
    Person {
        /// The keys, in order; after the last one the person only listens.
        #[serde(default)]
        keys: Vec<String>,
        /// The person says nothing, so that Twilio cannot tell who it is.
        #[serde(default)]
        silent: bool,
    },
    /// An answering machine answers.
    Machine,
    /// A fax answers.
    Fax,
    /// The line is busy.
    Busy,
    /// It rings until the time is over, or until it is stopped.
    Nobody,
    /// The network cannot connect it.
    Failed,
}

impl Default for Phone {
    fn default() -> Self {
        Self::Person { keys: Vec::new(), silent: false }
    }
}

/// What to do with a call once somebody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    /// Ask at this address.
    Ask(String),
    /// Do this.
    Given(String),
}

/// What the product asked for, checked.
#[derive(Debug, Clone)]
pub struct Order {
    to: String,
    from: String,
    script: Script,
    ring_seconds: u64,
    detects_machines: bool,
    status_callback: Option<String>,
    events: Vec<String>,
}

/// A call that was accepted.
#[derive(Debug, Clone)]
pub struct Call {
    /// `CA` and 32 hex digits.
    pub sid: String,
    /// `AC` and 32 hex digits.
    pub account_sid: String,
    /// The person's number in E.164 form.
    pub to: String,
    /// The product's number.
    pub from: String,
    /// What to do once somebody answers.
    pub script: Script,
    /// How long it may ring.
    pub ring_seconds: u64,
    /// Whether Twilio listens for machines.
    pub detects_machines: bool,
    /// Where progress is reported.
    pub status_callback: Option<String>,
    /// Which moments are reported.
    pub events: Vec<String>,
    /// `queued`, `ringing`, `in-progress`, `completed`, `busy`, `no-answer`, `failed` or `canceled`.
    pub status: &'static str,
    /// When it was accepted, in Unix seconds.
    pub created_at: u64,
}

impl Order {
    /// Reads a request, with the moments to be reported, whose name comes several times; the first mistake stands.
    pub fn read(fields: &Fields, events: Vec<String>) -> Result<Self, Problem> {
        let value = |name: &str| fields.get(name).filter(|text| !text.is_empty()).cloned();
        let to = value("To").ok_or_else(|| Problem::new(400, 21201, "No 'To' number is specified"))?;
        let from = value("From").ok_or_else(|| Problem::new(400, 21213, "Caller phone number required"))?;
        if !is_e164(&to) {
            return Err(Problem::invalid_to(&to));
        }
        if !is_e164(&from) {
            return Err(Problem::new(400, 21212, format!("The source phone number {from} is invalid")));
        }
        let script = script(value("Url"), value("Twiml"))?;
        let seconds = |name: &str, max: u64| match value(name) {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(seconds) if (1..=max).contains(&seconds) => Ok(Some(seconds)),
                _ => Err(Problem::new(400, 21208, format!("Invalid {name}"))),
            },
        };
        let ring_seconds = seconds("Timeout", RING_SECONDS_MAX)?.unwrap_or(RING_SECONDS_DEFAULT);
        seconds("TimeLimit", 86_400)?;
        let is_post = |name: &str| value(name).is_none_or(|method| method == "POST");
        if !is_post("Method") || !is_post("StatusCallbackMethod") {
            return Err(Problem::new(400, 21209, "Invalid Method: this stand-in posts"));
        }
        let status_callback = value("StatusCallback");
        if status_callback.as_ref().is_some_and(|url| reqwest::Url::parse(url).is_err()) {
            return Err(Problem::new(400, 21609, "The 'StatusCallback' URL is not a valid URL."));
        }
        if let Some(strange) = events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
            return Err(Problem::new(400, 21626, format!("Invalid StatusCallbackEvent {strange}")));
        }
        let events = if events.is_empty() { vec!["completed".to_owned()] } else { events };
        let detects_machines = match value("MachineDetection").as_deref() {
            None => false,
            Some("Enable") => true,
            Some(other) => return Err(Problem::new(400, 20001, format!("MachineDetection is {other}"))),
        };
        Ok(Self { to, from, script, ring_seconds, detects_machines, status_callback, events })
    }
}

fn script(url: Option<String>, twiml: Option<String>) -> Result<Script, Problem> {
    match (url, twiml) {
        (Some(url), None) if reqwest::Url::parse(&url).is_ok() => Ok(Script::Ask(url)),
        (Some(url), None) => Err(Problem::new(400, 21205, format!("Url is not a valid URL: {url}"))),
        (None, Some(text)) if text.chars().count() > TWIML_CHARS_MAX => {
            Err(Problem::new(400, 32018, "Twiml size exceeded maximum allowed value of 4000 characters"))
        }
        (None, Some(text)) => match twiml::read(&text) {
            Ok(_) => Ok(Script::Given(text)),
            Err(mistake) => Err(Problem::new(400, 12100, mistake)),
        },
        (Some(_), Some(_)) => Err(Problem::new(400, 20001, "Url and Twiml are both given")),
        (None, None) => Err(Problem::new(400, 21205, "Url parameter is required.")),
    }
}

impl Call {
    /// Takes an order in.
    pub fn queued(order: Order, sid: String, account_sid: String) -> Self {
        Self {
            sid,
            account_sid,
            to: order.to,
            from: order.from,
            script: order.script,
            ring_seconds: order.ring_seconds,
            detects_machines: order.detects_machines,
            status_callback: order.status_callback,
            events: order.events,
            status: "queued",
            created_at: moment::unix_seconds(),
        }
    }

    /// True once nothing more happens.
    pub fn is_over(&self) -> bool {
        matches!(self.status, "completed" | "busy" | "no-answer" | "failed" | "canceled")
    }

    /// Takes an update: `canceled` ends what nobody has answered, `completed` whatever is under way.
    pub fn update(&mut self, status: &str) -> Result<(), Problem> {
        let is_answered = self.status == "in-progress";
        match status {
            _ if self.is_over() => Err(Problem::new(400, 21220, "Call is not in-progress. Cannot redirect.")),
            "canceled" if is_answered => Ok(()),
            "completed" if is_answered => {
                self.status = "completed";
                Ok(())
            }
            "canceled" | "completed" => {
                self.status = "canceled";
                Ok(())
            }
            other => Err(Problem::new(400, 20001, format!("Status is {other}"))),
        }
    }

    /// Returns it as the API shows it.
    pub fn to_json(&self) -> Value {
        let uri = format!("/{API_VERSION}/Accounts/{}/Calls/{}", self.account_sid, self.sid);
        json!({
            "account_sid": self.account_sid,
            "answered_by": null,
            "api_version": API_VERSION,
            "caller_name": null,
            "date_created": rfc2822(self.created_at),
            "date_updated": null,
            "direction": "outbound-api",
            "duration": null,
            "end_time": null,
            "from": self.from,
            "from_formatted": self.from,
            "parent_call_sid": null,
            "price": null,
            "price_unit": "USD",
            "sid": self.sid,
            "start_time": null,
            "status": self.status,
            "to": self.to,
            "to_formatted": self.to,
            "uri": format!("{uri}.json"),
        })
    }

    /// What stands in every request to the product about it.
    pub fn request_fields(&self, call_status: &str) -> Fields {
        [
            ("CallSid", self.sid.as_str()),
            ("AccountSid", &self.account_sid),
            ("From", &self.from),
            ("To", &self.to),
            ("Caller", &self.from),
            ("Called", &self.to),
            ("CallStatus", call_status),
            ("ApiVersion", API_VERSION),
            ("Direction", "outbound-api"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    }
}
