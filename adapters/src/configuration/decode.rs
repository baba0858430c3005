//! From a tree to a blueprint: which keys there are, and what each may hold. The shape is the contract's.
//!
//! A value that cannot be read is replaced by something harmless and noted as *broken*, so that one mistake is not
//! followed by ten others that come from it.

mod people;
mod policies;
mod rotas;
mod services;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::blueprint::Blueprint;
use domain::blueprint::kind::ThingKind;
use domain::blueprint::mistake::{Feature, Mistake, Shape, What};
use domain::blueprint::nearest::nearest;
use domain::blueprint::place::{Path, Place, Places};
use events::Span;

use super::node::{Entry, Flaw, FlawKind, Mark, Node, Value, yes_or_no};
use super::quantity;

pub(super) use policies::NEVER;
pub(super) use services::source_kind;

/// Reads trees, one file after the other.
#[derive(Default)]
pub(super) struct Decoder {
    pub blueprint: Blueprint,
    pub places: Places,
    pub mistakes: Vec<Mistake>,
    /// The values that were replaced.
    pub broken: BTreeSet<Path>,
    /// Something is missing that would be there but for a mistake.
    pub lossy: bool,
    file: Arc<str>,
    defined: BTreeMap<(ThingKind, String), Place>,
}

/// A value under way, with its path and where people would look for it.
#[derive(Clone)]
struct At<'n> {
    node: &'n Node,
    path: Path,
    mark: Mark,
}

/// A map under way.
struct Map<'n> {
    entries: &'n [Entry],
    path: Path,
    mark: Mark,
}

/// What a map may hold.
struct Grammar {
    known: &'static [&'static str],
    /// Keys of the language that are not built yet.
    unbuilt: fn(&str) -> Option<Feature>,
    example: &'static str,
}

const ROOT: Grammar = Grammar {
    known: &["people", "teams", "rotas", "policies", "services", "sources", "routes"],
    unbuilt: |key| match key {
        "overrides" => Some(Feature::Overrides),
        "work" | "planned_work" | "maintenance" => Some(Feature::PlannedWork),
        _ => None,
    },
    example: "people: { anna: { name: Anna Rossi } }",
};

impl Decoder {
    /// The next trees and mistakes come from this file.
    pub(super) fn open(&mut self, file: &str) {
        self.file = file.into();
    }

    /// Something is wrong with the file as a whole: what it defines is not known.
    pub(super) fn refuse(&mut self, what: What) {
        self.lossy = true;
        let mut mistake = Mistake::new(Path::default(), what);
        mistake.place = Some(Place::whole(Arc::clone(&self.file)));
        self.mistakes.push(mistake);
    }

    /// Something is wrong with the text.
    pub(super) fn flaw(&mut self, flaw: Flaw) {
        let what = match flaw.what {
            FlawKind::Fatal(what) => {
                self.lossy = true;
                what
            }
            FlawKind::Left(what) => what,
            FlawKind::Duplicate { key, first } => What::DuplicateKey { key, first: self.place(first) },
        };
        self.wrong(&Path::default(), flaw.mark, what);
    }

    /// Takes a file's tree into the blueprint.
    pub(super) fn file(&mut self, root: &Node) {
        if root.is_nothing() {
            return;
        }
        let at = At { node: root, path: Path::default(), mark: root.mark };
        let before = self.mistakes.len();
        let Some(root) = self.map(&at, &ROOT) else {
            self.lossy = true;
            return;
        };
        // An unknown part may be a known one, misspelt.
        let mut added = self.mistakes[before..].iter();
        self.lossy |= added.any(|mistake| matches!(mistake.what, What::UnknownKey { .. }));
        self.things(&root, ThingKind::Person, "people: { anna: { name: Anna Rossi } }", Self::person);
        self.things(&root, ThingKind::Team, "teams: { sysadmin: { members: [anna] } }", Self::team);
        self.things(&root, ThingKind::Rota, "rotas: { primary: { time_zone: Europe/Berlin } }", Self::rota);
        self.things(&root, ThingKind::Policy, "policies: { default: { steps: [] } }", Self::policy);
        self.things(&root, ThingKind::Service, "services: { shop: { policy: default } }", Self::service);
        self.things(
            &root,
            ThingKind::Source,
            "sources: { prometheus: { kind: alertmanager } }",
            Self::source,
        );
        self.routes(&root);
    }

