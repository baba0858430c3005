//! Proves that every declared message exists in every language, whole and with exactly its variables.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::{
    Declared, calendar, change, channel, command, contact, demo, format, heartbeat, ledger, mistake, notify,
    page, reply, route, timeline, token, voice, web, words,
};
use crate::{Locale, bundle};

/// What a Fluent file says about one message.
#[derive(Debug, Default)]
struct Written {
    variables: BTreeSet<String>,
    attributes: BTreeSet<String>,
    /// The text without its placeables, one piece for each stretch.
    texts: Vec<String>,
    value: bool,
}

fn declared() -> impl Iterator<Item = (&'static str, &'static Declared)> {
    [
        ("page.ftl", page::DECLARED),
        ("timeline.ftl", timeline::DECLARED),
        ("words.ftl", words::DECLARED),
        ("format.ftl", format::DECLARED),
        ("web.ftl", web::DECLARED),
        ("demo.ftl", demo::DECLARED),
        ("command.ftl", command::DECLARED),
        ("token.ftl", token::DECLARED),
        ("mistake.ftl", mistake::DECLARED),
        ("channel.ftl", channel::DECLARED),
        ("calendar.ftl", calendar::DECLARED),
        ("heartbeat.ftl", heartbeat::DECLARED),
        ("ledger.ftl", ledger::DECLARED),
        ("contact.ftl", contact::DECLARED),
        ("reply.ftl", reply::DECLARED),
        ("route.ftl", route::DECLARED),
        ("notify.ftl", notify::DECLARED),
        ("change.ftl", change::DECLARED),
        ("voice.ftl", voice::DECLARED),
    ]
    .into_iter()
    .flat_map(|(file, messages)| messages.iter().map(move |message| (file, message)))
}

/// Reads all files of a language: (file, id) to what is written there.
fn written(locale: Locale) -> BTreeMap<(String, String), Written> {
    let mut messages = BTreeMap::new();
    for (file, source) in bundle::files(locale) {
        let resource = parser::parse(*source).expect("every file parses whole");
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut written = Written { value: message.value.is_some(), ..Written::default() };
                    if let Some(value) = &message.value {
                        read_pattern(value, &mut written);
                    }
                    for attribute in &message.attributes {
                        written.attributes.insert(attribute.id.name.to_owned());
                        read_pattern(&attribute.value, &mut written);
                    }
                    let key = ((*file).to_owned(), message.id.name.to_owned());
                    assert!(
                        messages.insert(key, written).is_none(),
                        "{locale}/{file}: {} twice",
                        message.id.name
                    );
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                Entry::Term(_) | Entry::Junk { .. } => panic!("{locale}/{file}: {entry:?}"),
            }
        }
    }
    messages
}

fn read_pattern(pattern: &Pattern<&str>, written: &mut Written) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => written.texts.push((*value).to_owned()),
            PatternElement::Placeable { expression } => read_expression(expression, written),
        }
    }
}

fn read_expression(expression: &Expression<&str>, written: &mut Written) {
    match expression {
        Expression::Inline(inline) => read_inline(inline, written),
        Expression::Select { selector, variants } => {
            read_inline(selector, written);
            for variant in variants {
                read_pattern(&variant.value, written);
            }
        }
    }
}

fn read_inline(expression: &InlineExpression<&str>, written: &mut Written) {
    match expression {
        InlineExpression::VariableReference { id } => {
            written.variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => read_expression(expression, written),
        InlineExpression::StringLiteral { value } => written.texts.push((*value).to_owned()),
        InlineExpression::NumberLiteral { .. } => {}
        // The button and the sentence that several texts repeat; they have no variables of their own.
        InlineExpression::MessageReference { id, attribute: None }
            if matches!(id.name, "page-push-link" | "page-test-summary") => {}
        other => panic!("the tests cannot follow {other:?}"),
    }
}

#[test]
fn every_declared_message_is_in_every_language_and_no_other() {
    let expected: BTreeSet<(String, String)> =
        declared().map(|(file, message)| (file.to_owned(), message.id.to_owned())).collect();
    let ids: BTreeSet<_> = declared().map(|(_, message)| message.id).collect();
    assert_eq!(ids.len(), declared().count(), "every id is declared once");
    for locale in Locale::ALL {
        let found: BTreeSet<_> = written(locale).into_keys().collect();
        let missing: Vec<_> = expected.difference(&found).collect();
        let undeclared: Vec<_> = found.difference(&expected).collect();
        assert!(
            missing.is_empty() && undeclared.is_empty(),
            "{locale}: {missing:?}, undeclared {undeclared:?}"
        );
    }
}

#[test]
fn every_message_uses_exactly_its_variables() {
    for locale in Locale::ALL {
        let written = written(locale);
        for (file, message) in declared() {
            let found = &written[&(file.to_owned(), message.id.to_owned())];
            let expected: BTreeSet<String> =
                message.variables.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(found.variables, expected, "{locale}/{file}: {}", message.id);
            assert!(found.value && found.attributes.is_empty(), "{locale}/{file}: {}", message.id);
        }
    }
}

#[test]
fn every_message_renders_in_every_language() {
    for locale in Locale::ALL {
        for (file, message) in declared() {
            for number in [0, 1, 2, 5, 12, 1_000_000] {
                let text = (message.render)(locale, number).expect("every message renders without errors");
                assert!(!text.trim().is_empty(), "{locale}/{file}: {} says nothing", message.id);
                assert!(!text.contains(['{', '}', '\u{2068}', '\u{2069}']), "{locale}/{file}: {text}");
            }
        }
    }
}

#[test]
fn tone_is_calm_and_no_italian_sentence_begins_with_an_accented_capital() {
    for locale in Locale::ALL {
        for ((file, id), message) in written(locale) {
            for text in message.texts {
                assert!(!text.contains('!'), "{locale}/{file}: {id}: {text}");
                let capital = text.contains(['È', 'À', 'Ì', 'Ò', 'Ù']);
                assert!(!(locale == Locale::It && capital), "{locale}/{file}: {id}: {text}");
            }
        }
    }
}
