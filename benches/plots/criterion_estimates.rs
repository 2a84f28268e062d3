//! What the engine costs, as Criterion keeps it.

use std::fs;
use std::path::Path;

use benches::points::Points;
use serde::Deserialize;

/// The lines, by Criterion's names and by ours.
const SERIES: [(&str, &str); 3] = [
    ("calm", "all well"),
    ("calm with signals", "all well, five signals besides"),
    ("rough", "levels change with nearly every sample"),
];
const SUBJECTS: [u32; 5] = [10, 100, 1_000, 10_000, 100_000];
/// In one run of the benchmark.
const SAMPLES: f64 = 10_000.0;

#[derive(Deserialize)]
struct Estimates {
    mean: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    /// Nanoseconds.
    point_estimate: f64,
}

/// Writes the points of the engine's plot, if it was measured.
pub(crate) fn take(criterion: &Path, points: &Path) -> anyhow::Result<()> {
    if !criterion.join("engine").exists() {
        return Ok(());
    }
    let mut points = Points::begin(points, "engine-cost")?;
    for (theirs, ours) in SERIES {
        for subjects in SUBJECTS {
            let path = criterion.join("engine").join(theirs).join(subjects.to_string()).join("new/estimates.json");
            let estimates: Estimates = serde_json::from_slice(&fs::read(path)?)?;
            points.add(ours, f64::from(subjects), estimates.mean.point_estimate / SAMPLES)?;
        }
    }
    Ok(())
}
