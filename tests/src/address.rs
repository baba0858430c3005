//! Loopback addresses that nobody else has.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU8, Ordering};

/// So many addresses one test process can take.
const ADDRESSES_MAX: u8 = 254;

/// Takes an address of this machine that no other house uses: `127.b.c.d`, where `b.c` comes from the process and
/// `d` counts. With an address of its own, a house keeps its port while it is down, and no outgoing connection of
/// anybody else can take it meanwhile.
///
/// # Panics
/// After [`ADDRESSES_MAX`] addresses.
pub fn take() -> Ipv4Addr {
    static TAKEN: AtomicU8 = AtomicU8::new(0);
    let last = TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
        (taken < ADDRESSES_MAX).then(|| taken + 1)
    });
    let last = last.expect("there are addresses left") + 1;
    let [.., high, low] = std::process::id().to_be_bytes();
    // 127.0.0.0/16 belongs to everybody.
    Ipv4Addr::new(127, high % 255 + 1, low, last)
}
