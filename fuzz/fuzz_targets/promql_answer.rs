//! Any bytes as what a server answers to two queries.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::promql_answer(bytes));
