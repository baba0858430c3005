//! One alert again and again: what stays of it in the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Serialize;
use serde_json::Value;
use tokio::task::JoinSet;

use super::house::{Setting, service};
use super::record::Told;
use super::{House, Plan};
use crate::bench::figure::{Figure, Target, float};
use crate::bench::scratch::Scratch;
use crate::bench::{BenchError, alert};
use crate::load::LoadKind;
use crate::moment;

/// A repeat is recorded at most this often, in seconds.
const RECORDED_EVERY_SECONDS: f64 = 30.0;

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Repeats {
    pub count: u32,
    pub per_post: u32,
    /// From the first to the last.
    pub seconds: f64,
    /// Repeats in the log.
    pub recorded: u64,
    /// Pages because of them.
    pub pages: u64,
    /// Bodies that were not answered 2xx.
    pub refused: u64,
    /// CPU time of the house for each, in microseconds.
    pub cpu_micros: f64,
}

impl Repeats {
    pub fn figures(&self) -> Vec<Figure> {
        let rate = float(self.recorded) / (self.seconds / RECORDED_EVERY_SECONDS).max(1.0);
        vec![
            Figure::new("events in the log per 30 s", "", rate).target(Target::AtMost(1.0)),
            Figure::new("events in the log", "", float(self.recorded)),
            Figure::new("it took", "s", self.seconds),
            Figure::new("taken", "/s", f64::from(self.count) / self.seconds.max(1e-9)),
            Figure::new("CPU for each", "µs", self.cpu_micros),
            Figure::fault("pages because of them", self.pages),
            Figure::fault("bodies refused", self.refused),
        ]
    }
}

/// Starts a house, raises one alert, and repeats it.
pub async fn measure(plan: &Plan, scratch: &Scratch) -> Result<Repeats, BenchError> {
    let setting = Setting { people: 1, numbers: 1, is_channel_fast: false };
    let House { subject, sink, loud, .. } = House::start(&plan.hot_potato, scratch, setting).await?;
    let one = alert::body_for(LoadKind::AlertmanagerWebhook, 0, &service(0));
    let mut connection = loud.open().await?;
    let raised = moment::now();
    if !loud.post(&mut connection, &one).await? {
        return Err(subject.program.misbehaved("refused one alert on its own".to_owned()));
    }
    let before = subject.program.come_to_rest().await?;
    let messages = sink.messages();
    let body: Arc<str> = several(&one, plan.repeats_per_post).into();
    let left = Arc::new(AtomicU32::new(plan.repeats.div_ceil(plan.repeats_per_post)));
    let mut workers = JoinSet::new();
    for _ in 0..plan.connections {
        let (loud, body, left) = (loud.clone(), Arc::clone(&body), Arc::clone(&left));
        workers.spawn(async move {
            let (mut connection, mut refused) = (loud.open().await?, 0_u64);
            let take = |left: u32| left.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                refused += u64::from(!loud.post(&mut connection, &body).await?);
            }
            Ok::<_, BenchError>(refused)
        });
    }
    let mut refused = 0;
    while let Some(worker) = workers.join_next().await {
        refused += worker.expect("a worker that posts does not panic")?;
    }
    let seconds = moment::since(raised).as_secs_f64();
    let after = subject.program.come_to_rest().await?;
    let pages = sink.messages() - messages;
    subject.program.end().await?;
    let used = after.user_seconds + after.system_seconds - before.user_seconds - before.system_seconds;
    Ok(Repeats {
        count: plan.repeats,
        per_post: plan.repeats_per_post,
        seconds,
        recorded: Told::read(&subject.folder).await?.repeats,
        pages,
        refused,
        cpu_micros: used * 1e6 / f64::from(plan.repeats),
    })
}

/// The same alert so many times in one body.
fn several(one: &str, count: u32) -> String {
    let mut body: Value = serde_json::from_str(one).unwrap_or_default();
    let alert = body["alerts"][0].clone();
    body["alerts"] = (0..count).map(|_| alert.clone()).collect();
    body.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_are_the_same_alert() {
        let one = alert::body_for(LoadKind::AlertmanagerWebhook, 0, "x");
        let body: Value = serde_json::from_str(&several(&one, 3)).expect("JSON");
        let alerts = body["alerts"].as_array().expect("a list");
        assert_eq!(alerts.len(), 3);
        assert!(alerts.iter().all(|alert| alert["fingerprint"] == alerts[0]["fingerprint"]));
    }
}
