//! The log as a runner sees it: it appends what it wants, and hears what became of its subject.

use std::sync::Arc;
use std::time::Duration;

use domain::{Command, Event, Sample, Subject, Timestamp};
use durable_log::{Body, Followed, Follower, Log, LogError};
use experiments::Input;
use tokio::time::{Instant, sleep};

/// So long something is tried again that the log did not take. The engine gives its runner up after a little more.
const TRIED_FOR: Duration = Duration::from_secs(10);
const REST: Duration = Duration::from_millis(100);

pub(super) struct LogEnd {
    log: Arc<dyn Log>,
    follower: Follower,
    subject: Subject,
}

/// What the log says of the subject, in its order.
pub(super) enum Heard {
    Sample(Sample),
    Events(Vec<Event>),
}

impl LogEnd {
    pub(super) const fn new(log: Arc<dyn Log>, follower: Follower, subject: Subject) -> Self {
        Self { log, follower, subject }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.log.now()
    }

    /// What comes next of the subject; may be nothing. Cancel-safe.
    pub(super) async fn next(&mut self) -> Vec<Heard> {
        let mut heard: Vec<Heard> = Vec::new();
        match self.follower.next().await {
            Ok(Followed::Batch(batch)) => {
                for entry in &batch.entries {
                    match &entry.body {
                        Body::Sample(sample) if sample.subject == self.subject => {
                            heard.push(Heard::Sample(sample.clone()));
                        }
                        // Those of one moment belong together.
                        Body::Event(event) if event.subject == self.subject => match heard.last_mut() {
                            Some(Heard::Events(events)) if events.last().is_some_and(|last| last.at == event.at) => {
                                events.push((**event).clone());
                            }
                            _ => heard.push(Heard::Events(vec![(**event).clone()])),
                        },
                        _ => {}
                    }
                }
            }
            Ok(Followed::Reset(_)) => tracing::warn!(subject = %self.subject, "the log began anew under an experiment"),
            // The follower lets the log rest, and reads on.
            Err(error) => tracing::warn!(error = %error, subject = %self.subject, "an experiment cannot read the log"),
        }
        heard
    }

    /// Appends it, again and again while the log is too busy or away.
    pub(super) async fn append(&mut self, input: Input) -> Result<(), LogError> {
        let deadline = Instant::now() + TRIED_FOR;
        loop {
            let appended = match input.clone() {
                Input::Sample(sample) => self.log.append(vec![sample]).await.map(drop),
                Input::Command(command) => self.log.append_command(self.subject.clone(), command).await.map(drop),
            };
            match appended {
                Err(error) if may_try_again(&input, &error) && Instant::now() < deadline => sleep(REST).await,
                appended => return appended,
            }
        }
    }
}

/// What may be in the log already is harmless a second time, but for an artifact.
const fn may_try_again(input: &Input, error: &LogError) -> bool {
    match error {
        LogError::Closed => false,
        LogError::OutcomeUnknown(_) => !matches!(input, Input::Command(Command::Record { .. })),
        _ => true,
    }
}
