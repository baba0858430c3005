//! Other products' interfaces: what posted there posts here when its address is changed.

use reqwest::Method;
use serde_json::{Value, json};
use tests::alertmanager::Alertmanager;
use tests::fixture;
use tests::house::House;
use tests::household::{
    ALERTMANAGER_KEY, ANNA, GENERIC_KEY, GOALERT_KEY, Household, ONCALL_KEY, OPSGENIE_KEY, PAGERDUTY_KEY,
    Person,
};
use tests::python::Client;
use tests::wait;
use tests::web::Answer;

use super::ingest::hostile_bodies;

/// Nobody is paged before the story is over.
fn nobody_yet() -> Household {
    Household::default().with_doors().ladder(ANNA, &["{ contact: push, after: 1h }"])
}

async fn open(house: &House) -> Vec<(String, String)> {
    let alerts = house.alerts().await;
    alerts.into_iter().map(|alert| (alert.summary, alert.state)).collect()
}

fn is_open(summary: &str, state: &str) -> Vec<(String, String)> {
    vec![(summary.to_owned(), state.to_owned())]
}

// PagerDuty.

async fn enqueue(house: &House, body: &Value) -> Answer {
    house.post("/integrations/pagerduty/v2/enqueue", body.to_string().into()).await
}

fn event(action: &str, key: &str) -> Value {
    json!({
        "routing_key": PAGERDUTY_KEY, "event_action": action, "dedup_key": key,
        "payload": { "summary": "disk full", "source": "db1", "severity": "critical", "timestamp": "2015-07-17T08:42:58.315+0000" },
    })
}

#[tokio::test]
async fn pagerduty_events_raise_acknowledge_and_resolve() {
    let house = House::with(nobody_yet()).await;
    let processed = json!({ "status": "success", "message": "Event processed", "dedup_key": "k" });
    for action in ["acknowledge", "resolve"] {
        let answer = enqueue(&house, &event(action, "k")).await;
        assert_eq!((answer.status, answer.json()), (202, processed.clone()), "{action} of nothing");
    }
    assert_eq!(open(&house).await, []);

    let answer = enqueue(&house, &event("trigger", "k")).await;
    assert_eq!((answer.status, answer.json()), (202, processed.clone()));
    let first = house.listed("disk full").await;
    assert_eq!(first.severity, "critical");
    assert_eq!(enqueue(&house, &event("acknowledge", "k")).await.status, 202);
    assert_eq!(open(&house).await, is_open("disk full", "acknowledged"));
    assert_eq!(enqueue(&house, &event("trigger", "k")).await.status, 202);
    assert_eq!(open(&house).await, is_open("disk full", "acknowledged"), "it stays quiet");
    assert_eq!(enqueue(&house, &event("resolve", "k")).await.status, 202);
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;

    // The sender writes the same moment every time, and is heard again.
    for path in ["/v2/enqueue", "/v2/enqueue/", "/integrations/pagerduty/v2/enqueue/"] {
        let answer = house.post(path, event("trigger", "k").to_string().into()).await;
        assert_eq!((answer.status, answer.json()), (202, processed.clone()), "{path}");
    }
    assert_ne!(house.listed("disk full").await.id, first.id);
    assert_eq!(house.alerts().await.len(), 1);
    house.finish().await;
}

#[tokio::test]
async fn pagerduty_events_that_are_wrong_are_refused_in_its_words() {
    let house = House::with(nobody_yet()).await;
    let mut without_summary = event("trigger", "k");
    without_summary["payload"]["summary"] = Value::Null;
    let mut stranger = event("trigger", "k");
    stranger["routing_key"] = "0123456789abcdef0123456789abcdef".into();
    let mut generic = event("trigger", "k");
    generic["routing_key"] = GENERIC_KEY.into();
    for (body, words) in [
        (without_summary, "`payload.summary` is missing"),
        (event("page", "k"), "`event_action` is something else"),
        (stranger, "no source has this key"),
        (generic, "another kind"),
        (json!("trigger"), "the body is text"),
    ] {
        let answer = enqueue(&house, &body).await;
        let said = answer.json();
        assert_eq!((answer.status, &said["status"]), (400, &json!("invalid event")), "{body}: {said}");
        assert_eq!(said["message"], "Event object is invalid");
        assert!(said["errors"][0].as_str().is_some_and(|error| error.contains(words)), "{said}");
    }
    assert_eq!(open(&house).await, []);
    house.finish().await;
}

