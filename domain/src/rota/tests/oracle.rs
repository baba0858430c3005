//! Generated rotas against the answers of `oracle.py`, which looks at a clock on the wall in every single minute, in
//! another language, on the system's own time-zone data.

use chrono::TimeZone as _;
use chrono_tz::Tz;
use serde::Deserialize;

use super::super::shift;
use super::*;

/// What the script printed; its head says how.
const ANSWERS: &str = include_str!("oracle.json");

#[derive(Deserialize)]
struct Answers {
    time_zone_data: String,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    zone: String,
    /// So many turns further than whoever has the turn.
    offset: u32,
    layers: Vec<Written>,
    /// From when, by which layer, who: `2026-10-25T02:30+02:00 1 ab`. Without a layer nobody; at last, until when.
    shifts: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Written {
    /// People, a letter each, with the wall-clock times from and until which they take turns.
    members: Vec<(String, Option<String>, Option<String>)>,
    /// Such as `2w`.
    every: String,
    from: String,
    hours: Vec<String>,
}

impl Written {
    fn layer(&self) -> Layer {
        let wall = |text: &String| format!("{text}:00").parse().expect("a wall-clock time");
        let member = |(people, from, until): &(String, Option<String>, Option<String>)| Member {
            people: people.bytes().map(person).collect(),
            from: from.as_ref().map(wall),
            until: until.as_ref().map(wall),
        };
        let digits = self.every.find(|letter: char| !letter.is_ascii_digit()).expect("a unit");
        let (every, unit) = self.every.split_at(digits);
        let unit = match unit {
            "h" => TurnUnit::Hours,
            "d" => TurnUnit::Days,
            "w" => TurnUnit::Weeks,
            "mo" => TurnUnit::Months,
            other => panic!("{other} is no unit"),
        };
        let every = every.parse().expect("a number");
        Layer {
            members: self.members.iter().map(member).collect(),
            handover: Handover { every, unit, from: wall(&self.from) },
            hours: self.hours.iter().map(|hours| hours.parse().expect("times of the week")).collect(),
        }
    }
}

fn answers() -> Answers {
    serde_json::from_str(ANSWERS).expect("what the script prints")
}

fn local(zone: Tz, at: Timestamp) -> String {
    zone.from_utc_datetime(&at.to_utc().naive_utc()).format("%Y-%m-%dT%H:%M%:z").to_string()
}

/// A line of the list, as the script writes it.
fn line(zone: Tz, from: Timestamp, duties: &[Duty]) -> String {
    let from = local(zone, from);
    let Some(first) = duties.first() else { return from };
    let Reason::Turn { layer } = first.reason else { panic!("nobody decided anything: {first:?}") };
    let letter = |duty: &Duty| {
        let letters = (b'a'..=b'z').find(|&letter| person(letter) == duty.person);
        char::from(letters.expect("a person is a letter"))
    };
    format!("{from} {layer} {}", duties.iter().map(letter).collect::<String>())
}

#[test]
fn another_program_on_other_data_says_the_same_of_every_generated_rota() {
    let answers = answers();
    assert!(answers.cases.len() >= 400, "only {} cases", answers.cases.len());
    for (number, case) in answers.cases.iter().enumerate() {
        let zone: Tz = case.zone.parse().expect("a zone");
        let moment = |line: &String| {
            let (from, _) = line.split_once(' ').unwrap_or((line, ""));
            let (wall, offset) = from.split_at("2026-10-25T02:30".len());
            at(&format!("{wall}:00{offset}"))
        };
        let (first, last) = (&case.shifts[0], &case.shifts[case.shifts.len() - 1]);
        let layers = case.layers.iter().map(Written::layer).collect();
        let roster = Roster::of(RotaDefined { team: None, time_zone: case.zone.clone(), layers });
        let shifts = shift::ahead(&roster, case.offset, moment(first), moment(last));
        let mut lines: Vec<String> =
            shifts.iter().map(|shift| line(zone, shift.from, &shift.duties)).collect();
        lines.push(local(zone, moment(last)));
        assert_eq!(lines, case.shifts, "case {number}, time-zone data {}: {case:#?}", answers.time_zone_data);
        for shift in shifts {
            for moment in [shift.from, Timestamp::from_micros(shift.until.as_micros() - 1)] {
                let people = |duties: &[Duty]| duties.iter().map(|duty| duty.person).collect::<Vec<_>>();
                let now = roster.on_call(moment, case.offset);
                assert_eq!(people(&now), people(&shift.duties), "case {number} at {moment}: {case:#?}");
            }
        }
    }
}

#[test]
fn the_cases_fall_on_changes_of_the_clock_in_every_zone_that_the_contract_names() {
    let answers = answers();
    let named = [
        "Europe/Berlin",
        "Europe/Rome",
        "America/Chicago",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
    ];
    for zone in named {
        let of_zone = answers.cases.iter().filter(|case| case.zone == zone);
        let offset = |line: &String| line.get("2026-10-25T02:30".len()..).map(|rest| rest[..6].to_owned());
        let changes = of_zone.filter(|case| {
            let mut offsets: Vec<_> = case.shifts.iter().map(offset).collect();
            offsets.dedup();
            offsets.len() > 1
        });
        assert!(changes.count() >= 8, "{zone}");
    }
    for zone in ["Asia/Kolkata", "UTC"] {
        assert!(answers.cases.iter().filter(|case| case.zone == zone).count() >= 8, "{zone}");
    }
}
