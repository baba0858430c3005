//! What this API offers, as an OpenAPI 3.1 document.

use axum::Json;
use domain::access::Action;
use serde_json::{Value, json};

/// Path, method, what it does, whether it takes a JSON body.
pub(super) const OPERATIONS: [(&str, &str, &str, bool); 45] = [
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
    (
        "/alerts/{id}/hand-over",
        "post",
        "Lets the alert escalate by another `policy`, or pages everybody in a `team`.",
        true,
    ),
    ("/alerts/{id}/unhold", "post", "Ends the hold: paging begins again now.", true),
    ("/alerts/{id}/notes", "post", "Writes `text` into the timeline.", true),
    (
        "/ledger",
        "get",
        "What was accepted since the log began, what became of it (`whereabouts`), and what is unaccounted for (`difference`); `in` one of the whereabouts lists the open alerts that are counted so.",
        false,
    ),
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
        "/changes",
        "get",
        "Who changed the configuration, what, when and why, newest first; `of` a name, `from`, `to` and `limit` may be given.",
        false,
    ),
    (
        "/routes/test",
        "post",
        "Where what a `source` says would go now or `at`, and why: a `body` as it sends it, or `summary`, `description`, `severity` and `labels`. Pages nobody.",
        true,
    ),
    (
        "/who",
        "get",
        "Who would be paged, in order, and why; `of` a service, rota or team, and `at` may be given: in the past, as it was known then (`known_at`).",
        false,
    ),
    (
        "/rotas/{rota}/shifts",
        "get",
        "Who is on call when; `from`, `to` and `known_at` may be given, and `format=ics` for a calendar.",
        false,
    ),
    (
        "/channels",
        "get",
        "The configured channels: whether their providers would take a page (`sound`), when their certificates end, and whether they are passed over since they failed several times in a row (`breaker`).",
        false,
    ),
    (
        "/heartbeats",
        "get",
        "The sources of kind heartbeat: the last beat, when it is due, and whether it is `alive`, `silent` or `waiting` for its first.",
        false,
    ),
    (
        "/gaps",
        "get",
        "When a step will reach nobody within 60 days; handovers that a change of clocks moves or repeats; in `moved`, those that newer time-zone data moved from `was` to `at` (`moved_more`: and others).",
        false,
    ),
    (
        "/overrides",
        "get",
        "Present and coming overrides; `rota`, `all=true` and `at` may be given: as they were known then.",
        false,
    ),
    (
        "/overrides",
        "post",
        "Lets somebody stand in: `legs` of `from`, `to` and `rota` with `for` and `by`, `for` and `nobody`, or `also`, or of `team`; `asks` whoever must agree first; `reason`.",
        true,
    ),
    ("/overrides/{id}/accept", "post", "Whoever was asked agrees.", false),
    ("/overrides/{id}/decline", "post", "Whoever was asked says no.", false),
    ("/overrides/{id}/remove", "post", "Takes it back from now on.", false),
    (
        "/work",
        "get",
        "Planned work that lasts or is to come; `all=true` and `at` may be given: as it was known then.",
        false,
    ),
    (
        "/work",
        "post",
        "Plans work: `worker`, `what`, `kind` (`route` or `hold`), `services`, `sources`, `labels` such as `host=web-*`, `from`, `to` or `for_seconds`, `wait_seconds`, `rule` (RFC 5545) by the wall clock in `zone`.",
        true,
    ),
    (
        "/work/preview",
        "post",
        "The alerts of the last `days` that work with these `services`, `sources` and `labels` would have taken, and who had acted on them.",
        true,
    ),
    ("/work/{id}", "get", "Planned work, and the alerts that it has taken.", false),
    ("/work/{id}/extend", "post", "Lets the present span end at `to`, or `by_seconds` later.", true),
    ("/work/{id}/end", "post", "Ends the present span: what still fires goes to on call at once.", false),
    ("/work/{id}/cancel", "post", "Ends it, and takes back what is still to come.", false),
    (
        "/contacts",
        "get",
        "Contact methods: verified, last proved, broken since when and why; `person` and `broken=true` may be given.",
        false,
    ),
    (
        "/contacts/{person}/{contact}/verify",
        "post",
        "Sends a code of six digits over a contact method; it counts for ten minutes.",
        false,
    ),
    (
        "/contacts/{person}/{contact}/confirm",
        "post",
        "Here is the `code` that came: the contact method is proved.",
        true,
    ),
    (
        "/coverage",
        "get",
        "Within 14 days, each span in which a step depends on `people` of whom nobody has two recently proved contact methods over different providers.",
        false,
    ),
    (
        "/tokens",
        "get",
        "Tokens that let somebody in, oldest first; `all=true` for the others as well.",
        false,
    ),
    (
        "/tokens",
        "post",
        "Issues a token with a `role` (read, respond, team:NAME, owner) and a `label`; `person`, and `expires_at` or `expires_in_seconds` may be given. The answer holds its `secret`, this once.",
        true,
    ),
    ("/tokens/{id}", "delete", "Revokes a token, from now on.", false),
    ("/me", "get", "Who the token of this request lets in: role, person, expiry.", false),
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
            // What the caller's role must allow: docs/access.md.
            "x-action": super::action(method, path).map(Action::as_str),
            "security": [{ "token": [] }],
            "responses": {
                "200": { "description": "Done.", "content": { "application/json": {} } },
                "4XX": { "$ref": "#/components/responses/Problem" },
                "503": { "$ref": "#/components/responses/Problem" },
            },
        });
        let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let parameters: Vec<Value> = names
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
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
