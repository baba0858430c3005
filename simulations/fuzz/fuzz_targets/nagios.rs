#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| simulations::fuzz::source::nagios(input));
