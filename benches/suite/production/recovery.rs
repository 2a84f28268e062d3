//! Each part is killed under load and started again: from its start until it does its work.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::load::Load;
use super::{Production, Service, until};
use crate::Bench;
use crate::report::{Report, Row, spread};
use crate::samples::now;
use crate::viewer::Viewer;

/// How often each part dies.
const TIMES: usize = 5;
/// What the load must achieve between two deaths, so that each falls into a full stream.
const BETWEEN: u64 = 1_000;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut production = Production::start(bench, 1, &[]).await?;
    let before = production.servers.stored().await?;
    let load = Load::start(production.pulse.address);
    for part in [Part::Pulse, Part::Seams, Part::Voices, Part::Engine, Part::Postgres, Part::Redis] {
        let (mut took, mut alone) = (Vec::new(), Vec::new());
        for time in 0..TIMES {
            let enough = load.acknowledged() + BETWEEN;
            until("samples are taken", async || (load.acknowledged() >= enough).then_some(())).await?;
            let (lives, starts) = part.dies(&mut production, time).await?;
            took.push(lives);
            alone.extend(starts);
        }
        report.add(Row {
            what: format!("production: kill -9 of {}, its start → {}", part.name(), part.lives()),
            aim: "≤ 3 s",
            figure: spread(&took),
            limit: if alone.is_empty() { String::new() } else { format!("it answers by itself: {}", spread(&alone)) },
            ratio: None,
        })?;
    }
    let acknowledged = load.stop().await;
    let stored = production.servers.stored().await? - before;
    anyhow::ensure!(stored >= acknowledged, "{acknowledged} samples were acknowledged, {stored} are stored");
    report.note("— acknowledged during all this", format!("{acknowledged} samples; {stored} are stored"))
}

#[derive(Clone, Copy)]
enum Part {
    Pulse,
    Seams,
    Voices,
    Engine,
    Postgres,
    Redis,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Pulse => "pulse",
            Self::Seams => "seams",
            Self::Voices => "voices",
            Self::Engine => "slo-engine",
            Self::Postgres => "PostgreSQL",
            Self::Redis => "Redis",
        }
    }

    /// How it is known that it works.
    const fn lives(self) -> &'static str {
        match self {
            Self::Pulse | Self::Seams | Self::Voices => "a new sample reaches its viewer",
            Self::Engine => "every partition is judged",
            Self::Postgres => "a sample is acknowledged, judged, and shown by seams",
            Self::Redis => "seams says that the stream is live",
        }
    }

    /// Kills it and starts it again. Answers how long it took until it does its work, and of a server also until it
    /// answers by itself.
    async fn dies(self, production: &mut Production, time: usize) -> anyhow::Result<(Duration, Option<Duration>)> {
        let word = format!("{}-{time}", self.name().to_lowercase());
        let seams = production.seams.address;
        let mut answers = None;
        let start = match self {
            Self::Pulse => shows_again(&mut production.pulse).await?,
            Self::Seams => shows_again(&mut production.seams).await?,
            Self::Voices => shows_again(&mut production.voices).await?,
            Self::Engine => {
                production.engines[0].kill()?;
                let start = Instant::now();
                production.engines[0].restart()?;
                production.probe(&word).wait().await?;
                start
            }
            Self::Postgres => {
                production.servers.postgres.kill().await?;
                let start = Instant::now();
                production.servers.postgres.restart().await?;
                answers = Some(start.elapsed());
                production.probe(&word).wait().await?;
                is_live(seams).await?;
                start
            }
            Self::Redis => {
                let mut viewer = Viewer::open(seams, "").await?;
                production.servers.redis.kill()?;
                viewer.wait_for(|frame| frame.bus == Some("polling")).await?;
                let start = Instant::now();
                production.servers.redis.restart().await?;
                answers = Some(start.elapsed());
                viewer.wait_for(|frame| frame.bus == Some("live")).await?;
                start
            }
        };
        Ok((start.elapsed(), answers))
    }
}

/// Kills a dashboard, starts it again, and waits until it shows what is new; answers when it was started.
async fn shows_again(dashboard: &mut Service) -> anyhow::Result<Instant> {
    dashboard.kill()?;
    let start = Instant::now();
    dashboard.restart()?;
    is_live(dashboard.address).await?;
    Ok(start)
}

/// Waits until a viewer of the service has a sample that was sent after this call.
async fn is_live(service: SocketAddr) -> anyhow::Result<()> {
    let start = now();
    let (mut viewer, _) = until("a viewer is let in", async || Viewer::open(service, "").await.ok()).await?;
    viewer.wait_for(|frame| frame.samples.iter().any(|sample| sample.at >= start)).await
}
