//! What can be wrong with a rota, each with the sentence that somebody reads: what, and what to do.

use super::*;

/// A house with one rota in which everything is right; what stands in the rota can be exchanged.
fn house(from: &str, to: &str) -> String {
    const RIGHT: &str = "people:
  anna: { name: Anna, time_zone: Europe/Rome, contacts: { pager: { pager: \"7311\" } } }
rotas:
  primary:
    time_zone: Europe/Berlin
    layers:
      - members: [anna]
        handover: { every: 1w, from: \"2026-11-02T09:00\" }
        hours: [\"Mon-Fri 18:00-08:00\"]
policies:
  default: { steps: [{ page: [{ rota: primary }], wait: 10m }], fallback: [{ person: anna }] }
services: { shop: { name: Shop, policy: default } }
routes: [{ service: shop }]
";
    assert!(RIGHT.contains(from), "{from}");
    RIGHT.replacen(from, to, 1)
}

const MEMBERS: &str = "members: [anna]";
const EVERY: &str = "every: 1w";
const FROM: &str = "\"2026-11-02T09:00\"";
const HOURS: &str = "[\"Mon-Fri 18:00-08:00\"]";
const ZONE: &str = "Europe/Berlin";

const BAD: &[(&str, &str, &str)] = &[
    (
        MEMBERS,
        "members: []",
        "7:9: rotas.primary.layers[0].members: Nobody is listed here. Name at least one person.",
    ),
    (
        MEMBERS,
        "members: [{ person: anna, from: \"2026-12-01T09:00\", until: \"2026-11-30T09:00\" }]",
        "7:68: rotas.primary.layers[0].members[0].until: They leave before they join: `until` must be later than `from`.",
    ),
    (
        FROM,
        "\"1066-10-14T09:00\"",
        "8:38: rotas.primary.layers[0].handover.from: The first handover is in the year 1066. It can lie in 1970 to 2199: write the moment from which on the rota counts, or a recent handover.",
    ),
    (
        FROM,
        "\"2200-01-01T00:00\"",
        "8:38: rotas.primary.layers[0].handover.from: The first handover is in the year 2200. It can lie in 1970 to 2199: write the moment from which on the rota counts, or a recent handover.",
    ),
    (
        FROM,
        "\"+12026-01-01T00:00\"",
        "8:38: rotas.primary.layers[0].handover.from: \"+12026-01-01T00:00\" is not a local date and time. Write it in the rota's own time zone, such as \"2026-11-02T09:00\".",
    ),
    (
        FROM,
        "\"2026-02-30T09:00\"",
        "8:38: rotas.primary.layers[0].handover.from: \"2026-02-30T09:00\" is not a local date and time. Write it in the rota's own time zone, such as \"2026-11-02T09:00\".",
    ),
    (
        EVERY,
        "every: 0h",
        "8:28: rotas.primary.layers[0].handover.every: \"every\" must be more than nothing. Write, for example: every: 1w",
    ),
    (
        EVERY,
        "every: 10001h",
        "8:28: rotas.primary.layers[0].handover.every: 10001 is out of range. Write a number from 1 to 10000.",
    ),
    (
        EVERY,
        "every: -1w",
        "8:28: rotas.primary.layers[0].handover.every: \"-1w\" does not say when people hand over. Write a number of hours, days, weeks or months, such as 12h, 1d, 1w or 1mo.",
    ),
    (
        ZONE,
        "Europe/Belrin",
        "5:16: rotas.primary.time_zone: \"Europe/Belrin\" is not a time zone. Write an IANA name, such as Europe/Berlin. Did you mean \"Europe/Berlin\"?",
    ),
    (
        ZONE,
        "Chicago",
        "5:16: rotas.primary.time_zone: \"Chicago\" is not a time zone. Write an IANA name, such as Europe/Berlin. Did you mean \"America/Chicago\"?",
    ),
    (
        HOURS,
        "[]",
        "9:9: rotas.primary.layers[0].hours: The layer names no times at which it has somebody. Name at least one, such as \"Mon-Fri 18:00-08:00\", or leave \"hours\" out: then it has somebody always.",
    ),
    (
        HOURS,
        "[\"\"]",
        "9:17: rotas.primary.layers[0].hours[0]: \"\" does not say times of the week. Write days and times in quotes, such as \"Mon-Fri 18:00-08:00\" or \"Sat-Sun 00:00-24:00\".",
    ),
    (
        HOURS,
        "[\"Mon-Fri 24:00-08:00\"]",
        "9:17: rotas.primary.layers[0].hours[0]: \"Mon-Fri 24:00-08:00\" does not say times of the week. Write days and times in quotes, such as \"Mon-Fri 18:00-08:00\" or \"Sat-Sun 00:00-24:00\".",
    ),
    (
        "layers:\n      - members: [anna]\n        handover: { every: 1w, from: \"2026-11-02T09:00\" }\n        hours: [\"Mon-Fri 18:00-08:00\"]",
        "layers: []",
        "6:5: rotas.primary.layers: The rota has no layers, so nobody would ever be on call. Add at least one.",
    ),
];

#[test]
fn each_mistake_in_a_rota_is_one_sentence_with_what_to_do() {
    let right = read_one("house.yaml", &house(EVERY, EVERY)).checked(Completeness::Whole);
    assert_eq!(said(&right), [""; 0]);
    for (from, to, sentence) in BAD {
        let reading = read_one("house.yaml", &house(from, to)).checked(Completeness::Whole);
        assert!(!reading.is_sound(), "{to}");
        let said = said(&reading);
        // What only follows from it is a warning.
        let mistakes = said.iter().filter(|line| !line.contains(": warning: "));
        let told: Vec<&str> = mistakes.map(|line| line.trim_start_matches("house.yaml:")).collect();
        assert_eq!(told, [*sentence], "{to}");
    }
}

#[test]
fn each_mistake_in_a_rota_is_said_in_every_language() {
    for locale in i18n::Locale::ALL {
        for (from, to, _) in BAD {
            let reading = read_one("house.yaml", &house(from, to)).checked(Completeness::Whole);
            let line = say(&reading.mistakes[0], locale);
            assert!(line.len() > 60 && !line.contains('{'), "{to}: {line}");
        }
    }
}

#[test]
fn the_first_and_the_last_that_are_possible_are_sound() {
    for (from, to) in [
        (FROM, "\"1970-01-01T00:00\""),
        (FROM, "\"2199-12-31T23:59\""),
        (EVERY, "every: 10000mo"),
        (EVERY, "every: 1h"),
        // Hours that end before they begin cross midnight, days that do cross the week's end.
        (HOURS, "[\"Sat-Mon 18:00-08:00\"]"),
        (HOURS, "[\"Mon 09:00-09:00\"]"),
    ] {
        let reading = read_one("house.yaml", &house(from, to)).checked(Completeness::Whole);
        assert_eq!(said(&reading), [""; 0], "{to}");
    }
}
