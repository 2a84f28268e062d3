//! From the moment at which a sample was due to be sent until viewers of two services have it.

use super::Production;
use crate::Bench;
use crate::bare::Bare;
use crate::latency::{VIEWERS, look};
use crate::pace;
use crate::report::{Report, Row, millis, quantiles};

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for viewers in VIEWERS {
        let bare = Bare::start()?;
        let limit = look(bare.address, bare.address, viewers).await?;
        drop(bare);
        let production = Production::start(bench, 1, &[]).await?;
        for service in [&production.pulse, &production.seams] {
            let seen = look(production.pulse.address, service.address, viewers).await?;
            report.add(Row {
                what: format!(
                    "production: sample due → {viewers} viewers of {} have it, {}/s",
                    service.name,
                    pace::RATE
                ),
                aim: "p99 ≤ 10 ms",
                figure: quantiles(&seen.delivered),
                limit: format!("axum broadcast, not stored: {}", quantiles(&limit.delivered)),
                ratio: Some(millis(&seen.delivered, 0.99) / millis(&limit.delivered, 0.99)),
            })?;
            report.note("— sample due → acknowledged", quantiles(&seen.acknowledged))?;
        }
    }
    Ok(())
}
