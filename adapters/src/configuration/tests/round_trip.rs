//! What is written reads back the same, whatever it holds.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use domain::blueprint::{
    ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan, RungPlan,
    ServicePlan, SourcePlan, StepPlan, TargetPlan, TeamPlan,
};
use events::Span;
use events::event::Language;
use events::event::hours::Hours;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::routes::{TextTest, When};
use events::event::signal::Severity as SignalSeverity;
use events::event::source::SourceKind;

use super::*;

/// Texts that YAML could take for something else.
const HOSTILE: [&str; 60] = [
    "",
    " ",
    "a",
    "Anna Rossi",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "0",
    "0042",
    "-1",
    "1.5",
    "1e3",
    "0x1F",
    "0o17",
    ".inf",
    ".NaN",
    "1_000",
    "12:30:45",
    "2026-11-02",
    "2026-11-02T09:00",
    "- a",
    "-",
    "?",
    "? a",
    ":",
    "a: b",
    "a:b",
    "#",
    "a #b",
    "a#b",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "'a'",
    "\"a\"",
    "a\\b",
    "[a]",
    "{a: b}",
    ", a",
    "a, b",
    "line\nbreak",
    "\ttab",
    "trailing ",
    "Grüße, 世界 🥔",
    "\u{0}\u{7}\u{85}\u{a0}\u{2028}\u{feff}\u{202e}",
    "<<",
    "---",
];

/// A generator of houses: the same seed gives the same house.
struct Generator(u64);

impl Generator {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("fits")).expect("fits")
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn text(&mut self) -> String {
        let mut text = HOSTILE[self.below(HOSTILE.len())].to_owned();
        if self.coin() {
            text.push_str(HOSTILE[self.below(HOSTILE.len())]);
        }
        text
    }

    /// Nothing cannot be written as a key.
    fn key(&mut self) -> String {
        self.text() + "k"
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn many<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(4)).map(|_| make(self)).collect()
    }

    fn named<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> BTreeMap<String, T> {
        (0..self.below(4)).map(|_| (self.key(), make(self))).collect()
    }

    fn option<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.coin().then(|| make(self))
    }

    fn number(&mut self) -> u32 {
        self.one_of(&[0, 1, 2, 99, u32::MAX])
    }

    fn span(&mut self) -> Span {
        let micros = self.one_of(&[0, 1, 999_999, 120_000_000, 5_400_000_000, 604_800_000_001, u64::MAX]);
        Span::from_micros(micros)
    }

    fn person(&mut self) -> PersonPlan {
        PersonPlan {
            name: self.text(),
            locale: self.one_of(&[Language::En, Language::De, Language::It]),
            time_zone: self.text(),
            contacts: self.named(|own| ContactPlan {
                channel: own.one_of(&[ChannelKind::PUSHOVER, ChannelKind::SMS, ChannelKind::PAGER]),
                address: own.text(),
                via: own.option(Self::text),
            }),
            ladder: self.many(|own| RungPlan {
                contact: own.text(),
                after: own.span(),
                attempts: own.number(),
                every: own.span(),
            }),
        }
    }

    fn rota(&mut self) -> RotaPlan {
        RotaPlan {
            team: self.option(Self::text),
            time_zone: self.text(),
            layers: self.many(|own| LayerPlan {
                members: own.many(|own| {
                    let mut people = own.many(Self::text);
                    people.push(own.text());
                    MemberPlan { people, from: own.option(Self::moment), until: own.option(Self::moment) }
                }),
                handover: HandoverPlan {
                    every: own.number(),
                    unit: own.one_of(&[TurnUnit::Hours, TurnUnit::Days, TurnUnit::Weeks, TurnUnit::Months]),
                    from: own.moment(),
                },
                hours: own.many(Self::hours),
            }),
        }
    }

    fn moment(&mut self) -> NaiveDateTime {
        let texts =
            ["2026-11-02T09:00:00", "2024-02-29T23:59:59", "1970-01-01T00:00:00", "0001-01-01T00:00:01"];
        self.one_of(&texts).parse().expect("a wall-clock time")
    }

    fn target(&mut self) -> TargetPlan {
        match self.below(3) {
            0 => TargetPlan::Person(self.text()),
            1 => TargetPlan::Team(self.text()),
            _ => TargetPlan::Rota { rota: self.text(), offset: self.number() },
        }
    }

    fn step(&mut self) -> StepPlan {
        if self.below(5) == 0 {
            return StepPlan { hand_over: Some(self.text()), ..StepPlan::paging(Vec::new(), Span::ZERO) };
        }
        let step = StepPlan::paging(self.many(Self::target), self.span());
        StepPlan { acknowledgements: self.number(), ..step }
    }

    fn policy(&mut self) -> PolicyPlan {
        PolicyPlan {
            steps: self.many(Self::step),
            repeat: self.number(),
            fallback: self.many(Self::target),
            acknowledgement_lapses: self.option(Self::span),
        }
    }

    fn source(&mut self) -> SourcePlan {
        SourcePlan {
            kind: self.one_of(&[SourceKind::Alertmanager, SourceKind::Oncall, SourceKind::Heartbeat]),
            key_file: self.text(),
            key_sha256: None,
            every: self.option(Self::span),
            grace: self.option(Self::span),
            service: self.option(Self::text),
            flood_at: self.option(Self::number),
            severities: self.severities(),
        }
    }

    fn route(&mut self) -> RoutePlan {
        let mut when = When {
            labels: self.named(Self::text),
            label_patterns: self.named(Self::text),
            text: self.option(|own| {
                if own.coin() { TextTest::Contains(own.text()) } else { TextTest::Matches(own.text()) }
            }),
            hours: self.many(Self::hours),
            time_zone: self.option(Self::text),
            ..When::default()
        };
        when.label_patterns.retain(|label, _| !when.labels.contains_key(label));
        // One by itself and a list of some are two forms of one condition.
        match self.below(3) {
            0 => when.source = Some(self.text().as_str().into()),
            1 => when.sources = (0..2).map(|_| self.text().as_str().into()).collect(),
            _ => {}
        }
        match self.below(3) {
            0 => when.severity = Some(self.severity()),
            1 => when.severities = (0..=self.below(3)).map(|_| self.severity()).collect(),
            _ => {}
        }
        RoutePlan { severities: self.severities(), ..RoutePlan::to(self.text(), when) }
    }

    fn hours(&mut self) -> Hours {
        let texts = ["Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00", "Wed 09:30-17:00"];
        self.one_of(&texts).parse().expect("times of the week")
    }

    fn severity(&mut self) -> SignalSeverity {
        self.one_of(&[SignalSeverity::Info, SignalSeverity::Critical])
    }

    /// Words are read in small letters.
    fn severities(&mut self) -> BTreeMap<String, SignalSeverity> {
        let words = self.named(Self::severity).into_iter();
        words.map(|(word, severity)| (word.trim().to_lowercase(), severity)).collect()
    }

    fn house(&mut self) -> Blueprint {
        Blueprint {
            people: self.named(Self::person),
            teams: self.named(|own| TeamPlan {
                name: own.text(),
                members: own.many(Self::text),
                time_zone: own.option(Self::text),
                handovers: events::event::team::Handovers::Silent,
                lead: own.option(Self::text),
                test_pages: own.option(Self::span),
            }),
            rotas: self.named(Self::rota),
            policies: self.named(Self::policy),
            services: self.named(|own| ServicePlan {
                name: own.text(),
                policy: own.text(),
                runbook: own.option(Self::text),
                reference_only: own.coin(),
                group_within: own.option(Self::span),
                group_again_after: own.option(Self::number),
            }),
            sources: self.named(Self::source),
            routes: self.many(Self::route),
        }
    }
}

