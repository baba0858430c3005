//! Sources that post alerts, and people who take them. What is not answered 2xx is said again, as real ones do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::dice::Dice;
use super::house::Door;
use super::household::{ALERTMANAGER_KEY, GENERIC_KEY};
use super::tale::{Said, SourceKind, Tale, What};
use crate::moment;

/// A source that was not answered 2xx comes again after so many milliseconds.
const AGAIN_AFTER_MS: (u64, u64) = (10, 120);

const SEVERITIES: [&str; 4] = ["critical", "error", "warning", "info"];

/// How many of a hundred alerts …
const CHANGE_PERCENT: u64 = 20;
const FIRE_AGAIN_PERCENT: u64 = 30;
const TAKE_PERCENT: u64 = 40;
const COME_BACK_PERCENT: u64 = 15;

/// Everything that sources do to one house.
#[derive(Debug)]
pub struct Sources {
    closing: watch::Sender<bool>,
    telling: JoinHandle<Vec<Tale>>,
}

impl Sources {
    /// Begins to post so many new alerts a second.
    pub fn begin(door: &Arc<Door>, per_second: f64, dice: Dice) -> Self {
        let (closing, closed) = watch::channel(false);
        let teller = Teller { door: Arc::clone(door), closed, count: Arc::default() };
        Self { closing, telling: tokio::spawn(teller.tell(per_second, dice)) }
    }

    /// Begins no more alerts, and returns all of them once everything that was said was heard.
    pub async fn end(self) -> Vec<Tale> {
        // Nobody listens any more only if the sources have fallen over, which `telling` says.
        let _ = self.closing.send(true);
        self.telling.await.expect("the sources come to their end")
    }
}

/// What all alerts of a house share.
#[derive(Debug, Clone)]
struct Teller {
    door: Arc<Door>,
    closed: watch::Receiver<bool>,
    count: Arc<AtomicU32>,
}

impl Teller {
    async fn tell(self, per_second: f64, mut dice: Dice) -> Vec<Tale> {
        let mut alerts = JoinSet::new();
        let mut closed = self.closed.clone();
        for number in 0.. {
            let percent = u32::try_from(dice.between(1, 200)).unwrap_or(100);
            let wait = Duration::from_secs_f64(1.0 / per_second) * percent / 100;
            tokio::select! {
                () = moment::pause(wait) => {}
                _ = closed.wait_for(|closed| *closed) => break,
            }
            alerts.spawn(self.clone().one_symptom(number, dice.of(number)));
        }
        alerts.join_all().await.into_iter().flatten().collect()
    }

    /// One symptom: an alert, and perhaps another one once that is over.
    async fn one_symptom(self, number: u64, mut dice: Dice) -> Vec<Tale> {
        let kind = *dice.pick(&[SourceKind::Alertmanager, SourceKind::Generic]);
        let key = format!("{:016x}", dice.next() ^ number);
        let mut tales = Vec::new();
        loop {
            let (tale, is_over) = self.one_alert(kind, &key, &mut dice).await;
            let comes_back = is_over && tale.refused.is_none() && dice.percent(COME_BACK_PERCENT);
            tales.push(tale);
            if !comes_back || *self.closed.borrow() {
                return tales;
            }
        }
    }

    /// One alert from firing to resolved. What is still open when the sources close stays so.
    async fn one_alert(&self, kind: SourceKind, key: &str, dice: &mut Dice) -> (Tale, bool) {
        let summary =
            format!("crash-{:02}-{:06}", self.door.house, self.count.fetch_add(1, Ordering::Relaxed));
        let tale = Tale { summary, key: key.to_owned(), kind, id: None, said: Vec::new(), refused: None };
        let began =
            DateTime::<Utc>::from_timestamp_millis(i64::try_from(moment::unix_ms()).unwrap_or_default());
        let began_at = began.unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let mut alert = Telling { teller: self, tale, began_at };
        let mut severity = *dice.pick(&SEVERITIES);
        let mut left_ms = lifetime_ms(dice);
        alert.say(What::Fires, severity, dice).await;
        if dice.percent(FIRE_AGAIN_PERCENT) {
            left_ms -= self.wait(left_ms, dice).await;
            alert.say(What::Fires, severity, dice).await;
        }
        if dice.percent(CHANGE_PERCENT) {
            left_ms -= self.wait(left_ms, dice).await;
            severity = *dice.pick(&SEVERITIES);
            alert.say(What::Changes, severity, dice).await;
        }
        if dice.percent(TAKE_PERCENT) {
            left_ms -= self.wait(left_ms, dice).await;
            if !*self.closed.borrow() {
                alert.say(What::Taken, severity, dice).await;
            }
        }
        self.pause(left_ms).await;
        let is_over = !*self.closed.borrow();
        if is_over {
            alert.say(What::Resolved, severity, dice).await;
        }
        (alert.tale, is_over)
    }

