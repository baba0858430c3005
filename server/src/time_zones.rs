//! The time-zone data at a start: which handovers it moves, and whether the system has newer. Whatever goes wrong here is
//! logged, and the house goes on.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use adapters::clock::HouseClock;
use adapters::data_directory::DataDirectory;
use adapters::time_zones::{FILE, recall, remember, system};
use chrono_tz::{IANA_TZDB_VERSION, Tz};
use domain::directory::Directory;
use domain::port::Clock as _;
use domain::rota::moved::Memory;
use events::Timestamp;
use serde_json::{Value, json};
use tokio::time::MissedTickBehavior;

use crate::shifts::local;

/// So many handovers get a line of their own in the log.
const LINES_MAX: usize = 20;

/// What is known is written down anew so often: what it is compared with reaches 400 days ahead from then.
const WRITTEN_EVERY: Duration = Duration::from_hours(24);

/// Compares the data with that of the last start, says what it moves, and writes down what is known for the next.
pub(crate) fn begin(data: &DataDirectory, directory: &Directory, now: Timestamp) -> Memory {
    let known = recall(data).unwrap_or_else(|error| {
        tracing::warn!(
            file = FILE,
            %error,
            "which time-zone data was in use before is not known, so handovers that an update moved are not told; the file is written anew"
        );
        None
    });
    let memory = Memory::renewed(known, now);
    write(data, &memory);
    say_moved(&memory, directory, now);
    if let Some(system) = system::newer_than(Path::new(system::FOLDER), IANA_TZDB_VERSION) {
        tracing::warn!(
            compiled_in = IANA_TZDB_VERSION,
            system,
            "the system has newer time-zone data than this hotpotato, which uses its own: where a country has changed its clocks, handovers and local times are off. Install a newer hotpotato"
        );
    }
    memory
}

/// Writes down every day what is known, for as long as the data directory is in use.
pub(crate) async fn keep(data: Weak<DataDirectory>, clock: Arc<HouseClock>, mut memory: Memory) {
    let mut days = tokio::time::interval(WRITTEN_EVERY);
    days.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first is at once, and was written at the start.
    days.tick().await;
    loop {
        days.tick().await;
        let Some(data) = data.upgrade() else { return };
        let now = clock.now();
        let written = tokio::task::spawn_blocking(move || {
            let memory = Memory::renewed(Some(memory), now);
            write(&data, &memory);
            memory
        });
        // An error means that the process ends.
        let Ok(written) = written.await else { return };
        memory = written;
    }
}

fn write(data: &DataDirectory, memory: &Memory) {
    if let Err(error) = remember(data, memory) {
        tracing::warn!(
            file = FILE,
            %error,
            "which time-zone data is in use cannot be written down; should an update of it move handovers, nobody will be told. Look at the disk under the data directory"
        );
    }
}

fn say_moved(memory: &Memory, directory: &Directory, now: Timestamp) {
    let moves = memory.moved(directory, now);
    let Some(earlier) = memory.earlier.as_ref().filter(|_| !moves.list.is_empty()) else { return };
    tracing::warn!(
        handovers = moves.list.len(),
        more = moves.is_cut,
        before = earlier.version,
        now = memory.present.version,
        "newer time-zone data moves handovers to other moments than were planned; their local times are the same. `GET /api/v1/gaps` lists them. Tell whoever is concerned, or change the rota"
    );
    for moved in moves.list.iter().take(LINES_MAX) {
        let zone = zone(directory, &moved.rota);
        tracing::warn!(
            rota = %moved.rota,
            layer = moved.layer,
            planned = %moved.planned,
            was = local(zone, moved.was),
            at = local(zone, moved.at),
            before = earlier.version,
            now = memory.present.version,
            "a handover is at another moment than was planned"
        );
    }
}

/// The handovers that the present edition moves, as programs read them, and whether there are more.
pub(crate) fn moved(memory: &Memory, directory: &Directory, now: Timestamp) -> (Vec<Value>, bool) {
    let moves = memory.moved(directory, now);
    let before = memory.earlier.as_ref().map(|earlier| earlier.version.as_str());
    let listed = moves.list.iter().map(|moved| {
        let zone = zone(directory, &moved.rota);
        json!({
            "rota": moved.rota, "layer": moved.layer, "planned": moved.planned.to_string(),
            "was": local(zone, moved.was), "at": local(zone, moved.at),
            "time_zone_data": { "before": before, "now": memory.present.version },
        })
    });
    (listed.collect(), moves.is_cut)
}

fn zone(directory: &Directory, rota: &events::RotaId) -> Tz {
    directory.rotas().get(rota).and_then(|rota| rota.time_zone.parse().ok()).unwrap_or(Tz::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_known_is_written_down_every_day_as_long_as_the_data_directory_is_in_use() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = Arc::new(DataDirectory::open(folder.path()).expect("a data directory"));
        let clock = Arc::new(HouseClock::start());
        let memory = begin(&data, &Directory::default(), clock.now());
        std::fs::remove_file(data.path(FILE)).expect("it was written at the start");
        let kept = tokio::spawn(keep(Arc::downgrade(&data), clock, memory.clone()));
        let mut half_days = tokio::time::interval(WRITTEN_EVERY / 2);
        for _ in 0..2 {
            half_days.tick().await;
        }
        assert!(recall(&data).expect("no file").is_none(), "after half a day");
        for _ in 0..2 {
            half_days.tick().await;
        }
        let known = recall(&data).expect("a file").expect("after a day and a half");
        assert_eq!(known.since, memory.since, "since the start");
        drop(data);
        kept.await.expect("it ends with the data directory");
    }
}
