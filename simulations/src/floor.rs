//! The least that it can cost to take an alert in durably and page for it, on the same foundations as the house: axum
//! reads a POST, one thread appends what waits to a file with one `fdatasync` for all of it, then the POST is answered,
//! and reqwest posts a page over two connections; what came of that is appended as well. Nobody is on call, nothing is
//! decided, sealed, remembered or read back.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

use crate::sink;

/// As many as Pushover allows.
const CONNECTIONS_MAX: usize = 2;
/// At most so many appends share one `fdatasync`, as in the house.
const GROUP_MAX: usize = 1_024;

#[derive(Clone)]
struct Floor {
    appends: mpsc::Sender<Append>,
    places: Arc<Semaphore>,
    client: reqwest::Client,
    provider: String,
}

struct Append {
    bytes: Bytes,
    durable: oneshot::Sender<()>,
}

/// Takes alerts at `/` and pages for them at `provider`, until the process ends.
///
/// # Errors
/// When the file or the address cannot be used.
pub async fn serve(listen: SocketAddr, provider: SocketAddr, file: &Path) -> io::Result<()> {
    let file = OpenOptions::new().create_new(true).append(true).open(file)?;
    let (appends, waiting) = mpsc::channel();
    std::thread::Builder::new().name("floor-writer".to_owned()).spawn(move || write(file, &waiting))?;
    // Fails only if some provider is installed already, and then that one is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().map_err(io::Error::other)?;
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let floor = Floor { appends, places, client, provider: format!("http://{provider}/1/messages.json") };
    let router = Router::new().route("/", post(take)).route("/readyz", get(|| async { StatusCode::OK }));
    axum::serve(TcpListener::bind(listen).await?, router.with_state(floor)).await
}

/// One `fdatasync` for all that waits. Ends with the first error: then nothing more is answered.
fn write(mut file: File, waiting: &mpsc::Receiver<Append>) -> io::Result<()> {
    let (mut bytes, mut group) = (Vec::new(), Vec::new());
    while let Ok(first) = waiting.recv() {
        let others = std::iter::from_fn(|| waiting.try_recv().ok()).take(GROUP_MAX - 1);
        for Append { bytes: appended, durable } in std::iter::once(first).chain(others) {
            bytes.extend_from_slice(&appended);
            group.push(durable);
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
        bytes.clear();
        for durable in group.drain(..) {
            // Whoever asked may have gone away.
            let _ = durable.send(());
        }
    }
    Ok(())
}

async fn take(State(floor): State<Floor>, body: Bytes) -> StatusCode {
    let marker = sink::markers(&body).next().map(sink::marker).unwrap_or_default();
    if floor.append(body).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    tokio::spawn(async move { floor.page(marker).await });
    StatusCode::OK
}

impl Floor {
    async fn append(&self, bytes: Bytes) -> Result<(), oneshot::error::RecvError> {
        let (durable, wait) = oneshot::channel();
        // An error means that the writer has ended, which the one who waits hears as well.
        let _ = self.appends.send(Append { bytes, durable });
        wait.await
    }

    async fn page(&self, marker: String) {
        let place = self.places.acquire().await;
        let sent = self.client.post(&self.provider).form(&[("message", marker)]).send().await;
        let report = match sent {
            Ok(answer) => answer.bytes().await.unwrap_or_default(),
            Err(error) => error.to_string().into(),
        };
        drop(place);
        // What was not written is missing in the end.
        let _ = self.append(report).await;
    }
}
