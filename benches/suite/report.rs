//! What was measured, as a table.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use benches::points::Points;
use hdrhistogram::Histogram;

/// The rows so far, and the points of plots.
pub(crate) struct Report {
    rows: Vec<Row>,
    folder: PathBuf,
    plots: HashMap<&'static str, Points>,
}

/// One figure. Empty texts where there is no aim or no limit to compare with.
#[derive(Clone, Default)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) aim: &'static str,
    pub(crate) figure: String,
    pub(crate) limit: String,
    pub(crate) ratio: Option<f64>,
}

impl Report {
    /// Nothing yet. The points of plots go to `folder`.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { rows: Vec::new(), folder, plots: HashMap::new() }
    }

    /// Adds a point to the line `series` of a plot that `plots/table.rs` knows.
    pub(crate) fn point(&mut self, plot: &'static str, series: &str, x: f64, y: f64) -> anyhow::Result<()> {
        let points = match self.plots.entry(plot) {
            Entry::Occupied(points) => points.into_mut(),
            Entry::Vacant(place) => place.insert(Points::begin(&self.folder, plot)?),
        };
        Ok(points.add(series, x, y)?)
    }

    /// Adds a row, and tells it at once.
    pub(crate) fn add(&mut self, row: Row) -> anyhow::Result<()> {
        say(&format!("{}: {}", row.what, row.figure))?;
        self.rows.push(row);
        Ok(())
    }

    /// Adds a figure that is compared with nothing.
    pub(crate) fn note(&mut self, what: &str, figure: String) -> anyhow::Result<()> {
        self.add(Row { what: what.to_owned(), figure, ..Row::default() })
    }

    /// Prints the table, in Markdown.
    pub(crate) fn print(&self) -> anyhow::Result<()> {
        let mut text =
            String::from("\n| what | aim | measured | limit in the same run | ratio |\n|---|---|---|---|---|\n");
        for row in &self.rows {
            let ratio = row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
            writeln!(text, "| {} | {} | {} | {} | {ratio} |", row.what, row.aim, row.figure, row.limit)?;
        }
        say(&text)
    }
}

/// Prints a line at once: some sections take a while.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Times in microseconds, up to a minute, to three digits.
pub(crate) fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("these bounds are allowed")
}

/// Notes a time; what is longer than a minute counts as one.
pub(crate) fn record(histogram: &mut Histogram<u64>, took: Duration) {
    histogram.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
}

/// A quantile in milliseconds.
pub(crate) fn millis(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    histogram.value_at_quantile(quantile) as f64 / 1000.0
}

/// Median, 99th percentile and largest.
pub(crate) fn quantiles(histogram: &Histogram<u64>) -> String {
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|quantile| millis(histogram, quantile));
    format!("p50 {p50:.2} ms, p99 {p99:.2} ms, max {max:.1} ms")
}

/// Of a few times: the middle and the worst.
pub(crate) fn spread(times: &[Duration]) -> String {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let seconds = |time: Option<&Duration>| time.copied().unwrap_or_default().as_secs_f64();
    let (median, worst) = (seconds(sorted.get(sorted.len() / 2)), seconds(sorted.last()));
    format!("median {median:.2} s, worst {worst:.2} s of {}", sorted.len())
}
