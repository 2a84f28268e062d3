use domain::{Alert, AlertState, Event, EventBody, Presence, Subject, Timestamp};

use crate::SubjectNow;

/// Of which moment, and of whom, the state is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastQuery {
    /// Only of this subject; of the first by name, without it.
    pub subject: Option<Subject>,
    /// The moment: what is of this very moment belongs to it.
    pub at: Timestamp,
    /// At most this many subjects.
    pub limit: u32,
}

/// How everything was at a moment, by the times that samples and events tell of themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// The subjects of which something was known, by name.
    pub subjects: Vec<SubjectNow>,
    /// The alerts that fired, as they were, latest opened first.
    pub alerts: Vec<Alert>,
    /// Whether there are more subjects than wanted.
    pub truncated: bool,
}

/// The kinds of events that tell how a subject is from then on.
pub const TELLING: [&str; 5] = ["levels", "seam", "tone", "chorus", "experiment"];

impl Past {
    /// The subjects in the order of their names, one more than `limit` if there are so many, and the alerts. Which
    /// silences were in force is for [`Self::silence`] to tell.
    pub fn new(mut subjects: Vec<SubjectNow>, limit: u32, alerts: Vec<Alert>) -> Self {
        let truncated = subjects.len() > limit as usize;
        subjects.truncate(limit as usize);
        // Those that the present knows are others.
        subjects.iter_mut().for_each(|now| now.presence.silences.clear());
        subjects.retain(SubjectNow::is_known);
        Self { subjects, alerts, truncated }
    }

    /// Tells which silences were in force: `events` are what was told of silences by then, oldest first.
    pub fn silence(&mut self, events: &[Event]) {
        for now in &mut self.subjects {
            let of_it = events.iter().filter(|event| event.subject == now.subject);
            of_it.for_each(|event| _ = now.presence.apply(&event.body));
        }
    }
}

impl SubjectNow {
    /// Goes back to a moment, one of the [`TELLING`] kinds at a time: `told` is the last event of that kind up to the
    /// moment; that an experiment was refused tells nothing of the subject and does not count. Without any, what is known of the present held then too, unless `is_told_later` that it changed: the
    /// event that told of it is so old that it was pruned.
    pub fn go_back(&mut self, kind: &str, told: Option<&Event>, is_told_later: bool) {
        if told.is_some() || is_told_later {
            let Presence { state, tone, chorus, experiment, silences: _ } = &mut self.presence;
            match kind {
                "levels" => self.verdict = None,
                "seam" => *state = None,
                "tone" => *tone = None,
                "chorus" => *chorus = None,
                _ => *experiment = None,
            }
        }
        match told.map(|event| &event.body) {
            Some(EventBody::Levels { verdict, .. }) => self.verdict = Some(verdict.clone()),
            Some(body) => _ = self.presence.apply(body),
            None => {}
        }
    }

    /// Whether anything is known of it but its name.
    fn is_known(&self) -> bool {
        self.latest.is_some() || self.verdict.is_some() || self.presence != Presence::default()
    }
}

/// An alert as it was while it fired: as the last event of it told by then, or, where that was pruned, as it is known
/// now, only that it had not ended.
pub fn alert_then(now: Alert, told: Option<Event>) -> Alert {
    match told.map(|event| event.body) {
        Some(EventBody::Alert { alert, .. }) => *alert,
        _ => Alert { state: AlertState::Firing, resolved_at: None, ..now },
    }
}
