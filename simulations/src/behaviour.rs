//! Scripted misbehaviour of the stand-ins, switchable while they run.
//!
//! A [`Script`] is a list of [`Rule`]s; the first that matches a call decides, and a rule with `times` wears
//! off. No match means [`Behaviour::Accept`].
//!
//! ```
//! use simulations::behaviour::{Behaviour, Rule, Script};
//! use simulations::ledger::Call;
//!
//! let script = Script::default();
//! script.set(vec![Rule::new(Behaviour::Fail { status: None }).times(1), Rule::new(Behaviour::Slow { ms: 300 })]);
//! assert_eq!(script.choose(Call::Send, "7311"), Behaviour::Fail { status: None });
//! assert_eq!(script.choose(Call::Send, "7311"), Behaviour::Slow { ms: 300 });
//! ```

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::ledger::Call;

/// What a stand-in does with one call.
///
/// | behaviour | Pushover | Twilio | Kannel | SNPP | TAP | mail | ntfy | webhook |
/// | --- | --- | --- | --- | --- | --- | --- | --- | --- |
/// | refuse | 400, user invalid | 400, code 21211 | 403, not routable | `550` to PAGE | `511`, RS to the block | `550` to RCPT | 403 | 410 |
/// | fail | 500 | 500, code 20500 | 503, temporal failure | `554` to SEND | `503`, ESC EOT to the block | `451` to the mail | 500 | 500 |
/// | throttle | 429 | 429, code 20429 | 503, temporal failure | `421` to SEND, closes | `516`, RS to the block | `421` to the mail, closes | 429 | 429 |
/// | hang, drop, nonsense | of the request | of the request | of the request | of SEND | of the block | of the mail | of the request | of the request |
/// | reports | the acknowledgement callback | the status callback; a call fails | `dlr-url` | does not exist: accepts | the same | the same | the same | the same |
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Behaviour {
    /// Does what the provider's documentation says.
    #[default]
    Accept,
    /// Says no for good: repeating the same call cannot help. Not processed.
    Refuse {
        /// HTTP status, 400 if absent; for SNPP the reply code, 550 if absent; for TAP 511.
        #[serde(default)]
        status: Option<u16>,
        /// Twilio's error code, 21211 if absent.
        #[serde(default)]
        code: Option<u32>,
    },
    /// Says that it is broken. Not processed.
    Fail {
        /// HTTP status, 500 if absent; for SNPP the reply code, 554 if absent; for TAP 503.
        #[serde(default)]
        status: Option<u16>,
    },
    /// Says that there were too many calls. Not processed.
    Throttle {
        /// Value of `Retry-After`, which is left out if absent.
        #[serde(default)]
        retry_after_seconds: Option<u64>,
    },
    /// Never answers; the connection stays open.
    Hang {
        /// Whether the person's device got the message all the same.
        #[serde(default)]
        processed: bool,
    },
    /// Processes, and answers after a while.
    Slow {
        /// How long the answer takes, in milliseconds.
        ms: u64,
    },
    /// Closes the connection without an answer, before anything was processed.
    DropBefore,
    /// Processes, then closes the connection without an answer.
    DropAfter,
    /// Processes, then answers with something that no client can read.
    Nonsense {
        /// What the answer looks like.
        #[serde(default)]
        shape: NonsenseShape,
    },
    /// Processes, and never reports what became of it.
    ReportMissing,
    /// Processes, and reports late.
    ReportLate {
        /// How much later than usual, in milliseconds.
        ms: u64,
    },
    /// Processes, and sends every report several times.
    ReportDuplicated {
        /// How often each report is sent; 1 is the usual.
        copies: u32,
    },
    /// Accepts, and reports later that it did not arrive.
    ReportFailed {
        /// The state that is reported.
        #[serde(default)]
        state: FailedState,
        /// Twilio's error code, 30003 (unreachable handset) if absent.
        #[serde(default)]
        error_code: Option<u32>,
    },
}

/// How an unreadable answer looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonsenseShape {
    /// 200 with a web page where JSON belongs; in SNPP a line without a code.
    #[default]
    NotJson,
    /// Bytes that are not the protocol at all; then the connection closes.
    GarbageLine,
    /// Far more bytes than any client should take ([`HUGE_REPLY_BYTES`]).
    HugeReply,
}

/// How a message that did not arrive is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailedState {
    /// Sent, and then not delivered by the carrier.
    #[default]
    Undelivered,
    /// Never sent.
    Failed,
}

/// Size of [`NonsenseShape::HugeReply`].
pub const HUGE_REPLY_BYTES: usize = 16 * 1024 * 1024;