#[tokio::test]
async fn every_event_that_alertmanager_sent_to_pagerduty_is_taken() {
    let house = House::with(nobody_yet()).await;
    for name in fixture::names("am-pagerduty-") {
        let mut body = fixture::body(&name);
        body["routing_key"] = PAGERDUTY_KEY.into();
        let answer = enqueue(&house, &body).await;
        assert_eq!((answer.status, &answer.json()["dedup_key"]), (202, &body["dedup_key"]), "{name}");
    }
    assert_eq!(house.alerts().await.len(), 2);
    house.finish().await;
}

#[tokio::test]
async fn a_change_pages_nobody_and_is_shown_with_the_alerts_after_it() {
    let mut house = House::with(nobody_yet()).await;
    let change = json!({
        "routing_key": PAGERDUTY_KEY,
        "payload": { "summary": "deployed shop 1.2", "source": "ci" },
        "links": [{ "href": "https://ci.example/7", "text": "Build 7" }],
    });
    for path in ["/integrations/pagerduty/v2/change/enqueue", "/v2/change/enqueue"] {
        let answer = house.post(path, change.to_string().into()).await;
        let expected = json!({ "status": "success", "message": "Change event processed" });
        assert_eq!((answer.status, answer.json()), (202, expected), "{path}");
    }
    let wrong = json!({ "routing_key": PAGERDUTY_KEY, "payload": {} });
    assert_eq!(house.post("/v2/change/enqueue", wrong.to_string().into()).await.status, 400);
    assert_eq!(open(&house).await, []);

    enqueue(&house, &event("trigger", "k")).await.ok();
    let alert = house.listed("disk full").await;
    house.kill9();
    house.start().await;
    let shown = house.api(Method::GET, &format!("/alerts/{}", alert.id), None).await.ok().json();
    let changes = shown["changes"].as_array().expect("a list");
    assert_eq!(changes.len(), 2, "{shown}");
    assert_eq!(changes[0]["summary"], "deployed shop 1.2");
    assert_eq!(changes[0]["source"], "deploys");
    assert_eq!(changes[0]["details"]["link 1"], "https://ci.example/7 (Build 7)");
    let told = house.cli(&["alert", "show", &alert.code]).await;
    assert!(told.done().contains("deployed shop 1.2 (deploys)"), "{told:?}");
    house.finish().await;
}

// Opsgenie.

