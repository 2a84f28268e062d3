//! Of several pagers over one log, each speaks of its own partitions only.

use std::sync::Arc;
use std::time::Duration;

use domain::{Alert, Subject};
use durable_log::{Log as _, Partition, partition_of};
use test_support::DEADLINE;
use tokio::time::{Instant, advance};

use super::fake::{Answer, Fake, names};
use super::{NEVER, Running, critical_pain, eventually, new_alert};
use crate::Held;
use crate::set::{Set, told};

const OFTEN: Duration = Duration::from_millis(50);
const ONLY: Partition = Partition(0);

fn in_an_hour() -> Instant {
    Instant::now() + NEVER
}

#[test]
fn an_alert_of_a_partition_that_is_not_held_is_left_out() {
    let of = |subject: &str| Alert { subject: Subject::new(subject).unwrap(), ..critical_pain() };
    let subjects = ["agent-1", "agent-2", "agent-3", "agent-4"];
    let set = Arc::new(Set { steps: told(subjects.map(of).into()), truncated: true });
    let held = Held::new(2);
    assert!(set.held(&held).steps.is_empty(), "nothing is held at first");
    held.renew(vec![Partition(1)], in_an_hour());
    let mine: Vec<_> = set.steps.iter().filter(|step| partition_of(&step.alert.subject, 2).0 == 1).cloned().collect();
    assert!((1..4).contains(&mine.len()), "both partitions have some");
    assert_eq!((&set.held(&held).steps, set.held(&held).truncated), (&mine, true));
    held.renew(vec![Partition(0), Partition(1)], in_an_hour());
    assert_eq!(set.held(&held).steps, set.steps);
}

#[tokio::test(start_paused = true)]
async fn a_lease_ends_in_time() {
    let held = Held::new(1);
    held.renew(vec![ONLY], Instant::now() + Duration::from_secs(2));
    advance(Duration::from_millis(1_999)).await;
    assert_eq!(held.partitions(), [ONLY]);
    advance(Duration::from_millis(1)).await;
    assert_eq!(held.partitions(), []);
}

#[tokio::test(start_paused = true)]
async fn while_the_log_fails_a_lease_does_not_end() {
    let held = Held::new(1);
    held.renew(vec![ONLY], Instant::now() + Duration::from_secs(2));
    advance(Duration::from_secs(1)).await;
    held.keep_while_the_log_fails();
    advance(NEVER).await;
    held.keep_while_the_log_fails();
    assert_eq!(held.partitions(), [ONLY]);
    // The log is back, and another one was faster.
    held.renew(Vec::new(), in_an_hour());
    assert_eq!(held.partitions(), []);
}

#[tokio::test(start_paused = true)]
async fn who_was_stopped_holds_nothing_whatever_the_log_does_then() {
    let held = Held::new(1);
    held.renew(vec![ONLY], Instant::now() + Duration::from_secs(2));
    advance(Duration::from_secs(5)).await;
    held.keep_while_the_log_fails();
    assert_eq!(held.partitions(), []);
}

#[tokio::test]
async fn after_the_lease_is_lost_nothing_more_is_sent() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], OFTEN, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh"])).await;
    running.held.renew(Vec::new(), in_an_hour());
    // One may be under way.
    let before = fake.sets().len() + 1;
    fake.wait_for(|sets| sets.len() >= before + 3).await;
    assert!(fake.sets()[before..].iter().all(|set| names(set).is_empty()));
    assert_eq!(running.metric("iskra_pager_alerts{state=\"firing\"}"), 0.0);
    running.stop().await;
    assert!(fake.sets()[before..].iter().all(|set| names(set).is_empty()), "nor when it stops");
}

#[tokio::test]
async fn a_new_attempt_does_not_repeat_what_is_not_held_any_more() {
    let fake = Fake::start([Answer::Status(200), Answer::Never]).await;
    let running = Running::start(&[&fake.url], NEVER, Duration::from_millis(200)).await;
    fake.wait_for(|sets| sets.len() == 1).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    fake.wait_for(|sets| sets.len() == 2).await;
    assert_eq!(names(&fake.sets()[1]), ["PainCriticalHigh"]);
    // The attempt hangs; the pager itself does not hear of the loss before the next one.
    running.held.renew(Vec::new(), in_an_hour());
    fake.wait_for(|sets| sets.len() == 3).await;
    assert!(names(&fake.sets()[2]).is_empty());
    running.stop().await;
}

#[tokio::test]
async fn who_takes_over_hands_over_the_whole_set_at_once() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], NEVER, DEADLINE).await;
    running.held.renew(Vec::new(), in_an_hour());
    running.conclude(&[new_alert("First"), new_alert("Second")]).await;
    let times = || fake.sets().iter().filter(|set| names(set).len() == 2).count();
    let firing = || running.metric("iskra_pager_alerts{state=\"firing\"}");
    running.held.renew(vec![ONLY], in_an_hour());
    running.pager.wake();
    eventually("both are handed over", || times() == 1).await;
    // Lost and taken over again: nothing has changed but who speaks. The loss may be too short to be noticed.
    let again = async {
        while times() == 1 {
            running.held.renew(Vec::new(), in_an_hour());
            running.pager.wake();
            eventually("they are left out", || firing() == 0.0).await;
            running.held.renew(vec![ONLY], in_an_hour());
            running.pager.wake();
            eventually("they are back", || firing() == 2.0).await;
        }
    };
    tokio::time::timeout(DEADLINE, again).await.expect("both are handed over again");
    running.stop().await;
}

#[tokio::test]
async fn while_the_log_fails_the_last_set_is_repeated_beyond_the_lease() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], OFTEN, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh"])).await;
    running.log.close().await;
    let end = Instant::now() + OFTEN;
    running.held.renew(vec![ONLY], end);
    running.held.keep_while_the_log_fails();
    tokio::time::sleep_until(end).await;
    let before = fake.sets().len();
    fake.wait_for(|sets| sets.len() >= before + 3).await;
    assert!(fake.sets()[before..].iter().all(|set| names(set) == ["PainCriticalHigh"]));
    running.stop().await;
}
