//! Which damages are tried: every page of every file, in several places, the same for the same seed.

use super::Ending;
use super::harm::{Files, Harm};
use super::region::{FILE_HEADER_BYTES, FRAME_HEADER_BYTES, PAGE_BYTES, WAL_HEADER_BYTES};
use super::truth::Truth;
use crate::disk::point::mix;

/// The first bytes of each page, which are all damaged.
const PAGE_HEADER_BYTES: usize = 12;
/// So many of the last records are removed, at most.
const CUT_RECORDS_MAX: u32 = 6;

/// How the lot is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draw {
    pub(super) per_page: u32,
    pub(super) seed: u64,
}

impl Draw {
    pub(super) fn all(self, files: &Files, truth: &Truth, ending: Ending) -> Vec<Harm> {
        let mut harms = Vec::new();
        for (file, bytes) in files.iter() {
            if file.ends_with("-wal") {
                self.write_ahead_log(file, bytes, &mut harms);
            } else {
                self.file(file, bytes, &mut harms);
            }
        }
        // Removing records with SQL moves a write-ahead log into its file, so that one kind of files is enough.
        if ending == Ending::Closed {
            for count in 1..=CUT_RECORDS_MAX {
                harms.extend((1..=truth.streams_count()).map(|stream| Harm::CutHistory { stream, count }));
                harms.extend([Harm::CutLog { count }, Harm::CutLogAndNames { count }]);
            }
        }
        harms
    }

    /// Draws about `count` of them.
    pub(super) fn some(self, harms: Vec<Harm>, count: usize) -> Vec<Harm> {
        let mut drawn: Vec<(u64, Harm)> =
            harms.into_iter().zip(0_u64..).map(|(harm, at)| (mix(self.seed, at), harm)).collect();
        drawn.sort_by_key(|(lot, _)| *lot);
        drawn.into_iter().map(|(_, harm)| harm).take(count).collect()
    }

    fn file(self, file: &'static str, bytes: &[u8], harms: &mut Vec<Harm>) {
        let header = FILE_HEADER_BYTES.min(bytes.len());
        harms.extend((0..header).flat_map(|at| (0..8).map(move |bit| Harm::Flip { file, at, bit })));
        for start in (0..bytes.len()).step_by(PAGE_BYTES) {
            self.page(file, bytes, start, harms);
            harms.push(Harm::Truncate { file, length: start });
            harms.push(Harm::Truncate { file, length: (start + PAGE_BYTES / 2).min(bytes.len()) });
        }
    }

    fn write_ahead_log(self, file: &'static str, bytes: &[u8], harms: &mut Vec<Harm>) {
        let header = WAL_HEADER_BYTES.min(bytes.len());
        harms.extend((0..header).flat_map(|at| (0..8).map(move |bit| Harm::Flip { file, at, bit })));
        let frame_bytes = FRAME_HEADER_BYTES + PAGE_BYTES;
        for start in (header..bytes.len()).step_by(frame_bytes) {
            let end = (start + FRAME_HEADER_BYTES).min(bytes.len());
            harms.extend((start..end).map(|at| self.flip(file, at)));
            Self { per_page: self.per_page / 4 + 1, ..self }.places(
                file,
                bytes,
                start + FRAME_HEADER_BYTES,
                harms,
            );
            harms.push(Harm::Truncate { file, length: start });
            harms.push(Harm::Truncate { file, length: (start + frame_bytes / 2).min(bytes.len()) });
        }
    }

    fn page(self, file: &'static str, bytes: &[u8], start: usize, harms: &mut Vec<Harm>) {
        let header = start + if start == 0 { FILE_HEADER_BYTES } else { 0 };
        for at in (header..header + PAGE_HEADER_BYTES).filter(|&at| at < bytes.len()) {
            harms.push(self.flip(file, at));
        }
        self.places(file, bytes, start, harms);
        let sector = usize::try_from(self.lot(file, start, 99) % 8).unwrap_or(0) * 512;
        harms.push(Harm::Sector { file, at: start + sector });
    }

    /// Some places of one page, drawn by lot.
    fn places(self, file: &'static str, bytes: &[u8], start: usize, harms: &mut Vec<Harm>) {
        for number in 0..u64::from(self.per_page) {
            let lot = self.lot(file, start, number);
            let at = start + usize::try_from(lot % 4_096).unwrap_or(0);
            let Some(&byte) = bytes.get(at) else { continue };
            let other = lot.to_le_bytes()[6];
            harms.push(if number % 4 == 3 && other != byte {
                Harm::Overwrite { file, at, byte: other }
            } else {
                self.flip(file, at)
            });
        }
    }

    fn flip(self, file: &'static str, at: usize) -> Harm {
        Harm::Flip { file, at, bit: self.lot(file, at, 7).to_le_bytes()[3] % 8 }
    }

    fn lot(self, file: &str, at: usize, number: u64) -> u64 {
        let file = u64::try_from(file.len()).unwrap_or(0) + u64::from(file.as_bytes()[0]);
        mix(mix(self.seed, file), u64::try_from(at).unwrap_or(0) << 16 | number)
    }
}
