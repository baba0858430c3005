//! Providers that misbehave now and then: a few of a hundred sends.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::dice::Dice;
use crate::behaviour::{Behaviour, NonsenseShape, Rule};
use crate::ledger::Provider;
use crate::moment;
use crate::stand_ins::StandIns;

/// How often a provider is told to misbehave once.
const EVERY_MS: (u64, u64) = (150, 600);

const PROVIDERS: [Provider; 3] = [Provider::Pushover, Provider::Twilio, Provider::Snpp];

/// Misbehaviour that goes on.
#[derive(Debug)]
pub struct Weather(JoinHandle<()>);

/// Begins to misbehave.
pub fn begin(stand_ins: &Arc<StandIns>, mut dice: Dice) -> Weather {
    let stand_ins = Arc::clone(stand_ins);
    Weather(tokio::spawn(async move {
        loop {
            moment::pause(Duration::from_millis(dice.between(EVERY_MS.0, EVERY_MS.1))).await;
            let provider = *dice.pick(&PROVIDERS);
            stand_ins.script(provider).set(vec![Rule::new(behaviour(&mut dice)).times(1)]);
        }
    }))
}

impl Weather {
    /// From now on all is well.
    pub fn end(self, stand_ins: &StandIns) {
        self.0.abort();
        for provider in PROVIDERS {
            stand_ins.script(provider).set(Vec::new());
        }
    }
}

/// Never a refusal for good: it would end a rung rightly.
fn behaviour(dice: &mut Dice) -> Behaviour {
    match dice.between(0, 9) {
        0 => Behaviour::Hang { processed: true },
        1 => Behaviour::Hang { processed: false },
        2 => Behaviour::Fail { status: None },
        3 => Behaviour::Throttle { retry_after_seconds: None },
        // Beyond the channel's time limit, and within it.
        4 => Behaviour::Slow { ms: dice.between(4_500, 8_000) },
        5 => Behaviour::Slow { ms: dice.between(50, 1_500) },
        6 => Behaviour::DropBefore,
        7 => Behaviour::DropAfter,
        _ => Behaviour::Nonsense { shape: NonsenseShape::NotJson },
    }
}
