//! One line for each mistake: what is written, where it is found, and as what.

use super::*;

/// Everything wrong with a text, as `line:column path Kind`, with a `?` after warnings.
fn wrong(name: &str, text: &str) -> Vec<String> {
    let reading = read_one(name, text).checked(Completeness::Part);
    let told = reading.mistakes.iter().filter(|mistake| !matches!(mistake.what, What::SectionAbsent { .. }));
    told.map(|mistake| {
        let place = mistake.place.as_ref().expect("every mistake has a place");
        let what = format!("{:?}", mistake.what);
        let what = what.split([' ', '{']).next().unwrap_or_default();
        let doubt = if mistake.severity == Severity::Warning { "?" } else { "" };
        let path = if mistake.path == Path::default() { String::new() } else { format!("{} ", mistake.path) };
        format!("{}:{} {path}{what}{doubt}", place.line, place.column)
    })
    .collect()
}

#[track_caller]
fn assert_wrong(text: &str, expected: &[&str]) {
    assert_eq!(wrong("house.yaml", text), expected, "{text}");
}

/// A person in one line, with something about them.
fn anna(rest: &str) -> String {
    format!("people:\n  anna: {{ time_zone: UTC, {rest} }}\n")
}

#[test]
fn texts_that_are_not_well_formed() {
    for (name, text, expected) in [
        ("a.yaml", "people:\n  anna: [\n", "3:1 Syntax"),
        ("a.yaml", "people:\n\t- b\n", "2:2 Syntax"),
        ("a.yaml", "a: b\n c: d\n", "2:3 Syntax"),
        ("a.yaml", "people: *x\n", "1:9 Syntax"),
        ("a.yaml", "people: &x {}\nteams: *x\n", "2:8 AliasRefused"),
        ("a.yaml", "people: !!map {}\n", "1:9 TagRefused"),
        ("a.yaml", "people: !include x.yaml\n", "1:9 TagRefused"),
        ("a.yaml", "people: {}\n---\nteams: {}\n", "2:1 SeveralDocuments"),
        ("a.json", "{ \"people\": }x", "1:14 Syntax"),
        ("a.toml", "people = \n", "1:10 Syntax"),
        ("a.toml", "[people]\nanna = 1\nanna = 2\n", "3:1 Syntax"),
    ] {
        assert!(wrong(name, text).contains(&expected.to_owned()), "{text:?}: {:?}", wrong(name, text));
    }
    let deep = "[".repeat(DEPTH_MAX + 1) + &"]".repeat(DEPTH_MAX + 1);
    assert_eq!(wrong("a.yaml", &deep)[0], "1:33 TooDeep");
    assert_eq!(wrong("a.toml", &format!("a = {deep}"))[0], "1:35 TooDeep");
}

#[test]
fn keys() {
    assert_wrong("people:\n  anna: { time_zone: UTC }\n  anna: { time_zone: UTC }\n", &["3:3 DuplicateKey"]);
    assert_wrong("people: { anna: { time_zone: UTC, [a]: b } }\n", &["1:35 KeyNotText"]);
    assert_wrong("poeple: { anna: {} }\nteams: {}\n", &["1:1 poeple UnknownKey"]);
    assert_wrong(&anna("nmae: Anna"), &["2:27 people.anna.nmae UnknownKey"]);
    assert_wrong("[people]\n", &["1:1 WrongType"]);
    assert_wrong("people: anna\n", &["1:9 people WrongType"]);
    assert_wrong("people:\n- anna\n", &["1:1 people WrongType"]);
    assert_wrong("people: { Anna Rossi: { time_zone: UTC } }\n", &["1:11 people.Anna Rossi BadName"]);
    let reading = read_one("a.yaml", "people:\n  anna: {}\n  anna: {}\n");
    assert!(said(&reading).iter().any(|line| line.contains("first at a.yaml:2:3")), "{:?}", said(&reading));
}