/// Asks the Alert API; checks the shape that every answer has.
async fn genie(house: &House, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let request = house.http(method, &format!("/integrations/opsgenie/v2{path}"));
    let request = request.header("authorization", format!("GenieKey {OPSGENIE_KEY}"));
    let request = if let Some(body) = body { request.json(&body) } else { request };
    let response = request.send().await.expect("the house answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body: Value = serde_json::from_str(&response.text().await.expect("a body")).expect("JSON");
    assert!(body["took"].is_number(), "{body}");
    assert_eq!(headers["x-request-id"].to_str().ok(), body["requestId"].as_str(), "{body}");
    for name in ["x-response-time", "x-ratelimit-state", "x-ratelimit-period-in-sec"] {
        assert!(headers.contains_key(name), "{name} in {headers:?}");
    }
    (status, body)
}

/// Does something, and gives what the status of the request says.
async fn does(house: &House, method: Method, path: &str, body: Value) -> Value {
    let (status, accepted) = genie(house, method, path, Some(body)).await;
    assert_eq!(
        (status, &accepted["result"]),
        (202, &json!("Request will be processed")),
        "{path}: {accepted}"
    );
    let request = accepted["requestId"].as_str().expect("a number");
    let (status, answer) = genie(house, Method::GET, &format!("/alerts/requests/{request}"), None).await;
    assert_eq!(status, 200, "{answer}");
    answer["data"].clone()
}

fn burning() -> Value {
    json!({
        "message": "it burns", "alias": "fire/1", "description": "in the kitchen", "priority": "P1",
        "tags": ["fire", "kitchen"], "details": { "team": "db" }, "entity": "oven", "note": "bring water",
    })
}

#[tokio::test]
async fn an_alert_of_opsgenie_is_created_shown_and_closed() {
    let mut house = House::with(nobody_yet()).await;
    let created = does(&house, Method::POST, "/alerts", burning()).await;
    let id = created["alertId"].as_str().expect("an id").to_owned();
    for (name, expected) in [
        ("success", json!(true)),
        ("isSuccess", json!(true)),
        ("action", json!("Create")),
        ("status", json!("Created alert")),
        ("integrationId", json!("genie")),
        ("alias", json!("fire/1")),
    ] {
        assert_eq!(created[name], expected, "{created}");
    }
    let alert = house.listed("it burns").await;
    assert_eq!((alert.id.as_str(), alert.severity.as_str()), (id.as_str(), "critical"));

    let code = alert.code.clone();
    for address in
        [id.clone(), "fire%2F1?identifierType=alias".to_owned(), format!("{code}?identifierType=tiny")]
    {
        let (status, shown) = genie(&house, Method::GET, &format!("/alerts/{address}"), None).await;
        assert_eq!(status, 200, "{address}: {shown}");
        for (name, expected) in [
            ("id", json!(id)),
            ("tinyId", json!(code)),
            ("alias", json!("fire/1")),
            ("message", json!("it burns")),
            ("status", json!("open")),
            ("acknowledged", json!(false)),
            ("tags", json!(["fire", "kitchen"])),
            ("priority", json!("P1")),
            ("entity", json!("oven")),
            ("description", json!("in the kitchen")),
            ("details", json!({ "team": "db" })),
            ("count", json!(1)),
        ] {
            assert_eq!(shown["data"][name], expected, "{address} {name}: {shown}");
        }
    }
    let (_, listed) = genie(&house, Method::GET, "/alerts?query=status%3A%20open&limit=1", None).await;
    assert_eq!(listed["data"][0]["id"], json!(id), "{listed}");
    let (_, counted) = genie(&house, Method::GET, "/alerts/count", None).await;
    assert_eq!(counted["data"], json!({ "count": 1 }));

    // The same again is the same alert.
    assert_eq!(does(&house, Method::POST, "/alerts", burning()).await["alertId"], json!(id));
    for message in ["it burns", "it smokes", "it smokes"] {
        let path = "/alerts/fire%2F1/message?identifierType=alias";
        assert_eq!(
            does(&house, Method::PUT, path, json!({ "message": message })).await["alertId"],
            json!(id)
        );
    }
    let (_, notes) = genie(&house, Method::GET, &format!("/alerts/{id}/notes"), None).await;
    let notes: Vec<&Value> =
        notes["data"].as_array().expect("a list").iter().map(|note| &note["note"]).collect();
    assert_eq!(notes, [&json!("bring water"), &json!("message: it smokes")], "nothing is noted twice");

    let closed = does(
        &house,
        Method::POST,
        "/alerts/fire%2F1/close?identifierType=alias",
        json!({ "note": "it is out", "user": "anna" }),
    )
    .await;
    assert_eq!((&closed["status"], &closed["alertId"]), (&json!("Closed alert"), &json!(id)));
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    let again = does(&house, Method::POST, &format!("/alerts/{id}/close"), json!({})).await;
    assert_eq!((&again["success"], &again["status"]), (&json!(false), &json!("Alert is already closed")));
    let (_, shown) = genie(&house, Method::GET, &format!("/alerts/{id}"), None).await;
    assert_eq!(shown["data"]["status"], "closed");
    let (_, notes) = genie(&house, Method::GET, &format!("/alerts/{id}/notes"), None).await;
    let notes: Vec<&Value> =
        notes["data"].as_array().expect("a list").iter().map(|note| &note["note"]).collect();
    assert!(
        notes.contains(&&json!("bring water")) && notes.contains(&&json!("anna: it is out")),
        "{notes:?}"
    );

    // A restart forgets no request.
    let (_, accepted) = genie(&house, Method::POST, "/alerts", Some(burning())).await;
    let request = accepted["requestId"].as_str().expect("a number").to_owned();
    house.kill9();
    house.start().await;
    let (status, answer) = genie(&house, Method::GET, &format!("/alerts/requests/{request}"), None).await;
    assert_eq!((status, &answer["data"]["status"]), (200, &json!("Created alert")), "{answer}");
    assert_ne!(answer["data"]["alertId"], json!(id), "what burns again is another alert");
    house.finish().await;
}

#[tokio::test]
async fn what_is_done_to_an_alert_of_opsgenie_is_done_or_written_down() {
    let house = House::with(nobody_yet()).await;
    let id =
        does(&house, Method::POST, "/alerts", burning()).await["alertId"].as_str().expect("an id").to_owned();
    let at = |action: &str| format!("/alerts/{id}/{action}");
    let state = async || house.listed("it burns").await.state;

    let done =
        does(&house, Method::POST, &at("acknowledge"), json!({ "note": "mine", "user": "anna" })).await;
    assert_eq!((&done["action"], &done["success"]), (&json!("Acknowledge"), &json!(true)));
    assert_eq!(state().await, "acknowledged");
    does(&house, Method::POST, &at("unacknowledge"), json!({})).await;
    assert_eq!(state().await, "open");
    let raised_at_ms = house.listed("it burns").await.raised_at_ms;
    let later =
        chrono::DateTime::from_timestamp_millis(raised_at_ms + 7_200_000).expect("a moment").to_rfc3339();
    does(&house, Method::POST, &at("snooze"), json!({ "endTime": later })).await;
    assert_eq!(state().await, "held");
    for end in [json!(null), json!("2020-01-01T00:00:00Z"), json!("2199-01-01T00:00:00Z")] {
        let (status, refused) =
            genie(&house, Method::POST, &at("snooze"), Some(json!({ "endTime": end }))).await;
        assert_eq!((status, &refused["code"]), (422, &json!(422)), "{refused}");
        assert!(refused["errors"]["endTime"].is_string(), "{refused}");
    }
    does(&house, Method::POST, &at("escalate"), json!({ "escalation": { "name": "default" } })).await;
    assert_eq!(state().await, "open");

    for (method, action, body, words) in [
        (Method::POST, "notes", json!({ "note": "half out\r\n.\r\nmore" }), "half out\n.\nmore"),
        (Method::POST, "tags", json!({ "tags": ["a", "b"] }), "tags: +a, +b"),
        (Method::DELETE, "tags?tags=a", json!({}), "tags: -a"),
        (Method::POST, "details", json!({ "details": { "k": "v" }, "note": "why" }), "details: +k=v\nwhy"),
        (Method::DELETE, "details?keys=k", json!({}), "details: -k"),
        (Method::POST, "assign", json!({ "owner": { "username": "bernd" } }), "owner: bernd"),
        (Method::POST, "teams", json!({ "team": { "name": "db" } }), "team: db"),
        (
            Method::POST,
            "responders",
            json!({ "responder": { "type": "team", "name": "db" } }),
            "responder: db",
        ),
        (Method::PUT, "message", json!({ "message": "it smokes" }), "message: it smokes"),
        (Method::PUT, "description", json!({ "description": "less" }), "description: less"),
        (Method::PUT, "priority", json!({ "priority": "P4" }), "priority: P4"),
        (Method::POST, "actions/drain", json!({ "user": "anna" }), "anna: action: drain"),
    ] {
        let done = does(&house, method, &at(action), body).await;
        assert_eq!(done["success"], json!(true), "{action}: {done}");
        let (_, notes) = genie(&house, Method::GET, &at("notes?order=desc&limit=1"), None).await;
        assert_eq!(notes["data"][0]["note"], json!(words), "{action}");
    }
    assert_eq!(house.listed("it burns").await.severity, "warning");
    let (_, shown) = genie(&house, Method::GET, &format!("/alerts/{id}"), None).await;
    assert_eq!(shown["data"]["priority"], "P4", "{shown}");
    let (_, logs) = genie(&house, Method::GET, &at("logs"), None).await;
    assert!(logs["data"].as_array().is_some_and(|logs| logs.len() > 10), "{logs}");

    does(&house, Method::DELETE, &format!("/alerts/{id}"), json!({})).await;
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    house.finish().await;
}

#[tokio::test]
async fn what_opsgenie_would_refuse_is_refused_in_its_shape() {
    let house = House::with(nobody_yet()).await;
    let nothing = does(&house, Method::POST, "/alerts/nothing/close?identifierType=alias", json!({})).await;
    assert_eq!((&nothing["success"], &nothing["status"]), (&json!(false), &json!("Alert does not exist")));
    let nothing = does(&house, Method::POST, "/alerts/nothing/acknowledge", json!({})).await;
    assert_eq!(nothing["isSuccess"], json!(false));

    for (method, path, body, expected) in [
        (Method::POST, "/alerts", Some(json!({ "alias": "a" })), 422),
        (Method::GET, "/alerts/nothing", None, 404),
        (Method::GET, "/alerts/nothing?identifierType=name", None, 422),
        (Method::GET, "/alerts/requests/0100-0000000000000000-x", None, 404),
        (Method::GET, "/alerts?limit=x", None, 422),
        (Method::GET, "/alerts?query=whatever", None, 422),
        (Method::PUT, "/alerts", Some(json!({})), 405),
    ] {
        let (status, refused) = genie(&house, method, path, body).await;
        assert_eq!(status, expected, "{path}: {refused}");
        assert!(refused["message"].is_string() && refused["code"].is_number(), "{refused}");
    }
    // What another source raised is not its own to see or to close.
    house.fire("of scripts").await;
    let other = house.listed("of scripts").await.id;
    let (status, _) = genie(&house, Method::GET, &format!("/alerts/{other}"), None).await;
    assert_eq!(status, 404);
    let closed = does(&house, Method::POST, &format!("/alerts/{other}/close"), json!({})).await;
    assert_eq!(closed["success"], json!(false));
    assert_eq!(house.listed("of scripts").await.state, "open");

    for (header, query, expected) in [
        (format!("GenieKey {OPSGENIE_KEY}"), "", 200),
        (String::new(), &*format!("?apiKey={OPSGENIE_KEY}"), 200),
        (String::new(), "", 401),
        ("GenieKey wrong".to_owned(), "", 401),
        (format!("GenieKey {GENERIC_KEY}"), "", 403),
        (format!("Bearer {OPSGENIE_KEY}"), "", 401),
    ] {
        for prefix in ["/integrations/opsgenie/v2", "/v2"] {
            let request = house.http(Method::GET, &format!("{prefix}/alerts{query}"));
            let request = if header.is_empty() { request } else { request.header("authorization", &header) };
            let answer = Answer::to(request).await.expect("the house answers");
            assert_eq!(answer.status, expected, "{prefix} {header} {query}");
            assert!(!answer.body.contains(OPSGENIE_KEY), "{answer:?}");
        }
    }
    house.finish().await;
}

// GoAlert and Grafana OnCall.

#[tokio::test]
async fn goalerts_generic_api_takes_addresses_forms_and_objects() {
    let house = House::with(nobody_yet()).await;
    let incoming = |more: &str| format!("/api/v2/generic/incoming?token={GOALERT_KEY}{more}");
    let post =
        async |path: &str| Answer::to(house.http(Method::POST, path)).await.expect("the house answers");
    let answer = post(&incoming("&summary=from+the+address&dedup=a")).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    house.listed("from the address").await;

    let form = house.http(Method::POST, &format!("/integrations/goalert/{GOALERT_KEY}"));
    let form = form
        .header("content-type", "application/x-www-form-urlencoded")
        .body("summary=from+a+form%21&meta=team%3Ddb");
    assert_eq!(Answer::to(form).await.expect("the house answers").status, 204);
    house.listed("from a form!").await;
    let with_token = house.http(Method::POST, "/api/v2/generic/incoming");
    let with_token = with_token.header("content-type", "application/x-www-form-urlencoded");
    let with_token = with_token.body(format!("summary=from+a+form%21&token={GOALERT_KEY}"));
    assert_eq!(Answer::to(with_token).await.expect("the house answers").status, 204);

    let object = async |body: Value| {
        let path = format!("/integrations/goalert{}", incoming(""));
        let request = house.http(Method::POST, &path).header("accept", "application/json").json(&body);
        Answer::to(request).await.expect("the house answers").ok().json()
    };
    let first = object(json!({ "summary": "from an object", "dedup": "o" })).await;
    assert!(first["AlertID"].as_u64().is_some_and(|number| number > 0), "{first}");
    assert_eq!(first["IsNew"], json!(true), "{first}");
    assert_eq!(first["ServiceID"].as_str().map(str::len), Some(36), "{first}");
    let again = object(json!({ "summary": "from an object", "dedup": "o" })).await;
    assert_eq!((&again["AlertID"], &again["IsNew"]), (&first["AlertID"], &json!(false)));
    let over = object(json!({ "action": "close", "dedup": "o" })).await;
    assert_eq!((&over["AlertID"], &over["IsNew"]), (&first["AlertID"], &json!(false)));
    assert_eq!(
        object(json!({ "action": "close", "dedup": "o" })).await["AlertID"],
        json!(0),
        "nothing is left to close"
    );
    assert_eq!(post(&incoming("&action=close&dedup=a")).await.status, 204);
    wait::until("two to be over", async || (house.open().await.len() == 1).then_some(())).await;

    assert_eq!(post(&incoming("")).await.status, 400);
    assert_eq!(house.post(&incoming(""), b"{".to_vec()).await.status, 400);
    assert_eq!(post("/api/v2/generic/incoming?token=wrong&summary=s").await.status, 401);
    assert_eq!(post(&format!("/api/v2/generic/incoming?token={GENERIC_KEY}&summary=s")).await.status, 403);
    house.finish().await;
}

#[tokio::test]
async fn oncalls_formatted_webhook_is_taken() {
    let house = House::with(nobody_yet()).await;
    let body = |state: &str| json!({ "alert_uid": "u", "title": "the whole system is down", "state": state, "message": "m" });
    for prefix in [
        "/integrations/v1/formatted_webhook",
        "/integrations/oncall",
        "/integrations/oncall/integrations/v1/formatted_webhook",
    ] {
        for end in ["", "/"] {
            let path = format!("{prefix}/{ONCALL_KEY}{end}");
            let answer = house.post(&path, body("alerting").to_string().into()).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "Ok."), "{path}");
            house.listed("the whole system is down").await;
            house.post(&path, body("ok").to_string().into()).await.ok();
            wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
        }
    }
    assert_eq!(house.post(&format!("/integrations/oncall/{ONCALL_KEY}"), b"{}".to_vec()).await.status, 400);
    assert_eq!(house.post("/integrations/v1/formatted_webhook/wrong/", b"{}".to_vec()).await.status, 404);
    house.finish().await;
}

