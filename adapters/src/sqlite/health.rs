//! Whether a file still takes what is written.

/// Whether what is written is kept. Watched by the server, which sounds the house alarm when it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// The last write was kept.
    #[default]
    Healthy,
    /// There was no room for the last write. Heals by itself at the next write that finds room.
    Full {
        /// What `SQLite` said.
        reason: String,
    },
    /// A write failed in a way after which nothing that the file says can be trusted: closed until the next start.
    Closed {
        /// What `SQLite` said.
        reason: String,
    },
}
