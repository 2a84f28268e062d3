//! Any bytes as a request of Prometheus' remote write: as they are, and well packed.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// What a body may unpack to: little enough that what is unpacked beyond it shows.
const MOST_BYTES: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    let packed = snap::raw::Encoder::new().compress_vec(bytes).expect("it fits into memory");
    for packed in [bytes, &packed] {
        fuzz::readings(sources::read_remote_write(packed, MOST_BYTES, fuzz::MOST_SAMPLES, fuzz::mappings()).ok());
    }
});
