//! The house on a log in memory, in virtual time: the actors themselves, nothing replaced but the world.

mod groups;
mod heartbeats;
mod ledger;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actors::alarm::{HouseAlarm, Trouble};
use actors::alert::{Declined, Done};
use actors::channel::{ChannelSettings, Pace};
use actors::house::{House, Parts};
use actors::meter::Meter;
use actors::shell::{Ports, Provenance, World};
use domain::alert::Order;
use domain::blueprint::{
    Blueprint, ContactPlan, PersonPlan, PolicyPlan, RoutePlan, RungPlan, ServicePlan, StepPlan, TargetPlan,
};
use domain::port::{Channel, Clock, Dispatch, Errand, Report};
use events::event::Language;
use events::event::alert::Way;
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::event::routes::When;
use events::event::signal::{Severity, Signal, Status};
use events::{
    AppendError, Appended, Author, Batch, BootId, Cause, DerivedKeys, EventLog, Journal, MemoryLog, PersonId,
    Position, ReadError, Recorded, Span, StreamId, Timestamp, Version,
};

/// Virtual time, since a moment in 2026.
#[derive(Debug)]
struct VirtualClock {
    started: tokio::time::Instant,
    offset_micros: AtomicI64,
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_micros(1_795_317_000_000_000 + passed + self.offset_micros.load(Ordering::Relaxed))
    }
}

/// A log that can be told to refuse, to lie, or to take a while, and counts its appends.
#[derive(Debug, Default)]
struct MoodyLog {
    log: MemoryLog,
    refuses: AtomicBool,
    /// It says that it has what it does not have.
    lies: AtomicBool,
    takes_a_while: AtomicBool,
    appends: AtomicU32,
}

impl EventLog for MoodyLog {
    #[expect(clippy::disallowed_methods, reason = "virtual time: what a disk takes")]
    async fn append(
        &self,
        stream: &StreamId,
        expected: Version,
        batch: Batch,
    ) -> Result<Appended, AppendError> {
        self.appends.fetch_add(1, Ordering::Relaxed);
        if self.takes_a_while.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if self.refuses.load(Ordering::Relaxed) {
            return Err(AppendError::StorageFull { reason: "the disk is full".into() });
        }
        if self.lies.load(Ordering::Relaxed) {
            let mut other = self.log.tail(Position::START, u32::MAX).await.unwrap_or_default();
            let position = other.pop().map_or(Position::START, |last| last.position);
            return Ok(Appended { position, version: expected.plus(1) });
        }
        self.log.append(stream, expected, batch).await
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Recorded>, ReadError> {
        self.log.read(stream, after).await
    }

    async fn tail(&self, after: Position, count_max: u32) -> Result<Vec<Recorded>, ReadError> {
        self.log.tail(after, count_max).await
    }
}

#[derive(Debug)]
struct TestWorld;

impl World for TestWorld {
    type Log = Arc<MoodyLog>;
    type Keys = DerivedKeys;
    type Clock = VirtualClock;
}

/// What was sent, and how the providers answer.
#[derive(Debug, Default)]
struct Providers {
    sent: Mutex<Vec<String>>,
    mood: Mutex<Mood>,
    /// There is a second provider of SMS, which promises a report within a minute, as the first one then does.
    second: Option<Arc<Self>>,
}

#[derive(Clone, Copy, Debug, Default)]
enum Mood {
    #[default]
    Takes,
    Hangs,
    Panics,
    IsDown,
}

impl Channel for Providers {
    async fn send(&self, dispatch: &Dispatch) -> Report {
        let mood = *self.mood.lock().unwrap_or_else(PoisonError::into_inner);
        let repeat = matches!(&dispatch.errand, Errand::Page(notice) if notice.repeat);
        let told = format!("{}{}", dispatch.address, if repeat { " repeat" } else { "" });
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(told);
        match mood {
            Mood::Takes => Report::bare(Outcome::Accepted),
            Mood::Hangs => std::future::pending().await,
            Mood::Panics => panic!("the channel falls over"),
            Mood::IsDown => Report::bare(Outcome::Failed { reason: Reason::Connection, retry_after: None }),
        }
    }
}

impl Providers {
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn feel(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }
}

#[derive(Debug, Default)]
struct Alarm(Mutex<Vec<Trouble>>);

impl HouseAlarm for Alarm {
    fn sound(&self, trouble: Trouble) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(trouble);
    }
}

