//! Everybody comes at once: how soon all have the present, and what that costs a producer who goes on.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::Timestamp;
use hdrhistogram::Histogram;

use crate::Bench;
use crate::crowd::{Crowd, Step};
use crate::peers::{Peer, Server, text_frame};
use crate::publisher::{Load, publish};
use crate::report::{Report, Row, millis, quantiles};
use crate::samples::now;
use crate::viewer::Viewer;

const VIEWERS: [usize; 2] = [1_000, 5_000];
/// What the producer sends meanwhile, each sample in a request of its own.
const LOAD: Load = Load { rate: 1_000.0, gather: Duration::ZERO, length: Duration::from_secs(4) };
/// Sent before the viewers come, so that the storm begins in the midst of it.
const BEFORE: Duration = Duration::from_secs(1);

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for viewers in VIEWERS {
        let bare = Peer::Bare.start(bench, report).await?.context("it is built in")?;
        let limit = storm(&bare, &bare.steps, viewers).await?;
        drop(bare);
        let server = Peer::Iskra.start(bench, report).await?.context("it is built in")?;
        let (coming, first) = meanwhile(&server, &steps(&server, ""), viewers).await?;
        tell(report, &format!("{viewers} viewers connect at once → all have the present"), &coming, &limit)?;
        producer(report, &format!("— sample due → acknowledged, {viewers} come meanwhile"), &first)?;

        let resume = format!(r#","resume":"{}""#, coming.cursor);
        let (back, second) = meanwhile(&server, &steps(&server, &resume), viewers).await?;
        tell(
            report,
            &format!("{viewers} viewers were cut off and come back at once → all have resumed"),
            &back,
            &limit,
        )?;
        producer(report, &format!("— sample due → acknowledged, {viewers} come back meanwhile"), &second)?;
    }
    Ok(())
}

/// Pages of one subject of ten: what is asked is what coming costs, not what it costs to show everything to all.
fn steps(server: &Server, resume: &str) -> Vec<Step> {
    let channels = r#""channels":["clarity","chaos","trust","pain"]"#;
    let wants = format!(r#"{{"type":"subscribe",{channels},"subjects":["agent-7"]{resume}}}"#);
    let hears: &[u8] = if resume.is_empty() { br#""type":"snapshot""# } else { br#""resumed":true"# };
    let (upgrade, _) = server.steps.split_at(1);
    [upgrade, &[Step { says: text_frame(&wants), hears }]].concat()
}

/// What a storm took.
struct Storm {
    from: Timestamp,
    /// Until the last one was there.
    all: Duration,
    each: Histogram<u64>,
    /// Of the server.
    cpu: Duration,
    /// Where the stream was when they were cut off; of Iskra only.
    cursor: String,
}

/// How late samples were acknowledged that were due before a storm and within it.
struct Producer {
    before: Histogram<u64>,
    within: Histogram<u64>,
}

/// A storm while a producer sends.
async fn meanwhile(server: &Server, steps: &[Step], viewers: usize) -> anyhow::Result<(Storm, Producer)> {
    let begin = now();
    let sending = tokio::spawn(publish(server.door.clone(), LOAD));
    tokio::time::sleep(BEFORE).await;
    let mut storm = storm(server, steps, viewers).await?;
    storm.cursor = Viewer::open(server.viewers, "").await?.cursor().await?;
    let acknowledged = sending.await??;
    let before = acknowledged.between(begin, storm.from);
    let within = acknowledged.between(storm.from, storm.from.plus(storm.all));
    Ok((storm, Producer { before, within }))
}

/// They come, and go as soon as the last one is there.
async fn storm(server: &Server, steps: &[Step], viewers: usize) -> anyhow::Result<Storm> {
    let before = server.process.cpu_of_family()?;
    let (from, start) = (now(), Instant::now());
    let mut crowd = Crowd::gather(server.viewers, steps, viewers, viewers).await?;
    let all = start.elapsed();
    let cpu = server.process.cpu_of_family()?.saturating_sub(before);
    crowd.leave()?;
    Ok(Storm { from, all, each: crowd.opened.clone(), cpu, cursor: String::new() })
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

fn producer(report: &mut Report, what: &str, producer: &Producer) -> anyhow::Result<()> {
    report.add(Row {
        what: what.to_owned(),
        aim: "",
        figure: quantiles(&producer.within),
        limit: format!("before: {}", quantiles(&producer.before)),
        ratio: Some(millis(&producer.within, 0.99) / millis(&producer.before, 0.99)),
    })
}
