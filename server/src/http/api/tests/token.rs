//! Tokens are issued, let somebody in, and stop doing so.

use std::time::Duration;

use axum::http::StatusCode;
use domain::alert::Phase;
use domain::token::LABEL_CHARS_MAX;
use events::Author;
use serde_json::{Value, json};

use crate::http::visit::Visit;

#[tokio::test]
async fn a_secret_is_told_once_and_lets_in_until_it_is_revoked() {
    let visit = Visit::start().await;
    let owner = visit.owner_token();
    let wanted = json!({ "role": "respond", "label": " Anna's phone ", "person": "anna", "expires_in_seconds": 3_600 });
    let (id, secret) = visit.issue(wanted).await;
    assert!(secret.starts_with("hotpotato_") && secret.len() == 62, "256 bits");
    assert!(id.len() == 8 && id.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'z')), "{id}");

    let me = visit.api("GET", "/me", Some(&secret), &Value::Null).await.json();
    let expected = json!({ "id": id, "label": "Anna's phone", "role": "respond", "person": "anna" });
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(me[field], *value, "{me:#}");
    }
    assert!(me["expires_at"].is_string(), "{me:#}");
    let owners = visit.api("GET", "/me", Some(&owner), &Value::Null).await.json();
    assert_eq!((&owners["role"], &owners["id"]), (&json!("owner"), &Value::Null));

    let listed = visit.api("GET", "/tokens", Some(&owner), &Value::Null).await;
    assert!(listed.text.contains("Anna's phone") && !listed.text.contains("secret"), "{}", listed.text);
    assert_eq!(listed.json()[0]["issued_by"], "owner");

    let revoke = format!("/tokens/{}", id.to_uppercase());
    let revoked = visit.api("DELETE", &revoke, Some(&owner), &Value::Null).await;
    assert_eq!((revoked.status, &revoked.json()["state"]), (StatusCode::OK, &json!("revoked")));
    let refused = visit.api("GET", "/alerts", Some(&secret), &Value::Null).await;
    assert_eq!((refused.status, &refused.json()["reason"]), (StatusCode::UNAUTHORIZED, &json!("revoked")));
    assert!(refused.text.contains("hotpotato token issue"), "{}", refused.text);
    assert_eq!(visit.api("DELETE", &revoke, Some(&owner), &Value::Null).await.status, StatusCode::CONFLICT);
    for nothing in ["/tokens/00000000", "/tokens/owner"] {
        let answer = visit.api("DELETE", nothing, Some(&owner), &Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    assert_eq!(visit.api("GET", "/tokens", Some(&owner), &Value::Null).await.json(), json!([]));
    let all = visit.api("GET", "/tokens?all=true", Some(&owner), &Value::Null).await.json();
    assert_eq!((&all[0]["id"], &all[0]["state"]), (&json!(id), &json!("revoked")));
}

#[tokio::test]
async fn what_cannot_stand_is_refused_with_its_reason() {
    let visit = Visit::start().await;
    let long = "x".repeat(LABEL_CHARS_MAX + 1);
    for (wanted, words) in [
        (json!({ "role": "admin", "label": "x" }), "read, respond, team:NAME or owner"),
        (json!({ "role": "team:nobody", "label": "x" }), "no team `nobody`"),
        (json!({ "role": "read", "label": "x", "person": "nobody" }), "nobody called"),
        (json!({ "role": "read", "label": "" }), "label is empty"),
        (json!({ "role": "read", "label": long }), "100 characters"),
        (json!({ "role": "read", "label": "x", "expires_at": "2001-01-01T00:00:00Z" }), "has passed"),
        (json!({ "role": "read", "label": "x", "expires_at": "tomorrow" }), "expires_at"),
        (json!({ "role": "read", "label": "x", "expires_in_seconds": 0 }), "has passed"),
        (json!({ "role": "read", "label": "x", "expires_in_seconds": u64::MAX }), "ten years"),
        (
            json!({ "role": "read", "label": "x", "expires_in_seconds": 5, "expires_at": "2099-01-01T00:00:00Z" }),
            "not both",
        ),
        (json!({ "role": "read", "label": "x", "secret": "mine" }), "unknown field"),
    ] {
        let refused = visit.api("POST", "/tokens", Some(&visit.owner_token()), &wanted).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wanted}: {}", refused.text);
        assert!(refused.text.contains(words), "{wanted}: {}", refused.text);
    }
    let all = visit.api("GET", "/tokens?all=true", Some(&visit.owner_token()), &Value::Null).await;
    assert_eq!(all.json(), json!([]), "nothing was issued");
}

