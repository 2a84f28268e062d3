//! Draws the plots of `docs/performance.md` from what was measured: `cargo bench -p benches --bench plots -- POINTS IMAGES`.

mod criterion_estimates;
mod draw;
mod soak;
mod table;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;

/// Draws every plot that was measured.
#[derive(Parser)]
struct Arguments {
    /// The folder of points: one file of `series,x,y` for each plot
    points: PathBuf,
    /// The folder for the images
    images: PathBuf,
    /// Takes the engine's points from what Criterion keeps in this folder first
    #[arg(long)]
    criterion: Option<PathBuf>,
    /// Takes the points of a soak from its record first
    #[arg(long)]
    soak: Option<PathBuf>,
    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(estimates) = &arguments.criterion {
        criterion_estimates::take(estimates, &arguments.points).context("reading what Criterion measured")?;
    }
    if let Some(record) = &arguments.soak {
        soak::take(record, &arguments.points).context("reading how the soak went")?;
    }
    for plot in table::PLOTS {
        let points = benches::points::read(&arguments.points, plot.name)?;
        if points.is_empty() {
            continue;
        }
        let path = arguments.images.join(plot.name).with_extension("svg");
        draw::draw(plot, &points, &path).with_context(|| format!("drawing {}", path.display()))?;
    }
    Ok(())
}