#[tokio::test]
async fn hostile_bodies_are_answered_in_each_ones_own_way_and_harm_nobody() {
    let house = House::with(nobody_yet()).await;
    let doors = [
        "/integrations/pagerduty/v2/enqueue".to_owned(),
        "/integrations/pagerduty/v2/change/enqueue".to_owned(),
        format!("/integrations/opsgenie/v2/alerts?apiKey={OPSGENIE_KEY}"),
        format!("/integrations/opsgenie/v2/alerts/odd/close?identifierType=alias&apiKey={OPSGENIE_KEY}"),
        format!("/integrations/goalert/{GOALERT_KEY}"),
        format!("/integrations/oncall/{ONCALL_KEY}"),
    ];
    for path in &doors {
        for (name, body) in hostile_bodies() {
            let answer = house.post(path, body).await;
            assert!(answer.status < 500, "{path}, {name}: {answer:?}");
            if path.contains("pagerduty") {
                assert_eq!(
                    (answer.status, &answer.json()["status"]),
                    (400, &json!("invalid event")),
                    "{path}, {name}"
                );
            } else if path.contains("opsgenie") {
                assert!(answer.json()["requestId"].is_string(), "{path}, {name}: {answer:?}");
            }
        }
    }
    let evil = "\r\nX: y\r\n\r\n.\u{0}\u{1b}[2J\u{202e}\"'<script>";
    for action in ["trigger", "acknowledge", "trigger", "resolve"] {
        let mut body = event(action, evil);
        body["payload"]["summary"] = json!(format!("evil {evil}"));
        body["client"] = json!(evil);
        let answer = enqueue(&house, &body).await;
        assert_eq!((answer.status, &answer.json()["dedup_key"]), (202, &json!(evil)), "{action}");
        let one = |alert: &tests::open_alert::OpenAlert| alert.summary.starts_with("evil");
        let listed: Vec<_> = house.open().await.into_iter().filter(one).collect();
        assert!(listed.iter().all(|alert| !alert.summary.contains(char::is_control)), "{listed:?}");
    }
    let path = "/alerts/%0D%0AX%3A%20y%00%22?identifierType=alias";
    let (status, refused) = genie(&house, Method::GET, path, None).await;
    assert_eq!(status, 404, "{refused}");
    assert_eq!(house.request(Method::GET, "/healthz").await.expect("an answer").status, 200);
    assert!(!house.logged().contains("panicked"), "something panicked");
    for key in [PAGERDUTY_KEY, OPSGENIE_KEY, GOALERT_KEY, ONCALL_KEY] {
        assert!(!house.logged().contains(key), "a key stands in the log file");
    }
    house.finish().await;
}

