//! Alerts at a steady rate over some connections, whatever becomes of the ones before.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::bench::http::Connection;
use crate::bench::{BenchError, alert};
use crate::load::LoadKind;
use crate::moment;

/// Where alerts go.
#[derive(Debug, Clone)]
pub struct Door {
    pub address: SocketAddr,
    pub path: String,
}

impl Door {
    pub async fn open(&self) -> Result<Connection, BenchError> {
        Connection::open(self.address).await.map_err(BenchError::system("hotpotato cannot be reached"))
    }

    /// Posts a body; whether it was taken.
    pub async fn post(&self, connection: &mut Connection, body: &str) -> Result<bool, BenchError> {
        let answer = connection.post(&self.path, body).await;
        let answer = answer.map_err(BenchError::system("hotpotato did not answer"))?;
        Ok((200..300).contains(&answer.status))
    }
}

/// What became of the posts.
#[derive(Debug, Default)]
pub struct Posted {
    /// When each alert that was taken was due: with a rate, a stalled house cannot hide its delay.
    pub due: BTreeMap<u32, Instant>,
    /// From then to the answer.
    pub latencies: Vec<Duration>,
    /// Not answered 2xx.
    pub refused: u64,
    /// From the first one to the last answer.
    pub took: Duration,
}

/// Posts alerts, so many a second, each in a body of its own. `service` says what each is about.
pub async fn steadily(
    door: &Door,
    numbers: Range<u32>,
    connections: u32,
    per_second: f64,
    service: impl Fn(u32) -> String + Send + Sync + 'static,
) -> Result<Posted, BenchError> {
    let begun = moment::now();
    let due = move |ordinal: u32| begun + Duration::from_secs_f64(f64::from(ordinal) / per_second);
    post(door, numbers, connections, Some(Arc::new(due)), None, Arc::new(service)).await
}

/// Posts alerts, each in a body of its own, as fast as they are taken.
pub async fn as_fast_as_taken(
    door: &Door,
    numbers: Range<u32>,
    connections: u32,
    service: impl Fn(u32) -> String + Send + Sync + 'static,
) -> Result<Posted, BenchError> {
    post(door, numbers, connections, None, None, Arc::new(service)).await
}

/// The same as [`steadily`] until something else is over.
pub async fn until(
    is_over: Arc<AtomicBool>,
    door: &Door,
    numbers: Range<u32>,
    connections: u32,
    per_second: f64,
    service: impl Fn(u32) -> String + Send + Sync + 'static,
) -> Result<Posted, BenchError> {
    let begun = moment::now();
    let due = move |ordinal: u32| begun + Duration::from_secs_f64(f64::from(ordinal) / per_second);
    post(door, numbers, connections, Some(Arc::new(due)), Some(is_over), Arc::new(service)).await
}

impl Posted {
    async fn post(
        &mut self,
        door: &Door,
        connection: &mut Connection,
        number: u32,
        due: Instant,
        service: &str,
    ) -> Result<(), BenchError> {
        let body = alert::body_for(LoadKind::AlertmanagerWebhook, number, service);
        if door.post(connection, &body).await? {
            self.due.insert(number, due);
            self.latencies.push(moment::since(due));
        } else {
            self.refused += 1;
        }
        Ok(())
    }
}

type Due = Arc<dyn Fn(u32) -> Instant + Send + Sync>;
type Service = Arc<dyn Fn(u32) -> String + Send + Sync>;

async fn post(
    door: &Door,
    numbers: Range<u32>,
    connections: u32,
    due: Option<Due>,
    is_over: Option<Arc<AtomicBool>>,
    service: Service,
) -> Result<Posted, BenchError> {
    let begun = moment::now();
    let next = Arc::new(AtomicU32::new(numbers.start));
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (door, next, numbers) = (door.clone(), Arc::clone(&next), numbers.clone());
        let (due, is_over, service) = (due.clone(), is_over.clone(), Arc::clone(&service));
        workers.spawn(async move {
            let (mut connection, mut posted) = (door.open().await?, Posted::default());
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= numbers.end {
                    return Ok::<_, BenchError>(posted);
                }
                let due = due.as_ref().map_or_else(moment::now, |due| due(number - numbers.start));
                moment::pause(due.saturating_duration_since(moment::now())).await;
                if is_over.as_ref().is_some_and(|is_over| is_over.load(Ordering::Relaxed)) {
                    return Ok(posted);
                }
                posted.post(&door, &mut connection, number, due, &service(number)).await?;
            }
        });
    }
    let mut all = Posted::default();
    while let Some(worker) = workers.join_next().await {
        let posted = worker.expect("a worker that posts does not panic")?;
        all.due.extend(posted.due);
        all.latencies.extend(posted.latencies);
        all.refused += posted.refused;
    }
    all.took = moment::since(begun);
    Ok(all)
}
