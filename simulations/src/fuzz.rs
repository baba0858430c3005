//! Parsers fed with anything at all, and what must hold all the same.
//!
//! A [`Target`] takes bytes, gives them to a parser of the product and asserts what is claimed of it: limits hold,
//! what was read and is written again reads the same, nothing that a stranger sent breaks a line of a protocol, a
//! forgery proves nothing. It panics when a claim does not hold; it reads no clock and draws no lots, so an input that
//! was found once is found again.
//!
//! The same targets run in two ways:
//!
//! - **always**, on stable Rust, as `tests/fuzz.rs`: every input of the committed corpus and a fixed number of
//!   [mutations](mutator) of it, the same ones in every run ([`campaign`]);
//! - **for long**, as `cargo xtask fuzz`: libFuzzer, guided by coverage, from the package in `simulations/fuzz`.
//!
//! # To add a target
//!
//! A function in the file of its noun, a line in [`TARGETS`], `simulations/fuzz/fuzz_targets/NAME.rs` with its
//! `[[bin]]` in the manifest there, a dictionary, and seeds in `simulations/fuzz/corpus/NAME`. A test names what is
//! missing. To keep an input that was found, put its file there.

pub mod calendar;
pub mod campaign;
mod claim;
pub mod configuration;
pub mod corpus;
pub mod event;
pub mod exec;
pub mod kannel;
pub mod link;
pub mod mail;
pub mod moment;
pub mod mutator;
pub mod name;
pub mod provider;
pub mod push;
pub mod reply;
mod shape;
pub mod snpp;
pub mod source;
pub mod tap;
pub mod text;
pub mod voice;

/// One parser with what is claimed of it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// As the command line and the corpus call it.
    pub name: &'static str,
    /// Gives the bytes to the parser. Panics when a claim does not hold.
    pub check: fn(&[u8]),
    /// Words of the parser's language, in the format of libFuzzer's dictionaries.
    pub dictionary: &'static str,
    /// How many mutations the tests make: a second or two of them.
    pub mutations_count: u64,
}

macro_rules! targets {
    ($($name:literal $check:path, $mutations_count:literal;)*) => {
        [$(Target {
            name: $name,
            check: $check,
            dictionary: include_str!(concat!("../fuzz/dictionaries/", $name, ".dict")),
            mutations_count: $mutations_count,
        }),*]
    };
}

/// All of them.
pub const TARGETS: [Target; 33] = targets! {
    "alertmanager" source::alertmanager, 20_000;
    "generic" source::generic, 20_000;
    "nagios" source::nagios, 10_000;
    "pagerduty" source::pagerduty, 10_000;
    "opsgenie" source::opsgenie, 10_000;
    "goalert" source::goalert, 10_000;
    "oncall" source::oncall, 10_000;
    "pushover" provider::pushover, 20_000;
    "twilio" provider::twilio, 20_000;
    "twilio_callback" provider::twilio_callback, 1_000;
    "kannel" kannel::answer, 20_000;
    "kannel_callback" kannel::callback, 2_000;
    "snpp" snpp::dialogue, 20_000;
    "tap" tap::dialogue, 20_000;
    "voice_callback" voice::callback, 2_000;
    "mail" mail::answer, 20_000;
    "letter" mail::letter, 1_000;
    "ntfy" push::ntfy, 5_000;
    "webhook" push::webhook, 20_000;
    "exec" exec::outcome, 20_000;
    "page_text" text::page, 4_000;
    "gsm7" text::gsm7, 10_000;
    "link" link::token, 500;
    "reply" reply::text, 20_000;
    "house_yaml" configuration::yaml, 2_000;
    "house_json" configuration::json, 2_000;
    "house_toml" configuration::toml, 2_000;
    "boot" configuration::boot, 5_000;
    "event" event::body, 20_000;
    "record" event::tampered, 5_000;
    "name" name::text, 50_000;
    "moment" moment::text, 50_000;
    "calendar" calendar::file, 3_000;
};

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    const ALL: &[Target] = &TARGETS;
    ALL.iter().find(|target| target.name == name)
}
