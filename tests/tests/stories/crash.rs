//! kill -9 between every two stages of an escalation: nothing is lost, the ladder goes on, and what may have arrived
//! before says that it is a repeat.

use serde_json::json;
use tests::house::House;
use tests::household::{ANNA, BERND, Household, Person};
use tests::open_alert::OpenAlert;
use tests::page::Page;
use tests::plan::Plan;
use tests::stand_ins::Provider;
use tests::stand_ins::Provider::{Kannel, Pushover, Snpp, Tap, Twilio};
use tests::together::side_by_side;

const ACCEPTED: &str = "accepted by the provider";

/// When the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    /// As soon as the source has heard 2xx.
    OnceTheSignalIsAccepted,
    /// While a provider has the page and does not answer.
    WhileHanging(Provider, Person),
    /// Once its outcome is in the log.
    OnceRecorded(Stage),
    /// Once the page is at the provider; its outcome may be in the log or not.
    OnceItArrives(Stage),
    /// While the emergency is being cancelled.
    WhileTheRecallHangs,
}

/// A page of the escalation, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Push,
    Sms,
    Pager,
    NextPush,
}

const STAGES: [Stage; 4] = [Stage::Push, Stage::Sms, Stage::Pager, Stage::NextPush];

impl Stage {
    const fn destination(self) -> &'static str {
        match self {
            Self::Push => ANNA.push,
            Self::Sms => ANNA.sms,
            Self::Pager => ANNA.pager,
            Self::NextPush => BERND.push,
        }
    }

    /// What stands in the timeline once the provider has taken it.
    fn accepted(self) -> String {
        let (channel, person) = match self {
            Self::Push => ("Pushover", ANNA),
            Self::Sms => ("SMS", ANNA),
            Self::Pager => ("Pager", ANNA),
            Self::NextPush => ("Pushover", BERND),
        };
        format!("{channel} to {}: {ACCEPTED}", person.name)
    }
}

const KILLS: [Kill; 13] = [
    Kill::OnceTheSignalIsAccepted,
    Kill::WhileHanging(Pushover, ANNA),
    Kill::OnceItArrives(Stage::Push),
    Kill::OnceRecorded(Stage::Push),
    Kill::WhileHanging(Twilio, ANNA),
    Kill::OnceItArrives(Stage::Sms),
    Kill::OnceRecorded(Stage::Sms),
    Kill::WhileHanging(Snpp, ANNA),
    Kill::OnceRecorded(Stage::Pager),
    Kill::WhileHanging(Pushover, BERND),
    Kill::OnceItArrives(Stage::NextPush),
    Kill::OnceRecorded(Stage::NextPush),
    Kill::WhileTheRecallHangs,
];

/// Without reports, since one that comes before the kill would prove that an SMS needs no repeat.
fn plan() -> Plan {
    let household = Household::default()
        .ladder(
            ANNA,
            &["{ contact: push, after: 0s }", "{ contact: sms, after: 2s }", "{ contact: pager, after: 4s }"],
        )
        .steps(&["{ page: [{ person: anna }], wait: 6s }", "{ page: [{ person: bernd }], wait: 1h }"]);
    Plan::from(household).without_reports()
}

#[tokio::test]
async fn a_kill_between_any_two_stages_loses_nothing_and_repeats_at_most_once() {
    // A few houses at a time: each is two processes.
    for kills in KILLS.chunks(5) {
        side_by_side(kills.iter().map(|&kill| killed(kill))).await;
    }
}

async fn killed(kill: Kill) {
    let mut house = House::with(plan()).await;
    hang(&house, kill).await;
    let body = json!({ "summary": "disk full", "dedup_key": "disk", "severity": "critical" });
    house.post_generic(&body).await.ok();
    if kill == Kill::OnceTheSignalIsAccepted {
        house.kill9_and_restart().await;
    }
    let alert = house.listed("disk full").await;
    let mut rings = Vec::new();
    for stage in STAGES {
        let page = house.page(stage.destination()).await;
        // Killed right after it accepted the signal, the house cannot know whether the push had left.
        let may_be_second = kill == Kill::OnceTheSignalIsAccepted && stage == Stage::Push;
        assert!(
            may_be_second || !page.is_repeat(),
            "{kill:?}: the first {stage:?} calls itself a repeat: {page:#?}"
        );
        let repeat = kill_now(&mut house, kill, stage, &alert, &page).await;
        rings.extend(
            repeat.unwrap_or(page).receipt.filter(|_| matches!(stage, Stage::Push | Stage::NextPush)),
        );
    }
    acknowledged(&mut house, kill, &alert, &rings).await;
    house.finish().await;
}

