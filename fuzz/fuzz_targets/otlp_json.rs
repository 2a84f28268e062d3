//! Any bytes as a request of OTLP in JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::readings(sources::read_otlp_json(bytes, fuzz::MOST_SAMPLES, fuzz::mappings()).ok()));
