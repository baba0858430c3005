use super::super::mistake::Mistake;
use super::super::read::{CALENDAR_BYTES_MAX, EVENTS_MAX, HAPPENINGS_MAX, Reading, read};
use super::*;

const NOW: &str = "2026-03-01T00:00:00Z";

fn reading(calendar: &str) -> Result<Reading, Mistake> {
    read(calendar.as_bytes(), zone("Europe/Berlin"), at(NOW), at("2027-03-01T00:00:00Z"))
}

/// A calendar with these lines; each event is begun and ended by the caller.
fn with(lines: &str) -> String {
    let lines: Vec<&str> = lines.lines().map(str::trim).collect();
    ["BEGIN:VCALENDAR\r\nVERSION:2.0", &lines.join("\r\n"), "END:VCALENDAR\r\n"].join("\r\n")
}

fn event(lines: &str) -> String {
    with(&format!("BEGIN:VEVENT\nUID:1\nSUMMARY:anna\n{lines}\nEND:VEVENT"))
}

/// From when until when, in UTC.
fn spans(calendar: &str) -> Vec<String> {
    let reading = reading(calendar).unwrap_or_else(|mistake| panic!("{mistake}: {calendar}"));
    reading.happenings.iter().map(|one| format!("{} {}", one.from, one.until)).collect()
}

#[test]
fn times_count_in_utc_in_a_named_zone_and_where_none_is_named_in_the_readers() {
    for (lines, expected) in [
        ("DTSTART:20260601T090000Z\nDTEND:20260601T170000Z", "2026-06-01T09:00:00Z 2026-06-01T17:00:00Z"),
        (
            "DTSTART;TZID=America/Chicago:20260601T090000\nDURATION:PT8H",
            "2026-06-01T14:00:00Z 2026-06-01T22:00:00Z",
        ),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Rome:20260601T090000\nDURATION:PT90M",
            "2026-06-01T07:00:00Z 2026-06-01T08:30:00Z",
        ),
        (
            "dtstart;tzid=\"Europe/Rome\":20260601T090000\nDTEND:20260601T080000Z",
            "2026-06-01T07:00:00Z 2026-06-01T08:00:00Z",
        ),
        ("DTSTART:20260601T090000\nDTEND:20260601T170000", "2026-06-01T07:00:00Z 2026-06-01T15:00:00Z"),
        ("DTSTART;VALUE=DATE:20260328", "2026-03-27T23:00:00Z 2026-03-28T23:00:00Z"),
        (
            "DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330",
            "2026-03-27T23:00:00Z 2026-03-29T22:00:00Z",
        ),
        // A day lasts from midnight to midnight, also one of 23 hours.
        ("DTSTART:20260329T000000\nDURATION:P1D", "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z"),
        // The first of two; and what is skipped, by the clock before.
        ("DTSTART:20261025T023000\nDURATION:PT1H", "2026-10-25T00:30:00Z 2026-10-25T01:30:00Z"),
        ("DTSTART:20260329T023000\nDURATION:PT1H", "2026-03-29T01:30:00Z 2026-03-29T02:30:00Z"),
    ] {
        assert_eq!(spans(&event(lines)), [expected], "{lines}");
    }
}

#[test]
fn a_zone_that_the_file_brings_along_counts_by_its_own_rules() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Our Office\n\
        BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\n\
        END:VTIMEZONE\n";
    for (start, expected) in [
        ("20260328T120000", "2026-03-28T11:00:00Z"),
        ("20260329T015959", "2026-03-29T00:59:59Z"),
        ("20260329T023000", "2026-03-29T01:30:00Z"),
        ("20260329T030000", "2026-03-29T01:00:00Z"),
        ("20261025T023000", "2026-10-25T00:30:00Z"),
        ("20261025T030000", "2026-10-25T02:00:00Z"),
    ] {
        let event =
            format!("{zone}BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Our Office:{start}\nDURATION:PT1S\nEND:VEVENT");
        let found = reading(&with(&event)).expect("a calendar").happenings[0].from;
        assert_eq!(found, at(expected), "{start}");
    }
}

