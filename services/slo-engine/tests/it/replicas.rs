use std::time::Duration;

use domain::{Sample, Score, Signals, Subject, Vital, Vitals};
use durable_log::{Member, Partition, partition_of};

use crate::replica::{PARTITIONS, Replica, each_is_told_once, eventually, push_pain, the_events_are_those_of_a_replay};

/// Enough for each partition to have some.
fn subjects(from: usize) -> Vec<String> {
    (from..from + 16).map(|n| format!("agent-{n}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_share_the_work_and_take_over_from_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let one = Replica::start(folder.path()).await;
    one.holds(PARTITIONS).await;
    let other = Replica::start(folder.path()).await;
    one.holds(PARTITIONS / 2).await;
    other.holds(PARTITIONS / 2).await;
    let mut all = subjects(0);
    push_pain(&*one.log, &all, 0.95).await;
    each_is_told_once(&*one.log, &all).await;

    // What comes while one is stopping is judged by either.
    push_pain(&*other.log, &subjects(16), 0.95).await;
    one.stop().await;
    other.holds(PARTITIONS).await;
    all.extend(subjects(16));
    each_is_told_once(&*other.log, &all).await;

    let third = Replica::start(folder.path()).await;
    third.holds(PARTITIONS / 2).await;
    push_pain(&*other.log, &subjects(32), 0.95).await;
    other.kill().await;
    third.holds(PARTITIONS).await;
    all.extend(subjects(32));
    each_is_told_once(&*third.log, &all).await;
    the_events_are_those_of_a_replay(&*third.log).await;
    third.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_gives_its_partitions_back() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::start(folder.path()).await;
    replica.holds(PARTITIONS).await;
    let log = replica.log.clone();
    let ask = || log.share(Member(1), Duration::from_secs(60));
    assert_eq!(ask().await.unwrap(), []);
    log.leave(Member(1)).await.unwrap();
    replica.stop().await;
    assert_eq!(ask().await.unwrap().len(), usize::from(PARTITIONS), "no lease is left to be waited for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_needed_is_ready_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::start(folder.path()).await;
    let ready = replica.holds(PARTITIONS).await;
    assert_eq!(ready["details"]["partitions"], "0, 1, 2, 3");
    push_pain(&*replica.log, &subjects(0), 0.3).await;
    let shown = "iskra_vital_ratio{subject=\"agent-0\",vital=\"pain\"}";
    eventually("it judges", async || (replica.metric(shown).await? == 0.3).then_some(())).await;
    // So many others that nothing is left for it; it has given back what it had by then.
    let others = (0..u64::from(PARTITIONS)).map(Member);
    eventually("others have it all", async || {
        let mut held = 0;
        for other in others.clone() {
            held += replica.log.share(other, Duration::from_secs(60)).await.unwrap().len();
        }
        (held == usize::from(PARTITIONS)).then_some(())
    })
    .await;
    let ready = replica.holds(0).await;
    assert_eq!(ready["details"]["partitions"], "none: other replicas judge all of them");
    assert_eq!(ready["checks"]["engine"], "ok");
    eventually("its workers end", async || (replica.metric("iskra_engine_subjects").await? == 0.0).then_some(())).await;
    eventually("what is not judged is not shown", async || replica.metric(shown).await.is_none().then_some(())).await;
    assert_eq!(replica.metric("iskra_engine_fenced_total").await, Some(0.0));
    replica.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fence_that_was_taken_ends_a_worker_and_not_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::start(folder.path()).await;
    replica.holds(PARTITIONS).await;
    for partition in (0..PARTITIONS).map(Partition) {
        replica.log.claim(partition).await.unwrap();
    }
    push_pain(&*replica.log, &subjects(0), 0.95).await;
    eventually("it has noticed", async || {
        (replica.metric("iskra_engine_fenced_total").await? == f64::from(PARTITIONS)).then_some(())
    })
    .await;
    // The partitions are still its own: it takes them back, and judges what it could not write.
    each_is_told_once(&*replica.log, &subjects(0)).await;
    replica.holds(PARTITIONS).await;
    the_events_are_those_of_a_replay(&*replica.log).await;
    replica.stop().await;
}

/// Of whom nothing was told is not saved with those of whom something was: whoever takes over comes to it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moved_without_a_word_is_not_lost_with_who_judged_it() {
    let folder = tempfile::tempdir().unwrap();
    let one = Replica::start(folder.path()).await;
    one.holds(PARTITIONS).await;
    let log = one.log.clone();
    let subject = |n: u32| Subject::new(&format!("agent-{n}")).unwrap();
    let partition = partition_of(&subject(0), PARTITIONS);
    let mut others = (1..).map(subject).filter(|other| partition_of(other, PARTITIONS) == partition);
    let sample = |subject, pain| {
        let vitals = Vitals::default().with(Vital::Pain, Score::new(pain).unwrap());
        Sample { subject, at: log.now(), vitals, signals: Signals::new() }
    };
    // Each is told of with its first sample. Now and then all are saved; not with every commit.
    let mut pain = 0.3;
    push_pain(&*log, &subjects(100), pain).await;
    log.append(vec![sample(subject(0), pain)]).await.unwrap();
    eventually("it is known", async || log.subject_state(&subject(0)).await.unwrap()).await;
    let through = loop {
        pain += 0.001;
        log.append(vec![sample(subject(0), pain), sample(others.next().unwrap(), 0.3)]).await.unwrap();
        let last = log.heads().await.unwrap().seq(partition);
        let state = eventually("it is judged", async || {
            let state = log.engine_state(partition).await.unwrap();
            (state.through >= last).then_some(state)
        });
        let state = state.await;
        if state.saved_through < state.through {
            break state.through;
        }
    };
    let saved = async || log.subject_state(&subject(0)).await.unwrap().unwrap().1;
    one.kill().await;
    let value = format!("\"value\":{pain}");
    assert!(!saved().await.contains(&value), "or there is nothing to be lost");

    let other = Replica::start(folder.path()).await;
    other.holds(PARTITIONS).await;
    eventually("all is saved", async || {
        let state = log.engine_state(partition).await.unwrap();
        assert!(state.through >= through, "an engine does not go back");
        (state.saved_through >= through).then_some(())
    })
    .await;
    assert!(saved().await.contains(&value));
    the_events_are_those_of_a_replay(&*other.log).await;
    other.stop().await;
}
