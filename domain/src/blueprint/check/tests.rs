use chrono::NaiveDateTime;
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::routes::{TextTest, When};
use events::event::signal::Severity as SignalSeverity;
use events::event::source::SourceKind;

use super::*;
use crate::blueprint::mistake::Severity;
use crate::blueprint::{
    ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan, RungPlan,
    SourcePlan, StepPlan, TargetPlan,
};

/// A house in which everything is right.
fn house() -> Blueprint {
    let member = || vec!["anna".to_owned(), "bernd".to_owned()];
    let mut house = Blueprint::default();
    for name in ["anna", "bernd"] {
        house.people.insert(name.into(), person(name));
    }
    house.teams.insert(
        "sysadmin".into(),
        TeamPlan {
            name: "Sysadmins".into(),
            members: member(),
            time_zone: Some("Europe/Berlin".into()),
            handovers: events::event::team::Handovers::Silent,
            lead: None,
            test_pages: None,
        },
    );
    let from: NaiveDateTime = "2026-11-02T09:00:00".parse().expect("a wall-clock time");
    let layer = LayerPlan {
        members: member().iter().map(|member| MemberPlan::always(member)).collect(),
        handover: HandoverPlan { every: 1, unit: TurnUnit::Weeks, from },
        hours: Vec::new(),
    };
    let rota =
        RotaPlan { team: Some("sysadmin".into()), time_zone: "Europe/Berlin".into(), layers: vec![layer] };
    house.rotas.insert("primary".into(), rota);
    house.policies.insert("default".into(), policy());
    house.services.insert(
        "shop".into(),
        ServicePlan {
            name: "Web shop".into(),
            policy: "default".into(),
            runbook: Some("https://wiki.example/shop".into()),
            reference_only: false,
            group_within: None,
            group_again_after: None,
        },
    );
    house.sources.insert("prometheus".into(), source("a"));
    house.routes.push(RoutePlan::to("shop".into(), When::default()));
    house
}

fn person(name: &str) -> PersonPlan {
    let contact = ContactPlan { channel: ChannelKind::SMS, address: "+393331234567".into(), via: None };
    let rung =
        RungPlan { contact: "sms".into(), after: Span::ZERO, attempts: 1, every: Span::from_minutes(2) };
    PersonPlan {
        name: name.into(),
        locale: Language::It,
        time_zone: "Europe/Rome".into(),
        contacts: [("sms".to_owned(), contact)].into(),
        ladder: vec![rung],
    }
}

fn policy() -> PolicyPlan {
    let page = vec![TargetPlan::Rota { rota: "primary".into(), offset: 0 }];
    PolicyPlan {
        steps: vec![StepPlan::paging(page, Span::from_minutes(10))],
        repeat: 2,
        fallback: vec![TargetPlan::Person("anna".into())],
        acknowledgement_lapses: None,
    }
}

fn source(hash: &str) -> SourcePlan {
    SourcePlan {
        kind: SourceKind::Alertmanager,
        key_file: "keys/prometheus".into(),
        key_sha256: Some(hash.into()),
        every: None,
        grace: None,
        service: None,
        flood_at: None,
        severities: std::collections::BTreeMap::new(),
    }
}

/// What is wrong after `change`, as path and kind of mistake.
fn wrong(completeness: Completeness, change: impl FnOnce(&mut Blueprint)) -> Vec<String> {
    let mut house = house();
    change(&mut house);
    let mut said: Vec<String> = check(&house, completeness, |_, _| None)
        .into_iter()
        .map(|mistake| {
            let mark = if mistake.severity == Severity::Warning { "?" } else { "" };
            let what = format!("{:?}", mistake.what);
            let what = what.split([' ', '{']).next().unwrap_or_default();
            format!("{} {what}{mark}", mistake.path)
        })
        .collect();
    said.sort();
    said
}

#[track_caller]
fn assert_wrong(expected: &[&str], change: impl FnOnce(&mut Blueprint)) {
    assert_eq!(wrong(Completeness::Whole, change), expected);
}

fn anna(house: &mut Blueprint) -> &mut PersonPlan {
    house.people.get_mut("anna").expect("anna")
}

