//! Pulse asks a Prometheus, which watches something real: Pulse.

use std::collections::BTreeSet;
use std::path::Path;

use domain::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};
use test_support::{Postgres, Prometheus, free_port, use_tls};

use super::metrics::metric;
use crate::production::service::Service;
use crate::suite::{PATIENCE, Suite, eventually};

/// The sources of a Pulse that asks the Prometheus at `address` once a second.
fn write_sources(folder: &Path, address: &str) {
    let host = "host: { pain: { combine: max, inputs: [{ figure: load, points: [[0, 0.2], [1, 0.4]] }] } }";
    let queries = "[{ query: up, vital: clarity, points: [[0, 0], [1, 0.75]] }, { query: 3 * up, signal: replicas }]";
    let source = format!("{{ name: real, url: 'http://{address}', every: 1s, subject: job, queries: {queries} }}");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("sources.yml"), format!("{host}\npromql:\n  - {source}\n")).unwrap();
}

/// A Prometheus that scrapes the service at `target` under the name of `watched`.
async fn prometheus(folder: &Path, address: &str, target: &str) -> Prometheus {
    let target = target.trim_start_matches("http://");
    let job = json!({"job_name": "watched", "static_configs": [{"targets": [target]}]});
    let configuration = json!({"global": {"scrape_interval": "1s"}, "scrape_configs": [job]});
    // JSON is YAML, too.
    std::fs::write(folder.join("prometheus.yml"), configuration.to_string()).unwrap();
    Prometheus::start_at(address, &folder.join("prometheus.yml")).await.unwrap()
}

/// The moments of the samples at this Pulse, each of which is as it should be.
async fn moments(client: &Client, pulse: &str) -> BTreeSet<Timestamp> {
    let url = format!("{pulse}/api/v1/subjects/watched/history");
    let answer = client.get(url).send().await.unwrap().json::<Value>().await.unwrap();
    let samples = answer["history"]["samples"].as_array().cloned().unwrap_or_default();
    let moment = |mut sample: Value| {
        let at = sample.as_object_mut().unwrap().remove("at").unwrap().as_str().unwrap().parse::<Timestamp>().unwrap();
        assert_eq!(sample, json!({"subject": "watched", "clarity": 0.75, "signals": {"replicas": 3.0}}));
        assert_eq!(at.as_micros() % 1_000_000, 0, "not of its own accord, but as of {at}");
        at
    };
    samples.into_iter().map(moment).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prometheus_is_asked_while_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("127.0.0.1:{}", free_port().unwrap());
    let config = folder.path().join("config");
    write_sources(&config, &address);
    // It becomes ready: that nobody answers there is nothing that people who send samples would have to know.
    let suite = Suite::start(&folder.path().join("data"), &["--config", config.to_str().unwrap()]).await;
    assert!(moments(&suite.client, &suite.pulse).await.is_empty());

    let running = prometheus(folder.path(), &address, &suite.pulse).await;
    eventually("two moments are stored", async || {
        (moments(&suite.client, &suite.pulse).await.len() >= 2).then_some(())
    })
    .await;
    drop(running);
    let failed = async || metric(&suite, "iskra_promql_polls_total{outcome=\"failed\",source=\"real\"}").await;
    let before = failed().await;
    eventually("its absence is counted", async || (failed().await >= before + 2.0).then_some(())).await;
    let ready = suite.client.get(format!("{}/-/ready", suite.pulse)).send().await.unwrap();
    assert!(ready.status().is_success());
    let known = moments(&suite.client, &suite.pulse).await;

    let _running = prometheus(folder.path(), &address, &suite.pulse).await;
    let after = eventually("more are stored", async || {
        let moments = moments(&suite.client, &suite.pulse).await;
        (moments.len() >= known.len() + 2).then_some(moments)
    })
    .await;
    let new: Vec<_> = after.difference(&known).collect();
    assert!(*new[0] >= known.last().unwrap().plus(std::time::Duration::from_secs(3)), "nothing is made up for the gap");
    let last = metric(&suite, "iskra_promql_last_success_timestamp_seconds{source=\"real\"}").await;
    assert!(last >= new[0].since(Timestamp::default()).as_secs_f64());
    assert_eq!(suite.stop().await, Some(0), "polling holds nobody up");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_make_one_sample_of_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("127.0.0.1:{}", free_port().unwrap());
    write_sources(&folder.path().join("config"), &address);
    use_tls();
    let postgres = Postgres::shared().await.unwrap();
    let database = postgres.create_database().await.unwrap();
    let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
    let settings = [("storage.url", database.as_str()), ("log.filter", "warn")];
    let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let start = |name: &str| Service::start(&client, folder.path(), "pulse", name, &settings);
    let pulses = [start("pulse-1"), start("pulse-2")];
    for pulse in &pulses {
        pulse.ready().await;
    }
    let running = prometheus(folder.path(), &address, &pulses[0].url).await;
    let counted = async |metric: &str, labels: &str| {
        let [one, other] = [&pulses[0], &pulses[1]].map(async |pulse| pulse.metric(metric, labels).await.unwrap());
        (one.await, other.await)
    };
    let stored = eventually("both have stored some moments", async || {
        let (one, other) = counted("iskra_promql_polls_total", "stored").await;
        let (duplicate, also) = counted("iskra_ingest_samples_total", "duplicate").await;
        (one >= 3.0 && other >= 3.0 && duplicate + also >= 2.0).then_some(())
    });
    stored.await;
    drop(running);
    // What was under way has ended when the next one has failed.
    let (one, other) = counted("iskra_promql_polls_total", "failed").await;
    eventually("both know that it is gone", async || {
        let (now, also) = counted("iskra_promql_polls_total", "failed").await;
        (now > one && also > other).then_some(())
    })
    .await;
    let (one, other) = counted("iskra_ingest_samples_total", "accepted").await;
    assert_eq!(one + other, f64::from(u32::try_from(moments(&client, &pulses[1].url).await.len()).unwrap()));
}