#[test]
fn the_same_name_in_two_files() {
    let part = |name: &str| file(name, "\npeople:\n  anna: { time_zone: UTC }\n");
    let reading = read(&[part("one.yaml"), part("two.yaml")]);
    assert_eq!(
        said(&reading),
        ["two.yaml:3:3: people.anna: The person \"anna\" is already defined at one.yaml:3:3. \
          Keep one of the two definitions, or rename one."]
    );
}

#[test]
fn people() {
    for (rest, expected) in [
        ("name: [a]", &["2:27 people.anna.name WrongType"][..]),
        ("name: { a: b }", &["2:27 people.anna.name WrongType"]),
        ("name: \"\"", &["2:33 people.anna.name TextEmpty"]),
        ("locale: fr", &["2:35 people.anna.locale BadChoice"]),
        ("contacts: []", &["2:27 people.anna.contacts WrongType"]),
        ("contacts: [], ladder: [{ contact: sms }]", &["2:27 people.anna.contacts WrongType"]),
        ("contacts: { sms: { sms: 0171 } }", &["2:51 people.anna.contacts.sms.sms PhoneForm"]),
        ("contacts: { p: { pushover: x } }", &["2:54 people.anna.contacts.p.pushover PushoverForm?"]),
        ("contacts: { x: {} }", &["2:39 people.anna.contacts.x ContactForm"]),
        ("contacts: { x: { sms: \"+4930123456\", pager: 1 } }", &["2:39 people.anna.contacts.x ContactForm"]),
        ("contacts: { x: { smss: \"+4930123456\" } }", &["2:44 people.anna.contacts.x.smss UnknownKey"]),
        ("contacts: { x: { matrix: \"@anna:example\" } }", &["2:44 people.anna.contacts.x.matrix NotBuilt"]),
        ("contacts: { x: { sms: [] } }", &["2:44 people.anna.contacts.x.sms WrongType"]),
        ("ladder: [{ contact: psh }]", &["2:47 people.anna.ladder[0].contact UnknownContact"]),
        ("ladder: [{ after: 1m }]", &["2:36 people.anna.ladder[0].contact Missing"]),
        ("ladder: [x]", &["2:36 people.anna.ladder[0] WrongType"]),
        ("contcts: {}, ladder: [{ contact: sms }]", &["2:27 people.anna.contcts UnknownKey"]),
        ("ladder: x", &["2:35 people.anna.ladder WrongType"]),
    ] {
        assert_wrong(&anna(rest), expected);
    }
    let rung =
        |rest: &str| anna(&format!("contacts: {{ p: {{ pager: 1 }} }}, ladder: [{{ contact: p, {rest} }}]"));
    for (rest, expected) in [
        ("after: 5", "2:88 people.anna.ladder[0].after BadSpan"),
        ("after: [5m]", "2:81 people.anna.ladder[0].after WrongType"),
        ("attempts: two", "2:91 people.anna.ladder[0].attempts WrongType"),
        ("attempts: \"2\"", "2:91 people.anna.ladder[0].attempts WrongType"),
        ("attempts: -1", "2:91 people.anna.ladder[0].attempts OutOfRange"),
        ("attempts: 0", "2:91 people.anna.ladder[0].attempts Zero"),
        ("attempts: 101", "2:91 people.anna.ladder[0].attempts OutOfRange"),
        ("attempts: 2, every: 0s", "2:101 people.anna.ladder[0].every Zero"),
        ("after: 9999w", "2:88 people.anna.ladder[0].after SpanTooLong"),
    ] {
        assert_wrong(&rung(rest), &[expected]);
    }
    assert_wrong("people: { anna: }\n", &["1:11 people.anna WrongType"]);
    assert_wrong("people:\n  anna:\n    time_zone: Mars\n", &["3:16 people.anna.time_zone UnknownTimeZone"]);
    assert_wrong("people: { anna: {} }", &["1:11 people.anna.time_zone DefaultTimeZone?"]);
}

