use chrono::{NaiveDateTime, TimeDelta, TimeZone as _};

use super::super::content::{LINE_OCTETS_MAX, Line, escaped, lines, push, unescaped};
use super::super::read::read;
use super::super::write::{Calendar, Shift, write};
use super::super::zone::push_zone;
use super::*;

fn shift(from: &str, until: &str) -> Shift {
    Shift {
        rota: "primary".into(),
        person: "anna".to_owned(),
        from: at(from),
        until: at(until),
        decided_at: at("2026-03-01T00:00:00Z"),
        summary: "Anna; Rossi, the \\ \"third\"".to_owned(),
        description: None,
    }
}

fn calendar(zone_name: &str, shifts: Vec<Shift>) -> Calendar {
    Calendar { name: "primary".to_owned(), zone: zone(zone_name), shifts }
}

#[test]
fn lines_are_folded_within_75_octets_and_never_within_a_letter() {
    for letters in ["a", "ä", "日", "🥔", "aä日🥔"] {
        for length in [1, 20, 74, 75, 76, 150, 1_000] {
            let value: String = letters.chars().cycle().take(length).collect();
            let line = format!("SUMMARY:{value}");
            let mut text = String::new();
            push(&mut text, &line);
            let folded: Vec<&str> = text.strip_suffix("\r\n").expect("an end").split("\r\n").collect();
            assert!(folded.iter().all(|line| line.len() <= LINE_OCTETS_MAX), "{text}");
            assert!(folded[1..].iter().all(|line| line.starts_with(' ')), "{text}");
            assert!(line.len() > LINE_OCTETS_MAX || folded.len() == 1, "no fold without need");
            let read = lines(text.as_bytes()).expect("a line");
            assert_eq!(read, [Line { number: 1, name: "SUMMARY".to_owned(), parameters: Vec::new(), value }]);
        }
    }
}

#[test]
fn texts_are_escaped_and_read_back() {
    let text = "a, b; c\\d\ne:f \"g\"";
    assert_eq!(escaped(text), "a\\, b\\; c\\\\d\\ne:f \"g\"");
    assert_eq!(unescaped(&escaped(text)), text);
    assert_eq!(unescaped("a\\Nb"), "a\nb");
    assert_eq!(escaped("a\r\tb\u{7}"), "a  b ", "control characters are no part of a value");
}

#[test]
fn the_same_shifts_are_the_same_text_and_an_end_that_moves_leaves_the_event_the_same() {
    let first = shift("2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z");
    let text = write(&calendar("Europe/Berlin", vec![first.clone()]));
    assert_eq!(text, write(&calendar("Europe/Berlin", vec![first.clone()])));
    for line in [
        "METHOD:PUBLISH",
        "X-WR-CALNAME:primary",
        "DTSTAMP:20260301T000000Z",
        "DTSTART;TZID=Europe/Berlin:20260323T090000",
        "DTEND;TZID=Europe/Berlin:20260330T090000",
        "SUMMARY:Anna\\; Rossi\\, the \\\\ \"third\"",
    ] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
    }
    let mut other = shift("2026-03-23T08:00:00.5Z", "2026-03-24T07:00:00Z");
    assert_eq!(first.uid(), other.uid(), "the end has moved, and less than a second is not told");
    other.from = at("2026-03-23T08:00:01Z");
    assert_ne!(first.uid(), other.uid());
    other = Shift { person: "bernd".to_owned(), ..first.clone() };
    assert_ne!(first.uid(), other.uid());
    other = Shift { rota: "primarya".into(), person: "nna".to_owned(), ..first.clone() };
    assert_ne!(first.uid(), other.uid());
}

#[test]
fn what_the_format_has_no_words_for_is_left_out_or_said_in_utc() {
    let blink = shift("2026-03-23T08:00:00.1Z", "2026-03-23T08:00:00.9Z");
    assert!(!write(&calendar("UTC", vec![blink])).contains("VEVENT"));
    // Half past two on that night comes twice: the first is local, the second has words in UTC only.
    let once = write(&calendar("Europe/Berlin", vec![shift("2026-10-25T00:30:00Z", "2026-10-25T08:00:00Z")]));
    assert!(once.contains("DTSTART;TZID=Europe/Berlin:20261025T023000\r\n"), "{once}");
    let twice =
        write(&calendar("Europe/Berlin", vec![shift("2026-10-25T01:30:00Z", "2026-10-25T08:00:00Z")]));
    assert!(twice.contains("DTSTART:20261025T013000Z\r\nDTEND:20261025T080000Z\r\n"), "{twice}");
    let empty = write(&calendar("Europe/Berlin", Vec::new()));
    assert!(empty.contains("BEGIN:VTIMEZONE") && !empty.contains("BEGIN:VEVENT"), "{empty}");
}

