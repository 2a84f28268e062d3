//! A good artifact with slips of the pen in it: bytes replaced, inserted or taken away here and there.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// The example that people read.
const PAGE: &str = include_str!("../../docs/artifacts.md");

fuzz_target!(|slips: Vec<(u16, u8, Vec<u8>)>| {
    let (_, rest) = PAGE.split_once("```json\n").expect("the page has an example");
    let (example, _) = rest.split_once("```").expect("the example ends");
    let mut bytes = example.as_bytes().to_vec();
    for (at, taken, put) in slips {
        let at = usize::from(at) % (bytes.len() + 1);
        let end = (at + usize::from(taken % 16)).min(bytes.len());
        bytes.splice(at..end, put);
    }
    fuzz::answer(&bytes);
});
