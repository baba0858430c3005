//! The house in a storm: one service for each of so many people, which the loud source's alerts are about, and one more
//! person for the quiet source. Whoever is paged is paged by Pushover.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use tokio::process::Command;

use super::posting::{Door, steadily};
use super::{PAGE_WAIT_MAX, WARM_UP_COUNT};
use crate::bench::hot_potato::{launch, wait_until_ready};
use crate::bench::program::{free_address, run};
use crate::bench::scratch::{Scratch, write};
use crate::bench::subject::{Contender, Subject};
use crate::bench::{ANY_PORT, BenchError};
use crate::load::LoadKind;
use crate::sink::Sink;

const LOUD_KEY: &str = "loudloudloudloudloudloudloudloud";
const QUIET_KEY: &str = "quietquietquietquietquietquietqu";

/// How loud sources, services and channels are configured, for the report.
pub const CONDITIONS: &str = "services have `group_within: 5m`, sources `flood_at: 200`, as by default";

/// What differs between measurements.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// People with a service each, besides the one of the quiet source.
    pub people: u32,
    /// Pages to them are expected for alerts below this number.
    pub numbers: u32,
    /// The channel is as fast as its configuration allows, and not as by default.
    pub is_channel_fast: bool,
}

/// A running house.
#[derive(Debug)]
pub struct House {
    pub subject: Subject,
    pub sink: Sink,
    pub loud: Door,
    pub quiet: Door,
}

impl House {
    /// Starts one, and gives it some alerts to warm up: numbers from `setting.numbers` on.
    pub async fn start(program: &Path, scratch: &Scratch, setting: Setting) -> Result<Self, BenchError> {
        let sink = Sink::start(ANY_PORT, 0, setting.numbers + WARM_UP_COUNT).await;
        let sink = sink.map_err(BenchError::sink)?;
        let folder = scratch.folder("storm")?;
        let address = free_address().await?;
        write(&folder, "hotpotato.toml", &boot(address, sink.address(), setting.is_channel_fast))?;
        write(&folder, "pushover.token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi\n")?;
        write(&folder, "loud.key", LOUD_KEY)?;
        write(&folder, "quiet.key", QUIET_KEY)?;
        let configuration = write(&folder, "house.yaml", &configuration(setting.people))?;
        let door = |key: &str| Door { address, path: format!("/integrations/alertmanager/{key}") };
        let mut subject = Subject {
            contender: Contender::HotPotato,
            program: launch(program, &folder)?,
            address,
            path: door(LOUD_KEY).path,
            kind: LoadKind::AlertmanagerWebhook,
            folder,
        };
        wait_until_ready(&mut subject).await?;
        let mut apply = Command::new(program);
        apply.arg("apply").arg(configuration);
        apply.env_clear().env("HOTPOTATO_URL", format!("http://{address}"));
        apply.env("HOTPOTATO_TOKEN_FILE", subject.folder.join("data/owner.token"));
        run("hotpotato apply", &mut apply).await?;
        let house = Self { subject, sink, loud: door(LOUD_KEY), quiet: door(QUIET_KEY) };
        house.warm_up(setting.numbers).await?;
        Ok(house)
    }

    async fn warm_up(&self, first: u32) -> Result<(), BenchError> {
        let numbers = first..first + WARM_UP_COUNT;
        steadily(&self.quiet, numbers, 1, 100.0, |_| "quiet".to_owned()).await?;
        let all = usize::try_from(WARM_UP_COUNT).unwrap_or(usize::MAX);
        if self.sink.wait_for(all, PAGE_WAIT_MAX).await {
            return Ok(());
        }
        Err(self.subject.program.misbehaved("sent no pages to warm up".to_owned()))
    }
}

fn boot(address: SocketAddr, sink: SocketAddr, is_channel_fast: bool) -> String {
    let mut boot = format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\ndata_dir = \"data\"\nprobe_every = \"never\"\n\n\
         [channels.pushover]\ntoken_file = \"pushover.token\"\nbase_url = \"http://{sink}\"\n"
    );
    if is_channel_fast {
        boot.push_str("per_second = 1000\nburst = 10000\n");
    }
    boot
}

fn configuration(people: u32) -> String {
    let (mut persons, mut policies, mut services, mut routes) =
        (String::new(), String::new(), String::new(), String::new());
    let names = (0..people).map(|number| (service(number), "group_within: 5m"));
    for (place, (name, grouping)) in names.chain([("quiet".to_owned(), "")]).enumerate() {
        let written = writeln!(
            persons,
            "  {name}:\n    name: {name}\n    locale: en\n    time_zone: UTC\n    contacts:\n      \
             push: {{ pushover: \"uQiRzpo4DXghDmr9QzzfQu27{place:06}\" }}\n    \
             ladder:\n      - {{ contact: push, after: 0s }}"
        )
        .and_then(|()| {
            writeln!(
                policies,
                "  {name}:\n    steps:\n      - {{ page: [{{ person: {name} }}], wait: 24h }}\n    \
                 fallback: [{{ person: {name} }}]"
            )
        })
        .and_then(|()| {
            let comma = if grouping.is_empty() { "" } else { ", " };
            writeln!(services, "  {name}: {{ name: {name}, policy: {name}{comma}{grouping} }}")
        })
        .and_then(|()| {
            writeln!(routes, "  - {{ when: {{ labels: {{ service: {name} }} }}, service: {name} }}")
        });
        written.expect("writing to a string cannot fail");
    }
    format!(
        "people:\n{persons}policies:\n{policies}services:\n{services}sources:\n  \
         loud: {{ kind: alertmanager, key_file: loud.key }}\n  \
         quiet: {{ kind: alertmanager, key_file: quiet.key, flood_at: 1000000 }}\n\
         routes:\n{routes}  - {{ service: {} }}\n",
        service(0)
    )
}

/// What the service of one person is called, and they themselves.
pub fn service(person: u32) -> String {
    format!("person-{person}")
}
