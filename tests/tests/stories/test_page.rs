//! `send-test-page`: real, labelled, and over by itself.

use tests::house::House;
use tests::household::{ANNA, BERND, CALLUM, Household};
use tests::page::Page;
use tests::wait;

fn household() -> Household {
    Household::default().ladder(ANNA, &["{ contact: push, after: 0s }", "{ contact: sms, after: 1s }"])
}

#[tokio::test]
async fn a_test_page_says_so_and_goes_to_the_contact_that_was_named() {
    let mut house = House::with(household()).await;
    for (person, contact, destination, words) in [
        (ANNA, "pager", ANNA.pager, "Chiamata di prova"),
        (BERND, "sms", BERND.sms, "Probealarm"),
        (CALLUM, "push", CALLUM.push, "Test page"),
    ] {
        let arguments = ["send-test-page", person.id, contact];
        let (said, page) = tokio::join!(house.cli(&arguments), taken(&house, destination));
        assert!(said.done().contains(person.name), "{said:#?}");
        assert!(page.words().contains(words), "{page:#?}");
        assert_ne!(page.field("priority"), "2", "a test does not ring until somebody acts: {page:#?}");
        assert_eq!(house.page(destination).await.seq, page.seq);
    }
    assert_eq!(house.alerts().await, [], "a test is no open alert");
    house.finish().await;
}

#[tokio::test]
async fn a_test_of_the_whole_ladder_climbs_until_it_is_taken() {
    let mut house = House::with(household()).await;
    let (said, sms) = tokio::join!(house.cli(&["send-test-page", "anna"]), taken(&house, ANNA.sms));
    said.done();
    assert_eq!(house.page(ANNA.sms).await.seq, sms.seq);
    let push = house.page(ANNA.push).await;
    for page in [push, sms] {
        assert!(page.words().contains("Chiamata di prova"), "{page:#?}");
    }
    house.finish().await;
}

/// The page arrives, and somebody takes it.
async fn taken(house: &House, destination: &str) -> Page {
    let pages = wait::until("the test page", async || {
        let pages = house.stand_ins().pages_to(destination, 0).await;
        (!pages.is_empty()).then_some(pages)
    });
    let page = pages.await.remove(0);
    let words = page.words();
    let code = words.split([':', ' ', '\n']).find(|word| !word.is_empty()).expect("a code comes first");
    house.cli(&["alert", "ack", code]).await.done();
    page
}

#[tokio::test]
async fn a_test_page_to_nobody_or_over_nothing_is_refused() {
    let house = House::with(household()).await;
    for arguments in [&["send-test-page", "dora"][..], &["send-test-page", "anna", "fax"]] {
        let said = house.cli(arguments).await;
        let sentence = said.refused(1).trim();
        assert_eq!(sentence.lines().count(), 1, "one sentence: {said:#?}");
        assert!(
            sentence.contains(arguments.last().expect("an argument")),
            "it names what is wrong: {said:#?}"
        );
    }
    house.finish().await;
}