fn default_policy(house: &mut Blueprint) -> &mut PolicyPlan {
    house.policies.get_mut("default").expect("default")
}

fn primary(house: &mut Blueprint) -> &mut RotaPlan {
    house.rotas.get_mut("primary").expect("primary")
}

#[test]
fn a_sound_house_has_no_mistakes() {
    assert_wrong(&[], |_| {});
}

#[test]
fn nothing_at_all_would_empty_the_house() {
    assert_wrong(&[" NothingDefined"], |house| *house = Blueprint::default());
    let part = wrong(Completeness::Part, |house| *house = Blueprint::default());
    assert_eq!(part, [" NothingDefined?"]);
}

#[test]
fn unknown_names_are_found_everywhere() {
    let nobody = || "calum".to_owned();
    assert_wrong(&["teams.sysadmin.members[0] Unknown"], |house| {
        house.teams.get_mut("sysadmin").expect("a team").members[0] = nobody();
    });
    assert_wrong(&["rotas.primary.layers[0].members[1] Unknown", "rotas.primary.team Unknown"], |house| {
        primary(house).team = Some(nobody());
        primary(house).layers[0].members[1] = MemberPlan::always(&nobody());
    });
    assert_wrong(
        &[
            "policies.default.fallback[0].team Unknown",
            "policies.default.steps[0].page[0].rota Unknown",
            "policies.default.steps[0].page[1].person Unknown",
        ],
        |house| {
            let policy = default_policy(house);
            policy.fallback = vec![TargetPlan::Team(nobody())];
            policy.steps[0].page =
                vec![TargetPlan::Rota { rota: nobody(), offset: 9 }, TargetPlan::Person(nobody())];
        },
    );
    assert_wrong(
        &["routes[0] NoDefaultRoute", "routes[0].service Unknown", "routes[0].when.source Unknown"],
        |house| {
            house.routes[0].when.source = Some("graphana".into());
            house.routes[0].service = nobody();
        },
    );
    assert_wrong(&["services.shop.policy Unknown"], |house| {
        house.services.get_mut("shop").expect("a service").policy = "defualt".into();
    });
}

#[test]
fn the_nearest_name_is_suggested() {
    let mut house = house();
    primary(&mut house).layers[0].members[1] = MemberPlan::always("brend");
    primary(&mut house).time_zone = "Europe/Berln".into();
    anna(&mut house).time_zone = "Rome".into();
    anna(&mut house).ladder[0].contact = "smss".into();
    let near =
        check(&house, Completeness::Whole, |_, _| None).into_iter().map(|mistake| match mistake.what {
            What::Unknown { near, .. }
            | What::UnknownTimeZone { near, .. }
            | What::UnknownContact { near, .. } => near,
            other => Some(format!("{other:?}")),
        });
    let near: Vec<String> = near.into_iter().flatten().collect();
    assert_eq!(near, ["Europe/Rome", "ContactUnused { contact: \"sms\" }", "sms", "Europe/Berlin", "bernd"]);
}

#[test]
fn a_part_is_checked_as_far_as_it_goes() {
    let rota_alone = |house: &mut Blueprint| {
        let rotas = std::mem::take(&mut house.rotas);
        *house = Blueprint { rotas, ..Blueprint::default() };
    };
    let part = wrong(Completeness::Part, rota_alone);
    assert_eq!(
        part,
        ["rotas.primary.layers[0].members[0] SectionAbsent?", "rotas.primary.team SectionAbsent?"]
    );
    assert_wrong(
        &[
            "rotas.primary.layers[0].members[0] Unknown",
            "rotas.primary.layers[0].members[1] Unknown",
            "rotas.primary.team Unknown",
        ],
        rota_alone,
    );
    let some_people = wrong(Completeness::Part, |house| {
        house.people.remove("bernd");
        house.teams.clear();
        house.policies.clear();
        house.services.clear();
        house.routes.clear();
    });
    assert_eq!(
        some_people,
        ["rotas.primary.layers[0].members[1] Unknown", "rotas.primary.team SectionAbsent?"]
    );
}

