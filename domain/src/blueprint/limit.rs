//! How much a blueprint may hold. Far beyond any house that people can keep in their heads; here so that nothing is
//! without end.

use events::Span;

/// People.
pub const PEOPLE_MAX: usize = 10_000;
/// Teams.
pub const TEAMS_MAX: usize = 2_000;
/// Rotas.
pub const ROTAS_MAX: usize = 2_000;
/// Escalation policies.
pub const POLICIES_MAX: usize = 2_000;
/// Services.
pub const SERVICES_MAX: usize = 10_000;
/// Sources.
pub const SOURCES_MAX: usize = 2_000;
/// Routes.
pub const ROUTES_MAX: usize = 2_000;
/// Contact methods of one person.
pub const CONTACTS_PER_PERSON_MAX: usize = 20;
/// Rungs of one ladder.
pub const RUNGS_PER_LADDER_MAX: usize = 50;
/// Members of one team or layer.
pub const MEMBERS_MAX: usize = 1_000;
/// Layers of one rota.
pub const LAYERS_PER_ROTA_MAX: usize = 50;
/// Spans of the week in one layer.
pub const HOURS_PER_LAYER_MAX: usize = 100;
/// Steps of one policy.
pub const STEPS_PER_POLICY_MAX: usize = 50;
/// Targets of one step, and of a fallback.
pub const TARGETS_PER_STEP_MAX: usize = 100;
/// Labels that one route asks for.
pub const LABELS_PER_ROUTE_MAX: usize = 50;
/// Sources or severities that one route names.
pub const NAMES_PER_CONDITION_MAX: usize = 100;
/// Times of the week of one route.
pub const HOURS_PER_ROUTE_MAX: usize = 100;
/// Regular expressions of all routes together: each takes memory for itself
/// ([`PATTERN_BYTES_MAX`](crate::routing::pattern::PATTERN_BYTES_MAX)).
pub const PATTERNS_MAX: usize = 1_000;
/// Words of one map of severities.
pub const SEVERITIES_MAX: usize = 100;
/// Characters of a word for a severity.
pub const SEVERITY_CHARS_MAX: usize = 64;
/// Sends of one rung.
pub const ATTEMPTS_PER_RUNG_MAX: u32 = 100;
/// People who must take one alert.
pub const ACKNOWLEDGEMENTS_MAX: u32 = 20;
/// Further rounds of one policy.
pub const REPEAT_MAX: u32 = 100;
/// Turns beyond the present one.
pub const OFFSET_MAX: u32 = 1_000;
/// Hours, days, weeks or months between two handovers.
pub const TURN_UNITS_MAX: u32 = 10_000;
/// Letters of a name in the files.
pub const ID_CHARS_MAX: usize = 63;
/// Characters of a name for people.
pub const NAME_CHARS_MAX: usize = 200;
/// Characters of an address, a link, a label or its value, a file's name.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Misspelt names for which one that is known is suggested, in one check.
pub const SUGGESTIONS_MAX: usize = 100;
/// Mistakes that are said at once; there is one more that counts the others.
pub const MISTAKES_MAX: usize = 1_000;
/// Any span: 366 days.
pub const SPAN_MAX: Span = Span::from_seconds(366 * 86_400);
/// The first and the last year in which a first handover may lie.
pub const HANDOVER_YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;
/// Problems come at most so long after one another to become one alert.
pub const GROUP_WITHIN_MAX: Span = Span::from_seconds(86_400);
/// Whoever has an alert is paged again after at most so many more problems.
pub const GROUP_AGAIN_AFTER_MAX: u32 = 2_000;
/// A source floods us from at most so many new problems within a minute on.
pub const FLOOD_AT_MAX: u32 = 1_000_000;
