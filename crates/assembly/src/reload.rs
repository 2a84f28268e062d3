use std::sync::Arc;

use axum::http::StatusCode;
use http_service::{Operations, Problem};
use prometheus::{IntGauge, Registry};
use rules::LiveRules;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::Deps;

/// Reads the rules again when asked to, by `POST /-/reload` or SIGHUP, and tells Prometheus how it went.
#[derive(Clone)]
pub struct Reload {
    rules: Arc<LiveRules>,
    is_good: IntGauge,
}

impl Reload {
    pub(crate) fn new(rules: Arc<LiveRules>) -> anyhow::Result<Self> {
        let help = "Whether the last reload of the rules was good: 1, or 0 while the old rules go on.";
        let is_good = IntGauge::new("iskra_config_last_reload_successful", help)?;
        is_good.set(1);
        Ok(Self { rules, is_good })
    }

    /// What is in force afterwards, or what is wrong with the file.
    fn run(&self) -> Result<Value, Problem> {
        match self.rules.reload() {
            Ok(rules) => {
                self.is_good.set(1);
                tracing::info!(rules.hash, "the rules were read again: `{}`", rules.hash);
                Ok(json!({ "rules": rules.hash }))
            }
            Err(error) => {
                self.is_good.set(0);
                tracing::error!("the rules cannot be used, the old ones go on:\n{error}");
                Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_rules", error.to_string()))
            }
        }
    }

    /// Reloads at every SIGHUP, for as long as the process lives.
    pub(crate) fn on_hangup(&self) -> std::io::Result<()> {
        let mut hangup = signal(SignalKind::hangup())?;
        let reload = self.clone();
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                // It has said in the log how it went.
                drop(reload.run());
            }
        });
        Ok(())
    }
}

/// What every service tells those who run it: whether the log answers, its metrics, and a reload of the rules.
pub fn operations(deps: &Deps, registry: Registry) -> anyhow::Result<Operations> {
    registry.register(Box::new(deps.reload.is_good.clone()))?;
    let (log, reload) = (deps.log.clone(), deps.reload.clone());
    let operations = Operations::new(registry)
        .check("log", move || {
            let log = log.clone();
            async move { Ok(log.heads().await.map(drop)?) }
        })
        .on_reload(move || {
            let reload = reload.clone();
            async move { reload.run() }
        });
    Ok(operations)
}
