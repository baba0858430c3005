//! Who is on call: wall-clock turns, resolved to instants.
//!
//! The n-th handover of a layer is `from` plus n turns *on the wall clock* of the rota's zone. Where a
//! daylight-saving change skips that time, the handover is at the first valid instant after it; where it repeats
//! it, at the first of the two. So shifts are contiguous, and an hour that is lived twice belongs to one shift.
//!
//! [`Roster::on_call`] answers for one moment, [`shift::between`] for a span of time. They are written apart, and
//! tests hold them against each other.

pub mod cover;
pub mod edition;
pub mod handover;
mod hours;
mod member;
pub mod moved;
mod roster;
pub mod shift;
mod turn;
pub mod wall;

pub(crate) use hours::is_within;
pub use roster::{Duty, Reason, Roster};

#[cfg(test)]
mod tests;