/// What clocks show by a `VTIMEZONE` of ours: the reader's own zones, not the database.
fn by_file(text: &str, local: NaiveDateTime) -> Timestamp {
    let (local, later) =
        (local.format("%Y%m%dT%H%M%S"), (local + TimeDelta::days(9)).format("%Y%m%dT%H%M%S"));
    let text = text.replace("TZID:", "TZID:own ");
    let calendar = format!(
        "BEGIN:VCALENDAR\r\n{text}BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=\"own {zone}\":{local}\r\nDTEND;TZID=\"own {zone}\":{later}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        zone = text.split("TZID:own ").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("a zone")
    );
    let reading = read(calendar.as_bytes(), Tz::UTC, Timestamp::MIN, at("2100-01-01T00:00:00Z"));
    reading.unwrap_or_else(|mistake| panic!("{mistake}: {calendar}")).happenings[0].from
}

#[test]
fn a_zone_tells_every_change_of_its_span() {
    for (name, from, until, changes) in [
        ("Europe/Berlin", "2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z", 4),
        ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z", 5),
        ("Africa/Casablanca", "2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z", 5),
        ("America/Chicago", "2026-07-01T00:00:00Z", "2026-12-01T00:00:00Z", 3),
        ("Pacific/Apia", "2011-12-01T00:00:00Z", "2012-05-01T00:00:00Z", 4),
        ("Asia/Kolkata", "2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z", 1),
        ("UTC", "2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z", 1),
    ] {
        let mut text = String::new();
        push_zone(&mut text, zone(name), at(from), at(until));
        let told = text.matches("TZOFFSETTO").count();
        assert_eq!(told, changes, "{name}: {text}");
        // Every half hour that clocks show in the span, and what the database says about it.
        let mut utc = at(from).to_utc().naive_utc();
        let mut checked = 0;
        while utc < at(until).to_utc().naive_utc() {
            let local = zone(name).from_utc_datetime(&utc).naive_local();
            let first = zone(name).from_local_datetime(&local).earliest().expect("a time that is shown");
            // Far from changes, a few times will do.
            let near = |days: i64| zone(name).from_utc_datetime(&(utc + TimeDelta::days(days))).naive_local();
            let is_near = (near(1) - near(-1)) != TimeDelta::days(2);
            if is_near || checked % 97 == 0 {
                assert_eq!(by_file(&text, local).to_utc(), first.to_utc(), "{name} {local}: {text}");
            }
            checked += 1;
            utc += TimeDelta::minutes(30);
        }
    }
}

#[test]
fn half_an_hour_and_a_day_that_never_was_are_written_as_they_were() {
    let mut text = String::new();
    push_zone(&mut text, zone("Australia/Lord_Howe"), at("2026-04-01T00:00:00Z"), at("2026-05-01T00:00:00Z"));
    let standard = "BEGIN:STANDARD\r\nDTSTART:20260405T020000\r\nTZOFFSETFROM:+1100\r\nTZOFFSETTO:+1030\r\n";
    let daylight = "BEGIN:DAYLIGHT\r\nDTSTART:20251005T020000\r\nTZOFFSETFROM:+1030\r\nTZOFFSETTO:+1100\r\n";
    assert!(text.contains(standard) && text.contains(daylight), "{text}");
    assert!(text.contains("TZNAME:+1030\r\n") && text.contains("TZNAME:+11\r\n"), "{text}");
    text.clear();
    push_zone(&mut text, zone("Pacific/Apia"), at("2011-12-01T00:00:00Z"), at("2012-01-10T00:00:00Z"));
    assert!(text.contains("DTSTART:20111230T000000\r\nTZOFFSETFROM:-1000\r\nTZOFFSETTO:+1400\r\n"), "{text}");
}
