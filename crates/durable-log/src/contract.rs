//! What every backend must keep, as tests: a backend plugs in a fixture and runs them all.
