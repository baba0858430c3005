//! SIGTERM in the middle of the day: what was accepted stays.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, GENERIC_KEY, Household};
use tests::stand_ins::Provider::Pushover;
use tests::stand_ins::once;
use tests::wait;
use tests::web::{self, Answer};
use tokio::task::JoinSet;

/// So many sources post at the same time.
const SOURCES: u32 = 8;

/// After so many accepted alerts the house is asked to end.
const ACCEPTED_BEFORE_THE_END: u32 = 60;

/// No source posts more than this.
const ALERTS_PER_SOURCE_MAX: u32 = 60;

#[tokio::test]
async fn sigterm_under_load_ends_well_and_loses_nothing_that_was_accepted() {
    let mut house = House::with(Household::default()).await;
    let accepted = Arc::new(AtomicU32::new(0));
    let url = house.url(&format!("/integrations/generic/{GENERIC_KEY}"));
    let mut sources: JoinSet<Vec<String>> =
        (0..SOURCES).map(|source| post_until_refused(source, url.clone(), Arc::clone(&accepted))).collect();
    wait::until("the load to be under way", async || {
        (accepted.load(Ordering::Relaxed) >= ACCEPTED_BEFORE_THE_END).then_some(())
    })
    .await;
    house.terminate().await;
    let mut summaries = BTreeSet::new();
    while let Some(source) = sources.join_next().await {
        summaries.extend(source.expect("a source comes to its end"));
    }
    assert!(summaries.len() < (SOURCES * ALERTS_PER_SOURCE_MAX) as usize, "the end came after the load");

    house.start().await;
    let listed: BTreeSet<String> = house.alerts().await.into_iter().map(|alert| alert.summary).collect();
    let lost: Vec<&String> = summaries.difference(&listed).collect();
    assert!(lost.is_empty(), "{} alerts were accepted and are lost: {lost:?}", lost.len());
    // Each of them pages Anna, before the end or after it.
    wait::until("a page about every alert", async || {
        let pages = house.claim_all(ANNA.push).await;
        let told =
            |summary: &&String| !pages.iter().any(|page| page.field("title").ends_with(summary.as_str()));
        let missing = listed.iter().filter(told).count();
        (missing == 0).then_some(())
    })
    .await;
    house.terminate().await;
    house.claim_all(ANNA.push).await;
    house.finish_dead().await;
}

/// Posts one alert after the other and returns the summaries of those that were accepted.
async fn post_until_refused(source: u32, url: String, accepted: Arc<AtomicU32>) -> Vec<String> {
    let http = web::client();
    let mut summaries = Vec::new();
    for number in 0..ALERTS_PER_SOURCE_MAX {
        let summary = format!("load {source}.{number}.");
        let body = json!({ "summary": summary, "dedup_key": summary, "severity": "warning" });
        match Answer::to(http.post(&url).json(&body)).await {
            Ok(answer) if answer.is_ok() => {
                summaries.push(summary);
                accepted.fetch_add(1, Ordering::Relaxed);
            }
            Ok(answer) => assert_eq!(answer.status, 503, "{answer:?}"),
            Err(_gone) => break,
        }
    }
    summaries
}

#[tokio::test]
async fn a_page_that_is_under_way_at_the_end_is_known_after_it() {
    let mut house = House::with(Household::default()).await;
    house.stand_ins().behave(Pushover, once(&json!({ "kind": "slow", "ms": 1_500 }))).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.terminate().await;
    house.start().await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.finish().await;
}

#[tokio::test]
async fn a_provider_that_hangs_does_not_keep_the_house_from_ending_and_gets_the_page_again_after_it() {
    let mut house = House::with(Household::default()).await;
    let hang = once(&json!({ "kind": "hang", "processed": true }));
    house.stand_ins().behave(Pushover, hang).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.terminate().await;
    house.start().await;
    let repeat = house.page(ANNA.push).await;
    assert!(repeat.is_repeat(), "{repeat:#?}");
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    house.finish().await;
}
