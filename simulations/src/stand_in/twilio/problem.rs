//! How Twilio says no: <https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions>.

use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::exchange::Reply;

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: u16,
    code: u32,
    message: String,
}

impl Problem {
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// <https://www.twilio.com/docs/errors/20003>
    pub fn authenticate() -> Self {
        Self::new(401, 20003, "Authenticate")
    }

    /// <https://www.twilio.com/docs/errors/20404>
    pub fn not_found(path: &str) -> Self {
        Self::new(404, 20404, format!("The requested resource {path} was not found"))
    }

    /// <https://www.twilio.com/docs/errors/21211>
    pub fn invalid_to(to: &str) -> Self {
        Self::new(400, 21211, format!("The 'To' number {to} is not a valid phone number."))
    }

    pub fn reply(&self) -> Reply {
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        });
        let reply = Reply::new(self.status, body);
        if self.status == 401 {
            reply.header("www-authenticate", "Basic realm=\"Twilio API\"")
        } else {
            reply
        }
    }
}

/// Words a refusal, failure or throttling of a call about `to`.
pub fn misbehave(behaviour: &Behaviour, to: &str) -> Reply {
    match behaviour {
        Behaviour::Refuse { status, code } => {
            let mut problem = Problem::invalid_to(to);
            problem.status = status.unwrap_or(problem.status);
            if let Some(code) = code {
                (problem.code, problem.message) = (*code, format!("Refused with code {code}"));
            }
            problem.reply()
        }
        Behaviour::Fail { status } => {
            Problem::new(status.unwrap_or(500), 20500, "An internal server error has occurred").reply()
        }
        Behaviour::Throttle { retry_after_seconds } => {
            let reply = Problem::new(429, 20429, "Too Many Requests").reply();
            match retry_after_seconds {
                Some(seconds) => reply.header("retry-after", seconds),
                None => reply,
            }
        }
        _ => Reply::new(503, Value::Null),
    }
}
