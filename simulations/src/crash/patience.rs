//! How long things may take on this machine before the oracle calls it a fault.

use serde::Serialize;

/// Limits that depend on how busy the machine is, not on the house.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Patience {
    /// How long a provider has to answer, in seconds: short, so that a hang is soon followed by a repeat.
    pub channel_seconds: u64,
    /// How long a ready house may take for what is due, in milliseconds.
    pub at_once_ms: u64,
    /// After an alert is taken, a send that had begun before may still arrive while the process runs for so long.
    pub in_flight_ms: u64,
    /// A call may reach a provider's ledger this much later than its sender wrote it: it lay in a socket.
    pub under_way_ms: u64,
    /// The machine may be so busy that an answer which was given in time is read too late. A repeat that says so is then
    /// counted and is no fault, even if nothing else explains it.
    pub answers_may_be_late: bool,
}

impl Patience {
    /// For a machine that does little else.
    pub const USUAL: Self = Self {
        channel_seconds: 4,
        at_once_ms: 3_000,
        in_flight_ms: 2_500,
        under_way_ms: 500,
        answers_may_be_late: false,
    };

    /// For one that is busy with other things, such as all the other tests.
    pub const LONG: Self = Self {
        channel_seconds: 10,
        at_once_ms: 20_000,
        in_flight_ms: 10_000,
        under_way_ms: 3_000,
        answers_may_be_late: true,
    };
}
