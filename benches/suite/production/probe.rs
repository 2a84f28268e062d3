//! Finds out when every partition is judged: a critical sample in each, and the alert that follows.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use domain::Subject;
use durable_log::partition_of;
use serde::Deserialize;
use serde_json::json;

use super::servers::PARTITIONS;
use super::until;
use crate::connection::Connection;
use crate::samples::{self, now};

/// One subject of each partition that was never heard of.
pub(crate) struct Probe {
    pulse: SocketAddr,
    subjects: Vec<String>,
}

#[derive(Deserialize)]
struct Alerts {
    alerts: Vec<serde::de::IgnoredAny>,
}

impl Probe {
    pub(crate) fn new(pulse: SocketAddr, word: &str) -> Self {
        let subject = |partition| {
            let is_there = |name: &String| {
                Subject::new(name).is_ok_and(|subject| partition_of(&subject, PARTITIONS).0 == partition)
            };
            (0_u32..).map(|number| format!("{word}-{number}")).find(is_there).expect("names fall everywhere")
        };
        Self { pulse, subjects: (0..PARTITIONS).map(subject).collect() }
    }

    /// Sends the samples again and again until they are taken, and waits for all alerts; answers how long that took.
    pub(crate) async fn wait(&self) -> anyhow::Result<Duration> {
        let start = Instant::now();
        let at = now();
        let hurt = |subject: &String| json!({"subject": subject, "at": at, "pain": 0.95});
        let body = self.subjects.iter().map(hurt).collect::<serde_json::Value>().to_string();
        until("a sample is taken", async || self.post(&body).await.ok()).await?;
        for subject in &self.subjects {
            until("it is judged", async || self.has_alert(subject).await.ok()?.then_some(())).await?;
        }
        Ok(start.elapsed())
    }

    async fn post(&self, body: &str) -> anyhow::Result<()> {
        Connection::open(self.pulse).await?.post(samples::PATH, body.to_owned()).await.map(drop)
    }

    async fn has_alert(&self, subject: &str) -> anyhow::Result<bool> {
        let path = format!("/api/v1/alerts?state=firing&subject={subject}");
        let answer = Connection::open(self.pulse).await?.get(&path).await?;
        Ok(!serde_json::from_slice::<Alerts>(&answer)?.alerts.is_empty())
    }
}
