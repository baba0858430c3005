//! Measures who is on call: for one moment, and for a year of shifts, in a rota as large as they come.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use clap::Parser;
use domain::rota::cover::{Change, Cover};
use domain::rota::wall::shown;
use domain::rota::{Roster, shift};
use events::event::rota::{Handover, Layer, Member, RotaDefined, TurnUnit};
use events::{OverrideId, PersonId, Span, Timestamp};

/// Measures the arithmetic of rotas; fails when a figure misses its target.
#[derive(Debug, Parser)]
#[command(name = "bench-oncall")]
struct Arguments {
    /// How often everything is measured; the median counts.
    #[arg(long, default_value_t = 21)]
    rounds: u32,
}

const ZONE: Tz = chrono_tz::Europe::Berlin;
const PEOPLE: u32 = 50;
const YEARS: u64 = 10;
const OVERRIDES_PER_WEEK: u64 = 3;
const MOMENTS: u64 = 2_000;
/// "Who" for one moment.
const WHO_MAX: Duration = Duration::from_micros(20);
/// A year of shifts.
const YEAR_MAX: Duration = Duration::from_millis(5);

fn main() -> ExitCode {
    let rounds = Arguments::parse().rounds.max(1);
    let roster = roster();
    let now = begins() + days(YEARS * 365);
    let moment = |number: u64| now + Span::from_minutes(number * 37);
    let (mut clocks, mut whos, mut pasts, mut years) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // The measurements take turns within each round, so that a busy machine is busy for all of them.
    for _ in 0..rounds {
        clocks.push(for_each_moment(|number| drop(black_box(shown(ZONE, moment(number)).to_string()))));
        whos.push(for_each_moment(|number| drop(black_box(roster.on_call_now(moment(number), 0)))));
        let past = |number: u64| begins() + Span::from_minutes(number * 2_600);
        pasts.push(for_each_moment(|number| drop(black_box(roster.on_call(past(number), 0)))));
        years.push(timed(|| drop(black_box(shift::between(&roster, now, now + days(365))))));
    }
    let (clock, who, past, year) = (median(clocks), median(whos), median(pasts), median(years));
    let times = |figure: Duration| figure.as_nanos() / clock.as_nanos().max(1);
    print(&format!(
        "a rota of {} layers and {PEOPLE} people, {} overrides in {YEARS} years; medians of {rounds} rounds",
        roster.present().map_or(0, |rota| rota.layers.len()),
        roster.covers().len(),
    ));
    print(&format!("a local time written, for comparison  {clock:>12?}"));
    print(&format!(
        "who is on call now                    {who:>12?}   {:>7} ×   at most {WHO_MAX:?}",
        times(who)
    ));
    print(&format!("who was on call within ten years      {past:>12?}   {:>7} ×", times(past)));
    print(&format!(
        "a year of shifts                      {year:>12?}   {:>7} ×   at most {YEAR_MAX:?}",
        times(year)
    ));
    if who <= WHO_MAX && year <= YEAR_MAX { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How long it takes for one moment, of many.
fn for_each_moment(work: impl Fn(u64)) -> Duration {
    timed(|| (0..MOMENTS).for_each(work)) / u32::try_from(MOMENTS).unwrap_or(u32::MAX)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

const fn days(count: u64) -> Span {
    Span::from_minutes(count * 24 * 60)
}

fn first_day() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2016, 11, 7).unwrap_or_default().and_hms_opt(9, 0, 0).unwrap_or_default()
}

fn begins() -> Timestamp {
    Timestamp::from_utc(first_day().and_utc())
}

fn person(number: u64) -> PersonId {
    PersonId::from_bytes((u128::from(number) + 1).to_be_bytes())
}

fn roster() -> Roster {
    let layers = (0..5_u32).map(|number| {
        let members =
            (0..PEOPLE / 5).map(|place| Member::always(person(u64::from(number * PEOPLE / 5 + place))));
        let (unit, every) = [
            (TurnUnit::Weeks, 1),
            (TurnUnit::Days, 1),
            (TurnUnit::Hours, 12),
            (TurnUnit::Days, 2),
            (TurnUnit::Months, 1),
        ][number as usize];
        let hours = ["", "Mon-Fri 18:00-08:00", "Sat-Sun 00:00-24:00", "Wed 08:00-12:00", "Fri 20:00-23:00"];
        let hours = hours[number as usize].parse().ok().into_iter().collect();
        let from = first_day() + TimeDelta::hours(i64::from(number));
        Layer { members: members.collect(), handover: Handover { every, unit, from }, hours }
    });
    let rota = RotaDefined { team: None, time_zone: ZONE.name().to_owned(), layers: layers.collect() };
    let mut roster = Roster::of(rota);
    let weeks = YEARS * 52;
    for number in 0..weeks * OVERRIDES_PER_WEEK {
        let from = begins() + Span::from_minutes(number * 7 * 24 * 60 / OVERRIDES_PER_WEEK);
        let people = u64::from(PEOPLE);
        let cover = Cover {
            id: OverrideId::from(number.to_string().as_str()),
            order: number + 1,
            from,
            until: from + Span::from_minutes(36 * 60),
            since: from - days(7),
            over: None,
            change: Change::Instead { of: person(number % people), by: Some(person((number + 7) % people)) },
        };
        roster.cover(&cover.id.clone(), [cover]);
    }
    roster
}

#[expect(clippy::print_stdout, reason = "printing the result is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}
