//! Who lives in the house of a story: three people, two sources, one service, and how alerts climb.

/// A person of the stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The name in the configuration.
    pub id: &'static str,
    /// How they are called.
    pub name: &'static str,
    /// The language of their pages.
    pub locale: &'static str,
    /// Their time zone.
    pub time_zone: &'static str,
    /// Their user key at Pushover.
    pub push: &'static str,
    /// Their telephone number.
    pub sms: &'static str,
    /// Their pager.
    pub pager: &'static str,
}

/// Reads Italian.
pub const ANNA: Person = Person {
    id: "anna",
    name: "Anna Rossi",
    locale: "it",
    time_zone: "Europe/Rome",
    push: "uAnnaAnnaAnnaAnnaAnnaAnnaAnna1",
    sms: "+393331234567",
    pager: "7311",
};

/// Reads German.
pub const BERND: Person = Person {
    id: "bernd",
    name: "Bernd Müller",
    locale: "de",
    time_zone: "Europe/Berlin",
    push: "uBerndBerndBerndBerndBerndBer2",
    sms: "+491701234567",
    pager: "7312",
};

/// Reads English.
pub const CALLUM: Person = Person {
    id: "callum",
    name: "Callum Reid",
    locale: "en",
    time_zone: "Europe/London",
    push: "uCallumCallumCallumCallumCallu",
    sms: "+447700900123",
    pager: "7313",
};

/// All of them.
pub const EVERYBODY: [Person; 3] = [ANNA, BERND, CALLUM];

/// The user key of the operators, who are paged when the log fails.
pub const OPERATORS_PUSH: &str = "uOperatorOperatorOperatorOper4";
/// Their pager.
pub const OPERATORS_PAGER: &str = "7399";
/// The number that SMS come from.
pub const SENDER: &str = "+4930123456";

/// The application token at Pushover; the stand-in takes any of its length.
pub const PUSHOVER_TOKEN: &str = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";

/// The key of the source `prometheus`, which is an Alertmanager.
pub const ALERTMANAGER_KEY: &str = "am-Yh3Kx8Qw5Zt7Rb2Nc9Lv4Pd6";
/// The key of the source `scripts`, which is generic.
pub const GENERIC_KEY: &str = "gn-Tf6Wm3Jq8Xs2Hk5Vb7Zc4Rn9";
/// The key of the source `deploys`, which speaks `PagerDuty`'s Events API.
pub const PAGERDUTY_KEY: &str = "0f6a1c5e9b3d47828d1e6b0c4a7f3952";
/// The key of the source `genie`, which speaks Opsgenie's Alert API.
pub const OPSGENIE_KEY: &str = "7b9d2f40-1c6e-4a83-9e57-d0b8f3a64c21";
/// The key of the source `goats`, which speaks `GoAlert`'s generic API.
pub const GOALERT_KEY: &str = "5e1f0a7c-93d2-4b68-a4f1-2c7e9d8b0634";
/// The key of the source `oncall`, which speaks Grafana `OnCall`'s formatted webhook.
pub const ONCALL_KEY: &str = "oc-Kw4Zr7Tq2Xn9Hb5Vf8Jd3Pm6";

/// Sources that speak other products' interfaces.
const DOORS: &str = "\n  deploys: { kind: pagerduty, key_file: keys/deploys }\n  genie: { kind: opsgenie, key_file: keys/genie }\n  goats: { kind: goalert, key_file: keys/goats }\n  oncall: { kind: oncall, key_file: keys/oncall }";
/// The key of the source `nagios`, which some houses have.
pub const NAGIOS_KEY: &str = "ng-Kd4Vw8Bx3Lm7Qz5Th2Rp9Cs6";

/// The key of a source that a story adds itself, in `keys/heartbeat`.
pub const HEARTBEAT_KEY: &str = "hb-Rk4Zq9Wd6Mn2Xv8Tc5Lf3Bs7";

/// A configuration in the making. At first everybody has all contacts and is paged by push alone, and the one step
/// pages Anna.
#[derive(Debug, Clone)]
pub struct Household {
    contacts: [Vec<String>; 3],
    ladders: [Vec<String>; 3],
    steps: Vec<String>,
    policy: String,
    service: String,
    sources: String,
    more: String,
    handovers: &'static str,
    has_terminal: bool,
    pagers: [&'static str; 3],
    team: String,
    calls: bool,
    flood_at: Option<u32>,
    has_doors: bool,
}

impl Default for Household {
    fn default() -> Self {
        Self {
            contacts: Default::default(),
            ladders: std::array::from_fn(|_| vec!["{ contact: push, after: 0s }".to_owned()]),
            steps: vec!["{ page: [{ person: anna }], wait: 1h }".to_owned()],
            policy: "repeat: 0".to_owned(),
            service: String::new(),
            sources: String::new(),
            more: String::new(),
            handovers: "announced",
            has_terminal: false,
            pagers: EVERYBODY.map(|person| person.pager),
            team: String::new(),
            calls: false,
            flood_at: None,
            has_doors: false,
        }
    }
}

impl Household {
    /// From so many new problems within a minute on, the source `scripts` floods the house.
    #[must_use]
    pub const fn flood_at(mut self, count: u32) -> Self {
        self.flood_at = Some(count);
        self
    }

    /// One more contact of this person, such as `mail: { mail: anna@example.org }`.
    ///
    /// # Panics
    /// For a stranger.
    #[must_use]
    pub fn contact(mut self, person: Person, contact: &str) -> Self {
        let place = EVERYBODY.iter().position(|known| *known == person).expect("somebody of the house");
        self.contacts[place].push(contact.to_owned());
        self
    }

