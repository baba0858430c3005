//! `deny.toml`, as far as it is read here.
//!
//! Source of the format: cargo-deny's book, "Config" of the checks `licenses`, `bans` and `sources`.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::graph::Crate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    pub graph: GraphConfig,
    pub licenses: Licenses,
    pub bans: Bans,
    pub sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GraphConfig {
    /// Target triples, such as `x86_64-unknown-linux-gnu`; empty means all that exist.
    pub targets: Vec<String>,
    all_features: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Licenses {
    /// SPDX identifiers, with their exception if they have one: `Apache-2.0 WITH LLVM-exception`.
    pub allow: Vec<String>,
    include_dev: bool,
    #[serde(default)]
    exceptions: Vec<Exception>,
    #[serde(default)]
    clarify: Vec<Clarification>,
}

/// Licences that one crate may have besides the allowed ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    #[serde(rename = "crate", alias = "name")]
    which: Which,
    allow: Vec<String>,
}

/// What the licence of a crate is that declares none, or not in SPDX.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Clarification {
    #[serde(rename = "crate", alias = "name")]
    which: Which,
    expression: String,
    /// Hashes of the texts; cargo-deny compares them, we do not.
    #[serde(rename = "license-files")]
    _license_files: IgnoredAny,
}

/// Which crate an entry is about: all versions of a name, or one of them as in `ring@0.16.20`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub struct Which {
    name: String,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bans {
    pub multiple_versions: Level,
    pub deny: Vec<Ban>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Allow,
    Warn,
    Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ban {
    #[serde(rename = "crate", alias = "name")]
    pub which: Which,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sources {
    unknown_registry: Level,
    unknown_git: Level,
}

impl Config {
    /// Reads the file; refuses what would make it mean more here than we check.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| format!("deny.toml: {error}"))?;
        if !config.graph.all_features || !config.licenses.include_dev {
            return Err("deny.toml: all-features and include-dev must be true, as they are here".to_owned());
        }
        let Sources { unknown_registry: Level::Deny, unknown_git: Level::Deny } = config.sources else {
            return Err("deny.toml: unknown-registry and unknown-git must be \"deny\"".to_owned());
        };
        Ok(config)
    }

    /// The licence that the file states for a crate, in place of the declared one.
    pub fn clarified(&self, it: &Crate) -> Option<&str> {
        let mut clarifications = self.licenses.clarify.iter();
        clarifications.find(|clarification| clarification.which.is(it)).map(|found| found.expression.as_str())
    }

    /// Whether a crate may have a licence.
    pub fn allows(&self, it: &Crate, licence: &str) -> bool {
        let exceptions = self.licenses.exceptions.iter().filter(|exception| exception.which.is(it));
        let mut allowed = self.licenses.allow.iter().chain(exceptions.flat_map(|exception| &exception.allow));
        allowed.any(|allowed| allowed == licence)
    }
}

impl Which {
    /// Whether a crate is meant.
    pub fn is(&self, it: &Crate) -> bool {
        self.name == it.name && self.version.as_ref().is_none_or(|version| *version == it.version)
    }
}

impl TryFrom<String> for Which {
    type Error = String;

    /// cargo-deny also knows ranges and parts of a version; here they are refused.
    fn try_from(text: String) -> Result<Self, String> {
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (text.as_str(), None),
        };
        let is_whole = |version: &str| version.split('.').count() >= 3;
        if text.contains([':', '=', '<', '>', '*', '^', '~', ',']) || !version.is_none_or(is_whole) {
            return Err(format!(
                "`{text}`: only a name or one whole version, as in `name@1.2.3`, can be given"
            ));
        }
        Ok(Self { name: name.to_owned(), version: version.map(str::to_owned) })
    }
}

impl Sources {
    /// Whether crates may come from a source, written as in `Cargo.lock`: only from the registry that Cargo uses by
    /// default.
    #[expect(
        clippy::unused_self,
        reason = "the file has no list of its own yet, and the caller need not know"
    )]
    pub fn allows(&self, source: &str, default_registry: Option<&str>) -> bool {
        source.starts_with("registry+") && default_registry == Some(source)
    }
}
