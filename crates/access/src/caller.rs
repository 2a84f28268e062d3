use std::fmt;
use std::future::pending;
use std::sync::Arc;

use domain::Timestamp;

use crate::table::Held;
use crate::{Access, Scope, Scopes, Session};

/// Who asks. Cheap to clone.
#[derive(Clone)]
pub struct Caller(Who);

#[derive(Clone)]
enum Who {
    /// Anybody, in open mode.
    Anybody,
    /// Somebody who has shown nothing that is known, where nothing is asked for.
    Stranger,
    Known(Known),
}

#[derive(Clone)]
struct Known {
    held: Arc<Held>,
    session: Option<Arc<Session>>,
    access: Access,
}

impl Caller {
    /// Whoever asks in open mode: they may everything.
    pub const fn anybody() -> Self {
        Self(Who::Anybody)
    }

    /// Somebody who has shown nothing that is known: they may nothing.
    pub const fn stranger() -> Self {
        Self(Who::Stranger)
    }

    pub(crate) const fn known(held: Arc<Held>, session: Option<Arc<Session>>, access: Access) -> Self {
        Self(Who::Known(Known { held, session, access }))
    }

    /// What they may.
    pub fn scopes(&self) -> Scopes {
        match &self.0 {
            Who::Anybody => Scopes::all(),
            Who::Stranger => Scopes::default(),
            Who::Known(known) => known.held.token.scopes,
        }
    }

    /// Whether they may.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes().has(scope)
    }

    /// Whether somebody is known, or need not be.
    pub const fn is_let_in(&self) -> bool {
        !matches!(self.0, Who::Stranger)
    }

    /// The name of the token that speaks.
    pub fn name(&self) -> Option<&str> {
        self.held().map(|held| held.token.name.as_str())
    }

    /// The id of the token that speaks.
    pub fn token(&self) -> Option<&str> {
        self.held().map(|held| held.token.id.as_str())
    }

    /// Who it is, for the audit.
    pub fn who(&self) -> &str {
        match &self.0 {
            Who::Anybody => "open",
            Who::Stranger => "nobody",
            Who::Known(known) => &known.held.token.name,
        }
    }

    /// The name under which something is done: the token's, whatever the request says; in open mode what it says.
    pub fn speaks_as(&self, said: String) -> String {
        self.name().map_or(said, str::to_owned)
    }

    /// The session by which they came.
    pub fn session(&self) -> Option<&Session> {
        match &self.0 {
            Who::Known(known) => known.session.as_deref(),
            _ => None,
        }
    }

    /// When this ends by itself, if it does.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.session().map(|session| session.expires_at).or_else(|| self.held()?.token.expires_at)
    }

    /// Waits until the token or the session is over: revoked, logged out or expired. Cancel-safe.
    pub async fn ended(&self) {
        match &self.0 {
            Who::Known(known) => {
                let session = known.session.as_ref().map(|session| session.id.as_str());
                known.access.until_over(&known.held.token.id, session).await;
            }
            Who::Anybody | Who::Stranger => pending().await,
        }
    }

    pub(crate) fn held(&self) -> Option<&Held> {
        match &self.0 {
            Who::Known(known) => Some(&known.held),
            _ => None,
        }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Caller({}, {:?})", self.who(), self.scopes())
    }
}