impl Alarm {
    fn troubles(&self) -> Vec<Trouble> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Scene {
    house: House<TestWorld>,
    log: Arc<MoodyLog>,
    providers: Arc<Providers>,
    alarm: Arc<Alarm>,
    boot: u64,
}

impl Scene {
    async fn new() -> Self {
        let scene = Self::start(Arc::default(), Arc::default(), 1, 0).await;
        scene.house.apply(blueprint(), false, by_token()).await.expect("applied");
        scene
    }

    async fn start(log: Arc<MoodyLog>, providers: Arc<Providers>, boot: u64, set_back_seconds: i64) -> Self {
        let alarm = Arc::new(Alarm::default());
        let clock = VirtualClock { started: tokio::time::Instant::now(), offset_micros: AtomicI64::new(0) };
        let last =
            log.tail(Position::START, u32::MAX).await.expect("a tail").last().map(|last| last.record.at);
        let ahead =
            last.map_or(0, |last| last.as_micros() - 1_795_317_000_000_000) - set_back_seconds * 1_000_000;
        clock.offset_micros.store(ahead, Ordering::Relaxed);
        let channel = |id: &str, kind, provider: &Arc<Providers>| {
            let settings = ChannelSettings {
                pace: Pace::default(),
                id: id.into(),
                kind,
                per_second: 1_000.0,
                burst: 1_000,
                concurrent_max: 100,
                timeout: Span::from_seconds(10),
                reports_within: providers.second.as_ref().map(|_| Span::from_seconds(60)),
            };
            (settings, Arc::clone(provider))
        };
        let mut channels = vec![
            channel("push", ChannelKind::PUSHOVER, &providers),
            channel("sms", ChannelKind::SMS, &providers),
        ];
        channels.extend(providers.second.as_ref().map(|second| channel("sms-b", ChannelKind::SMS, second)));
        let parts = Parts {
            ports: Ports {
                journal: Journal::new(Arc::clone(&log), DerivedKeys::default(), "a".into(), BootId(boot)),
                clock,
                meter: Arc::new(Meter::default()),
            },
            alarm: Arc::clone(&alarm) as Arc<dyn HouseAlarm>,
            channels,
            mint: Arc::new(|| {
                let mut next = 0_u8;
                Box::new(move || {
                    next += 1;
                    PersonId::from_bytes([next; 16])
                })
            }),
        };
        let house = House::start(parts).await.expect("a house");
        Self { house, log, providers, alarm, boot }
    }

    /// The process dies and comes back: only the log stays.
    async fn restart(self) -> Self {
        self.restart_set_back(0).await
    }

    /// The same, and somebody set the wall clock back meanwhile.
    async fn restart_set_back(self, seconds: i64) -> Self {
        self.house.stop(Duration::ZERO).await;
        Self::start(self.log, self.providers, self.boot + 1, seconds).await
    }

    async fn fire(&self, key: &str) -> Result<Done, Declined> {
        self.signal(key, Status::Firing).await
    }

    async fn signal(&self, key: &str, status: Status) -> Result<Done, Declined> {
        let signal = Signal {
            status,
            summary: format!("{key} is broken"),
            severity: Severity::Critical,
            labels: std::collections::BTreeMap::new(),
            details: std::collections::BTreeMap::new(),
            started_at: None,
            severity_said: None,
            finding: None,
        };
        let provenance =
            Provenance { by: Author::Source("prometheus".into()), cause: Cause::Request("1".into()) };
        self.house.signal("prometheus".into(), key.into(), signal, provenance).await
    }

