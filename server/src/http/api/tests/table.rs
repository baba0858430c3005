//! The table of routes and actions, as it is served and as it is written down.

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use domain::access::{Action, Grant, Rights};
use events::event::token::Role;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::http::api::ROUTES;
use crate::http::api::right::{Caller, admit};
use crate::http::visit::Visit;

/// An address that a path of the table stands for, about something that is not there.
fn address(path: &str) -> String {
    let filled = path.split('/').map(|part| if part.starts_with('{') { "nothing" } else { part });
    filled.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_documented_address_stands_in_the_table_and_is_refused_without_a_token() {
    let visit = Visit::start().await;
    let openapi = visit.api("GET", "/openapi.json", None, &Value::Null).await.json();
    let mut documented = 0;
    for (path, operations) in openapi["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            documented += 1;
            let route = ROUTES.iter().find(|route| (route.path, route.method) == (path, method));
            let route = route.unwrap_or_else(|| panic!("{method} {path} stands in the table"));
            assert_eq!(operation["x-action"], route.action.as_str());
            let (method, address) = (method.to_uppercase(), address(path));
            for (token, reason) in [(None, "no_token"), (Some("hotpotato_guess"), "unknown")] {
                let refused = visit.api(&method, &address, token, &json!({})).await;
                assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{method} {address}");
                assert_eq!(refused.json()["reason"], reason, "{method} {address}");
                assert!(!refused.text.contains("guess"), "{}", refused.text);
            }
        }
    }
    assert_eq!(documented, ROUTES.len(), "what is served is documented");
}

#[tokio::test]
async fn every_route_is_refused_to_exactly_the_roles_that_the_table_says() {
    let visit = Visit::start().await;
    for role in [Role::Read, Role::Respond, Role::Team("sysadmin".into()), Role::Owner] {
        let (_, secret) = visit.issue(json!({ "role": role.to_string(), "label": "a role" })).await;
        let rights = Rights { role, person: None };
        for route in ROUTES {
            let (method, address) = (route.method.to_uppercase(), address(route.path));
            let answer = visit.api(&method, &address, Some(&secret), &Value::Null).await;
            let problem = serde_json::from_str::<Value>(&answer.text).unwrap_or_default();
            let is_denied = answer.status == StatusCode::FORBIDDEN
                && ["role", "nobody"].iter().any(|reason| problem["reason"] == *reason);
            assert_eq!(
                is_denied,
                rights.may(route.action).is_err(),
                "{rights:?} {method} {address}: {answer:?}"
            );
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{rights:?} {method} {address}");
        }
    }
}

#[tokio::test]
async fn a_handler_that_cannot_tell_things_apart_is_reached_only_by_who_may_do_it_to_all_of_them() {
    async fn answer(_caller: Caller) -> &'static str {
        "done"
    }
    let visit = Visit::start().await;
    let app = visit.app().clone();
    let admit = from_fn_with_state((app.clone(), Action::OverrideMake), admit);
    let router = Router::new()
        .route("/checked", get(answer).route_layer(admit))
        .route("/unchecked", get(answer))
        .with_state(app);
    let (_, team) = visit.issue(json!({ "role": "team:sysadmin", "label": "planning" })).await;
    let owner = visit.owner_token();
    for (address, secret, expected) in [
        ("/checked", &owner, StatusCode::OK),
        ("/checked", &team, StatusCode::FORBIDDEN),
        ("/unchecked", &owner, StatusCode::FORBIDDEN),
    ] {
        let request = Request::get(address).header("authorization", format!("Bearer {secret}"));
        let request = request.body(Body::empty()).expect("a request");
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), expected, "{address}");
    }
}

/// The table as `docs/access.md` holds it.
fn written() -> String {
    let mut lines = vec![
        "| action | asked by | read | respond | team | owner |".to_owned(),
        "| --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for action in Action::ALL {
        let routes = ROUTES.iter().filter(|route| route.action == *action);
        let routes = routes.map(|route| format!("`{} {}`", route.method.to_uppercase(), route.path));
        let routes = routes.collect::<Vec<_>>().join(", ");
        let grants = action.grants().by_role().map(|(_, grant)| match grant {
            Grant::No => "–",
            Grant::OwnTeam => "its own team's",
            Grant::OwnPerson => "its own person's",
            Grant::Yes => "yes",
        });
        let routes = if routes.is_empty() { "no route yet" } else { &routes };
        lines.push(format!("| `{action}` | {routes} | {} |", grants.join(" | ")));
    }
    lines.join("\n")
}

#[test]
fn the_written_table_is_the_one_that_is_asked() {
    const BEGIN: &str = "<!-- begin of the table -->\n";
    const END: &str = "\n<!-- end of the table -->";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/access.md");
    let page = std::fs::read_to_string(&path).expect("a page");
    let (before, rest) = page.split_once(BEGIN).expect("a beginning");
    let (found, after) = rest.split_once(END).expect("an end");
    if std::env::var("HOTPOTATO_GOLDEN").is_ok_and(|how| how == "write") {
        let page = format!("{before}{BEGIN}{}{END}{after}", written());
        std::fs::write(&path, page).expect("a page");
    } else {
        assert_eq!(found, written(), "run this test with HOTPOTATO_GOLDEN=write");
    }
}
