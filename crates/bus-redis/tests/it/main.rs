//! The bus on real servers: as it should be, and on bad days.

mod bad_days;
mod carrying;
mod cluster;
mod contract;
mod helpers;
mod sentinel;
