//! How a soak went, as it was written down line by line.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use benches::points::Points;

/// For each plot, the lines' names and the columns that they are in.
const PLOTS: [(&str, &[(&str, &str)]); 2] = [
    (
        "soak-memory",
        &[
            ("PostgreSQL", "postgres_mib"),
            ("Pulse", "pulse_mib"),
            ("Seams", "seams_mib"),
            ("Voices", "voices_mib"),
            ("SLO engine", "slo_engine_mib"),
            ("Redis", "redis_mib"),
        ],
    ),
    ("soak-latency", &[("acknowledged", "acknowledged_p99_ms"), ("seen by a viewer", "seen_p99_ms")]),
];
const SECONDS: &str = "seconds";

/// Writes the points of both plots.
pub(crate) fn take(record: &Path, folder: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(record).with_context(|| record.display().to_string())?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().context("it is empty")?.split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |name: &str| head.iter().position(|head| *head == name).with_context(|| format!("no column {name}"));
    let seconds = column(SECONDS)?;
    for (plot, series) in PLOTS {
        let mut points = Points::begin(folder, plot)?;
        for (name, of) in series {
            let of = column(of)?;
            for row in &rows {
                // What was away at that moment has no figure.
                if let (Ok(seconds), Ok(figure)) = (row[seconds].parse::<f64>(), row[of].parse()) {
                    points.add(name, seconds / 60.0, figure)?;
                }
            }
        }
    }
    Ok(())
}
