use domain::{About, ArtifactStatus, Command, Experiment, Outcome, Simulated, Subject};
use durable_log::partition_of;
use serde_json::json;

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
        "iskra_experiments_total{change=\"released\"}",
        "iskra_experiment_outcomes_total{outcome=\"limit\"}",
        "iskra_artifacts_total{status=\"BLOCK\"}",
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn experiments_are_counted_by_what_became_of_them_and_artifacts_by_their_status() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::start(folder.path()).await;
    replica.holds(PARTITIONS).await;
    let (lab, by) = (Subject::new("lab-1").unwrap(), "Ann".to_owned());
    let tell = async |command: Command| replica.log.append_command(lab.clone(), command).await.unwrap();
    let wish = |name: &str| Command::Experiment {
        name: name.to_owned(),
        simulated: Some(Simulated::Inbox),
        seconds: 60,
        stop: Vec::new(),
        by: by.clone(),
    };
    let seq = tell(wish("play")).await;
    tell(wish("another")).await;
    let experiment = Experiment::id_of(partition_of(&lab, PARTITIONS).0, seq);
    let about = About { experiment: Some(experiment.clone()), ..About::default() };
    tell(Command::Record { status: ArtifactStatus::Warn, about, by: by.clone(), record: json!({}) }).await;
    tell(Command::Conclude { experiment, outcome: Outcome::Stopped, by: Some(by.clone()), note: String::new() }).await;
    // Nobody had spoken for it before: this is somebody else.
    push_pain(&*replica.log, &[lab.to_string()], 0.3).await;
    let released = "iskra_experiments_total{change=\"released\"}";
    eventually("it is released", async || replica.metric(released).await.filter(|count| *count == 1.0)).await;
    for (series, count) in [
        ("iskra_experiments_total{change=\"begun\"}", 1.0),
        ("iskra_experiments_total{change=\"refused\"}", 1.0),
        ("iskra_experiments_total{change=\"ended\"}", 1.0),
        ("iskra_experiments_total{change=\"steered\"}", 0.0),
        ("iskra_experiment_outcomes_total{outcome=\"refused\"}", 1.0),
        ("iskra_experiment_outcomes_total{outcome=\"stopped\"}", 1.0),
        ("iskra_experiment_outcomes_total{outcome=\"lost\"}", 0.0),
        ("iskra_artifacts_total{status=\"WARN\"}", 1.0),
        ("iskra_artifacts_total{status=\"OK\"}", 0.0),
    ] {
        assert_eq!(replica.metric(series).await, Some(count), "{series}");
    }
    replica.stop().await;
}
