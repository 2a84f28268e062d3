//! ∆DΩΛ artifacts: those that somebody wants to be kept, and the one that every P0 alert leaves behind when it ends.

mod postmortem;
#[cfg(test)]
mod tests;

use domain::{Alert, AlertChange, Artifact, Command, Event, EventBody, Priority, Vitals};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use postmortem::Postmortem;

/// One for each P0 alert that is open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Postmortems(Vec<Postmortem>);

impl Postmortems {
    /// Takes in what was told of the subject from the event `first` on. Every P0 alert that ended leaves an artifact.
    /// `vitals` are those of now, and `experiment` is the one that runs.
    pub(crate) fn hear(
        &mut self,
        context: &Context<'_>,
        vitals: Vitals,
        experiment: Option<&str>,
        (first, events): (usize, &mut Vec<Event>),
    ) {
        let is_of_interest = |event: &Event| p0(event).is_some();
        if self.0.is_empty() && !events[first..].iter().any(is_of_interest) {
            return;
        }
        let mut left = Vec::new();
        for place in first..events.len() {
            let (before, event) = (&events[first..place], &events[place]);
            self.0.iter_mut().for_each(|postmortem| postmortem.trace(event));
            match p0(event) {
                Some((AlertChange::Opened, alert)) => {
                    self.0.push(Postmortem::begin(alert, vitals, experiment, before, event));
                }
                Some((AlertChange::Resolved, alert)) => {
                    let known = self.0.iter().position(|postmortem| postmortem.is_of(alert));
                    // An earlier version noted nothing when it opened.
                    let known = known.map(|place| self.0.remove(place));
                    let postmortem = known.unwrap_or_else(|| Postmortem::unknown(alert, event));
                    left.push(postmortem.artifact(context, alert, vitals));
                }
                _ => {}
            }
        }
        events.extend(left.into_iter().map(event_of));
    }
}

/// The artifact that the entry `seq` of the log asks to keep; none if that is not what it asks.
pub(crate) fn kept(context: &Context<'_>, seq: u64, command: &Command) -> Option<Event> {
    let Command::Record { status, about, by, record } = command else { return None };
    Some(event_of(Artifact {
        id: Artifact::id_of(context.partition, seq),
        subject: context.subject.clone(),
        at: context.now,
        status: *status,
        about: about.clone(),
        by: by.clone(),
        record: record.clone(),
    }))
}

fn event_of(artifact: Artifact) -> Event {
    let (id, subject, at) = (artifact.id.clone(), artifact.subject.clone(), artifact.at);
    Event { id, subject, at, body: EventBody::Artifact { artifact: Box::new(artifact) } }
}

/// What happened to an alert that leaves an artifact.
fn p0(event: &Event) -> Option<(AlertChange, &Alert)> {
    match &event.body {
        EventBody::Alert { change, alert } if alert.priority == Priority::P0 => Some((*change, alert)),
        _ => None,
    }
}