impl Behaviour {
    /// Returns whether the call takes effect, as far as the behaviour decides: its content may still be refused.
    pub const fn processes(&self) -> bool {
        !matches!(
            self,
            Self::Refuse { .. }
                | Self::Fail { .. }
                | Self::Throttle { .. }
                | Self::Hang { processed: false }
                | Self::DropBefore
        )
    }
}

/// A behaviour and the calls that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What happens.
    pub behaviour: Behaviour,
    /// Only calls to this destination (user key, telephone number, pager ID, receipt); absent: all.
    #[serde(default)]
    pub destination: Option<String>,
    /// Which kind of call; absent: sends.
    #[serde(default)]
    pub on: On,
    /// How many calls it is still for; absent: until the script changes.
    #[serde(default)]
    pub times: Option<u32>,
}

/// Which calls a rule is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// Messages to people.
    #[default]
    Send,
    /// Questions about a message or a receipt.
    Status,
    /// Cancelling what still rings.
    Cancel,
    /// Limits and validation of user keys.
    Account,
    /// The connection itself, before any command (SNPP and TAP only).
    Connect,
    /// All of these.
    Any,
}

impl On {
    fn covers(self, call: Call) -> bool {
        match self {
            Self::Any => true,
            Self::Send => call == Call::Send,
            Self::Status => call == Call::Status,
            Self::Cancel => call == Call::Cancel,
            Self::Account => call == Call::Account,
            Self::Connect => call == Call::Connect,
        }
    }
}

impl Rule {
    /// Creates a rule for all messages to people, until the script changes.
    pub const fn new(behaviour: Behaviour) -> Self {
        Self { behaviour, destination: None, on: On::Send, times: None }
    }

    /// Limits the rule to one destination.
    #[must_use]
    pub fn to(mut self, destination: impl Into<String>) -> Self {
        self.destination = Some(destination.into());
        self
    }

    /// Sets the kind of call that the rule is for.
    #[must_use]
    pub const fn on(mut self, on: On) -> Self {
        self.on = on;
        self
    }

    /// Limits the rule to the next `times` calls that match.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn matches(&self, call: Call, destination: &str) -> bool {
        self.times != Some(0)
            && self.on.covers(call)
            && self.destination.as_deref().is_none_or(|wanted| wanted == destination)
    }
}

/// The rules of one stand-in. Clones share the rules.
#[derive(Debug, Clone, Default)]
pub struct Script {
    rules: Arc<Mutex<Vec<Rule>>>,
}

impl Script {
    /// Replaces all rules; an empty list means that all is well.
    pub fn set(&self, rules: Vec<Rule>) {
        *self.lock() = rules;
    }

    /// Returns the rules with what is left of their `times`.
    pub fn rules(&self) -> Vec<Rule> {
        self.lock().clone()
    }

    /// Decides what happens with one call, and counts it against the rule that matched.
    pub fn choose(&self, call: Call, destination: &str) -> Behaviour {
        let mut rules = self.lock();
        let Some(rule) = rules.iter_mut().find(|rule| rule.matches(call, destination)) else {
            return Behaviour::Accept;
        };
        rule.times = rule.times.map(|times| times - 1);
        rule.behaviour.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_matching_rule_decides_and_wears_off() {
        let script = Script::default();
        script.set(vec![
            Rule::new(Behaviour::DropAfter).to("anna").times(1),
            Rule::new(Behaviour::Throttle { retry_after_seconds: Some(3) }).on(On::Status),
        ]);
        assert_eq!(script.choose(Call::Send, "bernd"), Behaviour::Accept);
        assert_eq!(script.choose(Call::Send, "anna"), Behaviour::DropAfter);
        assert_eq!(script.choose(Call::Send, "anna"), Behaviour::Accept);
        assert_eq!(script.choose(Call::Status, "x"), Behaviour::Throttle { retry_after_seconds: Some(3) });
    }

    #[test]
    fn json_is_strict_so_that_a_typing_error_is_no_silent_accept() {
        let good = r#"{"behaviour":{"kind":"hang","processed":true},"times":2}"#;
        let rule: Rule = serde_json::from_str(good).expect("a rule");
        assert_eq!(rule, Rule::new(Behaviour::Hang { processed: true }).times(2));
        assert!(serde_json::from_str::<Rule>(r#"{"behaviour":{"kind":"hang"},"time":2}"#).is_err());
        assert!(serde_json::from_str::<Rule>(r#"{"behaviour":{"kind":"hang","after":true}}"#).is_err());
    }
}