#[test]
fn ladders_can_be_climbed() {
    assert_wrong(
        &[
            "people.anna.contacts.sms ContactUnused?",
            "people.anna.ladder[0].attempts Zero",
            "people.anna.ladder[0].contact UnknownContact",
            "people.anna.ladder[1].after SpanTooLong",
            "people.anna.ladder[1].contact UnknownContact",
            "people.anna.ladder[1].every Zero",
            "people.anna.ladder[2].attempts OutOfRange",
            "people.anna.ladder[2].contact UnknownContact",
        ],
        |house| {
            let rung = |after, attempts, every| RungPlan { contact: "push".into(), after, attempts, every };
            anna(house).ladder = vec![
                rung(Span::ZERO, 0, Span::ZERO),
                rung(Span::from_seconds(u64::MAX), 2, Span::ZERO),
                rung(Span::ZERO, u32::MAX, Span::from_minutes(2)),
            ];
        },
    );
}

#[test]
fn lists_that_must_not_be_empty() {
    assert_wrong(&["teams.sysadmin.members Empty"], |house| {
        house.teams.get_mut("sysadmin").expect("a team").members.clear();
    });
    assert_wrong(&["rotas.primary.layers[0].members Empty"], |house| {
        primary(house).layers[0].members.clear();
        default_policy(house).steps[0].page = vec![TargetPlan::Team("sysadmin".into())];
    });
    assert_wrong(&["rotas.primary.layers Empty"], |house| {
        primary(house).layers.clear();
        default_policy(house).steps[0].page = vec![TargetPlan::Team("sysadmin".into())];
    });
    assert_wrong(&["policies.default.steps Empty"], |house| default_policy(house).steps.clear());
    assert_wrong(&["policies.default.steps[0].page Empty"], |house| {
        default_policy(house).steps[0].page.clear();
    });
}

#[test]
fn handovers_lie_within_what_can_be_meant() {
    let layer = "rotas.primary.layers[0]";
    for (every, from, expected) in [
        (1, "1970-01-01T00:00:00", None),
        (10_000, "2199-12-31T23:59:59", None),
        (0, "2026-11-02T09:00:00", Some("every Zero")),
        (10_001, "2026-11-02T09:00:00", Some("every OutOfRange")),
        (u32::MAX, "2026-11-02T09:00:00", Some("every OutOfRange")),
        (1, "1969-12-31T23:59:59", Some("from HandoverYear")),
        (1, "2200-01-01T00:00:00", Some("from HandoverYear")),
        (1, "-0044-03-15T12:00:00", Some("from HandoverYear")),
    ] {
        let expected: Vec<String> = expected.iter().map(|what| format!("{layer}.handover.{what}")).collect();
        let found = wrong(Completeness::Whole, |house| {
            let from = from.parse().expect("a wall-clock time");
            primary(house).layers[0].handover = HandoverPlan { every, unit: TurnUnit::Weeks, from };
        });
        assert_eq!(found, expected, "{every} {from}");
    }
    let dates = |from: &str, until: &str| {
        wrong(Completeness::Whole, |house| {
            let member = &mut primary(house).layers[0].members[0];
            (member.from, member.until) = (from.parse().ok(), until.parse().ok());
        })
    };
    let backwards = format!("{layer}.members[0].until MemberDates");
    assert_eq!(dates("2026-11-02T09:00:00", "2026-11-02T09:00:00"), [backwards.as_str()]);
    assert_eq!(dates("2026-11-02T09:00:01", "2026-11-02T09:00:00"), [backwards.as_str()]);
    assert_eq!(dates("2026-11-02T09:00:00", "2026-11-02T09:00:01"), [""; 0]);
}

