//! What stands in `deploy/`, as it is: only addresses, paths and how often something is asked are other ones here.

mod alertmanager;
mod backup;
mod compose;
mod nginx;
mod people;
mod prometheus;
mod runbooks;
mod shipped;
