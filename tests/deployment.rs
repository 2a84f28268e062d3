//! What stands in `deploy/`, as it is: only addresses, paths and how often something is asked are other ones here.

mod alertmanager;
mod backup;
mod browser;
mod compose;
pub(crate) mod front;
mod grafana;
mod kubernetes;
mod nginx;
mod people;
mod prometheus;
mod release;
mod runbooks;
mod secrets;
mod shipped;
mod whole;
