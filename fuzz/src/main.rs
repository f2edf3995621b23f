//! One program for all targets, since linking takes longer than compiling them: `FUZZ_TARGET` says which one it is.

#![no_main]

use std::env;
use std::sync::LazyLock;

use clapboard_fuzz::TARGETS;

static HOLDS: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    TARGETS.iter().find(|target| target.name == wanted).expect("FUZZ_TARGET names a target").holds
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| HOLDS(data));
