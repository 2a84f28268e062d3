//! The WebSocket door: a `metrics` frame is one sample.

use async_trait::async_trait;
use dashboard::SampleDoor;
use domain::{Draft, Rejection, Subject};
use durable_log::LogError;
use hub::wire::{Received, ServerFrame, Status};

use crate::ingest::Ingest;

pub(crate) struct SocketDoor {
    pub(crate) ingest: Ingest,
    /// Whom a sample is about that does not say so.
    pub(crate) default_subject: Subject,
}

#[async_trait]
impl SampleDoor for SocketDoor {
    async fn accept(&self, raw: &str) -> ServerFrame<'static> {
        let mut draft = match Draft::parse(raw, Some(&self.default_subject)) {
            Ok(draft) => draft,
            Err(rejection) => return self.refuse(rejection).await,
        };
        // Set here, so that the answer can name it and the client can send the same again.
        let at = *draft.at.get_or_insert_with(|| self.ingest.now());
        let subject = draft.subject.clone();
        let report = match self.ingest.take(vec![Ok(draft)]).await {
            Ok(report) => report,
            Err(error) => return failure(&error),
        };
        match report.rejections.into_iter().next() {
            Some(refused) => rejected(refused.rejection),
            None => {
                let outcome = if report.duplicate == 0 { Received::Accepted } else { Received::Duplicate };
                ServerFrame::MetricsReceived { status: Status::Ok, outcome, subject, at }
            }
        }
    }
}

impl SocketDoor {
    /// Refuses it, and counts it like those of the other doors.
    async fn refuse(&self, rejection: Rejection) -> ServerFrame<'static> {
        match self.ingest.take(vec![Err(rejection.clone())]).await {
            Ok(_) => rejected(rejection),
            Err(error) => failure(&error),
        }
    }
}

fn rejected(rejection: Rejection) -> ServerFrame<'static> {
    let message = rejection.to_string().into();
    ServerFrame::Error { code: "rejected", message, rejection: Some(rejection) }
}

fn failure(error: &LogError) -> ServerFrame<'static> {
    match error {
        LogError::Overloaded => ServerFrame::error("overloaded", "too much is under way: send the same again shortly"),
        LogError::OutcomeUnknown(_) => {
            ServerFrame::error("outcome_unknown", "the sample may or may not be stored: send the same again")
        }
        error => {
            tracing::error!("a sample over a socket was not stored: {error}");
            ServerFrame::error("store_failed", "the store failed: send the same again shortly")
        }
    }
}