#[test]
fn every_house_reads_back_as_it_was_written() {
    let mut generator = Generator(0x2545_F491_4F6C_DD1D);
    for round in 0..400 {
        let house = generator.house();
        let text = write_yaml(&house);
        let reading = read_one("house.yaml", &text);
        assert_eq!(said(&reading), [""; 0], "round {round}\n{text}");
        assert_eq!(reading.blueprint, house, "round {round}\n{text}");
    }
}

#[test]
fn every_hostile_text_reads_back() {
    for text in HOSTILE {
        let mut house = Blueprint::default();
        let team = TeamPlan {
            name: text.into(),
            members: vec![text.into()],
            time_zone: Some(text.into()),
            handovers: events::event::team::Handovers::Silent,
            lead: None,
            test_pages: None,
        };
        house.teams.insert(format!("{text}x"), team);
        let written = write_yaml(&house);
        assert_eq!(read_one("house.yaml", &written).blueprint, house, "{written}");
    }
}

#[test]
fn the_example_is_written_as_people_write() {
    let written = write_yaml(&read_one("house.yaml", HOUSE).blueprint);
    let expected = r#"people:
  anna:
    name: Anna Rossi
    locale: it
    time_zone: Europe/Rome
    contacts:
      pager: { pager: "7311", via: snpp-main }
      push: { pushover: uQiRzpo4DXghDmr9QzzfQu27cmVRsG }
      sms: { sms: "+393331234567" }
    ladder:
      - { contact: push, after: 0s }
      - { contact: sms, after: 2m, attempts: 2, every: 2m }
      - { contact: pager, after: 6m }
"#;
    assert!(written.starts_with(expected), "{written}");
    let expected = r#"teams:
  sysadmin: { name: Sysadmins, members: [anna, bernd, callum], time_zone: Europe/Berlin }
rotas:
  sysadmin-primary:
    team: sysadmin
    time_zone: Europe/Berlin
    layers:
      - { members: [anna, bernd, callum], handover: { every: 1w, from: "2026-11-02T09:00" } }
      - { members: [bernd], handover: { every: 1d, from: "2026-11-02T18:00" }, hours: ["Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00"] }
policies:
  default:
    steps:
      - { page: [{ rota: sysadmin-primary }], wait: 10m }
      - { page: [{ rota: sysadmin-primary, offset: 1 }, { person: callum }], wait: 10m }
      - { page: [{ team: sysadmin }], wait: 15m }
    repeat: 2
    fallback: [{ person: anna }]
    acknowledgement_lapses: 30m
services:
  shop: { name: Web shop, policy: default, runbook: "https://wiki.example/shop" }
sources:
  datacentre-a: { kind: heartbeat, key_file: keys/dc-a, every: 1m, grace: 2m, service: shop }
  prometheus: { kind: alertmanager, key_file: keys/prometheus }
routes:
  - { when: { source: prometheus, labels: { team: payments } }, service: shop }
  - { service: shop }
"#;
    assert!(written.ends_with(expected), "{written}");
}
