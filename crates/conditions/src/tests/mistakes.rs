//! What is said of texts that are no conditions.

mod meaning;
mod writing;

use super::*;

/// The mistakes of texts that all have one, as a person sees them.
fn mistakes<const N: usize>(texts: [&str; N]) -> String {
    let all = texts.map(|text| match parse(text) {
        Ok(condition) => panic!("`{condition}` has no mistake"),
        Err(mistake) => pointed_at(text, &mistake),
    });
    all.join("\n\n")
}