#[test]
fn teams_and_rotas() {
    let house = |rest: &str| format!("people: {{ anna: {{ time_zone: UTC }} }}\n{rest}\n");
    assert_wrong(&house("teams: { t: { members: [ana] } }"), &["2:25 teams.t.members[0] Unknown"]);
    assert_wrong(&house("teams: { t: { members: [[]] } }"), &["2:25 teams.t.members[0] WrongType"]);
    assert_wrong(&house("teams: { t: {} }"), &["2:10 teams.t.members Missing"]);
    let rota = |layer: &str| house(&format!("rotas:\n  r:\n    time_zone: UTC\n    layers:\n    - {layer}"));
    let turns = "handover: { every: 1w, from: 2026-11-02T09:00 }";
    assert_wrong(&rota(&format!("{{ members: [anna], {turns} }}")), &[]);
    for (hours, wrong) in [
        ("[\"Mon-Fri 18:00-08:00\", \"Sat-Sun 00:00-24:00\"]", &[][..]),
        ("[nights]", &["6:83 rotas.r.layers[0].hours[0] BadHours"]),
        ("nights", &["6:82 rotas.r.layers[0].hours WrongType"]),
    ] {
        assert_wrong(&rota(&format!("{{ members: [anna], {turns}, hours: {hours} }}")), wrong);
    }
    for (member, wrong) in [
        ("[anna]", &[][..]),
        ("{ person: anna, from: \"2026-11-02T09:00\" }", &[]),
        ("{ people: [anna], until: \"2026-12-02T09:00\" }", &[]),
        ("{ people: [] }", &["6:19 rotas.r.layers[0].members[0] Empty"]),
        ("{ person: anna, from: soon }", &["6:41 rotas.r.layers[0].members[0].from BadLocalTime"]),
        ("{ until: \"2026-12-02T09:00\" }", &["6:19 rotas.r.layers[0].members[0].person Missing"]),
        (
            "{ person: anna, from: \"2026-12-02T09:00\", until: \"2026-12-02T09:00\" }",
            &["6:68 rotas.r.layers[0].members[0].until MemberDates"],
        ),
        ("{ person: anna, people: [anna] }", &["6:35 rotas.r.layers[0].members[0].people WrongType"]),
        ("bob", &["6:19 rotas.r.layers[0].members[0] Unknown"]),
    ] {
        assert_wrong(&rota(&format!("{{ members: [{member}], {turns} }}")), wrong);
    }
    assert_wrong(&rota("{ members: [anna] }"), &["6:7 rotas.r.layers[0].handover Missing"]);
    assert_wrong(&rota(&format!("{{ {turns} }}")), &["6:7 rotas.r.layers[0].members Missing"]);
    for (turns, expected) in [
        ("every: 1m, from: 2026-11-02T09:00", "6:45 rotas.r.layers[0].handover.every BadTurn"),
        ("every: 0d, from: 2026-11-02T09:00", "6:45 rotas.r.layers[0].handover.every Zero"),
        ("every: 1d, from: 2026-11-02", "6:55 rotas.r.layers[0].handover.from BadLocalTime"),
        ("every: 1d, from: 2026-11-02T09:00Z", "6:55 rotas.r.layers[0].handover.from BadLocalTime"),
        ("every: 1d", "6:26 rotas.r.layers[0].handover.from Missing"),
    ] {
        assert_wrong(&rota(&format!("{{ members: [anna], handover: {{ {turns} }} }}")), &[expected]);
    }
    assert_wrong(
        &house("rotas: { r: { layers: [] } }"),
        &["2:10 rotas.r.time_zone Missing", "2:15 rotas.r.layers Empty"],
    );
    assert_wrong(&house("overrides: []"), &["2:1 overrides NotBuilt"]);
    assert_wrong(&house("planned_work: []"), &["2:1 planned_work NotBuilt"]);
}

