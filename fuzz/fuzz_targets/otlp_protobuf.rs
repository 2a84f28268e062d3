//! Any bytes as a request of OTLP in Protobuf.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::readings(
    sources::read_otlp_protobuf(bytes, fuzz::MOST_SAMPLES, fuzz::mappings()).ok()
));
