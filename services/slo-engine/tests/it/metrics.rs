use crate::replica::{PARTITIONS, Replica, eventually, push_pain};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_happen_is_counted_from_zero() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::start(folder.path()).await;
    for series in [
        "iskra_actions_taken_total{action=\"emergency_recovery\"}",
        "iskra_actions_suppressed_total{action=\"emergency_recovery\",reason=\"cooldown\"}",
        "iskra_symbols_performed_total{symbol=\"play\"}",
        "iskra_symbols_suppressed_total{reason=\"cooldown\",symbol=\"play\"}",
    ] {
        assert_eq!(replica.metric(series).await, Some(0.0), "{series}");
    }
    replica.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_objective_tells_what_it_asks_and_how_much_of_it_was_measured() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::start(folder.path()).await;
    replica.holds(PARTITIONS).await;
    push_pain(&*replica.log, &["agent-1".to_owned()], 0.95).await;
    let of_pain = async |name: &str| replica.metric(&format!("{name}{{subject=\"agent-1\",vital=\"pain\"}}")).await;
    let objective = eventually("it is told", async || of_pain("iskra_slo_objective_ratio").await).await;
    assert_eq!(objective, 0.99);
    // One sample in 30 days.
    let measured = of_pain("iskra_slo_measured_ratio").await.unwrap();
    assert!((0.0..0.001).contains(&measured), "{measured}");
    assert!(of_pain("iskra_slo_budget_remaining_ratio").await.is_some());
    assert_eq!(of_pain("iskra_level").await, Some(2.0));
    replica.stop().await;
}
