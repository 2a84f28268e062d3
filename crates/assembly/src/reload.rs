use std::sync::Arc;

use axum::http::StatusCode;
use durable_log::BusState;
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

/// What every service tells those who run it: whether the log answers, what it works with, its metrics, and a reload of
/// the rules. A bus that is silent makes nobody unready: the log is polled meanwhile.
pub fn operations(deps: &Deps, registry: Registry) -> anyhow::Result<Operations> {
    registry.register(Box::new(deps.reload.is_good.clone()))?;
    if let Some(redis) = &deps.redis {
        redis.register(&registry)?;
    }
    let (log, store, bus, reload) = (deps.log.clone(), deps.log.clone(), deps.bus.clone(), deps.reload.clone());
    let operations = Operations::new(registry)
        .check("log", move || {
            let log = log.clone();
            async move { Ok(log.heads().await.map(drop)?) }
        })
        .detail("store", move || store.store().to_owned())
        .detail("bus", move || match bus.subscribe().state() {
            BusState::Live => "live".to_owned(),
            BusState::Polling => "polling".to_owned(),
        })
        .on_reload(move || {
            let reload = reload.clone();
            async move { reload.run() }
        });
    Ok(operations)
}
