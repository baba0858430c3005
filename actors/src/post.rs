//! An address that stays the same when the actor behind it is started again.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use ractor::{ActorRef, Message};

/// Where messages of one kind go.
pub struct Post<M>(Arc<RwLock<Option<Recipient<M>>>>);

/// Takes a message in; false when it has just ended.
type Recipient<M> = Box<dyn Fn(M) -> bool + Send + Sync>;

impl<M> fmt::Debug for Post<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}

impl<M> Clone for Post<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M> Default for Post<M> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<M: Message> Post<M> {
    /// Sends to whoever lives there now. A message to nobody is gone: whoever waits for its answer is told by the
    /// end of their reply port.
    pub fn send(&self, message: M) {
        if let Some(recipient) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && !recipient(message)
        {
            tracing::warn!("a message came to an actor that has just ended");
        }
    }

    /// From now on this actor lives there.
    pub fn move_in(&self, actor: ActorRef<M>) {
        self.hand_to(move |message| actor.send_message(message).is_ok());
    }

    /// From now on messages are handed to `recipient`, which says whether it took them.
    pub fn hand_to(&self, recipient: impl Fn(M) -> bool + Send + Sync + 'static) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(recipient));
    }
}
