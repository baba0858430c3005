//! An outside watcher: a web server that counts who says that they are well.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::wait;

/// A running watcher.
#[derive(Debug)]
pub struct Watcher {
    /// The secret address at which it hears.
    pub url: String,
    beats: Arc<AtomicUsize>,
}

impl Watcher {
    /// Starts one on an address of its own.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(answer: StatusCode) -> Self {
        let beats = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&beats);
        let take = async move || {
            counted.fetch_add(1, Ordering::Relaxed);
            answer
        };
        let router = Router::new().route("/ping/{key}", get(take));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}/ping/secret-of-the-watcher", listener.local_addr().expect("it listens"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, beats }
    }

    /// How often somebody said that they are well.
    pub fn heard(&self) -> usize {
        self.beats.load(Ordering::Relaxed)
    }

    /// Waits until it hears so many more.
    pub async fn hears(&self, more: usize) {
        let wanted = self.heard() + more;
        wait::until("the watcher to hear from the house", async || (self.heard() >= wanted).then_some(()))
            .await;
    }
}