#[test]
fn policies_services_and_routes() {
    let house = |rest: &str| {
        format!("people: {{ anna: {{ time_zone: UTC, contacts: {{ p: {{ pager: 1 }} }} }} }}\n{rest}\n")
    };
    let step = |step: &str| {
        house(&format!("policies:\n  p:\n    fallback: [{{ person: anna }}]\n    steps:\n    - {step}"))
    };
    for (step_text, expected) in [
        ("{ page: [{ person: ana }], wait: 1m }", &["6:26 policies.p.steps[0].page[0].person Unknown"][..]),
        ("{ page: [{ person: anna }] }", &["6:7 policies.p.steps[0].wait Missing"]),
        ("{ page: [{ person: anna }], wait: soon }", &["6:41 policies.p.steps[0].wait BadSpan"]),
        ("{ page: [anna], wait: 1m }", &["6:16 policies.p.steps[0].page[0] WrongType"]),
        ("{ page: [{ person: anna, team: t }], wait: 1m }", &["6:16 policies.p.steps[0].page[0] TargetForm"]),
        (
            "{ page: [{ person: anna, offset: 1 }], wait: 1m }",
            &["6:16 policies.p.steps[0].page[0] OffsetWithoutRota"],
        ),
        ("{ page: [{ persn: anna }], wait: 1m }", &["6:18 policies.p.steps[0].page[0].persn UnknownKey"]),
        ("{ page: [], wait: 1m }", &["6:9 policies.p.steps[0].page Empty"]),
        ("{ wait: 1m }", &["6:7 policies.p.steps[0].page Missing"]),
        ("x", &["6:7 policies.p.steps[0] WrongType"]),
    ] {
        assert_wrong(&step(step_text), expected);
    }
    assert_wrong(
        &house("policies: { p: {} }"),
        &["2:13 policies.p.steps Missing", "2:13 policies.p.fallback FallbackEmpty?"],
    );
    assert_wrong(
        &house(
            "policies: { p: { steps: [{ page: [{ person: anna }], wait: 1m }], acknowledgement_lapses: often } }",
        ),
        &["2:13 policies.p.fallback FallbackEmpty?", "2:91 policies.p.acknowledgement_lapses BadSpan"],
    );
    assert_wrong("services: { s: { polcy: p } }", &["1:18 services.s.polcy UnknownKey"]);
    assert_wrong(
        &house("policies: { p: { stesp: [], fallback: [{ person: anna }] } }"),
        &["2:18 policies.p.stesp UnknownKey"],
    );
    assert_wrong(
        &house(
            "policies: { p: { steps: [{ page: [{ person: anna }], wait: 1m }], fallback: [{ person: anna }], acknowledgement_lapses: [] } }",
        ),
        &["2:97 policies.p.acknowledgement_lapses WrongType"],
    );
    assert_wrong("services: { s: {} }", &["1:13 services.s.policy Missing"]);
    assert_wrong(
        "services: { s: { policy: p, reference_only: yes, runbook: wiki } }",
        &["1:45 services.s.reference_only WrongType", "1:59 services.s.runbook RunbookForm?"],
    );
    for (route, expected) in [
        ("{}", &["2:3 routes[0].service Missing"][..]),
        ("{ service: s, when: { not: x } }", &["2:25 routes[0].when.not NotBuilt"]),
        ("{ service: s, when: { text: [] } }", &["2:25 routes[0].when.text WrongType"]),
        ("{ service: s, when: { text: { regexp: x } } }", &["2:33 routes[0].when.text.regexp UnknownKey"]),
        ("{ service: s, when: { source: [] } }", &["2:25 routes[0].when.source ConditionEmpty"]),
        ("{ service: s, when: { severity: [bad] } }", &["2:36 routes[0].when.severity[0] BadChoice"]),
        ("{ service: s, when: { hours: [Mon] } }", &["2:33 routes[0].when.hours[0] BadHours"]),
        (
            "{ service: s, when: { hours: \"Mon 08:00-09:00\" } }\n- { service: s }",
            &["2:32 routes[0].when.hours Missing"],
        ),
        (
            "{ service: s, when: { hours: [Mon 08:00-09:00], time_zone: Mars } }\n- { service: s }",
            &["2:62 routes[0].when.time_zone UnknownTimeZone"],
        ),
        (
            "{ service: s, when: { labels: { a: { regex: \"b(\" } } } }\n- { service: s }",
            &["2:35 routes[0].when.labels.a BadPattern"],
        ),
        (
            "{ service: s, when: { text: { regex: \"*\" } } }\n- { service: s }",
            &["2:25 routes[0].when.text BadPattern"],
        ),
        ("{ service: s, severities: { P1: bad } }", &["2:35 routes[0].severities.p1 BadChoice"]),
        (
            "{ service: s, severities: { P1: error, p1: critical } }",
            &["2:42 routes[0].severities.p1 DuplicateKey"],
        ),
        ("{ service: s, when: { sorce: x } }", &["2:25 routes[0].when.sorce UnknownKey"]),
        ("{ service: s, when: { severity: bad } }", &["2:35 routes[0].when.severity BadChoice"]),
        ("{ service: s, when: { labels: { a: [] } } }", &["2:35 routes[0].when.labels.a WrongType"]),
        ("{ service: s, when: { severity: error } }", &["2:3 routes[0] NoDefaultRoute?"]),
        ("{ service: s }\n- { service: s }", &["3:3 routes[1] RouteNeverMatches?"]),
    ] {
        assert_wrong(&format!("routes:\n- {route}\n"), expected);
    }
    assert_wrong("routes: {}\n", &["1:1 routes WrongType"]);
}

