//! What `hotpotato notify` says. Mostly on standard error, where a monitoring system keeps it or throws it away.
//!
//! `why` is in the words of the system or of the server; `folder` and `file` are paths.

super::messages! {
    /// No server took the signal; it is kept.
    Kept = "notify-kept" <'a> { folder: &'a str, why: &'a str };
    /// The servers do not know the key, or not yet; the signal is kept.
    KeptForKey = "notify-kept-for-key" <'a> { folder: &'a str, why: &'a str };
    /// Others are sent first, and it took too long; the signal is kept.
    KeptBehind = "notify-kept-behind" <'a> { folder: &'a str, number: i64 };
    /// The server refused the signal for good.
    Refused = "notify-refused" <'a> { file: &'a str, why: &'a str };
    /// The server refused an earlier signal for good.
    RefusedEarlier = "notify-refused-earlier" <'a> { file: &'a str, why: &'a str };
    /// The signal was neither taken nor kept; `kept` says why not kept.
    Lost = "notify-lost" <'a> { folder: &'a str, why: &'a str, kept: &'a str };
    /// The signal was taken, but none could have been kept.
    Unkept = "notify-unkept" <'a> { folder: &'a str, kept: &'a str };
    /// The directory has no room.
    Full = "notify-full" { number: i64 };
    /// A file with a kept signal cannot be read.
    Unreadable = "notify-unreadable" <'a> { file: &'a str, why: &'a str };
    /// The oldest of those that were refused are gone.
    RefusedOnesRemoved = "notify-refused-ones-removed" <'a> { folder: &'a str, number: i64 };
    /// Nothing was said that could be sent.
    NothingSaid = "notify-nothing-said";
    /// What was said means nothing; `why` names the field.
    Unclear = "notify-unclear" <'a> { why: &'a str };
    /// No macro says which host it is about.
    NoHost = "notify-no-host";
    /// There is no key.
    NoKey = "notify-no-key";
    /// There is no directory to keep signals in.
    NoFolder = "notify-no-folder";
    /// Nothing in the background sends what is kept.
    Alone = "notify-alone" <'a> { why: &'a str };
    /// What `--flush` has sent.
    Flushed = "notify-flushed" { number: i64 };
    /// What `--flush` could not send.
    StillWaiting = "notify-still-waiting" <'a> { folder: &'a str, number: i64, why: &'a str };
    /// Somebody else is sending, and it took too long.
    Busy = "notify-busy";
    /// A server did not answer in time.
    Silent = "notify-silent";
}
