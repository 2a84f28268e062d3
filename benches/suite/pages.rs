//! What a hundred open pages cost everybody else: a producer, and one viewer who only wants the vitals.

use tokio::task::JoinSet;

use crate::Bench;
use crate::latency::{Seen, look};
use crate::report::{Report, Row, millis, quantiles};
use crate::viewer::Viewer;

const PAGES: usize = 100;
/// What a page that shows one subject asks for, on two streams of its own: levels and alerts of all, all of the one.
const OF_ALL: &str = r#","channels":["levels","alerts","seams"]"#;
const OF_ONE: &str =
    r#""clarity","chaos","trust","pain","signals","voices","actions","symbols","tones","seams","budgets""#;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let alone = with_pages(bench, 0).await?;
    let crowded = with_pages(bench, PAGES).await?;
    report.add(Row {
        what: format!("sample due → 1 viewer has it, {PAGES} pages open beside it"),
        aim: "p99 ≤ 10 ms",
        figure: quantiles(&crowded.delivered),
        limit: format!("no page open: {}", quantiles(&alone.delivered)),
        ratio: Some(millis(&crowded.delivered, 0.99) / millis(&alone.delivered, 0.99)),
    })?;
    report.add(Row {
        what: format!("sample due → acknowledged, {PAGES} pages open"),
        aim: "",
        figure: quantiles(&crowded.acknowledged),
        limit: format!("no page open: {}", quantiles(&alone.acknowledged)),
        ratio: Some(millis(&crowded.acknowledged, 0.99) / millis(&alone.acknowledged, 0.99)),
    })
}

async fn with_pages(bench: &Bench, pages: usize) -> anyhow::Result<Seen> {
    let suite = bench.start_quiet(&[])?;
    let mut open = JoinSet::new();
    for page in 0..pages {
        let of_one = format!(r#","channels":[{OF_ONE}],"subjects":["agent-{page}"]"#);
        for wants in [OF_ALL, &of_one] {
            open.spawn(Viewer::open(suite.pulse, wants).await?.look_on());
        }
    }
    let seen = look(suite.pulse, suite.pulse, 1).await?;
    // A page that was sent away would make the figure better than it is.
    if let Some(gone) = open.try_join_next() {
        gone??;
    }
    open.shutdown().await;
    suite.stop()?;
    Ok(seen)
}
