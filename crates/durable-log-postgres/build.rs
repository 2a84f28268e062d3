//! Tells the tests whether a PostgreSQL server of this machine has TimescaleDB: then the contract is tried on it too.

use std::path::Path;

/// Where Debian and its kin put the libraries of PostgreSQL's extensions.
const SERVERS: &str = "/usr/lib/postgresql";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(has_timescale)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../migrations/postgres");
    if Path::new(SERVERS).exists() {
        println!("cargo::rerun-if-changed={SERVERS}");
    }
    let servers = Path::new(SERVERS).read_dir().into_iter().flatten().flatten();
    if servers.map(|server| server.path().join("lib/timescaledb.so")).any(|library| library.exists()) {
        println!("cargo::rustc-cfg=has_timescale");
    }
}
