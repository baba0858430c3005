//! What the monitoring systems see, and what they post about it: real bodies, read by the production readers.

use events::Span;
use events::event::signal::{Severity, Status};
use serde_json::json;

use super::agenda::Moment;
use super::chance::Chance;
use super::fault::{Fault, Faults};
use super::household::{ALERTMANAGER, GENERIC};

/// One body on its way to the house.
#[derive(Clone, Debug)]
pub struct Post {
    /// From which source.
    pub source: &'static str,
    /// The body.
    pub body: String,
    /// What it says, for the story.
    pub said: String,
}

/// What a source says about one symptom at one moment.
#[derive(Clone, Debug)]
struct Say {
    at: Moment,
    status: Status,
    severity: Severity,
    started_at_micros: i64,
}

/// Everything that will be posted, by moment.
///
/// `start_micros` is the wall time of the simulation's first moment, `calm_at` when no problem begins any more.
pub fn script(seed: u64, faults: Faults, start_micros: i64, calm_at: Moment) -> Vec<(Moment, Post)> {
    let mut chance = Chance::of(seed, "script");
    let mut bursts = Chance::of(seed, "bursts");
    let mut posts = Vec::new();
    for number in 0..chance.between(2, 5) {
        let begins = Moment(chance.below(calm_at.0));
        symptom(&mut chance, faults, start_micros, begins, &format!("symptom-{number}"), &mut posts);
    }
    if faults.has(Fault::Storms) {
        let begins = Moment(chance.below(calm_at.0));
        for number in 0..chance.between(5, 12) {
            let begins = begins.after(chance.span(Span::ZERO, Span::from_seconds(2)));
            symptom(&mut chance, faults, start_micros, begins, &format!("storm-{number}"), &mut posts);
        }
    }
    if faults.has(Fault::Repeats) {
        // Several watchers see the same, and all say so at once.
        let burst = |(at, post): &(Moment, Post)| {
            let count = if bursts.happens(100) { bursts.between(2, 4) } else { 0 };
            let copies =
                (0..count).map(|_| (at.after(bursts.span(Span::ZERO, Span::from_millis(3))), post.clone()));
            copies.collect::<Vec<_>>()
        };
        let copies: Vec<_> = posts.iter().flat_map(burst).collect();
        posts.extend(copies);
    }
    posts
}

fn symptom(
    chance: &mut Chance,
    faults: Faults,
    start_micros: i64,
    begins: Moment,
    name: &str,
    posts: &mut Vec<(Moment, Post)>,
) {
    let service = chance.below(4);
    let source = chance.pick(&[ALERTMANAGER, GENERIC]);
    let rounds = if faults.has(Fault::Flapping) { chance.between(2, 5) } else { 1 };
    let mut at = begins;
    for _ in 0..rounds {
        let started_at_micros = start_micros + i64::try_from(at.0).unwrap_or_default();
        let mut severity =
            chance.pick(&[Severity::Info, Severity::Warning, Severity::Error, Severity::Critical]);
        let lasts = if faults.has(Fault::Flapping) {
            chance.span(Span::from_millis(10), Span::from_minutes(10))
        } else {
            chance.span(Span::from_minutes(2), Span::from_minutes(60))
        };
        let over = at.after(lasts);
        let mut says = vec![Say { at, status: Status::Firing, severity, started_at_micros }];
        if faults.has(Fault::Repeats) {
            let every = chance.span(Span::from_seconds(20), Span::from_minutes(15));
            let mut again = at;
            for _ in 0..12 {
                again = again.after(every);
                if again >= over {
                    break;
                }
                says.push(Say { at: again, status: Status::Firing, severity, started_at_micros });
            }
            let twice = says[chance.place(says.len())].clone();
            says.push(Say { at: twice.at.after(chance.tail(Span::from_millis(50))), ..twice });
        }
        if chance.happens(300) {
            severity = chance.pick(&[Severity::Warning, Severity::Critical]);
            let worse = at.after(chance.span(Span::ZERO, lasts));
            says.push(Say { at: worse, status: Status::Firing, severity, started_at_micros });
        }
        if chance.happens(900) || rounds > 1 {
            says.push(Say { at: over, status: Status::Resolved, severity, started_at_micros });
        }
        for say in says {
            posts.push((say.at, post(source, name, service, &say)));
        }
        at = over.after(chance.tail(Span::from_minutes(20)));
    }
}

fn post(source: &'static str, name: &str, service: u64, say: &Say) -> Post {
    let status = if say.status == Status::Firing { "firing" } else { "resolved" };
    let severity = say.severity.as_str();
    let started_at = events::Timestamp::from_micros(say.started_at_micros).to_string();
    let body = if source == ALERTMANAGER {
        json!({
            "version": "4", "groupKey": format!("{{}}:{{alertname=\"{name}\"}}"), "status": status, "receiver": "pager",
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "truncatedAlerts": 0,
            "alerts": [{
                "status": status, "fingerprint": name, "startsAt": started_at,
                "labels": { "alertname": name, "service": service.to_string(), "severity": severity },
                "annotations": { "summary": format!("{name} is in trouble") },
            }],
        })
    } else {
        json!({
            "summary": format!("{name} is in trouble"), "dedup_key": name, "status": status, "severity": severity,
            "labels": { "service": service.to_string() }, "started_at": started_at,
        })
    };
    Post { source, body: body.to_string(), said: format!("{name} is {status} ({severity})") }
}