    /// Every thing of one kind.
    fn things(
        &mut self,
        root: &Map<'_>,
        kind: ThingKind,
        example: &'static str,
        read: fn(&mut Self, &At<'_>, &str),
    ) {
        let Some(section) = root.get(kind.section()) else { return };
        self.note(&section);
        let Some(entries) = self.entries(&section, example) else {
            self.lossy = true;
            return;
        };
        for entry in entries {
            let at = At::in_map(&section.path, entry);
            let named = (kind, entry.key.clone());
            if let Some(first) = self.defined.get(&named) {
                let what = What::DefinedTwice { kind, name: entry.key.clone(), first: first.clone() };
                self.wrong(&at.path, entry.mark, what);
                continue;
            }
            self.defined.insert(named, self.place(entry.mark));
            self.note(&at);
            read(self, &at, &entry.key);
        }
    }

    fn place(&self, mark: Mark) -> Place {
        Place { file: Arc::clone(&self.file), line: mark.line, column: mark.column }
    }

    fn note(&mut self, at: &At<'_>) {
        self.places.note(at.path.clone(), self.place(at.mark));
    }

    fn wrong(&mut self, path: &Path, mark: Mark, what: What) {
        let mut mistake = Mistake::new(path.clone(), what);
        mistake.place = Some(self.place(mark));
        self.mistakes.push(mistake);
    }

    /// The value cannot be used.
    fn broken(&mut self, at: &At<'_>, what: What) {
        self.wrong(&at.path, at.mark, what);
        self.broken.insert(at.path.clone());
    }

    fn wrong_type(&mut self, at: &At<'_>, expected: Shape, example: &'static str) {
        let found = at.node.shape();
        self.broken(at, What::WrongType { expected, found, example });
    }

    /// The key must be there.
    fn missing(&mut self, map: &Map<'_>, field: &'static str, example: &'static str) {
        let path = map.path.key(field);
        // It may be there, misspelt, and was reported so.
        if self.broken.insert(path.clone()) {
            self.wrong(&path, map.mark, What::Missing { field, example });
        }
    }

    /// A map with keys that people choose.
    fn entries<'n>(&mut self, at: &At<'n>, example: &'static str) -> Option<&'n [Entry]> {
        if let Value::Map(entries) = &at.node.value {
            return Some(entries);
        }
        self.wrong_type(at, Shape::Map, example);
        None
    }

    /// A map with keys that the language knows.
    fn map<'n>(&mut self, at: &At<'n>, grammar: &Grammar) -> Option<Map<'n>> {
        let entries = self.entries(at, grammar.example)?;
        for entry in entries {
            let child = At::in_map(&at.path, entry);
            if grammar.known.contains(&entry.key.as_str()) {
                self.note(&child);
            } else if let Some(feature) = (grammar.unbuilt)(&entry.key) {
                self.wrong(&child.path, entry.mark, What::NotBuilt { feature });
            } else {
                let near = nearest(&entry.key, grammar.known.iter().copied()).map(str::to_owned);
                let known = grammar.known.join(", ");
                let stands = |near: &&String| entries.iter().any(|entry| entry.key == **near);
                let meant = near.as_ref().filter(|near| !stands(near));
                self.broken.extend(meant.map(|near| at.path.key(near)));
                self.wrong(&child.path, entry.mark, What::UnknownKey { key: entry.key.clone(), near, known });
            }
        }
        Some(Map { entries, path: at.path.clone(), mark: at.mark })
    }

    /// Every element of the list under `field`; none when it is not there.
    fn list<'n>(&mut self, map: &Map<'n>, field: &'static str, example: &'static str) -> Option<Vec<At<'n>>> {
        let at = map.get(field)?;
        let Value::List(nodes) = &at.node.value else {
            self.wrong_type(&at, Shape::List, example);
            return Some(Vec::new());
        };
        let elements: Vec<At<'n>> = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| At { node, path: at.path.index(index), mark: node.mark })
            .collect();
        for element in &elements {
            self.note(element);
        }
        Some(elements)
    }

    fn required_list<'n>(
        &mut self,
        map: &Map<'n>,
        field: &'static str,
        example: &'static str,
    ) -> Vec<At<'n>> {
        self.list(map, field, example).unwrap_or_else(|| {
            self.missing(map, field, example);
            Vec::new()
        })
    }

    /// A list of names. One that cannot be read is the empty name, so that the others keep their places.
    fn names(&mut self, map: &Map<'_>, field: &'static str, example: &'static str) -> Vec<String> {
        let elements = self.required_list(map, field, example);
        elements.iter().map(|element| self.text(element, "anna").unwrap_or_default()).collect()
    }

    /// Text. Unquoted numbers are text too: a pager's number is one.
    fn text(&mut self, at: &At<'_>, example: &'static str) -> Option<String> {
        match &at.node.value {
            Value::Scalar { text, .. } if !at.node.is_nothing() => Some(text.clone()),
            Value::Scalar { .. } | Value::List(_) | Value::Map(_) => {
                self.wrong_type(at, Shape::Text, example);
                None
            }
        }
    }

    fn optional_text(&mut self, map: &Map<'_>, field: &'static str, example: &'static str) -> Option<String> {
        let at = map.get(field)?;
        self.text(&at, example)
    }

    fn required_text(&mut self, map: &Map<'_>, field: &'static str, example: &'static str) -> String {
        if let Some(at) = map.get(field) {
            return self.text(&at, example).unwrap_or_default();
        }
        self.missing(map, field, example);
        String::new()
    }

    fn optional_number(&mut self, map: &Map<'_>, field: &'static str, example: &'static str) -> Option<u32> {
        let at = map.get(field)?;
        if let Value::Scalar { text, plain: true } = &at.node.value {
            if let Ok(number) = text.parse() {
                return Some(number);
            }
            if at.node.shape() == Shape::Number {
                self.broken(&at, What::OutOfRange { number: text.clone(), min: 0, max: u32::MAX });
                return None;
            }
        }
        self.wrong_type(&at, Shape::Number, example);
        None
    }

    fn optional_yes_no(&mut self, map: &Map<'_>, field: &'static str) -> Option<bool> {
        let at = map.get(field)?;
        let Value::Scalar { text, plain: true } = &at.node.value else {
            self.wrong_type(&at, Shape::YesNo, "true");
            return None;
        };
        let read = yes_or_no(text);
        if read.is_none() {
            self.wrong_type(&at, Shape::YesNo, "true");
        }
        read
    }

    fn optional_span(&mut self, map: &Map<'_>, field: &'static str) -> Option<Span> {
        let at = map.get(field)?;
        let text = self.text(&at, "2m")?;
        let span = quantity::span(&text);
        if span.is_none() {
            self.broken(&at, What::BadSpan { text });
        }
        span
    }

    /// One of a few words.
    fn choice<T: Copy>(&mut self, at: &At<'_>, choices: &[(&'static str, T)]) -> Option<T> {
        let example = choices.first().map_or("", |(word, _)| *word);
        let text = self.text(at, example)?;
        let chosen = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        if chosen.is_none() {
            let words = choices.iter().map(|(word, _)| *word);
            let near = nearest(&text, words.clone()).map(str::to_owned);
            let known = words.collect::<Vec<_>>().join(", ");
            self.broken(at, What::BadChoice { text, near, known });
        }
        chosen
    }
}

impl<'n> At<'n> {
    /// A key's value. People look for a list or a map, and for nothing, at its key.
    fn in_map(path: &Path, entry: &'n Entry) -> Self {
        let scalar = matches!(entry.node.value, Value::Scalar { .. }) && !entry.node.is_nothing();
        let mark = if scalar { entry.node.mark } else { entry.mark };
        Self { node: &entry.node, path: path.key(&entry.key), mark }
    }
}

impl<'n> Map<'n> {
    /// The value of a key; none when it is not there or nothing is said.
    fn get(&self, key: &str) -> Option<At<'n>> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (!entry.node.is_nothing()).then(|| At::in_map(&self.path, entry))
    }
}
