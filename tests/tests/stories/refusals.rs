//! What cannot be: each is refused with a sentence that says what to do, and nothing of it is done.

use reqwest::Method;
use serde_json::{Value, json};
use tests::house::House;
use tests::household::Household;
use tests::wait;

const ROTA: &str = "rotas:\n  primary: { time_zone: Europe/Berlin, layers: [{ members: [anna, bernd], handover: { every: 1w, from: \"2026-03-23T09:00\" } }] }\n";

/// In so many hours.
fn hours_ahead(hours: i64) -> String {
    let moment = chrono::DateTime::from_timestamp_millis(wait::wall_clock_ms() + hours * 3_600_000);
    moment.expect("a moment in this era").to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Anna's turn is Bernd's, with these fields in place of others.
fn leg(fields: &[(&str, Value)]) -> Value {
    let mut leg = json!({
        "rota": "primary", "from": hours_ahead(1), "to": hours_ahead(2), "for": "anna", "by": "bernd",
    });
    for (field, value) in fields {
        leg[field] = value.clone();
    }
    leg
}

fn bad_overrides() -> Vec<(Value, &'static str)> {
    let text = |text: &str| json!(text);
    let one = |fields: &[(&str, Value)]| json!({ "legs": [leg(fields)] });
    vec![
        (
            one(&[("from", text(&hours_ahead(2))), ("to", text(&hours_ahead(1)))]),
            "not after its beginning at",
        ),
        (one(&[("from", text(&hours_ahead(2)))]), "give a later end, or an earlier beginning"),
        (
            one(&[("from", text("2001-01-01T00:00:00Z")), ("to", text("2001-01-02T00:00:00Z"))]),
            "Give an end that is still to come",
        ),
        (one(&[("to", text("2099-01-01T00:00:00Z"))]), "366 days at most; change the rota"),
        (one(&[("from", text("soon"))]), "soon"),
        (one(&[("by", text("anna"))]), "nor swap with themselves: name somebody else"),
        (
            json!({ "legs": [leg(&[]), leg(&[("by", text("anna"))])], "asks": "bernd" }),
            "nor swap with themselves: name somebody else",
        ),
        (one(&[("rota", text("secondary"))]), "there is no rota `secondary`: `hotpotato export` shows"),
        (
            json!({ "legs": [leg(&[]), leg(&[("rota", text("secondary"))])] }),
            "there is no rota `secondary`: `hotpotato export` shows",
        ),
        (
            json!({ "legs": [{ "team": "nobodies", "to": hours_ahead(1) }] }),
            "there is no team `nobodies`: `hotpotato export` shows",
        ),
        (one(&[("by", text("brend"))]), "there is nobody called \"brend\": see `hotpotato export`"),
        (json!({ "legs": [leg(&[])], "asks": "brend" }), "there is nobody called \"brend\""),
        (one(&[("nobody", json!(true))]), "say `rota` with `for` and `by`"),
        (json!({ "legs": [] }), "an override says 1 to 10 things"),
        (json!({ "legs": vec![leg(&[]); 11] }), "an override says 1 to 10 things"),
        (
            json!({ "legs": [leg(&[])], "reason": "because ".repeat(63) }),
            "a reason has 500 characters at most",
        ),
        (json!({ "legs": [{ "rota": "primary", "for": "anna", "by": "bernd" }] }), "missing field `to`"),
    ]
}

#[tokio::test]
async fn an_override_that_cannot_be_is_refused_with_what_to_do_and_nothing_of_it_is_made() {
    let house = House::with(Household::default().more(ROTA)).await;
    for (body, told) in bad_overrides() {
        let refused = house.api(Method::POST, "/overrides", Some(body.clone())).await;
        assert_eq!(refused.status / 100, 4, "{body:#}: {refused:#?}");
        let sentence = refused.json()["error"].as_str().unwrap_or_default().to_owned();
        assert!(sentence.contains(told), "{body:#}: {sentence}");
        let made = house.api(Method::GET, "/overrides?all=true", None).await.json();
        assert_eq!(made, json!([]), "nothing of it: {body:#}");
    }
    let (from, to, their_from, their_to) = (hours_ahead(1), hours_ahead(2), hours_ahead(3), hours_ahead(4));
    let swap =
        ["override", "swap", "primary", "--person", "anna", "--with", "anna", "--from", &from, "--to", &to];
    let swap = [&swap[..], &["--their-from", &their_from, "--their-to", &their_to]].concat();
    assert!(house.cli(&swap).await.refused(1).contains("name somebody else"));
    let unknown = ["override", "add", "secondary", "--for", "anna", "--by", "bernd", "--to", &to];
    assert!(house.cli(&unknown).await.refused(1).contains("there is no rota `secondary`"));
    house.finish().await;
}

#[tokio::test]
async fn a_rota_that_cannot_be_is_refused_and_nothing_else_in_the_files_is_applied() {
    let house = House::with(Household::default().more(ROTA)).await;
    let before = house.cli(&["export"]).await.done().to_owned();
    for (from, to, told) in [
        ("members: [anna, bernd]", "members: []", "Name at least one person"),
        ("2026-03-23", "1066-10-14", "It can lie in 1970 to 2199"),
        ("2026-03-23", "2200-01-01", "It can lie in 1970 to 2199"),
        ("Europe/Berlin, layers", "Europe/Belrin, layers", "Did you mean \"Europe/Berlin\"?"),
        ("every: 1w", "every: 0h", "\"every\" must be more than nothing"),
        ("} }] }", "}, hours: [] }] }", "The layer names no times at which it has somebody"),
    ] {
        assert!(ROTA.contains(from), "{from}");
        // The policy is another one as well, and that alone would be right.
        let both = Household::default().more(&ROTA.replacen(from, to, 1)).policy("repeat: 7");
        house.write(&both);
        let refused = house.apply().await;
        assert!(refused.refused(1).contains(told) || refused.out.contains(told), "{to}: {refused:#?}");
        assert_eq!(house.cli(&["export"]).await.done(), before, "{to}");
    }
    house.finish().await;
}
