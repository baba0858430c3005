//! YAML, and so JSON, to a tree.
//!
//! Aliases and tags are refused: an alias can make ten lines into ten gigabytes, and a tag means something else to
//! every program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::blueprint::mistake::What;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::DEPTH_MAX;
use super::node::{Entry, Flaw, FlawKind, Mark, Node, Value};

/// Reads one document. No tree for an empty file, or when a flaw is fatal.
pub(super) fn parse(text: &str) -> (Option<Node>, Vec<Flaw>) {
    let mut builder = Builder::default();
    for next in Parser::new_from_str(text) {
        let step = match next {
            Ok((event, span)) => builder.take(event, mark(&span.start)),
            Err(error) => Err(syntax(&error)),
        };
        if let Err(flaw) = step {
            builder.flaws.push(flaw);
            return (None, builder.flaws);
        }
    }
    let fatal = builder.flaws.iter().any(|flaw| matches!(flaw.what, FlawKind::Fatal(_)));
    (builder.root.filter(|_| !fatal), builder.flaws)
}

/// What JSON may say and YAML does not understand, in YAML's words and at the same place: a character beyond the first
/// 65,536 as two escapes becomes one, and a tab between values a blank.
pub(super) fn from_json(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") && !text.contains('\t') {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(at) = rest.find(['\\', '"', '\t']) {
        written.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(character) = pair(rest) {
            write!(written, "\\U{:08X}", u32::from(character)).expect("a string takes everything");
            rest = &rest[12..];
            continue;
        }
        let escaped = rest.strip_prefix('\\').and_then(|after| after.chars().next());
        let length = 1 + escaped.map_or(0, char::len_utf8);
        in_string ^= rest.starts_with('"');
        written.push_str(if rest.starts_with('\t') && !in_string { " " } else { &rest[..length] });
        rest = &rest[length..];
    }
    written.push_str(rest);
    Cow::Owned(written)
}

/// The character that `\uD83D\uDE00` at the beginning of a text stands for.
fn pair(text: &str) -> Option<char> {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let units = [unit(0)?, unit(6)?];
    let (0xD800..=0xDBFF, 0xDC00..=0xDFFF) = (units[0], units[1]) else { return None };
    char::decode_utf16(units).next()?.ok()
}

fn mark(marker: &Marker) -> Mark {
    Mark { line: marker.line(), column: marker.col() + 1 }
}

fn syntax(error: &ScanError) -> Flaw {
    fatal(mark(error.marker()), What::Syntax { why: error.info().to_owned() })
}

fn fatal(mark: Mark, what: What) -> Flaw {
    Flaw { mark, what: FlawKind::Fatal(what) }
}

/// A tree in the making.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    flaws: Vec<Flaw>,
}

/// A list or a map whose end has not come.
enum Open {
    List(Mark, Vec<Node>),
    Map(OpenMap),
}

struct OpenMap {
    mark: Mark,
    entries: Vec<Entry>,
    seen: BTreeMap<String, Mark>,
    /// The key whose value comes next.
    key: Option<Key>,
}

enum Key {
    Wanted(String, Mark),
    /// The value is left out: its key is no text, or stood before.
    Unwanted,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, mark: Mark) -> Result<(), Flaw> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => self.document(mark)?,
            Event::Alias(_) => {
                self.flaws.push(fatal(mark, What::AliasRefused));
                self.add(nothing(mark));
            }
            Event::Scalar(text, style, _, tag) => {
                self.refuse(tag.as_deref(), mark);
                let plain = style == ScalarStyle::Plain;
                self.add(Node { mark, value: Value::Scalar { text: text.into_owned(), plain } });
            }
            Event::SequenceStart(_, tag) => {
                self.refuse(tag.as_deref(), mark);
                self.descend(mark, Open::List(mark, Vec::new()))?;
            }
            Event::MappingStart(_, tag) => {
                self.refuse(tag.as_deref(), mark);
                let (entries, seen) = (Vec::new(), BTreeMap::new());
                self.descend(mark, Open::Map(OpenMap { mark, entries, seen, key: None }))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.ascend(),
        }
        Ok(())
    }

    fn document(&mut self, mark: Mark) -> Result<(), Flaw> {
        self.documents += 1;
        if self.documents > 1 { Err(fatal(mark, What::SeveralDocuments)) } else { Ok(()) }
    }

    fn refuse(&mut self, tag: Option<&saphyr_parser::Tag>, mark: Mark) {
        if let Some(tag) = tag {
            self.flaws.push(fatal(mark, What::TagRefused { tag: tag.to_string() }));
        }
    }

    fn descend(&mut self, mark: Mark, open: Open) -> Result<(), Flaw> {
        if self.open.len() >= DEPTH_MAX {
            return Err(fatal(mark, What::TooDeep { depth_max: DEPTH_MAX }));
        }
        self.open.push(open);
        Ok(())
    }

    fn ascend(&mut self) {
        match self.open.pop() {
            None => {}
            Some(Open::List(mark, nodes)) => self.add(Node { mark, value: Value::List(nodes) }),
            Some(Open::Map(map)) => self.add(Node { mark: map.mark, value: Value::Map(map.entries) }),
        }
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, nodes)) => nodes.push(node),
            Some(Open::Map(map)) => self.flaws.extend(map.add(node)),
        }
    }
}

impl OpenMap {
    fn add(&mut self, node: Node) -> Option<Flaw> {
        match self.key.take() {
            Some(Key::Wanted(key, mark)) => {
                self.entries.push(Entry { key, mark, node });
                None
            }
            Some(Key::Unwanted) => None,
            None => self.begin(node),
        }
    }

    fn begin(&mut self, key: Node) -> Option<Flaw> {
        let mark = key.mark;
        let unwanted = |what| Some(Flaw { mark, what });
        self.key = Some(Key::Unwanted);
        if key.is_nothing() {
            return unwanted(FlawKind::Left(What::KeyNotText));
        }
        let Value::Scalar { text, .. } = key.value else {
            return unwanted(FlawKind::Left(What::KeyNotText));
        };
        if let Some(first) = self.seen.get(&text) {
            return unwanted(FlawKind::Duplicate { key: text, first: *first });
        }
        self.seen.insert(text.clone(), mark);
        self.key = Some(Key::Wanted(text, mark));
        None
    }
}

fn nothing(mark: Mark) -> Node {
    Node { mark, value: Value::Scalar { text: String::new(), plain: true } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_pairs_become_one_character() {
        assert_eq!(from_json(r#""\ud83d\ude00 \u00e9""#), r#""\U0001F600 \u00e9""#);
        assert_eq!(from_json(r#""\\ud83d\\ude00""#), r#""\\ud83d\\ude00""#);
        for odd in [r"\ud83d", r"\ud83d\u0041", r"\", r"\u", r"\ud83d\ude0", "\\ud83d\\ué00"] {
            assert_eq!(from_json(odd), odd);
        }
    }
}