#[test]
fn a_policy_reaches_somebody() {
    let mute = |house: &mut Blueprint, names: &[&str]| {
        for name in names {
            let person = house.people.get_mut(*name).expect("a person");
            person.contacts.clear();
            person.ladder.clear();
        }
    };
    assert_wrong(
        &[
            "people.anna.contacts PersonWithoutContacts?",
            "people.bernd.contacts PersonWithoutContacts?",
            "policies.default PolicyReachesNobody",
        ],
        |house| mute(house, &["anna", "bernd"]),
    );
    assert_wrong(
        &["people.anna.contacts PersonWithoutContacts?", "policies.default.steps[1] StepReachesNobody?"],
        |house| {
            mute(house, &["anna"]);
            let page = vec![TargetPlan::Person("anna".into())];
            default_policy(house).steps.push(StepPlan::paging(page, Span::from_minutes(1)));
        },
    );
    assert_wrong(
        &[
            "policies.default.acknowledgement_lapses Zero",
            "policies.default.fallback FallbackEmpty?",
            "policies.default.repeat OutOfRange",
            "policies.default.steps[0].wait ZeroWait?",
        ],
        |house| {
            let policy = default_policy(house);
            policy.fallback.clear();
            policy.repeat = 101;
            policy.acknowledgement_lapses = Some(Span::ZERO);
            policy.steps[0].wait = Span::ZERO;
        },
    );
    assert_wrong(&["policies.default.steps[0].page[0].offset OffsetWraps?"], |house| {
        default_policy(house).steps[0].page = vec![TargetPlan::Rota { rota: "primary".into(), offset: 2 }];
    });
}

#[test]
fn alerts_are_not_handed_round_in_a_circle_nor_kept_waiting_for_people_who_are_not_there() {
    let hand_over = |policy: &str| StepPlan {
        hand_over: Some(policy.to_owned()),
        ..StepPlan::paging(Vec::new(), Span::ZERO)
    };
    assert_wrong(&["policies.default.steps[1].hand_over HandedRound"], |house| {
        default_policy(house).steps.push(hand_over("default"));
    });
    assert_wrong(
        &[
            "policies.default.steps[1].hand_over HandedRound",
            "policies.network.steps[0].hand_over HandedRound",
        ],
        |house| {
            let mut network = default_policy(house).clone();
            network.steps = vec![hand_over("default")];
            default_policy(house).steps.push(hand_over("network"));
            house.policies.insert("network".into(), network);
        },
    );
    assert_wrong(&["policies.default.steps[1] StepAfterHandOver?"], |house| {
        let network = default_policy(house).clone();
        default_policy(house).steps.insert(0, hand_over("network"));
        house.policies.insert("network".into(), network);
    });
    assert_wrong(&["policies.default.steps[1].hand_over Unknown"], |house| {
        default_policy(house).steps.push(hand_over("netwrok"));
    });
    assert_wrong(&["policies.default.steps[0].acknowledgements TooFewPeople"], |house| {
        let page = vec![TargetPlan::Person("anna".into()), TargetPlan::Person("anna".into())];
        default_policy(house).steps[0].page = page;
        default_policy(house).steps[0].acknowledgements = 2;
    });
    assert_wrong(&["policies.default.steps[0].acknowledgements Zero"], |house| {
        default_policy(house).steps[0].acknowledgements = 0;
    });
}

#[test]
fn handovers_happen() {
    assert_wrong(
        &[
            "rotas.primary.layers[0].handover.every Zero",
            "rotas.primary.layers[0].handover.from HandoverYear",
        ],
        |house| {
            let handover = &mut primary(house).layers[0].handover;
            handover.every = 0;
            handover.from = "0001-01-01T00:00:00".parse().expect("a wall-clock time");
        },
    );
}

#[test]
fn every_signal_finds_a_route() {
    let when = |severity| When { severity: Some(severity), ..When::default() };
    let route = |when| RoutePlan::to("shop".into(), when);
    assert_wrong(&["sources NoDefaultRoute"], |house| house.routes.clear());
    assert_wrong(&["routes[0] NoDefaultRoute"], |house| house.routes[0].when = when(SignalSeverity::Error));
    assert_wrong(&["routes[1] RouteNeverMatches?"], |house| house.routes.push(route(When::default())));
    assert_wrong(&["routes[1] RouteNeverMatches?"], |house| {
        house.routes.insert(0, route(when(SignalSeverity::Warning)));
        house.routes.insert(1, route(when(SignalSeverity::Critical)));
    });
    assert_wrong(&[], |house| {
        house.routes.insert(0, route(when(SignalSeverity::Critical)));
        house.routes.insert(1, route(when(SignalSeverity::Warning)));
    });
    let routes_alone = wrong(Completeness::Part, |house| {
        house.routes[0].when = when(SignalSeverity::Error);
        house.sources.clear();
    });
    assert_eq!(routes_alone, ["routes[0] NoDefaultRoute?"]);
}

