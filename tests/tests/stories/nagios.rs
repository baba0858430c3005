//! With a real Nagios, configured as docs/nagios.md says.

use tests::house::House;
use tests::household::{ANNA, Household};
use tests::nagios::{FLAPPY, HOST, Nagios, SERVICE};
use tests::{binary, manual, wait};

/// The languages in which the document shows its commands.
const BY_ARGUMENTS: &str = "nagios";
const BY_ENVIRONMENT: &str = "nagios-environment";

fn household() -> Household {
    Household::default().source("nagios: { kind: nagios, key_file: keys/nagios }")
}

/// Nobody is paged before the story is over.
fn nobody_yet() -> Household {
    household().ladder(ANNA, &["{ contact: push, after: 1h }"])
}

/// Starts Nagios with the documented configuration: only its paths and the address are those of the story.
async fn start_nagios(house: &House, language: &str) -> Nagios {
    let changes = |text: &'static str, language| {
        let (program, key) =
            (binary::hotpotato().display().to_string(), house.path("keys/nagios").display().to_string());
        let (spool, url) = (house.path("spool").display().to_string(), house.url(""));
        let all = [
            ("/usr/bin/hotpotato", program.as_str()),
            ("/etc/hotpotato/nagios.key", &key),
            ("/var/spool/hotpotato", &spool),
            ("http://pager.example:8080", &url),
        ];
        manual::configuration(text, language, &all)
    };
    let mut configuration = changes("nagios.md", language);
    if language == BY_ENVIRONMENT {
        // The contact is the same for both.
        let all = changes("nagios.md", BY_ARGUMENTS);
        let contact = all.find("define contact").expect("the document shows a contact");
        configuration.push_str(&all[contact..]);
    }
    Nagios::start(&house.path(""), &configuration, language == BY_ENVIRONMENT).await
}

async fn nothing_is_open(house: &House) {
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
}

async fn tells_a_problem(language: &str, summary: &str) {
    let mut house = House::with(household()).await;
    let nagios = start_nagios(&house, language).await;
    nagios.commands.found(
        HOST,
        SERVICE,
        2,
        "DISK CRITICAL 3% <b>ünï</b> $(touch evil) `touch evil`; touch evil \\",
    );
    let page = house.page(ANNA.push).await;
    let alert = house.listed(summary).await;
    assert!(page.words().contains(&alert.code), "{page:#?}");
    assert_eq!((alert.severity.as_str(), alert.state.as_str()), ("critical", "open"));
    house.recorded(&alert.id, "accepted by the provider", 1).await;

    nagios.commands.give(&format!(
        "ACKNOWLEDGE_SVC_PROBLEM;{HOST};{SERVICE};2;1;1;alice;on it'; touch evil; echo ' \" $(touch evil) ticket 7"
    ));
    wait::until("it to be acknowledged", async || {
        house.open().await.iter().any(|alert| alert.state == "acknowledged").then_some(())
    })
    .await;
    house.recorded(&alert.id, "ACKNOWLEDGEMENT, alice: on it", 1).await;
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;

    nagios.commands.found(HOST, SERVICE, 0, "DISK OK");
    nothing_is_open(&house).await;
    assert!(
        !house.path("nagios/evil").exists() && !house.path("evil").exists(),
        "a shell has done something"
    );
    drop(nagios);
    house.finish().await;
}

#[tokio::test]
async fn a_problem_pages_an_acknowledgement_there_counts_here_and_a_recovery_ends_it() {
    // Nagios takes some letters out of what goes through the shell, and writes `:` for `;` in any case.
    let summary = "db1 / disk /var: DISK CRITICAL 3% bünï/b (touch evil) touch evil: touch evil \\";
    tells_a_problem(BY_ARGUMENTS, summary).await;
}

#[tokio::test]
async fn without_a_shell_every_letter_arrives() {
    let summary = "db1 / disk /var: DISK CRITICAL 3% <b>ünï</b> $(touch evil) `touch evil`: touch evil \\";
    tells_a_problem(BY_ENVIRONMENT, summary).await;
}

#[tokio::test]
async fn what_nagios_says_while_the_house_is_away_arrives_when_it_is_back() {
    let mut house = House::with(household()).await;
    let nagios = start_nagios(&house, BY_ARGUMENTS).await;
    house.kill9();
    nagios.commands.give(&format!("PROCESS_HOST_CHECK_RESULT;{HOST};1;PING CRITICAL 100% loss"));
    let spool = house.path("spool");
    let waits = || {
        std::fs::read_dir(&spool).is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|file| file.path().extension().is_some_and(|end| end == "json")))
        })
    };
    wait::until("the signal to be kept", async || waits().then_some(())).await;
    house.start().await;
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("db1 DOWN: PING CRITICAL 100% loss"), "{page:#?}");
    let alert = house.listed("db1 DOWN: PING CRITICAL 100% loss").await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    nagios.commands.give(&format!("PROCESS_HOST_CHECK_RESULT;{HOST};0;PING OK"));
    nothing_is_open(&house).await;
    // The file goes once the answer is there, and that comes after the alert has changed.
    wait::until("nothing to wait any more", async || (!waits()).then_some(())).await;
    drop(nagios);
    house.finish().await;
}

#[tokio::test]
async fn flapping_and_downtimes_are_told_and_their_end_says_that_all_is_well() {
    let house = House::with(nobody_yet()).await;
    let nagios = start_nagios(&house, BY_ARGUMENTS).await;
    nagios.commands.flap(HOST, FLAPPY, 15).await;
    let flapping = wait::until("an alert about what flaps", async || {
        house.open().await.into_iter().find(|alert| alert.summary.contains(FLAPPY))
    })
    .await;
    house.recorded(&flapping.id, "FLAPPINGSTART", 1).await;
    for _ in 0..24 {
        nagios.commands.found(HOST, FLAPPY, 0, "steady");
    }
    nothing_is_open(&house).await;
    house.recorded(&flapping.id, "FLAPPINGSTOP", 1).await;

    nagios.commands.found(HOST, SERVICE, 2, "DISK CRITICAL");
    let alert = house.listed("db1 / disk /var: DISK CRITICAL").await;
    let now = wait::wall_clock_ms() / 1_000;
    nagios
        .commands
        .give(&format!("SCHEDULE_SVC_DOWNTIME;{HOST};{SERVICE};{now};{};1;0;8;carol;new disk", now + 8));
    house.recorded(&alert.id, "DOWNTIMESTART, carol: new disk", 1).await;
    assert_eq!(house.open().await[0].state, "open", "a downtime there holds nothing here");
    // In a downtime, no recovery is told.
    nagios.commands.found(HOST, SERVICE, 0, "DISK OK");
    nothing_is_open(&house).await;
    house.recorded(&alert.id, "DOWNTIMEEND, carol: new disk", 1).await;
    drop(nagios);
    house.finish().await;
}
