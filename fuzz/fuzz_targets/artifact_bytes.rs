//! Any bytes at the check of an artifact: it answers, and its answer is consistent.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::answer(bytes));
