//! Routes: that every signal finds its service.

use events::event::routes::When;

use super::{Check, Completeness};
use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::{Mistake, What};
use crate::blueprint::place::Path;

pub(super) fn check(check: &mut Check<'_>) {
    let routes = &check.blueprint.routes;
    for (at, route) in routes.iter().enumerate() {
        let path = Path::of(["routes"]).index(at);
        check.refer(&path.key("service"), ThingKind::Service, &route.service);
        when(check, &path.key("when"), &route.when);
        // Comparing each with each takes too long for more than there may be.
        let before = if routes.len() <= limit::ROUTES_MAX { &routes[..at] } else { &[] };
        let earlier = before.iter().position(|earlier| asks_no_more(&earlier.when, &route.when));
        if let Some(earlier) = earlier {
            check.say(&path, What::RouteNeverMatches { earlier: earlier + 1 });
        }
    }
    default(check);
}

/// The last route asks for nothing, so that no signal is lost between two services.
fn default(check: &mut Check<'_>) {
    let blueprint = check.blueprint;
    let part = check.completeness == Completeness::Part;
    let no_default = |path: Path| Mistake::new(path, What::NoDefaultRoute);
    match blueprint.routes.last() {
        Some(last) if last.when.is_empty() => {}
        Some(_) => {
            let path = Path::of(["routes"]).index(blueprint.routes.len() - 1);
            let elsewhere = part && blueprint.sources.is_empty();
            let mistake = no_default(path);
            check.mistakes.push(if elsewhere { mistake.warned() } else { mistake });
        }
        None if part || blueprint.sources.is_empty() => {}
        None => check.mistakes.push(no_default(Path::of(["sources"]))),
    }
}

fn when(check: &mut Check<'_>, path: &Path, when: &When) {
    if let Some(source) = &when.source {
        check.refer(&path.key("source"), ThingKind::Source, source.as_str());
    }
    let labels = path.key("labels");
    check.count(&labels, when.labels.len(), limit::LABELS_PER_ROUTE_MAX);
    for (label, value) in &when.labels {
        let path = labels.key(label);
        if label.is_empty() {
            check.say(&path, What::TextEmpty);
        }
        if label.chars().chain(value.chars()).count() > limit::TEXT_CHARS_MAX {
            check.say(&path, What::TextTooLong { chars_max: limit::TEXT_CHARS_MAX });
        }
    }
}

/// True when every signal that `later` wants matches `earlier` too.
fn asks_no_more(earlier: &When, later: &When) -> bool {
    let source = earlier.source.is_none() || earlier.source == later.source;
    let severity = earlier.severity.is_none_or(|least| later.severity.is_some_and(|other| other >= least));
    let labels = earlier.labels.iter().all(|(label, value)| later.labels.get(label) == Some(value));
    source && severity && labels
}
