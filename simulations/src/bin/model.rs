//! Checks the model of the protocol exhaustively within bounds, and shows what it found.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use events::mutant::Mutant;
use simulations::model::bounds::{LARGE, SMALL};
use simulations::model::check::{Checked, Until, check, unreached};
use simulations::model::{Bounds, Finding};

/// Model checker of two nodes on one log.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which bounds: `small`, `large`, or one of them by its name.
    #[arg(long, default_value = "small", value_parser = bounds)]
    bounds: Set,
    /// Other counts than those of the bounds, such as `crashes=0` or `horizon=30`.
    #[arg(long, value_parser = change)]
    set: Vec<(String, u8)>,
    /// Stops after so many states, which proves nothing.
    #[arg(long)]
    states_max: Option<usize>,
    /// Threads; with more than one, stories may not be the shortest.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Tells the story of this property, or of every one for `all`.
    #[arg(long)]
    story: Option<String>,
    /// Switches this fault on, and expects that an invariant is broken. Needs the feature `mutants`.
    #[arg(long, value_parser = mutant, conflicts_with = "all_mutants")]
    mutant: Option<Mutant>,
    /// Tries every fault, one after the other. Needs the feature `mutants`.
    #[arg(long)]
    all_mutants: bool,
}

/// Bounds that are checked one after the other.
#[derive(Clone, Debug)]
struct Set(Vec<Bounds>);

fn bounds(name: &str) -> Result<Set, String> {
    let by_name = || SMALL.into_iter().chain(LARGE).filter(|bounds| bounds.name == name).collect();
    let set: Vec<Bounds> = match name {
        "small" => SMALL.to_vec(),
        "large" => LARGE.to_vec(),
        _ => by_name(),
    };
    let names = || SMALL.iter().chain(&LARGE).map(|bounds| bounds.name).collect::<Vec<_>>().join(", ");
    if set.is_empty() { Err(format!("there are small, large, {}", names())) } else { Ok(Set(set)) }
}

fn mutant(name: &str) -> Result<Mutant, String> {
    let known = Mutant::ALL.into_iter().find(|mutant| format!("{mutant:?}") == name);
    known.ok_or_else(|| format!("there are {:?}", Mutant::ALL))
}

fn change(text: &str) -> Result<(String, u8), String> {
    let (what, count) = text.split_once('=').ok_or("it is written as NAME=COUNT")?;
    let count = count.parse().map_err(|_| "a count is 0 to 255")?;
    let is_known = SMALL[0].set(what, count).is_some();
    is_known.then(|| (what.to_owned(), count)).ok_or_else(|| format!("there is no bound `{what}`"))
}

impl Arguments {
    fn all_bounds(&self) -> Vec<Bounds> {
        let changed = |bounds: &Bounds| {
            let change =
                |bounds: Bounds, (what, count): &(String, u8)| bounds.set(what, *count).unwrap_or(bounds);
            self.set.iter().fold(*bounds, change)
        };
        self.bounds.0.iter().map(changed).collect()
    }
}

/// Exits with 0 when everything is as it should be: sound without a fault, found out with one.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mutants: Vec<Mutant> =
        if arguments.all_mutants { Mutant::ALL.to_vec() } else { arguments.mutant.into_iter().collect() };
    if mutants.is_empty() {
        let checked: Vec<Checked> =
            arguments.all_bounds().into_iter().map(|bounds| look(&arguments, bounds)).collect();
        return exit_code(report(&checked));
    }
    if !cfg!(feature = "mutants") {
        print("this needs `--features mutants`");
        return ExitCode::FAILURE;
    }
    let caught = mutants.into_iter().filter(|&mutant| is_caught(&arguments, mutant)).count();
    print(&format!("{caught} caught"));
    exit_code(caught > 0)
}

fn exit_code(is_good: bool) -> ExitCode {
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Checks within one set of bounds, and shows what was found.
fn look(arguments: &Arguments, bounds: Bounds) -> Checked {
    let until = arguments.states_max.map_or(Until::Exhausted, Until::Generated);
    let (checked, took) = timed(|| check(bounds, arguments.threads, until));
    print(&format!("{checked}{:.1} s\n", took.as_secs_f64()));
    let wanted = arguments.story.as_deref();
    for finding in &checked.findings {
        let is_wanted = wanted.is_some_and(|wanted| wanted == "all" || finding.property.contains(wanted));
        if is_wanted || finding.is_invariant {
            tell(finding);
        }
    }
    checked
}

/// Sums up; true when every invariant holds and everything that must be possible is so somewhere.
fn report(checked: &[Checked]) -> bool {
    let sum = |count: fn(&Checked) -> usize| checked.iter().map(count).sum::<usize>();
    let (states, unique) = (sum(|checked| checked.states), sum(|checked| checked.unique_states));
    print(&format!("{states} states, {unique} of them different"));
    let unreached = unreached(checked);
    for property in &unreached {
        print(&format!("never reached: {property}"));
    }
    let is_sound = checked.iter().all(Checked::is_sound);
    print(if is_sound { "every invariant holds" } else { "AN INVARIANT IS BROKEN" });
    is_sound && unreached.is_empty()
}

fn is_caught(arguments: &Arguments, mutant: Mutant) -> bool {
    switch(Some(mutant));
    let mut found = None;
    for bounds in arguments.all_bounds() {
        let (checked, took) = timed(|| check(bounds, arguments.threads, Until::Broken));
        let Checked { unique_states, .. } = checked;
        let shortest = checked.broken().min_by_key(|finding| finding.story.as_ref().map(Vec::len)).cloned();
        if let Some(finding) = shortest {
            found = Some((bounds, finding, unique_states, took));
            break;
        }
    }
    switch(None);
    let Some((bounds, finding, states, took)) = found else {
        print(&format!("{:<26} not seen", format!("{mutant:?}")));
        return false;
    };
    print(&format!(
        "{:<26} {:<27} {:>3} steps  {} ({states} states, {:.1} s)",
        format!("{mutant:?}"),
        finding.property,
        finding.story.as_ref().map_or(0, Vec::len),
        bounds.name,
        took.as_secs_f64(),
    ));
    if arguments.mutant.is_some() || arguments.story.is_some() {
        tell(&finding);
    }
    true
}

#[cfg(feature = "mutants")]
fn switch(mutant: Option<Mutant>) {
    events::mutant::switch_on(mutant);
}

#[cfg(not(feature = "mutants"))]
fn switch(_mutant: Option<Mutant>) {}

fn tell(finding: &Finding) {
    let Some(story) = &finding.story else { return };
    print(&format!("\n{}:", finding.property));
    for line in story {
        print(line);
    }
    print("");
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "how long a check took is what is measured")]
    let started = Instant::now();
    let done = work();
    #[expect(clippy::disallowed_methods, reason = "how long a check took is what is measured")]
    let took = started.elapsed();
    (done, took)
}

#[expect(clippy::print_stdout, reason = "printing the result is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}
