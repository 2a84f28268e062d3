//! From a critical sample until the webhook behind a real Alertmanager is called.

mod prometheus;

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::Context as _;
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use test_support::{Alertmanager, Notified, WebhookReceiver};

use crate::Bench;
use crate::connection::Connection;
use crate::report::{Report, Row, histogram, millis, quantiles, record};
use crate::samples::{self, now};

/// Subjects that are hurt, one after the other; the first few warm up.
const SUBJECTS: usize = 105;
const WARM_UP: usize = 5;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let webhook = WebhookReceiver::start().await?;
    let alertmanager = Alertmanager::start(webhook.url()).await?;
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let suite = bench.start_quiet(&["--set", &urls])?;
    let (paged, page) = hurt(suite.pulse, &webhook).await?;
    suite.stop()?;
    let limit = directly(&alertmanager, &webhook, &page).await?;
    tell(report, "P0 sample sent → webhook behind Alertmanager", &paged, &limit)?;
    prometheus::measure(bench, report, &alertmanager, &webhook, &paged).await
}

/// Hurts one subject after the other; answers how long each page took, and the last one.
pub(crate) async fn hurt(pulse: SocketAddr, webhook: &WebhookReceiver) -> anyhow::Result<(Histogram<u64>, Notified)> {
    let mut pulse = Connection::open(pulse).await?;
    let mut paged = histogram();
    let mut page = None;
    for index in 0..SUBJECTS {
        let subject = format!("hurt-{index}");
        let start = Instant::now();
        let sample = json!({"subject": subject, "at": now(), "pain": 0.95});
        pulse.post(samples::PATH, sample.to_string()).await?;
        page = Some(webhook.wait_for(|page| is_about(page, &subject)).await?);
        if index >= WARM_UP {
            record(&mut paged, start.elapsed());
        }
    }
    Ok((paged, page.context("nobody was paged")?))
}

/// How long the same alerts take without us.
pub(crate) async fn directly(
    alertmanager: &Alertmanager,
    webhook: &WebhookReceiver,
    page: &Notified,
) -> anyhow::Result<Histogram<u64>> {
    let address = alertmanager.url().trim_start_matches("http://").parse()?;
    let mut direct = Connection::open(address).await?;
    let mut limit = histogram();
    for index in 0..SUBJECTS {
        let subject = format!("direct-{index}");
        let start = Instant::now();
        direct.post("/api/v2/alerts", same(page, &subject).to_string()).await?;
        webhook.wait_for(|page| is_about(page, &subject)).await?;
        if index >= WARM_UP {
            record(&mut limit, start.elapsed());
        }
    }
    Ok(limit)
}

/// Adds the row.
pub(crate) fn tell(
    report: &mut Report,
    what: &str,
    paged: &Histogram<u64>,
    limit: &Histogram<u64>,
) -> anyhow::Result<()> {
    report.add(Row {
        what: what.to_owned(),
        aim: "p99 ≤ 15 ms",
        figure: quantiles(paged),
        limit: format!("the same alert posted to Alertmanager: {}", quantiles(limit)),
        ratio: Some(millis(paged, 0.5) / millis(limit, 0.5)),
    })
}

fn is_about(page: &Notified, subject: &str) -> bool {
    page.status == "firing" && page.labels.get("subject").is_some_and(|label| label == subject)
}

/// The same alert on another subject, as Alertmanager takes it.
fn same(page: &Notified, subject: &str) -> Value {
    let mut labels = page.labels.clone();
    labels.insert("subject".to_owned(), subject.to_owned());
    json!([{
        "labels": labels, "annotations": page.annotations, "generatorURL": page.generator_url,
        "startsAt": now(), "endsAt": now().plus(std::time::Duration::from_secs(60)),
    }])
}