#[test]
fn sources() {
    for (source, expected) in [
        ("{ kind: alertmanger, key_file: k }", "1:23 sources.s.kind BadChoice"),
        ("{ key_file: k }", "1:12 sources.s.kind Missing"),
        ("{ kind: generic }", "1:12 sources.s.key_file Missing"),
        ("{ kind: generic, key_file: \"\" }", "1:42 sources.s.key_file TextEmpty"),
        ("{ kind: generic, key_file: k, every: 1m }", "1:52 sources.s.every OnlyForHeartbeat?"),
    ] {
        assert_wrong(&format!("sources: {{ s: {source} }}"), &[expected]);
    }
}

/// A mistake in one file is no reason to call everything in the others unknown.
#[test]
fn mistakes_that_only_follow_are_left_out() {
    let reading = read(&[
        file("people.yaml", "people: [\n"),
        file("teams.yaml", "teams:\n  t: { members: [anna], time_zone: Mars }\n"),
    ])
    .checked(Completeness::Whole);
    let said = said(&reading);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("people.yaml:2:1: The file is not well-formed here"), "{said:?}");
    assert!(
        said[1].starts_with("teams.yaml:2:36: teams.t.time_zone: \"Mars\" is not a time zone."),
        "{said:?}"
    );
}

#[test]
fn a_contact_names_which_program_and_never_the_program_itself() {
    let siren =
        |contact: &str| anna(&format!("contacts: {{ siren: {contact} }}, ladder: [{{ contact: siren }}]"));
    assert_wrong(&siren("{ exec: \"room 7\", via: siren }"), &[]);
    for contact in [
        "{ exec: [\"/bin/sh\", \"-c\", \"id\"] }",
        "{ exec: { command: \"/bin/sh\" } }",
        "{ exec: \"room 7\", command: \"/bin/sh\" }",
        "{ exec: \"room 7\", via: /bin/sh }",
        "{ exec: \"room 7\", via: [\"/bin/sh\"] }",
        "{ exec: \"room 7\", environment: [\"PATH=/tmp\"] }",
    ] {
        let wrong = wrong("house.yaml", &siren(contact));
        assert!(wrong.iter().any(|mistake| !mistake.ends_with('?')), "{contact}: {wrong:?}");
    }
}
