//! The load generator against the sink, and against a server that is busy.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use simulations::load::{self, LoadError, LoadKind, LoadOptions};
use simulations::sink::Sink;
use tokio::net::TcpListener;

use crate::{MOMENT, answered, client, stand_ins};

const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// The sink takes alerts for pages: their markers arrive with the posts themselves.
#[tokio::test]
async fn every_alert_arrives_once() {
    let sink = Sink::start(ANYWHERE, 100, 2_000).await.expect("a free port");
    for kind in [LoadKind::AlertmanagerWebhook, LoadKind::AlertmanagerApi] {
        let url = format!("http://{}/x", sink.address());
        let first = if kind == LoadKind::AlertmanagerApi { 1_100 } else { 100 };
        let options = LoadOptions { first, alerts_per_post: 3, ..LoadOptions::new(url, kind, 1_000) };
        let report = load::run(&options, Some(&sink)).await.expect("a run");
        assert!(report.is_complete(), "{report}");
        assert_eq!((report.accepted, report.lost, report.post_ms.count), (1_000, 0, 334));
        let seen = report.sink.as_ref().expect("a sink");
        assert_eq!((seen.arrived, seen.missing, seen.repeats), (1_000, 0, 0));
        assert_eq!(seen.post_to_sink_ms.count, 1_000);
        assert!(report.post_ms.p50 > 0.0 && report.post_ms.p50 <= report.post_ms.p99);
        let json = serde_json::to_value(&report).expect("JSON");
        assert_eq!(json["accepted"], 1_000);
    }
    assert_eq!((sink.requests(), sink.arrived()), (668, 2_000));
}

#[tokio::test]
async fn the_sink_passes_for_pushover() {
    let sink = Sink::start(ANYWHERE, 0, 10).await.expect("a free port");
    let _chooses_cryptography = stand_ins().await;
    let url = format!("http://{}/1/messages.json", sink.address());
    let form = [("message", "bench-000003: disk"), ("token", "t"), ("user", "u")];
    let answer = answered(client().post(&url).form(&form)).await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &1.into()));
    assert_eq!(answer.body["receipt"].as_str().map(str::len), Some(30));
    answered(client().post(url).form(&form)).await;
    assert!(sink.arrival(3).is_some() && sink.arrival(4).is_none() && sink.arrival(99).is_none());
    assert_eq!((sink.requests(), sink.arrived(), sink.repeats()), (2, 1, 1));
    assert!(!sink.wait_for(2, MOMENT).await);
}

async fn busy(State(calls): State<Arc<AtomicU32>>) -> Response {
    match calls.fetch_add(1, Ordering::Relaxed) % 4 {
        0 => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response(),
        1 => StatusCode::BAD_GATEWAY.into_response(),
        _ => StatusCode::OK.into_response(),
    }
}

async fn refuse() -> StatusCode {
    StatusCode::BAD_REQUEST
}

async fn server() -> String {
    let listener = TcpListener::bind(ANYWHERE).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/busy", post(busy)).route("/refuse", post(refuse));
    tokio::spawn(async move { axum::serve(listener, router.with_state(Arc::default())).await });
    format!("http://{address}")
}

#[tokio::test]
async fn busy_servers_are_asked_again_and_refusals_are_not() {
    let server = server().await;
    let busy = LoadOptions::new(format!("{server}/busy"), LoadKind::AlertmanagerWebhook, 20);
    let report = load::run(&busy, None).await.expect("a run");
    assert_eq!((report.accepted, report.lost), (20, 0));
    assert!(report.retries[&503] > 0 && report.retries[&502] > 0, "{report}");
    assert!(report.sink.is_none());

    let refused = LoadOptions::new(format!("{server}/refuse"), LoadKind::AlertmanagerWebhook, 20);
    let report = load::run(&refused, None).await.expect("a run");
    assert_eq!((report.accepted, report.lost, report.refusals[&400]), (0, 20, 20));
    assert!(!report.is_complete());
}

#[tokio::test]
async fn a_dead_server_ends_at_the_limit() {
    let post_limit = Duration::from_millis(300);
    let dead = LoadOptions::new("http://127.0.0.1:9/", LoadKind::AlertmanagerWebhook, 5);
    let report = load::run(&LoadOptions { post_limit, ..dead }, None).await.expect("a run");
    assert_eq!((report.accepted, report.lost), (0, 5));
    assert!(report.reconnects > 0);
}

#[tokio::test]
async fn a_rate_is_kept_and_nonsense_is_refused() {
    let sink = Sink::start(ANYWHERE, 0, 20).await.expect("a free port");
    let url = format!("http://{}/", sink.address());
    let options = LoadOptions::new(url.as_str(), LoadKind::AlertmanagerWebhook, 20);
    let paced = LoadOptions { posts_per_second: Some(100.0), ..options.clone() };
    let report = load::run(&paced, Some(&sink)).await.expect("a run");
    assert!(report.post_seconds >= 0.19, "{report}");
    for wrong in
        [LoadOptions { count: 0, ..options.clone() }, LoadOptions { connections: 0, ..options.clone() }]
    {
        assert!(matches!(load::run(&wrong, None).await, Err(LoadError::Zero(_))));
    }
    let wrong = LoadOptions { url: "https://127.0.0.1/".to_owned(), ..options };
    assert!(matches!(load::run(&wrong, None).await, Err(LoadError::Url { .. })));
}
