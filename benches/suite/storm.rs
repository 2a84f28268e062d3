//! Everybody comes at once: how soon all have the present, and what that costs a producer who goes on.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use hdrhistogram::Histogram;
use tokio::task::JoinHandle;

use crate::Bench;
use crate::crowd::{Crowd, Step};
use crate::peers::{Peer, Server, text_frame};
use crate::publisher::{Load, publish};
use crate::report::{Report, Row, millis, quantiles};
use crate::viewer::Viewer;

const VIEWERS: [usize; 2] = [1_000, 5_000];
/// What the producer sends meanwhile, each sample in a request of its own.
const LOAD: Load = Load { rate: 1_000.0, gather: Duration::ZERO, length: Duration::from_secs(3) };
/// Sent before the viewers come, so that there is something to see and the storm begins in the midst of it.
const BEFORE: Duration = Duration::from_millis(500);

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for viewers in VIEWERS {
        let bare = Peer::Bare.start(bench, report).await?.context("it is built in")?;
        let limit = storm(&bare, &bare.steps, viewers).await?.1;
        drop(bare);
        let server = Peer::Iskra.start(bench, report).await?.context("it is built in")?;
        let calm = publish(server.door.clone(), LOAD).await?;
        let sending = send(&server).await;
        let (mut crowd, storm) = storm(&server, &server.steps, viewers).await?;
        let acknowledged = sending.await??;
        tell(report, &format!("{viewers} viewers connect at once → all have the present"), &storm, &limit)?;
        producer(report, &format!("— sample due → acknowledged, {viewers} come meanwhile"), &acknowledged, &calm)?;

        let cursor = Viewer::cursor(server.viewers).await?;
        crowd.leave()?;
        drop(crowd);
        let wants =
            format!(r#"{{"type":"subscribe","channels":["clarity","chaos","trust","pain"],"resume":"{cursor}"}}"#);
        let mut steps = server.steps.clone();
        *steps.last_mut().context("the subscription")? = Step { says: text_frame(&wants), hears: br#""resumed":true"# };
        let sending = send(&server).await;
        let (mut crowd, storm) = self::storm(&server, &steps, viewers).await?;
        let acknowledged = sending.await??;
        crowd.leave()?;
        tell(report, &format!("{viewers} viewers are cut off and come back → all have resumed"), &storm, &limit)?;
        producer(report, &format!("— sample due → acknowledged, {viewers} come back meanwhile"), &acknowledged, &calm)?;
    }
    Ok(())
}

/// What a storm took.
struct Storm {
    /// Until the last one was there.
    all: Duration,
    each: Histogram<u64>,
    /// Of the server.
    cpu: Duration,
}

async fn storm(server: &Server, steps: &[Step], viewers: usize) -> anyhow::Result<(Crowd, Storm)> {
    let before = server.process.on_cpu()?;
    let start = Instant::now();
    let crowd = Crowd::gather(server.viewers, steps, viewers, viewers).await?;
    let all = start.elapsed();
    let cpu = server.process.on_cpu()?.saturating_sub(before);
    let each = crowd.opened.clone();
    Ok((crowd, Storm { all, each, cpu }))
}

/// Begins to send.
async fn send(server: &Server) -> JoinHandle<anyhow::Result<Histogram<u64>>> {
    let sending = tokio::spawn(publish(server.door.clone(), LOAD));
    tokio::time::sleep(BEFORE).await;
    sending
}

fn tell(report: &mut Report, what: &str, storm: &Storm, limit: &Storm) -> anyhow::Result<()> {
    let figure = |storm: &Storm| {
        let each = storm.cpu.as_secs_f64() * 1e6 / storm.each.len() as f64;
        format!("{:.2} s; each {}; {each:.0} µs of CPU each", storm.all.as_secs_f64(), quantiles(&storm.each))
    };
    report.add(Row {
        what: what.to_owned(),
        aim: "",
        figure: figure(storm),
        limit: format!("axum broadcast, nobody sends: {}", figure(limit)),
        ratio: Some(storm.all.as_secs_f64() / limit.all.as_secs_f64()),
    })
}

fn producer(report: &mut Report, what: &str, storm: &Histogram<u64>, calm: &Histogram<u64>) -> anyhow::Result<()> {
    report.add(Row {
        what: what.to_owned(),
        aim: "",
        figure: quantiles(storm),
        limit: format!("before, nobody looks: {}", quantiles(calm)),
        ratio: Some(millis(storm, 0.99) / millis(calm, 0.99)),
    })
}
