//! What can happen next.

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The source tells a node what is wrong.
    Signal(usize),
    /// Anna tells a node that she takes it.
    Acknowledge(usize),
    /// A node does what is due.
    Tick(usize),
    /// A node that was busy or stood still reads what another wrote.
    Follow(usize),
    /// A node's append reaches the log, and the node hears the answer.
    Append(usize),
    /// A node's append does not reach the log, and nobody answers.
    LoseRequest(usize),
    /// A node's append reaches the log, and the answer does not reach the node.
    LoseReply(usize),
    /// A node's channel sends what is first in its queue.
    Send(usize, Fate),
    /// A node's channel finds that what is first in its queue has waited too long, and the node looks at that.
    Expire(usize),
    /// A node's channel hears from the provider, and the node looks at that.
    Answer(usize, usize),
    /// The provider's answer does not reach the channel in time.
    LoseAnswer(usize, usize),
    /// A node's channel gives up waiting for the provider, and the node looks at that.
    GiveUp(usize, usize),
    /// A slow send reaches the provider.
    Arrive(usize),
    /// An append of a process that has ended reaches the log.
    Land(usize),
    /// A process ends.
    Crash(usize),
    /// A process starts again.
    Restart(usize),
    /// A process stands still.
    Pause(usize),
    /// It goes on.
    Resume(usize),
    /// Time passes until something can be different.
    Pass,
}

/// What becomes of a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The provider takes it.
    Taken,
    /// It is on its way for as long as it likes.
    Slow,
    /// The provider has a fault, and does not send it.
    Failed,
    /// The provider refuses it for good.
    Refused,
}
