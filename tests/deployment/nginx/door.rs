//! nginx by the shipped configuration, and what is behind it.

use std::ops::Deref;

use reqwest::{Client, Response};
use serde_json::json;
use tempfile::TempDir;
use test_support::{Database, Postgres};

use super::super::front::{Front, Replicas};
use crate::production::service::Service;
use crate::suite::{PATIENCE, eventually};

/// What is behind the door.
pub(super) enum Behind {
    /// Two Pulses, and the other dashboards.
    Everything,
    /// Two Pulses.
    Pulse,
    /// One Pulse, and another at this address.
    With(String),
}

/// A front that knows what is behind it.
pub(super) struct Door {
    front: Front,
    pub(super) pulses: Vec<Service>,
    _others: Vec<Service>,
    _database: Database,
    _folder: TempDir,
}

impl Deref for Door {
    type Target = Front;

    fn deref(&self) -> &Front {
        &self.front
    }
}

impl Door {
    /// Opens it, with these words changed in its configuration besides addresses and paths.
    pub(super) async fn start(behind: Behind, words: &[(&str, &str)]) -> Self {
        test_support::use_tls();
        let (folder, database) = (tempfile::tempdir().unwrap(), Postgres::shared_database().await.unwrap());
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let settings = [("storage.url", &*database), ("host_probe.enabled", "false")];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let serve = |service: &str, name: &str| Service::start(&client, folder.path(), service, name, &settings);
        let others = match behind {
            Behind::Everything => vec![serve("seams", "seams"), serve("voices", "voices")],
            _ => Vec::new(),
        };
        let pulses = match behind {
            Behind::With(_) => vec![serve("pulse", "pulse-1")],
            _ => vec![serve("pulse", "pulse-1"), serve("pulse", "pulse-2")],
        };
        for service in pulses.iter().chain(&others) {
            service.ready().await;
        }
        let mut pulse: Vec<_> = pulses.iter().map(Service::address).collect();
        if let Behind::With(another) = behind {
            pulse.push(another);
        }
        let [seams, voices] =
            [0, 1].map(|index| vec![others.get(index).map_or_else(|| pulse[0].clone(), Service::address)]);
        let front = Front::open(&Replicas { pulse, seams, voices }, words).await;
        Self { front, pulses, _others: others, _database: database, _folder: folder }
    }

    /// Sends a sample of now.
    pub(super) async fn send(&self, subject: &str, pain: f64) -> Response {
        let url = format!("{}/pulse/api/v1/samples", self.url);
        self.client.post(url).json(&json!({"subject": subject, "pain": pain})).send().await.unwrap()
    }

    /// The same, which is taken.
    pub(super) async fn push(&self, subject: &str, pain: f64) {
        let answer = self.send(subject, pain).await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    /// Waits until a dashboard has heard of a subject: replicas hear of what others took a moment later.
    pub(super) async fn knows(&self, page: &str, subject: &str) {
        let path = format!("/{page}/api/v1/subjects/{subject}");
        eventually(&path, async || (self.get(&path).await.status() == 200).then_some(())).await;
    }
}
