//! Alerts for one way of reaching people, posted one at a time over each connection.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::way::Way;
use crate::bench::http::Connection;
use crate::bench::subject::Subject;
use crate::bench::{BenchError, alert};
use crate::load::LoadKind;
use crate::moment;

/// When each alert was posted; only those that were taken.
pub type Posted = BTreeMap<u32, Instant>;

/// Where alerts go.
#[derive(Debug, Clone)]
pub struct Door {
    address: std::net::SocketAddr,
    path: String,
    kind: LoadKind,
}

impl Door {
    pub fn of(subject: &Subject) -> Self {
        Self { address: subject.address, path: subject.path.clone(), kind: subject.kind }
    }

    async fn open(&self) -> Result<Connection, BenchError> {
        Connection::open(self.address).await.map_err(BenchError::system("hotpotato cannot be reached"))
    }

    /// Posts one alert; none when it was refused.
    async fn post(
        &self,
        connection: &mut Connection,
        way: Way,
        number: u32,
    ) -> Result<Option<Instant>, BenchError> {
        let body = alert::body_for(self.kind, number, way.name());
        let posted = moment::now();
        let answer = connection.post(&self.path, &body).await;
        let answer = answer.map_err(BenchError::system("hotpotato did not answer"))?;
        Ok((200..300).contains(&answer.status).then_some(posted))
    }
}

/// Posts as fast as they are taken, over so many connections.
pub async fn as_fast_as_taken(
    door: &Door,
    way: Way,
    numbers: Range<u32>,
    connections: u32,
) -> Result<Posted, BenchError> {
    let next = Arc::new(AtomicU32::new(numbers.start));
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (door, next, end) = (door.clone(), Arc::clone(&next), numbers.end);
        workers.spawn(async move {
            let (mut connection, mut posted) = (door.open().await?, Posted::new());
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return Ok(posted);
                }
                posted.extend(door.post(&mut connection, way, number).await?.map(|at| (number, at)));
            }
        });
    }
    join(workers).await
}

/// Posts one every so often to each way at the same time, whatever becomes of the ones before. `numbers` says which.
pub async fn steadily(
    door: &Door,
    ways: &[(Way, Range<u32>)],
    every: Duration,
) -> Result<Posted, BenchError> {
    let begun = moment::now();
    let mut workers = JoinSet::new();
    for (place, (way, numbers)) in (0_u32..).zip(ways.iter().cloned()) {
        let door = door.clone();
        // They take turns within the time from one to the next.
        let offset = every * place / u32::try_from(ways.len()).unwrap_or(1).max(1);
        workers.spawn(async move {
            let (mut connection, mut posted) = (door.open().await?, Posted::new());
            for (turn, number) in (0_u32..).zip(numbers) {
                let due = begun + offset + every * turn;
                moment::pause(due.saturating_duration_since(moment::now())).await;
                posted.extend(door.post(&mut connection, way, number).await?.map(|at| (number, at)));
            }
            Ok(posted)
        });
    }
    join(workers).await
}

async fn join(mut workers: JoinSet<Result<Posted, BenchError>>) -> Result<Posted, BenchError> {
    let mut all = Posted::new();
    while let Some(worker) = workers.join_next().await {
        all.extend(worker.expect("a worker that posts does not panic")?);
    }
    Ok(all)
}
