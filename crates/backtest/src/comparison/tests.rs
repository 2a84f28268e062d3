use std::sync::atomic::{AtomicI64, Ordering};

use bus_local::SilentBus;
use domain::{Sample, Score, Signals, Timestamp, Vital, Vitals};
use durable_log::Clock;
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::*;
use crate::Area;

const HOURS: i64 = 3;
const NONE: Bounds = Bounds::NONE;

fn moment(second: i64) -> Timestamp {
    Timestamp::from_millis((1_767_276_000 + second) * 1_000)
}

fn subject() -> Subject {
    Subject::new("agent-7").unwrap()
}

/// Three hours of one subject at one sample each ten seconds, which hurts in the second hour for ten minutes.
async fn log(folder: &tempfile::TempDir) -> Arc<dyn Log> {
    let hand = Arc::new(AtomicI64::new(0));
    let wall = Arc::clone(&hand);
    let clock = Clock::new(move || Timestamp::from_micros(wall.load(Ordering::SeqCst)));
    let options = SqliteOptions::new(folder.path().join("iskra.db"), 2, Arc::new(SilentBus));
    let log = SqliteLog::open(SqliteOptions { clock, ..options }).await.unwrap();
    for half_minute in 0..HOURS * 120 {
        hand.store(moment(half_minute * 30 + 30).as_micros(), Ordering::SeqCst);
        let samples = (0..3).map(|tenth| {
            let pain = if (160..180).contains(&half_minute) { 0.72 } else { 0.3 };
            let vitals = Vitals::default().with(Vital::Pain, Score::new(pain).unwrap());
            Sample { subject: subject(), at: moment(half_minute * 30 + tenth * 10), vitals, signals: Signals::new() }
        });
        log.append(samples.collect()).await.unwrap();
    }
    log
}

fn past() -> Past {
    let period = Period { since: moment(3_600), until: moment(HOURS * 3_600) };
    Past { subjects: vec![subject()], period, warm_up: Duration::from_secs(1_800) }
}

/// Those that are shipped, and others by which pain is critical from 0.75 on.
fn rules() -> [Arc<Rules>; 2] {
    let loaded = rules::Loaded::built_in();
    let moved = loaded.with_edges(&BTreeMap::from([("pain_critical_high".to_owned(), 0.75)])).unwrap();
    [loaded.rules, moved.loaded.rules]
}

#[tokio::test]
async fn a_comparison_aside_answers_what_any_other_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(&folder).await;
    let fast = past().compare(&log, rules()).await.unwrap();
    assert_eq!(fast.samples, BTreeMap::from([(subject(), 720)]));
    let alerts = |figures: &BTreeMap<Subject, Figures>| {
        let names = figures[&subject()].iter().filter(|(area, ..)| *area == Area::Alert);
        names.map(|(_, name, figure)| format!("{name} {}", figure.lasting.as_secs())).collect::<Vec<_>>()
    };
    let [in_force, candidate] = fast.figures.each_ref().map(alerts);
    assert_eq!(
        in_force,
        ["P0 PainCriticalHigh 600", "P1 PainBlockHigh 570", "P1 PainBurn1h 350", "P2 PainWarnHigh 480"]
    );
    assert_eq!(candidate, in_force[1..]);

    let (place, is_free) = oneshot::channel::<()>();
    let aside = past().compare_aside(&log, rules(), NONE, place).await.unwrap();
    assert_eq!((aside.samples, aside.figures), (fast.samples, fast.figures));
    is_free.await.unwrap_err();
    log.close().await;
}

#[tokio::test]
async fn more_than_the_bounds_allow_is_refused_and_nothing_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(&folder).await;
    // The warm-up is half an hour. In memory lies the hour that was read last, 360 samples, and most of the one before.
    let (all, at_once) = (720 + 180, 720);
    let memory = "more than 500 samples came too close together, or long after they were measured";
    for (bounds, refusal) in [
        (Bounds { samples: all, at_once }, None),
        (Bounds { samples: all - 1, ..NONE }, Some("there are more than 899 samples")),
        (Bounds { at_once: 500, ..NONE }, Some(memory)),
    ] {
        let (place, is_free) = oneshot::channel::<()>();
        let outcome = past().compare_aside(&log, rules(), bounds, place).await;
        assert_eq!(outcome.err().map(|error| error.to_string()).as_deref(), refusal);
        is_free.await.unwrap_err();
    }
    log.close().await;
}

#[tokio::test]
async fn judges_end_when_nobody_waits_for_them() {
    let period = past().period;
    let (place, mut is_free) = oneshot::channel::<()>();
    let judges = Judges::start(rules(), period, 1, || place).unwrap();
    judges.hand(Turn::Begin(subject(), 0)).await;
    assert_eq!(is_free.try_recv(), Err(TryRecvError::Empty), "they go on while somebody waits");
    drop(judges);
    is_free.await.unwrap_err();
}
