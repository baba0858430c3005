//! A product that takes reports, for tests of what the stand-ins send.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use simulations::fields::{Fields, decode_form};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::SOON;

/// One report as it came in.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub fields: Fields,
    pub headers: HeaderMap,
}

/// Takes reports on any path.
#[derive(Debug, Clone)]
pub struct Product {
    pub url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    received: watch::Sender<Vec<Received>>,
    statuses: Mutex<VecDeque<u16>>,
}

impl Product {
    /// Starts to answer; the first answers have these statuses, all others 200.
    pub async fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let statuses = Mutex::new(statuses.iter().copied().collect());
        let shared = Arc::new(Shared { received: watch::Sender::new(Vec::new()), statuses });
        let router = Router::new().fallback(receive).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.borrow().clone()
    }

    /// Waits for so many reports.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let mut received = self.shared.received.subscribe();
        let enough = received.wait_for(|received| received.len() >= count);
        let enough = tokio::time::timeout(SOON, enough).await;
        enough.expect("reports in time").expect("the product lives").clone()
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let path = uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let received = Received { path, fields: decode_form(&body), headers };
    shared.received.send_modify(|all| all.push(received));
    let status = shared.statuses.lock().expect("no panic while locked").pop_front().unwrap_or(200);
    (StatusCode::from_u16(status).expect("a status"), "<Response/>")
}
