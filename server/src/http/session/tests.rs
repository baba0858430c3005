//! Logging in and out.

use axum::http::StatusCode;
use events::event::alert::AlertEvent;
use events::{Author, Event};
use serde_json::{Value, json};

use super::own_address;
use crate::http::guess::GUESSES_MAX;
use crate::http::visit::Visit;

#[tokio::test]
async fn the_owners_token_opens_a_session_and_the_logout_ends_it() {
    let visit = Visit::at("https://pager.example").await;
    let closed = visit.get("/?state=open", &[]).await;
    assert_eq!(
        (closed.status, closed.header("location")),
        (StatusCode::SEE_OTHER, "/login?next=/%3Fstate%3Dopen")
    );
    let form = visit.get("/login?next=/%3Fstate%3Dopen", &[("accept-language", "it")]).await;
    assert!(form.text.contains("Accedi") && form.text.contains("value=\"/?state=open\""), "{}", form.text);

    let login = format!("token={}&next=/%3Fstate%3Dopen", visit.owner_token());
    let opened = visit.post("/login", &login, &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, "/?state=open"));
    let (cookie, rules) = opened.header("set-cookie").split_once("; ").expect("a cookie");
    assert_eq!(rules, "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure");
    let session = [("cookie", cookie)];
    assert_eq!(visit.get("/?state=open", &session).await.status, StatusCode::OK);

    let closed = visit.post("/logout", "", &session).await;
    assert!(closed.header("set-cookie").contains("Max-Age=0"), "{closed:?}");
    assert_eq!(visit.get("/", &session).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn wrong_tokens_open_nothing_and_are_counted() {
    let visit = Visit::start().await;
    for _ in 0..GUESSES_MAX {
        let refused = visit.post("/login", "token=%22%3E%3Cscript%3E&next=//evil.example", &[]).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
        assert!(
            refused.text.contains("not known here") && !refused.text.contains("evil.example"),
            "{refused:?}"
        );
    }
    let good = format!("token={}", visit.owner_token());
    let stopped = visit.post("/login", &good, &[]).await;
    assert_eq!((stopped.status, stopped.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    let elsewhere = visit.post("/login", &good, &[("test-from", "192.0.2.2:1")]).await;
    assert_eq!((elsewhere.status, elsewhere.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert!(!elsewhere.header("set-cookie").contains("Secure"), "over plain HTTP it would never come back");
}

#[tokio::test]
async fn a_login_from_another_site_is_refused() {
    let visit = Visit::start().await;
    let good = format!("token={}", visit.owner_token());
    let foreign = visit.post("/login", &good, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!((foreign.status, foreign.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
}

/// Logs in with a token; returns the cookie.
async fn logged_in(visit: &Visit, secret: &str) -> String {
    let opened = visit.post("/login", &format!("token={secret}"), &[]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    opened.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

#[tokio::test]
async fn a_session_of_a_read_token_sees_and_changes_nothing() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let (_, secret) = visit.issue(json!({ "role": "read", "label": "wall" })).await;
    let cookie = logged_in(&visit, &secret).await;
    let session = [("cookie", cookie.as_str())];
    let board = visit.get("/", &session).await;
    assert!(board.text.contains("Checkout answers 500"), "{}", board.text);
    for address in [format!("/alerts/{alert}"), format!("/a/{}", alert.code())] {
        let page = visit.get(&address, &session).await;
        assert!(page.text.contains("Checkout answers 500"), "{}", page.text);
        assert!(!page.text.contains("I have it"), "{}", page.text);
        assert!(!page.text.contains(&format!("action=\"/alerts/{alert}/")), "no form: {}", page.text);
    }
    let before = visit.entries(alert).await.len();
    for (action, form) in [("acknowledge", ""), ("resolve", ""), ("escalate", ""), ("note", "text=x")] {
        let refused = visit.post(&format!("/alerts/{alert}/{action}"), form, &session).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{action}");
        assert!(refused.text.contains("Your token does not allow this"), "{}", refused.text);
    }
    assert_eq!(visit.entries(alert).await.len(), before, "nothing was recorded");
}

#[tokio::test]
async fn a_session_of_somebodys_token_acts_as_that_person() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let (_, secret) = visit.issue(json!({ "role": "respond", "label": "phone", "person": "anna" })).await;
    let cookie = logged_in(&visit, &secret).await;
    let session = [("cookie", cookie.as_str())];
    visit.post(&format!("/alerts/{alert}/acknowledge"), "", &session).await;
    let page = visit.get(&format!("/alerts/{alert}"), &session).await;
    assert!(page.text.contains("You have it, until"), "{}", page.text);
    let anna = Author::Person(visit.person("anna"));
    let is_hers =
        |event: &Event| matches!(event, Event::Alert(AlertEvent::Acknowledged { by, .. }) if *by == anna);
    let entries = visit.entries(alert).await;
    assert!(entries.iter().any(|entry| is_hers(&entry.event) && entry.by == anna));
}

#[tokio::test]
async fn a_session_ends_with_its_token() {
    let visit = Visit::start().await;
    let (id, secret) = visit.issue(json!({ "role": "respond", "label": "phone" })).await;
    let cookie = logged_in(&visit, &secret).await;
    let session = [("cookie", cookie.as_str())];
    assert_eq!(visit.get("/", &session).await.status, StatusCode::OK);
    visit.api("DELETE", &format!("/tokens/{id}"), Some(&visit.owner_token()), &Value::Null).await;
    assert_eq!(visit.get("/", &session).await.header("location"), "/login?next=/");
    let again = visit.post("/login", &format!("token={secret}"), &[]).await;
    assert_eq!((again.status, again.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
    assert!(again.text.contains("expired or was revoked"), "{}", again.text);
}

#[test]
fn the_login_leads_nowhere_else() {
    for (named, expected) in [
        (None, "/"),
        (Some("/alerts/x?zone=Europe/Rome"), "/alerts/x?zone=Europe/Rome"),
        (Some("//evil.example"), "/"),
        (Some("/\\evil.example"), "/"),
        (Some("https://evil.example"), "/"),
        (Some("/a\r\nSet-Cookie: x"), "/"),
        (Some("/\t/evil.example"), "/"),
        (Some(""), "/"),
    ] {
        assert_eq!(own_address(named), expected, "{named:?}");
    }
}
