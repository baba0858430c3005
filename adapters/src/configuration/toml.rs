//! TOML to a tree.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use domain::blueprint::limit::MISTAKES_MAX;
use domain::blueprint::mistake::What;

use super::DEPTH_MAX;
use super::node::{Entry, Flaw, FlawKind, Mark, Node, Value};
use crate::text_position::Lines;

/// Reads one file. No tree when a flaw is fatal.
pub(super) fn parse(text: &str) -> (Option<Node>, Vec<Flaw>) {
    let reader = Reader { lines: Lines::of(text) };
    let (table, errors) = DeTable::parse_recoverable(text);
    let flaws: Vec<Flaw> = errors
        .iter()
        .take(MISTAKES_MAX)
        .map(|error| reader.fatal(error.span(), What::Syntax { why: error.message().to_owned() }))
        .collect();
    if !flaws.is_empty() {
        return (None, flaws);
    }
    match reader.table(table.get_ref(), Mark { line: 1, column: 1 }, 1) {
        Ok(root) => (Some(root), Vec::new()),
        Err(flaw) => (None, vec![flaw]),
    }
}

struct Reader<'a> {
    lines: Lines<'a>,
}

impl Reader<'_> {
    fn mark(&self, span: Option<Range<usize>>) -> Mark {
        let (line, column) = self.lines.at(span.map_or(0, |span| span.start));
        Mark { line, column }
    }

    fn fatal(&self, span: Option<Range<usize>>, what: What) -> Flaw {
        Flaw { mark: self.mark(span), what: FlawKind::Fatal(what) }
    }

    fn table(&self, table: &DeTable<'_>, mark: Mark, depth: usize) -> Result<Node, Flaw> {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let mark = self.mark(Some(key.span()));
            let node = self.value(value, mark, depth + 1)?;
            entries.push(Entry { key: key.get_ref().to_string(), mark, node });
        }
        // The crate keeps tables by key; people read files from top to bottom.
        entries.sort_by_key(|entry| entry.mark);
        Ok(Node { mark, value: Value::Map(entries) })
    }

    fn value(&self, value: &Spanned<DeValue<'_>>, key: Mark, depth: usize) -> Result<Node, Flaw> {
        if depth > DEPTH_MAX {
            return Err(Flaw { mark: key, what: FlawKind::Fatal(What::TooDeep { depth_max: DEPTH_MAX }) });
        }
        let mark = self.mark(Some(value.span()));
        let scalar = |text: String, plain| Ok(Node { mark, value: Value::Scalar { text, plain } });
        match value.get_ref() {
            DeValue::String(text) => scalar(text.to_string(), false),
            DeValue::Integer(number) => scalar(number.to_string(), true),
            DeValue::Float(number) => scalar(number.to_string(), true),
            DeValue::Boolean(yes) => scalar(yes.to_string(), true),
            DeValue::Datetime(moment) => scalar(moment.to_string(), true),
            DeValue::Array(values) => {
                let nodes = values.iter().map(|value| self.value(value, mark, depth + 1));
                Ok(Node { mark, value: Value::List(nodes.collect::<Result<_, _>>()?) })
            }
            DeValue::Table(table) => self.table(table, mark, depth),
        }
    }
}
