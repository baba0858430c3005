//! People and teams.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::blueprint::mistake::{Feature, What};
use domain::blueprint::{ContactPlan, PersonPlan, RungPlan, TeamPlan, default};
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::team::Handovers;

use crate::channel::{Medium, media_once};

use super::{At, Decoder, Grammar, Map};

const PERSON: Grammar = Grammar {
    known: &["name", "locale", "time_zone", "contacts", "ladder"],
    unbuilt: |_| None,
    example: "{ name: Anna Rossi, time_zone: Europe/Rome }",
};

/// A contact names one kind of channel, and maybe which of them.
static CONTACT_KEYS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| media_once().map(Medium::kind_name).chain(["via"]).collect());

fn contact_grammar() -> Grammar {
    Grammar { known: &CONTACT_KEYS, unbuilt: unbuilt_contact, example: "{ sms: \"+393331234567\" }" }
}

fn unbuilt_contact(key: &str) -> Option<Feature> {
    let known_elsewhere =
        ["call", "phone", "mail", "email", "webhook", "matrix", "ntfy", "exec", "signal", "telegram"];
    known_elsewhere.contains(&key).then(|| Feature::Channel { name: key.to_owned() })
}

const RUNG: Grammar = Grammar {
    known: &["contact", "after", "attempts", "every"],
    unbuilt: |_| None,
    example: "{ contact: push, after: 0s }",
};

const TEAM: Grammar = Grammar {
    known: &["name", "members", "time_zone", "handovers"],
    unbuilt: |_| None,
    example: "{ name: Sysadmins, members: [anna, bernd] }",
};

const HANDOVERS: [(&str, Handovers); 3] =
    [("announced", Handovers::Announced), ("accepted", Handovers::Accepted), ("silent", Handovers::Silent)];

const LOCALES: [(&str, Language); 3] = [("en", Language::En), ("de", Language::De), ("it", Language::It)];

impl Decoder {
    pub(super) fn person(&mut self, at: &At<'_>, id: &str) {
        let mut person = PersonPlan {
            name: id.to_owned(),
            locale: default::LANGUAGE,
            time_zone: default::TIME_ZONE.to_owned(),
            contacts: BTreeMap::new(),
            ladder: Vec::new(),
        };
        if let Some(map) = self.map(at, &PERSON) {
            self.personal(&map, &mut person);
        }
        self.blueprint.people.insert(id.to_owned(), person);
    }

    fn personal(&mut self, map: &Map<'_>, person: &mut PersonPlan) {
        if let Some(name) = self.optional_text(map, "name", "Anna Rossi") {
            person.name = name;
        }
        if let Some(at) = map.get("locale") {
            person.locale = self.choice(&at, &LOCALES).unwrap_or(person.locale);
        }
        match map.get("time_zone") {
            Some(at) => {
                if let Some(zone) = self.text(&at, "Europe/Rome") {
                    person.time_zone = zone;
                }
            }
            None if self.broken.contains(&map.path.key("time_zone")) => {}
            None => self.wrong(&map.path.key("time_zone"), map.mark, What::DefaultTimeZone),
        }
        if !self.contacts(map, person) {
            return;
        }
        let rungs = self.list(map, "ladder", "[{ contact: push, after: 0s }]").unwrap_or_default();
        person.ladder = rungs.iter().map(|rung| self.rung(rung)).collect();
    }

    /// False when nothing is known about contact methods: then a ladder means nothing either.
    fn contacts(&mut self, map: &Map<'_>, person: &mut PersonPlan) -> bool {
        let Some(at) = map.get("contacts") else {
            return !self.broken.contains(&map.path.key("contacts"));
        };
        let Some(entries) = self.entries(&at, "{ sms: { sms: \"+393331234567\" } }") else { return false };
        for entry in entries {
            let at = At::in_map(&at.path, entry);
            self.note(&at);
            let contact = self.contact(&at);
            person.contacts.insert(entry.key.clone(), contact);
        }
        true
    }

    fn contact(&mut self, at: &At<'_>) -> ContactPlan {
        let mut contact = ContactPlan { channel: ChannelKind::PAGER, address: String::new(), via: None };
        let before = self.mistakes.len();
        let Some(map) = self.map(at, &contact_grammar()) else { return contact };
        let named: Vec<_> = media_once().filter(|medium| map.get(medium.kind_name()).is_some()).collect();
        match named[..] {
            [medium] => {
                contact.channel = medium.kind;
                contact.address = self.required_text(&map, medium.kind_name(), medium.example);
            }
            // An unknown key is what should have been the channel.
            [] if self.mistakes.len() > before => {
                self.broken.insert(at.path.clone());
            }
            _ => self.broken(at, What::ContactForm),
        }
        contact.via = self.optional_text(&map, "via", "snpp-main");
        contact
    }

    fn rung(&mut self, at: &At<'_>) -> RungPlan {
        let mut rung = RungPlan {
            contact: String::new(),
            after: default::AFTER,
            attempts: default::ATTEMPTS,
            every: default::EVERY,
        };
        let Some(map) = self.map(at, &RUNG) else { return rung };
        rung.contact = self.required_text(&map, "contact", "push");
        rung.after = self.optional_span(&map, "after").unwrap_or(rung.after);
        rung.attempts = self.optional_number(&map, "attempts", "2").unwrap_or(rung.attempts);
        rung.every = self.optional_span(&map, "every").unwrap_or(rung.every);
        rung
    }

    pub(super) fn team(&mut self, at: &At<'_>, id: &str) {
        let mut team = TeamPlan {
            name: id.to_owned(),
            members: Vec::new(),
            time_zone: None,
            handovers: default::HANDOVERS,
        };
        if let Some(map) = self.map(at, &TEAM) {
            team.name = self.optional_text(&map, "name", "Sysadmins").unwrap_or(team.name);
            team.members = self.names(&map, "members", "[anna, bernd]");
            team.time_zone = self.optional_text(&map, "time_zone", "Europe/Berlin");
            if let Some(at) = map.get("handovers") {
                team.handovers = self.choice(&at, &HANDOVERS).unwrap_or(team.handovers);
            }
        }
        self.blueprint.teams.insert(id.to_owned(), team);
    }
}
