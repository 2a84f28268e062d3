//! From a critical sample to Pulse until the webhook behind a real Alertmanager is called, by an engine in a process of
//! its own.

use test_support::{Alertmanager, WebhookReceiver};

use super::Production;
use crate::Bench;
use crate::paging::{directly, hurt, tell};
use crate::report::Report;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let webhook = WebhookReceiver::start().await?;
    let alertmanager = Alertmanager::start(webhook.url()).await?;
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let production = Production::start(bench, 1, &[&urls]).await?;
    let (paged, page) = hurt(production.pulse.address, &webhook).await?;
    drop(production);
    let limit = directly(&alertmanager, &webhook, &page).await?;
    tell(report, "production: P0 sample sent → webhook behind Alertmanager", &paged, &limit)
}
