//! Planned work: its alerts go first to whoever is doing it, and to on call when it is over. And alerts that several
//! people are to take, or that are handed over.

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::page::{Link, Page};
use tests::wait;
use tests::web::Answer;

/// Starts work with these words and returns its name.
async fn start(house: &House, more: &[&str]) -> String {
    let line = [&["work", "start", "new disks", "--worker", "callum", "--format", "json"][..], more].concat();
    let started = house.cli(&line).await.json();
    started["id"].as_str().expect("a name").to_owned()
}

/// Somebody taps the link in their page.
async fn take(house: &House, page: &Page) {
    let Link { code, token, .. } = page.link();
    let request = house.http(Method::POST, &format!("/a/{code}")).form(&[("token", token)]);
    Answer::to(request).await.expect("the house answers").ok();
}

#[tokio::test]
async fn whoever_does_the_work_is_paged_first_and_on_call_when_they_do_not_take_it() {
    let mut house = House::with(Household::default()).await;
    let work = start(&house, &["--service", "shop", "--for", "2h", "--wait", "4s"]).await;
    let who = house.cli(&["who"]).await;
    assert!(who.done().contains("Callum Reid is paged first") && who.done().contains(&work), "{who:#?}");

    let alert = house.fire("disk missing").await;
    let page = house.page(CALLUM.push).await;
    assert!(page.words().contains("During your planned work “new disks”"), "{page:#?}");
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("Lavori programmati in corso: «new disks» (Callum Reid)"), "{page:#?}");
    house.cli(&["alert", "ack", &alert.code]).await.done();

    let shown = house.cli(&["work", "show", &work]).await;
    assert!(shown.done().contains("taken 1 alert") && shown.done().contains(&alert.code), "{shown:#?}");
    let told = house.cli(&["alert", "show", &alert.code]).await;
    assert!(told.done().contains("Planned work “new disks” is on: paging Callum Reid"), "{told:#?}");
    let preview = house.cli(&["work", "preview", "--service", "shop", "--format", "json"]).await.json();
    assert_eq!((&preview["count"], &preview["acted_count"]), (&json!(1), &json!(1)), "{preview:#}");
    let none = house.cli(&["work", "preview", "--label", "host=db-*", "--format", "json"]).await.json();
    assert_eq!(none["count"], 0);
    house.finish().await;
}

#[tokio::test]
async fn what_the_work_has_taken_goes_to_on_call_when_it_ends_also_after_a_crash() {
    let mut house = House::with(Household::default()).await;
    let work = start(&house, &["--source", "scripts", "--for", "8s"]).await;
    let alert = house.fire("link down").await;
    // Callum takes it, and the work ends while the house is down.
    let page = house.page(CALLUM.push).await;
    take(&house, &page).await;
    house.kill9_and_restart().await;
    // Anna is paged, and both hear that the work is over and what it leaves behind; he was asked before.
    let pages = [house.page(ANNA.push).await, house.page(ANNA.push).await];
    assert!(pages.iter().any(|page| page.words().contains("Lavori programmati finiti")), "{pages:#?}");
    let told = [house.page(CALLUM.push).await, house.page(CALLUM.push).await];
    assert!(told[0].words().contains("ends at") && told[1].words().contains(&alert.code), "{told:#?}");
    let again = house.cli(&["work", "extend", &work, "--by", "1h"]).await;
    assert!(again.refused(1).contains("over already"), "{again:#?}");
    house.cli(&["alert", "resolve", &alert.code]).await.done();
    house.finish().await;
}

#[tokio::test]
async fn work_that_holds_pages_nobody_until_somebody_ends_it_and_can_be_extended_and_cancelled() {
    let mut house = House::with(Household::default()).await;
    let work = start(&house, &["--service", "shop", "--for", "10s", "--hold"]).await;
    let extended = house.cli(&["work", "extend", &work, "--by", "1h", "--format", "json"]).await.json();
    assert_eq!(extended["state"], "on");
    let body = json!({ "summary": "slow", "dedup_key": "slow", "severity": "warning" });
    house.post_generic(&body).await.ok();
    let alert = house.listed("slow").await;
    assert_eq!(alert.state, "held");
    let critical = json!({ "summary": "gone", "dedup_key": "gone", "severity": "critical" });
    house.post_generic(&critical).await.ok();
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("gone"), "what is critical is never held: {page:#?}");
    house.cli(&["work", "end", &work]).await.done();
    let pages = [house.page(ANNA.push).await, house.page(ANNA.push).await];
    assert!(pages.iter().any(|page| page.words().contains("slow")), "{pages:#?}");
    let told = house.page(CALLUM.push).await;
    assert!(told.words().contains("it had taken 1 alert"), "{told:#?}");
    for alert in house.open().await {
        house.cli(&["alert", "resolve", &alert.code]).await.done();
    }

    let night = ["--label", "host=web-*", "--from", "2099-01-01T22:00", "--for", "8h"];
    let weekly = start(&house, &[&night[..], &["--repeat", "FREQ=WEEKLY;COUNT=3"]].concat()).await;
    let listed = house.cli(&["work", "list"]).await;
    assert!(listed.done().contains(&weekly) && listed.done().contains("3 more times"), "{listed:#?}");
    let early = house.cli(&["work", "end", &weekly]).await;
    assert!(early.refused(1).contains("not going on now"), "{early:#?}");
    house.cli(&["work", "cancel", &weekly]).await.done();
    assert_eq!(house.cli(&["work", "list", "--format", "json"]).await.json(), json!([]));
    house.finish().await;
}

