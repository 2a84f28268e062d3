//! A log with a clock that is set by hand, judged by the engine when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Command, Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Body, Clock, EngineCommit, Log, Partition, partition_of};
use engine::{Engine, Input};
use rules::Rules;

use super::server::Server;

/// 2026-01-01T00:00:00Z and so many seconds.
pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_millis((1_767_225_600 + seconds) * 1_000)
}

pub(super) struct Judged {
    pub(super) server: Server,
    hand: Arc<AtomicI64>,
}

impl Judged {
    pub(super) async fn start() -> Self {
        Self::with(Rules::built_in()).await
    }

    /// One whose server goes by other rules than the engine, which has those that are built in.
    pub(super) async fn with(rules: Rules) -> Self {
        let hand = Arc::new(AtomicI64::new(moment(0).as_micros()));
        let wall = Arc::clone(&hand);
        let clock = Clock::new(move || Timestamp::from_micros(wall.load(Ordering::SeqCst)));
        Self { server: Server::at(clock, rules).await, hand }
    }

    /// From now on it is so late.
    pub(super) fn set(&self, seconds: i64) {
        self.hand.store(moment(seconds).as_micros(), Ordering::SeqCst);
    }

    /// Stores a sample that was measured and comes at `seconds`.
    pub(super) async fn measure(&self, seconds: i64, subject: &str, vitals: &[(Vital, f64)]) {
        self.set(seconds);
        let vitals =
            vitals.iter().fold(Vitals::default(), |all, (vital, value)| all.with(*vital, Score::clamped(*value)));
        let subject = Subject::new(subject).unwrap();
        self.server.store(vec![Sample { subject, at: moment(seconds), vitals, signals: Signals::new() }]).await;
    }

    /// Somebody asks for something at `seconds`; answers its number.
    pub(super) async fn ask(&self, seconds: i64, subject: &str, command: Command) -> u64 {
        self.set(seconds);
        self.server.log.append_command(Subject::new(subject).unwrap(), command).await.unwrap()
    }

    /// Judges everything that was stored, from the first entry on, and lets time work until `seconds`.
    pub(super) async fn judge(&self, seconds: i64) {
        self.set(seconds);
        let log = &self.server.log;
        let rules = Arc::new(Rules::built_in());
        for partition in (0..log.partitions()).map(Partition) {
            let fence = log.claim(partition).await.unwrap();
            let (mut engine, mut events) = (Engine::new(partition.0, Arc::clone(&rules)), Vec::new());
            let entries = log.read(partition, 0, 10_000).await.unwrap();
            for entry in &entries {
                let input = match &entry.body {
                    Body::Sample(sample) => Input::Sample(entry.seq, sample),
                    Body::Command(subject, command) => Input::Command(entry.seq, subject, command),
                    Body::Event(_) => continue,
                };
                engine.step(entry.recorded, input, &mut events);
            }
            engine.step(moment(seconds), Input::Tick, &mut events);
            let (subjects, presences) = (engine.take_changed(), engine.take_presences());
            let (through, now) = (entries.last().map_or(0, |entry| entry.seq), engine.now());
            let commit =
                EngineCommit { fence, through, now, is_tick: false, events, subjects, saves_all: true, presences };
            log.commit(commit).await.unwrap();
        }
    }

    /// Saves so many subjects of which nothing is known, `s0000` and on.
    pub(super) async fn save_unknown(&self, count: usize) {
        let log = &self.server.log;
        for partition in (0..log.partitions()).map(Partition) {
            let fence = log.claim(partition).await.unwrap();
            let names = (0..count).map(|n| Subject::new(&format!("s{n:04}")).unwrap());
            let here = names.filter(|name| partition_of(name, log.partitions()) == partition);
            let subjects = here.map(|name| (name, "{}".to_owned())).collect();
            let (events, presences) = (Vec::new(), Vec::new());
            let commit = EngineCommit {
                fence,
                through: 0,
                now: moment(0),
                is_tick: false,
                events,
                subjects,
                saves_all: true,
                presences,
            };
            log.commit(commit).await.unwrap();
        }
    }

    /// What each of these answers once the log is closed.
    pub(super) async fn assert_unavailable(self, paths: &[&str]) {
        self.server.log.close().await;
        for path in paths {
            let (status, problem) = self.server.get(path).await;
            assert_eq!((status, problem["code"].as_str()), (503, Some("stopping")), "{path}");
        }
    }
}
