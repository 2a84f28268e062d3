use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use durable_log::BusState;
use http_service::{Operations, Problem};
use prometheus::{IntGauge, IntGaugeVec, Opts, Registry};
use rules::LiveRules;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::MissedTickBehavior;

use crate::Deps;

/// How often the files of the rules are looked at. They are read after two looks that find them changed and at rest.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Reads the rules again when they change or when asked to, by `POST /-/reload` or SIGHUP, and tells Prometheus how it
/// went.
#[derive(Clone)]
pub struct Reload {
    rules: Arc<LiveRules>,
    is_good: IntGauge,
    info: IntGaugeVec,
}

impl Reload {
    pub(crate) fn new(rules: Arc<LiveRules>) -> anyhow::Result<Self> {
        let help = "Whether the last reload of the rules was good: 1, or 0 while the old rules go on.";
        let is_good = IntGauge::new("iskra_rules_last_reload_successful", help)?;
        let info = IntGaugeVec::new(Opts::new("iskra_rules_info", "The rules in force: always 1."), &["hash"])?;
        let reload = Self { rules, is_good, info };
        reload.tell(true);
        Ok(reload)
    }

    fn tell(&self, is_good: bool) {
        self.is_good.set(i64::from(is_good));
        let hash = &self.rules.current().hash;
        self.info.reset();
        self.info.with_label_values(&[hash]).set(1);
    }

    /// What is in force afterwards, or what is wrong with the files.
    fn run(&self) -> Result<Value, Problem> {
        let outcome = self.rules.reload();
        self.tell(outcome.is_ok());
        match outcome {
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
                drop(reload.run());
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
                let look = reload.clone();
                // Files may lie on a slow disk, and their reader compiles: not on a thread that serves requests.
                let look = tokio::task::spawn_blocking(move || look.rules.has_changed().then(|| look.run()));
                if let Err(error) = look.await {
                    tracing::error!("looking at the files of the rules failed: {error}");
                }
            }
        });
    }
}

/// What every service tells those who run it: whether the log answers, what it works with, its metrics, and a reload of
/// the rules. A bus that is silent makes nobody unready: the log is polled meanwhile.
pub fn operations(deps: &Deps, registry: Registry) -> anyhow::Result<Operations> {
    registry.register(Box::new(deps.reload.is_good.clone()))?;
    registry.register(Box::new(deps.reload.info.clone()))?;
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
