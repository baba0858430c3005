//! Who is on call: `shifts`, `override`, and whom a page reaches then.

use reqwest::Method;
use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, BERND, Household};
use tests::wait;

/// A week across the change of clocks in spring, nights and weekends apart.
const ROTA: &str = "rotas:
  primary:
    time_zone: Europe/Berlin
    layers:
      - members: [anna, bernd]
        handover: { every: 1w, from: \"2026-03-23T09:00\" }
      - members: [callum]
        handover: { every: 1d, from: \"2026-03-23T00:00\" }
        hours: [\"Sat-Sun 00:00-24:00\"]
";

#[tokio::test]
async fn shifts_are_listed_from_a_file_alone_with_the_rotas_offset_and_without_a_server() {
    let house = House::with(Household::default()).await;
    std::fs::write(house.path("rota.yaml"), ROTA).expect("a file can be written");
    let span = ["--from", "2026-03-22T00:00:00Z", "--to", "2026-04-06T00:00:00+02:00"];
    let line = [&["shifts", "primary", "--file", "rota.yaml", "--format", "json"][..], &span].concat();
    let listed = house.cli(&line).await.json();
    let shift = |person: Value, start: &str, end: &str, layer: Value| {
        json!({
            "rota": "primary", "person": person, "start": start, "end": end, "layer": layer, "override": null,
        })
    };
    let mut listed: Vec<Value> = listed.as_array().expect("a list").clone();
    for line in &mut listed {
        line.as_object_mut().expect("an object").remove("name");
    }
    assert_eq!(
        listed,
        [
            shift(Value::Null, "2026-03-22T01:00:00+01:00", "2026-03-23T09:00:00+01:00", Value::Null),
            shift("anna".into(), "2026-03-23T09:00:00+01:00", "2026-03-28T00:00:00+01:00", 1.into()),
            shift("callum".into(), "2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 2.into()),
            shift("anna".into(), "2026-03-30T00:00:00+02:00", "2026-03-30T09:00:00+02:00", 1.into()),
            shift("bernd".into(), "2026-03-30T09:00:00+02:00", "2026-04-04T00:00:00+02:00", 1.into()),
            shift("callum".into(), "2026-04-04T00:00:00+02:00", "2026-04-06T00:00:00+02:00", 2.into()),
        ]
    );
    let table =
        house.cli(&[&["shifts", "primary", "--file", "rota.yaml", "--lang", "de"][..], &span].concat()).await;
    assert!(table.done().contains("Ebene 2") && table.done().contains("+02:00"), "{table:#?}");
    house.cli(&["shifts", "secondary", "--file", "rota.yaml"]).await.refused(1);
    let backwards =
        ["shifts", "primary", "--file", "rota.yaml", "--from", "2026-03-02", "--to", "2026-03-01"];
    house.cli(&backwards).await.refused(1);
    house.finish().await;
}

#[tokio::test]
async fn somebody_who_stands_in_is_paged_also_for_what_is_open_and_an_apply_leaves_it_so() {
    let rota = "rotas:\n  primary: { time_zone: Europe/Berlin, layers: [{ members: [anna], handover: { every: 1w, from: \"2026-03-23T09:00\" } }] }\n";
    let household = Household::default().more(rota).steps(&["{ page: [{ rota: primary }], wait: 5m }"]);
    let mut house = House::with(household).await;
    let add =
        ["override", "add", "primary", "--for", "anna", "--by", "bernd", "--to", "2099-01-01T00:00:00Z"];
    let far = house.cli(&add).await;
    assert!(far.refused(1).contains("366 days"), "{far:#?}");
    let soon = "2099-01-01T00:00:00Z";
    let own = ["override", "add", "primary", "--for", "anna", "--by", "anna", "--to", soon];
    house.cli(&own).await.refused(1);

    let until = house.cli(&["override", "add", "primary", "--also", "callum", "--to", "2001-01-01"]).await;
    assert!(until.refused(1).contains("not after its beginning"), "{until:#?}");

    let alert = house.fire("the disk is full").await;
    house.page(ANNA.push).await;
    let week = in_a_week();
    let add = [
        "override",
        "add",
        "primary",
        "--for",
        "anna",
        "--by",
        "bernd",
        "--to",
        &week,
        "--reason",
        "a wedding",
    ];
    let made = house.cli(&[&add[..], &["--format", "json"]].concat()).await.json();
    let id = made["id"].as_str().expect("a name").to_owned();
    assert_eq!((&made["state"], &made["reason"]), (&json!("in_force"), &json!("a wedding")));
    let page = house.page(BERND.push).await;
    assert!(page.words().contains(&alert.code), "what is open follows: {page:#?}");
    house.cli(&["alert", "ack", &alert.code]).await.done();
    let shown = house.cli(&["alert", "show", &alert.code]).await;
    assert!(shown.done().contains("stands in for Anna Rossi in primary"), "{shown:#?}");
    let who = house.cli(&["who", "primary"]).await;
    assert!(who.done().contains(&id) && who.done().contains("Bernd"), "{who:#?}");
    let shifts = house.cli(&["shifts", "primary", "--format", "json"]).await.json();
    assert_eq!((&shifts[0]["person"], &shifts[0]["override"]), (&json!("bernd"), &json!(id)));
    assert_eq!(shifts[1]["person"], "anna");

    house.apply().await.done();
    assert!(house.cli(&["override", "list"]).await.done().contains(&id), "an apply leaves it alone");
    house.cli(&["override", "accept", &id]).await.refused(1);
    house.cli(&["override", "remove", &id.to_lowercase()]).await.done();
    let who = house.cli(&["who", "primary"]).await;
    assert!(who.done().contains("Anna") && !who.done().contains("Bernd"), "{who:#?}");
    house.cli(&["override", "remove", &id]).await.refused(1);
    house.cli(&["override", "remove", "nothing"]).await.refused(1);
    house.finish().await;
}

#[tokio::test]
async fn a_swap_counts_once_the_other_agrees() {
    let rota = "rotas:\n  primary: { time_zone: Europe/Berlin, layers: [{ members: [anna, bernd], handover: { every: 1w, from: \"2026-03-23T09:00\" } }] }\n";
    let house = House::with(Household::default().more(rota)).await;
    let before = house.cli(&["shifts", "primary", "--format", "json"]).await.json();
    let (mine, theirs) = (before[1].clone(), before[2].clone());
    let text = |shift: &Value, field: &str| shift[field].as_str().expect("text").to_owned();
    let (from, to) = (text(&mine, "start"), text(&mine, "end"));
    let (their_from, their_to) = (text(&theirs, "start"), text(&theirs, "end"));
    let (one, other) = (text(&mine, "person"), text(&theirs, "person"));
    let swap = [
        "override",
        "swap",
        "primary",
        "--person",
        &one,
        "--from",
        &from,
        "--to",
        &to,
        "--with",
        &other,
        "--their-from",
        &their_from,
        "--their-to",
        &their_to,
        "--format",
        "json",
    ];
    let asked = house.cli(&swap).await.json();
    assert_eq!((&asked["state"], &asked["asks"]), (&json!("asked"), &json!(other)));
    let unchanged = house.cli(&["shifts", "primary", "--format", "json"]).await.json();
    assert_eq!(unchanged[1]["person"], before[1]["person"], "nothing is different until then");
    let id = asked["id"].as_str().expect("a name");
    house.cli(&["override", "accept", id]).await.done();
    for (moment, person) in [(from, other), (their_from, one)] {
        let who = house.cli(&["who", "primary", "--at", &moment, "--format", "json"]).await.json();
        let on_call = &who["steps"][0]["people"][0];
        assert_eq!((&on_call["person"], &on_call["override"]), (&json!(person), &json!(id)), "{who:#}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_step_that_will_reach_nobody_is_told_ahead_by_check_and_by_the_running_house() {
    let rota = "rotas:\n  day: { time_zone: UTC, layers: [{ members: [anna], handover: { every: 1w, from: \"2026-03-23T00:00\" }, hours: [\"Mon-Sun 00:00-23:00\"] }] }\n";
    let house =
        House::with(Household::default().more(rota).steps(&["{ page: [{ rota: day }], wait: 5m }"])).await;
    let checked = house.cli(&["check", "house.yaml"]).await;
    // Within the last hour of a day, what is left of it is the first gap, and part of a day the last.
    let told = |count: usize| checked.done().contains(&format!("reaches nobody {count} times"));
    assert!((60..=61).any(told), "{checked:#?}");
    let gaps = house.api(Method::GET, "/gaps", None).await.json();
    let count = gaps["gaps"].as_array().map(Vec::len);
    assert!(count.is_some_and(|count| (60..=61).contains(&count)), "{gaps:#}");
    let nobody = ["override", "add", "day", "--for", "anna", "--nobody", "--to", &in_a_week()];
    house.cli(&nobody).await.done();
    let fewer = house.api(Method::GET, "/gaps", None).await.json();
    assert!(fewer["gaps"].as_array().map(Vec::len) < count, "a week without anybody is one gap: {fewer:#}");
    assert_eq!(fewer["gaps"][0]["step"], 1);
    house.finish().await;
}

fn in_a_week() -> String {
    let week = wait::wall_clock_ms() + 7 * 24 * 3_600_000;
    let week = chrono::DateTime::from_timestamp_millis(week).expect("a moment in this era");
    week.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
