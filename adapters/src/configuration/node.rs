//! What YAML, JSON and TOML have in common: a tree in which everything knows where it stands.

use domain::blueprint::mistake::{Shape, What};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub mark: Mark,
    pub value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Text as it is written, without quotes. Plain text may also be meant as a number, as yes or no, or as nothing.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    /// In the order of the file; no key twice.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub key: String,
    pub mark: Mark,
    pub node: Node,
}

/// A place in a text: line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub line: usize,
    pub column: usize,
}

/// Something that is wrong with a text as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub mark: Mark,
    pub what: FlawKind,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FlawKind {
    /// The tree cannot be used.
    Fatal(What),
    /// The tree can be used: what is wrong is not in it.
    Left(What),
    /// A key stands twice; the tree has the first.
    Duplicate { key: String, first: Mark },
}

impl Node {
    /// True for nothing at all: YAML's `~`, `null`, or a key without a value.
    pub(super) fn is_nothing(&self) -> bool {
        match &self.value {
            Value::Scalar { text, plain: true } => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            Value::Scalar { .. } | Value::List(_) | Value::Map(_) => false,
        }
    }

    /// What it looks like.
    pub(super) fn shape(&self) -> Shape {
        match &self.value {
            Value::Scalar { .. } if self.is_nothing() => Shape::Nothing,
            Value::Scalar { text, plain: true } if yes_or_no(text).is_some() => Shape::YesNo,
            Value::Scalar { text, plain: true } if text.parse::<i128>().is_ok() => Shape::Number,
            Value::Scalar { .. } => Shape::Text,
            Value::List(_) => Shape::List,
            Value::Map(_) => Shape::Map,
        }
    }
}

/// Reads a plain scalar as YAML 1.2's core schema does.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}
