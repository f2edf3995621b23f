#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| clapboard_fuzz::toml::holds(data));
