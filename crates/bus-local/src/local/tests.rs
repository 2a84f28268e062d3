use domain::{Sample, Score, Subject, Timestamp, Vital, Vitals};
use durable_log::{Body, Cursor, Entry, Partition};
use futures_util::FutureExt;

use super::*;

fn batch(seq: u64) -> Arc<Batch> {
    let sample = Sample {
        subject: Subject::new("agent-7").unwrap(),
        at: Timestamp::from_micros(1),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(0.3)),
        signals: domain::Signals::new(),
    };
    let entry = Entry { seq, recorded: Timestamp::from_micros(1), body: Body::Sample(sample) };
    Arc::new(Batch { partition: Partition(0), entries: vec![entry] })
}

fn seq(hint: &Hint) -> Option<u64> {
    match hint {
        Hint::Batch(_, batch) => Some(batch.last()),
        Hint::Heads(_) | Hint::Lost => None,
    }
}

#[tokio::test]
async fn every_reader_gets_the_same_batch_without_a_copy() {
    let bus = LocalBus::new();
    let (mut one, mut other) = (bus.subscribe(), bus.subscribe());
    let sent = batch(1);
    bus.publish(Epoch(7), Arc::clone(&sent));
    for reader in [&mut one, &mut other] {
        let Hint::Batch(epoch, got) = reader.next().await else { panic!("expected the batch") };
        assert_eq!(epoch, Epoch(7));
        assert!(Arc::ptr_eq(&got, &sent));
    }
}

#[tokio::test]
async fn a_slow_reader_is_told_that_it_lost_something_and_goes_on() {
    let bus = LocalBus::with_capacity(2);
    let mut reader = bus.subscribe();
    for n in 1..=5 {
        bus.publish(Epoch(7), batch(n));
    }
    assert_eq!(seq(&reader.next().await), None);
    assert_eq!(seq(&reader.next().await), Some(4));
    assert_eq!(seq(&reader.next().await), Some(5));
    assert_eq!(reader.state(), BusState::Live);
}

#[tokio::test]
async fn every_reader_hears_what_else_there_is_to_say() {
    let bus = LocalBus::new();
    let mut readers = [bus.subscribe(), bus.subscribe()];
    bus.say(Hint::Heads(Cursor::new(Epoch(7), vec![3, 9])));
    for reader in &mut readers {
        let Hint::Heads(heads) = reader.next().await else { panic!("expected the heads") };
        assert_eq!(heads.seq(Partition(1)), 9);
    }
}

#[tokio::test]
async fn a_reader_that_outlives_the_bus_polls_and_does_not_spin() {
    let bus = LocalBus::new();
    let mut reader = bus.subscribe();
    drop(bus);
    assert_eq!(seq(&reader.next().await), None);
    assert_eq!(reader.state(), BusState::Polling);
    assert!(reader.next().now_or_never().is_none());
}

#[tokio::test]
async fn a_silent_bus_never_hints() {
    let bus = crate::SilentBus;
    let mut reader = bus.subscribe();
    bus.publish(Epoch(7), batch(1));
    assert_eq!(reader.state(), BusState::Polling);
    assert!(reader.next().now_or_never().is_none());
}
