//! The same failure told by Prometheus: from the moment at which a bad value can be read until the webhook behind the
//! same Alertmanager is called.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::Router;
use axum::routing::get;
use hdrhistogram::Histogram;
use test_support::{Alertmanager, Notified, Prometheus, WebhookReceiver, free_port};
use tokio::net::TcpListener;

use crate::Bench;
use crate::report::{Report, Row, histogram, millis, quantiles, record};

/// How often it reads values and evaluates rules.
const INTERVALS: [&str; 2] = ["1s", "100ms"];
/// When it reads and when it evaluates is drawn anew with each start.
const STARTS: usize = 3;
/// Of each start, after one that waits until it has begun to read: it gives itself five seconds.
const FAILURES: usize = 4;
/// Of a second: multiples of it fall evenly into every interval. A webhook is called at the same place of one each time,
/// so that failures without a pause would be at the same place too.
const GOLDEN: f64 = 0.618_034;

pub(super) async fn measure(
    bench: &Bench,
    report: &mut Report,
    alertmanager: &Alertmanager,
    webhook: &WebhookReceiver,
    iskra: &Histogram<u64>,
) -> anyhow::Result<()> {
    for interval in INTERVALS {
        let mut took = histogram();
        for start in 0..STARTS {
            told(bench, interval, start, (alertmanager, webhook), &mut took).await?;
        }
        report.add(Row {
            what: format!("bad value to be read → webhook: Prometheus, every {interval}, same Alertmanager"),
            aim: "",
            figure: quantiles(&took),
            limit: format!("Iskra, sample sent: {}", quantiles(iskra)),
            ratio: Some(millis(&took, 0.5) / millis(iskra, 0.5)),
        })?;
    }
    Ok(())
}

async fn told(
    bench: &Bench,
    interval: &str,
    start: usize,
    (alertmanager, webhook): (&Alertmanager, &WebhookReceiver),
    took: &mut Histogram<u64>,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(bench.folder.path())?;
    let exposed = Exposed::default();
    let target = exposed.serve().await?;
    let configuration = configure(folder.path(), interval, target, alertmanager)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?)).to_string();
    let _prometheus = Prometheus::start_at(&address, &configuration).await?;
    for failure in 0..=FAILURES {
        tokio::time::sleep(Duration::from_secs_f64((GOLDEN * (start * FAILURES + failure) as f64).fract())).await;
        let subject = format!("read-every-{interval}-{start}-{failure}");
        let hurt = Instant::now();
        exposed.hurt(&subject);
        webhook.wait_for(|page: &Notified| super::is_about(page, &subject)).await?;
        if failure > 0 {
            record(took, hurt.elapsed());
        }
    }
    Ok(())
}

/// What can be read.
#[derive(Clone, Default)]
struct Exposed(Arc<Mutex<String>>);

impl Exposed {
    /// Answers it at a free port.
    async fn serve(&self) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let texts = self.clone();
        let read = move || async move { texts.0.lock().unwrap_or_else(PoisonError::into_inner).clone() };
        let router = Router::new().route("/metrics", get(read));
        // It ends with the process: a dozen requests a second disturb nothing after it.
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    fn hurt(&self, subject: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(&format!("pain{{subject=\"{subject}\"}} 0.95\n"));
    }
}

fn configure(
    folder: &Path,
    interval: &str,
    target: SocketAddr,
    alertmanager: &Alertmanager,
) -> anyhow::Result<std::path::PathBuf> {
    let rules = folder.join("rules.yml");
    let rule = "groups: [{name: pain, rules: [{alert: Pain, expr: 'pain >= 0.7', labels: {priority: P0}}]}]\n";
    std::fs::write(&rules, rule)?;
    let file = folder.join("prometheus.yml");
    let alertmanager = alertmanager.url();
    let alertmanager = alertmanager.strip_prefix("http://").context("it speaks HTTP")?;
    let text = format!(
        "\
global: {{scrape_interval: {interval}, scrape_timeout: {interval}, evaluation_interval: {interval}}}
rule_files: ['{}']
scrape_configs: [{{job_name: hurt, static_configs: [{{targets: ['{target}']}}]}}]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}
",
        rules.display()
    );
    std::fs::write(&file, text)?;
    Ok(file)
}
