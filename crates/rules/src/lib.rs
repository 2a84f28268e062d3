#![doc = include_str!("../README.md")]

mod rules;

pub use rules::{Band, Edge, Rules, Staleness};
