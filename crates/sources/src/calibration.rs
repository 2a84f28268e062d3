use domain::Score;

/// Most points of a calibration: more than a person draws by hand.
const MOST_POINTS: usize = 64;

/// Turns a raw figure into a score: straight lines between points, level beyond the first and the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// Raw figure and score, the figures strictly rising.
    points: Vec<(f64, f64)>,
}

/// Why points make no calibration; the number is the position of the point, from 0.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// One point has no slope.
    #[error("a calibration has 2 to {MOST_POINTS} points, this one has {0}")]
    Count(usize),
    /// NaN or infinity.
    #[error("the figure of point {} is not a number", .0 + 1)]
    NotANumber(usize),
    /// The same figure twice, or one that goes back.
    #[error("the figures must rise from point to point, that of point {} does not", .0 + 1)]
    NotRising(usize),
    /// A score that is none.
    #[error("the score of point {} is outside [0, 1]", .0 + 1)]
    Score(usize),
}

impl CalibrationError {
    /// The position of the point that is wrong, if it is one point.
    pub const fn position(self) -> Option<usize> {
        match self {
            Self::Count(_) => None,
            Self::NotANumber(position) | Self::NotRising(position) | Self::Score(position) => Some(position),
        }
    }
}

impl Calibration {
    /// Checks the points: raw figure and score each.
    pub fn new(points: Vec<(f64, f64)>) -> Result<Self, CalibrationError> {
        if !(2..=MOST_POINTS).contains(&points.len()) {
            return Err(CalibrationError::Count(points.len()));
        }
        let mut previous = f64::NEG_INFINITY;
        for (position, &(raw, score)) in points.iter().enumerate() {
            if !raw.is_finite() {
                return Err(CalibrationError::NotANumber(position));
            }
            if raw <= previous {
                return Err(CalibrationError::NotRising(position));
            }
            if Score::new(score).is_none() {
                return Err(CalibrationError::Score(position));
            }
            previous = raw;
        }
        Ok(Self { points })
    }

    /// The score of a raw figure; for NaN that of the first point.
    pub fn score(&self, raw: f64) -> Score {
        let after = self.points.partition_point(|&(at, _)| at <= raw);
        let last = self.points.len() - 1;
        let score = match after {
            0 => self.points[0].1,
            _ if after > last => self.points[last].1,
            _ => {
                let ((left, low), (right, high)) = (self.points[after - 1], self.points[after]);
                // Dividing both first keeps even the largest doubles from overflowing.
                let share = (raw / 2.0 - left / 2.0) / (right / 2.0 - left / 2.0);
                low + share * (high - low)
            }
        };
        Score::clamped(score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(points: &[(f64, f64)], raw: f64) -> f64 {
        Calibration::new(points.to_vec()).unwrap().score(raw).get()
    }

    #[test]
    fn between_points_the_score_lies_on_the_line() {
        let points = [(0.0, 0.25), (10.0, 0.75), (20.0, 0.50)];
        let expected = [(-5.0, 0.25), (0.0, 0.25), (2.0, 0.35), (10.0, 0.75), (15.0, 0.625), (20.0, 0.5), (1e9, 0.5)];
        for (raw, expected) in expected {
            assert!((score(&points, raw) - expected).abs() < 1e-12, "{raw}");
        }
    }

    #[test]
    fn points_that_make_no_line_are_refused() {
        use CalibrationError::{Count, NotANumber, NotRising, Score};
        let refused = |points: &[(f64, f64)]| Calibration::new(points.to_vec()).unwrap_err();
        assert_eq!(refused(&[]), Count(0));
        assert_eq!(refused(&[(0.0, 0.5)]), Count(1));
        assert_eq!(refused(&[(0.0, 0.5); 65]), Count(65));
        assert_eq!(refused(&[(0.0, 0.5), (f64::NAN, 0.5)]), NotANumber(1));
        assert_eq!(refused(&[(0.0, 0.5), (0.0, 0.6)]), NotRising(1));
        assert_eq!(refused(&[(0.0, 0.5), (1.0, 1.1)]), Score(1));
        assert_eq!(refused(&[(0.0, f64::NAN), (1.0, 0.1)]), Score(0));
    }

    proptest::proptest! {
        #[test]
        fn every_figure_has_a_score(raw: f64, left: f64, right: f64, low in 0.0..=1.0, high in 0.0..=1.0) {
            if let Ok(calibration) = Calibration::new(vec![(left, low), (right, high)]) {
                let score = calibration.score(raw).get();
                proptest::prop_assert!((f64::min(low, high) - 1e-9..=f64::max(low, high) + 1e-9).contains(&score));
            }
        }
    }
}
