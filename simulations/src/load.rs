//! Posts alerts as Alertmanager does, and measures how they fare.
//!
//! Every alert is different: its own labels, its own fingerprint, and a marker (`bench-000123`) in its summary
//! that a [`Sink`] recognises when the page for it arrives. A 5xx answer is honoured as Alertmanager does: the
//! same alerts are sent again, after `Retry-After`. A 4xx answer loses them, as with Alertmanager.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::task::JoinSet;

use self::alerts::Alerts;
use self::connection::{Connection, Response, Target};
pub use self::report::{LatencyMs, LoadReport, ProcessReport, SinkReport};
use self::tally::Tally;
use crate::moment;
use crate::sink::Sink;

mod alerts;
mod connection;
mod report;
mod tally;

/// Wait before a request is sent again that failed without saying when to come back.
const RETRY_WAIT: Duration = Duration::from_millis(200);

/// The shape of what is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum LoadKind {
    /// What Alertmanager posts to a webhook receiver, version 4.
    AlertmanagerWebhook,
    /// What Prometheus posts to Alertmanager: `POST /api/v2/alerts`.
    AlertmanagerApi,
}

/// What to post, where, and how hard.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// Where: `http://HOST:PORT/PATH`.
    pub url: String,
    /// In which shape.
    pub kind: LoadKind,
    /// How many alerts.
    pub count: u32,
    /// Number of the first alert; a second run against the same house should go on where the first ended.
    pub first: u32,
    /// How many connections at once, each with one request in flight.
    pub connections: u32,
    /// How many alerts in one request.
    pub alerts_per_post: u32,
    /// Requests a second over all connections; `None`: as fast as they are answered.
    pub posts_per_second: Option<f64>,
    /// When to stop posting, whatever is left.
    pub post_limit: Duration,
    /// How long to wait for the last page after the last post.
    pub arrival_limit: Duration,
}

impl LoadOptions {
    /// Creates options for `count` alerts to `url`, one in each request, over 8 connections.
    pub fn new(url: impl Into<String>, kind: LoadKind, count: u32) -> Self {
        Self {
            url: url.into(),
            kind,
            count,
            first: 0,
            connections: 8,
            alerts_per_post: 1,
            posts_per_second: None,
            post_limit: Duration::from_mins(10),
            arrival_limit: Duration::from_mins(1),
        }
    }
}

/// The load cannot be run at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The address is not one that this generator can post to.
    #[error("{url:?} is not of the form http://HOST:PORT/PATH: {reason}")]
    Url {
        /// As given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// A quantity makes no sense.
    #[error("{0} must be more than zero")]
    Zero(&'static str),
}

/// Posts all alerts, waits until the sink has seen their markers or a limit is reached, and reports.
///
/// # Errors
/// [`LoadError`] before anything was posted. What happens later is in the report.
pub async fn run(options: &LoadOptions, sink: Option<&Sink>) -> Result<LoadReport, LoadError> {
    check(options)?;
    let worker = Arc::new(Worker {
        target: Target::parse(&options.url)?,
        alerts: Alerts::new(options.kind, started_at()),
        next: AtomicU32::new(0),
        started: moment::now(),
        options: options.clone(),
    });
    let mut workers = JoinSet::new();
    for _ in 0..options.connections {
        workers.spawn(Arc::clone(&worker).run());
    }
    let mut tally = Tally::default();
    while let Some(result) = workers.join_next().await {
        tally.join(result.unwrap_or_default());
    }
    let posted = moment::since(worker.started);
    if let Some(sink) = sink {
        sink.wait_for(tally.accepted(), options.arrival_limit).await;
    }
    Ok(report::write(options, &tally, posted, worker.started, sink))
}

fn check(options: &LoadOptions) -> Result<(), LoadError> {
    let is_idle = options.posts_per_second.is_some_and(|rate| rate <= 0.0 || rate.is_nan());
    match options {
        LoadOptions { count: 0, .. } => Err(LoadError::Zero("count")),
        LoadOptions { connections: 0, .. } => Err(LoadError::Zero("connections")),
        LoadOptions { alerts_per_post: 0, .. } => Err(LoadError::Zero("alerts per post")),
        _ if is_idle => Err(LoadError::Zero("posts per second")),
        _ => Ok(()),
    }
}

fn started_at() -> String {
    let now = i64::try_from(moment::unix_ms()).unwrap_or_default();
    let now = DateTime::<Utc>::from_timestamp_millis(now).unwrap_or_default();
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// What all connections share.
struct Worker {
    target: Target,
    alerts: Alerts,
    /// The next alert that nobody has taken, counted from 0.
    next: AtomicU32,
    started: Instant,
    options: LoadOptions,
}

impl Worker {
    /// Posts over one connection until nothing is left.
    async fn run(self: Arc<Self>) -> Tally {
        let mut tally = Tally::default();
        let mut connection = None;
        let options = &self.options;
        loop {
            let from = self.next.fetch_add(options.alerts_per_post, Ordering::Relaxed);
            if from >= options.count || self.is_over() {
                return tally;
            }
            let to = from.saturating_add(options.alerts_per_post).min(options.count);
            let due = self.wait_until_due(from / options.alerts_per_post).await;
            let numbers = options.first + from..options.first + to;
            let request = self.target.request(&self.alerts.body(numbers.clone()));
            match self.post(&mut connection, &request, &mut tally).await {
                Some(latency) => tally.accept(numbers, due, latency),
                None => tally.lost += u64::from(to - from),
            }
        }
    }

    /// Waits for the moment of a request and returns it: with a rate, latencies count from when the request was
    /// due, so that a stalled server cannot hide its delay.
    async fn wait_until_due(&self, ordinal: u32) -> Instant {
        let Some(rate) = self.options.posts_per_second else { return moment::now() };
        let due = self.started + Duration::from_secs_f64(f64::from(ordinal) / rate);
        tokio::time::sleep_until(due.into()).await;
        due
    }

    /// Posts until it is accepted or refused, and returns how long the accepted request took.
    async fn post(
        &self,
        connection: &mut Option<Connection>,
        request: &[u8],
        tally: &mut Tally,
    ) -> Option<Duration> {
        while !self.is_over() {
            let posted = moment::now();
            let response = self.exchange(connection, request).await;
            let wait = match response {
                Ok(Response { status: 200..300, .. }) => return Some(moment::since(posted)),
                Ok(Response { status: status @ 500.., retry_after, .. }) => {
                    tally.retry(status);
                    retry_after.unwrap_or(RETRY_WAIT)
                }
                Ok(Response { status, .. }) => {
                    tally.refuse(status);
                    return None;
                }
                Err(error) => {
                    tracing::debug!(%error, "connection lost, connecting again");
                    tally.reconnects += 1;
                    RETRY_WAIT
                }
            };
            moment::pause(wait).await;
        }
        None
    }

    async fn exchange(
        &self,
        connection: &mut Option<Connection>,
        request: &[u8],
    ) -> std::io::Result<Response> {
        let mut open = match connection.take() {
            Some(open) => open,
            None => Connection::open(&self.target).await?,
        };
        let response = open.exchange(request).await?;
        if !response.closes {
            *connection = Some(open);
        }
        Ok(response)
    }

    fn is_over(&self) -> bool {
        moment::since(self.started) >= self.options.post_limit
    }
}
