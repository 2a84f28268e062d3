//! A new migration is taken in, though no file of this crate has changed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../migrations/sqlite");
}
