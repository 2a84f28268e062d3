mod delivery;
mod ended;
mod escalation;
mod fake;
mod holding;
mod muting;
mod outages;
mod payload;
mod set;
mod storm;
mod watchdog;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bus_local::SilentBus;
use domain::{
    Alert, AlertChange, AlertState, Channel, Escalation, EscalationStep, Event, EventBody, Language, Level,
    Notification, Priority, Side, Text, Timestamp, Vital,
};
use durable_log::{Clock, EngineCommit, Fence, Log, Partition};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use prometheus::Registry;
use tempfile::TempDir;
use test_support::DEADLINE;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Held, Pager, PagerHandle, PagerSettings, Watchdog};

/// So long that it never comes within a test: what arrives, arrives because of a wake.
const NEVER: Duration = Duration::from_secs(3_600);

/// 2026-01-01T00:00:00Z.
fn new_year() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// Pain far too high on agent-7, for 61 s, told to people.
pub(crate) fn critical_pain() -> Alert {
    let opened_at = new_year().plus(Duration::from_secs(61));
    Alert {
        id: "0-42.pain_critical_high".into(),
        subject: "agent-7".parse().unwrap(),
        rule: "pain_critical_high".into(),
        name: "PainCriticalHigh".into(),
        vital: Some(Vital::Pain),
        side: Some(Side::High),
        level: Level::Block,
        priority: Priority::P0,
        state: AlertState::Firing,
        value: 0.95,
        threshold: 0.7,
        since: new_year(),
        opened_at,
        resolved_at: None,
        notification: Notification::Sent { at: opened_at },
        acknowledged: None,
        silenced: None,
        simulated: None,
        escalation: chain(opened_at),
        actions: vec!["stabilize_system".into(), "emergency_recovery".into()],
        summary: Text::new("agent-7: pain 0.95 at or above 0.70", "agent-7: боль 0,95, не ниже 0,70"),
        description: Text::new("It hurts.", "Больно."),
        recommendation: Text::new("Stop what hurts.", "Остановите то, что болит."),
    }
}

/// Three steps, the first of them taken.
fn chain(told: Timestamp) -> Escalation {
    let step = |role: &str, after_seconds, channels: &[Channel]| EscalationStep {
        role: role.into(),
        after_seconds,
        channels: channels.into(),
    };
    Escalation {
        step: 1,
        taken: vec![told],
        lapses: 0,
        told_again: Vec::new(),
        chain: vec![
            step("DevOps Lead", 0, &[Channel::Slack, Channel::PagerDuty]),
            step("SRE", 300, &[Channel::Slack, Channel::PagerDuty]),
            step("Tech Lead", 900, &[Channel::Slack, Channel::PagerDuty, Channel::Email]),
        ],
        acknowledge_timeout_seconds: 1_800,
    }
}

/// The same alert, after one step more.
fn escalated(mut alert: Alert) -> Alert {
    alert.escalation.step += 1;
    alert.escalation.taken.push(Clock::system().now());
    alert
}

/// A critical pain that opened just now, under a name of its own.
fn new_alert(name: &str) -> Alert {
    let opened_at = Clock::system().now();
    Alert {
        id: format!("0-1.{name}"),
        name: name.into(),
        since: opened_at,
        opened_at,
        notification: Notification::Sent { at: opened_at },
        escalation: chain(opened_at),
        ..critical_pain()
    }
}

fn resolved(alert: Alert) -> Alert {
    Alert { state: AlertState::Resolved, resolved_at: Some(Clock::system().now()), ..alert }
}

/// Each event has an id of its own.
static EVENTS: AtomicU64 = AtomicU64::new(0);

/// What an engine writes of these alerts.
fn commit(fence: Fence, alerts: &[Alert]) -> EngineCommit {
    let event = |alert: &Alert| Event {
        id: format!("{}.{}", alert.id, EVENTS.fetch_add(1, Ordering::Relaxed)),
        subject: alert.subject.clone(),
        at: alert.opened_at,
        body: EventBody::Alert {
            change: match alert.state {
                AlertState::Firing => AlertChange::Opened,
                AlertState::Resolved => AlertChange::Resolved,
            },
            alert: Box::new(alert.clone()),
        },
    };
    EngineCommit {
        fence,
        through: 0,
        now: Clock::system().now(),
        is_tick: false,
        events: alerts.iter().map(event).collect(),
        subjects: Vec::new(),
        saves_all: true,
        presences: Vec::new(),
    }
}

/// A log with an engine's right to write, and a pager that reads it.
struct Running {
    log: Arc<SqliteLog>,
    fence: Fence,
    held: Held,
    pager: PagerHandle,
    registry: Registry,
    shutdown: CancellationToken,
    ended: JoinHandle<()>,
    _folder: TempDir,
}

impl Running {
    async fn start(urls: &[&str], resend: Duration, timeout: Duration) -> Self {
        Self::start_with(None, urls, resend, timeout).await
    }

    async fn start_with(watchdog: Option<Watchdog>, urls: &[&str], resend: Duration, timeout: Duration) -> Self {
        Self::start_as(|_| (), watchdog, urls, resend, timeout).await
    }

    /// One that is made otherwise before it starts.
    async fn start_as(
        otherwise: impl FnOnce(&mut Pager),
        watchdog: Option<Watchdog>,
        urls: &[&str],
        resend: Duration,
        timeout: Duration,
    ) -> Self {
        test_support::use_tls();
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::new(folder.path().join("log.db"), 1, Arc::new(SilentBus));
        let log = SqliteLog::open(options).await.unwrap();
        let fence = log.claim(Partition(0)).await.unwrap();
        let held = Held::new(1);
        held.renew(vec![Partition(0)], Instant::now() + NEVER);
        let registry = Registry::new();
        let settings = PagerSettings {
            urls: urls.iter().map(|url| url.parse().unwrap()).collect(),
            resend,
            timeout,
            language: Language::En,
            public_url: "https://iskra.example.com".parse().unwrap(),
            runbooks: None,
            watchdog,
        };
        let mut pager = Pager::new(settings, log.clone(), held.clone(), &registry).unwrap();
        otherwise(&mut pager);
        let (handle, shutdown) = (pager.handle(), CancellationToken::new());
        let ended = tokio::spawn(pager.run(shutdown.clone()));
        Self { log, fence, held, pager: handle, registry, shutdown, ended, _folder: folder }
    }

    /// What the engine does: commits the alerts, then wakes the pager.
    async fn conclude(&self, alerts: &[Alert]) {
        self.log.commit(commit(self.fence, alerts)).await.unwrap();
        self.pager.wake();
    }

    /// A metric of the pager; 0 while it is not there.
    fn metric(&self, line: &str) -> f64 {
        let text = String::from_utf8(telemetry::encode(&self.registry).unwrap()).unwrap();
        let found = text.lines().find_map(|found| found.strip_prefix(line)?.trim().parse().ok());
        found.unwrap_or_default()
    }

    fn count(&self, alertmanager: &str, outcome: &str) -> f64 {
        let labels = format!("{{alertmanager=\"{alertmanager}\",outcome=\"{outcome}\"}}");
        self.metric(&format!("iskra_pager_notifications_total{labels}"))
    }

    /// Ends without a last word.
    fn kill(&self) {
        self.ended.abort();
    }

    async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(DEADLINE, self.ended).await.expect("the pager stops").unwrap();
        self.log.close().await;
    }
}

/// Waits until `is_so`, with a deadline.
async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let all = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, all).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// The label of an address.
fn label(url: &str) -> &str {
    url.trim_start_matches("http://").trim_end_matches('/')
}
