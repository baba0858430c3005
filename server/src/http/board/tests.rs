//! What whoever is logged in sees and does.

use axum::http::StatusCode;
use domain::alert::Phase;
use events::{AlertId, Author};
use serde_json::json;

use crate::http::visit::Visit;

async fn logged_in(visit: &Visit) -> String {
    let answer = visit.post("/login", &format!("token={}", visit.owner_token()), &[]).await;
    answer.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

async fn problem(visit: &Visit, summary: &str, severity: &str, service: &str) -> AlertId {
    let signal = json!({
        "summary": summary, "dedup_key": summary, "severity": severity, "labels": { "service": service },
    });
    let alert = visit.signal(signal).await;
    visit.settle(alert).await;
    alert
}

#[tokio::test]
async fn the_board_shows_first_what_nobody_has() {
    let visit = Visit::start().await;
    let cookie = logged_in(&visit).await;
    let session = [("cookie", cookie.as_str())];
    let empty = visit.get("/", &session).await;
    assert!(empty.text.contains("As soon as a source reports one"), "{}", empty.text);

    let oldest = problem(&visit, "oldest", "critical", "shop").await;
    problem(&visit, "middle", "warning", "mail").await;
    problem(&visit, "<i>newest</i>", "error", "shop").await;
    visit.post(&format!("/alerts/{oldest}/acknowledge"), "", &session).await;
    let board = visit.get("/", &session).await;
    let place = |text: &str| board.text.find(text).unwrap_or_else(|| panic!("{text}: {}", board.text));
    assert!(place(">middle<") < place("&lt;i&gt;newest&lt;/i&gt;"));
    assert!(place("&lt;i&gt;newest&lt;/i&gt;") < place(">oldest<"));
    assert!(board.text.contains("<bdi>owner</bdi>") && board.text.contains("Web shop"), "{}", board.text);

    for (filter, expected) in [
        ("state=acknowledged", ["oldest"].as_slice()),
        ("state=open", &["middle", "newest"]),
        ("service=mail", &["middle"]),
        ("service=shop&severity=critical", &["oldest"]),
        ("severity=info", &[]),
        ("severity=%3Cscript%3E", &[]),
        ("state=&service=&severity=&zone=Europe/Berlin", &["oldest", "middle", "newest"]),
    ] {
        let page = visit.get(&format!("/?{filter}"), &session).await;
        let found: Vec<&str> =
            ["oldest", "middle", "newest"].into_iter().filter(|name| page.text.contains(*name)).collect();
        assert_eq!(found, expected, "{filter}");
        assert!(!page.text.contains("<script>"), "{filter}");
        assert_eq!(page.text.contains("No open alert matches"), expected.is_empty(), "{filter}");
    }
    assert_eq!(visit.get("/?zone=Nowhere", &session).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_long_board_says_what_it_leaves_out() {
    let visit = Visit::start().await;
    let cookie = logged_in(&visit).await;
    let signals: Vec<_> =
        (0..205).map(|number| json!({ "summary": "many", "dedup_key": number.to_string() })).collect();
    let last = visit.signal(json!(signals)).await;
    visit.settle(last).await;
    let board = visit.get("/", &[("cookie", cookie.as_str())]).await;
    assert_eq!(board.text.matches("<bdi>many</bdi>").count(), super::ROWS_MAX);
    assert!(board.text.contains("5 more are not shown"), "{}", &board.text[board.text.len() - 900..]);
}

#[tokio::test]
async fn a_session_works_with_an_alert() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let address = format!("/alerts/{alert}");
    let closed = visit.get(&address, &[]).await;
    assert_eq!(closed.header("location"), format!("/login?next={address}"));
    assert_eq!(visit.post(&format!("{address}/resolve"), "", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!visit.history(alert).await.is_over(), "it takes a session");

    let cookie = logged_in(&visit).await;
    let session = [("cookie", cookie.as_str()), ("origin", "http://pager.example")];
    let page = visit.get(&address, &session).await;
    assert!(page.text.contains("I have it") && page.text.contains("Web shop"), "{}", page.text);
    let by_code = visit.get(&format!("/alerts/{}", alert.code()), &session).await;
    assert_eq!(by_code.header("location"), address);
    let link = visit.get(&format!("/a/{}", alert.code()), &session).await;
    assert!(
        link.text.contains("Checkout answers 500") && link.text.contains("/assets/link-"),
        "{}",
        link.text
    );

    let noted = visit.post(&format!("{address}/note"), "text=looking+at+it", &session).await;
    assert_eq!((noted.status, noted.header("location")), (StatusCode::SEE_OTHER, address.as_str()));
    assert!(visit.get(&address, &session).await.text.contains("owner: looking at it"));
    let empty = visit.post(&format!("{address}/note"), "text=+", &session).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("The note is empty"), "{}", empty.text);

    visit.post(&format!("{address}/escalate"), "", &session).await;
    assert_eq!(visit.history(alert).await.alert.people_paged().len(), 3, "Callum is next");
    visit.post(&format!("{address}/acknowledge"), "", &session).await;
    let taken = matches!(visit.history(alert).await.alert.phase(),
        Phase::Acknowledged { by, .. } if *by == Author::Token("owner".into()));
    assert!(taken);
    visit.post(&format!("{address}/resolve"), "", &session).await;
    assert!(visit.history(alert).await.is_over());
    let late = visit.post(&format!("{address}/acknowledge"), "", &session).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("It is over"), "{}", late.text);
    for nowhere in ["/alerts/00000", "/alerts/nonsense", "/alerts/00000000000000000000000000-1"] {
        assert_eq!(visit.get(nowhere, &session).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let cookie = logged_in(&visit).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let headers = [("cookie", cookie.as_str()), ("host", "pager.example"), (name, value)];
        let answer = visit.post(&format!("/alerts/{alert}/resolve"), "", &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert!(!visit.history(alert).await.is_over());
}