#[test]
fn conditions_of_routes_can_hold() {
    let labels = |of: &[(&str, &str)]| {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let first = |set: &dyn Fn(&mut When), expected: &[&str]| {
        assert_wrong(expected, |house| {
            let mut route = RoutePlan::to("shop".into(), When::default());
            set(&mut route.when);
            house.routes.insert(0, route);
        });
    };
    let hours = || vec!["Mon-Fri 08:00-18:00".parse().expect("hours")];
    first(
        &|when| when.sources = vec!["prometheus".into(), "promethues".into()],
        &["routes[0].when.source[1] Unknown"],
    );
    first(&|when| when.label_patterns = labels(&[("host", "db[0-9]+")]), &[]);
    first(
        &|when| when.label_patterns = labels(&[("host", "db(")]),
        &["routes[0].when.labels.host BadPattern"],
    );
    first(
        &|when| when.label_patterns = labels(&[("host", "(?=a)")]),
        &["routes[0].when.labels.host BadPattern"],
    );
    first(
        &|when| when.label_patterns = labels(&[("host", r"(\w{99}){99}")]),
        &["routes[0].when.labels.host PatternTooLarge"],
    );
    first(
        &|when| when.label_patterns = labels(&[("host", &"a".repeat(1_001))]),
        &["routes[0].when.labels.host TextTooLong"],
    );
    first(&|when| when.label_patterns = labels(&[("", "a")]), &["routes[0].when.labels. TextEmpty"]);
    first(&|when| when.text = Some(TextTest::Contains("disk".into())), &[]);
    first(&|when| when.text = Some(TextTest::Contains("  ".into())), &["routes[0].when.text TextEmpty"]);
    first(&|when| when.text = Some(TextTest::Matches("*".into())), &["routes[0].when.text BadPattern"]);
    first(&|when| when.hours = hours(), &["routes[0].when.hours Missing"]);
    first(
        &|when| (when.hours, when.time_zone) = (hours(), Some("Europe/Berln".into())),
        &["routes[0].when.time_zone UnknownTimeZone"],
    );
    first(&|when| (when.hours, when.time_zone) = (hours(), Some("Europe/Berlin".into())), &[]);
    first(
        &|when| when.time_zone = Some("Europe/Berlin".into()),
        &["routes[0].when.time_zone ZoneWithoutHours", "routes[1] RouteNeverMatches?"],
    );
    first(
        &|when| {
            when.source = Some("prometheus".into());
            when.sources = vec!["prometheus".into()];
            when.severity = Some(SignalSeverity::Error);
            when.severities = vec![SignalSeverity::Error];
            when.labels = labels(&[("host", "db")]);
            when.label_patterns = labels(&[("host", "db")]);
        },
        &[
            "routes[0].when.labels ConditionTwice",
            "routes[0].when.severity ConditionTwice",
            "routes[0].when.source ConditionTwice",
        ],
    );
    first(&|when| when.severities = vec![SignalSeverity::Error; 101], &["routes[0].when.severity TooMany"]);
    assert_wrong(&["routes[1000].when TooManyPatterns"], |house| {
        for number in 0..1_500 {
            let label_patterns = labels(&[("host", format!("db{number}").as_str())]);
            let when = When { label_patterns, ..When::default() };
            house.routes.insert(0, RoutePlan::to("shop".into(), when));
        }
    });
}

#[test]
fn a_route_that_another_one_hides_is_told() {
    let labels = |label: &str, value: &str| BTreeMap::from([(label.to_owned(), value.to_owned())]);
    let when = |set: &dyn Fn(&mut When)| {
        let mut when = When::default();
        set(&mut when);
        when
    };
    let [warning, error, critical] =
        [SignalSeverity::Warning, SignalSeverity::Error, SignalSeverity::Critical];
    let night = |when: &mut When| {
        when.hours = vec!["Mon-Sun 22:00-06:00".parse().expect("hours")];
        when.time_zone = Some("Europe/Berlin".to_owned());
    };
    for (earlier, later, hides) in [
        (
            when(&|when| when.label_patterns = labels("host", "db.*")),
            when(&|when| when.labels = labels("host", "db1")),
            true,
        ),
        (
            when(&|when| when.label_patterns = labels("host", "db.*")),
            when(&|when| when.labels = labels("host", "xdb1")),
            false,
        ),
        (
            when(&|when| when.label_patterns = labels("host", "db.*")),
            when(&|when| {
                when.label_patterns = labels("host", "db.*");
                when.severity = Some(error);
            }),
            true,
        ),
        (
            when(&|when| when.severities = vec![error, critical]),
            when(&|when| when.severities = vec![critical]),
            true,
        ),
        (when(&|when| when.severities = vec![error]), when(&|when| when.severity = Some(error)), false),
        (
            when(&|when| when.severity = Some(warning)),
            when(&|when| when.severities = vec![error, critical]),
            true,
        ),
        (
            when(&|when| when.sources = vec!["prometheus".into()]),
            when(&|when| when.source = Some("prometheus".into())),
            true,
        ),
        (
            when(&|when| when.source = Some("prometheus".into())),
            when(&|when| when.severity = Some(error)),
            false,
        ),
        (when(&night), when(&|_| {}), false),
        (
            when(&night),
            when(&|when| {
                night(when);
                when.labels = labels("a", "b");
            }),
            true,
        ),
        (
            when(&|when| when.text = Some(TextTest::Contains("a".into()))),
            when(&|when| when.labels = labels("a", "b")),
            false,
        ),
    ] {
        let said = wrong(Completeness::Whole, |house| {
            house.routes.insert(0, RoutePlan::to("shop".into(), earlier.clone()));
            house.routes.insert(1, RoutePlan::to("shop".into(), later.clone()));
        });
        let is_told = said.contains(&"routes[1] RouteNeverMatches?".to_owned());
        assert_eq!(is_told, hides, "{earlier:?} hides {later:?}: {said:?}");
    }
}

#[test]
fn words_for_severities_are_few_and_can_be_read() {
    assert_wrong(&["routes[0].severities TooMany", "sources.prometheus.severities. TextEmpty"], |house| {
        let words = (0..101).map(|number| (format!("p{number}"), SignalSeverity::Error));
        house.routes[0].severities = words.collect();
        let source = house.sources.get_mut("prometheus").expect("a source");
        source.severities.insert(String::new(), SignalSeverity::Error);
    });
}

#[test]
fn sources_can_be_told_apart() {
    assert_wrong(&["sources.second.key_file KeyShared"], |house| {
        house.sources.insert("second".into(), source("a"));
    });
    assert_wrong(&[], |house| {
        house.sources.insert("second".into(), source("b"));
    });
    assert_wrong(
        &["sources.beat Missing", "sources.beat Missing", "sources.prometheus.every OnlyForHeartbeat?"],
        |house| {
            house.sources.insert("beat".into(), SourcePlan { kind: SourceKind::Heartbeat, ..source("c") });
            house.sources.get_mut("prometheus").expect("a source").every = Some(Span::from_minutes(1));
        },
    );
}

#[test]
fn names_and_texts_have_limits() {
    for (name, good) in [
        ("a", true),
        ("0_-z", true),
        (&*"a".repeat(63), true),
        (&*"a".repeat(64), false),
        ("", false),
        ("-a", false),
        ("Anna", false),
        ("änna", false),
        ("a b", false),
        ("a.b", false),
    ] {
        assert_eq!(is_id(name), good, "{name:?}");
    }
    assert_wrong(&["people.anna.name ControlCharacter", "people.bernd.name TextTooLong"], |house| {
        anna(house).name = "Anna\nRossi".into();
        house.people.get_mut("bernd").expect("bernd").name = "x".repeat(201);
    });
    assert_wrong(&["services.shop.name TextEmpty", "services.shop.runbook RunbookForm?"], |house| {
        let service = house.services.get_mut("shop").expect("a service");
        service.name = " ".into();
        service.runbook = Some("javascript:alert(1)".into());
    });
    assert_wrong(&["policies.default.steps TooMany"], |house| {
        let policy = default_policy(house);
        policy.steps = vec![policy.steps[0].clone(); limit::STEPS_PER_POLICY_MAX + 1];
    });
}
