use std::collections::BTreeMap;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::DEADLINE;

/// One alert of a notification, as Alertmanager delivers it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notified {
    /// `firing` or `resolved`.
    pub status: String,
    /// Its identity.
    pub labels: BTreeMap<String, String>,
    /// What people are told.
    pub annotations: BTreeMap<String, String>,
    /// Since when.
    pub starts_at: String,
    /// Until when.
    pub ends_at: String,
    /// The link back.
    #[serde(rename = "generatorURL")]
    pub generator_url: String,
}

impl Notified {
    /// Whether it is this alert, in this state.
    pub fn is(&self, alertname: &str, status: &str) -> bool {
        self.status == status && self.labels.get("alertname").is_some_and(|name| name == alertname)
    }
}

/// Takes notifications and keeps them all.
pub struct WebhookReceiver {
    url: String,
    notified: watch::Receiver<Vec<Notified>>,
    server: JoinHandle<std::io::Result<()>>,
}

#[derive(Deserialize)]
struct Delivery {
    alerts: Vec<Notified>,
}

impl WebhookReceiver {
    /// Starts one on a free port.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let (keep, notified) = watch::channel(Vec::new());
        let router = Router::new().route("/", post(receive)).with_state(keep);
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, notified, server })
    }

    /// Where to deliver.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything so far, in order.
    pub fn notified(&self) -> Vec<Notified> {
        self.notified.borrow().clone()
    }

    /// The first notification that `is_it`; an error with all others when it has not come by the deadline.
    pub async fn wait_for(&self, is_it: impl Fn(&Notified) -> bool) -> anyhow::Result<Notified> {
        let mut notified = self.notified.clone();
        let found = notified.wait_for(|all| all.iter().any(&is_it));
        match tokio::time::timeout(DEADLINE, found).await {
            Ok(all) => all?.iter().find(|one| is_it(one)).cloned().ok_or_else(|| anyhow::anyhow!("it was there")),
            Err(_) => anyhow::bail!("not notified within {DEADLINE:?}; what came: {:#?}", self.notified()),
        }
    }
}

impl Drop for WebhookReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(keep): State<watch::Sender<Vec<Notified>>>, Json(delivery): Json<Delivery>) {
    keep.send_modify(|all| all.extend(delivery.alerts));
}
