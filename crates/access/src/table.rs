use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use tokio::time::Instant;

use crate::rate::Rate;
use crate::{Credentials, Presented, Session, Token};

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// What was shown has not the form of a token or a session.
    Malformed,
    /// It is none that is known.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
    /// The address has failed too often: its next attempt must wait so long.
    TooManyFailures(Duration),
    /// The token asks more often than it may.
    TooManyRequests,
}

/// A token in memory.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) token: Token,
    pub(crate) rate: Arc<Rate>,
}

/// All tokens and sessions, as a store told them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    tokens: HashMap<String, Arc<Held>>,
    sessions: HashMap<String, Arc<Session>>,
}

impl Table {
    /// What each token has asked lately is taken over from the table before.
    pub(crate) fn new(credentials: Credentials, per_second: NonZeroU32, before: &Self, now: Instant) -> Self {
        let hold = |token: Token| {
            let known = before.tokens.get(&token.id).map(|held| held.rate.clone());
            let rate = known.unwrap_or_else(|| Arc::new(Rate::new(per_second.get(), per_second.get(), now)));
            (token.id.clone(), Arc::new(Held { token, rate }))
        };
        let session = |session: Session| (session.id.clone(), Arc::new(session));
        Self {
            tokens: credentials.tokens.into_iter().map(hold).collect(),
            sessions: credentials.sessions.into_iter().map(session).collect(),
        }
    }

    /// The token that was shown.
    pub(crate) fn token(&self, shown: &Presented<'_>, now: Timestamp) -> Result<&Arc<Held>, Denied> {
        let held = self.tokens.get(shown.id).filter(|held| held.token.digest == shown.digest());
        held.ok_or(Denied::Unknown).and_then(|held| held.holds(now).map(|()| held))
    }

    /// The session that was shown, with its token.
    pub(crate) fn session(&self, shown: &Presented<'_>, now: Timestamp) -> Result<(&Arc<Held>, &Arc<Session>), Denied> {
        let session = self.sessions.get(shown.id).filter(|session| session.digest == shown.digest());
        let session = session.ok_or(Denied::Unknown)?;
        let held = self.holds(&session.token, Some(&session.id), now)?;
        Ok((held, session))
    }

    /// Whether a token that was let in still is, and its session where it came by one.
    pub(crate) fn holds(&self, token: &str, session: Option<&str>, now: Timestamp) -> Result<&Arc<Held>, Denied> {
        if let Some(id) = session {
            let session = self.sessions.get(id).ok_or(Denied::Unknown)?;
            if session.expires_at <= now {
                return Err(Denied::Expired);
            }
        }
        let held = self.tokens.get(token).ok_or(Denied::Unknown)?;
        held.holds(now).map(|()| held)
    }
}

impl Held {
    fn holds(&self, now: Timestamp) -> Result<(), Denied> {
        match &self.token {
            token if token.revoked_at.is_some() => Err(Denied::Revoked),
            token if token.expires_at.is_some_and(|end| end <= now) => Err(Denied::Expired),
            _ => Ok(()),
        }
    }
}
