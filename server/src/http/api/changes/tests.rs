//! What is told of a change, and to whom.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::field::{self, DIFFERENCES_MAX, Difference};
use crate::http::visit::Visit;

async fn changes(visit: &Visit, secret: &str, query: &str) -> Value {
    let answer = visit.api("GET", &format!("/changes{query}"), Some(secret), &Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// Kind, name and what was done, newest first.
fn told(changes: &Value) -> Vec<[&str; 3]> {
    let all = changes["changes"].as_array().expect("a list").iter();
    all.map(|change| ["kind", "name", "did"].map(|field| change[field].as_str().unwrap_or_default()))
        .collect()
}

async fn apply(visit: &Visit, change: impl FnOnce(&mut Value)) {
    let owner = visit.owner_token();
    let mut wanted = visit.api("GET", "/configuration", Some(&owner), &Value::Null).await.json();
    change(&mut wanted);
    let applied = visit.api("POST", "/configuration", Some(&owner), &wanted).await;
    assert_eq!(applied.status, StatusCode::OK, "{}", applied.text);
}

#[tokio::test]
async fn a_change_says_which_fields_differ_and_never_an_address_or_a_key() {
    let visit = Visit::start().await;
    let owner = visit.owner_token();
    let first = changes(&visit, &owner, "?limit=1000").await;
    assert!(told(&first).contains(&["rota", "primary", "added"]), "{first:#}");
    assert!(told(&first).contains(&["person", "anna", "added"]), "{first:#}");
    apply(&visit, |wanted| {
        wanted["rotas"]["primary"]["layers"][0]["members"] =
            json!([{ "people": ["callum"] }, { "people": ["anna", "bernd"] }]);
        wanted["policies"]["default"]["steps"][1]["page"] =
            json!([{ "rota": { "rota": "primary", "offset": 1 } }]);
        wanted["teams"]["sysadmin"]["members"] = json!(["anna"]);
        wanted["teams"]["sysadmin"]["handovers"] = json!("silent");
        wanted["people"]["anna"]["contacts"]["push"]["address"] = json!("uAnotherKeyOfThirtyCharacters1");
        wanted["routes"] = json!([{ "when": {}, "service": "mail" }]);
        wanted["sources"]["monitor"]["key_sha256"] = json!("5e".repeat(32));
    })
    .await;
    let now = changes(&visit, &owner, "?limit=6").await;
    assert_eq!(now["more"], true);
    for (kind, name, differences) in [
        (
            "rota",
            "primary",
            json!([{ "field": "layers[1].members", "was": "anna", "now": "callum, anna + bernd" }]),
        ),
        (
            "policy",
            "default",
            json!([{ "field": "steps[2].page", "was": "callum", "now": "rota primary offset 1" }]),
        ),
        (
            "team",
            "sysadmin",
            json!([
                { "field": "members", "was": "anna, callum", "now": "anna" },
                { "field": "handovers", "was": "announced", "now": "silent" },
            ]),
        ),
        ("person", "anna", json!([{ "field": "contacts.push.address", "was": null, "now": null }])),
        ("source", "monitor", json!([{ "field": "key", "was": null, "now": null }])),
        (
            "routes",
            "routes",
            json!([
                { "field": "[1]", "was": "service=mail: mail", "now": "mail" },
                { "field": "[2]", "was": "shop", "now": null },
            ]),
        ),
    ] {
        let all = now["changes"].as_array().expect("a list");
        let change = all.iter().find(|change| change["kind"] == kind).unwrap_or_else(|| panic!("{now:#}"));
        let expected = (&json!(name), &json!("changed"), &differences, &json!("owner"));
        let found = (&change["name"], &change["did"], &change["differences"], &change["by"]);
        assert_eq!(found, expected);
    }
    let everything = changes(&visit, &owner, "?limit=1000").await.to_string();
    for secret in ["uQiRzpo4", "uAnotherKey", "5e5e5e", "key-that-is-long"] {
        assert!(!everything.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn overrides_work_calendars_and_tokens_are_told_with_their_reason_and_tokens_to_owners_alone() {
    let visit = Visit::start().await;
    let owner = visit.owner_token();
    let to = (visit.app().house.now() + events::Span::from_seconds(86_400)).to_string();
    let leg = json!({ "rota": "primary", "for": "anna", "by": "callum", "to": to });
    let wanted = json!({ "legs": [leg], "asks": "callum", "reason": "a wedding" });
    let made = visit.api("POST", "/overrides", Some(&owner), &wanted).await.json();
    let id = made["id"].as_str().expect("a name");
    let (token, secret) =
        visit.issue(json!({ "role": "respond", "label": "phone", "person": "callum" })).await;
    let (_, wall) = visit.issue(json!({ "role": "read", "label": "wall" })).await;
    visit.api("POST", &format!("/overrides/{id}/accept"), Some(&secret), &Value::Null).await;
    let work = json!({ "worker": "bernd", "what": "new disks", "services": ["mail"], "to": to });
    let work = visit.api("POST", "/work", Some(&owner), &work).await.json();
    let work = work["id"].as_str().expect("a name").to_owned();
    visit.api("POST", &format!("/work/{work}/extend"), Some(&owner), &json!({ "by_seconds": 60 })).await;
    visit.api("POST", &format!("/work/{work}/cancel"), Some(&owner), &Value::Null).await;
    let feed = visit.api("POST", "/calendars", Some(&owner), &json!({ "rota": "cables" })).await.json();
    let feed = feed["id"].as_str().expect("a name").to_owned();
    visit.api("DELETE", &format!("/calendars/{feed}"), Some(&owner), &Value::Null).await;
    visit.api("DELETE", &format!("/tokens/{token}"), Some(&owner), &Value::Null).await;

    let of_wall = changes(&visit, &owner, "?of=wall").await;
    let (phone, display) = (format!("phone ({token})"), told(&of_wall)[0][1]);
    let all = changes(&visit, &owner, "?limit=10").await;
    let expected = [
        ["token", &phone, "revoked"],
        ["calendar", "cables", "closed"],
        ["calendar", "cables", "opened"],
        ["work", &work, "cancelled"],
        ["work", &work, "moved"],
        ["work", &work, "planned"],
        ["override", id, "accepted"],
        ["token", display, "issued"],
        ["token", &phone, "issued"],
        ["override", id, "made"],
    ];
    assert_eq!(told(&all), expected);
    let accepted = &all["changes"][6];
    assert_eq!((&accepted["by"], &accepted["reason"]), (&json!("Callum Reid"), &json!("a wedding")));
    assert_eq!(accepted["details"]["legs"][0]["by"], "callum");
    assert_eq!(
        (&all["changes"][5]["reason"], &all["changes"][0]["details"]["role"]),
        (&json!("new disks"), &json!("respond"))
    );
    assert!(!all.to_string().contains("sha256") && !all.to_string().contains(&secret));

    let seen = changes(&visit, &wall, "?limit=1000").await;
    assert!(told(&seen).iter().all(|[kind, ..]| *kind != "token"), "{seen:#}");
    assert_eq!(
        told(&seen)[..6],
        [expected[1], expected[2], expected[3], expected[4], expected[5], expected[6]]
    );
    let about = changes(&visit, &owner, &format!("?of={}", id.to_lowercase())).await;
    assert_eq!(told(&about), [expected[6], expected[9]]);
    let about = changes(&visit, &owner, "?of=primary").await;
    assert_eq!(told(&about), [expected[6], expected[9], ["rota", "primary", "added"]]);
}

#[tokio::test]
async fn a_span_and_a_limit_are_kept_to_and_what_makes_no_sense_is_refused() {
    let visit = Visit::start().await;
    let owner = visit.owner_token();
    let none = changes(&visit, &owner, "?to=2001-01-01T00:00:00Z").await;
    assert_eq!(none, json!({ "changes": [], "more": false, "unreadable": 0 }));
    let all = changes(&visit, &owner, "?limit=1000").await;
    let first = all["changes"].as_array().expect("a list").last().expect("a change");
    let from = first["at"].as_str().expect("a moment");
    assert_eq!(changes(&visit, &owner, &format!("?limit=1000&from={from}")).await, all);
    for (query, status, words) in [
        ("?limit=0", StatusCode::UNPROCESSABLE_ENTITY, "1 to 1000"),
        ("?limit=1001", StatusCode::UNPROCESSABLE_ENTITY, "1 to 1000"),
        ("?from=yesterday", StatusCode::UNPROCESSABLE_ENTITY, "2026-11-22"),
        ("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", StatusCode::UNPROCESSABLE_ENTITY, "not after"),
        ("?of=nothing", StatusCode::NOT_FOUND, "nothing called"),
    ] {
        let refused = visit.api("GET", &format!("/changes{query}"), Some(&owner), &Value::Null).await;
        assert_eq!(refused.status, status, "{query}: {}", refused.text);
        assert!(refused.text.contains(words), "{query}: {}", refused.text);
    }
}

#[tokio::test]
async fn whoever_has_left_is_named_as_they_were_known_then() {
    let visit = Visit::start().await;
    let owner = visit.owner_token();
    let then = visit.app().house.now().to_string();
    visit.lose_bernd().await;
    let people = async |at: &str| {
        let asked = format!("/who?of=shop&at={at}");
        let who = visit.api("GET", &asked, Some(&owner), &Value::Null).await.json();
        (who["known_at"].clone(), who["steps"][0]["people"].to_string())
    };
    let (known_at, named) = people(&then).await;
    assert_eq!(known_at, then);
    assert!(named.contains("Bernd Vogel"), "{named}");
    let (known_at, named) = people("2099-01-01T00:00:00Z").await;
    assert!(known_at != "2099-01-01T00:00:00Z" && !named.contains("Bernd"), "{known_at} {named}");
    // Before there was any configuration, the first one counts as if it had always been so.
    let (known_at, named) = people("2001-01-01T00:00:00Z").await;
    assert!(known_at != "2001-01-01T00:00:00Z" && named.contains("Anna"), "{known_at} {named}");
    for nothing in ["/overrides?all=true&at=2001-01-01T00:00:00Z", "/work?all=true&at=2001-01-01T00:00:00Z"] {
        let answer = visit.api("GET", nothing, Some(&owner), &Value::Null).await;
        assert_eq!(answer.json(), json!([]), "{nothing}");
    }
    let shifts = "/rotas/primary/shifts?known_at=2001-01-01T00:00:00Z";
    let unknown = visit.api("GET", shifts, Some(&owner), &Value::Null).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.text);
    assert!(unknown.text.contains("was known at 2001-01-01"), "{}", unknown.text);
}

#[test]
fn differences_are_few_and_short() {
    let routes = |count: usize, service: &str| {
        let route = events::event::routes::Route {
            when: events::event::routes::When::default(),
            service: service.into(),
            severities: std::collections::BTreeMap::new(),
        };
        field::routes(&vec![route; count])
    };
    assert_eq!(field::differences(&routes(3, "shop"), &routes(3, "shop")), []);
    let many = field::differences(&routes(500, "shop"), &routes(500, &"x".repeat(5_000)));
    assert_eq!(many.len(), DIFFERENCES_MAX);
    assert!(many.iter().all(|one| one.now.as_ref().is_some_and(|now| now.ends_with('…') && now.len() < 300)));
    let gone = Difference { field: "[2]".to_owned(), was: Some("shop".to_owned()), now: None };
    assert_eq!(field::differences(&routes(2, "shop"), &routes(1, "shop")), [gone]);
}
