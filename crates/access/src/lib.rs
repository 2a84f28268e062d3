#![doc = include_str!("../README.md")]

mod act;
mod caller;
#[cfg(feature = "contract")]
pub mod contract;
mod failures;
mod guard;
mod network;
mod rate;
mod routes;
mod scope;
mod secret;
mod session;
mod store;
mod table;
mod token;

pub use act::{Act, ActFilter, Outcome};
pub use caller::Caller;
pub use guard::{Access, Mode};
pub use network::{Network, client};
pub use routes::{Need, ROUTES, Route, need};
pub use scope::{Scope, Scopes, UnknownScope};
pub use secret::{Digest, Presented, Secret};
pub use session::{SESSION_LASTS, SESSIONS_OF_A_TOKEN, Session};
pub use store::{AccessStore, Credentials, StoreError};
pub use table::Denied;
pub use token::{BadName, Token, check_name};
