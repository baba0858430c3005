//! The handovers of one layer: their wall-clock times and their instants.

use chrono::{Days, Months, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use events::Timestamp;
use events::event::rota::{Handover, TurnUnit};

use super::wall::{first_instant, shown};

/// Turn after turn, from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turns {
    pub(super) handover: Handover,
    pub(super) zone: Tz,
}

impl Turns {
    /// The largest n whose handover is not after `at`; `None` before the first.
    pub(super) fn at(&self, at: Timestamp) -> Option<u64> {
        let mut turn = self.estimate(shown(self.zone, at));
        while turn > 0 && self.instant(turn)? > at {
            turn -= 1;
        }
        while self.instant(turn + 1).is_some_and(|next| next <= at) {
            turn += 1;
        }
        (self.instant(turn)? <= at).then_some(turn)
    }

    /// When the turn begins. `None` beyond the end of the calendar.
    pub(super) fn instant(&self, turn: u64) -> Option<Timestamp> {
        first_instant(self.zone, self.wall(turn)?)
    }

    /// What the clock on the wall shows when the turn begins.
    pub(super) fn wall(&self, turn: u64) -> Option<NaiveDateTime> {
        let units = turn.checked_mul(u64::from(self.handover.every.max(1)))?;
        let from = self.handover.from;
        match self.handover.unit {
            TurnUnit::Hours => from.checked_add_signed(TimeDelta::try_hours(i64::try_from(units).ok()?)?),
            TurnUnit::Days => from.checked_add_days(Days::new(units)),
            TurnUnit::Weeks => from.checked_add_days(Days::new(units.checked_mul(7)?)),
            TurnUnit::Months => from.checked_add_months(Months::new(u32::try_from(units).ok()?)),
        }
    }

    /// The first turn that begins then or later, on the wall clock.
    pub(super) fn first_from(&self, wall: NaiveDateTime) -> Option<u64> {
        let mut turn = self.estimate(wall);
        while turn > 0 && self.wall(turn - 1)? >= wall {
            turn -= 1;
        }
        while self.wall(turn)? < wall {
            turn += 1;
        }
        Some(turn)
    }

    /// About how many turns lie between the first handover and a wall-clock time: at most a few off.
    fn estimate(&self, wall: NaiveDateTime) -> u64 {
        let passed = (wall - self.handover.from).num_hours();
        let hours = match self.handover.unit {
            TurnUnit::Hours => 1,
            TurnUnit::Days => 24,
            TurnUnit::Weeks => 7 * 24,
            // As long as months are on average: so it is off by one at most, also after a hundred years.
            TurnUnit::Months => 730,
        };
        u64::try_from(passed / (hours * i64::from(self.handover.every.max(1)))).unwrap_or(0)
    }
}