#[test]
fn what_recurs_keeps_its_time_on_the_wall_without_what_is_left_out_and_with_what_was_moved() {
    let calendar = with(
        "BEGIN:VEVENT
        UID:week
        SUMMARY:anna
        DTSTART;TZID=Europe/Berlin:20260320T180000
        DTEND;TZID=Europe/Berlin:20260321T080000
        RRULE:FREQ=WEEKLY;COUNT=6;BYDAY=FR
        EXDATE;TZID=Europe/Berlin:20260403T180000,20260424T180000
        RDATE:20260501T160000Z
        END:VEVENT
        BEGIN:VEVENT
        UID:week
        RECURRENCE-ID;TZID=Europe/Berlin:20260410T180000
        SUMMARY:bernd
        DTSTART;TZID=Europe/Berlin:20260411T180000
        DTEND;TZID=Europe/Berlin:20260412T080000
        END:VEVENT
        BEGIN:VEVENT
        UID:week
        RECURRENCE-ID:20260417T160000Z
        STATUS:CANCELLED
        DTSTART:20260417T160000Z
        DTEND:20260417T170000Z
        END:VEVENT
        BEGIN:VEVENT
        UID:other
        STATUS:CANCELLED
        DTSTART:20260417T160000Z
        DTEND:20260417T170000Z
        END:VEVENT",
    );
    assert_eq!(
        spans(&calendar),
        [
            "2026-03-20T17:00:00Z 2026-03-21T07:00:00Z",
            // The night in which an hour is skipped ends at eight all the same, a week later.
            "2026-03-27T17:00:00Z 2026-03-28T07:00:00Z",
            "2026-04-11T16:00:00Z 2026-04-12T06:00:00Z",
            "2026-05-01T16:00:00Z 2026-05-02T06:00:00Z",
        ]
    );
    let read = reading(&calendar).expect("a calendar");
    assert_eq!(read.happenings[2].summary, "bernd");
    let night = "DTSTART;TZID=Europe/Berlin:20260328T180000\nDTEND;TZID=Europe/Berlin:20260329T080000\nRRULE:FREQ=DAILY;UNTIL=20260329T160000Z";
    assert_eq!(
        spans(&event(night)),
        ["2026-03-28T17:00:00Z 2026-03-29T06:00:00Z", "2026-03-29T16:00:00Z 2026-03-30T06:00:00Z"],
        "the last moment of a rule is in UTC and counts"
    );
    let day = "DTSTART;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;UNTIL=20260329";
    assert_eq!(spans(&event(day)).len(), 2);
    assert!(
        spans(&with(
            "METHOD:CANCEL\nBEGIN:VEVENT\nUID:1\nDTSTART:20260601T090000Z\nDTEND:20260601T170000Z\nEND:VEVENT"
        ))
        .is_empty()
    );
}

#[test]
fn what_is_over_and_what_is_far_ahead_is_counted() {
    let endless = "DTSTART:20260201T090000Z\nDTEND:20260201T100000Z\nRRULE:FREQ=MONTHLY";
    let read = reading(&event(endless)).expect("a calendar");
    assert_eq!((read.happenings.len(), read.over, read.later), (12, 1, 1));
    let far = reading(&event("DTSTART:20300201T090000Z\nDTEND:20300201T100000Z")).expect("a calendar");
    assert_eq!((far.happenings.len(), far.over, far.later), (0, 0, 1));
    // What was wrong once and is over stands in nobody's way.
    let past = reading(&event("DTSTART:20200201T090000Z\nDTEND:20200201T080000Z")).expect("a calendar");
    assert_eq!((past.happenings.len(), past.over), (0, 1));
}

