//! Everything is events: what was known at an earlier moment, and who changed what.

use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::wait;

/// A rota of these people, week by week, since long ago.
fn rota(members: &str) -> String {
    format!(
        "rotas:\n  primary: {{ team: sysadmin, time_zone: UTC, layers: [{{ members: [{members}], handover: {{ every: 1w, from: \"2026-03-23T09:00\" }} }}] }}\n"
    )
}

fn household(members: &str) -> Household {
    Household::default()
        .more(&rota(members))
        .handovers("silent")
        .steps(&["{ page: [{ rota: primary }], wait: 5m }"])
}

/// A moment between what was done and what will be done, and then time goes on.
async fn a_moment() -> String {
    let now = wait::wall_clock_ms() + 50;
    wait::pause_until(now + 50).await;
    written(now)
}

fn written(ms: i64) -> String {
    let moment = chrono::DateTime::from_timestamp_millis(ms).expect("a moment in this era");
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn in_an_hour() -> String {
    written(wait::wall_clock_ms() + 3_600_000)
}

/// The people of step 1, and when that was known.
async fn who(house: &House, more: &[&str]) -> (Vec<Value>, Value) {
    let line = [&["who", "shop", "--format", "json"][..], more].concat();
    let who = house.cli(&line).await.json();
    let people = who["steps"][0]["people"].as_array().expect("a list").clone();
    (people.iter().map(|person| person["person"].clone()).collect(), who["known_at"].clone())
}

#[tokio::test]
async fn a_question_about_the_past_is_answered_as_it_was_known_then() {
    let mut house = House::with(household("anna")).await;
    let then = a_moment().await;
    house.write(&household("bernd"));
    house.apply().await.done();
    let week = in_an_hour();
    let add = ["override", "add", "primary", "--for", "bernd", "--by", "callum", "--to", &week];
    let made = house.cli(&[&add[..], &["--reason", "a wedding", "--format", "json"]].concat()).await.json();
    let id = made["id"].as_str().expect("a name");
    let work = [
        "work",
        "start",
        "new disks",
        "--worker",
        "anna",
        "--service",
        "shop",
        "--for",
        "2h",
        "--format",
        "json",
    ];
    let work = house.cli(&work).await.json();
    let work = work["id"].as_str().expect("a name");

    assert_eq!(who(&house, &["--at", &then]).await, (vec![json!("anna")], then.clone().into()));
    let (now, known_at) = who(&house, &[]).await;
    assert_eq!(now, ["callum"]);
    assert!(known_at.as_str().is_some_and(|at| at > then.as_str()), "{known_at}");
    let (to_come, known_at) = who(&house, &["--at", "2099-01-01T00:00:00Z"]).await;
    assert_eq!(to_come, ["bernd"]);
    assert!(known_at.as_str().is_some_and(|at| at < "2099"), "what is to come is told as it is known now");

    let said = house.cli(&["who", "--at", &then]).await;
    assert!(said.done().contains("As it was known at") && said.done().contains(ANNA.name), "{said:#?}");
    assert!(!said.done().contains(CALLUM.name) && !said.done().contains(work), "{said:#?}");
    let present = house.cli(&["who"]).await;
    assert!(!present.done().contains("known at") && present.done().contains(work), "{present:#?}");
    let german = house.cli(&["who", "--at", &then, "--lang", "de"]).await;
    assert!(german.done().contains("Kenntnisstand vom"), "{german:#?}");

    let none = json!([]);
    for (list, id) in [("override", id), ("work", work)] {
        let at = [list, "list", "--all", "--at", &then];
        assert_eq!(house.cli(&[&at[..], &["--format", "json"]].concat()).await.json(), none);
        let said = house.cli(&at).await;
        assert!(said.done().contains("As it was known at") && !said.done().contains(id), "{said:#?}");
        assert!(house.cli(&[list, "list"]).await.done().contains(id));
    }
    let span = ["shifts", "primary", "--from", &then, "--to", &week];
    let shifts = house.cli(&[&span[..], &["--known-at", &then, "--format", "json"]].concat()).await.json();
    let people = |shifts: &Value| -> Vec<Value> {
        shifts.as_array().expect("a list").iter().map(|shift| shift["person"].clone()).collect()
    };
    assert_eq!((people(&shifts), &shifts[0]["known_at"]), (vec![json!("anna")], &json!(then)), "{shifts:#}");
    let present = house.cli(&[&span[..], &["--format", "json"]].concat()).await.json();
    assert_eq!(people(&present), ["anna", "bernd", "callum"], "{present:#}");
    assert_eq!(present[0].get("known_at"), None);
    house.cli(&["shifts", "primary", "--known-at", &then, "--file", "house.yaml"]).await.refused(2);

    // What is taken back was known while it was in force, also after a crash.
    let in_force = a_moment().await;
    house.cli(&["override", "remove", id]).await.done();
    house.kill9_and_restart().await;
    let at = ["override", "list", "--at", &in_force, "--format", "json"];
    let listed = house.cli(&at).await.json();
    let found = (&listed[0]["id"], &listed[0]["state"], &listed[0]["known_at"]);
    assert_eq!(found, (&json!(id), &json!("in_force"), &json!(in_force)), "{listed:#}");
    assert_eq!(who(&house, &["--at", &in_force]).await.0, ["callum"]);
    assert_eq!(who(&house, &[]).await.0, ["bernd"]);
    house.finish().await;
}

#[tokio::test]
async fn changes_say_who_changed_what_and_why_newest_first() {
    let house = House::with(household("anna, bernd")).await;
    let then = a_moment().await;
    house.write(&household("anna, callum"));
    let planning = house.cli(&["token", "issue", "--role", "team:sysadmin", "rota planning"]).await;
    let secret = [("HOTPOTATO_TOKEN", planning.done().trim())];
    house.cli_with(&secret, &["apply", "house.yaml"]).await.done();
    let to = in_an_hour();
    let phone = house.cli(&["token", "issue", "--role", "respond", "--person", "bernd", "phone"]).await;
    let phone = [("HOTPOTATO_TOKEN", phone.done().trim())];
    let work = ["work", "start", "new disks", "--worker", "bernd", "--service", "shop", "--to", &to];
    house.cli_with(&phone, &work).await.done();
    let also = ["override", "add", "primary", "--also", "bernd", "--to", &to, "--reason", "a wedding"];
    house.cli(&also).await.done();

    let told = house.cli(&["changes", "--from", &then, "--format", "json"]).await.json();
    let text = |change: &Value, field: &str| change[field].as_str().unwrap_or_default().to_owned();
    let all: Vec<Value> = told["changes"].as_array().expect("a list").clone();
    let kinds: Vec<String> =
        all.iter().map(|change| format!("{} {}", text(change, "kind"), text(change, "did"))).collect();
    assert_eq!(kinds, ["override made", "work planned", "token issued", "rota changed", "token issued"]);
    assert!(text(&all[3], "by").starts_with("rota planning ("), "{:#}", all[3]);
    let members = json!([{ "field": "layers[1].members", "was": "anna, bernd", "now": "anna, callum" }]);
    assert_eq!((&all[3]["name"], &all[3]["differences"]), (&json!("primary"), &members));
    assert_eq!(
        (text(&all[1], "by"), text(&all[1], "reason")),
        (BERND.name.to_owned(), "new disks".to_owned())
    );
    assert_eq!((text(&all[0], "by"), text(&all[0], "reason")), ("owner".to_owned(), "a wedding".to_owned()));

    let said = house.cli(&["changes", "primary", "--zone", "UTC"]).await;
    for words in
        ["changed rota primary", "members: anna, bernd → anna, callum", "a wedding", "added rota primary"]
    {
        assert!(said.done().contains(words), "{words}: {said:#?}");
    }
    assert!(!said.done().contains("new disks"), "{said:#?}");
    let german = house.cli(&["changes", "--lang", "de", "--limit", "4"]).await;
    assert!(german.done().contains("hat Bereitschaftsplan primary geändert"), "{german:#?}");
    assert!(german.done().contains("Es gibt ältere Änderungen"), "{german:#?}");
    let italian = house.cli(&["changes", "--lang", "it"]).await;
    assert!(italian.done().contains("ha modificato turno di reperibilità primary"), "{italian:#?}");
    let everything = house.cli(&["changes", "--limit", "1000"]).await;
    let contacts = [ANNA.push, ANNA.sms, BERND.push, secret[0].1, phone[0].1];
    for hidden in contacts {
        assert!(!everything.done().contains(hidden), "{hidden} stands in it");
    }
    house.cli(&["changes", "--limit", "1001"]).await.refused(1);
    assert!(house.cli(&["changes", "nothing"]).await.refused(1).contains("nothing called"));
    house.finish().await;
}
