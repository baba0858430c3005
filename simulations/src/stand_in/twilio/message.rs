//! An SMS as Twilio keeps it: <https://www.twilio.com/docs/messaging/api/message-resource>.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::problem::Problem;
use super::segment;
use crate::fields::Fields;
use crate::moment;

/// The version of the API, as it stands in paths and answers.
pub const API_VERSION: &str = "2010-04-01";

const BODY_CHARS_MAX: usize = 1600;
const VALIDITY_SECONDS_MAX: u64 = 36_000;

/// What the product asked for, checked.
#[derive(Debug, Clone)]
pub struct Order {
    to: String,
    from: Option<String>,
    messaging_service_sid: Option<String>,
    body: String,
    status_callback: Option<String>,
}

/// A message that was accepted.
#[derive(Debug, Clone)]
pub struct Message {
    /// `SM` and 32 hex digits.
    pub sid: String,
    /// `AC` and 32 hex digits.
    pub account_sid: String,
    /// The person's number in E.164 form.
    pub to: String,
    /// The sender's number, or none while a messaging service has not chosen one.
    pub from: Option<String>,
    /// `MG` and 32 hex digits, if a messaging service sends it.
    pub messaging_service_sid: Option<String>,
    /// The words.
    pub body: String,
    /// Where progress is reported.
    pub status_callback: Option<String>,
    /// `queued`, `accepted`, `sent`, `delivered`, `undelivered` or `failed`.
    pub status: &'static str,
    /// Why it did not arrive.
    pub error_code: Option<u32>,
    /// When it was accepted, in Unix seconds.
    pub created_at: u64,
    /// When it left, in Unix seconds.
    pub sent_at: Option<u64>,
    /// When its status last changed, in Unix seconds.
    pub updated_at: u64,
}

impl Order {
    /// Reads a request; the first mistake stands, as at Twilio.
    pub fn read(fields: &Fields) -> Result<Self, Problem> {
        let value = |name: &str| fields.get(name).filter(|text| !text.is_empty()).cloned();
        let to = value("To").ok_or_else(|| Problem::new(400, 21604, "A 'To' phone number is required."))?;
        let from = value("From");
        let messaging_service_sid = value("MessagingServiceSid");
        if from.is_none() && messaging_service_sid.is_none() {
            return Err(Problem::new(400, 21603, "A 'From' phone number is required."));
        }
        let body = value("Body").ok_or_else(|| Problem::new(400, 21602, "Message body is required."))?;
        if body.chars().count() > BODY_CHARS_MAX {
            let message = "The concatenated message body exceeds the 1600 character limit";
            return Err(Problem::new(400, 21617, message));
        }
        if !is_e164(&to) {
            return Err(Problem::invalid_to(&to));
        }
        if from.as_ref() == Some(&to) {
            return Err(Problem::new(400, 21266, "'To' and 'From' number cannot be the same"));
        }
        let validity = fields.get("ValidityPeriod").map(|text| text.parse::<u64>());
        if validity.is_some_and(|seconds| {
            !seconds.is_ok_and(|seconds| (1..=VALIDITY_SECONDS_MAX).contains(&seconds))
        }) {
            return Err(Problem::new(400, 21624, "Invalid validity period value"));
        }
        let status_callback = value("StatusCallback");
        if status_callback.as_ref().is_some_and(|url| reqwest::Url::parse(url).is_err()) {
            return Err(Problem::new(400, 21609, "The 'StatusCallback' URL is not a valid URL."));
        }
        Ok(Self { to, from, messaging_service_sid, body, status_callback })
    }
}

impl Message {
    /// Takes an order in.
    pub fn queued(order: Order, sid: String, account_sid: String) -> Self {
        let now = moment::unix_seconds();
        // A messaging service picks the sender later; until then the message is only accepted.
        let status = if order.from.is_some() { "queued" } else { "accepted" };
        Self {
            sid,
            account_sid,
            to: order.to,
            from: order.from,
            messaging_service_sid: order.messaging_service_sid,
            body: order.body,
            status_callback: order.status_callback,
            status,
            error_code: None,
            created_at: now,
            sent_at: None,
            updated_at: now,
        }
    }

    /// Moves on to another status.
    pub fn become_status(&mut self, status: &'static str, error_code: Option<u32>) {
        let now = moment::unix_seconds();
        self.status = status;
        self.error_code = error_code;
        self.updated_at = now;
        if status == "sent" {
            self.sent_at = Some(now);
        }
    }

    /// Returns it as the API shows it.
    pub fn to_json(&self) -> Value {
        let uri = format!("/{API_VERSION}/Accounts/{}/Messages/{}", self.account_sid, self.sid);
        let segments = if self.status == "accepted" { 0 } else { segment::count(&self.body) };
        json!({
            "body": self.body,
            "num_segments": segments.to_string(),
            "direction": "outbound-api",
            "from": self.from,
            "date_updated": rfc2822(self.updated_at),
            "price": null,
            "error_message": self.error_code.map(|code| format!("Error {code}")),
            "uri": format!("{uri}.json"),
            "account_sid": self.account_sid,
            "num_media": "0",
            "to": self.to,
            "date_created": rfc2822(self.created_at),
            "status": self.status,
            "sid": self.sid,
            "date_sent": self.sent_at.map(rfc2822),
            "messaging_service_sid": self.messaging_service_sid,
            "error_code": self.error_code,
            "price_unit": "USD",
            "api_version": API_VERSION,
            "subresource_uris": { "media": format!("{uri}/Media.json") },
        })
    }

    /// Returns the form of a report about its present status:
    /// <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>.
    pub fn report_fields(&self) -> Fields {
        let mut fields: Fields = [
            ("MessageSid", self.sid.as_str()),
            ("SmsSid", &self.sid),
            ("MessageStatus", self.status),
            ("SmsStatus", self.status),
            ("AccountSid", &self.account_sid),
            ("To", &self.to),
            ("From", self.from.as_deref().unwrap_or("+15005550006")),
            ("ApiVersion", API_VERSION),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        if let Some(sid) = &self.messaging_service_sid {
            fields.insert("MessagingServiceSid".to_owned(), sid.clone());
        }
        if let Some(code) = self.error_code {
            fields.insert("ErrorCode".to_owned(), code.to_string());
        }
        fields
    }
}

/// Says whether this is a number in E.164 form.
pub fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A moment as Twilio writes it.
pub fn rfc2822(unix_seconds: u64) -> String {
    let seconds = i64::try_from(unix_seconds).unwrap_or_default();
    DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default().to_rfc2822()
}
