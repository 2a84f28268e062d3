//! One of two engines dies or hangs: until the other judges everything.

use std::time::{Duration, Instant};

use super::Production;
use super::servers::PARTITIONS;
use super::until;
use crate::Bench;
use crate::report::{Report, Row, spread};

/// How often each of both.
const TIMES: usize = 5;
/// What an engine says of itself.
const HELD: &str = "iskra_engine_partitions";

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut production = Production::start(bench, 2, &[]).await?;
    let mut dead = Vec::new();
    for time in 0..TIMES {
        share(&production).await?;
        let engine = time % 2;
        let start = Instant::now();
        production.engines[engine].kill()?;
        dead.push(judged(&production, &format!("dead-{time}"), start).await?);
        production.engines[engine].restart()?;
    }
    tell(report, "kill -9", &dead)?;
    let mut held = Vec::new();
    for time in 0..TIMES {
        share(&production).await?;
        let engine = &production.engines[time % 2];
        let start = Instant::now();
        engine.signal("STOP")?;
        held.push(judged(&production, &format!("held-{time}"), start).await?);
        engine.signal("CONT")?;
    }
    tell(report, "SIGSTOP", &held)
}

/// Since `start`, until every partition is judged.
async fn judged(production: &Production, word: &str, start: Instant) -> anyhow::Result<Duration> {
    production.probe(word).wait().await?;
    Ok(start.elapsed())
}

/// Waits until each engine has its half.
async fn share(production: &Production) -> anyhow::Result<()> {
    let half = f64::from(PARTITIONS / 2);
    for engine in &production.engines {
        until("both engines have a half", async || (engine.metric(HELD).await.ok()? == half).then_some(())).await?;
    }
    Ok(())
}

fn tell(report: &mut Report, what: &str, took: &[Duration]) -> anyhow::Result<()> {
    report.add(Row {
        what: format!("production: {what} of one slo-engine of two → every partition is judged"),
        aim: "≤ 3 s",
        figure: spread(took),
        ..Row::default()
    })
}