/// Before anything happens: the provider that the story is about takes the page and does not answer.
async fn hang(house: &House, kill: Kill) {
    let hang = json!({ "kind": "hang", "processed": true });
    match kill {
        Kill::WhileHanging(provider, person) => {
            let destination = match provider {
                Pushover => person.push,
                Twilio | Kannel => person.sms,
                Snpp | Tap => person.pager,
            };
            let rule = json!([{ "behaviour": hang, "destination": destination, "times": 1 }]);
            house.stand_ins().behave(provider, rule).await;
        }
        Kill::WhileTheRecallHangs => {
            let rule = json!([{ "behaviour": hang, "on": "cancel", "times": 1 }]);
            house.stand_ins().behave(Pushover, rule).await;
        }
        Kill::OnceTheSignalIsAccepted | Kill::OnceRecorded(_) | Kill::OnceItArrives(_) => {}
    }
}

/// The page of a stage has come. Kills the house if it is time to, and returns the page that came again, if one did.
async fn kill_now(
    house: &mut House,
    kill: Kill,
    stage: Stage,
    alert: &OpenAlert,
    page: &Page,
) -> Option<Page> {
    match kill {
        Kill::OnceTheSignalIsAccepted if stage == Stage::Push => {
            house.recorded(&alert.id, &stage.accepted(), 1).await;
            house.repeat_if_any(stage.destination()).await
        }
        Kill::WhileHanging(..) if page.answer.code.is_none() => {
            house.kill9_and_restart().await;
            let repeat = house.page(stage.destination()).await;
            assert!(
                repeat.is_repeat(),
                "{kill:?}: {stage:?} may have come before and does not say so: {repeat:#?}"
            );
            Some(repeat)
        }
        Kill::OnceRecorded(recorded) if recorded == stage => {
            house.recorded(&alert.id, &stage.accepted(), 1).await;
            house.kill9_and_restart().await;
            None
        }
        Kill::OnceItArrives(arrived) if arrived == stage => {
            house.kill9_and_restart().await;
            // Sent once or twice, but in the end it is known that it was.
            house.recorded(&alert.id, &stage.accepted(), 1).await;
            house.repeat_if_any(stage.destination()).await
        }
        _ => None,
    }
}

/// The end of every such story: somebody takes it, and what is known to ring is cancelled, whatever happened.
async fn acknowledged(house: &mut House, kill: Kill, alert: &OpenAlert, rings: &[String]) {
    for stage in STAGES {
        house.recorded(&alert.id, &stage.accepted(), 1).await;
    }
    house.cli(&["alert", "ack", &alert.code]).await.done();
    if kill == Kill::WhileTheRecallHangs {
        house.stand_ins().call("cancel", |call| call.answer.code.is_none()).await;
        house.kill9_and_restart().await;
    }
    assert_eq!(rings.len(), 2, "{kill:?}: two emergencies were accepted");
    for receipt in rings {
        house
            .stand_ins()
            .call("cancel", |call| call.destination == *receipt && call.answer.code == Some(200))
            .await;
    }
    house.recorded(&alert.id, ": stopped", rings.len()).await;
    assert_eq!(house.alerts().await[0].state, "acknowledged", "{kill:?}");
}

#[tokio::test]
async fn a_process_that_dies_again_and_again_still_reaches_the_next_person() {
    let mut house = House::with(plan()).await;
    let alert = house.fire("disk full").await;
    let mut kills = 0;
    for stage in STAGES {
        house.page(stage.destination()).await;
        for _ in 0..2 {
            house.kill9_and_restart().await;
            kills += 1;
        }
    }
    let mut repeats = 0;
    for stage in STAGES {
        house.recorded(&alert.id, &stage.accepted(), 1).await;
        while house.repeat_if_any(stage.destination()).await.is_some() {
            repeats += 1;
        }
    }
    assert!(repeats <= kills, "{kills} kills, but {repeats} repeats");
    house.cli(&["alert", "ack", &alert.code]).await.done();
    house.finish().await;
}
