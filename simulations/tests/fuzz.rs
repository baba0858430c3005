//! Every input of the corpus of every target, and mutations of it: the same ones in every run.
//!
//! The long runs that fill the corpus are `cargo xtask fuzz`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use simulations::fuzz::campaign::{self, Finding, Origin};
use simulations::fuzz::{TARGETS, Target, corpus, target};

/// The whole corpus is at most so large: everybody who clones the house gets it.
const CORPUS_BYTES_MAX: usize = 1_500_000;
const CORPUS_FILES_MAX: usize = 1_500;

fn inputs(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = corpus::folder().join(target.name);
    corpus::read(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

fn holds(name: &str) {
    let target = target(name).expect("a target");
    let inputs = inputs(target);
    assert!(!inputs.is_empty(), "simulations/fuzz/corpus/{name} has seeds");
    if let Err(finding) = campaign::run(target, &inputs) {
        panic!("{finding}");
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        /// The targets that are run here.
        const RUN: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            holds(stringify!($name));
        })*
    };
}

targets! {
    alertmanager
    generic
    nagios
    pagerduty
    opsgenie
    goalert
    oncall
    pushover
    twilio
    twilio_callback
    kannel
    kannel_callback
    snpp
    tap
    voice_callback
    mail
    letter
    ntfy
    webhook
    exec
    page_text
    gsm7
    link
    reply
    house_yaml
    house_json
    house_toml
    boot
    event
    record
    name
    moment
    calendar
}

#[test]
fn every_target_is_run_here_and_by_libfuzzer() {
    let named: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(named, RUN.iter().copied().collect(), "each target has a test here");
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest =
        fs::read_to_string(package.join("Cargo.toml")).expect("the package of libFuzzer's targets");
    for name in &named {
        assert!(
            manifest.contains(&format!("name = \"{name}\"\n")),
            "{name} is in simulations/fuzz/Cargo.toml"
        );
        let file = package.join("fuzz_targets").join(format!("{name}.rs"));
        assert!(file.exists(), "{} is missing", file.display());
    }
    for folder in fs::read_dir(corpus::folder()).expect("the corpora") {
        let folder = folder.expect("a corpus").file_name().to_string_lossy().into_owned();
        assert!(named.contains(&*folder), "simulations/fuzz/corpus/{folder} belongs to no target");
    }
}

#[test]
fn the_corpus_stays_small() {
    let all: Vec<(String, Vec<u8>)> = TARGETS.iter().flat_map(inputs).collect();
    let bytes: usize = all.iter().map(|(_, input)| input.len()).sum();
    assert!(all.len() <= CORPUS_FILES_MAX && bytes <= CORPUS_BYTES_MAX, "{} files, {bytes} bytes", all.len());
}

/// A parser of lines that trusts a length which a stranger gives: `LENGTH:TEXT`.
fn faulty(input: &[u8]) {
    let Some(colon) = input.iter().position(|&byte| byte == b':') else { return };
    let length = std::str::from_utf8(&input[..colon]).ok().and_then(|digits| digits.parse::<usize>().ok());
    let text = &input[colon + 1..];
    assert!(length.is_none_or(|length| length <= text.len()), "there is as much text as it says");
}

const FAULTY: Target = Target { name: "faulty", check: faulty, dictionary: "", mutations_count: 1_000 };

fn found(target: &Target) -> Finding {
    let seeds = [("seed".to_owned(), b"4:text".to_vec()), ("other".to_owned(), b"0:".to_vec())];
    *campaign::run(target, &seeds).expect_err("the fault is found")
}

#[test]
fn a_fault_is_found_and_can_be_found_again() {
    let finding = found(&FAULTY);
    assert_eq!(finding, found(&FAULTY), "the same one in every run");
    assert!(matches!(finding.origin, Origin::Seed(_)), "the seeds themselves are sound: {finding}");
    assert_eq!(finding.claim, "there is as much text as it says");
    let said = finding.to_string();
    assert!(said.contains(&finding.input.escape_ascii().to_string()), "{said}");

    // Kept in the corpus, it is found at once, until the fault is mended.
    let kept = [("kept".to_owned(), finding.input)];
    let again = campaign::run(&FAULTY, &kept).expect_err("the fault is still there");
    assert_eq!(again.origin, Origin::File("kept".to_owned()));
    assert_eq!(campaign::run(&Target { check: |_| {}, ..FAULTY }, &kept), Ok(1_001));
}
