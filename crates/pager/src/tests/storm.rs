//! When more alerts fire at once than fit into one page of the log or one request.

use domain::{Alert, Priority};
use serde_json::Value;
use test_support::DEADLINE;

use super::fake::Fake;
use super::{NEVER, Running, new_alert};

/// More than a page of the log.
const STORM: usize = 2_500;

fn stale(number: usize) -> Alert {
    Alert {
        id: format!("0-{number}.stale"),
        subject: format!("agent-{number}").parse().unwrap(),
        priority: Priority::P1,
        ..new_alert("SubjectStale")
    }
}

#[tokio::test]
async fn a_p0_is_not_pushed_out_by_a_storm_that_comes_after_it() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], NEVER, DEADLINE).await;
    // The first set, an empty one, is all that is handed over before.
    fake.wait_for(|sets| sets.len() == 1).await;
    let mut alerts = vec![new_alert("PainCriticalHigh")];
    alerts.extend((0..STORM).map(stale));
    running.conclude(&alerts).await;
    let handed = |sets: &[Value]| sets.iter().map(|set| set.as_array().unwrap().len()).sum::<usize>();
    fake.wait_for(|sets| handed(sets) == STORM + 1).await;
    let sets = fake.sets();
    assert!(sets.iter().all(|set| set.as_array().unwrap().len() <= 1_000), "no request is too large");
    assert_eq!(sets[1][0]["labels"]["alertname"], "PainCriticalHigh", "the most urgent goes first");
    assert_eq!(running.metric("iskra_pager_truncated"), 0.0);

    // Nor when all is repeated, as it is at the end.
    running.stop().await;
    let last = &fake.sets()[sets.len()..];
    assert_eq!(handed(last), STORM + 1);
    assert_eq!(last[0][0]["labels"]["alertname"], "PainCriticalHigh");
}
