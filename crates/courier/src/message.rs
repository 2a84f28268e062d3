//! What a webhook is sent: Standard Webhooks 1.0.

use bytes::Bytes;
use domain::{Action, Subject, Timestamp};
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;

use crate::secrets::Key;

/// The kind of all messages that there are.
const TYPE: &str = "action.taken";

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    /// When the action was taken.
    timestamp: Timestamp,
    subject: &'a Subject,
    action: &'a Action,
}

/// One action, as it is sent: the same bytes in every attempt, so that receivers may compare them.
pub(crate) struct Message {
    id: String,
    body: Bytes,
}

impl Message {
    pub(crate) fn new(subject: &Subject, action: &Action) -> Self {
        let body = Body { r#type: TYPE, timestamp: action.at, subject, action };
        let body = serde_json::to_vec(&body).expect("an action has text keys only");
        // The time, because a log that is restored from a backup may give the same numbers again, for other actions.
        Self { id: format!("{}@{}", action.id, action.at.as_micros()), body: body.into() }
    }

    /// The request with all that proves where it comes from and when it was sent.
    pub(crate) fn sign(&self, request: RequestBuilder, keys: &[Key], now: Timestamp) -> RequestBuilder {
        let seconds = (now.as_micros().div_euclid(1_000_000)).to_string();
        let signatures: Vec<_> = keys.iter().map(|key| key.sign(&self.id, &seconds, &self.body)).collect();
        request
            .header("webhook-id", &self.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signatures.join(" "))
            .header(CONTENT_TYPE, "application/json")
            .body(self.body.clone())
    }
}
