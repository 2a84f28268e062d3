use serde::Serialize;

/// A tab goes on to the next multiple of this, and so many columns are one step of indentation.
const STEP: u32 = 4;

/// With fewer sizes of boxes a slope says nothing.
const FEWEST_SIZES: usize = 3;

/// The smallest boxes are the 2¹²th part of the whole.
const MOST_HALVINGS: u32 = 12;

/// How deep the lines of files are indented, one after the other; lines without content are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    files: u64,
    columns: Vec<u32>,
}

/// The fractal dimension of a profile, and all that it takes to compute it again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dimension {
    /// The slope of ln `box_counts` over ln (1 / `epsilon_values`), at least 1.
    pub fractal_dimension: f64,
    /// How straight that slope is: the coefficient of determination R².
    pub self_similarity: f64,
    /// What was counted.
    pub box_counting: BoxCounting,
    /// What it was counted over.
    pub profile: Extent,
}

/// How many boxes of which size the profile meets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoxCounting {
    /// The sides of the boxes, as parts of the whole profile's.
    pub epsilon_values: Vec<f64>,
    /// For each, how many boxes are met.
    pub box_counts: Vec<u64>,
}

/// How large a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// From so many files.
    pub files: u64,
    /// Lines with content.
    pub lines: u64,
    /// The deepest of them, in columns.
    pub deepest: u32,
}

impl Profile {
    /// Goes on with the lines of another file.
    pub(crate) fn add(&mut self, content: &[u8]) {
        self.files += 1;
        self.columns.extend(content.split(|byte| *byte == b'\n').filter_map(indentation));
    }

    /// The steps of indentation of all lines: a figure that grows and falls with the branches of a program
    /// (Hindle, Godfrey and Holt, "Reading beside the lines: indentation as a proxy for complexity metrics", ICPC 2008).
    pub(crate) fn steps(&self) -> i64 {
        self.columns.iter().map(|columns| i64::from(columns / STEP)).sum()
    }

    /// The box-counting dimension of the profile, drawn as steps in a square; nothing where it is too small for three
    /// sizes of boxes, none narrower than a line or lower than a column.
    pub(crate) fn dimension(&self) -> Option<Dimension> {
        let lines = self.columns.len();
        let deepest = self.columns.iter().copied().max().unwrap_or(0);
        let sides = (1..=MOST_HALVINGS).map(|power| 1_usize << power);
        let sides: Vec<usize> = sides.take_while(|side| *side <= lines && *side <= deepest as usize).collect();
        if sides.len() < FEWEST_SIZES {
            return None;
        }
        let counts: Vec<u64> = sides.iter().map(|side| self.boxes(*side, deepest as usize)).collect();
        let (slope, straightness) = fit(&sides, &counts);
        Some(Dimension {
            // A curve has a dimension of at least 1; what lies below it is the error of the estimate.
            fractal_dimension: rounded(slope).max(1.0),
            self_similarity: rounded(straightness),
            box_counting: BoxCounting {
                epsilon_values: sides.iter().map(|side| 1.0 / *side as f64).collect(),
                box_counts: counts,
            },
            profile: Extent { files: self.files, lines: lines as u64, deepest },
        })
    }

    /// How many boxes of a grid of `side` by `side` the profile meets: each line is a flat piece, and between two lines it
    /// goes straight up or down. Whole numbers only, so that it is the same on every machine.
    fn boxes(&self, side: usize, deepest: usize) -> u64 {
        let lines = self.columns.len();
        let row = |columns: &u32| (*columns as usize * side / deepest).min(side - 1);
        let count = |column: usize| {
            // Of what begins exactly at the left border, the way up or down to it is in this column too.
            let first = (column * lines).div_ceil(side).saturating_sub(1);
            let end = ((column + 1) * lines).div_ceil(side);
            let rows = self.columns[first..end].iter().map(row);
            let (low, high) = rows.fold((usize::MAX, 0), |(low, high), row| (low.min(row), high.max(row)));
            (high - low + 1) as u64
        };
        (0..side).map(count).sum()
    }
}

/// The column at which the content of a line begins, if it has any.
fn indentation(line: &[u8]) -> Option<u32> {
    let mut columns: u32 = 0;
    for byte in line {
        match byte {
            b' ' => columns = columns.saturating_add(1),
            b'\t' => columns = (columns / STEP).saturating_add(1).saturating_mul(STEP),
            b'\r' | 0x0b | 0x0c => {}
            _ => return Some(columns),
        }
    }
    None
}

/// The slope and the straightness of the line through (ln side, ln count), by least squares.
fn fit(sides: &[usize], counts: &[u64]) -> (f64, f64) {
    let points: Vec<(f64, f64)> =
        sides.iter().zip(counts).map(|(side, count)| ((*side as f64).ln(), (*count as f64).ln())).collect();
    let number = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / number, sum.1 + point.1 / number));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for point in &points {
        let (dx, dy) = (point.0 - x, point.1 - y);
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    (xy / xx, (xy * xy / (xx * yy)).clamp(0.0, 1.0))
}

/// Four digits: more than the estimate is worth, fewer than two machines could differ in.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests;
