//! The one clock of the house. It counts real time, sleep of the machine included, from the wall time at start,
//! and follows the wall clock slowly, so that a step of the wall clock moves no deadline.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::port::Clock;
use events::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// Of this much elapsed time, the clock may take one part for following the wall clock: a second a minute.
const SLEW_PARTS: i64 = 60;

/// The wall clock is looked at no more often than this.
pub const LOOK_EVERY_MICROS: i64 = 1_000_000;

/// The clock of a running house.
///
/// It is monotonic, also between threads. When the wall clock is wrong by hours at start, it takes days to follow:
/// [`HouseClock::wall_ahead_micros`] tells, and a restart sets it right at once.
#[derive(Debug)]
pub struct HouseClock {
    started_at: Timestamp,
    bearing: Mutex<Bearing>,
}

impl HouseClock {
    /// A clock that starts at the wall clock's present time.
    pub fn start() -> Self {
        let bearing = Bearing::start(boot_micros(), wall_micros());
        Self { started_at: Timestamp::from_micros(bearing.house), bearing: Mutex::new(bearing) }
    }

    /// The wall time at start, which names this start of the process.
    pub const fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// How far the wall clock was ahead of this one when it was last looked at, in microseconds; negative when it
    /// was behind.
    pub fn wall_ahead_micros(&self) -> i64 {
        self.bearing.lock().unwrap_or_else(PoisonError::into_inner).ahead
    }
}

impl Clock for HouseClock {
    fn now(&self) -> Timestamp {
        let mut bearing = self.bearing.lock().unwrap_or_else(PoisonError::into_inner);
        let boot = boot_micros();
        if boot.saturating_sub(bearing.boot) >= LOOK_EVERY_MICROS {
            *bearing = bearing.look(boot, wall_micros());
        }
        Timestamp::from_micros(bearing.at(boot))
    }
}

/// What the clocks said at one moment. From it follows every later time until the next look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearing {
    /// The time since the machine was started, sleep included: microseconds.
    boot: i64,
    /// The house's time: microseconds since 1970.
    house: i64,
    /// How far the wall clock was ahead of the house's time: microseconds.
    ahead: i64,
}

impl Bearing {
    /// The bearing of a house that starts at `boot`, when the wall clock says `wall`: microseconds both.
    pub const fn start(boot: i64, wall: i64) -> Self {
        Self { boot, house: wall, ahead: 0 }
    }

    /// The house's time at `boot`. Only grows with `boot`, because what is taken back is a small part of what
    /// passed.
    pub fn at(self, boot: i64) -> i64 {
        let passed = boot.saturating_sub(self.boot).max(0);
        let slew_max = passed / SLEW_PARTS;
        self.house.saturating_add(passed).saturating_add(self.ahead.clamp(-slew_max, slew_max))
    }

    /// The bearing at `boot`, when the wall clock says `wall`. The house's time goes on from where it is.
    #[must_use]
    pub fn look(self, boot: i64, wall: i64) -> Self {
        let house = self.at(boot);
        Self { boot, house, ahead: wall.saturating_sub(house) }
    }
}

/// The time since the machine was started, sleep included. Nobody can step it.
fn boot_micros() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec.saturating_mul(1_000_000).saturating_add(time.tv_nsec / 1_000)
}

/// The wall clock, from the C library as any program reads it: so a test can step it for the real process.
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
fn wall_micros() -> i64 {
    let micros = |time: std::time::Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => micros(since),
        Err(before) => -micros(before.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    /// Any wall time.
    const WALL: i64 = 1_795_000_000 * SECOND;

    #[test]
    fn a_step_of_the_wall_clock_is_followed_by_a_second_a_minute() {
        // (step of the wall clock, time since then, how much of the step was followed)
        let table = [
            (0, HOUR, 0),
            (10 * SECOND, 0, 0),
            (10 * SECOND, MINUTE, SECOND),
            (10 * SECOND, 5 * MINUTE, 5 * SECOND),
            (10 * SECOND, HOUR, 10 * SECOND),
            (HOUR, HOUR, MINUTE),
            (-10 * SECOND, MINUTE, -SECOND),
            (-10 * SECOND, HOUR, -10 * SECOND),
            (-HOUR, HOUR, -MINUTE),
            (SECOND / 2, MINUTE, SECOND / 2),
            (i64::MAX, MINUTE, SECOND),
            (i64::MIN, MINUTE, -SECOND),
        ];
        for (step, passed, followed) in table {
            let stepped = Bearing { boot: 0, house: WALL, ahead: 0 }.look(0, WALL.saturating_add(step));
            assert_eq!(stepped.at(passed) - WALL - passed, followed, "step {step}, after {passed}");
            let mut often = stepped;
            for second in 1..=passed / SECOND {
                let boot = second * SECOND;
                often = often.look(boot, WALL.saturating_add(step).saturating_add(boot));
            }
            let off = (often.house - WALL - passed - followed).abs();
            assert!(off <= passed / SECOND, "looking often: step {step}, after {passed}, off by {off} µs");
        }
    }

    #[test]
    fn it_never_goes_back() {
        for step in [-HOUR, -7, 0, 7, HOUR] {
            let mut bearing = Bearing { boot: 0, house: WALL, ahead: 0 };
            let mut last = WALL;
            let mut boot = 0;
            for tick in 0..10_000 {
                boot += [0, 1, 59, 60, 61, 999_999][tick % 6];
                if tick % 7 == 0 {
                    bearing = bearing.look(boot, WALL + boot + step);
                }
                let now = bearing.at(boot);
                assert!(now >= last, "tick {tick}, step {step}");
                last = now;
            }
        }
    }

    #[test]
    fn an_earlier_moment_on_another_thread_is_no_step_back() {
        let bearing = Bearing { boot: MINUTE, house: WALL, ahead: 0 };
        assert_eq!(bearing.at(0), WALL);
    }

    #[test]
    fn it_starts_at_the_wall_clock_and_grows() {
        let clock = HouseClock::start();
        let first = clock.now();
        assert!(first >= clock.started_at());
        assert!(clock.now() >= first);
        assert!(first.since(clock.started_at()) < events::Span::from_minutes(1));
        assert_eq!(clock.wall_ahead_micros(), 0);
    }
}
