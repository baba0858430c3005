//! The link in a page: it takes one alert for one person, and does nothing by being looked at.

use reqwest::Method;
use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::page::Link;
use tests::web::Answer;

/// After so many wrong tokens from one address nobody is listened to there. More than anybody mistypes.
const GUESSES: usize = 30;

/// Anna and Bernd are paged at once, over two channels each.
fn household() -> Household {
    let ladder = ["{ contact: push, after: 0s }", "{ contact: sms, after: 0s }"];
    Household::default()
        .ladder(ANNA, &ladder)
        .ladder(BERND, &ladder)
        .steps(&["{ page: [{ person: anna }, { person: bernd }], wait: 1h }"])
}

async fn get(house: &House, code: &str, token: Option<&str>) -> Answer {
    let request = house.http(Method::GET, &format!("/a/{code}"));
    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
    Answer::to(request).await.expect("the house answers")
}

async fn take(house: &House, code: &str, token: &str) -> Answer {
    let request = house.http(Method::POST, &format!("/a/{code}")).form(&[("token", token)]);
    Answer::to(request).await.expect("the house answers")
}

async fn state(house: &House, code: &str) -> String {
    let open = house.open().await;
    open.into_iter().find(|alert| alert.code == code).expect("the alert is open").state
}

/// The links in the two pages of somebody.
async fn links(house: &mut House, push: &str, sms: &str) -> [Link; 2] {
    [house.page(push).await.link(), house.page(sms).await.link()]
}

#[tokio::test]
async fn without_its_token_a_link_says_nothing_and_only_post_takes_the_alert() {
    let mut house = House::with(household()).await;
    let alert = house.fire("disk full").await;
    let [push, sms] = links(&mut house, ANNA.push, ANNA.sms).await;
    let [bernds, _] = links(&mut house, BERND.push, BERND.sms).await;
    assert_eq!(push.code, alert.code);
    assert_eq!(push.token, sms.token, "the token is the person's, not the page's");
    assert_ne!(push.token, bernds.token);

    let silent = get(&house, &alert.code, None).await;
    let nobody = get(&house, "ZZZZZ", None).await;
    for secret in ["disk full", "Web shop", "shop", ANNA.name, BERND.name] {
        assert!(!silent.body.contains(secret), "{secret:?} is nobody's business: {silent:?}");
    }
    assert_eq!(
        (silent.status, silent.body.replace(&alert.code, "")),
        (nobody.status, nobody.body.replace("ZZZZZ", "")),
        "one cannot tell whether there is such an alert"
    );

    for _ in 0..3 {
        let shown = get(&house, &alert.code, Some(&push.token)).await;
        assert!(shown.ok().body.contains("disk full"), "{shown:?}");
    }
    assert_eq!(state(&house, &alert.code).await, "open", "to look is not to take");

    let taken = take(&house, &alert.code, &sms.token).await;
    assert!(taken.ok().body.contains("disk full"), "{taken:?}");
    assert_eq!(state(&house, &alert.code).await, "acknowledged");
    let shown = house.api(Method::GET, &format!("/alerts/{}", alert.code), None).await;
    assert_eq!(shown.ok().json()["acknowledged_by"], ANNA.name);
    house.finish().await;
}

#[tokio::test]
async fn a_token_is_good_for_one_alert_and_nothing_else() {
    let mut house = House::with(household()).await;
    let first = house.fire("disk full").await;
    let [first_link, _] = links(&mut house, ANNA.push, ANNA.sms).await;
    links(&mut house, BERND.push, BERND.sms).await;
    let second = house.fire("fan broken").await;
    let [second_link, _] = links(&mut house, ANNA.push, ANNA.sms).await;
    links(&mut house, BERND.push, BERND.sms).await;

    let foreign = take(&house, &second.code, &first_link.token).await;
    assert_eq!(foreign.status, 403, "{foreign:?}");
    let mut tampered = first_link.token.clone();
    let last = if tampered.pop() == Some('A') { 'B' } else { 'A' };
    tampered.push(last);
    let wrong = take(&house, &first.code, &tampered).await;
    assert_eq!(wrong.status, 403, "{wrong:?}");
    let owners = take(&house, &first.code, &house.owner_token()).await;
    assert_eq!(owners.status, 403, "{owners:?}");
    let none = Answer::to(house.http(Method::POST, &format!("/a/{}", first.code))).await.expect("an answer");
    assert!((400..500).contains(&none.status), "{none:?}");
    for answer in [foreign, wrong, owners, none] {
        assert!(!answer.body.contains("disk full") && !answer.body.contains("fan broken"), "{answer:?}");
    }
    // The link opens no other door.
    let request = house.http(Method::GET, "/api/v1/alerts").bearer_auth(&first_link.token);
    assert_eq!(Answer::to(request).await.expect("an answer").status, 401);
    for code in [&first.code, &second.code] {
        assert_eq!(state(&house, code).await, "open");
    }
    take(&house, &second.code, &second_link.token).await.ok();
    assert_eq!(state(&house, &first.code).await, "open");
    assert_eq!(state(&house, &second.code).await, "acknowledged");
    house.finish().await;
}

