//! A browser that never gives up: it follows the stream of a dashboard through every broken connection, and notices what
//! it was not told.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use domain::{Alert, AlertChange, Timestamp};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use super::ledger::Key;
use crate::suite::eventually;
use crate::viewer::Way;

/// Silence after which it connects anew: there is a heartbeat each second.
const SILENCE: Duration = Duration::from_secs(3);
/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(50);

/// What it was told so far.
#[derive(Clone, Default)]
pub(crate) struct Watched {
    /// How often each sample came.
    pub(crate) samples: HashMap<Key, u32>,
    /// How many came merged: on an exhausted machine the best client lags.
    pub(crate) merged: usize,
    /// How often each change of an alert came: `opened 3-17.pain_critical_high`.
    pub(crate) alerts: HashMap<String, u32>,
    /// Snapshots: each begins the chain anew.
    pub(crate) snapshots: u32,
    /// Connections.
    pub(crate) connections: u32,
    /// What the heartbeats have said of the bus, without repetition.
    pub(crate) buses: Vec<String>,
    /// Where the chain broke, and what was no frame.
    pub(crate) broken: Vec<String>,
    cursor: Value,
    /// Whether this connection has answered to what was asked of it: before that it tells of where it is itself.
    is_subscribed: bool,
}

/// How it comes back after a lost connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Return {
    /// With the last cursor.
    Resuming,
    /// Without, and deaf to the snapshot that tells it of a new beginning: what a careless client would do.
    Forgetful,
}

/// The client at work; it ends when dropped.
pub(crate) struct Watcher {
    watched: Arc<Mutex<Watched>>,
    task: JoinHandle<()>,
}

impl Watcher {
    /// Follows the dashboard that is reached so, and waits until it has its first snapshot.
    pub(crate) async fn start(way: Way, returns: Return) -> Self {
        let watched = Arc::new(Mutex::new(Watched::default()));
        let task = tokio::spawn(follow(way, returns, watched.clone()));
        let watcher = Self { watched, task };
        watcher.until("a snapshot", |watched| watched.snapshots > 0).await;
        watcher
    }

    /// Waits until `is_so`.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn(&Watched) -> bool) {
        let look = async || is_so(&self.watched.lock().unwrap_or_else(PoisonError::into_inner)).then_some(());
        eventually(what, look).await;
    }

    /// What it was told so far.
    pub(crate) fn watched(&self) -> Watched {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Watched {
    /// What the bus was said to be last.
    pub(crate) fn bus(&self) -> &str {
        self.buses.last().map_or("", String::as_str)
    }

    /// Whether all of these came, one by one.
    pub(crate) fn has_all<'a>(&self, mut samples: impl Iterator<Item = &'a Key>) -> bool {
        samples.all(|sample| self.samples.contains_key(sample))
    }

    /// The chain never broke, nothing came twice, and all of `samples` and `alerts` came, and nothing else. The first
    /// snapshot was of an empty log, so that everything has to come by updates.
    pub(crate) fn is_whole<'a>(
        &self,
        samples: impl Iterator<Item = &'a Key>,
        alerts: &[(AlertChange, Alert)],
    ) -> anyhow::Result<()> {
        ensure!(self.broken.is_empty(), "the chain broke: {:#?}", self.broken);
        ensure!(self.snapshots == 1, "it began anew {} times", self.snapshots - 1);
        let samples: BTreeSet<&Key> = samples.collect();
        for (sample, count) in &self.samples {
            ensure!(samples.contains(sample), "{sample:?} came and is not in the log");
            ensure!(*count == 1, "{sample:?} came {count} times");
        }
        let missed = samples.len() - self.samples.len();
        ensure!(missed == self.merged, "{missed} samples did not come, {} came merged", self.merged);
        let names = |(change, alert): &(AlertChange, Alert)| {
            anyhow::Ok(alert_change(&serde_json::to_value(change)?, &alert.id))
        };
        let names: BTreeSet<String> = alerts.iter().map(names).collect::<Result<_, _>>()?;
        for (name, count) in &self.alerts {
            ensure!(names.contains(name), "`{name}` came and is not in the log");
            ensure!(*count == 1, "`{name}` came {count} times");
        }
        // Of several changes in a lag only the last comes.
        let missed = names.len() - self.alerts.len();
        ensure!(missed == 0 || self.merged > 0, "{missed} changes of alerts did not come");
        Ok(())
    }

    /// Takes in one frame.
    pub(crate) fn take(&mut self, frame: &Value) -> anyhow::Result<()> {
        match frame["type"].as_str().context("a frame has a type")? {
            "subscribed" => {
                self.is_subscribed = true;
                let is_first = self.snapshots == 0;
                ensure!(is_first || frame["resumed"] == true, "it could not resume {}: {frame}", self.cursor);
            }
            "snapshot" => {
                self.snapshots += 1;
                self.cursor = frame["cursor"].clone();
            }
            "heartbeat" => {
                if self.is_subscribed {
                    self.cursor = frame["cursor"].clone();
                }
                let bus = frame["bus"].as_str().context("a heartbeat tells the bus")?;
                if self.bus() != bus {
                    self.buses.push(bus.to_owned());
                }
            }
            "update" => {
                let expected = std::mem::replace(&mut self.cursor, frame["cursor"].clone());
                ensure!(frame["prev"] == expected, "expected one that follows {expected}: {frame}");
                for subject in list(&frame["merged"]) {
                    let count = subject["vitals"]["pain"]["count"].as_u64().context("how many were merged")?;
                    self.merged += usize::try_from(count)?;
                }
                for sample in list(&frame["samples"]) {
                    *self.samples.entry(key(sample)?).or_default() += 1;
                }
                for change in list(&frame["alerts"]) {
                    let id = change["alert"]["id"].as_str().context("an alert has an id")?;
                    *self.alerts.entry(alert_change(&change["change"], id)).or_default() += 1;
                }
            }
            "lagged" => {}
            other => bail!("unexpected `{other}`: {frame}"),
        }
        Ok(())
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn alert_change(change: &Value, id: &str) -> String {
    format!("{} {id}", change.as_str().unwrap_or_default())
}

fn key(sample: &Value) -> anyhow::Result<Key> {
    let text = |name: &str| sample[name].as_str().with_context(|| format!("a sample has `{name}`: {sample}"));
    Ok((domain::Subject::new(text("subject")?)?, text("at")?.parse::<Timestamp>()?))
}

async fn follow(way: Way, returns: Return, watched: Arc<Mutex<Watched>>) {
    let with = |work: &mut dyn FnMut(&mut Watched)| work(&mut watched.lock().unwrap_or_else(PoisonError::into_inner));
    loop {
        let Ok(Ok(mut socket)) = tokio::time::timeout(SILENCE, way.open()).await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let mut subscribe = json!({"type": "subscribe", "channels": ["pain", "alerts"]});
        with(&mut |watched| {
            watched.connections += 1;
            watched.is_subscribed = false;
            match returns {
                Return::Resuming if !watched.cursor.is_null() => subscribe["resume"] = watched.cursor.clone(),
                Return::Resuming => {}
                Return::Forgetful => watched.cursor = Value::Null,
            }
        });
        if socket.send(Message::text(subscribe.to_string())).await.is_err() {
            continue;
        }
        while let Ok(Some(Ok(message))) = tokio::time::timeout(SILENCE, socket.next()).await {
            let Message::Text(text) = message else { continue };
            with(&mut |watched| {
                let taken = serde_json::from_str(&text).context("not JSON").and_then(|frame| watched.take(&frame));
                if let Err(error) = taken {
                    watched.broken.push(format!("{error:#}"));
                }
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}
