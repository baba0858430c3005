//! The limits and fixed waits of an alert, by name.

use events::Span;

/// How long an attempt's outcome may take before it counts as unknown: the longest send and five seconds more.
pub const ATTEMPT_TIMEOUT: Span = Span::from_seconds(15);

/// How long one send over a channel may take at most. What is left of [`ATTEMPT_TIMEOUT`] is the longest that a
/// dispatch may wait for its turn.
pub const SEND_TIMEOUT_MAX: Span = Span::from_seconds(10);

/// Two sends of one rung are at least this far apart, whatever was ordered.
pub const SEND_EVERY_MIN: Span = Span::from_millis(100);

/// How often one send is tried again before the page climbs on.
pub const RETRIES_PER_SEND_MAX: u32 = 8;

/// The wait before the first retry; it doubles each time, up to [`RETRY_WAIT_MAX`], and is spread by up to a
/// quarter.
pub const RETRY_WAIT_MIN: Span = Span::from_seconds(2);

/// The longest wait between two retries.
pub const RETRY_WAIT_MAX: Span = Span::from_seconds(60);

/// The longest wait that a provider can ask of us.
pub const RETRY_AFTER_MAX: Span = Span::from_minutes(5);

/// What carriers' limits put off comes again after this long at most: the longest span of a limit, and a minute for
/// the sends that are under way.
pub const HELD_MAX: Span = Span::from_minutes(61);

/// What was put off comes no sooner than this: a history may be ahead of the clock by which the channel counts, and would
/// ask again and again in the same moment.
pub const HELD_MIN: Span = Span::from_millis(100);

/// When a send is put off for longer than this, the next rung starts at once.
pub const HELD_CLIMB_MIN: Span = Span::from_seconds(60);

/// The fallback is paged again and again this often.
pub const FALLBACK_EVERY: Span = Span::from_minutes(10);

/// What is later than this says so, and several things that are all later collapse into the last of them.
pub const LATE_MIN: Span = Span::from_seconds(60);

/// Repeats of one signal are recorded at most this often.
pub const REPEATS_EVERY: Span = Span::from_seconds(30);

/// An alert is about at most so many problems; the next one begins another.
pub const SYMPTOMS_MAX: usize = 2_000;

/// Whoever has an alert is paged again when so many more problems have joined it, unless its service says otherwise.
pub const GROUP_AGAIN_AFTER: u32 = 20;

/// While a source floods us, problems of one service that come within so long of one another become one alert.
pub const FLOOD_WITHIN: Span = Span::from_minutes(5);

/// A source floods us from so many new problems within a minute on, unless it says otherwise.
pub const FLOOD_AT: u32 = 200;

/// A history that is further ahead of the clock than this has its deadlines moved back.
pub const CLOCK_AHEAD_MAX: Span = Span::from_seconds(5);

/// A test page stays open this long after its last send.
pub const TEST_OPEN: Span = Span::from_minutes(10);

/// Whoever is asked to take over can say so for this long.
pub const ASKED_OPEN: Span = Span::from_minutes(24 * 60);

/// How often stopping what still rings is tried.
pub const RECALL_TRIES_MAX: u32 = 6;

/// What rings by itself rings no longer than this: Pushover's longest emergency.
pub const RINGS_MAX: Span = Span::from_minutes(3 * 60);

/// An alert can be held for this long at most: until the same time tomorrow, also when clocks are set back meanwhile.
pub const HOLD_MAX: Span = Span::from_minutes(25 * 60);

/// Everybody in a team to which an alert was handed over is paged, and again after this long.
pub const TEAM_WAIT: Span = Span::from_minutes(10);

/// In one generation an alert is handed over by steps no more often; then the fallback is paged.
pub const HANDOVERS_MAX: u32 = 16;

/// A note's text is cut after so many characters.
pub const NOTE_CHARS_MAX: usize = 4_000;
