//! Subjects that are in a critical state from one known moment to another: people are to be told of each once, and once of
//! its end.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use test_support::WebhookReceiver;
use tokio::time::{Instant, sleep, timeout};

use crate::connection::Connection;
use crate::samples::{self, now};

const ALERT: &str = "PainCriticalHigh";
/// How long a sample may take until it is stored, whatever has just died.
const PATIENCE: Duration = Duration::from_secs(60);
const ATTEMPT: Duration = Duration::from_secs(5);
/// Pause before the next attempt, and between two looks at what came.
const POLL: Duration = Duration::from_millis(100);

pub(super) struct Hurts {
    pulse: SocketAddr,
    webhook: WebhookReceiver,
    /// Each by the part that died with it.
    subjects: Vec<String>,
    /// So many of them are well again.
    healed: usize,
}

impl Hurts {
    pub(super) fn new(pulse: SocketAddr, webhook: WebhookReceiver) -> Self {
        Self { pulse, webhook, subjects: Vec::new(), healed: 0 }
    }

    /// One more; its judgement and its page fall into what comes next.
    pub(super) async fn hurt(&mut self, word: &str) -> anyhow::Result<()> {
        let subject = format!("hurt-{}-{word}", self.subjects.len());
        self.send(&subject, 0.95).await?;
        self.subjects.push(subject);
        Ok(())
    }

    /// All are well again.
    pub(super) async fn heal(&mut self) -> anyhow::Result<()> {
        for subject in &self.subjects[self.healed..] {
            self.send(subject, 0.3).await?;
        }
        self.healed = self.subjects.len();
        Ok(())
    }

    /// As a producer does it: the same again until it is answered.
    async fn send(&self, subject: &str, pain: f64) -> anyhow::Result<()> {
        let body = json!({"subject": subject, "at": now(), "pain": pain}).to_string();
        let start = Instant::now();
        let post = async || Connection::open(self.pulse).await?.post(samples::PATH, body.clone()).await;
        while !timeout(ATTEMPT, post()).await.is_ok_and(|answered| answered.is_ok()) {
            anyhow::ensure!(start.elapsed() < PATIENCE, "a sample of {subject} is not taken");
            sleep(POLL).await;
        }
        Ok(())
    }

    /// Waits until the end of each was told, and counts.
    pub(super) async fn are_told_once(&self) -> anyhow::Result<String> {
        let start = Instant::now();
        for subject in &self.subjects {
            while self.told(subject, "resolved").is_empty() && start.elapsed() < PATIENCE {
                sleep(POLL).await;
            }
        }
        let mut steps = 0;
        for subject in &self.subjects {
            let told = [self.told(subject, "firing"), self.told(subject, "resolved")];
            let is_once = !told[0].is_empty() && told[0] == told[1] && told[0].values().all(|times| *times == 1);
            anyhow::ensure!(is_once, "{subject}: told so often, and its end, by the step of the chain: {told:?}");
            steps += told[0].len();
        }
        let alerts = self.subjects.len();
        Ok(format!("{alerts} alerts, {steps} steps of their chains, each told once and its end once"))
    }

    /// How often people were told of a subject, by the step of the chain: who comes next is told of what lasts.
    fn told(&self, subject: &str, status: &str) -> BTreeMap<String, usize> {
        let mut told = BTreeMap::new();
        for page in self.webhook.notified() {
            if page.is(ALERT, status) && page.labels.get("subject").is_some_and(|told| told == subject) {
                *told.entry(page.labels.get("escalation").cloned().unwrap_or_default()).or_default() += 1;
            }
        }
        told
    }
}
