#![doc = include_str!("../README.md")]

pub mod counter;
pub mod load;
pub mod points;
