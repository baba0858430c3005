//! The crates that are built into the house or its tests, as Cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;

use crate::cargo;

/// Every crate that can be reached from our members, ordered by name and version.
pub struct Graph {
    pub crates: Vec<Crate>,
}

pub struct Crate {
    pub name: String,
    pub version: String,
    /// As declared: an SPDX expression, in old crates with `/` for `OR`.
    pub license: Option<String>,
    /// Where it comes from, as in `Cargo.lock`; none for our own members.
    pub source: Option<String>,
    /// The names of the crates that depend on it.
    pub used_by: BTreeSet<String>,
}

impl fmt::Display for Crate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

impl Graph {
    /// Reads the graph for some targets (none means all) with all features, from the lock file as it is.
    pub fn read(targets: &[String]) -> Result<Self, String> {
        let mut command =
            cargo::command(&["metadata", "--format-version", "1", "--locked", "--all-features"]);
        for target in targets {
            command.args(["--filter-platform", target]);
        }
        let metadata = cargo::read(command)?;
        let metadata: Metadata = serde_json::from_slice(&metadata)
            .map_err(|error| format!("`cargo metadata` is not understood: {error}"))?;
        Ok(Self { crates: metadata.reachable() })
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Metadata {
    fn reachable(self) -> Vec<Crate> {
        let dependencies: BTreeMap<&str, &[String]> =
            self.resolve.nodes.iter().map(|node| (node.id.as_str(), node.dependencies.as_slice())).collect();
        let names: BTreeMap<&str, &str> =
            self.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
        let mut used_by: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut waiting: Vec<&str> = self.workspace_members.iter().map(String::as_str).collect();
        for member in &waiting {
            used_by.entry(member).or_default();
        }
        while let Some(id) = waiting.pop() {
            for dependency in dependencies.get(id).copied().unwrap_or_default() {
                if !used_by.contains_key(dependency.as_str()) {
                    waiting.push(dependency);
                }
                used_by.entry(dependency).or_default().extend(names.get(id).map(ToString::to_string));
            }
        }
        let mut crates: Vec<Crate> = (self.packages.iter())
            .filter_map(|package| {
                Some(Crate {
                    used_by: used_by.remove(package.id.as_str())?,
                    name: package.name.clone(),
                    version: package.version.clone(),
                    license: package.license.clone(),
                    source: package.source.clone(),
                })
            })
            .collect();
        crates.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        crates
    }
}

#[cfg(test)]
impl Crate {
    /// Version 1.0.0 of a crate of our own, used by nobody.
    pub fn new(name: &str, license: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: None,
            used_by: BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reaches_is_left_out_and_users_are_named() {
        let metadata: Metadata = serde_json::from_value(serde_json::json!({
            "packages": [
                { "id": "ours", "name": "ours", "version": "0.1.0", "license": "MIT", "source": null },
                { "id": "leaf#2", "name": "leaf", "version": "2.0.0", "license": "MIT", "source": "registry+r" },
                { "id": "leaf#1", "name": "leaf", "version": "1.0.0", "license": "MIT", "source": "registry+r" },
                { "id": "idle", "name": "idle", "version": "1.0.0", "license": "MIT", "source": "registry+r" },
            ],
            "workspace_members": ["ours"],
            "resolve": { "nodes": [
                { "id": "ours", "dependencies": ["leaf#2"] },
                { "id": "leaf#2", "dependencies": ["leaf#1"] },
                { "id": "leaf#1", "dependencies": [] },
                { "id": "idle", "dependencies": ["leaf#1"] },
            ] },
        }))
        .expect("the shape is Cargo's");
        let crates = metadata.reachable();
        let shown: Vec<String> = crates.iter().map(Crate::to_string).collect();
        assert_eq!(shown, ["leaf 1.0.0", "leaf 2.0.0", "ours 0.1.0"]);
        assert_eq!(crates[0].used_by, BTreeSet::from(["leaf".to_owned()]));
    }
}
