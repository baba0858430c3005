//! What sources were told: each signal of which its source heard that it is taken is looked for in the log's side.

use std::collections::BTreeMap;

use events::{AlertId, DedupKey, Position, SourceId, SymptomId, Timestamp};

use super::{DIFFERS_AFTER, DIFFERS_AT_LAST, Difference, Ledger, OVER_KEPT_MAX};
use crate::view::Board;

/// So many wait to be looked for; further ones are not, and counted. They wait for a second or so.
pub const CLAIMS_MAX: usize = 262_144;

/// So many that were not found are remembered by name; all are counted.
pub const LOST_KEPT_MAX: usize = 1_000;

/// So many are looked for at once.
const PART: usize = 512;

/// A source was told that its signal about a problem that is there is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub source: SourceId,
    /// What it calls the problem.
    pub dedup_key: DedupKey,
    /// Into which alert; none when the house named none.
    pub alert: Option<AlertId>,
    /// When.
    pub at: Timestamp,
    /// Up to where the log went then.
    pub newest: Position,
}

/// A claim that was not found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lost {
    /// When the source was told.
    pub at: Timestamp,
    /// Who.
    pub source: SourceId,
    /// What it calls the problem.
    pub dedup_key: DedupKey,
}

/// All claims that are not settled.
#[derive(Debug, Default)]
pub struct Claims {
    pending: Vec<(Claim, u64)>,
    lost: BTreeMap<SymptomId, Lost>,
    lost_unnamed: u64,
    unchecked: u64,
    over_count: u64,
}

/// Claims that are being looked for.
#[derive(Debug, Default)]
pub struct Pending(Vec<(Claim, u64)>);

/// What became of them.
#[derive(Debug, Default)]
pub struct Judged {
    kept: Vec<(Claim, u64)>,
    lost: Vec<(SymptomId, Lost)>,
    found: Vec<SymptomId>,
    over_count: u64,
}

impl Claims {
    /// A source was told so.
    pub fn take(&mut self, claim: Claim) {
        if self.pending.len() < CLAIMS_MAX {
            self.pending.push((claim, self.over_count));
        } else {
            self.unchecked += 1;
        }
    }

    /// A source says that a problem is over: it is no more to be looked for.
    pub fn settle(&mut self, source: &SourceId, dedup_key: &DedupKey) {
        if !self.lost.is_empty() {
            self.lost.remove(&SymptomId::derive(source, dedup_key));
        }
    }

    /// Takes out what is to be looked for.
    pub fn to_judge(&mut self) -> Pending {
        Pending(std::mem::take(&mut self.pending))
    }

    /// Takes in what was found, and what was not.
    pub fn judged(&mut self, judged: Judged) {
        let Judged { mut kept, lost, found, over_count } = judged;
        self.over_count = over_count;
        kept.append(&mut self.pending);
        self.pending = kept;
        for symptom in found {
            self.lost.remove(&symptom);
        }
        for (symptom, claim) in lost {
            if self.lost.len() < LOST_KEPT_MAX {
                self.lost.insert(symptom, claim);
            } else if !self.lost.contains_key(&symptom) {
                self.lost_unnamed += 1;
            }
        }
    }

    /// What was answered and is not written.
    pub fn lost(&self) -> impl Iterator<Item = &Lost> {
        self.lost.values()
    }

    /// How many these are.
    pub fn lost_count(&self) -> u64 {
        u64::try_from(self.lost.len()).unwrap_or(u64::MAX).saturating_add(self.lost_unnamed)
    }

    /// How many were not looked for since too many waited.
    pub const fn unchecked(&self) -> u64 {
        self.unchecked
    }
}

impl Pending {
    /// A few at a time, so that nobody waits long for what is looked through.
    pub fn in_parts(mut self) -> impl Iterator<Item = Self> {
        std::iter::from_fn(move || {
            let rest = self.0.len().saturating_sub(PART);
            (!self.0.is_empty()).then(|| Self(self.0.split_off(rest)))
        })
    }

    /// Looks for each in the log's side, which is folded up to `folded`.
    pub fn judge(self, ledger: &Ledger, board: &Board, now: Timestamp, folded: Position) -> Judged {
        let mut judged = Judged { over_count: ledger.over_count, ..Judged::default() };
        for (claim, over_count) in self.0 {
            let symptom = SymptomId::derive(&claim.source, &claim.dedup_key);
            let is_found = claim.alert.is_some_and(|alert| {
                let is_own = alert.symptom == symptom;
                is_own && ledger.knows(alert)
                    || board.host(symptom) == Some(alert)
                    || ledger.over_known.contains(&alert)
            });
            let age = ledger.age(claim.at, now);
            let is_forgotten = ledger.over_count.saturating_sub(over_count)
                >= u64::try_from(OVER_KEPT_MAX).unwrap_or(u64::MAX);
            if is_found {
                judged.found.push(symptom);
            } else if age >= DIFFERS_AT_LAST || age >= DIFFERS_AFTER && folded >= claim.newest {
                // So much was over since that it may have been among it.
                if !is_forgotten || claim.alert.is_none() {
                    let Claim { source, dedup_key, at, .. } = claim;
                    judged.lost.push((symptom, Lost { at, source, dedup_key }));
                }
            } else {
                judged.kept.push((claim, over_count));
            }
        }
        judged
    }
}

impl From<Lost> for Difference {
    fn from(lost: Lost) -> Self {
        Self::NotWritten(lost)
    }
}
