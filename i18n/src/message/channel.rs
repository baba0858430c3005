//! Channels, and what was found at their providers.

super::messages! {
    /// No channel is configured.
    Empty = "channel-empty";
    /// Head: the kind of contact methods.
    ColumnKind = "channel-column-kind";
    /// Head: the channel's name.
    ColumnChannel = "channel-column-channel";
    /// Head: when its provider was asked.
    ColumnAsked = "channel-column-asked";
    /// Head: when its provider's certificate ends.
    ColumnCertificate = "channel-column-certificate";
    /// Head: whether it is passed over.
    ColumnBreaker = "channel-column-breaker";
    /// Pages go to its provider.
    BreakerClosed = "channel-breaker-closed";
    /// It is passed over since its provider failed several times in a row; `next` is when it is tried again.
    BreakerOpen = "channel-breaker-open" <'a> { since: &'a str, next: &'a str };
    /// A page would go out.
    Sound = "channel-sound";
    /// Nobody was asked.
    NotAsked = "channel-not-asked";
}