    /// How this person is reached: rungs such as `{ contact: push, after: 0s }`.
    ///
    /// # Panics
    /// For a stranger.
    #[must_use]
    pub fn ladder(mut self, person: Person, rungs: &[&str]) -> Self {
        let place = EVERYBODY.iter().position(|known| *known == person).expect("somebody of the house");
        self.ladders[place] = rungs.iter().map(|&rung| rung.to_owned()).collect();
        self
    }

    /// The policy's steps, such as `{ page: [{ person: anna }], wait: 5s }`.
    #[must_use]
    pub fn steps(mut self, steps: &[&str]) -> Self {
        self.steps = steps.iter().map(|&step| step.to_owned()).collect();
        self
    }

    /// The rest of the policy, lines such as `repeat: 2`.
    #[must_use]
    pub fn policy(mut self, lines: &str) -> Self {
        lines.clone_into(&mut self.policy);
        self
    }

    /// More fields of the service, such as `runbook: "https://wiki.example/shop"`.
    #[must_use]
    pub fn service(mut self, fields: &str) -> Self {
        self.service = format!(", {fields}");
        self
    }

    /// One more source, such as `nagios: { kind: nagios, key_file: keys/nagios }`.
    #[must_use]
    pub fn source(mut self, source: &str) -> Self {
        self.sources = format!("{}\n  {source}", self.sources);
        self
    }

    /// More sections, at the end.
    #[must_use]
    pub fn more(mut self, yaml: &str) -> Self {
        yaml.clone_into(&mut self.more);
        self
    }

    /// Everybody has the contact `voice` as well: their telephone.
    #[must_use]
    pub const fn calls(mut self) -> Self {
        self.calls = true;
        self
    }

    /// True when people can be called.
    pub const fn has_calls(&self) -> bool {
        self.calls
    }

    /// Whether the team hears of handovers: `announced`, `accepted` or `silent`.
    #[must_use]
    pub const fn handovers(mut self, handovers: &'static str) -> Self {
        self.handovers = handovers;
        self
    }

    /// This person's pager has another number.
    ///
    /// # Panics
    /// For a stranger.
    #[must_use]
    pub fn pager_of(mut self, person: Person, number: &'static str) -> Self {
        let place = EVERYBODY.iter().position(|known| *known == person).expect("somebody of the house");
        self.pagers[place] = number;
        self
    }

    /// There are sources that speak other products' interfaces.
    #[must_use]
    pub const fn with_doors(mut self) -> Self {
        self.has_doors = true;
        self
    }

    /// Everybody's pager is reached by a paging terminal as well: the contact `terminal`.
    #[must_use]
    pub const fn with_terminal(mut self) -> Self {
        self.has_terminal = true;
        self
    }

    /// Whether somebody is reached by a paging terminal.
    pub const fn has_terminal(&self) -> bool {
        self.has_terminal
    }

    /// More fields of the team, such as `lead: bernd`.
    #[must_use]
    pub fn team(mut self, fields: &str) -> Self {
        self.team = format!(", {fields}");
        self
    }

    /// The file.
    pub fn yaml(&self) -> String {
        let mut lines = vec!["people:".to_owned()];
        let everybody = EVERYBODY.iter().zip(&self.ladders).zip(self.pagers).zip(&self.contacts);
        for (((person, ladder), pager), contacts) in everybody {
            let Person { id, name, locale, time_zone, push, sms, .. } = person;
            let terminal = if self.has_terminal {
                format!("\n      terminal: {{ pager: \"{pager}\", via: tap-main }}")
            } else {
                String::new()
            };
            let voice =
                if self.calls { format!("voice: {{ voice: \"{sms}\" }}\n      ") } else { String::new() };
            lines.push(format!(
                "  {id}:\n    name: {name}\n    locale: {locale}\n    time_zone: {time_zone}\n    contacts:\n      {voice}\
                 push: {{ pushover: \"{push}\" }}\n      sms: {{ sms: \"{sms}\" }}\n      \
                 pager: {{ pager: \"{pager}\", via: snpp-main }}{terminal}"
            ));
            lines.extend(contacts.iter().map(|contact| format!("      {contact}")));
            lines.push("    ladder:".to_owned());
            lines.extend(ladder.iter().map(|rung| format!("      - {rung}")));
        }
        lines.push(format!(
            "teams:\n  sysadmin: {{ name: Sysadmins, members: [anna, bernd, callum], time_zone: Europe/Berlin, \
             handovers: {}{} }}\npolicies:\n  default:\n    steps:",
            self.handovers, self.team
        ));
        lines.extend(self.steps.iter().map(|step| format!("      - {step}")));
        lines.extend(self.policy.lines().map(|line| format!("    {line}")));
        let flood_at = self.flood_at.map(|count| format!(", flood_at: {count}")).unwrap_or_default();
        lines.push(format!(
            "services:\n  shop: {{ name: Web shop, policy: default{} }}\nsources:\n  \
             prometheus: {{ kind: alertmanager, key_file: keys/prometheus }}\n  \
             scripts: {{ kind: generic, key_file: keys/scripts{flood_at} }}{}{}\nroutes:\n  - {{ service: shop }}\n{}",
            self.service,
            if self.has_doors { DOORS } else { "" },
            self.sources,
            self.more
        ));
        lines.join("\n")
    }
}
