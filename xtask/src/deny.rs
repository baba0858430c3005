//! What may be built into the house: licences, banned crates and where crates come from.
//!
//! `deny.toml` is written in cargo-deny's own format, so `cargo deny check licenses bans sources` accepts the
//! same file; this is a part of it that needs no further program. It reads declared licences only, never the
//! texts, and knows fewer keys: one that it does not know is an error rather than ignored.
//!
//! Everything in the dependency graph counts, dependencies for building and testing too, with all features, on
//! the targets that `deny.toml` names.

mod config;
mod graph;
mod spdx;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::cargo;
use config::{Config, Level};
use graph::{Crate, Graph};
use spdx::Expression;

/// A crate that everybody has from the registry that Cargo uses by default: where this one comes from is what every
/// other may come from.
const FROM_DEFAULT_REGISTRY: &str = "serde";

/// Prints every crate that breaks a rule; fails if there is one.
pub fn check() -> Result<(), String> {
    let text =
        fs::read_to_string(cargo::root().join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    let config = Config::parse(&text)?;
    let graph = Graph::read(&config.graph.targets)?;
    let findings = Findings::of(&config, &graph.crates);
    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for error in &findings.errors {
        println!("error: {error}");
    }
    println!("{} crates looked at", graph.crates.len());
    match findings.errors.len() {
        0 => Ok(()),
        count => Err(format!("deny.toml forbids {count} of the things above")),
    }
}

#[derive(Default)]
struct Findings {
    errors: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    fn of(config: &Config, crates: &[Crate]) -> Self {
        let mut findings = Self::default();
        findings.licences(config, crates);
        findings.bans(config, crates);
        findings.versions(config.bans.multiple_versions, crates);
        findings.sources(config, crates);
        findings
    }

    fn licences(&mut self, config: &Config, crates: &[Crate]) {
        let mut seen = BTreeSet::new();
        for it in crates {
            let Some(declared) = config.clarified(it).or(it.license.as_deref()) else {
                self.errors.push(format!("{it} declares no licence; clarify it in deny.toml"));
                continue;
            };
            match Expression::parse(declared) {
                Ok(expression) => {
                    seen.extend(expression.licences());
                    if !expression.holds(&|licence| config.allows(it, licence)) {
                        self.errors
                            .push(format!("{it} is licensed `{declared}`, which deny.toml does not allow"));
                    }
                }
                Err(reason) => self.errors.push(format!("{it} declares the licence `{declared}`: {reason}")),
            }
        }
        let unused = config.licenses.allow.iter().filter(|licence| !seen.contains(*licence));
        self.warnings.extend(unused.map(|licence| format!("no crate needs the allowed licence {licence}")));
    }

    fn bans(&mut self, config: &Config, crates: &[Crate]) {
        for it in crates {
            if let Some(ban) = config.bans.deny.iter().find(|ban| ban.which.is(it)) {
                let used_by = it.used_by.iter().cloned().collect::<Vec<_>>().join(", ");
                self.errors.push(format!("{it} is banned: {}; used by {used_by}", ban.reason));
            }
        }
    }

    fn versions(&mut self, level: Level, crates: &[Crate]) {
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for it in crates {
            versions.entry(&it.name).or_default().push(&it.version);
        }
        versions.retain(|_, versions| versions.len() > 1);
        let found =
            versions.iter().map(|(name, versions)| format!("{name} in versions {}", versions.join(", ")));
        match level {
            Level::Allow => {}
            Level::Warn => self.warnings.extend(found),
            Level::Deny => self.errors.extend(found),
        }
    }

    fn sources(&mut self, config: &Config, crates: &[Crate]) {
        let default_registry =
            crates.iter().find(|it| it.name == FROM_DEFAULT_REGISTRY).and_then(|it| it.source.as_deref());
        for it in crates {
            if let Some(source) = it.source.as_deref()
                && !config.sources.allows(source, default_registry)
            {
                self.errors.push(format!("{it} comes from {source}, which deny.toml does not allow"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        [graph]
        targets = ["x86_64-unknown-linux-gnu"]
        all-features = true
        [licenses]
        allow = ["MIT", "Zlib"]
        include-dev = true
        exceptions = [{ crate = "odd", allow = ["ISC"] }]
        [[licenses.clarify]]
        crate = "silent"
        expression = "MIT"
        license-files = [{ path = "LICENSE", hash = 1 }]
        [[licenses.clarify]]
        crate = "old@1.0.0"
        expression = "MIT AND Zlib"
        license-files = [{ path = "LICENSE", hash = 2 }]
        [bans]
        multiple-versions = "warn"
        deny = [{ crate = "openssl-sys", reason = "rustls is enough" }]
        [sources]
        unknown-registry = "deny"
        unknown-git = "deny"
    "#;

    fn errors_about(crates: &[Crate]) -> Vec<String> {
        Findings::of(&Config::parse(CONFIG).expect("the configuration is well formed"), crates).errors
    }

    #[test]
    fn an_exception_and_a_clarification_hold_for_their_crate_only() {
        assert_eq!(errors_about(&[Crate::new("odd", Some("ISC")), Crate::new("silent", None)]), [""; 0]);
        let errors = errors_about(&[Crate::new("other", Some("ISC")), Crate::new("mute", None)]);
        assert_eq!(
            errors,
            [
                "other 1.0.0 is licensed `ISC`, which deny.toml does not allow",
                "mute 1.0.0 declares no licence; clarify it in deny.toml"
            ]
        );
    }

    #[test]
    fn an_entry_with_a_version_holds_for_that_version_only() {
        let mut newer = Crate::new("old", None);
        newer.version = "1.0.1".to_owned();
        let errors = errors_about(&[Crate::new("old", None), newer]);
        assert_eq!(errors, ["old 1.0.1 declares no licence; clarify it in deny.toml"]);
        for unclear in ["old@1.0", "old:1.0.0", "old@^1.0.0", "old@"] {
            let refused = Config::parse(&CONFIG.replace("old@1.0.0", unclear)).err();
            assert!(refused.is_some_and(|reason| reason.contains(unclear)), "{unclear}");
        }
    }

    #[test]
    fn a_banned_crate_is_named_with_the_reason_and_who_uses_it() {
        let mut banned = Crate::new("openssl-sys", Some("MIT"));
        banned.used_by.insert("native-tls".to_owned());
        let errors = errors_about(&[banned]);
        assert_eq!(errors, ["openssl-sys 1.0.0 is banned: rustls is enough; used by native-tls"]);
    }

    #[test]
    fn only_the_public_registry_is_a_source() {
        let mut elsewhere = Crate::new("elsewhere", Some("MIT"));
        elsewhere.source = Some("git+https://git.example/elsewhere#0123".to_owned());
        let errors = errors_about(&[elsewhere]);
        assert!(errors.len() == 1 && errors[0].contains("git.example"), "{errors:?}");

        let from = |name: &str, source: &str| {
            let mut it = Crate::new(name, Some("MIT"));
            it.source = Some(source.to_owned());
            it
        };
        let serde = || from(FROM_DEFAULT_REGISTRY, "registry+https://usual.example");
        assert_eq!(errors_about(&[serde(), from("usual", "registry+https://usual.example")]), [""; 0]);
        let errors = errors_about(&[serde(), from("odd-one", "registry+https://other.example")]);
        assert!(errors.len() == 1 && errors[0].contains("other.example"), "{errors:?}");
    }

    #[test]
    fn two_versions_and_a_licence_that_nobody_needs_are_warnings() {
        let mut newer = Crate::new("twice", Some("MIT"));
        newer.version = "2.0.0".to_owned();
        let config = Config::parse(CONFIG).expect("the configuration is well formed");
        let findings = Findings::of(&config, &[Crate::new("twice", Some("MIT")), newer]);
        assert_eq!(findings.errors, [""; 0]);
        assert_eq!(
            findings.warnings,
            ["no crate needs the allowed licence Zlib", "twice in versions 1.0.0, 2.0.0"]
        );
    }

    #[test]
    fn the_file_of_this_workspace_is_understood() {
        let text =
            fs::read_to_string(cargo::root().join("deny.toml")).expect("deny.toml is in the root folder");
        Config::parse(&text).expect("deny.toml is well formed");
    }
}
