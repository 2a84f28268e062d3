//! Takes in the pages that `make web` built.

use std::path::Path;

const PAGES: [&str; 3] = ["pulse", "seams", "voices"];

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    if PAGES.iter().any(|page| !dist.join(page).join("index.html").is_file()) {
        println!("cargo::rerun-if-changed={}", dist.display());
        println!("cargo::error=web/dist is missing: run `make web`");
        return;
    }
    // A release carries the pages within it; while developing they are read from the disk, as they are.
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    memory_serve::load_names_directories(PAGES.map(|page| (page, dist.join(page))), is_release);
}
