use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use durable_log::BusState;
use http_service::{Operations, Problem};
use prometheus::Registry;
use rules::LiveRules;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::MissedTickBehavior;

use crate::Deps;
use crate::rules_metrics::RulesMetrics;

/// How often the files of the rules are looked at. They are read after two looks that find them changed and at rest.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Reads the rules again when they change or when asked to, by `POST /-/reload` or SIGHUP.
#[derive(Clone)]
pub struct Reload(Arc<LiveRules>);

impl Reload {
    pub(crate) const fn new(rules: Arc<LiveRules>) -> Self {
        Self(rules)
    }

    /// What is in force afterwards, or what is wrong with the files. They may lie on a slow disk, and their reader
    /// compiles: not on a thread that serves requests.
    async fn run(&self) -> Result<Value, Problem> {
        let reload = self.clone();
        tokio::task::spawn_blocking(move || reload.read()).await.unwrap_or_else(|error| Err(Problem::internal(error)))
    }

    fn read(&self) -> Result<Value, Problem> {
        match self.0.reload() {
            Ok(rules) => {
                tracing::info!(rules.hash, "the rules were read again: `{}`", rules.hash);
                Ok(json!({ "rules": rules.hash }))
            }
            Err(error) => {
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
                drop(reload.run().await);
            }
        });
        Ok(())
    }

    /// Reloads whenever the files have changed, for as long as the process lives. Files that cannot be used are told
    /// once: they are not read again before they change again.
    pub(crate) fn on_change(&self) {
        let reload = self.clone();
        tokio::spawn(async move {
            let mut looks = tokio::time::interval(LOOK_EVERY);
            looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                looks.tick().await;
                let rules = reload.0.clone();
                match tokio::task::spawn_blocking(move || rules.has_changed()).await {
                    Ok(true) => drop(reload.run().await),
                    Ok(false) => {}
                    Err(error) => tracing::error!("looking at the files of the rules failed: {error}"),
                }
            }
        });
    }
}

/// What every service tells those who run it: whether the log answers, what it works with, its metrics, and a reload of
/// the rules. A bus that is silent makes nobody unready: the log is polled meanwhile.
pub fn operations(deps: &Deps, registry: Registry) -> anyhow::Result<Operations> {
    registry.register(Box::new(RulesMetrics::new(deps.rules.clone())?))?;
    if let Some(redis) = &deps.redis {
        redis.register(&registry)?;
    }
    let (log, store, bus, reload) = (deps.log.clone(), deps.log.clone(), deps.bus.clone(), deps.reload.clone());
    let operations = Operations::new(registry, deps.lock.clone())
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
            async move { reload.run().await }
        });
    Ok(operations)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_reload_does_not_hold_up_the_thread_that_asks_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let rules = Arc::new(LiveRules::load_folder(folder.path()).unwrap());
        // Whoever looks at the rules waits for this thread, the only one of the runtime.
        let (go_on, waits) = mpsc::channel();
        let waits = std::sync::Mutex::new(waits);
        rules.guard(move |_| Ok(waits.lock().unwrap().recv_timeout(DEADLINE)?));
        let reload = Reload::new(rules);
        let (outcome, ()) = tokio::join!(reload.run(), async { go_on.send(()).unwrap() });
        outcome.map_err(|problem| problem.code()).unwrap();
    }
}