// Alertmanager.

#[tokio::test]
async fn what_alertmanager_left_out_is_shown_and_counted() {
    let house = House::with(nobody_yet()).await;
    let body = json!({
        "version": "4", "status": "firing", "truncatedAlerts": 7, "notification_reason": "first notification",
        "alerts": [{ "status": "firing", "labels": { "alertname": "DiskLow" }, "annotations": { "summary": "disk low" } }],
    });
    house.post_alertmanager(&body).await.ok();
    let alert = house.listed("disk low").await;
    let shown = house.api(Method::GET, &format!("/alerts/{}", alert.id), None).await.ok().json();
    assert_eq!(shown["details"]["lost_upstream"], "7", "{shown}");
    assert_eq!(shown["details"]["notification_reason"], "first notification");
    let lost = house.metrics().await["hotpotato_signals_lost_upstream_total"];
    assert!((lost - 7.0).abs() < 0.5, "{lost}");
    house.finish().await;
}

/// A real Alertmanager with this receiver fires, and resolves.
async fn alertmanager_pages_and_resolves(mut house: House, receiver: &str, summary: &str) {
    let alertmanager = Alertmanager::start_with(&house.path(""), house.address(), receiver, "1h").await;
    let labels = json!({ "alertname": "DiskLow", "instance": "db1", "severity": "critical" });
    let annotations = json!({ "summary": "disk /var at 5%" });
    alertmanager.post(&json!([{ "labels": labels, "annotations": annotations }])).await;
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains(summary), "{page:#?}");
    let alert = house.listed(summary).await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    alertmanager
        .post(&json!([{ "labels": labels, "annotations": annotations, "endsAt": "2020-01-01T00:00:00Z" }]))
        .await;
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    drop(alertmanager);
    house.finish().await;
}

