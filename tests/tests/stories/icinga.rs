//! With a real Icinga 2, configured as docs/icinga.md says.

use tests::house::House;
use tests::household::{ANNA, Household};
use tests::icinga::Icinga;
use tests::nagios::{FLAPPY, HOST, SERVICE};
use tests::{binary, manual, wait};

fn household() -> Household {
    Household::default().source("nagios: { kind: nagios, key_file: keys/nagios }")
}

/// Starts Icinga with the documented configuration: only its paths and the address are those of the story.
async fn start_icinga(house: &House) -> Icinga {
    let (program, key) =
        (binary::hotpotato().display().to_string(), house.path("keys/nagios").display().to_string());
    let (spool, url) = (house.path("spool").display().to_string(), house.url(""));
    let changes = [
        ("/usr/bin/hotpotato", program.as_str()),
        ("/etc/hotpotato/icinga.key", &key),
        ("/var/spool/hotpotato", &spool),
        ("http://pager.example:8080", &url),
    ];
    Icinga::start(&house.path(""), &manual::configuration("icinga.md", "icinga2", &changes)).await
}

async fn nothing_is_open(house: &House) {
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
}

#[tokio::test]
async fn a_problem_pages_an_acknowledgement_there_counts_here_and_a_recovery_ends_it() {
    let mut house = House::with(household()).await;
    let icinga = start_icinga(&house).await;
    icinga.commands.found(
        HOST,
        SERVICE,
        2,
        "DISK CRITICAL 3% <b>ünï</b> \"q\" $(touch evil) `touch evil`; touch evil \\",
    );
    let page = house.page(ANNA.push).await;
    let alert = house
        .listed(
            "db1 / disk /var: DISK CRITICAL 3% <b>ünï</b> \"q\" $(touch evil) `touch evil`; touch evil \\",
        )
        .await;
    assert_eq!((alert.severity.as_str(), alert.state.as_str()), ("critical", "open"));
    house.recorded(&alert.id, "accepted by the provider", 1).await;

    icinga
        .commands
        .give(&format!("ACKNOWLEDGE_SVC_PROBLEM;{HOST};{SERVICE};2;1;1;alice;on it; ticket 7 $(touch evil)"));
    wait::until("it to be acknowledged", async || {
        house.open().await.iter().any(|alert| alert.state == "acknowledged").then_some(())
    })
    .await;
    house.recorded(&alert.id, "ACKNOWLEDGEMENT, alice: on it", 1).await;
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;

    icinga.commands.found(HOST, SERVICE, 0, "DISK OK");
    nothing_is_open(&house).await;

    // While the house is away, what is said waits.
    house.kill9();
    icinga.commands.found(HOST, SERVICE, 1, "DISK WARNING 8%");
    let spool = house.path("spool");
    let waits = || {
        std::fs::read_dir(&spool).is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|file| file.path().extension().is_some_and(|end| end == "json")))
        })
    };
    wait::until("the signal to be kept", async || waits().then_some(())).await;
    house.start().await;
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("DISK WARNING 8%"), "{page:#?}");
    let again = house.listed("db1 / disk /var: DISK WARNING 8%").await;
    assert!(again.id != alert.id && again.severity == "warning", "{again:?}");
    house.recorded(&again.id, "accepted by the provider", 1).await;
    icinga.commands.found(HOST, SERVICE, 0, "DISK OK");
    nothing_is_open(&house).await;
    assert!(
        !house.path("icinga/evil").exists() && !house.path("evil").exists(),
        "a shell has done something"
    );
    drop(icinga);
    house.finish().await;
}

#[tokio::test]
async fn flapping_and_downtimes_are_told_and_their_end_says_that_all_is_well() {
    let house = House::with(household().ladder(ANNA, &["{ contact: push, after: 1h }"])).await;
    let icinga = start_icinga(&house).await;
    icinga.commands.flap(HOST, FLAPPY, 15).await;
    let flapping = wait::until("an alert about what flaps", async || {
        house.open().await.into_iter().find(|alert| alert.summary.contains(FLAPPY))
    })
    .await;
    house.recorded(&flapping.id, "FLAPPINGSTART", 1).await;
    for _ in 0..24 {
        icinga.commands.found(HOST, FLAPPY, 0, "steady");
    }
    nothing_is_open(&house).await;
    house.recorded(&flapping.id, "FLAPPINGEND", 1).await;

    icinga.commands.found(HOST, SERVICE, 2, "DISK CRITICAL");
    let alert = house.listed("db1 / disk /var: DISK CRITICAL").await;
    let now = wait::wall_clock_ms() / 1_000;
    icinga
        .commands
        .give(&format!("SCHEDULE_SVC_DOWNTIME;{HOST};{SERVICE};{now};{};1;0;8;carol;new disk", now + 8));
    house.recorded(&alert.id, "DOWNTIMESTART, carol: new disk", 1).await;
    assert_eq!(house.open().await[0].state, "open", "a downtime there holds nothing here");
    // In a downtime no recovery is told; Icinga makes up for it after the end.
    icinga.commands.found(HOST, SERVICE, 0, "DISK OK");
    nothing_is_open(&house).await;
    drop(icinga);
    house.finish().await;
}
