//! A number of inputs for one target, the same ones in every run.

use std::any::Any;
use std::fmt;
use std::panic;

use super::Target;
use super::mutator::{Mutator, words};

/// An input for which a claim does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which target's.
    pub target: &'static str,
    /// Where the input comes from.
    pub origin: Origin,
    /// The input.
    pub input: Vec<u8>,
    /// What was claimed.
    pub claim: String,
}

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This file of the corpus.
    File(String),
    /// The mutation of the corpus that this seed leads to.
    Seed(u64),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => write!(formatter, "the corpus file {name}"),
            Self::Seed(seed) => write!(formatter, "seed {seed}"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, origin, input, claim } = self;
        write!(formatter, "{target}, {origin}: {claim}\nthe input is b\"{}\"\n", input.escape_ascii())?;
        write!(formatter, "to keep it, put these bytes into a file in simulations/fuzz/corpus/{target}")
    }
}

/// Gives the target every input of the corpus, then as many mutations of it as the target asks for. Says how many
/// inputs that were.
///
/// # Errors
/// The first input for which a claim does not hold.
pub fn run(target: &Target, corpus: &[(String, Vec<u8>)]) -> Result<u64, Box<Finding>> {
    let mut count = 0;
    for (name, input) in corpus {
        examine(target, input, || Origin::File(name.clone()))?;
        count += 1;
    }
    let inputs: Vec<Vec<u8>> = corpus.iter().map(|(_, input)| input.clone()).collect();
    let words = words(target.dictionary);
    let mutator = Mutator::new(&inputs, &words);
    for seed in 0..target.mutations_count {
        examine(target, &mutator.input(seed), || Origin::Seed(seed))?;
        count += 1;
    }
    Ok(count)
}

fn examine(target: &Target, input: &[u8], origin: impl FnOnce() -> Origin) -> Result<(), Box<Finding>> {
    panic::catch_unwind(|| (target.check)(input)).map_err(|thrown| {
        let claim = said(&*thrown);
        Box::new(Finding { target: target.name, origin: origin(), input: input.to_vec(), claim })
    })
}

fn said(thrown: &(dyn Any + Send)) -> String {
    let text = thrown.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| thrown.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}
