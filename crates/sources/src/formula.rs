use domain::{Score, Vital};

use crate::Calibration;

/// How the scores of several figures become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// The greatest: the worst of several troubles counts, where much is bad.
    Max,
    /// The least: the worst of several troubles counts, where little is bad.
    Min,
    /// The mean: each has its share.
    Mean,
}

/// One figure and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The figure's name.
    pub figure: String,
    /// From the figure to a score.
    pub calibration: Calibration,
}

/// How one vital follows from figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// How the inputs become one.
    pub combine: Combine,
    /// At least one.
    pub inputs: Vec<Input>,
}

impl Formula {
    /// The vital, from those inputs whose figure is known; none if no figure is.
    pub fn score(&self, figure: impl Fn(&str) -> Option<f64>) -> Option<Score> {
        let scores = self.inputs.iter().filter_map(|input| Some(input.calibration.score(figure(&input.figure)?).get()));
        let (count, total) = match self.combine {
            Combine::Max => (1.0, scores.reduce(f64::max)?),
            Combine::Min => (1.0, scores.reduce(f64::min)?),
            Combine::Mean => scores.fold((0.0, 0.0), |(count, sum), score| (count + 1.0, sum + score)),
        };
        (count > 0.0).then(|| Score::clamped(total / count))
    }
}

/// The formulas of one source, at least one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formulas(pub(crate) [Option<Formula>; 4]);

impl Formulas {
    /// The formula of `vital`, if it is measured.
    pub const fn get(&self, vital: Vital) -> Option<&Formula> {
        self.0[vital.index()].as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(combine: Combine) -> Formula {
        let input = |figure: &str, top| Input {
            figure: figure.to_owned(),
            calibration: Calibration::new(vec![(0.0, 0.0), (1.0, top)]).unwrap(),
        };
        Formula { combine, inputs: vec![input("a", 1.0), input("b", 0.5), input("c", 0.0)] }
    }

    #[test]
    fn scores_are_combined_as_asked() {
        let figure = |name: &str| (name != "c").then_some(1.0);
        let score = |combine| formula(combine).score(figure).unwrap().get();
        assert_eq!([Combine::Max, Combine::Min, Combine::Mean].map(score), [1.0, 0.5, 0.75]);
    }

    #[test]
    fn without_figures_there_is_no_score() {
        for combine in [Combine::Max, Combine::Min, Combine::Mean] {
            assert_eq!(formula(combine).score(|_| None), None);
        }
    }
}
