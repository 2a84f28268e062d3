use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::{
    Alert, AlertChange, AlertState, Chorus, Escalation, Event, EventBody, Level, Notification, Presence, Priority,
    Sample, Score, Signals, StateNow, Subject, Text, Timestamp, Verdict, Vital, VitalVerdict, Vitals, Voice,
};

use super::Fixture;
use crate::{Batch, Body, Bus, Clock, Cursor, EngineCommit, Entry, Fence, Followed, Follower, Log, Outcome, Partition};

/// When the tests begin: 2026-01-01T00:00:00Z.
pub(super) const START: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// A clock that stands until it is moved.
#[derive(Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.as_micros())))
    }

    /// Sets it, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }

    /// It, as a log wants it.
    pub fn clock(&self) -> Clock {
        let micros = Arc::clone(&self.0);
        Clock::new(move || Timestamp::from_micros(micros.load(Ordering::SeqCst)))
    }
}

/// The log of a test, with what belongs to it.
pub(super) struct World<'a> {
    fixture: &'a dyn Fixture,
    pub(super) clock: ManualClock,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) log: Arc<dyn Log>,
}

impl<'a> World<'a> {
    pub(super) async fn new(fixture: &'a dyn Fixture, partitions: u16) -> Self {
        Self::with_bus(fixture, partitions, fixture.bus()).await
    }

    pub(super) async fn with_bus(fixture: &'a dyn Fixture, partitions: u16, bus: Arc<dyn Bus>) -> Self {
        let clock = ManualClock::at(START);
        let log = fixture.open(partitions, clock.clock(), Arc::clone(&bus)).await;
        Self { fixture, clock, bus, log }
    }

    /// Closes the log and opens it again.
    pub(super) async fn restart(&mut self) {
        self.log.close().await;
        self.log = self.fixture.open(self.log.partitions(), self.clock.clock(), Arc::clone(&self.bus)).await;
    }

    /// A follower from the first entry on.
    pub(super) async fn follower(&self) -> Follower {
        let epoch = self.log.heads().await.unwrap().epoch;
        Follower::new(Arc::clone(&self.log), &*self.bus, Cursor::start(epoch, self.log.partitions()))
    }

    /// Every entry of a partition.
    pub(super) async fn entries(&self, partition: Partition) -> Vec<Entry> {
        self.log.read(partition, 0, 10_000).await.unwrap()
    }

    /// Stores one sample, which must be new.
    pub(super) async fn accept(&self, sample: Sample) -> (Partition, u64) {
        match self.log.append(vec![sample]).await.unwrap().outcomes[..] {
            [Outcome::Accepted { partition, seq }] => (partition, seq),
            ref other => panic!("expected one accepted sample: {other:?}"),
        }
    }
}

pub(super) const ONLY: Partition = Partition(0);

pub(super) fn subject(name: &str) -> Subject {
    Subject::new(name).unwrap()
}

/// The moment `seconds` after the start.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(START.as_micros() + seconds * 1_000_000)
}

/// A sample of `name`, `seconds` after the start, that says only its pain.
pub(super) fn sample(name: &str, seconds: i64, pain: f64) -> Sample {
    let vitals = Vitals::default().with(Vital::Pain, Score::new(pain).unwrap());
    Sample { subject: subject(name), at: at(seconds), vitals, signals: Signals::new() }
}

pub(super) fn text(text: &str) -> Text {
    Text { en: text.into(), ru: text.into() }
}

pub(super) fn verdict(pain: f64) -> Verdict {
    let pain = VitalVerdict {
        level: Level::Warn,
        priority: Some(Priority::P2),
        side: None,
        since: START,
        value: pain,
        stale: false,
    };
    Verdict { pain: Some(pain), ..Verdict::default() }
}

pub(super) fn levels(id: &str, name: &str, pain: f64) -> Event {
    let body = EventBody::Levels { changed: vec![Vital::Pain], verdict: verdict(pain) };
    Event { id: id.into(), subject: subject(name), at: START, body }
}