    /// Lets virtual time pass.
    async fn pass(&self, seconds: u64) {
        #[expect(clippy::disallowed_methods, reason = "virtual time passes only while somebody sleeps")]
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

fn blueprint() -> Blueprint {
    let person = |name: &str| {
        let contact =
            |channel, way: &str| ContactPlan { channel, address: format!("{name} {way}"), via: None };
        let rung = |contact: &str, minutes| RungPlan {
            contact: contact.into(),
            after: Span::from_minutes(minutes),
            attempts: 1,
            every: Span::ZERO,
        };
        PersonPlan {
            name: name.into(),
            locale: Language::En,
            time_zone: "UTC".into(),
            contacts: [
                ("push".to_owned(), contact(ChannelKind::PUSHOVER, "push")),
                ("sms".to_owned(), contact(ChannelKind::SMS, "sms")),
            ]
            .into(),
            ladder: vec![rung("push", 0), rung("sms", 2)],
        }
    };
    let step = |name: &str| StepPlan::paging(vec![TargetPlan::Person(name.into())], Span::from_minutes(10));
    Blueprint {
        people: ["anna", "bernd"].map(|name| (name.to_owned(), person(name))).into(),
        policies: [(
            "default".to_owned(),
            PolicyPlan {
                steps: vec![step("anna"), step("bernd")],
                repeat: 0,
                fallback: vec![TargetPlan::Person("anna".into())],
                acknowledgement_lapses: Some(Span::from_minutes(30)),
            },
        )]
        .into(),
        services: [(
            "shop".to_owned(),
            ServicePlan {
                name: "Shop".into(),
                policy: "default".into(),
                runbook: None,
                reference_only: false,
                group_within: None,
                group_again_after: None,
            },
        )]
        .into(),
        routes: vec![RoutePlan::to("shop".into(), When::default())],
        ..Blueprint::default()
    }
}

fn by_token() -> Provenance {
    Provenance { by: Author::Token("owner".into()), cause: Cause::Request("1".into()) }
}

#[tokio::test(start_paused = true)]
async fn an_alert_climbs_the_ladder_and_the_policy_until_somebody_has_it() {
    let scene = Scene::new().await;
    let done = scene.fire("disk").await.expect("taken");
    scene.pass(1).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
    scene.pass(120).await;
    assert_eq!(scene.providers.told(), ["anna sms"]);
    scene.pass(480).await;
    assert_eq!(scene.providers.told(), ["bernd push"]);
    let alert = done.alert.expect("an alert");
    let acknowledge = Order::Acknowledge { by: Author::Token("owner".into()), way: Way::Api };
    scene.house.order(alert, acknowledge, by_token()).await.expect("acknowledged");
    assert_eq!(
        scene.house.published().board().card(alert).map(|card| card.state.as_str()),
        Some("acknowledged")
    );
    scene.pass(1_500).await;
    assert_eq!(scene.providers.told(), Vec::<String>::new());
    scene.pass(400).await;
    assert_eq!(scene.providers.told(), ["anna push"], "the acknowledgement lapsed");
}

#[tokio::test(start_paused = true)]
async fn what_one_provider_does_not_take_or_report_the_second_has_at_once() {
    let second = Arc::new(Providers::default());
    let providers = Providers { second: Some(Arc::clone(&second)), ..Providers::default() };
    let scene = Scene::start(Arc::default(), providers.into(), 1, 0).await;
    let mut house = blueprint();
    house.people.get_mut("anna").expect("Anna").ladder.remove(0);
    scene.house.apply(house, false, by_token()).await.expect("applied");
    scene.fire("disk").await.expect("taken");
    scene.pass(121).await;
    assert_eq!((scene.providers.told(), second.told()), (vec!["anna sms".to_owned()], vec![]));
    scene.pass(60).await;
    assert_eq!(second.told(), ["anna sms repeat"], "the first one was to report and is silent");

    scene.providers.feel(Mood::IsDown);
    for number in 0..8 {
        scene.fire(&format!("disk {number}")).await.expect("taken");
    }
    scene.pass(121).await;
    assert_eq!(second.told().len(), 8, "nobody waits for the breaker");
    let breakers = scene.house.ports().meter.breakers.get();
    assert!(breakers["sms"].is_open(), "{breakers:?}");
    assert_eq!(breakers["sms"].last, Some(Reason::Connection));
    assert!(!breakers["sms-b"].is_open(), "{breakers:?}");
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_only_waits_has_no_actor() {
    let scene = Scene::new().await;
    for number in 0..150 {
        scene.fire(&format!("disk {number}")).await.expect("taken");
    }
    scene.pass(2).await;
    assert_eq!(scene.providers.told().len(), 150);
    assert_eq!(scene.house.ports().meter.actors.get(), 0);
    assert_eq!(scene.house.published().board().open_count(), 150);
    scene.pass(120).await;
    assert_eq!(scene.providers.told().len(), 150, "each is revived by its deadline");
}

#[tokio::test(start_paused = true)]
async fn the_same_signal_many_times_at_once_is_one_alert() {
    let scene = Scene::new().await;
    let fires = (0..50).map(|_| scene.fire("disk"));
    let answers = futures(fires).await;
    let alerts: std::collections::BTreeSet<_> = answers.iter().map(|done| done.alert).collect();
    assert_eq!(alerts.len(), 1);
    assert_eq!(answers.iter().filter(|done| done.position.is_some()).count(), 1);
    scene.pass(1).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
}

async fn futures<F: Future<Output = Result<Done, Declined>>>(all: impl Iterator<Item = F>) -> Vec<Done> {
    let mut done = Vec::new();
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                done.push(answer.expect("taken"));
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_the_ladder_goes_on_from_the_log() {
    let scene = Scene::new().await;
    scene.fire("disk").await.expect("taken");
    scene.pass(60).await;
    scene.providers.told();
    let scene = scene.restart().await;
    scene.pass(30).await;
    assert_eq!(scene.providers.told(), Vec::<String>::new());
    scene.pass(95).await;
    assert_eq!(scene.providers.told(), ["anna sms"]);
    let known = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    assert_eq!(known.ordinal, 1, "and the alert is known");
}

#[tokio::test(start_paused = true)]
async fn what_was_in_flight_when_the_process_died_is_sent_again_as_a_repeat() {
    let scene = Scene::new().await;
    scene.providers.feel(Mood::Hangs);
    scene.fire("disk").await.expect("taken");
    scene.pass(1).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
    scene.providers.feel(Mood::Takes);
    let scene = scene.restart().await;
    scene.pass(5).await;
    assert_eq!(scene.providers.told(), ["anna push repeat"]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_hangs_or_falls_over_loses_nothing() {
    for mood in [Mood::Hangs, Mood::Panics] {
        let scene = Scene::new().await;
        scene.providers.feel(mood);
        scene.fire("disk").await.expect("taken");
        scene.pass(16).await;
        scene.providers.feel(Mood::Takes);
        scene.pass(4).await;
        let told = scene.providers.told();
        assert_eq!(told.last().map(String::as_str), Some("anna push repeat"), "{mood:?}: {told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_resolved_symptom_fires_again_as_the_next_alert() {
    let scene = Scene::new().await;
    let first = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    scene.signal("disk", Status::Resolved).await.expect("taken");
    let nothing = scene.signal("disk", Status::Resolved).await.expect("taken");
    assert_eq!(nothing, Done::NOTHING, "a resolve of nothing changes nothing");
    let second = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    assert_eq!((first.ordinal, second.ordinal), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn when_the_log_refuses_nothing_is_acknowledged_and_the_alarm_sounds_until_it_recovers() {
    let scene = Scene::new().await;
    scene.fire("disk").await.expect("taken");
    scene.pass(1).await;
    scene.providers.told();
    scene.log.refuses.store(true, Ordering::Relaxed);
    let refused = scene.fire("fan").await;
    assert!(matches!(refused, Err(Declined::Unavailable { .. })), "{refused:?}");
    assert!(matches!(scene.alarm.troubles()[..], [Trouble::LogRefuses { .. }, ..]));
    assert!(!scene.house.bell().health().borrow().is_well());
    scene.pass(130).await;
    assert_eq!(scene.providers.told(), Vec::<String>::new(), "nothing is sent that is not written down");
    scene.log.refuses.store(false, Ordering::Relaxed);
    scene.pass(3).await;
    assert_eq!(scene.providers.told(), ["anna sms"], "what was due is done as soon as the log takes it");
    assert!(scene.house.bell().health().borrow().is_well());
    scene.fire("fan").await.expect("taken again");
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_cannot_be_replayed_is_set_aside_and_the_others_go_on() {
    let scene = Scene::new().await;
    let broken = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    scene.fire("fan").await.expect("taken");
    scene.pass(1).await;
    scene.providers.told();
    let poison = events::conformance::batch(&broken.stream(), Version(u64::MAX >> 1), &["no event"]);
    let actual = match scene.log.append(&broken.stream(), Version(u64::MAX >> 1), poison).await {
        Err(AppendError::WrongVersion { actual }) => actual,
        other => panic!("{other:?}"),
    };
    let poison = events::conformance::batch(&broken.stream(), actual, &["no event"]);
    scene.log.append(&broken.stream(), actual, poison).await.expect("poisoned");
    scene.pass(140).await;
    assert_eq!(scene.providers.told(), ["anna sms"], "the other alert climbs on");
    let set_aside = scene
        .alarm
        .troubles()
        .iter()
        .any(|trouble| matches!(trouble, Trouble::Quarantined { alert, .. } if *alert == broken));
    assert!(set_aside, "{:?}", scene.alarm.troubles());
    let order = Order::Acknowledge { by: Author::House, way: Way::Api };
    assert_eq!(
        scene.house.order(broken, order, by_token()).await,
        Err(Declined::Quarantined { alert: broken })
    );
}

#[tokio::test(start_paused = true)]
async fn applying_twice_changes_nothing_and_a_change_reaches_open_alerts() {
    let scene = Scene::new().await;
    let again = scene.house.apply(blueprint(), false, by_token()).await.expect("applied");
    assert!(again.plan.changes.is_empty() && again.position.is_none());
    scene.fire("disk").await.expect("taken");
    scene.pass(1).await;
    scene.providers.told();
    let mut changed = blueprint();
    let policy = changed.policies.get_mut("default").expect("a policy");
    policy.steps[0].page.push(TargetPlan::Person("bernd".into()));
    let dry = scene.house.apply(changed.clone(), true, by_token()).await.expect("planned");
    assert_eq!((dry.plan.changes.len(), dry.position), (1, None));
    scene.pass(1).await;
    assert_eq!(scene.providers.told(), Vec::<String>::new());
    scene.house.apply(changed, false, by_token()).await.expect("applied");
    scene.pass(1).await;
    assert_eq!(scene.providers.told(), ["bernd push"]);
}

#[tokio::test(start_paused = true)]
async fn a_house_that_closes_lets_what_is_under_way_finish() {
    let scene = Scene::new().await;
    scene.fire("disk").await.expect("taken");
    let house = scene.house.clone();
    house.stop(Duration::from_secs(20)).await;
    assert_eq!(scene.providers.told(), ["anna push"]);
    let ended = scene.log.tail(Position::START, 1_000).await.expect("a tail");
    assert_eq!(ended.last().map(|last| &*last.record.kind), Some("alert.attempt_ended"));
}

#[tokio::test(start_paused = true)]
async fn a_record_that_nobody_can_read_keeps_neither_the_house_from_starting_nor_its_symptom_unheard() {
    let scene = Scene::new().await;
    let broken = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    scene.fire("fan").await.expect("taken");
    scene.pass(1).await;
    scene.providers.told();
    let actual = Version(
        u64::try_from(scene.log.read(&broken.stream(), Version::NONE).await.expect("a history").len())
            .expect("small"),
    );
    let poison = events::conformance::batch(&broken.stream(), actual, &["no event"]);
    scene.log.append(&broken.stream(), actual, poison).await.expect("poisoned");
    let scene = scene.restart().await;
    let set_aside = Trouble::Quarantined { alert: broken, reason: String::new() };
    let told = scene.alarm.troubles();
    assert!(
        told.iter().any(|trouble| std::mem::discriminant(trouble) == std::mem::discriminant(&set_aside)),
        "{told:?}"
    );
    scene.pass(125).await;
    assert_eq!(scene.providers.told(), ["anna sms"], "the other alert climbs on");
    let next = scene.fire("disk").await.expect("taken").alert.expect("an alert");
    assert_eq!(next.ordinal, 2, "the symptom raises its next alert");
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_was_set_back_makes_nobody_wait() {
    let scene = Scene::new().await;
    scene.fire("disk").await.expect("taken");
    scene.pass(2).await;
    scene.providers.told();
    let scene = scene.restart_set_back(3_600).await;
    scene.pass(125).await;
    assert_eq!(scene.providers.told(), ["anna sms"]);
}
