//! What a team's token arranges, and what not.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::http::visit::{Answer, Visit};

async fn sysadmins() -> (Visit, String) {
    let visit = Visit::start().await;
    let (_, secret) = visit.issue(json!({ "role": "team:sysadmin", "label": "the admins" })).await;
    (visit, secret)
}

/// A moment within the longest span of an override.
fn soon(visit: &Visit) -> String {
    let now = visit.app().house.now() + events::Span::from_seconds(86_400);
    now.to_string()
}

async fn make(visit: &Visit, secret: &str, legs: Value) -> Answer {
    visit.api("POST", "/overrides", Some(secret), &json!({ "legs": legs })).await
}

fn is_foreign(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert_eq!(answer.json()["reason"], "foreign", "{}", answer.text);
    assert!(answer.text.contains(words), "{}", answer.text);
}

#[tokio::test]
async fn a_team_lets_people_stand_in_within_its_own_rotas_alone() {
    let (visit, secret) = sysadmins().await;
    let to = soon(&visit);
    let own = json!({ "rota": "primary", "also": "callum", "to": to });
    let foreign = json!({ "rota": "cables", "also": "anna", "to": to });
    let made = make(&visit, &secret, json!([own])).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert!(made.json()["decided_by"].as_str().is_some_and(|by| by.starts_with("the admins (")));
    assert_eq!(make(&visit, &secret, json!([{ "team": "sysadmin", "to": to }])).await.status, StatusCode::OK);

    is_foreign(&make(&visit, &secret, json!([foreign])).await, "rota `cables` is not team `sysadmin`'s own");
    is_foreign(&make(&visit, &secret, json!([own, foreign])).await, "rota `cables`");
    is_foreign(&make(&visit, &secret, json!([{ "team": "network", "to": to }])).await, "team `network`");
    let unknown = json!({ "rota": "nothing", "also": "anna", "to": to });
    is_foreign(&make(&visit, &secret, json!([unknown])).await, "rota `nothing`");
    is_foreign(&make(&visit, &secret, json!([])).await, "about nothing");

    let theirs = make(&visit, &visit.owner_token(), json!([foreign])).await.json();
    let listed = visit.api("GET", "/overrides", Some(&secret), &Value::Null).await.json();
    assert_eq!(listed.as_array().map(Vec::len), Some(3), "nothing else was made: {listed:#}");
    let remove = |made: &Value| format!("/overrides/{}/remove", made["id"].as_str().expect("a name"));
    is_foreign(&visit.api("POST", &remove(&theirs), Some(&secret), &Value::Null).await, "rota `cables`");
    let removed = visit.api("POST", &remove(&made.json()), Some(&secret), &Value::Null).await;
    assert_eq!((removed.status, &removed.json()["state"]), (StatusCode::OK, &json!("over")));
}

#[tokio::test]
async fn a_swap_is_answered_by_whoever_was_asked_or_by_an_owner() {
    let (visit, team) = sysadmins().await;
    let (_, annas) = visit.issue(json!({ "role": "respond", "label": "phone", "person": "anna" })).await;
    let (_, callums) = visit.issue(json!({ "role": "respond", "label": "phone", "person": "callum" })).await;
    let to = soon(&visit);
    let leg = json!({ "rota": "primary", "for": "anna", "by": "callum", "to": to });
    for (secret, verb, state) in [
        (callums.as_str(), "accept", "in_force"),
        (&callums, "decline", "over"),
        (&visit.owner_token(), "accept", "in_force"),
    ] {
        let asked =
            visit.api("POST", "/overrides", Some(&team), &json!({ "legs": [leg], "asks": "callum" })).await;
        let id = asked.json()["id"].as_str().expect("a name").to_owned();
        let address = format!("/overrides/{id}/{verb}");
        is_foreign(&visit.api("POST", &address, Some(&annas), &Value::Null).await, "is not yours");
        let unbound = visit.api("POST", &address, Some(&team), &Value::Null).await;
        assert_eq!((unbound.status, &unbound.json()["reason"]), (StatusCode::FORBIDDEN, &json!("nobody")));
        let answered = visit.api("POST", &address, Some(secret), &Value::Null).await;
        assert_eq!((answered.status, &answered.json()["state"]), (StatusCode::OK, &json!(state)));
    }
}

#[tokio::test]
async fn a_team_applies_what_is_its_own_and_nothing_else() {
    let (visit, secret) = sysadmins().await;
    let exported = visit.api("GET", "/configuration", Some(&secret), &Value::Null).await.json();
    let mut own = exported.clone();
    own["rotas"]["primary"]["time_zone"] = json!("Europe/Rome");
    own["teams"]["sysadmin"]["name"] = json!("Admins");
    let applied = visit.api("POST", "/configuration", Some(&secret), &own).await;
    assert_eq!(applied.status, StatusCode::OK, "{}", applied.text);
    assert_eq!(applied.json()["changes"].as_array().map(Vec::len), Some(2));

    let mut mixed = own.clone();
    mixed["rotas"]["primary"]["time_zone"] = json!("UTC");
    mixed["rotas"]["cables"]["team"] = json!("sysadmin");
    let mut people = own.clone();
    people["people"]["anna"]["name"] = json!("Somebody else");
    for (wanted, words) in [(&mixed, "rota `cables` would change"), (&people, "person `anna` would change")] {
        for dry_run in ["false", "true"] {
            let address = format!("/configuration?dry_run={dry_run}");
            is_foreign(&visit.api("POST", &address, Some(&secret), wanted).await, words);
        }
    }
    let now = visit.api("GET", "/configuration", Some(&secret), &Value::Null).await.json();
    assert_eq!(now, own, "nothing was applied");
    let applied = visit.api("POST", "/configuration", Some(&visit.owner_token()), &mixed).await;
    assert_eq!(applied.status, StatusCode::OK, "{}", applied.text);
}