pub(super) fn alert(id: &str, name: &str, opened: i64) -> Alert {
    Alert {
        id: id.into(),
        subject: subject(name),
        rule: "pain_critical_high".into(),
        name: "PainCriticalHigh".into(),
        vital: Some(Vital::Pain),
        side: None,
        level: Level::Block,
        priority: Priority::P0,
        state: AlertState::Firing,
        value: 0.1 + 0.2,
        threshold: 0.7,
        since: at(opened),
        opened_at: at(opened),
        resolved_at: None,
        notification: Notification::Sent { at: at(opened) },
        acknowledged: None,
        silenced: None,
        simulated: None,
        escalation: Escalation::default(),
        actions: vec!["emergency_recovery".into()],
        summary: text("Pain 0.3 above 0.7"),
        description: text("\"quoted\" [1, 2] Боль"),
        recommendation: text("Look."),
    }
}

pub(super) fn resolved(id: &str, name: &str, opened: i64, ended: i64) -> Alert {
    Alert { state: AlertState::Resolved, resolved_at: Some(at(ended)), ..alert(id, name, opened) }
}

pub(super) fn alert_event(alert: Alert) -> Event {
    let change = if alert.state == AlertState::Firing { AlertChange::Opened } else { AlertChange::Resolved };
    let (subject, at) = (alert.subject.clone(), alert.resolved_at.unwrap_or(alert.opened_at));
    let id = format!("{}.{change:?}", alert.id);
    Event { id, subject, at, body: EventBody::Alert { change, alert: Box::new(alert) } }
}

/// A derived signal that became true.
pub(super) fn signal(id: &str, name: &str) -> Event {
    let body = EventBody::Signal { signal: "stagnation_detected".into(), value: true, reason: text("15 мин") };
    Event { id: id.into(), subject: subject(name), at: START, body }
}

/// A symbol that was performed.
pub(super) fn symbol(id: &str, name: &str) -> Event {
    let (symbol, glyph) = ("sincerity".into(), "🔥✴️".into());
    let body = EventBody::Symbol { symbol, glyph, voice: Voice::Iskriv, reason: text("drift 0.4 > 0.3") };
    Event { id: id.into(), subject: subject(name), at: START, body }
}

/// All voices at rest.
pub(super) fn chorus(id: &str, name: &str) -> Event {
    let body = EventBody::Chorus { chorus: Chorus::default() };
    Event { id: id.into(), subject: subject(name), at: START, body }
}

/// How a subject is that has been in a state since the start.
pub(super) fn presence(state: &str) -> Presence {
    Presence { state: Some(StateNow { state: state.into(), since: START }), ..Presence::default() }
}

/// A commit that concludes nothing yet.
pub(super) fn commit(fence: Fence, through: u64, now: Timestamp) -> EngineCommit {
    let (events, subjects, presences) = (Vec::new(), Vec::new(), Vec::new());
    EngineCommit { fence, through, now, is_tick: false, events, subjects, saves_all: true, presences }
}

/// What happens within a deadline that is far beyond what any machine needs.
pub(super) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("it happens soon")
}

/// The next entries; a reset fails the test.
pub(super) async fn next_batch(follower: &mut Follower) -> Arc<Batch> {
    match soon(follower.next()).await.unwrap() {
        Followed::Batch(batch) => batch,
        Followed::Reset(cursor) => panic!("unexpected reset to {cursor}"),
    }
}

/// Follows until `count` entries were seen; answers them by partition. Each partition must be free of gaps.
pub(super) async fn follow(follower: &mut Follower, count: usize) -> Vec<Vec<Entry>> {
    let mut seen = vec![Vec::<Entry>::new(); follower.cursor().partitions().count()];
    while seen.iter().map(Vec::len).sum::<usize>() < count {
        let batch = next_batch(follower).await;
        let place = &mut seen[usize::from(batch.partition.0)];
        for entry in &batch.entries {
            assert!(place.last().is_none_or(|last| last.seq + 1 == entry.seq), "a gap before {}", entry.seq);
            place.push(entry.clone());
        }
    }
    seen
}

/// The sample in an entry.
pub(super) fn sample_of(entry: &Entry) -> &Sample {
    match &entry.body {
        Body::Sample(sample) => sample,
        other => panic!("expected a sample: {other:?}"),
    }
}
