//! Heartbeats, and how they stand.

super::messages! {
    /// No source is a heartbeat.
    Empty = "heartbeat-empty";
    /// Head: the source's name.
    ColumnSource = "heartbeat-column-source";
    /// Head: how often it comes.
    ColumnEvery = "heartbeat-column-every";
    /// Head: when it came last.
    ColumnLast = "heartbeat-column-last";
    /// Head: when it is silent, unless it comes before.
    ColumnDue = "heartbeat-column-due";
    /// It came in time.
    Alive = "heartbeat-alive";
    /// It did not come yet, and still may.
    Waiting = "heartbeat-waiting";
    /// It did not come.
    Silent = "heartbeat-silent";
}