    /// Waits for a part of what is left, and returns it.
    async fn wait(&self, left_ms: u64, dice: &mut Dice) -> u64 {
        let wait = dice.between(0, left_ms / 2);
        self.pause(wait).await;
        wait
    }

    /// Waits, but not beyond the closing.
    async fn pause(&self, ms: u64) {
        let mut closed = self.closed.clone();
        tokio::select! {
            () = moment::pause(Duration::from_millis(ms)) => {}
            _ = closed.wait_for(|closed| *closed) => {}
        }
    }
}

/// Most are over soon; some go all the way to the fallback.
fn lifetime_ms(dice: &mut Dice) -> u64 {
    match dice.between(0, 10) {
        0..=2 => dice.between(0, 2_500),
        3..=7 => dice.between(2_500, 20_000),
        _ => dice.between(25_000, 90_000),
    }
}

/// An alert that is being told.
struct Telling<'a> {
    teller: &'a Teller,
    tale: Tale,
    began_at: String,
}

impl Telling<'_> {
    /// Says something until it is heard.
    async fn say(&mut self, what: What, severity: &'static str, dice: &mut Dice) {
        if self.tale.refused.is_some() {
            return;
        }
        let door = &self.teller.door;
        let (http, tried_at) = (&door.http, moment::unix_ms());
        for tries in 1.. {
            let Ok(answer) = self.request(http, what, severity).send().await else {
                Self::before_again(dice).await;
                continue;
            };
            let status = answer.status();
            let Ok(body) = answer.text().await else {
                // 2xx without its body was heard all the same, but the id is still to come.
                Self::before_again(dice).await;
                continue;
            };
            if status.is_success() {
                if self.tale.id.is_none() {
                    let answer: Value = serde_json::from_str(&body).unwrap_or_default();
                    self.tale.id = answer["alerts"][0].as_str().map(str::to_owned);
                }
                let heard_at = moment::unix_ms();
                self.tale.said.push(Said { what, severity, tried_at, heard_at, tries });
                return;
            }
            if status.is_client_error() && status.as_u16() != 429 {
                self.tale.refused = Some(format!("{what:?} at {}: {status} {body}", moment::unix_ms()));
                return;
            }
            Self::before_again(dice).await;
        }
    }

    async fn before_again(dice: &mut Dice) {
        let again = dice.between(AGAIN_AFTER_MS.0, AGAIN_AFTER_MS.1);
        moment::pause(Duration::from_millis(again)).await;
    }

    fn request(&self, http: &Client, what: What, severity: &str) -> RequestBuilder {
        let door = &self.teller.door;
        if what == What::Taken {
            let path = format!("/api/v1/alerts/{}/acknowledge", self.tale.id_or_dash());
            return http.post(door.url(&path)).bearer_auth(&door.token);
        }
        match self.tale.kind {
            SourceKind::Generic => {
                let url = door.url(&format!("/integrations/generic/{GENERIC_KEY}"));
                http.post(url).json(&self.generic(what, severity))
            }
            SourceKind::Alertmanager => {
                let url = door.url(&format!("/integrations/alertmanager/{ALERTMANAGER_KEY}"));
                http.post(url).json(&self.notification(what, severity))
            }
        }
    }

    fn generic(&self, what: What, severity: &str) -> Value {
        let status = if what == What::Resolved { "resolved" } else { "firing" };
        json!({
            "summary": self.tale.summary, "dedup_key": self.tale.key, "status": status, "severity": severity,
        })
    }

    /// Alertmanager's webhook, version 4: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>.
    fn notification(&self, what: What, severity: &str) -> Value {
        let status = if what == What::Resolved { "resolved" } else { "firing" };
        let labels = json!({ "alertname": "Crash", "instance": self.tale.key, "severity": severity });
        json!({
            "version": "4", "receiver": "hotpotato", "status": status, "truncatedAlerts": 0,
            "groupKey": "{}:{}", "groupLabels": {}, "commonLabels": labels, "commonAnnotations": {},
            "externalURL": "http://alertmanager.example:9093",
            "alerts": [{
                "status": status, "labels": labels, "annotations": { "summary": self.tale.summary },
                "startsAt": self.began_at, "endsAt": "0001-01-01T00:00:00Z", "fingerprint": self.tale.key,
                "generatorURL": "http://prometheus.example:9090/graph",
            }],
        })
    }
}
