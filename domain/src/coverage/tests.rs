use events::event::contact::{ContactEvent, Method, Proof};
use events::event::person::ChannelKind;
use events::{Author, Cause, Entry, EventId, Position, Version};

use super::*;
use crate::blueprint::Blueprint;
use crate::plan::imagined;
use crate::standing::{Contacts, PROVED_WITHIN};

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("RFC 3339")
}

/// Anna and Bernd take turns of a week; Anna has a push, a text and a second text over another provider, Bernd a pager.
fn house() -> Directory {
    let json = r#"{
        "people": {
            "anna": { "name": "Anna", "locale": "de", "time_zone": "UTC", "ladder": [],
                "contacts": { "push": { "channel": "pushover", "address": "uQiRzpo4DXghDmr9QzzfQu27cmVRsG", "via": null },
                              "sms": { "channel": "sms", "address": "+4930111", "via": null },
                              "other": { "channel": "sms", "address": "+4930111", "via": "kannel" } } },
            "bernd": { "name": "Bernd", "locale": "de", "time_zone": "UTC", "ladder": [],
                "contacts": { "pager": { "channel": "pager", "address": "7312", "via": null } } }
        },
        "rotas": { "primary": { "time_zone": "UTC", "layers": [ {
            "members": [ { "people": ["anna"] }, { "people": ["bernd"] } ], "hours": [],
            "handover": { "every": 1, "unit": "weeks", "from": "2026-11-02T09:00:00" } } ] } },
        "policies": { "default": { "repeat": 0, "fallback": [], "acknowledgement_lapses": null,
            "steps": [ { "page": [ { "rota": { "rota": "primary", "offset": 0 } } ], "wait": 600000000 } ] } }
    }"#;
    let blueprint: Blueprint = serde_json::from_str(json).expect("a blueprint");
    imagined(&blueprint)
}

fn prove(directory: &mut Directory, name: &str, contact: &str, at: Timestamp, by: Proof) {
    let (person, defined) = directory.person_called(name).expect("somebody");
    let method = &defined.contacts[&ContactId::from(contact)];
    let (channel, address) = (method.channel, method.address.clone());
    let method = Method { contact: contact.into(), channel, address };
    directory.apply(&Entry {
        position: Position::from_raw(directory.position().as_raw() + 1_000),
        stream: Contacts::stream(person),
        version: Version(1),
        id: EventId([0; 16]),
        at,
        by: Author::House,
        cause: Cause::Deadline,
        directory: Position::START,
        event: ContactEvent::Proved { method, by }.into(),
    });
}

fn spans(thin: &[Thin]) -> Vec<(Timestamp, Timestamp)> {
    thin.iter().map(|thin| (thin.from, thin.until)).collect()
}

#[test]
fn a_step_is_thin_while_nobody_has_two_proved_ways_and_the_weeks_of_who_has_are_not() {
    let mut directory = house();
    let (from, until) = (at("2026-11-02T12:00:00Z"), at("2026-11-16T12:00:00Z"));
    assert_eq!(
        spans(&thin(&directory, &Providers::default(), from, until)),
        [(from, until)],
        "nothing is proved"
    );
    prove(&mut directory, "anna", "push", from, Proof::Verified);
    assert_eq!(
        spans(&thin(&directory, &Providers::default(), from, until)),
        [(from, until)],
        "one way is not two"
    );
    prove(&mut directory, "anna", "sms", from, Proof::Delivered);
    assert_eq!(
        spans(&thin(&directory, &Providers::default(), from, until)),
        [(from, until)],
        "it arrived, but with whom?"
    );
    prove(&mut directory, "anna", "sms", from, Proof::Acknowledged);
    let found = thin(&directory, &Providers::default(), from, until);
    assert_eq!(spans(&found), [(at("2026-11-09T09:00:00Z"), at("2026-11-16T09:00:00Z"))], "Bernd's week");
    assert_eq!(found[0].people, [directory.person_called("bernd").expect("somebody").0]);
}

#[test]
fn two_providers_of_one_kind_are_two_ways_and_a_proof_grows_old() {
    let mut directory = house();
    let from = at("2026-11-02T12:00:00Z");
    prove(&mut directory, "anna", "sms", from, Proof::Verified);
    prove(&mut directory, "anna", "other", from - Span::from_seconds(88 * 86_400), Proof::Verified);
    let found = thin(&directory, &Providers::default(), from, from + Span::from_seconds(5 * 86_400));
    let old = from - Span::from_seconds(88 * 86_400) + PROVED_WITHIN;
    assert_eq!(spans(&found), [(old, from + Span::from_seconds(5 * 86_400))]);
}

#[test]
fn two_channels_of_one_company_are_one_way() {
    let mut directory = house();
    let (from, until) = (at("2026-11-02T12:00:00Z"), at("2026-11-03T12:00:00Z"));
    for contact in ["push", "sms"] {
        prove(&mut directory, "anna", contact, from, Proof::Verified);
    }
    let mut providers = Providers::default();
    for (kind, id, on) in [
        (ChannelKind::PUSHOVER, "push", "one.example"),
        (ChannelKind::SMS, "texts", "one.example"),
        (ChannelKind::SMS, "kannel", "two.example"),
    ] {
        providers.add(kind, id.into());
        providers.depends(id.into(), on.to_owned());
    }
    assert_eq!(spans(&thin(&directory, &providers, from, until)), [(from, until)]);
    prove(&mut directory, "anna", "other", from, Proof::Verified);
    assert_eq!(thin(&directory, &providers, from, until), [], "over another company");
}

#[test]
fn the_configuration_alone_says_who_could_never_have_two_ways() {
    let directory = house();
    let found = thin_by_configuration(&directory, at("2026-11-01T12:00:00Z"), at("2026-11-16T12:00:00Z"));
    assert_eq!(
        spans(&found),
        [(at("2026-11-09T09:00:00Z"), at("2026-11-16T09:00:00Z"))],
        "Bernd's week; before the first handover there is a gap, which is said elsewhere"
    );
}
