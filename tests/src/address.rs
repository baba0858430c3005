//! Loopback addresses that nobody else has.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU16, Ordering};

/// So many addresses one test process can take.
const ADDRESSES_MAX: u16 = 2 * ADDRESSES_OF_NETWORK;
/// As many as one `127.b.c.0/24` has.
const ADDRESSES_OF_NETWORK: u16 = 254;

/// Takes an address of this machine that no other house uses: `127.b.c.d`, where `b.c` comes from the process and
/// `d` counts; when all of these are taken, `b` is another. With an address of its own, a house keeps its port while it is down, and no outgoing connection of
/// anybody else can take it meanwhile.
///
/// # Panics
/// After [`ADDRESSES_MAX`] addresses.
pub fn take() -> Ipv4Addr {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let last = TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
        (taken < ADDRESSES_MAX).then(|| taken + 1)
    });
    let taken = last.expect("there are addresses left");
    let is_second = taken >= ADDRESSES_OF_NETWORK;
    let last = u8::try_from(taken % ADDRESSES_OF_NETWORK + 1).expect("up to 254");
    let [.., high, low] = std::process::id().to_be_bytes();
    let network = if is_second { high.wrapping_add(128) } else { high };
    // 127.0.0.0/16 belongs to everybody.
    Ipv4Addr::new(127, network % 255 + 1, low, last)
}
