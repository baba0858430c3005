//! The house as its channels are measured: for each way one person, one contact, one step, and nothing else due for a
//! day.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::counterparts::Places;
use super::way::Way;
use crate::bench::BenchError;
use crate::bench::hot_potato::{launch, wait_until_ready};
use crate::bench::program::{free_address, run};
use crate::bench::scratch::write;
use crate::bench::subject::{Contender, Subject};
use crate::load::LoadKind;

const SOURCE_KEY: &str = "benchbenchbenchbenchbenchbenchbe";

/// Starts a new house in a folder, with these ways of reaching people.
pub async fn start(
    program: &Path,
    folder: PathBuf,
    ways: &[Way],
    places: &Places,
) -> Result<Subject, BenchError> {
    let address = free_address().await?;
    let mut boot = format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\ndata_dir = \"data\"\nprobe_every = \"never\"\n\n"
    );
    boot.extend(ways.iter().map(|way| way.table(places)));
    write(&folder, "hotpotato.toml", &boot)?;
    for (name, secret) in [
        ("pushover.token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi"),
        ("twilio.token", &places.twilio_auth_token),
        ("kannel.password", &places.kannel_password),
        ("webhook.secret", &places.webhook_secret),
        ("source.key", SOURCE_KEY),
    ] {
        write(&folder, name, secret)?;
    }
    let configuration = write(&folder, "house.yaml", &configuration(ways, places))?;
    let mut subject = Subject {
        contender: Contender::HotPotato,
        program: launch(program, &folder)?,
        address,
        path: format!("/integrations/alertmanager/{SOURCE_KEY}"),
        kind: LoadKind::AlertmanagerWebhook,
        folder,
    };
    wait_until_ready(&mut subject).await?;
    let mut apply = Command::new(program);
    apply.arg("apply").arg(configuration);
    apply.env_clear().env("HOTPOTATO_URL", format!("http://{address}"));
    apply.env("HOTPOTATO_TOKEN_FILE", subject.folder.join("data/owner.token"));
    run("hotpotato apply", &mut apply).await?;
    Ok(subject)
}

fn configuration(ways: &[Way], places: &Places) -> String {
    let (mut people, mut policies, mut services, mut routes) =
        (String::new(), String::new(), String::new(), String::new());
    for way in ways {
        let name = way.name();
        let contact = way.contact(places);
        let written = writeln!(
            people,
            "  {name}:\n    name: {name}\n    locale: en\n    time_zone: UTC\n    contacts:\n      it: {contact}\n    \
             ladder:\n      - {{ contact: it, after: 0s }}"
        )
        .and_then(|()| {
            writeln!(
                policies,
                "  {name}:\n    steps:\n      - {{ page: [{{ person: {name} }}], wait: 24h }}\n    \
                 fallback: [{{ person: {name} }}]"
            )
        })
        .and_then(|()| writeln!(services, "  {name}: {{ name: {name}, policy: {name} }}"))
        .and_then(|()| {
            writeln!(routes, "  - {{ when: {{ labels: {{ service: {name} }} }}, service: {name} }}")
        });
        written.expect("writing to a string cannot fail");
    }
    let last = ways.last().map_or("", |way| way.name());
    format!(
        "people:\n{people}policies:\n{policies}services:\n{services}sources:\n  \
         bench: {{ kind: alertmanager, key_file: source.key, flood_at: 1000000 }}\nroutes:\n{routes}  - {{ service: {last} }}\n"
    )
}