#[test]
fn letters_may_be_folded_apart_and_ends_of_lines_be_of_any_kind() {
    let calendar = event("DTSTART:20260601T090000Z\nDTEND:20260601T170000Z");
    let mut bytes = calendar.replace("SUMMARY:anna", "SUMMARY:J\u{f6}rg").into_bytes();
    let half = bytes.iter().position(|byte| *byte == 0xc3).expect("a letter of two bytes") + 1;
    bytes.splice(half..half, *b"\r\n ");
    let read = read(&bytes, Tz::UTC, at(NOW), at("2027-03-01T00:00:00Z")).expect("a calendar");
    assert_eq!(read.happenings[0].summary, "J\u{f6}rg");
    for text in [calendar.replace("\r\n", "\n"), format!("\u{feff}{calendar}"), format!("\r\n{calendar}")] {
        assert_eq!(spans(&text).len(), 1, "{text}");
    }
}

#[test]
fn every_mistake_has_its_line() {
    let value = |line: usize, name: &str, value: &str| Mistake::Value {
        line,
        name: name.to_owned(),
        value: value.to_owned(),
    };
    let uid = || "1".to_owned();
    for (calendar, expected) in [
        ("<html>".to_owned(), Mistake::NotACalendar),
        (String::new(), Mistake::NotACalendar),
        (with("nothing"), Mistake::NoLine(3)),
        (with("BEGIN:VEVENT\nUID:1"), Mistake::Unbalanced(5)),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n".to_owned(), Mistake::Unbalanced(2)),
        (format!("{}X:1\r\n", with("")), Mistake::Unbalanced(5)),
        (event("DTEND:20260601T090000Z"), Mistake::NoStart { line: 3, uid: uid() }),
        (
            event("DTSTART:20260601T090000Z\nDTEND:20260601T090000Z"),
            Mistake::Backwards { line: 3, uid: uid() },
        ),
        (event("DTSTART:20260601T090000Z"), Mistake::Backwards { line: 3, uid: uid() }),
        (event("DTSTART:tomorrow"), value(6, "DTSTART", "tomorrow")),
        (event("DTSTART:20260631"), value(6, "DTSTART", "20260631")),
        (
            event("DTSTART;TZID=Mars/Olympus:20260601T090000\nDURATION:PT1H"),
            Mistake::UnknownZone { line: 6, zone: "Mars/Olympus".to_owned() },
        ),
        (event("DTSTART:20260601T090000Z\nDURATION:1 hour"), value(7, "DURATION", "1 hour")),
        (
            event("DTSTART:20260601T090000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES"),
            value(8, "RRULE", "FREQ=SOMETIMES"),
        ),
        (
            event("DTSTART:20260601T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"),
            value(8, "RRULE", "FREQ=SECONDLY"),
        ),
        (event("DTSTART:20260601T090000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY"), Mistake::TooMuchHappens(3)),
        (event("DTSTART:19000601T090000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY"), Mistake::TooMuchHappens(8)),
        (
            event("DTSTART:20260601T090000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260601T090000Z/PT1H"),
            Mistake::NotRead { line: 8, what: "RDATE;VALUE=PERIOD" },
        ),
        (with("BEGIN:VTIMEZONE\nTZID:A\nEND:VTIMEZONE"), value(3, "VTIMEZONE", "A")),
        (
            with(&"BEGIN:VEVENT\nEND:VEVENT\n".repeat(EVENTS_MAX + 1)),
            Mistake::TooManyEvents(3 + 2 * EVENTS_MAX),
        ),
        (with(&"X:1\n".repeat(100_000)), Mistake::TooManyLines),
        (" ".repeat(CALENDAR_BYTES_MAX + 1), Mistake::TooLarge),
    ] {
        let shown: String = calendar.chars().take(300).collect();
        assert_eq!(reading(&calendar), Err(expected), "{shown}");
    }
    assert_eq!(read(b"BEGIN:VCALENDAR\r\nX:\xff\r\n", Tz::UTC, at(NOW), at(NOW)), Err(Mistake::NotText));
    let many = "DTSTART:20260601T000000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY;COUNT=";
    assert!(reading(&event(&format!("{many}{HAPPENINGS_MAX}"))).is_ok());
    assert!(reading(&event(&format!("{many}{}", HAPPENINGS_MAX + 1))).is_err());
    for locale in i18n::Locale::ALL {
        let said = Mistake::Backwards { line: 7, uid: uid() }.say(locale);
        assert!(said.contains('7') && !said.contains('{'), "{said}");
    }
}