#[tokio::test]
async fn the_token_of_somebody_who_was_not_paged_or_paged_before_is_void() {
    let mut house = House::with(household().policy("repeat: 0\nacknowledgement_lapses: 3s")).await;
    let alert = house.fire("disk full").await;
    let [old, _] = links(&mut house, ANNA.push, ANNA.sms).await;
    links(&mut house, BERND.push, BERND.sms).await;
    take(&house, &alert.code, &old.token).await.ok();
    // The taking lapses, and paging begins anew.
    let [new, _] = links(&mut house, ANNA.push, ANNA.sms).await;
    links(&mut house, BERND.push, BERND.sms).await;
    assert_ne!(old.token, new.token);
    let void = take(&house, &alert.code, &old.token).await;
    assert!((400..500).contains(&void.status), "{void:?}");
    assert_eq!(state(&house, &alert.code).await, "open");
    house.api(Method::POST, &format!("/alerts/{}/resolve", alert.code), None).await.ok();
    house.finish().await;
}

#[tokio::test]
async fn whoever_guesses_too_often_is_not_listened_to_for_a_while() {
    let mut house = House::with(household()).await;
    let alert = house.fire("disk full").await;
    let [link, _] = links(&mut house, ANNA.push, ANNA.sms).await;
    links(&mut house, BERND.push, BERND.sms).await;
    let mut statuses = Vec::new();
    for guess in 0..GUESSES {
        let path = format!("/a/{}", alert.code);
        let guessed = json!({ "token": format!("{guess:022}") });
        let request = house.http(Method::POST, &path).header("x-forwarded-for", "203.0.113.7").json(&guessed);
        let answer = Answer::to(request).await.expect("an answer");
        assert!(
            answer.status != 429 || answer.retry_after.is_some(),
            "it says when to come again: {answer:?}"
        );
        statuses.push(answer.status);
    }
    assert_eq!(statuses[0], 403, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    // Others, and the pages themselves, go on.
    take(&house, &alert.code, &link.token).await.ok();
    assert_eq!(state(&house, &alert.code).await, "acknowledged");
    house.finish().await;
}

#[tokio::test]
async fn pages_are_in_the_language_of_each_person() {
    let mut house = House::with(
        Household::default()
            .ladder(BERND, &["{ contact: sms, after: 0s }"])
            .ladder(CALLUM, &["{ contact: pager, after: 0s }"])
            .steps(&["{ page: [{ team: sysadmin }], wait: 1h }"]),
    )
    .await;
    house.fire("disk full").await;
    let (push, sms, pager) =
        (house.page(ANNA.push).await, house.page(BERND.sms).await, house.page(CALLUM.pager).await);
    assert!(push.text.contains("inizio") && push.field("url_title") == "Ci penso io", "{push:#?}");
    assert!(sms.text.contains("seit"), "{sms:#?}");
    assert!(
        pager.text.contains("since") && pager.text.is_ascii() && !pager.text.contains('\n'),
        "{pager:#?}"
    );
    assert!(
        pager.text.contains("/a/") && !pager.text.contains('#'),
        "all can hear a pager: no token: {pager:#?}"
    );
    for page in [push, sms] {
        let shown = get(&house, &page.link().code, Some(&page.link().token)).await;
        assert!(shown.ok().body.contains("disk full"), "{shown:?}");
    }
    house.finish().await;
}
