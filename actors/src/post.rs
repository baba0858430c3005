//! An address that stays the same when the actor behind it is started again.

use std::sync::{Arc, PoisonError, RwLock};

use ractor::{ActorRef, Message};

/// Where messages of one kind go.
#[derive(Debug)]
pub struct Post<M>(Arc<RwLock<Option<ActorRef<M>>>>);

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
        if let Some(actor) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && actor.send_message(message).is_err()
        {
            tracing::warn!("a message came to an actor that has just ended");
        }
    }

    /// From now on this one lives there.
    pub fn move_in(&self, actor: ActorRef<M>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(actor);
    }
}
