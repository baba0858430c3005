//! What this API offers, as an OpenAPI 3.1 document.

use axum::Json;
use serde_json::{Value, json};

/// Path, method, what it does, whether it takes a JSON body.
const OPERATIONS: [(&str, &str, &str, bool); 23] = [
    ("/alerts", "get", "Every open alert, oldest first.", false),
    (
        "/alerts/{id}",
        "get",
        "One alert with its timeline, by id or code; `at` and `zone` may be given.",
        false,
    ),
    ("/alerts/{id}/acknowledge", "post", "Takes the alert.", false),
    ("/alerts/{id}/resolve", "post", "Says that the alert is over.", false),
    ("/alerts/{id}/escalate", "post", "Enters the policy's next step now.", false),
    ("/alerts/{id}/hold", "post", "Pages nobody for `for_seconds`, a day at most.", true),
    ("/alerts/{id}/notes", "post", "Writes `text` into the timeline.", true),
    ("/replay", "get", "The alerts that were open at `at`.", false),
    ("/test-pages", "post", "Pages `person`, by `contact` only if given; labelled as a test.", true),
    ("/configuration", "get", "The configuration as a blueprint.", false),
    (
        "/configuration",
        "post",
        "Makes the house what the blueprint says; `dry_run=true` only says what would change.",
        true,
    ),
    (
        "/who",
        "get",
        "Who would be paged, in order, and why; `of` a service, rota or team, and `at` may be given.",
        false,
    ),
    (
        "/rotas/{rota}/shifts",
        "get",
        "Who is on call when; `from` and `to` may be given, and `format=ics` for a calendar.",
        false,
    ),
    (
        "/gaps",
        "get",
        "When a step will reach nobody within 60 days, and handovers that a change of clocks moves or repeats.",
        false,
    ),
    ("/overrides", "get", "Present and coming overrides; `rota` and `all=true` may be given.", false),
    (
        "/overrides",
        "post",
        "Lets somebody stand in: `legs` of `from`, `to` and `rota` with `for` and `by`, `for` and `nobody`, or `also`, or of `team`; `asks` whoever must agree first; `reason`.",
        true,
    ),
    ("/overrides/{id}/accept", "post", "Whoever was asked agrees.", false),
    ("/overrides/{id}/decline", "post", "Whoever was asked says no.", false),
    ("/overrides/{id}/remove", "post", "Takes it back from now on.", false),
    ("/calendars", "get", "Every open calendar.", false),
    (
        "/calendars",
        "post",
        "Gives `rota` or `person` a feed for calendar programs; its `address` is told only here, and the one before ends.",
        true,
    ),
    ("/calendars/{id}", "delete", "Closes it: its address leads nowhere any more.", false),
    ("/verify", "get", "Proves the log unbroken, or names the first bad record.", false),
];

/// `GET /api/v1/openapi.json`. Needs no token: it tells nothing about this house.
pub async fn show() -> Json<Value> {
    let mut paths = json!({});
    for (path, method, summary, takes_body) in OPERATIONS {
        let mut operation = json!({
            "summary": summary,
            "security": [{ "token": [] }],
            "responses": {
                "200": { "description": "Done.", "content": { "application/json": {} } },
                "4XX": { "$ref": "#/components/responses/Problem" },
                "503": { "$ref": "#/components/responses/Problem" },
            },
        });
        if let Some((_, rest)) = path.split_once('{') {
            let name = rest.split('}').next().unwrap_or_default();
            operation["parameters"] =
                json!([{ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }]);
        }
        if takes_body {
            operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": { "type": "object" } } } });
        }
        paths[path][method] = operation;
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": { "title": "Hot Potato", "version": env!("CARGO_PKG_VERSION") },
        "servers": [{ "url": "/api/v1" }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": {
                "Problem": {
                    "description": "Not done, and what to do about it.",
                    "content": { "application/json": { "schema": {
                        "type": "object",
                        "required": ["error"],
                        "properties": { "error": { "type": "string" }, "reason": { "type": "string" } },
                    } } },
                },
            },
        },
    }))
}
