use domain::{Subject, Timestamp};

use crate::LogError;

/// Kinds of events that nobody lists, so that no store keeps an index of them: there are many of them, and what they
/// tell has a place of its own.
const UNLISTED: [&str; 3] = ["levels", "alert", "chorus"];

/// Which events are wanted, latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those of these kinds, as [`domain::EventBody::kind`] names them.
    pub kinds: Vec<&'static str>,
    /// Only those of this subject.
    pub subject: Option<Subject>,
    /// Only those recorded at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those recorded before this moment.
    pub until: Option<Timestamp>,
    /// At most this many.
    pub limit: u32,
}

impl EventFilter {
    /// The kinds, each once; an error if one of them [is not listed](is_listed).
    pub fn listed_kinds(&self) -> Result<Vec<&'static str>, LogError> {
        if let Some(kind) = self.kinds.iter().find(|kind| !is_listed(kind)) {
            let source = format!("events of the kind `{kind}` are not listed").into();
            return Err(LogError::Store { doing: "reading events", source });
        }
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        Ok(kinds)
    }
}

/// Whether [`Log::events`](crate::Log::events) answers events of this kind: all but levels, alerts and choruses.
pub fn is_listed(kind: &str) -> bool {
    !UNLISTED.contains(&kind)
}
