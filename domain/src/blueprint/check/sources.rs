//! Sources: what they speak, and that no two share a key.

use std::collections::BTreeMap;

use events::event::source::SourceKind;

use super::Check;
use crate::blueprint::SourcePlan;
use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::What;
use crate::blueprint::place::Path;

pub(super) fn check(check: &mut Check<'_>) {
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, source) in &check.blueprint.sources {
        let path = Path::of(["sources", name]);
        self::source(check, &path, source);
        let Some(key) = &source.key_sha256 else { continue };
        if let Some(other) = keys.insert(key, name) {
            check.say(&path.key("key_file"), What::KeyShared { other: other.to_owned() });
        }
    }
}

fn source(check: &mut Check<'_>, path: &Path, source: &SourcePlan) {
    check.text(&path.key("key_file"), &source.key_file, limit::TEXT_CHARS_MAX);
    for (field, span) in [("every", source.every), ("grace", source.grace)] {
        if let Some(span) = span {
            check.span(&path.key(field), span);
        }
    }
    if source.every.is_some_and(events::Span::is_zero) {
        check.say(&path.key("every"), What::Zero { field: "every", example: "1m" });
    }
    check.number(&path.key("flood_at"), source.flood_at, limit::FLOOD_AT_MAX);
    check.severities(&path.key("severities"), &source.severities);
    if let Some(service) = &source.service {
        check.refer(&path.key("service"), ThingKind::Service, service);
    }
    if source.kind == SourceKind::Heartbeat {
        heartbeat(check, path, source);
    } else {
        let said = [
            ("every", source.every.is_some()),
            ("grace", source.grace.is_some()),
            ("service", source.service.is_some()),
        ];
        for (field, _) in said.into_iter().filter(|(_, said)| *said) {
            check.say(&path.key(field), What::OnlyForHeartbeat { field });
        }
    }
}

fn heartbeat(check: &mut Check<'_>, path: &Path, source: &SourcePlan) {
    if source.every.is_none() {
        check.say(path, What::Missing { field: "every", example: "1m" });
    }
    if source.service.is_none() {
        check.say(path, What::Missing { field: "service", example: "shop" });
    }
}
