//! One alert at a time: the next one is posted when the last one's page has arrived and all is quiet again.

use std::time::Duration;

use serde::Serialize;

use super::figure::{Figure, Target};
use super::http::{Answer, Connection};
use super::subject::Subject;
use super::{BenchError, ONE_PAGE_WAIT_MAX, WARM_UP_COUNT, alert};
use crate::load::LatencyMs;
use crate::moment;
use crate::sink::Sink;

/// From a page's arrival to the next post: what follows a page is done by then.
pub const REST: Duration = Duration::from_millis(5);

/// How often the sink is asked for what it does not tell by itself.
const ASKED_EVERY: Duration = Duration::from_millis(1);

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct OneAtATime {
    /// Alerts that were posted.
    pub count: u32,
    /// From sending the POST to having its answer.
    pub post_ms: LatencyMs,
    /// From sending the POST to the first request at the provider.
    pub post_to_sink_ms: LatencyMs,
    /// Alerts that were not answered 2xx, or whose page did not come.
    pub missing: u32,
    /// Requests at the provider beyond one for each alert.
    pub repeats: u64,
}

impl OneAtATime {
    pub fn figures(&self) -> Vec<Figure> {
        vec![
            Figure::new("POST → provider, p50", "ms", self.post_to_sink_ms.p50)
                .target(Target::RatioAtMost(1.0)),
            Figure::new("POST → provider, p99", "ms", self.post_to_sink_ms.p99),
            Figure::new("POST answered, p50", "ms", self.post_ms.p50),
            Figure::new("POST answered, p99", "ms", self.post_ms.p99),
            Figure::fault("missing", self.missing.into()),
            Figure::fault("sent twice", self.repeats),
        ]
    }
}

/// Gives a fresh process something to do: code is loaded, connections are open, caches are filled.
pub async fn warm_up(subject: &Subject, sink: &Sink) -> Result<(), BenchError> {
    let mut connection = open(subject).await?;
    for number in 0..WARM_UP_COUNT {
        let answer = connection.post(&subject.path, &alert::body(subject.kind, number)).await;
        accepted(subject, answer)?;
        let asked = moment::now();
        while sink.requests() <= u64::from(number) {
            if moment::since(asked) > ONE_PAGE_WAIT_MAX {
                return Err(subject
                    .program
                    .misbehaved(format!("sent no page for alert {number} of the warm-up")));
            }
            moment::pause(ASKED_EVERY).await;
        }
    }
    Ok(())
}

/// Posts `count` alerts, each when the one before is done.
pub async fn measure(subject: &Subject, sink: &Sink, count: u32) -> Result<OneAtATime, BenchError> {
    let mut connection = open(subject).await?;
    let (mut posts, mut pages) = (Vec::new(), Vec::new());
    for number in WARM_UP_COUNT..WARM_UP_COUNT + count {
        let body = alert::body(subject.kind, number);
        let posted = moment::now();
        let answer = connection.post(&subject.path, &body).await;
        posts.push(moment::since(posted));
        accepted(subject, answer)?;
        if sink.wait_for(pages.len() + 1, ONE_PAGE_WAIT_MAX).await {
            let arrived = sink.arrival(number).map(|arrival| sink.epoch() + arrival);
            pages.extend(arrived.map(|arrived| arrived.saturating_duration_since(posted)));
        }
        moment::pause(REST).await;
    }
    let arrived = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    Ok(OneAtATime {
        count,
        post_ms: LatencyMs::of(posts),
        post_to_sink_ms: LatencyMs::of(pages),
        missing: count.saturating_sub(arrived),
        repeats: repeats(sink),
    })
}

/// Returns how many requests came beyond one for each alert, warm-up included.
pub fn repeats(sink: &Sink) -> u64 {
    let expected = u64::try_from(sink.arrived()).unwrap_or(u64::MAX).saturating_add(WARM_UP_COUNT.into());
    sink.requests().saturating_sub(expected)
}

async fn open(subject: &Subject) -> Result<Connection, BenchError> {
    let failed = BenchError::system(format!("{} cannot be reached", subject.contender));
    Connection::open(subject.address).await.map_err(failed)
}

fn accepted(subject: &Subject, answer: std::io::Result<Answer>) -> Result<(), BenchError> {
    let answer = answer.map_err(BenchError::system(format!("{} did not answer", subject.contender)))?;
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    let Answer { status, body } = answer;
    Err(subject.program.misbehaved(format!("answered one alert on its own with {status}: {body}")))
}
