//! Draws one plot as an SVG.

use std::path::Path;

use anyhow::anyhow;
use benches::points::Point;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

use crate::table::{Plot, Scale};

const SIZE: (u32, u32) = (720, 400);
/// Told apart also by those who do not see all colours: Okabe and Ito's, 2008.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
];
/// So many points of a line are marked; more would hide it.
const FEW: usize = 20;
const AIM: RGBColor = RGBColor(110, 110, 110);

/// Draws `points` to `path`.
pub(crate) fn draw(plot: &Plot, points: &[Point], path: &Path) -> anyhow::Result<()> {
    let xs = || points.iter().map(|point| point.x);
    let ys = || points.iter().map(|point| point.y).chain(plot.aim.map(|(aim, _)| aim));
    let (left, right) = (xs().fold(f64::INFINITY, f64::min), xs().fold(0.0, f64::max));
    let (low, high) = (ys().fold(f64::INFINITY, f64::min), ys().fold(0.0, f64::max));
    let (top, x) = (high * 1.15, left..right);
    let powers = low * 0.8..high * 2.0;
    // The library's errors borrow the canvas.
    let drawn = match plot.scale {
        (Scale::Even, Scale::Even) => on(plot, points, path, x, 0.0..top),
        (Scale::Powers, Scale::Even) => on(plot, points, path, x.log_scale(), 0.0..top),
        (Scale::Even, Scale::Powers) => on(plot, points, path, x, powers.log_scale()),
        (Scale::Powers, Scale::Powers) => on(plot, points, path, x.log_scale(), powers.log_scale()),
    };
    drawn.map_err(|error| anyhow!("{error}"))
}

fn on<X, Y>(plot: &Plot, points: &[Point], path: &Path, x: X, y: Y) -> Result<(), Box<dyn std::error::Error>>
where
    X: AsRangedCoord<Value = f64>,
    Y: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
    Y::CoordDescType: ValueFormatter<f64>,
{
    let canvas = SVGBackend::new(path, SIZE).into_drawing_area();
    // A page may be dark.
    canvas.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&canvas)
        .margin(12)
        .margin_right(36)
        .caption(plot.title, ("sans-serif", 15))
        .x_label_area_size(44)
        .y_label_area_size(70)
        .build_cartesian_2d(x, y)?;
    let number = |value: &f64| with_commas(*value);
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc(plot.x)
        .y_desc(plot.y)
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .label_style(("sans-serif", 12))
        .draw()?;
    for (name, colour) in series(points).into_iter().zip(COLOURS.into_iter().cycle()) {
        let mut line: Vec<_> =
            points.iter().filter(|point| point.series == name).map(|point| (point.x, point.y)).collect();
        line.sort_by(|one, other| one.0.total_cmp(&other.0));
        chart
            .draw_series(LineSeries::new(line.clone(), colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        if line.len() <= FEW {
            chart.draw_series(line.into_iter().map(|at| Circle::new(at, 3, colour.filled())))?;
        }
    }
    if let Some((aim, name)) = plot.aim {
        let (left, right) = (chart.x_range().start, chart.x_range().end);
        chart
            .draw_series(DashedLineSeries::new([(left, aim), (right, aim)], 5, 4, AIM.stroke_width(1)))?
            .label(name)
            .legend(|(x, y)| PathElement::new([(x, y), (x + 16, y)], AIM.stroke_width(1)));
    }
    chart
        .configure_series_labels()
        .position(free_corner(points))
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 12))
        .draw()?;
    Ok(canvas.present()?)
}

/// Where the names of the lines hide less of them: away from where they begin or end higher.
fn free_corner(points: &[Point]) -> SeriesLabelPosition {
    let highest = |x: f64| points.iter().filter(|point| point.x == x).map(|point| point.y).fold(0.0, f64::max);
    let (left, right) =
        points.iter().fold((f64::INFINITY, 0.0_f64), |(left, right), point| (left.min(point.x), right.max(point.x)));
    if highest(left) > highest(right) { SeriesLabelPosition::UpperRight } else { SeriesLabelPosition::UpperLeft }
}

/// Their names, in the order in which they were measured.
fn series(points: &[Point]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for point in points {
        if !names.contains(&point.series.as_str()) {
            names.push(&point.series);
        }
    }
    names
}

fn with_commas(value: f64) -> String {
    if value.abs() < 10.0 {
        return format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = format!("{value:.0}");
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    String::from_utf8_lossy(&groups.join(&b","[..])).into_owned()
}