#[tokio::test]
async fn an_expired_token_says_so() {
    let visit = Visit::start().await;
    let (_, secret) = visit.issue(json!({ "role": "read", "label": "x", "expires_in_seconds": 1 })).await;
    let mut again = tokio::time::interval(Duration::from_millis(50));
    let refused = loop {
        again.tick().await;
        let answer = visit.api("GET", "/me", Some(&secret), &Value::Null).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
    };
    assert_eq!((refused.status, &refused.json()["reason"]), (StatusCode::UNAUTHORIZED, &json!("expired")));
    assert!(refused.text.contains("hotpotato token issue"), "{}", refused.text);
}

#[tokio::test]
async fn a_token_of_somebody_who_has_left_lets_nobody_in() {
    let visit = Visit::start().await;
    let (_, secret) = visit.issue(json!({ "role": "read", "label": "x", "person": "bernd" })).await;
    assert_eq!(visit.api("GET", "/me", Some(&secret), &Value::Null).await.status, StatusCode::OK);
    visit.lose_bernd().await;
    let refused = visit.api("GET", "/me", Some(&secret), &Value::Null).await;
    assert_eq!(
        (refused.status, &refused.json()["reason"]),
        (StatusCode::UNAUTHORIZED, &json!("person_gone"))
    );
}

#[tokio::test]
async fn a_read_token_sees_and_takes_nothing() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let (_, secret) = visit.issue(json!({ "role": "read", "label": "wall" })).await;
    let listed = visit.api("GET", "/alerts", Some(&secret), &Value::Null).await;
    assert_eq!(listed.json()[0]["id"], alert.to_string());
    let refused =
        visit.api("POST", &format!("/alerts/{alert}/acknowledge"), Some(&secret), &Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let problem = refused.json();
    assert_eq!(
        (&problem["reason"], &problem["needs"], &problem["has"]),
        (&json!("role"), &json!("respond"), &json!("read"))
    );
    assert_eq!(visit.taken_count(alert).await, 0);
}

#[tokio::test]
async fn whoever_acts_is_named_by_their_person_or_by_what_their_token_is_for() {
    let visit = Visit::start().await;
    let alert = visit.alert().await;
    let (id, script) = visit.issue(json!({ "role": "respond", "label": "night script" })).await;
    let note = json!({ "text": "seen" });
    visit.api("POST", &format!("/alerts/{alert}/notes"), Some(&script), &note).await;
    let acknowledge = format!("/alerts/{alert}/acknowledge");
    visit.api("POST", &acknowledge, Some(&script), &Value::Null).await;
    let shown = visit.api("GET", &format!("/alerts/{alert}"), Some(&script), &Value::Null).await;
    let named = format!("night script ({id})");
    assert_eq!(shown.json()["acknowledged_by"], named);
    assert!(shown.text.contains(&format!("{named}: seen")), "{}", shown.text);

    let (_, annas) = visit.issue(json!({ "role": "respond", "label": "phone", "person": "anna" })).await;
    visit.api("POST", &acknowledge, Some(&annas), &Value::Null).await;
    let anna = Author::Person(visit.person("anna"));
    let taken =
        matches!(visit.history(alert).await.alert.phase(), Phase::Acknowledged { by, .. } if *by == anna);
    assert!(taken);
}

#[tokio::test]
async fn a_test_page_goes_to_oneself_unless_an_owner_sends_it() {
    let visit = Visit::start().await;
    let (_, annas) = visit.issue(json!({ "role": "respond", "label": "phone", "person": "anna" })).await;
    let (_, nobodys) = visit.issue(json!({ "role": "respond", "label": "script" })).await;
    let owner = visit.owner_token();
    for (secret, person, reason) in [
        (annas.as_str(), "anna", Value::Null),
        (&annas, "callum", json!("foreign")),
        (&nobodys, "anna", json!("nobody")),
        (&owner, "callum", Value::Null),
    ] {
        let answer = visit.api("POST", "/test-pages", Some(secret), &json!({ "person": person })).await;
        let expected = if reason.is_null() { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(
            (answer.status, &answer.json()["reason"]),
            (expected, &reason),
            "{person}: {}",
            answer.text
        );
    }
}
