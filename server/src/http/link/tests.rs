//! What somebody with a link, a wrong link or no link at all is shown, and what it does.

use axum::http::StatusCode;
use domain::alert::{Order, Phase};
use events::event::alert::{AlertEvent, Way};
use events::{Author, Event, Span};
use serde_json::json;

use crate::http::guess::GUESSES_MAX;
use crate::http::visit::Visit;

const HTML: (&str, &str) = ("accept", "text/html");

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[tokio::test]
async fn without_a_token_the_page_knows_nothing() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let known = visit.get(&format!("/a/{}", alert.code()), &[HTML, ("accept-language", "de")]).await;
    assert_eq!(known.status, StatusCode::OK);
    assert!(
        known.text.contains("<html lang=\"de\">") && known.text.contains("Alarm anzeigen"),
        "{}",
        known.text
    );
    for secret in ["Checkout", "Web shop", "Anna", &alert.code().to_string(), &alert.to_string()] {
        assert!(!known.text.contains(secret), "{secret}");
    }
    for address in ["/a/00000", "/a/nonsense", "/a/%00", "/a/a-very-long-code-that-is-none"] {
        let unknown = visit.get(address, &[HTML, ("accept-language", "de")]).await;
        assert_eq!((unknown.status, &unknown.text), (known.status, &known.text), "{address}");
    }
}

#[tokio::test]
async fn the_link_shows_the_alert_in_its_persons_language_and_changes_nothing() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let before = visit.entries(alert).await.len();
    let token = visit.token(alert, "anna", 1);
    let address = format!("/a/{}", alert.code());
    let shown =
        visit.get(&address, &[HTML, ("accept-language", "en"), ("authorization", &bearer(&token))]).await;
    assert_eq!(shown.status, StatusCode::OK);
    for wanted in [
        "<html lang=\"it\">",
        "Checkout answers 500",
        "Web shop",
        "href=\"https://wiki.example/shop\" rel=\"noopener noreferrer\"",
        "Ci penso io",
        "Anna Rossi e Bernd Vogel",
        "Europe/Rome",
        &format!("name=\"token\" value=\"{token}\""),
    ] {
        assert!(shown.text.contains(wanted), "{wanted}: {}", shown.text);
    }
    assert_eq!(shown.header("cache-control"), "no-store");
    let typed =
        visit.post(&address, &format!("action=show&token=http%3A%2F%2Fx%2Fa%2Fy%23{token}"), &[HTML]).await;
    assert_eq!((typed.status, typed.text.contains("Ci penso io")), (StatusCode::OK, true));
    assert_eq!(visit.history(alert).await.alert.generation(), 1);
    assert_eq!(visit.taken_count(alert).await, 0);
    let reports = visit.entries(alert).await.into_iter().skip(before);
    assert!(reports.into_iter().all(|entry| entry.by == Author::House), "nobody did anything");
}

#[tokio::test]
async fn the_button_takes_the_alert_for_the_person_of_the_link() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let (anna, bernd) = (visit.token(alert, "anna", 1), visit.token(alert, "bernd", 1));
    let address = format!("/a/{}", alert.code().to_string().to_lowercase());
    let taken = visit.post(&address, &format!("token={anna}"), &[HTML]).await;
    assert_eq!(taken.status, StatusCode::OK);
    assert!(taken.text.contains("Ci pensi tu. Scadenza: "), "{}", taken.text);
    assert!(!taken.text.contains("value=\"acknowledge\""), "nothing is left to press");
    let entries = visit.entries(alert).await;
    let by_link = |entry: &events::Entry| match &entry.event {
        Event::Alert(AlertEvent::Acknowledged { by, way, until }) => {
            assert_eq!(*until, Some(entry.at + Span::from_minutes(30)));
            *by == Author::Person(visit.person("anna")) && *way == Way::Link && entry.by == *by
        }
        _ => false,
    };
    assert!(entries.iter().any(by_link));
    visit.post(&address, &format!("token={anna}&action=acknowledge"), &[HTML]).await;
    assert_eq!(visit.taken_count(alert).await, 1, "twice is once");

    let shown = visit.get(&address, &[HTML, ("authorization", &bearer(&bernd))]).await;
    assert!(shown.text.contains("Anna Rossi hat bereits übernommen: "), "{}", shown.text);
    assert!(shown.text.contains("Ich übernehme von Anna Rossi"), "{}", shown.text);
    let over = visit.post_json(&address, &json!({ "token": bernd })).await;
    let body: serde_json::Value = serde_json::from_str(&over.text).expect("JSON");
    assert_eq!((&body["state"], &body["by"]), (&json!("acknowledged"), &json!("Bernd Vogel")));
    assert_eq!(body["code"], json!(alert.code()));
    assert!(body["until"].as_str().is_some_and(|until| until.ends_with('Z')), "{body}");
    assert_eq!(visit.taken_count(alert).await, 2);
}

#[tokio::test]
async fn a_bearer_token_alone_acknowledges_and_answers_json_when_asked() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let bearer = bearer(&visit.token(alert, "anna", 1));
    let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let answer = visit.post(&format!("/a/{}", alert.code()), "", &headers).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("\"acknowledged\""), "{}", answer.text);
}