#[tokio::test]
async fn work_that_cannot_be_planned_is_refused_with_what_to_do_and_leaves_nothing() {
    let house = House::with(Household::default()).await;
    let refusals: [(&[&str], &str); 8] = [
        (&["--service", "shopp", "--for", "1h"], "no service `shopp`"),
        (&["--source", "nobody", "--for", "1h"], "no source `nobody`"),
        (&["--service", "shop", "--to", "2001-01-01"], "not after its beginning"),
        (&["--service", "shop", "--for", "999h"], "31 days"),
        (&["--service", "shop", "--for", "1h", "--wait", "2h"], "60 minutes"),
        (&["--label", "host", "--for", "1h"], "host=web-*"),
        (&["--service", "shop", "--for", "1h", "--repeat", "SOMETIMES"], "FREQ=WEEKLY"),
        (&["--service", "shop", "--for", "2h", "--repeat", "FREQ=HOURLY"], "longer than the time"),
    ];
    for (more, sentence) in refusals {
        let line = [&["work", "start", "x", "--worker", "callum"][..], more].concat();
        let refused = house.cli(&line).await;
        assert!(refused.refused(1).contains(sentence), "{more:?}: {refused:#?}");
    }
    let stranger = house.cli(&["work", "start", "x", "--worker", "carl", "--service", "shop", "--for", "1h"]);
    assert!(stranger.await.refused(1).contains("nobody called"));
    house.cli(&["work", "start", "x", "--worker", "callum", "--for", "1h"]).await.refused(2);
    house.cli(&["work", "show", "nosuchid"]).await.refused(1);
    assert_eq!(house.cli(&["work", "list", "--all", "--format", "json"]).await.json(), json!([]));
    house.finish().await;
}

#[tokio::test]
async fn two_people_are_wanted_and_the_others_are_paged_on_until_they_have_it() {
    let step = "{ page: [{ team: sysadmin }], wait: 1h, acknowledgements: 2 }";
    let household = Household::default()
        .ladder(ANNA, &["{ contact: push, after: 0s }", "{ contact: sms, after: 4s }"])
        .ladder(BERND, &["{ contact: push, after: 0s }", "{ contact: sms, after: 4s }"])
        .steps(&[step]);
    let mut house = House::with(household).await;
    let alert = house.fire("both feeds down").await;
    let anna = house.page(ANNA.push).await;
    house.page(BERND.push).await;
    let callum = house.page(CALLUM.push).await;
    take(&house, &anna).await;
    house.page(BERND.sms).await;
    assert_eq!(house.listed("both feeds down").await.state, "open");
    take(&house, &callum).await;
    wait::until("two have it", async || {
        (house.listed("both feeds down").await.state == "acknowledged").then_some(())
    })
    .await;
    let told = house.cli(&["alert", "show", &alert.code]).await;
    assert!(told.done().contains("one more person is wanted"), "{told:#?}");
    house.finish().await;
}

#[tokio::test]
async fn an_alert_is_handed_over_by_a_step_and_by_a_person_and_never_in_a_circle() {
    let network = "{ steps: [{ page: [{ person: bernd }], wait: 1h }], fallback: [{ person: bernd }] }";
    let yaml = Household::default()
        .steps(&["{ page: [{ person: anna }], wait: 3s }", "{ hand_over: network }"])
        .yaml()
        .replace("services:", &format!("  network: {network}\nservices:"));
    let mut house = House::with(Household::default()).await;
    std::fs::write(house.path("house.yaml"), &yaml).expect("a file");
    house.apply().await.done();
    let exported = house.cli(&["export"]).await;
    assert!(exported.done().contains("hand_over: network"), "{exported:#?}");
    let who = house.cli(&["who", "shop"]).await;
    assert!(who.done().contains("goes on with policy network"), "{who:#?}");

    let alert = house.fire("core switch").await;
    house.page(ANNA.push).await;
    house.page(BERND.push).await;
    let handed = ["alert", "hand-over", &alert.code, "--team", "sysadmin"];
    house.cli(&handed).await.done();
    for person in [ANNA, BERND, CALLUM] {
        house.page(person.push).await;
    }
    let nowhere = house.cli(&["alert", "hand-over", &alert.code, "--policy", "nowhere"]).await;
    assert!(nowhere.refused(1).contains("nowhere"), "{nowhere:#?}");
    let told = house.cli(&["alert", "show", &alert.code]).await;
    assert!(told.done().contains("Handed over to network, as the step says"), "{told:#?}");
    assert!(told.done().contains("Handed over to Sysadmins by owner"), "{told:#?}");
    house.cli(&["alert", "resolve", &alert.code]).await.done();

    let circle = yaml.replace("page: [{ person: bernd }], wait: 1h", "hand_over: default");
    std::fs::write(house.path("house.yaml"), circle).expect("a file");
    let checked = house.cli(&["check", "house.yaml"]).await;
    checked.refused(1);
    assert!(checked.out.contains("default → network → default"), "{checked:#?}");
    house.finish().await;
}
