//! Where something stands: its path within a blueprint, and its place in a file.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One turn on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// Into the value of this key.
    Key(Arc<str>),
    /// Into this element, from 0.
    Index(usize),
}

/// The way to a value, such as `people.anna.ladder[1].contact`. Empty for the whole blueprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The way through these keys.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(keys.into_iter().map(|key| Segment::Key(key.into())).collect())
    }

    /// One key further.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Segment::Key(key.into()))
    }

    /// One element further; `index` counts from 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Segment::Index(index))
    }

    fn then(&self, segment: Segment) -> Self {
        let mut segments = Vec::with_capacity(self.0.len() + 1);
        segments.extend_from_slice(&self.0);
        segments.push(segment);
        Self(segments)
    }

    /// One turn back; none from the start.
    pub fn parent(&self) -> Option<Self> {
        let (_, before) = self.0.split_last()?;
        Some(Self(before.to_vec()))
    }

    /// The key that it ends with; none when it ends with an index.
    pub fn last_key(&self) -> Option<&str> {
        match self.0.last()? {
            Segment::Key(key) => Some(key),
            Segment::Index(_) => None,
        }
    }

    /// True when `self` is `other` or leads on from it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if at == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A place in a file. Written as `house.yaml:12:7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The line, from 1; 0 for the whole file.
    pub line: usize,
    /// The column in characters, from 1; 0 for the whole file.
    pub column: usize,
}

impl Place {
    /// The file as a whole.
    pub const fn whole(file: Arc<str>) -> Self {
        Self { file, line: 0, column: 0 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 { write!(f, ":{}:{}", self.line, self.column) } else { Ok(()) }
    }
}

/// Where every value of a blueprint was read.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<Path, Place>);

impl Places {
    /// Notes where the value at `path` stands. The first note counts.
    pub fn note(&mut self, path: Path, place: Place) {
        self.0.entry(path).or_insert(place);
    }

    /// Where the value at `path` stands or, when it stands nowhere, whatever it would be part of.
    pub fn find(&self, path: &Path) -> Option<&Place> {
        let mut wanted = Some(path.clone());
        while let Some(path) = wanted {
            if let Some(place) = self.0.get(&path) {
                return Some(place);
            }
            wanted = path.parent();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let path = Path::of(["people", "anna"]).key("ladder").index(1).key("contact");
        assert_eq!(path.to_string(), "people.anna.ladder[1].contact");
        assert!(path.is_within(&Path::of(["people", "anna"])));
        assert!(!Path::of(["people"]).is_within(&path));
    }

    #[test]
    fn what_stands_nowhere_is_found_where_it_would_be() {
        let mut places = Places::default();
        let place = Place { file: "house.yaml".into(), line: 2, column: 3 };
        places.note(Path::of(["people", "anna"]), place.clone());
        assert_eq!(places.find(&Path::of(["people", "anna", "time_zone"])), Some(&place));
        assert_eq!(places.find(&Path::of(["teams"])), None);
        assert_eq!(place.to_string(), "house.yaml:2:3");
    }
}