#[tokio::test]
async fn a_real_alertmanager_pages_and_resolves_as_for_pagerduty() {
    let house = House::with(Household::default().with_doors()).await;
    let url = house.url("/integrations/pagerduty/v2/enqueue");
    let receiver = format!("pagerduty_configs:\n      - {{ routing_key: '{PAGERDUTY_KEY}', url: '{url}' }}");
    alertmanager_pages_and_resolves(house, &receiver, "[FIRING:1] DiskLow (db1 critical)").await;
}

#[tokio::test]
async fn a_real_alertmanager_pages_and_resolves_as_for_opsgenie() {
    let house = House::with(Household::default().with_doors()).await;
    let url = house.url("/integrations/opsgenie/");
    let receiver = format!(
        "opsgenie_configs:\n      - {{ api_key: '{OPSGENIE_KEY}', api_url: '{url}', message: '{{{{ .CommonAnnotations.summary }}}}', priority: P1 }}"
    );
    alertmanager_pages_and_resolves(house, &receiver, "disk /var at 5%").await;
}

/// Waits until so many signals changed nothing.
async fn deduplicated(house: &House, count: f64) {
    wait::until("what both say to be heard", async || {
        let metrics = house.metrics().await;
        (metrics["hotpotato_signals_deduplicated_total"] >= count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_pair_of_real_alertmanagers_pages_once() {
    let mut house = House::with(Household::default().with_doors()).await;
    let webhook = house.url(&format!("/integrations/alertmanager/{ALERTMANAGER_KEY}"));
    std::fs::create_dir(house.path("second")).expect("a folder can be made");
    let first = Alertmanager::start(&house.path(""), house.address(), &webhook).await;
    let second = Alertmanager::start(&house.path("second"), tests::address::take(), &webhook).await;
    let alert = |ends: Option<&str>| {
        let mut alert =
            json!({ "labels": { "alertname": "DiskLow" }, "annotations": { "summary": "disk low" } });
        if let Some(ends) = ends {
            alert["endsAt"] = json!(ends);
        }
        json!([alert])
    };
    first.post(&alert(None)).await;
    second.post(&alert(None)).await;
    deduplicated(&house, 1.0).await;
    let page = house.page(ANNA.push).await;
    house.recorded(&house.listed("disk low").await.id, "accepted by the provider", 1).await;
    assert_eq!(open(&house).await, is_open("disk low", "open"));
    for alertmanager in [&first, &second] {
        alertmanager.post(&alert(Some("2020-01-01T00:00:00Z"))).await;
    }
    deduplicated(&house, 2.0).await;
    assert_eq!(open(&house).await, []);
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    drop((first, second));
    house.finish().await;
}

// Public clients.

async fn paged(house: &mut House, person: Person) -> tests::page::Page {
    let page = house.page(person.push).await;
    assert!(page.words().contains("disk /var at 5% – «pieno»"), "{page:#?}");
    page
}

#[tokio::test]
async fn pagerdutys_client_raises_acknowledges_and_resolves() {
    let mut house = House::with(Household::default().with_doors()).await;
    let client = Client::new("pagerduty", house.url("/integrations/pagerduty"), PAGERDUTY_KEY);
    assert_eq!(client.does("change", "").await, Value::Null);
    assert_eq!(client.does("trigger", "db1/disk").await, "db1/disk");
    let page = paged(&mut house, ANNA).await;
    assert_eq!(client.does("acknowledge", "db1/disk").await, "db1/disk");
    assert_eq!(house.listed("disk /var at 5% – «pieno»").await.state, "acknowledged");
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    let alert = house.listed("disk /var at 5% – «pieno»").await;
    let shown = house.api(Method::GET, &format!("/alerts/{}", alert.id), None).await.ok().json();
    assert_eq!(shown["changes"][0]["summary"], "deployed shop 1.2", "{shown}");
    assert_eq!(client.does("resolve", "db1/disk").await, "db1/disk");
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    house.finish().await;
}

#[tokio::test]
async fn opsgenies_client_creates_acknowledges_and_closes() {
    let mut house = House::with(Household::default().with_doors()).await;
    let client = Client::new("opsgenie", house.url("/integrations/opsgenie"), OPSGENIE_KEY);
    let created = client.does("create", "db1/disk").await;
    assert_eq!(created["status"]["status"], "Created alert", "{created}");
    let page = paged(&mut house, ANNA).await;
    let acknowledged = client.does("acknowledge", "db1/disk").await;
    assert_eq!(acknowledged["status"]["is_success"], json!(true), "{acknowledged}");
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    client.does("note", "db1/disk").await;
    let shown = client.does("get", "db1/disk").await;
    assert_eq!((&shown["status"], &shown["acknowledged"]), (&json!("open"), &json!(true)), "{shown}");
    assert_eq!(shown["tags"], json!(["disk", "db"]), "{shown}");
    let listed = client.does("list", "").await;
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    let notes = client.does("notes", "db1/disk").await;
    assert_eq!(notes[0]["note"], "anna: from a script", "{notes}");
    let closed = client.does("close", "db1/disk").await;
    assert_eq!(closed["status"]["status"], "Closed alert", "{closed}");
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    house.finish().await;
}
