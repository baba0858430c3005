//! The short run in which something fails: a household, three alerts, an acknowledgement, an end of a problem.

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::{Value, json};

use super::finding::{Defect, Wrong};
use super::house::{Answer, House, OPERATORS, PERSON};
use crate::moment;

/// The operators must be paged within this time.
pub(super) const ALARM_WITHIN: Duration = Duration::from_secs(15);
/// How long a page may take before the story goes on without it.
const PAGE_WAIT_MAX: Duration = Duration::from_secs(2);
/// How often a source says again what was turned away, and the pause between.
const TRIES_MAX: u32 = 3;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(300);

/// What is done to an alert once it was paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Acknowledge,
    Resolve,
    Nothing,
}

const ALERTS: [(&str, Then); 3] =
    [("backup failed", Then::Acknowledge), ("fan broken", Then::Resolve), ("raid degraded", Then::Nothing)];

/// An alert whose signal was answered 2xx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) id: String,
    pub(super) summary: &'static str,
    /// How it may stand after the next start.
    pub(super) states: Vec<&'static str>,
}

/// What was said and answered.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) accepted: Vec<Accepted>,
    /// When the first thing was asked that was not done, in milliseconds since 1970.
    pub(super) failed_at_ms: Option<u64>,
    /// From then to the page of the operators.
    pub(super) alarm_ms: Option<u64>,
    /// How the house ended, if it ended by itself.
    pub(super) ended: Option<ExitStatus>,
    pub(super) defects: Vec<Defect>,
    is_applied: bool,
    /// `/healthz` was asked after something was turned away, and failed or was not answered.
    health_failed: bool,
}

impl Story {
    pub(super) fn wrong(&mut self, wrong: Wrong, what: impl Into<String>) {
        self.defects.push(Defect { wrong, what: what.into() });
    }

    pub(super) fn failed_at(&mut self, at_ms: u64) {
        self.failed_at_ms.get_or_insert(at_ms);
    }

    /// Lives through the story in a house that is ready. `is_lasting`: what fails goes on failing.
    pub(super) async fn live(&mut self, house: &mut House, is_lasting: bool) {
        self.apply(house).await;
        for (summary, then) in ALERTS {
            if self.ended.is_some() {
                break;
            }
            self.alert(house, summary, then).await;
        }
        self.ended = self.ended.or_else(|| house.ended());
        if self.failed_at_ms.is_some() && self.ended.is_none() && is_lasting && !self.health_failed {
            self.wrong(Wrong::SaidWell, "/healthz answered 200 while the disk failed");
        }
    }

    /// Waits for the page of the operators, if there must be one.
    pub(super) async fn hear_alarm(&mut self, house: &House) {
        let Some(failed_at_ms) = self.failed_at_ms else { return };
        let spent = Duration::from_millis(moment::unix_ms().saturating_sub(failed_at_ms));
        let page = house.page(OPERATORS, "[NO-LOG]", ALARM_WITHIN.saturating_sub(spent)).await;
        self.alarm_ms = page.map(|page| page.at_ms.saturating_sub(failed_at_ms));
        let within_ms = u64::try_from(ALARM_WITHIN.as_millis()).unwrap_or(u64::MAX);
        if self.alarm_ms.is_none_or(|alarm_ms| alarm_ms > within_ms) {
            self.wrong(Wrong::NoAlarm, "the operators were not paged within 15 s");
        }
    }

    async fn apply(&mut self, house: &mut House) {
        for _ in 0..TRIES_MAX {
            let asked_at_ms = moment::unix_ms();
            match house.cli(&["apply", "house.yaml"]).await {
                Some((true, _)) => {
                    self.is_applied = true;
                    return;
                }
                Some((false, _)) => self.turned_away(house, asked_at_ms).await,
                None => return self.wrong(Wrong::Hang, "apply did not end"),
            }
            if self.has_ended(house).await {
                return;
            }
            moment::pause(TRY_AGAIN_AFTER).await;
        }
    }

    async fn alert(&mut self, house: &mut House, summary: &'static str, then: Then) {
        let firing = json!({ "summary": summary, "dedup_key": summary });
        let Some(body) = self.say(house, &firing).await else { return };
        let id = serde_json::from_str::<Value>(&body).ok();
        let id = id.as_ref().and_then(|body| body["alerts"][0].as_str()).unwrap_or_default().to_owned();
        if id.is_empty() {
            return self.wrong(Wrong::False2xx, format!("2xx names no alert: {body}"));
        }
        self.accepted.push(Accepted { id: id.clone(), summary, states: vec!["open"] });
        house.page(PERSON, summary, PAGE_WAIT_MAX).await;
        let (done, state) = match then {
            Then::Nothing => return,
            Then::Acknowledge => {
                let asked_at_ms = moment::unix_ms();
                let answer = house.post(&format!("/api/v1/alerts/{id}/acknowledge")).await;
                (self.judge(house, &answer, asked_at_ms).await.is_some(), "acknowledged")
            }
            Then::Resolve => {
                let over = json!({ "dedup_key": summary, "status": "resolved" });
                (self.say(house, &over).await.is_some(), "resolved")
            }
        };
        if let Some(alert) = self.accepted.last_mut() {
            // What was not answered may have been done all the same.
            alert.states = if done { vec![state] } else { vec!["open", state] };
        }
    }

    /// Says a signal until it is taken, as sources do.
    async fn say(&mut self, house: &mut House, signal: &Value) -> Option<String> {
        for _ in 0..TRIES_MAX {
            let asked_at_ms = moment::unix_ms();
            let answer = house.signal(signal).await;
            if let Some(body) = self.judge(house, &answer, asked_at_ms).await {
                return Some(body);
            }
            if self.ended.is_some() || answer == Answer::Late {
                return None;
            }
            moment::pause(TRY_AGAIN_AFTER).await;
        }
        None
    }

    /// The body of a 2xx; else takes note of how it was turned away.
    async fn judge(&mut self, house: &mut House, answer: &Answer, asked_at_ms: u64) -> Option<String> {
        match answer {
            Answer::Said { status: 200..=299, body } => return Some(body.clone()),
            // Without a configuration nobody knows the source.
            Answer::Said { status: 404, .. } if !self.is_applied => {}
            Answer::Said { status: 503, body } if !body.is_empty() => {
                self.turned_away(house, asked_at_ms).await;
            }
            Answer::Said { status, body } => {
                self.wrong(Wrong::SilentLoss, format!("turned away with {status}: {body}"));
            }
            Answer::Late => self.wrong(Wrong::Hang, "a request was not answered"),
            Answer::Nothing => {
                self.failed_at(asked_at_ms);
                if !self.has_ended(house).await {
                    self.wrong(Wrong::SilentLoss, "a connection was closed without an answer");
                }
            }
        }
        self.has_ended(house).await;
        None
    }

    async fn turned_away(&mut self, house: &House, asked_at_ms: u64) {
        self.failed_at(asked_at_ms);
        self.health_failed |= !house.get("/healthz").await.is(200);
    }

    /// Whether the house has ended by itself; one that refuses connections is given the time to page the operators.
    async fn has_ended(&mut self, house: &mut House) -> bool {
        if self.ended.is_none() && house.get("/readyz").await == Answer::Nothing {
            self.ended = house.wait(ALARM_WITHIN).await;
        }
        self.ended = self.ended.or_else(|| house.ended());
        self.ended.is_some()
    }
}