#[tokio::test]
async fn a_wrong_token_does_nothing_and_too_many_are_not_listened_to() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let address = format!("/a/{}", alert.code());
    let callum = visit.token(alert, "callum", 1);
    let mut guesses = vec![("form", callum), ("form", "x".repeat(22)), ("header", "y".repeat(22))];
    guesses.resize(usize::try_from(GUESSES_MAX).expect("few"), ("form", "ü".into()));
    for (way, token) in &guesses {
        let answer = if *way == "form" {
            visit.post(&address, &format!("token={token}"), &[HTML]).await
        } else {
            visit.get(&address, &[HTML, ("authorization", &bearer(token))]).await
        };
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token}");
        assert!(!answer.text.contains("Checkout"), "{}", answer.text);
    }
    let good = format!("token={}", visit.token(alert, "anna", 1));
    let stopped = visit.post(&address, &good, &[HTML]).await;
    assert_eq!((stopped.status, stopped.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(visit.taken_count(alert).await, 0);
    let elsewhere = visit.post(&address, &good, &[HTML, ("test-from", "192.0.2.2:1")]).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    assert_eq!(visit.taken_count(alert).await, 1);
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_none() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let address = format!("/a/{}", alert.code());
    let silent = visit.post(&address, "token=&action=acknowledge", &[HTML]).await;
    assert_eq!(silent.status, StatusCode::UNAUTHORIZED);
    assert!(silent.text.contains("<form") && !silent.text.contains("Checkout"), "{}", silent.text);
    assert_eq!(visit.post_json(&address, &json!({})).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(visit.post_json(&address, &json!([1])).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = visit.post(&address, "token=x&action=resolve", &[HTML]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_link_of_an_earlier_round_takes_nothing() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let until = visit.app().house.now() + Span::from_minutes(60);
    visit.order(alert, Order::Hold { by: Author::House, until, unless_joined: 0 }).await;
    // Worse than before ends the hold, and paging begins anew.
    visit
        .signal(json!({ "summary": "Checkout answers 500", "dedup_key": "checkout", "severity": "critical" }))
        .await;
    assert_eq!(visit.history(alert).await.alert.generation(), 2);
    let address = format!("/a/{}", alert.code());
    let old = visit.post(&address, &format!("token={}", visit.token(alert, "anna", 1)), &[HTML]).await;
    assert_eq!(old.status, StatusCode::GONE);
    assert!(old.text.contains("earlier round") && !old.text.contains("Checkout"), "{}", old.text);
    assert_eq!(visit.taken_count(alert).await, 0);
    let new = visit.post(&address, &format!("token={}", visit.token(alert, "anna", 2)), &[HTML]).await;
    assert_eq!((new.status, visit.taken_count(alert).await), (StatusCode::OK, 1));
}

#[tokio::test]
async fn whoever_left_the_house_has_no_link_any_more() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let token = visit.token(alert, "bernd", 1);
    visit.lose_bernd().await;
    let answer = visit.post(&format!("/a/{}", alert.code()), &format!("token={token}"), &[HTML]).await;
    assert_eq!((answer.status, visit.taken_count(alert).await), (StatusCode::FORBIDDEN, 0));
}

#[tokio::test]
async fn what_is_over_says_so() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    visit.signal(json!({ "dedup_key": "checkout", "status": "resolved" })).await;
    visit.settle(alert).await;
    assert!(matches!(visit.history(alert).await.alert.phase(), Phase::Resolved { .. }));
    let (address, token) = (format!("/a/{}", alert.code()), visit.token(alert, "anna", 1));
    let shown = visit.get(&address, &[HTML, ("authorization", &bearer(&token))]).await;
    assert_eq!(shown.status, StatusCode::OK);
    let pressed = visit.post(&address, &format!("token={token}"), &[HTML]).await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    for page in [shown, pressed] {
        assert!(page.text.contains("Tutto rientrato. Risolto: "), "{}", page.text);
        assert!(!page.text.contains("value=\"acknowledge\""), "{}", page.text);
    }
}

#[tokio::test]
async fn hostile_texts_are_harmless() {
    let visit = Visit::start().await;
    let hostile = "<script>alert(1)</script>\u{202e}gpj\u{0}\u{1b}[2J\" onload=\"x";
    let alert = visit
        .signal(json!({
            "summary": hostile, "dedup_key": "h", "labels": { "service": "mail", hostile: hostile },
            "details": { "a": hostile, "link": "javascript:alert(1)" },
        }))
        .await;
    visit.order(alert, Order::Note { by: Author::House, text: format!("{hostile}\r\n</li><b>") }).await;
    visit.settle(alert).await;
    let token = visit.token(alert, "anna", 1);
    let shown = visit.get(&format!("/a/{}", alert.code()), &[HTML, ("authorization", &bearer(&token))]).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", shown.text);
    for evil in ["<script>", "onload=\"", "\u{202e}", "\u{0}", "\u{1b}", "href=\"javascript", "</li><b>"] {
        assert!(!shown.text.contains(evil), "{evil:?}: {}", shown.text);
    }
}

#[tokio::test]
async fn the_longest_page_is_light_enough_for_a_phone_at_night() {
    let visit = Visit::start().await;
    let wide = "\"".repeat(1_000);
    let details: serde_json::Map<String, serde_json::Value> =
        (0..100).map(|number| (format!("{number}{wide}"), json!(wide))).collect();
    let alert = visit.signal(json!({ "summary": wide, "dedup_key": "w", "details": details })).await;
    for number in 0..40 {
        visit.order(alert, Order::Note { by: Author::House, text: format!("{number} {wide}") }).await;
    }
    visit.settle(alert).await;
    let token = visit.token(alert, "bernd", 1);
    let shown = visit.get(&format!("/a/{}", alert.code()), &[HTML, ("authorization", &bearer(&token))]).await;
    assert!(shown.text.len() <= 50_000, "{} bytes", shown.text.len());
    assert!(
        shown.text.contains("frühere Einträge werden nicht gezeigt"),
        "the reader is told what is missing"
    );
}
