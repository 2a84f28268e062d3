//! What the process holds in memory under a steady load.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::process::Resident;
use crate::report::{Report, Row, say};
use crate::viewer::Viewer;
use crate::{Bench, pace};

const VIEWERS: usize = 10;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let suite = bench.start_quiet(&[])?;
    let mut looking = JoinSet::new();
    for _ in 0..VIEWERS {
        looking.spawn(Viewer::open(suite.pulse, "").await?.look_on());
    }
    let idle = suite.process.resident()?;
    let length = Duration::from_secs(60) * bench.minutes;
    let load = tokio::spawn(pace::send(suite.pulse, length));
    let mut every_second = interval(Duration::from_secs(1));
    every_second.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut most = Resident::default();
    for second in 1..=length.as_secs() {
        every_second.tick().await;
        let now = suite.process.resident()?;
        if now.total > most.total {
            most = now;
        }
        if second.is_multiple_of(60) {
            say(&format!("minute {}: {}", second / 60, describe(now)))?;
        }
    }
    load.await??;
    let cpu = suite.process.cpu()?.as_secs_f64() / length.as_secs_f64();
    anyhow::ensure!(looking.try_join_next().is_none(), "a viewer was sent away");
    suite.stop()?;
    report.add(Row {
        what: format!("most memory in {} min, {}/s, {VIEWERS} viewers", bench.minutes, pace::RATE),
        aim: "≤ 64 MiB",
        figure: describe(most),
        limit: format!("the same process before the load: {}", describe(idle)),
        ratio: Some(most.total as f64 / idle.total as f64),
    })?;
    report.note("— CPU of the suite", format!("{:.0} % of a core", cpu * 100.0))
}

fn describe(resident: Resident) -> String {
    let mib = |kib: u64| kib as f64 / 1024.0;
    let (total, anonymous, files) = (mib(resident.total), mib(resident.anonymous), mib(resident.of_files()));
    format!("{total:.1} MiB ({anonymous:.1} of its own, {files:.1} of files)")
}
