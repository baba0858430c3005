//! The house of the demo: three people, a team, a weekly rota, a policy with short waits, two services and a source.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Duration, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use domain::blueprint::default;
use domain::blueprint::{
    Blueprint, ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan,
    RungPlan, ServicePlan, SourcePlan, StepPlan, TargetPlan, TeamPlan,
};
use domain::directory::key_sha256;
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::routes::When;
use events::event::source::SourceKind;
use events::{Span, Timestamp};

use crate::timeline::local;

/// How long a person has before their SMS arrives.
const SMS_AFTER: Span = Span::from_seconds(2);
/// How long a person has before their pager beeps.
const PAGER_AFTER: Span = Span::from_seconds(5);
/// How long each step of the policy lasts: minutes in a real house.
pub(super) const STEP_WAIT: Span = Span::from_seconds(8);

/// The one SMS channel.
pub(super) const SMS_CHANNEL: &str = "twilio-main";
/// The one pager channel.
pub(super) const PAGER_CHANNEL: &str = "snpp-main";

/// The zone of the team and its rota.
const TEAM_ZONE: Tz = Tz::Europe__Berlin;

/// The house as it is at `now`, so that Anna is on call; the source's key is `key`.
pub(super) fn blueprint(now: Timestamp, key: &str) -> Blueprint {
    let service = |name: &str, runbook: &str| ServicePlan {
        name: name.to_owned(),
        policy: "default".to_owned(),
        runbook: Some(runbook.to_owned()),
        reference_only: false,
        group_within: None,
        group_again_after: None,
    };
    Blueprint {
        people: people(),
        teams: named([(
            "sysadmin",
            TeamPlan {
                name: "Sysadmins".to_owned(),
                members: texts(&["anna", "bernd", "callum"]),
                time_zone: Some(TEAM_ZONE.name().to_owned()),
                handovers: events::event::team::Handovers::Silent,
                lead: None,
                test_pages: None,
            },
        )]),
        rotas: named([("sysadmin-primary", rota(now))]),
        policies: named([("default", policy())]),
        services: named([
            ("shop", service("Web shop", "https://wiki.example/shop")),
            ("db", service("Database", "https://wiki.example/db")),
        ]),
        sources: named([(
            "prometheus",
            SourcePlan {
                kind: SourceKind::Alertmanager,
                key_file: "keys/prometheus".to_owned(),
                key_sha256: Some(key_sha256(key)),
                every: None,
                grace: None,
                service: None,
                flood_at: None,
                severities: std::collections::BTreeMap::new(),
            },
        )]),
        routes: vec![
            RoutePlan::to(
                "db".to_owned(),
                When { labels: BTreeMap::from([("service".to_owned(), "db".to_owned())]), ..When::default() },
            ),
            RoutePlan::to("shop".to_owned(), When::default()),
        ],
    }
}

/// Phone numbers from the ranges that are kept for films, where there are any.
fn people() -> BTreeMap<String, PersonPlan> {
    let anna = [
        ("push", ChannelKind::PUSHOVER, "uQiRzpo4DXghDmr9QzzfQu27cmVRsG", Span::ZERO),
        ("sms", ChannelKind::SMS, "+393331234567", SMS_AFTER),
        ("pager", ChannelKind::PAGER, "7311", PAGER_AFTER),
    ];
    let bernd = [
        ("push", ChannelKind::PUSHOVER, "uBerndLang00000000000000000000", Span::ZERO),
        ("sms", ChannelKind::SMS, "+491713920042", SMS_AFTER),
    ];
    let callum = [
        ("push", ChannelKind::PUSHOVER, "uCallumReid0000000000000000000", Span::ZERO),
        ("sms", ChannelKind::SMS, "+447700900123", SMS_AFTER),
    ];
    named([
        ("anna", person("Anna Rossi", Language::It, Tz::Europe__Rome, &anna)),
        ("bernd", person("Bernd Lang", Language::De, Tz::Europe__Berlin, &bernd)),
        ("callum", person("Callum Reid", Language::En, Tz::Europe__London, &callum)),
    ])
}

type Contact = (&'static str, ChannelKind, &'static str, Span);

fn person(name: &str, locale: Language, zone: Tz, contacts: &[Contact]) -> PersonPlan {
    let via = |channel| match channel {
        ChannelKind::SMS => Some(SMS_CHANNEL.to_owned()),
        ChannelKind::PAGER => Some(PAGER_CHANNEL.to_owned()),
        _ => None,
    };
    let plan = |&(name, channel, address, _): &Contact| {
        (name.to_owned(), ContactPlan { channel, address: address.to_owned(), via: via(channel) })
    };
    let rung = |&(contact, _, _, after): &Contact| RungPlan {
        contact: contact.to_owned(),
        after,
        attempts: default::ATTEMPTS,
        every: default::EVERY,
    };
    PersonPlan {
        name: name.to_owned(),
        locale,
        time_zone: zone.name().to_owned(),
        contacts: contacts.iter().map(plan).collect(),
        ladder: contacts.iter().map(rung).collect(),
    }
}

/// Weekly turns whose first one, Anna's, is the present one.
fn rota(now: Timestamp) -> RotaPlan {
    RotaPlan {
        team: Some("sysadmin".to_owned()),
        time_zone: TEAM_ZONE.name().to_owned(),
        layers: vec![LayerPlan {
            members: ["anna", "bernd", "callum"].map(MemberPlan::always).into(),
            handover: HandoverPlan {
                every: 1,
                unit: TurnUnit::Weeks,
                from: last_monday(local(now, TEAM_ZONE)),
            },
            hours: Vec::new(),
        }],
    }
}

/// The Monday at 09:00 that was last.
fn last_monday(now: NaiveDateTime) -> NaiveDateTime {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock exists");
    let monday = now.date() - Duration::days(now.weekday().num_days_from_monday().into());
    let handover = monday.and_time(nine);
    if handover <= now { handover } else { handover - Duration::weeks(1) }
}

fn policy() -> PolicyPlan {
    let on_call = TargetPlan::Rota { rota: "sysadmin-primary".to_owned(), offset: 0 };
    let step = |target| StepPlan::paging(vec![target], STEP_WAIT);
    PolicyPlan {
        steps: vec![
            step(on_call.clone()),
            step(TargetPlan::Person("bernd".to_owned())),
            step(TargetPlan::Team("sysadmin".to_owned())),
        ],
        repeat: 0,
        fallback: vec![on_call],
        acknowledgement_lapses: None,
    }
}

fn named<T, const N: usize>(things: [(&str, T); N]) -> BTreeMap<String, T> {
    things.into_iter().map(|(name, thing)| (name.to_owned(), thing)).collect()
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use adapters::channel::address_mistake;
    use domain::blueprint::check::{Completeness, check};

    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a moment")
    }

    #[test]
    fn nothing_in_the_house_is_wrong_or_doubtful() {
        let now = Timestamp::parse_rfc3339("2026-11-25T03:10:00Z").expect("a moment");
        assert_eq!(
            check(&blueprint(now, "a key of the demo"), Completeness::Whole, address_mistake),
            Vec::new()
        );
    }

    #[test]
    fn the_turn_began_on_the_last_monday_at_nine() {
        for (now, expected) in [
            ("2026-11-25T04:10", "2026-11-23T09:00"),
            ("2026-11-23T09:00", "2026-11-23T09:00"),
            ("2026-11-23T08:59", "2026-11-16T09:00"),
            ("2026-11-29T23:59", "2026-11-23T09:00"),
        ] {
            assert_eq!(last_monday(wall(now)), wall(expected), "{now}");
        }
    }
}
